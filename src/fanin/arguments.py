"""Checks arguments of the public API; a wrong one is a ConfigError that names it (pure)."""

import inspect
from annotationlib import Format
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from typing import Any, cast

from fanin.durations import NOTHING, shown
from fanin.errors import ConfigError


def check_callable(name: str, function: object, what: str, *arguments: str) -> None:
    """Raises ConfigError for what cannot be called with so many arguments; `what` says what it is."""
    if inspect.isclass(function) or not callable(function):
        raise ConfigError(f"{name} is {shown(function)}, which is no function; {NOTHING}. Give {what}.")
    try:
        called_with(function, *arguments)
    except TypeError as error:
        called = f"{getattr(function, '__name__', type(function).__name__)}({', '.join(arguments)})"
        raise ConfigError(f"{name} cannot be called as {called}: {error}; {NOTHING}. Give {what}.") from None
    except ValueError:
        pass  # a function of C without a signature: its first call will tell


def called_with(function: Callable[..., Any], *arguments: object, **keywords: object) -> None:
    """Raises TypeError for a function that cannot be called so, and ValueError for one whose signature is not known."""
    # Annotations may name what is imported for type checkers only.
    inspect.signature(function, annotation_format=Format.FORWARDREF).bind(*arguments, **keywords)


def instance[T](name: str, value: T, kind: type[T], advice: str) -> T:
    """The value, if it is of that kind."""
    if isinstance(value, kind):
        return value
    raise ConfigError(f"{name} is {shown(value)}; {NOTHING}. {advice}")


def question_text(question: object) -> str:
    """The question, if it is a text with something in it."""
    if not isinstance(question, str):
        raise ConfigError(f"The question is {shown(question)}, which is no text; fanin asked nothing. Ask with a text.")
    if not question or question.isspace():
        raise ConfigError("The question is empty; fanin asked nothing. Ask something.")
    return question


def check_list(name: str, value: object, *, did: str = NOTHING) -> list[Any]:
    """The items of any iterable. Raises ConfigError for what is none, and for an empty one."""
    match value:
        case str() | bytes():
            raise ConfigError(f"{name} is the text {shown(value)}; {did}. Put it into a list: [{shown(value)}].")
        case Mapping():
            raise ConfigError(f"{name} is a table; {did}. Give a list, such as [*{name}.values()].")
        case _:
            pass
    try:
        found = list(cast("Collection[Any]", value))
    except TypeError:
        what = getattr(value, "__name__", None) or getattr(value, "name", None) or shown(value)
        advice = "Give a list." if value is None else f"Put it into a list: [{what}]."
        raise ConfigError(f"{name} is {what}, which is no list; {did}. {advice}") from None
    if not found:
        raise ConfigError(f"{name} is empty; {did}. Give at least one source.")
    return found


def suggest(name: str, known: Collection[str]) -> str:
    """A suggestion for an unknown name: the nearest known one, or else all of them."""
    close = get_close_matches(name, known, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(known)}."
