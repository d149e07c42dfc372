"""What holds of numbers however they are written."""

from hypothesis import given
from hypothesis import strategies as st

from fanin.text.claims.numerals import number_in_digits
from fanin.text.languages.number_words import number_in_words

SEPARATORS = {"en": (",", "."), "de": (".", ",")}
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ONES = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


@given(
    st.integers(0, 10**12), st.from_regex(r"[0-9]{0,6}", fullmatch=True), st.sampled_from(["en", "de"]), st.booleans()
)
def test_a_number_in_digits_is_read_by_the_rules_of_its_language(
    whole: int, decimals: str, language: str, grouped: bool
) -> None:
    group, point = SEPARATORS[language]
    digits = f"{whole:,}".replace(",", group) if grouped and (whole >= 1_000_000 or decimals) else str(whole)
    text = f"{digits}{point}{decimals}" if decimals else digits
    number = float(f"{whole}.{decimals}0")
    assert number_in_digits(text, language) == (number, len(decimals))  # pyright: ignore


@given(st.integers(0, 7), st.integers(0, 8), st.integers(0, 8), st.booleans())
def test_a_number_in_words_is_read_as_a_whole(tens: int, ones: int, hundreds: int, joined: bool) -> None:
    words = [ONES[hundreds], "hundred", *(["and"] if joined else []), TENS[tens], "-", ONES[ones]]
    value = 100 * (hundreds + 1) + 10 * (tens + 2) + ones + 1
    assert number_in_words([*words, "boats"], "en") == (value, len(words))
    assert number_in_words([*words, "thousand", "boats"], "en") == (1000 * value, len(words) + 1)


@given(
    st.lists(
        st.sampled_from(["a", "half", "hundred", "and", "-", "million", "twenty", "two", "dozen", "boat", ""]),
        min_size=1,
    )
)
def test_any_words_begin_with_a_number_of_some_of_them_or_with_none(words: list[str]) -> None:
    value, taken = number_in_words(words, "en") or (1.0, 1)
    assert value >= 0.0
    assert 1 <= taken <= len(words)
