"""An answer without a model: a few sentences of the sources, word for word, each with its citation."""

import re
from collections.abc import Sequence
from dataclasses import replace

from fanin import lazy
from fanin.answer.answerable import DOUBTFUL, SILENT, doubt_about
from fanin.answer.asked_value import AskedValue, asked_value
from fanin.answer.candidate_sentences import (
    CandidateSentence,
    Evidence,
    fitting_sentences,
    is_within,
    leading_sentences,
)
from fanin.answer.conflicting.outdated import with_days
from fanin.answer.draft import Draft, Statement, page_of
from fanin.answer.parts.answered_parts import answered_parts
from fanin.answer.parts.question_parts import question_parts
from fanin.answer.quoting import as_answered, on_one_line, quoted_parts
from fanin.answer.recency import Recency, by_score
from fanin.model import Citation, Passage
from fanin.text.dates.asked_time import AskedTime
from fanin.text.word_overlap import changes_words, loses_a_fact

USUAL_SENTENCES = 5
"""Sentences of an answer, usually."""

MAX_SENTENCES = 8
"""Sentences of an answer at most, if as many sources have relevant ones: each source is quoted before one is again."""

MIN_RELEVANCE = 0.2
"""The share of the best relevance below which a source is not quoted."""

MIN_FURTHER_RELEVANCE = 0.5
"""The share of the best relevance that a second or third sentence of a source must have."""

SAME_SOURCE_PENALTY = 0.15
"""Subtracted from a sentence's score for each sentence of its source that is in the answer already."""

NEAREST_SENTENCES = 3
"""Sentences that are quoted when the sources do not say what was asked."""

SIMILARITY_PENALTY = 0.3
"""Subtracted from a sentence's score if all of its words are in a sentence of the answer; less for fewer words."""

ABOVE = 600
"""Characters of a document's best passage that tell what a quote of it is about."""

ABOUT = 0.5
"""The share of the question's terms from which a sentence may contradict one of the answer."""

AS_GOOD = 0.8
"""The share of the best sentence's relevance from which another one answers as well."""

MAX_SHARED_WORDS = 0.6
"""The share of its words up to which a sentence may repeat another one."""

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")


def extract(question: str, fused: Evidence, *, numbers: dict[str, int], time: AskedTime | None = None) -> Draft:
    """A draft of a few verbatim sentences, each with its citation, and the figures on which their sources differ.

    Sentences are chosen for what they say of the question, for their passage's rank, and for what the others do not
    say yet (maximal marginal relevance: Carbonell and Goldstein, 1998); every source that has something to say gets
    a word. A question that only asks is answered with the first sentence of each source, and so, marked as not
    answered, is one of which no source says anything. `time` is given if the question asks for what is new, or of
    certain days: then the newest goes first. `numbers` maps pages to citation numbers and is extended.
    White space within a sentence is collapsed in the text, not in the quote. Without passages the draft is empty.
    """
    if not fused.passages:
        return Draft()
    recency = Recency(question, fused, time) if time is not None else None
    fitting = sorted(fitting_sentences(question, fused), key=CandidateSentence.order)
    parts = question_parts(question)
    if len(parts) > 1:
        chosen, missing, doubt = answered_parts(parts, fused, recency)
    else:
        chosen, missing, doubt = [], (), doubt_about(question, fused, fitting)
    sentences = by_score(fitting or leading_sentences(fused), recency)
    if doubt > SILENT:
        return Draft(_written(_grouped(_chosen(sentences)[0][:NEAREST_SENTENCES]), numbers), answered=False)
    anew = not numbers
    if not chosen:
        chosen, rest = _chosen(sentences)
        if rest:
            chosen += _other_sides(chosen, rest, question, fused, time)
        chosen = _grouped(_newest_first(chosen, question))
        chosen = chosen if recency is None else recency.ordered(chosen)
    if chosen[0].weak and chosen[0].quote[-1] == ":" and not chosen[0].goes_on:  # of a list that is not there
        return Draft(_written(chosen[:1], numbers), answered=False)
    for each in chosen:
        if each.goes_on:
            each.explain(asked_value(question), first=each is chosen[0])
    draft = Draft(_written(chosen, numbers, recency), unanswered=missing, doubtful=doubt > DOUBTFUL)
    return draft if len(draft.statements) < 2 else _compared(draft, question, fused, time, anew=anew)


