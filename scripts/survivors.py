"""Prints the changes of scripts/mutate that nothing noticed: no test, not the type checker, and no reason to live.

tests/mutants.toml gives reasons. The exit status is 1 when something is printed. --names prints the names alone.
"""

import json
import subprocess
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from re import search
from tempfile import TemporaryDirectory

import libcst
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import find_top_level_function_or_method, get_diff_for_mutant, read_functions_from_index
from mutmut.utils.file_utils import walk_mutatable_files
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

ROOT = Path(__file__).parent.parent
SURVIVED = (0, 5, 33)
"""The codes of pytest and mutmut for: all tests passed, and there was none."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A change of the code that no test noticed."""

    name: str
    path: Path
    diff: str

    @property
    def lines(self) -> list[str]:
        """The lines that differ, each with its sign."""
        return [line for line in self.diff.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")]

    def changed(self) -> str:
        """The whole file with the change."""
        function, _ = orig_function_and_class_names_from_key(self.name)
        function = function.rpartition(".")[-1]
        module = libcst.parse_module(self.path.read_text())
        before, after = (
            find_top_level_function_or_method(module, function),
            read_functions_from_index(self.name, self.path),
        )
        if before is None or after is None:
            raise LookupError(f"{self.name} is not in {self.path}. Run scripts/mutate again.")
        return module.deep_replace(before, after[1].with_changes(name=libcst.Name(function))).code


def survivors() -> Iterator[Survivor]:
    """What no test noticed, by file."""
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        for name, code in data.exit_code_by_key.items():
            if code in SURVIVED:
                yield Survivor(name, path, get_diff_for_mutant(name, path=path))


def rewords(survivor: Survivor) -> bool:
    """Whether only the letters of a sentence for people differ: how it is worded is no behaviour."""
    before, after = (
        [line[1:].replace("XX", "").casefold() for line in survivor.lines if line[0] == sign] for sign in "-+"
    )
    return before == after and any(search(r'"[^"]* [^"]* [^"]*"|"[^"]*\."', line) for line in survivor.lines)


def excused(survivor: Survivor, reasons: dict[str, list[dict[str, str]]]) -> bool:
    """Whether tests/mutants.toml says why it may live."""
    return any(
        fnmatch(str(survivor.path), f"src/fanin/{each['file']}") and search(each["change"], "\n".join(survivor.lines))
        for each in reasons["may_live"]
    )


def refused_by_types(found: Sequence[Survivor]) -> set[str]:
    """The names of those that the type checker refuses, each compared with its file as it is."""
    with TemporaryDirectory(dir=ROOT, prefix="mutants-") as folder:
        files = {str(number): each for number, each in enumerate(found)}
        plain = {path: f"plain{number}" for number, path in enumerate({each.path for each in found})}
        for name, text in [
            *((name, each.changed()) for name, each in files.items()),
            *((name, path.read_text()) for path, name in plain.items()),
        ]:
            Path(folder, f"m{name}.py").write_text(text)
        settings = {
            "include": ["."],
            "typeCheckingMode": "strict",
            "pythonVersion": "3.14",
            "venvPath": "..",
            "venv": ".venv",
        }
        Path(folder, "pyrightconfig.json").write_text(json.dumps(settings))
        checked = subprocess.run(
            [ROOT / ".venv/bin/basedpyright", "--outputjson", "--project", folder], capture_output=True, check=False
        )
    errors = defaultdict[str, set[str]](set)
    for each in json.loads(checked.stdout)["generalDiagnostics"]:
        if each["severity"] == "error":
            errors[Path(each["file"]).stem[1:]].add(each["message"])
    return {each.name for name, each in files.items() if errors[name] - errors[plain[each.path]]}


def main() -> int:
    """Print them."""
    found = [each for each in survivors() if not rewords(each)]
    if "--names" in sys.argv:
        print("\n".join(each.name for each in found))
        return 0
    refused = refused_by_types(found)
    reasons = tomllib.loads((ROOT / "tests" / "mutants.toml").read_text())
    left = [each for each in found if each.name not in refused and not excused(each, reasons)]
    for each in left:
        print("", each.name, *each.lines, sep="\n")
    print(
        f"\n{len(found)} changes survived the tests: the type checker refuses {len(refused)}, there is a reason for"
        f" {len(found) - len(refused) - len(left)}, and {len(left)} are left."
    )
    return bool(left)


if __name__ == "__main__":
    sys.exit(main())
