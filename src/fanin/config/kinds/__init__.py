"""The settings of each kind of source, and the source that they describe."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import override

from fanin.config.kinds.common import Common

_HOMES = {
    "open-meteo": "services:OpenMeteo",
    "feeds": "services:Feeds",
    "hacker-news": "services:HackerNews",
    "wikipedia": "services:Wikipedia",
    "http": "http:Http",
    "web": "http:Pages",
    "mcp": "local:Mcp",
    "sql": "local:Sql",
    "knowledge": "local:Knowledge",
    "python": "local:Python",
    "command": "local:Command",
    "simulated": "local:Simulated",
}


class _Kinds(Mapping[str, type[Common]]):
    """Each kind is imported when it is first asked for: a settings file has a few of them."""

    @override
    def __getitem__(self, kind: str) -> type[Common]:
        module, _, name = _HOMES[kind].partition(":")
        return getattr(import_module(f"fanin.config.kinds.{module}"), name)

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(_HOMES)

    @override
    def __len__(self) -> int:
        return len(_HOMES)


KINDS: Mapping[str, type[Common]] = _Kinds()
"""The kinds that come with fanin, by what they are called in a settings file."""
