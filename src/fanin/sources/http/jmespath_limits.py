"""Evaluates JMESPath within a limit, since an expression can multiply the values that it finds without end."""

from typing import Any, cast

from jmespath.visitor import TreeInterpreter  # pyright: ignore[reportMissingTypeStubs]

from fanin.model import JSON

MOST_STEPS = 1_000_000
"""Steps of evaluating an expression on one value, which take about a second."""


def evaluate(parsed: Any, value: JSON) -> JSON:
    """What a parsed expression finds in a value. Raises ValueError beyond the limit, and where JMESPath does."""
    try:
        return cast("JSON", _Interpreter().visit(parsed, value))
    except RecursionError:
        raise ValueError("its expression is nested too deeply") from None


class _Interpreter(TreeInterpreter):
    def __init__(self) -> None:
        super().__init__()  # pyright: ignore[reportUnknownMemberType]
        self._steps = 0

    def visit(self, node: Any, *args: Any, **kwargs: Any) -> Any:
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise ValueError(f"its expression takes more than {MOST_STEPS:,} steps")
        return super().visit(node, *args, **kwargs)  # pyright: ignore
