"""What a store is, and how it is named in settings."""

from pathlib import Path
from typing import Protocol

from fanin.errors import ConfigError
from fanin.storage.redis_store import RedisStore
from fanin.storage.sqlite_store import SQLiteStore


class Store(Protocol):
    """Keeps bytes by key for some time. It never raises: when something goes wrong it gives nothing, and logs why."""

    async def get(self, key: str) -> bytes | None:
        """What was put last, unless it is too old or lost."""
        ...

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        """Keep a value for so many seconds."""
        ...

    async def close(self) -> None:
        """Called when the engine closes."""
        ...


def named_store(place: Store | str | Path | None) -> Store | None:
    """The store that somebody gave or named, None for "memory"; raises ConfigError where there can be none."""
    match place:
        case None | "memory":
            return None
        case str() | Path():
            store = opened(Path(place).expanduser() if "://" not in str(place) else place)
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


def opened(place: str | Path) -> Store:
    """The store at a path, or at an address such as "redis://host:6379/0"; it opens with its first use."""
    if str(place).startswith(("redis://", "rediss://", "unix://")):
        return RedisStore(str(place))
    return SQLiteStore(Path(place))
