"""What is counted every week, kept in one growing file until the run is over; and the heads counted so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.city.cells import groups
from vitropolis.engine.between import TRUTHS, WeekTotals
from vitropolis.engine.firmside import FirmWeek
from vitropolis.engine.rivals import BY_GROUP, FLOWS
from vitropolis.model.counts import ITEMS
from vitropolis.model.measures import measures_of
from vitropolis.model.rivals import queued
from vitropolis.model.rules import DISTRICTS, MEASURES, PERSON_SERVICES, WORDS
from vitropolis.model.speech import NUMBERS
from vitropolis.model.worlds import Plan
from vitropolis.results.firms import items_of, row_of

# by day too: what a newcomer asks for first
DAILY = (
    "enrolled", "acts_minor", "acts_harmful", "acts_protected", "acts_good", "detected", "right_person", "wrong_person",
    "lost", "records_right", "records_misattributed", "records_wrong", "records_duplicate", "records_stale",
    "records_invented", "records_quota", "on_black_list", "black_first_wrong_fact", "black_first_protected",
    "black_first_breach", "hit_now", "wrong_now", "through_now", "requests", "refusals", "appeals_filed",
)  # fmt: skip
ACTS = ("acts_minor", "acts_harmful", "acts_protected", "acts_good")
WRONG = tuple(f"records_{truth}" for truth in ("misattributed", "wrong", "duplicate", "stale", "invented", "quota"))
HEADS: Mapping[str, tuple[str, ...]] = {
    "enrolled": ("enrolled",),
    "acts": ACTS,
    "records": ("records_right", *WRONG),
    "wrong_records": WRONG,
    "listings": tuple(f"in_{entry}" for entry in range(8)),
    "on_black_list": ("on_black_list",),
}


def used_items(plan: Plan) -> tuple[str, ...]:
    """The counted items that can be other than 0 in some world of a plan, in the order of `model.counts`."""
    lists = max(len(world.lists) for world in plan.worlds)
    scores = [list(world.scores.values()) for world in plan.worlds]

    def possible(name: str) -> bool:
        part = name.split("_")
        if part[0] in ("listed", "in"):
            return int(part[1]) < lists
        if part[0] == "score" and part[2] == "band":
            return any(len(held) > int(part[1]) and int(part[3]) < len(held[int(part[1])].bands) for held in scores)
        return part[0] != "score" or any(len(held) > int(part[1]) for held in scores)

    return tuple(name for name in ITEMS if possible(name))


def used_services(plan: Plan) -> tuple[str, ...]:
    """The services on which a measure of persons bears in some world, in the order of `PERSON_SERVICES`."""
    named = {item.service for world in plan.worlds for item in measures_of(world).values()}
    return tuple(name for name in PERSON_SERVICES if name in named)


@dataclass(frozen=True)
class Layout:
    """The arrays of one week, one after the other in the file, all int32: name -> shape."""

    items: tuple[str, ...]
    shapes: Mapping[str, tuple[int, ...]]

    @property
    def size(self) -> int:
        """Numbers in one week."""
        return sum(int(np.prod(shape)) for shape in self.shapes.values())

    def split(self, weeks: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Cut a file's numbers into arrays [week, ...], without copying."""
        table, start, found = weeks.reshape(-1, self.size), 0, {}
        for name, shape in self.shapes.items():
            end = start + int(np.prod(shape))
            found[name] = table[:, start:end].reshape(len(table), *shape)
            start = end
        return found


