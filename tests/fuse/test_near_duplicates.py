"""Which of several passages are kept, and which others are merged into them, in the order of their rank."""

from collections.abc import Sequence

import pytest

from fanin.fuse.candidates import Candidate
from fanin.fuse.near_duplicates import MAX_PER_KEY, MIN_RESEMBLANCE, _alike, merge_duplicates
from fanin.model import Document
from fanin.text.word_overlap import plain, runs, sketch


def candidate(source: str, text: str, *, sketched: bool = False) -> Candidate:
    return Candidate(
        Document(text, source=source),
        1,
        text=text,
        start=0,
        length=len(text.split()),
        matches={},
        similarity=0.0,
        sentences=(),
        sketch=sketch(runs(plain(text.lower()))) if sketched else None,
    )


def merged(*texts: str, sketched: bool = False) -> list[list[int]]:
    """The numbers of the texts that are kept, each followed by those that are merged into it."""
    made = [candidate(str(number), text, sketched=sketched) for number, text in enumerate(texts)]
    kept = merge_duplicates(made)
    return [[int(each.document.source), *(int(other.document.source) for other in each.also)] for each in kept]


def words(count: int, *others: str) -> str:
    """So many words, of which the last ones are others."""
    letters = str.maketrans("0123456789", "abcdefghij")
    return " ".join([*(f"w{number}".translate(letters) for number in range(count - len(others))), *others])


ALL, THREE, FOUR = words(19), words(19, "x", "y", "z"), words(19, "x", "y", "z", "v")


@pytest.mark.parametrize("sketched", [False, True])
@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        ((), []),
        ((ALL,), [[0]]),
        ((ALL, "Nothing like it."), [[0], [1]]),
        ((ALL, ALL), [[0, 1]]),
        ((ALL, THREE), [[0, 1]]),
        ((ALL, FOUR), [[0], [1]]),
        ((THREE, ALL), [[0, 1]]),
        ((ALL, "Nothing like it.", ALL, THREE), [[0, 2, 3], [1]]),
        ((FOUR, ALL, THREE), [[0, 2], [1]]),
        (("It is so.", "It is so."), [[0, 1]]),
        (("So.", "So."), [[0, 1]]),
        (("It is so in Rome.", "It is so in Bonn."), [[0], [1]]),
    ],
    ids=range(12),
)
def test_a_passage_is_merged_into_an_earlier_one_that_is_nearly_the_same(
    texts: Sequence[str], kept: list[list[int]], sketched: bool
) -> None:
    assert MIN_RESEMBLANCE == 0.7
    assert merged(*texts, sketched=sketched) == kept


def test_a_name_or_a_number_more_is_kept() -> None:
    base = words(40)
    assert merged(base, f"{base} Rome") == [[0], [1]]
    assert merged(f"{base} Rome", base) == [[0, 1]]
    assert merged(f"{base} 18", f"{base} 21") == [[0], [1]]


def test_equal_texts_are_merged_whatever_they_deny() -> None:
    assert merged("It is not Rome, 18.", "It is not Rome, 18.") == [[0, 1]]


def test_punctuation_and_case_make_no_difference() -> None:
    text = words(30)
    assert merged(text, f"({text}!)", text.replace(" wbc ", " wbc, ")) == [[0, 1, 2]]


def test_a_passage_is_merged_into_the_most_similar_of_several() -> None:
    first, second = words(30, "x", "y", "z", "u", "v"), words(30)
    assert merged(first, second, words(30, "t")) == [[0], [1, 2]]


def test_boilerplate_in_many_passages_makes_none_of_them_equal_and_hides_no_copy() -> None:
    texts = [
        f"all rights are reserved by us. {words(9, *(f'{letter}{at}x' for at in range(9)))}"
        for letter in "abcdefghijklmn"
    ]
    assert len(texts) > MAX_PER_KEY
    kept = merged(*texts, texts[-1])
    assert kept == [[number] for number in range(len(texts) - 1)] + [[len(texts) - 1, len(texts)]]


def test_passages_with_and_without_a_sketch_are_merged_too() -> None:
    kept = merge_duplicates([candidate("a", ALL, sketched=True), candidate("b", THREE), candidate("c", FOUR)])
    assert [(each.document.source, [other.document.source for other in each.also]) for each in kept] == [
        ("a", ["b"]),
        ("c", []),
    ]


def test_letters_of_other_scripts_are_compared_as_well() -> None:
    text = (
        "Große Schiffe fahren heute nicht über den See, weil der Wind zu stark für sie ist und bleibt, wie alle sagen"
    )
    assert merged(text, text.replace("weil", "da"), text.replace("heute", "morgen und gestern und heute")) == [
        [0, 1],
        [2],
    ]


def test_words_that_were_read_before_are_compared_with_those_that_are_read_now() -> None:
    one, other = (candidate(name, f"The Harbour {ALL}{end}") for name, end in (("a", "."), ("b", "!")))
    one.words = plain(one.text.lower())
    assert merge_duplicates([one, other]) == [one]
    assert one.also == (other,)


@pytest.mark.parametrize(("shared", "compared"), [(1, []), (2, [0]), (8, [0])])
def test_passages_are_compared_from_a_quarter_of_the_keys_on(shared: int, compared: list[int]) -> None:
    assert _alike(frozenset(range(8)), dict.fromkeys(range(shared), (0,))) == compared


def test_a_passage_is_compared_with_the_eight_that_share_the_most_keys() -> None:
    known = {key: range(key, 12) for key in range(8)}
    assert _alike(frozenset(range(8)), known) == [*range(7, 12), 6, 5, 4]
