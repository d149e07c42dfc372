"""What the program and a worker behind a socket say to each other: each message is its length and so many bytes."""

import os
import pickle
import struct
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from fanin.pools.inside.job import Reply, pickled
from fanin.pools.inside.references import Reference, resolve

LENGTH = struct.Struct("<I")
JOB = struct.Struct("<QdH")
"""Number, the instant of time.monotonic until which it may run, and the bytes of the function's name that follow."""

REPLY = struct.Struct("<BQ?dddHI")
"""Code, number, stopped, started, ended, CPU seconds, and how many bytes of kind and of message follow."""

STARTED, IMPORTING, DONE = 0, 1, 2
"""Codes of what a worker says: it takes jobs from now on, a job has to import its function first, a job is over."""

CHUNK = 1 << 18
"""Bytes that are read at a time."""


class Job(NamedTuple):
    """A job as a worker gets it: its number, until when it may run, and the function with its arguments, packed."""

    number: int
    until: float
    reference: Reference
    packed: bytes

    def find(self) -> Callable[[], Any]:
        """The function with its arguments; imports the function if that was not done yet."""
        return partial(resolve(*self.reference), *pickle.loads(self.packed))  # noqa: S301 - this very program sent it


def job_message(number: int, until: float, reference: Reference, arguments: tuple[Any, ...]) -> bytes:
    """A job for a worker; raises what pickle raises for arguments that cannot be sent."""
    name, packed = "\0".join(reference).encode("utf-8", "surrogatepass"), pickled(arguments)
    return _message(JOB.pack(number, until, len(name)), name, packed)


def read_job(message: bytes) -> Job:
    """The job in a message."""
    number, until, length = JOB.unpack_from(message)
    module, name, main = message[JOB.size : JOB.size + length].decode("utf-8", "surrogatepass").split("\0")
    return Job(number, until, (module, name, main), message[JOB.size + length :])


def reply_message(code: int, number: int, reply: Reply) -> bytes:
    """What became of a job, for the program."""
    kind, message = (text.encode("utf-8", "surrogatepass") for text in (reply.kind, reply.message))
    times = reply.started, reply.ended, reply.cpu
    return _message(
        REPLY.pack(code, number, reply.stopped, *times, len(kind), len(message)), kind, message, reply.value or b""
    )


def read_reply(message: bytes) -> tuple[int, int, Reply]:
    """Code, number and reply in a message; the reply's value is still packed."""
    code, number, stopped, started, ended, cpu, kinds, messages = REPLY.unpack_from(message)
    kind, text = REPLY.size + kinds, REPLY.size + kinds + messages
    said = (message[REPLY.size : kind].decode(), message[kind:text].decode("utf-8", "surrogatepass"))
    return code, number, Reply(*said, message[text:], started, ended, cpu, stopped)


class Messages:
    """Takes bytes as they come and gives whole messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, received: bytes) -> Iterator[bytes]:
        """The messages that are whole with these bytes."""
        buffer = self._buffer
        buffer += received
        start = 0
        while start + LENGTH.size <= len(buffer):
            end = start + LENGTH.size + LENGTH.unpack_from(buffer, start)[0]
            if end > len(buffer):
                break
            yield bytes(memoryview(buffer)[start + LENGTH.size : end])
            start = end
        del buffer[:start]


def received(descriptor: int) -> Iterator[bytes]:
    """The messages that come over a blocking socket, until the other side closes it."""
    messages = Messages()
    while chunk := os.read(descriptor, CHUNK):
        yield from messages.feed(chunk)


def write_all(descriptor: int, message: bytes) -> None:
    """Write a message to a blocking socket; raises OSError when nobody reads it any more."""
    written = os.write(descriptor, message)
    while written < len(message):
        written += os.write(descriptor, memoryview(message)[written:])


def _message(*parts: bytes) -> bytes:
    length = sum(map(len, parts))
    if length >= 1 << 32:
        raise ValueError(f"it has {length} bytes; a message holds at most {(1 << 32) - 1}")
    return b"".join((LENGTH.pack(length), *parts))
