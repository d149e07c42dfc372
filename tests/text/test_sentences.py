# ruff: noqa: RUF001  other scripts are the subject


import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.text.sentences import LONGEST, is_code, is_prose, sentences

PIECES = st.lists(
    st.sampled_from(
        ["Mr. ", "U.S. ", "3.14 ", "e.g. ", "\n", "\n\n", "... ", "! ", "? ", ". ", '." ', "。", "」", "- "]
    )
    | st.sampled_from(["1. ", "word ", "Word ", "https://a.example/b.c?d=e. ", "\t", "x" * 400, "(", ")", "“", "”"])
    | st.text(max_size=4)
).map("".join)


def read(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@given(PIECES)
def test_spans_are_ordered_apart_trimmed_and_hold_every_word(text: str):
    spans = sentences(text)
    end = 0
    for start, stop in spans:
        assert end <= start < stop <= end + len(text)
        assert text[end:start].strip() == ""
        assert text[start:stop] == text[start:stop].strip()
        assert stop - start <= LONGEST
        end = stop
    assert text[end:].strip() == ""


@given(PIECES, PIECES)
def test_what_follows_an_empty_line_does_not_change_what_is_before_it(first: str, second: str):
    before = sentences(first + "\n\n")
    assert sentences(first + "\n\n" + second)[: len(before)] == before


@pytest.mark.parametrize(
    "expected",
    [
        ["Dr. Smith came at 10 a.m. on Monday.", "He left."],
        ["He met J. R. R. Tolkien and Mrs. Jones of Acme Inc. in Rome.", "They talked."],
        ["It costs 3.14 dollars (approx. 5 euros).", "That is much."],
        ["She lives in the U.S.", "The house is old."],
        ["The U.S. President spoke."],
        ["He said no.", "Then he left."],
        ["See No. 5 and fig. 3 there.", "Good."],
        ['"Stop!" he said.', '"Why?"', "Nobody knew."],
        ["See https://a.example/x.html?y=1.5.", "It is short."],
        ["Wait... what is it?", "Nothing!"],
        ["He was gone...", "Nobody saw him."],
        ["Really?!", "Yes."],
        ["Take vitamin C.", "It helps."],
        ["Es war der 3. Mai 2024.", "Am 24. November regnete es."],
        ["Born on Jan. 5 in St. Ives.", "Died there."],
        ["(This is an aside.)", "This is not."],
        ["e.g. this one is small.", "That one is not."],
    ],
    ids=lambda expected: expected[0],
)
def test_western_sentences(expected: list[str]):
    assert read(" ".join(expected)) == expected


def test_chinese_and_japanese_need_no_space_after_a_full_stop():
    assert read("天気は晴れです。明日は雨でしょう！「はい。」と言った。") == [
        "天気は晴れです。",
        "明日は雨でしょう！",
        "「はい。」と言った。",
    ]


def test_hindi_ends_with_a_danda():
    assert read("यह एक वाक्य है। यह दूसरा है।") == ["यह एक वाक्य है।", "यह दूसरा है।"]


def test_headings_and_items_stand_alone():
    text = "Weather report\nLisbon and around\n- rain in the morning\n- sun later\n1. First thing\n2) Second thing"
    assert read(text) == text.split("\n")


def test_a_line_that_was_wrapped_at_the_margin_goes_on():
    wrapped = "This sentence was wrapped by a program at the margin, so it\nContinues on the next line, and\nends here."
    assert read(wrapped) == [wrapped]


def test_an_empty_line_ends_a_sentence_that_has_no_full_stop():
    assert read("this goes on for long enough to be wrapped at a margin \n \nand here is more") == [
        "this goes on for long enough to be wrapped at a margin",
        "and here is more",
    ]


@pytest.mark.parametrize(
    ("sentence", "prose"),
    [
        ("Rain is expected in Lisbon.", True),
        ("It rains.", False),
        ("“It rains in Lisbon.”", True),
        ("Home | News | Weather | Sport | Contact | About | Imprint | Privacy | More", False),
        ("Weather report", False),
        ("rain in the morning then sun in the afternoon and evening", True),
        ("明日は雨でしょう。", True),
    ],
)
def test_prose_says_something_by_itself(sentence: str, prose: bool):
    assert is_prose(sentence) is prose


@pytest.mark.parametrize(
    "unit",
    [
        ".",
        ". ",
        '."',
        "\n",
        " ",
        "\n ",
        "A\n",
        "Mr. ",
        "a.b.",
        "1. ",
        "'\" ",
        "天",
        "。",
        "ab\n",
        "?!",
        'a. "',
        "x " * 9,
    ],
)
def test_hostile_text_takes_work_in_proportion_to_its_length(unit: str, grows_in_proportion):
    grows_in_proportion(sentences, unit)


def test_a_row_of_full_stops_that_ends_nothing_is_read_once(grows_in_proportion):
    grows_in_proportion(lambda text: sentences(text + "x"), ".")
    assert len(sentences("." * 10_000 + "x")) == 10 + 1


def test_one_full_stop_before_a_sea_of_quotes_and_spaces_is_read_once(grows_in_proportion):
    grows_in_proportion(lambda text: sentences(text + " " * len(text) + "x"), '"', head="End. ")


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("```toml store = 1", True),
        ('store = "answers.sqlite"  # beside this file', True),
        ("[sources.weather]\nkind = 1", False),
        ("| kind | what it asks |", True),
        ("$ fanin ask now", True),
        ('{"text": "row"}', True),
        ("return answers;", True),
        ("$5 a day is what the lift costs.", False),
        ("> It was quoted from a mail.", False),
        ("[1] It rains in Paris (light rain).", False),
        ("Set `deadline = 3` in the file.", False),
    ],
)
def test_code_and_table_rows_are_told_from_prose(sentence: str, code: bool) -> None:
    assert is_code(sentence) is code


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Run it:\n\n```sh\nmake all\nmake run\n```\n\nDone.", ["Run it:", "```sh\nmake all\nmake run\n```", "Done."]),
        ("~~~\na. B\n\nc\n~~~", ["~~~\na. B\n\nc\n~~~"]),
        ("1. Do:\n   ```\n   x\n   ```\n2. Rest.", ["1. Do:", "```\n   x\n   ```", "2. Rest."]),
        ("````\n```\nx\n```\n````\nEnd.", ["````\n```\nx\n```\n````", "End."]),
        ("```\nx\n```\n```\ny\n```", ["```\nx\n```", "```\ny\n```"]),
        ("Open:\n```sh\nmake all. Then rest.", ["Open:", "```sh\nmake all.", "Then rest."]),
        ("Use ``` for code. It is a mark.", ["Use ``` for code.", "It is a mark."]),
    ],
)
def test_a_block_of_code_is_one_sentence_with_its_fences(text: str, found: list[str]) -> None:
    assert read(text) == found


def test_fences_that_nothing_ends_take_no_longer_than_other_lines() -> None:
    assert len(read("```a\n" * 50_000)) > 1
