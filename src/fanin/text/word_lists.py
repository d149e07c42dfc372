"""The lists behind words and sentences: stop words, months, and the punctuation of many scripts."""

# ruff: noqa: RUF001  the punctuation of other scripts looks like ours, and is meant


def word_set(words: str) -> frozenset[str]:
    """The words of a text between its spaces."""
    return frozenset(words.split())


# Words that say nothing about the subject. English only: in other languages BM25's rarity does this work.
STOP_WORDS = word_set(
    """a about above after again against all also although am among an and another any are as at be because been before
    being below between both but by can cannot could did do does doing done down during each either else ever every few
    for from further get gets got had has have having he her here hers herself him himself his how however i if in into
    is it its itself just least less let like made make makes many may me might mine more most much must my myself
    neither no nor not of off often on once one only onto or other our ours ourselves out over own per quite rather re s
    same shall she should since so some such t than that the their theirs them themselves then there therefore these
    they this those though through thus to too toward towards under until up upon us very via was we well were what
    when where whether which while who whom whose why will with within without would yet you your yours yourself
    yourselves"""
)

# Words with which a question asks, whatever it asks about: "what's the latest news?", "tell me what is happening now";
# then those that ask for what is new in other languages.
ASKING = word_set(
    """anything current currently describe everything explain find give going happen happened happening happens know
    lately latest mean means moment new newest news now nowadays please recent recently say says show something
    summarise summarize summary tell thing things today tonight update updates yesterday
    aktuell aktuelle aktuellen aktueller aktuelles derzeit gegenwärtig gestern heute jetzt momentan neueste neuesten
    neuigkeiten nachrichten vorgestern zurzeit actuel actuelle actuellement actuels aujourd'hui avant-hier dernier
    dernière dernières derniers maintenant actualmente ahora anteayer ayer hoy noticias última últimas último últimos
    adesso attuale attuali attualmente ieri notizie oggi ultima ultime ultimi ultimo agora anteontem atual atualmente
    hoje notícias ontem actuele eergisteren gisteren huidige laatste momenteel nieuws nieuwste tegenwoordig vandaag"""
)

# After a number with a full stop these go on with a date: "24. November".
GERMAN_MONTHS = (
    *("Januar", "Jänner", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober"),
    *("November", "Dezember", "Jan.", "Jän.", "Feb.", "Febr.", "Apr.", "Aug.", "Sep.", "Sept.", "Okt.", "Nov.", "Dez."),
)

# Words with a capital letter that are no names of anybody or any place.
CALENDAR = word_set(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december i"""
)

# Words that make a figure one of something else: the low is not the high, and tomorrow's is not today's.
TELLING = word_set(
    """after afternoon apparent arrive arrives average before begin begins chance close closed closes closing depart
    departs earlier end ends evening expected feel feels felt forecast former gust gusts high highest last leave leaves
    low lowest max maximum mean min minimum month morning next night normal old open opening opens outlook peak previous
    probability record sea start starts tomorrow tonight usual water week weekend year yesterday"""
)

STOPS_BEFORE_SPACE = ".!?…"
"""Full stops that end a sentence only before white space, so that "3.14" and addresses stay whole."""

STOPS_ANYWHERE = "。！？｡．।॥؟۔։።፧፨။។៕"
"""Full stops of other scripts, which need no white space after them: Chinese and Japanese, Indian, Arabic and Urdu,
Armenian, Ethiopic, Burmese and Khmer."""

OPENING_QUOTES = "\"'“‘«([¿¡"
CLOSING_QUOTES = "\"'”’»)]」』）"
APOSTROPHE = "’"
MENU_MARKS = (" | ", " › ", " » ", " · ")
"""What separates the items of a menu or of a path."""

PUNCTUATION = '.,;:!?()[]{}"|<>=+*/\\…–—“”«»。、！？，；：・।॥'
"""What a phrase never goes across."""

INVISIBLE = "\u00ad\u061c\u180e\u200b\u200e\u200f\u2060-\u2064\ufeff"
"""Characters of no width that only say where a line may break or which way it runs, as ranges; nobody sees them."""

JOINERS = "\u200c\u200d"
"""Characters of no width that change how their neighbours look: in Persian and Indian words, and in emoji."""

COMBINING = "\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
"""Marks of alphabets, as ranges, which Python's `\\w` leaves out."""

INDIC = "\u0900-\u0963\u0966-\u096f\u0971-\u0df3\u0f40-\u0fbc"
"""Scripts whose vowel signs are combining marks, as ranges without their full stops."""

UNSPACED = (
    "\u0e01-\u0e4e\u0e81-\u0ecd\u1000-\u1049\u1050-\u109d\u1780-\u17d3"  # Thai, Lao, Burmese, Khmer
    "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
"""Scripts without spaces between words, and Korean, whose endings hide the word: read in pairs of characters."""
