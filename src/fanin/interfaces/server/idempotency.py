"""`Idempotency-Key`: a request that is sent again joins the run that it began the first time."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from hashlib import sha256

from fanin.interfaces.server.problems import Problem
from fanin.values import value

SECONDS = 86_400.0
"""How long a key is remembered."""

MOST_KEYS, KEY_CHARACTERS = 10_000, 200
"""Keys that are remembered, and characters of one."""


@value
class _Begun:
    body: str
    at: float
    run: asyncio.Future[str]


class Idempotency:
    """Remembers which run each key of a user began. `clock` gives seconds.

    `recall` gives the run of a request of an earlier process, by the digest of its key, with the digest of its body.
    """

    def __init__(
        self, *, clock: Callable[[], float], recall: Callable[[str], Awaitable[tuple[str, str] | None]]
    ) -> None:
        self._clock = clock
        self._recall = recall
        self._begun = OrderedDict[str, _Begun]()

    async def run(self, user: str, key: str, body: bytes, begin: Callable[[str, str], Awaitable[str]]) -> str:
        """The id of the run, which `begin` begins for a new key, given the digests of the key and of the body.

        Raises Problem for another body, and as `begin`.
        """
        if len(key) > KEY_CHARACTERS:
            message = f"The Idempotency-Key has more than {KEY_CHARACTERS} characters; fanin asked nothing."
            raise Problem(422, "idempotency", f"{message} Send a shorter one.")
        self._forget_old()
        name, digest = sha256(f"{user} {key}".encode("utf-8", "replace")).hexdigest(), sha256(body).hexdigest()
        if (known := self._begun.get(name)) is not None:
            _check_same(known.body, digest)
            return await asyncio.shield(known.run)
        begun = _Begun(digest, self._clock(), asyncio.get_running_loop().create_future())
        self._begun[name] = begun
        try:
            if (earlier := await self._recall(name)) is not None:
                _check_same(earlier[1], digest)
            begun.run.set_result(earlier[0] if earlier is not None else await begin(name, digest))
        except BaseException as error:
            del self._begun[name]
            begun.run.set_exception(error if isinstance(error, Exception) else _withdrawn())
            begun.run.exception()  # it is raised here
            raise
        return begun.run.result()

    def _forget_old(self) -> None:
        before = self._clock() - SECONDS
        while self._begun:
            oldest = next(iter(self._begun.values()))
            if oldest.at >= before and len(self._begun) <= MOST_KEYS:
                return
            self._begun.popitem(last=False)


def _check_same(before: str, body: str) -> None:
    if before != body:
        message = "This Idempotency-Key came with another body before; fanin asked nothing."
        raise Problem(422, "idempotency", f"{message} Send the same body, or a new key.")


def _withdrawn() -> Problem:
    message = "The first request with this Idempotency-Key was withdrawn before its run began; fanin asked nothing."
    return Problem(409, "idempotency", f"{message} Send it again.")
