"""Whatever a settings file says, it is read or refused in lines: never a traceback, never a word without its key."""

import json
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fanin.config import load
from fanin.config.kinds import KINDS
from fanin.config.settings import General
from fanin.errors import ConfigError

TEXTS = st.sampled_from(["", "5s", "30/min", "x", "memory", "https://example.com/{question}", "${", "{", "a:b", "\x00"])
WORDS = st.text(st.characters(max_codepoint=0xD7FF), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.floats() | TEXTS | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=5,
)
SETTINGS = sorted({name for model in KINDS.values() for name in model.model_fields} | {"no_such_setting"})
SOURCES = st.dictionaries(st.sampled_from(SETTINGS), VALUES, max_size=5)
KIND = st.sampled_from([*KINDS, "nothing"])


def toml(value: Any) -> str:
    """The value as TOML writes it within a line; what TOML lacks becomes an empty table."""
    match value:
        case None:
            return "{}"
        case dict():
            return "{" + ", ".join(f"{json.dumps(key)} = {toml(each)}" for key, each in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(toml, value)) + "]"
        case str():
            return json.dumps(value).replace("\x7f", "\\u007f")
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def refused(folder: Path, text: str) -> list[str]:
    """The lines that refuse the settings; none if they are taken. Any other exception is a failure."""
    path = folder / "fanin.toml"
    path.write_text(text, "utf-8", "surrogateescape")
    try:
        load(path).engine()
    except ConfigError as error:
        return str(error).splitlines()
    return []


@settings(deadline=None, max_examples=150)
@given(kind=KIND, own=SOURCES)
def test_any_source_is_taken_or_refused_with_its_key(tmp_path_factory, kind: str, own: dict[str, Any]) -> None:
    seen = {**own, "kind": kind}
    lines = "\n".join(f"{key} = {toml(value)}" for key, value in seen.items())
    for line in refused(tmp_path_factory.getbasetemp(), f"[sources.one]\n{lines}\n"):
        assert "fanin.toml: sources.one" in line


@settings(deadline=None, max_examples=100)
@given(general=st.dictionaries(st.sampled_from([*General.model_fields, "no_such_setting"]), VALUES, max_size=4))
def test_anything_in_general_is_taken_or_refused_with_its_key(tmp_path_factory, general: dict[str, Any]) -> None:
    lines = "\n".join(f"{key} = {toml(value)}" for key, value in general.items())
    source = '[sources.one]\nkind = "simulated"\n'
    for line in refused(tmp_path_factory.getbasetemp(), f"{lines}\n{source}"):
        assert line.startswith(tuple(f"{tmp_path_factory.getbasetemp() / 'fanin.toml'}: {key}" for key in general))
