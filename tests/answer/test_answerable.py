"""Which questions the sources do not answer, and, more important, which they do."""

import pytest

from fanin.answer.answerable import MIN_PASSAGE_SIMILARITY, MIN_SENTENCE_SIMILARITY, SILENT, doubt_about
from fanin.answer.candidate_sentences import CandidateSentence, fitting_sentences
from fanin.answer.extractive import extract
from fanin.fuse import Candidate, Fused, Sentence, fuse
from fanin.model import Document, Passage
from fanin.process import analyze
from fanin.text.question_terms import question_terms

WEATHER = "The weather in Lisbon is clear sky: the temperature is 18 °C. The wind is a light breeze of 8 km/h."
TRAM = "The new tram line of Lisbon costs 120 million euros. It has fourteen stops and opens in March."
PYTHON = "asyncio.timeout() limits the time that a block of code may take. It raises TimeoutError."
STORY = "Parliament voted on Tuesday. The budget passed with 120 votes to 98, and the session closed at noon."

ANSWERED = [
    ("What is the weather in Lisbon?", WEATHER, ""),
    ("what is the weather in lisbon", WEATHER, ""),
    ("WHAT IS THE WEATHER IN LISBON?", WEATHER, ""),
    ("Will it rain in Lisbon on Sunday?", "Showers, then rain, are expected all week.", "Lisbon"),
    ("How warm is it in Lisbon?", "It is 18 °C at the river.", "Weather in Lisbon"),
    ("How strong is the wind in Lisbon?", WEATHER, ""),
    ("How many stops does the Lisbon tram have?", TRAM, ""),
    ("When does the tram line open?", TRAM, ""),
    ("What does the tram cost?", TRAM, ""),
    ("weather", WEATHER, ""),
    ("How do I limit the time of a block in asyncio?", PYTHON, ""),
    ("Did the budget pass?", STORY, ""),
    ("What's happening now?", STORY, ""),
    ("What's the latest?", WEATHER, ""),
    ("How did parliament vote, and when did the session close?", STORY, ""),
    ("What's new in Lisbon?", TRAM, ""),
    ("天気はどうですか", "今日の天気は晴れです。", ""),
    ("What is the price of a ticket?", "A ticket costs four euros.", ""),
    ("Who leads the orchestra?", "The conductor of the orchestra is Mara Lind.", ""),
    ("How many people live in the valley?", "The valley has 310 inhabitants.", ""),
    ("How heavy is the bell?", "The bell weighs 900 kilograms.", ""),
    ("How long does a passport last?", "A passport is valid for ten years.", ""),
    ("How do I delete a note?", "To remove a note, press Delete.", ""),
    ("When was the mill begun?", "The building of the mill started in 1788.", ""),
    ("What is the defualt of keep_alive?", "The default of keep_alive is 30 s.", ""),
    ("Wie hoch ist der Standardwert von keep_alive?", "The default of keep_alive is 30 s.", ""),
]
UNTOLD = [
    ("Who won the chess game?", WEATHER),
    ("Does the red boat carry heavy cargo north?", "The boat is new."),
    ("What is the weather in Porto?", WEATHER),
    ("What is the population of Norway?", TRAM),
    ("Who wrote Hamlet?", STORY),
    ("How do I bake sourdough bread?", PYTHON),
    ("quantum chromodynamics", WEATHER),
    ("What does Anna Karlsson say about the tram line?", TRAM),
    ("How far is the airport from the old castle?", TRAM),
    ("Which vaccine protects against measles?", STORY),
    ("What is the price of copper?", WEATHER),
    ("When was the cathedral of Braga built?", TRAM),
    ("kubernetes", STORY),
    ("weather in Porto?", "The weather in Faro."),
    ("Is the museum of Braga open?", "Is the museum of Beja open?"),
    ("Who is the mayor's deputy?", "The town hall's telephone number is 555 0190. The mayor's office opens at ten."),
    ("What is the captain's salary?", "The captain of the Gudrun has an office on deck 2."),
    ("How much does a horse cost on the ferry?", "A car costs 40 euros on the ferry, a bicycle costs 5 euros."),
    ("What is the default of keep_dead?", "The default of keep_alive is 30 s. It is a default that suits most."),
    ("When does Sail 6 come out?", "Sail 5 came out in May. It was tested for a year."),
    ("Who is the captain of the Solvei?", "The captain of the Gudrun is Ida Berg."),
    ("How many languages is the program translated into?", "The program runs on three systems."),
    ("How do I record a podcast?", "To record a macro, press Record."),
    ("glorp wibble snarf", "The default of keep_alive is 30 s."),
]


def is_silent(question: str, fused: Fused) -> bool:
    best = sorted(fitting_sentences(question, fused), key=CandidateSentence.order)
    return doubt_about(question, fused, best) > SILENT


