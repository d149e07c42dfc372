"""A folder in which `fanin batch` runs as a process."""

import json
import subprocess
import sys
from pathlib import Path

SETTINGS = """
store = "memory"
[process]
semantic = false
[defaults]
retries = 0
cache = "0s"
[sources.harbour]
kind = "simulated"
latency = "{latency}"
text = "The answer to {{question}} is nine."
{more}
"""


class Folder:
    """A folder with settings, in which the command runs."""

    def __init__(self, path: Path, *, latency: str = "0s", more: str = "") -> None:
        self.path = path
        (path / "fanin.toml").write_text(SETTINGS.format(latency=latency, more=more))

    def write(self, name: str, *rows: object) -> None:
        lines = [each if isinstance(each, str) else json.dumps(each) for each in rows]
        (self.path / name).write_text("".join(f"{each}\n" for each in lines))

    def start(self, *arguments: str, **options) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "fanin", "batch", *arguments]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.path, stdout=pipe, stderr=pipe, text=True, **options)

    def run(self, *arguments: str, given: str | None = None) -> tuple[int, str, str]:
        process = self.start(*arguments, stdin=subprocess.PIPE if given is not None else None)
        said, noted = process.communicate(given, timeout=60)
        return process.returncode, said, noted

    def rows(self, name: str = "out.jsonl") -> list[dict]:
        return [json.loads(each) for each in (self.path / name).read_text().splitlines()]

    def names(self) -> set[str]:
        return {each.name for each in self.path.iterdir()} - {"fanin.toml"}
