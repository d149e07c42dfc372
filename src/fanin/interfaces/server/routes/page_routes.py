"""The page for people: its addresses, all of which show one document, and its files. They hold nothing of any run."""

from fastapi import APIRouter, Request, Response

from fanin.background import in_daemon_thread
from fanin.interfaces.page.page_files import PAGE, POLICY, page_files
from fanin.interfaces.server.problems import Problem
from fanin.sanitize import line

router = APIRouter(include_in_schema=False)

ADDRESSES = ("/", "/runs/{run}", "/history", "/health", "/shared/{name}")
"""Where the page is shown."""

FILES = "/page/{path:path}"

SHARED = ("/v1/shared/{name}", "/v1/shared/{name}/events", "/v1/shared/{name}/trace.json")
"""What everybody may read who has a link to a run."""


async def page(request: Request) -> Response:
    """The document of the page."""
    return await _file(PAGE, request)


for _address in ADDRESSES:
    router.add_api_route(_address, page, methods=["GET", "HEAD"])


@router.api_route(FILES, methods=["GET", "HEAD"])
async def file(path: str, request: Request) -> Response:
    """A file of the page. Raises Problem."""
    return await _file(path, request)


async def _file(path: str, request: Request) -> Response:
    if (found := (await in_daemon_thread(page_files)).get(path)) is None:
        message = f"The page has no file {line(path, limit=60)!r}; fanin gave nothing."
        raise Problem(404, "http", f"{message} `/` shows the page.")
    headers = {
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-cache",
        "ETag": found.tag,
        "Vary": "Accept-Encoding",
    }
    if request.headers.get("if-none-match") == found.tag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(found.compressed, headers=headers, media_type=found.media_type)
    return Response(found.content, headers=headers, media_type=found.media_type)
