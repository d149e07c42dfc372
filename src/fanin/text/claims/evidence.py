"""The sentences of a passage with which claims are compared; each is parsed when it is needed, and cached."""

from collections.abc import Iterator

from fanin.text.claims.figures import same_figure
from fanin.text.claims.grammar import Language, language_of
from fanin.text.claims.rewriting import Tokens, resolve_pronoun
from fanin.text.claims.tokens import Token, same_term, tokens_of
from fanin.text.claims.unformatted import strip_formatting
from fanin.text.folding import folded, without_accents
from fanin.text.sentences import sentences

MANY = 12
"""Sentences of a passage that are compared with one claim: those with the most words in common."""

SHARED = 0.6
"""The share of a claim's words with whose prefixes a sentence must have words to be compared."""

_BEGINNING = 3
"""Letters of a prefix that nearly all forms of a word have in common."""

_EDGES = ' .,;:!?"'


class Evidence:
    """The sentences of one passage, after its title. What it caches does not depend on the order of calls."""

    def __init__(self, text: str, *, title: str = "") -> None:
        self.language: Language = language_of(text)
        self._spans = sentences(text) or [(0, len(text))]
        self._plain = [strip_formatting(text[start:end]) for start, end in self._spans]
        self._titled = bool(title)
        if title:
            self._plain.insert(0, strip_formatting(title))
        self._low = [without_accents(folded(each)) for each in self._plain]
        self._read: dict[int, Tokens] = {}
        self._resolved: dict[int, Tokens] = {}

    def tokens(self, at: int) -> Tokens:
        """The tokens of a sentence by its number."""
        if at not in self._read:
            plain = self._plain[at]
            self._read[at] = tokens_of(plain, language_of(plain, self.language))
        return self._read[at]

    @property
    def count(self) -> int:
        """How many sentences it has."""
        return len(self._plain)

    @property
    def length(self) -> int:
        """The characters of all its sentences."""
        return sum(map(len, self._plain))

    def size(self, at: int) -> int:
        """The characters of a sentence."""
        return len(self._plain[at])

    def with_resolved_pronoun(self, at: int) -> Tokens:
        """The sentence with its pronoun subject replaced by its noun; empty if it has no pronoun subject."""
        if at not in self._resolved:
            self._resolved[at] = resolve_pronoun(self.tokens(at), self.tokens(at - 1)) if at else ()
        return self._resolved[at]

    def find_quotes(self, plain: str) -> Iterator[int]:
        """The sentences that are equal to this one, word for word."""
        wanted = without_accents(folded(plain.strip(_EDGES)))
        question = plain.rstrip(' "').endswith("?")
        for at, low in enumerate(self._low):
            if low.strip(_EDGES) == wanted and low.rstrip(' "').endswith("?") == question:
                yield at

    def nearest(self, sentence: str) -> tuple[int, int, int]:
        """The sentence with the most words in common: the number of these, its start and its end."""
        words = {without_accents(folded(word))[:_BEGINNING] for word in strip_formatting(sentence).split()}
        found = [sum(word in low for word in words) for low in self._low[self._titled :]]
        best = max(range(len(found)), key=found.__getitem__)
        return found[best], *self._spans[best]

    def candidates(self, tokens: Tokens) -> list[int]:
        """The sentences that may support the tokens, those with the most words in common first."""
        words = {
            without_accents(token.word)[:_BEGINNING] for token in tokens if token.is_content and token.figure is None
        }
        shares: list[tuple[float, int]] = []
        for at, low in enumerate(self._low):
            near = low if at == 0 else f"{self._low[at - 1]} {low}"
            share = sum(word in near for word in words) / len(words) if words else 1.0
            if share >= SHARED:
                shares.append((-share, at))
        return [at for _, at in sorted(shares)[:MANY]]

    def has(self, term: Token) -> bool:
        """Whether the term occurs anywhere in the passage."""
        if term.figure is None:
            beginning = without_accents(term.word)[:_BEGINNING]
            places = [at for at, low in enumerate(self._low) if beginning in low]
        else:
            places = [*range(len(self._plain))]
        return any(
            same_term(term, other)
            or (term.figure is not None and other.figure is not None and same_figure(term.figure, other.figure))
            for at in places
            for other in self.tokens(at)
            if other.is_term
        )
