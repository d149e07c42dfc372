"""The protocol of a store, and how settings name one."""

from pathlib import Path
from typing import Protocol

from fanin.errors import ConfigError
from fanin.limits import LIMITS, Limits
from fanin.storage.redis_store import RedisStore
from fanin.storage.sqlite_store import SQLiteStore


class Store(Protocol):
    """Stores bytes by key for some time. It never raises: after an error it stores and gives nothing, and logs why.

    Processes that share a store share the rates and pauses of sources if it also has `async swap(key, old, new, *,
    seconds)`, which stores `new` if the value of the key is `old` (None: if there is none), and says whether it did:
    None when it does not work.
    """

    async def get(self, key: str) -> bytes | None:
        """The value of the key; None if it has expired or was lost."""
        ...

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        """Store the value for `seconds`."""
        ...

    async def close(self) -> None:
        """Called when the engine closes."""
        ...


def named_store(place: Store | str | Path | None, limits: Limits = LIMITS) -> Store | None:
    """The store that was given or named, None for "memory". Raises ConfigError where there can be none."""
    match place:
        case None | "memory":
            return None
        case str() | Path():
            store = open_store(Path(place).expanduser() if "://" not in str(place) else place, limits)
            if (check := getattr(store, "check", None)) is not None:
                check()
            return store
        case _ if all(hasattr(place, name) for name in ("get", "put", "close")):
            return place
        case _:
            raise ConfigError(
                f"store is of the type {type(place).__name__}; fanin did not start. Give a path, an address such as"
                ' "redis://host:6379/0", or an object with get, put and close.'
            )


def open_store(place: str | Path, limits: Limits = LIMITS) -> Store:
    """The store at a path, or at an address such as "redis://host:6379/0"; it is opened by its first use."""
    if str(place).startswith(("redis://", "rediss://", "unix://")):
        return RedisStore(str(place))
    return SQLiteStore(Path(place), limits=limits)
