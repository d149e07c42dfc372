"""Evaluates JMESPath within a limit, since an expression can multiply the values that it finds without end."""

from typing import Any, cast
from urllib.parse import quote

from jmespath import functions  # pyright: ignore[reportMissingTypeStubs]
from jmespath.visitor import Options, TreeInterpreter  # pyright: ignore[reportMissingTypeStubs]

from fanin.model import JSON


def evaluate(parsed: Any, value: JSON, *, most: int, quoted: bool = False) -> JSON:
    """What a parsed expression finds in a value. Raises ValueError beyond so many steps, and where JMESPath does.

    `quoted`: the expression makes an address, so what it joins behind a "=" is quoted: a cursor may hold "+" or "&".
    """
    try:
        return cast("JSON", _Interpreter(most, quoted=quoted).visit(parsed, value))
    except RecursionError:
        raise ValueError("its expression is nested too deeply") from None


class _AddressFunctions(functions.Functions):
    @functions.signature({"types": ["string"]}, {"types": ["array-string"]})  # pyright: ignore
    def _func_join(self, between: str, parts: list[str]) -> str:
        pieces = parts[:1]
        for part in parts[1:]:
            before = between or pieces[-1]
            pieces += (between, quote(part, safe="") if before.endswith("=") else part)
        return "".join(pieces)


class _Interpreter(TreeInterpreter):
    def __init__(self, most: int, *, quoted: bool) -> None:
        super().__init__(Options(custom_functions=_AddressFunctions()) if quoted else None)  # pyright: ignore
        self._most = most
        self._steps = 0

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        self._steps += 1
        if self._steps > self._most:
            raise ValueError(f"its expression takes more than {self._most:,} steps")
        return super().visit(node, *args, **kwargs)  # pyright: ignore
