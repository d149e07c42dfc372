"""What holds of any template and of any question that a query is given."""

from hypothesis import given
from hypothesis import strategies as st

from fanin.errors import ConfigError
from fanin.sources.sql.query_parameters import NAMES, parameters
from fanin.sources.sql.text_template import Template

PIECES = st.lists(
    st.sampled_from(["{name}", "{price:.2f}", "{{", "}}", "text", "{", "}", "{x.y}", "{x!r}", "%", '"', ";"])
)


@given(PIECES.map("".join))
def test_any_text_is_a_template_of_plain_names_or_refused(text: str) -> None:
    try:
        template = Template.read(text)
    except ConfigError:
        return
    assert {*template.names} <= {"name", "price"}
    filled = template.fill({"name": "{0.__class__}", "price": 2})
    assert filled == text.format(name="{0.__class__}", price=2)


@given(st.text(alphabet="{}ab:!.", max_size=30))
def test_a_text_in_which_braces_are_doubled_is_filled_with_itself(text: str) -> None:
    assert Template.read(text.replace("{", "{{").replace("}", "}}")).fill({}) == text


@given(st.text(max_size=60) | PIECES.map(" rain ".join), st.integers(1, 100))
def test_any_question_gives_each_parameter_and_no_syntax(question: str, limit: int) -> None:
    seen = parameters(question, limit=limit)
    assert (tuple(seen), seen["question"], seen["limit"]) == (NAMES, question, limit)
    words = str(seen["words"]).split() or [""]
    assert str(seen["match"]).replace('"', "").split(" OR ") == words
    assert str(seen["like"]).strip("%").split("%") == words
