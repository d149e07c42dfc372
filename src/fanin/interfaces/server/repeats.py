"""Questions that are asked again while no source would be called: they get the answer of the run before."""

from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from hashlib import blake2b

from fanin.values import value

MOST_BYTES = 16_000_000
"""Bytes of all answers that are held."""


@value
class Repeat:
    """The reply of a run: its body, its fields, when it was made and until when it holds, in seconds of the clock."""

    run: str
    content: bytes
    fields: Mapping[str, str]
    made: float
    until: float


class Repeats:
    """Holds replies by user and body of the request. `clock` gives seconds."""

    def __init__(self, *, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._held = OrderedDict[bytes, Repeat]()
        self._bytes = 0

    def find(self, key: bytes) -> Repeat | None:
        """The reply to this request if it still holds, with its `Age` in seconds."""
        if (found := self._held.get(key)) is None:
            return None
        now = self._clock()
        if now >= found.until:
            self._drop(key)
            return None
        self._held.move_to_end(key)
        return Repeat(found.run, found.content, {**found.fields, "Age": str(int(now - found.made))}, now, found.until)

    def hold(self, key: bytes, run: str, content: bytes, fields: Mapping[str, str], *, seconds: float) -> None:
        """Hold a reply for so many seconds; those that were not wanted for longest go when there are too many."""
        if seconds <= 0:
            return
        self._drop(key)
        now = self._clock()
        self._held[key] = Repeat(run, content, fields, now, now + seconds)
        self._bytes += len(content)
        while self._bytes > MOST_BYTES:
            self._drop(next(iter(self._held)))

    @property
    def runs(self) -> set[str]:
        """The runs whose replies are held."""
        return {each.run for each in self._held.values()}

    def forget(self, runs: Collection[str]) -> None:
        """Drop what these runs replied: they were deleted."""
        for key in [key for key, each in self._held.items() if each.run in runs]:
            self._drop(key)

    def _drop(self, key: bytes) -> None:
        if (found := self._held.pop(key, None)) is not None:
            self._bytes -= len(found.content)


def repeat_key(user: str, body: bytes, day: str) -> bytes:
    """What has to be the same for the same answer: who asks, what, and on which day, as questions may say "today"."""
    return blake2b(f"{len(user)}:{user}{day}".encode() + body, digest_size=16).digest()
