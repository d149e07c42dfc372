from pathlib import Path

import pytest

import fanin

SETTINGS = 'deadline = "3s"\n[sources.harbour]\nkind = "simulated"\nlatency = "1ms"\ntext = "The harbour is open."\n'


@pytest.mark.parametrize("kind", [str, Path])
async def test_a_settings_file_is_an_engine(tmp_path: Path, kind: type[str | Path]) -> None:
    (tmp_path / "fanin.toml").write_text(SETTINGS)
    async with fanin.load(kind(tmp_path / "fanin.toml")) as engine:
        assert (await engine.ask("Is the harbour open?")).text == "The harbour is open. [1]"


async def test_without_a_path_it_is_the_file_that_the_command_finds(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "fanin.toml").write_text(SETTINGS)
    assert list(fanin.load().sources) == ["harbour"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(fanin.ConfigError, match=r"absent\.toml: No such file or directory; fanin asked nothing"):
        fanin.load(tmp_path / "absent.toml")
