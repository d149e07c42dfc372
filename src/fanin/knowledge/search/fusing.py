"""Several orders of passages as one, and the passages of one document kept from filling it."""

import sqlite3
from collections.abc import Mapping, Sequence

from fanin.knowledge.search.asked import Hit

K = 60
"""Of reciprocal rank fusion (Cormack, Clarke and Büttcher 2009): how little the first places count above the next."""

REPEATED = 0.5
"""What each further passage of a document keeps of its score, so that one long document does not push out the rest."""

_HITS = """
SELECT p.id, p.document, d.path, p.title, p.heading, p.text, p.start, p.stop, r.name, d.published
FROM passages p JOIN documents d ON d.id = p.document JOIN roots r ON r.id = d.root WHERE p.id IN ({})
"""


def fuse(orders: Sequence[Sequence[int]]) -> dict[int, float]:
    """The score of each passage, best first: 1 for what is first in every order, less for every place further down."""
    scores: dict[int, float] = {}
    for order in orders:
        for rank, passage in enumerate(order, 1):
            scores[passage] = scores.get(passage, 0.0) + (K + 1) / (K + rank) / len(orders)
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


def hits(connection: sqlite3.Connection, scores: Mapping[int, float], *, limit: int) -> list[Hit]:
    """The best passages as hits, each further one of a document for half of what the one before it would give."""
    wanted = ", ".join("?" * len(scores))
    rows = {row[0]: row[1:] for row in connection.execute(_HITS.format(wanted), tuple(scores))}
    seen: dict[int, int] = {}
    found: list[Hit] = []
    for passage, score in scores.items():
        if passage in rows:
            document, path, title, heading, text, start, stop, name, published = rows[passage]
            before = seen.get(document, 0)
            seen[document] = before + 1
            share = round(score * REPEATED**before, 4)
            found.append(Hit(path, title, heading, text, start, stop, share, name=name, published=published))
    return sorted(found, key=lambda hit: -hit.score)[:limit]
