"""Kinds of sources that an installed package brings, found as Python finds any entry point."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fanin.config import load
from fanin.errors import ConfigError
from fanin.model import Policy

CODE = """
import fanin
from typing import Literal
from fanin.config.kinds.common_settings import Common

def tickets(name, settings):
    queue = settings["queue"]
    if set(settings) - {"queue"}:
        raise fanin.ConfigError(f"there is no such setting among {sorted(settings)}; fanin asked nothing. Say queue.")

    async def fetch(question):
        yield fanin.Document(f"Ticket 7 of {queue} is open.")

    return fanin.Source(name, fetch)

def empty(name, settings):
    return None

class Modelled(Common):
    kind: Literal["modelled"]
    queue: str

    def source(self, name, context):
        return tickets(name, {"queue": self.queue})

nothing = 5
"""

POINTS = """[fanin.sources]
tickets = ticket_kinds:tickets
modelled = ticket_kinds:Modelled
empty = ticket_kinds:empty
nothing = ticket_kinds:nothing
broken = ticket_kinds_absent:tickets
"""


@pytest.fixture
def declared(tmp_path: Path, monkeypatch) -> Iterator[Callable[[str], Path]]:
    """An installed package that brings kinds; give it what stands below [sources.t], and get the settings file."""
    installed = tmp_path / "installed"
    folder = installed / "ticket_kinds-1.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: ticket-kinds\nVersion: 1.0\n")
    (folder / "entry_points.txt").write_text(POINTS)
    (installed / "ticket_kinds.py").write_text(CODE)
    monkeypatch.syspath_prepend(str(installed))

    def write(text: str) -> Path:
        path = tmp_path / "fanin.toml"
        path.write_text(f"[sources.t]\n{text}", "utf-8")
        return path

    yield write
    sys.modules.pop("ticket_kinds", None)


async def test_a_function_of_another_package_is_a_kind(declared) -> None:
    settings = load(declared('kind = "tickets"\nqueue = "harbour"\nretries = 1\ncache = "0s"\nweight = 2\n'))
    async with settings.engine() as engine:
        assert engine.sources["t"].policy == Policy(retries=1, breaker=True, stale=3600.0)
        assert engine.sources["t"].weight == 2.0
        answer = await engine.ask("Which ticket is open?")
    assert answer.text == "Ticket 7 of harbour is open. [1]"


def test_settings_of_another_package_may_be_a_model_too(declared) -> None:
    assert list(load(declared('kind = "modelled"\nqueue = "harbour"\n')).engine().sources) == ["t"]
    with pytest.raises(ConfigError, match=r"sources\.t\.quue: there is no such setting; .* Did you mean 'queue'\?"):
        load(declared('kind = "modelled"\nqueue = "a"\nquue = "harbour"\n'))


def test_the_kinds_of_other_packages_are_named_among_those_that_there_are(declared) -> None:
    with pytest.raises(ConfigError, match=r"simulated, broken, empty, modelled, nothing, tickets\."):
        load(declared('kind = "zzz"\n'))
    with pytest.raises(ConfigError, match=r"Did you mean 'tickets'\?"):
        load(declared('kind = "ticket"\n'))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'kind = "tickets"\nqueue = "a"\nspeed = 1',
            r"sources\.t: there is no such setting among \['queue', 'speed'\]",
        ),
        ('kind = "tickets"', r"sources\.t: the kind 'tickets' refused these settings, KeyError: 'queue'; fanin asked"),
        ('kind = "tickets"\nqueue = "a"\nretries = "x"', r"sources\.t\.retries: it should be a whole number"),
        ('kind = "empty"', r"sources\.t: the kind 'empty' gave a value of type NoneType, which is no fanin source"),
        (
            'kind = "nothing"',
            r"sources\.t\.kind: the package 'ticket-kinds' brings a value of type int as the kind 'nothing'",
        ),
        ('kind = "broken"', r"sources\.t\.kind: .* 'ticket-kinds' .* cannot be imported, ModuleNotFoundError"),
    ],
)
def test_what_another_package_does_wrong_is_told_with_the_key(declared, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        load(declared(text)).engine()
    assert "fanin.toml: " in str(caught.value)
