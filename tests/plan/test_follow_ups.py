"""Follow-ups are completed from the question before; questions that stand alone stay as they are."""

from datetime import UTC, datetime

import pytest

from fanin.model import Question, Turn
from fanin.plan.follow_ups.standalone import standalone

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)

DAYS = [
    ("What is the weather in Lucerne today?", "and tomorrow?", "What is the weather in Lucerne tomorrow?"),
    ("What is the weather in Lucerne?", "And on Sunday?", "What is the weather in Lucerne on Sunday?"),
    ("When does the museum open today?", "what about next Monday?", "When does the museum open next Monday?"),
    ("How many visitors came in 2023?", "and in 2024?", "How many visitors came in 2024?"),
    ("How many visitors came in 2023?", "2022?", "How many visitors came in 2022?"),
    ("Is the pool open tomorrow?", "in the evening?", "Is the pool open in the evening?"),
    ("Wie wird das Wetter in Graz heute?", "und morgen?", "Wie wird das Wetter in Graz morgen?"),
    ("Wann öffnet das Museum am Montag?", "Und am Sonntag?", "Wann öffnet das Museum am Sonntag?"),
    ("Quel temps fait-il à Lyon aujourd'hui ?", "et demain ?", "Quel temps fait-il à Lyon demain ?"),
    ("¿Qué tiempo hace en Sevilla hoy?", "¿y mañana?", "¿Qué tiempo hace en Sevilla mañana?"),
]
PLACES = [
    ("What is the weather in Lucerne?", "what about Tromsø?", "What is the weather in Tromsø?"),
    ("What is the weather in Lucerne tomorrow?", "And in Basel?", "What is the weather in Basel tomorrow?"),
    ("Will it rain today?", "and in Basel?", "Will it rain in Basel today?"),
    ("When does the ferry to Elba leave?", "and to Capri?", "When does the ferry to Capri leave?"),
    ("When does the ferry to Elba leave?", "what about Capri?", "When does the ferry to Capri leave?"),
    ("Who is the mayor of Ghent?", "Bruges?", "Who is the mayor of Bruges?"),
    ("What is the weather in Lucerne today?", "how about Basel tomorrow?", "What is the weather in Basel tomorrow?"),
    ("Wie wird das Wetter in Graz?", "und in Linz?", "Wie wird das Wetter in Linz?"),
    ("Wie wird das Wetter in Graz morgen?", "Was ist mit Linz?", "Wie wird das Wetter in Linz morgen?"),
    ("Quel temps fait-il à Lyon ?", "et à Nantes ?", "Quel temps fait-il à Nantes ?"),
    ("¿Qué tiempo hace en Sevilla?", "¿y en Bilbao?", "¿Qué tiempo hace en Bilbao?"),
]
PLACES += [
    ("what is the weather in lucerne", "what about basel?", "What is the weather in basel?"),
    ("What's the weather like in Lucerne?", "In Basel?", "What's the weather like in Basel?"),
]
NAMES_AND_THINGS = [
    ("What is the limit of open_files?", "and of sockets?", "What is the limit of sockets?"),
    ("Who is the author of The Tin Drum?", "And of Dune?", "Who is the author of Dune?"),
    ("Who founded Siemens?", "and Bosch?", "Who founded Bosch?"),
    ("When does the ferry leave?", "and the bus?", "When does the bus leave?"),
    ("When does the museum in Ghent close?", "what about the library?", "When does the library in Ghent close?"),
    ("How much is a ticket?", "for children?", "How much is a ticket for children?"),
    ("Are dogs allowed on the beach?", "and on the pier?", "Are dogs allowed on the pier?"),
    ("What is the tallest building in Ghent?", "and the oldest one?", "What is the oldest building in Ghent?"),
    ("Who painted The Night Watch?", "the price?", "What is the price of The Night Watch?"),
    ("When does the museum open?", "and the address?", "What is the address of the museum?"),
    ("What is the population of Ghent?", "and the area?", "What is the area of Ghent?"),
    ("Wann fährt die Fähre ab?", "und der Bus?", "Wann fährt der Bus ab?"),
    ("Wann fährt die Fähre ab?", "und der Preis?", "Wie ist der Preis für die Fähre?"),
    ("Quand ouvre le musée ?", "et la bibliothèque ?", "Quand ouvre la bibliothèque ?"),
    ("Quand ouvre le musée ?", "et le prix ?", "Quel est le prix du musée ?"),
    ("¿Cuándo abre el museo?", "¿y la biblioteca?", "¿Cuándo abre la biblioteca?"),
]
ATTRIBUTES = [
    ("When does the ferry leave?", "and the price for dogs?", "What is the price of the ferry for dogs?"),
    ("When does the museum open?", "the price on Sundays?", "What is the price of the museum on Sundays?"),
    ("When does the museum open?", "and the address of the library?", "What is the address of the library?"),
    ("Wann fährt die Fähre ab?", "und der Preis für Hunde?", "Wie ist der Preis für die Fähre für Hunde?"),
    ("Quand ouvre le musée ?", "et le prix pour les enfants ?", "Quel est le prix du musée pour les enfants ?"),
    ("¿Cuándo abre el museo?", "¿y el precio para grupos?", "¿Cuál es el precio del museo para grupos?"),
]
PRONOUNS = [
    ("When does the ferry to Elba leave?", "how much does it cost?", "How much does the ferry to Elba cost?"),
    ("What is Solaris about?", "who wrote it?", "Who wrote Solaris?"),
    ("When does the museum in Ghent open?", "And is it open on Sundays?", "Is the museum in Ghent open on Sundays?"),
    ("Where was Marie Curie born?", "when did she die?", "When did Marie Curie die?"),
    ("What is photosynthesis?", "Why is it important?", "Why is photosynthesis important?"),
    ("Who built the Atomium?", "How old is that?", "How old is the Atomium?"),
    ("How long is the old bridge?", "who built that bridge?", "Who built the old bridge?"),
    ("Who wrote the novel Solaris?", "what are its main themes?", "What are the main themes of the novel Solaris?"),
    ("What is the weather in Ghent?", "how do I get there?", "How do I get to Ghent?"),
    ("How do vaccines work?", "are they safe?", "Are vaccines safe?"),
    ("Wann fährt die Fähre nach Elba?", "was kostet sie?", "Was kostet die Fähre nach Elba?"),
    ("Wovon handelt der Roman Solaris?", "wer hat ihn geschrieben?", "Wer hat der Roman Solaris geschrieben?"),
    ("Quand ouvre le musée ?", "combien ça coûte ?", "Combien le musée coûte ?"),
    ("Où est le musée ?", "quand ouvre-t-il ?", "Quand ouvre le musée ?"),
    ("¿Cuándo abre el museo?", "¿cuánto cuesta?", "¿Cuánto cuesta el museo?"),
    ("¿De qué trata la novela Solaris?", "¿quién la escribió?", "¿Quién escribió la novela Solaris?"),
]
PRONOUNS += [
    ("How do I install Krita on Debian?", "is it free?", "Is Krita on Debian free?"),
    ("How many people live in Ghent?", "what is its area?", "What is the area of Ghent?"),
    (
        "Tell me about the Firth Bridge",
        "how much did it cost to build?",
        "How much did the Firth Bridge cost to build?",
    ),
    ("Was kostet eine Karte nach Linz?", "gibt es sie auch online?", "Gibt es eine Karte nach Linz auch online?"),
    ("Quel est le prix d'un billet pour Lyon ?", "et la durée ?", "Quel est la durée d'un billet pour Lyon ?"),
]
OTHERWISE = [
    ("Compare Turin and Milan", "which one is larger?", "Compare Turin and Milan, and which one is larger?"),
    ("Vergleiche Graz und Linz", "welche ist größer?", "Vergleiche Graz und Linz, und welche ist größer?"),
    ("Who wrote Solaris?", "When was he born?", "Who wrote Solaris, and when was he born?"),
    ("Is the harbour closed?", "why?", "Why is the harbour closed?"),
    ("Is the harbour closed?", "since when?", "Since when is the harbour closed?"),
    ("When does the museum close?", "Where?", "Where does the museum close?"),
    ("Who wrote Solaris?", "when?", "Who wrote Solaris, and when?"),
    ("Is there a bus to the airport?", "tell me more", "Is there a bus to the airport?"),
    ("Ist der Hafen geschlossen?", "warum?", "Warum ist der Hafen geschlossen?"),
    ("Quand ferme le musée ?", "pourquoi ?", "Pourquoi ferme le musée ?"),
    ("¿Está cerrado el puerto?", "¿por qué?", "¿Por qué está cerrado el puerto?"),
]
WEATHER = [
    ("What is the weather in Ghent tomorrow?", "Will it rain?", "Will it rain in Ghent tomorrow?"),
    ("Wie wird das Wetter in Graz?", "Wird es am Sonntag regnen?", "Wird es am Sonntag regnen in Graz?"),
]
AFTER_AN_ANSWER = [
    (
        "Who wrote Solaris?",
        "Solaris was written by Stanisław Lem. [1]",
        "when was he born?",
        "When was Stanisław Lem born?",
    ),
    ("Who is the head of Acme?", "Jane Roe is the head of Acme. [1]", "how old is she?", "How old is Jane Roe?"),
    ("Who wrote Solaris?", "Stanisław Lem. [1]", "when did he write it?", "When did Stanisław Lem write Solaris?"),
    ("Who wrote Solaris?", "Stanisław Lem. [1]", "what is his language?", "What is the language of Stanisław Lem?"),
    ("Who wrote Solaris?", "", "when was he born?", "Who wrote Solaris, and when was he born?"),
    (
        "Wer schrieb Momo?",
        "Michael Ende schrieb Momo. [1]",
        "wann wurde er geboren?",
        "Wann wurde Michael Ende geboren?",
    ),
    ("Qui a écrit Germinal ?", "Émile Zola. [1]", "quand est-il né ?", "Quand est Émile Zola né ?"),
    ("¿Quién escribió Niebla?", "Miguel de Unamuno. [1]", "¿cuándo nació?", "¿Cuándo nació Miguel de Unamuno?"),
]
ITALIAN_PORTUGUESE_AND_DUTCH = [
    ("Che tempo fa a Bari oggi?", "e domani?", "Che tempo fa a Bari domani?"),
    ("Che tempo fa a Bari?", "e a Lecce?", "Che tempo fa a Lecce?"),
    ("Quando apre il museo?", "e la biblioteca?", "Quando apre la biblioteca?"),
    ("Quando apre il museo?", "e il prezzo?", "Qual è il prezzo del museo?"),
    ("Quando apre il museo?", "quanto costa?", "Quanto costa il museo?"),
    ("Di cosa parla il romanzo Solaris?", "chi lo ha scritto?", "Chi ha scritto il romanzo Solaris?"),
    ("Quando parte il traghetto?", "perché?", "Perché parte il traghetto?"),
    ("Que tempo faz em Faro hoje?", "e amanhã?", "Que tempo faz em Faro amanhã?"),
    ("Que tempo faz em Faro?", "e em Braga?", "Que tempo faz em Braga?"),
    ("Quando abre o museu?", "e a biblioteca?", "Quando abre a biblioteca?"),
    ("Quando abre o museu?", "e o preço?", "Qual é o preço do museu?"),
    ("Quando abre o museu?", "quanto custa?", "Quanto custa o museu?"),
    ("De que trata o romance Solaris?", "quem o escreveu?", "Quem escreveu o romance Solaris?"),
    ("Quando abre o museu?", "e no domingo?", "Quando abre o museu no domingo?"),
    ("Wat wordt het weer in Gent vandaag?", "en morgen?", "Wat wordt het weer in Gent morgen?"),
    ("Wat wordt het weer in Gent?", "en in Brugge?", "Wat wordt het weer in Brugge?"),
    ("Wanneer opent het museum?", "en de bibliotheek?", "Wanneer opent de bibliotheek?"),
    ("Wanneer opent het museum?", "en de prijs?", "Wat is de prijs van het museum?"),
    ("Wanneer opent het museum?", "is het gratis?", "Is het museum gratis?"),
    ("Wanneer vertrekt de boot?", "waarom?", "Waarom vertrekt de boot?"),
    ("Wanneer opent het museum?", "en op zondag?", "Wanneer opent het museum op zondag?"),
]
ALONE = [
    "Grazie mille!",
    "Obrigada",
    "Dank je wel",
    "Qual è la capitale del Perù?",
    "Quanto custa um bilhete para Lima?",
    "Hoe laat is het in Tokio?",
    "Piove domani a Lima?",
    "Há um autocarro para Lima?",
    "Regent het morgen in Lima?",
    "Thanks!",
    "Danke schön",
    "Which museums in Ghent are free?",
    "What is the capital of Peru?",
    "Is it possible to swim in the Seine?",
    "What time is it in Tokyo?",
    "Is there a ferry to Elba?",
    "How long does it take to get to Lima?",
    "When does the bus leave and how much does it cost?",
    "Will it rain in Lima tomorrow?",
    "Does Lima publish its budget?",
    "Who wrote the book that won the prize?",
    "What happened in the world today?",
    "How do I reset my password?",
    "Lima opening hours museum",
    "What is the default value of work_mem?",
    "Is it true that the bridge is closed?",
    "Which museums are free on Sundays?",
    "Why is the sky blue?",
    "Wie hoch ist die Zugspitze?",
    "Gibt es eine Fähre nach Elba?",
    "Regnet es morgen in Lima?",
    "Quelle heure est-il à Tokyo ?",
    "Combien coûte un billet pour Lima ?",
    "¿Cuál es la capital de Perú?",
    "¿Hay un autobús a Lima?",
    "¿Cuánto cuesta un billete a Lima?",
    "latest news about the harbour",
    "Can I bring my dog if it is small?",
]


