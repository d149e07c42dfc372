"""How fast text is: analysing a document and its stages, dividing and merging, fusing and extracting an answer.

The text is the manual that comes with Python: half a megabyte of English with some code. Times are the best of several
runs; the control, lower, split and count, is what the least possible reading of the same text takes in this run.
"""

import platform
import timeit
from collections import Counter
from collections.abc import Callable
from pydoc_data.topics import topics

from fanin.answer import extract
from fanin.embeddings.token_table import vector
from fanin.fuse import fuse
from fanin.model import Document
from fanin.process import analyze, clean, merge, split
from fanin.process.key_phrases import key_phrases
from fanin.process.passages import passages
from fanin.run.placement import cost
from fanin.text.question_terms import question_terms
from fanin.text.sentences import sentences
from fanin.text.words import stem, words

QUESTION = "How does the import system find modules?"
MANUAL = "\n\n".join(topics[name] for name in sorted(topics))
KILOBYTES = len(MANUAL.encode()) / 1000

TINY = (
    "The weather in Lisbon is sunny today.",
    "Stocks rose 2 percent on Monday.",
    "A new bridge opened in Porto.",
    "Rain is expected in the north of the country tomorrow.",
    "Team A beat team B 3 to 1.",
)


def seconds(work: Callable[[], object], *, number: int = 1, repeat: int = 5) -> float:
    return min(timeit.repeat(work, number=number, repeat=repeat)) / number


def say(name: str, value: float, unit: str, remark: str = "") -> None:
    print(f"{name:48} {value:10.2f} {unit:5} {remark}".rstrip())


def analysing() -> None:
    document = Document(MANUAL)
    begun = timeit.default_timer()
    analyze(QUESTION, document)
    cold = timeit.default_timer() - begun
    warm = seconds(lambda: analyze(QUESTION, document))
    control = seconds(lambda: Counter(MANUAL.lower().split()))
    say("analyze, first document of a worker", KILOBYTES / cold, "KB/s", "caches empty, modules to load")
    say("analyze, later documents", KILOBYTES / warm, "KB/s", f"{warm / control:.1f} times the control")
    page = Document(f"<p>{MANUAL.replace('<', '&lt;')}</p>".replace("\n\n", "</p><p>"), media_type="text/html")
    say("analyze, as HTML", KILOBYTES / seconds(lambda: analyze(QUESTION, page)), "KB/s")
    stages(warm)


def short() -> None:
    """What placement takes for the cost of short documents, which it keeps on the loop, beside what it is here."""
    for size in (60, 200, 400):
        document = Document(MANUAL[10_000 : 10_000 + size])
        took = seconds(lambda document=document: analyze(QUESTION, document), number=200, repeat=20)
        say(f"analyze {size} characters", 1e6 * took, "µs", f"taken for {1e6 * cost(analyze, document):.0f} µs")


def stages(whole: float) -> None:
    document = Document(MANUAL)
    text = clean(document)
    spans = sentences(text)
    read = passages(text)
    said = [sentence for passage in read for sentence in passage.sentences]
    for name, work in {
        "clean": lambda: clean(document),
        "sentences": lambda: sentences(text),
        "words and stems": lambda: [[*map(stem, words(text[start:end]))] for start, end in spans],
        "vectors of passages": lambda: [vector(text[passage.start : passage.end]) for passage in read],
        "key phrases": lambda: key_phrases(text, said),
    }.items():
        say(f"  of it {name}", 100 * seconds(work) / whole, "%")


def parts() -> None:
    large = Document((MANUAL * 10)[:5_000_000])
    divided = split(large)
    say("split 5 MB", 1000 * seconds(lambda: split(large), repeat=9), "ms", f"{len(divided)} parts")
    values = [analyze(QUESTION, part) for part in divided]
    say("merge its parts' analyses", 1000 * seconds(lambda: merge(values), repeat=9), "ms")


def answering() -> None:
    tiny = [(Document(text, source=f"s{at}"), {"length": len(text)}) for at, text in enumerate(TINY)]
    for name, question in {
        "what's new (fits none)": "What's happening now?",
        "fits one": "What is the weather in Lisbon?",
        "fits all": "weather Lisbon stocks bridge rain team",
    }.items():
        work = seconds(
            lambda question=question: extract(question, fuse(question_terms(question), tiny), numbers={}), number=2000
        )
        say(f"fuse + extract, 5 tiny documents, {name}", 1e6 * work, "µs", "at most 60 wanted")
    pages = sorted(topics.values(), key=len)[-20:]
    documents = [Document(text[:30_000], source=f"s{at % 5}", number=at // 5 + 1) for at, text in enumerate(pages)]
    arrived = [(document, analyze(QUESTION, document)) for document in documents]
    passages = sum(len(value["passages"]) for _, value in arrived)
    fused = fuse(question_terms(QUESTION), arrived)
    say(
        "fuse, 20 analysed documents",
        1e3 * seconds(lambda: fuse(question_terms(QUESTION), arrived), number=5),
        "ms",
        f"{passages} passages",
    )
    say("extract from them", 1e3 * seconds(lambda: extract(QUESTION, fused, numbers={}), number=20), "ms")


def main() -> None:
    print(f"Python {platform.python_version()}, {KILOBYTES:.0f} KB of text")
    analysing()
    short()
    parts()
    answering()


if __name__ == "__main__":
    main()
