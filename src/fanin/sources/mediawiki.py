"""Pages of a wiki by MediaWiki's action API, as Wikipedia speaks it: a search, then the text of each page found."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from fanin.errors import RateLimited, SourceError
from fanin.model import Document, Question
from fanin.net.client import USER_AGENT, Client
from fanin.net.failures import MALFORMED, called
from fanin.sources.masked import masked
from fanin.sources.merged import merged
from fanin.sources.source import Item, Source

WIKIPEDIA = "https://en.wikipedia.org/w/api.php"
AT_ONCE = 3
"""Requests at the same time; the API's etiquette asks for few."""

_SEARCH = {"action": "query", "list": "search", "srprop": "timestamp", "format": "json", "formatversion": 2}
_PAGE = {"action": "query", "prop": "extracts|info", "inprop": "url", "explaintext": 1} | {
    "format": "json",
    "formatversion": 2,
}


def mediawiki(
    *,
    api_url: str = WIKIPEDIA,
    name: str = "wikipedia",
    pages: int = 3,
    timeout: float = 5.0,
    user_agent: str = USER_AGENT,
    client: Client | None = None,
) -> Source:
    """A source that gives the plain text of the wiki pages that best match the question, each as it arrives.

    Public wikis want a `user_agent` that says how to reach you. `timeout` is seconds for one attempt.
    """
    client = client or Client(user_agent=user_agent)

    async def fetch(question: Question) -> AsyncIterator[Item]:
        if terms := search_terms(question.text):
            hits = await _search(client, api_url, terms, pages)
            async for document in merged((_page(client, api_url, hit) for hit in hits), at_once=AT_ONCE):
                yield document

    return masked(Source(name, fetch, timeout=timeout, close=client.close), client.secrets)


# Words that ask or join; a wiki's search wants every other word to stand in the page.
_ASKING = """
    a about am an and any are as at be been being but by can could did do does for from had happening has have how i if
    in into is it its just know many may me much must my no not now of off on or our out over right shall should so some
    tell than that the their them then there these they this those to today tonight too up us was we were what when
    where which who whom whose why will with would you your
"""
_ASKING_WORDS = frozenset(_ASKING.split())


def search_terms(question: str, *, limit: int = 300) -> str:
    """The question's words that a search should look for, without words that ask and without search operators.

    CirrusSearch refuses more than 300 characters (mediawiki.org, Help:CirrusSearch).
    """
    words = re.findall(r"[^\W_]+(?:['\u2019.-][^\W_]+)*", question[:2_000])
    told = [word for word in words if word.lower() not in _ASKING_WORDS] or words
    text = " ".join(word for word in told if word not in ("AND", "OR", "NOT"))
    return text if len(text) <= limit else text[:limit].rpartition(" ")[0]


def _any_of(terms: str, *, limit: int = 300) -> str:
    joined = " OR ".join(terms.split())
    return joined if len(joined) <= limit else joined[:limit].rpartition(" OR ")[0]


async def _search(client: Client, url: str, terms: str, pages: int) -> Sequence[Mapping[str, Any]]:
    """The pages with all of the terms, or when there are none, those with any."""
    for wanted in dict.fromkeys((terms, _any_of(terms))):
        query = await _ask(client, url, {**_SEARCH, "srsearch": wanted, "srlimit": pages})
        try:
            hits = list(query["search"])
        except MALFORMED as error:
            raise _odd(url, error) from error
        if hits:
            return hits
    return ()


async def _page(client: Client, url: str, hit: Mapping[str, Any]) -> AsyncIterator[Item]:
    try:
        query = await _ask(client, url, {**_PAGE, "pageids": int(hit["pageid"])})
        page = query["pages"][0]
        text, title, published = str(page.get("extract", "")), str(page["title"]), str(hit.get("timestamp", ""))
    except MALFORMED as error:
        raise _odd(url, error) from error
    if text:
        yield Document(text, title=title, url=str(page.get("fullurl", "")), published=published)


async def _ask(client: Client, url: str, params: Mapping[str, str | int]) -> Mapping[str, Any]:
    reply = await client.get_json(url, params=params)
    match reply:
        case {"error": {"code": "ratelimited" | "maxlag" as code}}:
            raise RateLimited(
                f"It refused with {code!r} ({called(url)}); fanin took nothing from it. Ask it less often."
            )
        case {"error": {"code": code, "info": info}}:
            raise SourceError(
                f"It refused with {code!r}, {info!r} ({called(url)}); fanin took nothing from it. Check its settings.",
                kind="refused",
            )
        case {"query": query}:
            return query
        case _:
            raise _odd(url, KeyError("query"))


def _odd(url: str, error: Exception) -> SourceError:
    return SourceError(
        f"It answered in a form that is not MediaWiki's ({error!r}, {called(url)}); fanin did not use it."
        " Check that the address is that of an action API, as https://en.wikipedia.org/w/api.php is.",
        kind="format",
    )
