"""How much may be compared for one sentence, so that no text takes long to judge."""

MOST = 8_000
"""Comparisons of two terms, characters read, or steps of like cost: about 5 ms. Most sentences need a few hundred."""


class Work:
    """What is left of the comparisons for one sentence."""

    def __init__(self, left: int = MOST) -> None:
        self.left = left

    def take(self, steps: int) -> bool:
        """Whether so many steps were left, which they are no more."""
        self.left -= steps
        return self.left >= 0
