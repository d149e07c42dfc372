"""Modules under the names that they had before 0.2: importing one warns, and gives the module of the new name."""

import importlib
import importlib.machinery
import sys

TYPE_CHECKING = False  # `fanin` imports this: it has to be light
if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec
    from types import ModuleType

RENAMED = {
    "fanin.analysis": "fanin.process.full_text",
    "fanin.config.kinds.common": "fanin.config.kinds.common_settings",
    "fanin.config.values": "fanin.config.setting_values",
    "fanin.interfaces.cli.screen": "fanin.interfaces.cli.output",
    "fanin.interfaces.event_changes": "fanin.streams.event_changes",
    "fanin.knowledge.search.searching": "fanin.knowledge.search.knowledge",
    "fanin.net.template": "fanin.net.url_template",
    "fanin.policies.stores": "fanin.storage",
    "fanin.semantic": "fanin.embeddings",
    "fanin.sources.masked": "fanin.sources.masked_source",
}
"""Those that documentation named; the old names go with the next version."""


class RenamedModules:
    """A finder of the import system for the old names alone; it is asked last, so that no other import is slower."""

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """What imports a module of an old name; None for all others."""
        if name not in RENAMED:
            return None
        return importlib.machinery.ModuleSpec(name, self)  # pyright: ignore[reportArgumentType]

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """The module of the new name."""
        import warnings

        new = RENAMED[spec.name]
        warnings.warn(f"{spec.name} is called {new} now; change the import.", DeprecationWarning, stacklevel=2)
        return importlib.import_module(new)

    def exec_module(self, module: ModuleType) -> None:
        """Give the module back its own spec, in the place of which the import system put that of the old name."""
        package = sys.modules[module.__name__.rpartition(".")[0]]
        module.__spec__ = importlib.machinery.PathFinder.find_spec(module.__name__, package.__path__)


def install() -> None:
    """Let the import system know the old names."""
    if not any(isinstance(each, RenamedModules) for each in sys.meta_path):
        sys.meta_path.append(RenamedModules())  # pyright: ignore[reportArgumentType] - loaders need no `load_module`
