"""The settings of each kind of source, and the source that they describe."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import override

from fanin.config.kinds.common_settings import Common

_MODULE_OF = {
    "open-meteo": "service_kinds:OpenMeteo",
    "feeds": "service_kinds:Feeds",
    "hacker-news": "service_kinds:HackerNews",
    "wikipedia": "service_kinds:Wikipedia",
    "http": "http_kinds:Http",
    "web": "http_kinds:Pages",
    "mcp": "local_kinds:Mcp",
    "sql": "local_kinds:Sql",
    "knowledge": "local_kinds:Knowledge",
    "python": "local_kinds:Python",
    "command": "local_kinds:Command",
    "simulated": "local_kinds:Simulated",
}


class _Kinds(Mapping[str, type[Common]]):
    """Each kind is imported when it is first asked for: a settings file has a few of them."""

    @override
    def __getitem__(self, kind: str) -> type[Common]:
        module, _, name = _MODULE_OF[kind].partition(":")
        return getattr(import_module(f"fanin.config.kinds.{module}"), name)

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(_MODULE_OF)

    @override
    def __len__(self) -> int:
        return len(_MODULE_OF)


KINDS: Mapping[str, type[Common]] = _Kinds()
"""The kinds that come with fanin, by what they are called in a settings file."""
