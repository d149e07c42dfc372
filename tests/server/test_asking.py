"""Questions over HTTP: the answer, its events, streams that break off, runs that are cancelled and found again."""

import asyncio
import json

import pytest

QUESTION = {"question": "Is the harbour open?"}


def ids(events) -> list[int]:
    return [each["id"] for each in events]


async def until(condition) -> None:
    """Wait for a condition; a test that waits in vain ends by its time limit."""
    while not condition():
        await asyncio.sleep(0.01)


async def test_a_question_is_answered_as_the_command_line_prints_it(opened) -> None:
    server = await opened()
    status, headers, answer = await server.post("/v1/ask", QUESTION)
    assert (status, headers["Content-Type"]) == (200, "application/json")
    assert answer["text"].startswith("The harbour is open until nine tonight. [1]")
    assert {name: each["status"] for name, each in answer["sources"].items()} == {"fast": "ok", "slow": "ok"}
    assert headers["Location"] == f"/v1/runs/{headers['Fanin-Run']}/events"
    assert headers["RateLimit"] == '"questions";r=119;t=1'


async def test_sources_and_a_conversation_can_be_given(opened) -> None:
    server = await opened()
    _, _, answer = await server.post("/v1/ask", {**QUESTION, "sources": ["fast"], "fresh": True, "deadline": "2s"})
    assert (await server.post("/v1/ask", {**QUESTION, "sources": None, "deadline": None}))[0] == 200
    assert [*answer["sources"]] == ["fast"]
    said = [{"question": "Is the harbour in Oslo open?", "answer": "Yes."}]
    _, _, answer = await server.post("/v1/ask", {"question": "and in Bergen?", "conversation": said})
    assert answer["asked_as"] == "Is the harbour in Bergen open?"


WRITERS = """[answer]
writer = "openai-compatible:http://127.0.0.1:9/v1#usual"
writers = { quick = "openai-compatible:http://127.0.0.1:9/v1#small" }
"""


async def test_a_question_names_who_writes_its_answer(opened) -> None:
    server = await opened(answer=WRITERS, latency="0s")
    models = {None: "openai-compatible:usual", "quick": "openai-compatible:small", "extractive": None}
    for writer, model in models.items():
        status, _, answer = await server.post("/v1/ask", {**QUESTION, "writer": writer})
        assert (status, answer["writing"] and answer["writing"]["model"]) == (200, model)
        assert answer["text"].startswith("The harbour is open until nine tonight. [1]")
    events = await server.events("POST", "/v1/ask/stream", json={**QUESTION, "writer": "extractive"})
    assert events[-1]["answer"]["writing"] is None
    for path in ("/v1/ask", "/v1/ask/stream"):
        status, _, problem = await server.post(path, {**QUESTION, "writer": "openai:gpt-5"})
        assert (status, problem["kind"]) == (404, "unknown_writer")


async def test_a_stream_has_rising_numbers_and_one_final_event(opened) -> None:
    server = await opened()
    events = await server.events("POST", "/v1/ask/stream", json=QUESTION)
    assert ids(events) == list(range(1, len(events) + 1))
    assert [each["event"] for each in events if each["event"] in ("answered", "failed")] == ["answered"]
    assert (events[0]["event"], events[-1]["event"]) == ("planned", "answered")


async def test_a_stream_is_lines_of_json_where_they_are_asked_for(opened) -> None:
    server = await opened()
    accept = {"Accept": "application/x-ndjson"}
    async with server.client.post(f"{server.address}/v1/ask/stream", json=QUESTION, headers=accept) as reply:
        assert (reply.status, reply.content_type) == (200, "application/x-ndjson")
        assert reply.headers["X-Accel-Buffering"] == "no"
        events = [json.loads(each) for each in (await reply.text()).splitlines()]
    again = await server.events("GET", f"/v1/runs/{reply.headers['Fanin-Run']}/events?after=0")
    assert events == again


