import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from fanin.config import STARTER, find, load
from fanin.errors import ConfigError
from fanin.model import Policy
from fanin.net.secrets import look_up_secret


def settings(folder: Path, text: str) -> Path:
    path = folder / "fanin.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_duration_without_a_unit_is_in_seconds(tmp_path: Path) -> None:
    path = settings(
        tmp_path, 'deadline = 3\n[sources.a]\nkind = "simulated"\ntimeout = 2.5\ncache = 90\nrate = [5, 60]\n'
    )
    found = load(path)
    (source,) = found.build_sources()
    assert (found.general.deadline, source.timeout) == (3.0, 2.5)
    assert source.policy is not None
    assert (source.policy.cache, source.policy.rate) == (90.0, (5, 60.0))


def test_a_store_that_cannot_be_used_is_told_with_its_key(tmp_path: Path) -> None:
    path = settings(tmp_path, 'store = "."\n[sources.a]\nkind = "simulated"\n')
    with pytest.raises(
        ConfigError, match=r"fanin\.toml: store: The store .* cannot be used: Is a directory; fanin did"
    ):
        load(path).engine()


async def test_a_file_of_simulated_sources_makes_an_engine_that_answers(tmp_path: Path) -> None:
    path = settings(tmp_path, 'deadline = "3s"\n[sources.a]\nkind = "simulated"\nlatency = "10ms"\ntext = "Open."\n')
    async with load(path).engine() as engine:
        answer = await engine.ask("open?")
    assert answer.text == "Open. [1]"


def test_a_byte_order_mark_before_the_settings_and_in_the_file_of_a_secret_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "key.txt").write_text("\ufeffs3cret", "utf-8")
    (tmp_path / "fanin.toml").write_text(
        '\ufeff[sources.a]\nkind = "http"\nurl = "https://a.example/?key=${file:key.txt}"\n', "utf-8"
    )
    assert list(load(tmp_path / "fanin.toml").sources) == ["a"]
    assert look_up_secret("file:key.txt", {}, tmp_path) == "s3cret"


