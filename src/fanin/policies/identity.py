"""What answers and health belong to, as a keyed digest: a source, its settings, its secrets, and a user."""

import functools
import hmac
import logging
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from fanin.errors import ConfigError, describe
from fanin.sources.source import Source
from fanin.storage.private_files import correct_file, make_file, state_folder

SIZE = 32
"""Bytes of a key that fanin makes: as many as SHA-256 gives (RFC 2104, 3)."""

SHORTEST = 16
"""Characters of a key that somebody sets; a shorter one could be guessed."""

_log = logging.getLogger("fanin")


@dataclass(frozen=True, slots=True)
class Identity:
    """Names for what is kept of sources: HMAC-SHA256 under a key, so that nobody without it can guess what is in them.

    `key` gives the key when it is first needed.
    """

    key: Callable[[], bytes] = field(repr=False)

    def of(self, kind: str, source: Source, *parts: str) -> str:
        """`kind` and 64 hexadecimal digits that differ with the source, its settings and secrets, and each part."""
        revealed = [each.reveal() for each in source.secrets]
        texts = (kind, source.name, source.identity, str(len(revealed)), *revealed, *parts)
        return f"{kind}:{hmac.digest(self.key(), b''.join(map(_with_length, texts)), 'sha256').hex()}"


def _with_length(text: str) -> bytes:
    """The text after its length, so that no two lists of texts give the same bytes."""
    encoded = text.encode("utf-8", "surrogatepass")
    return len(encoded).to_bytes(8) + encoded


def identity(key: str | None = None, *, kept: bool = False) -> Identity:
    """The identity under a key that was set, else under the user's own if things are kept, else under a new one.

    Raises ConfigError for a key that is too short.
    """
    if key is None:
        return Identity(functools.cache(user_key if kept else _new))
    encoded = checked_key(key).encode("utf-8", "surrogatepass")
    return Identity(lambda: encoded)


def checked_key(key: str) -> str:
    """The same key; raises ConfigError for one that is too short."""
    if not isinstance(cast("object", key), str) or len(key) < SHORTEST:
        raise ConfigError(
            f"The store_key is no text, or has fewer than {SHORTEST} characters; fanin did not start. Make one with"
            " `python3 -c 'import secrets; print(secrets.token_hex())'`."
        )
    return key


def _new() -> bytes:
    return secrets.token_bytes(SIZE)


def user_key() -> bytes:
    """The key in this user's state folder, made when there is none; a new one each time where none can be kept."""
    path = state_folder() / "store.key"
    try:
        return _read(path) or _made(path)
    except (OSError, RuntimeError) as error:  # nor is there always a home
        _log.warning(
            "%s cannot be kept (%s); fanin will not find again what it stores in this run. Set store_key, or make that"
            " folder writable.",
            path,
            describe(error),
        )
        return _new()


def _read(path: Path) -> bytes | None:
    """The key in the file; None when there is no whole one."""
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        return None
    correct_file(path)
    return key if len(key) == SIZE else None


def _made(path: Path) -> bytes:
    """A new key, written whole or not at all; of several programs that make one at the same time, all get the same."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        make_file(temporary)
        with temporary.open("r+b") as file:
            file.write(_new())
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(temporary)
    except FileExistsError:
        if _read(path) is None:
            temporary.replace(path)  # it was cut short; otherwise another program was first
    finally:
        temporary.unlink(missing_ok=True)
    if (key := _read(path)) is None:
        raise OSError(None, "it is damaged")
    return key
