"""Where words stand in a text: `fanin.text.words` gives them folded and says no place."""

from collections.abc import Iterator, Sequence

from fanin.text.folding import folded_places, place_after
from fanin.text.word_lists import APOSTROPHE


def placed(text: str, words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where each of a text's words begins and ends in it; neighbouring pairs of an unspaced script overlap."""
    plain, places = folded_places(text)
    low = plain.replace(APOSTROPHE, "'").replace("_", " ")
    start = end = 0
    for word in words:
        overlaps = end - start == 2 and not word.isascii() and low.startswith(word, start + 1) and len(word) == 2
        start = start + 1 if overlaps else low.index(word, end)
        end = start + len(word)
        yield places[start], place_after(places, end, len(text))
