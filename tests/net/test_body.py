"""What comes back: unpacked whole or not at all, and read as text by the best word on its charset."""

import zlib
from compression import zstd
from contextlib import suppress
from itertools import pairwise

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from fanin.errors import SourceError
from fanin.net.body.decompression import DECOMPRESSION_ERRORS, STEP, LimitExceeded, decompressor_for
from fanin.net.body.json_body import decode_json
from fanin.net.body.text_decoding import canonical_charset, decode_text
from fanin.net.client import Client


def gzip(body: bytes) -> bytes:
    return zlib.compress(body, wbits=31)


def bare_deflate(body: bytes) -> bytes:
    return zlib.compress(body, wbits=-15)


PACKED = {"gzip": gzip, "x-gzip": gzip, "deflate": zlib.compress, "zstd": zstd.compress, " GZIP ": gzip}


def unpacked(encoding: str, pieces: list[bytes]) -> tuple[bytes, bool]:
    unpack = decompressor_for(encoding, most_parts=1_000)
    assert unpack is not None
    chunks = [chunk for piece in pieces for chunk in unpack.feed(piece)]
    assert all(0 < len(chunk) <= STEP for chunk in chunks)
    return b"".join(chunks), unpack.is_complete


@given(
    body=st.binary(max_size=300) | st.sampled_from([b" " * 200_000, bytes(range(256)) * 1_000]),
    encoding=st.sampled_from(sorted(PACKED)),
    cuts=st.lists(st.floats(0, 1), max_size=4),
)
def test_what_was_packed_is_unpacked_however_it_is_cut(body: bytes, encoding: str, cuts: list[float]) -> None:
    packed = PACKED[encoding](body)
    at = [0, *sorted(int(cut * len(packed)) for cut in cuts), len(packed)]
    pieces = [packed[start:end] for start, end in pairwise(at)]
    assert unpacked(encoding, pieces) == (body, True)


@given(body=st.binary(min_size=1, max_size=300), encoding=st.sampled_from(sorted(PACKED)), cut=st.integers(1, 400))
def test_what_is_cut_off_is_never_whole(body: bytes, encoding: str, cut: int) -> None:
    packed = PACKED[encoding](body)
    short = packed[: max(1, len(packed) - cut)]
    with suppress(DECOMPRESSION_ERRORS):
        assert not unpacked(encoding, [short])[1]


@given(st.binary(max_size=200), st.sampled_from(sorted(PACKED)))
def test_any_bytes_are_unpacked_or_broken_however_they_come(body: bytes, encoding: str) -> None:
    def outcome(pieces: list[bytes]) -> tuple[bytes, bool] | None:
        try:
            return unpacked(encoding, pieces)
        except DECOMPRESSION_ERRORS:
            return None

    assert outcome([body]) == outcome([body[at : at + 1] for at in range(len(body))])


def test_bare_deflate_is_understood_and_members_follow_each_other() -> None:
    assert unpacked("deflate", [bare_deflate(b"hello" * 50)]) == (b"hello" * 50, True)
    assert unpacked("gzip", [gzip(b"a") + gzip(b"b"), gzip(b"c")]) == (b"abc", True)
    assert unpacked("zstd", [zstd.compress(b"a") + zstd.compress(b"b")]) == (b"ab", True)
    with pytest.raises(LimitExceeded, match="1,000 parts"):
        unpacked("gzip", [gzip(b"") * 1_001])


