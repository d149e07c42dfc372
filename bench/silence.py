"""When do the sources not say what is asked? Derives the weights of `fanin.answer.answerable`.

Run `python bench/silence.py [--model] [--manuals FOLDER]`; with `--model`, the one of fanin[semantic] reads passages.
It asks questions of answers/development and answers/handbooks that have an answer, those that have none, and those of
answers/development that lose theirs when its page is taken away, unless another page has the fact; and those of
quality/silence.txt, if FOLDER has the manuals borg, git, gnucash and rust (HTML of packages of Debian). What a passage
has all words of is answered in any case and teaches nothing. The weights are those of a logistic regression (Newton's
method, with a ridge of 1); the figures beside them are cross-validated by document: each page is judged by weights that
know nothing of it.
"""

import argparse
import asyncio
import shutil
import tempfile
import zlib
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from math import exp
from pathlib import Path
from typing import NamedTuple

from answer_judging import Asked, Pair, holds
from answers import DEVELOPMENT, FOLDER, HANDBOOKS, NEWS, News, answer_and_documents, engine, plain, rows

from fanin import Document, Engine, Question, Source, source
from fanin.answer.answerable import SILENT, doubt_about, signs
from fanin.answer.candidate_sentences import CandidateSentence, fitting_sentences
from fanin.fuse import fuse
from fanin.knowledge.ingest.updating import add_paths
from fanin.sources.knowledge_source import knowledge
from fanin.text.question_terms import question_terms

PART = FOLDER / DEVELOPMENT
QUESTIONS = Path(__file__).with_name("quality") / "silence.txt"
FOLDS, STEPS, RIDGE = 6, 20, 1.0
COUNTS = {"asked": 1.0, "none": 2.0, "taken away": 0.5, "news": 0.5, "pairs": 0.3}
"""What a question of each kind counts: those that were written as ones without an answer count most."""


class Case(NamedTuple):
    """A question: of which kind and page, whether it has an answer, whether fanin is silent, and its signs, 1 first.

    It has no signs where it takes none: all words were found, or nothing was.
    """

    kind: str
    page: str
    answered: bool
    silent: bool
    signs: tuple[float, ...] | None


async def case(asking: Engine, question: str, kind: str, page: str, *, answered: bool) -> Case:
    answer, documents = await answer_and_documents(asking, question)
    question = answer.searched_for or question
    read = [(documents[each.source, each.document], each.value) for each in answer.inferences]
    found = fuse(question_terms(question), read)
    best = sorted(fitting_sentences(question, found), key=CandidateSentence.order)
    silent, whole = doubt_about(question, found, best) > SILENT, len(found.terms.stems)
    certain = not best or any(len(each.matches) == whole for each in found.candidates)
    return Case(kind, page, answered, silent, None if certain else (1.0, *signs(question, found, best)))


async def cases(model: bool, manuals: Path | None = None) -> list[Case]:
    asked = [Asked(**row) for row in rows(PART / "questions.jsonl")]
    with tempfile.TemporaryDirectory() as folder, closing(News(PART)) as news:
        found = [each async for each in of_manuals(asked, Path(folder), model)]
        async with engine(news.sources(), model=model) as asking:
            for each in asked:
                if each.page == NEWS or not each.facts:
                    kind = "asked" if each.facts else "news"
                    found.append(await case(asking, each.question, kind, each.page, answered=bool(each.facts)))
    found += [each async for each in of_handbooks(model)]
    if manuals is not None:
        found += [each async for each in of_packages(manuals, model)]
    return [*found, *[each async for each in of_pairs(model)]]


async def of_handbooks(model: bool) -> AsyncIterator[Case]:
    with tempfile.TemporaryDirectory() as folder:
        async with engine([await base(Path(folder), FOLDER / HANDBOOKS / "manuals")], model=model) as asking:
            for each in (Asked(**row) for row in rows(FOLDER / HANDBOOKS / "questions.jsonl")):
                kind, page = "asked" if each.facts else "none", each.page or each.question
                yield await case(asking, each.question, kind, page, answered=bool(each.facts))


async def of_packages(manuals: Path, model: bool) -> AsyncIterator[Case]:
    lines = [line.split(" | ") for line in QUESTIONS.read_text("utf-8").splitlines() if not line.startswith("#")]
    for name in dict.fromkeys(name for name, _, _ in lines):
        with tempfile.TemporaryDirectory() as folder:
            async with engine([await base(Path(folder), manuals / name)], model=model) as asking:
                for _, answered, question in (line for line in lines if line[0] == name):
                    kind = "asked" if answered == "yes" else "none"
                    yield await case(asking, question, kind, question, answered=answered == "yes")


