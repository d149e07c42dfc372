"""A worker may be stopped at any line: what it did before must not change what it does next."""

import sys
from types import FrameType
from typing import Any

from fanin.model import Document
from fanin.process import analyze
from fanin.text import question_terms, words

TEXT = "Rain crosses Lisbon on Tuesday. 天気は晴れです。 The wind, naïvely, turns."
QUESTION = "Does it rain in Lisbon?"


class Stop(BaseException):
    pass


def forget() -> None:
    for cache in (words.stem, question_terms.question_terms, words._english_class, words._any_script):
        cache.cache_clear()
    for name in [name for name in sys.modules if name.startswith("fanin_snowball")]:
        del sys.modules[name]


def stopped_after(lines: int) -> bool:
    """Analyse, and raise in the middle after so many lines; whether it came to that."""
    left = lines

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal left
        left -= event == "line"
        # Not within the import system: stopped there, it keeps its lock, and no other thread can import any more.
        if left < 0 and not frame.f_code.co_filename.startswith("<frozen importlib"):
            raise Stop
        return trace

    sys.settrace(trace)
    try:
        analyze(QUESTION, Document(TEXT))
    except Stop:
        return True
    finally:
        sys.settrace(None)
    return False


def test_an_analysis_that_was_stopped_anywhere_leaves_the_next_one_as_it_should_be():
    forget()
    expected = analyze(QUESTION, Document(TEXT))
    stops = 0
    for lines in [*range(0, 400, 7), *range(400, 60_000, 331)]:
        forget()
        if not stopped_after(lines):
            break
        stops += 1
        assert analyze(QUESTION, Document(TEXT)) == expected
    assert stops > 50
