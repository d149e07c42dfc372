"""How programs and browsers find out how to ask this server."""

import re
from urllib.parse import quote
from xml.etree import ElementTree

from fanin.interfaces.server.guard import Guard

NAMES = {"o": "http://a9.com/-/spec/opensearch/1.1/"}


async def test_a_browser_can_take_the_server_as_a_search_engine(opened) -> None:
    server = await opened(server="require_keys = true")
    status, headers, text = await server.get("/opensearch.xml")
    assert (status, headers["Content-Type"]) == (200, "application/opensearchdescription+xml")
    found = ElementTree.fromstring(text)
    assert len(found.findtext("o:ShortName", namespaces=NAMES)) <= 16
    template = found.find("o:Url", NAMES).get("template")
    assert template == f"{server.address}/?q={{searchTerms}}"
    assert found.findtext("o:Image", namespaces=NAMES) == f"{server.address}/page/mark.svg"
    async with server.client.get(template.replace("{searchTerms}", quote("Is the harbour open?"))) as page:
        assert (page.status, page.content_type) == (200, "text/html")
        (link,) = re.findall('<link rel="search" [^>]*>', await page.text())
    assert 'type="application/opensearchdescription+xml" href="/opensearch.xml"' in link
    assert (await server.get("/page/mark.svg"))[0] == 200


async def test_the_addresses_are_those_by_which_the_server_is_reached(opened) -> None:
    server = await opened(guard=Guard(hosts={"fanin.example.com"}))
    headers = {"Host": "fanin.example.com", "X-Forwarded-Proto": "https"}
    _, _, text = await server.get("/opensearch.xml", headers=headers)
    assert 'template="https://fanin.example.com/?q={searchTerms}"' in text


async def test_a_language_model_reads_how_to_ask_and_every_address_is_there(opened) -> None:
    server = await opened()
    status, headers, text = await server.get("/llms.txt")
    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert text.startswith("# fanin\n\n> Ask many sources at once")
    paths = re.findall(rf"(?:GET |POST )?{server.address}(/[\w./]+)", text)
    assert {"/openapi.json", "/v1/ask", "/v1/ask/stream", "/v1/sources", "/mcp", "/v1/runs"} <= set(paths)
    known = (await server.get("/openapi.json"))[2]["paths"]
    assert {each for each in paths if each.startswith("/v1/")} - {"/v1/runs/"} <= known.keys()
