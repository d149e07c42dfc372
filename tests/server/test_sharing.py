"""Links to single runs: unguessable, read-only, without who asked, and worth nothing once they are taken back."""

import json
import secrets

import pytest

QUESTION = {"question": "Is the harbour open?"}


async def shared(server, headers: dict[str, str]) -> tuple[str, str]:
    """The id of a run that was asked and shared with this key, and the name of its link."""
    _, told, _ = await server.post("/v1/ask", QUESTION, headers=headers)
    status, _, link = await server.post(f"/v1/runs/{told['Fanin-Run']}/share", headers=headers)
    assert (status, link["path"]) == (200, f"/shared/{link['name']}")
    return told["Fanin-Run"], link["name"]


async def test_whoever_has_a_link_reads_the_run_without_a_key_and_learns_neither_its_id_nor_who_asked(opened) -> None:
    server = await opened(server="require_keys = true", latency="0s")
    anna = server.key("anna")
    run, name = await shared(server, anna)
    _, _, own = await server.get(f"/v1/runs/{run}", headers=anna)
    _, _, found = await server.get(f"/v1/shared/{name}")
    assert found == {**own, "id": name}
    own_events = await server.events("GET", f"/v1/runs/{run}/events?after=0", headers=anna)
    events = await server.events("GET", f"/v1/shared/{name}/events?after=0")
    user = anna["Authorization"].split("_")[1]
    own_events[0]["question"]["user"] = ""
    assert events == own_events
    async with server.client.get(f"{server.address}/v1/shared/{name}/events?after=0") as reply:
        told = f"{reply.headers} {await reply.text()} {json.dumps(found)}"
    assert [each for each in (run, user) if each in told] == []
    assert (await server.get(f"/v1/shared/{name}/trace.json"))[0] == 200


async def test_a_link_that_was_taken_back_is_404_at_once_and_the_next_one_has_another_name(opened) -> None:
    server = await opened(latency="0s")
    run, name = await shared(server, {})
    assert (await server.post(f"/v1/runs/{run}/share"))[2]["name"] == name
    assert (await server.get(f"/v1/runs/{run}/share"))[2]["name"] == name
    assert (await server.send("DELETE", f"/v1/runs/{run}/share"))[0] == 204
    for path in ("", "/events", "/trace.json"):
        status, _, problem = await server.get(f"/v1/shared/{name}{path}")
        assert (status, problem["kind"]) == (404, "unknown_link")
    assert (await server.get(f"/v1/runs/{run}/share"))[2] == {"name": None, "path": None}
    assert (await server.send("DELETE", f"/v1/runs/{run}/share"))[0] == 204
    assert (await server.post(f"/v1/runs/{run}/share"))[2]["name"] != name


async def test_a_link_goes_with_its_run(opened) -> None:
    server = await opened(latency="0s")
    run, name = await shared(server, {})
    assert (await server.send("DELETE", f"/v1/runs/{run}"))[0] == 204
    assert (await server.get(f"/v1/shared/{name}"))[0] == 404


async def test_a_hundred_guesses_find_nothing(opened) -> None:
    server = await opened(latency="0s")
    run, name = await shared(server, {})
    assert len(name) >= 24
    guesses = [run, name[:-1], name.swapcase(), f"{name}=", "%25", "_", *(secrets.token_urlsafe(18) for _ in range(94))]
    found = [(await server.get(f"/v1/shared/{each}"))[0] for each in guesses]
    assert found == [404] * 100


async def test_only_the_key_that_asked_shares_a_run_and_takes_it_back(opened) -> None:
    server = await opened(server="require_keys = true", latency="0s")
    anna, bert = server.key("anna"), server.key("bert")
    run, name = await shared(server, anna)
    for method in ("GET", "POST", "DELETE"):
        assert (await server.send(method, f"/v1/runs/{run}/share", headers=bert))[0] == 404
    assert (await server.get(f"/v1/shared/{name}"))[0] == 200


@pytest.mark.parametrize(("runs", "latency", "ended"), [("keep = 0", "0s", True), ("", "5s", False)])
async def test_a_run_that_is_not_kept_or_has_not_ended_is_not_shared(opened, runs, latency, ended) -> None:
    server = await opened(runs=runs, latency=latency)
    async with server.client.post(f"{server.address}/v1/ask/stream", json=QUESTION) as reply:
        run = reply.headers["Fanin-Run"]
        if ended:
            await reply.read()
        status, _, problem = await server.post(f"/v1/runs/{run}/share")
        assert (status, problem["kind"]) == (409, "not_kept")
        assert (await server.get(f"/v1/runs/{run}/share"))[2] == {"name": None, "path": None}


async def test_the_history_of_sources_tells_of_the_runs_of_the_key_alone(opened) -> None:
    server = await opened(server="require_keys = true", latency="0s")
    anna, bert = server.key("anna"), server.key("bert")
    for _ in range(2):
        await server.post("/v1/ask", QUESTION, headers=anna)
    await server.service.runs.drain()
    _, _, told = await server.get("/v1/sources/history", headers=anna)
    assert (told["runs"], told["futile"]) == (2, [])
    names = [(each["name"], each["kind"], each["asked"], each["ended"]) for each in told["sources"]]
    assert names == [("fast", "simulated", 2, {"ok": 2}), ("slow", "simulated", 2, {"ok": 2})]
    assert [each["percent"] for each in told["sources"][0]["times"]] == [50, 80, 95]
    _, _, told = await server.get("/v1/sources/history", headers=bert)
    assert (told["runs"], [each["asked"] for each in told["sources"]]) == (0, [0, 0])
