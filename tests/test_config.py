from pathlib import Path

import pytest

from fanin.config import load, seconds
from fanin.errors import ConfigError


def settings(folder: Path, text: str) -> Path:
    path = folder / "fanin.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize(("text", "value"), [("500ms", 0.5), ("2.5s", 2.5), ("1m", 60.0), ("3 s", 3.0)])
def test_a_duration_has_a_number_and_a_unit(text: str, value: float) -> None:
    assert seconds(text) == value


@pytest.mark.parametrize("text", ["", "5", "-1s", "1e9s", "s", "five s", 5, None, "1s 2s"])
def test_anything_else_is_no_duration(text: object) -> None:
    with pytest.raises(ConfigError, match="is no duration"):
        seconds(text)


async def test_a_file_of_simulated_sources_makes_an_engine_that_answers(tmp_path: Path) -> None:
    path = settings(tmp_path, 'deadline = "3s"\n[sources.a]\nkind = "simulated"\nlatency = "10ms"\ntext = "Open."\n')
    async with load(path).engine() as engine:
        answer = await engine.ask("open?")
    assert answer.text == "Open. [1]"


def test_every_kind_can_be_declared(tmp_path: Path) -> None:
    path = settings(
        tmp_path,
        '[sources.w]\nkind = "open-meteo"\nplace = "Paris"\ntimeout = "2s"\nretries = 2\n'
        '[sources.n]\nkind = "feeds"\nurls = ["http://127.0.0.1/feed"]\n[sources.k]\nkind = "mediawiki"\n',
    )
    assert list(load(path).engine().sources) == ["w", "n", "k"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("deadline = 5", ["deadline", "no duration", "500ms"]),
        ('[sources.a]\nkind = "simulated"\nlatancy = "1s"', ["latancy", "no such setting"]),
        ('[sources.a]\nkind = "simulated"\nlatency = "1x"', ["latency", "1x"]),
        ('[sources.a]\nkind = "telepathy"', ["sources.a", "telepathy"]),
        ("[sources.a]\n", ["sources.a"]),
        ("deadline = ", ["no TOML"]),
        ("", ["sources", "missing"]),
        ('[sources.n]\nkind = "feeds"\nurls = []', ["urls"]),
        ('[sources.n]\nkind = "simulated"\nretries = true', ["retries"]),
    ],
)
def test_a_mistake_is_told_with_the_file_the_key_and_what_to_do(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        load(settings(tmp_path, text))
    for word in ["fanin.toml", "fanin asked nothing", *words]:
        assert word in str(caught.value)


def test_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.toml: No such file"):
        load(tmp_path / "absent.toml")


def test_kinds_of_this_machine_can_be_declared(tmp_path: Path) -> None:
    path = settings(
        tmp_path,
        '[sources.p]\nkind = "python"\nfunction = "textwrap:dedent"\n'
        '[sources.c]\nkind = "command"\ncommand = ["cat"]\nfolder = "/"\nenvironment = { A = "b" }\ntimeout = "2s"\n'
        '[sources.s]\nkind = "sql"\nurl = "sqlite:///x.db"\nquery = "SELECT 1 AS a"\ntext = "a is {a}"\nlimit = 3\n'
        '[sources.m]\nkind = "mcp"\ncommand = ["mcp-server-time"]\ntool = "t"\narguments = { q = "{question}" }\n'
        '[sources.h]\nkind = "mcp"\nurl = "https://example.com/mcp"\ntool = "t"\nheaders = { A = "b" }\n',
    )
    assert list(load(path).engine().sources) == ["p", "c", "s", "m", "h"]
