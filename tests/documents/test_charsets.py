# ruff: noqa: RUF001  other scripts are the subject
"""Files in the charsets of other times and places are read right, or refused; never read wrong."""

from concurrent import interpreters

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.documents.decoding import decode
from fanin.documents.structure import Unreadable
from fanin.limits import LIMITS

SENTENCES = {
    "Ключ от подвала лежит у дежурного на первом этаже.": ("cp1251", "koi8-r", "iso8859-5", "cp866"),
    "Расписание автобусов изменилось с первого марта.": ("cp1251", "koi8-r", "iso8859-5", "cp866", "mac-cyrillic"),
    "Ключі від складу зберігає комендант, кімната 14.": ("cp1251", "koi8-u"),
    "Входът за служители е от улица Раковска.": ("cp1251",),
    "駐車場の鍵は受付で借りてください。": ("shift_jis", "cp932", "euc-jp", "iso2022_jp"),
    "経費精算は毎月二十五日までに提出します。": ("shift_jis", "euc-jp", "iso2022_jp"),
    "停车证请到一楼服务台领取。": ("gbk", "gb2312", "gb18030"),
    "打印机,价格 320\n台灯,价格 45\n": ("gbk",),
    "停車證請到一樓服務台領取。": ("big5",),
    "주차권은 안내 데스크에서 받을 수 있습니다.": ("euc_kr", "cp949"),
    "Klucz do piwnicy jest u dozorcy, proszę pytać o panią Zofię.": ("cp1250", "iso8859-2"),
    "Žádost o dovolenou podejte čtrnáct dní předem, klíče jsou u vrátného.": ("cp1250", "iso8859-2"),
    "A pince kulcsa a portásnál van, kérjük, időben jelezze igényét.": ("cp1250", "iso8859-2"),
    "Το κλειδί της αποθήκης βρίσκεται στη ρεσεψιόν.": ("cp1253", "iso8859-7"),
    "Bodrumun anahtarı kapıcıdadır, lütfen önceden arayınız.": ("cp1254", "iso8859-9"),
    "המפתח למחסן נמצא אצל השומר בקומה הראשונה.": ("cp1255",),
    "مفتاح المخزن عند الحارس في الطابق الأول.": ("cp1256",),
    "กุญแจห้องเก็บของอยู่ที่เจ้าหน้าที่ชั้นหนึ่ง": ("cp874", "tis-620"),
    "Raktas nuo rūsio yra pas budėtoją, prašome skambinti iš anksto.": ("cp1257",),
    "Der Schlüssel für den Keller hängt beim Hausmeister, Tür übrigens links.": ("latin-1", "cp1252", "mac-roman"),
    "La clé de la cave est chez le gardien, à côté de l'entrée.": ("latin-1", "iso8859-15", "cp850"),
    "La contraseña del almacén está en recepción, mañana también.": ("latin-1", "cp1252"),
    "The “guest” password is on the board — ask Ann’s office.": ("cp1252",),
    "Preis: 15 € für Gäste": ("cp1252",),
    "naïve façade: 20 °C": ("latin-1",),
    "Müller; Jürgen; 12,50\nSchäfer; Käthe; 8,00\n": ("latin-1",),
    "Zoë": ("latin-1",),
}


@pytest.mark.parametrize(
    ("text", "charset"), [(text, charset) for text, charsets in SENTENCES.items() for charset in charsets]
)
def test_a_sentence_is_read_in_the_charset_that_it_was_written_in(text: str, charset: str) -> None:
    assert decode(text.encode(charset)) == text


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("ключ", "cp1251"),
        ("Ключ", "koi8-r"),
        ("鍵", "shift_jis"),
        ("Łódź", "cp1250"),
        ("Výměna klíče: pondělí", "cp1250"),
        ("ul. Różana 5; Wójcik; 12,50\n", "cp1250"),
        ("Größe: 5 µm, 20°C", "cp850"),
        ("Öffnungszeiten: Montag geschlossen", "cp850"),
        ("Café Münster Straße", "mac-roman"),
        ("ﾃｽﾄ ﾌｧｲﾙ", "shift_jis"),
    ],
)
def test_a_few_letters_that_could_be_many_charsets_are_refused(text: str, charset: str) -> None:
    with pytest.raises(Unreadable, match="cannot recognise for sure; save it as UTF-8"):
        decode(text.encode(charset))


@pytest.mark.parametrize("text", ["ключ", "鍵", "Łódź", "naïve", "5 €", "กุญแจ", "مفتاح", "λ", "🔑", "½ Ω"])
def test_utf_8_stays_utf_8_however_short(text: str) -> None:
    assert decode(text.encode()) == text


def test_a_damaged_place_leaves_the_rest_of_a_utf_8_text_as_it_is() -> None:
    text = "Ключ от подвала лежит у дежурного. " * 20
    damaged = text.encode()[:701] + b"\xff" + text.encode()[701:]
    assert decode(damaged).count("\ufffd") <= 3
    assert "Ключ от подвала лежит у дежурного." in decode(damaged)


def test_a_letter_beyond_the_first_pages_of_plain_text_is_read_too() -> None:
    text = "The keys hang at the porter's desk. " * 4_000 + "Frau Müller hat den Schlüssel für die Tür."
    assert decode(text.encode("cp1252")) == text


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        assert isinstance(decode(content), str)
    except Unreadable as error:
        assert str(error)  # noqa: PT017 - either end is right


def test_charsets_are_recognised_in_a_worker_interpreter_too() -> None:
    other = interpreters.create()
    try:
        text = "Ключ от подвала лежит у дежурного."
        assert other.call(decode, text.encode("koi8-r")) == text
    finally:
        other.close()


@pytest.mark.parametrize("unit", ["Насос ", "Ключ от подвала. "])
def test_a_file_of_an_old_charset_takes_work_in_proportion_to_its_length(unit: str, grows_in_proportion) -> None:
    grows_in_proportion(lambda text: decode(text.encode("cp1251"), LIMITS), unit)
