"""Compressed bodies, unpacked bit by bit, so that a bomb costs no more memory than one bit."""

import zlib
from collections.abc import Callable, Iterator
from compression import zstd
from typing import Protocol

from fanin.errors import FailureKind, SourceError

ACCEPTED = "gzip, deflate, zstd"
"""What the standard library unpacks; a server that was not asked for anything else sends nothing else."""

STEP = 65_536
"""Bytes that are unpacked at a time."""

_WINDOW_LOG = 23
"""Of a zstd frame: 8 MB, the most that a server may ask of a client (RFC 9659)."""

BROKEN = (zlib.error, zstd.ZstdError, EOFError)


class TooMuch(ValueError):
    """A body asks for more than is given to unpack one; it says what."""


class Unpacker(Protocol):
    """Takes a body piece by piece: `whole` is true when nothing of what it has begun is missing."""

    @property
    def whole(self) -> bool:
        """Whether the body may end here."""
        ...

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        """What this piece adds to the body, at most `STEP` bytes at a time; raises one of `BROKEN`, or TooMuch."""
        ...


def unpacker(encoding: str, *, most_parts: int) -> Unpacker | None:
    """What unpacks a body of so many streams at most, None for one that is not packed; SourceError, kind "encoding"."""
    match encoding.strip().lower():
        case "" | "identity":
            return None
        case "gzip" | "x-gzip":
            return _Members(_gzip, most_parts)
        case "zstd":
            return _Members(_Zstd, most_parts)
        case "deflate":
            return _Deflate()
        case other:
            raise SourceError(
                f"It packed its answer as {other[:40]!r}, but fanin asked for {ACCEPTED} only; fanin did not read it."
                " Ask for another form of the answer.",
                FailureKind.ENCODING,
            )


class _Member(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


class _Zlib:
    """zlib with the face of the newer decompressors, which keep what they have not yet unpacked."""

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


def _gzip() -> _Member:
    return _Zlib(16 + zlib.MAX_WBITS)


class _Zstd:
    """zstd, of which one error is not that the body is broken."""

    def __init__(self) -> None:
        self._stream = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG})

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def decompress(self, data: bytes, max_length: int = STEP, /) -> bytes:
        try:
            return self._stream.decompress(data, max_length)
        except zstd.ZstdError as error:
            if "too much memory" in str(error):
                raise TooMuch(f"is packed with a window of more than {2**_WINDOW_LOG:,} bytes") from None
            raise


class _Members:
    """One compressed stream after another, as gzip and zstd allow them to stand in a body."""

    def __init__(self, begin: Callable[[], _Member], most: int) -> None:
        self._most = most
        self._begin = begin
        self._member = begin()
        self._begun = False
        self._count = 1

    @property
    def whole(self) -> bool:
        return not self._begun

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        while True:
            self._begun = self._begun or bool(piece)
            out = self._member.decompress(piece, STEP)
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

    def _next(self) -> None:
        self._count += 1
        if self._count > self._most:
            raise TooMuch(f"is packed in more than {self._most:,} parts")
        self._member, self._begun = self._begin(), False


class _Deflate:
    """The zlib format, or bare deflate, which some servers send under the same name."""

    def __init__(self) -> None:
        self._member: _Member | None = None

    @property
    def whole(self) -> bool:
        return self._member is None or self._member.eof

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        if self._member is None:
            if not piece:
                return
            self._member = _Zlib(zlib.MAX_WBITS if piece[0] & 0x0F == 8 else -zlib.MAX_WBITS)
        while out := self._member.decompress(piece, STEP):
            piece = b""
            yield out
