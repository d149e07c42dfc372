"""The model is loaded when it is first needed, in a daemon thread: no question and no exit has to wait for it."""

import atexit
import logging
import threading
import time
from collections.abc import Callable
from functools import cache
from importlib import import_module

from fanin.embeddings.minilm import Embedder, embedder
from fanin.errors import describe

SECONDS = 1.5
"""How long loading takes at most on an ordinary machine; bench/semantic.py says how long on this one."""

PATIENCE = 0.3
"""Seconds that the end of the program waits for the step at which loading is, for native code that goes on while its
library is taken down may crash; no step takes longer on an idle machine."""

_log = logging.getLogger("fanin")


class Loading:
    """Loads one model once: `begin`, then take `model` when it is `done`, or `wait` so long for it.

    `steps` are done one after another, and none begins once the program ends; what the last one gives is the model, and
    there is none when an earlier one gives false.
    """

    def __init__(self, *steps: Callable[[], Embedder | bool | None]) -> None:
        self._steps = steps
        self._leaving = False
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ended = threading.Event()
        self._begun = 0.0
        self._listeners: list[Callable[[], object]] = []
        self.model: Embedder | None = None

    @property
    def done(self) -> bool:
        """Whether it has ended; `model` is None then if there is none to be had."""
        return self._ended.is_set()

    def begin(self, listener: Callable[[], object] | None = None) -> None:
        """Load, unless that has begun; `listener` is called when it is done, in any thread."""
        with self._lock:
            if listener is not None and not self.done:
                self._listeners.append(listener)
                listener = None
            if self._thread is None:
                self._begun = time.monotonic()
                atexit.register(self._leave)
                self._thread = threading.Thread(target=self._run, name="model loading", daemon=True)
                self._thread.start()
        if listener is not None:
            listener()

    def left(self) -> float:
        """Seconds until it should be done, from when it has begun."""
        return 0.0 if self.done else max(0.0, self._begun + SECONDS - time.monotonic())

    def wait(self, seconds: float) -> Embedder | None:
        """The model, if it can be had within so many seconds. Blocking."""
        self.begin()
        self._ended.wait(seconds)
        return self.model

    def _run(self) -> None:
        try:
            self.model = self._loaded()
        except Exception as error:  # noqa: BLE001 - without the model, passages are ranked by words
            _log.warning("no vectors of meaning: %s; fanin ranks by words. Install the extra anew.", describe(error))
        with self._lock:
            self._ended.set()
            listeners, self._listeners = self._listeners, []
        for each in listeners:
            each()

    def _loaded(self) -> Embedder | None:
        found: Embedder | bool | None = None
        for step in self._steps:
            if self._leaving or not (found := step()):
                return None
        return None if isinstance(found, bool) else found

    def _leave(self) -> None:
        self._leaving = True
        self._ended.wait(PATIENCE)


@cache
def shared() -> Loading:
    """The loading of the model of the extra fanin[semantic], one for the whole process."""
    return Loading(_is_whole, _has_numbers, _has_runtime, _session)


def _is_whole() -> bool:
    return embedder() is not None


def _has_numbers() -> bool:
    return bool(import_module("numpy"))


def _has_runtime() -> bool:
    return bool(import_module("onnxruntime"))


def _session() -> Embedder | None:
    model = embedder()
    if model is not None:
        model.load()
    return model
