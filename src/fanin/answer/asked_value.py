"""What kind of value a question asks for, and whether a sentence holds one of the kind. Pure.

"How long is the tunnel?" asks for a quantity; "The tunnel was opened in 1911." holds none. Questions in English, German,
French, Spanish, Italian, Portuguese and Dutch are understood.
"""

import re
from enum import Enum

from fanin.text.bounded_cache import cache_texts
from fanin.text.dates.month_names import MONTH_NAMES
from fanin.text.word_lists import CALENDAR

READ = 1000
"""Characters of a question that are read."""


class AskedValue(Enum):
    """A kind of value that a question asks for."""

    QUANTITY = "quantity"
    TIME = "time"
    PERSON = "person"
    REASON = "reason"
    PLACE = "place"
    MANNER = "manner"
    DEFINITION = "definition"


HINTS = frozenset((AskedValue.PLACE, AskedValue.MANNER, AskedValue.DEFINITION))
"""Kinds of which a sentence shows signs only; the others it holds, or it does not."""

_ASKS = {
    AskedValue.TIME: r"when|(?:what|which|until what|from what) (?:time|day|date|year|month|hour)|how late|how early"
    r"|wann|wie spät|um wie ?viel uhr|welche[mns]? (?:tag|datum|jahr|monat)|quand|à quelle (?:heure|date)"
    r"|quelle (?:heure|date)|en quelle année|cuándo|cuando|qué (?:hora|día|fecha|año)|quando|(?:a )?que horas|a che ora"
    r"|wanneer|hoe laat",
    AskedValue.PERSON: r"who|whom|whose|wer|wem|wen|wessen|qui|quién|quiénes|chi|quem",
    AskedValue.REASON: r"why|how come|warum|wieso|weshalb|pourquoi|por qué|perché|por que|porquê|waarom",
    AskedValue.PLACE: r"where|wo|woher|wohin|où|dónde|donde|dove|onde|waar",
    AskedValue.MANNER: r"how (?:do|can|could|should|would|must|does|to|may)|wie (?:kann|muss|soll|geht|macht|wird|werden)"
    r"|(?:with|by) (?:which|what) (?:command|key|option|menu)|(?:which|what) (?:command|key|option|menu)s?"
    r"|comment|cómo|come (?:si|posso|faccio)|como|hoe (?:kan|moet|maak|doe)",
    AskedValue.QUANTITY: r"how (?:much|many|long|big|large|high|tall|deep|far|fast|old|heavy|wide|often|hot|cold|thick"
    r"|expensive|small|short|strong|loud|soon)|(?:what|which) (?:size|number|percentage|share|temperature|speed|price"
    r"|length|height|weight|width|depth|distance|amount|age)|wie ?viele?|wie (?:lange?|hoch|groß|weit|tief|schnell|alt"
    r"|schwer|breit|oft|teuer|warm|kalt)|combien|quant[oaie]|cuánt[oa]s?|hoeveel|hoe (?:lang|hoog|groot|ver|diep|snel"
    r"|oud|zwaar|breed|vaak|duur)",
}
_ASKED_DEFINITION = re.compile(
    r"^(?:what|was|qu'est-ce que|qué|che cosa|cos'|o que|wat) ?(?:is|are|ist|sind|es|son|è|é|c'est)? (?:an? |the |ein(?:e|en)? |der"
    r" |die |das |un[ae]? |une |um |een )?[\w'-]+(?: [\w'-]+)? ?\??$"
)
_BEFORE = (
    r"(?:^|[,;:¿(]\s*|\b(?:and|und|et|y|e|en|or|oder|ou|o|of|me|know)\s+)(?:(?:at|by|for|from|in|on|since|till|to|until|with"
    r"|ab|bis|seit|um|für|in|mit|zu|von|à|de|depuis|pour|desde|hasta|a|da|di|até|op|om|sinds|tot)\s+)?"
)
_ASKED = re.compile(rf"{_BEFORE}(?:{'|'.join(f'(?P<{kind.value}>{words})' for kind, words in _ASKS.items())})\b")
_MONTHS = "|".join(
    sorted({name for names in MONTH_NAMES for name in names.split() if len(name) > 3 and name.isalpha()})
)
_DAYS = "|".join(sorted(CALENDAR - {"i"}))
_TIME = re.compile(
    rf"\d|\b(?:{_DAYS}|{_MONTHS}|noon|midday|midnight|dawn|dusk|sunrise|sunset|mornings?|afternoons?|evenings?|nights?"
    r"|daily|weekly|monthly|yearly|always|never|every|today|tomorrow|yesterday|tonight|spring|summer|autumn|winter"
    r"|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|montags?|dienstags?|mittwochs?|donnerstags?|freitags?|samstags?|sonntags?|täglich|mittags?|mitternacht|heute|morgen"
    r"|lundis?|mardis?|mercredis?|jeudis?|vendredis?|samedis?|dimanches?|midi|minuit|lunes|martes|miércoles|jueves|viernes"
    r"|sábados?|domingos?|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag)\b"
)
_QUANTITY = re.compile(
    r"(?<![\w.])(?!(?:1[5-9]|20)\d\d(?![\d.,]*\d|\s*[a-z%€$£°]))[$€£]?\d"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand"
    r"|million|dozen|half|once|twice|free|nothing|double|unlimited|ein(?:e[nrms]?)?|zwei|drei|vier|fünf|sechs|sieben"
    r"|acht|neun|zehn|elf|zwölf|hundert|tausend|kostenlos|frei|gratis|gratuite?|deux|trois|quatre|cinq|dix|cent|mille"
    r"|dos|tres|cuatro|cinco|diez|due|tre|quattro|cinque|dieci|twee|drie|vijf|tien)\b"
)
_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|so that|as a result|reasons?|causes?|caused|therefore|in order to|thanks to|for fear|so (?:the|it|they|we|he|she|that)"
    r"|to (?:avoid|prevent|protect|save|reduce)|weil|wegen|damit|denn|aufgrund|grund|parce que"
    r"|afin|à cause|porque|debido|a causa|perché|pois|omdat|vanwege)\b"
)
_PLACE = re.compile(
    r"\b(?:at|in|on|near|from|to|along|above|under|am|im|auf|bei|à|en|a|in|op) (?:the |a |an |der |die |das |la |le |el |il )?[^\W_a-z]"
    r"|\b(?:next to|opposite|between|behind|below|beside|beneath|in front of|inside|outside|neben|hinter|zwischen|gegenüber"
    r"|à côté|derrière|entre|junto|accanto|dietro|naast|achter)\b|[~%]?[/\\]\w"
)
_DOES = (
    r"add|apply|ask|attach|bring|buy|call|change|check|choose|clear|click|close|connect|convert|copy|create|delete|disable|drag"
    r"|draw|enable|enter|export|fill|find|follow|get|give|go|hold|insert|install|keep|log|make|mark|move|open|paste|pay|place"
    r"|plug|press|pull|push|put|read|release|remove|rename|replace|reset|restart|run|save|scroll|select|send|set|show|sign"
    r"|start|stop|store|switch|take|tap|tick|touch|turn|type|unplug|update|use|wait|write"
)
_MANNER = re.compile(
    rf"`|^\W*(?:{_DOES})\b|, (?:then )?(?:{_DOES})\b|\b(?:you (?:can|must|may|have to|need to)|by \w+ing|with the command)\b"
    r"|\b(?:drücken|wählen|klicken|öffnen|halten|geben) Sie\b|^(?:Drücke|Wähle|Klicke|Öffne|Halte|Gib)n?\b|\bman\b",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"^(?:An? |The |Ein(?:e|er)? |Der |Die |Das |Une? |Un[ao]? |La |Le |El |Il |Um |Een |De |Het )?[\w'` -]{1,40}? (?:is|are|means?"
    r"|ist|sind|bedeutet|est|sont|es|son|è|sono|é|são|zijn) (?!n[o']t)"
)
_NAME = re.compile(r"(?<!^)(?<![.!?:] )\b[^\W\d_a-z][^\W\d_]+|^[^\W\d_a-z][^\W\d_]+ [^\W\d_a-z][^\W\d_]+")


