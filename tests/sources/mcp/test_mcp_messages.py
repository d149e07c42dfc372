"""What of a server's messages is taken, and what of a tool's answer becomes documents (no server)."""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.errors import SourceError

pytest.importorskip("mcp", reason="the extra fanin[mcp] is not installed")

from mcp_types import CallToolResult, TextContent

from fanin.sources.mcp import tool_results
from fanin.sources.mcp.mcp_messages import parse_message, rewrite_message


def answer(**result: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": 1, "result": result}).encode()


@pytest.mark.parametrize(
    ("data", "limit"),
    [
        (answer(content=[{"type": "text", "text": "a"}] * 1_001), "1,000 blocks"),
        (answer(tools=[{"name": "a"}] * 1_001), "1,000 tools"),
        (answer(structuredContent={"a": [1] * 50_001}), "50,000 values"),
        (answer(structuredContent={"a": [1] * 100_001}), "100,000 values"),
        (answer(content=[{"type": "text", "text": "a" * 4_000_000}]), "4,000,000 bytes"),
    ],
)
def test_a_message_beyond_a_limit_is_refused_by_name(data: bytes, limit: str) -> None:
    with pytest.raises(SourceError, match=limit) as caught:
        parse_message(data)
    assert caught.value.kind == "too_large"


def test_schemas_by_which_answers_would_be_judged_are_taken_out() -> None:
    tools = [{"name": "a", "inputSchema": {}, "outputSchema": {"pattern": "(a+)+$"}}, {"name": "b"}, "no tool"]
    found = parse_message(answer(tools=tools))
    assert found["result"]["tools"] == [{"name": "a", "inputSchema": {}}, {"name": "b"}, "no tool"]
    assert json.loads(rewrite_message(answer(tools=tools))) == found


@pytest.mark.parametrize("data", [b"", b"x", b"{'a': 1}", b"1 2"])
def test_what_is_no_json_is_no_message(data: bytes) -> None:
    with pytest.raises(SourceError, match="not a message") as caught:
        rewrite_message(data)
    assert caught.value.kind == "protocol"


def test_texts_beside_structured_content_cost_their_number_and_not_its_product(monkeypatch: pytest.MonkeyPatch) -> None:
    written = 0
    form: Callable[[Any], str] = tool_results._canonical

    def counted(value: Any) -> str:
        nonlocal written
        written += 1
        return form(value)

    monkeypatch.setattr(tool_results, "_canonical", counted)
    texts = [TextContent(type="text", text=json.dumps({"y": number})) for number in range(200)]
    items = [{"x": number} for number in range(200)]
    found = list(tool_results.documents(CallToolResult(content=[*texts], structured_content={"result": items})))
    assert len(found) == 200
    assert written <= 2 * 200 + 1


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, st.booleans())
def test_any_message_is_the_value_that_was_sent_without_schemas_of_answers(value: Any, schema: bool) -> None:
    tool = {"name": "a", "inputSchema": value}
    sent = {"result": {"tools": [{**tool, "outputSchema": value} if schema else tool], "more": value}}
    assert json.loads(rewrite_message(json.dumps(sent).encode())) == {"result": {"tools": [tool], "more": value}}


@given(st.binary(max_size=60) | st.text(alphabet='{}[]":,1ea\\u ', max_size=30).map(str.encode))
def test_any_bytes_are_a_message_or_refused(data: bytes) -> None:
    with suppress(SourceError):
        written = json.loads(rewrite_message(data))
        with suppress(ValueError):
            assert written == json.loads(data)


@given(VALUES, st.lists(st.text(max_size=12) | VALUES.map(json.dumps), max_size=3))
def test_any_answer_of_a_tool_is_documents_that_can_be_written(structured: Any, texts: list[str]) -> None:
    content = [TextContent(type="text", text=text) for text in texts]
    made = [*tool_results.documents(CallToolResult(content=content, structured_content=structured))]
    assert [each for each in made if re.search("[\ud800-\udfff]", each.text + each.title)] == []
