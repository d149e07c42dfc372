"""Formulas in MathML as text: E = mc^2, (a + b)/2, √(x) (pure)."""

from collections.abc import Sequence
from typing import Any

_LEFT_OUT = frozenset(("annotation", "annotation-xml"))
_RELATIONS = frozenset("=≠<>≤≥≈≡→⇒⇔↔∈⊂⊆±+-·\u2212\u00d7\u22c5\u223c")
_EACH = {"msup": ("^",), "msub": ("_",), "mfrac": ("/",), "munder": ("_",), "mover": ("^",)}
_BETWEEN = {"msubsup": ("_", "^"), "munderover": ("_", "^"), **_EACH}


def formula_parts(name: str, children: Sequence[Any]) -> Sequence[Any]:
    """The parts of an element of a formula, with the signs that stand for its form between them."""
    parts = [each for each in children if each.name not in _LEFT_OUT and not _is_space(each)]
    if name == "msqrt":
        return ["√(", *parts, ")"]
    if name == "mroot":
        return ["√[", *parts[1:2], "](", *parts[:1], ")"]
    if name == "mtr":
        return [each for part in parts for each in (part, " ")]
    if name == "mtable":
        return [each for part in parts for each in (part, "; ")][:-1]
    if name in ("mo", "mtext"):
        return _spaced(parts)
    if signs := _BETWEEN.get(name):
        written = list[Any]()
        for number, part in enumerate(parts):
            written += [signs[min(number, len(signs)) - 1]] if number else []
            written += ["(", part, ")"] if _is_long(part) else [part]
        return written
    return parts


def _is_space(node: Any) -> bool:
    return node.name == "#text" and not str(node.data or "").strip()


def _spaced(parts: Sequence[Any]) -> Sequence[Any]:
    sign = "".join(str(each.data or "") for each in parts if each.name == "#text").strip()
    return [f" {sign} "] if sign in _RELATIONS else parts


def _is_long(node: Any) -> bool:
    """Whether it needs brackets as a part of a fraction or an exponent."""
    while node.name in ("mrow", "mstyle", "mpadded") and len(_inner(node)) == 1:
        node = _inner(node)[0]
    return node.name in ("mrow", "mfrac") and len(_inner(node)) > 1


def _inner(node: Any) -> Sequence[Any]:
    return [each for each in node.children or () if not _is_space(each)]
