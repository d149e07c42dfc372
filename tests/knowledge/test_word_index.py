# ruff: noqa: RUF001  other scripts are the subject
"""The index of words: texts without spaces, the same terms as in ranking, and files of an older version."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st
from knowledge_fakes import wrong

from fanin.errors import KnowledgeError
from fanin.knowledge.search.knowledge import Knowledge
from fanin.knowledge.search.search_values import SearchStopped
from fanin.knowledge.store import word_index
from fanin.knowledge.store.database_file import open_for_reading, open_for_writing
from fanin.knowledge.store.database_tables import VERSION
from fanin.storage.sqlite_file import statements, version_of
from fanin.text.index_terms import index_terms, question_words, term

NOTES = {
    "beijing.md": "图书馆每周一闭馆，周二至周日上午九点开放。",
    "taipei.md": "停車場的月租費是三千元，請向管理室繳納。",
    "kyoto.md": "自転車の修理は二階の窓口で受け付けています。",
    "osaka.md": "コピー機の暗証番号は係長に聞いてください。傘は玄関にある鍵",
    "seoul.md": "구내식당은 평일 오전 열한 시에 문을 엽니다.",
    "busan.md": "주차권은 안내 데스크에서 받을 수 있습니다.",
    "bangkok.md": "ห้องสมุดปิดทุกวันจันทร์และเปิดเก้าโมงเช้า",
    "chiang.md": "กรุณาส่งใบเสร็จที่ฝ่ายบัญชีภายในสิบวัน",
    "english.md": "The library is closed on Mondays; bicycles are repaired upstairs.",
    "mixed.md": "请用 Pi-hole 5.18 配置 DNS 服务器。",
}


def names(found) -> list[str]:
    return [hit.path.rpartition("/")[2] for hit in found]


def search(file, question: str) -> list[str]:
    return names(Knowledge(file, embedder=lambda: None).search(question, way="lexical"))


@pytest.fixture(scope="module")
def notes(knowledge_of):
    return knowledge_of(NOTES)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("图书馆", "beijing.md"),
        ("闭馆时间", "beijing.md"),
        ("馆", "beijing.md"),
        ("月租費多少", "taipei.md"),
        ("管理室", "taipei.md"),
        ("自転車", "kyoto.md"),
        ("自転車を修理したい", "kyoto.md"),
        ("暗証番号は何ですか", "osaka.md"),
        ("コピー機", "osaka.md"),
        ("ｺﾋﾟｰ機の番号", "osaka.md"),
        ("鍵", "osaka.md"),
        ("구내식당", "seoul.md"),
        ("구내식당이 언제 문을 여나요", "seoul.md"),
        ("주차권", "busan.md"),
        ("ห้องสมุด", "bangkok.md"),
        ("ใบเสร็จ", "chiang.md"),
        ("bicycle repair", "english.md"),
        ("DNS 服务器", "mixed.md"),
    ],
)
def test_text_is_found_by_its_words_with_and_without_spaces(notes, question, expected) -> None:
    assert search(notes, question)[:1] == [expected]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("Der Gründer\u00adkredit", "Gründerkredit"),
        ("Der Gründerkredit", "Gründer\u00adkredit"),
        ("zero\u200bwidth", "zerowidth"),
        ("می\u200cخواهم", "میخواهم"),
        ("ﬁnal report", "final"),
        ("Ｒｏｍａ", "roma"),
        ("STRASSE", "Straße"),
        ("İSTANBUL", "istanbul"),
        ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ("cafe\u0301", "CAFÉ"),
        ("Cafe", "café"),
        ("ｶﾞｲﾄﾞ", "ガイド"),
        ("x² + H₂O", "H2O"),
    ],
)
async def test_what_a_reader_takes_for_the_same_letters_is_found(file, docs, fill, written, asked) -> None:
    (docs / "a.txt").write_text(written, "utf-8")
    (docs / "b.txt").write_text("harbour", "utf-8")
    await fill(docs)
    assert search(file, asked) == ["a.txt"]


@given(st.text(max_size=60))
def test_whatever_a_text_says_a_question_of_the_same_words_has_its_terms(text: str) -> None:
    held = index_terms(text).terms.split(" ")
    for word in question_words(text):
        assert term(word) in held


@given(st.lists(st.sampled_from(("SELECT 1;\n", "CREATE TABLE a (x);  -- a; b\n", "\n", "SELECT ';\n' || 'a';\n"))))
def test_the_statements_of_a_script_are_complete_and_nothing_of_it_is_lost(parts: list[str]) -> None:
    script = "".join(parts)
    found = list(statements(script))
    assert script.startswith("".join(found))
    assert script.removeprefix("".join(found)).strip() == ""
    assert all(sqlite3.complete_statement(each) for each in found)
    assert sum(part.strip() != "" for part in parts) == len(found)


OLD = """
CREATE TABLE roots (
  id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, name TEXT NOT NULL, follow_links INTEGER NOT NULL);
CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT, root INTEGER NOT NULL REFERENCES roots ON DELETE CASCADE,
  path TEXT NOT NULL UNIQUE, title TEXT NOT NULL, published TEXT NOT NULL, digest TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX documents_of_root ON documents (root);
