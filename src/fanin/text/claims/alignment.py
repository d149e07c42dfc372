"""Aligns a claim with a sentence of a source: the same terms, in the same order and relations (pure)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fanin.text.claims.grammar import CONDITIONS, TEMPORAL
from fanin.text.claims.omission import ClaimContext, may_begin_after, may_end_before, may_skip
from fanin.text.claims.tokens import Token, auxiliaries, joins, same_term, stops
from fanin.text.word_lists import word_set

MOST_STEPS = 8_000
"""Steps for one sentence (comparisons of terms, characters read): about 5 ms. Most sentences need a few hundred."""

STEP = 6
"""The steps of checking whether one term may follow another, without those for the tokens between them."""


class WorkBudget:
    """The steps that are left for one sentence."""

    def __init__(self, left: int = MOST_STEPS) -> None:
        self.left = left

    def spend(self, steps: int) -> bool:
        """Spend `steps`; False if fewer were left."""
        self.left -= steps
        return self.left >= 0


_LINKS = word_set("as while whereas because although since after before weil während obwohl nachdem bevor")

_PRONOUNS = word_set("it he she they we you i him them me us es er sie wir ich ihm ihn ihnen uns")
_OWNERS = word_set("its his her their my your our sein seine ihr ihre unser unsere")
_CASES = word_set("der den dem des ein einen einem eines einer")


@dataclass(frozen=True, slots=True)
class Chain:
    """A sentence as terms and the small words between them; `gaps` has those before each term and after the last."""

    terms: tuple[Token, ...]
    gaps: tuple[tuple[Token, ...], ...]

    def tokens_between(self, start: int, end: int) -> list[Token]:
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


def is_part_of(claim: Chain, source: Chain, work: WorkBudget, *, loose: bool = False) -> bool:
    """Whether the claim is the source's sentence without parts that may be left out.

    `loose`: auxiliaries may be at another place in the sentence, as they are when its parts were moved.
    """
    if not work.spend(len(claim.terms) * len(source.terms)):
        return False
    path = _path(claim, source, work, loose=loose)
    if path is None:
        return False
    return not loose or auxiliaries(claim.tokens_between(-1, len(claim.terms))) == _auxiliaries_of(source, path)


def _path(claim: Chain, source: Chain, work: WorkBudget, *, loose: bool) -> list[int] | None:
    """The places of the claim's terms in the source, if every step between them is allowed; else None."""
    places = [[at for at, each in enumerate(source.terms) if same_term(term, each)] for term in claim.terms]
    if not places or not all(places):
        return None
    kept = _context_of(claim, source)
    reached: list[dict[int, int]] = [{at: -1 for at in places[0] if _begins(claim, source, at, kept, loose=loose)}]
    for number in range(1, len(places)):
        steps: dict[int, int] = {}
        for at in places[number]:
            before = [each for each in reached[-1] if each < at]
            for each in sorted(before, reverse=True):
                if not work.spend(STEP + 4 * (at - each)):
                    return None
                if _follows(claim, source, number, each, at, kept, loose=loose):
                    steps[at] = each
                    break
        reached.append(steps)
    last = next((at for at in reached[-1] if _ends(claim, source, at, kept)), None)
    if last is None:
        return None
    path = [last]
    for steps in reversed(reached[1:]):
        path.append(steps[path[-1]])
    return path[::-1]


def _context_of(claim: Chain, source: Chain) -> ClaimContext:
    tokens = claim.tokens_between(-1, len(claim.terms))
    helping = auxiliaries(tokens)
    happened = any(term.past and not term.present for term in claim.terms) and helping <= {"have"}
    happened = happened or bool(helping & {"was", "did", "had"})
    dated = any(term.figure and any(term.figure.date[1:]) and term.figure.date[0] for term in source.terms)
    return ClaimContext(
        event=happened or (dated and any(term.past for term in claim.terms)),
        measured=any(term.figure and term.figure.dimension and not _is_time(term) for term in claim.terms),
        related=frozenset(token.word for token in tokens if token.kind == "preposition"),
        negated=any(term.negates for term in (*claim.terms, *source.terms)),
        conditional=any(token.word in CONDITIONS for token in claim.gaps[0])
        and not any(token.kind == "stop" for token in tokens),
        passive=any(token.word in ("was", "be") for token in tokens),
    )


