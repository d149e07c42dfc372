"""What kind of value a question asks for, and whether a sentence holds one of the kind. Pure.

"How long is the tunnel?" asks for a quantity; "The tunnel was opened in 1911." holds none. Questions in English,
German, French, Spanish, Italian, Portuguese and Dutch are understood.
"""

import re
from collections.abc import Iterable
from enum import Enum

from fanin.text.bounded_cache import cache_texts
from fanin.text.dates.month_names import MONTH_NAMES
from fanin.text.languages.default_words import asks_for_default, tells_default
from fanin.text.word_lists import CALENDAR, STOP_WORDS
from fanin.text.words import stem

READ = 1000
"""Characters of a question that are read."""


LONGEST_DEFINED = 5
"""Spaces of the longest question for a definition: "What is the point of sale?"."""


class AskedValue(Enum):
    """A kind of value that a question asks for."""

    TIME = "time"
    PERSON = "person"
    REASON = "reason"
    PLACE = "place"
    MANNER = "manner"
    COMMAND = "command"
    VERSION = "version"
    QUANTITY = "quantity"
    DEFINITION = "definition"
    DEFAULT = "default"


HINTS = frozenset((AskedValue.PLACE, AskedValue.MANNER, AskedValue.COMMAND, AskedValue.DEFINITION))
"""Kinds of which a sentence shows signs only; the others it holds, or it does not."""

WAYS = frozenset((AskedValue.MANNER, AskedValue.COMMAND))
"""Kinds that code tells."""

FIGURES = frozenset((AskedValue.QUANTITY, AskedValue.TIME, AskedValue.VERSION, AskedValue.DEFAULT))
"""Kinds of which one item of a list tells the one that is asked for."""


def _any(*groups: str | Iterable[str]) -> str:
    """A pattern for any of the words and phrases, of which each group is a text with commas, or several texts."""
    listed = [group.split(",") if isinstance(group, str) else group for group in groups]
    return "|".join(word.strip() for group in listed for word in group)


_ASKING = {
    AskedValue.TIME: _any(
        "when, how late, how early, (?:what's|what is|what was) the (?:deadline|due date|date|year|closing time)",
        "(?:what|which|until what|from what) (?:time|day|date|year|month|hour)",
        "wann, wie spät, um wie ?viel uhr, welche[mns]? (?:tag|datum|jahr|monat)",
        "quand, à quelle (?:heure|date), quelle (?:heure|date), en quelle année",
        "cuándo, cuando, qué (?:hora|día|fecha|año), quando, (?:a )?que horas, a che ora, wanneer, hoe laat",
    ),
    AskedValue.PERSON: _any("who, whom, whose, wer, wem, wen, wessen, qui, quién, quiénes, chi, quem"),
    AskedValue.REASON: _any(
        "why, how come, warum, wieso, weshalb, pourquoi, por qué, perché, por que, porquê, waarom",
    ),
    AskedValue.PLACE: _any("where, wo, woher, wohin, où, dónde, donde, dove, onde, waar"),
    AskedValue.MANNER: _any(
        "how (?:do|can|could|should|would|must|does|to|may), (?:which|what) (?:key|menu)s?",
        "wie (?:kann|muss|soll|geht|macht|wird|werden), comment, cómo, come (?:si|posso|faccio), como",
        "hoe (?:kan|moet|maak|doe)",
    ),
    AskedValue.COMMAND: _any(
        "(?:what|which|what's|what is|what are)(?: the)? (?:\\w+ )?(?:command|flag|option|switch|call)s?",
        "welche[mnrs]? (?:befehl|schalter|option)e?n?, quelle (?:commande|option), qué comando",
    ),
    AskedValue.VERSION: _any(
        "(?:what|which)(?: is| was)?(?: the)?(?: (?:latest|newest|current|last|stable|recent|lowest|oldest|most))*"
        " (?:version|release|firmware)",
        "(?:welche|was)(?: ist)?(?: die)?(?: (?:neueste|aktuelle|letzte|jüngste|derzeitige))* version",
        "quelle(?: est)?(?: la)?(?: (?:dernière|nouvelle))* version, cuál es la (?:última )?versión",
        "qual(?: è| é)?(?: l'| la | a )?(?:ultima |última )?vers(?:ione|ão), (?:wat is|welke)(?: de)? (?:\\w+ )?versie",
    ),
    AskedValue.QUANTITY: _any(
        "how (?:much|many|long|big|large|high|tall|deep|far|fast|old|heavy|wide|often|hot|warm|cold|thick|expensive)",
        "what (?:do|does|did|will|would) [^?]+ costs?, was kosten?t?, que coûte(?:nt)?, wat kost(?:en)?",
        "how (?:small|short|strong|loud|soon|quickly|slowly|frequently|rarely)",
        "(?:what|which)(?: is| are| was)?(?: the)? (?:size|number|percentage|share|temperature|speed|price)s?",
        "(?:what|which)(?: is| are| was)?(?: the)? (?:length|height|weight|width|depth|distance|amount|age)",
        "wie ?viele?",
        "wie (?:lange?|hoch|groß|weit|tief|schnell|alt|schwer|breit|oft|teuer|warm|kalt), combien, quant[oaie]",
        "cuánt[oa]s?, hoeveel, hoe (?:lang|hoog|groot|ver|diep|snel|oud|zwaar|breed|vaak|duur)",
    ),
}
_JOINING = _any("and, und, et, y, e, en, or, oder, ou, o, of, me, know")
_BEFORE = _any(
    "at, by, for, from, in, on, since, till, to, until, with, ab, bis, seit, um, für, mit, zu, von, à, de, depuis",
    "pour, desde, hasta, a, da, di, até, op, om, sinds, tot",
)
_ASKS = "|".join(f"(?P<{kind.value}>{words})" for kind, words in _ASKING.items())
_ASKED = re.compile(rf"\W*(?:(?:{_BEFORE})\s+)?(?:{_ASKS})\b")
_ASKED_LATER = rf"(?:[,;:¿(]\s*|\b(?:{_JOINING})\s+){_ASKED.pattern}"
_KIND = re.compile(r"\bhow (\w+)|\b(?:what|which)(?:'s| is| are)?(?: the)? (?:\w+ )?(command|option|flag|switch)s?\b")
_ASKED_DEFINITION = re.compile(
    r"(?:what|was|qu'est-ce que|qué|che cosa|cos'|o que|wat) ?(?:is|are|ist|sind|es|son|è|é|c'est)?"
    r" (?:an? |the |ein(?:e|en)? |der |die |das |un[ae]? |une |um |een )?[\w'-]+(?: [\w'-]+)? ?\??$"
)

