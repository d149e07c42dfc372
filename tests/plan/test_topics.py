from dataclasses import dataclass

import pytest

from fanin.plan import choose, fitting


@pytest.mark.parametrize(
    ("question", "topics", "fit"),
    [
        ("Will it rain in Paris?", ("weather", "news"), ("weather",)),
        ("What is the temperature?", ("Weather",), ("Weather",)),
        ("Do I need an umbrella?", ("weather forecast",), ("weather forecast",)),
        ("Wie wird das Wetter?", ("weather",), ("weather",)),
        ("What is the latest news?", ("weather", "news"), ("news",)),
        ("What happened in Rome?", ("news", "sports"), ("news",)),
        ("Did the rail strike end?", ("weather", "news"), ("news",)),
        ("Is it raining in London today?", ("weather", "news"), ("weather",)),
        ("How many people died in the flood?", ("weather", "news"), ("news",)),
        ("Who won the match?", ("sports", "finance"), ("sports",)),
        ("Are the ferries running?", ("ferry",), ("ferry",)),
        ("Which trains are delayed?", ("travel",), ("travel",)),
        ("How do I read a file in Python?", ("programming", "news"), ("programming",)),
        ("What is machine learning?", ("machine learning",), ("machine learning",)),
        ("Which machine is cheap?", ("machine learning",), ()),
        ("Who wrote Dracula?", ("weather", "news", "sports"), ()),
        ("", ("weather",), ()),
        ("What is it?", ("", "the"), ()),
        ("Où est la gare?", ("gare",), ("gare",)),
    ],
)
def test_a_topic_fits_by_its_words_and_by_words_that_belong_to_it(
    question: str, topics: tuple[str, ...], fit: tuple[str, ...]
) -> None:
    assert fitting(question, topics) == fit


@dataclass(frozen=True)
class Named:
    name: str
    topics: tuple[str, ...] = ()


WEATHER, NEWS, WIKI = Named("weather", ("weather",)), Named("news", ("news",)), Named("wiki")


def test_those_without_topics_and_those_that_fit_are_asked() -> None:
    asked, skipped = choose("Will it snow?", [WEATHER, NEWS, WIKI])
    assert asked == [WEATHER, WIKI]
    assert [(each.source, each.status, each.kind, each.attempts) for each in skipped] == [
        ("news", "skipped", "topics", 0)
    ]
    assert "(news)" in skipped[0].message
    assert "did not ask it" in skipped[0].message


def test_everybody_is_asked_when_nobody_fits() -> None:
    assert choose("Who wrote Dracula?", [WEATHER, NEWS]) == ([WEATHER, NEWS], [])


def test_everybody_is_asked_when_nobody_has_topics() -> None:
    assert choose("Will it snow?", [WIKI]) == ([WIKI], [])
