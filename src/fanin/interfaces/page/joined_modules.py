"""Modules of JavaScript joined into one script, so that a browser asks once; each stays a file of its own (pure)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath

_IMPORT = re.compile(r'import\s*(\{[^}]*\}|\* as \w+)\s*from\s*"([^"]+)";?')
_PASSED_ON = re.compile(r'export\s*\{([^}]*)\}\s*from\s*"([^"]+)";?')
_LIST = re.compile(r"export\s*\{([^}]*)\};?")
_DECLARED = re.compile(r"^export (?=(?:const|let|class|function|async function)\*? ?\*?\s*([\w$]+))", re.MULTILINE)


def joined(start: str, texts: Mapping[str, str], *, instead: Mapping[str, str] | None = None) -> str:
    """All modules of `texts` that this one needs, as one script: each is a function that gives what it exports.

    `instead` names modules that take the place of others.
    """
    found = _Joining(texts, instead or {})
    found.add(start)
    parts = [f'modules["{name}"] = (() => {{\n{text}\n}})();' for name, text in found.done.items()]
    return '"use strict";\nconst modules = {};\n' + "\n".join(parts).replace("</script", "<\\/script")


@dataclass(frozen=True, slots=True)
class _Joining:
    texts: Mapping[str, str]
    instead: Mapping[str, str]
    done: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, name: str) -> None:
        """Add a module after those that it imports."""
        if name in self.done:
            return
        text = self.texts[name]
        for found in (*_IMPORT.finditer(text), *_PASSED_ON.finditer(text)):
            self.add(self.resolved(name, found[2]))
        self.done[name] = self.as_function(name, text)

    def as_function(self, name: str, text: str) -> str:
        """The body of a function in place of a module: imports become constants, and exports what it returns."""
        given = [*self.exports(name, text)]
        text = _PASSED_ON.sub("", text)
        text = _LIST.sub("", _DECLARED.sub("", text))
        text = _IMPORT.sub(
            lambda found: f'const {_names(found[1])} = modules["{self.resolved(name, found[2])}"];', text
        )
        return f"{text}\nreturn {{ {', '.join(given)} }};"

    def as_constant(self, name: str, found: re.Match[str]) -> str:
        """An import of a module as a constant."""
        return f'const {_names(found[1])} = modules["{self.resolved(name, found[2])}"];'

    def exports(self, name: str, text: str) -> Iterator[str]:
        """What a module exports, as members of an object."""
        for found in _PASSED_ON.finditer(text):
            module = self.resolved(name, found[2])
            yield from (f'{each.strip()}: modules["{module}"].{each.strip()}' for each in found[1].split(","))
        for found in _LIST.finditer(_PASSED_ON.sub("", text)):
            for each in found[1].split(","):
                own, _, given = each.strip().partition(" as ")
                yield f"{given or own}: {own}"
        yield from (found[1] for found in _DECLARED.finditer(text))

    def resolved(self, name: str, target: str) -> str:
        """The module that a module means by this path."""
        found = normpath(join(dirname(name), target))
        return self.instead.get(found, found)


def _names(imported: str) -> str:
    return imported.removeprefix("* as ").replace(" as ", ": ")
