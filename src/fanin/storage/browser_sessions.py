"""Sessions of browsers: each was begun with a key, and is stored as a digest in a file beside that of the keys."""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from fanin.storage.record_file import changing_records, read_records
from fanin.values import value

SESSION_SECONDS = 30 * 86_400.0
"""How long a session lasts."""

MOST_SESSIONS = 1_000
"""Sessions that are stored; beyond that the oldest one ends."""


@value
class Session:
    """What is stored of a session: the digest of its secret, the id of its key, and its end in seconds since 1970."""

    digest: str
    key: str
    ends: float


def sessions_file(keys: Path) -> Path:
    """The file of the sessions that belong to a file of keys."""
    return keys.with_name("sessions.json")


def read_sessions(path: Path) -> Mapping[str, Session]:
    """The sessions by their digests. Raises OSError, ValueError and TypeError for a file that cannot be read."""
    return {each.digest: each for each in read_records(path, Session)}


def begin_session(path: Path, key: str, *, now: float) -> tuple[str, Session]:
    """A new session of the key of this id, and its secret, which is stored nowhere. Raises as `read_sessions`."""
    secret = secrets.token_urlsafe(32)
    made = Session(digest_of(secret), key, now + SESSION_SECONDS)
    with changing_records(path, Session) as sessions:
        lasting = [each for each in sessions if each.ends > now]
        sessions[:] = [*lasting, made][-MOST_SESSIONS:]
    return secret, made


def end_session(path: Path, secret: str) -> None:
    """Forget the session of this secret, if there is one. Raises as `read_sessions`."""
    digest = digest_of(secret)
    with changing_records(path, Session) as sessions:
        sessions[:] = [each for each in sessions if each.digest != digest]


def digest_of(secret: str) -> str:
    """What is stored of a secret: it is too long to guess, so that a plain SHA-256 is enough."""
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
