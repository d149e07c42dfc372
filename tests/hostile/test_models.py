"""Whatever a service of language models sends, the answer comes in time, and the loop is held up by nothing of it."""

from pathlib import Path

import pytest

from fanin.engine import Engine
from fanin.model import Answer, Document
from fanin.testing.hostile import MODEL_MISBEHAVIOURS
from fanin.testing.stalls import watch_loop

pytest.importorskip("pydantic_ai", reason="the extra fanin[llm] is not installed")

KIND = "model"
LONGEST_STALL = 0.05
TRIES = 3
"""A stall is what a server causes each time; what the machine does beside a test comes and goes."""
PATIENCE, PLENTY = 1.0, 60.0
"""Seconds for a model that is to be late, and for any other, so that a busy machine changes no end."""

SLACK = 1.0
"""Seconds that a busy machine may add to a deadline."""

ENDS = {
    "written": "good text-endless sentence-long",
    "too_large": """
        reasoning-endless comments-endless empty-lines-endless empty-events-endless empty-deltas-endless event-endless
        field-endless returns-endless one-large-delta values-many calls-endless gzip-bomb zstd-bomb lists-deep
    """,
    "unsupported": "words-endless sentences-many marks-many control-characters no-choices breaks-off null-delta",
    "failed": """
        digits-many no-json a-list error-endless error-with-control-characters redirects headers-endless json-instead
    """,
    "late": "silent interim-endless",
}
TABLE = {name: end for end, names in ENDS.items() for name in names.split()}


async def harbour(_: object) -> Document:
    return Document("The harbour is open until nine tonight.", title="Hours", url="https://town.example/h")


async def asked(url: str, name: str, deadline: float) -> Answer:
    spec = f"openai-compatible:{url}{name}/v1#m"
    async with Engine([harbour], writer=spec, pool="inline", semantic=False) as engine:
        return await engine.ask("Is the harbour open?", deadline=deadline)


def most_memory() -> int:
    """Bytes of the most memory that this process had since it was last asked to forget that."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="only Linux tells the most memory ever used")
@pytest.mark.parametrize("name", ["one-large-delta", "event-endless", "reasoning-endless", "zstd-bomb"])
async def test_a_model_that_says_too_much_fills_no_memory(
    hostile: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pydantic_ai import models

    monkeypatch.setattr(models, "ALLOW_MODEL_REQUESTS", True)
    await asked(hostile, name, PLENTY)
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    before = most_memory()
    await asked(hostile, name, PLENTY)
    assert most_memory() - before < 40_000_000


def test_every_misbehaviour_has_an_expected_end() -> None:
    assert TABLE.keys() == MODEL_MISBEHAVIOURS.keys()


@pytest.mark.parametrize("name", sorted(MODEL_MISBEHAVIOURS))
async def test_a_misbehaving_model_costs_neither_the_answer_nor_its_time(
    hostile: str, name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from pydantic_ai import models

    monkeypatch.setattr(models, "ALLOW_MODEL_REQUESTS", True)
    monkeypatch.setenv("OPENAI_COMPATIBLE_API_KEY", "sk-example")
    deadline = PATIENCE if TABLE[name] == "late" else PLENTY
    await asked(hostile, "good", PLENTY)  # so that everything is imported
    for _ in range(TRIES):
        async with watch_loop() as stalls:
            answer = await asked(hostile, name, deadline)
        if stalls.longest <= LONGEST_STALL:
            break
    assert answer.success
    assert answer.writing is not None
    print(f"{name}: {answer.writing.status}, {answer.execution_time:.2f} s, {stalls.longest * 1000:.0f} ms")
    assert answer.execution_time < deadline + SLACK
    assert answer.writing.status == TABLE[name], answer.writing.message
    assert len(answer.writing.message) < 500
    assert "\x1b" not in str(answer.to_dict())
    assert "never retrieved" not in caplog.text
    assert stalls.longest <= LONGEST_STALL
