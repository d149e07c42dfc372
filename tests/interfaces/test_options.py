"""What `-v`, `--log-level` and `--log-format` show, and that no secret is in it."""

import json
import re
from pathlib import Path

import pytest

from fanin.interfaces.cli.app import main
from fanin.testing.services import Services

KEY = "sk-SECRETKEY12345"

OWN_CODE = """
def tell(question):
    return {}["nothing"]
"""

PROGRAM = """
import json, sys
json.loads(sys.stdin.readline())
print(json.dumps("The harbour is open until nine."))
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("KEY", KEY)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "own_code.py").write_text(OWN_CODE)
    (tmp_path / "program.py").write_text(PROGRAM)
    return tmp_path


def declare(folder: Path, *tables: str) -> None:
    sources = "\n".join(f"[sources.s{number}]\n{table}" for number, table in enumerate(tables))
    (folder / "fanin.toml").write_text(
        f'store = "memory"\n[process]\nsemantic = false\n[defaults]\nretries = 0\n{sources}'
    )


HTTP = """
kind = "http"
url = "http://127.0.0.1:1/${KEY}/items?api_key=literal&q={question}&token=${KEY}"
headers = { Authorization = "Bearer ${KEY}" }
allow_private = true
"""
OWN = 'kind = "python"\nfunction = "own_code:tell"\n'
COMMAND = 'kind = "command"\ncommand = ["python3", "program.py"]\nenvironment = { KEY = "${KEY}" }\n'
SQL = 'kind = "sql"\nurl = "sqlite:///words.db"\nquery = "select :question as text"\n'


def test_v_shows_each_request_and_where_own_code_failed_without_secrets(run, folder: Path) -> None:
    declare(folder, HTTP, OWN)
    log = run("ask", "Is it open?", "-v").stderr
    (request,) = re.findall(r"GET .*", log)
    assert re.fullmatch(
        r"GET http://127\.0\.0\.1:1/\*\*\*/items\?api_key=\*\*\*&q=Is%20it%20open%3F&token=\*\*\*:"
        r" no answer \(unreachable\), \d\.\d{3} s",
        request,
    )
    assert f"s1: KeyError: 'nothing' ({folder / 'own_code.py'}, line 3, in tell)" in log
    assert KEY not in log
    assert "literal" not in log


async def test_an_answered_request_is_shown_with_status_bytes_and_seconds(folder: Path, caplog) -> None:
    from fanin.net.client import Client

    caplog.set_level("INFO", logger="fanin")
    async with Services(months=1) as services:
        client = Client(allow_private=True)
        try:
            async with client.open(f"{services.url}/news.xml") as reply:
                size = len(await reply.body())
        finally:
            await client.close()
    (message,) = [record.getMessage() for record in caplog.records]
    assert re.fullmatch(rf"GET {re.escape(services.url)}/news\.xml: 200, {size:,} bytes, \d+\.\d{{3}} s", message)


def test_vv_shows_sql_and_programs_too(run, folder: Path) -> None:
    import sqlite3

    sqlite3.connect(folder / "words.db").execute("create table words (text)").connection.close()
    declare(folder, SQL, COMMAND)
    log = run("ask", "Is it open?", "-vv").stderr
    assert "s0: SQL select :question as text with {'question': 'Is it open?'" in log
    assert re.search(r"s0: SQL select :question as text: 1 rows, \d\.\d{3} s", log)
    assert re.search(r"s1: started as process \d+: python3 program\.py", log)
    assert 's1: sent {"question": "Is it open?", "deadline":' in log
    assert 's1: received "The harbour is open until nine."' in log
    assert re.search(r"s1: ended with status 0 after \d\.\d{3} s", log)
    assert KEY not in log


def test_the_log_may_be_lines_of_json(run, folder: Path) -> None:
    declare(folder, OWN)
    entries = [json.loads(line) for line in run("ask", "Q?", "-vv", "--log-format", "json").stderr.splitlines()]
    assert {"time", "level", "logger", "message"} <= set(entries[0])
    assert {entry["level"] for entry in entries} == {"debug", "info", "warning"}
    (traced,) = [entry["error"] for entry in entries if "error" in entry]
    assert 'return {}["nothing"]' in traced


def test_a_level_hides_what_matters_less(run, folder: Path) -> None:
    declare(folder, OWN)
    log = run("ask", "Q?", "--log-level", "warning").stderr
    assert "s0: error, 0 documents KeyError: 'nothing'" in log
    assert " info " not in log
    done = run("ask", "Q?", "--log-level", "loud")
    assert (done.returncode, "debug" in done.stderr) == (2, True)


COMMANDS = (
    *("ask", "demo", "init", "sources", "sources check", "sources reset", "kb", "kb add", "kb sync", "kb search"),
    *("kb list", "kb remove", "kb check", "analyze", "bench", "--install-completion"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_the_options_of_the_log(command: str, capsys) -> None:
    assert main([*command.split(), "--help"]) == 0
    seen = capsys.readouterr().out
    assert [each in seen for each in ("--verbose -v", "--log-level", "--log-format")] == [True] * 3
    assert main([*command.split(), "--log-format", "morse"]) == 2


def test_the_options_of_the_log_may_stand_before_the_command(run, folder: Path) -> None:
    declare(folder, OWN)
    done = run("--log-format", "json", "-v", "ask", "Q?")
    assert done.returncode == 3
    assert {"info", "warning"} <= {json.loads(each)["level"] for each in done.stderr.splitlines()}


def test_without_options_only_what_no_answer_says_is_logged(run, folder: Path) -> None:
    declare(folder, OWN)
    text = (folder / "fanin.toml").read_text()
    (folder / "fanin.toml").write_text(text.replace('"memory"', '"redis://127.0.0.1:1/0"'))
    errors = run("ask", "Q?").stderr
    assert "fanin: Redis does not answer (ConnectionError); fanin goes on without it." in errors
    assert "KeyError" not in errors


def test_a_log_ends_with_its_command(run, folder: Path) -> None:
    declare(folder, OWN)
    run("ask", "Q?", "-vv")
    assert "asking s0 within" not in run("ask", "Q?").stderr
