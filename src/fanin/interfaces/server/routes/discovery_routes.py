"""By what programs find out how to ask: `/llms.txt` for language models, `/opensearch.xml` for browsers."""

from html import escape

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

router = APIRouter(tags=["server"])

OPENSEARCH = "application/opensearchdescription+xml"

_LLMS = """# fanin

> Ask many sources at once, and get one cited answer before a deadline.

This server takes a question in plain words, asks its sources at the same time, and gives one answer in which each
sentence has the number of the document that it was quoted from. What is missing, and why, is in the answer. If it says
401, send `Authorization: Bearer KEY` with a key of whoever runs it. Errors are problems of RFC 9457 with advice.

## Ask

- [OpenAPI document]({base}openapi.json): every request, its body, and its problems
- `POST {base}v1/ask` with `{{"question": "…", "deadline": "10s"}}`: the answer, as JSON
- `POST {base}v1/ask/stream`, with the same body: what happens, as server-sent events; the last one is `answered`
- `GET {base}v1/sources`: the sources, what they are asked about, and their health

## For agents and clients of models

- `{base}mcp`: a server of the Model Context Protocol, with the tools `ask`, `search_knowledge` and `list_sources`
- `{base}v1`: chat completions and Responses of OpenAI, with the model `fanin`, and citations as `url_citation`

## Earlier questions

- `GET {base}v1/runs?q=words`: kept runs, the newest first
- `GET {base}v1/runs/{{id}}/answer.md`: the answer of one, as Markdown
"""

_OPENSEARCH = """<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
  <ShortName>fanin</ShortName>
  <Description>Ask many sources at once, and get one cited answer.</Description>
  <InputEncoding>UTF-8</InputEncoding>
  <Image width="16" height="16" type="image/svg+xml">{base}page/mark.svg</Image>
  <Url type="text/html" method="get" template="{base}?q={{searchTerms}}"/>
</OpenSearchDescription>
"""


@router.get("/llms.txt", response_class=PlainTextResponse)
async def llms(request: Request) -> Response:
    """How to ask this server, for a language model that reads."""
    return PlainTextResponse(_LLMS.format(base=request.base_url))


@router.get("/opensearch.xml", response_class=Response, responses={200: {"content": {OPENSEARCH: {}}}})
async def opensearch(request: Request) -> Response:
    """What lets a browser take this server as a search engine: questions go to `/?q=…`."""
    found = _OPENSEARCH.format(base=escape(str(request.base_url)))
    return Response(found, media_type=OPENSEARCH)
