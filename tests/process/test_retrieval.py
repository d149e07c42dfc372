"""A dozen paragraphs and some questions: the paragraph that answers must come first."""

import pytest

from fanin.fuse import fuse
from fanin.model import Document
from fanin.process import analyze
from fanin.text.question_terms import question_terms

PARAGRAPHS = {
    "bees": (
        "Honeybees tell each other where flowers are by dancing. A bee that has found nectar returns to the "
        "hive and walks in a figure of eight; the angle of the dance points to the flowers and its length "
        "tells the distance."
    ),
    "volcano": (
        "The volcano on the island erupted in 1957 and added two square kilometres of new land. Ash buried "
        "the lighthouse up to its first floor, and three hundred houses were given up."
    ),
    "bread": (
        "Sourdough bread rises without yeast from a packet. Wild yeasts and bacteria in the starter make gas "
        "and acid, so the dough needs many hours, and the loaf keeps fresh for longer."
    ),
    "bridge": (
        "The suspension bridge across the Tagus was opened in 1966. Its two towers are 190 metres high, and "
        "since 1999 trains have run on a lower deck beneath the six lanes for cars."
    ),
    "chess": (
        "In chess, castling moves the king two squares towards a rook, which jumps over him. It is not "
        "allowed when the king is in check, or when either piece has moved before."
    ),
    "rates": (
        "The central bank raised interest rates by a quarter of a point to 3.75 percent. Mortgages will "
        "become dearer, the governor said, but inflation has to fall to two percent."
    ),
    "vaccine": (
        "A vaccine shows the immune system a harmless piece of a virus. Antibodies and memory cells form "
        "within weeks, and a later infection is fought before it makes us ill."
    ),
    "glacier": (
        "Glaciers in the Alps have lost a third of their ice since 2000. Warm summers melt more than winter "
        "snow brings, and rivers that they feed carry less water in August."
    ),
    "python": (
        "In Python, a generator is a function that yields values one at a time. Its local variables are kept "
        "between the values, so that a long sequence never has to be in memory as a whole."
    ),
    "opera": (
        "The opera house burned down in 1996 and was rebuilt as it had been. The architect kept the horseshoe "
        "of boxes but hid modern machinery beneath the stage."
    ),
    "octopus": (
        "An octopus has three hearts and blue blood. Two of the hearts pump blood through the gills, the "
        "third one serves the body, and it stops beating when the animal swims."
    ),
    "marathon": (
        "The marathon is 42.195 kilometres long because of the London games of 1908, where the course began "
        "at Windsor Castle and ended in front of the royal box."
    ),
}

QUESTIONS = {
    "How do bees communicate where the flowers are?": "bees",
    "When did the volcano erupt?": "volcano",
    "Why does sourdough keep fresh?": "bread",
    "How high are the towers of the bridge over the Tagus?": "bridge",
    "Is castling allowed when the king is in check?": "chess",
    "What happened to interest rates and inflation?": "rates",
    "How do vaccines protect us from a virus?": "vaccine",
    "Are alpine glaciers melting?": "glacier",
    "What is a generator function in Python?": "python",
    "Who rebuilt the opera house?": "opera",
    "How many hearts does an octopus have?": "octopus",
    "Why is a marathon 42.195 kilometers?": "marathon",
    "octopuss hart pumps": "octopus",
}


@pytest.mark.parametrize(("question", "right"), QUESTIONS.items())
def test_within_one_document_the_right_passage_comes_first(question: str, right: str):
    document = Document("\n\n".join(f"{paragraph} {'It is known to many.' * 3}" for paragraph in PARAGRAPHS.values()))
    first = analyze(question, document)["passages"][0]
    assert PARAGRAPHS[right][:40] in first["text"]


@pytest.mark.parametrize(("question", "right"), QUESTIONS.items())
def test_among_many_documents_the_right_one_comes_first(question: str, right: str):
    documents = [
        Document(text, source=f"source {at % 3}", number=at // 3 + 1) for at, text in enumerate(PARAGRAPHS.values())
    ]
    fused = fuse(question_terms(question), [(each, analyze(question, each)) for each in documents])
    assert fused.passages[0].text.startswith(PARAGRAPHS[right][:40])
