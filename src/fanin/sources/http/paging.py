"""Which address comes after a reply, and whether it may be asked (no network)."""

import re
from dataclasses import dataclass

from yarl import URL

from fanin.errors import FailureKind, SourceError
from fanin.model import JSON
from fanin.net.http_errors import redacted
from fanin.sources.http.item_mapping import Expression, briefly

_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_RELATION = re.compile(r'\brel\s{0,9}=\s{0,9}(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Following:
    """Finds the next address: where `expression` says, or without one in the header Link (RFC 8288)."""

    expression: Expression

    def after(self, here: URL, reply: JSON, link: str) -> URL | None:
        """The address after this reply, None for the last one.

        Raises SourceError (kind "paging") for one of another origin, ValueError for what is no text.
        """
        told = self.expression.find(reply) if self.expression.text else linked(link)
        if told is None or told in ("", False):
            return None
        if not isinstance(told, str):
            raise ValueError(f"its next address is {briefly(told)[:80]}")
        return _joined(here, told)


def linked(header: str) -> str | None:
    """The target of rel=next in a header Link."""
    for target, parameters in _LINK.findall(header):
        found = _RELATION.search(parameters)
        if found and "next" in (found[1] or found[2] or "").lower().split():
            return target
    return None


def _joined(here: URL, told: str) -> URL:
    try:
        there = here.join(URL(told)).with_fragment(None)
        same = (there.scheme, there.raw_host, there.port, there.user, there.password) == (
            *(here.scheme, here.raw_host, here.port),
            *(None, None),
        )
    except ValueError, UnicodeError:
        there, same = URL(), False
    if not same:
        raise SourceError(
            f"It says that it goes on at another place, {redacted(there) if there.host else 'no address'}"
            f" ({redacted(here)}); fanin stopped reading. Only pages of the same scheme, host and port are asked for.",
            FailureKind.PAGING,
        )
    return there
