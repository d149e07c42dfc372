"""`fanin kb …`: fill a knowledge base, look into it, search it, and prove that it is whole."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from fanin.errors import ConfigError

if TYPE_CHECKING:
    from fanin.knowledge.search.search_values import Hit

type File = Annotated[Path | None, Parameter(name="--kb", help="The knowledge base; else the one in your data folder.")]
type Json = Annotated[bool, Parameter(negative=(), help="Print JSON.")]
type WordsOnly = Annotated[
    bool, Parameter(negative=(), help="Index the words only; vectors come with the next `fanin kb sync`.")
]
type Workers = Annotated[int | None, Parameter(help="Cores that read files; all if not given.")]


def build() -> App:
    """The commands below `fanin kb`."""
    app = App(name="kb", help="Ask your own documents: the knowledge base.", help_format="plaintext", version_flags=())
    for command in (add, sync, search, list_, remove, check):
        app.command(command, name=command.__name__.rstrip("_"))
    return app


def add(
    paths: Annotated[tuple[Path, ...], Parameter(negative=(), help="Folders and files.")],
    /,
    *,
    name: Annotated[str, Parameter(help="What to call them; else each by its own name.")] = "",
    kb: File = None,
    follow_links: Annotated[
        bool, Parameter(negative=(), help="Also take what symbolic links outside the folder lead to.")
    ] = False,
    words_only: WordsOnly = False,
    workers: Workers = None,
) -> int:
    """Add documents, or bring them up to date. What is told as added is safe, and can be found at once."""
    from fanin.interfaces.cli.kb.kb_progress import run
    from fanin.knowledge.ingest.updating import add_paths

    return run(
        lambda report, embedder: add_paths(
            _file(kb), paths, name=name, follow_links=follow_links, report=report, workers=workers, embedder=embedder
        ),
        words_only=words_only,
    )


def sync(
    name: Annotated[str, Parameter(help="The name or path of what was added; all of it if not given.")] = "",
    /,
    *,
    kb: File = None,
    words_only: WordsOnly = False,
    workers: Workers = None,
) -> int:
    """Read what is new or changed, forget what is gone, and go on with vectors that are missing."""
    from fanin.interfaces.cli.kb.kb_progress import run
    from fanin.knowledge.ingest import updating

    return run(
        lambda report, embedder: updating.sync(_file(kb), name=name, report=report, workers=workers, embedder=embedder),
        words_only=words_only,
    )


def search(
    question: Annotated[str, Parameter(help="What you are looking for, in your own words.")],
    /,
    *,
    json: Json = False,
    limit: Annotated[int, Parameter(help="How many passages at most; 10 if not given.")] = 10,
    name: Annotated[str, Parameter(help="Only in what was added under this name.")] = "",
    path: Annotated[str, Parameter(help='Only in files whose path contains this, or fits it: "*/reports/*.pdf".')] = "",
    since: Annotated[str, Parameter(help="Only documents of this day or later, such as 2026-01-31.")] = "",
    until: Annotated[str, Parameter(help="Only documents of this day or earlier.")] = "",
    kb: File = None,
) -> int:
    """Find the passages that fit a question best, by their words and by their meaning; 3 when there are none."""
    from fanin.knowledge.search.knowledge import Knowledge
    from fanin.knowledge.search.search_values import Filters

    if not 1 <= limit <= 1000:
        raise ConfigError(f"--limit {limit}; fanin looked for nothing. Give a number from 1 to 1000.")
    filters = Filters(name=name, path=path, since=_day(since, "--since"), until=_day(until, "--until"))
    found = Knowledge(_file(kb)).search(question, limit=limit, filters=filters)
    _print(_as_json(found) if json else _as_text(found))
    return 0 if found else 3


def list_(*, json: Json = False, kb: File = None) -> int:
    """What was added: its name, path, and how many documents, passages and vectors it has."""
    from fanin.interfaces.render import dumps
    from fanin.knowledge.store import queries
    from fanin.knowledge.store.database_file import reading
    from fanin.sanitize import line

    with reading(_file(kb)) as connection:
        held = [(root, queries.counts(connection, root)) for root in queries.roots(connection)]
    if json:
        told = [
            {
                "name": root.name,
                "path": root.path,
                "documents": counts.documents,
                "passages": counts.passages,
                "vectors": counts.vectors,
            }
            for root, counts in held
        ]
        _print(dumps({"added": told}, indent=2))
        return 0
    for root, counts in held:
        holds = f"{counts.documents:,} documents, {counts.passages:,} passages, {counts.vectors:,} vectors"
        _print(line(f"{root.name}: {holds}, from {root.path}"))
    return 0


def remove(name: Annotated[str, Parameter(help="The name or path of what was added.")], /, *, kb: File = None) -> int:
    """Forget what was added under a name, or from a path; the files themselves stay."""
    from fanin.knowledge.ingest.updating import chosen
    from fanin.knowledge.store import queries
    from fanin.knowledge.store.database_file import reading, writing
    from fanin.sanitize import line

    if not name:
        raise ConfigError("No name was given; fanin removed nothing. `fanin kb list` says what there is.")
    with reading(_file(kb)):
        pass  # it must be there
    with writing(_file(kb)) as connection:
        gone = chosen(queries.roots(connection), name)
        queries.remove_roots(connection, gone)
    for root in gone:
        _print(line(f"removed {root.name}, from {root.path}"))
    return 0


def check(*, kb: File = None) -> int:
    """Prove that documents, passages, words and vectors agree; 1 when they do not."""
    from fanin.knowledge.store import queries
    from fanin.knowledge.store.database_file import reading, writing
    from fanin.knowledge.store.integrity import problems
    from fanin.sanitize import line

    with reading(_file(kb)):
        pass  # it must be there
    with writing(_file(kb)) as connection:
        wrong = list(problems(connection))
        counts = queries.counts(connection)
    for problem in wrong:
        _print(line(problem))
    verdict = f"{len(wrong)} problems; remove what is damaged and add it again" if wrong else "all is well"
    _print(f"{counts.documents:,} documents, {counts.passages:,} passages, {counts.vectors:,} vectors: {verdict}.")
    return 1 if wrong else 0


def _file(kb: Path | None) -> Path:
    from fanin.knowledge.store.database_file import usual_place

    return kb or usual_place()


def _day(text: str, option: str) -> str:
    from datetime import date

    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError:
        raise ConfigError(f"{option} {text!r} is no day; fanin looked for nothing. Write it as 2026-01-31.") from None


def _as_json(found: list[Hit]) -> str:
    from fanin.interfaces.render import dumps

    names = ("path", "title", "heading", "text", "start", "end", "score")
    return dumps({"results": [{name: getattr(hit, name) for name in names} for hit in found]}, indent=2)


def _as_text(found: list[Hit]) -> str:
    from fanin.sanitize import block, line

    if not found:
        return "Nothing fits. `fanin kb list` says what was added."
    told: list[str] = []
    for number, hit in enumerate(found, 1):
        where = " > ".join(filter(None, (hit.title, hit.heading.removeprefix(hit.title).removeprefix(" > "))))
        told += [line(f"[{number}] {where}"), f"    {line(hit.path)}, characters {hit.start} to {hit.end}"]
        told += [f"    {each}" for each in block(hit.text).splitlines() if each.strip()] + [""]
    return "\n".join(told).rstrip()


def _print(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - a command's own output
