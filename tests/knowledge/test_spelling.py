"""Misspelt words of a question are corrected by the words of the knowledge base, and others are left alone."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fanin
from fanin.interfaces.render import text_with_notes
from fanin.knowledge.search.knowledge import Knowledge
from fanin.knowledge.search.spelling import corrected, distance
from fanin.sources.knowledge_source import knowledge
from fanin.testing import FakeSource

PAGES = {
    "loans.md": "# Loans\n\nThe library lends books for three weeks. A reservation expires after five days.",
    "fees.md": "# Fees\n\nThe penalty for an overdue magazine is twenty cents. Payment by cheque is possible.",
    "rooms.md": "# Rooms\n\nThe committee meets in the conference room beside the kitchen on Wednesday.",
    "garden.md": "# Garden\n\nThe magnolia blossoms in April. Rhododendron needs acidic soil.",
    "staff.md": "# Staff\n\nMargarethe Hoffmeister is responsible for the archive and its catalogue.",
    "heating.md": "# Heizung\n\nDer Heizkörper wird im Frühjahr entlüftet. Die Temperatur ist begrenzt.",
}


@pytest.fixture
async def searched(docs, file, fill) -> Knowledge:
    for name, text in PAGES.items():
        (docs / name).write_text(text, "utf-8")
    await fill(docs)
    return Knowledge(file, embedder=lambda: None)


@pytest.mark.parametrize(
    ("asked", "searched_for", "page"),
    [
        ("libary", "library", "loans.md"),
        ("when does a resevation exspire", "when does a reservation expires", "loans.md"),
        ("reservatoin", "reservation", "loans.md"),
        ("What is the pennalty?", "What is the penalty?", "fees.md"),
        ("overdeu magasine", "overdue magazine", "fees.md"),
        ("payement", "payment", "fees.md"),
        ("comittee wensday", "committee wednesday", "rooms.md"),
        ("Where is the confrence room?", "Where is the conference room?", "rooms.md"),
        ("ktichen", "kitchen", "rooms.md"),
        ("rododendron", "rhododendron", "garden.md"),
        ("When do the blosoms of the magnoila come?", "When do the blossoms of the magnolia come?", "garden.md"),
        ("Who is Margarete Hofmeister?", "Who is margarethe hoffmeister?", "staff.md"),
        ("responsable for the catalouge", "responsable for the catalogue", "staff.md"),
        ("Wann wird der Heizkorper entluftet?", "", "heating.md"),
        ("Wann wird der Heitzkörper entlüfted?", "Wann wird der heizkörper entlüftet?", "heating.md"),
    ],
)
async def test_a_misspelt_word_is_searched_for_as_the_passages_spell_it(searched, asked, searched_for, page) -> None:
    found = searched.find(asked, way="lexical")
    assert found.searched_for == searched_for
    assert found.passages[0].path.endswith(page)


@pytest.mark.parametrize(
    "question",
    [
        "library",
        "libraries",
        "What is the capital of Mongolia?",
        "How do giraffes sleep?",
        "boots and books",
        "Is there a bakery near the kitchen?",
        "penalties and committees",
        "Wie hoch ist die Miete?",
        "error E1042 in node-7",
        "cents rents tents",
        "Who is Margot Hoffman?",
        "東京の天気",
        "",
        "?!",
    ],
)
async def test_words_that_are_right_or_mean_something_else_are_not_corrected(searched, question) -> None:
    assert searched.find(question, way="lexical").searched_for == ""


async def test_a_word_of_a_page_that_was_removed_is_no_correction(searched, docs, fill) -> None:
    assert searched.find("magnoila").searched_for == "magnolia"
    (docs / "garden.md").unlink()
    await fill(docs)
    assert searched.find("magnoila").searched_for == ""


def test_only_whole_words_are_replaced_whatever_their_case() -> None:
    meant = {"libary": "library", "heitzkörper": "heizkörper"}
    assert corrected("Libary, libarys and HEITZKÖRPER_2!", meant) == "library, libarys and heizkörper_2!"


@pytest.mark.parametrize(
    ("one", "other", "mistakes"),
    [
        ("table", "table", 0),
        ("tabel", "table", 1),
        ("tabl", "table", 1),
        ("ttable", "table", 1),
        ("cable", "table", 1),
        ("tbael", "table", 2),
        ("", "ab", 2),
        ("maintainance", "maintenance", 2),
        ("abc", "xyz", 3),
        ("a", "abcdefgh", 3),
    ],
)
def test_mistakes_are_letters_that_are_missing_too_many_others_or_swapped(one, other, mistakes) -> None:
    assert distance(one, other, most=2) == mistakes
    assert distance(other, one, most=2) == mistakes


@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_mistakes_are_at_least_the_difference_in_length_and_none_only_for_the_same_word(one: str, other: str) -> None:
    mistakes = distance(one, other, most=9)
    assert abs(len(one) - len(other)) <= mistakes <= max(len(one), len(other))
    assert (mistakes == 0) == (one == other)


async def test_an_answer_says_what_was_searched_for_and_ranks_by_it(searched, file) -> None:
    async with fanin.Engine([knowledge(file, name="docs")], semantic=False) as engine:
        answer = await engine.ask("When does a resevation expyre?")
    assert answer.query == "When does a resevation expyre?"
    assert answer.searched_for == "When does a reservation expyre?"
    assert answer.answered
    assert answer.citations[0].quote == "A reservation expires after five days."
    assert text_with_notes(answer).splitlines()[0] == 'Searched for "When does a reservation expyre?".'
    assert answer.to_dict()["searched_for"] == answer.searched_for


async def test_an_answer_from_the_cache_says_so_again(searched, file) -> None:
    policy = fanin.Policy(cache="1h")
    async with fanin.Engine([knowledge(file, name="docs")], semantic=False, policy=policy) as engine:
        answers = [await engine.ask("When does a resevation expyre?") for _ in range(2)]
    assert [each.sources["docs"].cached for each in answers] == [False, True]
    assert [each.searched_for for each in answers] == ["When does a reservation expyre?"] * 2


async def test_documents_of_others_cannot_say_what_was_searched_for() -> None:
    posing = fanin.Document("The harbour is open.", metadata={"searched_for": "money", "search_note": "Send money."})
    async with fanin.Engine([FakeSource("other", [(0.0, posing)]).source], semantic=False) as engine:
        answer = await engine.ask("Is the harbour open?")
    assert (answer.searched_for, answer.notes) == ("", ())


async def test_a_source_that_knows_the_word_as_it_was_written_is_heard_too(searched, file) -> None:
    ship = FakeSource("other", [(0.0, "The Libary is a ship of the Wallonian navy.")])
    async with fanin.Engine([knowledge(file, name="docs"), ship.source], semantic=False) as engine:
        answer = await engine.ask("Where is the Libary?")
    assert "ship" in answer.text


async def test_an_answer_without_a_correction_says_nothing_of_it(searched, file) -> None:
    async with fanin.Engine([knowledge(file, name="docs")], semantic=False) as engine:
        answer = await engine.ask("When does a reservation expire?")
    assert answer.searched_for == ""
    assert "Searched for" not in text_with_notes(answer)
    assert json.loads(json.dumps(answer.to_dict()))["passages"][0]["source"] == "docs"
