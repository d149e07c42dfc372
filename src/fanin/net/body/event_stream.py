"""Splits a stream of server-sent events (WHATWG HTML, 9.2) within limits (no network)."""

from collections.abc import Iterator
from dataclasses import dataclass

from fanin.errors import FailureKind, SourceError


@dataclass(frozen=True, slots=True)
class EventLimits:
    """`longest` is bytes of one event, `most` the number of events; empty lines count as events."""

    longest: int
    most: int


class EventSplitter:
    """Takes the bytes of a stream as they arrive and gives complete events, with "\\n" as line ends.

    Raises SourceError (kind "too_large") beyond its limits, and holds no more than one event.
    """

    def __init__(self, limits: EventLimits) -> None:
        self._limits = limits
        self._buffer = bytearray()
        self._searched = 0
        self._after_return = False
        self._count = 0

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """The events that this piece completes, each with the empty line that ends it."""
        self._buffer += self._normalise_line_ends(piece)
        while (end := self._buffer.find(b"\n\n", max(0, self._searched - 1))) >= 0:
            event = bytes(self._buffer[: end + 2])
            del self._buffer[: end + 2]
            self._searched = 0
            self._check_limit(len(event), self._limits.longest, "bytes in one event")
            self._count_events(1)
            self._drop_empty_lines()
            yield event
        self._searched = len(self._buffer)
        self._check_limit(len(self._buffer), self._limits.longest, "bytes in one event")

    def remainder(self) -> bytes:
        """The bytes after the last complete event."""
        return bytes(self._buffer)

    def _normalise_line_ends(self, piece: bytes) -> bytes:
        half = self._after_return and piece.startswith(b"\n")  # the second half of "\r\n"
        self._after_return = piece.endswith(b"\r") if piece else self._after_return
        plain = piece[half:].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        if not self._buffer:
            start = plain.lstrip(b"\n")
            self._count_events(len(plain) - len(start))
            return start
        return plain

    def _drop_empty_lines(self) -> None:
        start = self._buffer.lstrip(b"\n")
        self._count_events(len(self._buffer) - len(start))
        self._buffer = start

    def _count_events(self, events: int) -> None:
        self._count += events
        self._check_limit(self._count, self._limits.most, "events")

    def _check_limit(self, size: int, limit: int, what: str) -> None:
        if size > limit:
            raise SourceError(
                f"It sent more than {limit:,} {what}; fanin stopped reading. Ask it for less, or leave it out.",
                FailureKind.TOO_LARGE,
            )
