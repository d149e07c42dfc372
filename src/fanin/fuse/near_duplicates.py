"""Near-duplicates: passages that say the same in nearly the same words, wherever they come from."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set

from fanin.fuse.candidates import Candidate
from fanin.text.word_overlap import Run, loses_a_fact, plain, resemblance, runs, sketch
from fanin.text.words import words

MIN_RESEMBLANCE = 0.7
"""Resemblance from which two passages are near-duplicates."""

MIN_SHARED_KEYS = 0.25
"""Share of a passage's keys that another must have to be compared with it word by word."""

MAX_PER_KEY = 8
"""The most passages that are remembered for one key, and compared with one passage; boilerplate has many."""


def merge_duplicates(ranked: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without near-duplicates of a better one, which has them in its `also`.

    A merge never loses a fact: every number, name and denial of the merged passage is also in the one that is kept.
    """
    if len(ranked) < 2:
        return list(ranked)
    sketched = bool([each for each in ranked if each.sketch is not None])
    read = [_keys(candidate, sketched=sketched) for candidate in ranked]
    everything: frozenset[object] = frozenset()
    if len(everything.union(*read)) == sum(map(len, read)):
        return list(ranked)
    kept: list[Candidate] = []
    known: dict[object, tuple[int, ...]] = {}
    for candidate, keys in zip(ranked, read, strict=True):
        if known.keys().isdisjoint(keys):
            known.update(dict.fromkeys(keys, (len(kept),)))
        else:
            alike = (kept[at] for at in _alike(keys, known))
            better = next((each for each in alike if _contains(each, candidate, sketched=sketched)), None)
            if better is not None:
                better.also = (*better.also, candidate)
                continue
            for key in keys:
                others = known.get(key, ())
                if len(others) < MAX_PER_KEY:
                    known[key] = (*others, len(kept))
        kept.append(candidate)
    return kept


def _keys(candidate: Candidate, *, sketched: bool) -> Set[object]:
    """What near-duplicates have in common: their sketches, or all runs when no document has a sketch."""
    if candidate.sketch is not None:
        return frozenset(candidate.sketch)
    found = _runs(candidate, sketched=sketched)
    return frozenset(sketch(found)) if sketched else found


def _runs(candidate: Candidate, *, sketched: bool) -> frozenset[Run]:
    """The candidate's runs of three words, read once and only when they are needed."""
    if candidate.runs is None:
        if sketched or not candidate.text.isascii():
            own_words = [word for word in words(candidate.text) if word[0].isalnum()]
        else:
            own_words = candidate.words or plain(candidate.text.lower())
        candidate.runs = runs(own_words)
    return candidate.runs


def _alike(keys: Set[object], known: Mapping[object, Sequence[int]]) -> Sequence[int]:
    """Those known that share enough of the keys to be compared, most alike first."""
    met = Counter(at for key in keys for at in known.get(key, ()))
    enough = MIN_SHARED_KEYS * len(keys)
    return sorted((at for at in met if met[at] >= enough), key=lambda at: (-met[at], at))[:MAX_PER_KEY]


def _contains(other: Candidate, candidate: Candidate, *, sketched: bool) -> bool:
    """Whether `other` says all that `candidate` says."""
    if other.text == candidate.text:
        return True
    alike = resemblance(_runs(other, sketched=sketched), _runs(candidate, sketched=sketched)) >= MIN_RESEMBLANCE
    return alike and not loses_a_fact(candidate.text, stays=other.text)
