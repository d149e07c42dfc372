"""The page of the HTTP API, made from its OpenAPI document."""

from collections.abc import Iterator, Mapping
from typing import Any

from fanin.interfaces.server.authentication import PUBLIC
from fanin.interfaces.server.http_app import routes

HEAD = """# HTTP API

`fanin serve` answers these requests; [the how-to](../how-to/serve.md) says how to start and use it. `/openapi.json` is
the same for programs. This page is made from it by `scripts/reference`.

Bodies are JSON objects in which an unknown name is a mistake. Where a key is required, every request sends it as
`Authorization: Bearer KEY`, or in a browser that has signed in, a cookie. A body has at most 64 KB, a question 8 KB.
"""

PROBLEMS = """## Problems

Every error is `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)): `type`, `title`,
`status`, a `kind` of one word, and in `detail` what happened, what fanin did, and what you can do.

| status | kind | |
|---|---|---|
| 400 | `not_json` | The body is no JSON. |
| 400 | `past_end` | Events after a number were asked for that the run has not reached. |
| 401 | `key` | The request has no key, or one that is wrong or revoked. |
| 403 | `origin` | A page of another origin sent the request, or a browser with a session does not say which page did. |
| 404 | `unknown_run` | There is no such run, or it is another user's. |
| 404, 405 | `http` | There is nothing at this path, or it does not take this method. |
| 404 | `unknown_link` | There is no such link to a run, or no more. |
| 404 | `no_knowledge` | The server has no knowledge base. |
| 408 | `timeout` | The body did not arrive within 10 s. |
| 409 | `no_answer` | The run has no answer, or none yet. |
| 409 | `idempotency` | The first request with this `Idempotency-Key` was withdrawn before its run began. |
| 409 | `not_kept` | A link was asked for to a run that is not kept, or has not ended. |
| 413 | `too_large` | The body has more than 64 KB. |
| 421 | `host` | The request is for another host. |
| 422 | `invalid` | A field or a parameter is missing, unknown or out of range; `errors` has a sentence for each. |
| 404 | `unknown_source`, `unknown_writer`, `unknown_model` | There is no such source, writer or model. |
| 422 | `config` | The question cannot be asked so. |
| 422 | `idempotency` | The `Idempotency-Key` came with another body before. |
| 429 | `rate_limited` | More questions than the rate of this key; `Retry-After` says when to ask again. |
| 500 | `error` | A defect of fanin. |
| 501 | `not_installed` | An extra of fanin is not installed on this server. |
| 503 | `overloaded`, `draining` | Too many questions run, or the server ends; `Retry-After` says when to ask again. |
| 503 | `not_ready` | Of `/readyz`: the same for some seconds already. |
| 503 | `session` | The session of a browser cannot be stored. |
| 503 | `runs`, `knowledge`, `closed` | The file of runs, the knowledge base or the engine cannot be used. |

429 has the registered [type](https://iana.org/assignments/http-problem-types) `quota-exceeded`, `overloaded` and
`draining` have `temporary-reduced-capacity`.
"""


def page() -> str:
    """The whole page."""
    document = routes().openapi()
    schemas = document["components"]["schemas"]
    parts = [HEAD]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            parts.append("\n".join(_operation(f"{method.upper()} {path}", operation, schemas, path in PUBLIC)))
    return "\n".join([*parts, PROBLEMS])


def _operation(title: str, operation: Mapping[str, Any], schemas: Mapping[str, Any], public: bool) -> Iterator[str]:
    yield f"## {title}\n"
    yield operation["description"] + (" It needs no key." if public else "") + "\n"
    rows = [_parameter(each) for each in operation.get("parameters", ())]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    schema = schemas.get(body.get("$ref", "").rpartition("/")[2], {})
    for name, each in schema.get("properties", {}).items():
        rows.append(f"| `{name}` | body | {_kind(each, schemas)} | {_told(each, name in schema.get('required', ()))} |")
    if rows:
        yield "\n".join(["| name | in | type | |", "|---|---|---|---|", *rows, ""])


def _parameter(parameter: Mapping[str, Any]) -> str:
    schema = parameter["schema"]
    told = _told({**schema, "description": parameter.get("description", "")}, parameter["required"])
    return f"| `{parameter['name']}` | {parameter['in']} | {_kind(schema, {})} | {told} |"


def _told(schema: Mapping[str, Any], required: bool) -> str:
    default = schema.get("default")
    told = " ".join(schema.get("description", "").split())
    said = f"Default: `{str(default).lower()}`." if default not in (None, "", []) else ""
    return " ".join(each for each in (told, "Required." if required else said) if each)


def _kind(schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_kind(each, schemas) for each in schema["anyOf"] if each.get("type") != "null")
    if "$ref" in schema:
        of = schemas[schema["$ref"].rpartition("/")[2]]
        return f"object with {', '.join(f'`{name}`' for name in of['properties'])}" if "properties" in of else "text"
    if schema.get("type") == "array":
        most = f", at most {schema['maxItems']}" if "maxItems" in schema else ""
        return f"list of {_kind(schema['items'], schemas)}{most}"
    bounds = [f"{word} {schema[key]:g}" for key, word in (("minimum", "from"), ("maximum", "to")) if key in schema]
    return ", ".join([{"string": "text", "integer": "whole number"}.get(schema["type"], schema["type"]), *bounds])
