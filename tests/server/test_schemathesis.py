"""Schemathesis makes requests from the OpenAPI document, right and wrong ones, and finds no reply that it forbids."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

SETTINGS = """
store = "memory"
[process]
semantic = false
[server]
port = 0
require_keys = true
keys = "keys.json"
rate = "100000/min"
concurrent = 500
[runs]
file = "runs.sqlite"
[sources.fast]
kind = "simulated"
latency = "0s"
text = "The harbour is open until nine tonight."
"""

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / ".servers" / "schemathesis" / "bin" / "schemathesis"
EXAMPLES = 20
"""Random requests for each operation, besides those at the limits of each field."""


@pytest.mark.all
def test_no_request_gets_a_reply_that_the_openapi_document_forbids(tmp_path, monkeypatch, absent) -> None:
    if not PROGRAM.exists():
        absent("Schemathesis is not here")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "fanin.toml").write_text(SETTINGS)
    (tmp_path / "harbour.md").write_text("# Harbour\n\nThe harbour has twelve berths for boats.\n")

    def typed(*words: str) -> str:
        command = [sys.executable, "-m", "fanin", *words]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.strip()

    typed("kb", "add", "harbour.md")
    key = typed("keys", "add", "schemathesis")
    command = [PROGRAM, "--config-file", Path(__file__).with_name("schemathesis.toml"), "run", "--seed", "1"]
    command += ["-H", f"Authorization: Bearer {key}", "--max-examples", str(EXAMPLES), "--no-color"]
    command += ["--phases", "examples,coverage,fuzzing"]
    serving = [sys.executable, "-m", "fanin", "serve"]
    with subprocess.Popen(serving, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as server:
        address = server.stderr.readline().split()[-1]
        command.append(f"{address}/openapi.json")
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        server.terminate()
    assert done.returncode == 0, done.stdout
    assert int(re.search(r"(\d+) generated", done.stdout)[1]) >= 1_000
