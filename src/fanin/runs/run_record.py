"""What is kept of a run, and the protocol of what keeps it."""

import secrets
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from fanin.events import Answered, Event
from fanin.model import Answer
from fanin.runs.run_figure import NO_FIGURE, RunFigure, figure_of
from fanin.runs.source_history import AskedSources
from fanin.values import value

type RunStatus = Literal["answered", "cancelled", "failed"]
"""How a run ended: with its answer; with what had arrived when it was cancelled, if anything; or by an error."""


@value
class AskedBy:
    """What a request said besides its question: its writer, if it named one; and of an OpenAI response, the rest.

    `key` and `body` are digests by which the same request is known when it is sent again, "" if it cannot be.
    """

    writer: str | None = None
    background: bool = False
    previous: str | None = None
    key: str = ""
    body: str = ""


PLAIN = AskedBy()
"""A request that said nothing besides its question."""


@value
class EndedRun:
    """A run that is over: who asked what, when (in seconds since 1970), and every event."""

    id: str
    user: str
    question: str
    asked_at: float
    status: RunStatus
    events: Sequence[Event] = ()
    request: AskedBy = PLAIN

    @property
    def answer(self) -> Answer | None:
        """The final answer; None if there is none."""
        last = self.events[-1] if self.events else None
        return last.answer if isinstance(last, Answered) else None


@value
class RunSummary:
    """One line in a list of runs; `asked_at` is in seconds since 1970, `text` the answer's, `seconds` its time."""

    id: str
    user: str
    question: str
    asked_at: float
    status: RunStatus
    text: str = ""
    seconds: float = 0.0
    answered: bool = False
    success: bool = False
    figure: RunFigure = NO_FIGURE

    @property
    def asked(self) -> datetime:
        """When it was asked, in this machine's zone."""
        return datetime.fromtimestamp(self.asked_at, UTC).astimezone()


@value
class KeptRun:
    """A run as it was kept: its summary, each event as JSON values, and what else the request said."""

    summary: RunSummary
    events: tuple[dict[str, Any], ...]
    request: AskedBy = PLAIN

    @property
    def answer(self) -> dict[str, Any] | None:
        """The final answer, as JSON values; None if there is none."""
        last = self.events[-1] if self.events else {}
        return last.get("answer") if last.get("event") == "answered" else None


class RunStore(Protocol):
    """Keeps runs. `user` selects the runs of one user; None those of all."""

    async def keep(self, run: EndedRun) -> bool:
        """Keep the run; whether it did. It never raises: an error, which is logged, costs the record."""
        ...

    async def repeated(self, key: str, *, since: float) -> tuple[str, str] | None:
        """The id and the digest of the body of the newest run whose request had this key. Raises RunsError."""
        ...

    async def find(self, run: str, *, user: str | None) -> KeptRun | None:
        """The run of this id; None if there is none of this user. Raises RunsError."""
        ...

    async def summaries(
        self, *, user: str | None, words: str = "", before: str = "", most: int = 50
    ) -> Sequence[RunSummary]:
        """The newest first; only those with all these `words`, only those older than a run. Raises RunsError."""
        ...

    async def kept(self, runs: Collection[str]) -> set[str]:
        """Those of these ids that are ids of kept runs. Raises RunsError."""
        ...

    async def delete(self, run: str, *, user: str | None) -> bool:
        """Remove the run; false if there is none of this user. Raises RunsError."""
        ...

    async def share(self, run: str, *, user: str | None) -> str | None:
        """The name of the link to a run, which is made if there is none; None if there is no such run.

        Raises RunsError.
        """
        ...

    async def shared_as(self, run: str, *, user: str | None) -> str | None:
        """The name of the link to a run; None if it has none. Raises RunsError."""
        ...

    async def unshare(self, run: str, *, user: str | None) -> bool:
        """Take the link to a run back; false if it had none. Raises RunsError."""
        ...

    async def find_shared(self, name: str) -> KeptRun | None:
        """The run to which the link of this name leads; None if there is no such link. Raises RunsError."""
        ...

    async def asked_sources(self, *, user: str | None, most: int = 300) -> Sequence[AskedSources]:
        """The outcomes of the newest runs that have an answer, the newest first. Raises RunsError."""
        ...

    async def close(self) -> None:
        """Called at the end, after what is to be kept was handed over."""
        ...


def new_id() -> str:
    """An id for a run that cannot be guessed."""
    return secrets.token_hex(8)


def summary_of(run: EndedRun) -> RunSummary:
    """The summary of a run."""
    if (answer := run.answer) is None:
        return RunSummary(run.id, run.user, run.question, run.asked_at, run.status)
    return RunSummary(
        run.id,
        run.user,
        run.question,
        run.asked_at,
        run.status,
        answer.text,
        answer.execution_time,
        answer.answered,
        answer.success,
        figure_of(run.events),
    )
