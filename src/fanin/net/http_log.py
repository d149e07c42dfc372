"""What is sent over HTTP and what comes back, told to the log, without anything that is secret in an address."""

import logging
import re
import time

import aiohttp
from yarl import URL

from fanin.net.secrets import STARS, Mask
from fanin.sanitize import line

_log = logging.getLogger("fanin")

_PASSWORD = re.compile(r"://[^/@]*@")
_KEY = re.compile(r"([?&][^=&]*(?:key|token|secret|passw|auth|sig|credential)[^=&]*=)[^&]+", re.IGNORECASE)
"""A parameter whose name says that its value is a secret, although nobody declared it as one."""


def shown(url: URL, mask: Mask | None = None) -> str:
    """The address as the log may show it: without secrets, known ones and those that look so, and in one line."""
    text = str(url) if mask is None else mask(str(url))
    return line(_KEY.sub(rf"\1{STARS}", _PASSWORD.sub(f"://{STARS}@", text)), limit=500)


def log_answer(
    method: str, url: URL, response: aiohttp.ClientResponse, *, begun: float, mask: Mask | None = None
) -> None:
    """Say what came back: the status, the bytes of the body that were read, and the seconds since `begun`."""
    if _log.isEnabledFor(logging.INFO):
        size, seconds = getattr(response.content, "total_bytes", 0), time.monotonic() - begun
        _log.info("%s %s: %d, %s bytes, %.3f s", method, shown(url, mask), response.status, f"{size:,}", seconds)


def log_failure(method: str, url: URL, error: BaseException, *, begun: float, mask: Mask | None = None) -> None:
    """Say that nothing came back, and after how many seconds; a failure's message is in its outcome."""
    if _log.isEnabledFor(logging.INFO):
        kind, seconds = getattr(error, "kind", type(error).__name__), time.monotonic() - begun
        _log.info("%s %s: no answer (%s), %.3f s", method, shown(url, mask), kind, seconds)
