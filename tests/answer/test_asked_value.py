"""What kind of value a question asks for, and which sentences hold one."""

import pytest

from fanin.answer.asked_value import AskedValue, asked_value, holds

QUANTITY, TIME, PERSON = AskedValue.QUANTITY, AskedValue.TIME, AskedValue.PERSON
REASON, PLACE, MANNER, COMMAND = AskedValue.REASON, AskedValue.PLACE, AskedValue.MANNER, AskedValue.COMMAND
DEFINITION = AskedValue.DEFINITION


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How long is the pier?", QUANTITY),
        ("What is the height of the mast?", QUANTITY),
        ("What is the default value of linger?", AskedValue.DEFAULT),
        ("How many berths are there?", QUANTITY),
        ("For how long may I stay?", QUANTITY),
        ("What price has a ticket?", QUANTITY),
        ("Wie viele Betten hat das Haus?", QUANTITY),
        ("Wie hoch ist der Turm?", QUANTITY),
        ("Combien coûte une place ?", QUANTITY),
        ("¿Cuántos días dura?", QUANTITY),
        ("Quanto costa il biglietto?", QUANTITY),
        ("Hoeveel kost een kaartje?", QUANTITY),
        ("When does the market open?", TIME),
        ("At what time is lunch?", TIME),
        ("Since when is she mayor?", TIME),
        ("In which year was it built?", TIME),
        ("Wann fährt der Bus?", TIME),
        ("Quand ouvre le musée ?", TIME),
        ("¿A qué hora cierra?", TIME),
        ("Who leads the choir?", PERSON),
        ("By whom was it painted?", PERSON),
        ("Wer leitet den Chor?", PERSON),
        ("Chi dirige il coro?", PERSON),
        ("Why is the road closed?", REASON),
        ("Warum ist die Straße gesperrt?", REASON),
        ("Where is the town hall?", PLACE),
        ("Wo ist das Rathaus?", PLACE),
        ("How do I reset the clock?", MANNER),
        ("With which command is it started?", COMMAND),
        ("What is the command for a new branch?", COMMAND),
        ("Which option keeps the log?", COMMAND),
        ("What does a berth cost?", QUANTITY),
        ("Welcher Befehl löscht ihn?", COMMAND),
        ("What is a sluice?", DEFINITION),
        ("What is the harbour like in winter and in summer?", None),
        ("Is the pool open?", None),
        ("Tell me of the whole affair", None),
        ("What happens at night?", None),
    ],
)
def test_what_a_question_asks_for(question: str, kind: AskedValue | None) -> None:
    assert asked_value(question) is kind


@pytest.mark.parametrize(
    ("kind", "sentence", "held"),
    [
        (QUANTITY, "The pier is 426 metres long.", True),
        (QUANTITY, "The mast dates from 1760 and came from Lisbon.", False),
        (QUANTITY, "The next fair is on 3 May.", False),
        (TIME, "The hall is closed on Mondays.", True),
        (PERSON, "Crews train on Mondays.", False),
        (PLACE, "The hall is closed on Mondays.", False),
        (QUANTITY, "Two bags may be taken along.", True),
        (QUANTITY, "Entry is free on Sundays.", True),
        (QUANTITY, "A ticket costs €4.", True),
        (QUANTITY, "It holds 2000 litres.", True),
        (QUANTITY, "The pier was opened in 1911.", False),
        (QUANTITY, "The pier is very long.", False),
        (QUANTITY, "It lasts for an hour.", True),
        (TIME, "It carries 700 passengers.", False),
        (TIME, "It closes within 3 days.", True),
        (TIME, "A note is needed from the third day on.", True),
        (TIME, "It opens at 9:30.", True),
        (TIME, "It opens on Saturdays in summer.", True),
        (TIME, "It was built in 1911.", True),
        (TIME, "Sie öffnet mittwochs.", True),
        (TIME, "It opens when somebody comes.", False),
        (PERSON, "The choir is led by Maud Ellery.", True),
        (PERSON, "Maud Ellery leads it.", True),
        (PERSON, "The choir is led by a teacher.", False),
        (REASON, "It is closed because of the flood.", True),
        (REASON, "The bank slid, so the council closed it.", True),
        (REASON, "It was closed on Monday.", False),
        (PLACE, "It stands next to the mill.", True),
        (PLACE, "It is at 4 Mill Lane.", True),
        (PLACE, "It closes early.", False),
        (MANNER, "Hold both keys for a second.", True),
        (MANNER, "To reset it, press the red button.", True),
        (MANNER, "Run `clock reset`.", True),
        (MANNER, "The clock is old.", False),
        (DEFINITION, "A sluice is a gate that holds back water.", True),
        (DEFINITION, "The old sluice was repaired.", False),
        (DEFINITION, "A lock is a chamber between two gates.", False),
    ],
)
def test_which_sentences_hold_what_is_asked_for(kind: AskedValue, sentence: str, held: bool) -> None:
    assert holds(kind, sentence, "What is a sluice?") is held


def test_a_name_in_the_question_is_not_the_person_that_is_asked_for() -> None:
    assert not holds(PERSON, "The prize is named after Ida Berg.", "Who won the Ida Berg prize?")
    assert holds(PERSON, "The Ida Berg prize went to Tom Reuter.", "Who won the Ida Berg prize?")


def test_an_article_is_no_name_of_a_person() -> None:
    assert not holds(PERSON, "The Ara lamp gives light.", "Who designed the Ara lamp?")


@pytest.mark.parametrize(
    ("question", "sentence", "held"),
    [
        ("What does a berth cost?", "A berth is 31 crowns.", True),
        ("How much does it cost?", "Adults: 12; Children: 6.", True),
        ("What is the price of the lamp?", "The lamp is free.", True),
        ("How much is the fare?", "The fare is £4 or so.", True),
        ("What does the lamp cost?", "The lamp has 400 lumens and two arms.", False),
        ("How heavy is the anchor?", "The anchor weighs 40 kg.", True),
        ("How heavy is the anchor?", "The anchor has 40 links of iron.", False),
        ("How hot is the sauna?", "It has 90 °C.", True),
        ("How hot is the sauna?", "It seats 12 guests.", False),
        ("How long is the pier?", "It has 90 steps.", True),
    ],
)
def test_a_figure_is_in_the_unit_that_is_asked_for_or_in_none(question: str, sentence: str, held: bool) -> None:
    assert holds(QUANTITY, sentence, question) is held
