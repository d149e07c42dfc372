"""What the pool calls inside a worker interpreter, by name."""

import functools
import threading
from functools import partial

from fanin.pools.inside import job
from fanin.pools.inside.watchdog import Watchdog, hush


@functools.cache
def watchdog() -> Watchdog:
    """The one watchdog of this interpreter; the first call makes it, for the calling thread."""
    dog = Watchdog(daemon=False)  # an interpreter that can be closed may not have daemon threads
    # The closing of an interpreter waits for its threads, so the watchdog has to hear of it before. Only this hook
    # of `threading` comes early enough; concurrent.futures uses it for the same reason.
    threading._register_atexit(dog.quit)  # noqa: SLF001  # pyright: ignore
    return dog


def start() -> int:
    """Make this interpreter a worker; gives the descriptor of its watchdog's pipe."""
    hush()
    return watchdog().orders


def run(number: int, until: float, reference: job.Reference, packed: bytes) -> job.Reply:
    """The reply of one job."""
    return job.run(watchdog(), number, until, partial(job.prepare, reference, packed), job.pickled)
