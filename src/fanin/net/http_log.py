"""Logs HTTP requests and replies, without secrets."""

import logging
import re
import time

import aiohttp
from yarl import URL

from fanin.net.secrets import MASKED, Mask
from fanin.sanitize import line

_log = logging.getLogger("fanin")

_PASSWORD = re.compile(r"://[^/@]*@")
_KEY = re.compile(r"([?&][^=&]*(?:key|token|secret|passw|auth|sig|credential)[^=&]*=)[^&]+", re.IGNORECASE)
"""A parameter whose name suggests that its value is a secret, also if it was not declared as one."""


def loggable_url(url: URL, mask: Mask | None = None) -> str:
    """The address for the log: in one line, without known secrets and those that look like one."""
    text = str(url) if mask is None else mask(str(url))
    return line(_KEY.sub(rf"\1{MASKED}", _PASSWORD.sub(f"://{MASKED}@", text)), limit=500)


def log_answer(
    method: str, url: URL, response: aiohttp.ClientResponse, *, begun: float, mask: Mask | None = None
) -> None:
    """Log a reply: its status, the bytes of the body that were read, and the seconds since `begun`."""
    if _log.isEnabledFor(logging.INFO):
        size, seconds = getattr(response.content, "total_bytes", 0), time.monotonic() - begun
        _log.info("%s %s: %d, %s bytes, %.3f s", method, loggable_url(url, mask), response.status, f"{size:,}", seconds)


def log_failure(method: str, url: URL, error: BaseException, *, begun: float, mask: Mask | None = None) -> None:
    """Log a failed request and its seconds; the failure's message is in the outcome."""
    if _log.isEnabledFor(logging.INFO):
        kind, seconds = getattr(error, "kind", type(error).__name__), time.monotonic() - begun
        _log.info("%s %s: no answer (%s), %.3f s", method, loggable_url(url, mask), kind, seconds)
