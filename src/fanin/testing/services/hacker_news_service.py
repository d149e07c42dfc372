"""What Hacker News's search says, in the format of Algolia's API: posts with all of the words, as pages of hits."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from html import unescape
from typing import Any

from fanin.testing.services.texts import read

_FILTER = re.compile(r"(created_at_i|points|num_comments)(<=|>=|<|>|=)(\d+)")


def search(query: Mapping[str, str], *, now: datetime, newest: bool) -> tuple[int, Mapping[str, Any]]:
    """The status and the reply of /search, or of /search_by_date if `newest`."""
    filters = [each for each in query.get("numericFilters", "").split(",") if each]
    for each in filters:
        if not _FILTER.fullmatch(each):
            return 400, {"message": f"Invalid syntax for numeric condition: {each}", "status": 400}
    posts = read("hacker_news")["posts"]
    titles = {post["id"]: post.get("title") for post in posts}
    hits = [_hit(post, titles, now) for post in posts]
    found = [hit for hit in hits if _fits(hit, query.get("query", ""), query.get("tags", ""), filters)]
    found.sort(key=lambda hit: -hit["created_at_i"] if newest else -(hit["points"] or 0))
    size, page = int(query.get("hitsPerPage", "20")), int(query.get("page", "0"))
    return 200, {
        "exhaustive": {"nbHits": True, "typo": True},
        "exhaustiveNbHits": True,
        "exhaustiveTypo": True,
        "hits": found[page * size : (page + 1) * size],
        "hitsPerPage": size,
        "nbHits": len(found),
        "nbPages": -(-len(found) // size),
        "page": page,
        "params": f"query={query.get('query', '')}&advancedSyntax=true&analyticsTags=backend",
        "processingTimeMS": 4,
        "query": query.get("query", ""),
        "serverTimeMS": 6,
    }


def _hit(post: Mapping[str, Any], titles: Mapping[int, str | None], now: datetime) -> dict[str, Any]:
    created = (now - timedelta(minutes=post["minutes"])).replace(microsecond=0)
    story, kind = post.get("story"), post["kind"]
    common = {
        "_tags": [kind, f"author_{post['author']}", f"story_{story or post['id']}", *post.get("tags", ())],
        "author": post["author"],
        "created_at": f"{created:%Y-%m-%dT%H:%M:%SZ}",
        "created_at_i": int(created.timestamp()),
        "objectID": str(post["id"]),
        "points": post.get("points"),
        "story_id": story or post["id"],
        "updated_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
    }
    if story is not None:
        return common | {"comment_text": post["text"], "parent_id": story, "story_title": titles[story]}
    fields = common | {"children": [], "num_comments": post.get("comments"), "title": post["title"]}
    return fields | {to: post[of] for to, of in (("url", "url"), ("story_text", "text")) if of in post}


def _fits(hit: Mapping[str, Any], words: str, tags: str, filters: Sequence[str]) -> bool:
    shown = " ".join(str(hit.get(name) or "") for name in ("title", "url", "author", "story_text", "comment_text"))
    shown = unescape(f"{shown} {hit.get('story_title', '')}").lower()
    tagged = all(_tagged(hit["_tags"], each) for each in re.findall(r"\([^)]*\)|[^,()]+", tags))
    worded = all(re.search(rf"\b{re.escape(word)}", shown) for word in re.findall(r"\w+", words.lower()))
    return tagged and worded and all(_holds(hit, each) for each in filters)


def _tagged(own: Sequence[str], wanted: str) -> bool:
    """A tag, or one of several in parentheses."""
    return any(each in own for each in wanted.strip("()").split(","))


def _holds(hit: Mapping[str, Any], condition: str) -> bool:
    name, relation, limit = _FILTER.fullmatch(condition).groups()  # pyright: ignore[reportOptionalMemberAccess]
    value, than = hit.get(name) or 0, int(limit)
    return {"<": value < than, "<=": value <= than, ">": value > than, ">=": value >= than, "=": value == than}[
        relation
    ]
