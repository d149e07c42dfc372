"""The pieces of text that a PDF's page shows, each with its place: what its operators draw (ISO 32000, chapter 9)."""

from collections.abc import Iterator, Mapping, Sequence
from math import hypot
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from fanin.documents.layout.reading_order import WORD_GAP, Piece

if TYPE_CHECKING:
    from pypdf import PageObject
    from pypdf.generic import DictionaryObject

type _Matrix = tuple[float, float, float, float, float, float]

_SAME = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_SHOWING = (b"Tj", b"TJ", b"'", b'"', b"Do")
_MOST_FORMS, _DEEPEST = 500, 8
"""Forms that a page may draw, and how deep one may stand in others."""

_LONGEST = 1_000
"""Characters of a piece, so that joining pieces takes time in proportion to their number."""


class PageFont(NamedTuple):
    """How the bytes of a font are read: their characters, the text of each, and its width in thousandths."""

    encoding: str
    texts: Mapping[int, str]
    widths: Mapping[str, float]
    default: float
    space: str

    def read(self, content: bytes) -> tuple[str, str, float]:
        """The characters, the text and the width of bytes."""
        characters = content.decode(self.encoding, "replace")
        default, known = self.default, self.widths
        return characters, characters.translate(self.texts), sum([known.get(each, default) for each in characters])


type Fonts = dict[tuple[int, int], PageFont | None]
"""The fonts of a document that were read, by the numbers of their objects."""


class _State(NamedTuple):
    """What `q` keeps and `Q` brings back."""

    matrix: _Matrix = _SAME
    font: PageFont | None = None
    size: float = 0.0
    Tc: float = 0.0
    Tw: float = 0.0
    Tz: float = 100.0
    TL: float = 0.0
    Ts: float = 0.0


def pdf_pieces(page: PageObject, fonts: Fonts) -> list[Piece]:
    """The pieces of a page in the order in which they are drawn; what is turned has no height.

    `fonts` are kept from page to page. Raises whatever pypdf raises of a broken page.
    """
    from pypdf.generic import ContentStream, DictionaryObject

    if (contents := page.get("/Contents")) is None:
        return []
    canvas = _Canvas(page.pdf, fonts)
    stream = ContentStream(contents.get_object(), page.pdf, "bytes")
    resources = page.get("/Resources", DictionaryObject()).get_object()
    canvas.draw(stream, cast("DictionaryObject", resources), depth=0)
    return canvas.pieces


