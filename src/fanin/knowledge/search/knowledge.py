"""Searches a knowledge base by words and by meaning."""

import sqlite3
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from fanin.embeddings.minilm import Embedder, embedder
from fanin.embeddings.token_table import vector
from fanin.knowledge.search.lexical_search import found_terms, search_words
from fanin.knowledge.search.model_order import order_by_model, to_be_read
from fanin.knowledge.search.rank_fusion import (
    Scores,
    best_first,
    fuse,
    rank_passages,
    reorder,
    weigh,
    with_best_documents,
    with_documents,
)
from fanin.knowledge.search.search_values import (
    Filters,
    Findings,
    FoundPassage,
    IsStopped,
    SearchMode,
    raise_if_stopped,
)
from fanin.knowledge.search.spelling import corrected, corrections, is_mostly_unknown
from fanin.knowledge.search.vector_search import Vectors, can_search_all
from fanin.knowledge.store.database_file import open_for_reading, open_for_writing
from fanin.knowledge.store.passage_vectors import (
    document_similarities,
    keep_model_vectors,
    placeholders,
    similarities,
)
from fanin.knowledge.store.word_index import is_current

DEPTH = 200
"""Passages of each measure that are fused."""

COMPARED = 32
"""Documents that are compared with the question as a whole: 1 ms."""

BEST = 4
"""Documents of which an answer gets several passages."""

STEPS = 1_000
"""Instructions of SQLite's virtual machine between two checks whether to stop; less than a millisecond."""

_PASSAGES = """
SELECT p.id, d.path, p.title, p.heading, p.text, p.start, p.stop, r.name, d.published
FROM passages p JOIN documents d ON d.id = p.document JOIN roots r ON r.id = d.root WHERE p.id IN ({})
"""
_DOCUMENTS = """
SELECT p.id, d.id FROM passages p JOIN documents d ON d.id = p.document WHERE p.id IN ({}) ORDER BY d.path, p.start
"""
_SIZES = "SELECT document, count(*) FROM passages WHERE document IN ({}) GROUP BY document"
_BESIDE = """
SELECT b.id FROM passages a JOIN passages b ON b.document = a.document WHERE a.id = ? ORDER BY abs(b.id - a.id) LIMIT ?
"""
_FILTERED = """
SELECT p.id FROM passages p JOIN documents d ON d.id = p.document JOIN roots r ON r.id = d.root WHERE {}
"""


class Knowledge:
    """A knowledge base that is searched many times; threads may share it. Each search opens the file itself.

    `embedder` gives the model that reads the best passages, or None.
    """

    def __init__(self, path: Path, *, embedder: Callable[[], Embedder | None] = embedder) -> None:
        self.path = path
        self._embedder = embedder
        self._vectors = Vectors()

    def is_filled(self) -> bool:
        """Whether it has any passages. Raises KnowledgeError for a file that is not a knowledge base."""
        if not self.path.exists() or not self.path.stat().st_size:
            return False
        with open_for_reading(self.path) as connection:
            return connection.execute("SELECT 1 FROM passages").fetchone() is not None

    def search(
        self,
        question: str,
        *,
        limit: int = 10,
        filters: Filters | None = None,
        way: SearchMode = "hybrid",
        stopped: IsStopped = lambda: False,
    ) -> list[FoundPassage]:
        """The passages that `find` finds."""
        return list(self.find(question, limit=limit, filters=filters, way=way, stopped=stopped).passages)

    def find(
        self,
        question: str,
        *,
        limit: int = 10,
        filters: Filters | None = None,
        way: SearchMode = "hybrid",
        by_page: bool = True,
        stopped: IsStopped = lambda: False,
    ) -> Findings:
        """At most `limit` passages, best first. Blocking. Raises KnowledgeError if the file cannot be read.

        `by_page` ranks pages: the passages of a document vote for it, and each further one counts less. Without it
        every passage stands where it comes by itself and by how similar its document is, and a quarter of them at
        least are of the document that is first and an eighth of each of the next three, which serves an answer. A
        misspelt word is corrected by how the passages spell it.

        The `way` "hybrid" ranks by words and by vectors, and lets the model order the best; "lexical" ranks by words
        alone, and "semantic" by vectors and the model. Without numpy, vectors rank only what words find.

        Once `stopped` returns true it raises SearchStopped: within 1,000 steps of SQLite, and between two calls of the
        model.
        """
        wanted = filters or Filters()
        with open_for_reading(self.path) as connection, _interruptible(stopped, connection):
            self._bring_up_to_date(connection, stopped)
            connection.execute("BEGIN")  # all steps read the same state of the file
            meant = corrections(connection, question)
            question = corrected(question, meant)
            words = search_words(connection, question, wanted, limit=DEPTH)
            measured = [words] if way != "semantic" else list[Scores]()
            if way != "lexical":
                measured.append(self._by_vectors(connection, question, words, wanted, stopped))
            fused, made = fuse(measured), dict[bytes, bytes]()
            if way != "semantic":
                fused = weigh(fused, found_terms(connection, question, fused))
            documents = _documents(connection, fused)
            scores = best_first(fused, documents)
            model = self._embedder() if scores and way != "lexical" else None
            if way != "lexical" and (model is not None or not by_page):
                scores = best_first(_with_documents(connection, question, scores, documents), documents)
            if model is not None:
                read = to_be_read(scores, documents) if by_page else [*scores][:limit]
                best, made = order_by_model(connection, model, question, read, stopped)
                scores = reorder(scores, best)
            rank = _by_page if by_page else _by_passage
            ranked = rank(connection, scores, documents, limit)
            found = _found_passages(connection, ranked)
            connection.execute("COMMIT")
            if made:
                keep_model_vectors(connection, made)
            return Findings(found, question if meant else "")

    def _bring_up_to_date(self, connection: sqlite3.Connection, stopped: IsStopped) -> None:
        """Let an index that an older version made be made anew; where the search stops before, a later one goes on."""
        if not is_current(connection):
            with open_for_writing(self.path, stopped=stopped):
                raise_if_stopped(stopped)

    def _by_vectors(
        self,
        connection: sqlite3.Connection,
        question: str,
        words: Scores,
        filters: Filters,
        stopped: IsStopped,
    ) -> dict[int, float]:
        """How similar the vectors of passages are: of those found by words, and with numpy the nearest of all.

        Of none if no passage has a word of a question that consists of unknown words.
        """
        asked = vector(question)
        if not asked.length or (not words and is_mostly_unknown(question)):
            return {}
        similar = similarities(connection, asked, [*words])
        if can_search_all():
            allowed = _filtered_passages(connection, filters)
            similar |= self._vectors.nearest(connection, asked, limit=DEPTH, allowed=allowed, stopped=stopped)
        return similar


