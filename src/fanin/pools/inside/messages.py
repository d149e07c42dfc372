"""The messages between the program and a worker behind a socket: each is its length and then its bytes."""

import os
import pickle
import struct
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

from fanin.pools.inside.job import Reply, pickle_value
from fanin.pools.inside.references import Reference, resolve

LENGTH = struct.Struct("<I")
JOB = struct.Struct("<QdH")
"""Number, the instant of time.monotonic until which it may run, and the size of the function's name, which follows."""

REPLY = struct.Struct("<BQ?dddHI")
"""Code, number, stopped, started, ended, CPU seconds, and the sizes of kind and message, which follow."""

STARTED, IMPORTING, DONE = 0, 1, 2
"""Codes of a worker's messages: it is ready for jobs, a job imports its function first, a job has ended."""

CHUNK = 1 << 18
"""Bytes of one read."""


class Job(NamedTuple):
    """A job as a worker receives it: its number, until when it may run, and the function with its pickled arguments."""

    number: int
    until: float
    reference: Reference
    packed: bytes

    def load(self) -> Callable[[], Any]:
        """The function with its arguments; imports it if necessary."""
        return partial(resolve(*self.reference), *pickle.loads(self.packed))  # noqa: S301 - this very program sent it


def job_message(number: int, until: float, reference: Reference, arguments: tuple[Any, ...]) -> bytes:
    """The message with a job. Raises what pickle raises for arguments that cannot be sent."""
    name, packed = "\0".join(reference).encode("utf-8", "surrogatepass"), pickle_value(arguments)
    return _message(JOB.pack(number, until, len(name)), name, packed)


def read_job(message: bytes) -> Job:
    """The job in a message."""
    number, until, length = JOB.unpack_from(message)
    module, name, main = message[JOB.size : JOB.size + length].decode("utf-8", "surrogatepass").split("\0")
    return Job(number, until, (module, name, main), message[JOB.size + length :])


def reply_message(code: int, number: int, reply: Reply) -> bytes:
    """The message with a reply."""
    kind, message = (text.encode("utf-8", "surrogatepass") for text in (reply.kind, reply.message))
    times = reply.started, reply.ended, reply.cpu
    return _message(
        REPLY.pack(code, number, reply.stopped, *times, len(kind), len(message)), kind, message, reply.value or b""
    )


def read_reply(message: bytes) -> tuple[int, int, Reply]:
    """Code, number and reply in a message; the reply's value is still pickled."""
    code, number, stopped, started, ended, cpu, kinds, messages = REPLY.unpack_from(message)
    kind, text = REPLY.size + kinds, REPLY.size + kinds + messages
    failure = (message[REPLY.size : kind].decode(), message[kind:text].decode("utf-8", "surrogatepass"))
    return code, number, Reply(*failure, message[text:], started, ended, cpu, stopped)


class Messages:
    """Splits received bytes into messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, received: bytes) -> Iterator[bytes]:
        """The messages that these bytes complete."""
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


def receive_messages(descriptor: int) -> Iterator[bytes]:
    """The messages from a blocking socket, until the other side closes it."""
    messages = Messages()
    while chunk := os.read(descriptor, CHUNK):
        yield from messages.feed(chunk)


def write_all(descriptor: int, message: bytes) -> None:
    """Write a message to a blocking socket. Raises OSError if the other side has closed it."""
    written = os.write(descriptor, message)
    while written < len(message):
        written += os.write(descriptor, memoryview(message)[written:])


def _message(*parts: bytes) -> bytes:
    length = sum(map(len, parts))
    if length >= 1 << 32:
        raise ValueError(f"it has {length} bytes; a message holds at most {(1 << 32) - 1}")
    return b"".join((LENGTH.pack(length), *parts))
