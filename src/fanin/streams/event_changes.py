"""Events as short lines of JSON: a revised answer as what changed in it, and documents without their text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Any, cast

from fanin.events import Event, Fetched, Revised
from fanin.streams.event_json import dumps, heading, plain, to_json


class EventChanges:
    """Renders the events of one question in their order."""

    def __init__(self) -> None:
        self._answer: Any = None

    def to_json(self, event: Event) -> str:
        """The event as one line of JSON.

        A `Revised` has in place of `answer` a `patch`, a JSON Patch (RFC 6902) from the answer of the one before, or
        from null, to its own. The document of a `Fetched` has in place of `text` the number of its `characters`.
        """
        match event:
            case Revised():
                before, self._answer = self._answer, plain(event.answer)
                return dumps({**heading(event), "patch": list(difference(before, self._answer))})
            case Fetched(source=source, document=document):
                without_text = plain(replace(document, text=""))
                del without_text["text"]
                return dumps(
                    {**heading(event), "source": source, "document": {**without_text, "characters": len(document.text)}}
                )
            case _:
                return to_json(event)


def difference(before: Any, after: Any, path: str = "") -> Iterator[dict[str, Any]]:
    """The operations "add", "remove" and "replace" of a JSON Patch, in order, that make one value of the other. Pure.

    Members of a list count as the same one when their texts and whole numbers are equal, so that a passage whose score
    changes is not sent again.
    """
    match before, after:
        case dict(), dict():
            yield from _of_objects(cast("dict[str, Any]", before), cast("dict[str, Any]", after), path)
        case list(), list():
            yield from _of_lists(cast("list[Any]", before), cast("list[Any]", after), path)
        case _ if type(before) is not type(after) or before != after:
            yield {"op": "replace", "path": path, "value": after}
        case _:
            pass


def _of_objects(before: Mapping[str, Any], after: Mapping[str, Any], path: str) -> Iterator[dict[str, Any]]:
    for name in before.keys() - after.keys():
        yield {"op": "remove", "path": _below(path, name)}
    for name, value in after.items():
        if name in before:
            yield from difference(before[name], value, _below(path, name))
        else:
            yield {"op": "add", "path": _below(path, name), "value": value}


def _of_lists(before: Sequence[Any], after: Sequence[Any], path: str) -> Iterator[dict[str, Any]]:
    """From the end to the start, so that each operation leaves the places of those after it as they are."""
    matcher = SequenceMatcher(None, [*map(_identity, before)], [*map(_identity, after)], autojunk=False)
    for kind, start, end, new_start, new_end in reversed(matcher.get_opcodes()):
        if kind == "equal":
            for old, new in zip(range(start, end), range(new_start, new_end), strict=True):
                yield from difference(before[old], after[new], f"{path}/{old}")
            continue
        for place in reversed(range(start, end)):
            yield {"op": "remove", "path": f"{path}/{place}"}
        for place in reversed(range(new_start, new_end)):
            yield {"op": "add", "path": f"{path}/{start}", "value": after[place]}


def _identity(member: Any) -> object:
    if isinstance(member, dict):
        members = cast("dict[str, Any]", member).items()
        return tuple((name, value) for name, value in members if isinstance(value, (str, int)))
    return repr(member)


def _below(path: str, name: str) -> str:
    return f"{path}/{name.replace('~', '~0').replace('/', '~1')}"
