"""The parts of a question that asks several things: "When does it leave, and how much is a ticket?". Pure."""

import re

from fanin.text.bounded_cache import cache_texts
from fanin.text.question_terms import question_terms

MAX_PARTS = 5
"""Parts of a question that are answered one by one."""

_ASKS = (
    r"(?:(?:at|by|for|from|in|on|since|until|with|to)\s+)?(?:when|where|who|whom|whose|why|how|what|which"
    r"|may|can|could|must|should|will|would|is|are|was|were|does|do|did|has|have)"
    r"|(?:um|seit|bis|für|mit)?\s*(?:wann|wo|wer|wem|wen|warum|wie|was|welche[rsmn]?|darf|kann|muss|ist|sind|gibt)"
    r"|quand|où|qui|pourquoi|comment|combien|quel(?:le)?s?|est-ce|puis-je|cuándo|dónde|quién|cómo|cuánt[oa]s?|qué"
    r"|quando|dove|chi|perché|quanto|quanta|onde|quem|wanneer|waar|wie|waarom|hoe|wat|welke"
)
_AND = "and|or|und|oder|et|ou|y|e|o|en|of"
_BETWEEN = re.compile(rf"\?\s+(?=\S)|(?:[,;]\s+(?:(?:{_AND})\s+)?|\s(?:{_AND})\s+)(?=(?:{_ASKS})\b)", re.IGNORECASE)
_JOINTS = (", ", "; ", "? ", *(f" {word} " for word in _AND.split("|")))
_BEGINS = re.compile(rf"\s*¿?(?:{_ASKS})\b", re.IGNORECASE)


@cache_texts(entries=256, characters=50_000)
def question_parts(question: str) -> tuple[str, ...]:
    """What is asked, part by part in the order asked; the question alone when it asks for one thing."""
    if not any(joint in question for joint in _JOINTS):
        return (question,)
    parts = [part.strip() for part in _BETWEEN.split(question)]
    if not 1 < len(parts) <= MAX_PARTS or _BEGINS.match(parts[0]) is None:
        return (question,)
    return tuple(parts) if all(question_terms(part).stems for part in parts) else (question,)
