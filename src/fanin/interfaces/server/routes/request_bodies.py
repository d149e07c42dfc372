"""The bodies of requests, and what is wrong with one that is not right."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from fanin.durations import seconds
from fanin.errors import ConfigError
from fanin.model import Turn

QUESTION_BYTES = 8_192
"""Bytes of a question."""

ANSWER_CHARACTERS = 16_384
"""Characters of an answer in a conversation."""

SHORTEST, NONSENSE = 0.5, 86_400.0
"""Seconds: a deadline is made at least so long; one of more than a day is a mistake."""


def _question(text: str) -> str:
    if not text.strip():
        raise ValueError("it is empty; write a question")
    if len(text.encode("utf-8", "replace")) > QUESTION_BYTES:
        raise ValueError(f"it has more than {QUESTION_BYTES:,} bytes; ask a shorter one")
    return text


def _deadline(value: object) -> float | None:
    if value is None:
        return None
    try:
        found = seconds(value)
    except ConfigError as error:
        raise ValueError(str(error)) from error
    if not 0 < found <= NONSENSE:
        raise ValueError("it should be above 0, and no more than a day; fanin shortens it to what this server allows")
    return found


def _whole(value: object) -> object:
    """A whole number that is written with a point is one, too, as JSON Schema has it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


type Question = Annotated[str, Field(min_length=1, max_length=QUESTION_BYTES, pattern=r"\S"), AfterValidator(_question)]

_DEADLINE = {
    "anyOf": [
        {"type": "number", "exclusiveMinimum": 0, "maximum": NONSENSE},
        {"type": "string", "pattern": r"^[1-9]\d{0,1} ?(ms|s|m|min)$"},
        {"type": "null"},
    ]
}


class Body(BaseModel):
    """A body in which an unknown name or another type is a mistake."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


class PreviousTurn(Body):
    """A question that was asked before, and the text of its answer."""

    question: Annotated[str, Field(max_length=QUESTION_BYTES)]
    answer: Annotated[str, Field(max_length=ANSWER_CHARACTERS)] = ""


class Ask(Body):
    """A question."""

    question: Annotated[Question, Field(examples=["Is the harbour open?"])]
    """What you want to know, in your own words; at most 8 KB."""
    deadline: Annotated[float | None, BeforeValidator(_deadline), WithJsonSchema(_DEADLINE)] = None
    """Seconds, or a text such as "3s"; it is shortened to the longest that the server allows."""
    sources: Annotated[list[str] | None, Field(min_length=1, max_length=100)] = None
    """The names of the sources to ask; without it, all that fit."""
    writer: Annotated[str | None, Field(max_length=200)] = None
    """Who writes the answer: "extractive" for no model, a model of this server, or a name of `[answer.writers]`."""
    fresh: bool = False
    """Whether no answer of a source may come from a cache."""
    conversation: Annotated[list[PreviousTurn], Field(max_length=20)] = []
    """The questions before this one, the last one last, from which a follow-up is completed."""

    on_disconnect: Literal["cancel", "continue"] | None = None
    """What becomes of the run when nobody waits for it any more; without it, what the server has as its setting."""

    def history(self) -> list[Turn]:
        """The conversation as turns."""
        return [Turn(each.question, each.answer) for each in self.conversation if each.question.strip()]


class Search(Body):
    """What to find in the knowledge base."""

    question: Question
    limit: Annotated[int, Field(ge=1, le=100), BeforeValidator(_whole)] = 10
    """Passages at most."""
