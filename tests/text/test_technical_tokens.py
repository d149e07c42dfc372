"""Technical tokens: found whole where a text has them whole, by their pieces where none has, and never by letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.answer.extractive import extract
from fanin.fuse import fuse
from fanin.model import Document
from fanin.process import ANALYSIS
from fanin.text.index_terms import index_terms
from fanin.text.question_terms import question_terms
from fanin.text.words import technical_tokens

HELD = [
    ("What is C++ for?", "C++ is for engines.", ("C# is for forms.", "C is for kernels.", "A plus sign is for sums.")),
    ("What is C for?", "C is for kernels.", ("20 °C is for wine.", "gcc -c is for objects.", "C++ is for engines.")),
    ("What is vitamin D for?", "Vitamin D is for bones.", ("Vitamin B is for nerves.", "Vitamins are for D-day.")),
    ("Who uses R?", "R is used by Ada.", ("-r is used by Bob.", "R-rated films are used by Eve.")),
    ("What is F# for?", "F# is for finance.", ("C# is for forms.", "The key of F is for horns.")),
    ("What does .NET run?", ".NET runs on servers.", ("A net runs along the court.", "The net runs dry.")),
    ("How do I start Pi-hole?", "Pi-hole starts at boot.", ("The hole starts small.", "A pi chart starts at noon.")),
    ("Who owns web-01.eu?", "web-01.eu is owned by Ada.", ("web-02.eu is owned by Bob.", "web-01.us is Eve's.")),
    ("Who owns db7.example.org?", "Ada owns db7.example.org.", ("Bob owns db8.example.org.", "An example is owned.")),
    ("What does --table print?", "--table prints rows.", ("The table prints badly.", "--list prints names.")),
    ("What does -v print?", "With -v it prints more.", ("Version V prints less.", "-x prints nothing.")),
    ("What causes ORA-00942?", "ORA-00942 is caused by a typo.", ("ORA-00943 is caused by heat.", "00942 causes joy.")),
    ("What causes E1101?", "A typo causes E1101.", ("A tab causes E1102.", "An e causes 1101 errors.")),
    ("What causes 0x80070005?", "A lock causes 0x80070005.", ("A virus causes 0x80070006.", "Rust causes 0x.")),
    ("What came in 3.14.2?", "3.14.2 came with fixes.", ("3.14.1 came with bugs.", "In 3.14 came 2 things.")),
    ("What came in v2.0.1?", "2.0.1 came with fixes.", ("2.0.2 came with bugs.", "In 2.0 came 1 thing.")),
    ("What is max_connections?", "max_connections is 100.", ("Max is 7.", "Connections of Max are good.")),
    ("What is os.path.join for?", "os.path.join() is for paths.", ("To join a club is fine.", "os.path is for fun.")),
    ("What is std::vector for?", "std::vector is for arrays.", ("A vector is for maths.", "std is for short.")),
    ("What is in /etc/hosts?", "/etc/hosts has names in it.", ("The hosts are in the hall.", "Tea etc. is in here.")),
    (r"What is in C:\Windows?", r"C:\Windows has files in it.", ("Windows are in the wall.", "C is in the bass.")),
    ("Who reads jo.doe@mail.example?", "Jo reads jo.doe@mail.example.", ("Al reads al@mail.example.", "A doe reads.")),
    ("Who closed #1234?", "Ada closed #1234.", ("Bob closed #1235.", "Eve closed 1234 doors.")),
    ("What sets $HOME?", "The shell sets $HOME.", ("A home sets with the sun.", "Bob sets $PATH.")),
    ("What does __init__ do?", "__init__ prepares an object.", ("The init system does much.", "__new__ does more.")),
]


def told(question: str, texts: list[str]) -> list[str]:
    """The texts that the answer quotes, in its order."""
    documents = [Document(text, source=f"s{number}") for number, text in enumerate(texts)]
    arrived = [(document, ANALYSIS.work(question, document)) for document in documents]
    draft = extract(question, fuse(question_terms(question), arrived), numbers={})
    return [citation.quote for statement in draft.statements for citation in statement.citations]


@pytest.mark.parametrize(("question", "holds", "others"), HELD)
def test_a_technical_token_is_told_of_first_by_what_has_it_whole(question, holds, others) -> None:
    texts = [*others, holds]
    documents = [Document(text, source=f"s{number}") for number, text in enumerate(texts)]
    arrived = [(document, ANALYSIS.work(question, document)) for document in documents]
    assert fuse(question_terms(question), arrived).passages[0].text == holds
    assert told(question, texts)[0] == holds


@pytest.mark.parametrize(("question", "holds", "others"), HELD)
def test_a_document_that_nobody_analysed_has_its_technical_tokens_too(question, holds, others) -> None:
    documents = [Document(text, source=f"s{number}") for number, text in enumerate([*others, holds])]
    fused = fuse(question_terms(question), [(document, None) for document in documents])
    assert fused.passages[0].text == holds


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is max connections?", "max_connections is 100."),
        ("What is the Pi hole?", "Pi-hole is a filter."),
        ("What does table print?", "--table prints rows."),
        ("Who owns web-01?", "web-01.eu is Ada's."),
        ("What is max_connections?", "Max connections are 100."),
        ("What is path.join for?", "os.path.join is for paths."),
    ],
)
def test_pieces_of_a_technical_token_find_it_and_are_found_where_nothing_has_it_whole(question, text) -> None:
    assert told(question, ["The harbour is closed.", text]) == [text]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("C, C#, C++ and F# on .NET", ["c", ".net"]),
        ("20 °C, 20°C, 68 F and ℃; C: a language", ["c"]),
        ("vitamin D, a gcc -c x.c and the x axis", ["d", "-c", "x.c", "x"]),
        ("C's syntax is not that of B\u2019s", ["c", "b"]),
        ("I don't know d'Italia, I'd say, or rock\u2019n\u2019roll", []),
        ("C-shaped, e.g. I/O and leche y miel", ["c-shaped", "e.g", "i/o"]),
        ("web-01.eu:8080 (see /etc/hosts), ORA-00942.", ["web-01.eu", "/etc/hosts", "ora-00942"]),
        ("`--table=users` or -v; 5-3, $5 and 10:30 of 1,000", ["--table", "-v", "5-3"]),
        ("v3.14.2, 3.14.2 and 3.14-rc1", ["3.14.2", "3.14-rc1"]),
        ("Snake_Case, A\u2011B and grün_x", ["snake_case", "a-b", "grun_x"]),
        ("参数--table的用法", ["--table"]),
        ("And so on ... yes. No? 'Well' - a word", []),
    ],
)
def test_technical_tokens_are_words_that_marks_join_or_begin(text: str, tokens: list[str]) -> None:
    assert technical_tokens(text) == tokens


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("time.get_clock_info(name)", "get_clock_info"),
        ("web-01.eu answers", "web-01"),
        ("see /etc/my-app/x_y.py", "my-app"),
        ("see /etc/my-app/x_y.py", "x_y"),
        ("sys._xoptions", "_xoptions"),
        ("object.__init__(self)", "__init__"),
        ("std::lamp_view<T>", "lamp_view"),
        ("ssh root@db-7.example.org", "db-7"),
        ("C:\\my_files\\a.txt", "my_files"),
        ("docs/page_2#part-3", "part-3"),
    ],
)
def test_a_name_within_a_longer_one_is_found_by_itself(text: str, names: str) -> None:
    assert names in index_terms(text).terms.split(" ")
    assert told(f"What is {names}?", ["The harbour is closed.", text]) == [text]


@given(st.text("ab1-_./\\:@#+~ é天\u2011", max_size=40))
def test_what_a_question_names_is_in_the_index_of_the_same_text(text: str) -> None:
    assert set(question_terms(text).tokens) <= set(index_terms(text).terms.split(" "))


@pytest.mark.parametrize("unit", ["a-", "a_", "-", "a.", "/", "a:", "#", "1.", "v1.", "é-", "@", "天-", "\\"])
def test_technical_tokens_take_work_in_proportion_to_the_text(unit: str, grows_in_proportion) -> None:
    grows_in_proportion(technical_tokens, unit)
