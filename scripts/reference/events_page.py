"""The page of events, made from their classes."""

from typing import Any, get_args

from signatures import described

import fanin.events

HEAD = """# Events

What a run tells while it happens, in order. `engine.stream(question)` yields these values, `fanin ask --events` prints
them as JSON lines, and the live view and the log are made of them. Every event has `at`, the seconds since the question
was asked. Import them from `fanin.events`. This page is made from the code by `scripts/reference`.

In JSON the name of an event is in lower case: `{"event": "finished", "at": 0.512, …}`. See [its schema](json.md).
"""


def page() -> str:
    """The whole page."""
    parts = [part for event in events() for part in described(event.__name__, event, level=2)]
    return "\n".join([HEAD, *parts]).rstrip() + "\n"


def events() -> tuple[type[Any], ...]:
    """Every class of event, in the order in which they happen."""
    return get_args(fanin.events.Event.__value__)
