"""The text of a reply in pieces, as it becomes known: nothing is taken back, and each number leads to its document."""

import asyncio
import json
import re
from collections.abc import AsyncGenerator

import pytest

from fanin.events import Answered, Wrote
from fanin.interfaces.server.chat.chat_replies import reply_of
from fanin.interfaces.server.chat.reply_text import ReplyText, whole_text
from fanin.model import Answer, Citation, Writing
from fanin.timeline import Timeline
from fanin.writing.writer import Writer

PAGE = "http://localhost/runs/1"


def citation(number: int, title: str, url: str = "") -> Citation:
    return Citation(number=number, source="s", title=title, url=url, quote=title, document=number, start=0, end=1)


A, B = citation(1, "A", "https://a.example"), citation(2, "B")


def answer(text: str, *citations: Citation, written: str = "", **fields) -> Answer:
    writing = Writing("m", written, "" if written == "written" else "m was late.", 1.0, 50, 9) if written else None
    return Answer("q", text, citations, (), {}, (), (), True, 1.0, 1.0, 1, Timeline(), writing=writing, **fields)


def told(*events) -> tuple[list[str], list[tuple[str, str]]]:
    """The pieces of the text, and the number and address of each annotation."""
    said = ReplyText(PAGE)
    pieces = [piece for event in events for piece in said.pieces(event)]
    assert "".join(pieces) == said.text == whole_text(events, page=PAGE).text
    annotations = [each["url_citation"] for each in said.annotations()]
    return pieces, [(said.text[each["start_index"] : each["end_index"]], each["url"]) for each in annotations]


def test_an_answer_of_sources_comes_sentence_by_sentence() -> None:
    text = "It is open. [1][2] It closes at nine. [2]\nSources differ: A says 8 [1], B says 9 [2]."
    pieces, annotations = told(Answered(1.0, answer(text, A, B)))
    assert pieces[:2] == ["It is open. [1][2] ", "It closes at nine. [2]\n"]
    assert annotations[:2] == [("[1]", "https://a.example"), ("[2]", f"{PAGE}#citation-2")]
    assert len(annotations) == 5


def test_what_a_model_writes_comes_as_it_is_told_and_notes_follow_it() -> None:
    final = answer("One. [1] Two. [2]\nSources differ.", A, B, written="written", notes=("Mind this.",), asked_as="x?")
    events = [Wrote(1.0, "m", "One. [1]", (A,)), Wrote(2.0, "m", "One. [1] Two. [2]", (A, B)), Answered(3.0, final)]
    pieces, annotations = told(*events)
    assert pieces[:2] == ["One. [1]", " Two. [2]"]
    assert "".join(pieces[2:]) == '\nSources differ.\n\nAsked as "x?".\nMind this.'
    assert annotations == [("[1]", "https://a.example"), ("[2]", f"{PAGE}#citation-2")]
    reply = reply_of(whole_text(events, page=PAGE))
    assert (reply.input_tokens, reply.output_tokens) == (50, 9)


def test_what_sources_say_follows_with_numbers_of_its_own_when_a_model_does_not_end() -> None:
    final = answer("B says so. [1] A too. [2]", citation(1, "B"), citation(2, "A", A.url), written="late")
    pieces, annotations = told(Wrote(1.0, "m", "One. [1] Two. [2]", (A, B)), Answered(3.0, final))
    assert "".join(pieces) == "One. [1] Two. [2]\n\nm was late.\n\nB says so. [3] A too. [4]"
    assert annotations == [
        ("[1]", "https://a.example"),
        ("[2]", PAGE),
        ("[3]", f"{PAGE}#citation-1"),
        ("[4]", "https://a.example"),
    ]


def test_what_a_second_model_writes_comes_in_the_end() -> None:
    texts = {"One. [1]": A, "Else. [1]": citation(1, "B"), "One. [1] Two. [1]": A}
    events = [Wrote(1.0, "m", text, (cited,)) for text, cited in texts.items()]
    pieces, annotations = told(*events, Answered(3.0, answer("Else. [1]", citation(1, "B"), written="written")))
    assert "".join(pieces) == "One. [1]\n\nElse. [2]"
    assert annotations == [("[1]", "https://a.example"), ("[2]", f"{PAGE}#citation-1")]


def test_an_answer_without_anything_is_told_too() -> None:
    assert told(Answered(1.0, answer(""))) == (["No answer."], [])


FIRST = "The harbour lift is stuck. [1]"


class SlowModel:
    """Writes a sentence, waits until it may go on, and writes another one, or fails."""

    name = "slow"

    def __init__(self, second: str | Exception) -> None:
        self.second = second
        self.go_on = asyncio.Event()

    async def stream(self, instructions: str, prompt: str) -> AsyncGenerator[str]:
        yield "The harbour lift is stuck. [2] The"
        await self.go_on.wait()
        if isinstance(self.second, Exception):
            raise self.second
        yield self.second

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("second", "rest"),
    [
        (" harbour is open until nine tonight. [1]", " The harbour is open until nine tonight. [2]"),
        (RuntimeError("no"), "\n\nslow: RuntimeError: no; fanin kept the sentences of the sources.\n\nThe harbour is"),
    ],
)
async def test_sentences_of_a_model_arrive_while_it_writes(connect, second, rest) -> None:
    server, client = await connect(latency="0s")
    model = SlowModel(second)
    server.service.engine._enrichment.writers["slow"] = Writer([model])
    messages = [{"role": "user", "content": "Is the harbour open?"}]
    stream = await client.chat.completions.create(model="fanin/slow", messages=messages, stream=True)
    text, annotated = "", []
    async for chunk in stream:
        delta = chunk.choices[0].delta
        text += delta.content or ""
        if text == FIRST:
            model.go_on.set()
        annotated += (delta.model_extra or {}).get("annotations", [])
    assert model.go_on.is_set()
    assert text.startswith(FIRST + rest)
    places = [(each["url_citation"]["start_index"], each["url_citation"]["end_index"]) for each in annotated]
    assert places == [found.span() for found in re.finditer(r"\[\d+\]", text)]


async def test_a_response_that_a_model_writes_has_the_same_numbers_when_it_is_followed_again(connect) -> None:
    server, client = await connect(latency="0s")
    model = SlowModel(RuntimeError("down"))
    server.service.engine._enrichment.writers["slow"] = Writer([model])
    events = []
    async for each in await client.responses.create(model="fanin/slow", input="Is the harbour open?", stream=True):
        events.append(each)
        if each.type == "response.output_text.delta":
            model.go_on.set()
    final = events[-1].response
    assert final.output_text == "".join(each.delta for each in events if each.type == "response.output_text.delta")
    assert "[3]" in final.output_text
    await server.service.runs.drain()
    again = [each async for each in await client.responses.retrieve(final.id, stream=True, starting_after=4)]
    assert json.dumps([each.to_dict() for each in again[:-1]]) == json.dumps([each.to_dict() for each in events[5:-1]])
    assert (await client.responses.retrieve(final.id)).output_text == final.output_text
