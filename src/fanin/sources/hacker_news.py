"""Stories and comments of Hacker News, from Algolia's search API (hn.algolia.com/api)."""

import html
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import aclosing
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from yarl import URL

from fanin.model import JSON, Document, Question
from fanin.net.client import Client
from fanin.net.http_errors import MALFORMED, wrong_format
from fanin.plan.dates import dates_in
from fanin.plan.days import Period
from fanin.plan.planned_question import planned
from fanin.plan.search_terms import search_terms, without_days
from fanin.sources.feeds.feed_entry import absolute_url, plain_title
from fanin.sources.json_documents import string_at
from fanin.sources.masked_source import mask_source
from fanin.sources.merged_streams import merge_streams
from fanin.sources.source import Item, Source, digest

API_URL = "https://hn.algolia.com/api/v1"
DISCUSSION = "https://news.ycombinator.com/item"

type Post = Literal["story", "comment", "ask_hn", "show_hn", "poll", "job", "front_page"]
"""Kinds of posts that can be searched for: the tags of the API."""

type Order = Literal["relevance", "date"]

_DISTINCTIVE = 2
"""Words of a question that are searched for if no post has all of them."""


def hacker_news(
    *,
    posts: Sequence[Post] = ("story", "comment"),
    order: Order | None = None,
    limit: int = 10,
    name: str = "hacker_news",
    base_url: str = API_URL,
    today: Callable[[], date] | None = None,
    timeout: float = 5.0,
    client: Client | None = None,
) -> Source:
    """A source that gives posts that match the question and its dates, at most `limit` of each kind in `posts`.

    `order` is by relevance or by date; None: the newest first if the question asks for what is new. `timeout` is for
    one attempt, in seconds.
    """
    client = client or Client()

    async def fetch(question: Question) -> AsyncIterator[Item]:
        asked, day = planned(question), today() if today else question.today
        period = dates_in(question.text, today=day) if today else asked.period
        days = _days(None if asked.recent and period == Period(day, day) else period, question.now)
        terms = search_terms(without_days(question.text, today=day) if days else question.text)
        if not terms:
            return
        newest = order == "date" or (order is None and asked.recent)
        url = f"{base_url.rstrip('/')}/{'search_by_date' if newest else 'search'}"
        found = (_search(client, url, terms, {"tags": post, "hitsPerPage": limit, **days}) for post in posts)
        async with aclosing(merge_streams(found, at_once=len(posts))) as documents:
            async for document in documents:
                yield document

    identity = digest("hacker-news", posts, order, limit, base_url, client.identity)
    source = Source(name, fetch, timeout=timeout, close=client.close, identity=identity, searches=True)
    return mask_source(source, client.secrets)


def _days(period: Period | None, now: datetime | None) -> Mapping[str, str]:
    """The filter for these days; empty for none."""
    if period is None:
        return {}
    filters = [f"created_at_i>={_seconds(period.first, now)}"] if period.first > date.min else []
    if period.last < date.max:
        filters.append(f"created_at_i<{_seconds(period.last + timedelta(days=1), now)}")
    return {"numericFilters": ",".join(filters)}


def _seconds(day: date, now: datetime | None) -> int:
    """When the day begins in the zone of `now`, in seconds since 1970."""
    return int(datetime.combine(day, time(), now.tzinfo if now else UTC).timestamp())


def distinctive_words(terms: str) -> str:
    """The most distinctive of the terms: names, or else the longest words."""
    words = terms.split()
    names = [word for word in words if not word.islower()][:_DISTINCTIVE]
    return " ".join(names or sorted(words, key=len, reverse=True)[:_DISTINCTIVE])


async def _search(client: Client, url: str, terms: str, params: Mapping[str, str | int]) -> AsyncIterator[Item]:
    """The posts with all of the terms; or if there are none, those with the most distinctive ones."""
    for wanted in dict.fromkeys((terms, distinctive_words(terms))):
        reply = await client.get_json(url, params={"query": wanted, **params})
        try:
            found = [_document(hit) for hit in reply["hits"][: int(params["hitsPerPage"])]]
        except MALFORMED as error:
            raise wrong_format("Hacker News's search API", url, error) from error
        for document in filter(None, found):
            yield document
        if found:
            return


def _document(hit: Mapping[str, Any]) -> Document | None:
    """One post; None if its text was deleted. Raises one of `MALFORMED` for what is not a post."""
    number = int(hit["objectID"])
    discussion = str(URL(DISCUSSION).with_query(id=number))
    facts: dict[str, JSON] = {
        "id": number,
        "discussion": discussion,
        "author": string_at(hit, "author"),
        **_counts(hit),
    }
    text = string_at(hit, "comment_text")
    title = plain_title(string_at(hit, "title") or string_at(hit, "story_title"))
    if text:
        about = f"Comment by {facts['author'] or 'somebody'} on: {title}" if title else "Comment"
        return Document(text, about, discussion, _published(hit), "text/html", {**facts, "post": "comment"})
    if not title or "comment" in (hit.get("_tags") or ()):
        return None
    more = string_at(hit, "story_text")
    sentence = _sentence(title, facts, _published(hit))
    return Document(
        f"<p>{html.escape(sentence)}</p>\n{more}" if more else sentence,
        title=title,
        url=absolute_url(discussion, string_at(hit, "url")) or discussion,
        published=_published(hit),
        media_type="text/html" if more else "text/plain",
        metadata={**facts, "post": "story"},
    )


def _counts(hit: Mapping[str, Any]) -> Mapping[str, JSON]:
    counts = {name: hit.get(name) for name in ("points", "num_comments")}
    return {name: int(count) for name, count in counts.items() if count is not None}


def _sentence(title: str, facts: Mapping[str, JSON], published: str) -> str:
    """A sentence about a story, since most have no text but their title."""
    day = f" of {datetime.fromisoformat(published):%-d %B %Y}" if published else ""
    counts = [
        f"{facts[name]} {word}" for name, word in (("points", "points"), ("num_comments", "comments")) if name in facts
    ]
    return f"\u201c{title}\u201d is a post on Hacker News{day}{', with ' * bool(counts)}{' and '.join(counts)}."


def _published(hit: Mapping[str, Any]) -> str:
    created_at = string_at(hit, "created_at")
    return datetime.fromisoformat(created_at).isoformat() if created_at else ""