@pytest.mark.parametrize("read", [True, False])
@pytest.mark.parametrize(("question", "text", "title"), ANSWERED)
def test_a_question_that_a_source_speaks_of_is_answered(question: str, text: str, title: str, read: bool) -> None:
    document = Document(text, title=title, source="a")
    other = Document("Stocks fell by two percent.", source="b")
    arrived = [(each, analyze(question, each) if read else None) for each in (document, other)]
    assert not is_silent(question, fuse(question_terms(question), arrived))


@pytest.mark.parametrize("read", [True, False])
@pytest.mark.parametrize(("question", "text"), UNTOLD)
def test_a_question_that_no_source_speaks_of_is_not_answered(question: str, text: str, read: bool) -> None:
    arrived = [
        (each, analyze(question, each) if read else None)
        for each in (Document(text, source="a"), Document("The library is closed for repairs.", source="b"))
    ]
    assert is_silent(question, fuse(question_terms(question), arrived))


def test_a_question_is_answered_if_one_of_its_parts_is() -> None:
    question = "How strong is the wind, will the storm flood the harbour, and are the ferries running?"
    documents = [Document("Ferries: not running.", source="a"), Document("The library is closed.", source="b")]
    fused = fuse(question_terms(question), [(each, analyze(question, each)) for each in documents])
    assert is_silent(question, fused)
    assert extract(question, fused, numbers={}).answered


@pytest.mark.parametrize(
    ("text", "answered", "doubtful"),
    [
        ("The boat leaves at nine.", True, False),
        ("The ferry departs at nine.", True, True),
        ("The stairs are steep.", False, False),
    ],
)
def test_what_is_told_in_other_words_may_not_answer(text: str, answered: bool, doubtful: bool) -> None:
    question, document = "When does the boat leave?", Document(text, source="a")
    draft = extract(question, fuse(question_terms(question), [(document, analyze(question, document))]), numbers={})
    assert (draft.answered, draft.doubtful) == (answered, doubtful)


def test_the_parts_of_an_answer_may_stand_in_several_passages_of_one_document() -> None:
    question = "How long does the Lisbon tram take to the university?"
    text = "\n\n".join([TRAM + " " + "More is told of the plans in the council's long report. " * 12, STORY * 3])
    document = Document(text + "\n\nTo the university it takes half an hour.", source="a")
    assert not is_silent(question, fuse(question_terms(question), [(document, analyze(question, document))]))


def test_who_has_not_read_everything_does_not_say_that_nothing_is_said() -> None:
    question = "Who won the chess game?"
    assert not is_silent(question, fuse(question_terms(question), [(Document(STORY * 20, source="a"), {"mine": 1})]))
    assert is_silent(question, fuse(question_terms(question), [(Document(STORY, source="a"), {"mine": 1})]))


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What is the weather in Lisbon?", {"lisbon"}),
        ("Will it rain on Sunday in Porto's harbour?", {"porto"}),
        ("Who is Ángela Pérez?", {"angela", "perez"}),
        ("What Is The Weather In Lisbon", set()),
        ("The door is shut. Yesterday it opened with St. Anne's key.", {"ann", "st"}),
        ("Does Q-gate open? Later it rained.", {"q-gate"}),
        ("how do I set work_mem?", {"work_mem"}),
        ("who is on 24-hour duty and/or call?", set()),
        ("weather in lisbon", set()),
        ("Weather", set()),
        ("", set()),
        ("Wie hoch ist der Turm in Lissabon?", set()),
        ("Was ist der Standardwert von max_size?", {"max_size"}),
    ],
)
def test_the_names_in_a_question(question: str, named: set[str]) -> None:
    assert question_terms(question).names == named


@pytest.mark.parametrize(
    ("similarity", "meaning", "silent"),
    [
        (MIN_SENTENCE_SIMILARITY, None, False),
        (MIN_SENTENCE_SIMILARITY - 0.01, None, True),
        (0.0, MIN_PASSAGE_SIMILARITY, False),
        (0.0, MIN_PASSAGE_SIMILARITY - 0.01, True),
    ],
)
def test_a_question_in_another_language_is_answered_from_a_fixed_similarity_on(
    similarity: float, meaning: float | None, silent: bool
) -> None:
    said = Passage("Boats sail.", "a", 1, 0, 11, 1.0, meaning=meaning)
    found = Candidate(
        Document(said.text, source="a"),
        1,
        text=said.text,
        start=0,
        length=2,
        matches={},
        similarity=similarity,
        sentences=[Sentence(0, 11, {}, similarity)],
        sketch=None,
    )
    question = "Wann legt die kleine rote Fähre von der Insel ab?"
    fused = Fused(passages=(said,), candidates=(found,), terms=question_terms(question))
    assert (MIN_SENTENCE_SIMILARITY, MIN_PASSAGE_SIMILARITY) == (0.6, 0.45)
    assert is_silent(question, fused) is silent
