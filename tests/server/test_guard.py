"""Who may ask and what: keys, names, origins, sizes, rates. Everything that is refused is a clear problem."""

import asyncio
import json
import re
import socket
import time
from pathlib import Path

import pytest

from fanin.errors import ConfigError
from fanin.interfaces.server import authentication, http_app
from fanin.interfaces.server.admission import Admission
from fanin.interfaces.server.authentication import PUBLIC, check_routes
from fanin.interfaces.server.guard import BODY_BYTES, Guard
from fanin.interfaces.server.problems import Problem
from fanin.interfaces.server.routes.page_routes import ADDRESSES, FILES, SHARED
from fanin.storage.api_keys import add_key, read_keys, revoke_key, valid_key

QUESTION = {"question": "Is the harbour open?"}


def operations() -> list[tuple[str, str]]:
    """Every method and path of the OpenAPI document, with something in place of parameters."""
    document = http_app.routes().openapi()
    return [
        (method.upper(), re.sub(r"\{(run|response)\}", "0123456789abcdef", path))
        for path, methods in document["paths"].items()
        for method in methods
    ]


PUBLIC_STATUS = {"POST": 422, "DELETE": 204}
"""What public requests give that have no body."""


async def test_without_a_valid_key_every_route_but_the_public_ones_is_401(opened) -> None:
    server = await opened(server="require_keys = true")
    right = server.key("anna")["Authorization"]
    wrong = [{}, {"Authorization": "Bearer "}, {"Authorization": f"{right}x"}, {"Authorization": f"Basic {right[7:]}"}]
    wrong += [{"Authorization": "Bearer fanin_00000000_x"}, {"Authorization": right[:-1]}]
    tried = 0
    for method, path in operations():
        for headers in wrong:
            status, told, problem = await server.send(method, path, headers=headers)
            if path in PUBLIC:
                found = 404 if "{name}" in path else 200  # there is no link of this name
                assert (path, status) == (path, PUBLIC_STATUS.get(method, found))
            else:
                assert (path, status, problem["kind"]) == (path, 401, "key")
                assert told["WWW-Authenticate"] == "Bearer"
                tried += 1
    assert tried >= 11 * len(wrong)
    assert (await server.post("/v1/ask", QUESTION, headers={"Authorization": right}))[0] == 200


async def test_a_key_sees_its_own_runs_alone_in_every_route(opened) -> None:
    server = await opened(server="require_keys = true", latency="0s")
    anna, bert = server.key("anna"), server.key("bert")
    _, headers, _ = await server.post("/v1/ask", QUESTION, headers=anna)
    run = headers["Fanin-Run"]
    tried = 0
    for method, path in operations():
        if "0123456789abcdef" in path:
            status, _, problem = await server.send(method, path.replace("0123456789abcdef", run), headers=bert)
            assert (path, status, problem["kind"]) == (path, 404, "unknown_run")
            tried += 1
    assert tried >= 12
    assert (await server.get("/v1/runs", headers=bert))[2]["runs"] == []
    assert (await server.get(f"/v1/runs?before={run}", headers=bert))[2]["runs"] == []
    assert [each["id"] for each in (await server.get("/v1/runs", headers=anna))[2]["runs"]] == [run]
    assert (await server.get(f"/v1/runs/{run}", headers=anna))[0] == 200


async def test_the_user_of_a_question_is_the_id_of_its_key_and_one_idempotency_key_of_two_users_is_two(opened) -> None:
    server = await opened(latency="0s")
    anna, bert = server.key("anna"), server.key("bert")
    replies = [
        await server.post("/v1/ask", QUESTION, headers={**each, "Idempotency-Key": "same"}) for each in (anna, bert, {})
    ]
    assert len({headers["Fanin-Run"] for _, headers, _ in replies}) == 3
    await server.service.runs.drain()
    users = {each.id: each.user for each in await server.service.store.summaries(user=None)}
    ids = [each.split("_")[1] for each in (anna["Authorization"], bert["Authorization"])]
    assert [users[headers["Fanin-Run"]] for _, headers, _ in replies] == [*ids, ""]


