"""Files of separated values, as banks, shops, offices, databases and instruments write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanin.documents.rows.csv_rows import table

NAMES = ["Date", "Payee", "Amount"]
ROWS = ["Date: 2026-03-01; Payee: Baker; Amount: 4.20.", "Date: 2026-03-02; Payee: Miller; Amount: 7.00."]


def told(text: str | bytes) -> list[str]:
    content = text if isinstance(text, bytes) else text.encode()
    return [line for line in table(content).text.split("\n\n") if line]


@pytest.mark.parametrize(
    "text",
    [
        "Date,Payee,Amount\n2026-03-01,Baker,4.20\n2026-03-02,Miller,7.00\n",
        "sep=;\nDate;Payee;Amount\n2026-03-01;Baker;4.20\n2026-03-02;Miller;7.00\n",
        '"sep=|"\r\nDate|Payee|Amount\r\n2026-03-01|Baker|4.20\r\n2026-03-02|Miller|7.00\r\n',
        "SEP=\t\nDate\tPayee\tAmount\n2026-03-01\tBaker\t4.20\n2026-03-02\tMiller\t7.00",
        "\ufeffDate;Payee;Amount;\n2026-03-01;Baker;4.20;\n2026-03-02;Miller;7.00;\n",
        "'Date';'Payee';'Amount'\n'2026-03-01';'Baker';'4.20'\n'2026-03-02';'Miller';'7.00'\n",
        'Date, "Payee", Amount\n2026-03-01, "Baker", 4.20\n2026-03-02, "Miller", 7.00\n',
        "Date:Payee:Amount\n2026-03-01:Baker:4.20\n2026-03-02:Miller:7.00\n",
        "sep=:\nDate:Payee:Amount\n2026-03-01:Baker:4.20\n2026-03-02:Miller:7.00\n",
        "Date^Payee^Amount\n2026-03-01^Baker^4.20\n2026-03-02^Miller^7.00\n",
        "\n\nDate,Payee,Amount\r2026-03-01,Baker,4.20\r2026-03-02,Miller,7.00\r",
        "Date~Payee~Amount\n\n2026-03-01~Baker~4.20\n\n2026-03-02~Miller~7.00\n",
        "Date,Payee,Amount\n2026-03-01,Baker,4.20\n2026-03-02,Miller,7.00\n".encode("utf-16"),
        "Date,Payee,Amount\n2026-03-01,Baker,4.20\n,,\n2026-03-02,Miller,7.00\n,,\n",
    ],
)
def test_rows_are_told_by_their_headings_whatever_separates_and_quotes_them(text: str | bytes) -> None:
    assert told(text) == ROWS


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("Account:;DE00 1234\nFrom:;2026-03-01\n\n", "Account: DE00 1234\nFrom: 2026-03-01"),
        ("Statement of the Harbour Bank\n", "Statement of the Harbour Bank"),
        ("Account;DE00 1234;\nOwner;Ada Park;\n;;\n", "Account DE00 1234\nOwner Ada Park"),
        ("# written by a logger\n# station 7\n", "# written by a logger\n# station 7"),
        ("Account;DE00 1234;\n", "Account DE00 1234"),
        ("Owner;;\n\n", "Owner"),
        (
            "Account Name: Ada Park\nGenerated: 2026-03-09 10:00\n\n\n",
            "Account Name: Ada Park\nGenerated: 2026-03-09 10:00",
        ),
        ("Transactions\n;;\nas of 2026-03-09;;\n", "Transactions\nas of 2026-03-09"),
        ('"Account:";"DE00 1234"\n\n', "Account: DE00 1234"),
        ("Page 1 of 1;;printed 2026-03-09\n", "Page 1 of 1 printed 2026-03-09"),
    ],
)
def test_lines_before_the_headings_are_text_and_no_headings(before: str, said: str) -> None:
    assert told(f"{before}Date;Payee;Amount\n2026-03-01;Baker;4.20\n2026-03-02;Miller;7.00\n2026-03-03;Mason;1.00") == [
        said,
        *ROWS,
        "Date: 2026-03-03; Payee: Mason; Amount: 1.00.",
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "Article;Price\nChair;89,00\nDesk;120,50\n",
            ["Article: Chair; Price: 89,00.", "Article: Desk; Price: 120,50."],
        ),
        ("a;b\n1,5;2,5\n3,5;4,5\n", ["a: 1,5; b: 2,5.", "a: 3,5; b: 4,5."]),
        ('Article,Price\nChair,"1,234.50"\n', ["Article: Chair; Price: 1,234.50."]),
        (
            'Article,Size\nMonitor,"24"""\nShelf,"3\' x 2\'"\n',
            ['Article: Monitor; Size: 24".', "Article: Shelf; Size: 3' x 2'."],
        ),
        ('id,note\n1,"He said \\"no\\", then left"\n', ['id: 1; note: He said "no", then left.']),
        ('id,note\n1,"two\nlines"\n2,x\n', ["id: 1\nnote: two\nlines", "id: 2; note: x."]),
        ("2026-03-01;Baker;4,20\n2026-03-02;Miller;7,00\n", ["2026-03-01; Baker; 4,20.", "2026-03-02; Miller; 7,00."]),
        (
            "Land;2019;2020\nNorway;5;6\nChile;7;8\n",
            ["Land: Norway; 2019: 5; 2020: 6.", "Land: Chile; 2019: 7; 2020: 8."],
        ),
        ("age\theight\nAda\t36\t170\nBo\t40\t180\n", ["Ada; age: 36; height: 170.", "Bo; age: 40; height: 180."]),
        ("Name\nAda\nBo\n", ["Name: Ada.", "Name: Bo."]),
        (
            "word;meaning\nport;a harbour, or a wine\nkey;it opens, and it shuts\n",
            ["word: port; meaning: a harbour, or a wine.", "word: key; meaning: it opens, and it shuts."],
        ),
        ("a,b\n1,\n,2\n", ["a: 1.", "b: 2."]),
        ("name,open\nPier,yes\nLift,no\n", ["name: Pier; open: yes.", "name: Lift; open: no."]),
        ('a,b\n1,2\n"3,4\n', ["a: 1; b: 2.", "a: 3; b: 4."]),
    ],
)
def test_values_stay_as_they_are_written_under_the_name_of_their_column(text: str, rows: list[str]) -> None:
    assert told(text) == rows


