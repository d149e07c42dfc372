import itertools
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st
from knowledge_fakes import Meanings

from fanin.documents.markdown import markdown
from fanin.errors import KnowledgeError
from fanin.knowledge.embedding import no_model
from fanin.knowledge.search.knowledge import Knowledge
from fanin.knowledge.search.lexical_search import match_expression
from fanin.knowledge.search.rank_fusion import (
    FoundTerm,
    best_first,
    fuse,
    rank_passages,
    reorder,
    weigh,
    with_best_documents,
    with_documents,
)
from fanin.knowledge.search.search_values import Filters, SearchStopped
from fanin.knowledge.store.database_file import open_for_writing


def pages(found) -> list[str]:
    return [hit.path.rpartition("/")[2] for hit in found]


@pytest.fixture
async def ferries(docs, fill) -> None:
    (docs / "sail.md").write_text("---\ndate: 2024-01-10\n---\n# Ferries\n\n## Times\n\nThe ship leaves at nine.")
    (docs / "news.md").write_text("---\ndate: 2024-03-10\n---\n# News\n\nThe ferry hit the quay.")
    (docs / "cook.md").write_text("---\ndate: 2025-01-10\n---\n# Cooking\n\nBoil the fish.")
    await fill(docs, name="town")


def knowledge(file) -> Knowledge:
    return Knowledge(file, embedder=no_model)


async def test_words_are_found_in_text_headings_and_titles_whatever_their_form(file, ferries) -> None:
    assert pages(knowledge(file).search("When do the ferries leave?", way="lexical")) == ["sail.md", "news.md"]
    assert pages(knowledge(file).search("boiling", way="lexical")) == ["cook.md"]


async def test_a_meaning_is_found_where_no_word_is_shared(file, ferries) -> None:
    assert knowledge(file).search("vessel", way="lexical") == []
    assert pages(knowledge(file).search("vessel"))[0] == "sail.md"


@pytest.mark.parametrize(
    "question",
    ["glorp wibble snarf", "asdf qwer zxcv", "How do I defenestrate a zorblax?", "Wie viel kostet die Straßenbahn?"],
)
async def test_words_that_nobody_knows_find_nothing(file, ferries, question: str) -> None:
    assert knowledge(file).search(question) == []


async def test_a_hit_says_where_it_stands(file, ferries, docs) -> None:
    (hit,) = knowledge(file).search("ship leaves", way="lexical")
    assert (hit.path, hit.title, hit.heading, hit.name) == (str(docs / "sail.md"), "Ferries", "Ferries > Times", "town")
    stored = markdown((docs / "sail.md").read_bytes()).text  # front matter and marks are no part of it
    assert stored[hit.start : hit.end] == hit.text
    assert (hit.score, hit.published) == (1.0, "2024-01-10")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(name="town"), {"sail.md", "news.md", "cook.md"}),
        (Filters(name="other"), set()),
        (Filters(path="sail"), {"sail.md"}),
        (Filters(path="*/docs/[ns]*.md"), set()),
        (Filters(path="*.md"), {"sail.md", "news.md", "cook.md"}),
        (Filters(since="2024-02-01"), {"news.md", "cook.md"}),
        (Filters(since="2024-02-01", until="2024-03-10"), {"news.md"}),
        (Filters(name="town", until="2024-01-10"), {"sail.md"}),
    ],
)
@pytest.mark.parametrize("way", ["lexical", "semantic", "hybrid"])
async def test_filters_choose_the_documents(file, ferries, filters, expected, way) -> None:
    found = knowledge(file).search("the ferry ship fish hit boil", filters=filters, way=way)
    assert set(pages(found)) == expected


async def test_new_and_removed_documents_are_seen_by_a_search_that_was_open_before(file, ferries, docs, fill) -> None:
    open_before = knowledge(file)
    assert pages(open_before.search("vessel", way="semantic"))[0] == "sail.md"
    (docs / "sail.md").unlink()
    (docs / "new.md").write_text("Vessel vessel vessel.")
    await fill(docs)
    assert pages(open_before.search("vessel", way="semantic"))[0] == "new.md"


