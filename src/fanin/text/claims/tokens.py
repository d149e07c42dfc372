"""Tokenizes a sentence into terms with a meaning of their own and the function words that relate them (pure)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from fanin.text.claims.figures import Figure, RawToken, figure_at, ordinal, raw_tokens, same_figure
from fanin.text.claims.grammar import GRAMMARS, NEGATIONS, OPERATORS, TEMPORAL, Grammar, Language, language_of
from fanin.text.claims.inflection import base_forms, is_past, is_present, looks_like_verb
from fanin.text.claims.numerals import ORDINALS
from fanin.text.claims.unformatted import strip_formatting
from fanin.text.word_lists import word_set

type Kind = Literal["term", "auxiliary", "preposition", "conjunction", "stop", "article", "pronoun"]

_SHORT = {"ll": "will", "ve": "have", "re": "are", "d": "would", "m": "am"}
_IS_SHORT = word_set("it he she that there here what who where let")
_SPANS = word_set("morning afternoon evening night week month year weekend spring summer autumn winter")
_AFTER_ONCE = word_set("a an at in on per by before more again and every") | {"", ".", ",", ";"}
_GERMAN_NO = word_set("keine keinen keinem keiner keines")


@dataclass(frozen=True, slots=True)
class Token:
    """A term, or a small word in the form in which it is compared.

    `bases` are the words that a term may be a form of; a term that is a figure has `figure` instead.
    """

    kind: Kind
    word: str
    bases: frozenset[str] = frozenset()
    figure: Figure | None = None
    name: bool = False
    owner: bool = False
    past: bool = False
    present: bool = True
    verb: bool = False

    @property
    def is_term(self) -> bool:
        """Whether it says something by itself or changes what others say."""
        return self.kind == "term"

    @property
    def is_content(self) -> bool:
        """Whether it is a word or figure of the subject, and no "not", "all" or "only"."""
        return self.kind == "term" and (self.figure is not None or self.word not in OPERATORS)

    @property
    def negates(self) -> bool:
        """Whether it is a negation."""
        return self.kind == "term" and self.word in NEGATIONS


def same_term(claim: Token, source: Token) -> bool:
    """Whether the term of the claim is that of the source, perhaps in another form or notation."""
    if claim.figure is not None or source.figure is not None:
        return claim.figure is not None and source.figure is not None and same_figure(claim.figure, source.figure)
    if claim.owner != source.owner:
        return False
    if claim.word == source.word:
        return True
    if claim.name or source.name or not ((claim.past and source.past) or (claim.present and source.present)):
        return False
    return not claim.bases.isdisjoint(source.bases)


def auxiliaries(tokens: Sequence[Token]) -> set[str]:
    """The auxiliary verbs among the tokens."""
    return {token.word for token in tokens if token.kind == "auxiliary" and token.word}


def stops(tokens: Sequence[Token]) -> bool:
    """Whether a mark among the tokens ends a clause."""
    return any(token.kind == "stop" for token in tokens)


def joins(tokens: Sequence[Token], *words: str) -> bool:
    """Whether one of these conjunctions is among the tokens."""
    return any(token.kind == "conjunction" and token.word in words for token in tokens)


def tokens_of(text: str, language: Language) -> tuple[Token, ...]:
    """The tokens of a sentence without formatting; in time linear in its length."""
    return tuple(_bare_dates(_normalise_no_longer(_measured_together([*_tokens(raw_tokens(text), language)]))))


def figures_of(text: str) -> list[Figure]:
    """The figures of a text in order: its numbers, dates and times of day."""
    plain = strip_formatting(text)
    return [token.figure for token in tokens_of(plain, language_of(plain)) if token.figure is not None]


def _tokens(pieces: Sequence[RawToken], language: Language) -> Iterator[Token]:
    grammar, at, between = GRAMMARS[language], 0, False
    while at < len(pieces):
        piece = pieces[at]
        found = figure_at(pieces, at, language)
        if found is not None:
            figure, end = found
            yield Token("term", " ".join(each.text for each in pieces[at:end]).lower(), figure=figure)
            at = end
            continue
        if piece.kind == "mark":
            yield from _mark(pieces, at)
        else:
            for token in _words(pieces, at, grammar, language):
                if token.word == "and" and between and at + 1 < len(pieces) and figure_at(pieces, at + 1, language):
                    yield Token("preposition", "and")
                    between = False
                    continue
                between = between or token.word in ("between", "zwischen")
                yield token
        at += 1


def _mark(pieces: Sequence[RawToken], at: int) -> Iterator[Token]:
    mark, glued = pieces[at].text, pieces[at].glued
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    within = following is not None and glued and following.glued
    if mark in "-–:/" and within and _are_numbers(pieces[at - 1], pieces[at + 1]):  # noqa: RUF001
        yield Token("preposition", "to")
    elif (mark in ",;:()[]|–/" and not (mark == "/" and within)) or (mark == "-" and not within):  # noqa: RUF001
        yield Token("stop", mark)
    elif mark == "&":
        yield Token("conjunction", "and")
    elif mark not in "-'\".?!":
        yield Token("term", mark, frozenset((mark,)))


def _are_numbers(*pieces: RawToken) -> bool:
    return all(piece.kind in ("number", "unit") for piece in pieces)


def _words(pieces: Sequence[RawToken], at: int, grammar: Grammar, language: Language) -> Iterator[Token]:
    word = pieces[at].text.lower()
    if "'" in word and language == "en":
        yield from _contraction(pieces, at, grammar)
    elif (special := _special(word, pieces, at)) is not None:
        yield from special
    elif word not in grammar.fillers:
        yield from _small(word, grammar) or [_term(pieces, at, word, language)]


def _contraction(pieces: Sequence[RawToken], at: int, grammar: Grammar) -> Iterator[Token]:
    """The two words of "isn't", "we'll" and "it's", or the owner of "the mayor's"."""
    base, _, tail = pieces[at].text.lower().partition("'")
    if tail == "t" and base.endswith("n"):
        yield from _negated(base, grammar)
        return
    whole = "is" if tail == "s" and base in _IS_SHORT else _SHORT.get(tail, "")
    if whole:
        yield from _small(base, grammar) or [_term(pieces, at, base, "en")]
        yield from _small(whole, grammar)
    elif tail == "s":
        yield replace(_term(pieces, at, base, "en"), owner=True)
    else:
        yield _term(pieces, at, pieces[at].text.lower(), "en")


def _special(word: str, pieces: Sequence[RawToken], at: int) -> list[Token] | None:
    """The tokens of a word that its neighbours make another one; None when it is no such word."""
    before = pieces[at - 1].text.lower() if at else ""
    following = pieces[at + 1].text.lower() if at + 1 < len(pieces) else ""
    if word == "cannot":
        return [Token("auxiliary", "can"), _operator("not")]
    if word == "this" and following in _SPANS:
        return [_operator("this")]
    if word in ("year", "jahr", "jahre") and before and following.isdecimal():
        return []
    if word == "once" and following in _AFTER_ONCE:
        return [_operator("once")]
    if following == "to" and word in ("due", "according"):
        return [Token("preposition", "because" if word == "due" else "according")]
    return [Token("preposition", "of")] if word == "to" and before in ("due", "according") else None


def _negated(base: str, grammar: Grammar) -> Iterator[Token]:
    """The auxiliary of "isn't" or "can't", and the "not"."""
    whole = {"ca": "can", "wo": "will", "sha": "shall"}.get(base[:-1], base[:-1])
    yield Token("auxiliary", grammar.auxiliaries.get(whole, whole))
    yield _operator("not")


def _small(word: str, grammar: Grammar) -> list[Token]:
    if word in grammar.auxiliaries:
        return [Token("auxiliary", grammar.auxiliaries[word])]
    if word in grammar.prepositions:
        return [Token("preposition", grammar.prepositions[word])]
    if word in grammar.conjunctions:
        return [Token("conjunction", grammar.conjunctions[word])]
    if word in grammar.articles:
        return [Token("article", word)]
    return [Token("pronoun", word)] if word in grammar.pronouns else []


def _operator(word: str) -> Token:
    return Token("term", word, frozenset((word,)))


def _term(pieces: Sequence[RawToken], at: int, word: str, language: Language) -> Token:
    if word in ORDINALS:
        return Token("term", word, figure=ordinal(word))
    if word in _GERMAN_NO:
        word = "kein"
    if word in OPERATORS:
        return _operator(word)
    return Token(
        "term",
        word,
        base_forms(word, language),
        name=_is_name(pieces, at, language),
        past=is_past(word, language),
        present=is_present(word, language),
        verb=looks_like_verb(word, language) and pieces[at].text[0].islower(),
    )


def _is_name(pieces: Sequence[RawToken], at: int, language: Language) -> bool:
    """Whether the word has a capital letter that its place does not explain; in German two such words in a row."""
    if not pieces[at].text[0].isupper():
        return False
    if language == "en":
        return at > 0 and pieces[at - 1].text not in '.:"'
    small = GRAMMARS["de"]
    neighbours = [pieces[place] for place in (at - 1, at + 1) if 0 <= place < len(pieces)]
    return any(
        each.kind == "word" and each.text[0].isupper() and not _small(each.text.lower(), small) for each in neighbours
    )


def _measured_together(tokens: list[Token]) -> list[Token]:
    """The tokens with the unit of "12 to 15 euros" and "8 to 20 Uhr" given to the first figure as well."""
    for at in range(len(tokens) - 3, -1, -1):
        first, between, last = tokens[at].figure, tokens[at + 1], tokens[at + 2].figure
        if first is None or last is None or first.dimension or last.dimension in ("", "date", "ordinal"):
            continue
        if between.kind == "preposition" and between.word in ("to", "until", "bis", "and"):
            value = first.value * 60 if last.dimension == "time of day" else first.value
            tokens[at] = replace(tokens[at], figure=last._replace(value=value, decimals=first.decimals))
    return tokens


def _bare_dates(tokens: list[Token]) -> Iterator[Token]:
    """The tokens without the preposition of "on Monday" and "in May 2026", which some leave out."""
    for at, token in enumerate(tokens):
        ahead = [each for each in tokens[at + 1 : at + 4] if each.kind != "article"]
        if not (token.kind == "preposition" and token.word == "in" and ahead and _is_date(*ahead[:2])):
            yield token


def _is_date(token: Token, after: Token | None = None) -> bool:
    """Whether the token is a day or a date, or a year and no number of what comes after it."""
    if token.figure is None:
        return token.word in TEMPORAL
    counted = after is not None and after.is_term and not after.past and not after.name
    return token.figure.dimension == "date" or (token.figure.is_year and not counted)


def _normalise_no_longer(tokens: list[Token]) -> list[Token]:
    """The tokens with "not … any longer" replaced by "no longer"."""
    words = [token.word for token in tokens]
    for at in range(1, len(words) - 1):
        if words[at] == "any" and words[at + 1] == "longer" and "not" in words[:at]:
            place = at - 1 - words[:at][::-1].index("not")
            return [*tokens[:place], _operator("no"), tokens[at + 1], *tokens[place + 1 : at], *tokens[at + 2 :]]
    return tokens
