"""The text of a reply as it becomes known: pieces of which none is taken back, whatever comes after them (pure)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fanin.events import Answered, Event, Wrote
from fanin.interfaces.render import citation_title, text_with_notes, web_address
from fanin.model import Answer, Citation
from fanin.sanitize import block, line

_NUMBER = re.compile(r"\[(\d{1,9})\]")

_PIECE = re.compile(r".+?(?:(?<=\])(?!\[)\s+|\n+|\Z)", re.DOTALL)
"""A sentence with its numbers, or a line."""


class ReplyText:
    """Reads the events of one run. `page` is its address, by which what has no address of its own is cited.

    What a model writes is known sentence by sentence, what sources say when the answer is there. If the answer is not
    what the model had begun to write, it follows with numbers that go on from there.
    """

    def __init__(self, page: str) -> None:
        self.text = ""
        self.answer: Answer | None = None
        self._page = page
        self._cited: dict[int, tuple[Citation, str]] = {}
        self._writing = True

    def pieces(self, event: Event) -> Iterator[str]:
        """What this event adds to the text."""
        match event:
            case Wrote():
                yield from self._added(self._of_model(event))
            case Answered(answer=answer):
                self.answer = answer
                yield from self._added(self._of_answer(answer))
            case _:
                pass

    def annotations(self) -> Iterator[dict[str, Any]]:
        """A `url_citation` for each number in brackets that the text has, with its place in the text in characters."""
        for found in _NUMBER.finditer(self.text):
            if (cited := self._cited.get(int(found[1]))) is not None:
                citation, anchor = cited
                place = {"start_index": found.start(), "end_index": found.end()}
                url = web_address(citation) or f"{self._page}{anchor}"
                yield {"type": "url_citation", "url_citation": {**place, "url": url, "title": citation_title(citation)}}

    def _added(self, text: str) -> Iterator[str]:
        for piece in _PIECE.findall(text):
            self.text += piece
            yield piece

    def _of_model(self, event: Wrote) -> str:
        text = block(event.text)
        self._writing = self._writing and text.startswith(self.text)
        if not self._writing:
            return ""
        self._cite(event.citations, {each.number: "" for each in event.citations}, after=0)
        return text[len(self.text) :]

    def _of_answer(self, answer: Answer) -> str:
        written = answer.writing is not None and answer.writing.status == "written"
        whole, cited = text_with_notes(answer, below=written), answer.citations
        anchors = {each.number: f"#citation-{each.number}" for each in cited}
        if whole.startswith(self.text):
            self._cite(cited, anchors, after=0)
            return whole[len(self.text) :]
        why = line(answer.writing.message, limit=500) if answer.writing else ""
        last = max(self._cited, default=0)
        self._cite(cited, anchors, after=last)
        return "\n\n".join(["", *[why] * bool(why), _NUMBER.sub(lambda found: f"[{int(found[1]) + last}]", whole)])

    def _cite(self, citations: Iterable[Citation], anchors: Mapping[int, str], *, after: int) -> None:
        for each in reversed([*citations]):
            self._cited[each.number + after] = each, anchors[each.number]


def whole_text(events: Iterable[Event], *, page: str) -> ReplyText:
    """The text of a run that has these events."""
    made = ReplyText(page)
    for event in events:
        for _ in made.pieces(event):
            pass
    return made
