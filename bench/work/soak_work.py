"""Work of the soak, in a module that workers import quickly."""

import threading

LOCK = threading.Lock()


def count_words(_: str, document) -> int:
    return len(document.text.split())


def hold_lock(_: str, __) -> None:
    while True:
        with LOCK:
            sum(range(20))
