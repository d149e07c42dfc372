"""What an exception says, made safe to show."""

import ast
import pickle
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

import fanin
from fanin.errors import (
    LONGEST_MESSAGE,
    CircuitOpen,
    ConfigError,
    EngineClosed,
    FailureKind,
    FaninError,
    KnowledgeError,
    PoolError,
    RateLimited,
    SourceError,
    UnknownSource,
    describe,
    is_transient,
    message_of,
)
from fanin.sanitize import line
from fanin.writing.models import ModelError

KEY = "sk-SECRETKEY12345é"


class Mute(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no words")


def nested(error: Exception) -> Exception:
    return ExceptionGroup("outer", [ExceptionGroup("inner", [error]), ValueError("second")])


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ValueError("no number"), "ValueError: no number"),
        (ValueError(), "ValueError"),
        (KeyError("query"), "KeyError: 'query'"),
        (SourceError("It is down.", "down"), "It is down."),
        (SourceError(""), "SourceError"),
        (RateLimited("Too many.", 3.0), "Too many."),
        (Mute(), "Mute: (its message raised RuntimeError)"),
        (nested(OSError("broken")), "OSError: broken"),
        (ValueError("one\r\ntwo\n\n three"), "ValueError: one two three"),
        (
            ValueError("\x1b[31mred\x1b]0;title\x07 \u202eturned\u2066 hid\u200bden \x00\x9b"),
            "ValueError: red turned hidden",
        ),
        (SourceError("half \ud800 a \x07character"), "half \ufffd a character"),
        (OSError("at postgresql://user:pass@host/name"), "OSError: at postgresql://***@host/name"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_an_exception_says_its_message_and_nothing_that_hides_or_commands(error: Exception, text: str) -> None:
    assert describe(error) == text


def test_the_arguments_of_an_exception_are_not_its_message() -> None:
    with pytest.raises(UnicodeEncodeError) as caught:
        KEY.encode("ascii")
    assert KEY in repr(caught.value)
    assert "SECRETKEY" not in describe(caught.value)
    assert "ordinal not in range" in describe(caught.value)


def test_a_message_is_cut_and_never_through_a_secret() -> None:
    for before in range(LONGEST_MESSAGE - 40, LONGEST_MESSAGE):
        text = describe(ValueError("x" * before + KEY), mask=lambda seen: seen.replace(KEY, "***"))
        assert len(text) <= LONGEST_MESSAGE
        assert "sk-" not in text


@pytest.mark.parametrize(("head", "unit"), [("", "\x1b]"), ("://", "a"), ("", "x\n")])
def test_an_endless_message_costs_no_more_than_a_long_one(head: str, unit: str, steps: Callable[..., int]) -> None:
    long, endless = (ValueError(head + unit * count) for count in (100_000, 1_000_000))
    message_of(long)
    assert steps(message_of, endless) == steps(message_of, long)
    assert len(describe(endless)) <= LONGEST_MESSAGE
    assert len(message_of(ValueError("://" + "a" * 1_000_000))) == LONGEST_MESSAGE


def test_a_line_is_as_long_as_it_may_be() -> None:
    assert line("a" * 9, limit=9) == "a" * 9
    assert line("a" * 10, limit=9) == "a" * 8 + "…"


MADE_ELSEWHERE = re.compile(
    r"\{(\w*(error|failure|raised|exc|exception|cause|deeper))!r"
    r"|repr\((error|failure|raised|exc)\)|%r.*, (error|failure)\)"
)


def test_no_module_shows_the_repr_of_an_exception() -> None:
    root = Path(fanin.__file__).parent
    found = [
        f"{path.relative_to(root)}: {each[0]}"
        for path in root.rglob("*.py")
        for each in MADE_ELSEWHERE.finditer(path.read_text("utf-8"))
    ]
    assert not found


NOTHING, TRANSIENT = (False, False, False), (True, False, False)
REFUSED, BLOCKED = (False, True, False), (False, False, True)
"""Whether a failure is transient, refused, blocked."""

KINDS = {
    "address": NOTHING,
    "cancelled": NOTHING,
    "closed": NOTHING,
    "columns": NOTHING,
    "connection": TRANSIENT,
    "crashed": NOTHING,
    "deadline": NOTHING,
    "disconnected": TRANSIENT,
    "empty": NOTHING,
    "encoding": NOTHING,
    "enough": NOTHING,
    "error": NOTHING,
    "exception": NOTHING,
    "exit": NOTHING,
    "finished": NOTHING,
    "format": NOTHING,
    "import": NOTHING,
    "memory": NOTHING,
    "not_json": NOTHING,
    "open_circuit": BLOCKED,
    "paging": NOTHING,
    "private": NOTHING,
    "program": NOTHING,
    "protocol": NOTHING,
    "proxy": NOTHING,
    "query": NOTHING,
    "question": NOTHING,
    "rate_limited": TRANSIENT,
    "read_only": NOTHING,
    "recursion": NOTHING,
    "redirects": NOTHING,
    "refused": NOTHING,
    "shed": BLOCKED,
    "simulated": TRANSIENT,
    "stale": NOTHING,
    "start": NOTHING,
    "stuck": NOTHING,
    "timeout": TRANSIENT,
    "tls": NOTHING,
    "too_deep": NOTHING,
    "too_large": NOTHING,
    "too_many": NOTHING,
    "tool": NOTHING,
    "topics": NOTHING,
    "truncated": TRANSIENT,
    "type": NOTHING,
    "unreachable": TRANSIENT,
    "unsendable": NOTHING,
}
STATUSES = dict.fromkeys(range(100, 1000), NOTHING) | {401: REFUSED, 403: REFUSED}
STATUSES |= dict.fromkeys(range(500, 600), TRANSIENT)


def test_the_table_above_has_every_kind() -> None:
    assert [*KINDS] == [*FailureKind]


@pytest.mark.parametrize(("kind", "traits"), [*KINDS.items(), ("down", NOTHING), ("http_", NOTHING)])
def test_what_policies_act_on_follows_from_the_kind(kind: str, traits: tuple[bool, bool, bool]) -> None:
    error = SourceError("It is down.", kind)
    assert (error.transient, error.refused, error.blocked) == traits
    assert (error.kind, error.retry_after, is_transient(error)) == (kind, None, traits[0])


def test_what_policies_act_on_follows_from_the_status_of_http() -> None:
    errors = {status: SourceError("no", f"http_{status}") for status in STATUSES}
    assert {status: (each.transient, each.refused, each.blocked) for status, each in errors.items()} == STATUSES


def test_a_source_may_say_itself_what_policies_act_on() -> None:
    error = SourceError("It is down.", "down", transient=True, refused=True, blocked=True, retry_after=2.0)
    assert (error.transient, error.refused, error.blocked, error.retry_after) == (True, True, True, 2.0)
    error = SourceError("It is away.", "connection", transient=False)
    assert (error.kind, error.transient) == ("connection", False)


@pytest.mark.parametrize(
    ("error", "transient"),
    [
        (RateLimited("slow"), True),
        (CircuitOpen("open", 3.0), False),
        (TimeoutError(), True),
        (ConnectionResetError(), True),
        (ConfigError("no"), False),
        (ValueError("odd"), False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_errors_of_the_network_are_transient_and_mistakes_are_not(error: Exception, transient: bool) -> None:
    assert is_transient(error) == transient


ERRORS = [
    ConfigError("a"),
    UnknownSource("a"),
    EngineClosed("a"),
    PoolError("a"),
    KnowledgeError("a"),
    ModelError("a", "key", 2.0),
    SourceError("a", "b"),
    SourceError("a", FailureKind.TLS, transient=True, refused=True, blocked=True, retry_after=1.5),
    RateLimited("a", 3.0),
    RateLimited("a", blocked=True),
    CircuitOpen("a", 4.0),
]


@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_errors_survive_pickling(error: FaninError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.args, vars(copy)) == (type(error), str(error), error.args, vars(error))


@pytest.mark.parametrize("error", [each for each in ERRORS if isinstance(each, SourceError)], ids=repr)
def test_a_failure_in_other_words_is_the_same_failure_and_nothing_else(error: SourceError) -> None:
    secret = type(error)("key")
    vars(secret).update(vars(error), request="key")
    secret.add_note("key")
    other = secret.with_message("***")
    assert (str(other), vars(other)) == ("***", vars(error))
    assert isinstance(other, RateLimited) == isinstance(error, RateLimited)


def test_the_code_names_every_kind_of_the_table_and_writes_none_as_a_text() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in Path(fanin.__file__).parent.rglob("*.py")]
    named = {node.attr.lower() for tree in trees for node in ast.walk(tree) if is_member(node)}
    assert {*KINDS} - named == set()
    assert [kind for tree in trees for kind in literal_kinds(tree)] == []


def is_member(node: ast.AST) -> TypeGuard[ast.Attribute]:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "FailureKind"


def literal_kinds(tree: ast.AST) -> Iterator[str]:
    """The kinds of failures that are written or compared as texts; a member of FailureKind is none."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(name), args=arguments, keywords=keywords) if name in PLACES:
                given = [*arguments[PLACES[name] :][:1], *(each.value for each in keywords if each.arg == "kind")]
                yield from (str(each.value) for each in given if isinstance(each, ast.Constant) and each.value)
            case ast.Compare(left=ast.Attribute(attr="kind") | ast.Name("kind"), comparators=comparators):
                texts = {each.value for each in ast.walk(ast.List(comparators)) if isinstance(each, ast.Constant)}
                yield from sorted(texts & {*KINDS} - OF_OTHERS)
            case _:
                pass


PLACES = {"SourceError": 1, "Failure": 0, "End": 1, "Reply": 0, "_fail": 1, "_failure": 0, "_refused": 0, "_refuse": 1}
"""Which of the arguments is the kind of a failure."""

OF_OTHERS = {"type"}
