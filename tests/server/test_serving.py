"""The server as a process: how it starts, how it ends, and what a kill costs."""

import contextlib
import http.client
import json
import os
import random
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

SETTINGS = """
store = "memory"
[process]
semantic = false
[server]
keys = "keys.json"
rate = "100000/min"
concurrent = 500
[runs]
file = "runs.sqlite"
[sources.fast]
kind = "simulated"
latency = "0s"
text = "The harbour is open until nine tonight."
[sources.slow]
kind = "simulated"
latency = "2s"
text = "The harbour lift is stuck."
cache = "0s"
"""


class Process:
    """`fanin serve` as a process."""

    def __init__(self, folder: Path, *options: str) -> None:
        command = [sys.executable, "-m", "fanin", "serve", *options]
        command += ["--port", "0"] if "--port" not in options else []
        self.process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
        self.said = self.process.stderr.readline()
        found = re.search(r"http://\S+", self.said)
        self.address = found[0] if found else ""

    def ask(self, path: str = "/v1/ask", body: Any = None, **headers: str) -> tuple[int, Any, str]:
        """The status, headers and text of a reply; an error of the connection is raised."""
        data = json.dumps(body or {"question": "Is the harbour open?"}).encode() if body != "" else None
        headers = {"Content-Type": "application/json", **headers}
        request = urllib.request.Request(self.address + path, data, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.status, reply.headers, reply.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()

    def end(self) -> tuple[int, str]:
        """Wait for the end; gives the status and what else was said."""
        rest = self.process.stderr.read()
        return self.process.wait(30), rest


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Process]]:
    (tmp_path / "fanin.toml").write_text(SETTINGS)
    started: list[Process] = []

    def process(*options: str) -> Process:
        started.append(Process(tmp_path, *options))
        return started[-1]

    yield process
    for each in started:
        if each.process.poll() is None:
            each.process.kill()
        each.process.wait()
        each.process.stderr.close()


class Stream:
    """A question whose run has begun, and the rest of its events."""

    def __init__(self, server: Process) -> None:
        body, headers = b'{"question": "Is the harbour open?"}', {"Content-Type": "application/json"}
        self._reply = urllib.request.urlopen(
            urllib.request.Request(f"{server.address}/v1/ask/stream", body, headers), timeout=30
        )
        self.run = self._reply.headers["Fanin-Run"]
        while b"planned" not in self._reply.readline():
            pass

    def answer(self) -> dict[str, Any]:
        """The answer of the final event."""
        last = [each for each in self._reply.read().decode().splitlines() if each.startswith("data: ")][-1]
        return json.loads(last[6:])["answer"]

    def close(self) -> None:
        self._reply.close()


@pytest.mark.parametrize(("sent", "answered"), [(signal.SIGTERM, 2), (signal.SIGINT, 1)])
def test_a_signal_ends_the_server_after_the_questions_that_it_has_taken(start, sent, answered) -> None:
    server = start()
    stream = Stream(server)
    server.process.send_signal(sent)
    statuses = [each["status"] for each in stream.answer()["sources"].values()]
    assert statuses.count("ok") == answered
    assert server.end() == (0, "")
    stream.close()


def test_while_it_ends_it_takes_no_question_and_says_so(start) -> None:
    server = start()
    stream = Stream(server)
    server.process.send_signal(signal.SIGTERM)
    quick = {"question": "Is the harbour open?", "sources": ["fast"]}
    while (reply := server.ask(body=quick))[0] == 200:
        pass
    status, headers, text = reply
    assert (status, json.loads(text)["kind"], headers["Retry-After"]) == (503, "draining", "5")
    assert server.ask("/readyz", "")[0] == 503
    assert stream.answer()["coverage"] == 1.0
    assert server.end() == (0, "")
    stream.close()


def test_beyond_loopback_it_does_not_start_without_a_key(start, tmp_path) -> None:
    server = start("--host", "0.0.0.0")
    assert server.said == (
        "fanin: There is no key, and 0.0.0.0 can be reached by others; fanin did not start. Make one with"
        " `fanin keys add NAME`.\n"
    )
    assert server.end() == (2, "")
    key = subprocess.run(
        [sys.executable, "-m", "fanin", "keys", "add", "anna"], cwd=tmp_path, capture_output=True, text=True
    ).stdout.strip()
    server = start("--host", "0.0.0.0")
    server.address = server.address.replace("0.0.0.0", "127.0.0.1")
    assert server.ask()[0] == 401
    assert server.ask(Authorization=f"Bearer {key}")[0] == 200


def test_a_port_that_is_taken_is_told(start) -> None:
    port = start().address.rpartition(":")[2]
    second = start("--port", port)
    assert second.said.startswith(f"fanin: fanin cannot listen on 127.0.0.1, port {port}: Address already in use;")
    assert second.end()[0] == 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--port", "70000"), "server.port"),
        (("--rate", "often"), "server.rate"),
        (("--longest", "1h"), "server.longest"),
        (("--keep", "long"), "runs.keep"),
        (("--concurrent", "0"), "server.concurrent"),
    ],
)
def test_an_option_out_of_range_is_told(start, options, told) -> None:
    server = start(*options)
    assert server.said.startswith(f"fanin: {told}: ")
    assert server.end()[0] == 2


NEWEST = 100
"""Runs before a kill that are followed again: more than wait to be written."""


def test_after_a_kill_kept_runs_are_whole_and_who_resumes_gets_a_run_or_404(start, tmp_path) -> None:
    rest = [3 * random.random() for _ in range(17)] if os.environ.get("FANIN_TEST_ALL") else []
    for moment in (0.0, 0.3, 1.0, *rest):
        server = start()
        done, stop = [], threading.Event()

        def ask(server=server, done=done, stop=stop) -> None:
            while not stop.is_set():
                with contextlib.suppress(OSError, http.client.HTTPException):
                    done.append(server.ask(body={"question": "Is the harbour open?", "sources": ["fast"]}))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for each in threads:
            each.start()
        stream = Stream(server)
        time.sleep(moment)
        server.process.kill()
        server.process.wait()
        stop.set()
        for each in threads:
            each.join()
        stream.close()
        file = sqlite3.connect(tmp_path / "runs.sqlite")
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        file.close()
        again = start()
        known = [headers["Fanin-Run"] for status, headers, _ in done[-NEWEST:] if status == 200] + [stream.run]
        found = [again.ask(f"/v1/runs/{each}/events?after=0", "")[0] for each in known]
        assert set(found) <= {200, 404}
        listed = json.loads(again.ask("/v1/runs?limit=200", "")[2])["runs"]
        assert all(again.ask(f"/v1/runs/{each['id']}", "")[0] == 200 for each in listed[:20])
        again.process.kill()


def test_the_command_itself_stays_light() -> None:
    code = "import sys; from fanin.interfaces.cli.app import main; main(['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ})
    assert "serve" in done.stdout
    assert {"fastapi", "uvicorn", "starlette", "sqlite3"}.isdisjoint(done.stdout.splitlines()[-1].split())


def test_small_replies_are_sent_at_once(start) -> None:
    process = start()
    connection = http.client.HTTPConnection(process.address.removeprefix("http://"))
    took = []
    for _ in range(60):
        begun = time.perf_counter()
        connection.request("GET", "/healthz")
        connection.getresponse().read()
        took.append(time.perf_counter() - begun)
    connection.close()
    assert statistics.median(took) < 0.03, "the second part of a reply waits 40 ms for the client's acknowledgement"
