"""The library pyarrow, where it is installed."""

from importlib import import_module
from typing import Any, Protocol

from fanin.errors import ConfigError


class ArrowTable(Protocol):
    """A table of any library that hands it over by the Arrow C stream interface (the PyCapsule interface of Arrow)."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """A capsule with the stream."""
        ...


def arrow(module: str = "pyarrow") -> Any:
    """The library, or one of its modules. Raises ConfigError without the extra fanin[arrow]."""
    try:
        return import_module(module)
    except ImportError as error:
        raise ConfigError(
            f"The extra fanin[arrow] is not installed ({error}); fanin asked nothing. Install it, or use JSON lines or"
            " CSV."
        ) from error
