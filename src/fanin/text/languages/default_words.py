"""Words that ask for the default of a setting, and that tell one, in several languages (pure)."""

import re
from functools import lru_cache

_WORDS = (
    r"defaults?|standardwert\w*|standard(?:einstellung|mäßig)|vorgabe(?:wert)?\w*|vor(?:einstellung|eingestellt)\w*"
    r"|par défaut|por (?:defecto|omisión|omissão)|predeterminad[oa]s?|predefinit[oaei]|padrão"
    r"|standaard(?:waarde|instelling)?"
)
_ROOTS = "default", "standa", "vorgabe", "voreinge", "voreinst", "défaut", "por ", "predeter", "predefin", "padrão"
"""Of these one is in each of the words."""

_SET = "(?:set|said|told|given|specified|stated|present|configured|provided|chang|turn|switch|enabl|disabl|otherwise)"
_TELLING = (
    r"\bdefaults?(?P<noun>(?: [\w`./-]+){0,4}?) (?:is|are|was|beträgt)\b",
    r"\bdefaults? ?(?:[:=(,]|to\b|of\b|[`'\"\d])|\bdefault (?:true|false|on|off|yes|no|none)\b",
    r"\bby default\b|\b(?:is|are|as) (?:the |an? )?default\b|\bthe default\)|\(default\b|\bdefault\)",
    rf"\b(?!defaults?\b)(?:{_WORDS})\b|\bstandard(?::| ist\b)|\bohne angabe\b",
    r"\b(?:wenn|falls|sofern) nichts? (?:anders )?(?:angegeben|gesetzt)",
    rf"\bunless (?:[\w`]+ ){{0,3}}{_SET}|\b(?:when|if) nothing is {_SET}\b",
    rf"\b(?:if|when|where) (?:[\w`]+ ){{0,3}}(?:omitted|unset|absent|missing|unspecified|empty|left out|not {_SET})\b",
    r"\bleave (?:it|this|[`\w]+) (?:out|unset|empty|alone)\b|\bwithout (?:it|this|that|the (?:option|setting|key))\b",
    r"\b(?:initial value|preset|out of the box|factory|assumed|normally|initially)\b",
    r"\bstarts? (?:(?:switched|turned) )?(?:off|on)\b",
)
"""How a sentence tells a default."""

_OTHERS_WORD = (
    r"\b(?:i|we|he|she|they|someone|colleague|friend)s? (?:said|told|thinks?|thought|heard|believes?|guess)\b"
)
"""How a sentence tells what somebody said."""

_NO_NOUN = "the a an for of in on value values setting settings here this it that and"
_ANY_THING = frozenset(_NO_NOUN.split())
"""Words between "default" and the verb that do not tell whose default it is."""

_STEMS = (
    "default|valu|set|option|paramet|standard|vorgabe|voreinst|voreingest|wert$|defaut|defecto|omis|predefin|predeterm"
    "|padrao|standaard|valeur|valor|waarde"
)


def asks_for_default(question: str) -> bool:
    """Whether a question in small letters asks what the default of something is."""
    return any(root in question for root in _ROOTS) and _asking().match(question) is not None


def tells_default(sentence: str, question: str) -> bool:
    """Whether the sentence tells a default: not by hearsay, and not of a thing for which the question does not ask."""
    said, asked = " ".join(sentence.lower().split()), question.lower()
    if said[-1:] == "?" or _hearsay().search(said) is not None:
        return False
    nouns = ((found["noun"] or "").split() for found in _telling().finditer(said))
    return any(all(noun in _ANY_THING or noun.strip("`") in asked for noun in found) for found in nouns)


def is_of_default(term: str) -> bool:
    """Whether this stem of a question for a default says only that: "default", "value"."""
    return _stems().match(term) is not None


@lru_cache(maxsize=1)
def _asking() -> re.Pattern[str]:
    asks = r"what|which|what's|tell me|was|welche[nrs]?|wie lautet|quel(?:le)?s?|cuál|qual|qué|wat|welke"
    return re.compile(rf"\W*(?:(?:{asks})\b(?=.*\b(?:{_WORDS})\b)|(?:the )?(?:{_WORDS})\b)")


@lru_cache(maxsize=1)
def _telling() -> re.Pattern[str]:
    return re.compile("|".join(_TELLING))


@lru_cache(maxsize=1)
def _hearsay() -> re.Pattern[str]:
    return re.compile(_OTHERS_WORD)


@lru_cache(maxsize=1)
def _stems() -> re.Pattern[str]:
    return re.compile(_STEMS)
