"""What a question says about how to ask it: which sources fit, and which place, language and days it names (pure)."""

from fanin.plan.choice import choose
from fanin.plan.dates import Period, dates_in, wants_recent
from fanin.plan.languages import language_in
from fanin.plan.places import place_in
from fanin.plan.topics import fitting

__all__ = ["Period", "choose", "dates_in", "fitting", "language_in", "place_in", "wants_recent"]
