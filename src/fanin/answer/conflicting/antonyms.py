"""Stems of English words that say the opposite, in any form: "rose" and "sank", "approved" and "voted down".

`_VERBS`, `_ADJECTIVES` and `_IRREGULAR` are made from WordNet 3.1 (Princeton University, its licence allows any use) by
scripts/antonyms. `_FAMILIES` are synonyms and troponyms of some of its verbs, chosen by hand.
"""

import re
from collections.abc import Mapping
from functools import cache

from fanin.text.bounded_cache import cache_texts
from fanin.text.words import stem

_FAMILIES = """
    rise grow climb gain soar expand swell mount advanc increas augment widen surg jump multipli escal rebound doubl
    / fall drop declin sink shrink diminish dwindl lessen reduc slump dip wane plung tumbl contract halv plummet slid;
    approv adopt pass ratifi accept endors permit allow author sanction grant confirm uphold back renew agre
    / reject refus defeat veto revok rescind repeal deni declin forbid ban prohibit outlaw disallow dismiss cancel
    scrap withdraw abolish block overturn annul quash;
    start begin open launch resum commenc continu reopen
    / stop end close ceas termin discontinu suspend quit halt shut cancel;
    attend particip present come / absent miss skip; win succeed / lose fail; own have possess / lack;
    back support favour favor for / oppos against; cheaper / dearer
"""
"""Stems that say the opposite of those of the other side."""

_PHRASES = {
    "reject": r"(?:vot|turn|struck|shot)(?:e[ds]?|ed|ing)? down|thr[eo]wn? out",
    "support": r"vot(?:es?|ed|ing) for",
    "oppos": r"vot(?:es?|ed|ing) against",
    "cancel": r"call(?:ed|s|ing)? off",
    "close": r"shut(?:s|ting)? down",
    "absent": r"stay(?:ed|s|ing)? away|did not come",
    "rise": r"(?:went|go|goes|gone|going) up",
    "fall": r"(?:went|go|goes|gone|going) down",
    "continu": r"(?:go|goes|gone|going|went) on",
    "many": r"more",
    "few": r"fewer|less",
}
_SPOKEN = {"reject": "down out", "oppos": "against", "cancel": "off", "close": "down", "absent": "away", "fall": "down",
           "rise": "up", "continu": "on", "few": "less", "many": "more", "support": "for"}  # fmt: skip
"""A word of each phrase."""

_WORD = re.compile(
    "|".join([*(rf"\b(?P<{stem}>{form})\b" for stem, form in _PHRASES.items()), r"[\w'\u2019-]+"]), re.IGNORECASE
)
_BEGINNINGS_OF_PHRASES = frozenset((
    "vote", "voted", "votes", "voting", "turn", "turned", "turning", "struck", "shot", "threw", "throw", "thrown",
    "call", "called", "calls", "calling", "shut", "shuts", "shutting", "stay", "stayed", "stays", "staying", "did",
    "went", "go", "goes", "gone", "going", "more", "fewer", "less",
))  # fmt: skip
"""The first words of phrases: texts without any are read word by word, in a third of the time."""

_PLAIN_WORD = re.compile(r"[\w'\u2019-]+")

PREFIXES = ("un", "in", "im", "ir", "il", "dis", "non")

# The licence of WordNet, which goes with what was made from it:
# WordNet Release 3.0 This software and database is being provided to you, the LICENSEE, by Princeton University
# under the following license. By obtaining, using and/or copying this software and database, you agree that you
# have read, understood, and will comply with these terms and conditions.: Permission to use, copy, modify and
# distribute this software and database and its documentation for any purpose and without fee or royalty is hereby
# granted, provided that you agree to comply with the following copyright notice and statements, including the
# disclaimer, and that the same appear on ALL copies of the software, database and documentation, including
# modifications that you make for internal use or for distribution. WordNet 3.0 Copyright 2006 by Princeton
# University. All rights reserved. THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND PRINCETON UNIVERSITY MAKES NO
# REPRESENTATIONS OR WARRANTIES, EXPRESS OR IMPLIED. BY WAY OF EXAMPLE, BUT NOT LIMITATION, PRINCETON UNIVERSITY
# MAKES NO REPRESENTATIONS OR WARRANTIES OF MERCHANT- ABILITY OR FITNESS FOR ANY PARTICULAR PURPOSE OR THAT THE USE
# OF THE LICENSED SOFTWARE, DATABASE OR DOCUMENTATION WILL NOT INFRINGE ANY THIRD PARTY PATENTS, COPYRIGHTS,
# TRADEMARKS OR OTHER RIGHTS. The name of Princeton University or Princeton may not be used in advertising or
# publicity pertaining to distribution of the software and/or database. Title to copyright in this software,
# database and any associated documentation shall at all times remain with Princeton University and LICENSEE agrees
# to preserve same.

