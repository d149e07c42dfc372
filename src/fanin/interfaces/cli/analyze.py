"""`fanin analyze`: the tokens, sentences and passages of a text, ranked against a question."""

import asyncio
import sys
from collections.abc import Iterator, Mapping, Sequence
from mimetypes import guess_file_type
from pathlib import Path
from textwrap import fill
from typing import Annotated, Any

from cyclopts import Parameter

from fanin.embeddings import embedder
from fanin.errors import ConfigError
from fanin.interfaces.cli.terminal import say, say_json, width
from fanin.model import Document
from fanin.net.body.text_decoding import decode_text
from fanin.process.full_text import analysis_of
from fanin.sanitize import line
from fanin.streams.event_json import dumps

LARGEST = 1_000_000
"""Bytes of a text, such as a long book: with a model a minute of work for one core, and half a GB of memory."""

UNREADABLE = 0.1
"""The share of characters that no text has, from which a file is taken for something else, such as a picture."""

SHOWN = 3
"""Passages, and twice as many sentences, that are shown; all that are ranked are in the JSON."""


def analyze(
    text: Annotated[
        str,
        Parameter(
            allow_leading_hyphen=True,
            help='A text, the path of a text file, or "-" for the standard input; up to 1 MB.',
        ),
    ],
    /,
    *,
    question: Annotated[str, Parameter(help="What its tokens, sentences and passages are ranked against.")],
    json: Annotated[
        bool, Parameter(negative=(), help="Print everything as one JSON object, each token with its place.")
    ] = False,
    vectors: Annotated[bool, Parameter(negative=(), help="With --json: also the vector of each token.")] = False,
    workers: Annotated[int | None, Parameter(show=False)] = None,
) -> int:
    """Take a text apart, and rank its tokens, sentences and passages against a question.

    Places are counted in characters from the start of the text.
    Ranking by meaning needs the extra fanin[semantic]; without it, a table of tokens decides.
    """
    if vectors and not json:
        raise ConfigError("--vectors goes with --json; fanin analysed nothing. Add --json.")
    document = read(text)
    found = asyncio.run(analysis_of(document, question, model=embedder(), vectors=vectors, workers=workers))
    if json:
        say_json(dumps(found, indent=None if vectors else 2))
    else:
        say("\n".join(_lines(found)))
    return 0


def read(text: str) -> Document:
    """The text itself, that of the file that it names, or for "-" the standard input.

    Raises ConfigError, saying why, when there is a path and nothing to be read there.
    """
    if text == "-":
        return Document(_decoded(sys.stdin.buffer.read(LARGEST + 1), "The standard input", "text/plain"))
    if text.startswith("-") and not any(map(str.isspace, text)):
        raise ConfigError(
            f"There is no option {text!r}; fanin analysed nothing. `fanin analyze --help` says what there is."
        )
    path, kind = Path(text), guess_file_type(text)[0] or ""
    if _is_path(path, kind):
        media_type = kind if kind in ("text/html", "application/xhtml+xml") else "text/plain"
        return Document(_decoded(_bytes(path), repr(text), media_type), title=path.name, media_type=media_type)
    return Document(_decoded(text.encode(errors="surrogatepass"), "The text", "text/plain") and text)


def _is_path(path: Path, kind: str) -> bool:
    """Whether a text is meant to be the path of a file: there is one, or it has the form and nothing else."""
    try:
        if path.exists():
            return str(path) != "."
    except OSError:  # such as a name that is too long to be one
        return False
    word = str(path)
    return not any(map(str.isspace, word)) and (bool(kind) or "/" in word)


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ConfigError(
            f"{str(path)!r} cannot be read: {why}; fanin analysed nothing. Give a text, a file with one, or - for the"
            " standard input."
        ) from None


def _decoded(body: bytes, name: str, media_type: str) -> str:
    """The text of these bytes. Raises ConfigError when there are too many of them, or they are no text."""
    if len(body) > LARGEST:
        raise ConfigError(f"{name} has more than {LARGEST // 1_000_000} MB; fanin analysed nothing. Give a part of it.")
    found = decode_text(body, media_type=media_type)
    odd = found.replaced + found.text.count("\0")
    if odd > UNREADABLE * len(found.text):
        raise ConfigError(f"{name} is not text ({odd:,} bytes of it are none); fanin analysed nothing. Give text.")
    return found.text


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The analysis for people."""
    tokens = found["tokens"]
    yield f"{found['words']:,} words, {len(tokens):,} tokens; vectors: {found['embedding']}"
    if found["summary"]:
        yield from ("", "Summary", _wrapped(line(found["summary"])))
    if found["key_phrases"]:
        yield from ("", "Key phrases", _wrapped(", ".join(map(line, found["key_phrases"]))))
    yield from _ranked("Passages that fit best", found["passages"][:SHOWN])
    yield from _ranked("Sentences that fit best", found["sentences"][: 2 * SHOWN])
    if found["best_tokens"]:
        yield from ("", "Tokens most like the question    place    norm  similarity")
        yield from map(_row, found["best_tokens"])
    yield from ("", _work(found["work"]))


def _ranked(heading: str, spans: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if spans:
        yield from ("", f"{heading} (score; place)")
    for span in spans:
        yield _wrapped(
            f"{span['score']:.3f}  {line(span['text'], limit=600)} ({span['start']}-{span['end']})", "       "
        )


def _row(token: Mapping[str, Any]) -> str:
    return f"  {line(token['text'], limit=28):<28}{token['start']:>8}{token['norm']:>8.2f}{token['similarity']:>12.3f}"


def _work(work: Mapping[str, Any]) -> str:
    cpu = f"{work['reading_seconds']:.2f} s of reading and {work['embedding_seconds']:.2f} s of embedding"
    return f"{work['seconds']:.2f} s, in which {cpu} were done"


def _wrapped(text: str, indent: str = "  ") -> str:
    columns = min(width(sys.stdout) or 100, 100)
    return fill(text, width=columns, initial_indent="  ", subsequent_indent=f"  {indent.removeprefix('  ')}")
