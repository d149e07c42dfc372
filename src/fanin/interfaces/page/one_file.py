"""The view of a run as one HTML file: a kept run that opens offline, and the MCP App. Nothing else is loaded."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from typing import Any

from fanin.interfaces.page.joined_modules import joined
from fanin.interfaces.page.page_files import page_files

FILE, APP = "js/one_file.js", "js/mcp_app.js"
"""The modules that begin: in a file that holds a run, and in a chat."""

KEPT = {"js/api.js": "js/kept_api.js"}
"""The module that asks the server, and the one in its place, to which a run is handed over."""

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
    script = joined(start, {name: each.content.decode() for name, each in files.items()}, instead=KEPT)
    policy = (
        f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src {_hash(style)}; script-src {_hash(script)}"
    )
    return _HTML.format(policy=policy, style=style, body=body.strip(), data=data, script=script)


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
