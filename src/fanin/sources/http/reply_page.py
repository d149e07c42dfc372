"""Reads one reply of a JSON API: its documents, and the address or the cursor of the next page (no network)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from yarl import URL

from fanin.errors import FailureKind, SourceError, message_of
from fanin.limits import Limits
from fanin.model import JSON, Document
from fanin.net.body.json_body import decode_json
from fanin.net.http_errors import MALFORMED, redact
from fanin.sanitize import line
from fanin.sources.http.item_mapping import ItemMapping, short_repr
from fanin.sources.http.paging import NextPage


@dataclass(frozen=True, slots=True)
class Page:
    """What one reply holds: its documents, the number of its items, and the address or the cursor of the next page.

    `item_count` is None if there is nothing at the place of the items. `failure` is to be raised after the documents.
    """

    documents: Sequence[Document] = ()
    item_count: int | None = None
    following: URL | str | None = None
    failure: SourceError | None = None


@dataclass(frozen=True, slots=True)
class PageReader:
    """Reads replies. `next_page` is None where pages are numbered."""

    mapping: ItemMapping
    next_page: NextPage | None
    limits: Limits

    def read(self, body: bytes, charset: str, here: URL, *, link: str, most: int) -> Page:
        """The documents of the first `most` items of a reply from `here`; `link` is its header Link.

        Raises SourceError for a reply of another format. It may take half a second: do not call it on the event loop.
        """
        reply = decode_json(body, charset=charset, url=here, limits=self.limits)
        found = _items(self.mapping, reply, here)
        documents: list[Document] = []
        following: URL | str | None = None
        failure: SourceError | None = None
        try:
            documents, malformed = self._documents(found or (), f"{here.origin()}{here.path}", most)
            failure = malformed and unexpected_format(here, malformed)
            if self.next_page is not None:
                following = self.next_page.after(here, reply, link)
        except MALFORMED as error:
            failure = unexpected_format(here, error)
        except SourceError as error:
            failure = error
        return Page(documents, None if found is None else len(found), following, failure)

    def _documents(self, items: Sequence[JSON], base: str, most: int) -> tuple[list[Document], Exception | None]:
        """The documents of the first items, and what is wrong with the first one that is none."""
        documents, malformed = list[Document](), None
        for item in islice(items, most):
            try:
                document = self.mapping.document(item, base=base)
            except MALFORMED as error:
                malformed = malformed or error
            else:
                documents += () if document is None else (document,)
        return documents, malformed


def unexpected_format(url: URL, error: Exception) -> SourceError:
    """The error for a reply that has another format than the settings say."""
    return SourceError(
        f"The reply has another format than the settings say: {message_of(error)} ({redact(url)}); fanin did not use"
        " it. Check the JMESPath expressions of the source.",
        FailureKind.FORMAT,
    )


def _items(mapping: ItemMapping, reply: JSON, here: URL) -> Sequence[JSON] | None:
    try:
        found = mapping.select_items(reply)
    except MALFORMED as error:
        raise unexpected_format(here, error) from error
    match reply:
        case {"errors": refusal} | {"error": refusal} if not found and refusal:
            reason = line(refusal if isinstance(refusal, str) else short_repr(refusal), limit=200)
            raise SourceError(
                f"It refused with {reason!r} ({redact(here)}); fanin took nothing from it. Check the source's"
                " settings.",
                FailureKind.REFUSED,
            )
        case _:
            return found
