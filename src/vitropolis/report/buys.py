"""Question 8: what it buys if deterrence works as assumed: harm that did not happen, beside harm no longer recorded."""

from __future__ import annotations

from collections.abc import Callable

from vitropolis.policy import CONDUCT, PERSON_WORDS
from vitropolis.report.question import NO_TWIN, Found, Question, ratio
from vitropolis.report.totals import Totals

HARMFUL = tuple(place for place, word in enumerate(PERSON_WORDS) if CONDUCT[word].gravity >= 2)
DETERRED_BY = ("behaviours", "lists")  # of behaviours those that count such acts (`rules`)
METHODS = {
    "avoided": "Acts that harm others (gravity 2 and more by the catalogue; never opinion, petition or loyalty) in the "
    "twin less those in this world, recorded or not, over the run. It exists only as far as deterrence works as "
    "assumed; the range includes that it does not.",
    "no_longer_recorded": "Records of such acts that arrived, right or wrong, in the twin less those in this world. "
    "What departments write down is what an authority sees; it is not what happened.",
    "avoided_per_wrong": "Harmful acts avoided divided by the people wrongly hit.",
}


def harmful_avoided(totals: Totals, world: int) -> Found:
    """Harmful acts avoided against the twin, per 1,000 residents."""
    return _less_than_twin(totals, world, acts_of_harm)


def harm_unrecorded(totals: Totals, world: int) -> Found:
    """Records of harmful acts less than in the twin, per 1,000 residents."""
    return _less_than_twin(totals, world, records_of_harm)


def avoided_per_wrong(totals: Totals, world: int) -> Found:
    """Harmful acts avoided for each person wrongly hit."""
    if totals.twin is None:
        return Found(None, status=NO_TWIN)
    avoided = acts_of_harm(totals, totals.twin) - acts_of_harm(totals, world)
    return ratio(avoided, totals.stock("ever_wrongly", world))


def acts_of_harm(totals: Totals, world: int) -> int:
    """Harmful acts that happened in a world, recorded or not."""
    return totals.flow("acts_harmful", world)


def records_of_harm(totals: Totals, world: int) -> int:
    """Records of harmful acts that arrived in a world, right or wrong."""
    return int(totals.by_word("records_by_word", world)[list(HARMFUL)].sum())


def _less_than_twin(totals: Totals, world: int, of: Callable[[Totals, int], int]) -> Found:
    if totals.twin is None:
        return Found(None, status=NO_TWIN)
    return ratio(of(totals, totals.twin) - of(totals, world), totals.residents, 1000)


BUYS = (
    Question("harmful_acts_avoided", "Harmful acts avoided, if deterrence works as assumed", "per 1,000 residents",
             "avoided", harmful_avoided, ("acts_harmful",), DETERRED_BY, beside_twin=False),
    Question("harmful_records_fewer", "Records of harmful acts that are missing beside the twin",
             "per 1,000 residents", "no_longer_recorded", harm_unrecorded, ("records_by_word",),
             DETERRED_BY, beside_twin=False),
    Question("harmful_acts_avoided_per_wrongly_hit", "Harmful acts avoided for each person wrongly hit",
             "acts per person", "avoided_per_wrong", avoided_per_wrong, ("acts_harmful", "ever_wrongly"),
             DETERRED_BY, beside_twin=False),
)  # fmt: skip
