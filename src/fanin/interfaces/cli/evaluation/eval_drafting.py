"""`fanin eval make`: draft questions from the documents of a knowledge base."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from fanin.config import find, load
from fanin.durations import whole
from fanin.errors import ConfigError
from fanin.evaluation.drafting.draft_choice import UNANSWERABLE, chosen, unanswerable
from fanin.evaluation.drafting.draft_rules import Draft, drafts
from fanin.evaluation.drafting.model_drafts import Passage, model_drafts
from fanin.interfaces.cli.evaluation.eval_commands import app
from fanin.interfaces.cli.evaluation.eval_progress import counted
from fanin.interfaces.cli.options import Config
from fanin.interfaces.cli.process_exit import NO_ANSWER
from fanin.interfaces.cli.terminal import say
from fanin.knowledge.store.database_file import default_path, open_for_reading
from fanin.knowledge.store.queries import all_passages
from fanin.text.words import words
from fanin.writing.models import Model


@app.command
def make(
    *,
    output: Annotated[
        Path, Parameter(name=("-o", "--output"), help="The file of questions that is written: JSON lines.")
    ],
    kb: Annotated[
        Path | None, Parameter(help="The knowledge base. Default: fanin/knowledge.sqlite in ~/.local/share.")
    ] = None,
    count: Annotated[int, Parameter(help="Number of questions at most. Default: 50.")] = 50,
    config: Config = None,
) -> int:
    """Draft questions from your own documents: by a model where the settings have one that writes, else by rules.

    Rules know English sentences that tell a value. One in ten questions is about a name that no document has. Look
    through the file before you rely on it. The exit status is 3 when no sentence makes a question.
    """
    whole("--count", count, least=1)
    if output.exists():
        raise ConfigError(f"{output} exists; fanin drafted nothing. Delete it, or name another --output.")
    with open_for_reading(kb or default_path()) as connection:
        passages = [Passage(text, title, path) for text, title, path in all_passages(connection)]
    answerable = count - int(count * UNANSWERABLE)
    ruled = chosen((each for one in passages for each in drafts(one.text, one.path)), answerable)
    models = load(find(config)).models()
    found = asyncio.run(_by_model(models, passages, answerable)) if models else ruled
    known = {word.casefold() for one in passages for word in words(one.text)}
    found = [*found, *unanswerable(ruled, known, round(UNANSWERABLE * len(found)))]
    if not found:
        say("No sentence of the documents makes a question.")
        return NO_ANSWER
    _write(output, found)
    say(f"{output}: {len(found)} questions. Look through them: a draft may ask for what nobody would.")
    return 0


async def _by_model(models: Sequence[Model], passages: Sequence[Passage], count: int) -> Sequence[Draft]:
    """Drafts of the first model, from passages that are spread over the documents."""
    first, step = models[0], max(1, len(passages) // count)
    some = passages[::step][:count]
    try:
        return chosen([each async for each in counted(model_drafts(first, some), len(some))], count)
    finally:
        for each in models:
            await each.close()


def _write(path: Path, found: Sequence[Draft]) -> None:
    text = "".join(json.dumps(_row(each), ensure_ascii=False) + "\n" for each in found)
    try:
        path.write_text(text, "utf-8")
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}. Name another --output.") from error


def _row(draft: Draft) -> dict[str, Any]:
    if not draft.fact:
        return {"question": draft.question, "unanswerable": True, "made_by": draft.made_by}
    fields = {"question": draft.question, "facts": [draft.fact], "documents": [draft.path], "made_by": draft.made_by}
    return fields | ({"sentence": draft.sentence} if draft.sentence else {})
