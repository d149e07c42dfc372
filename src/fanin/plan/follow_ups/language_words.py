"""The words by which a follow-up question is known and completed, for each language (pure)."""

# ruff: noqa: RUF001  the apostrophe of French

import re
from collections.abc import Mapping
from dataclasses import dataclass

from fanin.plan.languages import language_in


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageWords:
    """The words of one language; all but the lists in `frozenset`s are regular expressions.

    - `opening`: begins a follow-up, "what about". `joining`: the same before a whole question, "and".
    - `asking`: question words; `adverbs`: those that ask for a reason, a way, a time or a place. `helping`: verbs with
      which a question begins that is answered by yes or no.
    - `articles`, `prepositions`; `attached`: prepositions between two nouns of one phrase. `ends`: verbs and other
      words at which a phrase ends.
    - `things`, `persons`, `places`: pronouns; `owners`: pronouns before what somebody has. `empty`: questions with a
      pronoun that stands for nothing, "will it rain".
    - `repeating`: asks for the same once more. `attribute`: what a thing has, such as a price, and `attribute_question`
      how it is asked for. `superlative`: "the oldest". `times`: days that `fanin.plan.days` does not know.
    - `and_`: joins a question word to a question, and `of` stands before what has an attribute.
    """

    opening: str
    joining: str
    asking: str
    adverbs: str
    helping: str
    articles: frozenset[str]
    prepositions: frozenset[str]
    attached: frozenset[str]
    ends: frozenset[str]
    things: str
    persons: str
    places: str
    owners: str
    empty: str
    repeating: str
    attribute: str
    attribute_question: str
    superlative: str
    times: str
    and_: str
    of: str


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ENGLISH = LanguageWords(
    opening=r"(?:and |but |so )?(?:what|how) about|and(?: what if(?: it is)?)?|but|or|also|then",
    joining=r"and|but|so|then|also|ok(?:ay)?,?(?: and)?",
    asking=r"who|whom|whose|what|which|when|where|why|how",
    adverbs=r"since when|until when|why|when|where|how",
    helping=r"is|are|was|were|am|do|does|did|has|have|had|will|would|can|could|may|might|must|shall|should",
    articles=_listed("the a an my our your any every no some this that these those"),
    prepositions=_listed("in at near around for over of to from by with without on after before under via during"),
    attached=_listed("of to in for from at on with near between"),
    ends=_listed(
        """is are was were be been being am do does did has have had will would can could may might must shall should
        not who whom whose what which when where why how much many long far old tall high big deep large
        wide heavy often fast soon late early there it he she they i we you this that and or but if than as
        open opens opened closed closes close leave leaves left arrive arrives depart departs start starts
        started begin begins began end ends cost costs take takes took run runs ran go goes went come comes
        came cause causes mean means work works contain contains weigh weighs need needs hold holds stand
        stands live lives lived say says said write writes wrote written make makes made build builds built
        find found get got give gave know knew become became win won lose lost die dies born sell sells sold
        buy bought pay eat drink free available safe allowed located used called right now today tonight
        tomorrow yesterday still usually exactly currently so too also ever just please most least expensive
        cheap busy full empty good bad happen happened happens rise rose fall fell grow grew tell show
        explain about discover play sing sang paint fly flies flew serve rain snow see visit stop stops i'm
        me my his her its their our your him them us to of in at for from on with by near over into"""
    ),
    things=(
        r"it|they|them|(?:this|that|these|those)(?: ones?)?(?=\s*(?:$|[?.,!]|(?:is|was|are|were|costs?|means?|works?"
        r"|happen(?:s|ed)?|opens?|closes?|starts?|ends?|takes?|in|on|at|for|to|from|be|possible|true|safe|allowed"
        r"|free|and"
        r"|or)\b))|one(?=\s*(?:$|[?.!]))"
    ),
    persons=r"he|him|she|her(?!\s\w)",
    places=r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )there",
    owners=r"its|his|her(?=\s\w)|their",
    empty=(
        r"\b(?:will|would|did|does|is|was|has|could|might|may|can) it (?:be |been |still |also |really |going to )*"
        r"(?:rain|snow|hail|freez|thaw|storm|windy|sunny|cloudy|foggy|cold|warm|hot|dark|late|possible|safe to|legal to"
        r"|ok(?:ay)? to|true|necessary|allowed to|worth|time to|better to|hard to|easy to|take\b.* to \w+ \w)"
        r"|\b(?:what|which) (?:time|day|year|date) (?:is|was) it\b|\bit (?:takes?|costs?)\b.* to \w+ \w"
        r"|\b(?:does|will|did|would) it (?:take|cost)\b.*\bto \w+ \w|\bit is (?:raining|snowing|possible|true|safe)\b"
        r"|\bhow (?:hot|cold|warm|late|dark) (?:is|was|will) it\b"
    ),
    repeating=(
        r"(?:tell me |say )?(?:some )?more(?: details| information)?(?: please)?|go on|continue|(?:any|some)thing else"
        r"|what else|and then|really|(?:are you )?sure|is that (?:true|right|so)|in more detail|more about (?:it|that)"
    ),
    attribute=(
        r"(?:the )?(?:price|cost|fare|fee|address|phone number|telephone number|number|population|area|size|height"
        r"|length|width|depth|weight|age|capital|author|director|inventor|founder|owner|mayor|date|name"
        r"|e-?mail(?: address)?"
        r"|website|opening hours|opening times|hours|timetable|schedule|ingredients|dose|side effects"
        r"|default(?: value)?"
        r"|temperature|weather|currency|language|license|licence|version|colour|color|duration)s?"
    ),
    attribute_question="What {verb} the {attribute} of {subject}?",
    superlative=r"[^\W\d_]{2,}est|first|last|second|third|(?:most|least) [^\W\d_]+",
    times=(
        r"(?:(?:on|this|next|last|every|by|until) )?(?:the )?(?:mon|tues|wednes|thurs|fri|satur|sun)days?"
        r"(?: (?:morning|afternoon|evening|night|mornings|evenings))?"
        r"|(?:(?:on|at|over|this|next|last|during) )?(?:the )?week-?ends?"
        r"|(?:in|during|next|last|this) (?:the )?(?:summer|winter|spring|autumn|fall|morning|afternoon|evening|night)"
        r"|(?:in|on) (?:the )?(?:school |public )?holidays|at night|at noon|tomorrow (?:morning|afternoon|evening"
        r"|night)"
        r"|(?:at|around|after|before) \d{1,2}(?::\d\d)?(?: ?[ap]\.?m\.?| o'clock)?"
    ),
    and_="and",
    of="of",
)

