"""The arguments of an engine and of its questions, checked."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from fanin.arguments import check_callable, check_list
from fanin.durations import shown, whole
from fanin.errors import ConfigError
from fanin.model import Document, Processor, Turn
from fanin.pools.main_guard import require_main_guard
from fanin.process import ANALYSIS
from fanin.sources.source import Source, as_source

NOTHING = "fanin asked nothing"


def sources_by_name(sources: object) -> dict[str, Source]:
    """The sources by their names; raises ConfigError where two share one."""
    made = [as_source(each) for each in check_list("sources", sources)]
    found = {each.name: each for each in made}
    if len(found) < len(made):
        shared = [repr(name) for name, count in Counter(each.name for each in made).items() if count > 1]
        raise ConfigError(f"Sources share a name ({', '.join(shared)}); fanin did not start. Give each its own.")
    return found


def checked_rounds(rounds: int) -> int:
    """How often sources may be asked: 1 or 2; raises ConfigError for anything else."""
    if whole("rounds", rounds, least=1) > 2:
        raise ConfigError(
            f"rounds is {shown(rounds)}; fanin did not start. Give 1 or 2: no source is asked more often."
        )
    return rounds


def checked_turns(history: Sequence[Turn]) -> Sequence[Turn]:
    """The turns; raises ConfigError for anything else."""
    turns = check_list("history", history, did=NOTHING)
    if wrong := [each for each in turns if not isinstance(each, Turn)]:
        advice = "Give turns, the last one last: history=[fanin.Turn(question, answer)]."
        raise ConfigError(f"history holds {shown(wrong[0])}, which is no turn; {NOTHING}. {advice}")
    return turns


def checked_processor(process: Callable[[str, Document], Any] | Processor | None, pool: object) -> Processor:
    """The processor, or fanin's own; raises ConfigError for what cannot be called, or not be sent to workers."""
    if process is None:
        return ANALYSIS
    made = process if isinstance(process, Processor) else Processor(process)
    check_callable("process", made.work, "a function that takes a question and a document", "question", "document")
    if pool in (None, "interpreters", "processes"):
        require_main_guard(made.work)
    return made
