"""An answer without a model: a few sentences of the sources, word for word, each with its citation."""

from collections.abc import Sequence

from fanin import lazy
from fanin.answer.answerable import unanswered
from fanin.answer.candidate_sentences import CandidateSentence, Evidence, fitting_sentences, leading_sentences
from fanin.answer.draft import Draft, Statement
from fanin.model import Citation
from fanin.text.word_overlap import loses_a_fact

USUAL = 5
"""Sentences of an answer."""

MOST = 8
"""Sentences of an answer when so many sources have something to say: each gets its word before one gets two."""

RELEVANT = 0.2
"""A source whose best sentence says less of the question than this share of the best one has nothing to say."""

WORTHY = 0.5
"""A further sentence of a source must say at least this share of the best one."""

REPEATED = 0.15
"""What a sentence is worth less for each sentence that its source already has in the answer."""

NEAREST = 3
"""Sentences that are quoted when the sources do not say what was asked."""

ALIKE = 0.3
"""What a sentence is worth less when all of its words stand in one that the answer has."""

SAME = 0.6
"""Share of its words that a sentence may have in common with another one and still add something."""


def extract(question: str, fused: Evidence, *, numbers: dict[str, int]) -> Draft:
    """A draft of a few verbatim sentences, each with its citation, and the figures on which their sources differ.

    Sentences are chosen for what they say of the question, for their passage's rank, and for what the others do not
    say yet (maximal marginal relevance: Carbonell and Goldstein, 1998); every source that has something to say gets
    a word. A question that only asks is answered with the first sentence of each source, and so, marked as not
    answered, is one of which no source says anything. `numbers` maps documents to citation numbers and is extended.
    White space within a sentence is collapsed in the text, not in the quote. Without passages the draft is empty.
    """
    if not fused.passages:
        return Draft()
    sentences = sorted(fitting_sentences(question, fused) or leading_sentences(fused), key=CandidateSentence.order)
    if unanswered(fused):
        return Draft(_written(_chosen(sentences)[:NEAREST], numbers), answered=False)
    statements = _written(_chosen(sentences), numbers)
    if len(statements) < 2:
        return Draft(statements)
    days = {passage.document_id: passage.published[:10] for passage in fused.passages if passage.published}
    quoted = [statement.citations[0] for statement in statements]
    return Draft(statements, conflicts=lazy.conflicts.conflicts(quoted, days))


def _chosen(sentences: Sequence[CandidateSentence]) -> list[CandidateSentence]:
    """The sentences of the answer, from all by falling worth: the best of each source, then what adds most."""
    if not sentences:
        return []
    least = RELEVANT * max([sentence.relevance for sentence in sentences])
    chosen: list[CandidateSentence] = []
    counts: dict[str, int] = {}
    for sentence in sentences:
        source = sentence.passage.source
        if source not in counts and sentence.relevance >= least and len(chosen) < MOST:
            if _repeats(sentence, chosen):
                continue
            counts[source] = 1
            chosen.append(sentence)
    if len(sentences) > len(chosen) < USUAL:
        _add_more(chosen, sentences, counts)
    return chosen


def _add_more(chosen: list[CandidateSentence], sentences: Sequence[CandidateSentence], counts: dict[str, int]) -> None:
    """Fill up to the usual length with strong sentences, always the one worth most beside those chosen."""
    worthy = WORTHY * max([sentence.relevance for sentence in chosen])
    rest = [
        sentence
        for sentence in sentences
        if sentence not in chosen and sentence.relevance >= worthy and not sentence.weak
    ]
    while rest and len(chosen) < USUAL:
        best = max(rest, key=lambda sentence: sentence.worth - _redundancy(sentence, chosen, counts))
        rest.remove(best)
        if not _repeats(best, chosen):
            chosen.append(best)
            counts[best.passage.source] = counts.get(best.passage.source, 0) + 1


def _redundancy(sentence: CandidateSentence, chosen: Sequence[CandidateSentence], counts: dict[str, int]) -> float:
    """What the sentence is worth less beside those chosen: for each of its source, and for what it has in common."""
    words = sentence.words()
    common = max(len(words & other.words()) for other in chosen)
    return REPEATED * counts.get(sentence.passage.source, 0) + ALIKE * common / len(words)


def _repeats(sentence: CandidateSentence, chosen: Sequence[CandidateSentence]) -> bool:
    """Whether one of the chosen sentences says so already."""
    if not chosen:
        return False
    words = sentence.words()
    most = SAME * len(words)
    for other in chosen:
        if len(words & other.words()) > most and not loses_a_fact(sentence.quote, stays=other.quote):
            return True
    return False


def _written(chosen: Sequence[CandidateSentence], numbers: dict[str, int]) -> tuple[Statement, ...]:
    """The sentences by document, in the order of each document's best sentence, and within one as it has them."""
    documents: dict[str, list[CandidateSentence]] = {}
    for sentence in chosen:
        documents.setdefault(sentence.passage.document_id, []).append(sentence)
    fresh = max(numbers.values(), default=0) + 1
    statements: list[Statement] = []
    for document, sentences in documents.items():
        number = numbers.setdefault(document, fresh)
        fresh += number == fresh
        ordered = sorted(sentences, key=_start) if len(sentences) > 1 else sentences
        statements += [Statement(_on_one_line(sentence.quote), (_citation(sentence, number),)) for sentence in ordered]
    return tuple(statements)


def _citation(sentence: CandidateSentence, number: int) -> Citation:
    passage = sentence.passage
    return Citation(
        number,
        sentence.quote,
        passage.source,
        passage.document,
        sentence.start,
        sentence.end,
        passage.title,
        passage.url,
    )


def _start(sentence: CandidateSentence) -> int:
    return sentence.start


def _on_one_line(quote: str) -> str:
    return quote if quote.isprintable() and "  " not in quote else " ".join(quote.split())
