"""An answer as a chat completion, whole or in chunks, with its citations as annotations (pure)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fanin.interfaces.notebook import address
from fanin.interfaces.render import citation_title, cited_documents, text_with_notes
from fanin.model import Answer
from fanin.values import value


@value
class ChatReply:
    """What is said, with its annotations and the tokens of the model that wrote it, if one did."""

    id: str
    created: int
    model: str
    text: str
    annotations: Sequence[Mapping[str, Any]] = ()
    input_tokens: int = 0
    output_tokens: int = 0

    def whole(self) -> dict[str, Any]:
        """The object `chat.completion`."""
        message = {"role": "assistant", "content": self.text, "refusal": None, "annotations": list(self.annotations)}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self._usage()}

    def chunks(self, *, usage: bool) -> Iterator[dict[str, Any]]:
        """The role, the text, its annotations, the end, and the usage if it is asked for."""
        yield self._chunk({"role": "assistant", "content": ""})
        yield self._chunk({"content": self.text})
        if self.annotations:
            yield self._chunk({"annotations": list(self.annotations)})
        yield self._chunk({}, "stop")
        if usage:
            yield {**self._head("chat.completion.chunk"), "choices": [], "usage": self._usage()}

    def _chunk(self, delta: Mapping[str, Any], reason: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": reason}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}

    def _usage(self) -> dict[str, int]:
        tokens = self.input_tokens, self.output_tokens
        return {"prompt_tokens": tokens[0], "completion_tokens": tokens[1], "total_tokens": sum(tokens)}


def reply_of(answer: Answer, *, id: str, created: int, model: str, page: str) -> ChatReply:  # noqa: A002
    """The answer as a reply; `page` is the address of the run, by which what has no address of its own is cited."""
    text, writing = text_with_notes(answer), answer.writing
    return ChatReply(
        id,
        created,
        model,
        text,
        list(annotations(answer, text, page=page)),
        writing.input_tokens if writing else 0,
        writing.output_tokens if writing else 0,
    )


def annotations(answer: Answer, text: str, *, page: str) -> Iterator[dict[str, Any]]:
    """A `url_citation` for each number in brackets that the text has, with its place in the text in characters."""
    cited = {each.number: each for each in cited_documents(answer)}
    for found in re.finditer(r"\[(\d{1,9})\]", text):
        if (citation := cited.get(int(found[1]))) is not None:
            place = {"start_index": found.start(), "end_index": found.end()}
            url = address(citation) or f"{page}#citation-{citation.number}"
            yield {"type": "url_citation", "url_citation": {**place, "url": url, "title": citation_title(citation)}}
