"""A question fills in what it was given a place for, and nothing else."""

import json
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from aiohttp import web
from hypothesis import example, given
from hypothesis import strategies as st
from yarl import URL

from fanin.errors import ConfigError, SourceError
from fanin.net.client import Client
from fanin.net.url_template import AddressTemplate, BodyTemplate, TemplateNames

WORDS = TemplateNames(known=("question", "place"), environ={"KEY": "s3cret/&?#", "EMPTY": ""})
TEMPLATE = AddressTemplate.read(
    "https://api.example.com:8443/v1/{place}/of-{question}!/x?q={question}&key=${KEY}&in={place},{place}&flag", WORDS
)
SHAPE = TEMPLATE.fill({"question": "a", "place": "b"})

texts = st.text() | st.text(alphabet="/\\.?#&=%@:;+ \r\n\0{}$2eEfF[]<>\"'x", max_size=12)


@pytest.mark.parametrize("place", ["", ".", ".."])
def test_what_a_server_takes_for_another_path_is_not_asked(place: str) -> None:
    with pytest.raises(SourceError, match="segment of the address") as caught:
        TEMPLATE.fill({"question": "a", "place": place})
    assert caught.value.kind == "question"


@given(question=texts, place=texts)
@example(question="../../admin", place="..")
@example(question="a/../../b?x=1#f", place="//evil.example/")
@example(question="%2e%2e%2f", place="%2E%2E")
@example(question="@evil.example:80", place="\r\nHost: evil.example")
@example(question="\ud800", place="\ue000\ue001")
def test_whatever_is_asked_the_address_has_the_same_shape_and_holds_it_whole(question: str, place: str) -> None:
    try:
        url = TEMPLATE.fill({"question": question, "place": place})
    except SourceError:
        assert place in ("", ".", "..")
        return
    # As two parsers see it, and as yarl would write it again.
    for seen in (urlsplit(str(url)), urlsplit(str(URL(str(url))))):
        assert (seen.scheme, seen.hostname, seen.port) == ("https", "api.example.com", 8443)
        assert seen.username is seen.password is None
        assert len(seen.path.split("/")) == len(SHAPE.raw_path.split("/"))
        assert not seen.fragment
        fields = parse_qsl(seen.query, keep_blank_values=True, strict_parsing=False, errors="replace")
        assert [name for name, _ in fields] == ["q", "key", "in", "flag"]
        printable = question.encode("utf-8", "replace").decode()
        assert fields[0][1] == printable
        assert fields[1][1] == "s3cret/&?#"
        assert unquote(seen.path.split("/")[3]) == f"of-{printable}!"
    assert url.raw_path_qs.isascii()
    assert url.raw_path_qs.isprintable()
    assert " " not in url.raw_path_qs


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["{question}", "a {question} b", "{{x}}", "$$"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b{question}"]), inner),
    max_leaves=8,
)


def shape(value: object) -> object:
    """What a value is made of, without its strings."""
    match value:
        case dict():
            return {key: shape(each) for key, each in value.items()}
        case list():
            return [shape(each) for each in value]
        case str():
            return str
        case _:
            return value


@given(value=values, question=texts)
def test_whatever_is_asked_a_body_has_the_same_shape(value: object, question: str) -> None:
    body = BodyTemplate.read(value, WORDS).fill({"question": question})  # pyright: ignore
    assert shape(json.loads(json.dumps(body))) == shape(value)


def test_a_body_takes_the_question_as_it_is() -> None:
    template = BodyTemplate.read({"query": 'say "{question}" {{now}}', "n": [5, "${KEY}"]}, WORDS)
    assert template.fill({"question": '", "admin": true'}) == {
        "query": 'say "", "admin": true" {now}',
        "n": [5, "s3cret/&?#"],
    }
    assert [secret.reveal() for secret in template.secrets] == ["s3cret/&?#"]
    assert "s3cret" not in repr(template)


