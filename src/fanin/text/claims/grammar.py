"""The small words of English and German that carry a sentence's grammar, and the words that change what it claims."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

type Language = Literal["en", "de"]


def listed(words: str) -> frozenset[str]:
    """The words apart by spaces, as a set."""
    return frozenset(words.split())


def _mapped(pairs: str) -> dict[str, str]:
    """A map from "word word=value" items, several words of one value apart by "/"."""
    found = (item.partition("=") for item in pairs.split())
    return {word: value for words, _, value in found for word in words.split("/")}


@dataclass(frozen=True, slots=True)
class Grammar:
    """The small words of one language; auxiliaries and prepositions with the form in which they are compared."""

    articles: frozenset[str]
    pronouns: frozenset[str]
    auxiliaries: Mapping[str, str]
    prepositions: Mapping[str, str]
    conjunctions: Mapping[str, str]
    fillers: frozenset[str]


_ENGLISH = Grammar(
    articles=listed("a an the this these those its his her their my your our"),
    pronouns=listed("it he she they we you i him them me us there itself himself herself themselves"),
    auxiliaries=_mapped(
        "am/is/are/be/been/being=be was/were=was has/have/having=have had=had do/does=do did=did will/shall=will"
        " would=would can=can could=could may=may might=might must=must should=should"
    ),
    prepositions=_mapped(
        "in/on/at=in till/until=until toward/towards=towards around=about although/though=although once/when=when"
        " into=into onto=onto"
    )
    | {
        word: word
        for word in listed(
            """about above across after against along among as because before behind below beside besides between beyond
            by despite down during except excluding for from if including inside near of off out outside over per
            since than through throughout to under unless unlike up upon via whenever where whereas whether while
            with within without"""
        )
    },
    conjunctions=_mapped("and/&=and but=but or=or nor=nor that=that which/who/whom/whose=which"),
    fillers=listed("also however moreover furthermore additionally meanwhile then"),
)

_GERMAN = Grammar(
    articles=listed(
        """der die das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem sein seine seinen
        seinem seiner seines ihr ihre ihren ihrem ihrer ihres unser unsere unseren"""
    ),
    pronouns=listed("es er sie wir ich ihm ihn ihnen uns sich man"),
    auxiliaries=_mapped(
        "ist/sind/bin/sein=be war/waren=was hat/haben/habe=have hatte/hatten=had wird/werden/werde=will"
        " wurde/wurden=did worden=worden würde/würden=would kann/können=can konnte/konnten=could darf/dürfen=may"
        " durfte/durften=might muss/müssen=must musste/mussten=had-to soll/sollen=shall sollte/sollten=should"
        " will/wollen=wants wollte/wollten=wanted könnte/könnten=might dürfte/dürften=might"
    ),
    prepositions=_mapped(
        "in/im/ins/an/am/ans/auf/aufs=in bei/beim=bei zu/zum/zur=zu von/vom=von bis=until um=um ab=ab aus=aus"
        " trotz=trotz wegen=wegen während=during"
    )
    | {
        word: word
        for word in listed(
            """nach mit ohne für gegen durch seit vor hinter über unter zwischen neben als wie wenn falls sofern außer
            weil obwohl nachdem bevor ehe sobald solange damit ob gegenüber innerhalb außerhalb laut per pro"""
        )
    },
    conjunctions=_mapped(
        "und/sowie/&=and aber/sondern/doch=but oder=or dass=that welche/welcher/welches/dessen/deren=which"
    ),
    fillers=listed("auch zudem außerdem jedoch ferner dann"),
)

GRAMMARS: Mapping[Language, Grammar] = {"en": _ENGLISH, "de": _GERMAN}

NEGATIONS = listed(
    """not no never none nobody nothing nowhere neither nor hardly barely scarcely nicht kein nie niemals niemand nichts
    nirgends weder kaum"""
)
OPERATORS = NEGATIONS | listed(
    """only solely all every each both any some most many much few several half either more less fewer least almost
    nearly just even yes nur alle jede einige manche viele wenige mehr weniger meisten fast etwa ja nein"""
)
"""Words that change what others say and say nothing themselves."""

CONDITIONS = listed(
    """if unless except excluding when whenever provided providing assuming without whether wenn falls sofern
    außer ausgenommen sobald solange ohne ob"""
)
"""What begins a condition or an exception: a sentence that drops it says more than its source."""

DOUBTS = listed(
    """deny denied refuse reject fail doubt claim believe think hope expect suspect allege rumour rumor dispute false
    falsely wrong wrongly untrue fake myth unlikely possible possibly impossible maybe perhaps probably likely allegedly
    reportedly supposedly apparently plan propose want intend threaten try attempt pretend suggest imagine fear wish
    predict forecast estimate seem appear consider assume supposed hypothetical would illegal forbid prohibit prevent
    avoid stop allow might leugnen bestreiten bezweifeln behaupten glauben hoffen erwarten vermuten falsch angeblich
    vielleicht möglicherweise wahrscheinlich vermutlich planen scheinen wollen"""
)
"""Words in whose reach a statement is not what its author says; by their base forms."""

SAYING = listed(
    """say tell announce report state write explain add note confirm declare rule show find sagen melden berichten
    mitteilen erklären schreiben"""
)
"""Verbs whose object is told as true."""

TITLES = listed(
    """mr mrs ms dr prof sir president minister mayor judge professor doctor king queen prince princess general captain
    chancellor senator governor engineer architect author coach striker trainer herr frau präsident minister
    bürgermeister richter professor könig königin kanzler trainer"""
)

TEMPORAL = listed(
    """today tonight yesterday tomorrow now last next this
    monday tuesday wednesday thursday friday saturday sunday heute
    gestern morgen jetzt montag dienstag mittwoch donnerstag freitag samstag sonntag"""
)
"""First words of a time that needs no preposition."""

PASSING = listed("today tonight yesterday now heute gestern jetzt")
"""Times that may be left out, as they say only when the source was written."""

_TELLING_GERMAN = listed(
    "der die das den dem ist sind und im nicht ein eine für auf wird wurde mit von zum zur kein keine am um es bis seit"
)
_TELLING_ENGLISH = listed(
    "the is are was were and of to a an for on not with by it has have will at from that be can do does"
)


def language_of(text: str, otherwise: Language = "en") -> Language:
    """The language whose small words the text has more of; `otherwise` when it has as many of both."""
    said = text.lower().split()
    german = sum(word in _TELLING_GERMAN for word in said)
    english = sum(word in _TELLING_ENGLISH for word in said)
    if german == english:
        return otherwise
    return "de" if german > english else "en"
