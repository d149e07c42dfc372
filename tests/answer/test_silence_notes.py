"""What an answer that finds nothing tells of its search."""

import fanin
from fanin.answer.silence_notes import silence_notes
from fanin.interfaces.render import text_with_notes
from fanin.model import Citation, Outcome, Passage


def passage(source: str, document: int, start: int = 0) -> Passage:
    return Passage("It rains.", source, document, start, start + 9, 1.0, title="Rain", url="https://rain.example/1")


NEAREST = Citation(1, "It rains.", "weather", 1, 0, 9, "Rain", "https://rain.example/1")


def test_it_tells_of_each_source_how_many_documents_were_looked_at_and_which_is_nearest() -> None:
    passages = [passage("weather", 1), passage("weather", 1, 50), passage("weather", 2), passage("news", 1)]
    outcomes = {"weather": Outcome("weather", "ok"), "news": Outcome("news", "ok")}
    assert silence_notes(passages, outcomes, [NEAREST]) == (
        "Looked at: 2 documents of weather, 1 document of news.",
        'Nearest: "Rain" (https://rain.example/1).',
    )


def test_a_source_that_failed_or_was_not_asked_is_told_apart_from_one_that_found_nothing() -> None:
    outcomes = {
        "shop": Outcome("shop", "empty"),
        "news": Outcome(
            "news", "error", "http_403", "It answered 403 (news.example/feed); fanin took nothing from it."
        ),
        "slow": Outcome("slow", "rate_limited"),
        "late": Outcome("late", "skipped", "", "It speaks German."),
    }
    assert silence_notes([], outcomes, []) == (
        "Nothing was found in: shop.",
        "Could not be asked, or not to the end: news (It answered 403), slow (rate limited).",
        "Not asked: late (It speaks German).",
    )


def test_a_document_without_a_title_is_named_by_its_place_and_of_many_sources_some() -> None:
    passages = [passage(f"s{number}", 1) for number in range(7)]
    untitled = Citation(1, "It rains.", "s0", 1, 0, 9, "", "")
    notes = silence_notes(passages, {}, [untitled])
    assert notes[0].endswith("1 document of s4 and 2 more.")
    assert notes[1] == "Nearest: document 1 of s0."


async def test_an_answer_tells_it_below_its_text() -> None:
    async def town(question):
        yield fanin.Document("The town hall opens at nine. The harbour office is closed.", title="Hours")

    async def broken(question):
        raise fanin.SourceError("It answered 503", kind="http_503")

    sources = [fanin.source(town), fanin.source(broken)]
    async with fanin.Engine(sources, deadline=3.0, semantic=False, pool="inline") as engine:
        answer = await engine.ask("What does the director of the harbour earn?")
    assert not answer.answered
    assert answer.notes == (
        "Looked at: 1 document of town.",
        'Nearest: "Hours".',
        "Could not be asked, or not to the end: broken (It answered 503).",
    )
    assert text_with_notes(answer).endswith("broken (It answered 503).")
