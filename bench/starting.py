"""How long until fanin is there: imported in a program, and saying its help in a terminal?

Run `python bench/starting.py [rounds]`. Every round starts each command once, in random order, and medians are
compared, since others may use the machine. Bytecode is cached; the first round, which may write it, does not count.
"""

import os
import platform
import random
import statistics
import subprocess
import sys
import time

COMMANDS = {
    "bare Python": ("-c", "pass"),
    "import asyncio": ("-c", "import asyncio"),
    "import fanin": ("-c", "import fanin"),
    "from fanin import Engine": ("-c", "from fanin import Engine"),
    "fanin --help": ("-m", "fanin", "--help"),
}

IMPORT = 100.0
"""Milliseconds that the import may take beyond bare Python."""

HELP = 350.0
"""Milliseconds that the help may take, with Python's own start."""


def milliseconds(arguments: tuple[str, ...]) -> float:
    cached = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL, env=cached)
    return (time.perf_counter() - start) * 1e3


def medians(rounds: int) -> dict[str, float]:
    taken: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for number in range(rounds + 1):
        for name in random.sample(list(COMMANDS), len(COMMANDS)):
            took = milliseconds(COMMANDS[name])
            if number:
                taken[name].append(took)
    return {name: statistics.median(times) for name, times in taken.items()}


def main(rounds: int) -> None:
    cores = f"{os.cpu_count()} cores ({os.process_cpu_count()} for this process)"
    print(f"machine: {platform.machine()}, {cores}, Python {platform.python_version()}; medians of {rounds} rounds")
    took = medians(rounds)
    bare = took["bare Python"]
    print(f"bare Python: {bare:.1f} ms")
    print(f"import fanin: {took['import fanin'] - bare:.1f} ms beyond bare Python; required: at most {IMPORT:.0f} ms")
    engine, asyncio = took["from fanin import Engine"] - bare, took["import asyncio"] - bare
    print(f"from fanin import Engine: {engine:.1f} ms beyond bare Python, {asyncio:.1f} of it asyncio; none required")
    print(f"fanin --help: {took['fanin --help']:.1f} ms; required: below {HELP:.0f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 21)
