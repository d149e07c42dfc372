"""Whether a sentence is another one with parts left out: the same terms, in the same order and relations. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fanin.text.claims.grammar import CONDITIONS, TEMPORAL, listed
from fanin.text.claims.omission import Kept, may_begin_after, may_end_before, may_skip
from fanin.text.claims.tokens import Token, same_term

MOST_STEPS = 8_000
"""Comparisons of two terms, characters read, or steps of like cost: about 5 ms. Most sentences need a few hundred."""

STEP = 6
"""What it costs to see whether one term may follow another, besides what stands between them."""


class Work:
    """What is left of the comparisons for one sentence."""

    def __init__(self, left: int = MOST_STEPS) -> None:
        self.left = left

    def take(self, steps: int) -> bool:
        """Whether so many steps were left, which they are no more."""
        self.left -= steps
        return self.left >= 0


_LINKS = listed("as while whereas because although since after before weil während obwohl nachdem bevor")

_PRONOUNS = listed("it he she they we you i him them me us es er sie wir ich ihm ihn ihnen uns")
_OWNERS = listed("its his her their my your our sein seine ihr ihre unser unsere")
_CASES = listed("der den dem des ein einen einem eines einer")


@dataclass(frozen=True, slots=True)
class Chain:
    """A sentence as its terms, with the small words before each; `gaps` has one more, those after the last."""

    terms: tuple[Token, ...]
    gaps: tuple[tuple[Token, ...], ...]

    def stretch(self, start: int, end: int) -> list[Token]:
        """All tokens after term `start` and before term `end`; -1 and the number of terms are the sentence's edges."""
        tokens = [*self.gaps[start + 1]]
        for at in range(start + 1, end):
            tokens += [self.terms[at], *self.gaps[at + 1]]
        return tokens


def chain_of(tokens: Sequence[Token]) -> Chain:
    """The chain of a sentence's tokens."""
    terms: list[Token] = []
    gaps: list[list[Token]] = [[]]
    for token in tokens:
        if token.is_term:
            terms.append(token)
            gaps.append([])
        else:
            gaps[-1].append(token)
    return Chain(tuple(terms), tuple(map(tuple, gaps)))


def is_part_of(said: Chain, told: Chain, work: Work, *, loose: bool = False) -> bool:
    """Whether what is said is `told` with parts left out that may be.

    `loose`: auxiliaries may stand elsewhere in the sentence, as they do when its parts are moved.
    """
    if not work.take(len(said.terms) * len(told.terms)):
        return False
    path = _path(said, told, work, loose=loose)
    if path is None:
        return False
    return not loose or _auxiliaries(said.stretch(-1, len(said.terms))) == _auxiliaries_of(told, path)


def _path(said: Chain, told: Chain, work: Work, *, loose: bool) -> list[int] | None:
    """The places of the said terms among those told, when there are such that every step between them is allowed."""
    places = [[at for at, each in enumerate(told.terms) if same_term(term, each)] for term in said.terms]
    if not places or not all(places):
        return None
    kept = _kept(said, told)
    reached: list[dict[int, int]] = [{at: -1 for at in places[0] if _begins(said, told, at, kept, loose=loose)}]
    for number in range(1, len(places)):
        steps: dict[int, int] = {}
        for at in places[number]:
            before = [each for each in reached[-1] if each < at]
            for each in sorted(before, reverse=True):
                if not work.take(STEP + 4 * (at - each)):
                    return None
                if _follows(said, told, number, each, at, kept, loose=loose):
                    steps[at] = each
                    break
        reached.append(steps)
    last = next((at for at in reached[-1] if _ends(said, told, at, kept)), None)
    if last is None:
        return None
    path = [last]
    for steps in reversed(reached[1:]):
        path.append(steps[path[-1]])
    return path[::-1]


def _kept(said: Chain, told: Chain) -> Kept:
    tokens = said.stretch(-1, len(said.terms))
    helping = _auxiliaries(tokens)
    happened = any(term.past and not term.present for term in said.terms) and helping <= {"have"}
    happened = happened or bool(helping & {"was", "did", "had"})
    dated = any(term.figure and any(term.figure.date[1:]) and term.figure.date[0] for term in told.terms)
    return Kept(
        event=happened or (dated and any(term.past for term in said.terms)),
        measured=any(term.figure and term.figure.dimension and not _is_time(term) for term in said.terms),
        related=frozenset(token.word for token in tokens if token.kind == "preposition"),
        negated=any(term.negates for term in (*said.terms, *told.terms)),
        conditional=any(token.word in CONDITIONS for token in said.gaps[0])
        and not any(token.kind == "stop" for token in tokens),
        passive=any(token.word in ("was", "be") for token in tokens),
    )