def layout_of(plan: Plan) -> Layout:
    """The layout of a plan's weeks."""
    worlds, items, labels = len(plan.worlds), used_items(plan), groups()[0]
    shapes = {
        "groups": (worlds, DISTRICTS, len(items), len(labels)),
        "days": (worlds, DISTRICTS, len(DAILY), 7),
        "acts": (worlds, DISTRICTS, WORDS),
        "records": (worlds, DISTRICTS, WORDS, TRUTHS),
        "doors": (worlds, len(used_services(plan)), 5, len(labels)),
        "door_districts": (worlds, len(used_services(plan)), 5, DISTRICTS),
        "queue": (worlds, DISTRICTS, 5, 7),
        "rivals": (worlds, len(queued(plan)), len(FLOWS), DISTRICTS),
        "rival_groups": (worlds, len(queued(plan)), len(BY_GROUP), len(labels)),
        "rival_measures": (worlds if queued(plan) else 0, MEASURES, 2),
        "speech": (worlds, len(NUMBERS)),
    }
    if (about := plan.of_firms()) is not None:
        shapes["firms"] = (worlds, DISTRICTS, len(items_of(about)))
    return Layout(items, shapes)


def week_row(plan: Plan, layout: Layout, totals: WeekTotals, firms: FirmWeek | None = None) -> NDArray[np.int32]:
    """One week's totals as a row of numbers in the layout's order. OverflowError rather than a wrong number."""
    chosen, daily = [ITEMS[name] for name in layout.items], [ITEMS[name] for name in DAILY]
    acts, records = totals.acts.sum(axis=-1), by_word(plan, totals.records)
    services = [PERSON_SERVICES.index(name) for name in used_services(plan)]
    parts = {"groups": totals.groups[:, :, chosen], "days": totals.days[:, :, daily], "acts": acts, "records": records}
    parts |= {"doors": totals.doors[:, services], "door_districts": totals.door_districts[:, services]}
    parts |= {"queue": totals.queue, "speech": totals.speech} | _of_queues(plan, totals)
    if (about := plan.of_firms()) is not None:
        nobody = np.zeros(layout.shapes["firms"], np.int64)
        parts |= {"firms": nobody if firms is None else row_of(about, firms)}
    assert {name: part.shape for name, part in parts.items()} == layout.shapes
    row = np.concatenate([parts[name].reshape(-1) for name in layout.shapes])
    if np.abs(row).max(initial=0) >= 1 << 31:
        raise OverflowError("a week's count passes 32 bits")
    return row.astype(np.int32)


def _of_queues(plan: Plan, totals: WeekTotals) -> dict[str, NDArray[np.int64]]:
    """What the week brought in the queues of rival services."""
    found = totals.rivals
    assert found is not None
    grouped = found.cells @ groups()[1].T.astype(np.int64)
    measures = found.measures if queued(plan) else found.measures[:0]
    return {"rivals": found.flows, "rival_groups": grouped, "rival_measures": measures}


def by_word(plan: Plan, records: NDArray[np.int64]) -> NDArray[np.int64]:
    """Records by kind [world, district, kind, truth] added up to words."""
    found = np.zeros((*records.shape[:2], WORDS, TRUTHS), np.int64)
    for place, kind in enumerate(plan.kinds):
        found[:, :, kind.word] += records[:, :, place]
    return found


def count_heads(before: Mapping[str, Mapping[str, int]], plan: Plan, totals: WeekTotals) -> dict[str, dict[str, int]]:
    """Add a week to the headline counts of every world: {world: {name: persons, acts or records since the start}}."""
    everybody = totals.groups[:, :, :, 0].sum(axis=1)
    return {
        world.name: {
            name: before.get(world.name, {}).get(name, 0) + sum(int(everybody[number, ITEMS[item]]) for item in items)
            for name, items in HEADS.items()
        }
        for number, world in enumerate(plan.worlds)
    }


def flows_in(plan: Plan, layout: Layout, weeks: NDArray[Any]) -> dict[str, dict[str, int]]:
    """Everything counted, added up over weeks and districts: {world: {item: sum}} (of a stock: its last number)."""
    total = layout.split(weeks)["groups"][:, :, :, :, 0].sum(axis=(0, 2), dtype=np.int64)
    return {
        world.name: {name: int(total[number, place]) for place, name in enumerate(layout.items)}
        for number, world in enumerate(plan.worlds)
    }
