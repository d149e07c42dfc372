import json
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.model import Document
from fanin.process import analyze, clean
from fanin.process.passage_choice import TOP
from fanin.process.passages import passages

WEATHER = """Weather in Lisbon

A band of rain crosses Lisbon on Tuesday morning. The wind turns to the north-west and reaches 45 km/h along the
river. By the afternoon the rain is gone and the temperature climbs to 18 degrees.

The football club presented its new coach. He comes from Porto and has won two cups. Tickets for the first match go on
sale on Friday, and members of the club may buy two each before anybody else does."""

PIECES = st.lists(
    st.sampled_from(
        ["Rain. ", "The wind turns. ", "\n\n", "\n", "word " * 30, "天気は晴れです。", "São Paulo. ", "3.14 "]
    )
    | st.text(st.characters(exclude_categories=()), max_size=6)
).map("".join)


@given(PIECES, st.sampled_from(["wind in Lisbon", "", "天気", "what now?"]), st.integers(0, 1000))
def test_every_span_is_verbatim_and_the_analysis_is_json(text: str, question: str, start: int):
    document = Document(text, start=start)
    cleaned = clean(document)
    analysis = analyze(question, document)
    assert json.loads(json.dumps(analysis)) == analysis
    assert len(analysis["passages"]) <= TOP
    for passage in analysis["passages"]:
        assert cleaned[passage["start"] - start : passage["end"] - start] == passage["text"] != ""
        end = passage["start"]
        for sentence in passage["sentences"]:
            assert end <= sentence["start"] < sentence["end"] <= passage["end"]
            end = sentence["end"]


def test_a_text_without_words_gives_no_passages():
    for text in ("", " \n\t ", "\x00\u200b\x1b[2J"):
        analysis = analyze("rain in Lisbon", Document(text))
        assert (analysis["passages"], analysis["summary"], analysis["key_phrases"]) == ([], "", [])
        assert analysis["statistics"] == {"passages": 0, "frequencies": {"rain": 0, "lisbon": 0}}


def test_the_passage_that_answers_comes_first_with_its_matches():
    analysis = analyze("How much rain is there in Lisbon?", Document(WEATHER))
    first, *others = analysis["passages"]
    assert "band of rain" in first["text"]
    assert first["matches"] == {"rain": 2, "lisbon": 2}
    assert all(first["similarity"] > other["similarity"] for other in others)
    assert analysis["statistics"] == {"passages": 2, "frequencies": {"rain": 1, "lisbon": 1}}


SETTINGS = (
    """Fees

Adults pay 4 euros.

Opening hours

It is open from nine to five.

"""
    + "The gate is wide. " * 60
)


def told(sections: object, question: str = "opening hours") -> list[tuple[str, float]]:
    analysis = analyze(question, Document(SETTINGS, "Museum", metadata={"sections": sections}))  # pyright: ignore
    return [(passage["text"], sum(passage["matches"].values())) for passage in analysis["passages"]]


def test_a_passage_is_of_one_section_and_has_half_of_the_words_of_its_headings():
    sections = [[0, "Museum > Fees"], [SETTINGS.index("Opening"), "Museum > Opening hours"]]
    (first, matches), *others = told(sections)
    assert (first.startswith("Opening hours\n"), matches) == (True, 3)
    assert {(text.startswith("The gate"), matches) for text, matches in others[:-1]} == {(True, 1.0)}
    assert others[-1] == ("Fees\n\nAdults pay 4 euros.", 0)


@pytest.mark.parametrize("sections", [None, 7, "Fees", [], [7], [["Fees", 0]], [[0]], [[0, "Fees", 1]], {"a": 1}])
def test_sections_that_are_none_are_passed_over(sections: object):
    assert told(sections) == told([])


def test_a_document_of_one_section_has_its_heading():
    document = Document("It is open from nine to five.", "Museum", metadata={"heading": "Museum > Opening hours"})
    [passage] = analyze("When does the museum have its hours?", document)["passages"]
    assert passage["matches"] == {"hour": 0.5}


def test_the_summary_is_of_whole_sentences_that_speak_of_the_question():
    analysis = analyze("How much rain is there in Lisbon?", Document(WEATHER))
    assert analysis["summary"].startswith("A band of rain crosses Lisbon on Tuesday morning.")
    football = analyze("Who is the new coach of the football club?", Document(WEATHER))
    assert "The football club presented its new coach." in football["summary"]


