"""How a sentence is judged and quoted together with its title, its heading, and the sentence that it refers to."""

import pytest

from fanin.answer import extract
from fanin.fuse import fuse
from fanin.model import Document
from fanin.process import analyze
from fanin.text.question_terms import question_terms

SETTINGS = (
    "Settings\n\nlog_depth (integer)\n\nSets how much is written. The default is 3.\n\n"
    "use_cache (boolean)\n\nTurns the cache on. The default is off.\n\n"
    "cache_size (integer)\n\nSets the size of the cache. The default value is 64 pages.\n\n"
)


def answer(question: str, *texts: str, title: str = "") -> str:
    documents = [Document(text, title, source="a", number=at) for at, text in enumerate(texts, 1)]
    arrived = [(document, analyze(question, document)) for document in documents]
    return extract(question, fuse(question_terms(question), arrived), numbers={}).text


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What is the default of log_depth?", "log_depth (integer): The default is 3. [1]"),
        ("What is the default of use_cache?", "use_cache (boolean): The default is off. [1]"),
        ("What is the default value of cache_size?", "cache_size (integer): The default value is 64 pages. [1]"),
    ],
)
def test_a_sentence_below_a_heading_is_quoted_with_what_it_is_about(question: str, first: str) -> None:
    assert answer(question, SETTINGS).startswith(first)


def test_the_title_says_what_a_sentence_is_about() -> None:
    told = answer(
        "How big is the tank of the Merlin stove?",
        "Figures\n\nIt holds 2.4 litres. Fill it up.",
        title="Merlin stove tank",
    )
    assert told.startswith("It holds 2.4 litres. [1]")


def test_a_sentence_that_refers_to_the_one_before_is_quoted_with_it() -> None:
    told = answer(
        "Which colours can a buoy have?", "Each buoy has a colour. There are two: red and green. Paint them yearly."
    )
    assert told.startswith("Each buoy has a colour. There are two: red and green. [1]")


def test_a_list_is_quoted_with_what_leads_to_it_and_without_its_marks() -> None:
    told = answer(
        "What may not be taken aboard?",
        "These may not be taken aboard:\n\n- gas bottles\n\n- fireworks\n\nEnjoy the trip.",
    )
    assert "fireworks" in told
    assert told.startswith("These may not be taken aboard")


def test_code_is_quoted_with_what_leads_to_it() -> None:
    told = answer(
        "How do I start the relay?", "You start the relay with this command:\n\n`relay --go`\n\nThe relay hums then."
    )
    assert "`relay --go`" in told


def test_what_holds_the_value_that_is_asked_for_is_first() -> None:
    text = "The Ouse tunnel was opened in 1911. The Ouse tunnel is popular. The Ouse tunnel is 612 metres long."
    assert answer("How long is the Ouse tunnel?", text).startswith("The Ouse tunnel is 612 metres long.")


def test_a_question_for_what_is_not_is_answered_by_what_is_not() -> None:
    text = "Gate 1 is working. Gate 2 is working. Gate 3 is not working. Gate 4 is working."
    assert answer("Which gates are not working?", text).startswith("Gate 3 is not working.")


def test_a_heading_is_no_answer() -> None:
    text = (
        "My pictures are pale after printing on plain paper at home\n\nPlain paper takes up less ink than photo paper."
    )
    told = answer(
        "Why are my pictures pale after printing?",
        text,
        title="My pictures are pale after printing on plain paper at home",
    )
    assert told == "Plain paper takes up less ink than photo paper. [1]"