def _compared(draft: Draft, question: str, evidence: Evidence, time: AskedTime | None, *, anew: bool) -> Draft:
    """The draft with its conflicts, and of two sentences of different age the newer one first, both with their day."""
    quoted = [statement.citations[-1] for statement in draft.statements]
    near = {} if time is None else {"near": 0}
    found = lazy.conflicts.differences(quoted, question=question, above=_above(evidence), **near)
    draft = replace(draft, conflicts=found.conflicts)
    if time is not None and time.recent:
        return draft  # the newest is first, and the others have their day
    return with_days(draft, found.outdated, newer_first=time is None, anew=anew)


def _chosen(
    sentences: Sequence[CandidateSentence],
) -> tuple[list[CandidateSentence], Sequence[CandidateSentence]]:
    """The sentences of the answer, from all by falling score, and the good ones that stay away.

    The best of each source is chosen, then what adds most.
    """
    if not sentences:
        return [], ()
    least = MIN_RELEVANCE * max([sentence.relevance for sentence in sentences])
    chosen: list[CandidateSentence] = []
    counts: dict[str, int] = {}
    for sentence in sentences:
        source = sentence.passage.source
        if source not in counts and sentence.relevance >= least and len(chosen) < MAX_SENTENCES:
            if _repeats(sentence, chosen):
                continue
            counts[source] = 1
            chosen.append(sentence)
    if len(sentences) == len(chosen):
        return chosen, ()
    has_value = chosen[0].has_value
    rest = [
        each
        for each in sentences
        if each.relevance >= least and not each.weak and each.has_value >= has_value and each not in chosen
    ]
    if rest and len(chosen) < USUAL_SENTENCES:
        _add_more(chosen, rest, counts)
    return chosen, rest


def _add_more(chosen: list[CandidateSentence], good: Sequence[CandidateSentence], counts: dict[str, int]) -> None:
    """Fill up to the usual length with strong sentences, always the one with the highest score beside those chosen."""
    own = MIN_FURTHER_RELEVANCE * max([sentence.own for sentence in chosen])
    least_relevance = MIN_FURTHER_RELEVANCE * max([sentence.relevance for sentence in chosen])
    rest = [each for each in good if each.own >= own and each.relevance >= least_relevance]
    while rest and len(chosen) < USUAL_SENTENCES:
        best = max(rest, key=lambda sentence: sentence.score - _redundancy(sentence, chosen, counts))
        rest.remove(best)
        if not _repeats(best, chosen):
            chosen.append(best)
            counts[best.passage.source] = counts.get(best.passage.source, 0) + 1


def _other_sides(
    chosen: Sequence[CandidateSentence],
    good: Sequence[CandidateSentence],
    question: str,
    evidence: Evidence,
    time: AskedTime | None,
) -> list[CandidateSentence]:
    """The good sentences about half of the question or more that give another value than the chosen ones do."""
    least = ABOUT * len(evidence.terms.stems)
    rest = [each for each in good if len(each.known or each.matches) >= least and each not in chosen]
    if not rest:
        return []
    quoted, further = ([_citation(each.passage, each.first, each.last, 0) for each in some] for some in (chosen, rest))
    near = {} if time is None else {"near": 0}
    found = lazy.conflicts.contradicting(quoted, further, question=question, above=_above(evidence), **near)
    return [each for each, cited in zip(rest, further, strict=True) if cited in found]


def _above(evidence: Evidence) -> dict[str, str]:
    """The beginning of the best passage of each document, by its id."""
    return {passage.document_id: passage.text[:ABOVE] for passage in evidence.passages}


def _redundancy(sentence: CandidateSentence, chosen: Sequence[CandidateSentence], counts: dict[str, int]) -> float:
    """The penalty for sentences already chosen: those of the same source, and those with the same words."""
    words = sentence.words()
    common = max(len(words & other.words()) for other in chosen)
    return SAME_SOURCE_PENALTY * counts.get(sentence.passage.source, 0) + SIMILARITY_PENALTY * common / len(words)


