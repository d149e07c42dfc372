"""The view of a run as one HTML file: a kept run that opens offline, and the MCP App. Nothing else is loaded."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from posixpath import dirname, join, normpath
from typing import Any

from fanin.interfaces.page.page_files import page_files

FILE, APP = "js/one_file.js", "js/mcp_app.js"
"""The modules that begin: in a file that holds a run, and in a chat."""

API, KEPT_API = "js/api.js", "js/kept_api.js"
"""The module that asks the server, and the one in its place, to which a run is handed over."""

_IMPORT = re.compile(r'import\s*(\{[^}]*\}|\* as \w+)\s*from\s*"([^"]+)";?')
_PASSED_ON = re.compile(r'export\s*\{([^}]*)\}\s*from\s*"([^"]+)";?')
_LIST = re.compile(r"export\s*\{([^}]*)\};?")
_DECLARED = re.compile(r"^export (?=(?:const|let|class|function|async function)\*? ?\*?\s*([\w$]+))", re.MULTILINE)

_HTML = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>fanin</title>
<style>{style}</style>
</head>
{body}
{data}<script>{script}</script>
</html>
"""
_DATA = '<script type="application/json" id="kept">{}</script>\n'


def one_file(run: Mapping[str, Any]) -> str:
    """The file of a run: its members are `run` as the API tells it, `events` as its stream does, and `trace`."""
    return _html(FILE, data=_DATA.format(json.dumps(run).replace("<", "\\u003c")))


@cache
def mcp_app() -> str:
    """The MCP App that shows a run in a chat: the host hands over what it shows."""
    return _html(APP)


def _html(start: str, *, data: str = "") -> str:
    files = page_files()
    style = "\n".join(files[name].content.decode() for name in ("tokens.css", "page.css"))
    document = files["index.html"].content.decode()
    body = re.sub(r"<noscript>.*?</noscript>", "", document[document.index("<body>") : document.index("</html>")])
    script = bundle(start)
    policy = (
        f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src {_hash(style)}; script-src {_hash(script)}"
    )
    return _HTML.format(policy=policy, style=style, body=body.strip(), data=data, script=script)


def bundle(start: str) -> str:
    """All modules that this one needs, as one script: each is a function that gives what it exports."""
    done: dict[str, str] = {}
    _add(start, done)
    parts = [f'modules["{name}"] = (() => {{\n{text}\n}})();' for name, text in done.items()]
    return '"use strict";\nconst modules = {};\n' + "\n".join(parts).replace("</script", "<\\/script")


def _add(name: str, done: dict[str, str]) -> None:
    """Add a module after those that it imports."""
    if name in done:
        return
    text = page_files()[name].content.decode()
    for found in (*_IMPORT.finditer(text), *_PASSED_ON.finditer(text)):
        _add(_resolved(name, found[2]), done)
    done[name] = _as_function(name, text)


def _as_function(name: str, text: str) -> str:
    """The body of a function in place of a module: imports become constants, and exports what it returns."""
    given = [*_exports(name, text)]
    text = _PASSED_ON.sub("", text)
    text = _LIST.sub("", _DECLARED.sub("", text))
    text = _IMPORT.sub(lambda found: f'const {_names(found[1])} = modules["{_resolved(name, found[2])}"];', text)
    return f"{text}\nreturn {{ {', '.join(given)} }};"


def _exports(name: str, text: str) -> Iterator[str]:
    for found in _PASSED_ON.finditer(text):
        yield from (
            f'{each.strip()}: modules["{_resolved(name, found[2])}"].{each.strip()}' for each in found[1].split(",")
        )
    for found in _LIST.finditer(_PASSED_ON.sub("", text)):
        for each in found[1].split(","):
            own, _, given = each.strip().partition(" as ")
            yield f"{given or own}: {own}"
    yield from (found[1] for found in _DECLARED.finditer(text))


def _names(imported: str) -> str:
    return imported.removeprefix("* as ").replace(" as ", ": ")


def _resolved(name: str, target: str) -> str:
    found = normpath(join(dirname(name), target))
    return KEPT_API if found == API else found


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
