"""Lets a language model summarise each source, in addition to the local processing and within the same budget."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import aclosing

from fanin.errors import describe
from fanin.limits import LIMITS
from fanin.model import JSON, Passage
from fanin.writing.models import Model, ModelError, Usage
from fanin.writing.prompt import INFER, prompt, select_passages
from fanin.writing.writer import LEAST


async def infer(
    model: Model, question: str, passages: Sequence[Passage], *, until: float, most: int = LIMITS.written_characters
) -> Mapping[str, JSON] | str:
    """What a model says of the passages, its name and what it took, by `until` (loop time); or a sentence why not.

    No more than `most` characters are read.
    """
    given = select_passages(passages, {})
    if not given or until - asyncio.get_running_loop().time() < LEAST:
        return ""
    text = ""
    usage = Usage()
    try:
        async with (
            asyncio.timeout_at(until),
            aclosing(model.stream(INFER, prompt(question, given))) as stream,
        ):
            async for piece in stream:
                if isinstance(piece, Usage):
                    usage = piece
                else:
                    text += piece[: most - len(text)]
                if len(text) == most:
                    break
    except TimeoutError:
        return f"{model.name} was not ready in time; fanin kept the local processing."
    except ModelError as error:
        return f"{model.name} gave no inference ({error.kind}); fanin kept the local processing."
    except Exception as error:  # noqa: BLE001 - whatever a model's client does, the local processing stands
        return f"{model.name}: {describe(error)}; fanin kept the local processing."
    return {
        "model": model.name,
        "text": text.strip(),
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cost": usage.cost,
    }
