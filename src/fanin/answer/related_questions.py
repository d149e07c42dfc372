"""What a reader may ask next: headings and names of the cited documents that the question did not ask about (pure)."""

import re
from collections.abc import Iterator, Mapping, Sequence

from fanin.model import Citation, Passage
from fanin.text.question_terms import QuestionTerms, question_terms
from fanin.text.sentences import is_code, is_prose
from fanin.text.word_lists import CALENDAR

MAX_QUESTIONS = 3
"""Related questions of one answer."""

PASSAGES = 8
"""Passages of the cited documents whose headings and names are read."""

LONGEST = 80
"""Characters of a heading that makes a question."""

_HEADING = re.compile(r"(?:^|\n)[ \t]*(?:#{1,6} )?([^\n]{3,80}?)[ \t#]*\n[ \t]*\n(?=[^\n])")
_NAME = re.compile(r"(?<=[\w,;:)] )[^\W\d_a-zß-ÿ][\w'’-]+(?: (?:(?:de|van|von|da|del|of|la) )?[^\W\d_a-zß-ÿ][\w'’-]+)+")  # noqa: RUF001
_ABOUT = {"de": "Was ist mit {}?", "fr": "Et {} ?", "es": "¿Y {}?"}


def unquoted(citations: Sequence[Citation], passages: Sequence[Passage]) -> list[Passage]:
    """The passages of cited documents that are not quoted whole: they have more to say.

    A passage of the same address as a cited one is of the same document: a knowledge base gives each by itself.
    """
    quoted = {each.quote for each in citations}
    rest = [each for each in passages if each.text not in quoted] if quoted else []
    if not rest:
        return rest
    documents = {f"{each.source}/{each.document}" for each in citations}
    pages = {each.url for each in citations if each.url}
    return [each for each in rest if each.document_id in documents or each.url in pages]


def related_questions(
    terms: QuestionTerms, citations: Sequence[Citation], passages: Sequence[Passage], *, language: str = ""
) -> tuple[str, ...]:
    """Up to three questions that these `unquoted` passages answer and that were not asked, those of headings first.

    `terms` are those of the question, and `language` is its ISO 639-1 code, or "".
    """
    answered: dict[str, list[int]] = {}
    for each in citations:
        answered.setdefault(f"{each.source}/{each.document}", []).append(each.start)
    rest = passages[:PASSAGES]
    found: dict[str, str] = {}
    for question in (*_headings(rest, answered, terms), *_names(rest, terms, _ABOUT.get(language, "What about {}?"))):
        found.setdefault(question.casefold(), question)
        if len(found) == MAX_QUESTIONS:
            break
    return tuple(found.values())


def _headings(
    passages: Sequence[Passage], answered: Mapping[str, Sequence[int]], terms: QuestionTerms
) -> Iterator[str]:
    """A question for each heading with a text below it that is not quoted."""
    for passage in passages:
        if "\n\n" not in passage.text:
            continue
        headings = [each for each in _HEADING.finditer(passage.text) if _is_heading(each[1])]
        for at, each in enumerate(headings):
            end = headings[at + 1].start() if at + 1 < len(headings) else len(passage.text)
            below = passage.start + each.end(), passage.start + end
            quoted = any(below[0] <= start < below[1] for start in answered.get(passage.document_id, ()))
            if not quoted and _is_new(each[1], terms):
                yield _asked(each[1], passage.title)


def _is_heading(line: str) -> bool:
    """Whether a short line with an empty one below it names what comes there."""
    if line[-1] == "?":
        return True
    return line[0].isalnum() and line[-1].isalnum() and not is_prose(line) and not is_code(line)


def _asked(heading: str, title: str) -> str:
    """The heading as a question about what the title names."""
    if heading.endswith("?"):
        return heading
    needs_title = title and title.casefold() not in heading.casefold() and len(title) <= LONGEST
    return f"{title}: {heading}?" if needs_title else f"{heading}?"


def _names(passages: Sequence[Passage], terms: QuestionTerms, about: str) -> Iterator[str]:
    """A question for each name of several words within a sentence."""
    for passage in passages:
        for found in _NAME.finditer(passage.text):
            words = found[0].casefold().split()
            if CALENDAR.isdisjoint(words) and found[0] not in passage.title and _is_new(found[0], terms):
                yield about.format(found[0])


def _is_new(text: str, terms: QuestionTerms) -> bool:
    """Whether less than half of its words are in the question."""
    stems = question_terms(text).stems
    return bool(stems) and 2 * len(set(stems).intersection(terms.stems)) < len(stems)
