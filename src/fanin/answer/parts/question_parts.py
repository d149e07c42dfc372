"""The parts of a question that asks several things: "When does it leave, and how much is a ticket?". Pure."""

import re
from typing import NamedTuple

from fanin.answer.asked_value import asked_value
from fanin.text.bounded_cache import cache_texts
from fanin.text.question_terms import question_terms

MAX_PARTS = 5
"""Parts of a question that are answered one by one."""

LONGEST_THING = 4
"""Words of a thing of which the same is asked as of others."""

READ = 500
"""Characters of a question in which things to compare, and things in a row, are looked for."""

_ASKS = (
    r"(?:(?:at|by|for|from|in|on|since|until|with|to)\s+)?(?:when|where|who|whom|whose|why|how|what|which"
    r"|may|can|could|must|should|will|would|is|are|was|were|does|do|did|has|have)"
    r"|(?:um|seit|bis|für|mit)?\s*(?:wann|wo|wer|wem|wen|warum|wie|was|welche[rsmn]?|darf|kann|muss|ist|sind|gibt)"
    r"|quand|où|qui|pourquoi|comment|combien|quel(?:le)?s?|est-ce|puis-je|cuándo|dónde|quién|cómo|cuánt[oa]s?|qué"
    r"|quando|dove|chi|perché|quanto|quanta|onde|quem|wanneer|waar|wie|waarom|hoe|wat|welke"
)
_AND = "and|or|und|oder|et|ou|y|e|o|en|of"
_BETWEEN = re.compile(rf"\?\s+(?=\S)|(?:[,;]\s+(?:(?:{_AND})\s+)?|\s(?:{_AND})\s+)(?=(?:{_ASKS})\b)", re.IGNORECASE)
_JOINT = re.compile(rf"[,;?] | (?:{_AND}|with|from|to|mit|von) ", re.IGNORECASE)
_BEGINS = re.compile(rf"\s*¿?(?:{_ASKS})\b", re.IGNORECASE)
_COMPARES = re.compile(
    r"(?:(?:please |can you |could you )?(?:compare|contrast|vergleiche|comparez?)"
    r"|[^?]{0,40}\b(?:differences? between|unterschiede? zwischen|différences? entre|diferencias? entre)"
    r"|how (?:do|does|are|is|did))\s+(?P<one>\S.{0,200}?)\s+"
    r"(?:differs? from|different from|with|to|against|mit|à|and|und|et|y|en)\s+"
    r"(?P<other>\S.{0,200}?)(?:\s+differ(?:ent)?)?[?.!\s]*$",
    re.IGNORECASE,
)
_DIFFERS = re.compile(r"\b(?:compar|contrast|vergleich|differ|unterschied|différ|diferen)", re.IGNORECASE)
_THING = r"(?:(?!(?:and|or)\b)[\w'’.-]+ ?){1,4}"  # noqa: RUF001  an apostrophe
_ROW = re.compile(
    r"(?P<head>.{0,300}\b(?:of|for|in|on|at|from|to|with|about)) "
    rf"(?P<things>(?:{_THING}, ){{1,3}}{_THING},? and {_THING}?)"
    r"(?P<tail> ?\b(?:in|on|at|during) [^,;?]{2,60}?)?[?.!\s]*$",
    re.IGNORECASE,
)
_SUBJECTS = re.compile(
    r"(?P<head>(?:what|how|when|where|who|why)\b[^,;?]{0,80}? (?P<aux>do|does|did|can|may|must|should|will|are|were)) "
    r"(?P<rest>[^;?]{3,200}? and [^,;?]{2,80}?)[?.!\s]*$",
    re.IGNORECASE,
)
_STATES = frozenset(("are", "were"))
_PARTICIPLE = re.compile(r"[a-z]+ed|built|born|found|held|kept|made|paid|shut|sold|written")
_ARTICLE = re.compile(r"(?:an?|the|your|its|this|that) \w", re.IGNORECASE)
_BETWEEN_THINGS = re.compile(r",? and |, ")
_AGAIN = re.compile(
    r"(?P<head>.{3,200}?) (?P<before>of|for|in|on|at|from|to|with|about|by) (?P<one>[^,;?]{2,60}?) (?:and|und|et|y)"
    r" (?P=before) (?P<other>[^,;?]{2,60}?)(?P<tail> (?:in|on|at|during|for|with) [^;?]{2,80}?)?[?.!\s]*$",
    re.IGNORECASE,
)
_CHOICE = re.compile(
    r"(?P<head>(?:which|what|who|welche[rsn]?)\b[^,;?:]{2,80})[,:] (?P<one>[^,;?]{2,60}?) (?:or|oder|ou|o)"
    r" (?P<other>[^,;?]{2,60}?)[?.!\s]*$",
    re.IGNORECASE,
)
_REFERS = re.compile(
    r"\b(?:it|its|they|them|their|he|she|him|her|his|this|that|there|es|er|sie|ihn|ihm|ihr|il|elle|ils|elles)\b"
    r"|\bones?\W*$",
    re.IGNORECASE,
)


