import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent import interpreters
from pathlib import Path

import pytest

import fanin
from fanin.model import Document
from fanin.process import analyze
from fanin.text.words import stem

HOME = str(Path(fanin.__file__).parent.parent)
TEXT = "Rain crosses Lisbon on Tuesday. The wind turns to the north.\n\nThe club has a new coach from Porto. " * 5
QUESTION = "Does it rain in Lisbon?"

ALL_OF_IT = f"""
import json, sys
sys.path.insert(0, {HOME!r})
from fanin.answer import extract
from fanin.fuse import fuse
from fanin.model import Document, jsonable
from fanin.process import analyze
from fanin.text.question_terms import question_terms
page = "<p>Rain in <b>Lisbon</b> on Tuesday, 18 °C.</p><p>天気は晴れです。</p>"
documents = [Document({TEXT!r}, source="a"), Document(page, media_type="text/html", source="b"),
             Document("x", source="c")]
arrived = [(each, analyze({QUESTION!r}, each) if each.source != "c" else None) for each in documents]
fused = fuse(question_terms({QUESTION!r}), arrived)
draft = extract({QUESTION!r}, fused, numbers={{}})
said = json.dumps([arrived[0][1], arrived[1][1], fused.passages, draft.text, draft.citations], default=jsonable)
"""


def test_a_subinterpreter_gives_the_same_bytes_as_this_one():
    interpreter = interpreters.create()
    queue = interpreters.create_queue()
    interpreter.prepare_main(queue=queue)
    interpreter.exec(ALL_OF_IT + "queue.put(said)")
    first = queue.get(timeout=30)
    interpreter.exec("from fanin.process import ANALYSIS\nqueue.put(ANALYSIS.work.__module__)")
    assert queue.get(timeout=30) == "fanin.process.analysis"
    interpreter.close()
    namespace: dict[str, str] = {}
    exec(ALL_OF_IT, namespace)
    assert first == namespace["said"]


def test_workers_load_only_light_modules():
    code = f"import sys; sys.path.insert(0, {HOME!r}); import fanin.process; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "fanin.process.analysis" in loaded
    assert not {"asyncio", "aiohttp", "rich", "html.parser", "snowballstemmer", "pydantic", "numpy"} & set(loaded)


def test_another_hash_seed_gives_the_same_bytes():
    said = {
        subprocess.run(
            [sys.executable, "-c", ALL_OF_IT + "print(said)"],
            env={"PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


@pytest.fixture
def impatient() -> Iterator[None]:
    """Threads take turns every microsecond or so."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("impatient")
def test_threads_may_work_side_by_side():
    stem.cache_clear()
    words = [
        f"{word}{ending}" for word in ("nation", "walk", "relat", "organ") for ending in ("s", "al", "ing", "ization")
    ]
    text = " ".join(words * 20)
    expected = json.dumps(analyze("walking", Document(text)))
    found: list[str] = []

    def work() -> None:
        for _ in range(5):
            stem.cache_clear()
            found.append(json.dumps(analyze("walking", Document(text))))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(found) == {expected}