_GERMAN = LanguageWords(
    opening=(
        r"(?:und )?(?:was ist|wie ist es|wie sieht es|wie steht es|wie wäre es) mit|und(?: wie ist es)?|aber|oder"
        r"|auch|dann"
    ),
    joining=r"und|aber|dann|also",
    asking=(
        r"wer|wen|wem|wessen|was|welche[rsmn]?|wann|wo|wohin|woher|warum|wieso|weshalb|wie(?: ?viele?| lange"
        r"| weit| hoch| oft)?"
    ),
    adverbs=r"seit wann|bis wann|wann|wohin|woher|wo|warum|wieso|weshalb|wie",
    helping=(
        r"ist|sind|war|waren|hat|haben|hatte|wird|werden|wurde|kann|können|darf|dürfen|muss|müssen|soll|sollen"
        r"|gibt|gilt"
        r"|fährt|öffnet|schließt|kostet|liegt|steht|kommt|geht"
    ),
    articles=_listed(
        """der die das den dem des ein eine einen einem einer eines mein meine unser unsere jeder jede jedes kein keine
        dieser diese dieses diesen diesem"""
    ),
    prepositions=_listed(
        "in im nach aus bei beim für von vom zu zum zur mit ohne um am an auf ab über unter vor seit ins"
    ),
    attached=_listed("von vom nach in im zu zum zur der des für am an auf aus bei"),
    ends=_listed("er es sie man und oder aber nicht heute morgen gestern"),
    things=r"(?<!gibt )es|sie|dies|das(?! \w*[A-ZÄÖÜ])|ihn|ihm|ihnen|diese(?! \w*[A-ZÄÖÜ])",
    persons=r"er",
    places=r"dort|dorthin|(?<!von )da(?=\s*\?)",
    owners=r"sein(?:e[rsnm]?)?|ihr(?:e[rsnm]?)?(?= \w*[A-ZÄÖÜ])",
    empty=(
        r"\b(?:regnet|schneit|hagelt|friert|gewittert|stürmt|gibt|geht|handelt) es\b(?! (?:sie|ihn|ihm)\b)"
        r"|\bes (?:gibt|regnet|schneit"
        r"|ist wahr)\b"
        r"|\bwird es\b.*\b(?:regnen|schneien|kalt|warm|heiß|frieren|windig|sonnig)\b|\bwie spät ist es\b"
        r"|\bist es (?:möglich|wahr|erlaubt|kalt|warm|heiß|sicher)"
        r"|\bwie (?:kalt|warm|heiß) (?:ist|wird|war) es\b|\bdauert es\b.*\bzu\b"
    ),
    repeating=(
        r"(?:noch )?mehr(?: davon| dazu| details)?|(?:sag mir )?mehr(?: darüber)?|weiter|wirklich|sicher|genauer"
        r"|und weiter|was noch|sonst noch etwas"
    ),
    attribute=(
        r"(?:der|die|das)? ?(?:Preis|Kosten|Adresse|Telefonnummer|Einwohnerzahl|Fläche|Größe|Höhe|Länge|Breite|Tiefe"
        r"|Gewicht|Alter|Hauptstadt|Autor|Autorin|Regisseur|Erfinder|Gründer|Eigentümer|Bürgermeister|Name"
        r"|Öffnungszeiten"
        r"|Fahrplan|Zutaten|Dosis|Nebenwirkungen|Temperatur|Wetter|Währung|Version|Farbe|Dauer)"
    ),
    attribute_question="Wie {verb} {attribute} für {subject}?",
    superlative=r"[a-zäöüß]{2,}ste[nrsm]?|(?:letzt|zweit)e[nrsm]?",
    times=(
        r"(?:(?:am|an|jeden|nächsten|letzten|diesen|bis) )?(?:Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag"
        r"|Sonnabend|Sonntag)"
        r"(?:s|e|en)?(?: ?(?:früh|morgen|mittag|nachmittag|abend|nacht))?"
        r"|(?:(?:am|nächstes|letztes|dieses) )?Wochenende|(?:im|nächsten|letzten|diesen) (?:Sommer|Winter"
        r"|Frühling|Frühjahr|Herbst"
        r"|Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)(?: \d{4})?"
        r"|(?:nächste|letzte|diese|kommende)[sn]? (?:Woche|Monat|Jahr|Nacht)|heute (?:Abend|Nacht|Nachmittag"
        r"|früh)|morgen (?:früh|Abend|Nachmittag)"
        r"|um \d{1,2}(?::\d\d)?(?: Uhr)?|in den Ferien|nachts|abends|morgens|sonntags|feiertags"
        r"|an Feiertagen|morgen"
    ),
    and_="und",
    of="von",
)

