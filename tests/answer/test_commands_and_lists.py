"""What is quoted whole: commands and code with what leads to them, and lists with all of their items."""

import pytest
from answer.drafting import drafted

from fanin.answer.draft import Draft

WEIR = """# The weir tool

The weir tool opens and closes sluices.

## Opening

Open a sluice with

```console
$ weir open --sluice 4
```

Water flows at once. To close all sluices, enter:

    weir close --all

They close within a minute.

## Reports

Reports are kept for a year. Use this command to print the report of a month:

~~~sh
weir report \\
  --month 2026-03
~~~

```
weir erase --reports
```

erases all reports, also those of this year.

## Before winter

1. Close the sluices.
2. Drain the pipes:

   ```sh
   weir drain --pipes
   ```

3. Lock the gate house.
"""
QUAY = """<title>Quay lights</title><main><h1>Quay lights</h1><p>The lamps have a program of their own.</p>
<h2>Installing</h2><p>Fetch the program with this command:</p><pre><code class=lang-sh>lamps fetch --latest</code></pre>
<h2>Restarting</h2><p>Restart the lamps twice a year.</p><div class=highlight><pre><span>lamps</span> stop
<span>lamps</span> start --dim 40
</pre></div><p>The restart takes ten seconds.</p>
<h2>Changing a bulb</h2><ol>
<li>Turn the power off.</li><li>Unscrew the cover.</li><li>Change the bulb.</li></ol></main>"""
CRANE = """Crane client
============

Loads
-----

A load is booked like this::

    crane book "two pallets" --at 9

.. code-block:: console

    $ crane watch --dock 2

shows each movement on a dock.
"""
OVEN = "THE OVEN\n\nIt has a script. To light the oven, run:\n\n    oven light --temp 240\n\nIt is hot after an hour.\n"


def unmarked(question: str, text: str, ending: str = "md") -> Draft:
    """The draft from a file whose headings are not known; no mark of code is in it."""
    draft = drafted(question, text, ending, sections=False)
    assert not any(mark in f"{draft.text} {draft.citations}" for mark in ("```", "~~~"))
    return draft


@pytest.mark.parametrize(
    ("question", "text", "ending", "told"),
    [
        ("Which command opens a sluice?", WEIR, "md", "Open a sluice with: $ weir open --sluice 4 [1]"),
        ("How do I open a sluice?", WEIR, "md", "Open a sluice with: $ weir open --sluice 4 [1]"),
        ("How do I close all sluices?", WEIR, "md", "To close all sluices, enter: weir close --all [1]"),
        (
            "How do I print the report of a month?",
            WEIR,
            "md",
            "Use this command to print the report of a month:\nweir report \\\n  --month 2026-03 [1]",
        ),
        (
            "Which command erases all reports?",
            WEIR,
            "md",
            "weir erase --reports\nerases all reports, also those of this year. [1]",
        ),
        ("How do I fetch the program?", QUAY, "html", "Fetch the program with this command: lamps fetch --latest [1]"),
        (
            "Which command restarts the lamps?",
            QUAY,
            "html",
            "Restart the lamps twice a year.\nlamps stop\nlamps start --dim 40 [1]",
        ),
        ("How do I book a load?", CRANE, "rst", 'A load is booked like this: crane book "two pallets" --at 9 [1]'),
        (
            "Which command shows each movement on a dock?",
            CRANE,
            "rst",
            "$ crane watch --dock 2\nshows each movement on a dock. [1]",
        ),
        ("How do I light the oven?", OVEN, "txt", "To light the oven, run: oven light --temp 240 [1]"),
    ],
)
def test_a_command_is_the_answer_with_the_sentence_that_leads_to_it(
    question: str, text: str, ending: str, told: str
) -> None:
    assert unmarked(question, text, ending).text.startswith(told)


def test_what_a_command_does_is_answered_without_other_code() -> None:
    assert unmarked("How long are reports kept?", WEIR).text.startswith("Reports are kept for a year. [1]")


REASONS = (
    "There are several reasons why a tent may not stand. Check them in this order: The ground is soft. A pole is"
    " broken. The ropes are loose. [1]"
)
TENT = """# Camping at the lake

To pitch a tent you need:

- six pegs
- a mallet
- two poles

There are several reasons why a tent may not stand. Check them in this order:

1. The ground is soft.
2. A pole is broken.
3. The ropes are loose.

It is forbidden to bring:

* fireworks
* gas bottles of more than 5 kg
* loud speakers

A place costs 12 euros for each night.

## What is new in 2026

- Showers are warm all day.
- The kiosk sells bread.

## Modes

The heater has these modes:

- `eco`: it keeps 8 °C
- `day`: it keeps 18 °C
"""


