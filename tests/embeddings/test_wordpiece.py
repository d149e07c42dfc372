# ruff: noqa: RUF001 - hard texts are the point
"""The tokenizer gives the pieces of the reference implementation, whatever the text."""

import hashlib
import unicodedata
from functools import cache
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from fanin.embeddings.wordpiece import END, START, UNKNOWN, encode, pieces, words

VOCABULARY = files("fanin.embeddings").joinpath("vocabulary", "vocab.txt")


@pytest.fixture(scope="module")
def reference() -> Tokenizer:
    spelt = VOCABULARY.read_text("utf-8").split("\n")[:30_522]
    known = {piece: number for number, piece in enumerate(spelt)}
    tokenizer = Tokenizer(WordPiece(known, unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = BertNormalizer()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer


HARD = [
    "",
    " ",
    "The harbour is open until nine tonight.",
    "don't can't I'll 3.14 1,000 $5 50% e-mail a_b x@y.z https://a.example/b?c=d&e",
    "Ünïcödé Ålesund São Paulo Ærø Łódź naïve façade Ñandú Đorđe ĳ ﬁne ﬃ",
    "e\u0301 a\u0308\u0301 n\u0303 \u0301lone c\u0327\u0302",
    "Straße STRASSE ẞ İstanbul ıI Σίσυφος ΣΑΣ ς",
    "天気予報は晴れ。北京 東京タワー 漢字かな交じり文 한국어 텍스트 กรุงเทพ",
    "\u3400\U00020000\U0002a700豈\U0002f800",
    "😀 👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇩🇰 ©®™ ♥️ ☃",
    "a\x00b\x01c\x7fd\x80e\x85f\x9fg\u200bh\u200di\u2060j\ufeffk\u00adl",
    "tab\tline\nreturn\rvertical\x0bform\x0cfile\x1cend",
    "nbsp\u00a0thin\u2009ideographic\u3000line\u2028para\u2029ogham\u1680narrow\u202fmath\u205f",
    "a" * 99 + " " + "b" * 100 + " " + "c" * 101 + " " + "é" * 101,
    "supercalifragilisticexpialidocious antidisestablishmentarianism pneumonoultramicroscopic",
    "שלום עולם مرحبا بالعالم नमस्ते दुनिया வணக்கம் ជំរាបសួរ ສະບາຍດີ",
    "“quotes” ‘single’ «guillemets» „low“ —em– –en– …ellipsis ¿¡ § ¶ † ‡ • ′ ″ ‽ ⁂",
    "½ ² ³ ¼ ① Ⅷ ㎏ ㌔ ﷺ ￥ １２３ ＡＢＣ",
    "[CLS] [SEP] [MASK] [UNK] [PAD] ##ing ## #",
    "`~!@#$%^&*()-_=+[{]}\\|;:'\",<.>/?",
    "\ufffd\ufffe\uffff\ue000\U000f0000\U0010fffd",
    "𝕳𝖊𝖑𝖑𝖔 𝒲𝑜𝓇𝓁𝒹 ℌ ℕ K Å Ω",
    "ⴰⵎⴰⵣⵉⵖ ᏣᎳᎩ ꮳꮃꭹ 𐐨𐐀 ǅ ǆ Ǆ ŉ ΐ ﬓ",
]


@pytest.mark.parametrize("text", HARD)
def test_hard_texts_give_the_reference_s_pieces(text: str, reference: Tokenizer) -> None:
    expected = reference.encode(text, add_special_tokens=False)
    found = list(pieces(text))
    assert [piece for piece, _ in found] == expected.tokens
    assert [number for _, number in found] == expected.ids


@cache
def old() -> list[str]:
    """The characters of an old Unicode, which the reference knows, but four of which later versions say more."""
    others = (0x166D, 0x1734, 0x1885, 0x1886)
    category = unicodedata.ucd_3_2_0.category
    return [chr(code) for code in range(0x110000) if category(chr(code)) not in ("Cn", "Cs") and code not in others]


def test_every_character_that_the_reference_knows_is_read_as_it_reads_it() -> None:
    normalizer, splitter = BertNormalizer(), BertPreTokenizer()
    for character in old():
        text = f"a{character}b"
        expected = [word for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(text))]
        assert list(words(text)) == expected, hex(ord(character))


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet=st.deferred(lambda: st.sampled_from(old())) | st.sampled_from("aeiou '.-\n"), max_size=40))
def test_any_text_gives_the_reference_s_pieces(reference: Tokenizer, text: str) -> None:
    assert [number for _, number in pieces(text)] == reference.encode(text, add_special_tokens=False).ids


def test_a_text_is_cut_to_what_the_model_reads() -> None:
    assert encode("harbour") == [START, 7440, END]
    assert len(encode("harbour " * 1000)) == 256
    assert encode("harbour " * 1000)[-1] == END
    assert encode("\u0b83" * 3)[1] in (UNKNOWN, *range(30_522))


def test_the_vocabulary_is_the_one_that_its_notice_names() -> None:
    digest = hashlib.sha256(VOCABULARY.read_bytes()).hexdigest()
    assert digest in VOCABULARY.parent.joinpath("NOTICE.txt").read_text("utf-8")
