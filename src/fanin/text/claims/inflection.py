"""Finds the base forms of words, by regular endings and a list of irregular verbs."""

from fanin.text.bounded_cache import cache_texts
from fanin.text.claims.grammar import Language
from fanin.text.folding import without_accents
from fanin.text.languages.irregular_verbs import ENGLISH_VERBS
from fanin.text.word_lists import word_set

_GERMAN_VERBS = """
schlagen/schlug/geschlagen gewinnen/gewann/gewonnen schreiben/schrieb/geschrieben finden/fand/gefunden
geben/gab/gegeben nehmen/nahm/genommen sehen/sah/gesehen schließen/schloss/geschlossen verlieren/verlor/verloren
steigen/stieg/gestiegen fallen/fiel/gefallen bauen/baute/gebaut brechen/brach/gebrochen beginnen/begann/begonnen
sprechen/sprach/gesprochen tragen/trug/getragen halten/hielt/gehalten lassen/ließ/gelassen
"""


def _irregular() -> tuple[dict[str, frozenset[str]], frozenset[str]]:
    known: dict[str, frozenset[str]] = {}
    past: set[str] = set()
    for base, *others in (verb.split("/") for verb in [*ENGLISH_VERBS, *_GERMAN_VERBS.split()]):
        for form in others:
            known[form] = known.get(form, frozenset()) | {base}
        past |= {form for form in others if form != base}
    return known, frozenset(past)


_BASES, _PAST = _irregular()
_BOTH = word_set(
    """beat bet burst cast come cost cut hit hurt let put quit read rid run set shed shut split spread upset
    become"""
)
_NO_FORMS = word_set("this his us news was is as species series is always perhaps sometimes less")
_NO_VERBS = word_set("its perhaps always sometimes")
_NO_PAST = word_set("need feed seed speed breed proceed succeed exceed indeed hundred embed")
_GERMAN_ENDINGS = ("en", "ern", "em", "es", "er", "et", "st", "te", "ten", "tet", "e", "n", "s", "t")
_LEAST = 3


@cache_texts(entries=8_192, characters=80_000)
def base_forms(word: str, language: Language) -> frozenset[str]:
    """The words of which this one, in lower case, may be a form; it is one of them."""
    plain = without_accents(word)
    found = _BASES.get(word, frozenset()) | {plain}
    if plain in _NO_FORMS or len(plain) <= _LEAST:
        return found
    return found | (_german(plain) if language == "de" else _english(plain))


def is_present(word: str, language: Language) -> bool:
    """Whether the form, in lower case, may be a present form; some are also past forms ("beat")."""
    return word in _BOTH or not is_past(word, language)


def is_past(word: str, language: Language) -> bool:
    """Whether the form, in lower case, is one of the past or a participle of it."""
    if word in _PAST or word in _BOTH:
        return True
    if language == "de":
        return word.endswith(("te", "ten")) or (word.startswith("ge") and word.endswith(("t", "en")))
    return len(word) > 4 and word.endswith("ed") and word not in _NO_PAST


def looks_like_verb(word: str, language: Language) -> bool:
    """Whether the form, in lower case, may well be a finite verb: one of the past, or with the ending of "she sees"."""
    if word in _NO_VERBS:
        return False
    if is_past(word, language):
        return True
    if language == "de":
        return word.endswith("t")
    return word.endswith("s") and not word.endswith(("ss", "us", "is"))


def _english(word: str) -> set[str]:
    found: set[str] = set()
    for ending, instead in (("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("d", ""), ("ing", "")):
        root = word.removesuffix(ending)
        if root == word or len(root) < _LEAST - (ending == "ing") or (ending == "s" and root[-1] in "sui"):
            continue
        if ending == "d" and root[-1] != "e":
            continue
        found.add(root + instead)
        if ending in ("ed", "ing"):
            found.add(f"{root}e")
            if root[-1] == root[-2]:
                found.add(root[:-1])
    return {each for each in found if any(letter in "aeiouy" for letter in each)}


def _german(word: str) -> set[str]:
    plain = word.removeprefix("ge") if word.startswith("ge") and len(word) > _LEAST + 3 else word
    found = {plain}
    for ending in _GERMAN_ENDINGS:
        root = plain.removesuffix(ending)
        if root != plain and len(root) >= _LEAST:
            found.add(root)
    return found