@pytest.mark.parametrize("runs", ["", "keep = 0"])
async def test_a_stream_that_broke_off_goes_on_where_it_was(opened, runs: str) -> None:
    server = await opened(runs=runs)
    async with server.client.post(f"{server.address}/v1/ask/stream", json=QUESTION) as reply:
        text = ""
        while '"event": "fetched"' not in text:
            text += (await reply.content.readuntil(b"\n\n")).decode()
        reply.close()
    path = reply.headers["Location"]
    seen = [int(line[4:]) for line in text.splitlines() if line.startswith("id: ")]
    rest = await server.events("GET", path, headers={"Last-Event-ID": str(seen[-1])})
    assert seen + ids(rest) == list(range(1, ids(rest)[-1] + 1))
    assert rest[-1]["answer"]["text"].startswith("The harbour is open until nine tonight. [1]")
    assert {each["status"] for each in rest[-1]["answer"]["sources"].values()} == {"ok"}
    assert await server.events("GET", f"{path}?after={seen[0]}", headers={"Last-Event-ID": str(seen[-1])}) == rest
    status, _, _ = await server.get(path, headers={"Last-Event-ID": str(ids(rest)[-1])})
    assert status == 204
    status, _, problem = await server.get(f"{path}?after={ids(rest)[-1] + 1}")
    assert (status, problem["kind"]) == (400, "past_end")


async def test_who_joins_late_gets_a_snapshot_first(opened) -> None:
    server = await opened()
    whole = await server.events("POST", "/v1/ask/stream", json=QUESTION)
    (run,) = (await server.get("/v1/runs"))[2]["runs"]
    snapshot, final = await server.events("GET", f"/v1/runs/{run['id']}/events")
    assert (snapshot["event"], snapshot["id"]) == ("snapshot", whole[-2]["id"])
    assert final == whole[-1]


async def test_a_cancelled_run_gives_what_has_arrived_and_its_stream_ends(opened) -> None:
    server = await opened(latency="30s")
    asking = asyncio.create_task(server.post("/v1/ask", QUESTION))
    await until(lambda: server.service.runs.running)
    (run,) = server.service.runs.running
    following = asyncio.create_task(server.events("GET", f"/v1/runs/{run.asked.run}/events?after=0"))
    await until(lambda: any(type(each).__name__ == "Revised" for each in run.log.events))
    _, _, shown = await server.get(f"/v1/runs/{run.asked.run}")
    assert (shown["status"], shown["answer"]) == ("running", None)
    status, _, problem = await server.get(f"/v1/runs/{run.asked.run}/timeline")
    assert (status, problem["kind"]) == (409, "no_answer")
    status, _, cancelled = await server.post(f"/v1/runs/{run.asked.run}/cancel")
    assert (status, cancelled["status"]) == (200, "cancelled")
    assert cancelled["answer"]["text"] == "The harbour is open until nine tonight. [1]"
    assert (await asking)[2] == cancelled["answer"]
    assert (await following)[-1]["answer"] == cancelled["answer"]
    await server.service.runs.drain()
    _, _, kept = await server.get(f"/v1/runs/{run.asked.run}")
    assert (kept["status"], kept["answer"]) == ("cancelled", cancelled["answer"])


async def test_a_run_that_nobody_waits_for_is_ended(opened, caplog) -> None:
    server = await opened(latency="30s")
    asking = asyncio.create_task(server.post("/v1/ask", QUESTION))
    await until(lambda: server.service.runs.running)
    (run,) = server.service.runs.running
    asking.cancel()
    await run.ended()
    assert run.status == "cancelled"
    assert "defect" not in caplog.text


async def test_a_run_goes_on_without_readers_where_the_settings_say_so(opened) -> None:
    server = await opened(latency="0.5s", server='on_disconnect = "continue"')
    asking = asyncio.create_task(server.post("/v1/ask", QUESTION))
    await until(lambda: server.service.runs.running)
    (run,) = server.service.runs.running
    asking.cancel()
    assert (await run.ended()).coverage == 1.0
    assert run.status == "answered"