_VERBS = """
    abolish establish, absorb emit, abstain consum, acceler deceler, accept refus, accept reject, acquit convict,
    act refrain, add subtract, admit deni, admit exclud, admit reject, advanc back, advanc reced, advantag
    disadvantag, agit calm, agre disagre, allow deni, allow disallow, analyz synthes, appear disappear, applaud boo,
    approv disapprov, arm disarm, arriv leav, ascend descend, assembl disassembl, assent dissent, attach detach,
    attack defend, attend miss, attract repel, avoid confront, back front, back veer, background foreground, balanc
    unbal, begin end, believ disbeliev, bend straighten, better worsen, blacken whiten, bless curs, blur focus, boil
    freez, bore interest, borrow lend, bounc clear, boycott patron, break keep, break , break repair, brighten
    darken, buy sell, central decentr, certifi decertifi, chang stay, charg discharg, cheer complain, claim forfeit,
    clasp unclasp, clean dirti, close open, come go, communic excommun, complic simplifi, confin free, conform
    deviat, connect disconnect, content discont, continu discontinu, contract expand, converg diverg, cool heat,
    cork uncork, correct falsifi, cover uncov, critic prais, cri laugh, darken lighten, deaden enliven, decreas
    increas, defend prosecut, deglycerol glycerol, delay rush, demot promot, depart stay, deperson person, deposit
    withdraw, depress elat, depriv enrich, despair hope, differ equal, differenti integr, disabl enabl, discharg
    enlist, discourag encourag, disengag engag, dishonor honor, disintegr integr, dislik , dislodg lodg, disobey
    obey, disord order, disprov prove, disqualifi qualifi, dissuad persuad, distrust trust, divest invest, divid
    multipli, divid unit, downgrad upgrad, dress undress, dri wet, dull sharpen, ebb tide, empti fill, enforc
    exempt, enjoy suffer, enter exit, eras record, exclud includ, export import, extinguish ignit, fail manag, fail
    pass, fail succeed, fall rise, fasten unfasten, feed starv, find lose, fire hire, flatten sharpen, float sink,
    fold unfold, follow preced, forbid permit, forget mind, forget rememb, free obstruct, gain reduc, gather spread,
    general specifi, give take, harden soften, hate love, lack, hide show, hit miss, hitch unhitch, idl run, idl
    work, ignor know, ignor notic, invalid valid, irrit sooth, issu recal, keep lose, lash unlash, lengthen shorten,
    prevent, level rais, lie sit, lie stand, linger rush, lock unlock, loosen stiffen, lose profit, lose win, lower
    rais, mask unmask, maxim minim, mistrust trust, move stay, narrow widen, overestim underestim, pack unpack,
    preced succeed, prefix suffix, pull push, purg rehabilit, reassur worri, relax tens, resist surrend, ride walk,
    right wrong, rise set, roughen smooth, scrambl unscrambl, sedat stimul, sharpen soften, shout whisper, shrink
    stretch, sit stand, sleep wake, stand yield, start stop, stifl stimul, strengthen weaken, succumb surviv,
    thicken thin, tie unti, unveil veil, unwind wind, unwir wire, wane wax
"""

