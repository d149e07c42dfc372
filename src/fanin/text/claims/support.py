"""Judges whether passages support a claim: its words, figures, negations, conditions and roles (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fanin.text.bounded_cache import cache_texts
from fanin.text.claims.alignment import WorkBudget, chain_of, is_part_of
from fanin.text.claims.evidence import Evidence
from fanin.text.claims.grammar import Language, language_of
from fanin.text.claims.moving import is_reordered
from fanin.text.claims.rewriting import (
    PERSONAL,
    Tokens,
    expand_apposition,
    invert_identity,
    move_attribution,
    pronoun_at,
    resolve_pronoun,
    subject_of,
    to_active,
)
from fanin.text.claims.tokens import Token, same_term, tokens_of
from fanin.text.claims.unformatted import strip_formatting
from fanin.text.word_lists import word_set

LEAST = 2
"""Words or figures that a claim must have of its own."""

MAX_TERMS = 80
"""Terms of a claim that is compared in parts; a longer one must be a quotation."""

LONGEST = 600
"""Characters of such a claim."""

DEPTH = 2
"""How often a claim is divided at "and", "but" and the like, to find its parts in several sentences."""

_PARTING = word_set("while whereas während")
_PAIRING = word_set("between either neither both zwischen entweder weder")


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a claim is supported; `reason` says why it is not."""

    supported: bool
    reason: str = ""


