"""Where a request may go next, whatever the server says."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from fanin.errors import SourceError
from fanin.net.http_errors import LONGEST_PAUSE, redact, retry_after
from fanin.net.request import REDIRECTS, Request, next_request

HERE = URL("https://a.example/path?key=secret")
LOCATIONS = """/b b //b.example/ http://a.example/ https://a.example:8443/ https://u:p@b.example/x file:///etc
javascript:x https://a.example/#part https://[::1 ?q=1 https://a.example:443/c ftp://a.example"""
PLACES = st.sampled_from(LOCATIONS.split()) | st.text(max_size=30)


@given(PLACES, st.sampled_from(REDIRECTS), st.sampled_from(["GET", "POST"]), st.sampled_from([None, b"asked"]))
def test_a_redirect_leads_over_https_and_takes_a_key_and_a_body_to_nobody_else(
    location: str, status: int, method: str, body: bytes | None
) -> None:
    asked = Request(method, HERE, {"Content-Type": "text/plain", "Accept": "*/*"}, {"X-Key": "secret"}, body)
    following = None
    with contextlib.suppress(SourceError):
        following = next_request(asked, status, location)
    if following is None:
        return
    assert (following.url.scheme, following.url.user, following.url.fragment) == ("https", None, "")
    same = (following.url.host, following.url.port) == ("a.example", 443)
    assert following.is_declared_origin == same
    assert dict(following.origin_headers) == ({"X-Key": "secret"} if same else {})
    if not same:
        assert following.body is None
    assert ("Content-Type" in following.headers) == (following.body is not None)


@pytest.mark.parametrize(
    ("status", "method", "then", "body"),
    [
        (301, "POST", "GET", None),
        (302, "POST", "GET", None),
        (303, "POST", "GET", None),
        (303, "PUT", "GET", None),
        (307, "POST", "POST", b"asked"),
        (308, "POST", "POST", b"asked"),
    ],
)
def test_a_body_is_sent_again_only_where_the_status_says_so(
    status: int, method: str, then: str, body: bytes | None
) -> None:
    following = next_request(Request(method, HERE, body=b"asked"), status, "/b")
    assert following is not None
    assert (following.method, following.body) == (then, body)


@pytest.mark.parametrize(("status", "location"), [(200, "/b"), (304, "/b"), (301, "")])
def test_what_is_no_redirect_leads_nowhere(status: int, location: str) -> None:
    assert next_request(Request("GET", HERE), status, location) is None


@given(st.text(max_size=40) | st.integers(-10, 10**30).map(str), st.floats(0, 4e9))
def test_a_pause_is_never_negative_or_longer_than_the_longest(value: str, now: float) -> None:
    pause = retry_after(value, now=now)
    if pause is not None:
        assert 0.0 <= pause <= LONGEST_PAUSE


@pytest.mark.parametrize(
    ("value", "pause"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        (" " * 30 + "7", 7.0),
        ("9" * 30, LONGEST_PAUSE),
        ("Fri, 27 Nov 2026 12:00:10 GMT", 10.0),
        ("Fri, 27 Nov 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-1", None),
        ("", None),
    ],
)
def test_a_pause_is_seconds_or_a_date(value: str, pause: float | None) -> None:
    assert retry_after(value, now=1_795_780_800.0) == pause


@given(st.text(max_size=40) | PLACES)
def test_an_address_is_told_without_user_password_query_and_fragment(text: str) -> None:
    assert "secret" not in redact(f"https://secret:secret@a.example/b?{text.replace('secret', '')}secret#secret")
    redact(text)
