"""An answer without a model: a few sentences of the sources, word for word, each with its citation."""

from collections.abc import Sequence

from fanin.answer.lines import Evidence, Line, fitting_lines, leading_lines
from fanin.model import Citation
from fanin.text.likeness import loses_a_fact

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

SAME = 0.6
"""Share of its words that a sentence may have in common with another one and still add something."""


def extract(question: str, fused: Evidence, *, numbers: dict[str, int]) -> tuple[str, tuple[Citation, ...]]:
    """A text of a few verbatim sentences, each followed by its number like " [1]", and a citation for each of them.

    Sentences are chosen for what they say of the question, for their passage's rank, and for what the others do not
    say yet (the idea of maximal marginal relevance: Carbonell and Goldstein, 1998); every source that has something
    to say gets a word. A question that fits nothing is answered with the first sentence of each source. `numbers`
    maps documents to citation numbers and is extended. White space within a sentence is collapsed in the text, not in
    the quote. ("", ()) when nothing arrived.
    """
    lines = fitting_lines(question, fused) or leading_lines(fused)
    chosen = _chosen(sorted(lines, key=Line.order))
    return _written(chosen, numbers)


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
        best = max(rest, key=lambda line: line.worth - REPEATED * counts.get(line.passage.source, 0))
        rest.remove(best)
        if not _repeats(best, chosen):
            chosen.append(best)
            counts[best.passage.source] = counts.get(best.passage.source, 0) + 1


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


def _written(chosen: Sequence[Line], numbers: dict[str, int]) -> tuple[str, tuple[Citation, ...]]:
    """The lines by document, in the order of each document's best line, and within one as it has them."""
    documents: dict[str, list[Line]] = {}
    for line in chosen:
        documents.setdefault(line.passage.document_id, []).append(line)
    fresh = max(numbers.values(), default=0) + 1
    parts: list[str] = []
    citations: list[Citation] = []
    for document, lines in documents.items():
        number = numbers.setdefault(document, fresh)
        fresh += number == fresh
        for line in sorted(lines, key=_start) if len(lines) > 1 else lines:
            parts.append(f"{_on_one_line(line.quote)} [{number}]")
            citations.append(_citation(line, number))
    return " ".join(parts), tuple(citations)


def _citation(line: Line, number: int) -> Citation:
    said = line.passage
    return Citation(number, line.quote, said.source, said.document, line.start, line.end, said.title, said.url)


def _start(line: Line) -> int:
    return line.start


def _on_one_line(quote: str) -> str:
    return quote if quote.isprintable() and "  " not in quote else " ".join(quote.split())
