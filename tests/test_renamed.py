"""Old names of modules still work for one version, and say what they are called now."""

import importlib
import sys

import pytest

from fanin import ask_once, engine
from fanin.renamed import RENAMED


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_an_old_name_warns_and_gives_the_module_of_the_new_name(old: str, new: str) -> None:
    with pytest.warns(DeprecationWarning, match=f"{old} is called {new} now"):
        found = importlib.import_module(old)
    assert found is importlib.import_module(new)
    assert found.__spec__ is not None
    assert (found.__name__, found.__spec__.name) == (new, new)
    sys.modules.pop(old, None)


def test_names_that_moved_out_of_the_engine_are_still_found() -> None:
    for name in ("ask", "Options"):
        with pytest.warns(DeprecationWarning, match=f"fanin.engine.{name} is fanin.ask_once.{name} now"):
            assert getattr(engine, name) is getattr(ask_once, name)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        getattr(engine, "nothing")  # noqa: B009 - an attribute that type checkers do not know


def test_what_never_was_is_not_found() -> None:
    with pytest.raises(ModuleNotFoundError, match=r"No module named 'fanin\.nothing'"):
        importlib.import_module("fanin.nothing")
