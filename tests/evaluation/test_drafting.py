"""Drafts of questions: by rules from sentences, and by a model that is not believed."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from aiohttp import web

from fanin.evaluation.drafting.draft_choice import chosen, unanswerable
from fanin.evaluation.drafting.draft_rules import Draft, drafts
from fanin.evaluation.drafting.model_drafts import Passage, model_drafts, read_draft
from fanin.writing.models import Usage

LIFT = Passage("The lift of Korvel was built in 1998. It carries 1,200 boats.", "Lift", "lift.md")


@pytest.mark.parametrize(
    ("sentence", "question", "fact"),
    [
        ("The Garmo tunnel is 4.2 kilometres long.", "How long is the Garmo tunnel?", "4.2 kilometres"),
        ("A ticket to the baths costs 60 crowns.", "How much does a ticket to the baths cost?", "60 crowns"),
        ("Day tickets cost 9 euros.", "How much do Day tickets cost?", "9 euros"),
        ("The Linden hotel has 112 rooms and a garden.", "How many rooms does the Linden hotel have?", "112"),
        ("The Varde shipyard employs 640 people.", "How many people does the Varde shipyard employ?", "640"),
        ("The boat lift carries 1,200 boats a year.", "How many boats does the boat lift carry?", "1,200"),
        ("The mill was built by the Dravik group in 1911.", "When was the mill built?", "1911"),
        ("The museum is located in Upper Brack.", "Where is the museum located?", "Upper Brack"),
        ("The office opens at 7 in the morning.", "When does the office open?", "7 in the morning"),
        (
            "The default value of page_cache_size is 192 megabytes.",
            "What is the default of page_cache_size?",
            "192 megabytes",
        ),
        ("hash_work_factor defaults to 2.5.", "What is the default of hash_work_factor?", "2.5"),
        ("Skiff is a free editor for maps.", "What is Skiff?", "a free editor for maps"),
        ("The tour of the mill takes 40 minutes.", "How long does the tour of the mill take?", "40 minutes"),
        ("Everyone has 28 days.", None, None),
        ("It is 4.2 kilometres long.", None, None),
        ("They were built in 1998.", None, None),
        ("The mayor spoke of a new line.", None, None),
    ],
)
def test_a_sentence_that_tells_a_value_becomes_a_question(
    sentence: str, question: str | None, fact: str | None
) -> None:
    found = [(each.question, each.fact) for each in drafts(sentence, "a.md")]
    assert found == ([(question, fact)] if question else [])


def draft(question: str, fact: str, path: str = "a.md") -> Draft:
    return Draft(question, fact, path, "", question.split()[-1].rstrip("?"))


def test_drafts_are_spread_over_documents_and_doubtful_ones_are_left_out() -> None:
    found = [draft(f"What is A{number}?", "x") for number in range(5)]
    found += [draft("What is B?", "y", "b.md"), draft("What is A0?", "z", "b.md"), draft("What is C?", "x", "c.md")]
    kept = chosen([*found, found[1]], 4)
    assert [(each.question, each.path) for each in kept] == [
        ("What is A1?", "a.md"), ("What is B?", "b.md"), ("What is C?", "c.md"), ("What is A2?", "a.md")
    ]  # fmt: skip


def test_what_nothing_answers_is_about_a_name_that_no_document_has() -> None:
    (first,) = unanswerable([draft("What is Skiff?", "x")], set(), 1)
    (second,) = unanswerable([draft("What is Skiff?", "x")], {first.subject, first.question[8:-1].casefold()}, 1)
    assert first.question != second.question
    assert (first.fact, "Skiff" in first.question) == ("", False)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('{"question": "When was the lift of Korvel built?", "fact": "1998"}', True),
        ('Here: {"question": "When was the lift of Korvel built?", "fact": "1998"} Fine?', True),
        ('{"question": "When was the lift of Korvel built?", "fact": "1999"}', False),
        ('{"question": "Was the lift of Korvel built in 1998?", "fact": "1998"}', False),
        ('{"question": "", "fact": "1998"}', False),
        ('{"question": "When?\\u0007", "fact": "1998"}', False),
        ('{"question": ["When?"], "fact": "1998"}', False),
        ("{}", False),
        ("[" * 100_000, False),
        ("I cannot.", False),
    ],
)
def test_of_a_model_only_what_the_passage_says_is_kept(text: str, kept: bool) -> None:
    found = read_draft(text, LIFT)
    assert (found and (found.fact, found.path, found.made_by)) == (("1998", "lift.md", "model") if kept else None)


class Scripted:
    """A model that says for each passage what is written here."""

    name = "scripted"

    async def stream(self, instructions: str, prompt: str) -> AsyncGenerator[str | Usage]:
        year = json.loads(prompt)["text"].split()[-1].rstrip(".")
        yield '{"question": "When was it '
        yield f'opened?", "fact": "{year}"}}'
        yield Usage(1, 1)

    async def close(self) -> None: ...


async def test_a_model_drafts_from_each_passage_in_order() -> None:
    passages = [Passage(f"The hall was opened in {year}.", "Hall", f"{year}.md") for year in range(1990, 2000)]
    found = [each async for each in model_drafts(Scripted(), passages)]
    assert [(each.fact, each.path) for each in found] == [(str(year), f"{year}.md") for year in range(1990, 2000)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    for name in ("Garmo", "Kettle", "Sund", "Brack", "Linden", "Varde"):
        length, year = len(name) * 7, 1900 + len(name)
        text = f"The {name} tunnel is {length} kilometres long. The {name} mill was built in {year}."
        (tmp_path / "docs" / f"{name.lower()}.md").write_text(f"# {name}\n\n{text}\n")
    kb = '[sources.manual]\nkind = "knowledge"\nfile = "kb.sqlite"\n[process]\nsemantic = false\n'
    (tmp_path / "fanin.toml").write_text(f'store = "memory"\n{kb}')
    assert run(tmp_path, "kb", "add", "docs", "--kb", "kb.sqlite")[0] == 0
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "fanin", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=90, check=False)
    return done.returncode, done.stdout, done.stderr


def test_drafts_of_a_knowledge_base_can_be_asked_at_once(folder: Path) -> None:
    status, said, noted = run(folder, "eval", "make", "--kb", "kb.sqlite", "-o", "q.jsonl", "--count", "10")
    assert (status, noted) == (0, ""), noted
    assert said.startswith("q.jsonl: 10 questions.")
    rows = [json.loads(each) for each in (folder / "q.jsonl").read_text().splitlines()]
    assert sum(row.get("unanswerable", False) for row in rows) == 1
    assert len({row["documents"][0] for row in rows[:-1]}) == 6
    status, said, noted = run(folder, "eval", "q.jsonl", "--json")
    figures = {name: each["value"] for name, each in json.loads(said)["configurations"][0]["metrics"].items()}
    assert (status, figures["success@1"], figures["fact_in_answer"], figures["silence_right"]) == (0, 1, 1, 1)
    assert "exists; fanin drafted nothing" in run(folder, "eval", "make", "--kb", "kb.sqlite", "-o", "q.jsonl")[2]


async def test_the_model_of_the_settings_drafts_where_there_is_one(folder: Path, serve) -> None:
    async def handle(request: web.Request) -> web.StreamResponse:
        asked = json.loads((await request.json())["messages"][-1]["content"])
        year = asked["text"].rpartition("in ")[2].strip(" .")
        said = json.dumps({"question": f"When was the mill of {asked['title']} built?", "fact": year})
        reply = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await reply.prepare(request)
        choice = {"index": 0, "delta": {"role": "assistant", "content": said}, "finish_reason": "stop"}
        chunk = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
        await reply.write(f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode())
        return reply

    address = await serve(handle)
    settings = folder / "fanin.toml"
    settings.write_text(f'{settings.read_text()}\n[answer]\nwriter = "openai-compatible:{address}#m"\n')
    done = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "fanin", "eval", "make", "--kb", "kb.sqlite", "-o", "q.jsonl", "--count", "6", cwd=folder
    )
    assert await done.wait() == 0
    rows = [json.loads(each) for each in (folder / "q.jsonl").read_text().splitlines()]
    assert {row["made_by"] for row in rows if "facts" in row} == {"model"}
    assert {row["facts"][0] for row in rows if "facts" in row} >= {"1905", "1904"}
