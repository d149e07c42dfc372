"""Measures the bytes that a value holds in memory, up to a limit."""

from collections.abc import Collection, Iterable, Mapping
from itertools import chain
from sys import getsizeof
from typing import Any, cast


def size_of(value: object, *, most: int) -> int:
    """The bytes of a value with all that it holds, counted until there are more than `most`.

    It looks into dataclasses and collections of any depth, and counts other objects without their contents. An object
    that occurs twice is counted twice, so a value that holds itself has more than any `most`.
    """
    total, left = 0, [value]
    while left and total <= most:
        each = left.pop()
        total += getsizeof(each)
        if type(each) is not str:
            left.extend(_parts(each))
    return total


def _parts(value: object) -> Iterable[object]:
    match value:
        case str() | bytes() | bytearray() | memoryview():
            return ()
        case Mapping():
            return chain.from_iterable(cast("Mapping[Any, Any]", value).items())
        case Collection():
            return cast("Collection[Any]", value)
        case _:
            return [getattr(value, name) for name in getattr(type(value), "__dataclass_fields__", ())]
