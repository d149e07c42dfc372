"""The model: its vectors say what is alike, it is the file that it should be, and it works in threads."""

import hashlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy
import pytest

from fanin.embeddings import embedder
from fanin.embeddings.minilm import DIMENSIONS, Damaged, MiniLM
from fanin.embeddings.wordpiece import encode

pytest.importorskip("onnxruntime", reason="the extra fanin[semantic] is not installed")

ASKED = "When does the ferry leave?"
TEXTS = [
    "The boat departs at nine in the morning.",
    "The ship sails at 9 am from the quay.",
    "Bread costs four crowns at the market.",
    "The mayor spoke about taxes for an hour, and nobody listened to a word of what she had to say that day.",
]


def test_what_means_the_same_is_alike_though_no_word_is() -> None:
    model = embedder()
    assert model is not None
    alike = model.embed(TEXTS) @ model.embed([ASKED])[0]
    assert list(numpy.argsort(-alike)[:2]) in ([0, 1], [1, 0])
    assert alike[0] > 0.5 > 0.2 > alike[2]


def test_vectors_have_the_length_1_and_do_not_depend_on_their_company() -> None:
    model = embedder()
    assert model is not None
    together = model.embed([*TEXTS, ASKED, ""])
    assert together.shape == (6, DIMENSIONS)
    assert together.dtype == numpy.float32
    assert numpy.allclose(numpy.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    assert numpy.array_equal(together[1], model.embed([TEXTS[1]])[0])
    assert model.embed([]).shape == (0, DIMENSIONS)


def test_each_piece_has_a_vector_in_its_context() -> None:
    model = embedder()
    assert model is not None
    pieces = encode("The bank of the river.")
    assert model.states(pieces).shape == (len(pieces), DIMENSIONS)


def test_threads_share_the_model() -> None:
    model = embedder()
    assert model is not None
    expected = model.embed(TEXTS)
    found: list[bool] = []
    threads = [threading.Thread(target=lambda: found.append(numpy.allclose(model.embed(TEXTS), expected, atol=1e-5)))]
    threads += [threading.Thread(target=lambda: found.append(numpy.allclose(model.embed(TEXTS), expected, atol=1e-5)))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [True, True]


def test_another_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    file.write_bytes(b"not the model")
    with pytest.raises(Damaged, match="not the model that it should be"):
        MiniLM(file)
    assert MiniLM(file, sha256=hashlib.sha256(b"not the model").hexdigest()).name


def test_the_model_leaves_nothing_behind_and_calls_nobody(tmp_path: Path) -> None:
    """Its runtime would keep an id of the device and events for its maker in the home folder, if it were let."""
    program = "from fanin.embeddings import embedder; m = embedder(); m.embed(['harbour'])"
    environ = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    subprocess.run([sys.executable, "-c", program], env=environ, check=True, timeout=60)
    assert list(tmp_path.rglob("*")) == []
