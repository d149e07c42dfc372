"""Vectors of texts from a table of one vector for each WordPiece token: plain Python, for every worker interpreter.

The table is distilled from all-MiniLM-L6-v2 (static embeddings: Tulkens and van Dongen, Model2Vec, 2024) and made by
scripts/static_table.py: a byte for each number, 128 more than it is, with the weights of the tokens in them.
"""

import mmap
from array import array
from collections.abc import Sequence
from functools import cache
from math import sqrt, sumprod
from pathlib import Path
from typing import NamedTuple

from fanin.embeddings.wordpiece import encode
from fanin.text.bounded_cache import cache_texts

NAME = "minilm-tokens-128-1"
"""What made the vectors: those of another table cannot be compared with them."""

DIMENSIONS = 128

FILE = Path(__file__).parent / "static_table" / "minilm128.u8"
SHA256 = "4effe59d8cb09591890522475e9a3753d33dceb383e9800ec9aae7560d7d8264"

# The numbers of a row are added as two large integers: every second number in a lane of 16 bits, which has room for the
# sum of 257 bytes. So a text's numbers come in another order than a row's, the same for all texts.
_EVEN = int.from_bytes(b"\xff\x00" * (DIMENSIONS // 2), "little")


class Vector(NamedTuple):
    """The vector of a text: its numbers, and their length as a vector, which is 0 for a text without known tokens."""

    numbers: Sequence[int]
    length: float

    def similarity(self, other: Vector) -> float:
        """The cosine of the two vectors, from -1 to 1; 0 when one of them has no length."""
        lengths = self.length * other.length
        return sumprod(self.numbers, other.numbers) / lengths if lengths else 0.0

    def packed(self) -> bytes:
        """The vector as signed bytes, of which the largest is 127: its cosines change by less than 0.01."""
        most = max(map(abs, self.numbers), default=0) or 1
        return array("b", [round(127 * number / most) for number in self.numbers]).tobytes()


def unpacked(packed: bytes) -> Vector:
    """The vector that was packed."""
    return _measured(memoryview(packed).cast("b").tolist())


def vector(text: str) -> Vector:
    """The vector of a text, of its first 254 tokens: the sum of their vectors, in which frequent tokens are short."""
    return token_vector(encode(text)[1:-1])


def token_vector(tokens: Sequence[int]) -> Vector:
    """The vector of at most 254 tokens."""
    total = even = 0
    table = _table()
    for token in tokens:
        row = int.from_bytes(table[token * DIMENSIONS : (token + 1) * DIMENSIONS], "little")
        total += row
        even += row & _EVEN
    odd = total - even >> 8
    sums = array("H", even.to_bytes(DIMENSIONS, "little") + odd.to_bytes(DIMENSIONS, "little"))
    above = 128 * len(tokens)
    return _measured([number - above for number in sums])


@cache_texts(entries=256, characters=50_000)
def question_vector(question: str) -> Vector:
    """The vector of a question, which is remembered for the next document."""
    return vector(question)


def _measured(numbers: Sequence[int]) -> Vector:
    return Vector(numbers, sqrt(sumprod(numbers, numbers)))


@cache
def _table() -> mmap.mmap:
    """The table as the system has it in memory, once for all interpreters and processes."""
    with FILE.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
