"""Whether the sources say anything about a question at all. Pure.

It is careful in favour of answering: a source that speaks in other words than the question is to be heard, so only
what shares too little with the question to be about it is called silence.
"""

import re

from fanin.answer.candidate_sentences import Evidence
from fanin.text.bounded_cache import cache_texts
from fanin.text.question_terms import terms
from fanin.text.word_lists import ASKING, CALENDAR
from fanin.text.words import stem

ENOUGH = 2
"""Terms of the question that a document must hold, title included, when it has three or more; else one will do."""

SURE = 0.6
"""Similarity of a sentence to the question from which it is heard though it shares too few of its words: that of a
hundred texts on other things stays below 0.5."""

MEANT = 0.45
"""Likeness in meaning from which a passage is heard though it has none of the question's words."""

_WORD = re.compile(r"[^\W\d_][\w'’-]*")  # noqa: RUF001  an apostrophe


def unanswered(question: str, evidence: Evidence) -> bool:
    """Whether no document says anything about what is asked; never of a question that only asks "what's new?".

    Each document is judged by all of its passages and its title: it has to hold enough of the question's terms, or a
    sentence that is very like it, and in any case one of the names in the question, if there are any. When documents
    were not read to their end, nobody can know: false.
    """
    asked = evidence.measure.rarity
    if not asked or evidence.unread:
        return False
    for each in evidence.candidates:
        if len(each.matches) == len(asked):
            return False
    least = ENOUGH if len(asked) > ENOUGH else 1
    named = names(question)
    held: dict[str, set[str]] = {}
    for passage, each in zip(evidence.passages, evidence.candidates, strict=True):
        meant = passage.meaning is not None and passage.meaning >= MEANT
        alike = meant or any(sentence.similarity >= SURE for sentence in each.sentences)
        if each.matches or alike:
            known = held.setdefault(passage.document_id, set())
            known.update(each.matches)
            if (alike or len(known) >= least) and (not named or not named.isdisjoint(known)):
                return False
    return True


@cache_texts(entries=256, characters=50_000)
def names(question: str) -> frozenset[str]:
    """The stems of the names in a question: words with a capital letter, the first one and calendar words aside.

    None when every word has one, as in a title: then a capital letter says nothing.
    """
    spoken = _WORD.findall(question[:4000])
    capital = [word for word in spoken[1:] if word[0].isupper()]
    if not capital or (len(spoken) > 2 and len(capital) == len(spoken) - 1 and spoken[0][0].isupper()):
        return frozenset()
    named = [stem(word) for word in map(str.lower, capital) if word not in ASKING and word not in CALENDAR]
    return frozenset(terms(question)).intersection(named)
