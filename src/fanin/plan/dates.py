"""Which days a question is about, by small rules for English and for ISO dates (pure)."""

import re
from datetime import UTC, date, datetime, time, timedelta

from fanin.plan.days import MONTHS, Period, named
from fanin.text.dates.asked_time import MOST_DAYS, AskedTime


def dates_in(text: str, *, today: date) -> Period | None:
    """The days that a question names: "yesterday", "last week", "since March 2025", "2024", "between … and …".

    None when it names none. A month or a day without a year is the latest one that has begun; "last week" is Monday
    to Sunday of the week before, "the past week" the seven days up to today. "since" ends today.
    """
    text = re.sub(r"\s+", " ", text[:2_000])
    found = named(text, today=today)
    if not found:
        return None
    begin, end, first = found[0]
    if len(found) == 1 or not _joined(text[:begin], text[end : found[1][0]]):
        return _opened(text[:begin], first, today)
    second = found[1][2]
    if _has_year(text[found[1][0] : found[1][1]]) and not _has_year(text[begin:end]):
        return Period(_borrowed(first.first, second.last), second.last)
    return Period(min(first.first, second.first), max(first.last, second.last))


_RECENT = (
    r"(?i)\b(?:now|nowadays|today|tonight|(?<!at the )latest|newest|current(?! (?:is|in|of|through|flows?)\b)|currently"
    r"|recent|recently|breaking|news|so far|at present|at the moment|as of|up to date|up-to-date|these days"
    r"|this (?:morning|afternoon|evening|week)"
    r"|jetzt|derzeit\w*|momentan\w*|aktuell\w*|gegenwärtig\w*|neueste\w*|jüngste[nrs]?|heute|heutzutage|zurzeit"
    r"|zur zeit|nachrichten|neuigkeiten"
    r"|maintenant|actuel(?:le)?s?|actuellement|en ce moment|derni(?:er|ère)s?(?= \w)|récente?s?|aujourd['\u2019]hui"
    r"|ahora|actual(?= (?:de|del|en|para)\b)|actuales|actualmente|últim[oa]s?|recientes?|hoy|noticias"
    r"|adesso|attual[ei]|attualmente|ultim[oaie]|recenti?|oggi|notizie|al momento"
    r"|agora|atua(?:l|is)|atualmente|hoje|notícias"
    r"|nu|momenteel|huidige?|actuele?|nieuwste|laatste|vandaag|nieuws|tegenwoordig)\b(?! york)"
)
"""Words that ask for what is new, in English, German, French, Spanish, Italian, Portuguese and Dutch."""

_DATED = rf"(?i)\d{{4}}|\d(?:st|nd|rd|th|\.)?\s(?:of\s)?(?:{'|'.join(MONTHS)})|\b(?:{'|'.join(MONTHS)})[a-z]*\.?\s\d"
"""A year, or a day of a month."""


def wants_recent(text: str) -> bool:
    """Whether a question asks for what is new: "now", "today", "latest", "news"."""
    return re.search(_RECENT, text[:2_000]) is not None


def asked_time(text: str, period: Period | None, *, now: datetime, recent: bool) -> AskedTime | None:
    """When what is asked for should have been published: in the days that are named, or as of now; or None."""
    today = now.date()
    if recent and period is None:
        return AskedTime(now, datetime.max.replace(tzinfo=UTC), today, recent=True)
    if period is None:
        return None
    first = datetime.combine(period.first, time.min, now.tzinfo)
    days = (period.last - period.first).days
    near = days <= MOST_DAYS and period.first <= today and not re.search(_DATED, text)
    if recent and period.first <= today <= period.last:
        return AskedTime(first, datetime.max.replace(tzinfo=UTC), today, recent=True, by_day=near)
    last = datetime.combine(period.last, time.max, now.tzinfo)
    return AskedTime(first, last, today, by_day=near and period.last <= today)


def _joined(before: str, between: str) -> bool:
    """Whether two periods are the ends of one: "from A to B", "between A and B", or with a dash."""
    word, joint = _last_word(before), between.strip().lower()
    ends = {"and": word == "between", "to": word != "to", "until": True, "till": True, "through": True}
    return joint in ("-", "\u2013", "\u2014") or ends.get(joint.removesuffix(" the"), False)


def _has_year(text: str) -> bool:
    return re.search(r"\d{4}", text) is not None


def _borrowed(begin: date, end: date) -> date:
    """The day in the year of the end, or if it would come after it, in the year before."""
    day = min(begin.day, 28) if begin.month == 2 else begin.day
    in_year = date(end.year, begin.month, day)
    return in_year if in_year <= end else date(end.year - 1, begin.month, day)


def _opened(before: str, period: Period, today: date) -> Period | None:
    match _last_word(before):
        case "since":
            return Period(period.first, max(today, period.first))
        case "after":
            first = min(period.last, date.max - timedelta(days=1)) + timedelta(days=1)
            return Period(first, max(today, first))
        case "before":
            return Period(date.min, period.first - timedelta(days=1))
        case "until" | "till" | "to" | "by":
            return Period(date.min, period.last)
        case _:
            return period


def _last_word(text: str) -> str:
    found = re.search(r"([a-z]+)(?: the)? ?$", text, re.IGNORECASE)
    return found[1].lower() if found else ""
