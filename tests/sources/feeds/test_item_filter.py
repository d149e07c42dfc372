"""Which items of many feeds a question gets, and what one failing feed does to the others."""

import asyncio

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st

from fanin.errors import RateLimited, SourceError
from fanin.model import Document, Question
from fanin.net.client import Client
from fanin.sources.feeds import feeds
from fanin.sources.feeds.item_filter import NEWEST, ItemFilter, item_key, published_at, word_filter


@pytest.mark.parametrize(
    ("question", "text", "fits"),
    [
        ("Are the ferries late?", "The ferry to Hull is back.", True),
        ("Are the ferries late?", "A different story, of ferrets.", False),
        ("What happens in the city?", "Cities grow.", True),
        ("What happens in the city?", "A citation of it.", False),
        ("Is the café open?", "Many cafés and one CAFE.", True),
        ("Is the cafe open?", "Das Café ist zu.", True),
        ("Wann fährt die Fähre?", "Die FÄHRE fährt um acht.", True),
        ("東京の天気", "今日の東京", True),
        ("東京の天気", "大阪の話", False),
        ("Паром опоздал?", "Где паром?", True),
        ("What is the latest news?", "Anything at all", True),
        ("", "Anything at all", True),
        ("Is the ferry late?", '<a href="https://x.example/ferry">Elsewhere</a>', False),
        ("C++ or (Rust)?", "Rust is out", True),
    ],
)
def test_an_item_fits_that_has_a_word_of_the_question_in_any_form(question: str, text: str, fits: bool) -> None:
    assert word_filter(question)(Document(text)) is fits


def test_titles_count_as_texts_do() -> None:
    assert word_filter("Is the ferry late?")(Document("...", title="Ferries"))


def item(number: int, text: str = "Something", *, day: int = 1) -> Document:
    return Document(text, title=f"N{number}", url=f"https://x.example/{number}", published=f"2026-11-{day:02}")


def test_what_none_fits_gets_the_newest_and_those_without_a_date_last() -> None:
    chosen = ItemFilter("Is the ferry late?", limit=100)
    items = [*(item(number, day=number) for number in range(1, 13)), Document("No date", title="N0")]
    assert not any(chosen.accepts(each) for each in items)
    assert [each.title for each in chosen.fallback_items()] == [f"N{number}" for number in range(12, 12 - NEWEST, -1)]


def test_when_something_fits_nothing_else_is_given() -> None:
    chosen = ItemFilter("Is the ferry late?", limit=100)
    assert [chosen.accepts(each) for each in (item(1), item(2, "The ferry"), item(3))] == [False, True, False]
    assert chosen.fallback_items() == ()


def test_it_takes_no_more_than_its_limit_and_looks_at_no_more_than_there_is_room_for() -> None:
    chosen = ItemFilter("", limit=2)
    assert [chosen.accepts(item(number)) for number in range(3)] == [True, True, False]
    chosen = ItemFilter("Is the ferry late?", limit=100, most=5)
    for number in range(5):
        assert not chosen.is_full
        chosen.accepts(item(number))
    assert chosen.is_full
    assert not chosen.accepts(item(5, "The ferry"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://x.example/1", "http://x.example/1/", True),
        ("https://x.example/1?utm_source=a&id=7", "https://x.example/1?id=7#top", True),
        ("https://x.example/1?id=7", "https://x.example/1?id=8", False),
        ("", "", True),
        ("", "https://x.example/1", False),
    ],
)
def test_an_item_is_known_again_by_its_address_and_title(one: str, other: str, same: bool) -> None:
    first, second = Document("a", title="Late", url=one), Document("a", title="late", url=other)
    assert (item_key(first) == item_key(second)) is same
    assert item_key(first) != item_key(Document("a", title="Other", url=one))


def rss(*titles: str) -> str:
    items = (f"<item><title>{title}</title><link>https://x.example/{title}</link></item>" for title in titles)
    return f"<rss><channel>{''.join(items)}</channel></rss>"


def server(**feeds_by_path: str | int):
    """One server with many feeds: a number is a status, and "hangs" never ends."""

    async def handler(request: web.Request) -> web.Response:
        seen = feeds_by_path[request.path.strip("/")]
        if seen == "hangs":
            await asyncio.Event().wait()
        return web.Response(status=seen) if isinstance(seen, int) else web.Response(text=seen)

    return handler


