"""Whether a passage supports a sentence: two sets of sentences, and what holds for any sentence."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from fanin.text.claims import Evidence, judge
from fanin.text.claims.alignment import WorkBudget
from fanin.text.claims.figures import Figure, same_figure
from fanin.text.claims.tokens import figures_of

CASES = Path(__file__).parent / "claims"
LOST = 0.1
"""The share of the true sentences that may be left out."""


def sentences(name: str, kind: str) -> Iterator[tuple[str, str]]:
    """Each passage with a sentence about it."""
    for case in tomllib.loads((CASES / name).read_text("utf-8"))["case"]:
        for sentence in case[kind]:
            yield case["passage"], sentence.partition(": ")[2]


def is_supported(sentence: str, *passages: str, before: str = "") -> bool:
    return judge(sentence, [Evidence(each) for each in passages], before=before).supported


@pytest.mark.parametrize("name", ["tuned.toml", "confusable.toml", "held_out.toml"])
def test_no_false_sentence_is_supported(name: str) -> None:
    false = [*sentences(name, "false")]
    assert len(false) >= 100
    assert [sentence for passage, sentence in false if is_supported(sentence, passage)] == []


@pytest.mark.parametrize("name", ["tuned.toml", "confusable.toml", "held_out.toml"])
def test_most_true_sentences_are_supported(name: str) -> None:
    true = [*sentences(name, "true")]
    lost = [sentence for passage, sentence in true if not is_supported(sentence, passage)]
    assert len(true) >= 100
    assert len(lost) <= LOST * len(true), lost


def test_a_judgement_says_what_is_missing() -> None:
    harbour = Evidence("The harbour is open until nine.")
    assert judge("It is not.", [harbour]).reason == "It says nothing of its own."
    assert "'midnight'" in judge("The harbour is open until midnight.", [harbour]).reason
    assert "'market'" in judge("The market is open until nine.", [harbour]).reason
    assert "'not'" in judge("The harbour is not open.", [harbour]).reason
    assert "do not say it" in judge("Until nine the open is harbour.", [harbour]).reason
    assert judge("The harbour is open until nine.", []).reason


def test_several_passages_support_a_joined_sentence_together() -> None:
    joined = "The harbour is open until nine, and ferries stay in port."
    assert is_supported(joined, "The harbour is open until nine.", "Ferries stay in port.")
    assert not is_supported(joined, "The harbour is open until nine.", "Ferries do not stay in port.")
    assert not is_supported(joined, "The harbour is open until nine.")


def test_a_pronoun_means_what_a_reader_takes_it_for() -> None:
    tram = "The tram costs 2 euros. It has fourteen stops."
    assert is_supported("It has fourteen stops.", tram, before="The tram costs 2 euros.")
    assert is_supported("It has 14 stops.", tram)
    assert not is_supported("It has fourteen stops.", tram, before="The museum opens at nine.")
    assert is_supported("It costs 2 euros.", tram, before="The tram is late.")
    assert not is_supported("It costs 2 euros.", tram, before="The museum is late.")


SAID = [
    "The harbour is open until nine tonight.",
    "Maria Lund and Peter Holm won the award in 2021.",
    "The bridge was built by Karl Thoms between 1931 and 1934.",
    "Values above 500 are rejected unless the flag is set.",
    "Shares in Velmo fell 4 percent on Friday after the company lost its largest customer.",
    "Bake the cake for 45 minutes at 180 °C.",
    "The concert has been moved from Friday to Saturday, 24 November 2026.",
    "Patients with diabetes should take 20 mg every 6 hours.",
    "Die Brücke ist seit dem 3. Mai 2024 gesperrt.",
    "Der Zug nach Ulm fährt um 14:20 Uhr von Gleis 7.",
    "The river rose 1,250 mm within 36 hours and flooded sixty houses.",
    "Only 12 of the 300 members may vote at the meeting at 7:30 pm.",
]
VERBS = ("is", "was", "are", "has", "should", "may", "ist", "fährt", "won", "fell", "rose")
PIECES = st.sampled_from(
    (*SAID, "天気は晴れです。", "No.", "What now?", "a.a.a. b", "*x* _y_ `z`", "[1](x) <b>", "\u200b")
)
TEXTS = st.lists(PIECES | st.text(max_size=30), min_size=1, max_size=6).map(" ".join)


@given(st.sampled_from(SAID), TEXTS, TEXTS)
def test_a_sentence_of_the_passage_is_supported(sentence: str, before: str, after: str) -> None:
    assert is_supported(sentence, f"{before}\n\n{sentence}\n\n{after}")


@given(st.sampled_from(SAID), st.sampled_from(["not", "never", "nicht", "NOT", "no\u200bt", "n**o**t"]), st.data())
def test_a_negation_that_was_put_in_is_never_supported(sentence: str, negation: str, data: st.DataObject) -> None:
    words = sentence.rstrip(".").split()
    at = data.draw(st.integers(0, len(words)))
    changed = " ".join([*words[:at], negation, *words[at:]])
    assert not is_supported(f"{changed}.", sentence)


@given(st.sampled_from(SAID), st.sampled_from("0123456789"), st.data())
def test_a_figure_with_another_digit_is_never_supported(sentence: str, digit: str, data: st.DataObject) -> None:
    places = [at for at, letter in enumerate(sentence) if letter.isdigit()]
    assume(places)
    at = data.draw(st.sampled_from(places))
    assume(sentence[at] != digit)
    assert not is_supported(sentence[:at] + digit + sentence[at + 1 :], sentence)


NAMES = st.sampled_from(["Germany", "Maria Lund", "the mayor", "Wellington", "two dogs", "the Duchy of Ferm", "Rovers"])
ACTS = st.sampled_from(
    [("beat", "beaten"), ("visited", "visited"), ("chose", "chosen"), ("paid", "paid"), ("saw", "seen")]
)


@given(NAMES, NAMES, ACTS, st.sampled_from(["", " in Lyon", " on 12 June 2024", " after the war"]))
def test_who_did_it_and_whom_it_was_done_to_are_never_swapped(one: str, other: str, act: tuple[str, str], rest: str):
    assume(one != other)
    did, done = act
    said = f"{one} {did} {other}{rest}."
    assert is_supported(f"{other} was {done} by {one}{rest}.", said)
    assert is_supported(said, f"{other} was {done} by {one}{rest}.")
    assert not is_supported(f"{other} {did} {one}{rest}.", said)
    assert not is_supported(f"{one} was {done} by {other}{rest}.", said)
    assert not is_supported(f"{other} {did} {one}.", f"{other} was {done} by {one}{rest}.")


@given(
    st.sampled_from(SAID), st.sampled_from(["**", "*", "`", "~~", "\u200b", "\u00ad", "\u2060", "\ufe0f"]), st.data()
)
def test_formatting_and_hidden_characters_change_nothing(sentence: str, mark: str, data: st.DataObject) -> None:
    for text in (sentence, sentence.replace("is ", "is not ", 1)):
        at = data.draw(st.integers(0, len(text)))
        marked = f"{text[:at]}{mark}{text[at:]}"
        assert judge(marked, [Evidence(sentence)]).supported == judge(text, [Evidence(sentence)]).supported
        spaced = re.sub(" ", data.draw(st.sampled_from(["  ", "\n", "\t ", "\u00a0"])), text)
        assert judge(spaced, [Evidence(sentence)]).supported == judge(text, [Evidence(sentence)]).supported
    assert is_supported("The mode \u201cw\u201d isn\u2019t safe.", 'The mode "w" isn\'t safe.')


@given(TEXTS, TEXTS)
def test_any_texts_are_judged_with_bounded_work(sentence: str, passage: str) -> None:
    judgement = judge(sentence, [Evidence(passage)])
    assert judgement.supported == (judgement.reason == "")


@pytest.mark.parametrize(
    "piece",
    ["harbour open ", "in the harbour on Monday ", "the harbour is open and ", "1 2 3 ", "not ", "was by ", "a.b. "],
)
def test_the_work_for_one_sentence_has_an_end(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[int] = []

    def take(self: WorkBudget, steps: int) -> bool:
        self.left -= steps
        taken.append(steps if self.left >= 0 else 1)  # what there is no time for is not done
        return self.left >= 0

    monkeypatch.setattr(WorkBudget, "spend", take)
    text = (piece * 80)[:1000]
    judge(text, [Evidence(text[:-5] + ". " + text)])
    judge(text, [Evidence("The harbour is open in the harbour on Monday. " * 200)])
    assert len(taken) < 20_000
    assert sum(taken) < 60_000


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("1,250", "1250", True),
        ("1,250", "one thousand two hundred and fifty", True),
        ("500 000", "half a million", True),
        ("9 pm", "21:00", True),
        ("9 p.m.", "21:00", True),
        ("9 pm", "9 am", False),
        ("noon", "12:00", True),
        ("24 November 2026", "November 24, 2026", True),
        ("24 Nov. 2026", "2026-11-24", True),
        ("24 November 2026", "24 November 2027", False),
        ("November 2026", "24 November 2026", True),
        ("24 November 2026", "November 2026", False),
        ("2026", "24 November 2026", True),
        ("20 °C", "20 degrees", True),
        ("20 °C", "68 °F", True),
        ("20 °C", "70 °F", False),
        ("20 °C", "20 °F", False),
        ("1.5 km", "1500 m", True),
        ("1 mile", "2 km", False),
        ("1 mile", "1.6 km", True),
        ("90 minutes", "1.5 hours", True),
        ("90 minutes", "2 hours", False),
        ("30%", "30 percent", True),
        ("$1.5 billion", "1,500 million dollars", True),
        ("€4.4m", "4.4 million euros", True),
        ("$5", "5 euros", False),
        ("3.1", "3.10", False),
        ("545,231", "545,230", False),
        ("14th", "fourteen", False),
        ("2 coats", "two coats", True),
    ],
)
def test_figures_are_the_same_however_they_are_written(one: str, other: str, same: bool) -> None:
    (said, *_), (told, *_) = figures_of(one), figures_of(other)
    assert same_figure(said, told) == same


def test_german_figures_have_german_points() -> None:
    assert figures_of("Das kostet der Stadt 1.250,5 Euro.") == [Figure("euros", 1250.5, "Euro", 1)]
    assert figures_of("Es sind zweihundertfünfzig und einundzwanzig.")[0].value == 250
