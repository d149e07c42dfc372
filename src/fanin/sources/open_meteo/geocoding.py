"""Chooses among the places that the geocoding API finds (pure)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

_STATES = """
al alabama|ak alaska|az arizona|ar arkansas|ca california|co colorado|ct connecticut|de delaware|fl florida|ga georgia
hi hawaii|id idaho|il illinois|in indiana|ia iowa|ks kansas|ky kentucky|la louisiana|me maine|md maryland
ma massachusetts|mi michigan|mn minnesota|ms mississippi|mo missouri|mt montana|ne nebraska|nv nevada|nh new hampshire
nj new jersey|nm new mexico|ny new york|nc north carolina|nd north dakota|oh ohio|ok oklahoma|or oregon|pa pennsylvania
ri rhode island|sc south carolina|sd south dakota|tn tennessee|tx texas|ut utah|vt vermont|va virginia|wa washington
wv west virginia|wi wisconsin|wy wyoming
"""
_REGION_NAMES: Mapping[str, str] = {each[:2]: each[3:] for each in re.split(r"[\n|]", _STATES)} | {
    "uk": "gb",
    "usa": "us",
}
"""Open-Meteo's name of a region or country, by its abbreviation."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place: `name` for sentences, `title` with region and country, `others`: titles of places of the same name."""

    name: str
    title: str
    latitude: float
    longitude: float
    timezone: str
    others: tuple[str, ...] = ()

    @classmethod
    def choose(cls, results: Sequence[Mapping[str, Any]], *, region: str) -> Self:
        """The first result in the region ("" is any), or else the first of all.

        Its name includes its region if other places share it. Raises one of `fanin.net.http_errors.MALFORMED`.
        """
        found = next((each for each in results if _lies_in(each, region)), results[0])
        title, name = _title(found), str(found["name"])
        alike = [_title(each) for each in results if each is not found and str(each["name"]) == name]
        others = tuple(dict.fromkeys(other for other in alike if other != title))
        return cls(
            name=", ".join(title.split(", ")[:2]) if others else name,
            title=title,
            latitude=float(found["latitude"]),
            longitude=float(found["longitude"]),
            timezone=str(found.get("timezone") or "UTC"),
            others=others,
        )


def _title(result: Mapping[str, Any]) -> str:
    parts = (result["name"], result.get("admin1"), result.get("country"))
    return ", ".join(dict.fromkeys(str(part) for part in parts if part))


def _lies_in(result: Mapping[str, Any], region: str) -> bool:
    wanted = region.strip().casefold()
    regions = [str(result.get(name)).casefold() for name in ("admin1", "admin2", "country", "country_code")]
    return not wanted or wanted in regions or _REGION_NAMES.get(wanted.replace(".", ""), "-") in regions
