"""Whether passages support a sentence: its words, figures, negations, conditions and roles; the reason if not. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fanin.text.bounded_cache import remembered
from fanin.text.claims.alignment import Work, chain_of, is_part_of
from fanin.text.claims.evidence import Evidence
from fanin.text.claims.grammar import Language, language_of, listed
from fanin.text.claims.moving import is_reordered
from fanin.text.claims.rewriting import (
    PERSONAL,
    Tokens,
    active,
    attributed,
    embedded,
    pronoun_at,
    resolved,
    subject_of,
    turned,
)
from fanin.text.claims.tokens import Token, same_term, tokens_of
from fanin.text.claims.unformatted import unformatted

LEAST = 2
"""Words or figures of its own that a sentence must have to say anything."""

MOST = 80
"""Terms of a sentence that is compared in parts; a longer one must be a quotation."""

LONGEST = 600
"""Characters of such a sentence."""

DEPTH = 2
"""How often a sentence is divided at "and", "but" and the like, to find its parts in several sentences."""

_PARTING = listed("while whereas während")
_PAIRING = listed("between either neither both zwischen entweder weder")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a sentence is supported; `reason` says in words why it is not."""

    supported: bool
    reason: str = ""


def judge(sentence: str, evidence: Sequence[Evidence], *, before: str = "", work: Work | None = None) -> Judgement:
    """Whether one of the passages says what the sentence says; `before` is the sentence that a reader reads first.

    The work is bounded by `work`, which several judgements may share; what it does not suffice for is not supported.
    """
    work = work or Work()
    if not work.take(len(sentence)):
        return Judgement(supported=False, reason="There is too much to compare it with.")
    plain = unformatted(sentence)
    language = language_of(plain, evidence[0].language if evidence else "en")
    tokens = _read(plain[:LONGEST], language)
    terms = [token for token in tokens if token.is_term]
    if len({token.figure or token.word for token in terms if token.is_content}) < LEAST:
        return Judgement(supported=False, reason="It says nothing of its own.")
    claim = _Claim(tokens, language, _read(unformatted(before[:LONGEST]), language), work)
    if any(claim.is_quoted_from(each, plain) for each in evidence):
        return Judgement(supported=True)
    if plain.rstrip(' "').endswith("?"):
        return Judgement(supported=False, reason="It is a question.")
    if len(plain) <= LONGEST and len(terms) <= MOST and claim.is_supported(tokens, evidence):
        return Judgement(supported=True)
    known = work.take(sum(each.length for each in evidence) * len(terms) // 8)
    return Judgement(supported=False, reason=_reason(terms, evidence if known else ()))


@remembered(entries=4, characters=4 * LONGEST)
def _read(plain: str, language: Language) -> Tokens:
    """The tokens of a sentence, which is read once for all the passages that it is compared with."""
    return tokens_of(plain, language)


@dataclass(frozen=True, slots=True)
class _Claim:
    tokens: Tokens
    language: Language
    before: Tokens
    work: Work

    def is_quoted_from(self, evidence: Evidence, plain: str) -> bool:
        """Whether the sentence stands in the passage as it is, and its pronoun means there what it means here."""
        return any(self._means_the_same(self.tokens, evidence, at) for at in evidence.quoted(plain))

    def is_supported(self, tokens: Tokens, evidence: Sequence[Evidence], depth: int = 0) -> bool:
        """Whether one sentence of the passages says these tokens, or several say their parts."""
        if sum(token.is_content for token in tokens) < LEAST:
            return False
        whole = depth > 0 and not any(token.verb or token.kind == "auxiliary" for token in tokens)
        if any(self._is_said_by(tokens, each, whole=whole) for each in evidence):
            return True
        if depth < DEPTH:
            for left, right in _divided(tokens):
                if self.work.left <= 0:
                    return False
                if self.is_supported(right, evidence, depth + 1) and self.is_supported(left, evidence, depth + 1):
                    return True
        return False

    def _is_said_by(self, tokens: Tokens, evidence: Evidence, *, whole: bool) -> bool:
        """Whether a sentence of the passage says these tokens; `whole`: and nothing else, as they may be no clause."""
        if not self.work.take(len(tokens) * (8 + evidence.count) // 8):
            return False
        full = resolved(tokens, self.before)
        for at in evidence.candidates(tokens):
            if not self.work.take(evidence.size(at)):
                return False
            told = evidence.tokens(at)
            if whole and _count(told) != _count(tokens):
                continue
            named = evidence.resolved(at)
            if self._means_the_same(tokens, evidence, at) and self._is_said(tokens, told):
                return True
            if named and pronoun_at(tokens) is None and self._is_said(tokens, named):
                return True
            if full and (self._is_said(full, told) or (named and self._is_said(full, named))):
                return True
        return False

    def _is_said(self, said: Tokens, told: Tokens) -> bool:
        """Whether the told sentence says it, in its own grammar or in another one."""
        if (said[0].kind == "auxiliary") != (told[0].kind == "auxiliary"):
            return False  # one of them is a question or an order
        if not self.work.take(len(said) * len(told) // 4) or not _has_all(said, told):
            return False
        for one in (said, *active(said, self.language), *turned(said), *attributed(said)):
            for other in _retold(told, self.language):
                if not self.work.take(len(one) + len(other)):
                    return False
                if is_part_of(chain_of(one), chain_of(other), self.work):
                    return True
                if is_reordered(one, other, self.language, self.work):
                    return True
        return False

    def _means_the_same(self, tokens: Tokens, evidence: Evidence, at: int) -> bool:
        """Whether both begin with the same pronoun for the same thing, or neither with one."""
        told = evidence.tokens(at)
        mine, theirs = pronoun_at(tokens), pronoun_at(told)
        if mine is None and theirs is None:
            return True
        if mine is None or theirs is None or tokens[mine].word != told[theirs].word:
            words = {token.word for token in told if token.kind == "pronoun"}
            return theirs is None and mine is not None and tokens[mine].word == "there" and "there" in words
        if not self.before or tokens[mine].word == "there":
            return True
        subject = subject_of(evidence.tokens(at - 1)) if at else ()
        known = {token.word for token in self.before}
        return all(token.word in known for token in subject if token.is_term)


def _retold(told: Tokens, language: Language) -> Iterator[Tokens]:
    """The sentence, and in another grammar what it says."""
    for each in (told, *embedded(told)):
        yield from (each, *active(each, language, alone=True))
    yield from attributed(told)


def _count(tokens: Tokens) -> int:
    return sum(token.is_term for token in tokens)


def _has_all(said: Tokens, told: Tokens) -> bool:
    """Whether every term that is said was told somewhere, in any tense."""
    terms = [token for token in told if token.is_term]
    return all(
        any(same_term(token, other) or not token.bases.isdisjoint(other.bases) for other in terms)
        for token in said
        if token.is_term
    )


def _divided(tokens: Tokens) -> Iterator[tuple[Tokens, Tokens]]:
    """The two clauses of a sentence, at each place where it may be divided; the second with a subject of its own."""
    if tokens[0].kind == "preposition" or any(token.word in _PAIRING for token in tokens):
        return
    for at, token in enumerate(tokens):
        if not (token.word in ("and", "but", ";") or token.word in _PARTING) or token.is_term:
            continue
        left, right = _bare(tokens[:at]), _bare(tokens[at + 1 :])
        if not left or not right:
            continue
        if right[0].kind == "pronoun" and right[0].word in PERSONAL - {"there"}:
            right = resolved(right, left)
        elif right[0].kind == "auxiliary" or right[0].verb or right[0].negates:
            subject = subject_of(left)
            if subject:
                yield left, (*subject, *right)
        if right:
            yield left, right


def _bare(tokens: Tokens) -> Tokens:
    end = len(tokens)
    while end and tokens[end - 1].kind in ("stop", "conjunction"):
        end -= 1
    start = 0
    while start < end and tokens[start].kind in ("stop", "conjunction"):
        start += 1
    return tokens[start:end]


def _reason(terms: Sequence[Token], evidence: Sequence[Evidence]) -> str:
    """What is missing from all passages, if anything is, else that they do not say it so."""
    for term in terms if evidence else ():
        if not any(each.has(term) for each in evidence):
            kind = "figure" if term.figure else "word"
            return f"The {kind} {term.word!r} is not in the passages that it cites."
    return "The passages have its words, but do not say it: a role, a condition or a relation differs."