@cache_texts(entries=256, characters=50_000)
def asked_value(question: str) -> AskedValue | None:
    """The kind of value that the question asks for; None when it asks for none of the kinds, or does not tell."""
    low = question[:READ].strip().lower()
    found = _ASKED.search(low)
    if found is not None and found.lastgroup is not None:
        return AskedValue(found.lastgroup)
    return AskedValue.DEFINITION if _ASKED_DEFINITION.match(low) else None


def holds(asked: AskedValue, sentence: str, question: str) -> bool:
    """Whether the sentence holds a value of the kind that does not stand in the question already."""
    match asked:
        case AskedValue.QUANTITY:
            return _QUANTITY.search(sentence.lower()) is not None
        case AskedValue.TIME:
            return _TIME.search(sentence.lower()) is not None
        case AskedValue.REASON:
            return _REASON.search(sentence.lower()) is not None
        case AskedValue.PLACE:
            return _PLACE.search(sentence) is not None
        case AskedValue.MANNER:
            return _MANNER.search(sentence) is not None
        case AskedValue.DEFINITION:
            return _defines(sentence, question)
        case AskedValue.PERSON:
            return any(name not in question for found in _NAME.findall(sentence) for name in found.split())


def _defines(sentence: str, question: str) -> bool:
    """Whether the sentence begins with what is asked, and says what that is."""
    found = _DEFINES.match(sentence)
    if found is None:
        return False
    asked = question.rstrip(" ?").split()[-1].lower()
    return asked[: max(3, len(asked) - 2)] in found[0].lower()