def _repeats(sentence: CandidateSentence, chosen: Sequence[CandidateSentence]) -> bool:
    """Whether one of the chosen sentences repeats it."""
    words = sentence.words()
    most = MAX_SHARED_WORDS * len(words)
    for other in chosen:
        if len(words & other.words()) > most and not (
            loses_a_fact(sentence.quote, stays=other.quote) or changes_words(sentence.quote, stays=other.quote)
        ):
            return True
    return False


def _newest_first(chosen: list[CandidateSentence], question: str) -> list[CandidateSentence]:
    """The sentences, of which those that answer as well as the first one are in the order of the years that they name.

    Only if each of them names one, and the question asks neither for a time nor about a year.
    """
    if len(chosen) < 2 or not (first := _YEAR.findall(chosen[0].quote)):
        return chosen
    if _YEAR.search(question) or asked_value(question) is AskedValue.TIME:
        return chosen
    years = [max(first)]
    for each in chosen[1:]:
        named = _YEAR.findall(each.quote)
        if not named or each.relevance < AS_GOOD * chosen[0].relevance:
            break
        years.append(max(named))
    ordered = sorted(zip(years, chosen, strict=False), key=lambda item: item[0], reverse=True)
    return [*(each for _, each in ordered), *chosen[len(years) :]]


def _grouped(chosen: Sequence[CandidateSentence]) -> list[CandidateSentence]:
    """The sentences by document: its best one first, the others as the document has them."""
    documents: dict[str, list[CandidateSentence]] = {}
    for sentence in chosen:
        documents.setdefault(sentence.passage.document_id, []).append(sentence)
    return [each for first, *rest in documents.values() for each in (first, *sorted(rest, key=_start))]


def _written(
    chosen: Sequence[CandidateSentence], numbers: dict[str, int], recency: Recency | None = None
) -> tuple[Statement, ...]:
    """A statement of each sentence, and of what is quoted with it; pages without a number get the next one."""
    fresh = max(numbers.values(), default=0) + 1
    statements: list[Statement] = []
    named: CandidateSentence | None = None
    for at, sentence in enumerate(chosen):
        if is_within(sentence, chosen[:at]) or is_within(sentence, chosen[at + 1 :], whole=False):
            continue
        number = numbers.setdefault(page_of(sentence.passage), fresh)
        fresh += number == fresh
        heading = sentence.heading
        if heading is not None and named is not None and _is_same(heading, named):
            heading = None
        statement = _statement(sentence, heading, number)
        statements.append(statement if recency is None else replace(statement, dated=recency.note(sentence)))
        named = sentence.heading
    return tuple(statements)


def _is_same(one: CandidateSentence, other: CandidateSentence) -> bool:
    return one.start == other.start and one.passage is other.passage


def _statement(sentence: CandidateSentence, heading: CandidateSentence | None, number: int) -> Statement:
    """The sentence, with the heading that names what it is about before it."""
    cited = _citation(sentence.passage, sentence.first, sentence.last, number)
    text, parts = (cited.quote, (cited,)) if cited.quote.isprintable() and "  " not in cited.quote else _divided(cited)
    if heading is None:
        return Statement(text, parts)
    named = _citation(heading.passage, heading.start, heading.end, number)
    return Statement(f"{on_one_line(named.quote).rstrip(':')}: {text}", (named, *parts))


def _divided(cited: Citation) -> tuple[str, tuple[Citation, ...]]:
    """How a quote of several lines reads, and the citations of its parts: code is cited without its fences."""
    parts = quoted_parts(cited.quote)
    citations = [
        replace(cited, quote=cited.quote[start:end], start=cited.start + start, end=cited.start + end)
        for start, end, _ in parts
    ]
    return as_answered(cited.quote, parts), tuple(citations)


def _citation(passage: Passage, start: int, end: int, number: int) -> Citation:
    quote = passage.text[start - passage.start : end - passage.start]
    names = passage.title, passage.url, passage.published
    return Citation(number, quote, passage.source, passage.document, start, end, *names)


def _start(sentence: CandidateSentence) -> int:
    return sentence.start