def judge(
    sentence: str, evidence: Sequence[Evidence], *, before: str = "", work: WorkBudget | None = None
) -> Judgement:
    """Whether one of the passages supports the claim; `before` is the sentence before it.

    `work` limits the steps, and may be shared by several judgements; a claim for which they do not suffice is not
    supported.
    """
    work = work or WorkBudget()
    if not work.spend(len(sentence)):
        return Judgement(supported=False, reason="There is too much to compare it with.")
    plain = strip_formatting(sentence)
    language = language_of(plain, evidence[0].language if evidence else "en")
    tokens = _tokenize(plain[:LONGEST], language)
    terms = [token for token in tokens if token.is_term]
    if len({token.figure or token.word for token in terms if token.is_content}) < LEAST:
        return Judgement(supported=False, reason="It says nothing of its own.")
    claim = _Claim(tokens, language, _tokenize(strip_formatting(before[:LONGEST]), language), work)
    if any(claim.is_quoted_from(each, plain) for each in evidence):
        return Judgement(supported=True)
    if plain.rstrip(' "').endswith("?"):
        return Judgement(supported=False, reason="It is a question.")
    if len(plain) <= LONGEST and len(terms) <= MAX_TERMS and claim.is_supported(tokens, evidence):
        return Judgement(supported=True)
    known = work.spend(sum(each.length for each in evidence) * len(terms) // 8)
    return Judgement(supported=False, reason=_reason(terms, evidence if known else ()))


@cache_texts(entries=4, characters=4 * LONGEST)
def _tokenize(plain: str, language: Language) -> Tokens:
    """The tokens of a claim, which are cached for all the passages with which it is compared."""
    return tokens_of(plain, language)


@dataclass(frozen=True, slots=True)
class _Claim:
    tokens: Tokens
    language: Language
    before: Tokens
    work: WorkBudget

    def is_quoted_from(self, evidence: Evidence, plain: str) -> bool:
        """Whether the claim is a sentence of the passage word for word, with the same meaning of its pronoun."""
        return any(self._has_same_pronoun(self.tokens, evidence, at) for at in evidence.find_quotes(plain))

    def is_supported(self, tokens: Tokens, evidence: Sequence[Evidence], depth: int = 0) -> bool:
        """Whether one sentence of the passages supports these tokens, or several support their parts."""
        if sum(token.is_content for token in tokens) < LEAST:
            return False
        whole = depth > 0 and not any(token.verb or token.kind == "auxiliary" for token in tokens)
        if any(self._is_supported_by(tokens, each, whole=whole) for each in evidence):
            return True
        if depth < DEPTH:
            for left, right in _split_clauses(tokens):
                if self.work.left <= 0:
                    return False
                if self.is_supported(right, evidence, depth + 1) and self.is_supported(left, evidence, depth + 1):
                    return True
        return False

    def _is_supported_by(self, tokens: Tokens, evidence: Evidence, *, whole: bool) -> bool:
        """Whether a sentence of the passage supports these tokens; `whole`: all of it, as they may be no clause."""
        if not self.work.spend(len(tokens) * (8 + evidence.count) // 8):
            return False
        full = resolve_pronoun(tokens, self.before)
        for at in evidence.candidates(tokens):
            if not self.work.spend(evidence.size(at)):
                return False
            evidence_tokens = evidence.tokens(at)
            if whole and _count(evidence_tokens) != _count(tokens):
                continue
            named = evidence.with_resolved_pronoun(at)
            if self._has_same_pronoun(tokens, evidence, at) and self._matches(tokens, evidence_tokens):
                return True
            if named and pronoun_at(tokens) is None and self._matches(tokens, named):
                return True
            if full and (self._matches(full, evidence_tokens) or (named and self._matches(full, named))):
                return True
        return False

    def _matches(self, claim: Tokens, source: Tokens) -> bool:
        """Whether the source's sentence says the claim, in its own grammar or in another one."""
        if (claim[0].kind == "auxiliary") != (source[0].kind == "auxiliary"):
            return False  # one of them is a question or an imperative
        if not self.work.spend(len(claim) * len(source) // 4) or not _has_all(claim, source):
            return False
        for one in (claim, *to_active(claim, self.language), *invert_identity(claim), *move_attribution(claim)):
            for other in _paraphrases(source, self.language):
                if not self.work.spend(len(one) + len(other)):
                    return False
                if is_part_of(chain_of(one), chain_of(other), self.work):
                    return True
                if is_reordered(one, other, self.language, self.work):
                    return True
        return False

    def _has_same_pronoun(self, tokens: Tokens, evidence: Evidence, at: int) -> bool:
        """Whether both begin with the same pronoun for the same thing, or neither with one."""
        evidence_tokens = evidence.tokens(at)
        mine, theirs = pronoun_at(tokens), pronoun_at(evidence_tokens)
        if mine is None and theirs is None:
            return True
        if mine is None or theirs is None or tokens[mine].word != evidence_tokens[theirs].word:
            words = {token.word for token in evidence_tokens if token.kind == "pronoun"}
            return theirs is None and mine is not None and tokens[mine].word == "there" and "there" in words
        if not self.before or tokens[mine].word == "there":
            return True
        subject = subject_of(evidence.tokens(at - 1)) if at else ()
        known = {token.word for token in self.before}
        return all(token.word in known for token in subject if token.is_term)


def _paraphrases(source: Tokens, language: Language) -> Iterator[Tokens]:
    """The sentence, and its forms in another grammar."""
    for each in (source, *expand_apposition(source)):
        yield from (each, *to_active(each, language, alone=True))
    yield from move_attribution(source)


def _count(tokens: Tokens) -> int:
    return sum(token.is_term for token in tokens)


def _has_all(claim: Tokens, source: Tokens) -> bool:
    """Whether the source has every term of the claim, in any tense."""
    terms = [token for token in source if token.is_term]
    return all(
        any(same_term(token, other) or not token.bases.isdisjoint(other.bases) for other in terms)
        for token in claim
        if token.is_term
    )


def _split_clauses(tokens: Tokens) -> Iterator[tuple[Tokens, Tokens]]:
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
            right = resolve_pronoun(right, left)
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
    """What is missing from all passages; or else that they do not say it in this way."""
    for term in terms if evidence else ():
        if not any(each.has(term) for each in evidence):
            kind = "figure" if term.figure else "word"
            return f"The {kind} {term.word!r} is not in the passages that it cites."
    return "The passages have its words, but do not say it: a role, a condition or a relation differs."
