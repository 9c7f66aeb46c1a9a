"""State-dependent supervision: Harrington (1988), thresholds exactly and shares as firms play them.

Source: J. Public Economics 37:29-53, in the standard form of `vitropolis.model.compliance`. A firm that breaks rules in
group 1 is inspected with chance p1 a week, fined F1 and in group 2 from then on; in group 2 (p2, F2) one that complies
goes back with chance p2 u. Firms with c1 < c < c2 break rules in group 1 and comply in group 2, so that

    share in group 2 = p1 / (p1 + p2 u), leverage c2 / (p2 F2).

With errors of inspection (fp: one that complies is found, fn: one that does not passes) and chances v1, v2 to break a
rule in the two groups: a = p1 (v1 (1 - fn) + (1 - v1) fp), b = p2 u (v2 fn + (1 - v2)(1 - fp)), share a / (a + b).

**How.** Group 2 is a band: a record costs a point and waits for a settlement, whoever has less than all points is
inspected p2 / p1 times as often, and who is released gets rid of the record. Everything runs through the firms' own
week and the looks of the city. The share is the mean over the last weeks of those supervised as group 2.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import NDArray

from vitropolis.city import City
from vitropolis.engine.firmside import FirmSide
from vitropolis.engine.run import Tables
from vitropolis.model.assumptions import Assumptions
from vitropolis.model.compliance import thresholds, thresholds_of
from vitropolis.model.firms import TARGETED
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import FIRM_WORDS, Policy
from vitropolis.verification.quiet import START, Plain, assumed, city_of, policy, put, quiet
from vitropolis.verification.table import Case, say, show

N, FEW, WEEKS, LAST, SEED = 1_000_000, 100_000, 120, 20, 1


@dataclass(frozen=True)
class Row:
    """One row of the published law: fines, inspections, release, discount; what it prints of c2 and of the share."""

    fines: tuple[str, str]
    visits: tuple[str, str]
    release: str
    discount: str
    second: str
    share: str
    acts: tuple[str, str] = ("1", "0")  # v1, v2
    errors: tuple[str, str] = ("0", "0")  # fp, fn

    def exact(self) -> tuple[Fraction, Fraction, Fraction]:
        """c1 and c2 by the firms' own code, and the share by the formulas above."""
        p1, p2, u, fp, fn, v1, v2 = map(Fraction, (*self.visits, self.release, *self.errors, *self.acts))
        fines = Fraction(self.fines[0]), Fraction(self.fines[1])
        found = thresholds((p1, p2), fines, p2 * u, Fraction(self.discount))
        a = p1 * (v1 * (1 - fn) + (1 - v1) * fp)
        b = p2 * u * (v2 * fn + (1 - v2) * (1 - fp))
        return found.first, found.second, a / (a + b)


COVERED: Plain = {
    "natural_persons": True,
    "legal_entities": True,
    "enrolment": {"mode": "mandatory", "ramp": {date(2018, 1, 1): 1.0}},
}
ROWS = (
    Row(("0", "1"), (".1", ".3"), ".5", ".95", "0.59482759", "0.400000"),
    Row(("1", "1"), (".1", ".3"), ".5", ".95", "0.49655172", "0.400000"),
    Row((".2", "1"), (".02", ".5"), ".25", ".99", "2.55973154", "0.137931"),
    Row(("0", "1"), (".05", ".2"), "1", ".9", "0.44827586", "0.200000"),
    Row((".5", "1"), (".05", ".2"), ".1", ".98", "0.24971014", "0.714286"),
)
ERRORS = (
    Row(("0", "1"), (".1", ".3"), ".5", ".95", "", "0.03389831", ("0", "0"), (".05", "0")),
    Row(("0", "1"), (".05", ".2"), "1", ".9", "", "0.07372793", (".3", ".1"), (".02", ".1")),
    Row(("0", "1"), (".02", ".5"), ".25", ".99", "", "0.02750210", (".2", ".05"), (".01", ".2")),
)


def exact_cases() -> Iterator[Case]:
    """Thresholds and shares by arithmetic alone, to the last printed figure."""
    for number, row in enumerate(ROWS, 1):
        _, second, share = row.exact()
        yield Case(f"row {number}: c2", row.second, float(row.second), float(second), 2e-9)
        yield Case(f"row {number}: share in group 2", row.share, float(row.share), float(share), 2e-7)
    for number, row in enumerate(ERRORS, 1):
        yield Case(f"errors {number}: share in group 2", row.share, float(row.share), float(row.exact()[2]), 2e-9)