async def test_a_run_that_somebody_else_reads_goes_on(opened) -> None:
    server = await opened(latency="0.5s")
    asking = asyncio.create_task(server.post("/v1/ask", QUESTION))
    await until(lambda: server.service.runs.running)
    (run,) = server.service.runs.running
    following = asyncio.create_task(server.events("GET", f"/v1/runs/{run.asked.run}/events"))
    await until(lambda: run.readers == 2)
    asking.cancel()
    await following
    assert run.status == "answered"


async def test_a_stream_that_is_left_for_good_ends_its_run(opened, monkeypatch) -> None:
    monkeypatch.setattr("fanin.interfaces.server.event_streams.RECONNECT_SECONDS", 0.1)
    server = await opened(latency="30s")
    async with server.client.post(f"{server.address}/v1/ask/stream", json=QUESTION) as reply:
        await reply.content.readuntil(b"\n\n")
        reply.close()
    (run,) = server.service.runs.running
    await run.ended()
    assert run.status == "cancelled"


async def test_a_quiet_stream_says_that_it_is_alive(opened, monkeypatch) -> None:
    monkeypatch.setattr("fanin.interfaces.server.event_streams.HEARTBEAT_SECONDS", 0.1)
    server = await opened(latency="0.5s")
    async with server.client.post(f"{server.address}/v1/ask/stream", json=QUESTION) as reply:
        text = await reply.text()
    assert text.startswith("retry: 1000\n\n")
    assert ": ping\n\n" in text


async def test_runs_are_listed_searched_in_pages_and_deleted(opened) -> None:
    server = await opened(latency="0s")
    for place in ("Oslo", "Bergen", "Malmö"):
        await server.post("/v1/ask", {"question": f"Is the harbour of {place} open?"})
    await server.service.runs.drain()
    _, _, first = await server.get("/v1/runs?limit=2")
    _, _, second = await server.get(f"/v1/runs?limit=2&before={first['next']}")
    questions = [each["question"] for each in [*first["runs"], *second["runs"]]]
    assert [each.split()[4] for each in questions] == ["Malmö", "Bergen", "Oslo"]
    assert second["next"] is None
    _, _, found = await server.get("/v1/runs?q=malmo")
    (run,) = found["runs"]
    assert (await server.send("DELETE", f"/v1/runs/{run['id']}"))[0] == 204
    assert (await server.send("DELETE", f"/v1/runs/{run['id']}"))[2]["kind"] == "unknown_run"
    assert (await server.get(f"/v1/runs/{run['id']}"))[0] == 404
    assert (await server.get("/v1/runs?q=malmo"))[2]["runs"] == []


async def test_a_kept_run_has_a_timeline_a_trace_and_markdown(opened) -> None:
    server = await opened()
    _, headers, answer = await server.post("/v1/ask", QUESTION)
    path = f"/v1/runs/{headers['Fanin-Run']}"
    assert (await server.get(f"{path}/timeline"))[2] == answer["timeline"]
    trace = (await server.get(f"{path}/trace.json"))[2]["traceEvents"]
    spans = [each for each in trace if each["ph"] == "X"]
    assert len(spans) == len(answer["timeline"]["spans"])
    assert {each["args"]["name"] for each in trace if each["ph"] == "M"} >= {"fast", "slow", "answer"}
    assert all(each["ts"] >= 0 <= each["dur"] for each in spans)
    status, headers, text = await server.get(f"{path}/answer.md")
    assert (status, headers["Content-Type"]) == (200, "text/markdown; charset=utf-8")
    assert text.startswith("The harbour is open until nine tonight. \\[1\\]")


