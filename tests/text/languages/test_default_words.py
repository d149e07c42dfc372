"""Which questions ask for a default, and which sentences tell one."""

import pytest

from fanin.text.languages.default_words import asks_for_default, is_of_default, tells_default


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What is the default value of linger?", True),
        ("Which port is used by default?", True),
        ("What does linger default to?", True),
        ("Default of linger", True),
        ("Wie lautet der Vorgabewert von linger?", True),
        ("Quelle est la valeur par défaut de linger ?", True),
        ("¿Cuál es el valor predeterminado de linger?", True),
        ("Qual è il valore predefinito di linger?", True),
        ("Wat is de standaardwaarde van linger?", True),
        ("Who set the default of linger?", False),
        ("What is the value of linger?", False),
        ("Which standard do plugs follow?", False),
    ],
)
def test_a_question_for_a_default(question: str, asked: bool) -> None:
    assert asks_for_default(question.lower()) is asked


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("The default is 30.", True),
        ("The default\nvalue is on.", True),
        ("The default value for linger is 30.", True),
        ("The default, 30, suits most people.", True),
        ("Default: 30", True),
        ("Default 30, at most 90.", True),
        ("linger (integer, default 30)", True),
        ("Waits for 30 seconds (default: 30).", True),
        ("A value of 0 (the default) turns it off.", True),
        ("It defaults to 30.", True),
        ("By default, 30 seconds pass.", True),
        ("Today 30 is the default.", True),
        ("It is 30 unless set.", True),
        ("If omitted, 30 is used.", True),
        ("30 is used when this is empty.", True),
        ("Without this option, it waits for ever.", True),
        ("Its initial value is 30.", True),
        ("Standardmäßig 30 Sekunden.", True),
        ("Der Vorgabewert ist 30.", True),
        ("Standard: 30", True),
        ("La valeur par défaut est 30.", True),
        ("El valor predeterminado es 30.", True),
        ("What is the default of linger?", False),
        ("Be careful not to set the default value too high.", False),
        ("The default time unit is seconds.", False),
        ("He said that the default is 60.", False),
        ("How long a connection lingers.", False),
        ("The plug follows the standard of 1983.", False),
    ],
)
def test_a_sentence_that_tells_a_default(sentence: str, told: bool) -> None:
    assert tells_default(sentence, "What is the default value of linger?") is told


def test_the_default_of_what_is_asked_for_has_its_name() -> None:
    assert tells_default("The default port is 5432.", "What is the default port?")
    assert not tells_default("The default path is /run.", "What is the default port?")


def test_stems_that_say_only_that_a_default_is_asked_for() -> None:
    assert [each for each in ("default", "valu", "vorgabewert", "linger", "port") if not is_of_default(each)] == [
        "linger",
        "port",
    ]
