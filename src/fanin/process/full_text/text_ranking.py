"""What stands in the parts of a text, ranked against the question, as values for JSON."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest
from typing import Any, cast

from fanin.embeddings import token_table
from fanin.embeddings.wordpiece import spelt
from fanin.process import merge
from fanin.process.analysis_shape import Analysis, ScoredSpan
from fanin.process.full_text.part_shape import Part, ReadPassage, Token
from fanin.process.passage_choice import TOP, measure
from fanin.text.relevance import Measure
from fanin.text.words import stem


def ranked(parts: Sequence[Part], *, vectors: bool) -> dict[str, Any]:
    """Summary, key phrases, the passages, sentences and words that fit best, best first, and every token in order."""
    text = "".join(part["text"] for part in parts)
    whole = cast("Analysis", merge([_weighed(part) for part in parts]))
    passages = [passage for part in parts for passage in part["passages"]]
    sentences = [sentence for passage in passages for sentence in passage["sentences"]]
    by = measure(whole["statistics"], tokens=whole["tokens"])
    tokens = [_token(text, token, vectors=vectors) for passage in passages for token in _taken(passage)]
    return {
        "characters": len(text),
        "words": whole["tokens"],
        "summary": whole["summary"],
        "key_phrases": whole["key_phrases"],
        "passages": _best(text, passages, by),
        "sentences": _best(text, sentences, by),
        "best_tokens": _telling(tokens),
        "tokens": tokens,
    }


def _weighed(part: Part) -> Analysis:
    """The part's analysis, its passages and sentences as alike to the question as the reading found them to be."""
    likes = {(each["start"], each["end"]): each["similarity"] for each in _spans(part)}
    for passage in part["analysis"]["passages"]:
        for span in (passage, *passage["sentences"]):
            span["similarity"] = max(0.0, likes.get((span["start"], span["end"]), 0.0))
    return part["analysis"]


def _spans(part: Part) -> Iterator[ScoredSpan]:
    for passage in part["passages"]:
        yield from passage["sentences"]
        yield passage  # last: a passage of one sentence has the same place


def _taken(passage: ReadPassage) -> list[Token]:
    """The passage's tokens, which it no longer holds: there may be a million of them."""
    tokens, passage["pieces"] = passage["pieces"], []
    return tokens


def _best(text: str, spans: Iterable[ScoredSpan], by: Measure) -> list[dict[str, Any]]:
    """The spans that fit best, with their text; those that fit equally in the order of the text."""

    def fit(span: ScoredSpan) -> float:
        return by.fit(span["matches"], span["tokens"], similarity=max(0.0, span["similarity"]))

    return [
        {
            "text": text[span["start"] : span["end"]],
            "start": span["start"],
            "end": span["end"],
            "score": round(fit(span), 4),
            "similarity": round(span["similarity"], 4),
            "matches": span["matches"],
        }
        for span in nsmallest(TOP, spans, key=lambda span: (-fit(span), span["start"]))
    ]


def _token(text: str, token: Token, *, vectors: bool) -> dict[str, Any]:
    written, number = text[token["start"] : token["end"]], token["number"]
    named = {"stem": token["stem"]} if number is None else {"piece": spelt(number), "number": number}
    value: dict[str, Any] = {
        "text": written,
        **named,
        "start": token["start"],
        "end": token["end"],
        "norm": round(token["norm"], 4),
        "similarity": round(token["similarity"], 4),
    }
    if vectors:
        value["vector"] = token.get("vector") or [*token_table.vector(written).numbers]
    return value


def _telling(tokens: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The tokens most alike to the question, each word once; stop words and punctuation tell nothing."""
    best: dict[str, Mapping[str, Any]] = {}
    for token in tokens:
        word = token["text"].lower()
        if word not in best or token["similarity"] > best[word]["similarity"]:
            best[word] = token
    telling = (token for word, token in best.items() if any(map(str.isalnum, word)) and stem(word))
    top = nsmallest(TOP, telling, key=lambda token: (-token["similarity"], token["start"]))
    return [{name: value for name, value in token.items() if name != "vector"} for token in top]