_NUMBERS = _any(
    "one, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve, twenty, thirty, forty, fifty, hundred",
    "thousand, million, dozen, half, once, twice, ein(?:e[nrms]?)?, zwei, drei, vier, fünf, sechs, sieben, acht, neun",
    "zehn, elf, zwölf, hundert, tausend, deux, trois, quatre, cinq, dix, cent, mille, dos, tres, cuatro, cinco, diez",
    "due, tre, quattro, cinque, dieci, twee, drie, vijf, tien",
)
_SPANS = "second|minute|hour|day|week|fortnight|month|quarter|year|decade|century|lifetime"
_MONTHS = _any(sorted({name for names in MONTH_NAMES for name in names.split() if len(name) > 3 and name.isalpha()}))
_DAYS = _any(sorted(f"{name}s?" for name in CALENDAR - {"i"}))
_TIMES = _any(
    [_DAYS],
    [_MONTHS],
    "third, fourth, fifth, sixth, seventh, tenth, as soon as, within",
    "noon, midday, midnight, dawn, dusk, sunrise, sunset, mornings?, afternoons?, evenings?, nights?, daily, weekly",
    "of the month, monthly, yearly, always, never, every, today, tomorrow, yesterday, tonight, spring, summer, autumn",
    "winter, montags?, dienstags?, mittwochs?, donnerstags?, freitags?, samstags?, sonntags?, täglich, mittags?",
    "mitternacht",
    "heute, morgen, lundis?, mardis?, mercredis?, jeudis?, vendredis?, samedis?, dimanches?, midi, minuit, lunes",
    "martes, miércoles, jueves, viernes, sábados?, domingos?, maandag, dinsdag, woensdag, donderdag, vrijdag",
    "zaterdag, zondag",
)
_REASONS = _any(
    "because, since, due to, owing to, so that, as a result, reasons?, causes?, caused, therefore, in order to",
    "thanks to, for fear, so (?:the|it|they|we|he|she|that), to (?:avoid|prevent|protect|save|reduce)",
    "weil, wegen, damit, denn, aufgrund, grund, parce que, afin, à cause, porque, debido, a causa, perché, pois, omdat",
    "vanwege",
)
_BEFORE_PLACES = _any("at, in, on, near, from, to, along, above, under, am, im, auf, bei, à, en, a, op")
_PLACES = _any(
    "next to, opposite, between, behind, below, beside, beneath, in front of, inside, outside, neben, hinter, zwischen",
    "gegenüber, à côté, derrière, entre, junto, accanto, dietro, naast, achter",
)
_DOES = _any(
    "add, apply, ask, attach, bring, buy, call, change, check, choose, clear, click, close, connect, convert, copy",
    "create, delete, disable, drag, draw, enable, enter, export, fill, find, follow, get, give, go, hold, insert",
    "install, keep, log, make, mark, move, open, paste, pay, place, plug, press, pull, push, put, read, release",
    "remove, rename, replace, reset, restart, run, save, scroll, select, send, set, show, sign, start, stop, store",
    "switch, take, tap",
    "tick, touch, turn, type, unplug, update, use, wait, write, drücken, wählen, klicken, öffnen, halten, geben",
)
_SUBJECTS = "the|an?|it|you|we|i|they|he|she|this|that|these|those|there|your|our|all|each|some|no"
_JOINS = "and|or|as|at|by|for|from|in|is|it|of|the|to|until|was|when|with|und|von|bis|et|y"
_YEAR = rf"(?:1[5-9]|20)\d\d(?![\d.,]*\d|\s*(?!(?:{_JOINS})\b)[a-z%€$£°])"
_ARTICLES = r"(?:An? |The |Ein(?:e|er)? |Der |Die |Das |Une? |Un[ao]? |La |Le |El |Il |Um |Een |De |Het )?"
_HELD = {
    AskedValue.QUANTITY: (
        rf"(?<![\w.])(?!{_YEAR}|[0-9]{{1,2}}\.? (?:{_MONTHS}|may|mai)\b)[$€£]?\d"
        rf"|\b(?:{_NUMBERS}|free|nothing|unlimited|kostenlos|gratis)\b|\ban? (?:{_SPANS})\b"
    ),
    AskedValue.TIME: rf"\d(?![\d.,]*[ -](?!{_SPANS})[a-z]{{3,}}s\b)|\b(?:{_TIMES}|{_NUMBERS})\b",
    AskedValue.REASON: rf"\b(?:{_REASONS})\b",
    AskedValue.VERSION: r"\d\.\d|\bv\d|\b(?:version|release|versión|versione|versão|versie) \d",
    AskedValue.PLACE: (
        rf"(?i)\b(?:{_BEFORE_PLACES}) (?:the |a |an |der |die |das |la |le |el |il )?(?!(?:{_DAYS})\b)"
        rf"(?-i:[^\W\d_a-z]|\d+[a-z]? [A-Z])|\b(?:{_PLACES})\b"
        r"|[~%]?[/\\]\w"
    ),
    AskedValue.COMMAND: r"```|`[^`]+ [^`]+`|(?<!\S)--?[a-z]|^\$ |\bcommands?\b",
    AskedValue.MANNER: (
        rf"(?i)`|^\d{{1,2}}[.)] |^\W*to \w+[^,.]*, (?!(?:{_SUBJECTS})\b)\w|^\W*(?:{_DOES})\b|, (?:then )?(?:{_DOES})\b"
        r"|\bby \w+ing\b|\bwith the command\b|\bman\b|\byou (?:can|must|may|have to|need to)\b"
    ),
}
_MONEY = (
    r"[$€£¥]|(?:euros?|eur|dollars?|usd|pounds?|gbp|crowns?|pence|penny|cents?|francs?|chf|kr|kronor|kroner|marks?|yen"
    r"|yuan|rupees?|pesos?|rubles?|zloty|lira|reais|coins?|credits?)\b"
)
_MASS = r"[mk]?g\b|kilo(?:gram)?s?\b|gram(?:me)?s?\b|t\b|tons?\b|tonnes?\b|lbs?\b|pounds?\b|oz\b|ounces?\b"
_DURATION = (
    r"ms\b|s\b|secs?\b|min\b|mins\b|h\b|hrs?\b|(?:(?:nano|micro|milli)?second|minute|hour|day|night|week|weekend|fortnight"
    r"|month|quarter|season|semester|year|decade|centur|generation)(?:s|ies|y)?\b"
)
_LASTING = "until|till|for ever|forever|for life|permanently|overnight|instantly|at once|immediately|indefinitely|never"
_MEASURES = (
    (re.compile(r"\b(?:costs?|prices?|fees?|fares?|expensive|pay|kosten?t?|teuer|preis|prix|cuesta|costa)\b"), _MONEY),
    (re.compile(r"\b(?:how (?:hot|cold|warm)|temperature|wie (?:heiß|kalt|warm))\b"), "°|º|degrees?|grad"),
    (re.compile(r"\b(?:heavy|weighs?|weight|schwer|wiegt)\b"), _MASS),
    (re.compile(r"\bhow (?:soon|quickly|long (?:do|does|did|will|would|can|may|has|have)\b(?!.*\bbe\W*$))"), _DURATION),
)
"""What a quantity is measured in, by the words that ask for it."""

