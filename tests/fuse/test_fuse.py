import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.fuse import Fused, fuse
from fanin.fuse.ranking import K
from fanin.model import Document
from fanin.process import analyze, clean
from fanin.text.question_terms import question_terms

STORY = (
    "The city council of Lisbon approved the new tram line on Tuesday after a debate of six hours. The line will run "
    "from the river to the university and has fourteen stops. Work begins in March, costs 120 million euros and is to "
    "be finished within three years, the mayor said, because half of the tracks are there already."
)
RETOLD = STORY.replace("approved the new tram line", "has approved the new tram line").replace("because", "since")
OTHER = "The museum of Porto shows paintings by women of the nineteenth century, most of them for the first time."
QUESTION = "When is the tram line in Lisbon finished?"

SENTENCES = st.sampled_from(
    ("The tram is late.", "Lisbon is sunny.", "Rain in Porto, 18 °C.", "Rain in Lisbon, 18 °C.", STORY, RETOLD, OTHER)
) | st.sampled_from(("Heading", "", " \n", "天気は晴れです。", "<p>x</p>", "\u200b"))
VALUES = st.sampled_from(("analysis", None, {"mine": 1}, [], {"passages": [], "statistics": 3}, {"statistics": {}}, 7))
TITLES = st.sampled_from(("", "Lisbon"))


@st.composite
def arrivals(draw: st.DrawFn):
    arrived = []
    for source in "abc":
        for number in range(1, draw(st.integers(0, 3)) + 1):
            text = " ".join(draw(st.lists(SENTENCES, min_size=1, max_size=3)))
            kind = draw(st.sampled_from(["text/plain", "text/html"]))
            document = Document(
                text, source=source, number=number, media_type=kind, title=draw(st.sampled_from(["", "Lisbon"]))
            )
            value = draw(VALUES)
            arrived.append((document, analyze(QUESTION, document) if value == "analysis" else value))
    return arrived


def analysed(text: str, source: str, number: int = 1, question: str = QUESTION):
    document = Document(text, source=source, number=number)
    return document, analyze(question, document)


def bare(text: str, source: str, number: int = 1, title: str = ""):
    return Document(text, source=source, number=number, title=title), None


def ids(fused: Fused) -> list[str]:
    return [passage.document_id for passage in fused.passages]


def freshness_of(fused: Fused) -> list[float]:
    return [each.freshness for each in fused.candidates]


def known(fused: Fused) -> list[tuple[object, ...]]:
    """What is known of each passage beside its text."""
    return [(each.sentences, each.fit, each.matches, each.freshness) for each in fused.candidates]


@given(arrivals(), st.sampled_from([QUESTION, "What's happening now?", ""]), st.randoms())
def test_every_document_is_kept_or_merged_or_empty_in_any_order_of_arrival(arrived, question, chance: random.Random):
    fused = fuse(question_terms(question), arrived)
    everything = {document.id for document, _ in arrived}
    kept = set(ids(fused))
    assert kept | fused.merged.keys() | set(fused.empty) == everything
    assert len(kept) + len(fused.merged) + len(fused.empty) == len(everything)
    assert set(fused.merged.values()) <= kept
    shuffled = list(arrived)
    chance.shuffle(shuffled)
    again = fuse(question_terms(question), shuffled)
    assert (again, known(again)) == (fused, known(fused))


@given(arrivals())
def test_passages_stand_in_their_documents_and_fall_in_score(arrived):
    fused = fuse(question_terms(QUESTION), arrived)
    documents = {document.id: clean(document) for document, _ in arrived}
    for passage in fused.passages:
        assert documents[passage.document_id][passage.start : passage.end] == passage.text
    scores = [passage.score for passage in fused.passages]
    assert scores == sorted(scores, reverse=True)
    for passage, found in zip(fused.passages, fused.candidates, strict=True):
        assert all(passage.start <= sentence.start < sentence.end <= passage.end for sentence in found.sentences)


def test_nothing_that_arrived_gives_nothing():
    assert fuse(question_terms("anything"), []) == Fused()


@pytest.mark.parametrize("arrive", [analysed, bare])
def test_a_story_that_two_sources_tell_is_kept_once_with_both_origins(arrive):
    fused = fuse(question_terms(QUESTION), [arrive(STORY, "paper"), arrive(RETOLD, "radio"), arrive(OTHER, "museum")])
    assert set(ids(fused)) == {"paper/1", "museum/1"}
    assert fused.merged == {"radio/1": "paper/1"}
    assert fused.passages[0].also == ("radio/1",)


def test_a_story_that_one_source_tells_twice_is_kept_once():
    fused = fuse(question_terms(QUESTION), [analysed(STORY, "paper", 1), analysed(STORY, "paper", 2)])
    assert fused.merged == {"paper/2": "paper/1"}
    assert fused.passages[0].also == ("paper/2",)


