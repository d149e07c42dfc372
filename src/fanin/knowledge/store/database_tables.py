"""The tables of a knowledge base: makes them in an empty file, and changes those of an older version."""

import sqlite3

from fanin.knowledge.embedding import headed_text, text_key
from fanin.storage.sqlite_file import run_script, transaction, version_of

VERSION = 3
"""The version of the tables; a file with a higher one was made by a newer fanin."""

APPLICATION = 0x66616E6B
"""SQLite's application id, "fank": a file with another one belongs to another program."""

_DOCUMENTS = """
CREATE TABLE roots (                -- the folders and files that were added, under a name
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  path TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  follow_links INTEGER NOT NULL
);
CREATE TABLE documents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  root INTEGER NOT NULL REFERENCES roots ON DELETE CASCADE,
  path TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  published TEXT NOT NULL,
  digest TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX documents_of_root ON documents (root);
CREATE TABLE passages (             -- text is the document's text from start to stop, in characters
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
  start INTEGER NOT NULL,
  stop INTEGER NOT NULL,
  title TEXT NOT NULL,
  heading TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX passages_of_document ON passages (document);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

_WORDS = """
CREATE VIRTUAL TABLE words USING fts5 (  -- the terms of passages; fanin makes them, so only spaces divide them
  title, heading, text, content = '', contentless_delete = 1,
  tokenize = 'ascii tokenchars ''!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~'''''''
);
CREATE TRIGGER passage_removed AFTER DELETE ON passages BEGIN
  DELETE FROM words WHERE rowid = old.id;
END;
CREATE TABLE spellings (            -- words of the passages, as they are written, to correct those of questions
  word TEXT PRIMARY KEY,
  backward TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX spellings_backward ON spellings (backward);
"""

_VECTORS = """
CREATE TABLE vectors (              -- made by the table of tokens: a signed byte for each number
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  passage INTEGER NOT NULL UNIQUE REFERENCES passages ON DELETE CASCADE,
  vector BLOB NOT NULL
);
CREATE TABLE model_vectors (        -- made by the language model: half-precision floats, little-endian, at length 1
  id INTEGER PRIMARY KEY,
  text BLOB NOT NULL UNIQUE,        -- the hash of the model and the text
  vector BLOB NOT NULL
);
"""

_FROM_1 = """
DROP TRIGGER passage_added;
DROP TRIGGER passage_removed;
DROP TABLE words;
"""

_FROM_2 = """
ALTER TABLE vectors RENAME TO old_vectors;
"""

_KEEP_OLD = """
INSERT OR IGNORE INTO model_vectors (text, vector)
SELECT old_key(f.value, p.title, p.heading, p.text), v.vector
FROM old_vectors v JOIN passages p ON p.id = v.passage JOIN facts f ON f.name = 'model';
DROP TABLE old_vectors;
DELETE FROM facts WHERE name = 'model';
"""


def prepare_tables(connection: sqlite3.Connection) -> None:
    """Create the tables in an empty file, and give those of an older version the form of today.

    Before version 3 every passage had a vector of the language model, which is kept for its text.
    """
    if version_of(connection) == VERSION:
        return
    connection.create_function("old_key", 4, _old_key)
    with transaction(connection):
        match version_of(connection):  # another process may have been first
            case 0:
                run_script(connection, _DOCUMENTS + _WORDS + _VECTORS)
                connection.execute(f"PRAGMA application_id = {APPLICATION}")
            case 1:
                run_script(connection, _FROM_1 + _WORDS + _FROM_2 + _VECTORS + _KEEP_OLD)
            case 2:
                run_script(connection, _FROM_2 + _VECTORS + _KEEP_OLD)
            case _:
                return
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _old_key(model: str, title: str, heading: str, text: str) -> bytes:
    return text_key(model, headed_text(title, heading, text))
