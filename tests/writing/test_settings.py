"""Models in the settings and on the command line."""

import json
from pathlib import Path

import pytest

from fanin.config import load
from fanin.interfaces.cli.app import main

SETTINGS = """
[answer]
writer = ["ollama:a", "openai:b"]
[process]
model = "ollama:c"
[sources.pretend]
kind = "simulated"
latency = "10ms"
text = "The harbour is open until nine tonight."
"""


def test_models_are_named_in_the_settings(tmp_path: Path) -> None:
    file = tmp_path / "fanin.toml"
    file.write_text(SETTINGS, "utf-8")
    engine = load(file).engine()
    assert [each.name for each in engine._enrichment.models] == ["ollama:a", "openai:b", "ollama:c"]
    assert [each.name for each in load(file).engine(writer=("google:d",))._enrichment.models] == [
        "google:d",
        "ollama:c",
    ]


def test_a_model_on_the_command_line_that_is_not_there_costs_nothing(tmp_path: Path, capsys) -> None:
    file = tmp_path / "fanin.toml"
    file.write_text(SETTINGS.partition("[sources")[1] + SETTINGS.partition("[sources")[2], "utf-8")
    writer = "openai-compatible:http://127.0.0.1:9/v1#none"
    assert main(["ask", "Is the harbour open?", "--config", str(file), "--write", writer, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["writing"]["status"] == "failed"
    assert answer["text"] == "The harbour is open until nine tonight. [1]"


@pytest.mark.parametrize("writer", ["gpt", "nobody:x"])
def test_a_name_of_no_model_is_a_usage_error(writer: str, capsys) -> None:
    assert main(["ask", "What?", "--write", writer]) == 2
    assert "names no model" in capsys.readouterr().err