def test_every_kind_can_be_declared(tmp_path: Path) -> None:
    path = settings(
        tmp_path,
        '[sources.w]\nkind = "open-meteo"\nplace = "Paris"\ntimeout = "2s"\nretries = 2\n'
        '[sources.n]\nkind = "feeds"\nurls = ["http://127.0.0.1/feed"]\n[sources.k]\nkind = "wikipedia"\n',
    )
    assert list(load(path).engine().sources) == ["w", "n", "k"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("deadline = true", ["deadline", "no duration", "500ms"]),
        ('[sources.a]\nkind = "simulated"\nlatancy = "1s"', ["latancy", "no such setting"]),
        ('[sources.a]\nkind = "simulated"\nlatency = "1x"', ["latency", "1x"]),
        ('[sources.a]\nkind = "telepathy"', ["sources.a.kind", "telepathy", "There are: open-meteo"]),
        ("[sources.a]\n", ["sources.a.kind", "missing", "simulated"]),
        ("deadline = ", ["no TOML"]),
        ("sources = {}", ["sources", "there is none", "[sources.weather]"]),
        ('sources = "x"', ["sources", "there is none"]),
        ("sources.a = 1", ["sources.a", "should be a table", "[sources.a]"]),
        ('deadline = "2m"', ["deadline", "less than or equal to 60"]),
        ('dedline = "2s"', ["dedline", "no such setting", "'deadline'"]),
        ("enough = 1.5", ["enough", "between 0.0 and 1.0"]),
        ("enough = true", ["enough", "such as 2"]),
        ("rounds = 3", ["rounds", "less than or equal to 2"]),
        ("[defaults]\nretrys = 2", ["defaults.retrys", "'retries'"]),
        ('[defaults]\ncache = "60"', ["defaults.cache", "no duration"]),
        ("[answer]\nwriter = 5", ["answer.writer", 'a text or it should be a list, such as ["a", "b"]']),
        ('[sources.n]\nkind = "feed"', ["sources.n.kind", "'feed'", "Did you mean 'feeds'?"]),
        (
            '[sources.n]\nkind = "feeds"\nurl = "x"',
            ["sources.n.url:", "'urls'", "sources.n.urls: this setting is missing"],
        ),
        ('[sources.n]\nkind = "feeds"\nurls = ["x"]\nrate = "5/week"', ["sources.n.rate", "no rate", "30/min"]),
        ('[sources.n]\nkind = "feeds"\nurls = ["x"]\nweight = 0', ["sources.n.weight", "greater than 0"]),
        ('[sources.n]\nkind = "simulated"\nheaders = {}', ["sources.n.headers", "no such setting"]),
        ('[sources.n]\nkind = "feeds"\nurls = []', ["urls"]),
        ('[sources.n]\nkind = "simulated"\nretries = "two"', ["retries", "a whole number (it is 'two')"]),
        ('[sources.n]\nkind = "simulated"\nretries = true', ["retries"]),
    ],
)
def test_a_mistake_is_told_with_the_file_the_key_and_what_to_do(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        load(settings(tmp_path, text))
    for word in ["fanin.toml", "fanin asked nothing", *words]:
        assert word in str(caught.value)


SEARCHING = """
[sources.wiki]
kind = "wikipedia"
[sources.hn]
kind = "hacker-news"
[sources.kb]
kind = "knowledge"
[sources.api]
kind = "http"
url = "https://a.example/?q={words}"
[sources.body]
kind = "http"
url = "https://a.example/"
body = { q = "{question}" }
[sources.rows]
kind = "sql"
url = "sqlite:///x.db"
query = "SELECT a FROM b WHERE a LIKE :like"
[sources.tool]
kind = "mcp"
command = ["x"]
tool = "t"
arguments = { q = "{question}" }
[sources.told]
kind = "simulated"
searches = true
"""
NOT_SEARCHING = """
[sources.wiki]
kind = "wikipedia"
searches = false
[sources.api]
kind = "http"
url = "https://a.example/?where={place}"
[sources.rows]
kind = "sql"
url = "sqlite:///x.db"
query = "SELECT a FROM b LIMIT :limit"
[sources.tool]
kind = "mcp"
command = ["x"]
tool = "t"
[sources.feeds]
kind = "feeds"
urls = ["https://a.example"]
[sources.page]
kind = "web"
urls = ["https://a.example"]
[sources.weather]
kind = "open-meteo"
[sources.other]
kind = "simulated"
"""


@pytest.mark.parametrize(("text", "searches"), [(SEARCHING, True), (NOT_SEARCHING, False)])
def test_kinds_that_search_may_be_asked_again_and_a_setting_says_otherwise(
    tmp_path: Path, text: str, *, searches: bool
) -> None:
    sources = [*load(settings(tmp_path, text)).build_sources()]
    assert {each.name: each.searches for each in sources} == {each.name: searches for each in sources}


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.toml: No such file"):
        load(tmp_path / "absent.toml")


def test_kinds_of_this_machine_can_be_declared(tmp_path: Path) -> None:
    path = settings(
        tmp_path,
        '[sources.p]\nkind = "python"\nfunction = "textwrap:dedent"\n'
        '[sources.c]\nkind = "command"\ncommand = ["cat"]\nfolder = "/"\nenvironment = { A = "b" }\ntimeout = "2s"\n'
        '[sources.s]\nkind = "sql"\nurl = "sqlite:///x.db"\nquery = "SELECT 1 AS a"\ntext = "a is {a}"\nlimit = 3\n'
        '[sources.m]\nkind = "mcp"\ncommand = ["mcp-server-time"]\ntool = "t"\narguments = { q = "{question}" }\n'
        '[sources.h]\nkind = "mcp"\nurl = "https://example.com/mcp"\ntool = "t"\nheaders = { A = "b" }\n',
    )
    assert list(load(path).engine().sources) == ["p", "c", "s", "m", "h"]


def test_each_mistake_is_a_line_of_its_own(tmp_path: Path) -> None:
    text = 'dedline = "2s"\n[sources.a]\nkind = "simulated"\nlatency = "1"\nretries = 99\n[sources.b]\nkind = "x"\n'
    with pytest.raises(ConfigError) as caught:
        load(settings(tmp_path, text))
    keys = [line.split(": ")[1] for line in str(caught.value).splitlines()]
    assert keys == ["dedline", "sources.a.retries", "sources.a.latency", "sources.b.kind"]


def test_a_value_that_may_hold_a_secret_is_not_repeated(tmp_path: Path) -> None:
    text = '[sources.a]\nkind = "feeds"\nurls = ["https://a.example"]\nheaders = { Authorization = ["hush"] }\n'
    with pytest.raises(ConfigError, match=r"headers\.Authorization: it should be a text; ") as caught:
        load(settings(tmp_path, text))
    assert "hush" not in str(caught.value)


def test_every_source_has_the_defaults_unless_it_says_otherwise(tmp_path: Path) -> None:
    text = (
        '[defaults]\nretries = 1\nrate = "30/min"\ncache = "5m"\nbreaker = false\n'
        '[sources.a]\nkind = "simulated"\n'
        '[sources.b]\nkind = "simulated"\nretries = 3\ntimeout = "2s"\ncache = "0s"\nhedge = true\nconcurrency = 4\n'
        'weight = 1.5\ntopics = ["weather"]\n'
    )
    sources = load(settings(tmp_path, text)).engine().sources
    assert sources["a"].policy == Policy(retries=1, rate=(30, 60.0), cache=300.0, stale=3600.0)
    assert sources["b"].policy == Policy(retries=3, rate=(30, 60.0), concurrency=4, hedge=True, cache=0.0, stale=3600.0)
    assert (sources["b"].weight, sources["b"].topics) == (1.5, ("weather",))


def test_without_defaults_fanin_retries_twice_breaks_and_remembers(tmp_path: Path) -> None:
    (source,) = load(settings(tmp_path, '[sources.a]\nkind = "simulated"\n')).engine().sources.values()
    assert source.policy == Policy(retries=2, breaker=True, cache=60.0, stale=3600.0)


def test_a_file_without_sources_asks_the_starter_set(tmp_path: Path) -> None:
    engine = load(settings(tmp_path, 'deadline = "3s"\n')).engine()
    assert list(engine.sources) == list(load(STARTER).sources)


def test_the_settings_are_those_of_the_folder_then_those_of_the_user_then_the_starter_set(
    tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    assert find() == STARTER
    (tmp_path / "home" / "fanin").mkdir(parents=True)
    user = settings(tmp_path / "home" / "fanin", "")
    assert find() == user
    settings(tmp_path, "")
    assert find() == Path("fanin.toml")
    assert find(Path("x.toml")) == Path("x.toml")


def test_a_secret_that_is_not_there_is_told_with_its_key_and_its_name(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("ABSENT_TOKEN", raising=False)
    text = '[sources.a]\nkind = "feeds"\nurls = ["https://a.example"]\nheaders = { Auth = "Bearer ${ABSENT_TOKEN}" }\n'
    with pytest.raises(ConfigError, match=r"fanin\.toml: sources\.a: headers\.Auth: The variable ABSENT_TOKEN is not"):
        load(settings(tmp_path, text)).engine()
    with pytest.raises(ConfigError, match=r"fanin\.toml: proxy: The variable ABSENT_TOKEN is not"):
        load(settings(tmp_path, 'proxy = "http://${ABSENT_TOKEN}@p.example:80"\n')).engine()
    with pytest.raises(ConfigError, match=r"fanin\.toml: store: The variable ABSENT_TOKEN is not"):
        load(settings(tmp_path, 'store = "redis://:${ABSENT_TOKEN}@h:1"\n')).engine()
    monkeypatch.setenv("ABSENT_TOKEN", "hush-hush")
    assert "a" in load(settings(tmp_path, text)).engine().sources


async def test_what_is_kept_stands_where_the_settings_say(tmp_path: Path) -> None:
    source = '[sources.a]\nkind = "simulated"\nlatency = "1ms"\ntext = "Open."\n'
    for _ in range(2):
        async with load(settings(tmp_path, f'store = "kept.sqlite"\n{source}')).engine() as engine:
            answer = await engine.ask("open?")
    assert answer.sources["a"].cached
    assert (tmp_path / "kept.sqlite").exists()
    async with load(settings(tmp_path, f'store = "memory"\n{source}')).engine() as engine:
        assert not (await engine.ask("open?")).sources["a"].cached


async def test_a_source_that_is_told_something_else_gives_no_answer_from_before(tmp_path: Path) -> None:
    texts = [
        (f'store = "kept.sqlite"\n[sources.a]\nkind = "simulated"\nlatency = "1ms"\ntext = "{text}"\n', text)
        for text in ("It is open.", "It is not open.")
    ]
    for settings_text, text in texts:
        async with load(settings(tmp_path, settings_text)).engine() as engine:
            assert (await engine.ask("open?")).text == f"{text} [1]"


@pytest.mark.parametrize(("table", "key"), [("answer", "writer"), ("process", "model")])
def test_a_model_that_there_is_not_is_told_with_its_key(tmp_path: Path, table: str, key: str) -> None:
    settings_file = settings(tmp_path, f'[{table}]\n{key} = "nope:x"\n')
    with pytest.raises(
        ConfigError, match=rf"fanin\.toml: {table}\.{key}: 'nope:x' names no model; fanin asked nothing"
    ):
        load(settings_file).engine()


def test_sources_of_this_machine_load_nothing_for_the_web(tmp_path: Path) -> None:
    path = settings(tmp_path, '[sources.a]\nkind = "simulated"\n[sources.b]\nkind = "command"\ncommand = ["cat"]\n')
    code = f"import sys, pathlib, fanin.config as c; c.load(pathlib.Path({str(path)!r})).engine(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "aiohttp" not in done.stdout.split()


async def test_what_the_settings_name_is_looked_for_beside_their_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    (tmp_path / "beside_it.py").write_text("def tell(question):\n    return 'A function told it.'\n", "utf-8")
    (tmp_path / "tell.sh").write_text("echo '\"A program told it.\"'\n", "utf-8")
    with sqlite3.connect(tmp_path / "told.db") as connection:
        connection.execute("CREATE TABLE told AS SELECT 'A database told it.' AS text")
    connection.close()
    path = settings(
        tmp_path,
        '[sources.p]\nkind = "python"\nfunction = "beside_it:tell"\n'
        '[sources.c]\nkind = "command"\ncommand = ["sh", "tell.sh"]\n'
        '[sources.s]\nkind = "sql"\nurl = "sqlite:///told.db"\nquery = "SELECT text FROM told"\ntext = "text"\n',
    )
    async with load(path).engine() as engine:
        answer = await engine.ask("Who told it?")
    assert {passage.text for passage in answer.passages} == {
        "A function told it.",
        "A program told it.",
        "A database told it.",
    }


def test_any_json_api_is_declared_in_six_lines_with_its_policies(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("EXAMPLE_TOKEN", "hush-hush")
    text = """
        [sources.issues]
        kind = "http"
        url = "https://api.example.com/search?q={question}"
        items = "items[*]"
        text = "body"
        title = "title"
        link = "html_url"
        headers = { Authorization = "Bearer ${EXAMPLE_TOKEN}" }
        timeout = "2s"
        retries = 2
        rate = "30/min"
        cache = "60s"
        hedge = true
        weight = 1.5
    """
    source = load(settings(tmp_path, text)).engine().sources["issues"]
    assert (source.timeout, source.weight) == (2.0, 1.5)
    assert source.policy == Policy(retries=2, rate=(30, 60.0), breaker=True, hedge=True, cache=60.0, stale=3600.0)
    assert "hush" not in repr(source)
