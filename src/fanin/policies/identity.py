"""Keys for the store, as keyed digests of a source, its settings, its secrets, and a user."""

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
from fanin.storage.private_files import make_file, restrict_file, state_folder

KEY_BYTES = 32
"""Bytes of a key that fanin makes: the size of a SHA-256 digest (RFC 2104, 3)."""

MIN_KEY_CHARACTERS = 16
"""Characters of a configured key; a shorter one could be guessed."""

_log = logging.getLogger("fanin")


@dataclass(frozen=True, slots=True)
class Identity:
    """Makes keys for the store: HMAC-SHA256 under a key, so that no one without it can guess what they stand for.

    `key` is called when the key is first needed.
    """

    key: Callable[[], bytes] = field(repr=False)

    def storage_key(self, kind: str, source: Source, *parts: str) -> str:
        """`kind` and 64 hexadecimal digits that depend on the source, its settings and secrets, and the parts."""
        revealed = [each.reveal() for each in source.secrets]
        texts = (kind, source.name, source.identity, str(len(revealed)), *revealed, *parts)
        return f"{kind}:{hmac.digest(self.key(), b''.join(map(_with_length, texts)), 'sha256').hex()}"


def _with_length(text: str) -> bytes:
    """The text preceded by its length, so that different lists of texts never give the same bytes."""
    encoded = text.encode("utf-8", "surrogatepass")
    return len(encoded).to_bytes(8) + encoded


def make_identity(key: str | None = None, *, persistent: bool = False) -> Identity:
    """The identity with the configured key, or else with the user's own if `persistent`, or else with a new one.

    Raises ConfigError for a key that is too short.
    """
    if key is None:
        return Identity(functools.cache(user_key if persistent else _new_key))
    encoded = check_key(key).encode("utf-8", "surrogatepass")
    return Identity(lambda: encoded)


def check_key(key: str) -> str:
    """The key. Raises ConfigError for one that is too short."""
    if not isinstance(cast("object", key), str) or len(key) < MIN_KEY_CHARACTERS:
        raise ConfigError(
            f"The store_key is not a text, or has fewer than {MIN_KEY_CHARACTERS} characters; fanin did not start."
            " Make one with `python3 -c 'import secrets; print(secrets.token_hex())'`."
        )
    return key


def _new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def user_key() -> bytes:
    """The key in this user's state folder, made if there is none; a new one each time if it cannot be stored."""
    path = state_folder() / "store.key"
    try:
        return _read_key(path) or _create_key(path)
    except (OSError, RuntimeError) as error:  # RuntimeError: the user has no home folder
        _log.warning(
            "%s cannot be stored (%s); later runs will not find what this one stores. Set store_key, or make that"
            " folder writable.",
            path,
            describe(error),
        )
        return _new_key()


def _read_key(path: Path) -> bytes | None:
    """The key in the file; None if there is no complete one."""
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        return None
    restrict_file(path)
    return key if len(key) == KEY_BYTES else None


def _create_key(path: Path) -> bytes:
    """A new key, written completely or not at all; programs that make one at the same time all get the same."""
    temporary = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        make_file(temporary)
        with temporary.open("r+b") as file:
            file.write(_new_key())
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(temporary)
    except FileExistsError:
        if _read_key(path) is None:
            temporary.replace(path)  # the file was incomplete; otherwise another program was first
    finally:
        temporary.unlink(missing_ok=True)
    if (key := _read_key(path)) is None:
        raise OSError(None, "it is damaged")
    return key