async def test_where_no_key_is_required_the_key_of_another_service_counts_as_none_and_a_wrong_one_is_401(
    opened,
) -> None:
    server = await opened()
    for key, status in (("sk-other", 200), ("fanin_00000000_x", 401), ("", 200)):
        assert (await server.get("/v1/runs", headers={"Authorization": f"Bearer {key}"}))[0] == status


async def test_a_revoked_key_is_refused(opened, monkeypatch) -> None:
    monkeypatch.setattr("fanin.interfaces.server.service.LOOK_SECONDS", 0.05)
    server = await opened(server="require_keys = true")
    key = server.key("anna")
    assert (await server.get("/v1/runs", headers=key))[0] == 200
    revoke_key(server.folder / "keys.json", "anna")
    while (status := (await server.get("/v1/runs", headers=key))[0]) == 200:
        await asyncio.sleep(0.02)
    assert status == 401


async def test_a_file_of_keys_that_was_damaged_lets_nobody_in(opened, monkeypatch) -> None:
    monkeypatch.setattr("fanin.interfaces.server.service.LOOK_SECONDS", 0.05)
    server = await opened(server="require_keys = true")
    key = server.key("anna")
    (server.folder / "keys.json").write_text("{")
    while (await server.get("/v1/runs", headers=key))[0] == 200:
        await asyncio.sleep(0.02)
    assert (await server.get("/healthz"))[0] == 200


PUBLIC_PATHS = ("/healthz", "/readyz", "/openapi.json", "/llms.txt", "/opensearch.xml", "/v1/session")


def test_an_app_with_a_route_that_asks_for_no_key_does_not_start() -> None:
    app = http_app.routes()

    @app.get("/v1/open")
    async def open_route() -> str:
        return "secret"

    with pytest.raises(ConfigError, match="The route '/v1/open' asks for no key; fanin did not start"):
        check_routes(app)
    assert frozenset((*PUBLIC_PATHS, *ADDRESSES, FILES, *SHARED)) == authentication.PUBLIC


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("localhost:8321", None, None),
        ("127.0.0.1", None, None),
        ("[::1]:8321", None, None),
        ("192.168.1.7:8321", None, None),
        (socket.gethostname(), None, None),
        ("FANIN.example.com", None, None),
        ("fanin.example.com:443", "https://fanin.example.com:443", None),
        ("localhost:8321", "http://localhost:8321", None),
        ("localhost:8321", "https://intranet.example.com", None),
        ("evil.example", None, 421),
        ("localhost.evil.example", None, 421),
        ("fanin.example.com.evil.example", None, 421),
        ("127.0.0.1.evil.example", None, 421),
        ("", None, 421),
        ("[", None, 421),
        ("localhost@evil.example", None, 421),
        ("localhost:8321", "http://evil.example", 403),
        ("localhost:8321", "http://localhost:9", 403),
        ("localhost:8321", "null", 403),
        ("localhost:8321", "", 403),
        ("localhost:8321", "https://intranet.example.com.evil.example", 403),
    ],
)
def test_a_foreign_name_is_421_and_a_foreign_origin_403(host: str, origin: str | None, status: int | None) -> None:
    guard = Guard(hosts={"fanin.example.com"}, origins={"https://intranet.example.com"})
    problem = guard.problem({"host": host, **({} if origin is None else {"origin": origin})})
    assert (problem and problem.status) == status


async def test_foreign_names_and_origins_are_refused_before_everything_else(opened) -> None:
    server = await opened()
    status, headers, problem = await server.get("/healthz", headers={"Host": "evil.example"})
    assert (status, problem["kind"], headers["Content-Type"]) == (421, "host", "application/problem+json")
    status, headers, problem = await server.post("/v1/ask", QUESTION, headers={"Origin": "http://evil.example"})
    assert (status, problem["kind"]) == (403, "origin")
    assert "Access-Control-Allow-Origin" not in headers
    assert server.service.runs.running == []


