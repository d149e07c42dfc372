"""A store for as long as a test lasts, which can be looked into."""


class MemoryStore:
    """Keeps all that it was ever given, by key."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    async def get(self, key: str) -> bytes | None:
        return self.kept.get(key)

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        self.kept[key] = value

    async def close(self) -> None:
        """Nothing is to be closed."""
