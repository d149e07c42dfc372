"""What the news service says: an RSS 2.0 feed, in pieces of one item each."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

from fanin.testing.services.texts import read

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0"><channel>
<title>The Merrow Courier</title>
<link>https://courier.example/</link>
<description>News of Port Merrow, a town that does not exist</description>
<language>en</language>
"""
TAIL = "</channel></rss>\n"


def items(*, now: datetime) -> Sequence[str]:
    """The feed's items, newest first, dated before `now`."""
    return [
        _item(each["title"], each["text"], now - timedelta(minutes=each["minutes"])) for each in read("news")["items"]
    ]


def _item(title: str, text: str, published: datetime) -> str:
    address = f"https://courier.example/{published:%Y/%m/%d}/{'-'.join(re.findall(r'[a-z]+', title.lower())[:6])}"
    return (
        f"<item><title>{escape(title)}</title><link>{escape(address)}</link>"
        f"<guid>{escape(address)}</guid><pubDate>{format_datetime(published)}</pubDate>"
        f"<description>{escape(text.strip())}</description></item>\n"
    )
