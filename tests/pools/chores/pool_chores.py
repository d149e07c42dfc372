"""Process functions for the tests of the pools; workers import them by name."""

import _thread
import os
import re
import signal
import time

from fanin.model import Document


def endless(_: str, __: Document) -> None:
    while True:
        pass


def endless_deaf(_: str, __: Document) -> None:
    while True:
        try:
            endless(_, __)
        except Exception:
            continue


def endless_regex(_: str, __: Document) -> None:
    re.match(r"(a+)+$", "a" * 40 + "b")


def undying(_: str, document: Document) -> str:
    """Swallows whatever stops it, for so many seconds."""
    end = time.monotonic() + float(document.text)
    while time.monotonic() < end:
        try:
            while time.monotonic() < end:
                pass
        except BaseException:
            continue
    return "ended at last"


def sleep(_: str, document: Document) -> str:
    time.sleep(float(document.text))
    return "slept"


def busy(_: str, document: Document) -> str:
    """Python code of nearly so many seconds: short loops, so that a stop can land anywhere."""
    end = time.perf_counter() + float(document.text)
    while time.perf_counter() < end:
        sum(range(20))
    return "done"


def busy_in_cleanup(_: str, document: Document) -> str:
    """Spends its time in destructors, where an exception can only be printed."""

    class Slow:
        def __del__(self) -> None:
            end = time.monotonic() + 0.01
            while time.monotonic() < end:
                pass

    end = time.monotonic() + float(document.text)
    while time.monotonic() < end:
        Slow()
    return "done"


def exit_process(_: str, document: Document) -> None:
    os._exit(int(document.text))


def segfault(_: str, __: Document) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def echo(question: str, document: Document) -> tuple[str, Document]:
    return question, document


def pid(_: str, __: Document) -> tuple[int, int]:
    return os.getpid(), _thread.get_ident()


class Nested:
    @staticmethod
    def work(_: str, __: Document) -> str:
        return "nested"


class Strange:
    """A value that can be sent and not be read."""

    def __reduce__(self) -> tuple[object, ...]:
        return (int, ("not a number",))


def strange(_: str, __: Document) -> Strange:
    return Strange()
