"""An answer without a model: a few sentences of the sources, word for word, each with its citation."""

from collections.abc import Sequence

from fanin.answer.answerable import silent
from fanin.answer.candidate_sentences import Evidence, Line, fitting_lines, leading_lines
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
    lines = sorted(fitting_lines(question, fused) or leading_lines(fused), key=Line.order)
    if silent(question, fused):
        return Draft(_written(_chosen(lines)[:NEAREST], numbers), answered=False)
    statements = _written(_chosen(lines), numbers)
    if len(statements) < 2:
        return Draft(statements)
    from fanin.answer.conflicts import conflicts

    days = {passage.document_id: passage.published[:10] for passage in fused.passages if passage.published}
    return Draft(statements, conflicts=conflicts([statement.citations[0] for statement in statements], days))


def _chosen(lines: Sequence[Line]) -> list[Line]:
    """The lines of the answer, from all lines by falling worth: the best of each source, then what adds most."""
    if not lines:
        return []
    least = RELEVANT * max([line.said for line in lines])
    chosen: list[Line] = []
    counts: dict[str, int] = {}
    for line in lines:
        source = line.passage.source
        if source not in counts and line.said >= least and len(chosen) < MOST:
            if _repeats(line, chosen):
                continue
            counts[source] = 1
            chosen.append(line)
    if len(lines) > len(chosen) < USUAL:
        _add_more(chosen, lines, counts)
    return chosen


def _add_more(chosen: list[Line], lines: Sequence[Line], counts: dict[str, int]) -> None:
    """Fill up to the usual length with strong lines, always the one worth most beside those chosen."""
    worthy = WORTHY * max([line.said for line in chosen])
    rest = [line for line in lines if line not in chosen and line.said >= worthy and not line.weak]
    while rest and len(chosen) < USUAL:
        best = max(rest, key=lambda line: line.worth - _told_already(line, chosen, counts))
        rest.remove(best)
        if not _repeats(best, chosen):
            chosen.append(best)
            counts[best.passage.source] = counts.get(best.passage.source, 0) + 1


def _told_already(line: Line, chosen: Sequence[Line], counts: dict[str, int]) -> float:
    """What the line is worth less beside those chosen: for each of its source, and for what it has in common."""
    words = line.words()
    common = max(len(words & other.words()) for other in chosen)
    return REPEATED * counts.get(line.passage.source, 0) + ALIKE * common / len(words)


def _repeats(line: Line, chosen: Sequence[Line]) -> bool:
    """Whether one of the chosen lines says so already."""
    if not chosen:
        return False
    words = line.words()
    most = SAME * len(words)
    for other in chosen:
        if len(words & other.words()) > most and not loses_a_fact(line.quote, stays=other.quote):
            return True
    return False


def _written(chosen: Sequence[Line], numbers: dict[str, int]) -> tuple[Statement, ...]:
    """The lines by document, in the order of each document's best line, and within one as it has them."""
    documents: dict[str, list[Line]] = {}
    for line in chosen:
        documents.setdefault(line.passage.document_id, []).append(line)
    fresh = max(numbers.values(), default=0) + 1
    statements: list[Statement] = []
    for document, lines in documents.items():
        number = numbers.setdefault(document, fresh)
        fresh += number == fresh
        ordered = sorted(lines, key=_start) if len(lines) > 1 else lines
        statements += [Statement(_on_one_line(line.quote), (_citation(line, number),)) for line in ordered]
    return tuple(statements)


def _citation(line: Line, number: int) -> Citation:
    said = line.passage
    return Citation(number, line.quote, said.source, said.document, line.start, line.end, said.title, said.url)


def _start(line: Line) -> int:
    return line.start


def _on_one_line(quote: str) -> str:
    return quote if quote.isprintable() and "  " not in quote else " ".join(quote.split())