_ADJECTIVES = """
    abl unabl, absent present, absolut relat, abstract concret, accur inaccur, activ dormant, activ inact, activ
    passiv, activ quiet, actual potenti, acut chronic, adequ inadequ, adjust unadjust, adopt nativ, affect unaffect,
    aliv dead, , altern opposit, ambigu unambigu, ampl meager, analyt synthet, angular round, anteced subsequ,
    anterior posterior, anti pro, antisept septic, appropri inappropri, artifici natur, asleep awak, attract
    unattract, audibl inaud, automat manual, avail unavail, awar unawar, away home, awkward grace, back front,
    backward forward, bad good, bare cover, beauti ugli, best worst, better wors, big littl, black white, bless
    curs, bold timid, bottom side, bottom top, bound free, brave coward, breath breathless, bright dull, broken
    unbroken, busi idl, calm stormi, capabl incap, care careless, center left, center right, central peripher,
    cerebr emot, certain uncertain, chang unchang, charg uncharg, cheap expens, civilian militari, clean dirti,
    clean unclean, clear opaqu, close distant, close open, coars fine, cold hot, comfort uncomfort, common individu,
    common uncommon, compact loos, compat incompat, compet incompet, complet incomplet, complex simpl, compound
    simpl, concern unconcern, conscious unconsci, conserv liber, consist inconsist, construct destruct, continent
    intercontinent, continu sporad, convent nuclear, convinc unconvinc, cool warm, cooper uncoop, credibl incred,
    crook straight, cur straight, curv straight, danger safe, dark light, dead live, deaf hear, decent indec, deep
    shallow, defens offens, definit indefinit, delic rug, depend independ, desir undesir, destroy preserv, develop
    undevelop, differ , difficult easi, direct indirect, disobedi obedi, disord order, disorgan organiz,
    disproportion proportion, distal proxim, divid unit, docil stubborn, domest foreign, domin subordin, doubl
    singl, downstair upstair, downtown uptown, dramat lyric, dri sweet, dri wet, due undu, dull live, dull sharp,
    earli late, earli middl, east west, eastern western, easi uneasi, empir theoret, empti full, even odd, even
    uneven, evil good, exclus inclus, expect unexpect, experienc inexperienc, explicit implicit, exterior interior,
    extern internal, extraordinari ordinari, fair foul, fals true, familiar strang, familiar unfamiliar, fanci
    plain, far near, fast slow, fat thin, favor unfavor, femal male, feminin masculin, fewer , figur liter, finit
    infinit, first last, first second, flat natur, flat sharp, follow lead, foolish wise, foreign nativ, formal
    inform, former latter, fortun unfortun, forward revers, found lost, frequent infrequ, fresh preserv, friend
    hostil, frivol serious, frozen unfrozen, full thin, function organic, futur past, futur present, general local,
    general specif, glad sad, gradual steep, gradual sudden, greater lesser, green ripe, gross net, guilti innoc,
    half whole, happi unhappi, hard soft, head headless, heavi light, heterogen homogen, heterozyg homozyg, high
    low, hollow solid, hope hopeless, horizont inclin, horizont vertic, humbl proud, hydrophil hydrophob, ill ,
    illeg legal, immatur matur, immor moral, immort mortal, impati patient, imperfect perfect, imperson person,
    import unimport, imposs possibl, impot potent, impract practic, inclin vertic, indoor outdoor, inferior
    superior, inner outer, inorgan organic, insan sane, insid outsid, insignific signific, instrument vocal,
    insuffici suffici, integr segreg, intens mild, intermedi termin, internat nation, invis visibl, inward outward,
    irrat ration, irregular regular, irrelev relev, irrespons respons, joint separ, junior senior, known unknown,
    larg small, late middl, lean rich, left right, unlik, like unlik, limit unlimit, linear planar, line unlin,
    linguist nonlinguist, liquid solid, littl , live record, local nation, long short, loos tight, loud soft, lower
    rais, major minor, marri unmarri, maxim minim, maximum minimum, meaning meaningless, mental physic, metal
    nonmetal, move still, multipl singl, naiv sophist, narrow wide, nasti nice, natur sharp, natur supernatur, natur
    unnatur, necessari unnecessari, negat neutral, negat posit, neutral posit, new old, new worn, noisi quiet, nomin
    real, nonresid resid, nonspecif specif, north south, northern southern, numer verbal, object subject, obliqu
    parallel, occupi unoccupi, offici unoffici, old young, open shut, orthodox unorthodox, safe, overhead surfac,
    paid unpaid, pass run, past present, pleasant unpleas, poor rich, popular unpopular, postwar prewar, preced
    succeed, predict unpredict, prepar unprepar, primari secondari, privat public, privileg underprivileg, profound
    superfici, proxim ultim, qualifi unqualifi, qualit quantit, realist unrealist, relat unrel, relax tens, reliabl
    unreli, restrict unrestrict, right wrong, rough smooth, round squar, run stand, rural urban, satisfactori
    unsatisfactori, scientif unscientif, seat stand, short tall, side top, smart stupid, sour sweet, sparkl still,
    spoken written, stabl unstabl, stain unstain, strong weak, structur unstructur, success unsuccess, sympathet
    unsympathet, tame wild, tender tough, thick thin, thought thoughtless, thrifti wast, unusu usual, unwelcom
    welcom, use useless
"""

