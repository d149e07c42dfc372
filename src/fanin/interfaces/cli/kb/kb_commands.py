"""`fanin kb …`: add documents to a knowledge base, list, search and check it."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from fanin.config import find, load
from fanin.errors import ConfigError
from fanin.interfaces.cli.kb.kb_progress import run
from fanin.interfaces.cli.options import Json
from fanin.interfaces.cli.terminal import note, say, say_json
from fanin.knowledge.ingest import updating
from fanin.knowledge.search.knowledge import Knowledge
from fanin.knowledge.search.search_values import Filters, Findings
from fanin.knowledge.store import queries
from fanin.knowledge.store.database_file import default_path, open_for_reading, open_for_writing
from fanin.knowledge.store.integrity import find_problems
from fanin.plan.languages import language_note
from fanin.sanitize import block, line
from fanin.streams.event_json import dumps

type File = Annotated[
    Path | None,
    Parameter(name="--kb", help="The knowledge base. Default: fanin/knowledge.sqlite in ~/.local/share."),
]
type WordsOnly = Annotated[
    bool, Parameter(negative=(), help="Changes nothing any more, since vectors take little time. It will be removed.")
]
type Config = Annotated[
    Path | None,
    Parameter(help="The settings file with the table [limits]. Default: that of `fanin ask`."),
]
type Workers = Annotated[int | None, Parameter(help="Number of cores that read files. Default: all.")]

app = App(
    name="kb",
    help="Your own documents: add them to a knowledge base, which questions are then answered from, and search it.",
    help_format="plaintext",
    version_flags=(),
)
"""The commands below `fanin kb`."""


@app.command(sort_key=1)
def add(
    paths: Annotated[tuple[Path, ...], Parameter(negative=(), help="Folders, with all below them, and files.")],
    /,
    *,
    name: Annotated[str, Parameter(help="The name to find and remove them by. Default: each one's own.")] = "",
    kb: File = None,
    follow_links: Annotated[
        bool, Parameter(negative=(), help="Also take what symbolic links outside the folder lead to.")
    ] = False,
    words_only: WordsOnly = False,
    workers: Workers = None,
    config: Config = None,
) -> int:
    """Add documents, or bring them up to date: Markdown, HTML, PDF, tables, plain text and source code.

    A file that is reported as added is safely stored and can be found at once.
    Hidden files, files of other kinds and folders such as node_modules are ignored, and named, or counted by kind.
    The exit status is 1 when nothing could be added.
    """
    _warn(words_only=words_only)
    limits = load(find(config)).general.limits
    return run(
        lambda report: updating.add_paths(
            _file(kb),
            paths,
            name=name,
            follow_links=follow_links,
            report=report,
            workers=workers,
            limits=limits,
        )
    )


@app.command(sort_key=2)
def sync(
    name: Annotated[str, Parameter(help="The name or path of what was added. Default: all of it.")] = "",
    /,
    *,
    kb: File = None,
    words_only: WordsOnly = False,
    workers: Workers = None,
    config: Config = None,
) -> int:
    """Bring what was added up to date: read new and changed files, remove deleted ones."""
    _warn(words_only=words_only)
    limits = load(find(config)).general.limits
    return run(lambda report: updating.sync(_file(kb), name=name, report=report, workers=workers, limits=limits))


@app.command(sort_key=3)
def search(
    question: Annotated[str, Parameter(help="What you are looking for, in your own words.")],
    /,
    *,
    json: Json = False,
    limit: Annotated[int, Parameter(help="Number of passages at most, from 1 to 1000. Default: 10.")] = 10,
    name: Annotated[str, Parameter(help="Only in what was added under this name.")] = "",
    path: Annotated[
        str, Parameter(help='Only in files whose path contains this, or matches it: "*/reports/*.pdf".')
    ] = "",
    since: Annotated[str, Parameter(help="Only documents of this day or later: 2026-01-31.")] = "",
    until: Annotated[str, Parameter(help="Only documents of this day or earlier: 2026-12-31.")] = "",
    kb: File = None,
) -> int:
    """Find the passages that fit a question best, by their words and their meaning.

    The exit status is 3 when there are none.
    """
    if not question.strip():
        raise ConfigError("The question is empty; fanin looked for nothing. Say what you are looking for.")
    if not 1 <= limit <= 1000:
        raise ConfigError(f"--limit {limit}; fanin looked for nothing. Give a number from 1 to 1000.")
    filters = Filters(name=name, path=path, since=_day(since, "--since"), until=_day(until, "--until"))
    found = Knowledge(_file(kb)).find(question, limit=limit, filters=filters)
    if json:
        say_json(_as_json(found))
    else:
        say(_as_text(found, note=language_note(question, (hit.text for hit in found.passages))))
    return 0 if found.passages else 3


@app.command(name="list", sort_key=4)
def list_(*, json: Json = False, kb: File = None) -> int:
    """List what was added: its name, its path, and how many documents, passages and vectors it has."""
    with open_for_reading(_file(kb)) as connection:
        counted = [(root, queries.counts(connection, root)) for root in queries.roots(connection)]
    if json:
        rows = [{"name": root.name, "path": root.path, **asdict(counts)} for root, counts in counted]
        say_json(dumps({"added": rows}, indent=2))
        return 0
    for root, counts in counted:
        say(line(f"{root.name}: {_counted(counts)}, from {root.path}"))
    return 0


@app.command(sort_key=5)
def remove(name: Annotated[str, Parameter(help="The name or path of what was added.")], /, *, kb: File = None) -> int:
    """Remove what was added under a name, or from a path, from the knowledge base; the files themselves stay."""
    if not name:
        raise ConfigError("No name was given; fanin removed nothing. `fanin kb list` says what there is.")
    with open_for_reading(_file(kb)):
        pass  # it must be there
    with open_for_writing(_file(kb)) as connection:
        gone = updating.select_roots(queries.roots(connection), name)
        queries.remove_roots(connection, gone)
    for root in gone:
        say(line(f"removed {root.name}, from {root.path}"))
    return 0


@app.command(sort_key=6)
def check(*, kb: File = None) -> int:
    """Check that documents, passages, words and vectors agree. The exit status is 1 when they do not."""
    with open_for_reading(_file(kb)):
        pass  # it must be there
    with open_for_writing(_file(kb)) as connection:
        wrong = list(find_problems(connection))
        counts = queries.counts(connection)
    for problem in wrong:
        say(line(problem))
    result = f"{len(wrong)} problems; remove what is damaged and add it again" if wrong else "all is well"
    say(f"{_counted(counts)}: {result}.")
    return 1 if wrong else 0


def _warn(*, words_only: bool) -> None:
    if words_only:
        note("--words-only changes nothing any more, since vectors take little time; leave it out.")


def _file(kb: Path | None) -> Path:
    return kb or default_path()


def _counted(counts: queries.Counts) -> str:
    """How much there is, in words."""
    numbers = {"document": counts.documents, "passage": counts.passages, "vector": counts.vectors}
    return ", ".join(f"{number:,} {thing}{'' if number == 1 else 's'}" for thing, number in numbers.items())


def _day(text: str, option: str) -> str:
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError:
        raise ConfigError(f"{option} {text!r} is no day; fanin looked for nothing. Write it as 2026-01-31.") from None


def _as_json(found: Findings) -> str:
    names = ("path", "title", "heading", "text", "start", "end", "score")
    results = [{name: getattr(hit, name) for name in names} for hit in found.passages]
    corrected = {"searched_for": found.searched_for} if found.searched_for else {}
    return dumps({**corrected, "results": results}, indent=2)


def _as_text(found: Findings, *, note: str) -> str:
    if not found.passages:
        return "Nothing fits. `fanin kb list` says what was added."
    notes = [f'Searched for "{found.searched_for}".'] * bool(found.searched_for) + [note] * bool(note)
    lines = [*map(line, notes), ""] if notes else []
    for number, hit in enumerate(found.passages, 1):
        where = " > ".join(filter(None, (hit.title, hit.heading.removeprefix(hit.title).removeprefix(" > "))))
        lines += [line(f"[{number}] {where}"), f"    {line(hit.path)}, characters {hit.start} to {hit.end}"]
        lines += [f"    {each}" for each in block(hit.text).splitlines() if each.strip()] + [""]
    return "\n".join(lines).rstrip()
