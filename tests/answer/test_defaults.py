"""The default that is asked for is the answer, below its name, and no default of anything else, however it is told."""

import pytest
from answer.drafting import drafted

ITEMS = """# Lantern settings

- `wick_height`: How far the wick stands out. The default is 7. Higher wicks smoke.
- `oil_reserve`: Oil that is kept back. It is 2 litres by default. The reserve is never burnt.
- `glass_tint` (name): The colour of the glass. If you leave it out, green is used.
- `night_mode`: Whether the light is dimmed at night. Off unless you turn it on.
"""
DEFINED = """# Lantern alarms

smoke_alarm
: How long smoke may be seen. The alarm is loud. The default is 35.

heat_alarm
: The heat at which the keeper is called. The default is 80. It is loud, too.
"""
BOLD = """# Lantern weights

**`chain_load`** (number). What a chain carries. Weigh the lamp first. Default: 120.

**`hook_load`** (number). What a hook carries. Default: 45.
"""
TABLE = """# Lantern ports

| Key | Meaning | Default |
|---|---|---|
| signal_port | Where signals arrive | 6190 |
| state_port | Where the state is told | 6191 |
"""
FACTS = """<title>Lantern lenses</title><main><h1>Lantern lenses</h1><dl>
<dt id=a><code>lens_turns</code></dt><dd><ul><li>Unit: turns</li><li>Default: 14</li></ul><p>Turns an hour.</p></dd>
<dt><code>lens_gap</code></dt><dd><p>The gap between two lenses. Wide gaps let rain in. See lens_turns.</p>
<p>Default is 3.</p></dd></dl></main>"""
PAGE = """LANTERN(1)

OPTIONS
    -f, --flames N
        Light N flames. Without this option, one is lit.

    --gust-limit KNOTS
        The wind at which the shutters close.  A storm
        closes them at once.  Defaults to 28.

FILES
    keeper_file
        Names of the keepers. The default is "/etc/keepers".
"""
FIELDS = """Lantern fuel
============

fuel_kind
   What is burnt. The default is colza.

fuel_share
   How much of the tank is used. By default 60 per cent.
"""
PROSE = """# Tuning

`mirror_count` says how many mirrors turn. Normally there are five; fog needs more. The mirrors are cleaned every
`mirror_days` days, which is 9 unless you change it.

Someone at the harbour told me: I thought the default of `mirror_days` is 4.
"""
GERMAN = """# Laterne

- `docht_breite`: Die Breite des Dochts. Voreingestellt ist 12.
- `docht_laenge`: Die Länge des Dochts. Ohne Angabe gilt 30.
"""


@pytest.mark.parametrize(
    ("question", "text", "ending", "told"),
    [
        ("What is the default value of wick_height?", ITEMS, "md", "wick_height: The default is 7. [1]"),
        ("What is the default of oil_reserve?", ITEMS, "md", "oil_reserve: It is 2 litres by default. [1]"),
        ("What does glass_tint default to?", ITEMS, "md", "glass_tint: If you leave it out, green is used. [1]"),
        ("Which value does night_mode have by default?", ITEMS, "md", "night_mode: Off unless you turn it on. [1]"),
        ("What is the default value of smoke_alarm?", DEFINED, "md", "smoke_alarm: The default is 35. [1]"),
        ("What is the default value of heat_alarm?", DEFINED, "md", "heat_alarm: The default is 80. [1]"),
        ("What is the default value of chain_load?", BOLD, "md", "chain_load: Default: 120. [1]"),
        ("What is the default value of hook_load?", BOLD, "md", "hook_load: Default: 45. [1]"),
        (
            "What is the default value of state_port?",
            TABLE,
            "md",
            "Key: state_port; Meaning: Where the state is told; Default: 6191. [1]",
        ),
        ("What is the default value of lens_turns?", FACTS, "html", "lens_turns: Default: 14 [1]"),
        ("What is the default value of lens_gap?", FACTS, "html", "lens_gap: Default is 3. [1]"),
        ("What is the default of --flames?", PAGE, "txt", "-f, --flames N: Without this option, one is lit. [1]"),
        ("What is the default of --gust-limit?", PAGE, "txt", "--gust-limit KNOTS: Defaults to 28. [1]"),
        ("What is the default of keeper_file?", PAGE, "txt", 'keeper_file: The default is "/etc/keepers". [1]'),
        ("What is the default of fuel_kind?", FIELDS, "rst", "fuel_kind: The default is colza. [1]"),
        ("What is the default of fuel_share?", FIELDS, "rst", "fuel_share: By default 60 per cent. [1]"),
        (
            "What is the default of mirror_count?",
            PROSE,
            "md",
            "`mirror_count` says how many mirrors turn. Normally there are five; fog needs more. [1]",
        ),
        (
            "What is the default of mirror_days?",
            PROSE,
            "md",
            "The mirrors are cleaned every `mirror_days` days, which is 9 unless you change it. [1]",
        ),
        ("Was ist der Standardwert von docht_breite?", GERMAN, "md", "docht_breite: Voreingestellt ist 12. [1]"),
        ("Welche Vorgabe hat docht_laenge?", GERMAN, "md", "docht_laenge: Ohne Angabe gilt 30. [1]"),
    ],
)
def test_a_default_is_told_with_its_name_and_nothing_else(question: str, text: str, ending: str, told: str) -> None:
    assert drafted(question, text, ending).text == told


@pytest.mark.parametrize("question", ["What is the default of wick_colour?", "What is the default value of bell_size?"])
def test_the_default_of_another_setting_is_no_answer(question: str) -> None:
    assert not drafted(question, ITEMS, "md").answered
