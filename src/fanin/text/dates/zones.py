"""Offsets from UTC by the many names that time zones have (pure, but for the machine's list of zones)."""

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_HOURS: Mapping[float, str] = {  # IANA's abbreviations, without those that several zones share
    -10: "HST",
    -9: "AKST HADT",
    -8: "PST AKDT",
    -7: "MST PDT",
    -6: "CST MDT",
    -5: "EST CDT",
    -4: "EDT",
    -3: "BRT ART ADT",
    -3.5: "NST",
    -2.5: "NDT",
    0: "UTC UT GMT Z WET",
    1: "WEST BST CET MEZ WAT",
    2: "CEST MESZ EET CAT SAST",
    3: "EEST MSK EAT TRT IDT",
    5: "PKT",
    7: "ICT WIB",
    8: "SGT HKT AWST PHT WITA",
    9: "JST KST WIT",
    9.5: "ACST",
    10.5: "ACDT",
    10: "AEST",
    11: "AEDT",
    12: "NZST",
    13: "NZDT",
}
_OFFSETS = {name: timezone(timedelta(hours=hours)) for hours, names in _HOURS.items() for name in names.split()}
_GENERIC = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles"}
_LONGEST = timedelta(hours=15)


def zone_named(name: str, at: datetime) -> tzinfo | None:
    """The offset of a zone at a time of its clocks: by RFC 822, an abbreviation or IANA's name; else None."""
    known = _OFFSETS.get(name.upper())
    if known or not ("/" in name or name in _GENERIC):
        return known
    try:
        offset = at.replace(tzinfo=ZoneInfo(_GENERIC.get(name, name))).utcoffset()
    except ValueError, OSError, KeyError:
        return None
    return None if offset is None else timezone(offset)


def zone_east(sign: str, hours: str, minutes: str) -> tzinfo | None:
    """The zone so many hours and minutes ahead of UTC, or with "-" behind it; None for more than 15 hours."""
    east = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-east if sign == "-" else east) if east < _LONGEST and int(minutes or 0) < 60 else None
