"""A source is a name, a timeout, and one function from a question to a stream of documents."""

import asyncio
import inspect
import json
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from types import CodeType
from typing import TYPE_CHECKING, Any, TypedDict, Unpack, cast, overload

from fanin.arguments import check_callable, suggest
from fanin.durations import Duration, Rate, number, positive, shown
from fanin.errors import ConfigError, FailureKind, SourceError
from fanin.model import Document, Notice, Policy, Question
from fanin.sources.threads import in_thread

if TYPE_CHECKING:
    from fanin.net.secrets import Secret

type Item = Document | Notice
type Fetch = Callable[[Question], AsyncIterator[Item]]
type SourceFunction = Callable[[Question], Any]

_TEXTS = ("text", "title", "url", "published", "media_type")
"""Fields of a document that have to be texts."""

_PLAIN = (str, int, float, type(None))

FUNCTION = "a function that takes the question and gives documents"
NOT_ADDED = "fanin did not add it"


@dataclass(frozen=True, slots=True)
class Source:
    """Something that can be asked.

    - `fetch(question)`: gives documents as they arrive. It may raise anything, which becomes its outcome.
    - `timeout`: for one attempt; seconds, or a text such as "2s".
    - `weight`: a factor for its passages in the ranking.
    - `close`: awaited when the engine closes.
    - `policy`: the policies that the engine wraps around it; None: the engine's own.
    - `topics`: if there are any, it is asked only questions that match one of them.
    - `identity`: what its answers depend on besides the question, and `secrets`: the keys that they depend on. By these
      two a store that several programs share distinguishes sources of the same name.
    - `searches`: whether other words of a question find other documents, so that a second round may ask it again.

    Calling a source calls its `fetch`.
    """

    name: str
    fetch: Fetch
    timeout: float = 5.0
    weight: float = 1.0
    close: Callable[[], Awaitable[None]] | None = None
    policy: Policy | None = None
    topics: tuple[str, ...] = ()
    identity: str = ""
    secrets: tuple[Secret, ...] = ()
    searches: bool = False

    def __post_init__(self) -> None:
        name = cast("object", self.name)
        if not (isinstance(name, str) and name and name.isprintable()):
            raise ConfigError(f"A source is named {name!r}; {NOT_ADDED}. Give it a printable name.")
        if self.timeout != float("inf"):
            found = positive(f"The timeout of the source {name!r}", self.timeout, did=NOT_ADDED)
            object.__setattr__(self, "timeout", found)
        number(f"The weight of the source {name!r}", self.weight, zero=False)
        if isinstance(topics := cast("object", self.topics), str):
            raise ConfigError(f"The source {name!r} has topics={topics!r}; {NOT_ADDED}. Give a list: [{topics!r}].")

    def __call__(self, question: Question) -> AsyncIterator[Item]:
        """The documents of one attempt, as they arrive."""
        return self.fetch(question)


class PolicySettings(TypedDict, total=False):
    """The arguments of `Policy`, as keywords."""

    retries: int
    retry_budget: float
    rate: Rate | None
    concurrency: int | None
    breaker: bool
    hedge: bool
    cache: Duration
    stale: Duration


@asynccontextmanager
async def open_stream(source: Source, question: Question) -> AsyncGenerator[AsyncIterator[Item]]:
    """The stream of one call, which is always closed at the end of the block."""
    stream = source.fetch(question)
    try:
        yield stream
    finally:
        if (aclose := getattr(stream, "aclose", None)) is not None:
            await aclose()


@overload
def source(function: SourceFunction, /) -> Source: ...
@overload
def source(
    *,
    name: str | None = None,
    timeout: Duration = 5.0,
    weight: float = 1.0,
    topics: Sequence[str] = (),
    searches: bool = False,
    **policy: Unpack[PolicySettings],
) -> Callable[[SourceFunction], Source]: ...
def source(
    function: SourceFunction | None = None,
    /,
    *,
    name: str | None = None,
    timeout: Duration = 5.0,
    weight: float = 1.0,
    topics: Sequence[str] = (),
    searches: bool = False,
    **policy: Unpack[PolicySettings],
) -> Source | Callable[[SourceFunction], Source]:
    """Make a function a source; it may return or yield a Document, a str, or iterables of them, or None for nothing.

    Async functions and async generators run on the event loop, all others in a thread of their own. `timeout` is for
    one attempt, in seconds or a text such as "2s"; the name defaults to the function's. With `topics`, it is asked only
    questions that match one of them. With `searches`, a second round may ask it with other words. All other settings
    are those of `Policy`, such as `retries=2`, `cache="10min"` or `rate="30/min"`; without any, the engine's policy
    applies. Raises ConfigError for invalid settings.
    """
    for unknown in policy.keys() - Policy.__slots__:
        settings_of_source = ["name", "timeout", "weight", "topics", "searches", *Policy.__slots__]
        raise ConfigError(f"A source has no setting {unknown!r}; {NOT_ADDED}. {suggest(unknown, settings_of_source)}")
    settings = Policy(**policy) if policy else None

    def decorate(function: SourceFunction) -> Source:
        if isinstance(function, Source):
            raise ConfigError(f"{function.name!r} is a source already; {NOT_ADDED}. Leave out the second @source.")
        check_callable("A source", function, FUNCTION, "question")
        return Source(
            name or _name(function),
            _fetch(function),
            timeout=cast("float", timeout),
            weight=weight,
            policy=settings,
            topics=cast("tuple[str, ...]", topics if isinstance(topics, str) else tuple(topics)),
            identity=function_identity(function),
            searches=searches,
        )

    return decorate if function is None else decorate(function)


def as_source(candidate: Source | SourceFunction) -> Source:
    """The source itself, or a function as a source with default settings."""
    return candidate if isinstance(candidate, Source) else source(candidate)


