"""The misbehaviours by name: each is something that servers on the web do, by mistake or on purpose."""

import json
import zlib
from collections.abc import AsyncGenerator, Mapping
from compression import zstd
from functools import cache

from fanin.testing.hostile.large_bodies import LARGE_BODIES, LARGE_FEEDS
from fanin.testing.hostile.scripts import (
    GOOD,
    JSON,
    Asked,
    Script,
    answer,
    dripping,
    endless,
    head,
    refusal,
    sends,
)

_CHUNKED = head(headers={"Content-Type": JSON, "Transfer-Encoding": "chunked"})
_FOREVER = head(headers={"Content-Type": JSON})
_LENGTH = {"Content-Type": JSON, "Content-Length": len(GOOD)}
_RSS = "application/rss+xml"
_MB = 1_000_000


async def good(asked: Asked) -> AsyncGenerator[bytes]:
    """No misbehaviour: three pieces, and the connection is kept."""
    asked.kept = True
    third = len(GOOD) // 3
    for piece in (head(headers=_LENGTH), GOOD[:third], GOOD[third:]):
        yield piece


async def _burst(asked: Asked) -> AsyncGenerator[bytes]:
    """Two failures, and then all is well."""
    script = refusal(("500 Oh", "502 No", "503 Wait")[asked.number % 3]) if asked.number <= 2 else answer()
    async for piece in script(asked):
        yield piece


async def _echo(asked: Asked) -> AsyncGenerator[bytes]:
    """An error page that says the whole request back, in the status line, a header and the body."""
    echoed = " ".join(asked.head.split())[:2_000]
    page = f"<html>You sent: {asked.head}</html>".encode("latin-1")
    yield head(f"400 {echoed}", {"Content-Type": "text/html", "X-Echo": echoed, "Content-Length": len(page)}) + page


async def _parrot(asked: Asked) -> AsyncGenerator[bytes]:
    """A good answer that quotes the whole request."""
    body = json.dumps({"text": f"You asked this: {asked.head}", "path": asked.path}).encode()
    yield head(headers={"Content-Type": JSON, "Content-Length": len(body)}) + body


async def _chain(asked: Asked) -> AsyncGenerator[bytes]:
    """A redirect to the next one, for ever."""
    yield head("302 Found", {"Location": f"/redirect-chain/{int(asked.rest or 0) + 1}", "Content-Length": 0})


async def _ping_pong(asked: Asked) -> AsyncGenerator[bytes]:
    """A redirect there, and another one back."""
    yield head("302 Found", {"Location": f"/redirect-ping-pong/{'' if asked.rest else 'pong'}", "Content-Length": 0})


@cache
def _bomb(encoding: str) -> bytes:
    """A gigabyte of blanks, packed to a megabyte; it has no end."""
    if encoding == "zstd":
        return zstd.compress(b" " * 10 * _MB) * 100
    packer = zlib.compressobj(wbits={"gzip": 31, "deflate": 15}[encoding])
    start = packer.compress(b" ") + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(b" " * 10 * _MB) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + again * 100  # after a full flush, what was packed may be said again


def bombed(encoding: str, *, media_type: str = JSON) -> Script:
    """A bomb that is built when it is first asked for."""

    async def script(asked: Asked) -> AsyncGenerator[bytes]:
        bomb = answer(_bomb(encoding), media_type=media_type, headers={"Content-Encoding": encoding})
        async for piece in bomb(asked):
            yield piece

    return script


async def _twice_packed(asked: Asked) -> AsyncGenerator[bytes]:
    body = zlib.compress(zlib.compress(GOOD, wbits=31), wbits=31)
    async for piece in answer(body, headers={"Content-Encoding": "gzip, gzip"})(asked):
        yield piece


async def _many_members(asked: Asked) -> AsyncGenerator[bytes]:
    body = zlib.compress(b"", wbits=31) * 50_000
    async for piece in answer(body, headers={"Content-Encoding": "gzip"})(asked):
        yield piece


def _gzip(body: bytes) -> bytes:
    return zlib.compress(body, wbits=31)


def _zstd_with_window(log: int) -> bytes:
    """A good answer, whose reader is asked to keep 2 to the power of `log` bytes for looking back."""
    packer = zstd.ZstdCompressor(options={zstd.CompressionParameter.window_log: log})
    return packer.compress(GOOD) + packer.flush()


def _nested(times: int) -> bytes:
    """A good answer, packed so many times over."""
    body = GOOD
    for _ in range(times):
        body = _gzip(body)
    return body


