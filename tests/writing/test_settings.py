"""Models in the settings and on the command line."""

import json
from pathlib import Path

import pytest

from fanin.config import load
from fanin.errors import ConfigError
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


def test_writers_have_names_that_the_command_line_and_questions_take(tmp_path: Path) -> None:
    file = tmp_path / "fanin.toml"
    named = '[answer.writers]\nquick = "ollama:q"\nlong = ["google:l", "ollama:m"]\n[process]'
    file.write_text(SETTINGS.replace("[process]", named), "utf-8")
    engine = load(file).engine(writer=("long", "openai:x"))
    assert [each.name for each in engine._enrichment.writer.models] == ["google:l", "ollama:m", "openai:x"]
    engine = load(file).engine()
    assert engine.writers == ["extractive", "ollama:a", "openai:b", "quick", "long"]
    names = ["ollama:a", "openai:b", "ollama:c", "ollama:q", "google:l", "ollama:m"]
    assert [each.name for each in engine._enrichment.models] == names


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('extractive = "ollama:a"', "'extractive' is to write without a model; fanin did not start"),
        ('quick = "nobody:x"', "answer.writers.quick: 'nobody:x' names no model"),
        ("quick = []", "answer.writers.quick: No model is named"),
        ('"a b" = "ollama:a"', "answer.writers"),
        ("quick = 5", "answer.writers.quick"),
    ],
)
def test_a_writer_that_cannot_be_is_told(tmp_path: Path, line: str, told: str) -> None:
    file = tmp_path / "fanin.toml"
    file.write_text(f"[answer.writers]\n{line}\n", "utf-8")
    with pytest.raises(ConfigError, match=told):
        load(file).engine()


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
