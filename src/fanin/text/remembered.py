"""Results of pure functions of a text that are kept for a while, within a limit on what they hold."""

from collections.abc import Callable
from functools import lru_cache, update_wrapper


def remembered[T](*, entries: int, characters: int) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """A decorator that keeps a function's last results: at most `entries`, of texts of at most `characters` together.

    Once more characters came than that, it forgets everything; so it holds one longer text at most. Looking a result
    up costs as much as with `functools.lru_cache`. The function must give results in proportion to its text.
    """

    def decorate(function: Callable[[str], T]) -> Callable[[str], T]:
        came = 0

        def counted(text: str) -> T:
            nonlocal came
            came += len(text)
            if came > characters:
                known.cache_clear()
                came = len(text)
            return function(text)

        known = lru_cache(maxsize=entries)(update_wrapper(counted, function))
        return known

    return decorate
