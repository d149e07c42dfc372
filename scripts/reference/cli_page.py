"""The page of the command line, made from the commands themselves."""

import re

from fanin.interfaces.cli.app import build

HEAD = """# Command line

`fanin COMMAND --help` shows the same. This page is made from the commands by `scripts/reference`.

## Exit status

| status | meaning |
|---|---|
| 0 | there is an answer, a partial one included; or the command did what it was told |
| 1 | `sources check`: some source failed; `kb check`: something does not agree; or whoever read the output has left |
| 2 | a mistake in the call, the settings, a file or a folder: one line on standard error says what would be right |
| 3 | no source had an answer; `kb search`: no passage fits; `sources check`: every source failed |
| 130 | Ctrl-C. The first one ends the question with what has arrived, the second one ends fanin at once. |

## Output

The answer goes to standard output, and what happens meanwhile to standard error. On a terminal there is a live view.
`--json` prints one JSON object, `--events` one JSON object a line, each when it happens: see [JSON](json.md). Text from
sources cannot control your terminal: escapes and control characters are taken out.
"""


def page() -> str:
    """The whole page."""
    told = build().generate_docs(output_format="markdown")
    commands = told[told.index("## fanin ") :]
    commands = re.sub(r" \*\[default: [^\]]*\]\*", "", commands)
    return "\n".join([HEAD, commands.replace("```console", "```text").rstrip(), ""])
