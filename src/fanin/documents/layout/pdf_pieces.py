"""The pieces of text of a PDF's page, each with its place, as pypdf's layout mode finds them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from fanin.documents.layout.reading_order import Piece

if TYPE_CHECKING:
    from pypdf import PageObject


def pdf_pieces(page: PageObject) -> Iterator[Piece]:
    """The pieces of a page, without what stands in forms within it, or is turned."""
    from pypdf._text_extraction import _layout_mode as layout  # pyright: ignore[reportPrivateUsage]
    from pypdf.generic import ContentStream

    if (contents := page.get_contents()) is None:
        return
    operations = iter(ContentStream(contents, page.pdf, "bytes").operations)
    fonts = page._layout_mode_fonts()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    groups: list[Any] = layout.text_show_operations(operations, fonts)
    for each in groups:
        base = -each["ty"] * each["flip_sort"]
        yield Piece(each["tx"], each["displaced_tx"], base, each["font_height"] or 1.0, each["text"])
