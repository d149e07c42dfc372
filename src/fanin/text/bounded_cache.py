"""Results of pure functions of texts that are kept for a while, within a limit on what they hold."""

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import cast


def remembered[**P, T](*, entries: int, characters: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A decorator that keeps a function's last results: at most `entries`, of texts of at most `characters` together.

    Once more characters came than that, it forgets everything; so it holds one longer text at most. Looking a result
    up costs as much as with `functools.lru_cache`. The function takes texts by their place, and must give results in
    proportion to them.
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
