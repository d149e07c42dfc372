"""Writes the pages of docs/reference that are made from the code, so that the two cannot differ.

Run it after a change of a setting, a docstring, a command or an event:

    PYTHONPATH=src .venv/bin/python scripts/reference

With `--check` it writes nothing, names the pages that differ, and its status is 1 if there are any.
"""

import sys
from pathlib import Path

import api_page
import cli_page
import events_page
import http_page
import schemas
import settings_page

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def pages() -> dict[str, str]:
    """The text of each page by the name of its file."""
    return {
        "settings.md": settings_page.page(),
        "api.md": api_page.page(),
        "cli.md": cli_page.page(),
        "events.md": events_page.page(),
        "http.md": http_page.page(),
        "answer.schema.json": schemas.text(schemas.answer()),
        "event.schema.json": schemas.text(schemas.event()),
    }


def main() -> int:
    """Write or check every page; gives the exit status."""
    changed = {name: text for name, text in pages().items() if _written(name) != text}
    for name, text in changed.items():
        sys.stdout.write(f"{name} differs from the code\n")
        if "--check" not in sys.argv:
            (REFERENCE / name).write_text(text, "utf-8")
    return int(bool(changed) and "--check" in sys.argv)


def _written(name: str) -> str:
    path = REFERENCE / name
    return path.read_text("utf-8") if path.exists() else ""


if __name__ == "__main__":
    sys.exit(main())
