"""Corrects misspelt words of a question by how the passages of the knowledge base spell theirs."""

import json
import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from fanin.embeddings.wordpiece import word_pieces
from fanin.text.folding import folded, without_accents
from fanin.text.index_terms import is_spelled, question_words, term
from fanin.text.words import stem, technical_tokens, words

FAR = 7
"""Letters from which a word may have two mistakes; a shorter one may have one."""

SHORT, SHORTEST = 5, 4
"""Letters up to which no letter may be another one, and up to which letters may only be swapped: short words that
differ in one letter are mostly different words, as "boat" and "coat", or "hose" and "house"."""

MAX_WORDS = 8
"""Words of a question that are corrected, and words of the passages among which the commonest is chosen."""

_ALIKE = """
SELECT word FROM spellings WHERE word >= :head AND word < :after_head AND length(word) BETWEEN :least AND :most
UNION SELECT word FROM spellings
WHERE backward >= :tail AND backward < :after_tail AND length(word) BETWEEN :least AND :most
UNION SELECT word FROM spellings WHERE word IN (SELECT value FROM json_each(:swapped))
"""
_COUNT = "SELECT count(*) FROM (SELECT 1 FROM words WHERE words MATCH ? LIMIT 1000)"


def corrections(connection: sqlite3.Connection, question: str) -> dict[str, str]:
    """The misspelt words of the question, folded, and what was meant.

    A word is misspelt if no passage has it or another form of it, it is no English word, and a passage has one that is
    spelled nearly so; in a name, only one letter may be wrong. Where most unknown words are like none in the passages,
    the question is in another language or about something else, and no word is corrected.
    """
    names, unknown = _names(question), _unknown(connection, question)
    found = {
        word: meant
        for word in unknown[:MAX_WORDS]
        if (meant := _meant(connection, word, 1 if len(word) < FAR or word in names else 2))
    }
    return found if 2 * len(found) >= len(unknown) else {}


def _unknown(connection: sqlite3.Connection, question: str) -> Sequence[str]:
    """The words of the question that are in no passage and are no English words; pieces of tokens are no words."""
    pieces = {piece for token in technical_tokens(question) for piece in words(token)}
    return [
        word
        for word in question_words(question)
        if word not in pieces and is_spelled(word) and not _passages(connection, word) and not is_english(word)
    ]


def is_mostly_unknown(question: str) -> bool:
    """Whether most words of the question are no English words, so that its vector says nothing."""
    items = [word for word in question_words(question) if is_spelled(word)]
    return 2 * sum(map(is_english, items)) < len(items)


def is_english(word: str) -> bool:
    """Whether it is a common English word, which the vocabulary has in one piece."""
    return len(word_pieces(without_accents(word))) == 1


def is_name(word: str) -> bool:
    """Whether a word of letters is the name of something: no form of an English word, as an identifier is."""
    return is_spelled(word) and not is_english(word) and not is_english(stem(word) or word)


def corrected(question: str, meant: Mapping[str, str]) -> str:
    """The question with the words that were meant."""
    return re.sub(r"[^\W\d_]+", lambda word: meant.get(folded(word[0]), word[0]), question)


def distance(one: str, other: str, *, most: int) -> int:
    """How many letters are missing, too many, others or swapped with the next; `most` + 1 for more.

    Optimal string alignment: Boytsov, Indexing methods for approximate dictionary searching (2011), 2.2.
    """
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        older, before, row = before, row, [at]
        for place, wanted in enumerate(other, 1):
            cost = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != wanted))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == wanted:
                cost = min(cost, older[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _names(question: str) -> frozenset[str]:
    """The words, folded, that begin with a capital letter though no sentence begins there."""
    return frozenset(folded(name) for name in re.findall(r"(?<=[\w,;:] )[^\W\d_]\w*", question) if name[0].isupper())


def _passages(connection: sqlite3.Connection, word: str) -> int:
    """In how many passages a form of the word stands, up to 1,000."""
    return connection.execute(_COUNT, (f'"{term(word)}"',)).fetchone()[0]


def _meant(connection: sqlite3.Connection, word: str, most: int) -> str | None:
    """The word of the passages that is nearest: with the fewest mistakes, the same first letter, in most passages."""
    near = sorted(
        (distance(word, each, most=most), each[0] != word[0], each) for each in _alike(connection, word, most)
    )
    best = [each for mistakes, other, each in near if (mistakes, other) == near[0][:2] and mistakes <= most][:MAX_WORDS]
    counted = {each: _passages(connection, each) for each in best}
    held = [each for each in best if counted[each]]
    return max(held, key=lambda each: (sorted(each) == sorted(word), counted[each])) if held else None


def _alike(connection: sqlite3.Connection, word: str, most: int) -> Iterator[str]:
    """Words of the passages that may be near: they share the beginning, or the end, or have two letters swapped.

    Of a word that is divided into one part more than there are mistakes, one part has none.
    """
    part = len(word) // (most + 1)
    head, tail = word[:part], word[::-1][: part + (most == 1) * (len(word) % 2)]
    swapped = [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]
    parameters = {
        "head": head,
        "after_head": head + "\U0010ffff",
        "tail": tail,
        "after_tail": tail + "\U0010ffff",
        "least": len(word) - most,
        "most": len(word) + most,
        "swapped": json.dumps(swapped),
    }
    letters = set(word)
    for (each,) in connection.execute(_ALIKE, parameters):
        if len(letters ^ set(each)) <= 2 * most and (len(word) > SHORT or _is_sure(word, each)):
            yield each


def _is_sure(word: str, other: str) -> bool:
    """Whether a short word is the other one: with its letters swapped, or with one too many or missing."""
    return sorted(word) == sorted(other) or (len(word) > SHORTEST and len(word) != len(other))