_FRENCH = LanguageWords(
    opening=r"et qu['’]en est-il (?:de|du|des|pour)|qu['’]en est-il (?:de|du|des|pour)|et|mais|ou|alors|aussi",
    joining=r"et|mais|alors",
    asking=r"qui|que|qu['’]est-ce qu[ei'’]|quoi|quel(?:le)?s?|quand|où|pourquoi|comment|combien|à quelle heure",
    adverbs=r"depuis quand|jusqu['’]à quand|quand|où|pourquoi|comment|combien",
    helping=r"est-ce qu[e'’]|est|sont|était|a|ont|peut-on|peut|faut-il|y a-t-il|doit-on|va|vont",
    articles=_listed("le la les l' l’ un une des ce cet cette ces mon ma mes notre nos"),
    prepositions=_listed("à au aux en dans de du des pour sans avec par vers chez sur depuis avant après d' d’"),
    attached=_listed("de du des à au aux en pour d' d’ sur"),
    ends=_listed("il elle ils elles on et ou mais que qui ne pas aujourd'hui demain hier"),
    things=(
        r"ça|cela|ceci|celui-ci|celle-ci|c['’]est|-t-(?:il|elle|ils|elles)|-(?:il|elle|ils|elles)|(?:elle|ils"
        r"|elles)|l['’](?=a\b|ont\b|avait\b)"
    ),
    persons=r"lui|il",
    places=r"là-bas|\by(?= (?:va|aller|arrive|arriver|a\b))",
    owners=r"son|sa|ses|leurs?",
    empty=(
        r"\bpleut\b|\bpleuvoir\b|\bpleuvra|\bneige|\bneiger|y a-t-il|\bil y a\b|\bfaut-il\b|\bil faut\b|fait-il"
        r"|\bil fait\b|\bfera-t-il"
        r"|quelle heure est-il|est-il (?:possible|vrai|permis|nécessaire)|qu['’]en est-il"
    ),
    repeating=(
        r"(?:dis-m['’]en |dites-m['’]en )?plus(?: de détails)?|continue[zr]?|vraiment|autre chose|quoi d['’]autre"
        r"|c['’]est (?:vrai|sûr)"
    ),
    attribute=(
        r"(?:le |la |les |l['’])?(?:prix|tarifs?|adresse|numéro de téléphone|population|superficie|taille|hauteur"
        r"|longueur"
        r"|largeur|profondeur|poids|âge|capitale|auteur|réalisateur|inventeur|fondateur|propriétaire|maire|nom|horaires"
        r"|ingrédients|dose|effets secondaires|température|météo|monnaie|version|couleur|durée)"
    ),
    attribute_question="Quel {verb} {attribute} de {subject} ?",
    superlative=r"(?:plus|moins) [^\W\d_]+",
    times=(
        r"(?:le |ce |chaque )?(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?(?: (?:prochain|dernier"
        r"|matin|midi|soir|après-midi))?"
        r"|(?:le |ce )?week-end(?: prochain| dernier)?|en (?:été|hiver|automne|janvier|février|mars|avril|mai"
        r"|juin|juillet|août|septembre|octobre|novembre|décembre)(?: \d{4})?"
        r"|au printemps|(?:la semaine|l['’]année|le mois) (?:prochaine?|dernière|dernier)|ce soir|cette nuit"
        r"|cet après-midi|demain (?:matin|soir|après-midi)"
        r"|à \d{1,2} ?h(?:eures)?(?:\d\d)?|la nuit|le soir|le matin|pendant les vacances|en (?:19|20)\d\d"
    ),
    and_="et",
    of="de",
)

