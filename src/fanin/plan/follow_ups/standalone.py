"""A follow-up question made one that stands alone, by rules for English, German, French and Spanish (pure).

"and tomorrow?" takes everything but the day from the question before it, "what about Oslo?" everything but the place,
"how much does it cost?" what "it" is. A question that stands alone stays as it is.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from fanin.model import Question, Turn
from fanin.plan.follow_ups.fragments import asked_otherwise, in_part, repeated
from fanin.plan.follow_ups.language_words import LanguageWords, of_any
from fanin.plan.follow_ups.previous_question import previous_question
from fanin.plan.follow_ups.pronouns import resolved

MOST_TURNS = 10
"""Turns of a history that are read, the last ones."""

MOST_CHARACTERS = 300
"""Characters of a question up to which it may be a follow-up, and to which one may be made of it."""

_COURTESY = re.compile(of_any("courtesy"), re.IGNORECASE)


def standalone[Q: Question](question: Q, history: Sequence[Turn]) -> Q:
    """The question, or what it means after these turns, the last of which is the one before it.

    A question that stands alone is given back as it is; so is one of which the rules can make nothing.
    """
    last, answer = "", ""
    for turn in history[-MOST_TURNS:]:
        last, answer = _completed(turn.asked.strip(), last, answer, question.today), turn.text
    text = _completed(question.text.strip(), last, answer, question.today)
    return question if text == question.text.strip() else replace(question, text=text)


def _completed(question: str, last: str, answer: str, today: date) -> str:
    if not last or not question or max(len(last), len(question)) > MOST_CHARACTERS:
        return question
    before = previous_question(last, question, answer=answer, today=today)
    words = before.words
    opened = re.match(rf"(?:{words.opening})(?![\w'’-])[\s,]*", question, re.IGNORECASE)  # noqa: RUF001
    rest = (question[opened.end() :] if opened else question).strip("?!.,;¿¡ ")
    if _COURTESY.fullmatch(rest):
        return question
    found = repeated(rest, before) or asked_otherwise(rest, before) or in_part(rest, before, opened=opened is not None)
    found = found or resolved(question, before)
    return question if found is None else _finished(found, question, words)


def _finished(text: str, question: str, words: LanguageWords) -> str:
    """The text as a question, with a capital letter and its marks."""
    text = re.sub(r"\s+", " ", text).strip(" ,;?¿!.")
    text = text[:1].upper() + text[1:]
    return f"{words.mark}{text} ?" if question.endswith(" ?") else f"{words.mark}{text}?"
