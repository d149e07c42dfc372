"""Whole questions with pronouns that stand for something in the question before: "how much does it cost?" (pure)."""

import re

from fanin.plan.follow_ups.language_words import LanguageWords, of_any
from fanin.plan.follow_ups.phrases import names, phrases
from fanin.plan.follow_ups.previous_question import PreviousQuestion

MOST_PRONOUNS = 5
"""Pronouns of a question that are looked up; with more it is no question."""

_CLAUSE = re.compile(rf"[,;:]|\b(?:{of_any('clauses')})\b", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_a-zß-ÿ][\w'’.-]*(?: (?:(?:de|van|von|da|del|der) )*[^\W\d_a-zß-ÿ][\w'’-]*)*")  # noqa: RUF001
_THIS = rf"\b(?:{of_any('this')}) (\w+)"
WEATHER = re.compile(of_any("weather"), re.IGNORECASE)
_ASKS_WHO = re.compile(rf"(?:¿\s*)?(?:{of_any('who')})\b", re.IGNORECASE)


_ACTION = re.compile(
    r"how (?:do|does|can|could|should|must|would|to) (?:(?:i|we|you|one|people) )?(\w.*)", re.IGNORECASE
)
_OF_ACTION = re.compile(
    r"\b(?:(it|that|this) (?:usually |normally )?takes?|(?:is|was|will) (it|that|this)(?: be)? "
    r"(?:dangerous|difficult|easy|hard|legal|necessary|allowed|possible|safe))$",
    re.IGNORECASE,
)
"""What is asked of doing something: "how long does it take", after "how do I do it?"."""


def pronouns(words: LanguageWords) -> str:
    """A pattern of the pronouns of a language; its groups say what they stand for."""
    kinds = {"owner": words.owners, "place": words.places, "person": words.persons, "thing": words.things}
    groups = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items())
    return rf"(?:(?<!\w)|(?=-))(?:{groups})(?:(?![\w-])|(?<=['\u2019]))"


def resolved(question: str, before: PreviousQuestion) -> str | None:
    """The question with what its pronouns stand for, or the place that it leaves out; None if it stands alone."""
    words = before.words
    joined = re.match(rf"(?:{words.joining})[\s,]+(?=\w)", question, re.IGNORECASE)
    text = question[joined.end() :] if joined else question
    if (action := _ACTION.match(before.text)) and (asked := _OF_ACTION.search(bare := text.rstrip("?!. "))):
        begin, end = asked.span(asked.lastindex or 0)
        return f"{bare[:begin]}it{bare[end:]} to {action[1]}"
    if re.search(words.empty, text, re.IGNORECASE):
        return _placed(text, before)
    if _chooses(text, words):
        return _joined(text, before)
    if (demonstrated := _demonstrated(text, before)) is not None:
        return demonstrated
    flags = 0 if words.nouns == "capital" else re.IGNORECASE
    outside = [each for each in re.finditer(pronouns(words), text, flags) if not _refers_within(text, each, words)]
    if not outside or len(outside) > MOST_PRONOUNS:
        return _with_subject(text, before) if words.drops_subject else _placed(text, before)
    for each in reversed(outside):
        replaced = _replaced(text, each, before)
        if replaced is None:
            return _joined(text, before)
        text = replaced
    return text


def _joined(text: str, before: PreviousQuestion) -> str:
    """Both questions in one, where nothing can be put in the place of a pronoun."""
    small = text[:1].lower() if re.match(rf"(?:{before.words.asking})\b", text, re.IGNORECASE) else text[:1]
    return f"{before.text}, {before.words.and_} {small}{text[1:]}"


def _chooses(text: str, words: LanguageWords) -> bool:
    """Whether it asks for one of what was named before, as "which one is faster?" does."""
    chosen = re.match(rf"¿?(?:{words.which})(?: ones?\b)?(?= (?:{words.helping})\b)", text, re.IGNORECASE)
    return chosen is not None and not [each for each in phrases(text, words) if each.article or each.named]


def _refers_within(text: str, pronoun: re.Match[str], words: LanguageWords) -> bool:
    """Whether a phrase in the question itself is what a pronoun stands for: one of an earlier clause, as a rule.

    Within one clause only an owner is the phrase before it: in "Did Herbert write it?" nobody writes himself.
    """
    earlier = phrases(text[: pronoun.start()], words)
    if pronoun.lastgroup == "owner":
        return bool(earlier)
    return any(_CLAUSE.search(text, each.end, pronoun.start()) for each in earlier)


