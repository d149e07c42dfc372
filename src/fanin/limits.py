"""The limits on what fanin reads from servers, sources, programs, files and models, as one value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, cast

from fanin.arguments import suggest
from fanin.durations import NOTHING, positive, shown, whole
from fanin.errors import ConfigError

_MAY_BE_NONE = ("redirects", "waiting")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits on what fanin reads; each default is far beyond what an ordinary source needs.

    An engine and its sources share one value: `Engine(sources, limits=limits)`, `Network(limits=limits)`, and
    `limits=limits` for the sources that ask no server. In fanin.toml it is the table `[limits]`, for all of them. What
    exceeds a limit is not read, and the outcome says so. Raises ConfigError for anything but whole numbers above 0,
    and durations for `…_seconds`; `redirects` and `waiting` may be 0.
    """

    documents: int = 1_000
    """Documents that one source may give to one question."""
    jobs: int = 64
    """Jobs of one source in the pool at the same time; a source that is faster than the workers waits for them."""
    stuck_calls: int = 8
    """Calls of one source that may be stuck, although cancelled, before it is not asked until one of them returns."""
    body_bytes: int = 5_000_000
    """Bytes of one answer's body on the wire."""
    unpacked_bytes: int = 20_000_000
    """Bytes of the decompressed body."""
    packed_parts: int = 1_000
    """Compressed streams in one body: each needs a new decompressor, however small it is."""
    header_bytes: int = 32_768
    """Bytes of all headers of one answer."""
    redirects: int = 5
    """Redirects that are followed for one request."""
    response_seconds: float = 60.0
    """Time for one request and its reply, from the first byte sent to the last received; no question takes longer."""
    lookups: int = 64
    """Look-ups of host names at the same time, including abandoned ones: each is a thread."""
    waiting: int = 10
    """Calls that may wait for each one that may run, of a server and of a source with `concurrency`; more are shed."""
    json_characters: int = 8_000_000
    """Characters of one JSON text: for so many, the longest step takes about 40 ms."""
    json_depth: int = 100
    """Levels of lists and objects in JSON; no API nests as deep."""
    json_values: int = 100_000
    """Values in one JSON text: each needs up to 240 bytes, while `[],` has three."""
    json_number_characters: int = 1_000
    """Characters of one number in JSON."""
    expression_steps: int = 1_000_000
    """Steps of evaluating a JMESPath expression on one value, which take about a second."""
    feed_items: int = 10_000
    """Items that are read of all feeds of a source together, for one question."""
    feed_elements: int = 200_000
    """Elements of one feed: 10,000 items have no more."""
    malformed_feed_bytes: int = 1_000_000
    """Bytes that are read of a feed that is not well-formed: feedparser goes over all of them several times."""
    page_tags: int = 100_000
    """Signs "<" of a web page up to which its main part is looked for; of a page with more the plain text is read."""
    page_characters: int = 5_000_000
    """Characters of a web page up to which its main part is looked for."""
    line_bytes: int = 4_000_000
    """Bytes of one line of a program, and of one message of an MCP server; twice as much may be held in memory."""
    output_bytes: int = 20_000_000
    """Bytes that a program may write for one question, and an MCP server over pipes for one request."""
    output_lines: int = 100_000
    """Lines that a program may write for one question, empty ones included."""
    mcp_messages: int = 5_000
    """Messages and other lines that an MCP server may send for one request."""
    mcp_values: int = 50_000
    """Values in one message of an MCP server: its client needs up to 2 µs for each, without a pause."""
    mcp_tools: int = 1_000
    """Tools of one MCP server."""
    mcp_tool_pages: int = 50
    """Pages on which an MCP server lists its tools."""
    file_bytes: int = 50_000_000
    """Bytes of a file that is added to a knowledge base."""
    file_characters: int = 20_000_000
    """Characters of text of such a file."""
    file_headings: int = 200_000
    """Headings of such a file."""
    file_pages: int = 5_000
    """Pages of a PDF that is added to a knowledge base."""
    file_passages: int = 100_000
    """Passages of such a file."""
    file_seconds: float = 60.0
    """Time for reading such a file."""
    row_characters: int = 20_000_000
    """Characters that the rows of a database may hold for one question."""
    statements: int = 10
    """Statements of one source that a database runs at a time; more of them wait."""
    sqlite_bytes: int = 256_000_000
    """Bytes of memory that SQLite may use for one statement."""
    model_events: int = 10_000
    """Events in which a language model may answer; of the 600 tokens that are asked for, each is one."""
    model_event_bytes: int = 65_536
    """Bytes of one such event; usual ones have about 300."""
    model_event_values: int = 1_000
    """Brackets and commas in one such event: clients of models spend up to 20 µs on each."""
    reasoning_characters: int = 200_000
    """Characters of a model's reasoning, which fanin does not use: about 50,000 tokens."""
    written_characters: int = 8_000
    """Characters of a model's text that are read, many times what was asked for; the rest is left out."""
    cached_answers: int = 1_000
    """Answers of one source in memory; beyond that, the least recently used are removed."""
    cached_bytes: int = 20_000_000
    """Bytes in memory of all cached answers of one source, titles, addresses and metadata included."""
    cached_answer_bytes: int = 4_000_000
    """Bytes in memory of the largest answer that is cached; larger ones are fetched each time."""
    stored_values: int = 10_000
    """Values in the store's file; beyond that, those that expire first are removed."""
    stored_bytes: int = 200_000_000
    """Bytes of the store's file."""

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if name.endswith("_seconds"):
                object.__setattr__(self, name, positive(name, value))
            else:
                whole(name, value, least=0 if name in _MAY_BE_NONE else 1)

    @classmethod
    def read(cls, table: object) -> Self:
        """The limits in a table of settings, with defaults for the others. Raises ConfigError."""
        if not isinstance(table, Mapping):
            raise ConfigError(f"limits is {shown(table)}; {NOTHING}. Write a table, [limits].")
        given = cast("Mapping[str, Any]", table)
        for unknown in given.keys() - set(cls.__slots__):
            raise ConfigError(f"there is no limit {unknown!r}; {NOTHING}. {suggest(unknown, tuple(cls.__slots__))}")
        return cls(**given)

    def changed(self) -> Mapping[str, int | float]:
        """The limits that are not the default ones."""
        return {name: getattr(self, name) for name in self.__slots__ if getattr(self, name) != getattr(LIMITS, name)}


LIMITS = Limits()
"""The default limits."""
