# ruff: noqa: RUF001  other scripts are the subject

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.text.folding import folded, folded_places, visible, without_accents
from fanin.text.words import words

SAME = [
    ("Genossen\u00adschaft", "genossenschaft"),
    ("نامه\u200cها", "نامهها"),
    ("क्\u200dष", "क्ष"),
    ("👩\u200d🔬", "👩🔬"),
    ("❤\ufe0f", "❤"),
    ("Donau\u200bdampf", "Donaudampf"),
    ("no\u2060break", "nobreak"),
    ("\ufeffFirst", "first"),
    ("STRASSE", "straße"),
    ("ΟΔΟΣ", "οδος"),
    ("ﬁle", "file"),
    ("Ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
    ("ｶﾞｲﾄﾞ", "ガイド"),
    ("cafe\u0301", "café"),
    ("Ⅻ", "xii"),
    ("２０２６", "2026"),
    ("각", "\u1100\u1161\u11a8"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_looks_alike_is_the_same_when_folded(one: str, other: str) -> None:
    assert folded(one) == folded(other)
    assert words(one) == words(other)


def test_signs_behind_a_name_do_not_become_its_letters() -> None:
    assert words("Core™ and Zapp®") == words("core and zapp")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Unter\u00adneh\u00admen", "Unternehmen"),
        ("می\u200cروم", "می\u200cروم"),
        ("👩\u200d👩\u200d👦", "👩\u200d👩\u200d👦"),
        ("שלום\u200f!", "שלום!"),
        ("plain", "plain"),
    ],
)
def test_only_what_has_no_width_and_joins_nothing_is_left_out_of_a_shown_text(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(
    st.text()
    | st.text(st.sampled_from("aß\u00ad\u200dﬁİ각\u1100\u1161\u11a8e\u0301\u0345ΣΣ \u0915\u093cｶﾞ™…\u09c7\u09be"))
)
def test_each_folded_character_has_its_place(text: str) -> None:
    plain, places = folded_places(text)
    assert plain == folded(text)
    assert [*places] == sorted(places)
    assert len(places) == len(plain)
    assert all(0 <= place < len(text) for place in places)


@given(st.text())
def test_folding_twice_changes_nothing_more_but_order_of_marks(text: str) -> None:
    assert folded(folded(text)) == folded(folded(folded(text)))
    assert not set(folded(text)) & set("\u00ad\u200b\u200c\u200d\u2060\ufeff")


@given(st.text())
def test_accents_go_and_letters_stay(text: str) -> None:
    assert not [each for each in without_accents(text) if "\u0300" <= each <= "\u036f"]
    assert without_accents("são Ñandú") == "sao Nandu"
    assert unicodedata.is_normalized("NFC", without_accents(text))
