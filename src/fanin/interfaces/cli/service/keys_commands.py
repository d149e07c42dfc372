"""`fanin keys …`: keys for the HTTP API."""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from fanin.config import find, load
from fanin.interfaces.cli.options import Config, Json
from fanin.interfaces.cli.terminal import note, say, say_json, table, width
from fanin.storage.api_keys import ApiKey, add_key, read_keys, revoke_key
from fanin.streams.event_json import dumps

app = App(
    name="keys",
    help="Keys for the HTTP API of `fanin serve`: each one sees its own runs only.",
    help_format="plaintext",
    version_flags=(),
)
"""The commands below `fanin keys`."""


@app.command(sort_key=1)
def add(
    name: Annotated[str, Parameter(help="Whose key it is, such as a person or a program.")], /, *, config: Config = None
) -> int:
    """Make a key and print it. It is shown this once: only its digest is stored."""
    key, made = add_key(_file(config), name)
    say(key)
    message = f"This is the key {made.id} of {made.name}; it is not shown again."
    note(f"{message} Programs send it as `Authorization: Bearer KEY`.")
    return 0


@app.command(name="list", sort_key=2)
def list_keys(*, json: Json = False, config: Config = None) -> int:
    """List the keys, without their secrets."""
    keys = read_keys(_file(config))
    if json:
        say_json(dumps([_fields(each) for each in keys], indent=2))
    elif keys:
        rows = [(each.id, each.name, _day(each.created), _day(each.revoked)) for each in keys]
        say(table(("id", "name", "made", "revoked"), *rows, columns=width(sys.stdout)))
    else:
        say("There is no key. `fanin keys add NAME` makes one.")
    return 0


@app.command(sort_key=3)
def revoke(key: Annotated[str, Parameter(help="The id of the key, or its name.")], /, *, config: Config = None) -> int:
    """Revoke a key: a running server refuses it within two seconds. Its runs stay, and nobody sees them over HTTP."""
    revoked = revoke_key(_file(config), key)
    say(f"Revoked {revoked.id} of {revoked.name}.")
    return 0


def _file(config: Config) -> Path:
    return load(find(config)).keys_file()


def _fields(key: ApiKey) -> dict[str, object]:
    return {name: getattr(key, name) for name in key.__dataclass_fields__ if name != "digest"}


def _day(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone().isoformat(" ", "minutes")[:16] if at else ""
