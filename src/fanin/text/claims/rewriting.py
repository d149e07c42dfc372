"""Rewrites a sentence in another grammar: passive to active, reversed identities, pronouns to nouns (pure)."""

from collections.abc import Sequence
from dataclasses import replace

from fanin.text.claims.grammar import CONDITIONS, SAYING, TEMPORAL, Language
from fanin.text.claims.tokens import Token
from fanin.text.word_lists import word_set

type Tokens = tuple[Token, ...]

PERSONAL = frozenset(["it", "he", "she", "they", "there", "es", "er", "sie"])
_PLURAL = word_set("they")
_LEAD = 16
"""Tokens at the beginning of a sentence that are searched for its subject."""


def to_active(tokens: Tokens, language: Language, *, alone: bool = False) -> list[Tokens]:
    """The active forms of a passive sentence with an agent; none for another sentence.

    `alone`: without the clauses that follow with "and", since their subject would change.
    """
    by = "von" if language == "de" else "by"
    agent = next((at for at, token in enumerate(tokens) if token.word == by and token.kind == "preposition"), 0)
    joined = next((at for at in range(agent, len(tokens)) if tokens[at].kind == "conjunction"), len(tokens))
    if alone and any(token.word in CONDITIONS for token in tokens[joined:]):
        return []
    tokens = tokens[:joined] if alone else tokens
    place = max((at for at in range(agent) if _is_passive(tokens[at], language)), default=0)
    if not place or any(token.kind in ("stop", "conjunction") for token in tokens[place:agent]):
        return []
    return _active_german(tokens, place, agent) if language == "de" else _active_english(tokens, place, agent)


def _active_english(tokens: Tokens, place: int, agent: int) -> list[Tokens]:
    """The active form of "subject was done by actor" with the auxiliary and "by" at these places."""
    verb = next((at for at in range(place, agent) if tokens[at].is_term and not tokens[at].negates), None)
    first, start, end = place, _clause_start(tokens, place), _end_of_agent(tokens, agent + 1)
    while first and (tokens[first - 1].kind == "auxiliary" or tokens[first - 1].word == "not"):
        first -= 1
    if verb is None or start is None or start >= first or end == agent + 1 or not tokens[verb].past:
        return []
    helping = tuple(token for token in tokens[first:verb] if token.word not in ("be", "was"))
    if helping and helping[0].word == "not":
        helping = (Token("auxiliary", "did" if tokens[place].word == "was" else "do"), *helping)
    past = (tokens[place].word == "was" and not helping) or any(token.word in ("have", "had") for token in helping)
    acts = (*tokens[agent + 1 : end], *helping, replace(tokens[verb], past=past, present=not past))
    return [(*tokens[:start], *acts, *tokens[start:first], *tokens[verb + 1 : agent], *tokens[end:])]


def _active_german(tokens: Tokens, place: int, agent: int) -> list[Tokens]:
    """The active forms of "subject wurde von actor getan", without articles, as these have other cases now."""
    start, end = _clause_start(tokens, place), _end_of_agent(tokens, agent + 1)
    verb = _last_term(tokens, end)
    if verb is None or start is None or end == agent + 1 or not tokens[verb].past:
        return []
    subject, actor = (_without_articles(each) for each in (tokens[start:place], tokens[agent + 1 : end]))
    rest = (*tokens[place + 1 : agent], *tokens[end:verb], *tokens[verb + 1 :])
    acts = (*tokens[:start], *actor, tokens[verb])
    return [(*acts, *subject, *rest), (*acts, *rest, *subject)]


def _without_articles(tokens: Tokens) -> Tokens:
    return tuple(token for token in tokens if token.kind != "article")


def invert_identity(tokens: Tokens) -> list[Tokens]:
    """The reversed identity: "Canberra is the capital" for "The capital is Canberra"."""
    at = next((at for at, token in enumerate(tokens) if token.kind == "auxiliary"), 0)
    if not at or tokens[at].word not in ("be", "was"):
        return []
    end = next(
        (place for place in range(at, len(tokens)) if tokens[place].kind in ("stop", "conjunction")), len(tokens)
    )
    left, right = tokens[:at], tokens[at + 1 : end]
    if not left or not right or any(token.kind in ("stop", "conjunction", "auxiliary") for token in (*left, *right)):
        return []
    definite = [side[0].word in ("the", "der", "die", "das") for side in (left, right)]
    named = [side[0].is_content or definite[place] for place, side in enumerate((left, right))]
    if not any(definite) or not all(named) or right[0].past or any(token.negates for token in (*left, *right)):
        return []
    return [(*right, tokens[at], *left, *tokens[end:])]


def expand_apposition(tokens: Tokens) -> list[Tokens]:
    """The statement of a clause between commas about the subject: "X was built in 1900" for "X, built in 1900, …"."""
    start = next((at for at, token in enumerate(tokens) if token.kind == "stop"), 0)
    subject = tokens[:start]
    if not start or any(_is_verb(token) for token in subject) or not _begins_with_subject(tokens):
        return []
    end = next((at for at in range(start + 1, len(tokens)) if tokens[at].kind == "stop"), len(tokens))
    inner = tokens[start + 1 : end]
    if inner and inner[0].word == "which":
        return [(*subject, *inner[1:])]
    if inner and inner[0].past:
        return [(*subject, Token("auxiliary", helping), *inner) for helping in ("was", "be")]
    return []


