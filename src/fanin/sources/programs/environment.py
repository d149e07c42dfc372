"""The environment of a program that fanin starts: little of fanin's own, so that no key gets there by accident."""

import os
from collections.abc import Mapping

from fanin.net.secrets import Secret

type Variables = Mapping[str, str | Secret]

KEPT = (
    *("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH"),
    *("SHELL", "TERM", "TMPDIR", "TZ", "USER"),
)
"""Variables that a program needs to find itself and its language, and that hold no secret."""


def environment(variables: Variables) -> dict[str, str]:
    """What is kept of fanin's own variables, and the given ones."""
    given = {name: value.reveal() if isinstance(value, Secret) else value for name, value in variables.items()}
    return {name: os.environ[name] for name in KEPT if name in os.environ} | given


def secrets_in(variables: Variables | None) -> tuple[Secret, ...]:
    """The values that must not be told."""
    return tuple(value for value in (variables or {}).values() if isinstance(value, Secret))
