"""What of a server's messages is taken, and what of a tool's answer becomes documents (no server)."""

import json
from collections.abc import Callable
from typing import Any

import pytest

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


@pytest.mark.parametrize("data", [b"", b"x", b'{"a": NaN}', b'{"a": 1e999}'])
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
