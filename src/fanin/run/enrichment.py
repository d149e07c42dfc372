"""The models of an engine: they compare passages by meaning, infer from sources, and write the answer."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from copy import copy
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from fanin import lazy
from fanin.embeddings.minilm import installed
from fanin.embeddings.model_loading import shared
from fanin.embeddings.similarity import Meaning
from fanin.errors import ConfigError
from fanin.limits import LIMITS, Limits
from fanin.model import Question, Turn
from fanin.plan.plan import Plan
from fanin.run.build_answer import passages_of
from fanin.run.similarity_choice import SimilarityChoice
from fanin.run.source.source_end import SourceResult
from fanin.run.source.source_input import Inferred
from fanin.sources.source import Source
from fanin.writing.models import Model, load_models, loading

if TYPE_CHECKING:
    from fanin.writing.planning import ModelPlan
    from fanin.writing.writer import Writer

EXTRACTIVE = "extractive"
"""The writer without a model: the answer is sentences of the sources."""

type Named = str | Model | Sequence[str | Model]
"""Models by name ("SERVICE:NAME") or as they are."""


class Planner(Protocol):
    """Lets a model plan a question, until an instant of the loop's clock."""

    def __call__(self, *, until: float) -> Coroutine[Any, Any, ModelPlan]:
        """The plan."""
        ...


class Enrichment:
    """The models of one engine, any of which may be missing; each is used by every question.

    `writer` writes answers and gets a `share` of the time; `writers` are others by name, which a question may have in
    its place, as each model of `writer` alone, and none. `inferring` says what a source says. `semantic` is True when
    passages must be weighed by meaning, None when they are if that can be had, and False when not (see
    `fanin.embeddings.similarity.wanted`).
    """

    def __init__(
        self,
        *,
        writer: Named | None,
        inferring: Named | None,
        semantic: bool | None,
        writers: Mapping[str, Named] | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        self._limits = limits
        self.writer = None if writer is None else self._writing(writer)
        self.writers: dict[str, Writer | None] = {EXTRACTIVE: None}
        self.writers |= {each.name: self._writing(each) for each in (self.writer.models if self.writer else ())}
        if EXTRACTIVE in (writers := writers or {}):
            raise ConfigError(f"{EXTRACTIVE!r} is to write without a model; fanin did not start. Name yours otherwise.")
        self.writers |= {name: self._writing(each) for name, each in writers.items()}
        self.inferring = None if inferring is None else load_models(inferring, limits=limits)[0]
        self.meaning: Meaning | None = None
        self._semantic = semantic
        self._loading: asyncio.Future[None] | None = None

    @property
    def share(self) -> float:
        """The part of the time that is kept for writing."""
        return lazy.writer.SHARE if self.writer else 0.0

    @property
    def models(self) -> Sequence[Model]:
        """The language models, each once: those of the usual writer first."""
        usual = (*(self.writer.models if self.writer else ()), *((self.inferring,) if self.inferring else ()))
        others = [model for each in self.writers.values() if each for model in each.models]
        return list({id(each): each for each in (*usual, *others)}.values())

    def written_by(self, writer: str) -> Enrichment:
        """The same models, with the writer of this name in place of the usual one."""
        chosen = copy(self)
        chosen.writer = self.writers[writer]
        return chosen

    def _writing(self, named: Named) -> Writer:
        return lazy.writer.Writer(load_models(named, limits=self._limits), most=self._limits.written_characters)

    async def open(self, *, workers: int | None) -> None:
        """Begin to import what the language models need, in a thread. Raises ConfigError if it is not installed."""
        self._loading = loading(self.models)
        if self._semantic is not False and installed():
            self.meaning = Meaning(shared(), workers=workers)
        elif self._semantic:
            raise ConfigError(
                "semantic=True, but the extra fanin[semantic] is not installed; fanin did not start. Install it."
            )

    def similarity_choice(self, question: Question, *, until: float) -> SimilarityChoice | None:
        """The comparison by meaning for a question, until this instant; None if it is off."""
        if self.meaning is None:
            return None
        always = self._semantic is True
        return SimilarityChoice(self.meaning, question.text, until=until, always=always)

    def planner(self, question: str, turns: Sequence[Turn], sources: Sequence[Source]) -> Planner | None:
        """What lets the first model that writes plan a question; None if there is none, or no source to ask again."""
        searching = {source.name: source.topics for source in sources if source.searches}
        if self.writer is None or not (searching or turns):
            return None
        model, most = self.writer.models[0], self._limits.written_characters
        return partial(lazy.planning.plan_questions, model, question, turns, searching, most=most)

    async def infer(self, plan: Plan[Source], result: SourceResult, *, until: float) -> tuple[Inferred, str] | None:
        """The inference of a model from what a source delivered, by `until`, and a sentence about its failure or ""."""
        if self.inferring is None:
            return None
        began = asyncio.get_running_loop().time()
        passages, most = passages_of(plan, result), self._limits.written_characters
        question, infer = plan.question.text, lazy.source_inference.infer
        inferred = await infer(self.inferring, question, passages, until=until, most=most)
        failure = f"{result.name}: {inferred}" if isinstance(inferred, str) and inferred else ""
        return Inferred(None if isinstance(inferred, str) else inferred, self.inferring.name, began), failure

    async def close(self) -> None:
        """End threads and close connections."""
        if self.meaning is not None:
            self.meaning.close()
        loading, self._loading = self._loading, None
        if loading is not None:
            loading.cancel()
        for each in self.models:
            await each.close()
