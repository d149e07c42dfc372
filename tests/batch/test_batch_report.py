"""The report of a batch: one file that opens offline, in which nothing that somebody said is markup."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from hostile_strings import hostile_strings

from fanin.batch.batch_statistics import BatchStatistics, Failures, SlowQuestion, SourceStatistics, Times
from fanin.interfaces.report.batch_report import batch_report
from fanin.interfaces.report.escaped_html import html
from fanin.interfaces.report.report_charts import histogram, lanes, seconds, shares
from fanin.timeline import Span, Timeline

TIMELINE = Timeline(
    (Span("fetch", "harbour", "harbour", 0.0, 0.5), Span("process", "core 1", "harbour", 0.5, 0.6)), 0.6
)


class Tags(HTMLParser):
    """Counts the elements of a page, and keeps its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen, self.text, self.attributes = Counter[str](), "", set[str]()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] += 1
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


def told(text: str) -> BatchStatistics:
    """Statistics in which this text stands wherever one may."""
    source = SourceStatistics(Counter({"ok": 3, "error": 1}), Times(Counter({-6: 3, -2: 1})), {text: Failures(1, text)})
    spans = tuple(Span(each.kind, text, text, each.start, each.end) for each in TIMELINE.spans)
    slow = SlowQuestion(7, text, 0.6, {text: "ok"}, Timeline(spans, 0.6))
    return BatchStatistics(3, 1, 1, 2, 0, 90.0, source.times, {text: source}, [text], [slow])


def test_it_says_what_happened() -> None:
    page = Tags(batch_report(told("harbour"), title="Batch of q.jsonl")).text
    text = " ".join(page.split())
    assert "5 rows: 3 answered, 1 without an answer, 1 with an error; 2 were set aside and asked again." in text
    assert "90 s in all, 0.1 rows a second." in text
    assert "Half took at most 0.50 s, 95 of 100 at most 0.79 s." in text
    assert "harbour475.0%0.50 s0.79 s" in text  # asked, success and times of the source
    assert "Row 7, 0.60 s; harbour: ok" in text


@pytest.mark.parametrize("text", [*hostile_strings()])
def test_nothing_that_somebody_said_is_markup(text: str) -> None:
    harmless, hostile = Tags(batch_report(told("harbour"), title="q")), Tags(batch_report(told(text), title=text))
    assert hostile.seen == harmless.seen
    assert hostile.attributes == harmless.attributes


def test_an_empty_batch_has_a_report() -> None:
    assert "0 rows: 0 answered" in Tags(batch_report(BatchStatistics(), title="q")).text


def test_values_are_escaped_and_markup_is_not() -> None:
    inner = html(t"<i>{'a < b'}</i>")
    assert html(t'<b title="{'"x"'}">{[inner, "&"]}{0.5:.0%}</b>') == (
        '<b title="&quot;x&quot;"><i>a &lt; b</i>&amp;50%</b>'
    )


def test_a_bar_is_divided_as_what_it_counts() -> None:
    drawn = shares({"ok": 3, "skipped": 0, "error": 1})
    assert re.findall(r'class="(\w+)" x="([\d.]+)%" width="([\d.]+)%"', drawn) == [
        ("good", "0.000", "75.000"),
        ("none", "75.000", "0.000"),
        ("bad", "75.000", "25.000"),
    ]


def test_a_histogram_has_a_bar_for_each_step_with_times() -> None:
    drawn = histogram(Times(Counter({0: 4, 2: 1})))
    assert re.findall(r'x="([\d.]+)%" y="([\d.]+)%"', drawn) == [("0.000", "0.00"), ("66.667", "75.00")]
    assert "0.89 s to 1.00 s: 4" in drawn
    assert histogram(Times()) == ""


def test_spans_stand_in_their_lanes_at_their_times() -> None:
    drawn = lanes(TIMELINE)
    found = re.findall(r'class="([\w ]+)" x="([\d.]+)%" y="(\d+)" width="([\d.]+)%"', drawn)
    assert found == [("fetch critical", "22.000", "5", "65.000"), ("process critical", "87.000", "27", "13.000")]


@pytest.mark.parametrize(
    ("time", "text"), [(0.0123, "12 ms"), (0.0996, "0.10 s"), (1.5, "1.50 s"), (9.96, "10 s"), (float("nan"), "-")]
)
def test_times_have_a_unit(time: float, text: str) -> None:
    assert seconds(time) == text
