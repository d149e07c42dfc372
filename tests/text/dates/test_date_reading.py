# ruff: noqa: RUF001  other scripts are the subject

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.text.dates.date_reading import LONGEST, read_date
from fanin.text.dates.month_names import MONTH_NAMES

E_MAIL = {
    "Sun, 06 Nov 1994 08:49:37 GMT": "1994-11-06T08:49:37+00:00",
    "Sunday, 06-Nov-94 08:49:37 GMT": "1994-11-06T08:49:37+00:00",
    "Sun Nov  6 08:49:37 1994": "1994-11-06T08:49:37",
    "Thu, 1 Oct 2026 0:00:00 +0000": "2026-10-01T00:00:00+00:00",
    "14 Jul 26 09:05 EDT": "2026-07-14T09:05:00-04:00",
    "Tue, 14 Jul 2026 09:05:00 Europe/Lisbon": "2026-07-14T09:05:00+01:00",
    "Wed, 14 Jan 2026 09:05:00 Europe/Lisbon": "2026-01-14T09:05:00+00:00",
    "Fri, 11 Sept 2026 23:10:00 AEST": "2026-09-11T23:10:00+10:00",
    "Fri, 11 Sep 2026 23:10:00 Nowhere/Atall": "2026-09-11T23:10:00",
    "Fri, 11 Sep 2026 23:10:00 MESZ": "2026-09-11T23:10:00+02:00",
    "Fri, 11 Sep 2026 23:10 (CEST)": "2026-09-11T23:10:00+02:00",
    "11/Sep/2026:23:10:06 +0200": "2026-09-11T23:10:06+02:00",
    "11-SEP-26 11.10.06.000000 PM": "2026-09-11T23:10:06",
    "Fri, 11 Sep 2026 23:10:00.250 -0330": "2026-09-11T23:10:00-03:30",
}
ISO = {
    "2026-07-14": "2026-07-14",
    "20260714": "2026-07-14",
    "2026-7-4": "2026-07-04",
    "2026-07-14T09:05Z": "2026-07-14T09:05:00+00:00",
    "2026-07-14t09:05:07,5z": "2026-07-14T09:05:07.500000+00:00",
    "20260714T090507+0530": "2026-07-14T09:05:07+05:30",
    "2026-07-14T09:05:07 +05:30": "2026-07-14T09:05:07+05:30",
    "2026-07-14T09:05:07−03:00": "2026-07-14T09:05:07-03:00",
    "2026-07-14T09:05:07+09:00[Asia/Tokyo]": "2026-07-14T09:05:07+09:00",
    "2026-07-13T24:00:00Z": "2026-07-14T00:00:00+00:00",
    "2026-W29-2": "2026-07-14",
    "2026W292": "2026-07-14",
    "2026-195": "2026-07-14",
    "2026-07": "2026-07-01",
}
PROGRAMS = {
    "2026-07-14 09:05:07.123456789 +0200 CEST": "2026-07-14T09:05:07+02:00",
    "2026-07-14 09:05:07 UTC": "2026-07-14T09:05:07+00:00",
    "2026-07-14 09:05:07.5+00": "2026-07-14T09:05:07+00:00",
    "Tue Jul 14 09:05:07 PDT 2026": "2026-07-14T09:05:07-07:00",
    "Tue Jul 14 09:05:07 +0200 2026": "2026-07-14T09:05:07+02:00",
    "Tue Jul 14 2026 09:05:07 GMT+0200 (Central European Summer Time)": "2026-07-14T09:05:07+02:00",
    "Jul 14 2026  9:05AM": "2026-07-14T09:05:00",
    "14-JUL-2026": "2026-07-14",
    "14-JUL-26": "2026-07-14",
    "20260714090507": "2026-07-14T09:05:07",
    "1784019907": "2026-07-14T09:05:07+00:00",
    "1784019907000": "2026-07-14T09:05:07+00:00",
    "2026/07/14 21:05": "2026-07-14T21:05:00",
    '"2026-07-14"': "2026-07-14",
}
PAGES = {
    "July 14th, 2026 at 9:05 p.m. ET": "2026-07-14T21:05:00-04:00",
    "Last updated: 14 July 2026": "2026-07-14",
    "Tuesday the 14th of July, 2026": "2026-07-14",
    "12:05 AM · Jul 14, 2026": "2026-07-14T00:05:00",
    "14.07.2026, 21.05 Uhr": "2026-07-14T21:05:00",
    "Dienstag, 14. Juli 2026, 9 Uhr": "2026-07-14T09:00:00",
    "le 1er août 2026 à 7h30": "2026-08-01T07:30:00",
    "1 aout 2026": "2026-08-01",
    "mar. 14 juil. 2026": "2026-07-14",
    "martes, 14 de julio de 2026": "2026-07-14",
    "14 luglio 2026 - 21:05": "2026-07-14T21:05:00",
    "1º de março de 2026": "2026-03-01",
    "14 mrt. 2026": "2026-03-14",
    "14. července 2026": "2026-07-14",
    "14 lipca 2026 r.": "2026-07-14",
    "14 июля 2026 г., 21:05": "2026-07-14T21:05:00",
    "14 липня 2026 року": "2026-07-14",
    "14 Ιουλίου 2026": "2026-07-14",
    "14 Temmuz 2026 Salı": "2026-07-14",
    "2026. július 14.": "2026-07-14",
    "2026 m. liepos 14 d.": "2026-07-14",
    "14. heinäkuuta 2026": "2026-07-14",
    "2026年7月14日（火）午後9時05分": "2026-07-14T21:05:00",
    "2026년 7월 14일": "2026-07-14",
    "2026. 7. 14.": "2026-07-14",
    "ngày 14 tháng 7 năm 2026": "2026-07-14",
    "14 กรกฎาคม 2569": "2026-07-14",
    "١٤ يوليو ٢٠٢٦": "2026-07-14",
    "14 تموز 2026": "2026-07-14",
    "۱۴ ژوئیهٔ ۲۰۲۶": "2026-07-14",
    "14 जुलाई 2026": "2026-07-14",
    "14 հուլիսի 2026": "2026-07-14",
    "14 ጁላይ 2026": "2026-07-14",
    "14 ביולי 2026": "2026-07-14",
}
FIGURES = {
    "14/07/2026": "2026-07-14",
    "07/14/2026 9:05 PM": "2026-07-14T21:05:00",
    "7/7/2026": "2026-07-07",
    "14-07-2026": "2026-07-14",
    "04.07.2026": "2026-07-04",
    "Sat, 04/07/2026": "2026-07-04",
    "Tue 04/07/2026": "2026-04-07",
}
NONE = (
    *("", "soon", "version 2.0", "1.2.3", "yesterday", "14 July", "July 2026?", "at 9:05", "0001-01-01T00:00:00Z"),
    *("04/07/2026", "04-07-2026", "14/07/26", "31 February 2026", "2026-02-30", "2026-13-01", "32.12.2026"),
    *("14 or 15 July 2026", "3rd and 4th of July 2026", "3. und 4. Juli 2026", "3 et 4 juillet 2026"),
    *("14–16 July 2026", "14 July 2026 and 15 July 2026", "3 listopada 2026", "99 Jul 2026 08:00 GMT", "1,234", "5"),
)


