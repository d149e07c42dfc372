"""What several tests of the knowledge base share: a fake model, the check, and the command as a process."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from zlib import crc32

import numpy as np

import fanin
from fanin.knowledge.store.database_file import open_for_writing
from fanin.knowledge.store.integrity import find_problems


class Meanings:
    """A fake model: a text is its words, and words with the same meaning are the same."""

    name = "meanings"
    dimensions = 64

    def __init__(self, same: Mapping[str, str] | None = None) -> None:
        self.same = dict(same or {})
        self.embedded: list[str] = []

    def embed(self, texts: list[str], /) -> np.ndarray:
        self.embedded += texts
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                meant = self.same.get(word.strip(".,?!"), word.strip(".,?!"))
                row[crc32(meant.encode()) % self.dimensions] += 1.0
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def wrong(file: Path) -> list[str]:
    """What `fanin kb check` would find wrong."""
    with open_for_writing(file) as connection:
        return list(find_problems(connection))


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(fanin.__file__).parents[1])}


def start(arguments: Sequence[str], **options: object) -> subprocess.Popen[str]:
    """The command `fanin kb` as a process of its own."""
    command = (sys.executable, "-m", "fanin", "kb", *map(str, arguments))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=environment(), **{**pipes, **options})


def pdf_of(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1, the first of which is its catalogue."""
    body, places = b"%PDF-1.4\n", list[int]()
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%sendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, len(body))
    return body + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end
