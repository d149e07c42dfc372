"""Where words stand in a text: `fanin.text.words` gives them in lower case and says no place."""

from collections.abc import Iterator, Sequence

from fanin.text.word_lists import APOSTROPHE


def placed(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each of a text's words begins and ends in it; neighbouring pairs of an unspaced script overlap."""
    low = text.lower().replace(APOSTROPHE, "'").replace("_", " ")
    # "İ" is the one character that is longer in lower case.
    places = range(len(text)) if len(low) == len(text) else [at for at, each in enumerate(text) for _ in each.lower()]
    start = end = 0
    for word in words:
        overlaps = end - start == 2 and not word.isascii() and low.startswith(word, start + 1) and len(word) == 2
        start = start + 1 if overlaps else low.index(word, end)
        end = start + len(word)
        yield places[start], places[end - 1] + 1
