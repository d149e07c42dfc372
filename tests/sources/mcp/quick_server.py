"""An MCP server without an SDK, which starts quickly: `python -I quick_server.py [MARKER]`.

Its tools are about the process in which they run. Each call has a thread of its own. With a marker it
ends at no signal, and has a child whose command names the marker.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

BEGIN = {
    "protocolVersion": "2025-06-18",
    "capabilities": {"tools": {}},
    "serverInfo": {"name": "quick", "version": "1"},
}


def echo(text: str) -> str:
    """The text again."""
    return text


def length(text: str) -> str:
    """How long a text is."""
    return str(len(text))


def pid() -> str:
    """Which process this is."""
    return str(os.getpid())


def variables() -> str:
    """The environment."""
    return "\n".join(f"{name}: {value}" for name, value in os.environ.items())


def hang() -> str:
    """Never answers, though others are served."""
    time.sleep(600)
    return "late"


def wait(until: str) -> str:
    """Takes until there is a file of that name, or no time for "now", and says which process this is.

    That it was asked is said by a file with ".asked" at the end of its name.
    """
    if until != "now":
        Path(f"{until}.asked").touch()
        while not Path(until).exists():
            time.sleep(0.02)
    return pid()


def block() -> str:
    """Never answers, and nobody else is served."""
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
    while True:  # on a busy machine a stop does not always last
        os.kill(os.getpid(), signal.SIGSTOP)


def die() -> str:
    """Ends the process."""
    print("out of coffee", file=sys.stderr, flush=True)
    os._exit(7)


TOOLS: Mapping[str, Callable[..., str]] = {
    each.__name__: each for each in (echo, length, pid, variables, hang, wait, block, die)
}


def call(asked: Mapping[str, Any]) -> None:
    parameters = asked["params"]
    text = TOOLS[parameters["name"]](**parameters.get("arguments") or {})
    write(asked, result={"content": [{"type": "text", "text": text}]})


def write(asked: Mapping[str, Any], **reply: Any) -> None:
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": asked["id"], **reply}) + "\n")
    sys.stdout.flush()


def serve() -> None:
    for line in sys.stdin:
        asked = json.loads(line)
        match asked["method"]:
            case "initialize":
                write(asked, result=BEGIN)
            case "tools/list":
                tools = [{"name": name, "inputSchema": {"type": "object"}} for name in TOOLS]
                write(asked, result={"tools": tools})
            case "tools/call":
                threading.Thread(target=call, args=(asked,), daemon=True).start()
            case _ if "id" in asked:
                write(asked, error={"code": -32601, "message": "no such method"})
            case _:
                pass


def main(marker: str = "") -> None:
    if marker:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        subprocess.Popen([sys.executable, "-I", "-c", "import time; time.sleep(600)", marker])
    serve()
    if marker:
        time.sleep(600)


main(*sys.argv[1:])
