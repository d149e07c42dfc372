"""Browsers that sign in with a key once: who gets a cookie, what it is worth, and when it ends."""

import time
from http.cookies import SimpleCookie

import pytest

from fanin.interfaces.server.guard import Guard
from fanin.interfaces.server.service import is_loopback
from fanin.storage.api_keys import revoke_key
from fanin.storage.browser_sessions import MOST_SESSIONS, SESSION_SECONDS, begin_session, end_session, read_sessions

QUESTION = {"question": "Is the harbour open?"}
REQUIRED = "require_keys = true"


async def signed_in(server, name: str = "anna", **headers: str) -> tuple[dict[str, str], dict]:
    """The headers of a browser that has signed in, and the attributes of its cookie."""
    key = server.key(name)["Authorization"][7:]
    status, told, body = await server.post("/v1/session", {"key": key}, headers={"Origin": server.address, **headers})
    assert (status, body["name"], told["Cache-Control"]) == (200, name, "no-store")
    (cookie,) = SimpleCookie(told["Set-Cookie"]).values()
    assert key not in told["Set-Cookie"]
    return {"Cookie": f"{cookie.key}={cookie.value}", "Origin": server.address}, dict(cookie)


async def test_a_browser_signs_in_with_a_key_and_has_its_runs(opened) -> None:
    server = await opened(server=REQUIRED, latency="0s")
    assert (await server.get("/v1/session"))[2] == {"key_required": True, "name": None}
    anna, cookie = await signed_in(server)
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"], cookie["path"]) == (True, "strict", "", "/")
    assert cookie["max-age"] == str(int(SESSION_SECONDS))
    status, headers, _ = await server.post("/v1/ask", QUESTION, headers=anna)
    assert status == 200
    assert (await server.get(f"/v1/runs/{headers['Fanin-Run']}", headers=anna))[0] == 200
    assert (await server.get("/v1/session", headers=anna))[2] == {"key_required": True, "name": "anna"}
    bert, _ = await signed_in(server, "bert")
    assert (await server.get(f"/v1/runs/{headers['Fanin-Run']}", headers=bert))[0] == 404


async def test_the_cookie_is_for_tls_alone_beyond_loopback(opened) -> None:
    server = await opened(server=REQUIRED, guard=Guard(hosts={"fanin.example.com"}))
    host = {"Host": "fanin.example.com", "Origin": "https://fanin.example.com"}
    _, cookie = await signed_in(server, **host)
    assert cookie["secure"] is True


def test_loopback_is_what_nobody_else_reaches() -> None:
    hosts = ("localhost", "127.0.0.1", "127.9.9.9", "::1", "0.0.0.0", "127.evil.example", "192.168.1.7", "", "::")
    assert [each for each in hosts if is_loopback(each)] == ["localhost", "127.0.0.1", "127.9.9.9", "::1"]


async def test_a_request_with_a_session_that_changes_something_has_to_say_its_origin(opened) -> None:
    server = await opened(server=REQUIRED, latency="0s")
    browser, _ = await signed_in(server)
    cookie = {"Cookie": browser["Cookie"]}
    for method, path in (("POST", "/v1/ask"), ("DELETE", "/v1/runs/none"), ("DELETE", "/v1/session")):
        for headers in (cookie, {**cookie, "Origin": "http://evil.example"}, {**cookie, "Origin": "null"}):
            status, _, problem = await server.send(method, path, json=QUESTION, headers=headers)
            assert (path, status, problem["kind"]) == (path, 403, "origin")
    assert (await server.get("/v1/runs", headers=cookie))[2]["runs"] == []
    assert (await server.post("/v1/ask", QUESTION, headers=browser))[0] == 200


@pytest.mark.parametrize("key", ["", "fanin_00000000_x", "sk-other", "ж" * 200])
async def test_nobody_signs_in_with_a_wrong_key(opened, key: str) -> None:
    server = await opened(server=REQUIRED)
    status, headers, problem = await server.post("/v1/session", {"key": key})
    assert (status, problem["kind"], "Set-Cookie" in headers) == (401, "key", False)
    status, _, problem = await server.post("/v1/session", {"key": "x" * 201})
    assert (status, problem["kind"]) == (422, "invalid")


async def test_who_signs_out_and_whose_key_is_revoked_is_signed_in_no_longer(opened) -> None:
    server = await opened(server=REQUIRED)
    anna, _ = await signed_in(server)
    status, headers, _ = await server.send("DELETE", "/v1/session", headers=anna)
    assert (status, SimpleCookie(headers["Set-Cookie"])["fanin_session"].value) == (204, "")
    assert (await server.get("/v1/runs", headers=anna))[0] == 401
    assert (await server.send("DELETE", "/v1/session", headers=anna))[0] == 204
    bert, _ = await signed_in(server, "bert")
    revoked = revoke_key(server.folder / "keys.json", "bert")
    server.service.keys = {**server.service.keys, revoked.id: revoked}
    assert (await server.get("/v1/runs", headers=bert))[0] == 401


async def test_a_session_outlives_the_server_but_not_its_end(opened, monkeypatch) -> None:
    server = await opened(server=REQUIRED)
    anna, _ = await signed_in(server)
    again = await opened(server=REQUIRED)
    anna["Origin"] = again.address
    assert (await again.get("/v1/session", headers=anna))[2]["name"] == "anna"
    now = time.time()
    monkeypatch.setattr("fanin.interfaces.server.service.time.time", lambda: now + SESSION_SECONDS)
    assert (await again.get("/v1/runs", headers=anna))[0] == 401


async def test_where_sessions_cannot_be_stored_that_is_told_and_keys_go_on(opened, caplog) -> None:
    server = await opened(server=REQUIRED)
    key = server.key("anna")
    (server.folder / "sessions.json").mkdir()
    status, _, problem = await server.post("/v1/session", {"key": key["Authorization"][7:]})
    assert (status, problem["kind"]) == (503, "session")
    assert "sessions of browsers cannot be stored" in caplog.text
    assert (await server.get("/v1/runs", headers=key))[0] == 200


def test_sessions_are_stored_as_digests_for_the_user_alone_and_the_oldest_one_goes(tmp_path) -> None:
    path = tmp_path / "own" / "sessions.json"
    secret, made = begin_session(path, "anna", now=1.0)
    assert secret not in path.read_text()
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert read_sessions(path) == {made.digest: made}
    _, later = begin_session(path, "bert", now=made.ends)
    assert read_sessions(path) == {later.digest: later}
    end_session(path, "unknown")
    assert [each.key for each in read_sessions(path).values()] == ["bert"]


def test_there_is_a_limit_to_how_many_sessions_there_are(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("fanin.storage.browser_sessions.MOST_SESSIONS", 3)
    path = tmp_path / "sessions.json"
    for name in "abcd":
        begin_session(path, name, now=1.0)
    assert [each.key for each in read_sessions(path).values()] == ["b", "c", "d"]
    assert MOST_SESSIONS == 1_000