def digest(*parts: object) -> str:
    """A digest of settings; secrets among them count as `***`."""
    return sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


def function_identity(function: SourceFunction) -> str:
    """A digest of a function: its name, its code, the plain values that it reads, and its bound arguments."""
    arguments_given = list[object]()
    while isinstance(function, partial):
        arguments = (*enumerate(function.args), *function.keywords.items())
        # Other objects have no stable value: by their id, no later run finds answers that were cached for them.
        arguments_given += [(at, each if isinstance(each, _PLAIN) else id(each)) for at, each in arguments]
        function = cast("SourceFunction", function.func)
    module, code = getattr(function, "__module__", None), getattr(function, "__code__", None)
    where = getattr(code, "co_filename", "") if module == "__main__" else ""
    named = getattr(function, "__qualname__", type(function).__qualname__)
    does = (_instructions(code), _values_read(function, code)) if isinstance(code, CodeType) else ()
    return digest(module, named, where, arguments_given, does)


def _instructions(code: CodeType) -> list[object]:
    """The instructions of the code, which are the same in each run of one version of Python."""
    return [code.co_code.hex(), code.co_names, *map(_constant, code.co_consts)]


def _constant(value: object) -> object:
    match value:
        case CodeType():
            return _instructions(value)
        case frozenset():
            return sorted(map(repr, cast("frozenset[object]", value)))
        case _:
            return repr(value)


def _values_read(function: Any, code: CodeType) -> Sequence[object]:
    """The plain values that a function reads besides its arguments, such as an address or a key in its module."""
    read = {name: function.__globals__.get(name) for name in code.co_names}
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        with suppress(ValueError):  # it has no value yet
            read[name] = cell.cell_contents
    return sorted((name, value) for name, value in read.items() if isinstance(value, _PLAIN))


def _name(function: SourceFunction) -> str:
    while isinstance(function, partial):
        function = cast("SourceFunction", function.func)
    return getattr(function, "__name__", type(function).__name__).strip("<>")


def _fetch(function: SourceFunction) -> Fetch:
    """A function that gives whatever `function` returns or yields as a stream of items."""
    target: Any = function
    while isinstance(target, partial):
        target = cast("Any", target.func)
    kinds = (target, getattr(target, "__call__", None))  # noqa: B004 - the method itself is looked at, not called
    if any(inspect.isasyncgenfunction(kind) for kind in kinds):
        return partial(_from_stream, function)
    if any(inspect.iscoroutinefunction(kind) for kind in kinds):
        return partial(_Call, function)
    return partial(_from_thread, function)


async def _from_stream(function: SourceFunction, question: Question) -> AsyncIterator[Item]:
    async with aclosing(function(question)) as stream:
        async for value in stream:
            for item in items(value):
                yield item


class _Call:
    """The documents of a coroutine function. Most return one, for which an async generator would be slow.

    `over` is true once it is known that nothing more comes, and nothing has to be closed.
    """

    __slots__ = ("_function", "_more", "_question", "over")

    def __init__(self, function: SourceFunction, question: Question) -> None:
        self._function, self._question = function, question
        self._more: AsyncGenerator[Item] | None = None
        self.over = False

    def __aiter__(self) -> AsyncIterator[Item]:
        return self

    async def __anext__(self) -> Item:
        if self.over:
            raise StopAsyncIteration
        if self._more is None:
            self.over = True
            value = await self._function(self._question)
            if isinstance(value, Document):
                return _check_document(value)
            self._more, self.over = _from_value(value, self._question), False
        return await anext(self._more)

    async def aclose(self) -> None:
        """Close what the function gave."""
        if self._more is not None:
            await self._more.aclose()


async def _from_value(value: Any, question: Question) -> AsyncGenerator[Item]:
    if isinstance(value, AsyncIterable):
        async for item in _from_stream(lambda _: cast("Any", value), question):
            yield item
    else:
        for item in items(value):
            yield item


async def _from_thread(function: SourceFunction, question: Question) -> AsyncIterator[Item]:
    async with aclosing(in_thread(function, question)) as stream:
        async for value in stream:
            if inspect.isawaitable(value):
                value = await value
            for item in items(value):
                yield item
            await asyncio.sleep(0)


def items(value: Any) -> Iterable[Item]:
    """The documents in a value that a source returned or yielded, one by one.

    Raises SourceError (kind "type") for anything but a document, text, notice, iterable of these, or None.
    """
    match value:
        case Document():
            yield _check_document(value)
        case Notice():
            yield value
        case str():
            yield Document(value)
        case None:
            return
        case bytes() | dict():
            raise _no_document(cast("object", value))
        case Iterable():
            for inner in cast("Iterable[Any]", value):
                yield from items(inner)
        case _:
            raise _no_document(value)


def _check_document(document: Document) -> Document:
    """The document. Raises SourceError unless the fields in `_TEXTS` are texts."""
    if type(document.text) is type(document.title) is type(document.url) is type(document.published) is str and (
        type(document.media_type) is str
    ):
        return document  # the fast path for nearly all documents
    for name in _TEXTS:
        if not isinstance(value := getattr(document, name), str):
            raise SourceError(
                f"The source gave a document whose {name} is {shown(value)}, not a text; fanin stopped reading it."
                ' Give a str, "" for nothing, and a date as `date.isoformat()`.',
                FailureKind.TYPE,
            )
    return document


def _no_document(value: object) -> SourceError:
    return SourceError(
        f"The source gave a {type(value).__name__}, {repr(value)[:80]}, which is not a document; fanin stopped reading"
        " it. Return or yield fanin.Document, str, or iterables of them.",
        FailureKind.TYPE,
    )