def test_a_question_without_a_subject_leaves_the_passages_in_the_order_of_the_text():
    analysis = analyze("What's happening now?", Document(WEATHER))
    starts = [passage["start"] for passage in analysis["passages"]]
    assert starts == sorted(starts)
    assert analysis["statistics"]["frequencies"] == {}


def test_a_single_sentence_has_no_key_phrases_for_it_is_read_as_soon():
    assert analyze("rates", Document("The central bank raised interest rates."))["key_phrases"] == []


def test_key_phrases_stand_in_the_text_as_written_and_come_back_often():
    text = "The European Central Bank met. The European Central Bank is in Frankfurt. Ask the European Central Bank."
    phrases = analyze("rates", Document(text))["key_phrases"]
    assert phrases[0] == "European Central Bank"
    assert len(phrases) <= 8
    assert all(phrase in text for phrase in phrases)


def test_a_title_that_speaks_of_the_question_is_told():
    document = Document("Heavy showers are expected all day.", title="Lisbon's weather")
    assert analyze("weather in Lisbon", document)["title"] == {"weather": 1, "lisbon": 1}


def test_offsets_in_html_count_in_the_cleaned_text():
    page = Document(
        "<body><nav>Home</nav><h1>Lisbon</h1><p>Rain &amp; wind in <b>Lisbon</b>.</p>", media_type="text/html"
    )
    passage = analyze("rain in Lisbon", page)["passages"][0]
    assert clean(page)[passage["start"] : passage["end"]] == passage["text"] == "Lisbon\n\nRain & wind in Lisbon."


def test_chinese_is_matched_by_pairs_of_characters():
    analysis = analyze("東京の天気", Document("大阪は晴れです。\n\n東京の天気は雨でしょう。明日も雨です。"))
    assert analysis["passages"][0]["matches"]["天気"] == 1


def test_a_slip_of_the_pen_is_still_similar():
    analysis = analyze("barametric presure", Document("The barometric pressure is falling."))
    assert analysis["passages"][0]["matches"] == {}
    assert analysis["passages"][0]["similarity"] > 0.25


def test_accents_and_forms_of_a_word_match():
    analysis = analyze("Sao Paulo elections", Document("The election in São Paulo was close."))
    assert analysis["passages"][0]["matches"] == {"sao": 1, "paulo": 1, "elect": 1}


def test_passages_are_of_the_size_of_a_paragraph_and_hold_every_sentence():
    paragraph = "One sentence of exactly eight words is here. " * 40
    read = passages((paragraph + "\n\n") * 3)
    assert all(60 <= passage.length <= 120 for passage in read)
    assert sum(len(passage.sentences) for passage in read) == 120


def test_a_passage_does_not_cross_an_empty_line_unless_the_paragraph_is_tiny():
    long = "This paragraph has a good number of words, forty at least. " * 5
    read = passages(f"A heading\n\n{long}\n\n{long}")
    assert [passage.start for passage in read] == [0, 11 + len(long) + 2]


@pytest.mark.parametrize(
    "unit", ["<div>", "word ", "x", ". ", "A\n", "天", "Mr. ", "a b. ", "\n\n", "'", "http://a.b/c?d "]
)
def test_hostile_documents_take_work_in_proportion_to_their_length(unit: str, grows_in_proportion):
    for media_type in ("text/plain", "text/html"):
        document = partial(Document, media_type=media_type)
        grows_in_proportion(lambda text, document=document: analyze("word in a document", document(text)), unit)


def test_a_passage_in_other_words_than_the_question_is_similar_and_one_on_another_subject_is_not():
    texts = ("The boat departs at nine.", "The chess club meets.")
    boat, club = (analyze("When does the ferry leave?", Document(text))["passages"][0]["similarity"] for text in texts)
    assert boat > 0.4
    assert club == 0.0


LEAD = "Take these with you:"


@pytest.mark.parametrize(("before", "gap", "item"), [(3, "\n\n", "a rope"), (6, "\n", f"a {'very ' * 20}long rope")])
def test_what_leads_to_a_list_is_in_the_passage_of_the_list(before: int, gap: str, item: str) -> None:
    spoken = "The ferry sails at nine and comes back when the tide allows it. " * before
    text = f"{spoken}{gap}{LEAD}{gap}- {item}\n- {item}\n- {item}\n- {item}"
    (leading,) = [text[each.start : each.end] for each in passages(text) if LEAD in text[each.start : each.end]]
    assert f"{LEAD}{gap}- {item}" in leading
