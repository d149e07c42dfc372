"""The irregular verbs of English: the base form of "took", "taken" and the like. Pure."""

from collections.abc import Mapping, Sequence

_VERBS = """
arise/arose/arisen beat/beat/beaten become/became/become begin/began/begun bend/bent bite/bit/bitten bleed/bled
blow/blew/blown break/broke/broken bring/brought build/built burn/burnt buy/bought catch/caught choose/chose/chosen
come/came/come deal/dealt dig/dug draw/drew/drawn drink/drank/drunk drive/drove/driven eat/ate/eaten fall/fell/fallen
feed/fed feel/felt fight/fought find/found flee/fled fly/flew/flown forbid/forbade/forbidden forget/forgot/forgotten
forgive/forgave/forgiven freeze/froze/frozen get/got/gotten give/gave/given go/went/gone grow/grew/grown hang/hung
have/had hear/heard hide/hid/hidden hold/held keep/kept know/knew/known lay/laid lead/led leave/left lend/lent
lie/lay/lain light/lit lose/lost make/made mean/meant meet/met pay/paid ride/rode/ridden ring/rang/rung rise/rose/risen
run/ran/run say/said see/saw/seen seek/sought sell/sold send/sent shake/shook/shaken shine/shone shoot/shot
show/showed/shown shrink/shrank/shrunk sing/sang/sung sink/sank/sunk sit/sat sleep/slept speak/spoke/spoken spend/spent
spin/spun stand/stood steal/stole/stolen stick/stuck strike/struck swear/swore/sworn swim/swam/swum swing/swung
take/took/taken teach/taught tear/tore/torn tell/told think/thought throw/threw/thrown understand/understood
undergo/underwent/undergone wake/woke/woken wear/wore/worn win/won wind/wound withdraw/withdrew/withdrawn
write/wrote/written overtake/overtook/overtaken rebuild/rebuilt
"""
ENGLISH_VERBS: Sequence[str] = _VERBS.split()
"""Each verb as "take/took/taken": its base form, and the forms that are not regular."""

_AMBIGUOUS = frozenset(("bit", "felt", "lay", "led", "rose", "saw", "thought", "wound"))
"""Forms that are words of their own at least as often: a saw, a bit, an LED."""

BASE_FORMS: Mapping[str, str] = {
    form: base
    for base, *forms in (verb.split("/") for verb in ENGLISH_VERBS)
    for form in forms
    if form not in _AMBIGUOUS
}
"""The base form of each irregular one; what is no such form is not in it."""


def _common(forms: Sequence[str]) -> str:
    shortest = min(map(len, forms))
    return next((forms[0][:size] for size in range(shortest, 0, -1) if len({form[:size] for form in forms}) == 1), "")


BEGINNINGS: Mapping[str, str] = {verb.partition("/")[0]: _common(verb.split("/")) for verb in ENGLISH_VERBS}
"""What all forms of a verb begin with, by its base form."""
