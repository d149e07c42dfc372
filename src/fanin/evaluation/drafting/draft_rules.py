"""Questions from English sentences that tell a value: a number, a year, a place, a default, what something is. Pure."""

import re
from collections.abc import Iterator, Sequence

from fanin.text.sentences import is_prose, sentences
from fanin.values import value

WORDS = 8
"""Words of a subject at most."""

_SUBJECT = r"(?P<subject>(?:(?:The|An?) )?[\w'\u2019.-]+(?: [\w'\u2019.-]+){0,7}?)"
_FIGURE = r"(?P<value>(?:about )?[$€£]?\d[\d.,]*(?: [a-zµ°%²³]+){0,2})"
_DONE = r"(?P<done>[a-z]+ed|built|begun|born|made|sold|written|held|set up)"
_MEASURES = "long|high|wide|deep|tall|old|thick|heavy"

_RULES: Sequence[tuple[re.Pattern[str], str]] = [
    (re.compile(pattern), form)
    for pattern, form in (
        (rf"^{_SUBJECT} (?P<verb>is|are) {_FIGURE} (?P<measure>{_MEASURES})\b", "How {measure} {verb} {subject}?"),
        (rf"^{_SUBJECT} (?P<s>takes?) {_FIGURE}", "How long {does} {subject} take?"),
        (rf"^{_SUBJECT} (?P<s>costs?) {_FIGURE}", "How much {does} {subject} cost?"),
        (
            rf"^{_SUBJECT} (?P<s>has|have|employs?|carry|carries) (?P<value>\d[\d.,]*) (?P<noun>[a-z]{{3,}}s|people)\b",
            "How many {noun} {does} {subject} {stem}?",
        ),
        (
            rf"^{_SUBJECT} (?P<verb>was|were) (?:first |later )?{_DONE}\b[^.;:]{{0,60}}? in (?P<value>[12]\d{{3}})\b",
            "When {verb} {subject} {done}?",
        ),
        (
            rf"^{_SUBJECT} (?P<verb>is|are|was|were) {_DONE} (?:in|at) (?P<value>[A-Z]\w+(?: [A-Z]\w+)*)",
            "Where {verb} {subject} {done}?",
        ),
        (
            rf"^{_SUBJECT} (?P<s>opens?|closes?|begins?|starts?|ends?) at (?P<value>[^.;,]{{1,30}})",
            "When {does} {subject} {stem}?",
        ),
        (
            r"^The default (?:value )?(?:of|for) (?P<subject>[\w.`-]+) is (?P<value>[^;,]{1,40}?)\.?$",
            "What is the default of {subject}?",
        ),
        (r"^(?P<subject>[\w.`-]+) defaults to (?P<value>[^;,]{1,40}?)\.?$", "What is the default of {subject}?"),
        (rf"^{_SUBJECT} (?P<verb>is|are) (?P<value>an? [^.;,:]{{10,100}})", "What {verb} {subject}?"),
    )
]
"""What a sentence looks like, and the question to it; the first that fits counts."""

_VAGUE = re.compile(
    r"(?i)\b(?:it|this|that|these|those|they|there|he|she|you|we|i|which|who|what|one|each|all|some|another|if|when|but"
    r"|everyone|everything|nobody|answer|reply|and|or|however|here|its|their|his|her|your|our)\b"
)
_STEMS = {"has": "have", "carries": "carry"}


@value
class Draft:
    """A question, the value that answers it, the path of the document, and the sentence that says so.

    Without a value it is one that the documents do not answer.
    """

    question: str
    fact: str
    path: str
    sentence: str
    subject: str
    made_by: str = "rules"


def drafts(text: str, path: str) -> Iterator[Draft]:
    """The questions that the sentences of a text answer."""
    for start, end in sentences(text):
        sentence = " ".join(text[start:end].split())
        if is_prose(sentence) and (draft := _draft(sentence, path)) is not None:
            yield draft


def _draft(sentence: str, path: str) -> Draft | None:
    for pattern, form in _RULES:
        found = pattern.match(sentence)
        if found is None or _VAGUE.search(found["subject"]) or len(found["subject"].split()) > WORDS:
            continue
        parts = found.groupdict()
        subject = re.sub(r"^(The|An?)\b", lambda word: word[0].lower(), parts["subject"])
        verb = parts.get("s") or ""
        does = "does" if verb.endswith("s") else "do"
        stem = _STEMS.get(verb, verb.removesuffix("s"))
        question = form.format_map({**parts, "subject": subject, "does": does, "stem": stem})
        return Draft(question, _bare(parts["value"]), path, sentence, subject)
    return None


def _bare(text: str) -> str:
    """The value without the marks of code around it."""
    return text.strip().strip("`") if text.count("`") in (0, 2) else text.strip()
