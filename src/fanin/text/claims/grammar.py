"""The function words of English and German, and the words that change what a sentence claims."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from fanin.text.word_lists import word_set

type Language = Literal["en", "de"]


def _word_map(pairs: str) -> dict[str, str]:
    """A map from items "word/word=value" that are separated by spaces."""
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
    articles=word_set("a an the this these those its his her their my your our"),
    pronouns=word_set("it he she they we you i him them me us there itself himself herself themselves"),
    auxiliaries=_word_map(
        "am/is/are/be/been/being=be was/were=was has/have/having=have had=had do/does=do did=did will/shall=will"
        " would=would can=can could=could may=may might=might must=must should=should"
    ),
    prepositions=_word_map(
        "in/on/at=in till/until=until toward/towards=towards around=about although/though=although once/when=when"
        " into=into onto=onto"
    )
    | {
        word: word
        for word in word_set(
            """about above across after against along among as because before behind below beside besides between beyond
            by despite down during except excluding for from if including inside near of off out outside over per
            since than through throughout to under unless unlike up upon via whenever where whereas whether while
            with within without"""
        )
    },
    conjunctions=_word_map("and/&=and but=but or=or nor=nor that=that which/who/whom/whose=which"),
    fillers=word_set("also however moreover furthermore additionally meanwhile then"),
)

_GERMAN = Grammar(
    articles=word_set(
        """der die das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem sein seine seinen
        seinem seiner seines ihr ihre ihren ihrem ihrer ihres unser unsere unseren"""
    ),
    pronouns=word_set("es er sie wir ich ihm ihn ihnen uns sich man"),
    auxiliaries=_word_map(
        "ist/sind/bin/sein=be war/waren=was hat/haben/habe=have hatte/hatten=had wird/werden/werde=will"
        " wurde/wurden=did worden=worden würde/würden=would kann/können=can konnte/konnten=could darf/dürfen=may"
        " durfte/durften=might muss/müssen=must musste/mussten=had-to soll/sollen=shall sollte/sollten=should"
        " will/wollen=wants wollte/wollten=wanted könnte/könnten=might dürfte/dürften=might"
    ),
    prepositions=_word_map(
        "in/im/ins/an/am/ans/auf/aufs=in bei/beim=bei zu/zum/zur=zu von/vom=von bis=until um=um ab=ab aus=aus"
        " trotz=trotz wegen=wegen während=during"
    )
    | {
        word: word
        for word in word_set(
            """nach mit ohne für gegen durch seit vor hinter über unter zwischen neben als wie wenn falls sofern außer
            weil obwohl nachdem bevor ehe sobald solange damit ob gegenüber innerhalb außerhalb laut per pro"""
        )
    },
    conjunctions=_word_map(
        "und/sowie/&=and aber/sondern/doch=but oder=or dass=that welche/welcher/welches/dessen/deren=which"
    ),
    fillers=word_set("auch zudem außerdem jedoch ferner dann"),
)

GRAMMARS: Mapping[Language, Grammar] = {"en": _ENGLISH, "de": _GERMAN}

NEGATIONS = word_set(
    """not no never none nobody nothing nowhere neither nor hardly barely scarcely nicht kein nie niemals niemand nichts
    nirgends weder kaum"""
)
OPERATORS = NEGATIONS | word_set(
    """only solely all every each both any some most many much few several half either more less fewer least almost
    nearly just even yes nur alle jede einige manche viele wenige mehr weniger meisten fast etwa ja nein"""
)
"""Words that change the meaning of others and have none themselves."""

CONDITIONS = word_set(
    """if unless except excluding when whenever provided providing assuming without whether wenn falls sofern
    außer ausgenommen sobald solange ohne ob"""
)
"""Words that begin a condition or an exception: a claim without it says more than its source."""

DOUBTS = word_set(
    """deny denied refuse reject fail doubt claim believe think hope expect suspect allege rumour rumor dispute false
    falsely wrong wrongly untrue fake myth unlikely possible possibly impossible maybe perhaps probably likely allegedly
    reportedly supposedly apparently plan propose want intend threaten try attempt pretend suggest imagine fear wish
    predict forecast estimate seem appear consider assume supposed hypothetical would illegal forbid prohibit prevent
    avoid stop allow might leugnen bestreiten bezweifeln behaupten glauben hoffen erwarten vermuten falsch angeblich
    vielleicht möglicherweise wahrscheinlich vermutlich planen scheinen wollen"""
)
"""Words that make a statement not one of its author; in their base forms."""

SAYING = word_set(
    """say tell announce report state write explain add note confirm declare rule show find sagen melden berichten
    mitteilen erklären schreiben"""
)
"""Verbs whose object is stated as true."""

TITLES = word_set(
    """mr mrs ms dr prof sir president minister mayor judge professor doctor king queen prince princess general captain
    chancellor senator governor engineer architect author coach striker trainer herr frau präsident minister
    bürgermeister richter professor könig königin kanzler trainer"""
)

TEMPORAL = word_set(
    """today tonight yesterday tomorrow now last next this
    monday tuesday wednesday thursday friday saturday sunday heute
    gestern morgen jetzt montag dienstag mittwoch donnerstag freitag samstag sonntag"""
)
"""First words of a time that needs no preposition."""

PASSING = word_set("today tonight yesterday now heute gestern jetzt")
"""Times that may be left out, as they say only when the source was written."""

_TELLING_GERMAN = word_set(
    "der die das den dem ist sind und im nicht ein eine für auf wird wurde mit von zum zur kein keine am um es bis seit"
)
_TELLING_ENGLISH = word_set(
    "the is are was were and of to a an for on not with by it has have will at from that be can do does"
)


def language_of(text: str, otherwise: Language = "en") -> Language:
    """The language whose small words the text has more of; `otherwise` when it has as many of both."""
    lowered = text.lower().split()
    german = sum(word in _TELLING_GERMAN for word in lowered)
    english = sum(word in _TELLING_ENGLISH for word in lowered)
    if german == english:
        return otherwise
    return "de" if german > english else "en"
