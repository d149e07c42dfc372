"""Restricts the extension modules that a worker interpreter may import to those that a stress test covers."""

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
"""Extension modules of the standard library. `_ctypes` is not among them: each import of it refills a table of the
process without a lock, so that two interpreters that use it at the same time crash."""

FOLDER = os.__file__.rpartition("/")[0] + "/lib-dynload/"
"""The folder of the standard library's extension modules."""


def allow_only_tested() -> None:
    """Make imports of other extension modules in this interpreter raise ImportError."""
    create = ExtensionFileLoader.create_module

    def create_module(self: ExtensionFileLoader, spec: ModuleSpec) -> ModuleType:
        if spec.name not in STANDARD or not (spec.origin or "").startswith(FOLDER):
            raise ImportError(
                f"{spec.name} is an extension module that fanin has not tested in a subinterpreter", name=spec.name
            )
        return create(self, spec)

    ExtensionFileLoader.create_module = create_module