async def test_one_long_document_does_not_push_out_the_others(file, docs, fill) -> None:
    (docs / "long.md").write_text(
        "".join(f"# Part {at}\n\n{'The harbour is open today. ' * 16}\n\n" for at in range(20))
    )
    (docs / "short.md").write_text("# Short\n\nA harbour, once.")
    await fill(docs)
    assert "short.md" in pages(knowledge(file).search("harbour", limit=3))


def test_an_empty_knowledge_base_says_how_to_fill_it(file, tmp_path) -> None:
    with pytest.raises(KnowledgeError, match="fanin kb add PATH"):
        Knowledge(file).search("x")
    file.parent.mkdir()
    file.touch()
    with pytest.raises(KnowledgeError, match=r"is empty; .*fanin kb add PATH"):
        Knowledge(file).search("x")
    file.write_bytes(b"not a database, but long enough to look at" * 100)
    with pytest.raises(KnowledgeError, match="file is not a database"):
        Knowledge(file).search("x")


def test_a_file_of_another_program_or_of_a_newer_fanin_is_left_alone(file) -> None:
    import sqlite3

    with open_for_writing(file) as connection:
        connection.execute("PRAGMA user_version = 99")
    for opened in (lambda: Knowledge(file).search("x"), lambda: open_for_writing(file).__enter__()):
        with pytest.raises(KnowledgeError, match="another version of fanin"):
            opened()
    other = file.with_name("other.sqlite")
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE mine (x)")
    connection.close()
    before = other.read_bytes()
    for opened in (lambda: Knowledge(other).search("x"), lambda: open_for_writing(other).__enter__()):
        with pytest.raises(KnowledgeError, match="is not a knowledge base"):
            opened()
    assert other.read_bytes() == before


def test_the_question_is_never_read_as_operators() -> None:
    asked = 'NEAR("a b", 3) harbour* OR -port'
    assert match_expression(asked) == '"near" OR "b" OR "3" OR "harbour" OR "port" OR "-port"'
    assert match_expression("What is happening now?") == '"what" OR "is" OR "happen" OR "now"'
    assert match_expression("?!") == ""


@given(st.text(max_size=80))
def test_any_question_can_be_asked(searched, question) -> None:
    for way in ("lexical", "semantic", "hybrid"):
        hits = searched.search(question, limit=2, way=way)
        assert len(hits) <= 2
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


@pytest.fixture(scope="module")
def searched(tmp_path_factory) -> Knowledge:
    import asyncio

    from fanin.knowledge.ingest.updating import add_paths

    folder = tmp_path_factory.mktemp("searched")
    (folder / "a.md").write_text("harbour near the port and or not 天気")
    file = folder / "kb.sqlite"
    asyncio.run(add_paths(file, [folder / "a.md"], report=lambda _: None, workers=1))
    return Knowledge(file, embedder=Meanings)


def test_scores_are_joined_as_shares_of_the_best_of_each_measure() -> None:
    assert fuse([{1: 8.0, 2: 2.0}, {1: 0.5, 3: 0.4}]) == {1: 1.0, 2: 0.125, 3: 0.4}
    assert fuse([{1: 3.0}, {2: 0.5, 3: -0.2}]) == {1: 0.5, 2: 0.5, 3: 0.0}
    assert fuse([{5: 0.1}, {}, {7: -0.3}]) == {5: 1.0}, "where nothing fits, a measure does not count"
    assert fuse([]) == {}


def test_a_passage_that_is_best_by_far_goes_before_one_that_is_second_by_far_and_first_by_little() -> None:
    assert list(best_first(fuse([{1: 9.0, 2: 3.0}, {2: 0.50, 1: 0.49}]), (2, 1))) == [1, 2]


