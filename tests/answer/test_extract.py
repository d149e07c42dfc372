import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.answer import Draft, extract
from fanin.answer.draft import NOT_ANSWERED
from fanin.answer.extractive import MAX_SENTENCES, USUAL_SENTENCES
from fanin.fuse import Fused, fuse
from fanin.model import Citation, Document
from fanin.process import analyze, clean
from fanin.text.question_terms import question_terms

QUESTION = "What is the weather in Lisbon?"
FORECAST = "Rain crosses Lisbon on Tuesday, and the weather office expects 18 °C."

SENTENCES = st.sampled_from(
    (FORECAST, "Lisbon has\n  a new tram.", "The weather is bad.", "Heading", "Is it cold?", "Home | News | Lisbon")
) | st.sampled_from(
    ("It is dark in Porto.", "天気は晴れです。", "Stocks fell by 2 percent.", "", "Lisbon " * 90 + "ends.")
)


@st.composite
def arrivals(draw: st.DrawFn):
    arrived = []
    for source in "abcd":
        for number in range(1, draw(st.integers(0, 3)) + 1):
            text = draw(st.sampled_from([" ", "\n\n"])).join(draw(st.lists(SENTENCES, min_size=1, max_size=5)))
            kind = draw(st.sampled_from(["text/plain", "text/html"]))
            document = Document(text, source=source, number=number, media_type=kind)
            arrived.append((document, draw(st.booleans())))
    return arrived


def processed(question: str, arrived):
    return [(document, analyze(question, document) if whole else None) for document, whole in arrived]


def said(question: str, *texts: tuple[str, str], whole: bool = True) -> tuple[str, tuple[Citation, ...]]:
    counts: dict[str, int] = {}
    arrived = []
    for source, text in texts:
        counts[source] = counts.get(source, 0) + 1
        arrived.append((Document(text, source=source, number=counts[source]), whole))
    draft = extract(question, fuse(question_terms(question), processed(question, arrived)), numbers={})
    return draft.text, draft.citations


@given(arrivals(), st.sampled_from([QUESTION, "What's happening now?", "Who won the chess game?"]), st.randoms())
def test_every_citation_stands_and_every_order_of_arrival_gives_the_same_answer(arrived, question, chance):
    documents = {document.id: clean(document) for document, _ in arrived}
    arrived = processed(question, arrived)
    fused = fuse(question_terms(question), arrived)
    draft = extract(question, fused, numbers={})
    text, citations = draft.text, draft.citations
    assert bool(text) == bool(citations) == bool(fused.passages)
    assert len(citations) <= MAX_SENTENCES
    for citation in citations:
        name = f"{citation.source}/{citation.document}"
        assert documents[name][citation.start : citation.end] == citation.quote == citation.quote.strip()
        assert " ".join(citation.quote.split()).rstrip(":") in text
        assert f"[{citation.number}]" in text
        assert any(
            passage.document_id == name and passage.start <= citation.start and citation.end <= passage.end
            for passage in fused.passages
        )
    chance.shuffle(arrived)
    assert extract(question, fuse(question_terms(question), arrived), numbers={}) == draft


def test_an_answer_of_nothing_is_empty():
    numbers: dict[str, int] = {}
    assert extract(QUESTION, Fused(), numbers=numbers) == Draft()
    assert numbers == {}


@pytest.mark.parametrize("whole", [True, False])
def test_each_source_that_says_something_of_the_question_gets_its_word(whole: bool):
    text, citations = said(
        QUESTION,
        ("office", FORECAST),
        ("paper", "Bad weather closed the harbour of Lisbon. The ferries stay in port."),
        ("wiki", "Lisbon has a mild climate with little rain in summer."),
        ("sport", "The team won the cup again."),
        whole=whole,
    )
    assert {citation.source for citation in citations} == {"office", "paper", "wiki"}
    assert "cup" not in text


def test_one_loud_source_does_not_fill_the_answer():
    loud = " ".join(f"The weather in Lisbon on day {n} is as good as the weather of day {n - 1}." for n in range(2, 40))
    _, citations = said(
        QUESTION, ("loud", loud), ("shy", "In Lisbon it rains."), ("other", "Weather: storm near Lisbon today.")
    )
    sources = [citation.source for citation in citations]
    assert {"loud", "shy", "other"} == set(sources)
    assert len(sources) <= USUAL_SENTENCES


def test_the_best_sentence_of_a_document_is_first_and_the_others_follow_in_the_order_of_its_text():
    text, citations = said(
        "tram bridge",
        ("a", "The bridge is closed for two weeks. Nobody said why. The old tram runs again on Sunday."),
        ("b", "A tram left the rails near the old bridge on Friday."),
    )
    assert len(citations) == 3
    numbers = [citation.number for citation in citations]
    assert numbers == sorted(numbers)
    assert "bridge is closed for two weeks. [" in text
    best, other = [citation.quote for citation in citations if citation.source == "a"]
    assert best == "The old tram runs again on Sunday."
    assert other == "The bridge is closed for two weeks."


