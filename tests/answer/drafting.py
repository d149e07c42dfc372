"""The draft of an answer from one file, read as a knowledge base reads it."""

from fanin.answer import extract
from fanin.answer.draft import Draft
from fanin.documents.html import html
from fanin.documents.markdown import markdown, restructured_text
from fanin.documents.plain_text import plain
from fanin.fuse import fuse
from fanin.model import Document
from fanin.process import analyze
from fanin.text.question_terms import question_terms

READERS = {"md": markdown, "html": html, "rst": restructured_text, "txt": plain}


def drafted(question: str, text: str, ending: str = "md", *, sections: bool = True) -> Draft:
    """The draft, whose citations stand in the file word for word; `sections` says whether its headings are known."""
    parsed = READERS[ending](text.encode())
    known = {"sections": [[each.start, each.heading] for each in parsed.sections]} if sections else {}
    document = Document(parsed.text, parsed.title, source="a", number=1, metadata=known)
    draft = extract(question, fuse(question_terms(question), [(document, analyze(question, document))]), numbers={})
    assert all(parsed.text[each.start : each.end] == each.quote for each in draft.citations)
    return draft