def _begins_with_subject(tokens: Tokens) -> bool:
    """Whether a sentence begins with its subject, and not with a place, time or cause."""
    first = next((token for token in tokens if token.kind != "article"), None)
    if first is None or not first.is_content or first.word in TEMPORAL:
        return False
    return first.figure is None or not first.figure.is_time


def move_attribution(tokens: Tokens) -> list[Tokens]:
    """A statement that ends with its speaker, with the speaker at the beginning and at the end."""
    stop = max((at for at, token in enumerate(tokens) if token.kind == "stop"), default=0)
    source = tokens[stop + 1 :]
    verbs = [at for at, token in enumerate(source) if not token.bases.isdisjoint(SAYING)]
    if not stop or len(verbs) != 1 or any(token.kind in ("preposition", "conjunction") for token in source):
        return []
    verb, speaker = source[verbs[0]], (*source[: verbs[0]], *source[verbs[0] + 1 :])
    return [(*tokens[: stop + 1], verb, *speaker), (*speaker, verb, *tokens[:stop])] if speaker else []


def subject_of(tokens: Tokens) -> Tokens:
    """The subject at the beginning of a sentence, after a place, time or cause; empty if it is not certain."""
    first = next((at for at, token in enumerate(tokens) if token.is_term), 0)
    verb = next((at for at in range(1, len(tokens)) if _is_verb(tokens[at]) and (at > first or at > 1)), 0)
    start = 0 if _begins_with_subject(tokens) else _clause_start(tokens, verb)
    if not verb or start is None:
        return ()
    found = tokens[start:verb]
    cut = next((at for at, token in enumerate(found) if token.kind == "stop"), len(found))
    return found[:cut] if any(token.is_content for token in found[:cut]) else ()


def _is_verb(token: Token) -> bool:
    return token.kind == "auxiliary" or token.verb


def resolve_pronoun(tokens: Tokens, before: Tokens) -> Tokens:
    """The sentence with its pronoun subject replaced by the noun of the sentence before it; empty if it has none."""
    at = pronoun_at(tokens)
    if at is None or tokens[at].word == "there":
        return ()
    subject = subject_of(before)
    plural = tokens[at].word in _PLURAL
    if subject and _is_plural(subject) != plural and tokens[at].word in ("it", "they"):
        subject = _last_noun(before)
        if subject and _is_plural(subject) != plural:
            return ()
    return (*tokens[:at], *subject, *tokens[at + 1 :]) if subject else ()


def pronoun_at(tokens: Sequence[Token]) -> int | None:
    """The place of the pronoun that is the sentence's subject."""
    for at, token in enumerate(tokens[:_LEAD]):
        if token.kind == "pronoun" and token.word in PERSONAL:
            return at
        if token.verb and at and at + 1 < len(tokens) and tokens[at + 1].word in ("es", "er", "sie"):
            return at + 1
        if (
            token.verb
            or token.kind == "conjunction"
            or token.word in CONDITIONS
            or (token.kind == "article" and not at)
        ):
            return None
    return None


def _is_passive(token: Token, language: Language) -> bool:
    return token.kind == "auxiliary" and token.word in (("did",) if language == "de" else ("was", "be"))


def _clause_start(tokens: Sequence[Token], end: int) -> int | None:
    """Where the clause begins whose verb is at `end`; None when what comes first cannot be told from its subject."""
    start = max((at + 1 for at in range(end) if tokens[at].kind in ("stop", "conjunction")), default=0)
    if start < end and tokens[start].kind == "preposition":
        times = [at + 1 for at in range(start, end) if (figure := tokens[at].figure) is not None and figure.is_time]
        return times[-1] if times and times[-1] < end else None
    return start


def _end_of_agent(tokens: Sequence[Token], start: int) -> int:
    for at in range(start, len(tokens)):
        token = tokens[at]
        timed = token.word in TEMPORAL or (token.figure is not None and token.figure.is_time)
        if at > start and (timed or (token.figure is not None and _is_score(tokens, at))):
            return at
        if token.kind in ("stop", "conjunction", "auxiliary") or (token.kind == "preposition" and token.word != "of"):
            return at
        if token.past and at > start and not token.name:
            return at
    return len(tokens)


def _is_score(tokens: Sequence[Token], at: int) -> bool:
    return at + 2 < len(tokens) and tokens[at + 1].word == "to" and tokens[at + 2].figure is not None


def _last_term(tokens: Sequence[Token], start: int) -> int | None:
    end = next((at for at in range(start, len(tokens)) if tokens[at].kind in ("stop", "conjunction")), len(tokens))
    return next((at for at in range(end - 1, start - 1, -1) if tokens[at].is_term), None)


def _is_plural(noun: Sequence[Token]) -> bool:
    """Whether the noun's head, the last term before a preposition, is a plural."""
    end = next((at for at, token in enumerate(noun) if at and token.kind == "preposition"), len(noun))
    terms = [token for token in noun[:end] if token.is_term]
    if any(token.kind == "conjunction" for token in noun):
        return True
    return bool(terms) and not terms[-1].name and terms[-1].word.endswith("s") and not terms[-1].word.endswith("ss")


def _last_noun(tokens: Tokens) -> Tokens:
    """The noun with which a sentence ends, from its article on."""
    at = max((at for at, token in enumerate(tokens) if token.kind == "article"), default=len(tokens))
    found = tokens[at:]
    return found if all(token.kind in ("term", "article") for token in found) else ()