async def _nested_bomb(asked: Asked) -> AsyncGenerator[bytes]:
    """A bomb within a packed body, which only says that it is packed once."""
    async for piece in _encoded(_gzip(_bomb("gzip")), "gzip")(asked):
        yield piece


def _encoded(body: bytes, encoding: str) -> Script:
    return answer(body, headers={"Content-Encoding": encoding})


async def _giant_feed(_: Asked) -> AsyncGenerator[bytes]:
    """More items than anybody reads."""
    yield head(headers={"Content-Type": _RSS})
    yield b"<rss version='2.0'><channel>"
    while True:
        yield b"<item><title>The ferries run.</title><description>The ferries run today.</description></item>" * 500


_CONNECTION: Mapping[str, Script] = {
    "silent": sends(stall=True),
    "closes": sends(),
    "resets": sends(reset=True),
    "stalls-in-the-status": sends(b"HTTP/1.1 20", stall=True),
    "stalls-in-a-header": sends(b"HTTP/1.1 200 OK\r\nContent-Ty", stall=True),
    "stalls-after-the-headers": sends(head(headers=_LENGTH), stall=True),
    "stalls-in-the-body": sends(head(headers=_LENGTH), GOOD[:9], stall=True),
    "stalls-before-the-end": sends(_FOREVER, GOOD, stall=True),
    "a-byte-a-second": dripping(head(headers=_LENGTH) + GOOD),
    "a-byte-of-body-a-second": dripping(GOOD),
    "closes-in-the-headers": sends(b"HTTP/1.1 200 OK\r\nContent-Type: appl"),
    "closes-in-the-body": sends(head(headers=_LENGTH), GOOD[:9]),
    "resets-in-the-body": sends(head(headers=_LENGTH), GOOD[:9], reset=True),
}

