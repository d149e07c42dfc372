"""`fanin ask`: one question, answered on the terminal or as JSON."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from fanin.config import find, load
from fanin.interfaces.cli.asking import answer
from fanin.interfaces.cli.log_options import QUIET, Log


def ask(
    question: Annotated[
        str,
        Parameter(
            allow_leading_hyphen=True,
            help='What you want to know, in your own words; "-" reads it from standard input.',
        ),
    ],
    /,
    *,
    source: Annotated[
        tuple[str, ...], Parameter(negative=(), help="Ask only the source of this name. Repeat it to ask several.")
    ] = (),
    deadline: Annotated[
        str, Parameter(help='Answer within this time: "500ms", "3s", "1m", or seconds. Default: that of the settings.')
    ] = "",
    config: Annotated[
        Path | None,
        Parameter(
            help="The settings file. Default: ./fanin.toml, else ~/.config/fanin/fanin.toml, else the built-in sources."
        ),
    ] = None,
    write: Annotated[
        tuple[str, ...],
        Parameter(
            negative=(), help='Let this language model write the answer: "ollama:qwen3". Repeat it to name fallbacks.'
        ),
    ] = (),
    fresh: Annotated[bool, Parameter(negative=(), help="Take no answer of a source from the cache.")] = False,
    json: Annotated[bool, Parameter(negative=(), help="Print the answer as one JSON object.")] = False,
    events: Annotated[
        bool, Parameter(negative=(), help="Print each event as it happens, a line of JSON each.")
    ] = False,
    timeline: Annotated[
        bool, Parameter(negative=(), help="Print below the answer how long each source and each core worked.")
    ] = False,
    log: Log = QUIET,
) -> int:
    """Ask a question; see the sources at work, the answer with its citations, and what is missing and why.

    The exit status is 0 with an answer, 3 without one, 2 for a mistake in the call or the settings, 130 after Ctrl-C.
    """
    with log.shown():
        return answer(
            lambda: load(find(config)).engine(writer=write or None),
            question,
            sources=source or None,
            deadline=deadline,
            fresh=fresh,
            json=json,
            events=events,
            timeline=timeline,
        )
