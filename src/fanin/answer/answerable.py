"""Whether the sources say anything about a question at all. Pure.

It is careful in favour of answering: a source that speaks in other words than the question is to be heard, so only
what shares too little with the question to be about it is called silence.
"""

from fanin.answer.candidate_sentences import Evidence

MIN_TERMS = 2
"""Terms of the question that a document must hold, title included, when it has three or more; else one will do."""

MIN_SENTENCE_SIMILARITY = 0.6
"""Similarity to the question from which a sentence counts as relevant though it shares too few of its words; that of
a hundred texts on other subjects stays below 0.5."""

MIN_PASSAGE_SIMILARITY = 0.45
"""Similarity in meaning from which a passage counts as relevant though it has none of the question's words."""


def unanswered(evidence: Evidence) -> bool:
    """Whether no document says anything about what is asked; never of a question that only asks "what's new?".

    Each document is judged by all of its passages and its title: it has to hold enough of the question's terms, or a
    sentence that is very like it, and in any case one of the names in the question, if there are any. When documents
    were not read to their end, nobody can know: false.
    """
    asked, named = evidence.terms.stems, evidence.terms.names
    if not asked or evidence.unread:
        return False
    for each in evidence.candidates:
        if len(each.matches) == len(asked):
            return False
    least = MIN_TERMS if len(asked) > MIN_TERMS else 1
    held: dict[str, set[str]] = {}
    for passage, each in zip(evidence.passages, evidence.candidates, strict=True):
        meant = passage.meaning is not None and passage.meaning >= MIN_PASSAGE_SIMILARITY
        alike = meant or any(sentence.similarity >= MIN_SENTENCE_SIMILARITY for sentence in each.sentences)
        if each.matches or alike:
            known = held.setdefault(passage.document_id, set())
            known.update(each.matches)
            if (alike or len(known) >= least) and (not named or not named.isdisjoint(known)):
                return False
    return True
