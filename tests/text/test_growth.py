"""The work of every reader of strangers' text grows with the length of the text, and no faster.

A fragment is repeated a number of times, and then eight times as often: a step that is quadratic makes 64 times as much
work. Steps of Python are counted. Those within one call of a C function, such as a regular expression, cannot be; for
these the processor time of this thread is compared, by the quickest of ten tries, on texts that are hard to read.
"""

import contextlib
import time
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fanin.documents.formats import Unreadable, format_of
from fanin.documents.html_page import read_page
from fanin.documents.page.markup_text import markup_text, text_without_tags
from fanin.knowledge.ingest.passage_spans import divide
from fanin.model import Document, Question
from fanin.net.secrets import Mask, Secret
from fanin.plan.dates import dates_in
from fanin.plan.search_terms import values
from fanin.process import ANALYSIS
from fanin.sanitize import block
from fanin.sources.feeds.json_feed import json_items
from fanin.sources.http.paging import next_link
from fanin.text.cleaning import blank
from fanin.text.dates.date_reading import read_date
from fanin.text.quantities import quantities
from fanin.text.sentences import is_code, sentences
from fanin.text.word_overlap import loses_a_fact
from fanin.text.words import words
from fanin.writing.citation_check import read

SHORT, TIMES = 8_000, 8
ALLOWED, FREE, TRIES = 16, 0.05, 10
"""The long text may take so many times as long as the short one, and so many seconds more, in one of so many tries."""

FRAGMENTS = (
    *("<!--", "-->", "<", "<!", "<![CDATA[", "<?", "&", "&#", "<a ", "<a href=x>", '"', "'", "=", "<p>", "</p>", "<b>"),
    *("<div>", "<td>", "<tr>", "<table>", "<script>", "<style>", "<svg>", "<li>", "<br>", "<h1>", "<pre>", "<title>"),
    *("a", "1", ".", ",", ":", ";", "-", "_", " ", "\n", "\t", "\r\n", "\x1b[", "\x1b]", "#", "# ", "* ", "---\n"),
    *("===\n", "```\n", "~~~", "|", "[", "]", "(", "[a](", "{", "}", "\\", "http://", "www.", "$", "%", "°", "5 %"),
    *("a.", "a-", "1,", "between ", "and ", "12 March ", "in Paris ", "on Monday ", "last ", "10:30 ", "1 m and "),
    *("20 °C ", "2024-01-02", "e.g. ", "Mr. ", "A.", "…", "。", "天", "é", "\u0301", "\u202e", "'s ", "def ", "a,b\n"),
    *('{"a":1}\n', '{"a":', "[[", "\\u0000", "<a>;", "rel=", "title: x\n", ".. a::\n", "`a", "X\n", "not ", "tel:"),
)


def file(name: str) -> Callable[[str], object]:
    def parse(text: str) -> None:
        with contextlib.suppress(Unreadable):
            divide(format_of(name)(text.encode()))

    return parse


def feed(text: str) -> None:
    with contextlib.suppress(Exception):
        list(json_items(text.encode(), "https://example.com/"))


READERS: dict[str, Callable[[str], object]] = {
    "cleaned HTML": markup_text,
    "HTML without a tree": text_without_tags,
    "page": read_page,
    "cleaned text": blank,
    "harmless text": block,
    "sentences": lambda text: [is_code(text[start:end]) for start, end in sentences(text)],
    "words": words,
    "facts": lambda text: loses_a_fact(text, stays=text[1:]),
    "quantities": quantities,
    "analysis": lambda text: [ANALYSIS.work("Is the harbour open?", Document(text))],
    "plan": lambda text: (values(Question(text)), dates_in(text, today=date(2026, 1, 1))),
    "written text": lambda text: read(f"{text} [1]. " * 2, [], whole=True),
    "link header": next_link,
    "hidden secrets": Mask([Secret('\\"%& key')]),
    "dates": read_date,
    "JSON feed": feed,
    **{f"a file of {ending}": file(f"a.{ending}") for ending in ("md", "rst", "csv", "jsonl", "txt", "py", "html")},
}

REPEATED = st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=3).map("".join)


HARD = [
    ("", "<td>", "x"),
    ("", "<!--", ""),
    ("# x", " ", "y"),
    ("between 1 m ", "and 1 m ", ""),
    ("", "10:30 am ", ""),
    ("", "a", "!"),
    ("", "1,", "x"),
    ("", "\n ", "x"),
]


def seconds(reader: Callable[[str], object], text: str) -> float:
    begun = time.thread_time()
    reader(text)
    return time.thread_time() - begun


def is_as_quick(reader: Callable[[str], object], short: str, long: str) -> bool:
    tries = ((seconds(reader, long), seconds(reader, short)) for _ in range(TRIES))
    return any(of_long <= ALLOWED * of_short + FREE for of_long, of_short in tries)


def text(head: str, repeated: str, tail: str, *, size: int) -> str:
    return head + repeated * (size // len(repeated)) + tail


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(head=st.sampled_from(("", "# x", "The harbour ", "<p>", "a,b\n")), repeated=REPEATED, tail=REPEATED)
def test_eight_times_as_much_text_takes_no_more_than_nine_times_as_many_steps(
    steps: Callable[..., int], name: str, head: str, repeated: str, tail: str
) -> None:
    READERS[name]("Is the harbour open?")
    short, long = (steps(READERS[name], text(head, repeated, tail, size=size)) for size in (SHORT, TIMES * SHORT))
    assert long <= 9 * short + 100


@pytest.mark.parametrize("name", READERS)
def test_what_c_does_in_one_call_grows_no_faster(name: str) -> None:
    reader = READERS[name]
    for hard in HARD:
        short, long = text(*hard, size=SHORT), text(*hard, size=TIMES * SHORT)
        assert is_as_quick(reader, short, long), hard


def test_a_table_of_many_columns_and_many_short_rows_takes_time_in_proportion_to_both(
    steps: Callable[..., int],
) -> None:
    small, large = ("x," * size + "\n" + "1\n" * size for size in (5_000, 40_000))
    assert steps(file("a.csv"), large) <= 9 * steps(file("a.csv"), small)
    assert is_as_quick(file("a.csv"), small, large)
