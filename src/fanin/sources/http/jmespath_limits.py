"""Evaluates JMESPath within a limit, since an expression can multiply the values that it finds without end."""

from typing import Any, cast

from jmespath.visitor import TreeInterpreter  # pyright: ignore[reportMissingTypeStubs]

from fanin.model import JSON


def evaluate(parsed: Any, value: JSON, *, most: int) -> JSON:
    """What a parsed expression finds in a value. Raises ValueError beyond so many steps, and where JMESPath does."""
    try:
        return cast("JSON", _Interpreter(most).visit(parsed, value))
    except RecursionError:
        raise ValueError("its expression is nested too deeply") from None


class _Interpreter(TreeInterpreter):
    def __init__(self, most: int) -> None:
        super().__init__()  # pyright: ignore[reportUnknownMemberType]
        self._most = most
        self._steps = 0

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        self._steps += 1
        if self._steps > self._most:
            raise ValueError(f"its expression takes more than {self._most:,} steps")
        return super().visit(node, *args, **kwargs)  # pyright: ignore
