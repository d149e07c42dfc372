"""What is remembered of texts is bounded in number and in size."""

import functools
import gc
import inspect
import random
import sys
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from fanin.embeddings.wordpiece import encode
from fanin.fuse.candidates import found_in
from fanin.model import Document
from fanin.plan.topics import fitting
from fanin.process import ANALYSIS
from fanin.text.bounded_cache import cache_texts
from fanin.text.question_terms import question_terms
from fanin.text.word_overlap import loses_a_fact
from fanin.text.words import stem, words

type Cache = functools._lru_cache_wrapper[Any]


def test_a_result_is_computed_once_while_it_is_remembered() -> None:
    asked: list[str] = []

    @cache_texts(entries=3, characters=100)
    def upper(text: str) -> str:
        """The text in capitals."""
        asked.append(text)
        return text.upper()

    assert [upper(text) for text in "abcabc"] == list("ABCABC")
    assert asked == list("abc")
    upper("d")
    upper("a")
    assert asked == list("abcda"), "the one that was used longest ago made room"
    assert upper.__doc__ == "The text in capitals."


def test_what_is_remembered_holds_only_so_many_characters() -> None:
    @cache_texts(entries=1000, characters=500)
    def longer(text: str) -> str:
        return text * 2

    for number in range(1000):
        longer("x" * (number % 50) + str(number))
        assert size_held(longer) < 30_000
    longer("y" * 1_000_000)
    longer("z")
    assert size_held(longer) < 30_000


def caches() -> Iterator[tuple[str, Cache]]:
    """Every cache of a function in what is loaded of fanin, apart from what only tests use."""
    for name, module in sorted(sys.modules.items()):
        if name.startswith("fanin.") and not name.startswith(("fanin.testing", "fanin.interfaces", "fanin.capstone")):
            for each in vars(module).values():
                if isinstance(each, functools._lru_cache_wrapper) and each.__module__ == name:
                    yield f"{name}.{each.__name__}", each


CODE = (type, types.FunctionType, types.ModuleType, types.CellType, types.BuiltinFunctionType)


def size_held(cache: Any) -> int:
    """The bytes of all keys and results in a cache."""
    total, seen, left = 0, set[int](), [cache]
    while left:
        each = left.pop()
        if id(each) not in seen and not isinstance(each, CODE):
            seen.add(id(each))
            total += sys.getsizeof(each)
            left.extend(gc.get_referents(each))
    return total


def use_everything(text: str) -> None:
    fitting(text, ["weather", "news"])
    found_in(question_terms(text), "The harbour is open.")
    loses_a_fact(text, stays="The harbour is open.")
    for each in words(text):
        stem(each)
    encode(text)
    ANALYSIS.work(text, Document("The harbour is open until nine.", source="s"))
    ANALYSIS.work("Is the harbour open?", Document(text, source="s"))


RANDOM = random.Random(7)


def word(length: int, letters: str = "abcdefghijklmnopqrstuvwxyz") -> str:
    return "".join(RANDOM.choices(letters, k=length))


MAKERS: dict[str, tuple[int, Callable[[], str]]] = {
    "words without end": (500, lambda: " ".join(word(60, "0123456789abcdef") for _ in range(8))),
    "pages": (20, lambda: " ".join(word(7) for _ in range(2000))),
    "pieces": (60, lambda: f"{word(9)}'{"'".join(word(5) for _ in range(400))}"),
    "questions": (6000, lambda: f"Is {word(8)} of {word(7).title()} {word(6)} open?"),
    "other scripts": (200, lambda: " ".join(word(30, "äöüéèñßабвгд") for _ in range(20))),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_no_cache_holds_more_than_6_mb_whatever_comes(kind: str) -> None:
    count, make = MAKERS[kind]
    for _ in range(count):
        use_everything(make())
    sizes = {name: size_held(cache) for name, cache in caches()}
    assert len(sizes) >= 10
    assert {name: size for name, size in sizes.items() if size > 6_000_000} == {}


def test_every_cache_of_texts_is_bounded_by_their_size() -> None:
    """All others hold the one value of a function without parameters, or functions of the code."""
    use_everything("Is the harbour open?")
    unbounded = {
        name
        for name, cache in caches()
        if inspect.signature(cache).parameters and not is_bounded_by_size(cache) and ".pools." not in name
    }
    assert unbounded == set()


def is_bounded_by_size(cache: Cache) -> bool:
    return cache.__wrapped__.__qualname__ == cache.__qualname__ and hasattr(cache.__wrapped__, "__wrapped__")


LONG = ["a'b", "1,2", "1:", "é'b", "\u0661,\u0662"]


@pytest.mark.parametrize("text", [each * 500_000 for each in LONG], ids=LONG)
def test_no_word_is_longer_than_a_few_hundred_characters(text: str) -> None:
    found = words(text)
    assert max(map(len, found)) < 400
    assert "".join(found).replace("'", "") == text.replace("'", "")


def test_every_character_that_there_is_leaves_little_behind() -> None:
    for first in range(0, sys.maxunicode, 10_000):
        encode("".join(map(chr, range(first, min(first + 10_000, sys.maxunicode + 1)))))
    assert size_held(dict(caches())["fanin.embeddings.wordpiece._plain"]) < 6_000_000
