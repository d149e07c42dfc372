"""The texts of passages of which vectors are made."""

from hashlib import blake2b


def no_model() -> None:
    """No model, where none is to be used."""


MAX_TITLE = 800
"""Characters of a title that are read with each passage of its document."""


def headed_text(title: str, heading: str, text: str) -> str:
    """The text of a passage after its headings, and after its document's title unless they begin with it."""
    title = title[:MAX_TITLE]
    begins = heading and heading.partition(" > ")[0] in title
    return f"{heading if begins else ' > '.join(filter(None, (title, heading)))}\n{text}"


def text_key(model: str, text: str) -> bytes:
    """The hash by which the vector that a model made of a text is stored."""
    return blake2b(f"{model}\n{text}".encode(errors="replace"), digest_size=16).digest()
