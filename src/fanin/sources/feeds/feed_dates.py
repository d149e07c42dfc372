"""The dates of feeds, in the many formats that feeds use, as ISO 8601 (pure)."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

_ZONES: Mapping[str, int] = {
    "WET": 0,
    "WEST": 60,
    "BST": 60,
    "CET": 60,
    "MEZ": 60,
    "CEST": 120,
    "MESZ": 120,
    "EET": 120,
    "EEST": 180,
    "MSK": 180,
    "JST": 540,
    "KST": 540,
    "AEST": 600,
    "AEDT": 660,
}
"""Offsets from UTC in minutes of time zones that RFC 822 does not name (from IANA's list, without ambiguous names)."""

_LONGEST = 100
_YEARS = range(1900, 2200)
_ISO = re.compile(r"[+-]?\d{4}(-?\d\d)?")
_SPACED = re.compile(r"(?<=\d) +(?=(?:[+-]\d\d:?\d\d|Z)$)")
_ZONE_NAME = re.compile(r"(?:\b(?:GMT|UTC?) ?(?=[+-]\d))|\((?:[^()]*)\)", re.IGNORECASE)
_ZONE = re.compile(r"(?<=[\d\s])([A-Z]{3,4})$")
_AMERICAN = re.compile(r"(?:[A-Z][a-z]+,? )?([A-Z][a-z]{2,8})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})(?:,? at)?,?( .*)?")
_UNIX = re.compile(
    r"(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d(?::\d\d)?)(?: ([A-Z]{2,4}|[+-]\d{4}))? (\d{4})"
)
_TWELVE_HOURS = re.compile(r"(\d{1,2}):(\d\d)(:\d\d)? ?([ap])\.?m\.?", re.IGNORECASE)
_SHORT_OFFSET = re.compile(r"([+-])(\d{1,2})(?::(\d\d))?$")


def iso_8601(text: str) -> str:
    """An e-mail date (RSS), an ISO 8601 date (Atom) or a common variant of either as ISO 8601; "" for anything else.

    An offset from UTC is kept; a date without one gets none. Names of months must be English.
    """
    cleaned = " ".join(text[:_LONGEST].split())
    for read in (_iso_date, _email_date):
        try:
            found = read(cleaned)
        except ValueError, TypeError, OverflowError, IndexError:
            continue
        return found.isoformat() if found.year in _YEARS else ""
    return ""


def _iso_date(text: str) -> datetime:
    text = _SPACED.sub("", re.sub(r" ?(?:UTC|GMT)$", "Z", text))
    if _ISO.fullmatch(text):  # a year, or a year and a month, as W3C-DTF allows
        return datetime.strptime((text.replace("-", "") + "01")[:6], "%Y%m")
    if text.isdigit() and len(text) != len("20261123"):
        raise ValueError(text)
    return datetime.fromisoformat(text.upper())


def _email_date(text: str) -> datetime:
    """A date of RFC 822, also with other time zones, a 12-hour clock, or the month before the day."""
    text = _ZONE_NAME.sub(" ", text)
    if unix := _UNIX.fullmatch(text.strip()):
        month, day, time, zone, year = unix.groups()
        text = f"{day} {month} {year} {time} {zone or ''}"
    elif american := _AMERICAN.fullmatch(text.strip()):
        month, day, year, rest = american.groups()
        text = f"{day} {month} {year}{rest or ' 00:00:00'}"
    text = _TWELVE_HOURS.sub(_to_24_hours, text).strip()
    zone = _ZONE.search(text)
    if zone and zone[1] in _ZONES:
        east = timezone(timedelta(minutes=_ZONES[zone[1]]))
        return parsedate_to_datetime(text[: zone.start()].strip()).replace(tzinfo=east)
    return parsedate_to_datetime(_SHORT_OFFSET.sub(_to_four_digits, text) if ":" in text else f"{text} 00:00:00")


def _to_24_hours(match: re.Match[str]) -> str:
    hour = int(match[1]) % 12 + (12 if match[4].lower() == "p" else 0)
    return f"{hour:02}:{match[2]}{match[3] or ':00'}"


def _to_four_digits(match: re.Match[str]) -> str:
    return f"{match[1]}{int(match[2]):02}{match[3] or '00'}"
