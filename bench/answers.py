"""How good are answers: is the fact there, first and alone, are both sides of a contradiction, and is there silence?

Run `python bench/answers.py [--part development|handbooks|test] [--kind KIND] [--wrong] [--model]`. What is asked, and
of which documents, answers/README.md tells. Choose nothing by the part `test`. The control is the best whole passage
by FTS5's BM25, cut to 80 words. No language model is asked, so that the figures are the same each time; with
`--model`, the one of fanin[semantic] reads passages.
"""

import argparse
import asyncio
import html
import json
import re
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from answer_judging import (
    Answered,
    Asked,
    Compared,
    Dated,
    Documents,
    Pair,
    Said,
    Timed,
    below_headings,
    compared,
    judged,
    quoted,
    states,
    timed,
)

from fanin import Answer, Document, Engine, Question, Source, events, source
from fanin.knowledge.embedding import no_model
from fanin.knowledge.ingest.updating import add_paths
from fanin.knowledge.search.knowledge import Knowledge
from fanin.knowledge.store.database_file import open_for_reading
from fanin.sources.knowledge_source import knowledge

FOLDER = Path(__file__).parent / "answers"
DEVELOPMENT, HANDBOOKS, TEST = "development", "handbooks", "test"
NEWS = "news"
PAGES, FEW, MANY, WORDS = 5, 8, 16, 80
HITS = {1: "80 %", PAGES: "98 %"}
"""Places of a search up to which the right page or passage should be found, and for what share of the questions."""
NOW = datetime(2026, 11, 15, 12, tzinfo=UTC)
FIGURES = {
    "page": f"page@{PAGES}",
    "few": f"passage@{FEW}",
    "many": f"passage@{MANY}",
    "fact": "fact",
    "first": "first",
    "misleading": "misleading",
    "silent": "silent",
}
"""What is counted of the answers, and the titles of the columns."""

_INLINE, _TAG = re.compile(r"</?(?:a|b|code|em|i|strong)\b[^>]*>"), re.compile(r"<[^>]+>")


class Manuals:
    """The manuals of one part, in a knowledge base."""

    def __init__(self, file: Path) -> None:
        self._file, self._knowledge = file, Knowledge(file, embedder=no_model)
        with open_for_reading(file) as connection:
            self.control = index(connection.execute("SELECT title, heading, text FROM passages"))

    def close(self) -> None:
        self.control.close()

    def sources(self) -> list[Source]:
        return [knowledge(self._file, timeout=30.0)]

    def answered(self, asked: Asked, answer: Answer, documents: Documents) -> Answered:
        pages = [each.path for each in self._knowledge.find(asked.question, limit=PAGES).passages]
        found = [below_headings(each, each.text) for each in documents.values()]
        page_at = first_place(path.endswith(f"/{asked.page}") for path in pages)
        return judged(asked, answer.text, quoted(answer, documents), page_at=page_at, **_arrived(found, asked))


class News:
    """Short texts of several sources, all of which each source gives."""

    def __init__(self, part: Path) -> None:
        self._documents = rows(part / "news.jsonl")
        self.control = index((each["title"], "", each["text"]) for each in self._documents)

    def close(self) -> None:
        self.control.close()

    def sources(self) -> list[Source]:
        return [self._source(name) for name in dict.fromkeys(each["source"] for each in self._documents)]

    def _source(self, name: str) -> Source:
        @source(name=name)
        async def give(question: Question) -> AsyncIterator[Document]:
            for each in self._documents:
                if each["source"] == name:
                    yield Document(each["text"], title=each["title"], published=each["published"])

        return give

    def answered(self, asked: Asked, answer: Answer, documents: Documents) -> Answered:
        found = [Said(each.text, each.title) for each in answer.passages]
        return judged(asked, answer.text, quoted(answer, documents), **_arrived(found, asked))


def _arrived(found: Sequence[Said], asked: Asked) -> dict[str, Any]:
    """Where in the passages that arrived, best first, all facts have been stated."""
    passage_at = first_place(states(found[: count + 1], asked) for count in range(len(found)))
    return {"passage_at": passage_at, "few": 0 < passage_at <= FEW, "many": 0 < passage_at <= MANY}


