import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanin.model import Document
from fanin.process import analyze, clean, merge, split
from fanin.process.parts import LARGE, PART

SUBJECTS = ("rivers", "bridges", "trams", "markets", "gardens", "theatres", "bakeries", "harbours", "schools", "hills")


def long_text(paragraphs: int = 400) -> str:
    """A text of many paragraphs about many subjects, with one that is about a lighthouse keeper."""
    about = [
        f"Paragraph {number} is about the {SUBJECTS[number % 10]} of town {number % 37}. They were built long ago and "
        f"people of the quarter care for them. Every {number % 7 + 2} years there is a feast, and {number * 13 % 97} "
        f"visitors come from the other side of the valley to see it."
        for number in range(paragraphs)
    ]
    about[paragraphs * 2 // 3] = (
        "The lighthouse keeper of Cape Raso climbs 140 steps each evening. The lighthouse keeper lights the lamp by "
        "hand, and the keeper writes the weather into a book that goes back to 1768. Ships far out at sea wait for it."
    )
    return "\n\n".join(about)


@pytest.mark.parametrize("document", [Document("short"), Document("<p>" * LARGE, media_type="text/html"), Document("")])
def test_small_documents_and_html_stay_whole(document: Document):
    assert split(document) == [document]


def test_text_with_terminal_escapes_stays_whole_because_a_cut_could_break_one():
    document = Document("\x1b[31m" + "word " * LARGE)
    assert split(document) == [document]


@given(
    st.lists(st.sampled_from(["word ", "End. ", "\n\n", "\r\n\r\n", "\n", "x", "天。"]), min_size=20), st.integers(0, 9)
)
@settings(max_examples=50)
def test_parts_are_the_text_in_order_with_their_places(pieces: list[str], start: int):
    unit = "".join(pieces)
    text = unit * (3 * LARGE // len(unit))
    parts = split(Document(text, source="s", number=4, start=start))
    assert "".join(part.text for part in parts) == text
    assert [(part.part, part.parts) for part in parts] == [(n, len(parts)) for n in range(1, len(parts) + 1)]
    assert all(text[part.start - start :].startswith(part.text) for part in parts)
    assert all(part.id == "s/4" and PART / 2 < len(part.text) < 2 * PART for part in parts)


def test_a_document_is_cut_between_paragraphs():
    assert all(part.text.endswith("\n\n") for part in split(Document(long_text()))[:-1])


def test_cleaning_the_parts_gives_the_parts_of_the_cleaned_text():
    text = ("Some \u200bwords\x00 here.\r\n\r\nMore \ud800words\u202e there. " * 2000)[:90_000]
    parts = split(Document(text))
    assert len(parts) > 1
    whole = clean(Document(text))
    assert all(whole[part.start :].startswith(clean(part).rstrip()) for part in parts)


def test_the_parts_analysed_apart_find_what_the_whole_does():
    question = "Which lamp does the lighthouse keeper light?"
    document = Document(long_text(), title="Of lamps")
    parts = split(document)
    whole, merged = analyze(question, document), merge([analyze(question, part) for part in parts])
    assert len(parts) > 3
    first, same = merged["passages"][0], whole["passages"][0]
    assert all(first[key] == same[key] for key in same if key != "sentences")  # whose weights are those of their part
    assert "lighthouse keeper" in merged["passages"][0]["text"]
    assert merged["statistics"] == whole["statistics"]
    assert (merged["tokens"], merged["title"], list(merged)) == (whole["tokens"], whole["title"], list(whole))
    assert merged["summary"] == whole["summary"]
    assert len(merged["key_phrases"]) == 8
    assert json.loads(json.dumps(merged)) == merged


def test_offsets_in_the_merged_analysis_count_in_the_whole_text():
    document = Document(long_text())
    cleaned = clean(document)
    for passage in merge([analyze("feast of the bakeries", part) for part in split(document)])["passages"]:
        assert cleaned[passage["start"] : passage["end"]] == passage["text"]


def test_merging_nothing_gives_an_analysis_without_passages():
    assert merge([])["passages"] == []


@pytest.mark.parametrize("unit", ["x", "word ", "Some words of a line.\n\n"])
def test_dividing_and_merging_are_little_work_for_the_event_loop(unit: str, steps: Callable[..., int]):
    document = Document(unit * (5_000_000 // len(unit)))
    parts = split(document)
    assert steps(split, document) < 200 * len(parts)
    analysis = analyze("words of a line", parts[0])
    assert steps(merge, [analysis] * len(parts)) < 100 * len(parts) * len(analysis["passages"])
