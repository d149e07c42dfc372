"""The settings of each kind of source, and the source that they describe."""

from collections.abc import Mapping

from fanin.config.kinds.common import Common
from fanin.config.kinds.http import Http, Pages
from fanin.config.kinds.local import Command, Knowledge, Mcp, Python, Simulated, Sql
from fanin.config.kinds.services import Feeds, HackerNews, OpenMeteo, Wikipedia

KINDS: Mapping[str, type[Common]] = {
    "open-meteo": OpenMeteo,
    "feeds": Feeds,
    "hacker-news": HackerNews,
    "wikipedia": Wikipedia,
    "http": Http,
    "web": Pages,
    "mcp": Mcp,
    "sql": Sql,
    "knowledge": Knowledge,
    "python": Python,
    "command": Command,
    "simulated": Simulated,
}
"""The kinds that come with fanin, by what they are called in a settings file."""
