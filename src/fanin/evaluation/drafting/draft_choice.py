"""Which drafts are kept: spread over the documents, without doubtful ones, and some that nothing answers. Pure."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from fanin.evaluation.drafting.draft_rules import Draft

UNANSWERABLE = 0.1
"""The share of drafts that nothing answers."""

_SYLLABLES = ("kvo", "rel", "mun", "dra", "tis", "bol", "nex", "gar", "wiv", "sho")


def chosen(found: Iterable[Draft], count: int) -> Sequence[Draft]:
    """At most `count` drafts, one of each document in turn, without questions that stand twice or have two answers."""
    answers, by_path = defaultdict[str, set[str]](set), defaultdict[str, list[Draft]](list)
    for each in found:
        key = each.question.casefold()
        if key not in answers:
            by_path[each.path].append(each)
        answers[key].add(each.fact.casefold())
    certain = [[one for one in each if len(answers[one.question.casefold()]) == 1] for each in by_path.values()]
    spread = [one for turn in zip_longest(*certain) for one in turn if one is not None]
    return spread[:count]


def unanswerable(drafts: Sequence[Draft], words: set[str], count: int) -> Iterator[Draft]:
    """So many of the drafts, each about a name that is none of the words of the documents."""
    chance = random.Random(0)  # the same names each time
    for each in drafts[:count]:
        name = ""
        while not name or name in words:
            name = "".join(chance.sample(_SYLLABLES, 3))
        about = name if each.subject.islower() and " " not in each.subject else name.capitalize()
        yield replace(each, question=each.question.replace(each.subject, about), fact="", path="", sentence="")
