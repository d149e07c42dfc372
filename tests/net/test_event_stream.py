"""Server-sent events come out whole, however they are cut, and never beyond the limits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.errors import SourceError
from fanin.net.body.event_stream import EventLimits, EventSplitter

WIDE = EventLimits(longest=1_000, most=1_000)


def split(*pieces: bytes, limits: EventLimits = WIDE) -> tuple[list[bytes], bytes]:
    splitter = EventSplitter(limits)
    return [event for piece in pieces for event in splitter.feed(piece)], splitter.remainder()


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_events_end_with_an_empty_line_of_any_kind(end: bytes) -> None:
    stream = end.join([b"data: a", b"id: 1", b"", b"", b"", b": note", b"", b"data: b"])
    assert split(stream) == ([b"data: a\nid: 1\n\n", b": note\n\n"], b"data: b")


@given(st.lists(st.sampled_from([b"data: a", b"x", b"\n", b"\r", b"\r\n", b"\n\n"]), max_size=20), st.data())
def test_how_a_stream_is_cut_changes_nothing(parts: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert split(*pieces) == split(stream)
    assert split(*(stream[at : at + 1] for at in range(len(stream)))) == split(stream)


@pytest.mark.parametrize("piece", [b"x" * 300, b"data: a\n" * 40])
def test_an_event_without_an_end_is_cut(piece: bytes) -> None:
    with pytest.raises(SourceError, match="1,000 bytes in one event") as caught:
        split(*[piece] * 4, limits=EventLimits(longest=1_000, most=10))
    assert caught.value.kind == "too_large"


@pytest.mark.parametrize("piece", [b"\n", b"\r", b"data: a\n\n", b":\r\n\r\n"])
def test_events_without_an_end_are_cut(piece: bytes) -> None:
    with pytest.raises(SourceError, match="10 events"):
        split(*[piece] * 12, limits=EventLimits(longest=1_000, most=10))