LIKE_NAMES_AND_ACTIONS = [
    ("How do I install Docker on Debian?", "and Podman?", "How do I install Podman on Debian?"),
    ("How do I install Docker on Debian?", "and Fedora?", "How do I install Docker on Fedora?"),
    ("How do I install MySQL on Ubuntu?", "what about PostgreSQL?", "How do I install PostgreSQL on Ubuntu?"),
    ("How do I compile Rust on Windows?", "and Go?", "How do I compile Go on Windows?"),
    ("What is the fare from Oslo to Bergen?", "and Trondheim?", "What is the fare from Oslo to Trondheim?"),
    ("Does Heron run on Linux?", "and macOS?", "Does Heron run on macOS?"),
    ("Can Chrome run on Android?", "and iOS?", "Can Chrome run on iOS?"),
    ("Who is the captain of the Skarv?", "and the Havsule?", "Who is the captain of the Havsule?"),
    ("How do I connect the Lyra to Windows?", "and the Vega?", "How do I connect the Vega to Windows?"),
    ("How do I reset the router?", "how long does it take?", "How long does it take to reset the router?"),
    ("How can I charge the battery?", "how long does that take?", "How long does it take to charge the battery?"),
    ("How do I prune old archives?", "is it dangerous?", "Is it dangerous to prune old archives?"),
    ("When does the ferry leave?", "how long does it take?", "How long does the ferry take?"),
]
"""What is like the new name is replaced by it, and "it" is what was to be done."""