def _begins(said: Chain, told: Chain, at: int, kept: Kept, *, loose: bool) -> bool:
    if at and not may_begin_after(told.stretch(-1, at), told.terms[at], kept):
        return False
    one, other = said.gaps[0], told.gaps[at]
    if (not loose and _auxiliaries(one) != _auxiliaries(other)) or _differ(one, other):
        return False
    return _relations(one) == _relations(other, linked=at > 0) or _time_alike(said.terms[0], one, other)


def _follows(said: Chain, told: Chain, number: int, start: int, end: int, kept: Kept, *, loose: bool) -> bool:
    """Whether one said term may follow the one before it where these stand in what is told."""
    one, other = said.gaps[number], told.gaps[end]
    if _differ(one, other):
        return False
    if _relations(one) != _relations(other) and not _time_alike(said.terms[number], one, other):
        return False
    listed, chosen = _joins(one, "and", "but"), _joins(one, "or", "nor")
    if end == start + 1:
        if chosen != _joins(other, "or", "nor") or (listed and not (_joins(other, "and", "but") or _stops(other))):
            return False
        if not listed and _joins(other, "and", "but") and not _stops(one):
            return False
        return loose or _auxiliaries(one) == _auxiliaries(other)
    between = told.stretch(start, end)
    if chosen or not may_skip(
        between,
        told.terms[start],
        told.terms[end],
        kept,
        listed=listed,
        between=any(token.word in ("between", "zwischen") for token in told.gaps[start]),
    ):
        return False
    return loose or _auxiliaries(one) == _helping(between, other, told.terms[end])


def _helping(between: Sequence[Token], last: Sequence[Token], verb: Token) -> set[str]:
    """The auxiliaries of a verb behind what was skipped: its own, or else those that it shares with that."""
    own, shared = _auxiliaries(last), _auxiliaries(between)
    return own if own or _stops(last) or (verb.verb and not verb.past and shared <= {"be", "was"}) else shared


def _ends(said: Chain, told: Chain, at: int, kept: Kept) -> bool:
    one = _relations(said.gaps[-1])
    other = told.gaps[at + 1]
    if one != _relations(other)[: len(one)]:
        return False
    rest = told.stretch(at, len(told.terms))
    if not any(token.is_term for token in rest):
        return one == _relations(other) and _auxiliaries(said.gaps[-1]) == _auxiliaries(other)
    if _auxiliaries(said.gaps[-1]):
        return False
    return may_end_before(rest[len(one) :] if one else rest, kept)


def _auxiliaries_of(told: Chain, path: Sequence[int]) -> set[str]:
    """The auxiliaries of what is told around the places of a path."""
    found = _auxiliaries(told.gaps[path[0]]) | _auxiliaries(told.gaps[path[-1] + 1])
    for start, end in pairwise(path):
        found |= _auxiliaries(told.gaps[end]) if end > start + 1 else _auxiliaries(told.stretch(start, end))
    return found


def _relations(tokens: Sequence[Token], *, linked: bool = False) -> list[str]:
    """The prepositions among small words; without those that only link clauses when a clause begins here."""
    words = [token.word for token in tokens if token.kind == "preposition"]
    return words[1:] if linked and words and words[0] in _LINKS else words


def _time_alike(term: Token, one: Sequence[Token], other: Sequence[Token]) -> bool:
    """Whether a time needs no preposition: "on Tuesday" and "Tuesday" are the same."""
    return (_is_time(term) or term.word in TEMPORAL) and {*_relations(one), *_relations(other)} <= {"in"}


def _differ(one: Sequence[Token], other: Sequence[Token]) -> bool:
    """Whether pronouns are others, an owner is added, or German articles show that one is the subject and one not."""
    if _words(one, _PRONOUNS) != _words(other, _PRONOUNS) or _words(one, _OWNERS) - _words(other, _OWNERS):
        return True
    mine, theirs = ([each.word for each in tokens if each.word in _CASES] for tokens in (one, other))
    return bool(mine and theirs) and mine[-1] != theirs[-1]


def _words(tokens: Sequence[Token], among: frozenset[str]) -> set[str]:
    return {token.word for token in tokens if token.word in among}


def _is_time(term: Token) -> bool:
    return term.figure is not None and term.figure.is_time


def _auxiliaries(tokens: Sequence[Token]) -> set[str]:
    return {token.word for token in tokens if token.kind == "auxiliary" and token.word}


def _stops(tokens: Sequence[Token]) -> bool:
    return any(token.kind == "stop" for token in tokens)


def _joins(tokens: Sequence[Token], *words: str) -> bool:
    return any(token.kind == "conjunction" and token.word in words for token in tokens)
