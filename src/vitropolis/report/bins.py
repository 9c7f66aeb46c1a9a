"""Question 3: of those hit, the three bins under both definitions of deserving; those hit through others apart."""

from __future__ import annotations

from vitropolis.report.question import Found, Question, ratio
from vitropolis.report.totals import Totals
from vitropolis.results.lists import BINS

DEFINED = ("first", "second")
PARTS = ("wrong_fact", "protected", "breach")
METHODS = {
    "bins": "People hit on their own account stand in one bin: wrong fact, if they were ever hit only because of wrong "
    "records; else lawful, protected or unable to pay, if they were ever hit only because of records of what law or "
    "rights protect, or of debts that they cannot pay; else breach as recorded. What counts as deserving is a "
    "named definition of the assumptions, so two are shown; under one that asks for more gravity, lighter breaches "
    "stand in the middle bin. No bin says that anybody was hit justly.",
    "through_others": "People hit through others in their household and never on their own account, of all people hit.",
}


def own_hits(totals: Totals, world: int) -> int:
    """People ever hit on their own account (a person stands in one bin)."""
    return sum(totals.stock(f"ever_first_{part}", world) for part in PARTS)


def _bin(defined: str, part: str) -> Question:
    def count(totals: Totals, world: int) -> Found:
        return ratio(totals.stock(f"ever_{defined}_{part}", world), own_hits(totals, world))

    title = f"Of those hit on their own account: {BINS[PARTS.index(part)]} (by `{{{defined}}}`)"
    needs = (*(f"ever_first_{each}" for each in PARTS), f"ever_{defined}_{part}")
    return Question(f"share_{part}_{defined}", title, "share", "bins", count, needs)


def through_others(totals: Totals, world: int) -> Found:
    """The share of people hit who were hit through others only."""
    return ratio(totals.stock("ever_through", world), totals.stock("ever_hit", world))


BIN_SHARES = (
    *(_bin(defined, part) for defined in DEFINED for part in PARTS),
    Question("share_through_others", "Of all those hit: only through others in their household", "share",
             "through_others", through_others, ("ever_through", "ever_hit"), ("spillover",)),
)  # fmt: skip
