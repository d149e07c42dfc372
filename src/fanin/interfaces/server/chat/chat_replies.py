"""An answer as a chat completion, whole or in chunks, with its citations as annotations (pure)."""

from collections.abc import Mapping, Sequence
from typing import Any

from fanin.interfaces.server.chat.reply_text import ReplyText
from fanin.values import value


@value
class ChatReply:
    """What is said, with its annotations and the tokens of the model that wrote it, if one did."""

    text: str
    annotations: Sequence[Mapping[str, Any]] = ()
    input_tokens: int = 0
    output_tokens: int = 0


@value
class Chat:
    """What all objects of one chat completion have: its id, when it was asked, in whole seconds, and its model."""

    id: str
    created: int
    model: str

    def whole(self, reply: ChatReply) -> dict[str, Any]:
        """The object `chat.completion`."""
        message = {"role": "assistant", "content": reply.text, "refusal": None, "annotations": list(reply.annotations)}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {**self._head("chat.completion"), "choices": [choice], "usage": _usage(reply)}

    def first(self) -> dict[str, Any]:
        """The first chunk of a stream: whose text follows."""
        return self._chunk({"role": "assistant", "content": ""})

    def piece(self, text: str) -> dict[str, Any]:
        """A chunk with a piece of the text."""
        return self._chunk({"content": text})

    def last(self, reply: ChatReply, *, usage: bool) -> Sequence[dict[str, Any]]:
        """The last chunks: the annotations of the whole text, the end, and the usage if it is asked for."""
        annotated = [self._chunk({"annotations": list(reply.annotations)})] if reply.annotations else []
        used: dict[str, Any] = {**self._head("chat.completion.chunk"), "choices": [], "usage": _usage(reply)}
        return [*annotated, self._chunk({}, "stop"), *([used] if usage else ())]

    def _chunk(self, delta: Mapping[str, Any], reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def reply_of(said: ReplyText) -> ChatReply:
    """The text of a run that has ended as a reply."""
    writing = said.answer.writing if said.answer else None
    tokens = (writing.input_tokens, writing.output_tokens) if writing else (0, 0)
    return ChatReply(said.text, list(said.annotations()), *tokens)


def _usage(reply: ChatReply) -> dict[str, int]:
    tokens = reply.input_tokens, reply.output_tokens
    return {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}
