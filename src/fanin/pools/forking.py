"""Keeps `os.fork` and the making and closing of interpreters apart.

A child that is forked while another thread makes an interpreter has an incomplete one, whose locks are never released.
One that is forked while an interpreter is open crashes with a segmentation fault (gh-139759): that is logged.
"""

import os
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager

from fanin.log import logger

LONGEST = 2.0
"""Seconds that a fork waits for interpreters that are being made, and these for a fork."""


class _Gate:
    def __init__(self) -> None:
        self.changed = threading.Condition()
        self.making = self.forking = self.open = 0


_gate = _Gate()
_in_child: list[Callable[[], None]] = []


@contextmanager
def no_fork(*, opened: int) -> Generator[None]:
    """No thread of this process forks within the block, which opens `opened` interpreters."""
    gate = _gate
    with gate.changed:
        gate.changed.wait_for(lambda: not gate.forking, LONGEST)
        gate.making += 1
    try:
        yield
    finally:
        with gate.changed:
            gate.making -= 1
            gate.open += opened
            gate.changed.notify_all()


def call_in_child(function: Callable[[], None]) -> None:
    """Call the function in each forked child of this process."""
    _in_child.append(function)


def _before() -> None:
    with _gate.changed:
        _gate.forking += 1
        _gate.changed.wait_for(lambda: not _gate.making, LONGEST)
    if _gate.open:
        logger.warning(
            "a process is forked while %d interpreters are open: CPython will crash it with a segmentation fault. Use"
            " `subprocess` without preexec_fn, the start methods spawn or forkserver, or pool='threads'.",
            _gate.open,
        )


def _after_in_parent() -> None:
    with _gate.changed:
        _gate.forking -= 1
        _gate.changed.notify_all()


def _after_in_child() -> None:
    global _gate
    _gate = _Gate()
    for function in _in_child:
        function()


os.register_at_fork(before=_before, after_in_parent=_after_in_parent, after_in_child=_after_in_child)
