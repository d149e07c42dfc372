"""How good are answers: is the fact there, first and alone, are both sides of a contradiction, and is there silence?

Run `python bench/answers.py [--part development|test] [--kind KIND] [--wrong]`. What is asked, and of which documents,
answers/README.md tells. Choose nothing by the part `test`. The control is the best whole passage by FTS5's BM25, cut
to 80 words. No language model is asked, so that the figures are the same each time.
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
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fanin import Answer, Citation, Document, Engine, Question, Source, source
from fanin.answer.draft import NOT_ANSWERED
from fanin.knowledge.embedding import no_model
from fanin.knowledge.ingest.updating import add_paths
from fanin.knowledge.search.knowledge import Knowledge
from fanin.knowledge.search.search_values import FoundPassage
from fanin.knowledge.store.database_file import open_for_reading
from fanin.sources.knowledge_source import knowledge
from fanin.text.sentences import sentences

FOLDER = Path(__file__).parent / "answers"
DEVELOPMENT, TEST = "development", "test"
NEWS = "news"
PAGES, FEW, MANY, WORDS = 5, 8, 16, 80
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

_MARKS = re.compile(r"\s*((?:\[\d+\])+)")
_DIFFERENCE = re.compile(r"(?m)^\w+ differ:.*$")
"""The line that shows a contradiction."""
_INLINE, _TAG = re.compile(r"</?(?:a|b|code|em|i|strong)\b[^>]*>"), re.compile(r"<[^>]+>")
_TERM = re.compile(r"(?m)^`?([a-z]+(?:_[a-z]+)*)`?(?: \([a-z ]+\))?$")
"""The line above the description of a setting."""
_DEFAULT = re.compile(r"(?i)\bdefault(?: \w+){0,2} is\b|\bdefaults to\b|\bby default\b")
_NAMED = re.compile(r"(?is)\w_\w.*\bdefaults?\b")
"""A default that is told with the name of a setting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and what its answer must hold: of each fact one of its wordings; without facts it has no answer.

    `page` is the file that has the answer, "news" for several sources. `section` is the setting that it is about: a
    fact counts only below or beside its name. `not_first` misleads in the first sentence, `never` anywhere.
    """

    kind: str
    question: str
    page: str = ""
    section: str = ""
    facts: Sequence[Sequence[str]] = ()
    not_first: Sequence[str] = ()
    never: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two texts, each with its day if it has one, and what the answer quotes of each; `differ` if they contradict.

    Two sources say them, or one source in two documents.
    """

    kind: str
    question: str
    texts: Sequence[str]
    sides: Sequence[str]
    differ: bool
    published: Sequence[str] = ("", "")
    one_source: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A piece of text, with the title and the headings above it."""

    text: str
    above: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question, the text of its answer, and which of these hold."""

    asked: Asked
    text: str
    page: bool = False
    few: bool = False
    many: bool = False
    fact: bool = False
    first: bool = False
    misleading: bool = False
    silent: bool = False
    words: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair, the text of the answer, whether it tells that sources differ, and whether it quotes both."""

    pair: Pair
    text: str
    alarm: bool
    both: bool


def holds(text: str, fact: str) -> bool:
    """Whether the text has the fact, not within a longer word or number."""
    plain, wanted = (" ".join(each.casefold().split()) for each in (text, fact))
    return re.search(rf"(?<!\w)(?<!\d[.,]){re.escape(wanted)}(?!\w|[.,]\d)", plain) is not None


def states(said: Sequence[Said], asked: Asked) -> bool:
    """Whether there are facts to state, and all are there."""
    told = [each.text for each in said if _is_about(each, asked.section)]
    return bool(asked.facts) and all(
        any(holds(text, wording) for text in told for wording in fact) for fact in asked.facts
    )


def misleads(first: Sequence[Said], said: Sequence[Said], asked: Asked) -> bool:
    """Whether something false for this question is quoted, or the default of another setting that is not named."""
    if any(holds(each.text, wrong) for each in said for wrong in asked.never):
        return True
    if any(holds(each.text, wrong) for each in first for wrong in asked.not_first):
        return True
    others = [each.text for each in said if not _is_about(each, asked.section)]
    return any(_DEFAULT.search(text) and not _NAMED.search(text) for text in others)


def _is_about(said: Said, section: str) -> bool:
    return not section or holds(said.text, section) or holds(said.above, section)


def judged(asked: Asked, text: str, said: Sequence[Said], **found: bool) -> Answered:
    first = first_sentence(said)
    return Answered(
        asked=asked,
        text=text,
        fact=states(said, asked),
        first=states(first, replace(asked, facts=asked.facts[:1])),
        misleading=misleads(first, said, asked),
        silent=not said,
        words=len(text.split()),
        **found,
    )


def first_sentence(said: Sequence[Said]) -> list[Said]:
    """The first sentence; all that is cited with it where it introduces a list or a command."""
    if not said:
        return []
    text = said[0].text
    start, end = next(iter(sentences(text)), (0, len(text)))
    first = text[start:end].rstrip()
    return [replace(said[0], text=text if first.endswith(":") else first)]


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

    def answered(self, asked: Asked, answer: Answer) -> Answered:
        passages = self._knowledge.find(asked.question, limit=MANY, by_page=False).passages
        pages = [each.path for each in self._knowledge.find(asked.question, limit=PAGES).passages]
        found = [below_headings(each, each.text) for each in passages]
        return judged(
            asked,
            answer.text,
            quoted(answer, passages) if answer.answered else [],
            page=any(path.endswith(f"/{asked.page}") for path in pages),
            few=states(found[:FEW], asked),
            many=states(found, asked),
        )


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

    def answered(self, asked: Asked, answer: Answer) -> Answered:
        found = [Said(each.text, each.title) for each in answer.passages]
        few, many = states(found[:FEW], asked), states(found[:MANY], asked)
        return judged(asked, answer.text, quoted(answer, ()) if answer.answered else [], few=few, many=many)


def below_headings(passage: FoundPassage, text: str, start: int = 0) -> Said:
    """A text that starts here in the passage: below a term of its own, or else below the headings of the passage."""
    terms = [each[1] for each in _TERM.finditer(passage.text, 0, start)]
    return Said(text, terms[-1] if terms else f"{passage.title} {passage.heading}")


def quoted(answer: Answer, found: Sequence[FoundPassage]) -> list[Said]:
    """What the answer says up to each of its marks, with what stands above it."""
    text = _DIFFERENCE.sub("", answer.text.removeprefix(NOT_ANSWERED))
    pieces = _MARKS.split(text)
    return [
        _piece(text.strip(), [each for each in answer.citations if f"[{each.number}]" in marks], found)
        for text, marks in zip(pieces[:-1:2], pieces[1::2], strict=True)
    ]


def _piece(text: str, cited: Sequence[Citation], found: Sequence[FoundPassage]) -> Said:
    each = next((one for one in cited if one.quote in text), cited[0])
    return below_headings(found[each.document - 1], text, each.start) if found else Said(text, each.title)


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


def engine(sources: Sequence[Source]) -> Engine:
    """An engine that always answers the same: it works in this process, without a model and with time enough."""
    return Engine(sources, deadline=60.0, semantic=False, pool="inline")


def chosen(file: Path, kind: str, every: int) -> list[dict[str, Any]]:
    """The rows of a kind, "" for all, and of these one in so many."""
    return [row for row in rows(file) if kind in ("", row["kind"])][::every]


def asked_of(part: str, kind: str = "", every: int = 1) -> list[tuple[Answered, Answered]]:
    """For each question of the part, or of one kind, or for one in so many: fanin's answer, and the control's."""
    questions = [Asked(**row) for row in chosen(FOLDER / part / "questions.jsonl", kind, every)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "manuals.sqlite"
        asyncio.run(add_paths(file, [FOLDER / part / "manuals"], report=lambda _: None))
        with closing(Manuals(file)) as manuals, closing(News(FOLDER / part)) as news:
            answers = asyncio.run(_answers(questions, manuals, news))
            homes = [news if each.page == NEWS else manuals for each in questions]
            return [
                (home.answered(asked, answer), by_words(home.control, asked))
                for asked, home, answer in zip(questions, homes, answers, strict=True)
            ]


async def _answers(questions: Sequence[Asked], manuals: Manuals, news: News) -> list[Answer]:
    async with engine(manuals.sources()) as one, engine(news.sources()) as several:
        return [await (several if each.page == NEWS else one).ask(each.question) for each in questions]


def compared(part: str, kind: str = "", every: int = 1) -> list[Compared]:
    """What the answers about each pair of texts tell, or about those of one kind, or about one in so many."""
    pairs = [Pair(**row) for row in chosen(FOLDER / part / "pairs.jsonl", kind, every)]
    answers = asyncio.run(_answers_about(pairs))
    return [_compared(pair, answer) for pair, answer in zip(pairs, answers, strict=True)]


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


def _documents(pair: Pair) -> list[Document]:
    return [Document(text, published=day) for text, day in zip(pair.texts, pair.published, strict=True)]


def _compared(pair: Pair, answer: Answer) -> Compared:
    both = all(holds(answer.text, side) for side in pair.sides)
    return Compared(pair, answer.text, bool(answer.conflicts), both)


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
    yield f"facts within {MANY} passages that are in the answer: {_share(within, 'fact')}; wanted 75 %"
    yield f"facts within {MANY} passages that are in the first sentence: {_share(within, 'first')}; wanted 50 %"
    yield f"misleading: {_share([*here, *silent], 'misleading')}; wanted at most 2 %"
    yield f"silent without an answer: {_share(silent, 'silent')}; wanted 66 %"
    yield f"silent with an answer: {_share(here, 'silent')}; wanted at most 6 %"
    yield f"words of an answer: {sum(told) / max(1, len(told)):.0f}; wanted at most {WORDS}"


def _share(answered: Sequence[Answered], figure: str) -> str:
    return f"{sum(getattr(each, figure) for each in answered) / max(1, len(answered)):.0%}"


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


def wrong_answers(answered: Sequence[tuple[Answered, Answered]]) -> Iterator[str]:
    for each, _ in answered:
        if each.misleading or (not each.silent if not each.asked.facts else not each.first):
            wanted = "; ".join(" / ".join(fact) for fact in each.asked.facts)
            yield f"{_problem(each)}: {each.asked.question}\n  wanted: {wanted or 'silence'}\n  {each.text}"


def _problem(answered: Answered) -> str:
    if answered.misleading:
        return "misleading"
    if answered.silent or not answered.asked.facts:
        return "silent" if answered.silent else "not silent"
    return "not first" if answered.fact else "no fact"


def wrong_pairs(pairs: Sequence[Compared]) -> Iterator[str]:
    for each in pairs:
        if each.alarm is not each.pair.differ or (each.pair.differ and not each.both):
            missing = "not shown" if each.both else "side missing"
            problem = missing if each.pair.differ else "false alarm"
            yield "\n  ".join((f"{problem}: {each.pair.question}", *each.pair.texts, f"answer: {each.text}"))


def main(part: str, kind: str, wrong: bool) -> None:
    answered, pairs = asked_of(part, kind), compared(part, kind)
    print(f"part: {part}")
    for figures in (answer_lines(answered) if answered else (), pair_lines(pairs) if pairs else ()):
        print("", *figures, sep="\n")
    if wrong:
        print("", *wrong_answers(answered), *wrong_pairs(pairs), sep="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=(DEVELOPMENT, TEST), default=DEVELOPMENT)
    parser.add_argument("--kind", default="", help="only questions or pairs of this kind")
    parser.add_argument("--wrong", action="store_true", help="list what failed, with the texts of the answers")
    given = parser.parse_args()
    main(given.part, given.kind, given.wrong)
