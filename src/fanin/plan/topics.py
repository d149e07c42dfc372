"""Which topics a question fits, by the stems of its words and a few sets of words that belong together (pure)."""

from collections.abc import Iterable, Sequence

from fanin.text.bounded_cache import cache_texts
from fanin.text.words import stem, words

# The first words of each set name the topic; all words of the set belong to it. A word may belong to several.
_SETS = (
    (
        "weather forecast climate",
        """rain raining rainy snow snowing sun sunny wind windy storm stormy thunder hail fog foggy frost cloud cloudy
        temperature degrees celsius fahrenheit humid humidity hot cold warm freezing umbrella coat jacket heatwave
        hurricane tornado drizzle shower sunrise sunset uv
        wetter regen météo pluie clima lluvia pogoda""",
    ),
    (
        "news headlines",
        """happening happened happen breaking latest announced announcement press journalist newspaper reported
        reporting headline events crisis war ceasefire attack protest strike riot accident crash earthquake flood
        wildfire explosion rescue victims killed died arrested police court trial verdict sentenced resigned resigns
        scandal sanctions summit deal treaty hostage evacuation outbreak election""",
    ),
    (
        "politics government",
        """election vote voting parliament congress senate minister president chancellor law policy party coalition
        referendum campaign""",
    ),
    (
        "sports",
        """sport football soccer tennis basketball cricket rugby hockey golf match score league team player won
        championship olympics medal tournament goal coach marathon""",
    ),
    (
        "finance business economy markets",
        """stock stocks share shares price market markets bond dollar euro currency inflation bank interest earnings
        profit revenue trade economic company companies investment investor tax""",
    ),
    (
        "science research",
        """study studies scientist physics chemistry biology astronomy experiment theory discovery space planet
        researcher paper species genome""",
    ),
    (
        "technology computing",
        """computer software hardware internet phone smartphone app ai robot chip programming cyber encryption""",
    ),
    (
        "programming code software development",
        """python javascript rust java function library compiler bug exception traceback api git async module package
        error debug algorithm programmer developer""",
    ),
    (
        "health medicine",
        """doctor disease illness symptom symptoms medical drug vaccine virus infection hospital patient treatment
        therapy cancer diet""",
    ),
    (
        "travel transport",
        """flight flights train trains ferry bus airport hotel trip journey station railway timetable delay visa tourist
        luggage""",
    ),
    ("food cooking", "recipe cook bake baking ingredient restaurant meal dinner lunch breakfast cuisine dish eat"),
    ("culture entertainment", "film films movie music song album book novel actor theatre museum concert series"),
)


def fitting(question: str, topics: Iterable[str]) -> tuple[str, ...]:
    """The topics that the question fits, in their order.

    A topic fits when the question has all of its words in any form ("machine learning"), or one word of the set that
    belongs to a well-known topic: "Will it rain?" fits "weather". Only English is known beyond the topic's own words.
    """
    stems = frozenset(_stems(question[:4_000]))
    return tuple(topic for topic in topics if _fits(stems, topic))


def _fits(stems: frozenset[str], topic: str) -> bool:
    own = _stems(topic)
    return bool(own) and (stems.issuperset(own) or any(not stems.isdisjoint(_related(each)) for each in own))


@cache_texts(entries=256, characters=10_000)
def _related(name: str) -> frozenset[str]:
    """The stems of the sets that are called so."""
    called = [(names, others) for names, others in _SETS if name in _stems(names)]
    return frozenset(found for pair in called for part in pair for found in _stems(part))


@cache_texts(entries=512, characters=50_000)
def _stems(text: str) -> Sequence[str]:
    return tuple(found for word in words(text) if (found := stem(word)))
