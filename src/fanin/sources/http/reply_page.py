"""One reply of a JSON API as documents, and the address after it (no network)."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from yarl import URL

from fanin.errors import FailureKind, SourceError, message_of
from fanin.model import JSON, Document
from fanin.net.body.json_body import decode_json
from fanin.net.http_errors import MALFORMED, redacted
from fanin.sanitize import line
from fanin.sources.http.item_mapping import Shape, briefly
from fanin.sources.http.paging import Following


@dataclass(frozen=True, slots=True)
class Page:
    """What one reply holds: its documents, how many items it has, and the address after it.

    `items` is None when nothing stands where they should be. `failure` is to be raised after the documents.
    """

    documents: Sequence[Document] = ()
    items: int | None = None
    following: URL | None = None
    failure: SourceError | None = None


@dataclass(frozen=True, slots=True)
class PageReader:
    """Reads replies. `following` is None where pages are numbered."""

    shape: Shape
    following: Following | None

    def read(self, body: bytes, charset: str, here: URL, *, link: str, most: int) -> Page:
        """The documents of the first `most` items of a reply from `here`; `link` is its header Link.

        Raises SourceError for what is no such reply. It may take half a second: call it off the loop.
        """
        reply = decode_json(body, charset=charset, url=here)
        found = _items(self.shape, reply, here)
        documents: list[Document] = []
        following: URL | None = None
        failure: SourceError | None = None
        try:
            told = (self.shape.document(item, base=f"{here.origin()}{here.path}") for item in islice(found or (), most))
            documents.extend(each for each in told if each is not None)
            if self.following is not None:
                following = self.following.after(here, reply, link)
        except MALFORMED as error:
            failure = odd(here, error)
        except SourceError as error:
            failure = error
        return Page(documents, None if found is None else len(found), following, failure)


def odd(url: URL, error: Exception) -> SourceError:
    """The failure of a reply that has another form than the settings say."""
    return SourceError(
        f"It answered in another form than its settings say: {message_of(error)} ({redacted(url)}); fanin did not use"
        " it. Check the JMESPath expressions of the source.",
        FailureKind.FORMAT,
    )


def _items(shape: Shape, reply: JSON, here: URL) -> Sequence[JSON] | None:
    try:
        found = shape.found(reply)
    except MALFORMED as error:
        raise odd(here, error) from error
    match reply:
        case {"errors": refusal} | {"error": refusal} if not found and refusal:
            told = line(refusal if isinstance(refusal, str) else briefly(refusal), limit=200)
            raise SourceError(
                f"It refused with {told!r} ({redacted(here)}); fanin took nothing from it. Check the source's"
                " settings.",
                FailureKind.REFUSED,
            )
        case _:
            return found
