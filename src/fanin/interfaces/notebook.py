"""An answer as HTML and as Markdown, for notebooks; the texts of sources are escaped."""

import re
from html import escape

from fanin.interfaces.render import (
    citation_origin,
    citation_title,
    cited_documents,
    footer,
    missing,
    related,
    text_with_notes,
    web_address,
)
from fanin.model import Answer


def answer_html(answer: Answer) -> str:
    """The same as HTML for a notebook, in which only citations are links, to addresses of http and https."""
    links = {citation.number: web_address(citation) for citation in answer.citations}
    text = escape(text_with_notes(answer, outcomes=False))
    text = re.sub(r"\[(\d{1,9})\]", lambda found: _linked(found[0], links.get(int(found[1]), "")), text)
    paragraphs = "".join(f"<p>{each}</p>" for each in text.split("\n\n")).replace("\n", "<br>")
    cited = "".join(
        f'<li value="{each.number}">{_linked(escape(citation_title(each)), web_address(each))}'
        f" ({escape(citation_origin(each))})</li>"
        for each in cited_documents(answer)
    )
    ends = [*(f"{label}: {source}: {why}" for label, source, why in missing(answer)), footer(answer)]
    cited = f"<ol>{cited}</ol>" if cited else ""
    more = "".join(f"<li>{escape(each)}</li>" for each in related(answer))
    cited += f"<p>Related:</p><ul>{more}</ul>" if more else ""
    return f"<div>{paragraphs}{cited}<p><small>{'<br>'.join(map(escape, ends))}</small></p></div>"


def answer_markdown(answer: Answer) -> str:
    """The same as Markdown, in which nothing that a source said is markup."""
    parts = [_markdown(text_with_notes(answer, outcomes=False))]
    for each in cited_documents(answer):
        title, where = _markdown(citation_title(each)), web_address(each)
        named = f"[{title}](<{where}>)" if where else title
        parts.append(f"\\[{each.number}\\] {named} ({_markdown(citation_origin(each))})")
    if answer.related:
        parts.append("\n".join(["Related:", "", *(f"- {_markdown(each)}" for each in related(answer))]))
    parts += [_markdown(f"{label}: {source}: {why}") for label, source, why in missing(answer)]
    return "\n\n".join([*parts, _markdown(footer(answer))])


def _linked(text: str, url: str) -> str:
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{text}</a>' if url else text


def _markdown(text: str) -> str:
    """The text, in which no character means anything to Markdown, line by line."""
    escaped = re.sub(r"([\\`*_{}\[\]<>()#|~&$!:@])", r"\\\1", text)
    return re.sub(r"(?m)^[ \t]*(\d*)([-+=.)])", r"\1\\\2", re.sub(r"(?m)^[ \t]+", "", escaped))
