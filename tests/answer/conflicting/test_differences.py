"""Which sentences that are nearly the same contradict each other, and which speak of different things."""

from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.answer.conflicting.conflicts import conflicts
from fanin.answer.conflicting.differences import (
    MAX_WORDS,
    Words,
    compare,
    conditions_differ,
    may_differ_in_value,
    of_two,
    opcodes,
    value_difference,
)
from fanin.model import Citation


@pytest.mark.parametrize(
    ("one", "other", "values"),
    [
        ("The abbot of Lorn is Giles Moor.", "The abbot of Lorn is Piers Hay.", ("Giles Moor", "Piers Hay")),
        ("Ada Quist won the Fjord race.", "Bo Lindh won the Fjord race.", ("Ada Quist", "Bo Lindh")),
        ("The dam was built in Orsa.", "The dam was built in Mora.", ("Orsa", "Mora")),
        ("The keep was begun on 4 May 1312.", "The keep was begun on 4 May 1321.", ("1312", "1321")),
        ("Bins are emptied on Monday.", "Bins are emptied on Friday.", ("Monday", "Friday")),
        ("Six people were hurt.", "Nine people were hurt, police said.", ("Six", "Nine")),
        ("The client waits 3 seconds.", "The client waits 8 seconds.", ("3", "8")),
        ("The bell weighs 700 kilograms.", "The bell weighs 700 pounds.", ("kilograms", "pounds")),
        ("The disk holds 2 GB.", "The disk holds 2 TB.", ("GB", "TB")),
        ("Exports of Orland rose in May.", "Exports of Orland fell in May.", ("rose", "fell")),
        ("The senate approved the bill.", "The senate rejected the bill.", ("approved", "rejected")),
        ("Logging is enabled at first.", "Logging is disabled at first.", ("enabled", "disabled")),
        ("The pill causes headaches.", "The pill does not cause headaches.", ("causes", "does not cause")),
    ],
)
def test_sentences_that_differ_in_one_value_contradict_each_other(
    one: str, other: str, values: tuple[str, str]
) -> None:
    assert value_difference(one, other) == values


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("In summer the keep opens at 9:00.", "In winter the keep opens at 11:00."),
        ("For adults the zoo is 18 euros.", "For children the zoo is 9 euros."),
        ("The first edition has 410 pages.", "The second edition has 530 pages."),
        ("Relay 1 uses port 7001.", "Relay 2 uses port 7443."),
        ("Model A has 2 cores.", "Model C has 8 cores."),
        ("By train it takes 4 hours.", "By bus it takes 6 hours."),
        ("In 2010, 18,200 people lived in Astby.", "In 2025, 21,450 people lived in Astby."),
        ("Parking in Wend costs 2 euros.", "Parking in Brai costs 3 euros."),
        ("The hill is 2,310 m high.", "The hill is 7,579 ft high."),
        ("The bus leaves at 14:30.", "The bus leaves at 2:30 pm."),
        ("The line has 1,800 workers.", "The line has 24 engines."),
        ("The choir has about 30 members.", "The choir has 31 members."),
        ("The keep is old.", "The keep is large."),
        ("The pool in Wend is open.", "The pool in Brai is open."),
        ("The keep is open.", "The keep is open and serves soup."),
    ],
)
def test_what_differs_in_a_condition_or_agrees_is_no_contradiction(one: str, other: str) -> None:
    assert conflicts([Citation(1, one, "a", 1, 0, len(one)), Citation(2, other, "b", 1, 0, len(other))]) == ()


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("In summer it opens at 9:00.", "In winter it opens at 11:00.", True),
        ("Compressed, it has 1.2 GB.", "Uncompressed, it has 6.8 GB.", True),
        ("The tower is 426 metres high.", "The tower has a height of 448 metres.", False),
        ("The tower is 426 metres high.", "The tower is 448 metres high.", False),
    ],
)
def test_conditions(one: str, other: str, differ: bool) -> None:
    assert conditions_differ(one, other) is differ


@pytest.mark.parametrize(("words", "values"), [(MAX_WORDS - 3, ("3", "5")), (MAX_WORDS - 2, None)])
def test_sentences_are_compared_up_to_a_fixed_number_of_words(words: int, values: tuple[str, str] | None) -> None:
    said = f"{'so ' * words}waits {{}} seconds."
    assert value_difference(said.format(3), said.format(5)) == values


def cited(quote: str, source: str, document: int) -> Citation:
    return Citation(1, quote, source, document, 0, len(quote))


@pytest.mark.parametrize(
    ("one", "other", "may"),
    [
        (cited("The default is 3.", "a", 1), cited("The default is 5.", "b", 1), True),
        (cited("The default is 3.", "a", 1), cited("The default is 5.", "a", 2), False),
        (cited("Log files are kept for 60 days.", "a", 1), cited("Log files are kept for 45 days.", "a", 2), True),
        (cited("Log files are kept for 60 days.", "a", 1), cited("Log files are kept for 45 days.", "a", 1), False),
    ],
)
def test_documents_of_one_source_contradict_each_other_when_they_surely_speak_of_the_same(
    one: Citation, other: Citation, may: bool
) -> None:
    assert of_two(one, other) is may


SENTENCES = st.lists(
    st.sampled_from(["The", "keep", "Lorn", "is", "open", "closed", "on", "4", "May", "9:00", "not", "Ada"]), max_size=9
).map(" ".join)


@given(SENTENCES, SENTENCES)
def test_the_comparison_is_the_same_both_ways_and_none_contradicts_itself(one: str, other: str) -> None:
    assert value_difference(one, one) is None
    assert not conditions_differ(one, one)
    assert compare(one, other).same <= min(len(one.split()), len(other.split()))


_SHORT = st.lists(st.sampled_from(["the", "Tower", "has", "3", "5", "stops", "is", "red"]), max_size=8).map(" ".join)


@given(_SHORT, _SHORT)
def test_no_difference_is_missed_by_a_glance_at_the_words(one: str, other: str) -> None:
    if value_difference(one, other) is not None:
        assert may_differ_in_value(Words.of(one), Words.of(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rain falls in the north.", "The tower has 5 stops."),  # no words in common
        ("The tower has 3 stops and a bar.", "Bar a stops tower the has old."),  # in another order
        ("", "The tower has 3 stops."),
    ],
)
def test_sentences_of_other_words_are_not_compared(one: str, other: str) -> None:
    assert not may_differ_in_value(Words.of(one), Words.of(other))


FEW_WORDS = st.lists(st.sampled_from("abcdef"), max_size=9)


@given(FEW_WORDS, FEW_WORDS, FEW_WORDS, FEW_WORDS)
def test_texts_that_differ_in_one_place_are_compared_as_all_others(start, one, other, end) -> None:
    first, second = [*start, *one, *end], [*start, *other, *end]
    assert opcodes(first, second) == SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
