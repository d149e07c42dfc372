"""Workers that are threads: for functions that release the GIL, or that cannot be imported by name."""

import asyncio
import threading
from contextlib import suppress
from functools import partial
from queue import SimpleQueue

from fanin.errors import describe
from fanin.pools.inside import job
from fanin.pools.inside.watchdog import STOP_ALL, OrderPipe, Stop, Watchdog
from fanin.pools.stopping import Stopper, anywhere, in_own_code
from fanin.pools.workers.worker import Listener, Order


class ThreadWorker:
    """A daemon thread with a watchdog, which stops only the caller's own code.

    Pure Python uses one core, however many threads there are. Code in C that holds the GIL, such as a regular
    expression that never ends, blocks the whole program; nothing in Python can stop it.
    """

    def __init__(self) -> None:
        self._jobs = SimpleQueue[Order | None]()
        self._orders = OrderPipe()
        self._closed = False

    def start(self, loop: asyncio.AbstractEventLoop, listener: Listener) -> None:
        """Start the thread, and its watchdog in it."""
        self._loop, self._listener = loop, listener
        threading.Thread(target=self._run, name="fanin worker", daemon=True).start()

    def send(self, order: Order) -> None:
        """Queue the job with the function itself."""
        self._jobs.put(order)

    def stop(self, number: int) -> None:
        """Have the watchdog stop the job."""
        self._orders.send(number)

    def close(self) -> None:
        """Stop the running job and end."""
        self._closed = True
        self._orders.send(STOP_ALL)
        self._jobs.put(None)

    def abandon(self) -> bool:
        """False: a thread cannot be killed."""
        self.close()
        return False

    def disconnect(self) -> None:
        """Nothing has to be closed."""

    def _run(self) -> None:
        error = ""
        try:
            self._serve()
        except Exception as failure:  # noqa: BLE001 - reported on the loop
            error = describe(failure)
        finally:
            self._orders.close()
            self._notify(self._listener.ended, self, error)

    def _serve(self) -> None:
        stopper = Stopper(
            thread=threading.get_ident(), below=job.perform.__code__, error=Stop, may_stop=bool, everywhere=False
        )
        watchdog = Watchdog(stopper, self._orders.descriptors, disposable=False, daemon=True)
        try:
            self._notify(self._listener.started, self, "", "")
            while (order := self._jobs.get()) is not None and not self._closed:
                own = getattr(order.function, "__module__", "").startswith("fanin.")  # fanin's own functions are pure
                stopper.may_stop = anywhere if own else in_own_code(order.function)
                call = partial(order.function, *order.arguments)
                reply = job.run(watchdog, order.number, order.until, lambda call=call: call, job.keep_value)
                self._notify(self._listener.replied, self, order.number, reply)
                if reply.stopped:
                    break
        finally:
            watchdog.close()

    def _notify(self, listen: object, *what: object) -> None:
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(listen, *what)  # pyright: ignore