def _replaced(text: str, pronoun: re.Match[str], before: PreviousQuestion) -> str | None:
    head, tail = text[: pronoun.start()], text[pronoun.end() :]
    match pronoun.lastgroup:
        case "place":
            return _at_place(head, tail, before)
        case "person":
            named = _person(before)
        case "owner":
            named = _person(before) if pronoun[0].lower() in ("his", "her") else _subject(before)
            return None if named is None else _owned(head, pronoun[0], tail.lstrip(), named, before.words)
        case _:
            named = _person(before) if _is_personal(text, before) else _subject(before)
    return None if named is None else _named_in(head, pronoun[0], tail, named, before.words)


def _named_in(head: str, pronoun: str, tail: str, named: str, words: LanguageWords) -> str:
    """The question with a name in the place of the pronoun, or behind the verb if the pronoun stands before that."""
    if re.fullmatch(r"(?i)c['’]est", pronoun):  # noqa: RUF001
        return f"{head}{named} est{tail}"
    if re.fullmatch(words.objects, pronoun, re.IGNORECASE):
        return f"{head}{tail.strip(' ?')} {named}"
    return f"{head}{' ' if pronoun.startswith('-') else ''}{named}{tail}"


def _subject(before: PreviousQuestion) -> str | None:
    return None if before.subject is None else before.of(before.subject)


def _person(before: PreviousQuestion) -> str | None:
    """The person that was asked about, or whom the answer to "who?" names."""
    if _ASKS_WHO.match(before.text):
        return next((name for name in _names(before.answer) if name not in before.text), None)
    named = [each for each in before.names if not each.preposition]
    return before.of(named[0]) if named else _subject(before)


def _is_personal(text: str, before: PreviousQuestion) -> bool:
    """Whether a pronoun for persons and things alike stands for the person whom the last answer names."""
    return bool(re.search(before.words.personal, text, re.IGNORECASE) and _ASKS_WHO.match(before.text))


def _names(answer: str) -> list[str]:
    """Names of the first sentences of an answer, those of several words first."""
    found = [re.sub(r"^(?:The|A|An|Der|Die|Das|Le|La|El) ", "", each[0]) for each in _NAME.finditer(answer[:400])]
    return [each for each in found if " " in each] or [each for each in found if not answer.startswith(each)]


def _at_place(head: str, tail: str, before: PreviousQuestion) -> str | None:
    place, subject = before.place, _subject(before)
    goes = re.search(rf"\b(?:{before.words.going}) $", head)
    if place is not None:
        return f"{head}{'to ' if goes else before.text[place.lead : place.begin]}{before.of(place)}{tail}"
    preposition = "to" if goes else before.words.in_place
    return None if subject is None else f"{head}{preposition} {subject}{tail}"


def _owned(head: str, pronoun: str, tail: str, named: str, words: LanguageWords) -> str:
    """ "its author" as "the author of Dune"."""
    owned = phrases(f"{words.article} {tail}", words)
    end = max(0, owned[0].head - len(words.article) - 1) if owned else 0
    article = words.owner_articles.get(pronoun.lower(), "")
    return words.contracted(f"{head}{f'{article} ' if article else ''}{tail[:end]} {words.of} {named}{tail[end:]}")


def _demonstrated(text: str, before: PreviousQuestion) -> str | None:
    """The question with the phrase before for "that bridge", if it has the same noun."""
    for found in re.finditer(_THIS, text, re.IGNORECASE):
        for phrase in before.phrases:
            if re.search(rf"\b{re.escape(found[1])}\b", before.of(phrase), re.IGNORECASE):
                return f"{text[: found.start()]}{before.of(phrase)}{text[found.end() :]}"
    return None


def _with_subject(text: str, before: PreviousQuestion) -> str | None:
    """A question that leaves its subject out, with the one before: "¿Cuánto cuesta?"."""
    words, subject = before.words, _person(before) if _is_personal(text, before) else _subject(before)
    bare = re.match(rf"¿?\s*(?:{words.asking})\s+\w+\b", text, re.IGNORECASE)
    times = before.times_of(text)
    if bare is None or subject is None or _has_phrases(text, before):
        return _placed(text, before)
    if times and times[0][0] >= bare.end():
        return f"{text[: times[0][0]]}{subject} {text[times[0][0] :]}"
    return f"{text.rstrip('? ')} {subject}" if len(text.split()) <= 4 else None


def _has_phrases(text: str, before: PreviousQuestion) -> bool:
    return bool(phrases(text, before.words, without=before.times_of(text)))


def _placed(text: str, before: PreviousQuestion) -> str | None:
    """A question about the weather that names no place, with that of the question before, and its days."""
    place = before.place
    if place is None or not (WEATHER.search(text) and WEATHER.search(before.text)):
        return None
    times = before.times_of(text)
    if any(not any(begin <= each.begin < end for begin, end in times) for each in names(text, before.words)):
        return None
    days = "" if times else "".join(f" {before.text[begin:end]}" for begin, end in before.times)
    return f"{text.rstrip('?! ')} {before.text[place.lead : place.end]}{days}"
