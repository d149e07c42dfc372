"""What of a sentence may be left out so that the rest still says nothing else: rules, each for one place. Pure.

Whatever no rule allows may not be left out: a modifier, a condition, a negation, an object. Every function takes the
tokens between two kept terms, or before the first or after the last one, with at least one term among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fanin.text.claims.grammar import CONDITIONS, DOUBTS, PASSING, SAYING, TEMPORAL, TITLES, listed
from fanin.text.claims.tokens import Token

_EACH = listed("all every each both alle")
_LINKING = listed(
    """while whereas because although since after before during despite unlike according laut weil während obwohl
    nachdem bevor trotz"""
)
"""What begins a clause or a phrase that adds a cause, a contrast or a time, and no condition."""

_TIMING = listed("before after during while since nachdem bevor während")
"""Those of them that may be a condition of what is not a single event."""

_PLACES = listed("in near bei aus")
_LIMITS = listed("until bis")
_GRADED = listed(
    """strong big large small huge major famous popular powerful severe heavy long short important serious deadly
    starkes starke großes große großer kleines kleine schwere schweres wichtige wichtiges"""
)
_TOGETHER = listed("together along zusammen gemeinsam")
_CLOSING = listed(") ]")
_FEW = 4


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of the sentence that keeps the rest."""

    event: bool
    """It tells one event of the past, which a place or a time does not restrict."""

    measured: bool
    """It has a measured figure, of which a place or a time says where it holds."""

    negated: bool
    related: frozenset[str] = frozenset()
    """The prepositions that it keeps."""

    passive: bool = False
    conditional: bool = False
    """It begins with a condition, and so what comes behind the next comma is what it says."""


def may_begin_after(tokens: Sequence[Token], first: Token, kept: Kept) -> bool:
    """Whether a sentence may begin with `first` and leave out all that stands before it."""
    removed, link = _parted(tokens)
    terms = _terms(removed)
    if all(term.word in _EACH for term in terms):
        return not kept.negated
    if _is_graded(tokens, kept):
        return True
    if not link and first.name and all(_is_title(term) for term in terms):
        return True
    if _has(removed, CONDITIONS) or _doubted(terms):
        return False
    if terms[-1].bases & SAYING and not _boundary(link, "or", "which"):
        return not any(term.negates for term in terms) and not _auxiliaries(removed) - {"have", "had", "was", "be"}
    if _joined(link, "and", "but") or (_stopped(link) and not _joined(link, "or", "nor", "which", "that")):
        negated = any(term.negates for term in terms)
        return (not negated or _apart(link)) and (_is_setting(removed, kept) or _joined(link, "and", "but"))
    linking = _relating(link) in _LINKING or (_relating(link) == "as" and not _has(removed, ("as",)) and _acts(removed))
    return linking and not any(term.negates for term in terms)


def may_end_before(tokens: Sequence[Token], kept: Kept) -> bool:
    """Whether a sentence may leave out all that stands after its last kept term."""
    at = 0
    while at < len(tokens):
        length = _removable(tokens[at:], kept)
        if not length:
            return False
        at += length
    return True


def _removable(tokens: Sequence[Token], kept: Kept) -> int:
    """How many of the tokens at the beginning may go from the end of a sentence; 0 when none may."""
    first = tokens[0]
    if kept.event and (score := _score_length(tokens)):
        return score
    if first.kind in ("stop", "conjunction") and first.word not in _CLOSING:
        return len(tokens) * _may_drop_addition(tokens, kept)
    if first.kind == "preposition":
        if (first.word in _LINKING and (kept.event or first.word not in _TIMING)) or _is_clause_with_as(tokens):
            return len(tokens) * (not _has(tokens, CONDITIONS))
        return _phrase_length(tokens) * _may_drop_phrase(tokens, kept)
    if first.word in _TOGETHER and kept.event and len(tokens) > 1 and tokens[1].word in ("with", "mit"):
        return 1 + _phrase_length(tokens[1:])
    return int(not first.is_term or first.word in PASSING or _may_drop_time(first, kept))


def _may_drop_time(term: Token, kept: Kept) -> bool:
    """Whether it says when one event was, or on which day something is that is not measured."""
    if kept.negated:
        return False
    dated = term.figure is not None and all(term.figure.date)
    return (kept.event and _is_passing_time(term)) or (dated and not kept.measured)