def test_an_address_prints_without_its_secrets_and_names_them() -> None:
    assert "s3cret" not in repr(TEMPLATE)
    assert [secret.reveal() for secret in TEMPLATE.secrets] == ["s3cret/&?#"]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("http://EXAMPLE.com", "http://example.com"),
        ("http://example.com/", "http://example.com/"),
        ("https://example.com:443/a/b/", "https://example.com/a/b/"),
        ("https://bücher.example/ü/{question}", "https://xn--bcher-kva.example/%C3%BC/x%20y"),
        ("https://example.com/a%20b?c=%26&d=e+f", "https://example.com/a%20b?c=%26&d=e+f"),
        ("https://example.com/{{x}}?price=$$5", "https://example.com/%7Bx%7D?price=$5"),
        ("http://[2606:4700::1111]:81/{question}", "http://[2606:4700::1111]:81/x%20y"),
        ("https://example.com?q={question}", "https://example.com/?q=x%20y"),
    ],
)
def test_an_address_is_what_was_written(text: str, url: str) -> None:
    assert str(AddressTemplate.read(text, WORDS).fill({"question": "x y"})) == url


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{question}", "begin with http"),
        ("{question}://example.com/", "begin with http"),
        ("ftp://example.com/", "begin with http"),
        ("file:///etc/passwd", "begin with http"),
        ("//example.com/", "begin with http"),
        ("https:///x", "begin with http"),
        ("https://{question}/", "written out"),
        ("https://{question}.example.com/", "written out"),
        ("https://example.com:{question}/", "written out"),
        ("https://example.com{question}/", "written out"),
        ("https://{question}@example.com/", "written out"),
        ("https://${KEY}.example.com/", "written out"),
        ("https://user:word@example.com/", "in a header"),
        ("https://example.com/?{question}", "value of a parameter"),
        ("https://example.com/?{question}=1", "value of a parameter"),
        ("https://example.com/?a=1&b{place}=1", "value of a parameter"),
        ("https://example.com/#{question}", "after a #"),
        ("https://example.com/#top", "after a #"),
        ("https://example.com/../{question}", "dots"),
        ("https://example.com/a/./b", "dots"),
        ("https://example.com/{answer}", "not a placeholder"),
        ("https://example.com/{question.__class__}", "not a placeholder"),
        ("https://example.com/{}", "not a placeholder"),
        ("https://example.com/{", "not a placeholder"),
        ("https://example.com/}", "not a placeholder"),
        ("https://example.com/a b", "has a space"),
        ("https://example.com/a\r\nHost:x", "has a space"),
        ("https://example.com\\@evil.example/", "has a space"),
        ("https://example.com/\ue000", "has a space"),
        ("https://example.com:99999/", "ort"),
        ("https://[::1/", "IPv6"),
        ("https://example.com/${NOT_SET}", "NOT_SET is not set"),
        ("https://example.com/${EMPTY}", "EMPTY is not set"),
        ("https://example.com/${a b}", "names no variable"),
        ("https://example.com/${file:/no/such/file}", "cannot be read"),
    ],
)
def test_a_template_that_a_question_could_break_is_refused_when_it_is_read(text: str, what: str) -> None:
    with pytest.raises(ConfigError, match=what):
        AddressTemplate.read(text, WORDS)


def test_a_mistake_is_told_without_the_parameters() -> None:
    with pytest.raises(ConfigError) as caught:
        AddressTemplate.read("https://example.com/{nothing}?key=s3cret", WORDS)
    assert "s3cret" not in str(caught.value)


def test_a_template_tells_which_values_it_takes() -> None:
    assert AddressTemplate.read("https://example.com/{question}?q={question}&k=${KEY}", WORDS).placeholders == {
        "question"
    }
    assert BodyTemplate.read({"a": ["x {question}"], "b": 1}, WORDS).placeholders == {"question"}
    assert BodyTemplate.read({"a": "x"}, WORDS).placeholders == frozenset()


def test_parameters_are_added_with_their_places_and_cannot_end_what_they_stand_in() -> None:
    template = AddressTemplate.read("https://example.com/a?b=c", WORDS)
    more = template.with_parameters({"q&x": "{question} & so on", "limit": 5}, WORDS)
    assert str(more.fill({"question": "a=b&c"})) == (
        "https://example.com/a?b=c&q%26x=a%3Db%26c%20%26%20so%20on&limit=5"
    )
    assert more.placeholders == {"question"}


def test_a_string_of_a_body_that_is_one_place_becomes_its_value() -> None:
    template = BodyTemplate.read({"page": "{page}", "text": "page {page}"}, TemplateNames(known=("page",)))
    assert template.fill({"page": 2}) == {"page": 2, "text": "page 2"}


async def test_what_goes_over_the_wire_is_what_was_filled_in(serve) -> None:
    seen: list[str] = []

    async def handler(request: web.Request) -> web.Response:
        seen.append(request.raw_path)
        return web.json_response(1)

    url = await serve(handler)
    template = AddressTemplate.read(f"{url}/a/{{question}}/b?q={{question}}", WORDS)
    client = Client(allow_private=True)
    await client.get_json(template.fill({"question": "../x%2e?#&"}))
    await client.get_json(template.fill({"question": "../x%2e?#&"}), params={"page": 2})
    await client.close()
    path = "/a/..%2Fx%252e%3F%23%26/b"
    assert seen[0] == f"{path}?q=..%2Fx%252e%3F%23%26"
    assert seen[1].startswith(f"{path}?")
    assert parse_qsl(urlsplit(seen[1]).query) == [("q", "../x%2e?#&"), ("page", "2")]
