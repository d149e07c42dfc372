"""What the services say, as TOML files beside this one."""

import tomllib
from importlib.resources import files
from typing import Any


def read(name: str) -> dict[str, Any]:
    """The values of one of the files."""
    return tomllib.loads((files(__name__) / f"{name}.toml").read_text("utf-8"))
