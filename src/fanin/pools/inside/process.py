"""What a worker process does: one job after another, until nobody sends any more."""

import signal
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from fanin.pools.inside import job
from fanin.pools.inside.watchdog import Watchdog, hush

if TYPE_CHECKING:
    from multiprocessing.connection import Connection


def serve(connection: Connection, first: job.Reference | None) -> None:
    """Take jobs from the connection and send replies, until it is closed; `first` is imported at once.

    A job is its number, the instant until which it may run, the function, and question and document packed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; whoever started us ends us
    watchdog = Watchdog(daemon=True)
    hush()
    with suppress(EOFError, ConnectionError):
        connection.send(job.load(first) if first else ("", ""))
        while True:
            number, until, reference, packed = connection.recv()
            connection.send(job.run(watchdog, number, until, partial(job.prepare, reference, packed), job.pickled))