def test_what_is_not_packed_needs_nothing_and_what_is_not_known_is_said() -> None:
    assert decompressor_for("", most_parts=1) is decompressor_for("identity", most_parts=1) is None
    for encoding in ("br", "gzip, gzip", "compress", "x" * 1_000):
        with pytest.raises(SourceError, match="has the encoding") as caught:
            decompressor_for(encoding, most_parts=1)
        assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("body", "declared", "media_type", "text", "charset"),
    [
        ("ü".encode(), "", "", "ü", "utf-8"),
        ("ü".encode(), "utf-8", "", "ü", "utf-8"),
        ("ü".encode("latin-1"), "ISO-8859-1", "", "ü", "cp1252"),
        ("“ü”".encode("cp1252"), "us-ascii", "", "“ü”", "cp1252"),
        ("ж".encode("koi8-r"), "KOI8-R", "", "ж", "koi8-r"),
        ("港".encode("shift_jis"), "Shift_JIS", "", "港", "cp932"),
        ("港".encode("gb18030"), "gb2312", "", "港", "gb18030"),
        ("ü".encode("utf-8-sig"), "latin-1", "", "ü", "utf-8"),
        ("ü".encode("utf-16"), "utf-8", "", "ü", "utf-16-le"),
        (b"\xfe\xff" + "ü".encode("utf-16-be"), "", "", "ü", "utf-16-be"),
        ("ü".encode("utf-16-le"), "utf-16", "", "ü", "utf-16-le"),
        (b'<meta charset="windows-1251">' + "ж".encode("cp1251"), "", "text/html", None, "cp1251"),
        (b"<meta content='text/html; charset=euc-kr'>", "", "text/html", None, "cp949"),
        (b'<meta charset="utf-16">\xc3\xbc', "", "text/html", None, "utf-8"),
        (b'<meta charset="windows-1251">', "utf-8", "text/html", None, "utf-8"),
        (b'<meta charset="windows-1251">', "", "text/plain", None, "utf-8"),
        (b" " * 2_000 + b'<meta charset="windows-1251">', "", "text/html", None, "utf-8"),
        (b"x", "klingon", "", "x", "utf-8"),
        (b"x", "zlib", "", "x", "utf-8"),
        (b"x", "utf-7", "", "x", "utf-8"),
        (b"x", "idna", "", "x", "utf-8"),
        (b"x", "a" * 10_000, "", "x", "utf-8"),
        (b"x", "\0", "", "x", "utf-8"),
    ],
)
def test_the_best_word_on_a_charset_counts(body, declared, media_type, text, charset) -> None:
    read = decode_text(body, declared=declared, media_type=media_type)
    assert (read.charset, read.replaced, read.remark) == (charset, 0, "")
    if text is not None:
        assert read.text == text


def test_what_cannot_be_read_is_replaced_and_said() -> None:
    read = decode_text(b"The t\xfcr is \xff open.", declared="utf-8")
    assert read.text == "The t\ufffdr is \ufffd open."
    assert read.remark == "2 characters are not utf-8; fanin read them as \ufffd."


def test_halves_of_characters_are_found_in_any_encoding_of_json() -> None:
    for encoding in ("utf-8", "utf-16", "utf-32"):
        assert decode_json('["\\ud83d!"]'.encode(encoding), url="http://x.example/") == ["\ufffd!"]


@given(st.binary(max_size=200), st.text(max_size=20), st.sampled_from(["", "text/html"]))
def test_any_bytes_are_text_that_can_be_written(body: bytes, declared: str, media_type: str) -> None:
    decode_text(body, declared=declared, media_type=media_type).text.encode()
    encoding = canonical_charset(declared)
    if encoding is not None:
        assert b"".decode(encoding) == ""


async def test_a_page_is_read_by_what_it_says_of_itself(serve) -> None:
    async def handler(_: web.Request) -> web.Response:
        page = '<meta charset="windows-1252"><p>Der Hafen schließt früh.</p>'.encode("cp1252")
        return web.Response(body=gzip(page), headers={"Content-Type": "text/html", "Content-Encoding": "gzip"})

    client = Client(allow_private=True)
    async with client.open(await serve(handler)) as reply:
        page = await reply.text()
        assert (reply.media_type, reply.charset, reply.headers["content-encoding"]) == ("text/html", "", "gzip")
    await client.close()
    assert page.text.endswith("<p>Der Hafen schließt früh.</p>")
    assert page.charset == "cp1252"
