"""The tokenizer of BERT's uncased models in pure Python, so that it runs in worker interpreters.

It gives the same pieces as the reference implementation (Hugging Face tokenizers: BertNormalizer, BertPreTokenizer and
WordPiece; after Devlin et al., BERT, 2018, and Wu et al., Google's Neural Machine Translation System, 2016). Names of
special pieces in a text, such as "[CLS]", are read as ordinary characters.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from fanin.text.bounded_cache import cache_texts

UNKNOWN, START, END = 100, 101, 102
"""The numbers of [UNK], [CLS] and [SEP] in the vocabulary."""

TOKENS = 30_522
"""Pieces in the vocabulary."""

LENGTH = 256
"""Pieces that all-MiniLM-L6-v2 reads, its start and end included; the rest of a text is cut off."""

LONGEST = 100
"""Characters of the longest word; a longer one is unknown."""

# CJK ideographs, of which each is a word: the blocks as the reference has them, its 0x2B920 included.
_IDEOGRAPHS = (
    (0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F),
)  # fmt: skip
_ASCII = re.compile(r"[a-z0-9]+|[^a-z0-9\s]")
_CHUNK = re.compile(r"[^ \t\n\r]+")
_WORD = re.compile(r"\S+")
_ASCII_CONTROLS = {code: None for code in (*range(0x20), 0x7F) if chr(code) not in "\t\n\r"}


def encode(text: str, *, length: int = LENGTH) -> list[int]:
    """The numbers of a text's pieces with [CLS] before and [SEP] after them, at most `length` in all."""
    numbers = [START]
    for word in words(text):
        numbers += word_pieces(word)
        if len(numbers) >= length:
            break
    return [*numbers[: length - 1], END]


def pieces(text: str) -> Iterator[tuple[str, int]]:
    """Each piece of a text as it is written in the vocabulary, and its number."""
    for word in words(text):
        for number in word_pieces(word):
            yield _spelt()[number], number


def placed(text: str) -> Iterator[tuple[int, int, int]]:
    """Where each piece of a text begins and ends in it, and its number: the same pieces in the same order.

    An accent or a control character that the vocabulary knows nothing of is in no piece, unless it stands inside one.
    """
    for chunk in _CHUNK.finditer(text):
        for word, places in _placed_words(chunk[0], chunk.start()):
            numbers = word_pieces(word)
            at = 0
            for number in numbers:
                end = len(word) if number == UNKNOWN else at + len(_spelt()[number].removeprefix("##" if at else ""))
                yield places[at], places[end - 1] + 1, number
                at = end


def spelt(number: int) -> str:
    """How the vocabulary writes the piece of this number."""
    return _spelt()[number]


def words(text: str) -> Sequence[str]:
    """The words and punctuation marks of a text, without accents, in lower case."""
    if text.isascii():
        return _ASCII.findall(text.translate(_ASCII_CONTROLS).lower())
    return text.translate(_plain()).split()


@cache_texts(entries=16_384, characters=160_000)
def word_pieces(word: str) -> tuple[int, ...]:
    """The numbers of the longest known pieces that make up the word, from its beginning; [UNK] if none do."""
    if len(word) > LONGEST:
        return (UNKNOWN,)
    known = _vocabulary()
    found: list[int] = []
    start = 0
    while start < len(word):
        mark = "##" if start else ""
        for end in range(len(word), start, -1):
            number = known.get(mark + word[start:end])
            if number is not None:
                found.append(number)
                start = end
                break
        else:
            return (UNKNOWN,)
    return tuple(found)


class _Plain(dict[int, str]):
    """What becomes of each character, found when it first comes: nothing, a space, a word or plain letters.

    It forgets them all when it knows `MAX_CHARACTERS` of the million that there are.
    """

    MAX_CHARACTERS = 20_000

    def __missing__(self, code: int) -> str:
        if len(self) >= self.MAX_CHARACTERS:
            self.clear()
        plain = self[code] = _plainly(chr(code))
        return plain


@cache
def _plain() -> _Plain:
    return _Plain()


def _plainly(character: str) -> str:
    category = unicodedata.category(character)
    if character in "\t\n\r" or category in ("Zs", "Zl", "Zp"):
        return " "
    if character == "\ufffd" or category in ("Cc", "Cf", "Co", "Cs"):
        return ""
    bare = "".join(part for part in unicodedata.normalize("NFD", character) if unicodedata.category(part) != "Mn")
    code = ord(character)
    if any(first <= code <= last for first, last in _IDEOGRAPHS):
        return f" {bare} "
    return "".join(f" {each} " if _is_mark(each) else each for part in bare for each in part.lower())


def _placed_words(chunk: str, start: int) -> Iterator[tuple[str, Sequence[int]]]:
    """The words of a chunk that begins at `start`, and where each of their characters comes from."""
    if chunk.isascii() and chunk.isprintable():
        for found in _ASCII.finditer(chunk.lower()):
            yield found[0], range(start + found.start(), start + found.end())
        return
    plain = [_plain()[ord(character)] for character in chunk]
    places = [at for at, part in enumerate(plain, start) for _ in part]
    for found in _WORD.finditer("".join(plain)):
        yield found[0], places[found.start() : found.end()]


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "P" or (character.isascii() and not character.isalnum())


@cache
def _vocabulary() -> Mapping[str, int]:
    return dict(zip(_spelt(), range(TOKENS), strict=True))


@cache
def _spelt() -> Sequence[str]:
    return (Path(__file__).parent / "vocabulary" / "vocab.txt").read_bytes().decode().split("\n")[:TOKENS]