async def test_pages_of_other_origins_read_replies_only_if_the_settings_say_so(opened) -> None:
    app = "https://app.example.com"
    server = await opened(guard=Guard(origins={app}), latency="0s")
    asking = {"Origin": app, "Access-Control-Request-Method": "POST"}
    wanted = {**asking, "Access-Control-Request-Headers": "authorization,content-type"}
    status, headers, _ = await server.send("OPTIONS", "/v1/ask", headers=wanted)
    assert (status, headers["Access-Control-Allow-Origin"]) == (200, app)
    assert "Access-Control-Allow-Credentials" not in headers
    status, headers, _ = await server.post("/v1/ask", QUESTION, headers={"Origin": app})
    assert (status, headers["Access-Control-Allow-Origin"]) == (200, app)
    assert {"Location", "Fanin-Run", "Retry-After"} <= set(headers["Access-Control-Expose-Headers"].split(", "))
    _, headers, _ = await server.post("/v1/ask", {}, headers={"Origin": app})
    assert headers["Access-Control-Allow-Origin"] == app
    for method in ("OPTIONS", "POST"):
        foreign = {**asking, "Origin": "https://evil.example"}
        status, headers, _ = await server.send(method, "/v1/ask", json=QUESTION, headers=foreign)
        assert (status, "Access-Control-Allow-Origin" in headers) == (403, False)


BAD = {
    "no JSON": ("{", 400, "not_json"),
    "no object": ("[]", 422, "invalid"),
    "no UTF-8": (b'{"question": "\xff\xfe"}', 400, "not_json"),
    "nothing": ("", 422, "invalid"),
    "no question": ({}, 422, "invalid"),
    "an empty question": ({"question": "  "}, 422, "invalid"),
    "a number": ({"question": 7}, 422, "invalid"),
    "a question of 9 KB": ({"question": "x" * 9_216}, 422, "invalid"),
    "a question of 9 KB in other letters": ({"question": "ж" * 4_608}, 422, "invalid"),
    "a negative deadline": ({**QUESTION, "deadline": -1}, 422, "invalid"),
    "no deadline at all": ({**QUESTION, "deadline": 0}, 422, "invalid"),
    "a deadline without end": ({**QUESTION, "deadline": 10**9}, 422, "invalid"),
    "a deadline that is true": ({**QUESTION, "deadline": True}, 422, "invalid"),
    "a deadline in words": ({**QUESTION, "deadline": "soon"}, 422, "invalid"),
    "an unknown source": ({**QUESTION, "sources": ["nowhere"]}, 404, "unknown_source"),
    "no source": ({**QUESTION, "sources": []}, 422, "invalid"),
    "an unknown field": ({**QUESTION, "sorces": ["fast"]}, 422, "invalid"),
    "fresh in words": ({**QUESTION, "fresh": "yes"}, 422, "invalid"),
    "a long conversation": ({**QUESTION, "conversation": [{"question": "a"}] * 21}, 422, "invalid"),
    "a body of 65 KB": ("x" * (BODY_BYTES + 1), 413, "too_large"),
    "a deep body": ("[" * 60_000, 400, "not_json"),
}


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/stream"])
async def test_bad_input_is_a_problem_with_advice_and_nothing_is_asked(opened, path: str) -> None:
    server = await opened(latency="0s")
    for name, (body, status, kind) in BAD.items():
        told = await server.post(path, body)
        assert (name, told[0], told[2]["kind"], told[2]["status"]) == (name, status, kind, status)
        assert told[1]["Content-Type"] == "application/problem+json"
        assert {"type", "title", "detail"} <= told[2].keys()
        assert "fanin" in told[2]["detail"]
        assert told[2]["detail"].endswith((".", "?"))
    assert (server.service.runs.running, server.service.engine.statistics()["running"]) == ([], 0)
    assert (await server.get("/v1/runs"))[2]["runs"] == []
    assert (await server.post(path, QUESTION))[0] == 200