async def of_manuals(asked: Sequence[Asked], folder: Path, model: bool) -> AsyncIterator[Case]:
    async with engine([await base(folder, PART / "manuals")], model=model) as asking:
        for each in asked:
            if each.page != NEWS:
                kind = "asked" if each.facts else "none"
                yield await case(asking, each.question, kind, each.page, answered=bool(each.facts))
    for page in sorted({each.page for each in asked if each.facts} - {NEWS}):
        rest = shutil.copytree(PART / "manuals", folder / page / "manuals")
        next(rest.rglob(page)).unlink()
        told = " ".join(plain(file) for file in rest.rglob("*.*"))
        async with engine([await base(folder / page, rest)], model=model) as asking:
            for each in asked:
                if each.page == page and not any(holds(told, wording) for wording in each.facts[0]):
                    yield await case(asking, each.question, "taken away", page, answered=False)


async def base(folder: Path, manuals: Path) -> Source:
    await add_paths(folder / "manuals.sqlite", [manuals], report=lambda _: None)
    return knowledge(folder / "manuals.sqlite", timeout=30.0)


async def of_pairs(model: bool) -> AsyncIterator[Case]:
    pairs = {pair.question: pair for pair in (Pair(**row) for row in rows(PART / "pairs.jsonl"))}

    @source(name="texts")
    async def texts(question: Question) -> list[Document]:
        return [Document(text) for text in pairs[question.text].texts]

    async with engine([texts], model=model) as asking:
        for question in pairs:
            yield await case(asking, question, "pairs", question, answered=True)


def odds(weights: Sequence[float], signs: Sequence[float]) -> float:
    return sum(weight * sign for weight, sign in zip(weights, signs, strict=True))


def fitted(cases: Sequence[Case]) -> list[float]:
    """The weights of a logistic regression of having no answer."""
    taught = [(each.signs, not each.answered, COUNTS[each.kind]) for each in cases if each.signs is not None]
    size = len(taught[0][0])
    weights = [0.0] * size
    for _ in range(STEPS):
        slope = [RIDGE * weight * (at > 0) for at, weight in enumerate(weights)]
        curve = [[(RIDGE if row else 1e-6) * (row == column) for column in range(size)] for row in range(size)]
        for found, silent, count in taught:
            likely = 1 / (1 + exp(-odds(weights, found)))
            for row in range(size):
                slope[row] += count * (likely - silent) * found[row]
                for column in range(size):
                    curve[row][column] += count * likely * (1 - likely) * found[row] * found[column]
        weights = [weight - step for weight, step in zip(weights, solved(curve, slope), strict=True)]
    return weights


def solved(matrix: list[list[float]], right: Sequence[float]) -> list[float]:
    """The solution of the linear equations, by elimination; the matrix is positive definite."""
    lines = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    for at, line in enumerate(lines):
        line[:] = [value / line[at] for value in line]
        for other in lines:
            if other is not line:
                other[:] = [value - other[at] * own for value, own in zip(other, line, strict=True)]
    return [line[-1] for line in lines]


def judged(cases: Sequence[Case]) -> Iterator[tuple[Case, bool]]:
    """Each question, and whether it is met with silence by the weights of the other pages."""
    folds = [zlib.crc32((each.page or str(each.signs)).encode()) % FOLDS for each in cases]
    for fold in range(FOLDS):
        weights = fitted([each for each, its in zip(cases, folds, strict=True) if its != fold])
        for each, its in zip(cases, folds, strict=True):
            if its == fold:
                yield each, each.silent if each.signs is None else odds(weights, each.signs) > SILENT


def main(model: bool, manuals: Path | None) -> None:
    found = asyncio.run(cases(model, manuals))
    begin, *weights = fitted(found)
    print(f"begin {begin:.1f}, weights {', '.join(f'{weight:.1f}' for weight in weights)}; silent above {SILENT}")
    outcomes = list(judged(found))
    for kind in COUNTS:
        for answered in (True, False):
            silent = [each for case, each in outcomes if case.kind == kind and case.answered is answered]
            if silent:
                told = "an answer" if answered else "none"
                print(f"{kind}: of {len(silent)} that have {told}, {sum(silent) / len(silent):.0%} get silence")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", action="store_true", help="let the model of fanin[semantic] read passages")
    parser.add_argument("--manuals", type=Path, help="a folder with the manuals of quality/silence.txt")
    given = parser.parse_args()
    main(given.model, given.manuals)