def first_place(right: Iterable[bool]) -> int:
    """The place of the first one that is right, from 1; 0 if none is."""
    return next((place for place, each in enumerate(right, 1) if each), 0)


def index(passages: Iterable[tuple[str, str, str]]) -> sqlite3.Connection:
    control = sqlite3.connect(":memory:")
    control.execute("CREATE VIRTUAL TABLE words USING fts5 (title, heading, text)")
    control.executemany("INSERT INTO words VALUES (?, ?, ?)", passages)
    return control


def by_words(control: sqlite3.Connection, asked: Asked) -> Answered:
    """The best whole passage by FTS5 as it comes, cut; any word of the question may match."""
    words = "".join(each if each.isalnum() else " " for each in asked.question).split()
    wanted = " OR ".join(f'"{word}"' for word in words)
    query = "SELECT title, heading, text FROM words WHERE words MATCH ? ORDER BY rank LIMIT 1"
    found = [(f"{title} {heading}", text) for title, heading, text in control.execute(query, (wanted,))]
    said = [Said(" ".join(text.split()[:WORDS]), above) for above, text in found]
    return judged(asked, said[0].text if said else "", said)


def rows(file: Path) -> list[dict[str, Any]]:
    """The lines of a file of JSON lines, but for comments."""
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines if line and not line.startswith("//")]


def plain(file: Path) -> str:
    """The words of a file: HTML without its tags, rows without what separates their values."""
    text = file.read_text("utf-8")
    text = re.sub("[,;]", " ", text) if file.suffix == ".csv" else _TAG.sub(" ", _INLINE.sub("", text))
    return " ".join(html.unescape(text).split())


def engine(sources: Sequence[Source], *, model: bool = False) -> Engine:
    """An engine that always answers the same: in this process, with time enough, on the same day."""
    return Engine(sources, deadline=60.0, semantic=model, pool="inline", now=lambda: NOW)


def chosen(file: Path, kind: str, every: int) -> list[dict[str, Any]]:
    """The rows of a kind, "" for all, and of these one in so many."""
    return [row for row in rows(file) if kind in ("", row["kind"])][::every]


