"""An answer as an object of OpenAI's Responses, and as the events of its stream (pure)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from fanin.interfaces.server.chat.chat_replies import ChatReply
from fanin.values import value

type ResponseStatus = Literal["in_progress", "completed", "cancelled", "failed"]


@value
class Begun:
    """A response before its answer: its run, when it was asked, in whole seconds, and what was said of it."""

    run: str
    created: int
    model: str
    stored: bool = False
    background: bool = False
    previous: str | None = None

    def to_dict(self, status: ResponseStatus, reply: ChatReply | None = None) -> dict[str, Any]:
        """The object `response`; with a reply, its output."""
        usage = None if reply is None or status == "in_progress" else _usage(reply)
        return {
            "id": f"resp_{self.run}",
            "object": "response",
            "created_at": self.created,
            "status": status,
            "background": self.background,
            "error": _ERROR if status == "failed" else None,
            "incomplete_details": None,
            "instructions": None,
            "metadata": {},
            "model": self.model,
            "output": [] if reply is None else [self._message(reply)],
            "parallel_tool_calls": False,
            "previous_response_id": self.previous,
            "store": self.stored,
            "temperature": None,
            "tool_choice": "none",
            "tools": [],
            "top_p": None,
            "usage": usage,
        }

    def first(self) -> Sequence[Mapping[str, Any]]:
        """The first events of the stream, before there is any text."""
        found = self.to_dict("in_progress")
        return [{"type": f"response.{name}", "response": found} for name in ("created", "in_progress")]

    def opening(self) -> Sequence[Mapping[str, Any]]:
        """The events before the first piece of the text."""
        bare: dict[str, Any] = {**self._message(ChatReply("")), "status": "in_progress", "content": []}
        return [
            {"type": "response.output_item.added", "output_index": 0, "item": bare},
            {"type": "response.content_part.added", **self._place(), "part": _part(ChatReply(""))},
        ]

    def piece(self, text: str) -> Mapping[str, Any]:
        """The event of a piece of the text."""
        return {"type": "response.output_text.delta", **self._place(), "delta": text, "logprobs": []}

    def last(self, status: ResponseStatus, reply: ChatReply | None) -> Iterator[Mapping[str, Any]]:
        """The events after the text."""
        if reply is not None:
            yield from self._closing(reply)
        kind = "response.failed" if status == "failed" else "response.completed"
        yield {"type": kind, "response": self.to_dict(status, reply)}

    def _closing(self, reply: ChatReply) -> Iterator[Mapping[str, Any]]:
        place, part = self._place(), _part(reply)
        for number, each in enumerate(part["annotations"]):
            fields = {"annotation_index": number, "annotation": each}
            yield {"type": "response.output_text.annotation.added", **place, **fields}
        yield {"type": "response.output_text.done", **place, "text": reply.text, "logprobs": []}
        yield {"type": "response.content_part.done", **place, "part": part}
        yield {"type": "response.output_item.done", "output_index": 0, "item": self._message(reply)}

    def _place(self) -> dict[str, Any]:
        return {"item_id": f"msg_{self.run}", "output_index": 0, "content_index": 0}

    def _message(self, reply: ChatReply) -> dict[str, Any]:
        head = {"type": "message", "id": f"msg_{self.run}", "status": "completed", "role": "assistant"}
        return {**head, "content": [_part(reply)]}


_ERROR = {"code": "server_error", "message": "A defect of fanin ended this run; fanin logged it. Ask again."}


def _part(reply: ChatReply) -> dict[str, Any]:
    annotations = [{"type": each["type"], **each["url_citation"]} for each in reply.annotations]
    return {"type": "output_text", "text": reply.text, "annotations": annotations, "logprobs": []}


def _usage(reply: ChatReply) -> dict[str, Any]:
    return {
        "input_tokens": reply.input_tokens,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": reply.output_tokens,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": reply.input_tokens + reply.output_tokens,
    }