_FRAMING: Mapping[str, Script] = {
    "length-too-long": sends(head(headers={"Content-Type": JSON, "Content-Length": 10_000}) + GOOD),
    "length-too-short": sends(head(headers={"Content-Type": JSON, "Content-Length": len(GOOD)}) + GOOD * 3),
    "length-negative": sends(head(headers={"Content-Length": "-1"}) + GOOD),
    "length-no-number": sends(head(headers={"Content-Length": "many"}) + GOOD),
    "length-twice": sends(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 50\r\n\r\n" + GOOD),
    "length-huge": sends(head(headers={"Content-Type": JSON, "Content-Length": 10**15}) + GOOD, stall=True),
    "length-and-chunks": sends(head(headers={"Content-Length": 9, "Transfer-Encoding": "chunked"}) + b"0\r\n\r\n"),
    "chunks-break-off": sends(_CHUNKED + b"ff\r\n" + GOOD),
    "chunks-without-an-end": sends(_CHUNKED + b"%x\r\n%s\r\n" % (len(GOOD), GOOD)),
    "chunk-size-wrong": sends(_CHUNKED + b"2\r\n" + GOOD + b"\r\n0\r\n\r\n"),
    "chunk-size-no-number": sends(_CHUNKED + b"many\r\n" + GOOD + b"\r\n0\r\n\r\n"),
    "chunk-size-huge": sends(_CHUNKED + b"f" * 40 + b"\r\n" + GOOD),
    "chunk-note-endless": endless(_CHUNKED + b"2;", b"x" * 65_536),
    "chunks-endless": endless(_CHUNKED, b"400\r\n" + b" " * 1024 + b"\r\n"),
    "chunks-empty-endless": endless(_CHUNKED, b"1\r\n \r\n" * 2_000),
    "trailers-endless": endless(_CHUNKED + b"2\r\n{}\r\n0\r\n", b"X-Trailer: more\r\n" * 500),
    "body-endless": endless(_FOREVER, b" " * 65_536),
}

_HEADERS: Mapping[str, Script] = {
    "header-giant": sends(head(headers=_LENGTH | {"X-Giant": "x" * 1_000_000}) + GOOD),
    "headers-many": sends(head(headers=_LENGTH | {f"X-{at}": "x" for at in range(5_000)}) + GOOD),
    "headers-over-32-kb": sends(head(headers=_LENGTH | {f"X-{at}": "x" * 4_000 for at in range(10)}) + GOOD),
    "headers-endless": endless(b"HTTP/1.1 200 OK\r\n", b"X-More: and more\r\n" * 500),
    "header-without-colon": sends(b"HTTP/1.1 200 OK\r\nnonsense\r\n\r\n" + GOOD),
    "header-with-nul": sends(b"HTTP/1.1 200 OK\r\nX-Nul: a\0b\r\n\r\n" + GOOD),
    "status-no-number": sends(b"HTTP/1.1 fine OK\r\nContent-Length: 2\r\n\r\n{}"),
    "status-999": refusal("999 Strange"),
    "version-unknown": sends(b"HTTP/7.3 200 OK\r\nContent-Length: 2\r\n\r\n{}"),
    "interim-endless": endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100),
    "switches-protocols": sends(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n" + GOOD),
    "http-0-9": sends(b"<html>It is 1991.</html>\n"),
    "speaks-ssh": sends(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "speaks-smtp": sends(b"220 mail.example ESMTP\r\n", stall=True),
    "speaks-http-2": sends(b"\0\0\x12\4\0\0\0\0\0\0\3\0\0\0\x64\0\4\0\x10\0\0"),
    "speaks-tls": sends(b"\x15\3\1\0\2\2\x28"),
    "tls": sends(),
    "binary": sends(bytes(range(256)) * 40),
    "empty-line": sends(b"\r\n" * 20),
}

_REDIRECTS: Mapping[str, Script] = {
    "redirect-loop": sends(head("302 Found", {"Location": "/redirect-loop", "Content-Length": 0})),
    "redirect-ping-pong": _ping_pong,
    "redirect-chain": _chain,
    "redirect-to-file": sends(head("302 Found", {"Location": "file:///etc/passwd"})),
    "redirect-to-script": sends(head("301 Moved", {"Location": "javascript:alert(1)"})),
    "redirect-to-ftp": sends(head("307 Moved", {"Location": "ftp://127.0.0.1/x"})),
    "redirect-to-nothing": sends(head("302 Found", {"Content-Length": 0})),
    "redirect-to-no-address": sends(head("302 Found", {"Location": "http://[::1"})),
    "redirect-with-endless-body": endless(head("302 Found", {"Location": "/good"}), b" " * 65_536),
}

_STATUS: Mapping[str, Script] = {
    "429-seconds": refusal("429 Slow Down", "7"),
    "429-date": refusal("429 Slow Down", "Fri, 31 Dec 2100 23:59:59 GMT"),
    "429-past-date": refusal("429 Slow Down", "Sun, 06 Nov 1994 08:49:37 GMT"),
    "429-garbage": refusal("429 Slow Down", "soon, I hope"),
    "429-huge": refusal("429 Slow Down", "9" * 30),
    "429-negative": refusal("429 Slow Down", "-5"),
    "429-fraction": refusal("429 Slow Down", "1.5"),
    "429": refusal("429 Slow Down"),
    "503-seconds": refusal("503 Busy", "3"),
    "503": refusal("503 Busy"),
    **{
        str(status): refusal(f"{status} No")
        for status in (400, 401, 403, 404, 405, 408, 410, 413, 418, 451, 500, 502, 504)
    },
    "5xx-burst": _burst,
    "echo": _echo,
    "204": sends(head("204 No Content")),
    "204-with-body": sends(head("204 No Content") + GOOD),
    "206": answer(GOOD[:9], status="206 Partial Content", headers={"Content-Range": "bytes 0-8/46"}),
    "304": sends(head("304 Not Modified")),
    "404-with-endless-page": endless(head("404 Not Found"), b"<p>Sorry.</p>" * 5_000),
}

_CODING: Mapping[str, Script] = {
    "gzip-truncated": _encoded(_gzip(GOOD)[:-12], "gzip"),
    "gzip-without-checksum": _encoded(_gzip(GOOD)[:-8], "gzip"),
    "gzip-is-none": _encoded(GOOD, "gzip"),
    "gzip-checksum-wrong": _encoded(_gzip(GOOD)[:-8] + b"\0" * 8, "gzip"),
    "gzip-then-garbage": _encoded(_gzip(GOOD) + b"and more", "gzip"),
    "gzip-bomb": bombed("gzip"),
    "gzip-many-members": _many_members,
    "deflate-bomb": bombed("deflate"),
    "deflate-truncated": _encoded(zlib.compress(GOOD)[:-6], "deflate"),
    "zstd-bomb": bombed("zstd"),
    "zstd-truncated": _encoded(zstd.compress(GOOD)[:-4], "zstd"),
    "zstd-is-none": _encoded(GOOD, "zstd"),
    "zstd-window-of-128-mb": _encoded(_zstd_with_window(27), "zstd"),
    "encoding-unknown": _encoded(GOOD, "rot13"),
    "encoding-not-asked-for": _encoded(b"\x1b\x2d\0\xf8", "br"),
    "encoding-twice": _twice_packed,
    "encoding-many": _encoded(GOOD, ", ".join(["gzip"] * 1_000)),
    "deflate-in-deflate": _encoded(zlib.compress(zlib.compress(GOOD)), "deflate"),
    "gzip-in-gzip": _encoded(_nested(100), "gzip"),
    "gzip-bomb-in-gzip": _nested_bomb,
    "brotli-bomb": _encoded(b"\xcf\xff\xff\x7f\xf8" + b"\0" * 1_000, "br"),
}

_BODIES: Mapping[str, Script] = {
    "html-for-json": answer(b"<!doctype html><title>Please log in</title>", media_type="text/html"),
    "html-called-json": answer(b"<html>Please log in</html>"),
    "empty": answer(b""),
    "blank": answer(b" \n"),
    "json-broken-off": answer(GOOD[:20]),
    "json-then-garbage": answer(GOOD + b";"),
    "json-with-mark": answer(b"\xef\xbb\xbf" + GOOD),
    "json-deep": answer(b"[" * 101 + b"]" * 101),
    "json-very-deep": answer(b"[" * 900_000),
    "json-deep-in-a-key": answer(b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "json-of-a-million-lists": answer(b"[" + b"[]," * _MB + b"[]]"),
    "json-nan": answer(b'{"text": NaN}'),
    "json-infinity": answer(b'{"text": -Infinity}'),
    "json-too-large-a-number": answer(b'{"text": 1e999}'),
    "json-giant-number": answer(b'{"text": ' + b"9" * 5_000 + b"}"),
    "json-twice-the-key": answer(b'{"text": "no", "text": "The harbour is open."}'),
    "json-half-a-character": answer(b'{"text": "The harbour is open. \\ud83d"}'),
    "json-of-another-shape": answer(b"[1, 2, 3]"),
    "json-null": answer(b"null"),
    "charset-wrong": answer('{"text": "Der Hafen schließt früh."}'.encode("latin-1")),
    "charset-declared": answer('{"text": "ß"}'.encode("latin-1"), media_type=f"{JSON}; charset=iso-8859-1"),
    "charset-unknown": answer(b'{"text": "\xff"}', media_type=f"{JSON}; charset=klingon"),
    "charset-no-charset": answer(b'{"text": "\xff"}', media_type=f"{JSON}; charset=zlib"),
    "utf-8-invalid": answer(b'{"text": "\xc3\x28 \xed\xa0\x80 \xf5"}'),
    "utf-16": answer(GOOD.decode().encode("utf-16")),
    "utf-7": answer(b"+AHsAfQ-", media_type=f"{JSON}; charset=utf-7"),
    "media-type-giant": answer(media_type=f"{JSON}; charset={'x' * 4_000}"),
    "media-type-none": answer(media_type=""),
    "cookies": answer(headers={"Set-Cookie": "a=b; Domain=.example; Path=/"}),
}

_FEEDS: Mapping[str, Script] = {
    "feed-giant": _giant_feed,
    "feed-with-doctype": answer(
        b'<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss><channel><item><title>&b;</title></item>'
        b"</channel></rss>",
        media_type=_RSS,
    ),
    "feed-of-html": answer(b"<html><body>No feed here.</body></html>", media_type=_RSS),
    "feed-deep": answer(b"<a>" * 200_000, media_type=_RSS),
    "feed-binary": answer(bytes(range(256)) * 100, media_type=_RSS),
    "feed-broken-off": sends(
        head(headers={"Content-Type": _RSS, "Content-Length": 9_999})
        + b"<rss version='2.0'><channel><item><title>The ferries run.</title></item><item><tit"
    ),
}

MISBEHAVIOURS: Mapping[str, Script] = {
    "good": good,
    "parrot": _parrot,
    **_CONNECTION,
    **_FRAMING,
    **_HEADERS,
    **_REDIRECTS,
    **_STATUS,
    **_CODING,
    **_BODIES,
    **_FEEDS,
    **LARGE_BODIES,
    **LARGE_FEEDS,
}
"""Every way to answer, by name; "good" is none of them, "parrot" quotes the request in a good answer."""