measures = st.lists(st.dictionaries(st.integers(0, 30), st.floats(-1.0, 20.0), max_size=12), max_size=3)


@given(measures)
def test_fusing_keeps_every_passage_of_a_measure_that_fits_whatever_the_order_of_the_measures(measured) -> None:
    scores = fuse(measured)
    assert scores.keys() == {passage for each in measured if max(each.values(), default=0.0) > 0.0 for passage in each}
    assert all(0.0 <= score <= 1.0 for score in scores.values())
    assert fuse(measured[::-1]) == pytest.approx(scores, abs=1e-5)


@given(st.lists(st.tuples(*[st.floats(0.0, 9.0)] * 6), min_size=1, max_size=3))
def test_what_fits_better_by_every_measure_never_stands_lower(measured) -> None:
    fused = fuse([dict(enumerate(each)) for each in measured])
    for one, other in itertools.permutations(fused, 2):
        if all(each[one] > each[other] for each in measured):
            assert fused[one] >= fused[other]


@given(measures)
def test_equal_scores_keep_the_order_that_is_given(measured) -> None:
    scores = dict.fromkeys(fuse(measured), 0.5)
    assert list(best_first(scores, sorted(scores))) == sorted(scores)
    assert list(best_first(scores, sorted(scores)[::-1])) == sorted(scores)[::-1]


def ranked(measured) -> dict[int, float]:
    scores = fuse(measured)
    return best_first(scores, scores)


def falling(passages) -> dict[int, float]:
    """Scores that fall slowly from 1."""
    return {passage: 0.99**place for place, passage in enumerate(passages)}


async def test_equal_passages_stand_in_the_order_of_their_paths_however_they_were_stored(file, docs, fill) -> None:
    for name in ("c.md", "a.md", "b.md"):
        (docs / name).write_text("The harbour is open.")
        await fill(docs)
    assert pages(knowledge(file).search("Is the harbour open?")) == ["a.md", "b.md", "c.md"]
    found = knowledge(file).find("Is the harbour open?", by_page=False).passages
    assert pages(found) == ["a.md", "b.md", "c.md"]


async def test_the_page_with_the_name_that_is_asked_for_goes_before_one_with_the_other_words(file, docs, fill) -> None:
    others = "".join(f"## Lamp {at}\n\nThe default value of lamp {at} is {at}.\n\n" for at in range(12))
    (docs / "lamps.md").write_text(f"# Default values\n\n{others}")
    (docs / "pump.md").write_text(
        "# Pump\n\nIt runs day and night.\n\n## pump_idle_time\n\nThe default is nine minutes."
    )
    await fill(docs)
    found = knowledge(file).search("What is the default value of pump_idle_time?")
    assert pages(found)[0] == "pump.md"


