"""The phrases of a question: names, nouns with what belongs to them, and times, each with its place (pure)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fanin.plan.days import named
from fanin.plan.follow_ups.language_words import LanguageWords

_TOKEN = re.compile(r"\b[ldLD]['\u2019](?=\w)|[^\W_][\w.\u2019'-]*(?<![.'\u2019])|[^\w\s]")
_INSIDE_NAMES = {"of", "de", "del", "da", "la", "le", "du", "des", "von", "der", "van", "the", "&", "and"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase from `begin` to `end`, of which the part up to `head` stands for the whole without what is attached.

    `preposition` is the one before it, "" without one, which begins at `lead`. `named` phrases have a name or title.
    """

    begin: int
    end: int
    head: int
    lead: int
    preposition: str = ""
    article: bool = False
    named: bool = False


def times_in(text: str, words: LanguageWords, *, before: str, today: date) -> Sequence[tuple[int, int]]:
    """Where a text names days or hours, with their prepositions; `before` is what tells the language of its words."""
    offset = len(before) + 1
    found = [(begin - offset, end - offset) for begin, end, _ in named(f"{before} {text}", today=today)]
    found += [each.span() for each in re.finditer(rf"(?<!\w)(?:{words.times})(?!\w)", text, re.IGNORECASE)]
    merged: list[tuple[int, int]] = []
    for begin, end in sorted((_led(text, max(0, begin), words), end) for begin, end in found if begin >= -1):
        if merged and begin <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((begin, end))
    return merged


def _led(text: str, begin: int, words: LanguageWords) -> int:
    """Where the preposition before a time begins, if there is one."""
    begin += len(text[begin:]) - len(text[begin:].lstrip())
    found = re.search(r"([^\W\d_]+)(?: the)? $", text[:begin])
    return found.start(1) if found and found[1].lower() in words.prepositions | {*words.since.split("|")} else begin


def phrases(text: str, words: LanguageWords, *, without: Sequence[tuple[int, int]] = ()) -> Sequence[Phrase]:
    """The phrases of a question in order, but for those `without` which it is read, the times."""
    tokens = [each for each in _TOKEN.finditer(text) if not any(b <= each.start() < e for b, e in without)]
    found: list[Phrase] = []
    at = 0
    while at < len(tokens):
        length = _quoted(tokens, at) or _length(tokens, at, words)
        if not length:
            at += 2 if tokens[at][0].lower() in ("i", "we", "you") else 1  # the next word is a verb
            continue
        found.append(_phrase(tokens, at, length, words))
        at += _whole(tokens, at, length, words)
    return found


def names(text: str, words: LanguageWords) -> Sequence[Phrase]:
    """The names in a question, those within other phrases too, each with the preposition before it."""
    tokens = [*_TOKEN.finditer(text)]
    found: list[Phrase] = []
    at = 0
    while at < len(tokens):
        length = _capitals(tokens, at, words)
        if length and not (words.nouns == "capital" and _is_noun(tokens, at, words)):
            before = tokens[at - 1] if at and tokens[at - 1][0].lower() in words.prepositions else None
            begin, end = tokens[at].start(), tokens[at + length - 1].end()
            lead = begin if before is None else before.start()
            found.append(Phrase(begin, end, end, lead, "" if before is None else before[0].lower(), named=True))
        at += max(1, length)
    return found


def _is_noun(tokens: Sequence[re.Match[str]], at: int, words: LanguageWords) -> bool:
    """Whether a German word with a capital letter has an article before it, perhaps with an adjective between."""
    before = [each[0] for each in tokens[max(0, at - 2) : at]]
    if not before or before[-1].lower() in words.articles:
        return bool(before)
    return len(before) == 2 and before[0].lower() in words.articles and before[1] not in words.prepositions


def _phrase(tokens: Sequence[re.Match[str]], at: int, length: int, words: LanguageWords) -> Phrase:
    whole = _whole(tokens, at, length, words)
    before = tokens[at - 1][0].lower() if at else ""
    preposition = before if before in words.prepositions else ""
    article = tokens[at][0].lower() in words.articles
    own = tokens[at + article : at + length]
    noun = article and words.nouns == "capital"
    capital = any(each[0][0].isupper() or each[0][0].isdigit() for each in own) and not noun
    lead = tokens[at - 1].start() if preposition else tokens[at].start()
    end = tokens[at + whole - 1].end()
    return Phrase(tokens[at].start(), end, tokens[at + length - 1].end(), lead, preposition, article, capital)


