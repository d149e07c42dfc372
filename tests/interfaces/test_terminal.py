import re
from pathlib import Path

import pytest


def test_the_live_view_shows_sources_working_and_then_the_answer(terminal) -> None:
    shown = terminal("demo", "--scale", "0.6")
    shown.until(lambda screen: re.search(r"● +weather +fetching", screen) is not None)
    shown.until(lambda screen: re.search(r"✓ +news +done +9 documents", screen) is not None)
    running = shown.until(lambda screen: "so far" in screen)
    assert re.search(r"● +knowledge_base +(fetching|processing)", running)
    assert shown.end() == 0
    final = "\n".join(shown.lines())
    assert [line.split()[:3] for line in shown.lines()[2:5]] == [
        ["✓", "weather", "done"],
        ["✓", "news", "done"],
        ["✓", "knowledge_base", "done"],
    ]
    assert "so far" not in final
    assert "[1]" in final
    assert re.search(r"3 of 3 sources answered in \d\.\d\d s on \d cores?", final)
    assert re.search(r"I/O +weather", final)
    assert "critical path" in final
    assert not shown.screen.cursor.hidden


def test_forty_columns_are_enough_for_everything(terminal) -> None:
    shown = terminal("demo", "--scale", "0.1", "--fail", "weather", columns=40, lines=120)
    assert shown.end() == 0
    rows = [line for line in shown.lines() if re.match(r"[✓✗] ", line)]
    assert [row.split()[1:3] for row in rows] == [["weather", "failed"], ["news", "done"], ["knowledge_base", "done"]]
    assert any(line.startswith("missing: weather") for line in shown.lines())


def test_a_source_that_dies_is_marked_and_its_failure_is_told_once_in_words(terminal) -> None:
    shown = terminal("demo", "--scale", "0.1", "--fail", "weather")
    assert shown.end() == 0
    assert any(re.match(r"✗ +weather +failed +disconnected ", line) for line in shown.lines())
    assert " ".join(shown.lines()).count("The connection was closed without a reply") == 1
    assert any(line.startswith("missing: weather: The connection was closed") for line in shown.lines())


def test_no_color_is_obeyed(terminal) -> None:
    shown = terminal("demo", "--scale", "0.1", NO_COLOR="1")
    assert shown.end() == 0
    assert not re.search(rb"\x1b\[[0-9;]*(?:3[0-7]|38|4[0-7]|9[0-7])[;m]", shown.raw)


def test_a_dumb_terminal_gets_plain_text(terminal) -> None:
    shown = terminal("demo", "--scale", "0.1", TERM="dumb")
    assert shown.end() == 0
    assert b"\x1b" not in shown.raw


def test_ctrl_c_shows_what_there_is_and_ends_with_status_130(terminal) -> None:
    shown = terminal("demo", "--scale", "3")
    shown.until(lambda screen: "fetching" in screen)
    shown.interrupt()
    assert shown.end() == 130
    assert "Traceback" not in "\n".join(shown.lines())
    assert any("Not finished when the answer was asked for" in line for line in shown.lines())
    assert not shown.screen.cursor.hidden


@pytest.mark.parametrize("mode", [(), ("--events",), ("--json",), ("--timeline",)])
def test_what_a_source_says_cannot_steer_the_terminal(terminal, tmp_path: Path, mode) -> None:
    escapes = r"\u001b[2J\u001b]0;owned\u0007\u001b]8;;https://evil.example\u0007\u202e"
    text = f"The harbour {escapes} is open [bold red]tonight[/]."
    (tmp_path / "x.toml").write_text(
        f'[sources."[red]nasty"]\nkind = "simulated"\nlatency = "10ms"\ntext = "{text}"\n'
        f'[sources.bad]\nkind = "simulated"\nlatency = "10ms"\nfail = "{text}"\n'
    )
    shown = terminal("ask", "Is the harbour open tonight?", "--config", "x.toml", *mode, columns=200)
    assert shown.end() == 0
    assert shown.screen.title == ""
    for sequence in (b"\x1b[2J", b"\x1b]", b"\xe2\x80\xae", b"\x07"):
        assert sequence not in shown.raw
    assert "[red]nasty" in "\n".join(shown.lines())
