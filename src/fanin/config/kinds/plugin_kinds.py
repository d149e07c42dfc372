"""Kinds of sources from other packages, by the entry point group `fanin.sources`."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, override

from pydantic import Field

from fanin.config.kinds.common_settings import Common, Context
from fanin.errors import ConfigError, describe
from fanin.sources.source import Source

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "fanin.sources"

type Make = Callable[[str, Mapping[str, Any]], object]
"""An entry point: a function that gives the Source for a name and its settings, or a subclass of Common."""


class PluginSource(Common):
    """A source of a kind that is a function: `own` are the settings that fanin does not know."""

    kind: str
    make: Make
    own: dict[str, Any] = Field(default_factory=dict)

    @override
    def source(self, name: str, context: Context) -> Source:
        """The source that the function makes of the settings. Raises ConfigError if it refuses them."""
        try:
            made = self.make(name, self.own)
        except ConfigError:
            raise
        except Exception as error:
            raise ConfigError(
                f"the kind {self.kind!r} refused these settings, {describe(error)}; fanin asked nothing."
                " See what the package that brings this kind says about them."
            ) from error
        if isinstance(made, Source):
            return made
        raise ConfigError(
            f"the kind {self.kind!r} gave a value of type {type(made).__name__}, which is no fanin source; fanin asked"
            " nothing. Tell the authors of the package that brings this kind."
        )


def plugin_entry_points() -> Mapping[str, EntryPoint]:
    """The kinds of installed packages, by their names, not yet imported."""
    from importlib.metadata import entry_points  # 5 ms, for kinds that are none of fanin's own

    return {point.name: point for point in entry_points(group=GROUP)}


def load_kind(point: EntryPoint) -> object:
    """The kind of a package. Raises ConfigError if it cannot be imported or does not make sources."""
    package = point.dist.name if point.dist else point.value
    try:
        found: object = point.load()
    except Exception as error:
        raise ConfigError(
            f"the package {package!r} that brings the kind {point.name!r} cannot be imported,"
            f" {describe(error)}; fanin asked nothing. Install it again, or remove this source."
        ) from error
    if not callable(found):
        raise ConfigError(
            f"the package {package!r} brings a value of type {type(found).__name__} as the kind {point.name!r}, which"
            " cannot be called; fanin asked nothing. Tell its authors, or remove this source."
        )
    return found


def split_settings(raw: Mapping[str, Any], *, kind: str, make: object) -> Mapping[str, Any]:
    """The settings of such a source with its own ones apart from those that fanin knows."""
    common = {name: value for name, value in raw.items() if name in Common.model_fields}
    own = {name: value for name, value in raw.items() if name not in Common.model_fields and name != "kind"}
    return {**common, "kind": kind, "make": make, "own": own}