def test_an_analysed_document_and_one_that_was_not_processed_in_time_are_merged_too():
    fused = fuse(question_terms(QUESTION), [analysed(STORY, "paper"), bare(STORY, "radio"), bare(OTHER, "museum")])
    assert fused.merged == {"radio/1": "paper/1"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("120 million", "190 million"),
        ("Lisbon", "Porto"),
        ("council of Lisbon approved", "council of Lisbon never approved"),
        ("on Tuesday", "on Friday"),
    ],
)
def test_a_different_number_name_or_denial_is_never_merged_away(one: str, other: str):
    fused = fuse(question_terms(QUESTION), [analysed(STORY, "paper"), analysed(STORY.replace(one, other), "radio")])
    assert set(ids(fused)) == {"paper/1", "radio/1"}


def test_a_document_with_one_new_passage_is_kept_though_the_rest_is_merged():
    more = "A second story, of which nobody else knows, is that the funicular will be closed for repairs. " * 6
    fused = fuse(question_terms(QUESTION), [analysed(STORY, "paper"), analysed(f"{STORY}\n\n{more}", "radio")])
    assert fused.merged == {}
    assert "radio/1" in ids(fused)
    assert sum(STORY[:40] in passage.text for passage in fused.passages) == 1


def test_what_two_sources_say_ranks_above_what_one_says():
    seen = ["The tram line is finished in May.", "The tram line is finished in June."]
    arrived = [bare(seen[0], "a"), bare(seen[1], "b"), bare(seen[1], "c")]
    fused = fuse(question_terms(QUESTION), arrived)
    assert fused.passages[0].text == seen[1]
    assert fused.passages[0].also == ("c/1",)
    assert fused.passages[0].score > fused.passages[1].score


def test_a_rank_is_the_sum_of_reciprocal_ranks_times_the_weight_of_the_source():
    arrived = [bare("The tram line is ready.", "a"), bare("Nothing to tell.", "b"), bare("Bad weather.", "b", 2)]
    fused = fuse(question_terms(QUESTION), arrived, weights={"b": 3.0})
    scores = {passage.document_id: passage.score for passage in fused.passages}
    assert K == 60
    assert scores == {"b/1": 3 / (K + 1), "b/2": 3 / (K + 2), "a/1": 2 / (K + 1)}


def test_a_heavier_source_goes_first_among_equals():
    arrived = [bare("Sunny in Faro.", "a"), bare("Cloudy in Braga.", "b")]
    assert ids(fuse(question_terms("what now?"), arrived)) == ["a/1", "b/1"]
    assert ids(fuse(question_terms("what now?"), arrived, weights={"b": 1.1})) == ["b/1", "a/1"]


def test_passages_with_rarer_words_of_the_question_go_first():
    arrived = [bare(f"The line number {n} is long.", "a", n) for n in range(1, 6)] + [bare("The tram is red.", "b", 1)]
    assert ids(fuse(question_terms("Is the tram line long?"), [*arrived, bare("It rains.", "c")]))[0] == "b/1"


def test_a_title_that_speaks_of_the_question_helps_its_document():
    arrived = [bare("Heavy showers all day.", "a"), bare("Heavy traffic all day.", "b", title="Tram news")]
    fused = fuse(question_terms(QUESTION), arrived)
    assert ids(fused) == ["b/1", "a/1"]
    assert fused.candidates[0].fit > 0 == fused.candidates[1].fit


@pytest.mark.parametrize("value", [None, 3, "text", {"sentiment": 0.5}, {"passages": [{"start": 0}], "statistics": {}}])
def test_of_a_document_with_a_value_of_the_users_own_the_first_sentences_are_the_passage(value):
    text = "First comes this. " * 10 + "Then much more is told about it. " * 200
    fused = fuse(question_terms(QUESTION), [(Document(text, source="a"), value)])
    (passage,) = fused.passages
    assert text.startswith(passage.text)
    assert 400 < len(passage.text) <= 500
    assert passage.text.endswith(".")


def test_a_sentence_of_an_analysis_that_is_not_in_its_passage_is_not_believed():
    document, analysis = analysed(f"{OTHER} {STORY}", "a")
    beyond = analysis["passages"][0]["sentences"][0] | {"end": 10_000}
    analysis["passages"][0]["sentences"].insert(0, beyond)
    fused = fuse(question_terms(QUESTION), [(document, analysis)])
    assert all(sentence.end <= fused.passages[0].end for sentence in fused.candidates[0].sentences)


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("x" * 2000, "x" * 520),
        ("word " * 200, ("word " * 100).strip()),
        ("  \n Short and good. ", "Short and good."),
        ("Good \x1b[31mday\x1b[0m.", "Good      day    ."),
        (
            " \n\x00" * 1000 + "Late. But there. " + "And more of it. " * 99,
            "Late. But there. " + "And more of it. " * 30,
        ),
        ("Dr. Who came. He left.", "Dr. Who came. He left."),
    ],
)
def test_the_opening_of_an_unusual_text(text: str, passage: str):
    (only,) = fuse(question_terms(QUESTION), [bare(text, "a")]).passages
    assert only.text == passage.strip()
    assert clean(Document(text))[only.start : only.end] == only.text