CREATE TABLE passages (
  id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  start INTEGER NOT NULL, stop INTEGER NOT NULL, title TEXT NOT NULL, heading TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX passages_of_document ON passages (document);
CREATE VIRTUAL TABLE words USING fts5 (
  title, heading, text, content = 'passages', content_rowid = 'id', tokenize = 'porter unicode61 remove_diacritics 2');
CREATE TRIGGER passage_added AFTER INSERT ON passages BEGIN
  INSERT INTO words (rowid, title, heading, text) VALUES (new.id, new.title, new.heading, new.text);
END;
CREATE TRIGGER passage_removed AFTER DELETE ON passages BEGIN
  INSERT INTO words (words, rowid, title, heading, text)
  VALUES ('delete', old.id, old.title, old.heading, old.text);
END;
CREATE TABLE vectors (
  id INTEGER PRIMARY KEY AUTOINCREMENT, passage INTEGER NOT NULL UNIQUE REFERENCES passages ON DELETE CASCADE,
  vector BLOB NOT NULL);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
PRAGMA application_id = 0x66616E6B;
PRAGMA user_version = 1;
"""
"""The tables of version 1, in full, so that this test still has them when the program has not."""


@pytest.fixture
def old(file):
    """A knowledge base as version 1 made it, with some 1,200 passages of files that are gone."""
    file.parent.mkdir()
    connection = sqlite3.connect(file)
    connection.executescript(OLD)
    connection.execute("INSERT INTO roots VALUES (1, '/gone', 'gone', 0)")
    texts = [*NOTES.values(), *(f"Shelf {at} holds the box {at}." for at in range(1_200))]
    for number, text in enumerate(texts, 1):
        connection.execute(
            "INSERT INTO documents VALUES (?, 1, ?, 'Note', '2024-01-01', '1:x', ?)", (number, f"/gone/{number}", text)
        )
        connection.execute("INSERT INTO passages VALUES (?, ?, 0, ?, 'Note', '', ?)", (number, number, len(text), text))
    connection.commit()
    connection.close()
    return file


def test_a_search_brings_an_older_file_up_to_date_from_what_it_holds(old) -> None:
    assert search(old, "图书馆") == ["1"]
    with open_for_reading(old) as connection:
        assert version_of(connection) == VERSION
    assert search(old, "shelf 1199")[:1] == ["1210"]
    assert wrong(old) == []


def test_writing_brings_an_older_file_up_to_date_too(old) -> None:
    assert wrong(old) == []
    assert search(old, "自転車") == ["3"]


def test_what_was_indexed_before_a_search_stopped_is_not_indexed_again(old, monkeypatch) -> None:
    looks = iter([*[False] * 2, *[True] * 10])
    with pytest.raises(SearchStopped), open_for_writing(old, stopped=lambda: next(looks)):
        Knowledge(old, embedder=lambda: None).search("shelf", stopped=lambda: True)
    indexed = []
    monkeypatch.setattr(word_index, "index_terms", lambda text: indexed.append(text) or index_terms(text))
    assert search(old, "图书馆") == ["1"]
    assert 0 < len(indexed) < 500
    assert wrong(old) == []


def test_an_index_of_other_rules_is_made_anew(old, monkeypatch) -> None:
    assert search(old, "图书馆") == ["1"]
    with open_for_writing(old) as connection:
        connection.execute("UPDATE facts SET value = 'other' WHERE name = 'index'")
        connection.execute("DELETE FROM words WHERE rowid = 1")
    assert search(old, "图书馆") == ["1"]
    assert wrong(old) == []


def test_an_older_file_that_cannot_be_written_says_so_and_is_left_as_it_is(old, monkeypatch) -> None:
    def refused(path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("fanin.knowledge.store.database_file.make_file", refused)
    with pytest.raises(KnowledgeError, match="Permission denied"):
        search(old, "图书馆")
    with open_for_reading(old) as connection:
        assert version_of(connection) == 1


TOKENS = {
    "cpp.txt": "C++ is for engines.",
    "csharp.txt": "C# is for forms.",
    "one.txt": "web-01.eu is owned by Ada.",
    "two.txt": "web-02.eu is owned by Bob.",
    "flag.txt": "--table prints rows.",
    "table.txt": "A table prints well.",
    "max.txt": "max_connections is 100.",
    "connections.txt": "The connections of Max are good.",
    "join.txt": "os.path.join() is for paths.",
    "club.txt": "To join a club is fine, and so is the path to it.",
    "942.txt": "ORA-00942 comes of a typo.",
    "943.txt": "ORA-00943 comes of heat.",
    "hosts.txt": "/etc/hosts has names in it.",
    "kitchen.txt": "The hosts are in the kitchen; tea etc. is there.",
}


@pytest.fixture(scope="module")
def tokens(knowledge_of):
    return knowledge_of(TOKENS)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is C++?", ["cpp.txt"]),
        ("What is c#?", ["csharp.txt"]),
        ("Who has web-01.eu?", ["one.txt"]),
        ("What does --table do?", ["flag.txt"]),
        ("max_connections", ["max.txt"]),
        ("What does os.path.join do?", ["join.txt"]),
        ("ora-00943", ["943.txt"]),
        ("/etc/hosts", ["hosts.txt"]),
        ("table", ["flag.txt", "table.txt"]),
        ("max connections", ["connections.txt", "max.txt"]),
        ("path.join", ["club.txt", "join.txt"]),
        ("web-03.eu", ["one.txt", "two.txt"]),
    ],
)
def test_a_technical_token_finds_what_has_it_whole_and_else_its_pieces(tokens, question, expected) -> None:
    assert sorted(search(tokens, question)) == sorted(expected)