def may_skip(tokens: Sequence[Token], before: Token, after: Token, kept: Kept, *, listed: bool, between: bool) -> bool:
    """Whether what stands between two kept terms may be left out.

    `listed`: the sentence itself joins the two with "and". `between`: the term before is one of "between … and …".
    """
    removed, link = _parted(tokens)
    terms, opening = _terms(removed), _opening(removed)
    if _has(removed, CONDITIONS) or between:
        return False
    if _is_graded(tokens, kept):
        return True
    if all(term.word in PASSING for term in terms):
        return not _joined(removed, "and", "or", "but")
    if (_stopped(opening) or _joined(opening, "which")) and _stopped(link):
        return not _doubted(terms) and not _joined(opening, "or")
    if listed:
        bounded = (_stopped(opening) or _joined(opening, "and")) and (_stopped(link) or _joined(link, "and", "but"))
        return bounded and not _acts(removed)
    if _stopped(link) and not _joined(link, "and", "or", "but", "nor", "which", "that") and not _stopped(opening):
        acts = any(term.past for term in terms if term.verb) or any(term.negates for term in terms)
        return (before.verb or bool(opening)) and not acts and not _relating(removed)
    if _joined(link, "and", "but") and not _stopped(opening) and not _joined(opening, "and", "or", "but"):
        return _may_skip_conjunct(removed, link, after, kept)
    if _joined(opening, "and") and not _joined(link, "and", "or", "but") and not _stopped(link):
        return _is_member(removed) and (after.verb or bool(_auxiliaries(link)))
    whole = _stopped(removed) or _joined(removed, "and", "or", "but", "which", "that")
    if opening and opening[0].kind == "preposition" and not whole and not _stopped(link):
        named = before.name and opening[0].word in _PLACES
        return named or ((after.verb or bool(link)) and may_end_before(removed, kept))
    return not whole and bool(link) and link[0].kind == "preposition" and may_end_before(removed, kept)


def _is_graded(tokens: Sequence[Token], kept: Kept) -> bool:
    """Whether only a "strong" of "a strong earthquake" goes, which tells it from no other one."""
    graded = all(token.word in _GRADED if token.is_term else token.kind == "article" for token in tokens)
    return graded and not kept.negated and tokens[0].word in ("a", "an", "ein", "eine", "einen", "einem", "einer")


def _may_skip_conjunct(removed: Sequence[Token], link: Sequence[Token], after: Token, kept: Kept) -> bool:
    """Whether the first of two predicates or objects that "and" joins may go, so that the second one follows."""
    terms = _terms(removed)
    refused = _doubted(terms) or any(term.negates for term in terms) or _has(removed, ("to", "zu"))
    if (
        refused
        or _relating(_opening(removed))
        or _joined(removed, "or", "and", "but")
        or (kept.negated and _joined(link, "but"))
    ):
        return False
    shared = bool(_auxiliaries(_opening(removed))) and _is_passing_time(after)
    return after.verb or bool(_auxiliaries(link)) or shared or not _acts(removed)


def _is_clause_with_as(tokens: Sequence[Token]) -> bool:
    """Whether "as" begins a clause, and is not that of "as long as", "as if" or "as captain"."""
    again = any(token.word in ("as", "if", "though") for token in tokens[1:])
    return tokens[0].word == "as" and not again and _acts(tokens)


def _may_drop_addition(tokens: Sequence[Token], kept: Kept) -> bool:
    """Whether what a comma, an "and" or a "which" adds at the end may go."""
    opening = _opening(tokens)
    rest = tokens[next((at for at, token in enumerate(tokens) if token.is_term), len(tokens)) :]
    if _joined(opening, "or", "nor", "that") or (
        _has(tokens, CONDITIONS) and not any(each.word == ";" for each in opening)
    ):
        return False
    if not rest:
        return True
    if rest[0].word in ("only", "nur") or kept.conditional:
        return False
    if rest[0].negates and len(rest) > 1 and rest[1].kind == "preposition":
        return rest[1].word in kept.related - {"in"}  # "by soldiers, not by prisoners"
    if _joined(opening, "and", "but") and not _stopped(tokens) and not _acts(tokens):
        return _is_member(tokens)
    return _joined(opening, "and", "but", "which") or not _doubted(_terms(rest))


