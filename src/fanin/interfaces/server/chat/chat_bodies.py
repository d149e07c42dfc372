"""What a client of chat completions sends, as a question with the turns before it (pure)."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fanin.interfaces.server.problems import Problem, invalid
from fanin.interfaces.server.routes.request_bodies import ANSWER_CHARACTERS, QUESTION_BYTES, Ask, PreviousTurn
from fanin.sanitize import line

MODEL = "fanin"
"""The model that writes as the server does by itself; `fanin/NAME` is another writer of it."""

_TITLE_WORDS = 6
"""Words of a title."""

_TASK = re.compile(r"\s*#{1,3} ?Task:\s", re.IGNORECASE)
"""How Open WebUI begins what it asks of a model by itself."""

_WANTED = re.compile(r'\{\s*"(title|tags|follow_ups|queries|text)"\s*:')
"""The key of the JSON that it asks for."""

_TITLE = re.compile(
    r"\s*(?:please )?(?:provide|generate|create|write|give)\b[^.\n]{0,60}\btitle\b[^.\n]{0,60}\b(?:conversation|chat)",
    re.IGNORECASE,
)
"""How other front ends ask for a title."""

_FIRST_SAID = re.compile(r"(?im)^\s*(?:user|human)\s*:\s*(\S.{0,200})")


class Part(BaseModel):
    """A part of a message; only those of text count."""

    model_config = ConfigDict(extra="ignore")
    type: str
    text: str = ""


class Message(BaseModel):
    """One message."""

    model_config = ConfigDict(extra="ignore")
    role: str = ""
    content: str | list[Part] | None = None

    @property
    def said(self) -> str:
        """Its text."""
        if isinstance(self.content, list):
            return "\n".join(each.text for each in self.content if each.type in ("text", "input_text", "output_text"))
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream has besides the text."""

    model_config = ConfigDict(extra="ignore")
    include_usage: bool | None = False


type ModelName = Annotated[str, Field(max_length=200, examples=[MODEL])]


class ChatBody(BaseModel):
    """A chat; what fanin has no use for, such as a temperature, is ignored."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)
    model: ModelName
    """`fanin`, or `fanin/WRITER`: see `GET /v1/models`."""
    messages: Annotated[list[Message], Field(min_length=1, max_length=200)]
    """The last one of the user is the question; those before it complete a follow-up."""
    stream: bool | None = False
    """Whether the answer comes as server-sent events."""
    stream_options: StreamOptions | None = None
    """With `include_usage`, a last chunk says the usage."""

    @property
    def question(self) -> str:
        """What is asked: the last message of the user."""
        return next((each.said for each in reversed(self.messages) if each.role == "user"), "").strip()

    def ask(self) -> Ask:
        """The question, with the ten before it and their answers. Raises Problem for one that cannot be asked."""
        return ask_of(self.model, self.messages, ())


class ResponseBody(BaseModel):
    """What OpenAI's Responses take; what fanin has no use for is ignored."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)
    model: ModelName
    """`fanin`, or `fanin/WRITER`: see `GET /v1/models`."""
    input: str | Annotated[list[Message], Field(min_length=1, max_length=200)]
    """The question, or messages, of which the last one of the user is the question."""
    stream: bool | None = False
    """Whether the response comes as server-sent events."""
    background: bool | None = False
    """Whether the run goes on by itself, and the response comes at once."""
    previous_response_id: Annotated[str | None, Field(max_length=64)] = None
    """The response before, from whose question a follow-up is completed."""

    def ask(self, before: Sequence[PreviousTurn]) -> Ask:
        """The question, with those before it. Raises Problem for one that cannot be asked."""
        messages = [Message(role="user", content=self.input)] if isinstance(self.input, str) else self.input
        return ask_of(self.model, messages, before)


def model_of(writer: str | None) -> str:
    """The name of a writer as a model."""
    return MODEL if writer is None else f"{MODEL}/{writer}"


def writer_of(model: str) -> str | None:
    """The writer that a model is; None for the usual one. Raises Problem for a model of another name."""
    name, _, writer = model.partition("/")
    if name != MODEL or model == f"{MODEL}/":
        message = f"There is no model {line(model, limit=100)!r}; fanin asked nothing."
        raise Problem(404, "unknown_model", f"{message} `GET /v1/models` lists those there are.")
    return writer or None


def ask_of(model: str, messages: Sequence[Message], before: Sequence[PreviousTurn]) -> Ask:
    """The last question of these messages, with those before it. Raises Problem for one that cannot be asked."""
    *earlier, (question, _) = _turns(messages)
    turns = [
        PreviousTurn(question=each[:QUESTION_BYTES], answer=answer[:ANSWER_CHARACTERS]) for each, answer in earlier
    ]
    try:
        return Ask(question=question, conversation=[*before, *turns][-10:], writer=writer_of(model))
    except ValidationError as error:
        raise invalid(error.errors()) from None


def _turns(messages: Sequence[Message]) -> Iterator[tuple[str, str]]:
    """The questions of the user, each with what followed it."""
    question, answer = "", ""
    for each in messages:
        if each.role == "user":
            if question:
                yield question, answer
            question, answer = each.said.strip(), ""
        elif each.role == "assistant":
            answer = each.said
    yield question, answer


def task_reply(question: str) -> str | None:
    """What a front end gets that asks for a title, tags or follow-ups by itself; None for a question of a user."""
    if _TASK.match(question) and (wanted := _WANTED.search(question)):
        key = wanted[1]
        found: Any = _title(question) if key == "title" else "" if key == "text" else []
        return json.dumps({key: found}, ensure_ascii=False)
    return _title(question) if _TITLE.match(question) else None


def _title(prompt: str) -> str:
    found = _FIRST_SAID.search(prompt)
    return " ".join(found[1].split()[:_TITLE_WORDS]) if found else "Question"