async def test_paths_and_parameters_that_are_wrong_are_problems(opened) -> None:
    server = await opened()
    assert (await server.send("POST", "/v1/runs/none"))[1]["Allow"] == "DELETE, GET"
    for method, path, status in (
        ("GET", "/nowhere", 404),
        ("GET", "/v1/ask", 405),
        ("GET", "/v1/runs/none", 404),
        ("GET", "/v1/runs/" + "x" * 65, 422),
        ("GET", "/v1/runs/none/events", 404),
        ("GET", "/v1/runs/none/events?after=-1", 422),
        ("GET", "/v1/runs/none/events?after=x", 422),
        ("GET", "/v1/runs?limit=0", 422),
        ("GET", "/v1/runs?limit=1000", 422),
        ("POST", "/v1/runs/none/cancel", 404),
        ("DELETE", "/v1/runs/none", 404),
    ):
        told = await server.send(method, path)
        assert (path, told[0]) == (path, status)
        assert told[1]["Content-Type"] == "application/problem+json"
        assert "fanin" in told[2]["detail"]
    assert (await server.get("/v1/runs?before=none"))[2] == {"runs": [], "next": None}


async def test_a_deadline_is_shortened_to_what_the_server_allows(opened) -> None:
    server = await opened(latency="30s", server='longest = "1s"')
    events = await server.events("POST", "/v1/ask/stream", json={**QUESTION, "deadline": "1min"})
    assert events[0]["deadline"] == 1.0
    assert events[-1]["answer"]["execution_time"] <= 1.25


async def test_a_chunked_body_without_end_is_cut_at_the_limit(opened) -> None:
    server = await opened()
    sent = 0

    async def endless():
        nonlocal sent
        while sent < 50 * BODY_BYTES:
            sent += 8_192
            yield b" " * 8_192

    status, _, problem = await server.send("POST", "/v1/ask", data=endless())
    assert (status, problem["kind"]) == (413, "too_large")


async def test_a_body_that_does_not_come_is_not_waited_for(opened, monkeypatch) -> None:
    monkeypatch.setattr("fanin.interfaces.server.guard.BODY_SECONDS", 0.2)
    server = await opened()
    reader, writer = await asyncio.open_connection(*server.address[7:].split(":"))
    writer.write(b"POST /v1/ask HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{")
    reply = await reader.read()
    writer.close()
    assert reply.startswith(b"HTTP/1.1 408 ")
    assert json.loads(reply.partition(b"\r\n\r\n")[2])["kind"] == "timeout"


async def test_more_questions_than_the_rate_are_429_and_other_users_are_not_concerned(opened) -> None:
    server = await opened(server='rate = "3/h"', latency="0s")
    anna, bert = server.key("anna"), server.key("bert")
    replies = [await server.post("/v1/ask", QUESTION, headers=anna) for _ in range(4)]
    assert [status for status, _, _ in replies] == [200, 200, 200, 429]
    _, headers, problem = replies[-1]
    assert problem["type"] == "https://iana.org/assignments/http-problem-types#quota-exceeded"
    assert problem["violated-policies"] == ["questions"]
    assert 0 < int(headers["Retry-After"]) <= 1_200
    assert headers["RateLimit-Policy"] == '"questions";q=3;w=3600'
    assert [each["RateLimit"].split(";")[1] for _, each, _ in replies] == ["r=2", "r=1", "r=0", "r=0"]
    assert (await server.post("/v1/ask", QUESTION, headers=bert))[0] == 200


async def test_more_questions_than_run_at_a_time_are_shed_at_once(opened) -> None:
    server = await opened(server="concurrent = 2", latency="30s")
    asking = [asyncio.create_task(server.post("/v1/ask", QUESTION)) for _ in range(2)]
    while len(server.service.runs.running) < 2:
        await asyncio.sleep(0.01)
    began = time.monotonic()
    status, headers, problem = await server.post("/v1/ask", QUESTION)
    assert time.monotonic() - began < 1
    assert (status, problem["kind"], headers["Retry-After"]) == (503, "overloaded", "1")
    assert problem["type"].endswith("#temporary-reduced-capacity")
    assert (await server.get("/healthz"))[0] == 200
    for run in server.service.runs.running:
        run.cancel()
    assert [status for status, _, _ in await asyncio.gather(*asking)] == [200, 200]
    assert server.service.admission.shed == 1


