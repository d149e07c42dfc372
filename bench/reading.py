"""Is what pages and feeds say read right? Precision and recall of fanin, trafilatura and feedparser in one run.

Run `scripts/bench reading`, which installs the others into an environment of their own. fanin reads as it does for a
question: its sources `web` and `feeds` get what a server on this machine sends. The pages and feeds are those of
`quality/reading_samples.py`.

- Main text: shares of runs of four words, found that are asked for (precision) and asked for that are found (recall),
  as in the article extraction benchmark of Zyte; the mean over all pages, and F1 of the two. Lines that tell a row of a
  table are left out, since each tells rows in a form of its own; they are counted as rows.
- Title and day: the share of pages for which they are exactly right. Of pages without a day, none is right.
- Rows: the share of a table's rows whose cells stand in one line; with headers, where each cell's header does too.
- Feeds: the share of items with the right title, day and text. feedparser does not read JSON Feed.
"""

import asyncio
import html
import re
import sys
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from aiohttp import web
from measuring import machine, verdict

from fanin import Document, Question, Source
from fanin.errors import SourceError
from fanin.net.client import Client
from fanin.process import clean
from fanin.sources.feeds.feed_source import feeds as feed_source
from fanin.sources.web import web as web_source

sys.path.insert(0, str(Path(__file__).parent / "quality"))

from reading_samples import Feed, Page, feeds, pages

RUN = 4
"""Words of a run."""


class Read(NamedTuple):
    """What was read of a page or of an item."""

    text: str
    title: str
    day: str


def runs(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def shares(found: str, blocks: Iterable[str]) -> tuple[float, float]:
    """Precision and recall of the runs of words within blocks; runs across them, and headings, count for nothing."""
    asked = set[tuple[str, ...]]().union(*map(runs, blocks))
    read = set[tuple[str, ...]]().union(*[runs(line) for line in found.splitlines()])
    shared = len(asked & read)
    return shared / len(read) if read else 0.0, shared / len(asked)


def rows_found(found: str, rows: Sequence[Sequence[str]], *, headers: bool) -> list[bool]:
    """For each row of a table, whether one line holds its cells, and with `headers` also their columns' names."""
    lines = found.splitlines()
    wanted = [[*row, *rows[0][1:]] if headers else row for row in rows[1:]]
    return [any(all(cell in line for cell in row) for line in lines) for row in wanted]


def without_rows(found: str, rows: Sequence[Sequence[str]]) -> str:
    """The text without the lines that tell rows of the table."""
    return "\n".join(line for line in found.splitlines() if not any(all(cell in line for cell in row) for row in rows))


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def report_pages(name: str, read: Sequence[Read], samples: Sequence[Page]) -> dict[str, float]:
    both = [(each, page) for each, page in zip(read, samples, strict=True)]
    tables = [(each.text, page.rows) for each, page in both if page.rows]
    precision, recall = map(
        mean,
        zip(
            *[shares(without_rows(each.text, page.rows), (page.title, *page.blocks)) for each, page in both],
            strict=True,
        ),
    )
    figures = {
        "precision": precision,
        "recall": recall,
        "F1": 2 * precision * recall / (precision + recall or 1.0),
        "title": mean([each.title == page.title for each, page in both]),
        "day": mean([each.day == page.day for each, page in both]),
        "rows": mean([found for text, rows in tables for found in rows_found(text, rows, headers=False)]),
        "rows with headers": mean([found for text, rows in tables for found in rows_found(text, rows, headers=True)]),
    }
    print(f"{len(both)} pages, {name}: " + ", ".join(f"{key} {value:.3f}" for key, value in figures.items()))
    return figures


def report_feeds(name: str, read: Sequence[Sequence[Read]], samples: Sequence[Feed]) -> float:
    right: list[bool] = []
    for items, feed in zip(read, samples, strict=True):
        known = {each.title: each for each in items}
        for title, day, text in feed.items:
            each = known.get(title, Read("", "", ""))
            right.append(each.day == day and " ".join(each.text.split()) == text)
    share = mean(right)
    print(f"{len(right)} items of {len(samples)} feeds, {name}: {share:.3f} right in title, day and text")
    return share


@asynccontextmanager
async def served(bodies: Sequence[tuple[str, str]]) -> AsyncGenerator[list[str]]:
    """The addresses at which a server of this machine sends these bodies of these media types."""

    async def send(request: web.Request) -> web.Response:
        media_type, body = bodies[int(request.match_info["n"])]
        return web.Response(body=body.encode(), headers={"Content-Type": f"{media_type}; charset=utf-8"})

    app = web.Application()
    app.router.add_get("/{n}", send)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield [f"http://127.0.0.1:{port}/{n}" for n in range(len(bodies))]
    finally:
        await runner.cleanup()


async def by_fanin(make: Callable[..., Source], bodies: Sequence[tuple[str, str]]) -> list[list[Read]]:
    async with served(bodies) as addresses:
        return [await read_source(make(address, client=Client(allow_private=True))) for address in addresses]


async def read_source(source: Source) -> list[Read]:
    """What a source says; nothing if it fails."""
    question = Question("What is new?", "1", asyncio.get_running_loop().time() + 30.0)
    try:
        documents = [each async for each in source.fetch(question) if isinstance(each, Document)]
    except SourceError:
        documents = []
    finally:
        if source.close is not None:
            await source.close()
    return [Read(clean(each), each.title, each.published[:10]) for each in documents]


def by_trafilatura(samples: Sequence[Page]) -> list[Read]:
    import trafilatura

    found: list[Read] = []
    for page in samples:
        document: Any = trafilatura.bare_extraction(page.html, with_metadata=True, include_tables=True)
        found.append(
            Read(document.text or "", document.title or "", document.date or "") if document else Read("", "", "")
        )
    return found


def by_feedparser(samples: Sequence[Feed]) -> list[list[Read]]:
    import feedparser

    found: list[list[Read]] = []
    for feed in samples:
        entries: Any = feedparser.parse(feed.body.encode()).entries
        found.append([_entry(each) for each in entries])
    return found


def _entry(entry: Any) -> Read:
    when = entry.get("published_parsed") or entry.get("updated_parsed")
    text = entry["content"][0]["value"] if entry.get("content") else entry.get("summary", "")
    plain = html.unescape(re.sub(r"<[^>]+>", " ", text))
    return Read(plain, entry.get("title", ""), f"{when.tm_year}-{when.tm_mon:02}-{when.tm_mday:02}" if when else "")


def main() -> None:
    print(machine())
    all_pages, all_feeds = pages(), feeds()
    read = asyncio.run(by_fanin(web_source, [("text/html", page.html) for page in all_pages]))
    ours = report_pages("fanin", [each[0] if each else Read("", "", "") for each in read], all_pages)
    items = asyncio.run(by_fanin(feed_source, [(feed.media_type, feed.body) for feed in all_feeds]))
    our_items = report_feeds("fanin", items, all_feeds)
    if find_spec("trafilatura"):
        theirs = report_pages("trafilatura", by_trafilatura(all_pages), all_pages)
        for key, value in theirs.items():
            print(verdict(f"{key}, fanin - trafilatura", ours[key] - value, least=0.0))
    if find_spec("feedparser"):
        print(
            verdict(
                "feeds, fanin - feedparser",
                our_items - report_feeds("feedparser", by_feedparser(all_feeds), all_feeds),
                least=0.0,
            )
        )


if __name__ == "__main__":
    main()
