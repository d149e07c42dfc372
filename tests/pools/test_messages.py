"""Messages between the pool and its workers: any job and reply arrives as it was sent, however the bytes are cut."""

import pickle

from hypothesis import given
from hypothesis import strategies as st

from fanin.pools.inside.job import Reply
from fanin.pools.inside.messages import Messages, job_message, read_job, read_reply, reply_message

NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=()), max_size=20)
NUMBERS = st.integers(0, 2**64 - 1)
TIMES = st.floats(allow_nan=False)


@given(NUMBERS, TIMES, st.tuples(NAMES, NAMES, NAMES), st.tuples(st.text(max_size=20), st.binary(max_size=50)))
def test_a_job_arrives_as_it_was_sent(number, until, reference, arguments) -> None:
    sent = job_message(number, until, reference, arguments)
    job = read_job(sent[4:])
    assert (job.number, job.until, job.reference, pickle.loads(job.packed)) == (number, until, reference, arguments)


@given(
    st.integers(0, 2), NUMBERS, st.text("abc_", max_size=20), NAMES, st.binary(max_size=50), TIMES, TIMES, st.booleans()
)
def test_a_reply_arrives_as_it_was_sent(code, number, kind, message, value, started, ended, stopped) -> None:
    reply = Reply(kind, message, value, started, ended, 0.5, stopped)
    assert read_reply(reply_message(code, number, reply)[4:]) == (code, number, reply)


@given(st.lists(st.binary(max_size=30), max_size=6), st.integers(1, 40))
def test_messages_are_whole_however_the_bytes_are_cut(values, size) -> None:
    sent = [reply_message(2, number, Reply("", "", value, 0.0, 0.0, 0.0)) for number, value in enumerate(values)]
    stream, messages = b"".join(sent), Messages()
    pieces = [stream[start : start + size] for start in range(0, len(stream), size)]
    assert [each for piece in pieces for each in messages.feed(piece)] == [message[4:] for message in sent]
