"""Bodies that are within the limits on bytes and yet take long to read, by name; each is built when it is asked for."""

from collections.abc import AsyncGenerator, Callable, Mapping

from fanin.testing.hostile.scripts import JSON, Asked, Script, answer

_MB = 1_000_000


def _built(make: Callable[[], bytes], media_type: str = JSON) -> Script:
    async def script(asked: Asked) -> AsyncGenerator[bytes]:
        async for piece in answer(make(), media_type=media_type)(asked):
            yield piece

    return script


def _feed(items: Callable[[], bytes]) -> Script:
    def make() -> bytes:
        return b"<rss version='2.0'><channel>" + items() + b"</channel></rss>"

    return _built(make, "application/rss+xml")


def _json_feed() -> bytes:
    return b'{"version": "https://jsonfeed.org/version/1", "items": [' + b"{}," * 49_000 + b"{}]}"


LARGE_BODIES: Mapping[str, Script] = {
    "json-of-many-digits": _built(lambda: b'{"text": ' + b"9" * _MB + b"}"),
    "json-of-many-decimals": _built(lambda: b'{"text": 0.' + b"1" * 4 * _MB + b"}"),
    "json-of-many-long-numbers": _built(lambda: b"[" + b",".join([b"9" * 4_000] * 1_000) + b"]"),
    "json-of-many-keys": _built(lambda: b'{"text": "a",' + b",".join(b'"%d":1' % at for at in range(98_000)) + b"}"),
    "json-of-many-texts": _built(lambda: b"[" + b'"",' * 98_000 + b'""]'),
    "json-of-many-lists": _built(lambda: b"[" + b"[]," * 49_000 + b"[]]"),
    "json-of-one-text": _built(lambda: b'{"text": "' + b"\\n" * 2 * _MB + b'"}'),
    "json-of-one-key": _built(lambda: b'{"text": "a", "' + b"k" * 4 * _MB + b'": 1}'),
    "json-of-half-characters": _built(lambda: b'{"text": "' + b"\\ud83d" * 600_000 + b'"}'),
    "json-of-many-nans": _built(lambda: b"[" + b"NaN," * 98_000 + b"NaN]"),
    "charset-without-letters": _built(lambda: b"\x81" * 4 * _MB, "text/plain; charset=windows-1252"),
    "charset-of-halves": _built(lambda: b"\0\xd8" * 2 * _MB, "text/plain; charset=utf-16"),
}

LARGE_FEEDS: Mapping[str, Script] = {
    "feed-of-empty-elements": _feed(lambda: b"<item>" + b"<a/>" * 190_000 + b"</item>"),
    "feed-of-many-fields": _feed(lambda: b"<item>" + b"<title>a</title>" * 190_000 + b"</item>"),
    "feed-of-many-items": _feed(lambda: b"<item><title>a b</title></item>" * 90_000),
    "feed-with-giant-title": _feed(lambda: b"<item><title>" + b"&amp;amp&lt;b" * 300_000 + b"</title></item>"),
    "feed-with-giant-text": _feed(lambda: b"<item><description>" + b"Open. " * 600_000 + b"</description></item>"),
    "feed-with-giant-attribute": _feed(lambda: b"<item><title x='" + b"a" * 4 * _MB + b"'>b</title></item>"),
    "feed-with-giant-link": _feed(lambda: b"<item><title>a</title><link>http://a/" + b"../" * _MB + b"</link></item>"),
    "feed-not-well-formed": _feed(lambda: b"<item><title>The ferries run." + b"<b>&x;" * 200_000),
    "feed-of-json": _built(_json_feed, "application/feed+json"),
}
