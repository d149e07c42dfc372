"""Compares sentences in which one phrase was moved, by taking it out of both (pure)."""

from collections.abc import Iterator, Sequence

from fanin.text.claims.alignment import WorkBudget, chain_of, is_part_of
from fanin.text.claims.grammar import CONDITIONS, TEMPORAL, Language
from fanin.text.claims.omission import ClaimContext, may_begin_after, may_end_before
from fanin.text.claims.rewriting import Tokens
from fanin.text.claims.tokens import Token, same_term
from fanin.text.word_lists import word_set

_LONGEST = 16
"""Terms of a phrase or clause that may be moved."""

_FIXED = word_set("of to than as zu als")
"""Prepositions whose phrases belong to the word before them."""

_CLAUSAL = CONDITIONS | word_set("as while whereas because although since weil während obwohl nachdem bevor")
"""What begins a whole clause, which ends where the next one begins."""

_RECURRING = word_set("every each jeden jedes jede daily")
_SUBJECT = 4
"""Terms of a German subject behind its verb."""


def is_reordered(claim: Tokens, source: Tokens, language: Language, work: WorkBudget) -> bool:
    """Whether the claim is the source's sentence with one phrase moved to the beginning or the end."""
    return any(
        is_part_of(chain_of(one), chain_of(other), work, loose=language == "de")
        for rest, remaining in _without_a_phrase(claim, source, work)
        for one in _verb_second(rest, language)
        for other in _verb_second(remaining, language)
    )


def _without_a_phrase(claim: Tokens, source: Tokens, work: WorkBudget) -> Iterator[tuple[Tokens, Tokens]]:
    """Both sentences without a phrase that they share, for each shared phrase that may be moved."""
    for start, end in (*_leading(claim), *_trailing(claim)):
        phrase, rest = claim[start:end], _trimmed((*claim[:start], *claim[end:]))
        for begin, finish in _find_phrase(phrase, source, work):
            if start and begin and not _trails(source, finish):
                continue
            whole = _trimmed((*source[:begin], *source[finish:]))
            if _has_similar_phrase(phrase, rest, whole):
                continue
            if begin == 0 or _count(rest) == _count(whole):
                yield rest, whole
            elif segment := _segment(source, begin, finish):
                yield rest, segment
    for start, end in _leading(source):
        phrase, remaining = source[start:end], _trimmed(source[end:])
        for begin, finish in _find_phrase(phrase, claim, work):
            rest = _trimmed((*claim[:begin], *claim[finish:]))
            if begin and not _has_similar_phrase(phrase, rest, remaining):
                yield rest, remaining


