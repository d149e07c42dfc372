"""What a question that asks for what is new is answered with: the newest first, with its day where it is old."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from fanin.model import Answer, Document
from fanin.testing import FakeSource, run_scenario
from fanin.text.dates.asked_time import age

NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)

type Said = tuple[str, str, str]
"""A text, its title, and when it was published."""


def asked(question: str, *sources: Sequence[Said], now: datetime = NOW) -> Answer:
    given = [
        FakeSource(
            f"source{number}",
            [(0.1 * at, Document(text, title=title, published=day)) for at, (text, title, day) in enumerate(said)],
        )
        for number, said in enumerate(sources)
    ]
    return run_scenario(given, question=question, now=lambda: now).answer


LATEST = [
    ("What is the latest version of Bramble?",
     [("The current version of Bramble is 1.8. Bramble needs a compiler.", "Bramble manual", "2022-05-01")],
     [("Bramble 2.4 came out on Tuesday. It has a new parser.", "Bramble 2.4", "2026-10-02"),
      ("Bramble 2.0 came out. This version is slower.", "Bramble 2.0", "2024-04-14")], "2.4", "1.8"),
    ("What is the current fee for a mooring?",
     [("The fee for a mooring is 210 crowns a week.", "Harbour rules 2024", "2024-03-01"),
      ("A mooring costs a fee of 260 crowns a week.", "Harbour rules 2026", "2026-03-01")], [], "260", "210"),
    ("Who is the current chair of the rowing club?",
     [("The chair of the rowing club is Hedda Lunde.", "Club", "2019-02-01")],
     [("The rowing club has a new chair, Pål Vestby.", "News", "2025-06-01")], "Vestby", "Lunde"),
    ("How many members does the choir have now?",
     [("The choir has 48 members.", "Choir", "2021-01-10"), ("The choir now has 61 members.", "Choir", "2026-01-12")],
     [], "61", "48"),
    ("What is the newest firmware for the Kestrel lamp?",
     [("Firmware 3.1 for the Kestrel lamp fixes the dimmer.", "Firmware 3.1", "2025-09-01"),
      ("Firmware 3.4 for the Kestrel lamp is available.", "Firmware 3.4", "2026-08-20"),
      ("Firmware 2.9 for the Kestrel lamp is available.", "Firmware 2.9", "2024-08-20")], [], "3.4", "3.1"),
    ("Was kostet die Fähre nach Orsøy aktuell?",
     [("Die Fähre nach Orsøy kostet 70 Kronen.", "Fahrpreise", "2023-01-01")],
     [("Die Fähre nach Orsøy kostet 85 Kronen.", "Fahrpreise", "2026-01-01")], "85", "70"),
    ("Quel est le prix actuel du billet de tram ?",
     [("Le prix du billet de tram est de 1,70 euro.", "Tarifs", "2022-07-01"),
      ("Le prix du billet de tram est de 2,10 euros.", "Tarifs", "2026-07-01")], [], "2,10", "1,70"),
    ("¿Cuál es el horario actual de la biblioteca?",
     [("El horario de la biblioteca es de 9 a 18.", "Horario", "2023-09-01"),
      ("El horario de la biblioteca es de 10 a 20.", "Horario", "2026-09-01")], [], "10 a 20", "9 a 18"),
    ("What is the most recent estimate of the cost of the tunnel?",
     [("The cost of the tunnel is estimated at 310 million.", "Budget", "2026-02-01"),
      ("The estimate of the cost of the tunnel is 270 million.", "Plan", "2024-02-01"),
      ("An estimate of 2025 puts the cost of the tunnel at 290 million.", "Review", "2025-02-01")],
     [], "310", "270"),
    ("What is the latest news about the strike at Norrmill?",
     [("The strike at Norrmill began with 200 workers.", "Strike", "2026-11-02")],
     [("The strike at Norrmill ended with a rise of 4 percent.", "Strike", "2026-11-24")], "ended", "began"),
    ("How high is the water at the weir at the moment?",
     [("The water at the weir is 2.1 m high.", "Gauge", "2026-11-25T09:40:00Z"),
      ("The water at the weir was 3.4 m high.", "Gauge", "2026-11-22T09:40:00Z")], [], "2.1", "3.4"),
]  # fmt: skip


@pytest.mark.parametrize(("question", "one", "two", "new", "old"), LATEST)
def test_the_newest_of_what_answers_goes_first(
    question: str, one: Sequence[Said], two: Sequence[Said], new: str, old: str
) -> None:
    for sources in ((one, two), (two, one)):
        text = asked(question, *filter(None, sources)).text
        assert 0 <= text.find(new) < (text.find(old) if old in text else len(text)), text


def test_what_is_newer_and_does_not_answer_does_not_go_first() -> None:
    answer = asked(
        "What is the current fee for a mooring?",
        [("The fee for a mooring is 210 crowns a week.", "Rules", "2025-03-01")],
        [("The council talked about the fee for a mooring.", "Council", "2026-11-20")],
        [("A boat sank at its mooring.", "Storm", "2026-11-24")],
    )
    assert answer.citations[0].quote == "The fee for a mooring is 210 crowns a week."


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2025-03-25", "The fee is 210 crowns. (2025-03-25, 20 months ago) [1]"),
        ("2022-11-20", "The fee is 210 crowns. (2022-11-20, 4 years ago) [1]"),
        ("2026-10-20", "The fee is 210 crowns. (2026-10-20, 36 days ago) [1]"),
        ("2026-11-20", "The fee is 210 crowns. [1]"),
        ("", "The fee is 210 crowns. [1]"),
    ],
)
def test_how_old_it_is_is_said_when_it_is_old(day: str, told: str) -> None:
    assert asked("What is the current fee?", [("The fee is 210 crowns.", "", day)]).text == told


def test_what_is_older_than_the_newest_is_told_with_its_day() -> None:
    answer = asked(
        "What is the latest count of seals?",
        [("The count gave 90 seals.", "", "2026-11-20"), ("The count gave 75 seals.", "", "2026-11-11")],
    )
    assert answer.text == ("The count gave 90 seals. [1] The count gave 75 seals. (2026-11-11, 14 days ago) [2]")


TODAY = [
    ("What is on at the old mill today?", "A puppet show is on at the old mill at 15:00.",
     "Today the old mill is a house for concerts."),
    ("What can I eat in the canteen today?", "The canteen has lentil soup to eat.",
     "Today the canteen is run by five."),
    ("Is the cable car running today?", "The cable car is running until 17:00.",
     "The cable car is running daily today."),
    ("Which doctor is on duty today?", "Doctor Amsel is on duty.", "Today a doctor is on duty day and night."),
    ("Who plays at the jazz cellar tonight?", "The Odd Four play at the jazz cellar.",
     "Tonight as ever, great players play at the jazz cellar."),
    ("Was läuft heute im Kino Astoria?", "Im Kino Astoria läuft ein Film über Wale.",
     "Heute ist das Kino Astoria ein Denkmal."),
    ("Qu'est-ce qu'il y a au musée de la mer aujourd'hui ?", "Le musée de la mer montre des cartes.",
     "Aujourd'hui le musée de la mer a deux étages."),
    ("Wat is er vandaag te doen in het park?", "In het park is een markt te doen.",
     "Vandaag is het park een monument."),
    ("Cosa c'è oggi al teatro Verdi?", "Al teatro Verdi suona un quartetto.", "Oggi il teatro Verdi ha 600 posti."),
    ("Which trains are late today?", "Trains to Lund are late by 20 minutes.", "Today few trains are late."),
]  # fmt: skip


@pytest.mark.parametrize(("question", "fresh", "timeless"), TODAY)
def test_what_has_no_date_does_not_pass_for_what_is_of_today(question: str, fresh: str, timeless: str) -> None:
    answer = asked(question, [(timeless, "", "")], [(fresh, "", "2026-11-25T00:30:00Z")])
    assert answer.text == f"{fresh} [1]"


def test_what_is_of_another_day_than_today_follows_with_its_day() -> None:
    answer = asked(
        "What is on at the old mill today?",
        [("A market is on at the old mill.", "", "2026-11-17"), ("A play is on at the old mill.", "", "2026-11-25")],
    )
    assert answer.text == (
        "A play is on at the old mill. [1] A market is on at the old mill. (2026-11-17, 8 days ago) [2]"
    )


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What did the council decide today?", "the toll"),
        ("What did the council decide yesterday?", "the pier"),
        ("What did the council decide the day before yesterday?", "the park"),
        ("Was wurde gestern im council decided?", "the pier"),
        ("What did the council decide last week?", "the school"),
        ("What did the council decide two days ago?", "the park"),
    ],
)
def test_what_is_of_the_day_that_was_asked_for_goes_first(question: str, first: str) -> None:
    days = {"the toll": "2026-11-25", "the pier": "2026-11-24", "the park": "2026-11-23", "the school": "2026-11-18"}
    said = [(f"The council decided on {what}.", "", day) for what, day in days.items()]
    assert first in asked(question, said, [("Yesterday and today the council decided.", "", "")]).citations[0].quote


@pytest.mark.parametrize(("hours", "first"), [(0, "Nora"), (2, "Odd"), (-11, "Nora"), (14, "Odd")])
def test_today_is_the_day_where_it_is_asked(hours: int, first: str) -> None:
    here = timezone(timedelta(hours=hours))
    answer = asked(
        "Who reads at the library today?",
        [
            ("Nora reads at the library.", "", "2026-11-24T20:00:00Z"),
            ("Odd reads at the library.", "", "2026-11-24T22:30:00Z"),
        ],
        now=datetime(2026, 11, 24, 23, tzinfo=UTC).astimezone(here),
    )
    assert answer.citations[0].quote.startswith(first if hours > 0 else "Odd")
    assert ("Nora reads at the library. (2026-11-24" in answer.text) is (hours == 2)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-11-25", ""), ("2026-11-26", ""), ("2026-11-24", "1 day ago"), ("2026-11-23", "2 days ago"),
        ("2026-09-26", "60 days ago"), ("2026-09-25", "2 months ago"), ("2024-11-26", "23 months ago"),
        ("2024-11-24", "2 years ago"), ("1926-11-24", "100 years ago"),
    ],
)  # fmt: skip
def test_how_long_ago_a_day_was(day: str, told: str) -> None:
    assert age(date.fromisoformat(day), today=date(2026, 11, 25)) == told


LOUD = [
    ("How do I descale my kettle?", "Descaling the kettle", "Fill it with water and vinegar and let it stand an hour.",
     "Descale your life! The best kettle for your kettle needs. Kettle, kettle, kettle!"),
    ("How do I bleed a radiator?", "Bleeding a radiator", "Open the valve with the key until water drips out.",
     "Radiator offers: bleed your wallet less. Buy a radiator, get a radiator."),
    ("How do I pair the headset?", "Pairing the headset", "Hold the power key until the light is blue.",
     "Headset deals! Pair your outfit with a headset. Buy a headset today."),
    ("How do I renew a passport?", "Renewing a passport", "Take the old one and two photos to the town hall.",
     "Renew your travel dreams! Passport covers, passport cases, passport straps."),
    ("How do I clean a chimney?", "Cleaning the chimney", "Lower the brush from the top and pull it up slowly.",
     "Clean prices! Chimney tops for every chimney. Buy a chimney set."),
    ("How can I change a tyre?", "Changing a tyre", "Loosen the nuts before the car is lifted.",
     "Change is good: tyre sale! A tyre here, a tyre there. Change to our tyre club."),
    ("How do I prune roses?", "Pruning roses", "Cut above a bud that points outwards.",
     "Prune your bills: roses from 2 euros. Roses, roses, roses!"),
    ("How do I cancel a booking?", "Cancelling a booking", "Open the message and press the red button.",
     "Never cancel a good time: booking made easy. Booking today, booking tomorrow."),
    ("How do I sharpen a scythe?", "Sharpening a scythe", "Draw the stone along the edge from heel to tip.",
     "Sharpen your looks with a scythe shirt. Scythe fans buy scythe shirts."),
    ("How do I replace the filter?", "Replacing the filter", "Turn the lid to the left and lift out the old one.",
     "Replace boredom! Filter coffee, filter tea, filter fun. Buy one filter, get one filter."),
]  # fmt: skip


@pytest.mark.parametrize(("question", "title", "way", "advert"), LOUD)
def test_a_source_that_repeats_the_words_of_a_question_does_not_go_before_the_page_about_it(
    question: str, title: str, way: str, advert: str
) -> None:
    answer = asked(question, [(advert, "Offers", ""), (f"{advert} {advert}", "SALE", "")], [(way, title, "")])
    assert answer.citations[0].quote == way


OUTDATED = [
    ("What is the fee for a mooring?", "The fee for a mooring is 210 crowns.", "The fee for a mooring is 260 crowns."),
    ("How many people live in Elmsted?", "9,400 people live in Elmsted.", "11,200 people live in Elmsted."),
    ("When does the ferry to Rind leave?", "The ferry to Rind leaves at 9:15.", "The ferry to Rind leaves at 9:40."),
    ("Who is the mayor of Elmsted?", "The mayor of Elmsted is Ann Lee.", "The mayor of Elmsted is Bob Ray."),
    ("Is the lift at the mill safe?", "The lift at the mill is not safe.", "The lift at the mill is safe."),
    ("How long is the pier?", "The pier is 310 m long.", "The pier is 355 m long."),
    ("How many employees has Nordfab?", "Nordfab has 900 employees.", "Nordfab has 1,200 employees."),
    ("How large may an upload be?", "An upload may be 20 MB large.", "An upload may be 50 MB large."),
    ("Are dogs allowed in the park?", "Dogs are forbidden in the park.", "Dogs are allowed in the park."),
    ("How much is a seat in the opera?", "A seat in the opera is 30 euros.", "A seat in the opera is 34 euros."),
]


@pytest.mark.parametrize(("question", "older", "newer"), OUTDATED)
def test_of_two_values_of_different_age_the_newer_one_is_the_answer(question: str, older: str, newer: str) -> None:
    for said in (
        [(older, "", "2023-02-01"), (newer, "", "2026-07-01")],
        [(newer, "", "2026-07-01"), (older, "", "2023-02-01")],
    ):
        for answer in (asked(question, said), asked(question, said[:1], said[1:])):
            assert answer.text == f"{newer} (2026-07-01) [1] {older} (2023-02-01) [2]"
            assert answer.conflicts == ()
