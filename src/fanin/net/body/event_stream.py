"""Server-sent events (WHATWG HTML, 9.2) as they arrive, one at a time and within limits (no network)."""

from collections.abc import Iterator
from dataclasses import dataclass

from fanin.errors import FailureKind, SourceError


@dataclass(frozen=True, slots=True)
class EventLimits:
    """`longest` is bytes of one event, `most` the number of events; lines without anything count as events."""

    longest: int
    most: int


class EventSplitter:
    """Give it the bytes of a stream as they come; it gives whole events, with line ends that are "\\n" alone.

    Raises SourceError (kind "too_large") beyond its limits, and holds no more than one event.
    """

    def __init__(self, limits: EventLimits) -> None:
        self._limits = limits
        self._held = bytearray()
        self._searched = 0
        self._after_return = False
        self._count = 0

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """The events that are whole with this piece, each with the empty line that ends it."""
        self._held += self._with_plain_ends(piece)
        while (end := self._held.find(b"\n\n", max(0, self._searched - 1))) >= 0:
            event = bytes(self._held[: end + 2])
            del self._held[: end + 2]
            self._searched = 0
            self._expect(len(event), self._limits.longest, "bytes in one event")
            self._counted(1)
            self._drop_empty_lines()
            yield event
        self._searched = len(self._held)
        self._expect(len(self._held), self._limits.longest, "bytes in one event")

    def rest(self) -> bytes:
        """What came after the last whole event."""
        return bytes(self._held)

    def _with_plain_ends(self, piece: bytes) -> bytes:
        half = self._after_return and piece.startswith(b"\n")  # the second half of "\r\n"
        self._after_return = piece.endswith(b"\r") if piece else self._after_return
        plain = piece[half:].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if not self._held:
            start = plain.lstrip(b"\n")
            self._counted(len(plain) - len(start))
            return start
        return plain

    def _drop_empty_lines(self) -> None:
        start = self._held.lstrip(b"\n")
        self._counted(len(self._held) - len(start))
        self._held = start

    def _counted(self, events: int) -> None:
        self._count += events
        self._expect(self._count, self._limits.most, "events")

    def _expect(self, size: int, limit: int, what: str) -> None:
        if size > limit:
            raise SourceError(
                f"It sent more than {limit:,} {what}; fanin stopped reading. Ask it for less, or leave it out.",
                FailureKind.TOO_LARGE,
            )
