"""Results of a search in one block, in the forms in which tools, search engines and databases write them."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcp_types import CallToolResult, TextContent

from fanin.model import Document
from fanin.sources.mcp.tool_results import documents

PIER = ("Pier", "https://a.example/pier", "The pier is closed on Monday.")
LIFT = ("Lift", "https://a.example/lift", "The lift takes ten people.")
BOTH = [PIER, LIFT]


def told(*texts: str, structured: Any = None) -> list[tuple[str, str, str]]:
    content = [TextContent(type="text", text=text) for text in texts]
    made = documents(CallToolResult(content=content, structured_content=structured))
    return [(each.title, each.url, each.text) for each in made]


def named(title: str, link: str, text: str, **more: Any) -> list[dict[str, Any]]:
    return [{title: one[0], link: one[1], text: one[2], **more} for one in BOTH]


@pytest.mark.parametrize(
    "reply",
    [
        {"query": "pier", "results": named("title", "url", "content", score=0.9), "response_time": 0.2},
        {"web": {"results": named("title", "url", "description", type="search_result")}, "type": "search"},
        {"searchParameters": {"q": "pier"}, "organic": named("title", "link", "snippet", position=1)},
        {
            "hits": {
                "total": {"value": 2},
                "hits": [{"_id": "1", "_source": each} for each in named("title", "url", "body")],
            }
        },
        {"data": {"search": {"edges": [{"node": each} for each in named("name", "href", "summary")]}}},
        {"value": named("name", "webUrl", "excerpt", rank=3)},
        {"matches": [{"score": 0.5, "metadata": {"title": t, "source": u}, "page_content": c} for t, u, c in BOTH]},
        {"response": {"docs": named("headline", "web_url", "abstract")}},
        {"message": "2 found", "found_documents": named("title", "permalink", "text")},
        named("title", "html_url", "body"),
        {"results": [{"title": t, "url": u, "highlights": [c]} for t, u, c in BOTH]},
        {"items": [{"id": u, "title": t, "snippet": {"text": c}} for t, u, c in BOTH]},
    ],
)
def test_each_result_in_json_is_a_document(reply: Any) -> None:
    assert told(json.dumps(reply)) == BOTH
    assert told(f"```json\n{json.dumps(reply)}\n```") == BOTH
    structured = reply if isinstance(reply, dict) else {"result": reply}
    assert told(structured=structured) == told(json.dumps(reply), structured=structured) == BOTH
    assert told("Found 2 results: Pier; Lift", structured=structured) == BOTH


@pytest.mark.parametrize(
    "text",
    [
        "\n\n".join(f"Title: {t}\nURL: {u}\nDescription: {c}" for t, u, c in BOTH),
        "Found 2 search results:\n\n"
        + "\n\n".join(f"{n}. {t}\n   URL: {u}\n   Summary: {c}" for n, (t, u, c) in enumerate(BOTH, 1)),
        "Detailed Results:\n" + "".join(f"\nTitle: {t}\nURL: {u}\nContent: {c}\n" for t, u, c in BOTH),
        "\n---\n".join(f"**Title:** {t}\n**Link:** {u}\n\n{c}" for t, u, c in BOTH),
        "\n".join(f"- [{t}]({u}): {c}" for t, u, c in BOTH),
        "\n".join(f"{n}. [{t}]({u})\n   {c}" for n, (t, u, c) in enumerate(BOTH, 1)),
        "\n\n".join(f"## {t}\n{u}\n\n{c}" for t, u, c in BOTH),
        "\n\n".join(f"[{n}] {t}\n{u}\n{c}" for n, (t, u, c) in enumerate(BOTH, 1)),
        "\n\n".join(f"1. **{t}**\n   - URL: {u}\n   - Snippet: {c}" for t, u, c in BOTH),
        "\n\n".join(f"Url: <{u}>\nTitle: {t}\nText: {c}" for t, u, c in BOTH),
        "# Results\n" + "\n".join(f"### [{t}]({u})\n{c}\n" for t, u, c in BOTH),
    ],
)
def test_each_result_in_a_text_is_a_document(text: str) -> None:
    assert told(text) == BOTH


@pytest.mark.parametrize(
    "text",
    [
        "The pier is closed.\nSee https://a.example/pier for more.",
        "# Opening\n\nThe pier is open.\n\n# Closing\n\nIt closes at ten.",
        "Title: Pier\nURL: https://a.example/pier\nThe pier is closed.",
        "1. Open the door.\n2. Close the door.",
        "{broken",
    ],
)
def test_a_text_that_lists_no_results_is_one_document(text: str) -> None:
    assert told(text) == [("", "", text)]


def test_what_a_reply_says_beside_its_results_is_kept() -> None:
    reply = {"answer": "It is closed.", "results": named("title", "url", "content")}
    assert told(json.dumps(reply)) == [("", "", "It is closed."), *BOTH]


def test_a_result_keeps_its_date_and_its_other_values() -> None:
    chair = {"name": "Chair", "url": "https://a.example/1", "description": "A chair.", "price": 89.5, "score": 0.4}
    [made, _] = documents(
        CallToolResult(content=[], structured_content={"items": [{**chair, "createdAt": "2026-03-04T10:00:00Z"}] * 2})
    )
    assert made == Document(
        "A chair.\n\nprice: 89.5",
        title="Chair",
        url="https://a.example/1",
        published="2026-03-04T10:00:00+00:00",
        metadata={**chair, "createdAt": "2026-03-04T10:00:00Z"},
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"text": "The pier.", "links": [{"title": "a", "url": "https://a.example/"}]}, "The pier."),
        (
            {"city": "Oslo", "forecast": [{"day": "Monday", "high": 3}]},
            "city: Oslo\nforecast.1.day: Monday\nforecast.1.high: 3",
        ),
        ({"title": "Chair", "body": "x", "reviews": [{"text": "good"}]}, "title: Chair\nbody: x\nreviews.1.text: good"),
    ],
)
def test_an_object_that_lists_no_results_is_one_document(value: Any, text: str) -> None:
    assert [each[2] for each in told(json.dumps(value))] == [text]


_LINES = st.sampled_from(
    ["Title: a", "URL: https://a.example/", "1. b", "---", "text", "- [a](https://b.example/) c", "", "**"]
)


@given(st.lists(_LINES, max_size=12).map("\n".join))
def test_any_text_is_documents_and_none_is_empty(text: str) -> None:
    made = told(text)
    assert len(made) >= 1
    assert all(each[2] for each in made) == bool(text)


FRESH = [
    {"ok": True, "payload": {"entries": named("title", "url", "body")}},
    {"documents": [{"fields": {"title": t, "url": u, "content": c}, "score": 1} for t, u, c in BOTH]},
    {"hits": named("title", "url", "text"), "nbHits": 2},
    {"results": [{"document": {"title": t, "uri": u, "text": c}} for t, u, c in BOTH]},
    {"pages": named("title", "url", "extract")},
    {"articles": named("title", "url", "description", author=None)},
    {"organic_results": named("title", "link", "snippet")},
    {"records": [{"name": t, "link": u, "notes": c} for t, u, c in BOTH]},
    [{"heading": t, "url": u, "summary": c} for t, u, c in BOTH],
]
"""Replies that nobody looked at while the reader was made."""

FRESH_TEXTS = [
    "\n\n".join(f"Title: {t}\nLink: {u}\nSnippet: {c}" for t, u, c in BOTH),
    "\n".join(f"* [{t}]({u}) - {c}" for t, u, c in BOTH),
    "\n\n".join(f"**{t}**\n{u}\n{c}" for t, u, c in BOTH),
    "\n\n".join(f"{n}. {t}\n   {u}\n   {c}" for n, (t, u, c) in enumerate(BOTH, 1)),
    "2 results:\n\n" + "\n\n".join(f"### {t}\n\n{c}\n\nSource: {u}" for t, u, c in BOTH),
    "\n\n".join(f"Result {n}:\nTitle: {t}\nURL: {u}\nContent: {c}" for n, (t, u, c) in enumerate(BOTH, 1)),
    "\n\n".join(f"title: {t}\nurl: {u}\ncontent: {c}" for t, u, c in BOTH),
    "\n".join(json.dumps({"title": t, "url": u, "text": c}) for t, u, c in BOTH),
    "\n\n".join(f"- **{t}** ({u})\n  {c}" for t, u, c in BOTH),
    "\n\n---\n\n".join(f"# {t}\n\n**URL:** {u}\n\n{c}" for t, u, c in BOTH),
]


@pytest.mark.parametrize("reply", FRESH)
def test_each_result_of_a_fresh_reply_is_a_document(reply: Any) -> None:
    assert told(json.dumps(reply)) == BOTH


@pytest.mark.parametrize("text", FRESH_TEXTS)
def test_each_result_of_a_fresh_text_is_a_document(text: str) -> None:
    assert told(text) == BOTH
