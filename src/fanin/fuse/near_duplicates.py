"""Near-duplicates: passages that say the same in nearly the same words, wherever they come from."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set

from fanin.fuse.candidates import Candidate
from fanin.text.word_overlap import Run, loses_a_fact, plain, resemblance, runs, sketch
from fanin.text.words import words

ALIKE = 0.7
"""Resemblance from which two passages are near-duplicates."""

SHARED = 0.25
"""Share of a passage's keys that another must have to be compared with it word by word."""

CROWD = 8
"""Passages remembered for one key, and comparisons of one passage: boilerplate is in many."""


def merge_duplicates(ranked: Sequence[Candidate]) -> list[Candidate]:
    """The candidates without those that a better one stands for; the better one then has them in `also`.

    A merge never loses a fact: every number, name and denial of the one that goes stands in the one that stays.
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
            twin = next((each for each in alike if _says_all(each, candidate, sketched=sketched)), None)
            if twin is not None:
                twin.also.append(candidate)
                continue
            for key in keys:
                crowd = known.get(key, ())
                if len(crowd) < CROWD:
                    known[key] = (*crowd, len(kept))
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
            spoken = [word for word in words(candidate.text) if word[0].isalnum()]
        else:
            spoken = candidate.words or plain(candidate.text.lower())
        candidate.runs = runs(spoken)
    return candidate.runs


def _alike(keys: Set[object], known: Mapping[object, Sequence[int]]) -> Sequence[int]:
    """Those known that share enough of the keys to be compared, most alike first."""
    met = Counter(at for key in keys for at in known.get(key, ()))
    enough = SHARED * len(keys)
    return sorted((at for at in met if met[at] >= enough), key=lambda at: (-met[at], at))[:CROWD]


def _says_all(other: Candidate, candidate: Candidate, *, sketched: bool) -> bool:
    """Whether nothing is lost when `other` stands for `candidate`."""
    if other.text == candidate.text:
        return True
    alike = resemblance(_runs(other, sketched=sketched), _runs(candidate, sketched=sketched)) >= ALIKE
    return alike and not loses_a_fact(candidate.text, stays=other.text)