@pytest.mark.parametrize(
    ("last", "question", "whole"),
    [
        *DAYS,
        *PLACES,
        *NAMES_AND_THINGS,
        *LIKE_NAMES_AND_ACTIONS,
        *ATTRIBUTES,
        *PRONOUNS,
        *OTHERWISE,
        *WEATHER,
        *ITALIAN_PORTUGUESE_AND_DUTCH,
    ],
)
def test_a_follow_up_is_completed_from_the_question_before(last: str, question: str, whole: str) -> None:
    assert standalone(Question(question, now=NOW), [Turn(last)]) == Question(whole, now=NOW)


@pytest.mark.parametrize("question", ALONE)
@pytest.mark.parametrize("last", ["What is the weather in Ghent?", "When does the ferry leave?", "Wer gründete Bosch?"])
def test_a_question_that_stands_alone_stays_as_it_is(last: str, question: str) -> None:
    assert standalone(Question(question, now=NOW), [Turn(last)]) == Question(question, now=NOW)


@pytest.mark.parametrize(("last", "answer", "question", "whole"), AFTER_AN_ANSWER)
def test_he_and_she_are_whom_the_answer_names(last: str, answer: str, question: str, whole: str) -> None:
    assert standalone(Question(question, now=NOW), [Turn(last, answer)]) == Question(whole, now=NOW)


def test_a_chain_of_follow_ups_goes_on_from_what_each_of_them_meant() -> None:
    turns = [Turn("What is the weather in Ghent today?"), Turn("and tomorrow?"), Turn("what about Basel?")]
    assert standalone(Question("and on Sunday?", now=NOW), turns).text == "What is the weather in Basel on Sunday?"


def test_without_a_question_before_a_follow_up_stays_as_it_is() -> None:
    question = Question("and tomorrow?", now=NOW)
    assert standalone(question, []) is question
    assert standalone(question, [Turn("")]) is question


@pytest.mark.parametrize(
    "text", ["it " * 90, "The " * 70, "?", "«" * 200, "and and and", "日本はどうですか", "x" * 5_000]
)
@pytest.mark.parametrize("last", ["What is it?", "(" * 200, "The the the of of", "x" * 5_000])
def test_what_is_no_question_makes_no_longer_one_than_both_together(text: str, last: str) -> None:
    made = standalone(Question(text, now=NOW), [Turn(last)]).text
    assert 0 < len(made) <= len(text) + len(last) + len(", and ?")
