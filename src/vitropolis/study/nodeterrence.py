"""What the policy buys if deterrence does not work at all, beside what it buys if it works as assumed."""

from __future__ import annotations

from typing import Any

from vitropolis.report import found
from vitropolis.report.buys import acts_of_harm
from vitropolis.report.totals import Totals
from vitropolis.results.progress import Tell, silent
from vitropolis.study.changed import reaching, widened, with_values
from vitropolis.study.ground import Ground
from vitropolis.study.passes import Teller, passes_for, played
from vitropolis.study.store import Store

NAME = "nodeterrence"
METHOD = (
    "Every strength of deterrence at 0, in the world and in its twin: being recorded, scored or listed then changes "
    "nobody's conduct. What is left of a difference comes from norms. Harmful acts are those of gravity 2 and more, "
    "recorded or not."
)


def strengths(ground: Ground) -> dict[str, float]:
    """Every strength of deterrence, at 0."""
    return {f"families.{family}.deterrence": 0.0 for family in ground.assumptions.families}


def harm(totals: Totals) -> dict[str, Any]:
    """Harmful acts in each world with a policy and in the twin (None: not played)."""
    twin = None if totals.twin is None else acts_of_harm(totals, totals.twin)
    return {
        totals.name(world): {
            "harmful_acts": acts_of_harm(totals, world),
            "twin_harmful_acts": twin,
            "avoided_per_1000": found(totals, world, "harmful_acts_avoided").value,
        }
        for world in totals.played
    }


def nodeterrence(ground: Ground, store: Store, tell: Tell = silent, teller: Teller | None = None) -> dict[str, Any]:
    """Play it into `nodeterrence.json`, or read it if it is there; return what it says."""
    kept = store.read(NAME)
    if kept is not None:
        return kept
    mine = teller or Teller(tell, passes_for(ground, 2))
    began, none = mine.now(), strengths(ground)
    whole = widened(ground.assumptions, reaching(none))
    written, without = played(ground, store, NAME, [whole, with_values(whole, none)], harm, mine)
    worlds = {
        name: {**without[name], "value_as_written": written[name]["avoided_per_1000"], "as_written": written[name]}
        for name in ground.judged
    }
    content = {"method": METHOD, "worlds": worlds, "residents": store.size, "seconds": mine.since(began)}
    return store.write(NAME, content)
