"""A sentence whose phrases stand in another order: the phrase that was moved, taken out of both. Pure."""

from collections.abc import Iterator, Sequence

from fanin.text.claims.alignment import Work, chain_of, is_part_of
from fanin.text.claims.grammar import CONDITIONS, TEMPORAL, Language, listed
from fanin.text.claims.omission import Kept, may_begin_after, may_end_before
from fanin.text.claims.rewriting import Tokens
from fanin.text.claims.tokens import Token, same_term

_LONGEST = 16
"""Terms of a phrase or clause that may be moved."""

_FIXED = listed("of to than as zu als")
"""Prepositions whose phrases belong to the word before them."""

_CLAUSAL = CONDITIONS | listed("as while whereas because although since weil während obwohl nachdem bevor")
"""What begins a whole clause, which ends where the next one begins."""

_RECURRING = listed("every each jeden jedes jede daily")
_SUBJECT = 4
"""Terms of a German subject behind its verb."""


def is_reordered(said: Tokens, told: Tokens, language: Language, work: Work) -> bool:
    """Whether what is said is `told` with one phrase moved to the beginning or the end."""
    return any(
        is_part_of(chain_of(one), chain_of(other), work, loose=language == "de")
        for rest, remaining in _without_a_phrase(said, told, work)
        for one in _verb_second(rest, language)
        for other in _verb_second(remaining, language)
    )


def _without_a_phrase(said: Tokens, told: Tokens, work: Work) -> Iterator[tuple[Tokens, Tokens]]:
    """What is left of both sentences without a phrase that they share, for each such phrase that may be moved."""
    for start, end in (*_leading(said), *_trailing(said)):
        phrase, rest = said[start:end], _trimmed((*said[:start], *said[end:]))
        for begin, finish in _found(phrase, told, work):
            if start and begin and not _trails(told, finish):
                continue
            whole = _trimmed((*told[:begin], *told[finish:]))
            if _has_a_rival(phrase, rest, whole):
                continue
            if begin == 0 or _count(rest) == _count(whole):
                yield rest, whole
            elif segment := _segment(told, begin, finish):
                yield rest, segment
    for start, end in _leading(told):
        phrase, remaining = told[start:end], _trimmed(told[end:])
        for begin, finish in _found(phrase, said, work):
            rest = _trimmed((*said[:begin], *said[finish:]))
            if begin and not _has_a_rival(phrase, rest, remaining):
                yield rest, remaining


def _leading(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Where a phrase at the beginning may end, if one stands there."""
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
    """Where a phrase at the end may begin."""
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


def _has_a_rival(phrase: Tokens, said: Tokens, told: Tokens) -> bool:
    """Whether what is told has another phrase of the kind, which was left out and may be what belongs here."""
    kind = _kind(phrase, 0)
    mine = sum(_kind(said, at) == kind for at in range(len(said)))
    return sum(_kind(told, at) == kind for at in range(len(told))) > mine


def _kind(tokens: Tokens, at: int) -> tuple[str, str] | None:
    """The preposition of a phrase that begins here, and what kind of time it is; a time without one counts as "in"."""
    token = tokens[at]
    if not _begins_phrase(tokens, at):
        return None
    inner = next((each for each in tokens[at:] if each.is_term), token)
    time = inner.figure.dimension or "date" if inner.figure is not None and inner.figure.is_time else "day"
    return "in" if token.is_term else token.word, time if _passes(inner) else ""


def _found(phrase: Tokens, told: Tokens, work: Work) -> Iterator[tuple[int, int]]:
    """Where the phrase stands in what is told, word for word but for forms, articles and the "in" before a time."""
    plain = [token for token in phrase if token.kind not in ("article", "stop")]
    bare = plain[int(len(plain) > 1 and plain[0].word == "in" and _passes(plain[1])) :]
    if not work.take(len(told) // 4):
        return
    for start in range(len(told)):
        inner = start + (told[start].word == "in" and start + 1 < len(told) and _passes(told[start + 1]))
        if (_begins_phrase(told, start) or _is_purpose(plain, told, start)) and work.take(len(bare)):
            end = _matched(bare, told, inner)
            if end and _is_whole(told, start, end) and (plain[0].word not in _CLAUSAL or _is_clause_end(told, end)):
                if not work.take(2 * len(told)):
                    return
                yield start, end


def _is_clause_end(told: Tokens, end: int) -> bool:
    return end == len(told) or told[end].kind in ("stop", "conjunction")


def _is_purpose(phrase: Sequence[Token], told: Tokens, at: int) -> bool:
    """Whether "to install it" may stand here, as it does at the beginning of the other sentence."""
    return phrase[0].word == "to" and told[at].word == "to"


def _matched(phrase: Sequence[Token], told: Tokens, start: int) -> int:
    """Where the phrase ends when it begins at `start`; 0 when it does not."""
    at = start
    for token in phrase:
        while at < len(told) and at > start and told[at].kind in ("article", "stop"):
            at += 1
        if at >= len(told) or told[at].kind != token.kind:
            return 0
        if not (same_term(token, told[at]) if token.is_term else token.word == told[at].word):
            return 0
        at += 1
    return at


def _is_whole(told: Tokens, start: int, end: int) -> bool:
    """Whether a phrase ends where it seems to: no noun goes on behind it."""
    if end == len(told) or not told[end].is_term or _passes(told[end - 1]):
        return True
    return start > 0 and told[end].verb


def _trails(told: Tokens, end: int) -> bool:
    """Whether only further phrases follow."""
    return end == len(told) or told[end].kind in ("preposition", "stop", "conjunction") or _passes(told[end])


def _segment(told: Tokens, start: int, end: int) -> Tokens:
    """The clause around the phrase, without it; empty when the rest of the sentence may not be left out."""
    first = max((at + 1 for at in range(start) if told[at].kind in ("stop", "conjunction")), default=0)
    last = next((at for at in range(end, len(told)) if told[at].kind in ("stop", "conjunction")), len(told))
    kept = Kept(event=True, measured=False, negated=any(token.negates for token in told))
    outside = (*told[:first], *told[last:])
    if any(token.word in CONDITIONS for token in outside):
        return ()
    following = next((token for token in told[first:] if token.is_term), None)
    preceded = any(token.is_term for token in told[:first])
    if preceded and (following is None or not may_begin_after(told[:first], following, kept)):
        return ()
    if any(token.is_term for token in told[last:]) and not may_end_before(told[last:], kept):
        return ()
    return _trimmed((*told[first:start], *told[end:last]))


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