@pytest.mark.parametrize(("told", "iso"), (E_MAIL | ISO | PROGRAMS | PAGES | FIGURES).items())
def test_a_date_of_any_usual_form_is_read(told: str, iso: str) -> None:
    assert read_date(told) == iso


@pytest.mark.parametrize("told", NONE)
def test_what_is_no_date_or_may_be_one_of_two_days_is_none(told: str) -> None:
    assert read_date(told) == ""


@pytest.mark.parametrize(
    ("told", "language", "iso"),
    [
        ("04/07/2026", "en-US", "2026-04-07"),
        ("04/07/2026", "en-GB", "2026-07-04"),
        ("04/07/2026", "fr", "2026-07-04"),
        ("04/07/2026", "pt_BR", "2026-07-04"),
        ("04/07/2026", "en", ""),
        ("3 listopada 2026", "pl-PL", "2026-11-03"),
        ("3. listopada 2026", "hr", "2026-10-03"),
    ],
)
def test_the_language_around_a_date_tells_what_its_form_does_not(told: str, language: str, iso: str) -> None:
    assert read_date(told, language=language) == iso


@pytest.mark.parametrize("month", range(1, 13))
def test_each_name_of_a_month_is_read_wherever_the_year_stands(month: int) -> None:
    for name in MONTH_NAMES[month - 1].replace("_", " ").split(" "):
        if len(name) > 3 and name in MONTH_NAMES[month - 1].split():
            assert read_date(f"14 {name} 2026") == read_date(f"2026 {name} 14") == f"2026-{month:02}-14"


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=ZONES | st.just(UTC)).map(
    lambda instant: instant.replace(microsecond=0)
)
PARTS = st.sampled_from(
    (
        *(
            "Fri, ",
            "27 ",
            "Nov ",
            "2026",
            "-",
            "/",
            ".",
            "11",
            "10:30",
            ":15",
            " pm",
            " GMT",
            " +02:00",
            "-05",
            "T",
            "Z",
        ),
        *("(CET)", " CEST", "24:00", "年", "月", " Europe/Rome", "март ", "h", "W48-5", "["),
    )
)


