"""A cache for pure functions of texts, limited by the characters that it holds."""

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import cast


def cache_texts[**P, T](*, entries: int, characters: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A decorator that caches results: at most `entries`, of texts with at most `characters` together.

    Beyond `characters` the cache is cleared, so that it holds at most one longer text. A look-up costs as much as with
    `functools.lru_cache`. The function takes texts as positional arguments; its results must be of proportional size.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        came = 0

        def counted(*texts: P.args, **named: P.kwargs) -> T:
            nonlocal came
            size = sum(map(len, cast("tuple[str, ...]", texts)))
            came += size
            if came > characters:
                known.cache_clear()
                came = size
            return function(*texts, **named)

        known = lru_cache(maxsize=entries)(update_wrapper(counted, function))
        return cast("Callable[P, T]", known)

    return decorate
