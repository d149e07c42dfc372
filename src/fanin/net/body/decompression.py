"""Decompresses bodies in small steps, so that a decompression bomb needs no more memory than one step."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from compression import zstd
from functools import partial
from typing import Protocol

from fanin.errors import FailureKind, SourceError

ACCEPTED = "gzip, deflate, zstd"
"""The encodings that fanin accepts: those that the standard library decompresses."""

STEP = 65_536
"""Bytes that are decompressed in one step."""

_WINDOW_LOG = 23
"""The window of a zstd frame: 8 MB, the most that a server may use (RFC 9659)."""

_ZSTD: Mapping[int, int] = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG}

DECOMPRESSION_ERRORS = (zlib.error, zstd.ZstdError, EOFError)


class LimitExceeded(ValueError):
    """A body exceeds a limit of decompression; the message says which."""


class Decompressor(Protocol):
    """Decompresses a body piece by piece."""

    @property
    def is_complete(self) -> bool:
        """Whether the body may end here."""
        ...

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """The decompressed bytes of this piece, at most `STEP` at a time.

        Raises one of `DECOMPRESSION_ERRORS`, or LimitExceeded.
        """
        ...


def decompressor_for(encoding: str, *, most_parts: int) -> Decompressor | None:
    """The decompressor for a body of at most `most` streams; None if it is not compressed. Raises SourceError."""
    match encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return _Members(partial(_Zlib, 16 + zlib.MAX_WBITS), most_parts)
        case "zstd":
            return _Members(partial(zstd.ZstdDecompressor, options=_ZSTD), most_parts)
        case "deflate":
            return _Deflate()
        case other:
            raise SourceError(
                f"The reply has the encoding {other[:40]!r}, but fanin accepts only {ACCEPTED}; fanin did not read it."
                " Ask for another encoding.",
                FailureKind.ENCODING,
            )


class _Member(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class _Zlib:
    """zlib with the interface of the newer decompressors, which keep their unused input."""

    def __init__(self, wbits: int) -> None:
        self._stream = zlib.decompressobj(wbits)

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def decompress(self, data: bytes, max_length: int = STEP, /) -> bytes:
        return self._stream.decompress(self._stream.unconsumed_tail + data, max_length)


class _Members:
    """Several compressed streams one after another, as gzip and zstd allow."""

    def __init__(self, begin: Callable[[], _Member], most: int) -> None:
        self._most = most
        self._begin = begin
        self._member = begin()
        self._begun = False
        self._count = 1

    @property
    def is_complete(self) -> bool:
        return not self._begun

    def feed(self, piece: bytes) -> Iterator[bytes]:
        while True:
            self._begun = self._begun or bool(piece)
            out = self._decompress(piece)
            piece = b""
            if out:
                yield out
            if self._member.eof:
                piece = self._member.unused_data
                self._next()
                if not piece:
                    return
            elif not out:
                return

    def _decompress(self, piece: bytes) -> bytes:
        try:
            return self._member.decompress(piece, STEP)
        except zstd.ZstdError as error:
            if "too much memory" in str(error):
                raise LimitExceeded(f"is compressed with a window of more than {2**_WINDOW_LOG:,} bytes") from None
            raise

    def _next(self) -> None:
        self._count += 1
        if self._count > self._most:
            raise LimitExceeded(f"is compressed in more than {self._most:,} parts")
        self._member, self._begun = self._begin(), False


class _Deflate:
    """The zlib format, or raw deflate, which some servers send under the same name."""

    def __init__(self) -> None:
        self._member: _Member | None = None

    @property
    def is_complete(self) -> bool:
        return self._member is None or self._member.eof

    def feed(self, piece: bytes) -> Iterator[bytes]:
        if self._member is None:
            if not piece:
                return
            self._member = _Zlib(zlib.MAX_WBITS if piece[0] & 0x0F == 8 else -zlib.MAX_WBITS)
        while out := self._member.decompress(piece, STEP):
            piece = b""
            yield out
