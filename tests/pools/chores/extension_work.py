"""Work that uses modules of C; workers import it by name."""

import sys


def use_everything() -> None:
    """Do something with each kind of covered module."""
    import bz2
    import csv
    import datetime
    import decimal
    import hashlib
    import io
    import json
    import lzma
    import math
    import pickle
    import random
    import sqlite3
    import ssl
    import statistics
    import struct
    import unicodedata
    import uuid
    import zlib
    import zoneinfo
    from compression import zstd
    from queue import SimpleQueue
    from xml.etree import ElementTree

    for number in range(30):
        text = f"naïve {number} " * 20
        raw = text.encode()
        assert zlib.decompress(zlib.compress(raw)) == raw
        assert bz2.decompress(bz2.compress(raw)) == raw
        assert zstd.decompress(zstd.compress(raw)) == raw
        assert lzma.decompress(lzma.compress(raw, preset=0)) == raw
        assert json.loads(json.dumps({"text": text}))["text"] == text
        assert pickle.loads(pickle.dumps([text, number])) == [text, number]
        assert decimal.Decimal("1.10") + number == decimal.Decimal(f"{number + 1}.10")
        assert hashlib.blake2b(raw).digest() != hashlib.sha256(raw).digest()
        assert ElementTree.fromstring(f"<a><b>{number}</b></a>")[0].text == str(number)
        assert next(csv.reader(io.StringIO(f"a,{number}")))[1] == str(number)
        assert unicodedata.normalize("NFD", text) != text
        assert struct.unpack("<d", struct.pack("<d", math.pi)) == (math.pi,)
        assert statistics.mean([number, number]) == number
        datetime.datetime.fromtimestamp(number, zoneinfo.ZoneInfo("UTC")).isoformat()
        text.encode("utf-16").decode("utf-16"), text.encode("cp1252"), "港".encode("gb18030"), "港".encode("euc-jp")
        queue: SimpleQueue[float] = SimpleQueue()
        queue.put(random.Random(number).random())
        queue.get()
        uuid.uuid4()
    with sqlite3.connect(":memory:") as file:
        assert file.execute("select count(*) from (values (1), (2))").fetchone() == (2,)
    file.close()
    ssl.create_default_context()


def with_ctypes() -> int:
    import ctypes

    return ctypes.sizeof(ctypes.c_int)


def with_ctypes_later() -> int:
    try:
        return with_ctypes()
    except ImportError as error:
        raise RuntimeError("it did not work") from error


def with_a_choice() -> str:
    try:
        import _ctypes  # noqa: F401
    except ImportError:
        return "without"
    return "with"


def loaded_modules() -> list[str]:
    import fanin.process  # noqa: F401

    return [*sys.modules]
