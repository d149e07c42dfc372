"""Vectors of texts from a table of one vector for each WordPiece token: plain Python, for every worker interpreter.

The table is distilled from all-MiniLM-L6-v2 (static embeddings: Tulkens and van Dongen, Model2Vec, 2024) and made by
scripts/static_table.py: a byte for each number, 128 more than it is, with the weights of the tokens in them.
"""

import mmap
from array import array
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from math import sqrt, sumprod
from pathlib import Path
from struct import Struct
from typing import NamedTuple

from fanin.embeddings.wordpiece import word_pieces, words
from fanin.text.bounded_cache import cache_texts

NAME = "minilm-tokens-128-1"
"""What made the vectors: those of another table cannot be compared with them."""

DIMENSIONS = 128

FLOOR = 0.25
"""Similarity below which a passage and a question have nothing in common: 99 of 100 texts on other things are below."""

FILE = Path(__file__).parent / "static_table" / "minilm128.u8"
SHA256 = "4effe59d8cb09591890522475e9a3753d33dceb383e9800ec9aae7560d7d8264"

# The numbers of a word are lanes of 32 bits of one large integer, so that those of a text are all added at once.
_ONES = int.from_bytes(b"\1\0\0\0" * DIMENSIONS, "little")
_OFFSET = _ONES << 7
_SIGNS = _ONES << 31
_LANES = Struct(f"<{DIMENSIONS}i")


class Vector(NamedTuple):
    """The vector of a text: its numbers, and their length as a vector, which is 0 for a text without known tokens."""

    numbers: Sequence[int]
    length: float

    def similarity(self, other: Vector) -> float:
        """The cosine of the two vectors, from -1 to 1; 0 when one of them has no length."""
        lengths = self.length * other.length
        return sumprod(self.numbers, other.numbers) / lengths if lengths else 0.0

    def packed(self) -> bytes:
        """The vector as signed bytes, of which the largest is 127: its cosines change by less than 0.02."""
        most = max(map(abs, self.numbers), default=0) or 1
        return array("b", [round(127 * number / most) for number in self.numbers]).tobytes()


def unpacked(packed: bytes) -> Vector:
    """The vector that was packed."""
    return _measured(memoryview(packed).cast("b").tolist())


def added(packed: Iterable[bytes]) -> Vector:
    """The sum of vectors that were packed."""
    numbers = zip(*(memoryview(each).cast("b") for each in packed), strict=True)
    return _measured([*map(sum, numbers)])


def vector(text: str) -> Vector:
    """The vector of a text: the sum of the vectors of its tokens, of which frequent ones are short."""
    return word_vector(words(text))


def word_vector(words: Sequence[str]) -> Vector:
    """The vector of the text of these words and marks, each in lower case."""
    # A lane may be below zero and borrow from the next one, until it is read as 32 bits with a sign.
    lanes = sum(map(_lanes, words)) + _SIGNS ^ _SIGNS
    return _measured(_LANES.unpack(lanes.to_bytes(_LANES.size, "little")))


def similarity_to(question: str) -> Callable[[Sequence[str]], float]:
    """Tells how alike a text of these words and the question are, from 0 to 1, to six digits; 0 below the floor."""
    asked = _question_vector(question)

    def similarity(words: Sequence[str]) -> float:
        alike = asked.similarity(word_vector(words))
        return round(alike, 6) if alike >= FLOOR else 0.0

    return similarity


@cache_texts(entries=64, characters=50_000)
def _question_vector(question: str) -> Vector:
    return vector(question)


def _measured(numbers: Sequence[int]) -> Vector:
    return Vector(numbers, sqrt(sumprod(numbers, numbers)))


@cache_texts(entries=4096, characters=40_000)
def _lanes(word: str) -> int:
    """The lanes of a word, each of which may be below zero: the sum of those of its tokens."""
    plain = word.isascii() and word.isalnum()
    tokens = word_pieces(word) if plain else [token for each in words(word) for token in word_pieces(each)]
    return sum(map(_row, tokens))


def _row(token: int) -> int:
    lanes = bytearray(_LANES.size)
    lanes[::4] = _table()[token * DIMENSIONS : (token + 1) * DIMENSIONS]
    return int.from_bytes(lanes, "little") - _OFFSET


@cache
def _table() -> mmap.mmap:
    """The table as the system has it in memory, once for all interpreters and processes."""
    with FILE.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
