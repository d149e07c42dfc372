"""The parameters of a query: forms of the question, which are always bound and never part of the SQL."""

from collections.abc import Mapping

from fanin.text.question_terms import subject

SEARCHING = ("question", "words", "like", "match")
NAMES = (*SEARCHING, "limit")
"""The names of the parameters, which a query writes after a colon; see `parameters`."""

type Values = Mapping[str, str | int]
"""A value for each of them."""


def parameters(question: str, *, limit: int) -> Values:
    """The values of all parameters for a question. Without words of a subject it matches nothing.

    - `question`: as asked; `words`: the words of its subject, separated by spaces
    - `like`: a pattern for LIKE with all these words in this order
    - `match`: the words, quoted and joined by OR, for FTS5's MATCH and PostgreSQL's websearch_to_tsquery
    - `limit`: the most rows that fanin takes
    """
    about = subject(question)
    return {
        "question": question,
        "words": " ".join(about),
        "like": f"%{'%'.join(about)}%" if about else "",
        "match": " OR ".join(f'"{word}"' for word in about) or '""',
        "limit": limit,
    }