def supervised(row: Row) -> Policy:
    """Two groups by a band, the second inspected p2 / p1 times as often."""
    breaches = [word for word in FIRM_WORDS if word != "firm_clean_year"]
    p1, p2 = map(Fraction, row.visits)
    office = {"department": "office", "context": "market_regulation", "provenance": "final_decision"}
    return policy(
        (),
        feeds={"register": {**office, "linkage_key": "firm_id", "about": "firm"}},
        population=COVERED,
        behaviours={"breach": _behaviour(breaches)},
        scores={
            "standing": {
                "subject": "firm",
                "start": 100,
                "range": [0, 100],
                "bands": {"good": {"lower": 100}, "target": {"lower": 0}},
            }
        },
        measures={
            "again": {
                "trigger": {"kind": "band", "score": "standing", "bands": ["target"]},
                "action": {"kind": "inspect", "times_usual": float(p2 / p1)},
                "service": "firm_inspection",
            }
        },
    )


def _behaviour(words: Sequence[str]) -> Plain:
    life = {"kind": "until_settled", "then_days": 0}
    said: Plain = {"feed": "register", "conduct": list(words), "kind": "unlawful_act", "gravity": 3, "life": life}
    return said | {"points": {"standing": -1}}


def firms_as(row: Row) -> Assumptions:
    """Firms all alike, with a cost between the thresholds (none at all where nobody breaks a rule)."""
    data = quiet({})
    firms, wide = data["firms"], (0.0, 1.0)
    compliance, inspections = firms["compliance"], firms["inspections"]
    for item, said in (
        (firms["acts_violating"], row.acts[0]),
        (firms["acts_complying"], row.acts[1]),
        (inspections["weekly"], row.visits[0]),
        (inspections["release"], row.release),
        (inspections["found_wrongly"], row.errors[0]),
        (inspections["passes"], row.errors[1]),
    ):
        put(item, float(said), *wide)
    put(compliance["discount"], float(row.discount), 0.0, 0.999)
    put(compliance["fine"], float(row.fines[0]), 0.0, 10.0)
    put(compliance["fine_again"], float(row.fines[1]), 0.0, 10.0)
    put(compliance["ban"], 0.0, 0.0, 10.0)
    put(compliance["cost_median"], 0.0, 0.0, 10.0)
    made = assumed(data)
    p1, p2 = map(Fraction, row.visits)
    found = thresholds_of(made.firms, p2 / p1, 0)
    between = float((found.first + found.second) / 2) if row.acts[0] != "0" else 0.0
    return made.with_values({"firms.compliance.cost_median": between})


@cache
def firms_city(firms: int) -> City:
    """Any number of firms of one employee, beside a small city."""
    ones = np.ones(firms, np.int32)
    return replace(
        city_of(1000), firm_size=ones, firm_district=ones.astype(np.uint8) * 0, firm_sector=ones.astype(np.uint8)
    )


def played(rows: Sequence[Row], firms: int, seed: int = SEED, weeks: int = WEEKS) -> NDArray[np.float64]:
    """Share of firms supervised as group 2, [row, week], all rows as worlds of one run (at most four)."""
    worlds = tuple(World(f"row {place}", supervised(row), firms_as(row)) for place, row in enumerate(rows))
    plan, city = Plan(worlds, START, 7 * weeks, seed), firms_city(firms)
    tables = Tables(plan, city).firms
    assert tables is not None
    side = FirmSide(tables)
    shares = [side.play_week().tally[:, :, TARGETED].sum(axis=1) / firms for _ in range(weeks)]
    return np.array(shares).T


def played_cases(firms: int, seed: int = SEED) -> Iterator[Case]:
    """Shares as they come out of play; a firm's weeks depend on one another, so the sd is that of a single week."""
    names = [*(f"row {n}" for n in range(1, 6)), *(f"errors {n}" for n in range(1, 4))]
    everything = [*ROWS, *ERRORS]
    for first in range(0, len(everything), 4):
        rows = everything[first : first + 4]
        for name, row, shares in zip(names[first : first + 4], rows, played(rows, firms, seed), strict=True):
            share = float(row.exact()[2])
            sd = (share * (1 - share) / firms) ** 0.5
            yield Case(f"{name}: played", row.share, share, float(shares[-LAST:].mean()), sd)


def known(full: bool) -> Iterator[Case]:
    """All cases; full: a million firms."""
    yield from exact_cases()
    yield from played_cases(N if full else FEW)


def main(firms: int = N) -> bool:
    """Print both tables."""
    say(f"(a city of {firms:,} firms, {WEEKS} weeks)")
    held = show("State-dependent supervision, by arithmetic", list(exact_cases()))
    return show("State-dependent supervision, as firms play it", list(played_cases(firms))) and held


if __name__ == "__main__":
    sys.exit(not main(int(sys.argv[1].replace(",", "")) if sys.argv[1:] else N))