def test_the_opening_of_html_is_readable_text():
    page = Document("<nav>Menu</nav><h1>Trams</h1><p>The line is ready.</p>", media_type="text/html", source="a")
    (passage,) = fuse(question_terms(QUESTION), [(page, None)]).passages
    assert passage.text == "Trams\n\nThe line is ready."


@pytest.mark.parametrize("unit", ["<p>One &amp; two three. ", "word ", "<b>Bold</b> words go on, ", "<li>item"])
def test_the_opening_of_a_long_page_stands_in_its_cleaned_text(unit: str):
    page = Document("<head><script>" + "x" * 20_000 + "</script></head>" + unit * 20_000, media_type="text/html")
    (passage,) = fuse(question_terms(QUESTION), [(page, None)]).passages
    assert clean(page)[passage.start : passage.end] == passage.text
    assert 100 < len(passage.text) <= 520


def test_documents_without_words_are_named_as_empty():
    fused = fuse(question_terms(QUESTION), [bare("\u200b", "a"), analysed("\x00", "b"), bare("Words.", "c")])
    assert fused.empty == ("a/1", "b/1")
    assert ids(fused) == ["c/1"]


def test_thousands_of_documents_keep_one_passage_each():
    arrived = [bare(f"Message {n} of the day came from town {n * 7}.", f"s{n % 5}", n) for n in range(1, 3001)]
    assert len(fuse(question_terms(QUESTION), arrived).passages) == 3000


def test_many_analysed_documents_share_the_places():
    text = "\n\n".join(f"{'Tram number ' + str(n)} goes to stop {n * 3}. " * 12 for n in range(12))
    arrived = [analysed(text.replace("stop", f"stop {source}"), f"s{source}") for source in range(60)]
    fused = fuse(question_terms(QUESTION), arrived)
    assert len({*ids(fused), *fused.merged}) == 60
    assert len(fused.passages) <= 480


NOW = (datetime(2026, 11, 23, 14, tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


def dated(published: str, source: str, text: str = "The tram line is open.") -> tuple[Document, None]:
    return Document(f"{text} {source}", source=source, published=published), None


def test_the_newest_goes_first_when_the_question_asks_for_what_is_new():
    arrived = [
        dated("2019-05-01", "a"),
        dated("", "b"),
        dated("2026-11-23T13:00:00+00:00", "c"),
        dated("2026-11-22", "d"),
    ]
    assert ids(fuse(question_terms("tram line"), arrived)) == ["a/1", "b/1", "c/1", "d/1"]
    assert ids(fuse(question_terms("tram line"), arrived, window=NOW)) == ["c/1", "d/1", "a/1", "b/1"]


@pytest.mark.parametrize(
    ("published", "freshness"),
    [
        ("2026-11-23T14:00:00Z", 1.0),
        ("2026-11-23T15:00:00+01:00", 1.0),
        ("2026-11-24", 1.0),
        ("2026-11-22T14:00", 1 / 2),
        ("2026-11-22T15:00+01:00", 1 / 2),
        ("2026-11-16T14:00", 1 / 8),
        ("", 0.0),
        ("yesterday", 0.0),
        ("9999-12-31", 1.0),
    ],
)
def test_freshness_falls_with_the_days_since_a_document_was_published(published: str, freshness: float):
    assert freshness_of(fuse(question_terms("tram"), [dated(published, "a")], window=NOW)) == [freshness]


def test_documents_from_the_days_that_were_asked_for_go_first():
    arrived = [dated("2026-11-23", "a"), dated("2019-05-03T10:00", "b"), dated("2019-05-05", "c"), dated("1999", "d")]
    window = (datetime(2019, 5, 1, tzinfo=UTC), datetime(2019, 5, 4, tzinfo=UTC))
    fused = fuse(question_terms("tram line"), arrived, window=window)
    assert ids(fused)[:2] == ["b/1", "c/1"]
    assert freshness_of(fused)[:2] == [1.0, 0.5]


def test_a_document_without_a_date_loses_nothing_when_nobody_asks_for_what_is_new():
    arrived = [dated("", "a"), dated("2026-11-23", "b")]
    assert freshness_of(fuse(question_terms("tram"), arrived)) == [0.0, 0.0]
