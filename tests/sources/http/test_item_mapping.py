"""What of a JSON reply becomes a document, and which address comes next."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from fanin.errors import ConfigError, SourceError
from fanin.model import Document
from fanin.net.http_errors import MALFORMED
from fanin.sources.http.item_mapping import Expression, ItemMapping, parse_date
from fanin.sources.http.paging import NextPage, next_link

HERE = URL("https://api.example.com/v1/search?q=a")
ISSUE = {
    "number": 7,
    "title": "Gate &amp; lock",
    "body": "The tide gate sticks.",
    "html_url": "/issues/7",
    "updated_at": "2026-11-23T08:00:00Z",
    "open": True,
    "labels": [{"name": "gate"}, {"name": "tide"}],
    "user": {"login": "ada"},
    "note": None,
}


def shape(**given: Any) -> ItemMapping:
    html = given.pop("html", False)
    seen = dict.fromkeys(("items", "text", "title", "link", "published"), "") | given
    return ItemMapping(**{key: Expression.read(text, key=key) for key, text in seen.items()}, html=html)


def test_an_item_is_a_document_by_its_expressions() -> None:
    read = shape(text="body", title="title", link="html_url", published="updated_at")
    assert read.document(ISSUE, base="https://api.example.com/v1/search") == Document(
        "The tide gate sticks.",
        title="Gate & lock",
        url="https://api.example.com/issues/7",
        published="2026-11-23T08:00:00+00:00",
        metadata={
            "number": 7,
            "title": "Gate &amp; lock",
            "body": "The tide gate sticks.",
            "html_url": "/issues/7",
            "updated_at": "2026-11-23T08:00:00Z",
            "open": True,
        },
    )


def test_a_sentence_can_be_made_of_what_an_item_says() -> None:
    seen = shape(text="join('', ['Issue ', to_string(number), ' is about ', join(' and ', labels[].name), '.'])")
    document = seen.document(ISSUE, base="")
    assert document is not None
    assert document.text == "Issue 7 is about gate and tide."


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("", "title: Water\nlevel.now: 4.2\nlevel.unit: m"),
        ("level", "now: 4.2\nunit: m"),
        ("level.now", "4.2"),
        ("[title, level.unit]", "Water\nm"),
        ("nothing", None),
        ("none", None),
    ],
)
def test_any_value_can_be_the_text(expression: str, text: str | None) -> None:
    item = {"title": "Water", "level": {"now": 4.2, "unit": "m"}, "none": None}
    document = shape(text=expression).document(item, base="")
    assert (document.text if document else None) == text


@pytest.mark.parametrize(
    ("reply", "expression", "items"),
    [
        ({"items": [1, 2]}, "items[*]", [1, 2]),
        ({"data": {"hits": [{"a": 1}]}}, "data.hits", [{"a": 1}]),
        ([{"a": 1}], "", [{"a": 1}]),
        ({"a": 1}, "", [{"a": 1}]),
        ({"items": []}, "items[*]", []),
        ({"items": None}, "items[*]", None),
        ({}, "items[*]", None),
        ([], "items[*]", None),
        (None, "", None),
    ],
)
def test_items_stand_where_their_expression_says(reply: Any, expression: str, items: list[Any] | None) -> None:
    found = shape(items=expression).select_items(reply)
    assert (None if found is None else list(found)) == items


@pytest.mark.parametrize("reply", [{"items": "x"}, {"items": 5}, {"items": True}])
def test_a_mere_value_is_no_list_of_items(reply: Any) -> None:
    with pytest.raises(ValueError, match="no list of items"):
        shape(items="items").select_items(reply)


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        (None, ""),
        ("2026-11-23", "2026-11-23"),
        ("20261123", "2026-11-23"),
        ("Mon, 23 Nov 2026 08:00:00 GMT", "2026-11-23T08:00:00+00:00"),
        (1_795_420_800, "2026-11-23T08:00:00+00:00"),
        ("1795420800", "2026-11-23T08:00:00+00:00"),
        (1_795_420_800_000, "2026-11-23T08:00:00+00:00"),
        (1_795_420_800.5, "2026-11-23T08:00:00.500000+00:00"),
        ("soon", ""),
        (1e300, ""),
        ("nan", ""),
        (True, ""),
    ],
)
def test_a_date_is_read_from_any_of_its_forms(value: Any, iso: str) -> None:
    assert parse_date(value) == iso


@pytest.mark.parametrize("key", ["title", "link", "published"])
@pytest.mark.parametrize("value", [["x"], {"x": 1}])
def test_a_title_link_or_date_of_another_form_is_told(key: str, value: Any) -> None:
    with pytest.raises(ValueError, match="not a text"):
        shape(text="t", **{key: "odd"}).document({"t": "x", "odd": value}, base="")


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "http://[", "data:text/html,x"])
def test_a_link_is_an_address_of_the_web_or_none(link: str) -> None:
    document = shape(text="t", link="l").document({"t": "x", "l": link}, base="https://a.example/")
    assert document is not None
    assert document.url == ""


def test_a_mistake_in_an_expression_names_its_key() -> None:
    with pytest.raises(ConfigError, match=r"items = 'items\[' is not a JMESPath expression.*Correct it"):
        Expression.read("items[", key="items")


@pytest.mark.parametrize(
    ("header", "target"),
    [
        (
            '<https://a.example/?page=2>; rel="next", <https://a.example/?page=9>; rel="last"',
            "https://a.example/?page=2",
        ),
        ('</p?page=1>; rel="prev", </p?page=3>; rel=next', "/p?page=3"),
        ('<x>; title="next"; rel="last"', None),
        ('<x>; rel="prefetch next"', "x"),
        ('<x>; rel="nextish"', None),
        ("<<<<>;;;rel", None),
        ("", None),
    ],
)
def test_the_header_link_names_the_next_page(header: str, target: str | None) -> None:
    assert next_link(header) == target


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("?page=2", "https://api.example.com/v1/search?page=2"),
        ("/v1/search?page=2#x", "https://api.example.com/v1/search?page=2"),
        ("https://api.example.com:443/b", "https://api.example.com/b"),
        (None, None),
        ("", None),
        (False, None),
    ],
)
def test_the_next_address_may_stand_in_the_reply(link: Any, address: str | None) -> None:
    found = NextPage(Expression.read("next", key="next_page")).after(HERE, {"next": link}, "")
    assert (None if found is None else str(found)) == address


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1/search?page=2",
        "http://api.example.com/v1/search?page=2",
        "https://api.example.com:8443/v1/search",
        "//evil.example/x",
        "https://user:pass@api.example.com/x",
        "javascript:alert(1)",
        "http://[",
    ],
)
def test_a_next_address_of_another_origin_is_refused(link: str) -> None:
    with pytest.raises(SourceError, match="another origin") as caught:
        NextPage(Expression.read("next", key="next_page")).after(HERE, {"next": link}, "")
    assert caught.value.kind == "paging"
    assert "pass" not in str(caught.value)


values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(values)
def test_any_reply_is_documents_or_an_error_that_the_source_tells(reply: Any) -> None:
    read = shape(items="a", text="join(' ', [b, c])", title="b", link="c", published="d", html=True)
    try:
        for item in read.select_items(reply) or ():
            if (document := read.document(item, base="https://a.example/x")) is not None:
                assert document.text.strip()
        NextPage(Expression.read("b", key="next_page")).after(HERE, reply, "")
    except (SourceError, *MALFORMED):
        pass


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='<>;,="relnext a', max_size=60))
def test_any_header_link_is_read(header: str) -> None:
    link = next_link(header)
    if link is not None:
        assert link in header


def test_an_expression_that_goes_on_and_on_is_stopped() -> None:
    doubled = " | ".join(["[@, @][]"] * 30)
    with pytest.raises(ValueError, match="more than 1,000,000 steps"):
        Expression.read(f"{doubled} | [*].a", key="items").find([{"a": 1}])


def test_an_expression_that_is_nested_too_deeply_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(ConfigError, match="is not a JMESPath expression"):
        Expression.read("(" * 5_000 + "a" + ")" * 5_000, key="items")


def test_what_is_quoted_of_a_large_value_is_short() -> None:
    with pytest.raises(ValueError, match="its title is") as caught:
        shape(text="a", title="b").document({"a": "x", "b": [["y" * 1_000] * 1_000] * 1_000}, base="")
    assert len(str(caught.value)) < 200
