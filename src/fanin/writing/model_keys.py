"""Checks the keys of models in the environment, and hides them in texts of models."""

import os

from fanin.net.secrets import Mask, Secret

_VARIABLES = {
    "anthropic": ("ANTHROPIC_API_KEY",),
    "openai": ("OPENAI_API_KEY",),
    "google": ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    "ollama": ("OLLAMA_API_KEY",),
    "openai-compatible": ("OPENAI_COMPATIBLE_API_KEY",),
}


def unsendable(service: str) -> str:
    """The variable of a service whose key no request can carry, for a line break or what is not ASCII; "" if none."""
    for name in _VARIABLES[service]:
        key = os.environ.get(name, "")
        if not (key.isascii() and key.isprintable()):
            return name
    return ""


class Hiding:
    """The text of a model without the keys of its service; what may be the beginning of a key is held back."""

    def __init__(self, service: str) -> None:
        self._keys = [key for name in _VARIABLES[service] if (key := os.environ.get(name))]
        self._mask = Mask(map(Secret, self._keys))
        self._held = ""

    def feed(self, piece: str) -> str:
        """What of the text so far can be emitted and was not yet."""
        text = self._mask.hide(self._held + piece)
        end = min((_start_of_key(key, text) for key in self._keys), default=len(text))
        self._held = text[end:]
        return text[:end]

    def rest(self) -> str:
        """What is left at the end of the text."""
        text, self._held = self._held, ""
        return self._mask(text)


def _start_of_key(key: str, text: str) -> int:
    """Where a key begins that the text breaks off in; the length of the text if it does not."""
    places = range(max(0, len(text) - len(key) + 1), len(text))
    return next((at for at in places if key.startswith(text[at:])), len(text))
