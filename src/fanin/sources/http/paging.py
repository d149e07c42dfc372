"""Finds the address or the cursor of the next page, and checks that it has the same origin (no network)."""

import re
from dataclasses import dataclass

from yarl import URL

from fanin.errors import FailureKind, SourceError
from fanin.model import JSON
from fanin.net.http_errors import redact
from fanin.sources.http.item_mapping import Expression, short_repr

_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_RELATION = re.compile(r'\brel\s{0,9}=\s{0,9}(?:"([^"]*)"|([^\s;,"]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NextPage:
    """Finds the next page: its address at `expression`, or without one in the header Link (RFC 8288).

    With `is_cursor` the expression finds what `{cursor}` stands for, and no address.
    """

    expression: Expression
    is_cursor: bool = False

    def after(self, here: URL, reply: JSON, link: str) -> URL | str | None:
        """The address of the page after this reply, or the cursor; None for the last one.

        Raises SourceError (kind "paging") for another origin, ValueError for what is not a text.
        """
        target = self.expression.find(reply, quoted=not self.is_cursor) if self.expression.text else next_link(link)
        if target is None or target in ("", False):
            return None
        if self.is_cursor and isinstance(target, (str, int)):
            return str(target)
        if not isinstance(target, str):
            raise ValueError(f"its next address is {short_repr(target)[:80]}")
        return _same_origin_url(here, target)


def next_link(header: str) -> str | None:
    """The target of rel=next in a header Link."""
    for target, parameters in _LINK.findall(header):
        found = _RELATION.search(parameters)
        if found and "next" in (found[1] or found[2] or "").lower().split():
            return target
    return None


def _same_origin_url(here: URL, target: str) -> URL:
    try:
        there = here.join(URL(target)).with_fragment(None)
        same = (there.scheme, there.raw_host, there.port, there.user, there.password) == (
            *(here.scheme, here.raw_host, here.port),
            *(None, None),
        )
    except ValueError, UnicodeError:
        there, same = URL(), False
    if not same:
        raise SourceError(
            f"Its next page is at another origin, {redact(there) if there.host else 'no valid address'}"
            f" ({redact(here)}); fanin stopped reading. It requests only pages of the same scheme, host and port.",
            FailureKind.PAGING,
        )
    return there