class _Canvas:
    """Draws the operators of a page and of the forms within it, and keeps the pieces of text."""

    def __init__(self, document: Any, fonts: Fonts) -> None:
        self.pieces = list[Piece]()
        self._document = document
        self._fonts = fonts
        self._forms = 0
        self._state = _State()
        self._line: _Matrix = _SAME
        self._text: _Matrix = _SAME

    def draw(self, stream: Any, resources: DictionaryObject, *, depth: int) -> None:
        """Draw the operators of a page or a form."""
        data = stream.get_data()
        if not any(operator in data for operator in _SHOWING):
            return
        named, kept = _named_fonts(resources, self._fonts), list[_State]()
        for operands, operator in stream.operations:
            match operator:
                case b"q":
                    kept.append(self._state)
                case b"Q" if kept:
                    self._state = kept.pop()
                case b"cm":
                    self._state = self._state._replace(matrix=_times(_matrix(operands), self._state.matrix))
                case b"Tf":
                    self._state = self._state._replace(font=named.get(operands[0]), size=float(operands[1]))
                case b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Ts":
                    self._set(operator.decode(), operands[0])
                case b"Do" if depth < _DEEPEST:
                    self._form(resources, operands[0], depth)
                case _:
                    self._of_text(operator, operands)

    def _of_text(self, operator: bytes, operands: Sequence[Any]) -> None:
        match operator:
            case b"Tj":
                self._show(operands[:1])
            case b"TJ":
                self._show(operands[0])
            case b"Td":
                self._move(*operands[:2])
            case b"TD":
                self._set("TL", -operands[1])
                self._move(*operands[:2])
            case b"Tm":
                self._line = self._text = _matrix(operands)
            case b"BT":
                self._line = self._text = _SAME
            case b"T*":
                self._move(0, -self._state.TL)
            case b"'":
                self._move(0, -self._state.TL)
                self._show(operands[:1])
            case b'"':
                self._set("Tw", operands[0])
                self._set("Tc", operands[1])
                self._move(0, -self._state.TL)
                self._show(operands[2:3])
            case _:
                pass

    def _set(self, name: str, value: Any) -> None:
        self._state = self._state._replace(**{name: float(value)})

    def _move(self, x: Any, y: Any) -> None:
        self._line = self._text = _times((1.0, 0.0, 0.0, 1.0, float(x), float(y)), self._line)

    def _form(self, resources: DictionaryObject, name: Any, depth: int) -> None:
        from pypdf.generic import ContentStream, DictionaryObject

        forms = resources.get("/XObject", DictionaryObject()).get_object()
        form = forms[name].get_object() if name in forms else None
        self._forms += 1
        if form is None or form.get("/Subtype") != "/Form" or self._forms > _MOST_FORMS:
            return
        before = self._state, self._line, self._text
        self._state = self._state._replace(matrix=_times(_matrix(form.get("/Matrix", _SAME)), self._state.matrix))
        own = form.get("/Resources", resources).get_object()
        self.draw(ContentStream(form, self._document, "bytes"), own, depth=depth + 1)
        self._state, self._line, self._text = before

    def _show(self, shown: Sequence[Any]) -> None:
        """Show bytes, and move by the numbers between them."""
        font, size, scale = self._state.font, self._state.size, self._state.Tz / 100.0
        if font is None:
            return
        for each in shown:
            if isinstance(each, bytes):
                characters, text, width = font.read(each)
                spaced = len(characters) * self._state.Tc + characters.count(font.space) * self._state.Tw
                self._put(text, (size * width / 1000.0 + spaced) * scale, size)
            elif isinstance(each, (int, float)):
                self._advance(-size * each / 1000.0 * scale)

    def _put(self, text: str, width: float, size: float) -> None:
        a, b, _, d, x, y = _times(self._text, self._state.matrix)
        turned = abs(b) > abs(a) or (a < 0 and d < 0)
        height = 0.0 if turned else abs(size) * hypot(b, d)
        base = (y if d < 0 else -y) - self._state.Ts * abs(d)
        self._advance(width)
        last = self.pieces[-1] if self.pieces else None
        right = x + width * a
        if last is None or last.height != height or abs(last.base - base) > 0.01 or not _follows(last, x, height):
            self.pieces.append(Piece(x, right, base, height, text))
            return
        apart = x - last.right > WORD_GAP * height and not last.text.endswith(" ") and not text.startswith(" ")
        self.pieces[-1] = Piece(last.left, right, base, height, f"{last.text}{' ' * apart}{text}")

    def _advance(self, width: float) -> None:
        a, b, c, d, x, y = self._text
        self._text = (a, b, c, d, x + width * a, y + width * b)


def _follows(last: Piece, left: float, height: float) -> bool:
    """Whether what stands at `left` goes on with a piece: it begins where that ends, or a space behind it."""
    return len(last.text) < _LONGEST and -0.3 * height <= left - last.right <= 0.5 * height


def _times(one: _Matrix, other: _Matrix) -> _Matrix:
    a, b, c, d, e, f = one
    A, B, C, D, E, F = other  # noqa: N806 - as in the standard
    return a * A + b * C, a * B + b * D, c * A + d * C, c * B + d * D, e * A + f * C + E, e * B + f * D + F


def _matrix(operands: Sequence[Any]) -> _Matrix:
    a, b, c, d, e, f = map(float, operands[-6:])
    return a, b, c, d, e, f


def _named_fonts(resources: DictionaryObject, fonts: Fonts) -> Mapping[str, PageFont | None]:
    found = resources.get("/Font")
    if found is None:
        return {}
    return dict(_read_fonts(found.get_object(), fonts))


def _read_fonts(found: Any, fonts: Fonts) -> Iterator[tuple[str, PageFont | None]]:
    for name in found:
        reference = found.raw_get(name)
        key = (getattr(reference, "idnum", 0), getattr(reference, "generation", 0))
        if key not in fonts or not key[0]:
            fonts[key] = _font(found[name])
        yield name, fonts[key]


def _font(resource: Any) -> PageFont | None:
    """How a font is read; None if nobody knows what its bytes mean."""
    from pypdf.generic._font import Font

    font = Font.from_font_resource(resource)
    if not font.interpretable:
        return None
    default = font.character_widths.get("default", 500.0)
    widths = {**font.character_widths, font.space_char: font.space_width}
    if isinstance(font.encoding, str):
        texts = {ord(code): text for code, text in font.character_map.items() if len(code) == 1}
        return PageFont(font.encoding, texts, widths, default, font.space_char)
    named = {code: font.encoding.get(code, chr(code)) for code in range(256)}
    texts = {code: "".join([font.character_map.get(each, each) for each in text]) for code, text in named.items()}
    return PageFont("latin-1", texts, widths, default, font.space_char)