def _is_member(tokens: Sequence[Token]) -> bool:
    """Whether "and" and what follows add one more to those before: not "and LTS teams" of "release and LTS teams"."""
    terms = _terms(tokens)
    apart = any(token.kind in ("article", "preposition") for token in _opening(tokens)) or terms[0].figure is not None
    return len(terms) <= _FEW and not _acts(tokens) and (apart or len(terms) == 1 or all(term.name for term in terms))


def _may_drop_phrase(tokens: Sequence[Token], kept: Kept) -> bool:
    """Whether the phrase that begins with a preposition may go."""
    word = tokens[0].word
    if word in CONDITIONS:
        return False
    if kept.negated:
        return False
    if word in _LIMITS:
        return True
    inner = next((token for token in tokens if token.is_term), tokens[0])
    figure = inner.figure
    if word in ("by", "von") and kept.passive:
        return True
    if word == "from":
        return figure is not None
    if word in ("for", "by", "to"):
        return kept.event and figure is not None and figure.dimension not in ("", "ordinal")
    if word in ("in", "um"):
        return _may_drop_time(inner, kept) or (kept.event and inner.name and not kept.measured)
    return False


def _phrase_length(tokens: Sequence[Token]) -> int:
    """The tokens of the phrase that begins with a preposition, up to the next preposition or boundary."""
    for at in range(1, len(tokens)):
        if tokens[at].kind in ("preposition", "stop", "conjunction"):
            return at
    return len(tokens)


def _is_setting(removed: Sequence[Token], kept: Kept) -> bool:
    """Whether a sentence begins with what sets its scene, cause or time, or with a clause of its own."""
    first = removed[0]
    if first.kind != "preposition" or (first.word in _LINKING and (kept.event or first.word not in _TIMING)):
        return True
    inner = next(token for token in removed if token.is_term)
    return _is_passing_time(inner)


def _is_passing_time(token: Token) -> bool:
    """Whether it is a date, a time or a day, once and not again and again."""
    return token.word in TEMPORAL or (token.figure is not None and token.figure.is_time)


def _score_length(tokens: Sequence[Token]) -> int:
    """The tokens of a score ("3-1", "with 3:1") with which these begin; 0 when they begin with none."""
    start = int(tokens[0].word in ("with", "mit"))
    kinds = [token.word if token.kind == "preposition" else token.figure and token.figure.dimension for token in tokens]
    return start + 3 if kinds[start : start + 3] == ["", "to", ""] else 0


def _is_title(token: Token) -> bool:
    return token.word in TITLES or (token.owner and token.name)


def _parted(tokens: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
    """The tokens up to the last term, and those after it."""
    last = max(at for at, token in enumerate(tokens) if token.is_term)
    return tokens[: last + 1], tokens[last + 1 :]


def _opening(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens before the first term."""
    end = next((at for at, token in enumerate(tokens) if token.is_term), len(tokens))
    return [token for token in tokens[:end] if token.word not in _CLOSING]


def _terms(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.is_term]


def _has(tokens: Sequence[Token], words: Sequence[str] | frozenset[str]) -> bool:
    return any(token.word in words for token in tokens)


def _doubted(terms: Sequence[Token]) -> bool:
    return any(not term.bases.isdisjoint(DOUBTS) for term in terms)


def _acts(tokens: Sequence[Token]) -> bool:
    """Whether there is a verb among them."""
    return any(token.kind == "auxiliary" or token.verb for token in tokens)


def _auxiliaries(tokens: Sequence[Token]) -> set[str]:
    return {token.word for token in tokens if token.kind == "auxiliary" and token.word}


def _stopped(tokens: Sequence[Token]) -> bool:
    return any(token.kind == "stop" for token in tokens)


def _joined(tokens: Sequence[Token], *words: str) -> bool:
    return any(token.kind == "conjunction" and token.word in words for token in tokens)


def _boundary(tokens: Sequence[Token], *words: str) -> bool:
    return _joined(tokens, *words) or _relating(tokens) != ""


def _relating(tokens: Sequence[Token]) -> str:
    return next((token.word for token in tokens if token.kind == "preposition"), "")


def _apart(link: Sequence[Token]) -> bool:
    """Whether a clause with its own negation ends here."""
    return _joined(link, "and", "but") or any(token.word == ";" for token in link)
