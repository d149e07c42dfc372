"""A program for tests: adds the documents of a folder one by one, and says what is safe, as `fanin kb add` does.

It reads and keeps by the same code as the command, without worker interpreters, so that a hundred of it start quickly.
"""

import sys
from pathlib import Path

from fanin.knowledge.ingest.file_reading import read_file
from fanin.knowledge.store import queries
from fanin.knowledge.store.database_file import open_for_writing
from fanin.model import Document


def main(file: str, folder: str) -> None:
    with open_for_writing(Path(file)) as connection:
        root = queries.add_root(connection, folder, name="docs", follow_links=False)
        for path in sorted(Path(folder).iterdir()):
            read = read_file("", Document("", url=str(path)))
            assert isinstance(read, queries.Entry)
            queries.put_documents(connection, root, {str(path): read})
            print(path, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
