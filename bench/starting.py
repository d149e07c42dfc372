"""How long until fanin is there, and in how much memory: imported in a program, and asking in a terminal?

Run `python bench/starting.py [rounds]`. Every round starts each command once as a process of its own, in random order;
the least time of each is compared with that of the control, since others may use the machine. Bytecode is cached; the
first round, which may write it, does not count. The question is asked of one source that has its answer at hand. The
knowledge base is searched as it is with the model of meaning, and as without the extra that brings it.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from measuring import in_turns, machine, verdict

CONTROL = "import asyncio, aiohttp, pydantic, rich"

WITHOUT_MODEL = """
import sys
sys.modules["onnxruntime"] = None
from fanin.__main__ import process
process()
"""
"""The command as it is without the extra: what runs the model cannot be imported."""

ASK, SEARCH, IMPORT = 1.5, 1.5, 0.34
"""Times what the control takes."""

MEMORY = 120.0
"""Megabytes that `fanin ask` may take."""

SETTINGS = '[sources.harbour]\nkind = "python"\nfunction = "harbour:says"\n'
SOURCE = 'async def says(question):\n    return "The harbour is open until nine tonight."\n'


def commands(folder: Path) -> dict[str, tuple[str, ...]]:
    search = ("kb", "search", "harbour", "--kb", str(folder / "kb.sqlite"))
    return {
        "control": ("-c", CONTROL),
        "bare Python": ("-c", "pass"),
        "import fanin": ("-c", "import fanin"),
        "from fanin import Engine": ("-c", "from fanin import Engine"),
        "fanin --help": ("-m", "fanin", "--help"),
        "fanin ask": ("-m", "fanin", "ask", "Is the harbour open?", "--config", str(folder / "fanin.toml")),
        "fanin kb search, with the model": ("-m", "fanin", *search),
        "fanin kb search": ("-c", WITHOUT_MODEL, *search),
    }


def prepare(folder: Path) -> None:
    (folder / "fanin.toml").write_text(SETTINGS)
    (folder / "harbour.py").write_text(SOURCE)
    (folder / "notes").mkdir()
    (folder / "notes" / "harbour.md").write_text("# Harbour\n\nThe harbour is open until nine.\n")
    adding = ("kb", "add", str(folder / "notes"), "--kb", str(folder / "kb.sqlite"))
    command = [sys.executable, "-m", "fanin", *adding]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment(folder))


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "XDG_CACHE_HOME": str(folder / "cache"), "XDG_DATA_HOME": str(folder / "data")}


async def process(arguments: tuple[str, ...], folder: Path, sizes: list[float]) -> float:
    """Seconds that the process takes; its memory at most, in MB, joins the `sizes`."""
    start = time.perf_counter()
    started = subprocess.Popen(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment(folder)
    )
    _, status, used = os.wait4(started.pid, 0)
    took = time.perf_counter() - start
    started.returncode = os.waitstatus_to_exitcode(status)
    if started.returncode:
        raise RuntimeError(f"{arguments!r} ended with status {started.returncode}.")
    sizes.append(used.ru_maxrss / 1024)
    return took


def main(rounds: int) -> None:
    print(machine())
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        prepare(folder)
        sizes: dict[str, list[float]] = {name: [] for name in commands(folder)}
        ways = {name: partial(process, each, folder, sizes[name]) for name, each in commands(folder).items()}
        took = asyncio.run(in_turns(ways, rounds=rounds))
    for name, times in took.items():
        least, usual = min(times) * 1e3, statistics.median(times) * 1e3
        print(f"{name}: {least:.0f} ms at least, {usual:.0f} ms as a median, {max(sizes[name]):.0f} MB")
    control = min(took["control"])
    print(verdict("fanin ask / control", min(took["fanin ask"]) / control, most=ASK))
    print(verdict("fanin kb search / control", min(took["fanin kb search"]) / control, most=SEARCH))
    print(verdict("import fanin / control", min(took["import fanin"]) / control, most=IMPORT))
    print(verdict("megabytes of fanin ask", max(sizes["fanin ask"]), most=MEMORY))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
