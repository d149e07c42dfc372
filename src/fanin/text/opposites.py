"""Pairs of English words that say the opposite in the same place of a sentence, each in the same form. Pure."""

from collections.abc import Mapping

_PAIRS = """
    open closed, opened closed, opens closes, alive dead, legal illegal, safe unsafe, rose fell, rise
    fall, rises falls, rising falling, risen fallen, climbed dropped, climbs drops, up down, upwards
    downwards, higher lower, highest lowest, increased decreased, increase decrease, increases
    decreases, increased reduced, raised lowered, raised cut, grew shrank, grow shrink, grows shrinks,
    growing shrinking, gained lost, gains loses, gain loss, expanded shrank, doubled halved, improved
    worsened, improves worsens, strengthened weakened, stronger weaker, more fewer, more less, most
    least, larger smaller, longer shorter, faster slower, warmer colder, cheaper dearer, thicker thinner,
    heavier lighter, wider narrower, deeper shallower, louder quieter,
    older younger, richer poorer, brighter darker, hotter colder,
    earlier later,
    early late, approved rejected, approve reject, approves rejects, accepted rejected, accepts rejects,
    accepted refused, accepted declined, adopted rejected, passed rejected, passed failed, granted
    refused, granted denied, backed opposed, supported opposed, supports opposes, support oppose,
    confirmed denied, confirms denies, agreed refused, won lost, wins loses, succeeded failed, succeeds
    fails, guilty innocent, convicted acquitted, allowed forbidden, allowed banned, allows forbids,
    allows bans, permitted forbidden, permitted prohibited, included excluded, includes excludes,
    enabled disabled, enables disables, required optional, started stopped, starts stops, began ended,
    begins ends, continues stops, continued stopped, arrived departed, arrives departs, bought sold,
    buys sells, hired fired, joined left, joins leaves, entered left, north south, northern southern,
    east west, eastern western, left right, above below, over under, before after, hot cold, wet dry,
    full empty, free occupied, true false, minimum maximum, best worst, first last, profit loss, surplus
    deficit, for against, with without, always never, possible impossible,
    renewed revoked, renews revokes, adopted defeated, passed defeated, approved vetoed, granted withdrawn, confirmed
    withdrawn, confirmed revoked, upheld overturned, accepted dismissed, launched scrapped, backed blocked, legalised
    outlawed, jumped plunged, soared slumped, climbed sank, rose sank, gained dropped, grew fell, advanced retreated,
    recovered collapsed, swelled dwindled, attended missed, present absent, opened shut, resumed suspended, kept
    cancelled, saved scrapped
"""


def _pairs() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for one, other in (pair.split() for pair in _PAIRS.split(",")):
        found[one] = (*found.get(one, ()), other)
        found[other] = (*found.get(other, ()), one)
    return found


OPPOSITES: Mapping[str, tuple[str, ...]] = _pairs()
"""The opposites of each word, in lower case."""
