"""Planning within a run: who is asked, and what the others' outcomes say."""

from dataclasses import replace

import fanin
from fanin.events import Planned
from fanin.interfaces.render import answer_text, to_text
from fanin.testing import FakePool, FakeSource, run_jumping, run_scenario

TEXT = "Rain is expected in Port Merrow tonight."


def about(name: str, *topics: str) -> fanin.Source:
    return replace(FakeSource(name, ((1.0, f"{TEXT} ({name})"),)).source, topics=topics)


SOURCES = [about("sport", "sports"), about("sky", "weather"), about("all")]


def test_a_source_whose_topics_do_not_fit_is_skipped_and_says_why() -> None:
    scenario = run_scenario(SOURCES, question="Will it rain?")
    statuses = {name: outcome.status for name, outcome in scenario.answer.sources.items()}
    assert statuses == {"sky": "ok", "all": "ok", "sport": "skipped"}
    assert scenario.answer.coverage == 1.0
    assert scenario.answer.errors == ()
    assert "(sports)" in scenario.answer.sources["sport"].message
    assert "not asked: sport: The question does not fit its topics (sports)" in answer_text(scenario.answer)
    assert "2 of 2 sources answered" in answer_text(scenario.answer)


def test_the_plan_names_who_is_asked_and_who_is_not() -> None:
    planned = run_scenario(SOURCES, question="Will it rain?").events[0]
    assert isinstance(planned, Planned)
    assert (planned.sources, planned.skipped) == (("sky", "all"), ("sport",))
    assert "asking sky, all, not sport" in to_text(planned)


def test_a_share_that_is_enough_counts_those_that_are_asked() -> None:
    scenario = run_scenario([about("sport", "sports"), about("sky", "weather")], question="Will it rain?", enough=1.0)
    assert scenario.answer.sources["sky"].status == "ok"
    assert scenario.answer.execution_time == 1.0


def test_a_source_that_is_named_is_asked_whatever_its_topics() -> None:
    async def named() -> fanin.Answer:
        async with fanin.Engine(SOURCES, pool=FakePool()) as engine:
            return await engine.ask("Will it rain?", sources=["sport"])

    assert {name: each.status for name, each in run_jumping(named()).sources.items()} == {"sport": "ok"}


def test_a_function_takes_topics() -> None:
    @fanin.source(topics=["weather"])
    def sky(question: fanin.Question) -> str:
        return TEXT

    assert sky.topics == ("weather",)
