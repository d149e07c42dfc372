"""Keys for the HTTP API: made once, shown once, stored as digests in a file that only the user may read."""

import hmac
import secrets
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from fanin.errors import ConfigError
from fanin.storage.private_files import data_folder
from fanin.storage.record_file import changing_records, read_records
from fanin.values import value

PREFIX = "fanin"
"""What every key begins with, so that programs that look for lost secrets know one."""

SECRET_BYTES = 32
"""Random bytes of a key: too many to guess, so that a plain SHA-256 of them is enough."""

_DAMAGED = "it is no file of keys"

_NO_KEY = sha256(b"").hexdigest()


@value
class ApiKey:
    """What is stored of a key: an id, which is also the user of its runs, a name, and the digest of its secret.

    `created` and `revoked` are in seconds since 1970; `revoked` is 0 for a key that is valid.
    """

    id: str
    name: str
    digest: str
    created: float
    revoked: float = 0.0


def keys_file() -> Path:
    """The user's own file of keys."""
    return data_folder() / "keys.json"


def read_keys(path: Path) -> Sequence[ApiKey]:
    """The keys in the file, revoked ones too. Raises ConfigError for a file that cannot be read."""
    try:
        return read_records(path, ApiKey)
    except (OSError, ValueError, TypeError) as error:
        why = error.strerror if isinstance(error, OSError) else _DAMAGED
        raise ConfigError(f"{path}: {why}; fanin accepts no key. Correct the file, or name another one.") from error


def add_key(path: Path, name: str, *, now: float | None = None) -> tuple[str, ApiKey]:
    """A new key, which is stored nowhere, and what is stored of it. Raises ConfigError."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    made = ApiKey(secrets.token_hex(4), name, _digest(secret), time.time() if now is None else now)
    with _changing(path) as keys:
        keys.append(made)
    return f"{PREFIX}_{made.id}_{secret}", made


def revoke_key(path: Path, id: str, *, now: float | None = None) -> ApiKey:  # noqa: A002
    """Revoke the key of this id, or the only valid one of this name. Raises ConfigError if there is none."""
    at = time.time() if now is None else now
    with _changing(path) as keys:
        found = [place for place, each in enumerate(keys) if id in (each.id, each.name) and not each.revoked]
        if len(found) != 1:
            many = f"{len(found)} valid keys have the name {id!r}" if found else f"There is no valid key {id!r}"
            raise ConfigError(f"{many}; fanin revoked nothing. `fanin keys list` shows their ids.")
        keys[found[0]] = replace(keys[found[0]], revoked=at)
        return keys[found[0]]


def valid_key(keys: Mapping[str, ApiKey], given: str) -> ApiKey | None:
    """The one of the keys, by their ids, that was given, unless it was revoked.

    It takes as long for a wrong secret as for a right one.
    """
    _, _, rest = given.partition("_")
    name, _, secret = rest.partition("_")
    found = keys.get(name)
    right = hmac.compare_digest(_digest(secret), found.digest if found else _NO_KEY)
    return found if found and right and not found.revoked and given.startswith(f"{PREFIX}_") else None


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@contextmanager
def _changing(path: Path) -> Generator[list[ApiKey]]:
    """The keys, which are written at the end. Raises ConfigError."""
    try:
        with changing_records(path, ApiKey) as keys:
            yield keys
    except (OSError, ValueError, TypeError) as error:
        why = (error.strerror or type(error).__name__) if isinstance(error, OSError) else _DAMAGED
        raise ConfigError(f"{path}: {why}; fanin changed no key. Make the file writable, or name another.") from error
