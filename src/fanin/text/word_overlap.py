"""How alike two texts are word for word, and whether one of them may stand for the other."""

from collections.abc import Iterable, Sequence
from itertools import pairwise, repeat
from zlib import crc32

from fanin.text.bounded_cache import cache_texts
from fanin.text.opposites import OPPOSITES

RUN = 3
"""Words of a run: enough that chance does not make texts alike."""

SKETCH = 16
"""Numbers that stand for a text, of which near-duplicates share most."""

SENTENCE = 12
"""Words up to which a text that differs in one word from another says something else."""

LONG_SENTENCE, CHANGED = 25, 5
"""Words up to which a sentence says something else in which so many words, of both together, are changed."""

_EDGES = ".,;:!?…\"'“”‘’«»()[]"  # noqa: RUF001  the quotes of several languages
_DENYING_WORDS = """
    not no never none nobody nothing neither nor without cannot nicht nichts nie niemals niemand kein keine keinen
    keinem keiner keines ohne weder ne pas jamais aucun aucune sans rien nunca jamás ningún ninguna ninguno sin
    nadie nada tampoco non nessun nessuno nessuna senza não nem sem ninguém niet geen nooit zonder
"""
DENIALS = frozenset(_DENYING_WORDS.split())
"""Words that deny something, in seven languages."""

_DENIALS = DENIALS | {"closed", "dead", "illegal", "unsafe"}  # they deny "open", "alive", "legal" and "safe"
_DENYING = ("n't", "n’t")  # noqa: RUF001

type Run = Sequence[str]


def plain(text: str) -> list[str]:
    """The words of a text with spaces, as they are written, without the punctuation around them."""
    return [*map(str.strip, text.split(), repeat(_EDGES))]


def runs(words: Sequence[str]) -> frozenset[Run]:
    """Every run of three words; all of a text that is shorter."""
    if len(words) < RUN:
        return frozenset((tuple(words),))
    return frozenset(zip(words, words[1:], words[2:], strict=False))


def sketch(runs: Iterable[Run]) -> list[int]:
    """The smallest hashes of the runs: Broder, On the Resemblance and Containment of Documents (1997)."""
    written = map(str.encode, map(" ".join, runs), repeat("utf-8"), repeat("replace"))
    return sorted({*map(crc32, written)})[:SKETCH]


def resemblance(one: frozenset[Run], other: frozenset[Run]) -> float:
    """The share of all runs that both texts have: 0 to 1 (Jaccard)."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def loses_a_fact(gone: str, *, stays: str) -> bool:
    """Whether a number, its unit, a name, a denial or a word with an opposite is not in the text that stays.

    Also when only the text that stays denies something.
    """
    facts, lost, _ = _facts(gone)
    _, kept, denied = _facts(stays)
    if not (facts <= kept and denied <= lost):
        return True
    # One word of a sentence was changed: "green" is not "red".
    return len(lost) <= SENTENCE and len(lost - kept) == len(kept - lost) == 1


def changes_words(gone: str, *, stays: str) -> bool:
    """Whether a sentence has few words in the place of others of the one that stays: "adopted", "voted down"."""
    _, lost, _ = _facts(gone)
    _, kept, _ = _facts(stays)
    other, others = len(lost - kept), len(kept - lost)
    return len(lost) <= LONG_SENTENCE and min(other, others) > 0 and other + others <= CHANGED


def denies(text: str) -> bool:
    """Whether a word of the text denies something."""
    words = plain(text.lower())
    return not _DENIALS.isdisjoint(words) or any(mark in text for mark in _DENYING)


@cache_texts(entries=512, characters=100_000)
def _facts(text: str) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The facts of a text, all its words and its denials, in lower case; each sentence is compared with many others."""
    words = plain(text)
    units = [word for number, word in pairwise(words) if any(map(str.isdigit, number))]
    facts = frozenset([word.lower() for word in [*units, *filter(_is_fact, words)]])
    return facts, frozenset([word.lower() for word in words]), frozenset([w.lower() for w in words if _denies(w)])


def _is_fact(word: str) -> bool:
    return word[:1].isupper() or any(map(str.isdigit, word)) or word in OPPOSITES or _denies(word)


def _denies(word: str) -> bool:
    low = word.lower()
    return low in _DENIALS or low.endswith(_DENYING)