def test_a_server_is_not_ready_after_seconds_of_saturation_and_while_it_ends() -> None:
    now = 10.0
    admission = Admission(most=1, rate=(10, 60.0), clock=lambda: now)
    with pytest.raises(Problem):
        admission.admit("", running=1)
    assert admission.ready
    now = 14.0
    assert not admission.ready
    admission.rest(running=0)
    assert admission.ready
    admission.draining = True
    assert not admission.ready
    with pytest.raises(Problem) as refused:
        admission.admit("", running=0)
    assert (refused.value.status, refused.value.content["kind"]) == (503, "draining")


def test_a_machine_that_cannot_keep_up_takes_no_more_questions_until_it_can() -> None:
    admission = Admission(most=100, rate=(100, 60.0), clock=lambda: 1.0)
    admission.measure(0.2)
    admission.admit("", running=50)  # one moment alone says little
    for _ in range(5):
        admission.measure(0.2)
    with pytest.raises(Problem, match="50 questions are running, and no more are taken while this machine is busy"):
        admission.admit("", running=50)
    admission.admit("", running=7)
    for _ in range(5):
        admission.measure(0.0)
    admission.admit("", running=50)


async def test_readyz_says_so(opened) -> None:
    server = await opened()
    assert (await server.get("/readyz"))[0] == 200
    server.service.admission.draining = True
    status, _, problem = await server.get("/readyz")
    assert (status, problem["kind"]) == (503, "not_ready")
    assert (await server.get("/healthz"))[0] == 200


def test_a_key_is_stored_as_a_digest_in_a_file_for_the_user_alone(tmp_path) -> None:
    path = tmp_path / "deep" / "keys.json"
    key, made = add_key(path, "anna", now=1.0)
    assert key.startswith(f"fanin_{made.id}_")
    assert key.split("_", 2)[2] not in path.read_text()
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert oct(path.parent.stat().st_mode & 0o777) == "0o700"
    assert read_keys(path) == [made]
    assert valid_key({made.id: made}, key) == made
    for wrong in ("", "fanin", "fanin__", f"fanin_{made.id}_", f"fanin_{made.id}", key[:-1], f"{key} ", key.upper()):
        assert valid_key({made.id: made}, wrong) is None
    revoked = revoke_key(path, "anna", now=2.0)
    assert valid_key({made.id: revoked}, key) is None


def test_a_key_is_revoked_by_its_id_or_its_name_if_that_is_clear(tmp_path) -> None:
    path = tmp_path / "keys.json"
    (_, first), (_, second) = add_key(path, "anna"), add_key(path, "anna")
    with pytest.raises(ConfigError, match="2 valid keys have the name 'anna'; fanin revoked nothing"):
        revoke_key(path, "anna")
    assert revoke_key(path, first.id).id == first.id
    assert revoke_key(path, "anna").id == second.id
    with pytest.raises(ConfigError, match="There is no valid key 'anna'"):
        revoke_key(path, "anna")


def test_every_kind_of_problem_stands_in_the_reference() -> None:
    server = Path(authentication.__file__).parent
    kinds = {
        kind
        for path in server.rglob("*.py")
        for kind in re.findall(r'(?:Problem|_refusal)\(\s*\d+, "(\w+)"', path.read_text("utf-8"))
    }
    page = (Path(__file__).parents[2] / "docs" / "reference" / "http.md").read_text("utf-8")
    assert kinds - set(re.findall(r"`(\w+)`", page.partition("## Problems")[2])) == set()
    assert len(kinds) >= 15


async def test_a_request_that_is_sent_again_joins_its_run_though_no_more_questions_are_taken(opened) -> None:
    server = await opened(server="concurrent = 1", latency="30s")
    key = {"Idempotency-Key": "one"}
    first = asyncio.create_task(server.post("/v1/ask", QUESTION, headers=key))
    while not server.service.runs.running:
        await asyncio.sleep(0.01)
    again = asyncio.create_task(server.post("/v1/ask", QUESTION, headers=key))
    assert (await server.post("/v1/ask", QUESTION, headers={"Idempotency-Key": "two"}))[0] == 503
    (run,) = server.service.runs.running
    while run.readers < 2:
        await asyncio.sleep(0.01)
    run.cancel()
    replies = await asyncio.gather(first, again)
    assert [(status, headers["Fanin-Run"]) for status, headers, _ in replies] == [(200, run.asked.run)] * 2
