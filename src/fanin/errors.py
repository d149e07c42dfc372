"""What can go wrong, as one small tree. Every message says what happened, what fanin did, and what you can do."""


class FaninError(Exception):
    """The base of every error that fanin raises on purpose. Its arguments are its message, so it pickles."""

    kind = "error"


class ConfigError(FaninError):
    """A setting is missing, unknown or out of range; raised before anything is asked."""

    kind = "config"


class UnknownSource(FaninError):
    """A question named a source that the engine does not have."""

    kind = "unknown_source"


class EngineClosed(FaninError):
    """The engine was asked before it was opened or after it was closed."""

    kind = "closed"


class PoolError(FaninError):
    """The chosen pool cannot run the process function."""

    kind = "pool"


class SourceError(FaninError):
    """A source may raise this (or a subclass) to say in one word, `kind`, how it failed."""

    def __init__(self, message: str, kind: str = "error") -> None:
        super().__init__(message, kind)
        self.kind = kind

    def __str__(self) -> str:
        return str(self.args[0])


class CircuitOpen(SourceError):
    """The source failed too often and is left in peace for `retry_after` more seconds."""

    def __init__(self, message: str, retry_after: float = 0.0) -> None:
        super().__init__(message, "open_circuit")
        self.args = (message, retry_after)
        self.retry_after = retry_after


class RateLimited(SourceError):
    """The source asked for fewer calls; `retry_after` is in seconds, or None when it did not say."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message, "rate_limited")
        self.args = (message, retry_after)
        self.retry_after = retry_after


class KnowledgeError(FaninError):
    """The knowledge base cannot be opened, read or written."""

    kind = "knowledge"
