"""The environment of a program that fanin starts: little of fanin's own, so that no key gets there by accident."""

import os
from collections.abc import Mapping
from pathlib import Path

from fanin.net.secrets import Secret

type Variables = Mapping[str, str | Secret]

KEPT = (
    *("HOME", "LANG", "LC_ALL", "LC_CTYPE", "LOGNAME", "PATH"),
    *("SHELL", "TERM", "TMPDIR", "TZ", "USER"),
)
"""Variables that a program needs to find itself and its language, and that hold no secret."""

_OWNER = ("HOME", "USER")
"""Variables by which a program finds the files and the keys of whoever runs it."""


def environment(variables: Variables) -> dict[str, str]:
    """What is kept of fanin's own variables, and the given ones."""
    given = {name: value.reveal() if isinstance(value, Secret) else value for name, value in variables.items()}
    return {name: os.environ[name] for name in KEPT if name in os.environ} | given


def told(variables: Variables | None) -> dict[str, str]:
    """The variables as they may be told, and whose program it is: what its answers depend on besides their secrets."""
    owner = {name: os.environ.get(name, "") for name in _OWNER}
    return owner | {name: str(value) for name, value in (variables or {}).items()}


def placed(folder: str | None) -> str:
    """The folder in which a program runs, from the root on."""
    return str(Path(folder or "").resolve())


def secrets_in(variables: Variables | None) -> tuple[Secret, ...]:
    """The values that must not be told, in the order of their names."""
    return tuple(value for _, value in sorted((variables or {}).items()) if isinstance(value, Secret))
