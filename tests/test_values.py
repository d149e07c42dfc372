"""Frozen values: they behave as frozen dataclasses with slots do."""

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from fanin.values import value


@value
class Point:
    """Where something is."""

    x: float
    y: float = 0.0
    names: list[str] = dataclasses.field(default_factory=list[str])


@value
class Single:
    only: str


@dataclasses.dataclass(frozen=True, slots=True)
class Standard:
    x: float
    y: float = 0.0
    names: list[str] = dataclasses.field(default_factory=list[str])


class Named(Point):
    """A derived class, which has a dict."""


@dataclasses.dataclass(frozen=True)
class Deep(Point):
    z: float = 7.0


@pytest.mark.parametrize("arguments", [((1.0,), {}), ((1.0, 2.0), {}), ((), {"x": 3.0, "names": ["a"]})])
def test_it_is_made_as_a_dataclass_is(arguments: tuple[Any, Any]) -> None:
    given, named = arguments
    made, standard = Point(*given, **named), Standard(*given, **named)
    assert dataclasses.asdict(made) == dataclasses.asdict(standard)
    assert repr(made) == repr(standard).replace("Standard", "Point")
    assert made == Point(*given, **named)
    assert type(made) is Point


def test_each_has_a_list_of_its_own() -> None:
    assert Point(1.0).names is not Point(1.0).names


@pytest.mark.parametrize("given", [(), (1.0, 2.0, [], 4.0)])
def test_wrong_arguments_are_refused(given: tuple[Any, ...]) -> None:
    with pytest.raises(TypeError, match=r"Point\.__init__"):
        Point(*given)


@pytest.mark.parametrize("change", [lambda p: setattr(p, "x", 2.0), lambda p: delattr(p, "x")])
@pytest.mark.parametrize("made", [Point(1.0), Named(1.0), Deep(1.0), pickle.loads(pickle.dumps(Point(1.0)))])
def test_it_cannot_be_changed(made: Point, change: Callable[[Point], None]) -> None:
    with pytest.raises(AttributeError):
        change(made)
    assert made.x == 1.0


@pytest.mark.parametrize("made", [Point(1.0, names=["a"]), Single("b"), Named(2.0), Deep(1.0, z=3.0)])
def test_copies_are_equal_and_of_the_same_class(made: Any) -> None:
    for again in (pickle.loads(pickle.dumps(made)), copy.copy(made), copy.deepcopy(made), dataclasses.replace(made)):
        assert again == made
        assert type(again) is type(made)


def test_it_has_slots_a_hash_and_patterns() -> None:
    assert not hasattr(Single("a"), "__dict__")
    assert {Single("a"), Single("a"), Single("b")} == {Single("a"), Single("b")}
    assert Point.__match_args__ == ("x", "y", "names")
    assert Point.__doc__ == "Where something is."
    assert list(inspect.signature(Point).parameters) == ["x", "y", "names"]
