"""What holds of whatever is read from a question, whoever wrote it."""

from datetime import date, datetime, time, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from fanin.model import Question
from fanin.plan.coming_days import coming_days
from fanin.plan.dates import dates_in, wants_recent
from fanin.plan.languages import language_in
from fanin.plan.places import place_in
from fanin.plan.search_terms import search_terms, values, without_days
from fanin.plan.source_choice import choose
from fanin.plan.topics import fitting
from fanin.sources.open_meteo.weather_source import AHEAD, BACK, available_days
from fanin.sources.source import Source

VOCABULARY = """since after before until between and from to - \u2013 the last past next week month year days ago two
400 yesterday today March May 31 29 February December 2024 1900 2099 9999 2024-02-29 2024-02-30 0001-01-01 9999-12-31
Monday in at near Paris New York of St. , . ? auf Deutsch weather rain stock 天気 Привет"""
WORDS = st.sampled_from(VOCABULARY.split())
QUESTIONS = st.lists(WORDS, max_size=8).map(" ".join) | st.text(max_size=60)
TODAY = st.dates(date(2000, 1, 1), date(2200, 1, 1))
TOPICS = st.lists(st.sampled_from(["weather", "news", "sports", "machine learning", "", "Lisbon"]), unique=True)


@given(QUESTIONS, TODAY)
@example("after 9999-12-31", date(2026, 11, 27))
@example("from December 5 to 0001-01-01", date(2026, 11, 27))
def test_days_have_an_order_and_are_told_as_values_or_not_at_all(question: str, today: date) -> None:
    period = dates_in(question, today=today)
    seen = values(Question(question, now=datetime.combine(today, time())))
    if period is None:
        assert (seen["from"], seen["to"]) == ("", "")
    else:
        assert period.first <= period.last
        assert seen["to"] == period.last.isoformat()


@given(QUESTIONS, TODAY)
def test_a_question_without_its_days_is_made_of_its_other_words(question: str, today: date) -> None:
    left = without_days(question, today=today).split()
    rest = iter(question.split())
    assert all(word in rest for word in left)


@given(QUESTIONS)
def test_case_and_space_say_nothing_about_what_is_new(question: str) -> None:
    assert wants_recent(question.upper()) == wants_recent(question.lower().upper())


@given(QUESTIONS)
def test_a_language_is_a_code_of_two_letters(question: str) -> None:
    language = language_in(question) or "en"
    assert (len(language), language.isascii(), language.islower()) == (2, True, True)


@given(QUESTIONS)
def test_a_place_is_made_of_words_of_the_question(question: str) -> None:
    assert [word for word in place_in(question).replace(",", " ,").split() if word not in question] == []


@given(QUESTIONS, st.integers(1, 40))
def test_search_terms_are_words_of_the_question_within_the_limit(question: str, limit: int) -> None:
    terms = search_terms(question, limit=limit)
    assert len(terms) <= limit
    assert [word for word in terms.split() if word not in question] == []
    assert not {"AND", "OR", "NOT"}.intersection(search_terms(question).split())


@given(QUESTIONS, TOPICS)
def test_topics_that_fit_are_some_of_those_given_in_their_order(question: str, topics: list[str]) -> None:
    fits = fitting(question, topics)
    assert [topic for topic in topics if topic in fits] == [*fits]
    assert fitting(f"{question} weather", ["weather", ""]) == ("weather",)


@given(QUESTIONS, st.lists(TOPICS, max_size=4))
def test_each_source_is_asked_or_skipped_and_somebody_is_asked(question: str, topics: list[list[str]]) -> None:
    sources = [Source(f"s{at}", lambda _: None, topics=tuple(each)) for at, each in enumerate(topics)]  # pyright: ignore
    asked, skipped = choose(question, sources)
    names = [each.name for each in asked]
    assert sorted([*names, *(each.source for each in skipped)]) == [each.name for each in sources]
    assert bool(asked) == bool(sources)
    assert {each.name for each in sources if not each.topics} <= {*names}


@given(QUESTIONS, TODAY)
@example("weather in the next ten weeks", date(2026, 11, 27))
def test_the_days_of_a_forecast_are_those_that_it_can_have(question: str, today: date) -> None:
    period = coming_days(question, today=today, ahead=AHEAD)
    if period is None:
        return
    assert period.first <= period.last
    if (reach := available_days(period, today=today)) is not None:
        assert today - timedelta(days=BACK) <= reach.first <= reach.last < today + timedelta(days=AHEAD)
