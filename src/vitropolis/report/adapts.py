"""How people adapt, and what clerks and publicity do: deeds that earn points, leaving, trust, cases dropped."""

from __future__ import annotations

from functools import partial

from vitropolis.base.fixed import ONE16
from vitropolis.model.trust import level_after
from vitropolis.policy import CONDUCT, PERSON_WORDS
from vitropolis.report.question import NO_TWIN, NOT_COUNTED, Found, Question, of_enrolled, ratio
from vitropolis.report.totals import Totals

METHODS = {
    "good_deeds": "Good deeds that happened, recorded or not, divided by those in the twin, less 1. Apart: deeds that "
    "some behaviour of the policy gives points for at some time, and all others.",
    "left_city": "People hit on their own account who have left the city by the last day. They do nothing and need "
    "nothing here any more; what is held of them stays.",
    "trust": "The level of trust after the last week, of 1 at the start: lost by people newly wrongly hit and by "
    "refusals, regained by a share of what is missing each week.",
    "score_and_trait": "Spearman's rank correlation, over the enrolled on the last day, of the first score and the "
    "conduct trait, which multiplies everything that somebody does. Near 0 the score says nothing of who acts more.",
    "dropped": "Cases in which a trigger fired and a person who looked at it dropped it: no listing began. Of these, "
    "cases that would not have come to it without wrong records.",
    "mistaken": "Requests refused to people who are not on a published list but bear the name of somebody who is.",
}
SCORED_BY = ("behaviours",)


def scored_words(totals: Totals, world: int) -> frozenset[int]:
    """Places of the good deeds that a world's policy gives points for at some time."""
    items = totals.plan.worlds[world].behaviours.values()
    earning = [item for item in items if any(points > 0 for value in item.points.values() for points in value.all)]
    named = {word for item in earning for word in item.conduct}
    return frozenset(place for place in _good() if PERSON_WORDS[place] in named)


def _good() -> list[int]:
    return [place for place, name in enumerate(PERSON_WORDS) if CONDUCT[name].kind == "virtue"]


def deeds_change(totals: Totals, world: int, scored: bool) -> Found:
    """How many more good deeds happened than in the twin, as a share of these; scored ones or the others."""
    if totals.twin is None:
        return Found(None, status=NO_TWIN)
    earning = scored_words(totals, world)
    places = [place for place in _good() if (place in earning) == scored]
    mine, without = (int(totals.by_word("acts_by_word", each)[places].sum()) for each in (world, totals.twin))
    return ratio(mine - without, without)


def left(totals: Totals, world: int) -> Found:
    """People who left the city, per 1,000 enrolled on the last day."""
    return of_enrolled(totals.stock("left_city", world), totals.stock("enrolled", world))


def trust(totals: Totals, world: int) -> Found:
    """The level of trust after the last week."""
    held = totals.plan.worlds[world].assumptions.adaptation.trust
    wronged, refused = (totals.held(name).series for name in ("ever_wrongly", "refusals"))
    if wronged is None or refused is None:
        return Found(None, status=NOT_COUNTED)
    level, before = ONE16, 0
    for stock, refusals in zip(wronged[world].tolist(), refused[world].tolist(), strict=True):
        level, before = level_after(held, totals.residents, level, stock - before, refusals), stock
    return Found(level / ONE16)


def gap(totals: Totals, world: int) -> Found:
    """Rank correlation of the first score and the conduct trait."""
    found = list(totals.gaps.get(totals.name(world), {}).values())
    return Found(found[0]) if found and found[0] is not None else Found(None, status=NOT_COUNTED)


def dropped(totals: Totals, world: int) -> Found:
    """Cases that clerks dropped, per 1,000 enrolled."""
    return of_enrolled(totals.flows(("dropped_wrong", "dropped_right"), world), totals.stock("enrolled", world))


def dropped_wrong(totals: Totals, world: int) -> Found:
    """Of the cases that clerks dropped, those that rested on wrong records."""
    return ratio(totals.flow("dropped_wrong", world), totals.flows(("dropped_wrong", "dropped_right"), world))


def mistaken(totals: Totals, world: int) -> Found:
    """Requests refused to namesakes of people on published lists, per 1,000 enrolled."""
    return of_enrolled(totals.flow("mistaken_refusals", world), totals.stock("enrolled", world))


ADAPTS = (
    Question("scored_deeds_change", "Good deeds that earn points: more than without the policy", "share",
             "good_deeds", partial(deeds_change, scored=True), ("acts_by_word",), SCORED_BY, beside_twin=False),
    Question("unscored_deeds_change", "Good deeds that earn nothing: more than without the policy", "share",
             "good_deeds", partial(deeds_change, scored=False), ("acts_by_word",), SCORED_BY, beside_twin=False),
    Question("score_and_trait", "Rank correlation of score and conduct, last day", "correlation",
             "score_and_trait", gap, (), SCORED_BY, beside_twin=False),
    Question("left_city_per_1000", "People hit on their own account who left the city", "per 1,000 enrolled",
             "left_city", left, ("left_city", "enrolled"), beside_twin=False),
    Question("trust_left", "Trust left after the last week", "share", "trust", trust,
             ("ever_wrongly", "refusals"), beside_twin=False),
)  # fmt: skip
CLERKS = (
    Question("dropped_per_1000", "Cases dropped by a person who looked at them", "per 1,000 enrolled", "dropped",
             dropped, ("dropped_wrong", "dropped_right", "enrolled"), ("lists",), beside_twin=False),
    Question("dropped_wrong", "Of the cases dropped: they rested on wrong records", "share", "dropped",
             dropped_wrong, ("dropped_wrong", "dropped_right"), ("lists",), beside_twin=False),
    Question("mistaken_refusals_per_1000", "Requests refused to namesakes of people on published lists",
             "per 1,000 enrolled", "mistaken", mistaken, ("mistaken_refusals", "enrolled"), ("lists",),
             beside_twin=False),
)  # fmt: skip