def _quoted(tokens: Sequence[re.Match[str]], at: int) -> int:
    """The number of tokens of a title in quotation marks that begins here."""
    closing = {'"': '"', "“": "”", "„": "“", "«": "»"}.get(tokens[at][0])
    ends = [n for n, each in enumerate(tokens[at + 1 : at + 14], 2) if each[0] == closing]
    return ends[0] if ends else 0


def _length(tokens: Sequence[re.Match[str]], at: int, words: LanguageWords) -> int:
    """The number of tokens of the phrase that begins here, without what is attached; 0 for none."""
    article = tokens[at][0].lower() in words.articles
    nouns = _nouns(tokens, at + article, words, article=article)
    return nouns + article if nouns else 0


def _nouns(tokens: Sequence[re.Match[str]], at: int, words: LanguageWords, *, article: bool) -> int:
    match words.nouns:
        case "plain":
            return _english(tokens, at, words, article=article)
        case "capital":
            adjectives = 0
            while article and at + adjectives < len(tokens) and tokens[at + adjectives][0].islower() and adjectives < 3:
                adjectives += 1
            capital = _capitals(tokens, at + adjectives, words)
            return adjectives + capital if capital else 0
        case "after an article":
            small = article and at < len(tokens) and tokens[at][0][0].islower() and tokens[at][0] not in words.ends
            return 1 + _capitals(tokens, at + 1, words) if small else _capitals(tokens, at, words)


def _english(tokens: Sequence[re.Match[str]], at: int, words: LanguageWords, *, article: bool) -> int:
    length = 0
    if (
        article
        and at + 1 < len(tokens)
        and tokens[at][0] in words.ends
        and _english(tokens, at + 1, words, article=False)
    ):
        length = 1  # "the old bridge": an adjective at which a phrase ends elsewhere
    while at + length < len(tokens) and length < 8:
        token = tokens[at + length][0]
        lower = token.lower()
        capital = token[0].isupper() and at + length > 0 and lower not in words.prepositions | words.articles
        inside = length and lower in _INSIDE_NAMES and _goes_on(tokens, at + length)
        past = lower.endswith("ed") and len(lower) > 5 and token.islower()
        plain = token[0].isalnum() and lower not in words.ends and lower not in words.articles and not past
        if not (inside or plain or (capital and lower != "i")):
            break
        length += 1
    return length


def _goes_on(tokens: Sequence[re.Match[str]], at: int) -> bool:
    """Whether a name goes on after a small word within it, as in "Bank of England"."""
    before, after = tokens[at - 1][0], tokens[at + 1][0] if at + 1 < len(tokens) else ""
    acronym = len(before) > 1 and before.isupper()
    return before[0].isupper() and not acronym and after[:1].isupper() and tokens[at][0] != "and"


def _capitals(tokens: Sequence[re.Match[str]], at: int, words: LanguageWords) -> int:
    """The number of tokens of the name that begins here; the first word of a question is none."""
    length = 0
    while at + length < len(tokens):
        word, place = tokens[at + length][0], at + length
        name = (word[0].isupper() or word[0].isdigit()) and word != "I" and _is_no_beginning(tokens, place, words)
        if not name and not (length and word.lower() in _INSIDE_NAMES and _goes_on(tokens, place)):
            break
        length += 1
    return length


def _is_no_beginning(tokens: Sequence[re.Match[str]], at: int, words: LanguageWords) -> bool:
    if at and tokens[at - 1][0] not in "¿?.!:":
        return True
    return len(tokens) <= 4 and not re.fullmatch(rf"{words.asking}|{words.helping}", tokens[at][0], re.IGNORECASE)


def _whole(tokens: Sequence[re.Match[str]], at: int, length: int, words: LanguageWords) -> int:
    """The number of tokens of the phrase with what is attached to it, as in "the ferry to Bergen"."""
    whole = length
    while (after := at + whole) + 1 < len(tokens) and tokens[after][0].lower() in words.attached:
        shift = 0 if tokens[after][0].lower() in words.articles else 1
        more = _length(tokens, after + shift, words)
        if not more:
            break
        whole += shift + more
    return whole