_SPANISH = LanguageWords(
    opening=(
        r"¿?\s*(?:y )?qué (?:tal|hay de|pasa con)|¿?\s*y(?: qué (?:tal|hay de|pasa con))?|¿?\s*pero|¿?\s*o"
        r"|¿?\s*también|¿?\s*entonces"
    ),
    joining=r"¿?\s*(?:y|pero|entonces)",
    asking=r"quién(?:es)?|qué|cuál(?:es)?|cuándo|dónde|adónde|cómo|cuánt[oa]s?|por qué|a qué hora",
    adverbs=r"desde cuándo|hasta cuándo|cuándo|dónde|por qué|cómo|cuánto",
    helping=r"es|son|está|están|hay|ha|han|puedo|puede|se puede|tiene|tienen|debe|era|fue|abre|cuesta|hace",
    articles=_listed("el la los las un una unos unas este esta estos estas ese esa mi mis nuestro nuestra"),
    prepositions=_listed("en a al de del para por con sin desde hasta sobre hacia"),
    attached=_listed("de del en a al para"),
    ends=_listed("él ella ellos ellas y o pero que no se hoy ayer mañana"),
    things=(
        r"ello|esto|eso|aquello|ellos|ellas|(?<=quién )l[oa]s?|(?<=dónde )l[oa]s?|(?<=cuándo )l[oa]s?"
        r"|(?<=se )l[oa]s?"
    ),
    persons=r"él|ella",
    places=r"allí|allá|ahí",
    owners=r"sus?",
    empty=(
        r"\bllueve|\bllover|\blloverá|\bnevar|\bnieva|\bhay\b|\bhace (?:frío|calor|sol|viento)|\bqué hora es\b"
        r"|\bes (?:posible|verdad|cierto)\b"
    ),
    repeating=(
        r"(?:dime |cuéntame )?(?:algo )?más(?: detalles)?|continúa|sigue|de verdad|algo más|qué más|seguro"
        r"|en serio"
    ),
    attribute=(
        r"(?:el |la |los |las )?(?:precio|tarifas?|dirección|número de teléfono|teléfono|población|superficie"
        r"|tamaño|altura"
        r"|longitud|anchura|profundidad|peso|edad|capital|autor|autora|director|inventor|fundador|propietario"
        r"|alcalde|nombre"
        r"|horarios?|ingredientes|dosis|efectos secundarios|temperatura|tiempo|moneda|versión|color|duración)"
    ),
    attribute_question="¿Cuál {verb} {attribute} de {subject}?",
    superlative=r"(?:más|menos) [^\W\d_]+",
    times=(
        r"(?:el |los |este |cada )?(?:lunes|martes|miércoles|jueves|viernes|sábados?|domingos?)(?: (?:próximo"
        r"|pasado|por la mañana|por la tarde|por la noche))?"
        r"|(?:el |este )?fin de semana|en (?:verano|invierno|otoño|primavera|enero|febrero|marzo|abril|mayo|junio"
        r"|julio|agosto|septiembre|octubre|noviembre|diciembre)(?: (?:de )?\d{4})?"
        r"|la semana (?:que viene|próxima|pasada)|el (?:próximo|mes|año)(?: que viene| pasado| mes| año)"
        r"|esta (?:noche|tarde|mañana|semana)"
        r"|mañana por la (?:mañana|tarde|noche)|a las? \d{1,2}(?::\d\d)?|por la (?:noche|mañana|tarde)|en (?:19"
        r"|20)\d\d|(?<!la )mañana"
    ),
    and_="y",
    of="de",
)

WORDS: Mapping[str, LanguageWords] = {"en": _ENGLISH, "de": _GERMAN, "fr": _FRENCH, "es": _SPANISH}


def language_of(question: str, last: str) -> str:
    """The language of `WORDS` of a follow-up and the question before it; English when nothing tells another."""
    for text in (question, last):
        for code, words in WORDS.items():
            if re.match(rf"[¿\s]*(?:{words.asking}|(?:[\w'’]+ )(?:{words.asking}))\b", text, re.IGNORECASE):
                return _surer(code, text)
    found = language_in(f"{last} {question}")
    return found if found is not None and found in WORDS else "en"


def _surer(code: str, text: str) -> str:
    """The language of most small words, if there is one: question words of two languages may be spelt alike."""
    found = language_in(text)
    return found if found is not None and found in WORDS else code
