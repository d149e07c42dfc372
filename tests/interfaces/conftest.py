import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyte
import pytest

import fanin
from fanin.interfaces.cli.app import main

FANIN = (sys.executable, "-m", "fanin")


def environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    path = os.pathsep.join([str(Path(fanin.__file__).parents[1]), *filter(None, [kept.get("PYTHONPATH")])])
    return {**kept, "PYTHONPATH": path, "TERM": "xterm-256color", "LANG": "C.UTF-8", **changes}


@pytest.fixture(autouse=True)
def nothing_is_known(tmp_path, monkeypatch) -> None:
    """What one test's sources did is no concern of the next."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(tmp_path, monkeypatch, capsys) -> Callable[..., Done]:
    """Run the command in this process, in an empty folder, and get its status and output."""

    def command(*arguments: str) -> Done:
        monkeypatch.chdir(tmp_path)
        status = main(arguments)
        seen = capsys.readouterr()
        return Done(status, seen.out, seen.err)

    return command


@pytest.fixture
def shell(tmp_path) -> Callable[..., Done]:
    """Run the command as a process of its own, with pipes."""

    def command(*arguments: str) -> Done:
        done = subprocess.run(
            (*FANIN, *arguments),
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            encoding="utf-8",
            timeout=50,
            check=False,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return command


@pytest.fixture(autouse=True)
def _ctrl_c_is_heard() -> Iterator[None]:
    """A program in the background ignores Ctrl-C, and so does what it starts; a terminal's program does not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


class Terminal:
    """The command in a pseudo-terminal, and the screen that its user would see."""

    def __init__(
        self, arguments: Sequence[str], cwd: str, *, columns: int, lines: int, changes: Mapping[str, str]
    ) -> None:
        self.screen = pyte.Screen(columns, lines)
        self.raw = b""
        self._stream = pyte.ByteStream(self.screen)
        self._fd, child = pty.openpty()
        fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self.process = subprocess.Popen(
            (*FANIN, *arguments),
            cwd=cwd,
            env=environment(**changes),
            stdin=child,
            stdout=child,
            stderr=child,
            start_new_session=True,
        )
        os.close(child)

    def lines(self) -> list[str]:
        """What the screen shows, without empty lines at its end."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip().split("\n")

    def until(self, seen: Callable[[str], bool], *, seconds: float = 30.0) -> str:
        """Read until the screen shows it; gives the screen. Fails when it does not come."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            shown = "\n".join(self.lines())
            if seen(shown):
                return shown
            if not self._read():
                break
        raise AssertionError("the screen never showed it:\n" + "\n".join(self.lines()))

    def end(self) -> int:
        """Read to the end and give the exit status."""
        while self._read():
            pass
        return self.process.wait(30)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def _read(self) -> bool:
        ready, _, _ = select.select([self._fd], [], [], 30)
        try:
            read = os.read(self._fd, 65_536) if ready else b""
        except OSError:  # the other side is closed
            return False
        self.raw += read
        self._stream.feed(read)
        return bool(read)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._fd)


@pytest.fixture
def terminal(tmp_path) -> Iterator[Callable[..., Terminal]]:
    """Run the command in a pseudo-terminal of a given size."""
    opened: list[Terminal] = []

    def open_terminal(*arguments: str, columns: int = 100, lines: int = 60, **changes: str) -> Terminal:
        opened.append(Terminal(arguments, str(tmp_path), columns=columns, lines=lines, changes=changes))
        return opened[-1]

    yield open_terminal
    for each in opened:
        each.close()
