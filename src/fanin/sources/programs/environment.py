"""The environment of a program that fanin starts: little of fanin's own, so that no key gets there by accident."""

import os
from collections.abc import Mapping

KEPT = (
    *("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH"),
    *("SHELL", "TERM", "TMPDIR", "TZ", "USER"),
)
"""Variables that a program needs to find itself and its language, and that hold no secret."""


def environment(variables: Mapping[str, str]) -> dict[str, str]:
    """What is kept of fanin's own variables, and the given ones."""
    return {name: os.environ[name] for name in KEPT if name in os.environ} | dict(variables)
