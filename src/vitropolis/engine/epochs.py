"""Epochs: stretches of the horizon with unchanged rules, each with its own tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vitropolis.city import City
from vitropolis.model.findings import Comparer, Findings
from vitropolis.model.recording import Recording
from vitropolis.model.registers import Registrar
from vitropolis.model.reports import Expected, expected_reports
from vitropolis.model.rulebook import Rulebook, rulebook_for
from vitropolis.model.worlds import Plan


@dataclass(frozen=True, eq=False)
class Epoch:
    """One stretch: days first..end-1 and the tables in force."""

    first: int
    end: int
    book: Rulebook
    register: Recording
    expected: Expected
    findings: Findings | None  # None: no machine finds anything


def area_ids(city: City) -> list[str]:
    """The districts' ids as policies and assumptions write them."""
    return [name.lower().replace(" ", "_").replace("-", "_") for name in city.district_names]


def epochs_of(plan: Plan, city: City) -> list[Epoch]:
    """Compile every stretch of a run."""
    registrar, comparer = Registrar(plan, area_ids(city)), Comparer(plan, area_ids(city))
    sizes = [int(b - a) for a, b in zip(city.district_ends, city.district_ends[1:], strict=False)]
    found = []
    for place, first in enumerate(plan.epochs):
        end = plan.epochs[place + 1] if place + 1 < len(plan.epochs) else plan.days
        book = rulebook_for(plan, first)
        rules = book.table[0]
        invented, findings = expected_reports(registrar, sizes, rules, place), comparer.findings(sizes, rules)
        found.append(Epoch(first, end, book, registrar.register(rules, place), invented, findings))
    _common_floors(found)
    return found


def _common_floors(epochs: list[Epoch]) -> None:
    """Let every epoch's histograms begin at the lowest score of any."""
    tables = [epoch.book.table["lowest"] for epoch in epochs]
    for epoch in epochs:
        epoch.book.table["floor"] = np.minimum.reduce(tables)


def stretches(epochs: list[Epoch], first: int, end: int) -> list[tuple[Epoch, int, int]]:
    """The parts of days first..end-1 that lie in one epoch each."""
    parts = [(epoch, max(first, epoch.first), min(end, epoch.end)) for epoch in epochs]
    return [(epoch, low, high) for epoch, low, high in parts if low < high]