def test_a_question_that_only_asks_is_answered_with_the_first_sentence_of_each_source():
    text, citations = said(
        "What's happening now?",
        ("weather", "It rains in Lisbon. It will stop at noon."),
        ("news", "Parliament opened this morning. The speech was short."),
        ("money", "Stocks fell by 2 percent. Bonds rose."),
    )
    assert text == "Stocks fell by 2 percent. [1] Parliament opened this morning. [2] It rains in Lisbon. [3]"
    assert [citation.source for citation in citations] == ["money", "news", "weather"]


def test_a_question_that_no_source_answers_gets_what_comes_nearest_and_is_told_so():
    text, _ = said(
        "quantum chromodynamics", ("a", "Weather\n\nIt rains in Lisbon today."), ("b", "Stocks fell by two percent.")
    )
    assert text == f"{NOT_ANSWERED} It rains in Lisbon today. [1] Stocks fell by two percent. [2]"
    assert NOT_ANSWERED == "The sources do not say. What comes nearest:"


def test_first_sentences_of_further_documents_fill_the_answer():
    items = [("feed", f"Message number {n} is of interest.") for n in range(1, 9)]
    _, citations = said("What's new?", ("other", "The sun is out today."), *items)
    assert len(citations) == USUAL_SENTENCES
    assert citations[-1].source == "feed"


def test_headings_menus_and_questions_are_quoted_only_when_there_is_nothing_better():
    text, _ = said(
        QUESTION, ("a", "Lisbon weather\n\nWhat is the weather in Lisbon?\n\nRain is expected in Lisbon all day.")
    )
    assert text == "Rain is expected in Lisbon all day. [1]"
    text, _ = said(QUESTION, ("a", "Lisbon weather"))
    assert text == "Lisbon weather [1]"


def test_white_space_is_collapsed_in_the_text_and_kept_in_the_quote():
    text, (citation,) = said(QUESTION, ("a", "The weather of\n   today in Lisbon is  fine."))
    assert text == "The weather of today in Lisbon is fine. [1]"
    assert citation.quote == "The weather of\n   today in Lisbon is  fine."


def test_what_another_sentence_says_already_is_not_said_again():
    filler = "It was told by many people in many places at many times. " * 8
    text, _ = said(
        QUESTION,
        ("a", f"The weather in Lisbon is fine and warm today. {filler}"),
        ("b", f"Today the weather in Lisbon is fine and warm. {filler.replace('many', 'several')}"),
    )
    assert text.count("fine and warm") == 1


def test_a_sentence_with_another_number_is_said_too():
    measured = "The weather office of Lisbon measured {} degrees."
    text, _ = said(QUESTION, ("a", measured.format(18)), ("b", measured.format(21)))
    assert "18 degrees" in text
    assert "21 degrees" in text


def test_a_document_keeps_its_number_while_the_answer_grows():
    numbers: dict[str, int] = {}
    late = (Document(FORECAST, source="a"), None)
    early = (Document("The weather in Lisbon is mild.", source="b"), None)
    first = extract(QUESTION, fuse(question_terms(QUESTION), [early]), numbers=numbers).citations
    assert [(each.source, each.number) for each in first] == [("b", 1)]
    second = extract(QUESTION, fuse(question_terms(QUESTION), [late, early]), numbers=numbers).citations
    assert {(each.source, each.number) for each in second} == {("a", 2), ("b", 1)}
    assert numbers == {"b/1": 1, "a/1": 2}


def test_a_passage_that_fits_by_its_title_speaks_through_its_first_sentence():
    document = Document("Heavy showers are expected all day. Bring boots.", title="Weather in Lisbon", source="a")
    draft = extract(QUESTION, fuse(question_terms(QUESTION), [(document, analyze(QUESTION, document))]), numbers={})
    text, (citation,) = draft.text, draft.citations
    assert text.startswith("Heavy showers are expected all day. [1]")
    assert citation.title == "Weather in Lisbon"


def test_a_dozen_sources_that_all_speak_of_the_question_share_the_answer():
    texts = [
        (f"s{n:02}", f"Reporter {n} says that the weather in Lisbon is number {n} of the list.") for n in range(12)
    ]
    _, citations = said(QUESTION, *texts)
    assert len({citation.source for citation in citations}) == len(citations) == MAX_SENTENCES


def test_code_in_a_document_does_not_fill_up_an_answer() -> None:
    text = (
        'The command keeps answers of sources in one file.\n\n```toml\nstore = "answers.sqlite"   # the file in which'
        " the command keeps the answers of all sources\n```\n\n| answers | the command keeps answers in a file |"
    )
    told, _ = said("Where does the command keep answers of sources?", ("docs", text))
    assert told == "The command keeps answers of sources in one file. [1]"


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("How many people live in Arndale?", "In 2024"),
        ("How many people lived in Arndale in 2011?", "In 2011"),
    ],
)
def test_of_figures_of_several_years_the_newest_is_first_unless_a_year_was_asked_for(question: str, first: str) -> None:
    text, _ = said(
        question,
        ("a", "In 2011 12,480 people lived in Arndale."),
        ("b", "In 2024 14,902 people lived in Arndale."),
    )
    assert text.startswith(first)
