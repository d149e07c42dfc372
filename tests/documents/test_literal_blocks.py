"""Code that is indented is put between fences, and prose is not."""

import pytest

from fanin.documents.rows.literal_blocks import LONGEST, is_code_block, with_fences


@pytest.mark.parametrize(
    ("text", "fenced"),
    [
        ("Run::\n\n    make all\n\nDone.\n", "Run:\n\n```\nmake all\n```\n\nDone.\n"),
        ("Run:\n\n    make \\\n      all\n", "Run:\n\n```\nmake \\\n  all\n```\n"),
        ("Run:\n\n\tmake all\n", "Run:\n\n```\nmake all\n```\n"),
        (".. code-block:: sh\n   :caption: x\n\n   make all\n", "\n```sh\nmake all\n```\n"),
        ("a\n\n::\n\n    Some Words\n\nb\n", "a\n\n\n```\nSome Words\n```\n\nb\n"),
        ("1. Run:\n\n       make all\n", "1. Run:\n\n```\nmake all\n```\n"),
        ("1. Run:\n\n   It takes time.\n", None),
        ("You need:\n\n    - a rope\n", None),
        ("He said:\n\n    The tide was so late that nobody had waited for it.\n", None),
        ("Run:\n    make all\n", None),
        ("Run:\n\nmake all\n", None),
        ("Open:\n\n    Monday to Friday\n    Saturday\n", None),
        ("```yaml\na:\n\n    b: 1\n```\n", None),
        ("Ends:\n\n", None),
        ("", None),
    ],
)
def test_only_code_is_put_between_fences(text: str, fenced: str | None) -> None:
    assert with_fences(text) == (text if fenced is None else fenced)


@pytest.mark.parametrize(
    ("text", "is_code"),
    [
        ("git add .", True),
        ('{"a": 1}', True),
        ("SELECT * FROM boats;", True),
        ("Dear all, the harbour is closed tomorrow.", False),
        ("The moon is up\nthe tide is low\nThe boats lie still in the mud and wait\n", True),
        ("Monday\nTuesday", False),
        ("x" * (LONGEST + 1), False),
        ("", False),
    ],
)
def test_lines_that_stand_as_they_are_may_be_code(text: str, is_code: bool) -> None:
    assert is_code_block(text) is is_code