@given(INSTANTS)
def test_what_was_written_by_rule_is_read(instant: datetime) -> None:
    assert read_date(instant.isoformat()) == instant.isoformat()
    assert datetime.fromisoformat(read_date(format_datetime(instant))) == instant
    assert read_date(f"{instant:%-d %B %Y}") == read_date(f"{instant:%d.%m.%Y}") == instant.date().isoformat()


@given(st.lists(PARTS, max_size=8).map("".join) | st.text(max_size=120))
def test_any_text_is_a_date_that_python_can_read_or_none(text: str) -> None:
    told = read_date(text)
    assert (datetime.fromisoformat(told).isoformat().startswith(told) if told else told == "") is True
    assert read_date(told) == told


@pytest.mark.parametrize("unit", ["1", "1.", "1/", "Nov ", "mar 1 ", "(", "1:", "a", "(a)", "年1", "\u00ad", "2026 "])
def test_a_long_text_costs_no_more_than_a_short_one(unit: str, steps) -> None:
    assert steps(read_date, unit * 8_000) <= steps(read_date, unit * LONGEST) + 100


FRESH = {
    "Mon, 02 Mar 2026 07:15:30 -0500": "2026-03-02T07:15:30-05:00",
    "02 Mar 2026": "2026-03-02",
    "March 2nd, 2026": "2026-03-02",
    "2 de marzo de 2026": "2026-03-02",
    "2 mars 2026 à 14h05": "2026-03-02T14:05:00",
    "Montag, 2. März 2026, 14:05 Uhr": "2026-03-02T14:05:00",
    "2 marzo 2026": "2026-03-02",
    "2 de março de 2026 às 14:05": "2026-03-02T14:05:00",
    "maandag 2 maart 2026": "2026-03-02",
    "2026年3月2日": "2026-03-02",
    "2026년 3월 2일": "2026-03-02",
    "2 марта 2026 г.": "2026-03-02",
    "02.03.2026 14:05": "2026-03-02T14:05:00",
    "2.3.2026": "2026-03-02",
    "2026.03.02": "2026-03-02",
    "Mar 2, 2026 2:05 PM EST": "2026-03-02T14:05:00-05:00",
    "2026-03-02T14:05:00.000Z": "2026-03-02T14:05:00+00:00",
    "2 Mar 2026, 14:05 GMT+1": "2026-03-02T14:05:00+01:00",
    "Updated: 2 March 2026": "2026-03-02",
    "Sept. 9th 2025": "2025-09-09",
    "1er janvier 2026": "2026-01-01",
    "25/12/2025": "2025-12-25",
    "12/25/2025": "2025-12-25",
    "03/04/2026": "",
    "31/31/2025": "",
    "30 February 2026": "",
    "2026-13-01": "",
    "2 Mar '26": "2026-03-02",
    "2. tammikuuta 2026": "2026-01-02",
    "2 lutego 2026": "2026-02-02",
    "2 Μαρτίου 2026": "2026-03-02",
    "Mon 2 Mar 14:05:00 2026": "2026-03-02T14:05:00",
    "2026-03-02 14:05 Europe/Paris": "2026-03-02T14:05:00+01:00",
    "2026-061": "2026-03-02",
    "tomorrow": "",
    "5 days ago": "",
    "2026/3/2": "2026-03-02",
}
"""Texts that nobody looked at while the rules were made; "" is no date, or one of two."""


@pytest.mark.parametrize(("told", "iso"), FRESH.items())
def test_fresh_texts_give_their_date_or_none(told: str, iso: str) -> None:
    assert read_date(told) == iso
