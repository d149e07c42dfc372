"""Does an answer from the Python documentation say only what its citations say?

Run `python bench/quality/faithful.py [folder]`, with the folder of `search.py`. Each of its questions is answered from
the knowledge base twice: by quoting, and by a stub of a model that copies sentences of the passages but alters a number
in every other one and adds sentences of its own. Every quoted sentence must be a verbatim span of its citation, and
every number of a written answer must stand in a passage that it cites.
"""

import asyncio
import itertools
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncGenerator
from pathlib import Path

from search import knowledge_of, questions

from fanin import Answer, Engine
from fanin.answer.draft import NOT_ANSWERED
from fanin.sources.knowledge_source import knowledge
from fanin.text.claims.figures import same_figure
from fanin.text.claims.tokens import figures_of
from fanin.text.sentences import sentences

_MARKS = re.compile(r"(?:\s*\[\d+\])+")


class Liar:
    """A model that copies, alters and invents."""

    name = "liar"

    async def stream(self, instructions: str, prompt: str) -> AsyncGenerator[str]:
        alter = itertools.cycle((False, True))
        for passage in json.loads(prompt)["passages"]:
            text = passage["text"]
            for start, end in sentences(text)[:2]:
                said = text[start:end]
                if next(alter):
                    said = re.sub(r"\d", lambda digit: str((int(digit[0]) + 1) % 10), said)
                yield f"{said} [{passage['number']}] It was removed in version 9.87. [{passage['number']}] "

    async def close(self) -> None:
        pass


def verbatim(answer: Answer) -> bool:
    """Whether every citation's quote stands in its passage, and the text is these quotes and nothing else."""
    for each in answer.citations:
        homes = [p for p in answer.passages if (p.source, p.document) == (each.source, each.document)]
        if not any(p.text[each.start - p.start : each.end - p.start] == each.quote for p in homes):
            return False
    rest = answer.text.partition("Sources differ:")[0].removeprefix(NOT_ANSWERED).strip()
    for each in answer.citations:
        told = f"{' '.join(each.quote.split())} [{each.number}]"
        if not rest.startswith(told):
            return False
        rest = rest.removeprefix(told).strip()
    return not rest


def supported(answer: Answer) -> bool:
    """Whether every number that was written stands in a cited passage."""
    cited = {(each.source, each.document) for each in answer.citations}
    told = figures_of(" ".join(f"{p.title}. {p.text}" for p in answer.passages if (p.source, p.document) in cited))
    written = figures_of(_MARKS.sub(" ", answer.text))
    return all(any(same_figure(figure, other) for other in told) for figure in written)


async def measured(file: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    source = knowledge(file, timeout=30.0)
    async with Engine([source], semantic=False) as quoting, Engine([source], writer=Liar(), semantic=False) as writing:
        for each in questions():
            quoted, written = await quoting.ask(each.question), await writing.ask(each.question)
            counts["quoted"] += 1
            counts["verbatim"] += verbatim(quoted)
            if written.writing is not None and written.writing.status == "written":
                counts["written"] += 1
                counts["supported"] += supported(written)
                counts["dropped"] += written.writing.dropped
    return counts


def main(folder: Path) -> None:
    counts = asyncio.run(measured(knowledge_of(folder)))
    print(f"{counts['verbatim']} of {counts['quoted']} quoting answers are verbatim")
    print(f"{counts['supported']} of {counts['written']} written answers have only numbers of what they cite")
    print(f"{counts['dropped']} sentences of the model were left out; required: all, and all")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as temporary:
            main(Path(temporary))
