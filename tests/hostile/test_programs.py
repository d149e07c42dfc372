"""Whatever a program of the kind `command` writes, the loop is held up by nothing of it, and it ends at once."""

import sys
import time

import pytest

from fanin.engine import Engine
from fanin.model import Document
from fanin.sources.programs.command_source import command
from fanin.testing.stalls import watch_loop

LONGEST_STALL = 0.05
TRIES = 3
"""A stall is what a server causes each time; what the machine does beside a test comes and goes."""
CLOSED = 3.0
"""Seconds that the end may take, most of which a busy machine may take for itself."""

PROGRAMS = {
    "empty-lines": ("while True: write('\\n' * 100_000)", "too_large"),
    "lines": ("while True: write('\"a\"\\n' * 20_000)", "too_many"),
    "no-lines": ("while True: write('x' * 100_000)", "too_large"),
    "lists": ("write('[' + '[],' * 49_000 + '[]]\\n')", "format"),
    "keys": ("write('{' + ','.join(f'\"{n}\": 1' for n in range(98_000)) + ', \"text\": \"a\"}\\n')", ""),
    "numbers": ("write('[' + ','.join(['9' * 900] * 4_000) + ']\\n')", "format"),
    "halves": ("write('\"' + '\\\\ud83d' * 600_000 + '\"\\n')", ""),
    "complaints": ("while True: sys.stderr.write('e\\n' * 50_000)", "timeout"),
    "stubborn": ("import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(600)", "timeout"),
    "grandchild": (
        "import subprocess; subprocess.Popen(['sleep', '20'], start_new_session=True); write('\"a\"\\n')",
        "timeout",
    ),
}


def measure(_: str, document: Document) -> int:
    return len(document.text)


@pytest.mark.parametrize("name", PROGRAMS)
async def test_a_misbehaving_program_costs_only_its_source(name: str, caplog: pytest.LogCaptureFixture) -> None:
    stall = 1.0
    for _ in range(TRIES):
        if stall > LONGEST_STALL:
            stall = await stalled(name)
    assert stall <= LONGEST_STALL
    assert "never retrieved" not in caplog.text


async def stalled(name: str) -> float:
    code, kind = PROGRAMS[name]
    source = command(
        [sys.executable, "-I", "-c", f"import sys\nwrite = sys.stdout.write\n{code}"],
        name="bad",
        timeout=1.0 if kind == "timeout" else 60.0,
    )
    async with Engine([source], process=measure, pool="inline", deadline=100.0) as engine:
        async with watch_loop() as stalls:
            answer = await engine.ask("Is the harbour open?")
        begun = time.monotonic()
    bad = answer.sources["bad"]
    print(f"{name}: {bad.status}/{bad.kind}, {stalls.longest * 1000:.0f} ms")
    assert bad.kind == kind, bad.message
    assert time.monotonic() - begun < CLOSED
    return stalls.longest
