# ruff: noqa: RUF001  other languages are meant
import pytest

from fanin.plan import language_in


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What is the weather in Paris, in German?", "de"),
        ("Tell me about Rome in Italian please", "it"),
        ("Answer in French about the strikes", "fr"),
        ("Der Wetterbericht auf Deutsch", "de"),
        ("the news en español", "es"),
        ("Explain asyncio in English", "en"),
        ("Qu'est-ce que asyncio ?", "fr"),
        ("What is asyncio? po polsku", "pl"),
        ("asyncio, suomeksi", "fi"),
        ("What is the weather in New York?", "en"),
        ("How do I cook rice?", "en"),
        ("Tell me about it", "en"),
        ("Wie ist das Wetter in Berlin?", "de"),
        ("Quel temps fait-il à Paris et dans le sud ?", "fr"),
        ("¿Cuál es el precio de la luz?", "es"),
        ("Che cosa è successo oggi a Roma?", "it"),
        ("Qual é a capital do Brasil e quem governa?", "pt"),
        ("Wat is het weer in Amsterdam vandaag?", "nl"),
        ("Vad är det för väder i Stockholm?", "sv"),
        ("Jaka jest pogoda w Warszawie?", "pl"),
        ("Какая погода в Москве?", "ru"),
        ("Яка погода у Києві?", "uk"),
        ("東京の天気は?", "ja"),
        ("Python の asyncio とは何ですか", "ja"),
        ("北京今天天气怎么样", "zh"),
        ("서울 날씨 어때요?", "ko"),
        ("Τι καιρό κάνει;", "el"),
        ("מה מזג האוויר?", "he"),
        ("ما هو الطقس في القاهرة؟", "ar"),
        ("هوا چطور است؟", "fa"),
        ("दिल्ली का मौसम", "hi"),
    ],
)
def test_the_language_that_is_asked_for_or_written_in_is_found(question: str, language: str | None) -> None:
    assert language_in(question) == language


@pytest.mark.parametrize("question", ["", "weather paris", "π", "Berlin?", "12 + 30", "Tesla 東京"])
def test_without_signs_of_a_language_none_is_found(question: str) -> None:
    assert language_in(question) is None


def test_words_about_a_country_ask_for_no_language() -> None:
    assert language_in("What do they cook in French kitchens?") == "en"
    assert language_in("What is said in German-speaking countries?") == "en"


def test_a_foreign_word_does_not_make_a_question_foreign() -> None:
    assert language_in("What is the meaning of the word Привет?") == "en"