class Part(NamedTuple):
    """A part of a question as it is written, what it asks by itself, and what else it is about: of another part."""

    text: str
    asked: str
    about: str = ""


@cache_texts(entries=256, characters=50_000)
def question_parts(question: str) -> tuple[Part, ...]:
    """What is asked, part by part in the order asked; the question alone when it asks for one thing.

    Two things to compare are two parts, and so are those in a row, as in "the price for adults, children and dogs".
    """
    if _JOINT.search(question) is None:
        return (Part(question, question),)
    parts = _asked(question) or _compared(question[:READ]) or _in_a_row(question[:READ])
    parts = parts or _subjects(question[:READ]) or _named_again(question[:READ]) or _alternatives(question[:READ])
    if not 1 < len(parts) <= MAX_PARTS or not all(question_terms(f"{each.asked} {each.about}").stems for each in parts):
        return (Part(question, question),)
    return parts


def _asked(question: str) -> tuple[Part, ...]:
    """The questions in a question; a pronoun in a later one may stand for what the first one is about."""
    first, *others = [part.strip() for part in _BETWEEN.split(question)]
    if not others or _BEGINS.match(first) is None:
        return ()
    parts = [Part(first, first)]
    for each in others:
        if question_terms(each).stems or asked_value(each) is not None:
            own = question_terms(each).stems and not _REFERS.search(each)
            parts.append(Part(each, each, "" if own else first))
        else:  # "and with what?" asks nothing by itself
            before, text = parts[-1], question[question.index(parts[-1].text) : question.index(each) + len(each)]
            parts[-1] = Part(text, text, before.about)
    return tuple(parts)


def _compared(question: str) -> tuple[Part, ...]:
    """Two things to compare, each as a question for what it is; the second one in the respect of the first."""
    found = _COMPARES.match(question)
    if found is None or not _DIFFERS.search(question):
        return ()
    one, other = found["one"], found["other"]
    respect = " ".join(one.split()[: -len(other.split())])
    return Part(one, f"What is {one}?"), Part(other, f"What is {other}?", respect)


def _in_a_row(question: str) -> tuple[Part, ...]:
    """Three things or more in a row at the end of a question, each with what is asked of all."""
    found = _ROW.match(question)
    if found is None:
        return ()
    things = _BETWEEN_THINGS.split(found["things"])
    tail = f" {found['tail'].strip()}" if found["tail"] else ""
    return tuple(Part(each.strip(), f"{found['head']} {each.strip()}{tail}?") for each in things)


def _subjects(question: str) -> tuple[Part, ...]:
    """Things of which the same is asked: "What do a boat and a canoe cost?"; two if both are named as things."""
    found = _SUBJECTS.match(question)
    if found is None:
        return ()
    *words, last = found["rest"].split()
    verb = f" {last}" if found["aux"].lower() not in _STATES or _PARTICIPLE.fullmatch(last) else ""
    things = _BETWEEN_THINGS.split(" ".join(words) if verb else found["rest"])
    bare, of, whole = things[-1].partition(" of ")
    if of and not any(" of " in each for each in things[:-1]):  # "the height and the age of the tower"
        things[-1], verb = bare, f"{of}{whole}{verb}"
    named = len(things) > 2 or all(map(_ARTICLE.match, things))
    if len(things) < 2 or not named or any(not 0 < len(each.split()) <= LONGEST_THING for each in things):
        return ()
    return tuple(Part(each, f"{found['head']} {each}{verb}?") for each in things)


def _named_again(question: str) -> tuple[Part, ...]:
    """Two things with the same word before them: "the price of a tent and of a cabin in May"."""
    found = _AGAIN.match(question)
    if found is None:
        return ()
    before, tail = f"{found['head']} {found['before']}", found["tail"] or ""
    return tuple(Part(each, f"{before} {each}{tail}?") for each in (found["one"], found["other"]))


def _alternatives(question: str) -> tuple[Part, ...]:
    """Two things of which one is to be chosen: "Which is faster, a boat or a canoe?"."""
    found = _CHOICE.match(question)
    if found is None or any(len(found[each].split()) > LONGEST_THING for each in ("one", "other")):
        return ()
    return tuple(Part(each, f"{each}?", found["head"]) for each in (found["one"], found["other"]))
