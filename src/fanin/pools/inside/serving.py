"""The main loop of a worker in its own interpreter or process: runs one job after another."""

from contextlib import suppress

from fanin.errors import FailureKind
from fanin.pools.inside import job
from fanin.pools.inside.extensions import allow_only_tested
from fanin.pools.inside.job import Reply
from fanin.pools.inside.messages import (
    DONE,
    IMPORTING,
    STARTED,
    Job,
    read_job,
    receive_messages,
    reply_message,
    write_all,
)
from fanin.pools.inside.references import Reference, resolve
from fanin.pools.inside.watchdog import OrderPipe, Watchdog, worker_stopper


def serve_interpreter(descriptor: int, orders: tuple[int, int], first: Reference | None) -> None:
    """Receive jobs from the socket and send replies, until it is closed or a job was stopped by force.

    `orders` are the descriptors of the watchdog's OrderPipe; the function `first` is imported at once.
    """
    allow_only_tested()
    # No daemon: an interpreter may not have daemon threads, and all of its threads must end before it is closed.
    watchdog = Watchdog(worker_stopper(job.perform.__code__), orders, disposable=True, daemon=False)
    try:
        _serve(descriptor, watchdog, first)
    finally:
        watchdog.close()


def serve_process(descriptor: int, first: Reference | None) -> None:
    """As `serve_interpreter`, in a process, which is killed to stop a job early."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole process group; the parent ends this one
    watchdog = Watchdog(worker_stopper(job.perform.__code__), OrderPipe().descriptors, disposable=True, daemon=True)
    _serve(descriptor, watchdog, first)


def _serve(descriptor: int, watchdog: Watchdog, first: Reference | None) -> None:
    known = {first} if first else set[Reference]()
    with suppress(OSError):  # the program has closed the socket
        write_all(descriptor, reply_message(STARTED, 0, Reply(*_load(first), b"", 0.0, 0.0, 0.0)))
        for message in receive_messages(descriptor):
            order = read_job(message)
            if order.reference not in known:
                write_all(descriptor, reply_message(IMPORTING, order.number, Reply("", "", b"", 0.0, 0.0, 0.0)))
                known.add(order.reference)
            reply = job.run(watchdog, order.number, order.until, order.load, job.pickle_value)
            write_all(descriptor, _encode_reply(order, reply))
            if reply.stopped:
                break


def _encode_reply(order: Job, reply: Reply) -> bytes:
    try:
        return reply_message(DONE, order.number, reply)
    except ValueError as error:
        failure = reply._replace(kind=FailureKind.UNSENDABLE, message=f"The value is too long: {error}.", value=b"")
        return reply_message(DONE, order.number, failure)


def _load(first: Reference | None) -> tuple[str, str]:
    """Import the function before its first job. Gives kind and message of the failure, "" for none."""
    try:
        if first:
            resolve(*first)
    except BaseException as error:  # noqa: BLE001 - a worker returns failures and never raises
        return job.load_failure(error)
    return "", ""