@contextmanager
def _interruptible(stopped: IsStopped, connection: sqlite3.Connection) -> Generator[None]:
    """Interrupt the statement that runs once `stopped` returns true."""
    connection.set_progress_handler(stopped, STEPS)
    try:
        yield
    except sqlite3.OperationalError:
        raise_if_stopped(stopped)
        raise


def _by_page(
    connection: sqlite3.Connection, scores: Scores, documents: Mapping[int, int], limit: int
) -> list[tuple[int, float]]:
    return rank_passages(scores, documents, _sizes(connection, set(documents.values())))[:limit]


def _by_passage(
    connection: sqlite3.Connection, scores: Scores, documents: Mapping[int, int], limit: int
) -> list[tuple[int, float]]:
    by_document: dict[int, list[int]] = {}
    for passage in scores:
        by_document.setdefault(documents[passage], []).append(passage)
    best = [*by_document.values()][:BEST]
    for found in best:
        beside = connection.execute(_BESIDE, (found[0], limit)).fetchall()
        found += [passage for (passage,) in beside if passage not in scores]
    return with_best_documents(scores, best, limit=limit)


def _with_documents(
    connection: sqlite3.Connection, question: str, scores: Scores, documents: Mapping[int, int]
) -> dict[int, float]:
    """The scores by how similar the documents are as well, of which the best are compared with the question."""
    compared = [*dict.fromkeys(documents[passage] for passage in scores)][:COMPARED]
    return with_documents(scores, documents, document_similarities(connection, vector(question), compared))


def _documents(connection: sqlite3.Connection, passages: Collection[int]) -> dict[int, int]:
    """The document of each passage; the passages in the order of paths and places, however they came into the file."""
    return dict(connection.execute(_DOCUMENTS.format(placeholders(passages)), tuple(passages)))


def _sizes(connection: sqlite3.Connection, documents: Collection[int]) -> dict[int, int]:
    """The number of passages of each document."""
    return dict(connection.execute(_SIZES.format(placeholders(documents)), tuple(documents)))


def _found_passages(connection: sqlite3.Connection, ranked: Sequence[tuple[int, float]]) -> list[FoundPassage]:
    rows = connection.execute(_PASSAGES.format(placeholders(ranked)), tuple(passage for passage, _ in ranked))
    by_id = {row[0]: row[1:] for row in rows}
    return [
        FoundPassage(path, title, heading, text, start, stop, round(score, 4), name=name, published=published)
        for passage, score in ranked
        for path, title, heading, text, start, stop, name, published in (by_id[passage],)
    ]


def _filtered_passages(connection: sqlite3.Connection, filters: Filters) -> Collection[int] | None:
    clause, values = filters.clause()
    return [number for (number,) in connection.execute(_FILTERED.format(clause), values)] if clause else None
