"""The same statement in another grammar: what any rewriting keeps of a sentence."""

from collections import Counter
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.text.claims.grammar import Language
from fanin.text.claims.rewriting import (
    expand_apposition,
    invert_identity,
    move_attribution,
    pronoun_at,
    resolve_pronoun,
    subject_of,
    to_active,
)
from fanin.text.claims.tokens import Token, tokens_of

WORDS = {
    "en": "the a harbour mayor Maria was is not never built by in of and that , 1934 Friday she it said only if 20 km",
    "de": "der die ein Hafen Maria wurde ist war nicht nie gebaut von in und dass , 1934 Freitag sie es sagte nur wenn",
}
FRAMES = {
    "en": ["{} was {} built by {}", "{} is {} the capital of {}", "{}, which was {}, {}", "{} was {}, {} said"],
    "de": ["{} wurde {} von {} gebaut", "{} ist {} die Hauptstadt von {}", "{}, gebaut {}, {}", "{} war {}, sagte {}"],
}
"""Sentences that may be turned, with room for anything."""


def sentences(language: Language) -> st.SearchStrategy[tuple[Token, ...]]:
    words = st.lists(st.sampled_from(WORDS[language].split()), max_size=3).map(" ".join)
    names = st.sampled_from(
        ["the harbour", "Maria Lund", "the mayor of Ferm"] if language == "en" else ["der Hafen", "Maria Lund"]
    )
    frames = st.sampled_from(["{} {} {}", *FRAMES[language]])
    texts = st.builds(lambda frame, *parts: f"{frame.format(*parts)}.", frames, names | words, words, names | words)
    return texts.map(lambda text: tokens_of(text, language))


SENTENCES = st.one_of(sentences("en"), sentences("de"))


def said(tokens: Sequence[Token]) -> Counter[str]:
    """What a sentence says by itself: its terms, figures and negations, in whatever form and order."""
    return Counter(token.word for token in tokens if token.is_term)


@pytest.mark.parametrize("rewriting", [invert_identity, move_attribution])
@given(tokens=SENTENCES)
def test_what_is_turned_says_the_same_words_in_another_order(
    rewriting: Callable[[tuple[Token, ...]], list[tuple[Token, ...]]], tokens: tuple[Token, ...]
) -> None:
    for form in rewriting(tokens):
        assert said(form) == said(tokens)


@given(sentences("en"), st.booleans())
def test_the_english_active_says_no_word_that_the_passive_does_not(tokens: tuple[Token, ...], alone: bool) -> None:
    for form in to_active(tokens, "en", alone=alone):
        assert said(form) <= said(tokens)
        assert form != tokens


@given(sentences("de"), st.booleans())
def test_the_german_active_says_no_word_that_the_passive_does_not(tokens: tuple[Token, ...], alone: bool) -> None:
    for form in to_active(tokens, "de", alone=alone):
        assert said(form) <= said(tokens)
        assert form != tokens


@given(SENTENCES, st.sampled_from(["en", "de"]))
def test_a_whole_active_sentence_leaves_no_word_out(tokens: tuple[Token, ...], language: Language) -> None:
    for form in to_active(tokens, language):
        assert said(form) == said(tokens)


@given(SENTENCES)
def test_what_is_embedded_is_the_subject_and_one_clause_after_it(tokens: tuple[Token, ...]) -> None:
    for form in expand_apposition(tokens):
        assert said(form) <= said(tokens)
        assert not any(token.kind == "stop" for token in form)


@given(SENTENCES)
def test_the_subject_is_a_part_of_the_sentence_that_says_something_before_its_verb(tokens: tuple[Token, ...]) -> None:
    subject = subject_of(tokens)
    places = [at for at in range(len(tokens) + 1) if tokens[at : at + len(subject)] == subject]
    assert places
    assert all(token.kind != "stop" for token in subject)
    assert bool(subject) == any(token.is_content for token in subject)


@given(SENTENCES, SENTENCES)
def test_a_pronoun_is_replaced_by_words_of_the_sentence_before_and_nothing_else_changes(
    tokens: tuple[Token, ...], before: tuple[Token, ...]
) -> None:
    form = resolve_pronoun(tokens, before)
    if form:
        at = pronoun_at(tokens)
        assert at is not None
        after = len(tokens) - at - 1
        noun = form[at : len(form) - after]
        assert form == (*tokens[:at], *noun, *tokens[at + 1 :])
        assert noun in [before[start : start + len(noun)] for start in range(len(before))]