async def test_the_same_idempotency_key_joins_the_same_run(opened) -> None:
    server = await opened()
    key = {"Idempotency-Key": "one"}
    replies = await asyncio.gather(*(server.post("/v1/ask", QUESTION, headers=key) for _ in range(5)))
    replies.append(await server.post("/v1/ask", QUESTION, headers=key))
    assert {status for status, _, _ in replies} == {200}
    assert len({headers["Fanin-Run"] for _, headers, _ in replies}) == 1
    assert all(answer == replies[0][2] for _, _, answer in replies)
    status, _, problem = await server.post("/v1/ask", {"question": "And the lift?"}, headers=key)
    assert (status, problem["kind"]) == (422, "idempotency")
    other = await server.post("/v1/ask", QUESTION, headers={"Idempotency-Key": "two"})
    assert other[1]["Fanin-Run"] != replies[0][1]["Fanin-Run"]


async def test_an_idempotency_key_is_known_after_the_server_was_started_anew(opened) -> None:
    key = {"Idempotency-Key": "one"}
    first = await opened(latency="0s")
    anna = {**key, **first.key("anna")}
    _, began, answer = await first.post("/v1/ask", QUESTION, headers=anna)
    await first.service.runs.drain()
    again = await opened(latency="0s")
    assert began["Fanin-Run"] not in again.service.runs._runs
    for path in ("/v1/ask", "/v1/ask"):
        _, headers, said = await again.post(path, QUESTION, headers=anna)
        assert (headers["Fanin-Run"], said) == (began["Fanin-Run"], answer)
    status, _, problem = await again.post("/v1/ask", {"question": "And the lift?"}, headers=anna)
    assert (status, problem["kind"]) == (422, "idempotency")
    _, headers, _ = await again.post("/v1/ask", QUESTION, headers=key)
    assert headers["Fanin-Run"] != began["Fanin-Run"]
    assert len((await again.get("/v1/runs", headers=anna))[2]["runs"]) == 1


async def test_a_key_whose_question_could_not_be_asked_can_be_used_again(opened) -> None:
    server = await opened()
    key = {"Idempotency-Key": "one"}
    assert (await server.post("/v1/ask", {**QUESTION, "sources": ["nowhere"]}, headers=key))[0] == 404
    assert (await server.post("/v1/ask", QUESTION, headers=key))[0] == 200


async def test_runs_that_cannot_be_kept_are_answered_all_the_same(opened, tmp_path) -> None:
    (tmp_path / "file").write_text("")
    server = await opened(runs="")
    server.service.store._path = tmp_path / "file" / "runs.sqlite"
    for key in ({}, {"Idempotency-Key": "one"}):
        status, _, answer = await server.post("/v1/ask", QUESTION, headers=key)
        assert (status, answer["success"]) == (200, True)
    await server.service.runs.drain()
    assert (await server.get("/v1/runs"))[2] == {"runs": [], "next": None}


async def test_the_sources_are_listed_with_their_health(opened) -> None:
    server = await opened()
    await server.post("/v1/ask", QUESTION)
    _, _, told = await server.get("/v1/sources")
    assert [(each["name"], each["kind"]) for each in told["sources"]] == [("fast", "simulated"), ("slow", "simulated")]
    assert {each["health"]["calls"] for each in told["sources"]} == {1}


async def test_where_there_is_no_knowledge_base_that_is_told_without_a_path(opened, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "nothing"))
    server = await opened()
    status, _, problem = await server.post("/v1/kb/search", {"question": "berths?", "limit": 3.0})
    assert (status, problem["kind"]) == (404, "no_knowledge")
    assert str(tmp_path) not in problem["detail"]


async def test_the_knowledge_base_is_searched(opened, tmp_path, monkeypatch) -> None:
    from fanin.knowledge.ingest.updating import add_paths
    from fanin.knowledge.store.database_file import default_path

    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "harbour.md").write_text("# Harbour\n\nThe harbour has twelve berths for boats.\n")
    await add_paths(default_path(), [tmp_path / "notes"], report=lambda _: None)
    server = await opened()
    _, _, found = await server.post("/v1/kb/search", {"question": "How many berths are there?", "limit": 3})
    assert [each["title"] for each in found["passages"]] == ["Harbour"]
