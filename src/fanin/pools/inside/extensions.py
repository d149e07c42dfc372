"""Which modules of C a worker interpreter may import: those that a stress test covers, and no other."""

import os
from importlib.machinery import ExtensionFileLoader, ModuleSpec
from types import ModuleType

STANDARD = frozenset(
    """
    _asyncio _bisect _blake2 _bz2 _codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw
    _contextvars _csv _datetime _decimal _elementtree _hashlib _heapq _hmac _interpchannels _interpqueues
    _interpreters _json _lzma _md5 _multibytecodec _multiprocessing _opcode _pickle _posixshmem
    _posixsubprocess _queue _random _sha1 _sha2 _sha3 _socket _sqlite3 _ssl _statistics _struct _uuid
    _zoneinfo _zstd array binascii cmath fcntl grp math mmap pyexpat resource select termios unicodedata
    zlib
    """.split()  # noqa: SIM905 - a list of fifty lines says no more
)
"""Modules of C in the standard library. `_ctypes` is not among them: it refills a table of the whole process at each
import, without a lock, and two interpreters that use it at once crash."""

FOLDER = os.__file__.rpartition("/")[0] + "/lib-dynload/"
"""Where the standard library has its modules of C that are not built into Python."""


def allow_only_covered() -> None:
    """From now on, let this interpreter import no module of C but those named here; others raise ImportError."""
    create = ExtensionFileLoader.create_module

    def create_module(self: ExtensionFileLoader, spec: ModuleSpec) -> ModuleType:
        if spec.name not in STANDARD or not (spec.origin or "").startswith(FOLDER):
            raise ImportError(
                f"{spec.name} is a module of C that fanin has not tested in a subinterpreter", name=spec.name
            )
        return create(self, spec)

    ExtensionFileLoader.create_module = create_module
