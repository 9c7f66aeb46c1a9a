"""Question 9: firms by class, on lists, wrongly so; what is recorded of them beside what they did."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from vitropolis.report.question import NO_TWIN, Found, Question, ratio
from vitropolis.report.totals import Totals

LISTED_BY = ("lists",)
MADE_BY = ("behaviours", "scores", "lists", "measures")
RECORDS = tuple(
    f"firms_records_{truth}" for truth in ("right", "misattributed", "wrong", "duplicate", "stale", "invented", "quota")
)
METHODS = {
    "firms_listed": "Firms on a black list at the end of the last day, of all firms of the city.",
    "firms_wrongly": "Firms ever hit (by a black list or a punishing measure) that were so on at least one day only "
    "because of wrong records, of the firms ever hit. Firms have no procedure in this model: nothing is corrected.",
    "firms_recorded": "Breaches by firms that an inspection found or that became known otherwise, of those that "
    "happened. What is found is what was looked for; it is not what was done.",
    "firms_error": "Findings of a breach where there was none, of all findings of inspections.",
    "firms_acts": "Breaches by firms in the twin less those in this world, recorded or not, over the run. It exists "
    "only as far as firms weigh costs as assumed.",
    "firms_inspections": "Inspections of firms over the run; how many there are is decided by the policy.",
}


def firms_in(totals: Totals) -> int:
    """How many firms the city has."""
    return int(totals.held("firms").last.sum())


def over_run(totals: Totals, name: str, world: int) -> int:
    """A count of firms summed over the run and the districts."""
    return int(totals.held(f"firms_{name}").sums[world].sum())


def at_end(totals: Totals, name: str, world: int) -> int:
    """A count of firms at the end of the last week."""
    return int(totals.held(f"firms_{name}").last[world].sum())


def per_1000(totals: Totals, world: int, name: str) -> Found:
    """A stock of firms on the last day, per 1,000 firms."""
    return ratio(at_end(totals, name, world), firms_in(totals), 1000)


def wrongly(totals: Totals, world: int) -> Found:
    """The share of firms ever hit that were ever so by wrong records."""
    return ratio(at_end(totals, "ever_wrongly", world), at_end(totals, "ever_hit", world))


def recorded(totals: Totals, world: int) -> Found:
    """The share of breaches that became known."""
    known = over_run(totals, "found", world) + over_run(totals, "noticed", world)
    return ratio(known, over_run(totals, "firm_acts", world))


def mistaken(totals: Totals, world: int) -> Found:
    """The share of findings that are wrong."""
    wrong = over_run(totals, "found_wrongly", world)
    return ratio(wrong, wrong + over_run(totals, "found", world))


def avoided(totals: Totals, world: int) -> Found:
    """Breaches by firms less than in the twin, per 1,000 firms."""
    if totals.twin is None:
        return Found(None, status=NO_TWIN)
    less = over_run(totals, "firm_acts", totals.twin) - over_run(totals, "firm_acts", world)
    return ratio(less, firms_in(totals), 1000)


def inspections(totals: Totals, world: int) -> Found:
    """Inspections per 1,000 firms over the run."""
    return ratio(over_run(totals, "inspections", world), firms_in(totals), 1000)


FIRMS = (
    Question("firms_listed_per_1000", "Firms on a black list on the last day", "per 1,000 firms", "firms_listed",
             partial(per_1000, name="on_black_list"), ("firms_on_black_list",), LISTED_BY),
    Question("firms_wrongly_hit_share", "Of firms hit: wrongly on at least one day", "share", "firms_wrongly", wrongly,
             ("firms_ever_hit", "firms_ever_wrongly"), MADE_BY),
    Question("firms_breaches_known", "Of breaches by firms: found or noticed", "share", "firms_recorded", recorded,
             ("firms_firm_acts", "firms_found", "firms_noticed"), MADE_BY),
    Question("firms_found_wrongly_share", "Of what inspections find: no breach at all", "share", "firms_error",
             mistaken, ("firms_found", "firms_found_wrongly"), MADE_BY),
    Question("firms_inspections_per_1000", "Inspections over the run", "per 1,000 firms", "firms_inspections",
             inspections, ("firms_inspections",), ("measures", "campaigns")),
    Question("firms_breaches_avoided", "Breaches by firms avoided, if they weigh costs as assumed", "per 1,000 firms",
             "firms_acts", avoided, ("firms_firm_acts",), MADE_BY, beside_twin=False),
)  # fmt: skip


@dataclass(frozen=True)
class FirmRow:
    """Firms by band of one score at the end of the last day, best first."""

    world: str
    score: str
    bands: dict[str, int]


def firm_rows(totals: Totals) -> list[FirmRow]:
    """Every score of firms in every world with a policy."""
    about = totals.plan.of_firms()
    if about is None or not totals.has("firms_enrolled"):
        return []
    last, found = about.date(about.days - 1), []
    for world in totals.played:
        for place, (name, score) in enumerate(about.worlds[world].scores.items()):
            best = len(score.bands) - 1
            names = [band for band, _ in score.bands_on(last)]
            counts = [at_end(totals, f"score_{place}_band_{best - row}", world) for row in range(len(names))]
            found.append(FirmRow(totals.name(world), name, dict(zip(names, counts, strict=True))))
    return found