_OFTEN = re.compile(
    rf"\b(?:every|each|once|twice|daily|weekly|monthly|yearly|hourly|always|never|rarely|per|times?|an? (?:{_SPANS})"
    r"|after (?:the |an? |\w+ )?(?:first|second|third|use)|jede\w*|täglich|einmal|zweimal|chaque|cada|ogni)\b"
)
"""What tells how often something is done."""

_ASKED_OFTEN = re.compile(
    r"\b(?:how (?:often|frequently|rarely|many times)|wie oft|quante volte|cuántas veces|hoe vaak)\b"
)

_FREE = r"\b(?:free|nothing|kostenlos|gratis|gratuite?)\b"
_DEFINES = re.compile(
    rf"{_ARTICLES}[\w'` -]{{1,40}}? (?:is|are|means?|ist|sind|bedeutet|est|sont|es|son|è|sono|é|são|zijn) (?!not\b)"
)
_NO_PERSONS = STOP_WORDS | CALENDAR | {f"{name}s" for name in CALENDAR}
_NAME = re.compile(r"(?<!^)(?<![.!?:] )\b[^\W\d_a-z][^\W\d_]+|^[^\W\d_a-z][^\W\d_]+ [^\W\d_a-z][^\W\d_]+")


@cache_texts(entries=256, characters=50_000)
def asked_value(question: str) -> AskedValue | None:
    """The kind of value that the question asks for; None when it asks for none of the kinds, or does not tell."""
    low = question[:READ].strip().lower()
    found = _ASKED.match(low) or _compiled(_ASKED_LATER).search(low)
    if found is not None and found.lastgroup is not None:
        return AskedValue(found.lastgroup)
    if asks_for_default(low):
        return AskedValue.DEFAULT
    short = low.count(" ") <= LONGEST_DEFINED
    return AskedValue.DEFINITION if short and _ASKED_DEFINITION.match(low) else None


