"""What became of a batch, as one file of HTML."""

from base64 import b64encode
from hashlib import sha256

from fanin.batch.batch_statistics import BatchStatistics, SlowQuestion, SourceStatistics
from fanin.interfaces.page.page_files import page_files
from fanin.interfaces.report.escaped_html import Html, html
from fanin.interfaces.report.report_charts import histogram, lanes, seconds, shares

_STYLE = """
body { margin: 0 auto; max-width: 68rem; padding: var(--s-6) var(--edge); background: var(--page); color: var(--ink);
  font: var(--f-3)/1.5 var(--sans); }
h1 { font-size: var(--f-5); } h2 { font-size: var(--f-4); margin: var(--s-7) 0 var(--s-3); }
h3 { font-size: var(--f-3); margin: var(--s-5) 0 0; overflow-wrap: anywhere; } p { margin: var(--s-1) 0; }
table { border-collapse: collapse; width: 100%; } .wide { overflow-x: auto; }
th, td { border-bottom: 1px solid var(--rule); padding: var(--s-2); text-align: left; vertical-align: top; }
th { color: var(--ink-3); font-size: var(--f-1); } td { overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
svg { display: block; width: 100%; } .shares { height: .75rem; min-width: 8rem; } .times { height: 6rem; }
figure { margin: 0; min-width: 8rem; } td .times { height: 2rem; }
figcaption { display: flex; justify-content: space-between; color: var(--ink-3); font-size: var(--f-1); }
.times rect, .process, .answer { fill: var(--work-2); } .fetch, .model { fill: var(--fetch-edge); }
.wait { fill: var(--wait); } .critical { stroke: var(--lit); stroke-width: 2; }
.good { fill: var(--good); } .bad { fill: var(--stop); } .none { fill: var(--wait); }
.lanes text { fill: var(--ink-2); font-size: var(--f-1); } .quiet { color: var(--ink-3); }
"""


def batch_report(batch: BatchStatistics, *, title: str) -> str:
    """The report: counts, times, each source, failures by kind, errors of rows, and the slowest questions.

    It loads nothing and runs nothing; what questions and sources said stands there as text.
    """
    style = page_files()["tokens.css"].content.decode() + _STYLE
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-{digest}'"
    return html(t"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{Html(style)}</style>
</head>
<body>
<h1>{title}</h1>
{_totals(batch)}
{_sources(batch)}
{_failures(batch)}
{_messages(batch)}
{_slowest(batch)}
</body>
</html>
""")


def _totals(batch: BatchStatistics) -> Html:
    rate = batch.done / batch.seconds if batch.seconds else 0.0
    counts = {"answered": batch.answered, "unanswered": batch.unanswered, "failed": batch.failed}
    half, most = (seconds(batch.times.percentile(each)) for each in (0.5, 0.95))
    return html(t"""<p>{batch.done:,} rows: {batch.answered:,} answered, {batch.unanswered:,} without an answer,
{batch.failed:,} with an error; {batch.set_aside:,} were set aside and asked again.</p>
<p>{seconds(batch.seconds)} in all, {rate:.1f} rows a second.</p>
{shares(counts)}
<h2>Time of a question</h2>
<p>Half took at most {half}, 95 of 100 at most {most}. The axis is logarithmic.</p>
{histogram(batch.times)}""")


def _sources(batch: BatchStatistics) -> Html:
    rows = [_source(name, each) for name, each in batch.sources.items()]
    return html(t"""<h2>Sources</h2>
<div class="wide"><table><thead><tr><th>source<th class="number">asked<th class="number">success<th class="number">p50
<th class="number">p95<th>outcomes<th>times</tr></thead><tbody>{rows}</tbody></table></div>""")


def _source(name: str, source: SourceStatistics) -> Html:
    half, most = (seconds(source.times.percentile(each)) for each in (0.5, 0.95))
    statuses = dict(source.statuses.most_common())
    words = ", ".join(f"{count:,} {status.replace('_', ' ')}" for status, count in statuses.items())
    success = f"{source.success:.1%}" if source.asked else "-"
    return html(
        t'<tr><td>{name}<td class="number">{source.asked:,}<td class="number">{success}<td class="number">{half}'
        t'<td class="number">{most}<td>{shares(statuses)}<span class="quiet">{words}</span>'
        t"<td>{histogram(source.times)}</tr>"
    )


def _failures(batch: BatchStatistics) -> Html:
    found = [(name, kind, each) for name, source in batch.sources.items() for kind, each in source.failures.items()]
    rows = [
        html(t'<tr><td>{name}<td>{kind}<td class="number">{each.count:,}<td>{each.message}</tr>')
        for name, kind, each in sorted(found, key=lambda each: -each[2].count)
    ]
    if not rows:
        return html(t"<h2>Failures by kind</h2><p>No source failed.</p>")
    return html(t"""<h2>Failures by kind</h2>
<table><thead><tr><th>source<th>kind<th class="number">times<th>the first message</tr></thead>
<tbody>{rows}</tbody></table>""")


def _messages(batch: BatchStatistics) -> Html:
    if not batch.messages:
        return html(t"")
    rest = f"and {batch.failed - len(batch.messages):,} more" if batch.failed > len(batch.messages) else ""
    return html(
        t"<h2>Rows with an error</h2><ul>{[html(t'<li>{each}</li>') for each in batch.messages]}</ul><p>{rest}</p>"
    )


def _slowest(batch: BatchStatistics) -> Html:
    if not batch.slowest:
        return html(t"")
    return html(t"""<h2>Slowest questions</h2>
<p class="quiet">Each lane is a source, a worker or the answer; what the answer waited for has a frame.</p>
{[*map(_slow, batch.slowest)]}""")


def _slow(slow: SlowQuestion) -> Html:
    ends = ", ".join(f"{name}: {status.replace('_', ' ')}" for name, status in slow.outcomes.items())
    return html(
        t"<section><h3>{slow.question}</h3>"
        t'<p class="quiet">Row {slow.number:,}, {seconds(slow.seconds)}; {ends}</p>{lanes(slow.timeline)}</section>'
    )
