"""The seam between a run and the CPU: a pool takes a job and gives back what became of it, and never raises."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from fanin.model import Failure

if TYPE_CHECKING:
    import asyncio


type OnStart = Callable[[str], None]
"""Hears on the event loop that a worker, of this name, began with a job."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one job. `started` and `ended` are readings of `time.monotonic`; `cpu` is seconds of CPU time.

    Either `failure` is None and `value` is what the function returned, or `failure` says why there is no value.
    `worker` names who did it, the same name for the same worker; "" when the job never reached a worker.
    """

    value: Any = None
    failure: Failure | None = None
    worker: str = ""
    started: float = 0.0
    ended: float = 0.0
    cpu: float = 0.0


class Pool(Protocol):
    """Runs functions somewhere, until a deadline at most."""

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

        The future always gets a `Done`, soon after the deadline at the latest, and never an exception. Cancelling
        the future withdraws a job that waits, and stops one that runs; others are served again soon. Jobs with the
        earlier deadline go first; of one deadline, each `group` (a source, say) has its turn, and of one group those of
        the smallest `size` (in a unit of the caller's, such as characters) go first. `on_start` is called when a worker
        is known to begin.
        """
        ...

    def statistics(self) -> dict[str, int]:
        """Counts since the start: at least `workers`, `jobs`, `failures`, `abandoned` and `replaced`."""
        ...

    async def close(self) -> None:
        """Stop and forget every worker within half a second; a worker stuck in C is abandoned and counted."""
        ...