@cache_texts(entries=256, characters=50_000)
def asking_terms(question: str) -> frozenset[str]:
    """Stems of words that only say what kind of value is asked for, as in "how long" and "which command"."""
    found = [degree or thing for degree, thing in _KIND.findall(question[:READ].lower())]
    return frozenset([stem(word) or word for word in found])


@cache_texts(entries=16, characters=100_000)
def _compiled(pattern: str) -> re.Pattern[str]:
    """A pattern that few questions need, compiled when it is needed: together these take 20 ms."""
    return re.compile(pattern)


def holds(asked: AskedValue, sentence: str, question: str) -> bool:
    """Whether the sentence holds a value of the kind; a person must be another one than those of the question."""
    match asked:
        case AskedValue.PERSON:
            names = [name.lower() for found in _NAME.findall(sentence) for name in found.split()]
            return any(name not in _NO_PERSONS and name not in question.lower() for name in names)
        case AskedValue.DEFINITION:
            return _defines(sentence, question)
        case AskedValue.DEFAULT:
            return tells_default(sentence, question)
        case AskedValue.QUANTITY if unit := _unit(question):
            return unit.search(sentence.lower()) is not None
        case AskedValue.PLACE:
            return _compiled(_HELD[asked]).search(sentence) is not None
        case _:
            return _compiled(_HELD[asked]).search(sentence.lower()) is not None


@cache_texts(entries=64, characters=20_000)
def _unit(question: str) -> re.Pattern[str] | None:
    """What matches a figure in the unit that is asked for, or one without a unit; None for a unit of any kind."""
    if _ASKED_OFTEN.search(question.lower()):
        return _OFTEN
    for asking, units in _MEASURES:
        if asking.search(question.lower()):
            figure = rf"[$€£¥]\s?\d|\d[\d.,]*[\s-]?(?:{units})|\b(?:{_NUMBERS}) (?:{units})"
            if units == _DURATION:
                return re.compile(
                    rf"{figure}|\d:\d\d|\b(?:an?|half an|{_NUMBERS})(?: \w+)? (?:{units})|\b(?:{_LASTING})\b"
                )
            return re.compile(rf"{figure}|(?<![\w.])\d[\d.,]*(?=\W*$|[;)])|{_FREE}")
    return None


def _defines(sentence: str, question: str) -> bool:
    """Whether the sentence begins with what is asked, and says what that is."""
    asked = question.rstrip(" ?").split()[-1].lower()
    found = _DEFINES.match(sentence)
    if found is None:
        return re.search(rf"(?:^|: |[-*] )\W?{re.escape(asked)}\W?(?: \([^()]*\))?: ", sentence.lower()) is not None
    return asked[: max(3, len(asked) - 2)] in found[0].lower()