@pytest.mark.parametrize(
    ("question", "text", "ending", "told"),
    [
        ("What do I need to pitch a tent?", TENT, "md", "To pitch a tent you need: six pegs; a mallet; two poles [1]"),
        (
            "Why does the tent not stand?",
            TENT,
            "md",
            REASONS,
        ),
        (
            "What is it forbidden to bring?",
            TENT,
            "md",
            "It is forbidden to bring: fireworks; gas bottles of more than 5 kg; loud speakers [1]",
        ),
        (
            "Which modes does the heater have?",
            TENT,
            "md",
            "The heater has these modes: `eco`: it keeps 8 °C; `day`: it keeps 18 °C [1]",
        ),
        (
            "How do I change a bulb?",
            QUAY,
            "html",
            "Turn the power off. Unscrew the cover. Change the bulb. [1]",
        ),
    ],
)
def test_a_list_is_told_whole_with_what_leads_to_it_once(question: str, text: str, ending: str, told: str) -> None:
    assert unmarked(question, text, ending).text.startswith(told)


def test_one_item_is_the_answer_where_it_alone_says_what_was_asked() -> None:
    told = unmarked("How heavy may gas bottles be?", TENT).text
    assert told.startswith("It is forbidden to bring: gas bottles of more than 5 kg [1]")


def test_steps_are_told_with_their_commands() -> None:
    told = unmarked("What must be done before winter?", WEIR).text
    assert "Close the sluices. Drain the pipes: weir drain --pipes\nLock the gate house. [1]" in told


RAFT = "The lake is deep."
ITEMS = "- a rope\n- a knife\n"


@pytest.mark.parametrize(
    ("question", "text", "told"),
    [
        (
            "What do I need for the raft?",
            f"For the raft you need:\n\n{ITEMS}\n{RAFT}",
            "For the raft you need: a rope; a knife [1]",
        ),
        (
            "Who may use the raft?",
            f"These persons may use the raft:\n\n- guards\n- pupils\n\n{RAFT}",
            "These persons may use the raft: guards; pupils [1]",
        ),
        (
            "What should I do after a storm?",
            "After a storm:\n\n1. Look for damage.\n2. Dry the sail.\n\nStorms are rare.",
            "After a storm: Look for damage. Dry the sail. [1] Storms are rare. [1]",
        ),
        (
            "What must I check before launching the raft?",
            "Launching the raft takes an hour.\n\nBefore launching, check:\n\n- the wood\n- the knots\n",
            "Before launching, check: the wood; the knots [1]",
        ),
        (
            "When does the siren sound?",
            "The siren sounds when\n\n- water is found\n- a door is open\n",
            "The siren sounds when water is found; a door is open [1]",
        ),
        (
            "What does the box contain?",
            "The box contains\n\n* one saw\n* two clamps\n",
            "The box contains one saw; two clamps [1]",
        ),
        (
            "Which papers must I bring?",
            "Bring these papers:\n\n1) your passport\n2) a photo\n",
            "Bring these papers: your passport; a photo [1]",
        ),
        (
            "What do I need for the raft?",
            "For the raft you need these things:\n\na rope\na knife\ntwo oars\n\nThe lake is deep.",
            "For the raft you need these things: a rope a knife two oars [1]",
        ),
    ],
)
def test_a_sentence_that_leads_to_a_list_is_told_with_the_list(question: str, text: str, told: str) -> None:
    assert unmarked(question, text, "txt").text == told


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What do I need for the raft?", "For the raft you need:"),
        ("What must I check before launching the raft?", "Before you launch the raft, check that:"),
        ("Which papers must I bring?", "Please bring these papers with you:\n"),
    ],
)
def test_a_sentence_that_leads_to_nothing_is_no_answer(question: str, text: str) -> None:
    assert not unmarked(question, text, "txt").answered


def test_another_sentence_is_told_where_one_leads_to_nothing() -> None:
    text = "For the raft you need these things, as the list says:\n\n# Oars\n\nFor the raft you need two oars."
    assert unmarked("What do I need for the raft?", text).text == "For the raft you need two oars. [1]"