_IRREGULAR = """
    awok awak, awoken awak, began begin, begun begin, bent bend, blest bless, bought buy, broke break, broken break,
    came come, curst curs, fallen fall, fed feed, fell fall, forbad forbid, forbad forbid, forbidden forbid, forgot
    forget, forgotten forget, froze freez, frozen freez, gave give, given give, gone go, hid hide, hidden hide, kept
    keep, knew know, known know, lain lie, leant lean, lent lend, lost lose, proven prove, ran run, ridden ride,
    risen rise, rode ride, rose rise, sank sink, sat sit, shown show, shrank shrink, shrunk shrink, shrunken shrink,
    slept sleep, sold sell, stood stand, sunk sink, sunken sink, taken take, took take, unwound unwind, went go,
    withdrawn withdraw, withdrew withdraw, woke wake, woken wake, won win, wrought work
"""


def stems_of(text: str) -> list[tuple[str, str]]:
    """The words and phrases of a text, each with its stem; irregular verbs have that of their first form."""
    irregular, words = _irregular(), _PLAIN_WORD.findall(text)
    low = [*map(str.lower, words)]
    if _BEGINNINGS_OF_PHRASES.isdisjoint(low):
        return [(word, irregular.get(base or "", base or "")) for word, base in zip(words, map(stem, low), strict=True)]
    stems = [(each[0], each.lastgroup or stem(each[0].lower()) or "") for each in _WORD.finditer(text)]
    return [(word, irregular.get(base, base)) for word, base in stems]


def plain_stems(text: str) -> list[str]:
    """The stems of the words of a text."""
    return [base for _, base in stems_of(text) if base]


def is_opposite(one: str, other: str) -> bool:
    """Whether two stems say the opposite."""
    return one in opposites().get(other, ())


@cache_texts(entries=256, characters=4_000)
def beginnings_of_opposites(stem: str) -> tuple[str, ...]:
    """How each word begins that says the opposite of a stem, irregular forms and phrases too."""
    found = opposites().get(stem, frozenset())
    irregular = [form for form, word in _irregular().items() if word in found]
    phrases = [part for word, parts in _SPOKEN.items() if word in found for part in parts.split()]
    return (*[word[:-1] if len(word) > 4 else word for word in found], *irregular, *phrases)


def without_prefix(word: str) -> list[str]:
    """The stems of what a word that may begin with a denial denies: "safe" of "unsafe"."""
    low = word.lower()
    return [
        stem(low.removeprefix(each)) or "" for each in PREFIXES if low.startswith(each) and len(low) > len(each) + 3
    ]


@cache
def _irregular() -> Mapping[str, str]:
    pairs = [pair.split() for pair in _IRREGULAR.split(",")]
    return {
        "upheld": "uphold",
        "grew": "grow",
        "grown": "grow",
        "swollen": "swell",
        **{each[0]: each[1] for each in pairs},
    }


@cache
def opposites() -> Mapping[str, frozenset[str]]:
    """The opposites of each stem."""
    found = dict[str, set[str]]()
    pairs = [words for pair in f"{_VERBS},{_ADJECTIVES}".split(",") if len(words := pair.split()) == 2]
    families = [[side.split() for side in family.split("/")] for family in _FAMILIES.split(";")]
    for ones, others in [*(([one], [other]) for one, other in pairs), *families]:
        for one in ones:
            found.setdefault(one, set()).update(others)
        for other in others:
            found.setdefault(other, set()).update(ones)
    return {word: frozenset(others) for word, others in found.items()}