def _begins(claim: Chain, source: Chain, at: int, context: ClaimContext, *, loose: bool) -> bool:
    if at and not may_begin_after(source.tokens_between(-1, at), source.terms[at], context):
        return False
    one, other = claim.gaps[0], source.gaps[at]
    if (not loose and auxiliaries(one) != auxiliaries(other)) or _differ(one, other):
        return False
    return _relations(one) == _relations(other, linked=at > 0) or _time_alike(claim.terms[0], one, other)


def _follows(
    claim: Chain, source: Chain, number: int, start: int, end: int, context: ClaimContext, *, loose: bool
) -> bool:
    """Whether a term of the claim may follow the one before it, at these places of the source."""
    one, other = claim.gaps[number], source.gaps[end]
    if _differ(one, other):
        return False
    if _relations(one) != _relations(other) and not _time_alike(claim.terms[number], one, other):
        return False
    listed, chosen = joins(one, "and", "but"), joins(one, "or", "nor")
    if end == start + 1:
        if chosen != joins(other, "or", "nor") or (listed and not (joins(other, "and", "but") or stops(other))):
            return False
        if not listed and joins(other, "and", "but") and not stops(one):
            return False
        return loose or auxiliaries(one) == auxiliaries(other)
    between = source.tokens_between(start, end)
    if chosen or not may_skip(
        between,
        source.terms[start],
        source.terms[end],
        context,
        listed=listed,
        between=any(token.word in ("between", "zwischen") for token in source.gaps[start]),
    ):
        return False
    return loose or auxiliaries(one) == _helping(between, other, source.terms[end])


def _helping(between: Sequence[Token], last: Sequence[Token], verb: Token) -> set[str]:
    """The auxiliaries of a verb after skipped tokens: its own, or else those that it shares with these."""
    own, shared = auxiliaries(last), auxiliaries(between)
    return own if own or stops(last) or (verb.verb and not verb.past and shared <= {"be", "was"}) else shared


def _ends(claim: Chain, source: Chain, at: int, context: ClaimContext) -> bool:
    one = _relations(claim.gaps[-1])
    other = source.gaps[at + 1]
    if one != _relations(other)[: len(one)]:
        return False
    rest = source.tokens_between(at, len(source.terms))
    if not any(token.is_term for token in rest):
        return one == _relations(other) and auxiliaries(claim.gaps[-1]) == auxiliaries(other)
    if auxiliaries(claim.gaps[-1]):
        return False
    return may_end_before(rest[len(one) :] if one else rest, context)


def _auxiliaries_of(source: Chain, path: Sequence[int]) -> set[str]:
    """The auxiliaries of the source around the places of a path."""
    found = auxiliaries(source.gaps[path[0]]) | auxiliaries(source.gaps[path[-1] + 1])
    for start, end in pairwise(path):
        found |= auxiliaries(source.gaps[end]) if end > start + 1 else auxiliaries(source.tokens_between(start, end))
    return found


def _relations(tokens: Sequence[Token], *, linked: bool = False) -> list[str]:
    """The prepositions among small words; without those that only link clauses when a clause begins here."""
    words = [token.word for token in tokens if token.kind == "preposition"]
    return words[1:] if linked and words and words[0] in _LINKS else words


def _time_alike(term: Token, one: Sequence[Token], other: Sequence[Token]) -> bool:
    """Whether a time needs no preposition: "on Tuesday" and "Tuesday" are the same."""
    return (_is_time(term) or term.word in TEMPORAL) and {*_relations(one), *_relations(other)} <= {"in"}


def _differ(one: Sequence[Token], other: Sequence[Token]) -> bool:
    """Whether pronouns differ, a possessive is added, or German articles show that only one of them is the subject."""
    if _words(one, _PRONOUNS) != _words(other, _PRONOUNS) or _words(one, _OWNERS) - _words(other, _OWNERS):
        return True
    mine, theirs = ([each.word for each in tokens if each.word in _CASES] for tokens in (one, other))
    return bool(mine and theirs) and mine[-1] != theirs[-1]


def _words(tokens: Sequence[Token], among: frozenset[str]) -> set[str]:
    return {token.word for token in tokens if token.word in among}


def _is_time(term: Token) -> bool:
    return term.figure is not None and term.figure.is_time
