"""Rules for the parts of a sentence that may be left out without changing what the rest says (pure).

What no rule allows may not be left out: a modifier, a condition, a negation, an object. Each function takes the tokens
between two kept terms, or before the first or after the last one, with at least one term among them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fanin.text.claims.grammar import CONDITIONS, DOUBTS, PASSING, SAYING, TEMPORAL, TITLES
from fanin.text.claims.tokens import Token, auxiliaries, joins, stops
from fanin.text.word_lists import word_set

_EACH = word_set("all every each both alle")
_LINKING = word_set(
    """while whereas because although since after before during despite unlike according laut weil während obwohl
    nachdem bevor trotz"""
)
"""Words that begin a clause or a phrase with a cause, a contrast or a time, and not a condition."""

_TIMING = word_set("before after during while since nachdem bevor während")
"""Those of them that may be a condition where it is not about a single event."""

_PLACES = word_set("in near bei aus")
_LIMITS = word_set("until bis")
_GRADED = word_set(
    """strong big large small huge major famous popular powerful severe heavy long short important serious deadly
    starkes starke großes große großer kleines kleine schwere schweres wichtige wichtiges"""
)
_TOGETHER = word_set("together along zusammen gemeinsam")
_CLOSING = word_set(") ]")
_FEW = 4


@dataclass(frozen=True, slots=True)
class ClaimContext:
    """Properties of the claim, which is the rest of the sentence."""

    event: bool
    """It is about one event of the past, which a place or a time does not restrict."""

    measured: bool
    """It has a measured figure, which is valid only for its place or time."""

    negated: bool
    related: frozenset[str] = frozenset()
    """The prepositions that it keeps."""

    passive: bool = False
    conditional: bool = False
    """It begins with a condition, so that its statement begins after the next comma."""


def may_begin_after(tokens: Sequence[Token], first: Token, context: ClaimContext) -> bool:
    """Whether a sentence may begin with `first` and leave out everything before it."""
    removed, link = _split_after_last_term(tokens)
    terms = _terms(removed)
    if all(term.word in _EACH for term in terms):
        return not context.negated
    if _is_graded(tokens, context):
        return True
    if not link and first.name and all(_is_title(term) for term in terms):
        return True
    if _has(removed, CONDITIONS) or _is_doubtful(terms):
        return False
    if terms[-1].bases & SAYING and not _boundary(link, "or", "which"):
        return not any(term.negates for term in terms) and not auxiliaries(removed) - {"have", "had", "was", "be"}
    if joins(link, "and", "but") or (stops(link) and not joins(link, "or", "nor", "which", "that")):
        negated = any(term.negates for term in terms)
        return (not negated or _apart(link)) and (_is_setting(removed, context) or joins(link, "and", "but"))
    linking = _relating(link) in _LINKING or (
        _relating(link) == "as" and not _has(removed, ("as",)) and _has_verb(removed)
    )
    return linking and not any(term.negates for term in terms)


def may_end_before(tokens: Sequence[Token], context: ClaimContext) -> bool:
    """Whether a sentence may leave out everything after its last kept term."""
    at = 0
    while at < len(tokens):
        length = _removable(tokens[at:], context)
        if not length:
            return False
        at += length
    return True


def _removable(tokens: Sequence[Token], context: ClaimContext) -> int:
    """How many of the tokens at the beginning may go from the end of a sentence; 0 when none may."""
    first = tokens[0]
    if context.event and (score := _score_length(tokens)):
        return score
    if first.kind in ("stop", "conjunction") and first.word not in _CLOSING:
        return len(tokens) * _may_drop_addition(tokens, context)
    if first.kind == "preposition":
        if (first.word in _LINKING and (context.event or first.word not in _TIMING)) or _is_clause_with_as(tokens):
            return len(tokens) * (not _has(tokens, CONDITIONS))
        return _phrase_length(tokens) * _may_drop_phrase(tokens, context)
    if first.word in _TOGETHER and context.event and len(tokens) > 1 and tokens[1].word in ("with", "mit"):
        return 1 + _phrase_length(tokens[1:])
    return int(not first.is_term or first.word in PASSING or _may_drop_time(first, context))


def _may_drop_time(term: Token, context: ClaimContext) -> bool:
    """Whether it says when one event was, or on which day something is that is not measured."""
    if context.negated:
        return False
    dated = term.figure is not None and all(term.figure.date)
    return (context.event and _is_passing_time(term)) or (dated and not context.measured)


def may_skip(
    tokens: Sequence[Token], before: Token, after: Token, context: ClaimContext, *, listed: bool, between: bool
) -> bool:
    """Whether the tokens between two kept terms may be left out.

    `listed`: the sentence itself joins the two with "and". `between`: the term before is one of "between … and …".
    """
    removed, link = _split_after_last_term(tokens)
    terms, opening = _terms(removed), _opening(removed)
    if _has(removed, CONDITIONS) or between:
        return False
    if _is_graded(tokens, context):
        return True
    if all(term.word in PASSING for term in terms):
        return not joins(removed, "and", "or", "but")
    if (stops(opening) or joins(opening, "which")) and stops(link):
        return not _is_doubtful(terms) and not joins(opening, "or")
    if listed:
        bounded = (stops(opening) or joins(opening, "and")) and (stops(link) or joins(link, "and", "but"))
        return bounded and not _has_verb(removed)
    if stops(link) and not joins(link, "and", "or", "but", "nor", "which", "that") and not stops(opening):
        acts = any(term.past for term in terms if term.verb) or any(term.negates for term in terms)
        return (before.verb or bool(opening)) and not acts and not _relating(removed)
    if joins(link, "and", "but") and not stops(opening) and not joins(opening, "and", "or", "but"):
        return _may_skip_conjunct(removed, link, after, context)
    if joins(opening, "and") and not joins(link, "and", "or", "but") and not stops(link):
        return _is_member(removed) and (after.verb or bool(auxiliaries(link)))
    whole = stops(removed) or joins(removed, "and", "or", "but", "which", "that")
    if opening and opening[0].kind == "preposition" and not whole and not stops(link):
        named = before.name and opening[0].word in _PLACES
        return named or ((after.verb or bool(link)) and may_end_before(removed, context))
    return not whole and bool(link) and link[0].kind == "preposition" and may_end_before(removed, context)


def _is_graded(tokens: Sequence[Token], context: ClaimContext) -> bool:
    """Whether only a "strong" of "a strong earthquake" goes, which tells it from no other one."""
    graded = all(token.word in _GRADED if token.is_term else token.kind == "article" for token in tokens)
    return graded and not context.negated and tokens[0].word in ("a", "an", "ein", "eine", "einen", "einem", "einer")


def _may_skip_conjunct(removed: Sequence[Token], link: Sequence[Token], after: Token, context: ClaimContext) -> bool:
    """Whether the first of two predicates or objects that "and" joins may go, so that the second one follows."""
    terms = _terms(removed)
    refused = _is_doubtful(terms) or any(term.negates for term in terms) or _has(removed, ("to", "zu"))
    if (
        refused
        or _relating(_opening(removed))
        or joins(removed, "or", "and", "but")
        or (context.negated and joins(link, "but"))
    ):
        return False
    shared = bool(auxiliaries(_opening(removed))) and _is_passing_time(after)
    return after.verb or bool(auxiliaries(link)) or shared or not _has_verb(removed)


def _is_clause_with_as(tokens: Sequence[Token]) -> bool:
    """Whether "as" begins a clause, and is not that of "as long as", "as if" or "as captain"."""
    again = any(token.word in ("as", "if", "though") for token in tokens[1:])
    return tokens[0].word == "as" and not again and _has_verb(tokens)


def _may_drop_addition(tokens: Sequence[Token], context: ClaimContext) -> bool:
    """Whether what a comma, an "and" or a "which" adds at the end may go."""
    opening = _opening(tokens)
    rest = tokens[next((at for at, token in enumerate(tokens) if token.is_term), len(tokens)) :]
    if joins(opening, "or", "nor", "that") or (
        _has(tokens, CONDITIONS) and not any(each.word == ";" for each in opening)
    ):
        return False
    if not rest:
        return True
    if rest[0].word in ("only", "nur") or context.conditional:
        return False
    if rest[0].negates and len(rest) > 1 and rest[1].kind == "preposition":
        return rest[1].word in context.related - {"in"}  # "by soldiers, not by prisoners"
    if joins(opening, "and", "but") and not stops(tokens) and not _has_verb(tokens):
        return _is_member(tokens)
    return joins(opening, "and", "but", "which") or not _is_doubtful(_terms(rest))


def _is_member(tokens: Sequence[Token]) -> bool:
    """Whether "and" and what follows add one more to those before: not "and LTS teams" of "release and LTS teams"."""
    terms = _terms(tokens)
    apart = any(token.kind in ("article", "preposition") for token in _opening(tokens)) or terms[0].figure is not None
    return (
        len(terms) <= _FEW and not _has_verb(tokens) and (apart or len(terms) == 1 or all(term.name for term in terms))
    )


def _may_drop_phrase(tokens: Sequence[Token], context: ClaimContext) -> bool:
    """Whether the phrase that begins with a preposition may go."""
    word = tokens[0].word
    if word in CONDITIONS:
        return False
    if context.negated:
        return False
    if word in _LIMITS:
        return True
    inner = next((token for token in tokens if token.is_term), tokens[0])
    figure = inner.figure
    if word in ("by", "von") and context.passive:
        return True
    if word == "from":
        return figure is not None
    if word in ("for", "by", "to"):
        return context.event and figure is not None and figure.dimension not in ("", "ordinal")
    if word in ("in", "um"):
        return _may_drop_time(inner, context) or (context.event and inner.name and not context.measured)
    return False


def _phrase_length(tokens: Sequence[Token]) -> int:
    """The tokens of the phrase that begins with a preposition, up to the next preposition or boundary."""
    for at in range(1, len(tokens)):
        if tokens[at].kind in ("preposition", "stop", "conjunction"):
            return at
    return len(tokens)


def _is_setting(removed: Sequence[Token], context: ClaimContext) -> bool:
    """Whether a sentence begins with what sets its scene, cause or time, or with a clause of its own."""
    first = removed[0]
    if first.kind != "preposition" or (first.word in _LINKING and (context.event or first.word not in _TIMING)):
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


def _split_after_last_term(tokens: Sequence[Token]) -> tuple[Sequence[Token], Sequence[Token]]:
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


def _is_doubtful(terms: Sequence[Token]) -> bool:
    return any(not term.bases.isdisjoint(DOUBTS) for term in terms)


def _has_verb(tokens: Sequence[Token]) -> bool:
    """Whether there is a verb among them."""
    return any(token.kind == "auxiliary" or token.verb for token in tokens)


def _boundary(tokens: Sequence[Token], *words: str) -> bool:
    return joins(tokens, *words) or _relating(tokens) != ""


def _relating(tokens: Sequence[Token]) -> str:
    return next((token.word for token in tokens if token.kind == "preposition"), "")


def _apart(link: Sequence[Token]) -> bool:
    """Whether a clause with its own negation ends here."""
    return joins(link, "and", "but") or any(token.word == ";" for token in link)
