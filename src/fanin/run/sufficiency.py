"""When a question may end early: at so many sources with something to say, or when a rule of the caller's says so."""

import math
from collections.abc import Callable

from fanin.durations import shown
from fanin.errors import ConfigError, describe
from fanin.log import logger
from fanin.model import Answer

type Enough = Callable[[Answer], bool]


class Sufficiency:
    """Judges what has arrived; `judges_answers` says whether it needs the answer so far, which takes time to build."""

    def __init__(self, enough: Enough | int | None) -> None:
        self._enough = enough
        self.note = ""

    @property
    def judges_answers(self) -> bool:
        """Whether `reached` looks at answers."""
        return callable(self._enough)

    def reached(self, delivered: int, answer: Answer | None) -> bool:
        """Whether it is enough that so many sources have delivered, or that this is the answer so far.

        A rule that raises is dropped, and `note` says so: the caller's mistake must not cost the answer.
        """
        if isinstance(self._enough, int):
            return delivered >= self._enough
        if self._enough is None or answer is None:
            return False
        try:
            return bool(self._enough(answer))
        except Exception as error:  # noqa: BLE001 - see above
            self._enough = None
            self.note = f"enough: it raised {describe(error)}; fanin waited for every source."
            logger.warning("%s %s", answer.question_id, self.note)
            return False


def checked(enough: float | Enough | None) -> float | Enough | None:
    """The setting itself if it is valid; raises ConfigError otherwise."""
    match enough:
        case bool():
            pass
        case int() if enough >= 1:
            return enough
        case float() if 0 < enough <= 1:
            return enough
        case _ if enough is None or callable(enough):
            return enough
        case _:
            pass
    raise ConfigError(
        f"enough is {shown(enough)}; fanin did not start. Give a number of sources (1, 2, …), a share of them (0.0 to"
        " 1.0), or a function of the answer so far."
    )


def needed(enough: float | Enough | None, planned: int) -> int | Enough | None:
    """A share of the planned sources as a number of them."""
    return max(1, math.ceil(enough * planned)) if isinstance(enough, float) else enough
