"""JSON schemas of what `--json` and `--events` print, made from the dataclasses."""

import json
from collections.abc import Mapping
from typing import Any

import events_page
from pydantic import TypeAdapter

from fanin.model import Answer

DIALECT = "https://json-schema.org/draft/2020-12/schema"

NUMBER, COUNT = {"type": "number"}, {"type": "integer", "minimum": 0}
TIMELINE: Mapping[str, Any] = {
    "critical_path": {"type": "array", "items": COUNT, "description": "Positions in `spans`, first to last."},
    "sequential": NUMBER,
    "lower_bound": NUMBER,
}
"""What the timeline has in JSON besides its fields."""

PATCH: Mapping[str, Any] = {
    "type": "array",
    "description": "A JSON Patch (RFC 6902) from the answer of the revision before, or from null.",
    "items": {
        "type": "object",
        "properties": {"op": {"enum": ["add", "remove", "replace"]}, "path": {"type": "string"}, "value": True},
        "required": ["op", "path"],
        "additionalProperties": False,
    },
}


def answer() -> dict[str, Any]:
    """The schema of the answer."""
    return {"$schema": DIALECT, **_strict(TypeAdapter(Answer).json_schema(mode="serialization"))}


def event() -> dict[str, Any]:
    """The schema of one event."""
    known: dict[str, Any] = {}
    for each in events_page.events():
        schema = _strict(TypeAdapter(each).json_schema(mode="serialization"))
        known |= schema.pop("$defs", {})
        name = {"const": each.__name__.lower()}
        known[each.__name__] = {
            **schema,
            "properties": {"event": name, **schema["properties"]},
            "required": ["event", *schema["required"]],
        }
    known |= _changes(known)
    refs = [{"$ref": f"#/$defs/{each.__name__}"} for each in events_page.events()]
    refs += [{"$ref": f"#/$defs/{name}"} for name in ("RevisedChanges", "FetchedWithoutText")]
    return {"$schema": DIALECT, "title": "Event", "oneOf": refs, "$defs": known}


def _changes(known: Mapping[str, Any]) -> dict[str, Any]:
    """The two events that `--changes` prints in another form."""
    fields = {**known["Document"]["properties"], "characters": COUNT}
    del fields["text"]
    document = {**known["Document"], "properties": fields, "required": list(fields)}
    return {
        "RevisedChanges": _with(known["Revised"], without="answer", patch=PATCH),
        "FetchedWithoutText": _with(known["Fetched"], without="document", document=document),
    }


def _with(schema: Mapping[str, Any], *, without: str, **properties: Any) -> dict[str, Any]:
    kept = {name: each for name, each in schema["properties"].items() if name != without} | properties
    return {**schema, "properties": kept, "required": list(kept)}


def text(schema: Mapping[str, Any]) -> str:
    """The schema as it stands in its file."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def _strict(schema: Any, name: str = "") -> Any:
    """The schema with what Pydantic cannot know: all fields are printed, no others are, and titles say nothing."""
    if isinstance(schema, list):
        return [_strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: _named(value) if key in ("properties", "$defs") else _strict(value) for key, value in schema.items()}
    if "properties" in inner:
        if inner.get("title") == "Timeline":
            inner["properties"] |= TIMELINE
        inner |= {"required": list(inner["properties"]), "additionalProperties": False}
    elif name or "title" in inner:
        inner.pop("title", None)
    return inner


def _named(schemas: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _strict(each, name) for name, each in schemas.items()}
