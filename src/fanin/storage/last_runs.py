"""The last question of each terminal session and its answer, for the question that follows.

They are in a file that only the user may read: texts alone, without addresses, settings or keys.
"""

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

from fanin.model import Answer, Turn
from fanin.storage.private_files import make_file, state_folder

SESSIONS = 20
"""Sessions that are kept, the newest ones."""

AGE = 86_400.0
"""Seconds for which a session is kept: the system gives its number to another one later."""

CHARACTERS = 4_000
"""Characters of a question and of an answer that are kept."""


def last_turn(*, session: str | None = None, now: float | None = None) -> Turn | None:
    """The last question that was asked in this terminal's session, and its answer; None if there is none."""
    kept = _read(_file(), time.time() if now is None else now).get(session or _session())
    return None if kept is None else Turn(kept["question"], kept["answer"])


def keep_turn(answer: Answer, *, session: str | None = None, now: float | None = None) -> None:
    """Keep a question and its answer as the last ones of this session. Raises OSError."""
    now, path = time.time() if now is None else now, _file()
    asked = (answer.asked_as or answer.query)[:CHARACTERS]
    kept = {
        **_read(path, now),
        session or _session(): {"question": asked, "answer": answer.text[:CHARACTERS], "at": now},
    }
    newest = sorted(kept.items(), key=lambda item: item[1]["at"], reverse=True)[:SESSIONS]
    written = path.with_name(f"{path.name}.{os.getpid()}")
    make_file(written)
    try:
        written.write_text(json.dumps(dict(newest)), "utf-8", "surrogatepass")
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def _file() -> Path:
    return state_folder() / "last-runs.json"


def _session() -> str:
    """The id of this terminal's session: its number, and the terminal's name if there is one."""
    name = ""
    with suppress(OSError):
        name = os.ttyname(2)
    return f"{os.getsid(0)} {name}"


def _read(path: Path, now: float) -> Mapping[str, Any]:
    """What is kept and not too old; nothing of a file that is missing or was changed by others."""
    try:
        found: object = json.loads(path.read_text("utf-8", "surrogatepass"))
        kept = cast("Mapping[str, Any]", found).items() if isinstance(found, dict) else ()
        return {
            session: each
            for session, each in kept
            if now - AGE < each["at"] <= now and isinstance(each["question"], str) and isinstance(each["answer"], str)
        }
    except OSError, ValueError, TypeError, KeyError:
        return {}
