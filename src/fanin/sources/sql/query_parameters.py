"""What a query can ask for by name: forms of the question, always as bound parameters and never as SQL."""

from collections.abc import Mapping

from fanin.text.words import subject

NAMES = ("question", "words", "like", "match", "limit")
"""What a query may name with a colon before it; `parameters` says what each is."""

type Values = Mapping[str, str | int]
"""A value for each of them."""


def parameters(question: str, *, limit: int) -> Values:
    """The question as asked; the words that say what it is about, with spaces between them; the same as a pattern for
    LIKE that wants all of them in this order; the same in quotation marks with OR between them, as both FTS5's MATCH
    and PostgreSQL's websearch_to_tsquery read it; and the most rows that fanin takes. A question without such words
    matches nothing.
    """
    about = subject(question)
    return {
        "question": question,
        "words": " ".join(about),
        "like": f"%{'%'.join(about)}%" if about else "",
        "match": " OR ".join(f'"{word}"' for word in about) or '""',
        "limit": limit,
    }
