"""Work that never ends by itself, in every way in which Python code can fail to end; workers import it by name."""

import asyncio
import contextlib
import itertools
import re
import threading
from typing import Any

LOCK = threading.Lock()
REENTRANT = threading.RLock()
CONDITION = threading.Condition()
SEMAPHORE = threading.Semaphore(1)
COUNTS = {"entered": 0, "left": 0, "cleaned": 0, "deleted": 0}


def loop() -> None:
    while True:
        pass


def loop_that_swallows_exceptions() -> None:
    while True:
        try:
            loop()
        except Exception:
            continue


def loop_that_swallows_all_three_times() -> str:
    for _ in range(3):
        with contextlib.suppress(BaseException):
            loop()
    return "swallowed"


def generator() -> int:
    return sum(number * number for number in itertools.count())


def generator_of_its_own() -> bool:
    def ones() -> Any:
        while True:
            yield 1

    return all(ones())


def recursion() -> int:
    def fibonacci(number: int) -> int:
        return number if number < 2 else fibonacci(number - 1) + fibonacci(number - 2)

    return fibonacci(70)


def comprehension() -> list[int]:
    return [0 for number in iter(int, 1) if number]


def sort_key() -> None:
    sorted(range(2_000_000), key=lambda number: (-number, str(number), sum(range(50))))


def parity(number: int) -> int:
    return number % 2


def mapped() -> int:
    return sum(map(parity, itertools.count()))


def replacement() -> None:
    while True:
        re.sub("a", lambda _: "b", "a" * 1000)


def coroutines() -> None:
    async def pass_on(lock: asyncio.Lock) -> None:
        while True:
            async with lock:
                await asyncio.sleep(0)

    async def both() -> None:
        lock = asyncio.Lock()
        await asyncio.gather(pass_on(lock), pass_on(lock))

    asyncio.run(both())


def threads() -> None:
    while True:
        thread = threading.Thread(target=int)
        thread.start()
        thread.join()


def imports() -> None:
    import importlib
    import sys

    while True:
        for name in ("colorsys", "no_such_module", "json.tool", "bisect"):
            sys.modules.pop(name, None)
            with contextlib.suppress(ImportError):
                importlib.import_module(name)


class EndlessEnter:
    def __enter__(self) -> None:
        loop()

    def __exit__(self, *_: object) -> None: ...


def endless_enter() -> None:
    with EndlessEnter():
        pass


# What takes locks.


def lock() -> None:
    while True:
        with LOCK:
            sum(range(20))


def reentrant() -> None:
    while True:
        with REENTRANT, REENTRANT:
            sum(range(20))


def condition() -> None:
    while True:
        with CONDITION:
            CONDITION.notify_all()


def semaphore() -> None:
    while True:
        with SEMAPHORE:
            sum(range(20))


def release() -> None:
    LOCK.release()


def released_by_a_function_in_finally() -> None:
    while True:
        LOCK.acquire()
        try:
            len("abc")
        finally:
            release()


@contextlib.contextmanager
def held() -> Any:
    LOCK.acquire()
    COUNTS["entered"] += 1
    try:
        yield
    finally:
        COUNTS["left"] += 1
        LOCK.release()


def context_manager() -> None:
    while True:
        with held():
            sum(range(20))


class Holding:
    def pause(self) -> int:
        return sum(range(3))

    def __enter__(self) -> None:
        LOCK.acquire()
        self.pause()

    def __exit__(self, *_: object) -> None:
        for _each in range(3):
            self.pause()
        LOCK.release()


def class_with_enter_and_exit() -> None:
    while True:
        with Holding():
            sum(range(20))


def long_finally() -> None:
    try:
        loop()
    finally:
        total = 0
        for number in range(20_000):
            total += number
        COUNTS["cleaned"] += 1


class Deleted:
    def __del__(self) -> None:
        for _ in range(50):
            COUNTS["deleted"] += 1


def destructor() -> None:
    while True:
        Deleted()


ENDLESS = (
    loop,
    loop_that_swallows_exceptions,
    loop_that_swallows_all_three_times,
    generator,
    generator_of_its_own,
    recursion,
    comprehension,
    sort_key,
    mapped,
    replacement,
    coroutines,
    threads,
    imports,
    endless_enter,
)
LOCKING = (
    lock,
    reentrant,
    condition,
    semaphore,
    released_by_a_function_in_finally,
    context_manager,
    class_with_enter_and_exit,
    long_finally,
    destructor,
)


def left_taken() -> list[str]:
    """What is still taken or half done; everything is given back and set to zero."""
    locks = {"lock": LOCK, "reentrant": REENTRANT, "condition": CONDITION, "semaphore": SEMAPHORE}
    left = [name for name, each in locks.items() if not _give_back(each)]
    if COUNTS["entered"] != COUNTS["left"]:
        left.append("context manager")
    if COUNTS["deleted"] % 50:
        left.append("destructor")
    COUNTS.update(dict.fromkeys(COUNTS, 0))
    return left


def _give_back(each: Any) -> bool:
    free = each.acquire(blocking=False)
    with contextlib.suppress(RuntimeError):
        each.release()
    return free