async def asked(url: str, *names: str, question: str = "What is new?", **options: float) -> tuple[list[str], str]:
    source = feeds(*(f"{url}/{name}" for name in names), client=Client(allow_private=True), **options)  # pyright: ignore
    titles: list[str] = []
    try:
        async for document in source(Question(question)):
            titles.append(document.title)
    except SourceError as error:
        return sorted(titles), str(error)
    finally:
        assert source.close is not None
        await source.close()
    return sorted(titles), ""


async def test_the_same_item_in_several_feeds_is_given_once(serve) -> None:
    url = await serve(server(a=rss("One", "Two"), b=rss("Two", "Three"), c=rss("One")))
    assert await asked(url, "a", "b", "c") == (["One", "Three", "Two"], "")


async def test_an_address_that_is_named_twice_is_asked_once(serve) -> None:
    url = await serve(server(a=rss("One")))
    assert await asked(url, "a", "a") == (["One"], "")


async def test_feeds_that_fail_are_told_when_the_others_have_ended(serve) -> None:
    url = await serve(server(a=rss("One"), b=500, c=rss("Two"), d=404))
    titles, error = await asked(url, "a", "b", "c")
    assert (titles, "500" in error, "/b)" in error) == (["One", "Two"], True, True)
    titles, error = await asked(url, "a", "b", "c", "d")
    assert (titles, error.startswith("2 of 4 feeds failed. The first: ")) == (["One", "Two"], True)


@pytest.mark.parametrize(("status", "kind", "transient"), [(429, "rate_limited", True), (404, "http_404", False)])
async def test_several_feeds_that_fail_are_a_failure_as_the_first_one(
    serve, status: int, kind: str, transient: bool
) -> None:
    url = await serve(server(a=status, b=status))
    source = feeds(f"{url}/a", f"{url}/b", client=Client(allow_private=True))
    with pytest.raises(SourceError, match=r"^2 of 2 feeds failed\. The first: ") as caught:
        await anext(aiter(source(Question("What is new?"))))
    assert source.close is not None
    await source.close()
    error = caught.value
    assert (error.kind, error.transient, isinstance(error, RateLimited)) == (kind, transient, status == 429)


async def test_a_feed_that_hangs_leaves_time_for_what_the_others_gave(serve) -> None:
    url = await serve(server(a=rss("One", "Two"), b="hangs"))
    titles, error = await asked(url, "a", "b", question="Is the ferry late?", timeout=0.5)
    assert titles == ["One", "Two"]
    assert "did not arrive in time" in error


ITEMS = st.lists(
    st.builds(
        Document,
        st.sampled_from(["The ferry sails.", "Ferries!", "Nothing of it.", "", "x"]) | st.text(max_size=20),
        title=st.sampled_from(["", "A", "a", "B"]),
        url=st.sampled_from(["", "https://x.example/a", "http://x.example/a/?utm_source=y#z", "http://[", "x"]),
        published=st.sampled_from(["", "2026-11-01", "2026-11-02T10:00:00+01:00", "0001-01-01", "soon"]),
    ),
    max_size=12,
)


@given(ITEMS, st.sampled_from(["Is the ferry late?", "What is new?"]), st.integers(1, 5))
def test_each_item_is_taken_once_and_those_that_do_not_fit_only_when_none_does(
    items: list[Document], question: str, limit: int
) -> None:
    chosen = ItemFilter(question, limit=limit)
    taken = [each for each in items if chosen.accepts(each)]
    rest = chosen.fallback_items()
    assert len({(item_key(each), each.text) for each in taken}) == len(taken) <= limit
    assert all(each.text and word_filter(question)(each) for each in taken)
    assert list(map(published_at, rest)) == sorted(map(published_at, rest), reverse=True)
    assert len(rest) <= (0 if taken else min(limit, NEWEST))


@given(st.text(max_size=30), st.text(max_size=10))
def test_the_same_item_is_known_again_however_its_address_is_decorated(path: str, title: str) -> None:
    one = Document("One.", title=title, url=f"http://x.example/{path}")
    assert item_key(one) == item_key(Document("Other.", title=title.casefold(), url=f"http://x.example/{path}"))
    if path.isalnum() and path.isascii():
        url = f"https://x.example/{path}/?utm_source=feed#top"
        assert item_key(Document("Other.", title=title, url=url)) == item_key(one)