@given(measures, st.randoms(use_true_random=False))
def test_reordering_the_best_moves_no_other_passage_and_no_score(measured, chance) -> None:
    scores = ranked(measured)
    best = list(scores)[: len(scores) // 2]
    chance.shuffle(best)
    found = reorder(scores, best)
    assert list(found)[: len(best)] == best
    assert list(found)[len(best) :] == list(scores)[len(best) :]
    assert list(found.values()) == list(scores.values())


@given(measures, st.integers(1, 20), st.data())
def test_a_part_of_the_passages_is_of_the_best_documents_and_the_others_are_the_best(measured, limit, data) -> None:
    scores = ranked(measured)
    every = data.draw(st.permutations([*scores, *range(90, 99)]))
    of_best = [every[at::4] for at in range(data.draw(st.integers(0, 4)))]
    found = [passage for passage, _ in with_best_documents(scores, of_best, limit=limit)]
    needed = {passage for at, each in enumerate(of_best) for passage in each[: limit // (8 if at else 4)]}
    assert needed <= set(found)
    assert len(found) == len(set(found)) <= limit
    others = [passage for passage in found if passage not in needed]
    assert others == [passage for passage in scores if passage not in needed][: len(others)]


@pytest.mark.parametrize(
    ("having", "headed", "named", "weighed"),
    [
        ({1, 2}, set(), False, {1: 1.0, 2: 0.6}),  # both have the common and the rare word
        ({2}, set(), False, {1: 0.8 + 0.2 / 4, 2: 0.6}),  # the rare one has three quarters of the weight
        ({2}, set(), True, {1: (0.8 + 0.2 / 4) * 0.4 / 1.2, 2: 0.6 / 1.2}),
        ({2}, {2}, True, {1: (0.8 + 0.2 / 4) * 0.4 / 1.2, 2: 0.6}),
    ],
)
def test_scores_are_weighed_by_the_share_of_the_question_and_by_its_names(having, headed, named, weighed) -> None:
    terms = [FoundTerm(1.0, {1, 2}, set(), is_name=False), FoundTerm(3.0, having, headed, is_name=named)]
    assert weigh({1: 1.0, 2: 0.5}, terms) == pytest.approx(weighed, abs=1e-6)


def test_without_a_term_that_any_passage_has_the_order_stays() -> None:
    assert [*weigh({1: 0.9, 2: 0.5}, [])] == [1, 2]


NAMED = [  # a question, the page that defines what it names, and what repeats its other words
    ("What arguments does tcgetattr take?", "## termios.tcgetattr(fd)\n\nReads the settings of a terminal."),
    ("When should I use get_lamp_state?", "## lamps.get_lamp_state(lamp)\n\nTells whether a lamp burns."),
    ("What does _xlamps do?", "## sys._xlamps\n\nA list."),
    ("Which arguments take a path in redirect_lamps?", "## io.redirect_lamps(to)\n\nSends light elsewhere."),
    ("Is there an example of PyLF_ONLY with a file?", "## PyLF_ONLY\n\nReads no more."),
    ("How is the flag --lamp-file used?", "## -l, --lamp-file\n\nNames it."),
    ("What raises E4711?", "## Codes\n\nE4711 is about a broken lamp."),
    ("Which file is read by lampctl?", "## lampctl\n\nThe settings of lamps."),
    ("What may take long in QLampModel?", "## QLampModel\n\nDraws lamps."),
    ("How do arguments reach std::lamp_view?", "## std::lamp_view\n\nLooks at lamps."),
]


@pytest.mark.parametrize(("question", "defined"), NAMED)
async def test_the_page_that_defines_what_is_named_goes_before_those_with_the_other_words(
    file, docs, fill, question, defined
) -> None:
    common = "What take arguments, an example of which is a file, may use and raise a flag, a path and what is read."
    for at in range(20):
        (docs / f"{at}.md").write_text(f"# Arguments of a file\n\n{common} " + "Others do too. " * at)
    (docs / "mention.md").write_text("# News\n\nNew are " + ", ".join(q.split()[-2] for q, _ in NAMED) + ".")
    (docs / "own.md").write_text(f"# Lamps\n\n{defined}")
    await fill(docs)
    assert pages(knowledge(file).search(question))[0] == "own.md"


async def test_of_the_first_document_passages_come_that_share_no_word_with_the_question(file, docs, fill) -> None:
    filling = "It was tested in the works. " * 20
    parts = (
        "How heavy is the Osprey anvil? This tells it.",
        "It takes two to lift 95 kg.",
        "Paint it green.",
        "Oil it.",
    )
    (docs / "anvil.md").write_text("\n\n".join(f"{part} {filling}" for part in parts))
    for at in range(30):
        (docs / f"{at}.md").write_text(f"The Osprey hammer {at} is heavy.")
    await fill(docs)
    found = knowledge(file).find("How heavy is the Osprey anvil?", limit=16, by_page=False, way="lexical").passages
    assert len(found) == 16
    assert [hit.path.endswith("anvil.md") for hit in found].count(True) == 4


def test_a_document_with_several_good_passages_stands_higher_and_its_further_ones_lower() -> None:
    found = rank_passages({1: 1.0, 2: 0.9, 3: 0.9, 4: 0.9}, {1: 10, 2: 20, 3: 20, 4: 20}, {10: 8, 20: 8})
    assert [passage for passage, _ in found] == [2, 1, 3, 4]
    assert found[2][1] == pytest.approx(found[0][1] / 3)
    assert rank_passages(dict.fromkeys(range(8), 1.0), dict.fromkeys(range(8), 1), {1: 8})[0] == (0, 1.0)


def test_a_page_with_the_best_passage_goes_before_one_with_many_that_are_little_more_than_half_as_good() -> None:
    good, half = {0: 10, 1: 10, 2: 10}, dict.fromkeys(range(3, 11), 20)
    scores = {0: 1.0, 1: 0.5, 2: 0.5} | dict.fromkeys(half, 0.57)
    found = rank_passages(best_first(scores, scores), good | half, {10: 8, 20: 8})
    assert found[0][0] == 0


@pytest.mark.parametrize("size", range(1, 12))
def test_a_short_document_can_reach_what_a_long_one_reaches(size: int) -> None:
    first = list(range(min(size, 8)))
    (best, score), *_ = rank_passages(falling([*first, 99]), dict.fromkeys(first, 1) | {99: 2}, {1: size, 2: 99})
    assert best == 0
    assert score > 0.9


def test_a_note_that_is_the_best_of_all_comes_first_and_one_that_is_not_does_not() -> None:
    long = dict.fromkeys(range(1, 9), 10)
    note_first = rank_passages(falling([0, *long]), {0: 20, **long}, {10: 50, 20: 1})
    assert note_first[0] == (0, 1.0)
    note_last = rank_passages(falling([*long, 0]), {0: 20, **long}, {10: 50, 20: 1})
    assert note_last[0][0] == 1


async def test_many_readers_search_beside_a_writer_and_see_whole_states(file, docs, fill) -> None:
    """Every version of a document has as many passages as its number says, so a torn state would show."""
    path, stop, seen = docs / "a.md", threading.Event(), list[int]()

    def write(version: int) -> None:
        parts = [f"# Part {at}\n\nharbour version{version} " + "word " * 60 + "\n\n" for at in range(version)]
        path.write_text("".join(parts))

    def read() -> None:
        shared = Knowledge(file, embedder=Meanings)
        while not stop.is_set():
            found = shared.search("harbour", limit=100, way="lexical")
            versions = {hit.text.partition("version")[2].split()[0] for hit in found}
            assert len(versions) == 1
            assert len(found) == int(versions.pop())
            seen.append(len(found))

    write(1)
    await fill(docs)
    failed: list[threading.ExceptHookArgs] = []
    threading.excepthook, before = failed.append, threading.excepthook
    readers = [threading.Thread(target=read) for _ in range(4)]
    try:
        for reader in readers:
            reader.start()
        for version in range(2, 9):
            write(version)
            await fill(docs)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
        threading.excepthook = before
    assert not failed
    assert len(seen) > 8
    assert len(set(seen)) > 1


@pytest.mark.skipif(os.geteuid() != 0 and not os.access("/proc/self/mountinfo", os.R_OK), reason="needs Linux")
async def test_a_knowledge_base_that_cannot_be_written_can_be_searched(file, ferries) -> None:
    file.chmod(0o400)
    assert pages(knowledge(file).search("ship"))[0] == "sail.md"


class Turning:
    """False so many times, then true; `asked` is how often that was."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.asked = 0

    def __call__(self) -> bool:
        self.asked += 1
        return self.asked > self.times


@pytest.fixture
async def large(docs, fill) -> None:
    for number in range(30):
        parts = (f"# Part {part}\n\n{f'The harbour {number} is open in part {part}. ' * 12}\n\n" for part in range(40))
        (docs / f"{number}.md").write_text("".join(parts))
    await fill(docs)


@pytest.mark.parametrize("way", ["lexical", "semantic", "hybrid"])
async def test_a_search_for_which_nobody_waits_stops_wherever_it_is(file, large, way) -> None:
    looks = Turning(1_000_000)
    right = knowledge(file).search("harbour open vessel", way=way, stopped=looks)
    assert looks.asked > 3
    one = knowledge(file)
    for times in range(0, looks.asked - 1, max(1, looks.asked // 20)):
        stopped = Turning(times)
        with pytest.raises(SearchStopped):
            one.search("harbour open vessel", way=way, stopped=stopped)
        assert stopped.asked <= times + 3
        assert one.search("harbour open vessel", way=way) == right, "what was left half-way spoils no later search"
        one = knowledge(file)


async def test_a_search_that_waits_for_another_one_stops_as_well(file, large) -> None:
    one = knowledge(file)
    with one._vectors._lock, pytest.raises(SearchStopped):
        one.search("vessel", way="semantic", stopped=Turning(8))


async def test_a_statement_of_sqlite_stops_within_so_many_steps(file, large) -> None:
    stopped = Turning(0)
    with pytest.raises(SearchStopped):
        knowledge(file).search("harbour open part", way="lexical", stopped=stopped)
    assert stopped.asked <= 2


@pytest.mark.parametrize(
    ("scores", "similar", "order"),
    [
        ({1: 0.50, 2: 0.49, 3: 0.1}, {10: 0.2, 20: 0.6}, [2, 1, 3]),
        ({1: 0.50, 2: 0.30, 3: 0.1}, {10: 0.2, 20: 0.6}, [1, 2, 3]),
        ({1: 0.50, 2: 0.49, 3: 0.1}, {10: 0.6, 20: 0.2}, [1, 2, 3]),
        ({1: 0.50, 2: 0.49, 3: 0.48}, {20: 0.2}, [1, 2, 3]),
        ({1: 0.50, 2: 0.49, 3: 0.48}, {}, [1, 2, 3]),
        ({1: 0.50, 2: 0.49, 3: 0.48}, {10: -0.3, 20: -0.1}, [1, 2, 3]),
        ({3: 0.50, 2: 0.49, 1: 0.48}, {10: 0.9, 20: 0.1}, [1, 3, 2]),
        ({1: 1.00, 2: 0.80, 3: 0.0}, {10: 0.0, 20: 0.9}, [1, 2, 3]),
        ({1: 1.00, 2: 0.90, 3: 0.0}, {10: 0.0, 20: 0.9}, [2, 1, 3]),
        ({2: 0.40, 3: 0.40, 1: 0.40}, {10: 0.5, 20: 0.7}, [2, 3, 1]),
    ],
)
def test_of_passages_that_are_about_as_good_the_one_in_the_document_that_is_more_similar_goes_first(
    scores: dict[int, float], similar: dict[int, float], order: list[int]
) -> None:
    weighed = with_documents(scores, {1: 10, 2: 20, 3: 20}, similar)
    assert [*best_first(weighed, scores)] == order
    assert max(weighed.values()) <= 1.0


async def test_a_passage_comes_sooner_where_its_document_is_about_the_question(file, docs, fill) -> None:
    about = "The harbour has a ferry. Ships and boats sail from the quay to the islands."
    (docs / "a.md").write_text(
        "# Cakes\n\n" + "\n\n".join(["## Cream\n\nSugar and eggs.", "## Times\n\nAt nine it is done."])
    )
    (docs / "b.md").write_text(f"# Boats\n\n## Quay\n\n{about}\n\n## Times\n\nAt nine it is done.")
    await fill(docs)
    found = Knowledge(file, embedder=no_model).find("When is the ferry done?", by_page=False).passages
    times = [hit.path.rpartition("/")[2] for hit in found if "At nine" in hit.text]
    assert times == ["b.md", "a.md"]
