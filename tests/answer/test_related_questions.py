"""Related questions come from headings and names that the question did not ask about."""

from dataclasses import replace

import pytest

from fanin.answer.related_questions import related_questions, unquoted
from fanin.model import Citation, Passage
from fanin.text.question_terms import question_terms

MUSEUM = """Opening hours

The museum opens at nine. It closes at five.

Tickets and prices

A ticket costs 12 euros. Children pay nothing.

Is there a lift?

Yes, beside the entrance.

History

The museum was designed by Clara Holm, and Peter van Loon paid for it."""
TIDES = "High tide is at noon. The table is made by the Harbour Office of Port Merrow, not by Anna Lind."


def passage(text: str, *, title: str = "", source: str = "kb", document: int = 1, start: int = 0) -> Passage:
    return Passage(text, source, document, start, start + len(text), 1.0, title)


def citation(of: Passage, quote: str) -> Citation:
    start = of.start + of.text.index(quote)
    return Citation(1, quote, of.source, of.document, start, start + len(quote), of.title)


def related(question: str, of: Passage, quote: str, *, language: str = "") -> tuple[str, ...]:
    return related_questions(question_terms(question), [citation(of, quote)], [of], language=language)


@pytest.mark.parametrize(
    ("question", "of", "quote", "expected"),
    [
        (
            "When does the museum open?",
            passage(MUSEUM, title="Town museum"),
            "The museum opens at nine.",
            ("Town museum: Tickets and prices?", "Is there a lift?", "Town museum: History?"),
        ),
        (
            "How much is a ticket, and what is the price for children?",
            passage(MUSEUM),
            "A ticket costs 12 euros.",
            ("Opening hours?", "Is there a lift?", "History?"),
        ),
        (
            "What are the opening hours, is there a lift, and what is its history?",
            passage(MUSEUM, title="Town museum", start=40),
            "A ticket costs 12 euros.",
            ("What about Clara Holm?", "What about Peter van Loon?"),
        ),
        (
            "When is high tide?",
            passage(TIDES),
            "High tide is at noon.",
            ("What about Harbour Office of Port Merrow?", "What about Anna Lind?"),
        ),
        (
            "When is high tide in Port Merrow?",
            passage("High tide is at noon. So says Anna Lind."),
            "High tide is at noon.",
            ("What about Anna Lind?",),
        ),
        (
            "Who is Anna Lind?",
            passage("Anna Lind is a painter. Her tutor was Anna Lind too."),
            "Anna Lind is a painter.",
            (),
        ),
        (
            "When is high tide?",
            passage("High tide is at noon. It came on Good Friday April."),
            "High tide is at noon.",
            (),
        ),
    ],
)
def test_headings_come_first_then_names(question: str, of: Passage, quote: str, expected: tuple[str, ...]) -> None:
    assert related(question, of, quote) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", "Was ist mit Anna Lind?"),
        ("fr", "Et Anna Lind ?"),
        ("es", "¿Y Anna Lind?"),
        ("xx", "What about Anna Lind?"),
    ],
)
def test_a_name_is_asked_about_in_the_language_of_the_question(language: str, expected: str) -> None:
    of = passage("High tide is at noon. So says Anna Lind.")
    assert related("When is high tide?", of, "High tide is at noon.", language=language) == (expected,)


def test_code_rows_and_whole_sentences_are_no_headings() -> None:
    of = passage("Noon.\n\nport = 8080\n\n- a list\n\nIt is a sentence of its own.\n\nTides\n\nHigh tide is at noon.")
    assert related("Where?", of, "Noon.") == ("Tides?",)


def test_passages_of_a_cited_page_make_questions_too() -> None:
    cited = Passage("High tide is at noon. Low tide at six.", "kb", 1, 0, 38, 1.0, "Tides", "file:///tides.md")
    same = Passage("Currents\n\nThey are strong.", "kb", 2, 0, 26, 1.0, "Tides", "file:///tides.md")
    other = Passage("Storms\n\nThey are rare.", "kb", 3, 0, 22, 1.0, "Wind", "file:///wind.md")
    quoted = [replace(citation(cited, "High tide is at noon."), url=cited.url)]
    asked = question_terms("When is high tide?")
    assert related_questions(asked, quoted, unquoted(quoted, [cited, same, other])) == ("Tides: Currents?",)


def test_documents_that_are_not_cited_make_no_questions() -> None:
    cited, other = passage("High tide is at noon. Low tide at six."), passage("So says Anna Lind.", document=2)
    quoted = [citation(cited, "High tide is at noon.")]
    assert unquoted(quoted, [cited, other]) == [cited]


def test_passages_that_are_quoted_whole_have_nothing_more_to_say() -> None:
    whole, part = passage("High tide is at noon."), passage("Low tide is at six. So says Anna Lind.", document=2)
    quoted = [citation(whole, "High tide is at noon."), citation(part, "Low tide is at six.")]
    assert unquoted(quoted, [whole, part]) == [part]
    assert unquoted([], [whole, part]) == []