def _leading(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """The possible ends of a phrase at the beginning."""
    if not tokens or not (_begins_phrase(tokens, 0) or tokens[0].word == "to"):
        return
    count = 0
    for end in range(1, len(tokens) + 1):
        count += tokens[end - 1].is_term
        if tokens[end - 1].is_term or end == len(tokens):
            yield 0, end
        elif tokens[end - 1].kind == "stop":
            yield 0, end - 1
            return
        if count >= _LONGEST:
            return


def _trailing(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """The possible beginnings of a phrase at the end."""
    count = 0
    for start in range(len(tokens) - 1, 0, -1):
        count += tokens[start].is_term
        if count and _begins_phrase(tokens, start):
            yield start, len(tokens)
        if count >= _LONGEST:
            return


def _begins_phrase(tokens: Tokens, at: int) -> bool:
    """Whether a phrase with a preposition, or a time without one, begins here."""
    if at and tokens[at - 1].kind == "preposition":
        return False
    moves = tokens[at].kind == "preposition" and tokens[at].word not in _FIXED
    return moves or (tokens[at].is_term and _passes(tokens[at]))


def _passes(token: Token) -> bool:
    return token.word in TEMPORAL or token.word in _RECURRING or (token.figure is not None and token.figure.is_time)


def _has_similar_phrase(phrase: Tokens, claim: Tokens, source: Tokens) -> bool:
    """Whether the source has another phrase of this kind, which was left out and may belong here."""
    kind = _kind(phrase, 0)
    mine = sum(_kind(claim, at) == kind for at in range(len(claim)))
    return sum(_kind(source, at) == kind for at in range(len(source))) > mine


def _kind(tokens: Tokens, at: int) -> tuple[str, str] | None:
    """The preposition of a phrase that begins here, and what kind of time it is; a time without one counts as "in"."""
    token = tokens[at]
    if not _begins_phrase(tokens, at):
        return None
    inner = next((each for each in tokens[at:] if each.is_term), token)
    time = inner.figure.dimension or "date" if inner.figure is not None and inner.figure.is_time else "day"
    return "in" if token.is_term else token.word, time if _passes(inner) else ""


def _find_phrase(phrase: Tokens, source: Tokens, work: WorkBudget) -> Iterator[tuple[int, int]]:
    """Where the phrase is in the source, word for word except for forms, articles and the "in" before a time."""
    plain = [token for token in phrase if token.kind not in ("article", "stop")]
    bare = plain[int(len(plain) > 1 and plain[0].word == "in" and _passes(plain[1])) :]
    if not work.spend(len(source) // 4):
        return
    for start in range(len(source)):
        inner = start + (source[start].word == "in" and start + 1 < len(source) and _passes(source[start + 1]))
        if (_begins_phrase(source, start) or _is_purpose(plain, source, start)) and work.spend(len(bare)):
            end = _match_end(bare, source, inner)
            if (
                end
                and _is_complete_phrase(source, start, end)
                and (plain[0].word not in _CLAUSAL or _is_clause_end(source, end))
            ):
                if not work.spend(2 * len(source)):
                    return
                yield start, end


def _is_clause_end(source: Tokens, end: int) -> bool:
    return end == len(source) or source[end].kind in ("stop", "conjunction")


def _is_purpose(phrase: Sequence[Token], source: Tokens, at: int) -> bool:
    """Whether "to install it" may stand here, as it does at the beginning of the other sentence."""
    return phrase[0].word == "to" and source[at].word == "to"


def _match_end(phrase: Sequence[Token], source: Tokens, start: int) -> int:
    """Where the phrase ends when it begins at `start`; 0 when it does not."""
    at = start
    for token in phrase:
        while at < len(source) and at > start and source[at].kind in ("article", "stop"):
            at += 1
        if at >= len(source) or source[at].kind != token.kind:
            return 0
        if not (same_term(token, source[at]) if token.is_term else token.word == source[at].word):
            return 0
        at += 1
    return at


def _is_complete_phrase(source: Tokens, start: int, end: int) -> bool:
    """Whether the phrase is complete: no noun continues after it."""
    if end == len(source) or not source[end].is_term or _passes(source[end - 1]):
        return True
    return start > 0 and source[end].verb


def _trails(source: Tokens, end: int) -> bool:
    """Whether only further phrases follow."""
    return end == len(source) or source[end].kind in ("preposition", "stop", "conjunction") or _passes(source[end])


def _segment(source: Tokens, start: int, end: int) -> Tokens:
    """The clause around the phrase, without it; empty when the rest of the sentence may not be left out."""
    first = max((at + 1 for at in range(start) if source[at].kind in ("stop", "conjunction")), default=0)
    last = next((at for at in range(end, len(source)) if source[at].kind in ("stop", "conjunction")), len(source))
    kept = ClaimContext(event=True, measured=False, negated=any(token.negates for token in source))
    outside = (*source[:first], *source[last:])
    if any(token.word in CONDITIONS for token in outside):
        return ()
    following = next((token for token in source[first:] if token.is_term), None)
    preceded = any(token.is_term for token in source[:first])
    if preceded and (following is None or not may_begin_after(source[:first], following, kept)):
        return ()
    if any(token.is_term for token in source[last:]) and not may_end_before(source[last:], kept):
        return ()
    return _trimmed((*source[first:start], *source[end:last]))


def _trimmed(tokens: Tokens) -> Tokens:
    start, end = 0, len(tokens)
    while start < end and tokens[start].kind == "stop":
        start += 1
    while end > start and tokens[end - 1].kind == "stop":
        end -= 1
    return tokens[start:end]


def _count(tokens: Sequence[Token]) -> int:
    return sum(token.is_term for token in tokens)


def _verb_second(tokens: Tokens, language: Language) -> Iterator[Tokens]:
    """The sentence, and in German, where it begins with its verb, its forms with the verb behind the subject."""
    yield tokens
    if language != "de" or not tokens or not tokens[0].is_term or tokens[0].name or tokens[0].figure is not None:
        return
    count = 0
    for at in range(1, len(tokens)):
        count += tokens[at].is_term
        if tokens[at].is_term and count <= _SUBJECT:
            yield (*tokens[1 : at + 1], tokens[0], *tokens[at + 1 :])
