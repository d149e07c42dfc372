"""The page of the command line, made from the commands themselves."""

import re

from fanin.interfaces.cli.app import COMMANDS, build

HEAD = """# Command line

`fanin COMMAND --help` shows the same. This page is made from the commands by `scripts/reference`.

## Exit status

| status | meaning |
|---|---|
| 0 | there is an answer, a partial one included; or the command did what it was told |
| 1 | `sources check`: some source failed; `kb add`: nothing could be added; `kb check`: something does not agree |
| 1 | any command: the output cannot be written, because its disk is full or whoever read it has left |
| 2 | a mistake in the call, the settings, a file or a folder: one line on standard error says what would be right |
| 3 | no source had an answer; `kb search`: no passage fits; `sources check`: every source failed |
| 4 | `eval`: a gate is broken |
| 130 | Ctrl-C. The first one ends the question with what has arrived, the second one ends fanin at once. |

## Output

The answer goes to standard output, and what happens meanwhile to standard error. On a terminal there is a live view.
`--json` prints one JSON object, `--events` one JSON object a line, each when it happens: see [JSON](json.md). Text from
sources cannot control your terminal: escapes and control characters are taken out. Lines are broken at words to fit the
terminal; into a pipe or a file each goes whole. Where the encoding of the terminal lacks a letter, the nearest one is
printed, and JSON escapes it. `fanin --install-completion` has bash, zsh or fish complete commands and options.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *map(_command, COMMANDS)])


def _command(name: str) -> str:
    told = build(name).generate_docs(output_format="markdown")
    command = re.sub(r" \*\[default: [^\]]*\]\*", "", told[told.index("## fanin ") :])
    return f"{command.replace('```console', '```text').rstrip()}\n"
