"""The protocol of a pool: it takes jobs and gives their results or failures, and never raises."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from fanin.model import Failure
from fanin.values import value

if TYPE_CHECKING:
    import asyncio


type OnStart = Callable[[str], None]
"""Called on the event loop with the name of the worker that begins a job."""


@value
class Done:
    """The result of one job. `started` and `ended` are readings of `time.monotonic`; `cpu` is seconds of CPU time.

    Either `failure` is None and `value` is what the function returned, or `failure` says why there is no value.
    `worker` is the name of its worker; "" if the job never reached one.
    """

    value: Any = None
    failure: Failure | None = None
    worker: str = ""
    started: float = 0.0
    ended: float = 0.0
    cpu: float = 0.0


class Pool(Protocol):
    """Runs functions, each until its deadline at most."""

    @property
    def name(self) -> str:
        """The kind of its workers."""
        ...

    workers: int

    def warm(self) -> None:
        """Start the workers if they are not started; returns at once."""
        ...

    def submit(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        deadline: float,
        group: str = "",
        size: int = 0,
        on_start: OnStart | None = None,
    ) -> asyncio.Future[Done]:
        """Queue one call; must be called on the event loop. `deadline` is an instant of `loop.time()`.

        The future always gets a `Done`, soon after the deadline at the latest, and never an exception. Cancelling the
        future withdraws a waiting job, and stops a running one. Jobs with the earliest deadline run first; of those
        with one deadline, groups (such as sources) take turns, and in each group the smallest `size` (in any unit, such
        as characters) comes first. `on_start` is called when a worker begins.
        """
        ...

    def statistics(self) -> dict[str, int]:
        """Counts since the start: at least `workers`, `jobs`, `failures`, `abandoned` and `replaced`."""
        ...

    async def close(self) -> None:
        """Stop all workers within half a second; a worker stuck in C is abandoned and counted."""
        ...
