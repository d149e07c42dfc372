"""The words by which a follow-up question is known and completed, for each language in language_words.toml (pure)."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from importlib.resources import files
from typing import Any, Literal

from fanin.plan.languages import language_in


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageWords:
    """The words of one language; a `str` of several words is a regular expression.

    - `opening`: begins a follow-up, "what about". `joining`: the same before a whole question, "and".
    - `asking`: question words; `adverbs`: those that ask for a reason, a way, a time or a place; `degrees` may follow
      them. `who`, `which` and `this` ask for a person, choose, and point. `helping`: verbs with which a question begins
      that is answered by yes or no; with `helps`, each question has one.
    - `articles`, `prepositions`; `attached`: prepositions between two nouns of one phrase; `near`: those of a place;
      `back`: adverbs that are no phrases. `ends`: verbs and other words at which a phrase ends.
    - `things`, `persons`, `places`: pronouns; `owners`: pronouns before what somebody has; `objects`: those that come
      before the verb. `empty`: questions with a pronoun that stands for nothing, "will it rain".
    - `repeating`: asks for the same once more. `courtesy`: asks nothing. `clauses`: begins a clause.
    - `attribute`: what a thing has, such as a price; `plurals` end like those that are plural; `owned_by` stands after
      them, and `attribute_questions` ask for one and for several. `counted` stands before what is counted.
    - `superlative`: "the oldest". `times`: days that `fanin.plan.days` does not know; `since` may stand before them.
    - `going`: verbs before a place to go to. `weather`: words of a question about it; `personal`: of one about a life.
    - `and_` joins a question word to a question, `of` stands before what has an attribute, `article` before a noun;
      `in_place` and `in_year` before a place and a year, `mark` before a question; `instead` goes with a part.
    - `owner_articles` are what becomes of owners, `contractions` of words that follow each other.
    - `nouns` are known by their capital letter, by the article before them, or are all words but `ends`.
    - With `drops_subject`, a question may leave out its subject.
    """

    nouns: Literal["plain", "capital", "after an article"] = "after an article"
    helps: bool = False
    drops_subject: bool = False
    articles: frozenset[str]
    prepositions: frozenset[str]
    attached: frozenset[str]
    near: frozenset[str]
    back: frozenset[str]
    ends: frozenset[str]
    opening: str
    joining: str
    asking: str
    adverbs: str
    degrees: str
    who: str
    which: str
    this: str
    helping: str
    things: str
    persons: str
    places: str
    owners: str
    objects: str = "(?!)"
    empty: str
    repeating: str
    courtesy: str
    clauses: str
    instead: str
    attribute: str
    plurals: str
    counted: str
    owned_by: str
    attribute_questions: tuple[str, str]
    superlative: str
    times: str
    since: str
    going: str = "(?!)"
    weather: str
    personal: str = "(?!)"
    and_: str
    of: str
    article: str
    in_place: str
    in_year: str
    mark: str = ""
    owner_articles: Mapping[str, str] = field(default_factory=dict[str, str])
    contractions: Mapping[str, str] = field(default_factory=dict[str, str])

    def contracted(self, text: str) -> str:
        """The text with contractions where words follow each other that have one: "du" for "de le"."""
        for apart, short in self.contractions.items():
            text = re.sub(rf"\b{apart} ", f"{short} ", text)
        return text


def _read() -> dict[str, LanguageWords]:
    table = tomllib.loads((files(__package__) / "language_words.toml").read_text("utf-8"))
    kinds = {each.name: each.type for each in fields(LanguageWords)}
    return {
        code: LanguageWords(**{name: _value(value, kinds[name]) for name, value in words.items()})
        for code, words in table.items()
    }


def _value(value: Any, kind: object) -> Any:
    if kind == frozenset[str]:
        return frozenset(value.split())
    return re.sub(r"(?:^|\n)\s*", "", value) if isinstance(value, str) else value


WORDS: Mapping[str, LanguageWords] = _read()


def of_any(name: str) -> str:
    """A pattern for what a field of any language has."""
    return "|".join(getattr(words, name) for words in WORDS.values())


def language_of(question: str, last: str) -> str:
    """The language of `WORDS` of a follow-up and the question before it; English when nothing tells another."""
    for text in (question, last):
        codes = [code for code, words in WORDS.items() if _asks(text, words)]
        if codes:
            return _known(text) or _surest(codes, f"{question} {last}")
    return _known(f"{last} {question}") or "en"


def _known(text: str) -> str | None:
    """The language of a text by its small words, if it is one of `WORDS`."""
    found = language_in(text)
    return found if found in WORDS else None


def _asks(text: str, words: LanguageWords) -> bool:
    """Whether a text begins with a question word, perhaps after another word."""
    return bool(re.match(rf"[¿\s]*(?:[\w'’]+ )?(?:{words.asking})\b", text, re.IGNORECASE))  # noqa: RUF001


def _surest(codes: list[str], text: str) -> str:
    """The language of most articles and prepositions; question words of several languages may be spelt alike."""
    small = {code: WORDS[code].articles | WORDS[code].prepositions for code in codes}
    words = re.findall(r"[^\W\d_]+", text.lower())
    return max(codes, key=lambda code: sum(word in small[code] for word in words))
