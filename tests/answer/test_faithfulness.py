"""Promises of an extractive answer, on random arrivals: verbatim, complete in its counts, and the same in any order."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from fanin.answer import Draft, extract, standing
from fanin.answer.draft import NOT_ANSWERED, Statement, side_by_side
from fanin.fuse import fuse
from fanin.model import Document
from fanin.process import analyze, clean
from fanin.text.question_terms import question_terms

NOW = (datetime(2026, 11, 23, 14, tzinfo=UTC), datetime.max.replace(tzinfo=UTC))
SENTENCES = st.sampled_from(
    (
        "The temperature in Boston is 72 °F.",
        "It is 68 °F in Boston,\n where the  temperature falls.",
        "Winds of 45 km/h hit Boston on Monday.",
        "The wind in Boston is 28 mph.",
        "Boston's tram costs $1.5 billion, not 1.2.",
        "Dr. Who came at 9 p.m. to Boston.",
        "Heading",
        "Is it cold in Boston?",
        "[3] is a number in brackets.",
        "天気は晴れです。",
        "Home | News | Boston",
    )
) | st.text(alphabet=st.sampled_from("aZ é.!?\n\u200b0°%[]1"), max_size=40)
QUESTIONS = st.sampled_from(
    ("What is the temperature in Boston?", "wind", "What now?", "Who won the chess game in Oslo?", "天気", "")
)


@st.composite
def arrivals(draw: st.DrawFn):
    arrived = []
    for source in "abcde"[: draw(st.integers(1, 5))]:
        for number in range(1, draw(st.integers(0, 3)) + 1):
            document = Document(
                draw(st.sampled_from([" ", "\n\n"])).join(draw(st.lists(SENTENCES, min_size=1, max_size=5))),
                source=source,
                number=number,
                media_type=draw(st.sampled_from(["text/plain", "text/html"])),
                published=draw(st.sampled_from(["", "2026-11-23T09:00:00Z", "2019-01-01", "soon"])),
            )
            arrived.append((document, draw(st.booleans())))
    return arrived


def read(question: str, arrived):
    return [(document, analyze(question, document) if whole else None) for document, whole in arrived]


@given(arrivals(), QUESTIONS, st.sampled_from([None, NOW]))
def test_every_sentence_of_an_answer_is_a_verbatim_span_of_its_citation(arrived, question, window):
    documents = {document.id: clean(document) for document, _ in arrived}
    fused = fuse(question_terms(question), read(question, arrived), window=window)
    draft = extract(question, fused, numbers={})
    assert standing(draft, fused.passages) is draft
    for statement in draft.statements:
        (citation,) = statement.citations
        assert statement.text == " ".join(citation.quote.split())
        assert documents[f"{citation.source}/{citation.document}"][citation.start : citation.end] == citation.quote
    told = "".join(f" {statement}" for statement in draft.statements).strip()
    told = told if draft.answered else f"{NOT_ANSWERED} {told}"
    assert draft.text == "\n".join([told, *map(side_by_side, draft.conflicts)])
    for conflict in draft.conflicts:
        assert len({(side.source, side.number) for side in conflict.sides}) == len(conflict.sides) > 1
        for side in conflict.sides:
            quotes = [
                each.quote for each in draft.citations if (each.source, each.number) == (side.source, side.number)
            ]
            assert any(side.figure in " ".join(quote.split()) for quote in quotes)


@given(arrivals(), QUESTIONS, st.sampled_from([None, NOW]), st.randoms())
def test_the_same_arrivals_give_the_same_bytes_and_another_order_the_same_citations(arrived, question, window, chance):
    read_once = read(question, arrived)
    draft = extract(question, fuse(question_terms(question), read_once, window=window), numbers={})
    assert (
        extract(question, fuse(question_terms(question), read(question, arrived), window=window), numbers={}) == draft
    )
    chance.shuffle(read_once)
    assert extract(question, fuse(question_terms(question), read_once, window=window), numbers={}) == draft


@given(arrivals(), QUESTIONS)
def test_documents_that_arrived_are_kept_or_merged_or_empty(arrived, question):
    fused = fuse(question_terms(question), read(question, arrived))
    fates = Counter({passage.document_id for passage in fused.passages})
    fates.update(fused.merged.keys())
    fates.update(fused.empty)
    assert fates == Counter(document.id for document, _ in arrived)


@given(arrivals(), st.data())
def test_a_citation_that_does_not_stand_is_dropped_with_what_stood_on_it(arrived, data):
    question = "What is the temperature in Boston?"
    fused = fuse(question_terms(question), read(question, arrived))
    draft = extract(question, fused, numbers={})
    if not draft.statements:
        return
    at = data.draw(st.integers(0, len(draft.statements) - 1))
    (citation,) = draft.statements[at].citations
    forged = data.draw(
        st.sampled_from(
            [
                replace(citation, quote=citation.quote + "!"),
                replace(citation, start=citation.start + 1),
                replace(citation, document=99),
                replace(citation, source="nobody"),
            ]
        )
    )
    statements = list(draft.statements)
    statements[at] = Statement(statements[at].text, (forged,))
    checked = standing(replace(draft, statements=tuple(statements)), fused.passages)
    assert checked.statements == draft.statements[:at] + draft.statements[at + 1 :]
    for conflict in checked.conflicts:
        for side in conflict.sides:
            assert re.search(rf"\[{side.number}\]", checked.text)


def test_a_draft_of_nothing_has_no_text():
    assert Draft().text == ""
    assert Draft().citations == ()