CELLS = st.text("ab1\"'. ", max_size=6).map(lambda text: text or "c")


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=8), st.sampled_from(",;\t|"))
def test_no_word_of_a_row_is_lost_however_it_is_quoted(rows: list[list[str]], separator: str) -> None:
    lines = [separator.join(row) for row in rows]
    found = table("\n".join([separator.join("vwxyz"), *lines]).encode()).text
    assert all(found.count(letter) >= "".join(lines).count(letter) for letter in "ab1")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("root:x:0:/root\nbin:x:1:/bin\n", ["root; x; 0; /root.", "bin; x; 1; /bin."]),
        ("name:price\nrope:12\nlamp:5\n", ["name: rope; price: 12.", "name: lamp; price: 5."]),
        ('"a":"b"\n"c:d":"e"\n"f":"g"\n', ["a: c:d; b: e.", "a: f; b: g."]),
        ("Start,End\n10:30,11:30\n12:00,13:00\n", ["Start: 10:30; End: 11:30.", "Start: 12:00; End: 13:00."]),
        ("Time\n10:30\n11:30\n", ["Time: 10:30.", "Time: 11:30."]),
        (
            "Page\nhttps://a.example/b\nhttps://c.example/d\n",
            ["Page: https://a.example/b.", "Page: https://c.example/d."],
        ),
        ("Ratio;Map\n1:5;A:B\n1:9;C:D\n", ["Ratio: 1:5; Map: A:B.", "Ratio: 1:9; Map: C:D."]),
    ],
)
def test_a_colon_separates_values_but_where_it_stands_in_them(text: str, rows: list[str]) -> None:
    assert told(text) == rows