def asked_of(part: str, kind: str = "", every: int = 1, *, model: bool = False) -> list[tuple[Answered, Answered]]:
    """For each question of the part, or of one kind, or for one in so many: fanin's answer, and the control's."""
    questions = [Asked(**row) for row in chosen(FOLDER / part / "questions.jsonl", kind, every)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "manuals.sqlite"
        asyncio.run(add_paths(file, [FOLDER / part / "manuals"], report=lambda _: None))
        with closing(Manuals(file)) as manuals, closing(News(FOLDER / part)) as news:
            answers = asyncio.run(_answers(questions, manuals, news, model))
            homes = [news if each.page == NEWS else manuals for each in questions]
            return [
                (home.answered(asked, *answer), by_words(home.control, asked))
                for asked, home, answer in zip(questions, homes, answers, strict=True)
            ]


async def _answers(
    questions: Sequence[Asked], manuals: Manuals, news: News, model: bool
) -> list[tuple[Answer, Documents]]:
    papers = news.sources() or manuals.sources()
    async with engine(manuals.sources(), model=model) as one, engine(papers, model=model) as several:
        return [await answer_and_documents(several if each.page == NEWS else one, each.question) for each in questions]


async def answer_and_documents(asking: Engine, question: str) -> tuple[Answer, Documents]:
    """The answer, and the documents that arrived for it."""
    documents = dict[tuple[str, int], Document]()
    async for event in asking.stream(question):
        if isinstance(event, events.Fetched):
            documents[event.source, event.document.number] = event.document
        if isinstance(event, events.Answered):
            answer = event.answer
    return answer, documents


def pairs_of(part: str, kind: str = "", every: int = 1) -> list[Compared]:
    """What the answers about each pair of texts tell, or about those of one kind, or about one in so many."""
    pairs = [Pair(**row) for row in chosen(FOLDER / part / "pairs.jsonl", kind, every)]
    answers = asyncio.run(_answers_about(pairs))
    return [compared(pair, answer) for pair, answer in zip(pairs, answers, strict=True)]


async def _answers_about(pairs: Sequence[Pair]) -> list[Answer]:
    by_question = {each.question: each for each in pairs}

    @source(name="gazette")
    async def gazette(question: Question) -> list[Document]:
        pair = by_question[question.text]
        return _documents(pair)[: 2 if pair.one_source else 1]

    @source(name="herald")
    async def herald(question: Question) -> list[Document]:
        pair = by_question[question.text]
        return [] if pair.one_source else _documents(pair)[1:]

    async with engine([gazette, herald]) as asking:
        return [await asking.ask(each.question) for each in pairs]


def dated_of(part: str, kind: str = "", every: int = 1) -> list[Timed]:
    """How the questions about time are answered, or those of one kind, or one in so many."""
    asked = [Dated(**row) for row in chosen(FOLDER / part / "dated.jsonl", kind, every)]
    answers = asyncio.run(_answers_in_time(asked))
    return [timed(each, answer) for each, answer in zip(asked, answers, strict=True)]


async def _answers_in_time(asked: Sequence[Dated]) -> list[Answer]:
    answers: list[Answer] = []
    for each in asked:
        async with engine([_saying(name, each) for name in dict.fromkeys(said[0] for said in each.said)]) as asking:
            answers.append(await asking.ask(each.question))
    return answers


def _saying(name: str, asked: Dated) -> Source:
    @source(name=name)
    async def give(question: Question) -> list[Document]:
        return [Document(text, title=title, published=day) for own, text, title, day in asked.said if own == name]

    return give


def _documents(pair: Pair) -> list[Document]:
    return [Document(text, published=day) for text, day in zip(pair.texts, pair.published, strict=True)]


def answer_lines(answered: Sequence[tuple[Answered, Answered]]) -> Iterator[str]:
    """A table: each kind of questions that have an answer, all of them, the control, and those without an answer."""
    yield f"{'':22} all {' '.join(FIGURES.values())} words"
    here = [one for one, _ in answered if one.asked.facts]
    for kind in dict.fromkeys(each.asked.kind for each in here):
        yield _line(kind, [each for each in here if each.asked.kind == kind])
    yield _line("all with an answer", here)
    yield _line("control: BM25", [other for _, other in answered if other.asked.facts])
    yield "without an answer, silence is right:"
    silent = [one for one, _ in answered if not one.asked.facts]
    for kind in dict.fromkeys(each.asked.kind for each in silent):
        yield _line(kind, [each for each in silent if each.asked.kind == kind])
    yield ""
    yield from _shares(here, silent)


def _shares(here: Sequence[Answered], silent: Sequence[Answered]) -> Iterator[str]:
    """The figures beside what is wanted of them."""
    within, told = [each for each in here if each.many], [each.words for each in here if not each.silent]
    paged = [each for each in here if each.asked.page != NEWS]
    for most, wanted in HITS.items():
        pages, passages = _found_within(paged, "page_at", most), _found_within(here, "passage_at", most)
        yield f"retrieval hit@{most}: right page {pages}, passages with all facts {passages}; wanted {wanted}"
    yield f"facts within {MANY} passages that are in the answer: {_share(within, 'fact')}; wanted 75 %"
    yield f"facts within {MANY} passages that are in the first sentence: {_share(within, 'first')}; wanted 50 %"
    yield f"misleading: {_share([*here, *silent], 'misleading')}; wanted at most 2 %"
    yield f"silent without an answer: {_share(silent, 'silent')}; wanted 66 %"
    yield f"silent with an answer: {_share(here, 'silent')}; wanted at most 6 %"
    yield f"words of an answer: {sum(told) / max(1, len(told)):.0f}; wanted at most {WORDS}"


def _share(answered: Sequence[Answered], figure: str) -> str:
    if not answered:
        return "none was asked"
    return f"{sum(getattr(each, figure) for each in answered) / len(answered):.0%}"


def _found_within(answered: Sequence[Answered], place: str, most: int) -> str:
    if not answered:
        return "not asked for"
    return f"{sum(0 < getattr(each, place) <= most for each in answered) / len(answered):.0%}"


def _line(name: str, answered: Sequence[Answered]) -> str:
    held = [sum(getattr(each, figure) for each in answered) for figure in FIGURES]
    told = [each.words for each in answered if not each.silent]
    counts = "".join(f"{count:{len(title) + 1}}" for count, title in zip(held, FIGURES.values(), strict=True))
    return f"{name:22}{len(answered):4}{counts} {sum(told) / max(1, len(told)):5.0f}"


def pair_lines(pairs: Sequence[Compared]) -> Iterator[str]:
    """For each kind: contradictions that are shown and those of which a side is missing; then false alarms."""
    contradict, agree = ([each for each in pairs if each.pair.differ is differ] for differ in (True, False))
    yield f"{'pairs that contradict':22} all shown side missing"
    for kind, some in _by_kind(contradict):
        shown, missing = sum(each.alarm and each.both for each in some), sum(not each.both for each in some)
        yield f"{kind:22}{len(some):4}{shown:6}{missing:13}"
    yield f"{'pairs that agree':22} all false alarms"
    for kind, some in _by_kind(agree):
        yield f"{kind:22}{len(some):4}{sum(each.alarm for each in some):13}"
    yield "wanted: 70 % shown, no side missing, at most 8 % false alarms"


def _by_kind(pairs: Sequence[Compared]) -> Iterator[tuple[str, Sequence[Compared]]]:
    for kind in dict.fromkeys(each.pair.kind for each in pairs):
        yield kind, [each for each in pairs if each.pair.kind == kind]
    yield "all", pairs


def dated_lines(answers: Sequence[Timed]) -> Iterator[str]:
    """For each kind of questions about time: the right one first, what misleads, and the day told where it must be."""
    yield f"{'questions about time':22} all first misleading day told"
    for kind in (*dict.fromkeys(each.asked.kind for each in answers), "all"):
        some = [each for each in answers if kind in (each.asked.kind, "all")]
        counts = [sum(getattr(each, figure) for each in some) for figure in ("first", "misleading", "dated")]
        yield f"{kind:22}{len(some):4}{counts[0]:6}{counts[1]:11}{counts[2]:9}"


def wrong_times(answers: Sequence[Timed]) -> Iterator[str]:
    for each in answers:
        if not each.first or each.misleading or not each.dated:
            wanted = "; ".join([*each.asked.first, *each.asked.days])
            yield f"time: {each.asked.question}\n  wanted: {wanted}\n  {each.text}"


def wrong_answers(answered: Sequence[tuple[Answered, Answered]]) -> Iterator[str]:
    for each, _ in answered:
        if each.misleading or not (each.fact and each.first if each.asked.facts else each.silent):
            wanted = "; ".join(" / ".join(fact) for fact in each.asked.facts)
            yield f"{_problem(each)}: {each.asked.question}\n  wanted: {wanted or 'silence'}\n  {each.text}"


def _problem(answered: Answered) -> str:
    if answered.misleading:
        return "misleading"
    if answered.silent or not answered.asked.facts:
        return "silent" if answered.silent else "not silent"
    return "not first" if answered.fact else "incomplete" if answered.first else "no fact"


def wrong_pairs(pairs: Sequence[Compared]) -> Iterator[str]:
    for each in pairs:
        if each.alarm is not each.pair.differ or (each.pair.differ and not each.both):
            missing = "not shown" if each.both else "side missing"
            problem = missing if each.pair.differ else "false alarm"
            yield "\n  ".join((f"{problem}: {each.pair.question}", *each.pair.texts, f"answer: {each.text}"))


def main(part: str, kind: str, wrong: bool, model: bool) -> None:
    answered, pairs, times = asked_of(part, kind, model=model), pairs_of(part, kind), dated_of(part, kind)
    print(f"part: {part}")
    for figures in (
        answer_lines(answered) if answered else (),
        pair_lines(pairs) if pairs else (),
        dated_lines(times) if times else (),
    ):
        print("", *figures, sep="\n")
    if wrong:
        print("", *wrong_answers(answered), *wrong_pairs(pairs), *wrong_times(times), sep="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=(DEVELOPMENT, HANDBOOKS, TEST), default=DEVELOPMENT)
    parser.add_argument("--kind", default="", help="only questions or pairs of this kind")
    parser.add_argument("--wrong", action="store_true", help="list what failed, with the texts of the answers")
    parser.add_argument("--model", action="store_true", help="let the model of fanin[semantic] read passages")
    given = parser.parse_args()
    main(given.part, given.kind, given.wrong, given.model)
