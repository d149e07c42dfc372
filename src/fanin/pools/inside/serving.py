"""What a worker that has an interpreter or a process to itself does: one job after another, until nobody sends more."""

from contextlib import suppress

from fanin.pools.inside import job
from fanin.pools.inside.extensions import allow_only_covered
from fanin.pools.inside.job import Reply
from fanin.pools.inside.messages import (
    DONE,
    IMPORTING,
    STARTED,
    Job,
    read_job,
    received,
    reply_message,
    write_all,
)
from fanin.pools.inside.references import Reference, resolve
from fanin.pools.inside.watchdog import OrderPipe, Watchdog, worker_stopper


def serve_interpreter(descriptor: int, orders: tuple[int, int], first: Reference | None) -> None:
    """Take jobs from the socket and send replies, until it is closed or a job was stopped by force.

    `orders` are the descriptors of the watchdog's OrderPipe; the function `first` is imported at once.
    """
    allow_only_covered()
    # An interpreter that is to be closed may have no thread left, and may not have daemon threads.
    watchdog = Watchdog(worker_stopper(job.perform.__code__), orders, disposable=True, daemon=False)
    try:
        _serve(descriptor, watchdog, first)
    finally:
        watchdog.close()


def serve_process(descriptor: int, first: Reference | None) -> None:
    """As `serve_interpreter`, in a process of its own, which is killed when a job has to be stopped early."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; whoever started us ends us
    watchdog = Watchdog(worker_stopper(job.perform.__code__), OrderPipe().descriptors, disposable=True, daemon=True)
    _serve(descriptor, watchdog, first)


def _serve(descriptor: int, watchdog: Watchdog, first: Reference | None) -> None:
    known = {first} if first else set[Reference]()
    with suppress(OSError):  # nobody listens any more
        write_all(descriptor, reply_message(STARTED, 0, Reply(*_load(first), b"", 0.0, 0.0, 0.0)))
        for message in received(descriptor):
            order = read_job(message)
            if order.reference not in known:
                write_all(descriptor, reply_message(IMPORTING, order.number, Reply("", "", b"", 0.0, 0.0, 0.0)))
                known.add(order.reference)
            reply = job.run(watchdog, order.number, order.until, order.find, job.pickled)
            write_all(descriptor, _told(order, reply))
            if reply.stopped:
                break


def _told(order: Job, reply: Reply) -> bytes:
    try:
        return reply_message(DONE, order.number, reply)
    except ValueError as error:
        failure = reply._replace(kind="unsendable", message=f"The value is too long: {error}.", value=b"")
        return reply_message(DONE, order.number, failure)


def _load(first: Reference | None) -> tuple[str, str]:
    """Import the function ahead of its first job; gives kind and message of the failure, "" for none."""
    try:
        if first:
            resolve(*first)
    except BaseException as error:  # noqa: BLE001 - a worker never raises across the border
        return job.unloaded(error)
    return "", ""
