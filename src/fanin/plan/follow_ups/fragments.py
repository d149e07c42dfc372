"""Follow-ups that are no whole questions: "and tomorrow?", "what about Oslo?", "why?", "for children?" (pure)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from fanin.embeddings.token_table import vector
from fanin.plan.follow_ups.language_words import LanguageWords, of_any
from fanin.plan.follow_ups.phrases import Phrase, phrases
from fanin.plan.follow_ups.previous_question import PreviousQuestion, previous_question
from fanin.plan.follow_ups.pronouns import WEATHER, pronouns

MOST_NAMES, MIN_ADVANTAGE = 5, 0.1
"""Names of a question with which a new one is compared, the last ones, and how much more alike another one must be than
the one whose place it usually takes."""

MOST_WORDS = 7
"""Words of a follow-up that is no whole question."""

_OWNED_BY, _INSTEAD, _PLURALS = of_any("owned_by"), of_any("instead"), of_any("plurals")


def repeated(rest: str, before: PreviousQuestion) -> str | None:
    """The same question for "tell me more" and "really?"."""
    return before.text if re.fullmatch(before.words.repeating, rest, re.IGNORECASE) else None


def asked_otherwise(rest: str, before: PreviousQuestion) -> str | None:
    """The same question with another question word, for "why?" and "since when?"."""
    words = before.words
    if not re.fullmatch(rf"(?:[^\W\d_]+ )?(?:{words.asking})(?: (?:{words.degrees}))?", rest, re.IGNORECASE):
        return None
    if re.fullmatch(words.adverbs, rest, re.IGNORECASE):
        if re.match(rf"¿?(?:{words.helping})(?!\w)", before.text, re.IGNORECASE):
            asked = before.text.lstrip("¿ ")
            return f"{rest} {asked[:1].lower()}{asked[1:]}"
        verb = rf"(?:{words.helping})\b" if words.helps else r"\w"
        if asked := re.match(rf"¿?(?:{words.adverbs})\s+(?={verb})", before.text, re.IGNORECASE):
            return f"{rest} {before.text[asked.end() :]}"
    return f"{before.text}, {words.and_} {rest.lower()}"


def in_part(rest: str, before: PreviousQuestion, *, opened: bool) -> str | None:
    """The question with a part in the place of another one, or in addition: "and tomorrow?", "what about Oslo?"."""
    times = before.times_of(rest)
    other = _without(rest, times)
    if not other:
        return _with_times(before, rest) if rest else None
    if not _is_part(rest, other, before, opened=opened):
        return None
    text = _with_part(other, before)
    if not times:
        return text
    changed = previous_question(text, rest, answer=before.answer, today=before.today)
    return _with_times(changed, " ".join(rest[begin:end] for begin, end in times))


def _is_part(rest: str, part: str, before: PreviousQuestion, *, opened: bool) -> bool:
    words = before.words
    if len(rest.split()) > MOST_WORDS or re.search(rf"\b(?:{words.asking})\b", rest, re.IGNORECASE):
        return False
    if re.match(rf"(?:{words.helping})\b", part, re.IGNORECASE) or re.search(pronouns(words), part, re.IGNORECASE):
        return False
    return opened or _is_one_phrase(part, words)


def _is_one_phrase(text: str, words: LanguageWords) -> bool:
    """Whether it is one phrase, or begins with a preposition: no question, though nothing says that it goes on."""
    if text.split()[0].lower() in words.prepositions and len(text.split()) <= 4:
        return True
    found = phrases(f", {text}", words)
    if len(found) != 1 or (found[0].begin, found[0].end) != (2, len(text) + 2) or len(text.split()) > 3:
        return False
    return found[0].article or found[0].named or _is_attribute(text, words)


def _is_attribute(text: str, words: LanguageWords) -> bool:
    return re.fullmatch(words.attribute, text, re.IGNORECASE) is not None


def _attribute_in(part: str, words: LanguageWords) -> str:
    """The attribute that a part is, alone or before a preposition: "the price" of "the price for children"."""
    found = re.match(
        rf"(?:{words.attribute})(?=$| (?:{_OWNED_BY}|{'|'.join(words.prepositions)}) )", part, re.IGNORECASE
    )
    return found[0] if found else ""


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for begin, end in reversed(spans):
        text = f"{text[:begin]} {text[end:]}"
    text = re.sub(r"(?<=\w) ones?$", "", text)
    text = re.sub(rf"\b(?:{_INSTEAD})\b|[,;]", "", text)
    return " ".join(text.split())


def _with_times(before: PreviousQuestion, named: str) -> str:
    """The question with other days."""
    named = named.strip()
    if not before.times:
        year = re.fullmatch(r"(?:19|20)\d\d", named)
        return f"{before.text} {f'{before.words.in_year} ' if year else ''}{named}"
    (begin, end), *others = before.times
    text = before.text
    for first, last in reversed(others):
        text = f"{text[:first].rstrip()}{text[last:]}"
    led = re.match(rf"(?:{before.words.in_year}|im|{before.words.since}) (?=\d)", text[begin:end], re.IGNORECASE)
    return f"{text[:begin]}{led[0] if led and named[:1].isdigit() else ''}{named}{text[end:]}"


def _with_part(part: str, before: PreviousQuestion) -> str:
    words, subject = before.words, before.subject
    first, _, noun = part.partition(" ")
    if first.lower() in words.prepositions and noun:
        return _with_preposition(first.lower(), part, before)
    if (asked := _attribute_in(part, words)) and subject is not None:
        rest = part[len(asked) :]
        of = re.match(rf" (?:{_OWNED_BY}) (?=\w)", rest, re.IGNORECASE)
        if of:
            return _asked_of(asked, rest[of.end() :], before)
        return f"{_of_attribute(asked, before.of(subject), before).rstrip(' ?')}{rest}"
    superlative = re.fullmatch(rf"(?:[^\W\d_]+ )?({words.superlative})", part, re.IGNORECASE)
    if superlative and (found := re.search(rf"\b(?:{words.superlative})\b", before.text, re.IGNORECASE)):
        return f"{before.text[: found.start()]}{superlative[1]}{before.text[found.end() :]}"
    replaced = _counterpart(part, before, article=first.lower() in words.articles)
    if replaced is None:
        return f"{before.text}, {words.and_} {part}"
    whole = (replaced.named and not replaced.article and part[0].isupper()) or not words.attached.isdisjoint(
        noun.lower().split()
    )
    return f"{before.text[: replaced.begin]}{part}{before.text[replaced.end if whole else replaced.head :]}"


def _counterpart(part: str, before: PreviousQuestion, *, article: bool) -> Phrase | None:
    """The phrase whose place a new one takes: for a name the place, or else the last name with its article."""
    named = _most_like(part, before, article=article)
    capital = re.search(r"[^\W\d_a-zß-ÿ]", part.split()[-1]) is not None
    is_name = capital or "_" in part or (named == before.place and _is_place(part, before))
    if named is None or not is_name or (article and before.words.nouns == "capital"):
        return None if part in before.words.back else before.subject
    last = _article_before(named, before)
    return replace(named, begin=last.start() if last else named.begin)


def _most_like(part: str, before: PreviousQuestion, *, article: bool) -> Phrase | None:
    """The name that is most like the new one; the place, or else the last name, if it is about as like."""
    names = [each for each in before.names if not article or _article_before(each, before)]
    usual = names[-1] if names else None
    if before.place is not None and not article:
        usual = before.place
    if usual is None or not names:
        return usual
    asked = vector(part.lower())
    likeness = {each: asked.similarity(vector(before.of(each).lower())) for each in (*names[-MOST_NAMES:], usual)}
    best = max(likeness, key=lambda each: likeness[each])
    return best if likeness[best] > likeness[usual] + MIN_ADVANTAGE else usual


def _article_before(named: Phrase, before: PreviousQuestion) -> re.Match[str] | None:
    found = re.search(r"(\w+) $", before.text[: named.begin])
    return found if found and found[1].lower() in before.words.articles else None


def _is_place(part: str, before: PreviousQuestion) -> bool:
    """Whether a name in small letters is a place, after a question about the weather."""
    return bool(WEATHER.search(before.text)) and not WEATHER.search(part) and not _is_attribute(part, before.words)


def _with_preposition(preposition: str, part: str, before: PreviousQuestion) -> str:
    text, part = before.text, f"{part[0].lower()}{part[1:]}"
    led = [*before.phrases, *before.names]
    same = [(each.lead, each.end) for each in led if each.preposition == preposition]
    if not same and (inner := _within(preposition, before)) is not None:
        same = [inner]
    if not same and preposition in before.words.near:
        same = [(each.lead, each.end) for each in before.names if each.preposition in before.words.near]
    if same:
        return f"{text[: same[-1][0]]}{part}{text[same[-1][1] :]}"
    if before.times and before.times[-1][1] == len(text):
        begin = before.times[-1][0]
        return f"{text[:begin]}{part} {text[begin:]}"
    return f"{text} {part}"


def _within(preposition: str, before: PreviousQuestion) -> tuple[int, int] | None:
    """Where a phrase with this preposition stands within another phrase, as "of X" in "the default of X"."""
    begin = before.text.rfind(f" {preposition} ") + 1
    after = begin + len(preposition) + 1
    noun = phrases(f", {before.text[after:]}", before.words) if begin else ()
    return (begin, after - 2 + noun[0].end) if noun and noun[0].begin == 2 else None


def _of_attribute(part: str, subject: str, before: PreviousQuestion) -> str:
    asked = before.attribute
    if asked is not None and _is_plural(part) == _is_plural(before.of(asked)):
        return f"{before.text[: asked.begin]}{part}{before.text[asked.end :]}"
    return _asked_of(part, subject, before)


def _asked_of(attribute: str, subject: str, before: PreviousQuestion) -> str:
    """The question for an attribute of a subject."""
    words = before.words
    bare = re.sub(r"^the ", "", attribute, flags=re.IGNORECASE)
    return words.contracted(words.attribute_questions[_is_plural(attribute)].format(attribute=bare, subject=subject))


def _is_plural(attribute: str) -> bool:
    return re.search(rf"(?:{_PLURALS})$", attribute) is not None
