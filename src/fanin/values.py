"""Frozen values that cost little to make."""

import copyreg
from collections.abc import Callable, Sequence
from dataclasses import MISSING, dataclass, field, fields
from operator import attrgetter
from typing import Any, cast, dataclass_transform

_set_class: Callable[[object, type], None] = object.__dict__["__class__"].__set__


class _Factory:
    """Shows in a signature that a field has a default factory."""

    def __repr__(self) -> str:
        return "<factory>"


_FACTORY = _Factory()


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value[T](kind: type[T]) -> type[T]:
    """`dataclass(frozen=True, slots=True)`, whose instances are made in about a third of the time.

    A frozen dataclass calls `object.__setattr__` for each field. Here an instance belongs to a class with the same
    slots that is not frozen while its fields are set. The class must have no base class and no `__post_init__`. It is
    for values that are made many times for each question. They are pickled by their fields alone.
    """
    frozen = cast("Any", dataclass(frozen=True, slots=True, init=False)(kind))
    names = [each.name for each in fields(frozen)]
    read: Callable[[object], Any] = attrgetter(*names)

    new: Callable[..., Any] = getattr(copyreg, "__newobj__")  # noqa: B009 - its stubs lack the type

    def reduce(self: Any) -> tuple[Any, ...]:
        if type(self) is not frozen:
            return new, (type(self),), self.__getstate__()
        return frozen, read(self) if len(names) > 1 else (read(self),)

    frozen.__init__, frozen.__reduce__ = _initializer(frozen, names), reduce
    return frozen


def _initializer(frozen: type[Any], names: Sequence[str]) -> Callable[..., None]:
    """The `__init__` of the class. Its source text contains field names and nothing else of the caller's."""
    made = {each.name: each.default_factory for each in fields(frozen) if each.default_factory is not MISSING}
    given = [_FACTORY if each.name in made else each.default for each in fields(frozen)]
    given = [each for each in given if each is not MISSING]
    unfrozen = type(frozen.__name__, (), {"__slots__": frozen.__slots__})
    known = {  # dunder names, which no field has
        "__missing__": _FACTORY, "__made__": made, "__names__": names, "__set_slowly__": _set_slowly,
        "__set_class__": _set_class, "__frozen__": frozen, "__unfrozen__": unfrozen,
    }  # fmt: skip
    lines = [
        f"def __init__(self, {', '.join(names)}):",
        *[f"if {name} is __missing__: {name} = __made__[{name!r}]()" for name in made],
        f"if self.__class__ is not __frozen__: return __set_slowly__(self, __names__, ({', '.join(names)},))",
        "__set_class__(self, __unfrozen__)",
        *[f"self.{name} = {name}" for name in names],
        "self.__class__ = __frozen__",
    ]
    exec("\n ".join(lines), known)  # noqa: S102 - as dataclasses and namedtuple do
    initialize: Any = known["__init__"]
    initialize.__defaults__ = tuple(given)
    initialize.__annotate__ = frozen.__annotate__
    initialize.__qualname__ = f"{frozen.__qualname__}.__init__"
    return initialize


def _set_slowly(self: object, names: Sequence[str], values: Sequence[object]) -> None:
    """Set the fields of an instance of a derived class, which may have more than these slots."""
    for name, each in zip(names, values, strict=True):
        object.__setattr__(self, name, each)
