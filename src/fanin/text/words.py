"""Words of a text in any script, their stems, and the words of a question that say what it is about."""

import importlib
import re
import sys
from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib.machinery import PathFinder
from itertools import pairwise
from types import ModuleType

from fanin.text.bounded_cache import cache_texts
from fanin.text.folding import folded, without_accents
from fanin.text.languages.irregular_verbs import BASE_FORMS
from fanin.text.word_lists import APOSTROPHE, COMBINING, INDIC, PUNCTUATION, STOP_WORDS, UNSPACED

LONGEST, JOINTS = 64, 8
"""Characters of the longest word, and how often an apostrophe or a mark within a number may join more to it; what is
longer is no word of a language and is read in pieces."""

_SIGNED = r"[a-z](?:\+\+|#)(?![a-z_#+])"
"""Names of programming languages with signs behind a letter: C++, C#, F#."""

_MARK = f"[{re.escape(PUNCTUATION)}]"
_ASCII = re.compile(
    rf"\b{_SIGNED}|[a-z0-9]{{1,{LONGEST}}}+(?:'[a-z]{{1,8}}+|(?<=[0-9])[.,:][0-9]{{1,32}}+){{0,{JOINTS}}}+|{_MARK}",
)

ANY_LETTER = rf"[\w{COMBINING}{INDIC}{UNSPACED}]"
"""Letters of any script, with their signs, and digits."""

_LETTER = "[a-z0-9_\u00df-\u024f\u0370-\u052f]"
"""Latin, Greek and Cyrillic letters: scripts without spaces begin and end a technical token."""

TOKEN = (
    rf"(?<![{_LETTER[1:-1]}.])(?:--?(?=[a-z])|[.@$#]|(?:\.{{1,2}}|~)?[/\\]{{1,2}})?{_LETTER}{{1,{LONGEST}}}+"
    rf"(?:(?:[-./@~#+\\]|:(?![0-9]))[:/\\-]{{0,2}}{_LETTER}{{1,{LONGEST}}}+){{0,{2 * JOINTS}}}+(?:\+\+|#)?"
)
"""A word, with those that marks join to it and a mark before it, in text of which all letters are small."""

LETTERS = frozenset("bcdfghjlmnpqrtx")
"""Single letters that are names, as of the language C, where they stand alone; others are words of some languages."""

_UNIT = r"(?:° ?|(?<=[0-9]) )[cfk]\b(?![-+#.:/@_]\w)"
_CONTRACTION = f"(?!.['\u2019]s\\b){_LETTER}{{1,32}}+(?:['\u2019]{_LETTER}{{1,32}})++"
_TOKEN = re.compile(f"{_UNIT}|{_CONTRACTION}|{TOKEN}")
_BETWEEN = re.compile(r"[./@:#\\]+")
_VERSION = re.compile(r"v(?=[0-9])")
_PLAIN = re.compile(r"[° ].*|.*['\u2019].*|[0-9]+(?:[.,][0-9]+)*|[a-z](?:\+\+|#)|[$.][0-9][0-9.,]*")


def words(text: str) -> list[str]:
    """The words of the folded text in order, with punctuation marks between them; linear in its length.

    A number with its decimals is one word, and so are C++ and C#; see also `technical_tokens`. Scripts without spaces
    give pairs of neighbouring characters.
    """
    if text.isascii():
        return _ASCII.findall(text.lower())
    found = _any_script().findall(folded(text).replace(APOSTROPHE, "'").replace("_", " "))
    if _unspaced().search(text) is None:
        return found
    return [part for word in found for part in (_pairs(word) if not word.isascii() else (word,))]


def technical_tokens(text: str) -> list[str]:
    """The technical tokens of the text, folded, without accents, in order; linear in its length.

    Names of nodes, identifiers, paths, addresses, flags, error codes, issue numbers and versions: words that marks
    join, or that a mark begins; their pieces are `words` of the text too. And `LETTERS` that stand alone and are no
    unit of a temperature.
    """
    found = _TOKEN.findall(text.lower() if text.isascii() else without_accents(folded(text)).replace("\u2010", "-"))
    return [_VERSION.sub("", each, count=1) for each in found if each in LETTERS or not _is_plain(each)]


def _is_plain(token: str) -> bool:
    return not token or token.isalnum() or _PLAIN.fullmatch(token) is not None


def with_tokens[T: str | None](stems: Iterable[T], text: str) -> list[T | str]:
    """These stems of the words of the text, without single letters, and its technical tokens.

    So are the names in a longer one: `time.get_clock_info` names get_clock_info, and web-01.eu names web-01.
    """
    tokens = technical_tokens(text)
    names = [name for each in tokens if (found := _BETWEEN.split(each))[1:] for name in found if not _is_plain(name)]
    return [*[each for each in stems if each not in LETTERS], *tokens, *names]


@cache_texts(entries=16_384, characters=160_000)
def stem(word: str) -> str | None:
    """What counts as the same word: its English stem without accents, of irregular verbs that of the base form.

    "" for a stop word, None for punctuation.
    """
    if len(word) == 1 and not word.isalnum():
        return None
    base, _, tail = word.partition("'")
    if tail in ("s", "ll", "re", "ve", "d", "m", "t"):
        word = base
    if word in STOP_WORDS or tail == "t":
        return ""
    if word in BASE_FORMS:
        word = BASE_FORMS[word]
    if not word.isascii():
        word = without_accents(word)
    return _english()(word) if word.isascii() and word.isalpha() and len(word) <= 24 else word


def _pairs(word: str) -> list[str]:
    """The word, with its runs of unspaced characters as overlapping pairs: 天気予報 gives 天気, 気予, 予報."""
    pairs: list[str] = []
    at = 0
    for run in _unspaced().finditer(word):
        if run.start() > at:
            pairs.append(word[at : run.start()])
        pairs.extend(map("".join, pairwise(run[0])) if len(run[0]) > 1 else run[0])
        at = run.end()
    return [*pairs, word[at:]] if at < len(word) else pairs


@lru_cache(maxsize=1)
def _any_script() -> re.Pattern[str]:
    """Words as `_ASCII` has them, in any script; compiled when the first such text comes, for it takes 3 ms."""
    return re.compile(
        rf"\b{_SIGNED}|{ANY_LETTER}{{1,{LONGEST}}}+(?:'[^\W\d_]{{1,8}}+|(?<=\d)[.,:]\d{{1,32}}+){{0,{JOINTS}}}+|{_MARK}"
    )


@lru_cache(maxsize=1)
def _unspaced() -> re.Pattern[str]:
    return re.compile(f"[{UNSPACED}]+")


def _english() -> Callable[[str], str]:
    """A stemmer of its own for each call: a word in work is kept in the stemmer, and a worker may be stopped."""
    return _english_class()().stemWord


@lru_cache(maxsize=1)
def _english_class() -> type:
    """Snowball's English stemmer (snowballstem.org), without the 30 other languages that its package loads.

    They would cost every worker 8 ms and 2.4 MB, so the English module is loaded under a package of our own.
    """
    spec = PathFinder.find_spec("snowballstemmer")
    if spec is None or not spec.submodule_search_locations:
        return importlib.import_module("snowballstemmer.english_stemmer").EnglishStemmer
    home = ModuleType("fanin_snowball")
    home.__path__ = list(spec.submodule_search_locations)
    sys.modules[home.__name__] = home
    return importlib.import_module("fanin_snowball.english_stemmer").EnglishStemmer
