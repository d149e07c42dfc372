"""Pages of Wikipedia or another wiki with MediaWiki's action API: searches, then reads the text of each page found."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from typing import Any

from fanin.errors import ConfigError, FailureKind, RateLimited, SourceError
from fanin.model import Document, Question
from fanin.net.client import USER_AGENT, Client
from fanin.net.http_errors import MALFORMED, redact, wrong_format
from fanin.plan.planned_question import planned
from fanin.plan.search_terms import search_terms
from fanin.sources.json_documents import string_at
from fanin.sources.masked_source import mask_source
from fanin.sources.merged_streams import merge_streams
from fanin.sources.source import Item, Source, digest

WIKIPEDIA = "https://{}.wikipedia.org/w/api.php"
_API = "MediaWiki's API"
_ADVICE = "Check that the address is that of an action API, as https://en.wikipedia.org/w/api.php is."
AT_ONCE = 3
"""Requests at the same time; the API's etiquette asks for few."""

_EDITION = re.compile(r"[a-z]{2,12}(?:-[a-z]{2,12}){0,2}")
_BUSY = ("ratelimited", "maxlag", "cirrussearch-too-busy-error")
_FORM = {"action": "query", "format": "json", "formatversion": 2}
_SEARCH = {**_FORM, "list": "search", "srprop": "timestamp"}
_PAGE = {**_FORM, "prop": "extracts|info|pageprops", "inprop": "url", "explaintext": 1, "ppprop": "disambiguation"}


def wikipedia(
    *,
    language: str | None = None,
    api_url: str | None = None,
    name: str = "wikipedia",
    pages: int = 3,
    timeout: float = 5.0,
    user_agent: str = USER_AGENT,
    client: Client | None = None,
) -> Source:
    """A source that gives the plain text of at most `pages` pages that match the question best, each as it arrives.

    `language` is an edition of Wikipedia, such as "de" or "simple"; None: that of the question's language, or the
    English one. `api_url` is the action API of another wiki. Public wikis ask for a `user_agent` that says how to
    reach you. `timeout` is for one attempt, in seconds. Raises ConfigError for invalid settings.
    """
    _check(name, language, api_url)
    client = client or Client(user_agent=user_agent)

    async def fetch(question: Question) -> AsyncIterator[Item]:
        url = api_url or WIKIPEDIA.format(language or planned(question).language or "en")
        if terms := search_terms(question.text):
            hits = await _search(client, url, terms, pages)
            async with aclosing(merge_streams((_page(client, url, hit) for hit in hits), at_once=AT_ONCE)) as documents:
                async for document in documents:
                    yield document

    identity = digest("wikipedia", language, api_url, pages, client.identity)
    source = Source(name, fetch, timeout=timeout, close=client.close, identity=identity, searches=True)
    return mask_source(source, client.secrets)


def _check(name: str, language: str | None, api_url: str | None) -> None:
    if language is not None and not _EDITION.fullmatch(language):
        raise ConfigError(
            f"The source {name!r} has the language {language!r}; fanin did not add it. Name an edition of Wikipedia as"
            ' its address does: "en", "de", "simple".'
        )
    if language is not None and api_url is not None:
        raise ConfigError(
            f"The source {name!r} has a language and an api_url; fanin did not add it. A wiki of its own has one"
            " language: take one of the two out."
        )


def _any_of(terms: str, *, limit: int = 300) -> str:
    joined = " OR ".join(terms.split())
    return joined if len(joined) <= limit else joined[:limit].rpartition(" OR ")[0]


async def _search(client: Client, url: str, terms: str, pages: int) -> Sequence[tuple[int, str]]:
    """Id and last edit of the pages with all of the terms; or if there are none, of those with any."""
    for wanted in filter(None, dict.fromkeys((terms, _any_of(terms)))):
        query = await _ask(client, url, {**_SEARCH, "srsearch": wanted, "srlimit": pages})
        try:
            hits = [(int(hit["pageid"]), string_at(hit, "timestamp")) for hit in query["search"][:pages]]
        except MALFORMED as error:
            raise wrong_format(_API, url, error, _ADVICE) from error
        if hits:
            return hits
    return ()


async def _page(client: Client, url: str, hit: tuple[int, str]) -> AsyncIterator[Item]:
    number, edited = hit
    query = await _ask(client, url, {**_PAGE, "pageids": number})
    try:
        document = _document(query["pages"][0], edited)
    except MALFORMED as error:
        raise wrong_format(_API, url, error, _ADVICE) from error
    if document is not None:
        yield document


def _document(page: Mapping[str, Any], edited: str) -> Document | None:
    """The page; None if it was deleted since it was found, has no text, or is a disambiguation page."""
    if (
        "missing" in page
        or "disambiguation" in (page.get("pageprops") or {})
        or not (text := string_at(page, "extract"))
    ):
        return None
    return Document(text, title=string_at(page, "title"), url=string_at(page, "fullurl"), published=edited)


async def _ask(client: Client, url: str, params: Mapping[str, str | int]) -> Mapping[str, Any]:
    reply = await client.get_json(url, params=params)
    match reply:
        case {"error": {"code": str(code)}} if code in _BUSY:
            raise RateLimited(
                f"It refused with {code!r} ({redact(url)}); fanin took nothing from it. Ask it less often."
            )
        case {"error": {"code": code, "info": info}}:
            raise SourceError(
                f"It refused with {code!r}, {str(info)[:200]!r} ({redact(url)}); fanin took nothing from it."
                " Check its settings.",
                FailureKind.REFUSED,
            )
        case {"query": {**query}}:
            return query
        case _:
            raise wrong_format(_API, url, KeyError("query"), _ADVICE)
