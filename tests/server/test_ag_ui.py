"""fanin as an agent of AG-UI: each event is one of the protocol's own models, in an order that its clients accept."""

import asyncio
from typing import Any

import pytest
from ag_ui import core
from pydantic import TypeAdapter

from fanin import lazy

EVENT: TypeAdapter[Any] = TypeAdapter(core.Event)
SEEN = "The harbour is open until nine tonight. [1] The harbour lift is stuck. [2]"


def asked(question: str = "Is the harbour open?", *before: dict[str, Any]) -> dict[str, Any]:
    said = [*before, {"id": "m1", "role": "user", "content": question}]
    given = core.RunAgentInput.model_validate({"threadId": "t", "runId": "r", "state": {"x": 1}, "messages": said})
    return given.model_dump(mode="json", by_alias=True)


def patched(value: Any, patch: Any) -> Any:
    """The value after a JSON Patch."""
    for each in patch:
        *above, last = [part.replace("~1", "/").replace("~0", "~") for part in each.path.split("/")[1:]]
        at = value
        for part in above:
            at = at[int(part)] if isinstance(at, list) else at[part]
        match each.op, at:
            case "remove", list():
                del at[int(last)]
            case "add", list():
                at.insert(int(last), each.value)
            case "remove", _:
                del at[last]
            case _, list():
                at[int(last)] = each.value
            case _:
                at[last] = each.value
    return value


async def events_of(server, body: Any, **options: Any) -> list[Any]:
    """Every event of the stream, as the protocol's own models read it."""
    async with server.client.post(f"{server.address}/ag-ui", json=body, **options) as reply:
        assert (reply.status, reply.content_type) == (200, "text/event-stream")
        text = await reply.text()
    lines = [each.removeprefix("data: ") for each in text.split("\n") if each and not each.startswith(":")]
    return [EVENT.validate_json(each) for each in lines]


async def test_a_run_is_told_by_events_of_the_protocol_in_an_order_that_clients_accept(opened) -> None:
    server = await opened()
    events = await events_of(server, asked())
    kinds = [each.type.value for each in events]
    assert (kinds[0], kinds[-1]) == ("RUN_STARTED", "RUN_FINISHED")
    assert (events[0].thread_id, events[0].run_id, events[-1].outcome.type) == ("t", "r", "success")
    steps = [(each.type.value, each.step_name) for each in events if "STEP" in each.type.value]
    assert steps == [
        ("STEP_STARTED", "ask sources"),
        ("STEP_FINISHED", "ask sources"),
        ("STEP_STARTED", "write the answer"),
        ("STEP_FINISHED", "write the answer"),
    ]
    text = [each for each in events if "TEXT" in each.type.value]
    assert [each.type.value for each in (text[0], text[-1])] == ["TEXT_MESSAGE_START", "TEXT_MESSAGE_END"]
    assert {each.type.value for each in text[1:-1]} == {"TEXT_MESSAGE_CONTENT"}
    assert "".join(each.delta for each in text[1:-1]).startswith(SEEN)
    annotations = events[-1].result["annotations"]
    assert [each["url_citation"]["title"] for each in annotations] == ["fast", "slow"]
    run = events[-1].result["run"]
    assert (await server.get(f"/v1/runs/{run}"))[0] == 200


async def test_sources_are_an_activity_and_drafts_are_state(opened) -> None:
    server = await opened()
    activity, state, drafts = {}, {}, []
    for each in await events_of(server, asked()):
        match each:
            case core.ActivitySnapshotEvent():
                assert activity == {}
                activity = each.content
            case core.ActivityDeltaEvent():
                patched(activity, each.patch)
            case core.StateSnapshotEvent():
                state = each.snapshot
            case core.StateDeltaEvent():
                drafts.append(patched(state, each.delta)["answer"]["text"])
    told = activity["sources"]
    assert {name: (each["status"], each["documents"]) for name, each in told.items()} == {
        "fast": ("ok", 1),
        "slow": ("ok", 1),
    }
    assert drafts[0] == "The harbour is open until nine tonight. [1]"
    assert drafts[-1] == SEEN
    assert [each["number"] for each in state["answer"]["citations"]] == [1, 2]


async def test_the_messages_before_complete_a_follow_up(opened) -> None:
    server = await opened(latency="0s")
    before = [
        {"id": "1", "role": "user", "content": [{"type": "text", "text": "Is the harbour in Oslo open?"}]},
        {"id": "2", "role": "assistant", "content": "Yes."},
    ]
    events = await events_of(server, asked("and in Bergen?", *before))
    text = "".join(each.delta for each in events if each.type.value == "TEXT_MESSAGE_CONTENT")
    assert text.startswith('Asked as "Is the harbour in Bergen open?".')


async def test_a_run_that_is_cancelled_ends_as_such(opened) -> None:
    server = await opened(latency="30s")
    following = asyncio.create_task(events_of(server, asked()))
    while not server.service.runs.running:
        await asyncio.sleep(0.01)
    (run,) = server.service.runs.running
    while not any(type(each).__name__ == "Revised" for each in run.log.events):
        await asyncio.sleep(0.01)
    run.cancel()
    assert (await following)[-1].outcome.type == "cancelled"


async def test_a_run_that_fails_ends_with_an_error(opened, monkeypatch) -> None:
    server = await opened(latency="1s")
    following = asyncio.create_task(events_of(server, asked()))
    while not server.service.runs.running:
        await asyncio.sleep(0.01)
    (run,) = server.service.runs.running
    run.fail(RuntimeError("no"), "no")
    last = (await following)[-1]
    assert (last.type.value, last.code) == ("RUN_ERROR", "error")
    run.cancel()


@pytest.mark.parametrize(
    ("change", "status", "kind"),
    [
        ({"messages": []}, 422, "invalid"),
        ({"threadId": None}, 422, "invalid"),
        ({"messages": [{"id": "1", "role": "user", "content": " "}]}, 422, "invalid"),
        ({"messages": [{"id": "1", "role": "system", "content": "Hi."}]}, 422, "invalid"),
    ],
)
async def test_bad_input_is_a_problem(opened, change, status, kind) -> None:
    server = await opened()
    told = await server.post("/ag-ui", {**asked(), **change})
    assert (told[0], told[2]["kind"]) == (status, kind)


async def test_without_the_extra_that_is_told(opened, monkeypatch) -> None:
    server = await opened()
    monkeypatch.setitem(lazy.MODULES, "ag_ui_events", "fanin.absent_module")
    monkeypatch.delitem(vars(lazy), "ag_ui_events", raising=False)
    status, _, problem = await server.post("/ag-ui", asked())
    assert (status, problem["kind"]) == (501, "not_installed")
