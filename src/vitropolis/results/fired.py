"""What every element of a policy did: how often it fired, and how many residents it touched. Zeros are told too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.engine.checkpoint import Checkpoint
from vitropolis.engine.firmside import FirmTables
from vitropolis.engine.run import Tables
from vitropolis.engine.tallied import count_behaviours, count_bits
from vitropolis.model.counts import BAND_FIRED, FIRED, MEASURE_FIRED, SPILL_FIRED
from vitropolis.model.measures import classes_of, measures_of, spills_of
from vitropolis.model.rules import BANDS, BEHAVIOURS, CLASSES, WORLDS
from vitropolis.model.worlds import Plan, World

Fired = dict[str, dict[str, int | None]]
SAFEGUARDS = {
    "notice": ("learnt_notice",),
    "objection": ("objections",),
    "appeal": ("appeals_filed",),
    "correction": ("upheld_wrong", "upheld_right", "objections_upheld"),
}
BLOCK = 1 << 20  # residents that are read at once: mapping whole files would count as memory
COUNTED = tuple(item for items in SAFEGUARDS.values() for item in items)


def fired_in(
    tables: Tables | FirmTables, kept: Checkpoint, stays: NDArray[Any], flows: Mapping[str, Mapping[str, int]]
) -> dict[str, Fired]:
    """Return {world: {element: {times, residents}}} of a run that is over, from its last checkpoint.

    `stays`: rows with world, list and resident; `flows`: sums over the run by world and counted item (COUNTED).
    residents is None where nobody kept count of persons.
    """
    plan = tables.plan
    people = touched(tables, kept)
    fired = np.asarray(kept.array("city_fired")).reshape(len(plan.worlds), FIRED)
    arrived = np.asarray(kept.array("city_arrived")).reshape(plan.weeks, len(plan.worlds), -1).sum(axis=0)
    return {
        world.name: dict(_of_world(plan, number, stays, flows[world.name], people, fired[number], arrived[number]))
        for number, world in enumerate(plan.worlds)
        if world.policy.id != "none"
    }


def all_fired(
    tables: Tables,
    kept: Checkpoint,
    stays: NDArray[Any],
    firm_stays: NDArray[Any],
    flows: Mapping[str, Mapping[str, int]],
) -> dict[str, Fired]:
    """The same of residents and firms together; `firm_stays` are those of firms on their lists."""
    found = fired_in(tables, kept, stays, flows)
    if tables.firms is None:
        return found
    firms = fired_in(tables.firms, kept.firms, firm_stays, flows)
    return {world: found[world] | firms[world] for world in found}


def _of_world(
    plan: Plan,
    number: int,
    stays: NDArray[Any],
    flows: Mapping[str, int],
    people: dict[str, NDArray[np.int64]],
    fired: NDArray[np.int64],
    arrived: NDArray[np.int64],
) -> Iterator[tuple[str, dict[str, int | None]]]:
    world = plan.worlds[number]
    for place, name in enumerate(world.behaviours):
        mine = [kind for kind, each in enumerate(plan.kinds) if each.behaviours[number] == place]
        yield f"behaviours.{name}", _said(arrived[mine].sum(), people["behaviours"][number, place])
    yield from _bands(plan, number, people["bands"], fired)
    for place, name in enumerate(world.lists):
        rows = stays[(stays["world"] == number) & (stays["list"] == place)]
        yield f"lists.{name}", _said(len(rows), len(np.unique(rows["resident"])))
    names, classes = list(measures_of(world)), classes_of(world)
    for place, name in enumerate(names):
        one = next(each for each, found in enumerate(classes) if name in found.names)
        yield f"measures.{name}", _said(fired[MEASURE_FIRED + place], people["classes"][number, one])
    if world.subject == "firm":
        return
    for place, name in enumerate(spills_of(world)):
        yield f"spillover.{name}", _said(fired[SPILL_FIRED + place], None)
    yield from _safeguards(world, flows)


def _said(times: Any, residents: Any) -> dict[str, int | None]:
    return {"times": int(times), "residents": None if residents is None else int(residents)}


def _bands(
    plan: Plan, number: int, people: NDArray[np.int64], fired: NDArray[np.int64]
) -> Iterator[tuple[str, dict[str, int | None]]]:
    last = plan.date(plan.days - 1)
    first = sum(len(other.scores) for other in plan.worlds[:number])
    for place, (name, score) in enumerate(plan.worlds[number].scores.items()):
        for band, (label, _) in enumerate(reversed(score.bands_on(last))):
            yield (
                f"scores.{name}.bands.{label}",
                _said(fired[BAND_FIRED + place * BANDS + band], people[first + place, band]),
            )


def _safeguards(world: World, flows: Mapping[str, int]) -> Iterator[tuple[str, dict[str, int | None]]]:
    procedure = world.policy.procedure
    for part, items in SAFEGUARDS.items():
        if procedure is not None and getattr(procedure, part) is not None:
            times = sum(flows[item] for item in items)
            yield f"procedure.{part}", _said(times, times if part == "notice" else None)


def touched(tables: Tables | FirmTables, kept: Checkpoint) -> dict[str, NDArray[np.int64]]:
    """Residents whom behaviours ([world, behaviour]), bands ([ledger, band]) and classes ([world, class]) touched."""
    worlds, ledgers = len(tables.plan.worlds), tables.ledgers
    found = {
        "behaviours": np.zeros((WORLDS, BEHAVIOURS), np.int64),
        "bands": np.zeros((max(1, ledgers), BANDS), np.int64),
        "classes": np.zeros((worlds, CLASSES), np.int64),
    }
    behaviour = np.ascontiguousarray(tables.epochs[-1].book.table["behaviour"][0].astype(np.int64))
    words = 0
    for first in range(0, tables.city.n, BLOCK):
        held = kept.block("held", first, BLOCK)
        files = kept.block("files", words, int(held.sum()))
        count_behaviours(held, files, behaviour, found["behaviours"])
        words += len(files)
        for ledger in range(ledgers):
            count_bits(kept.block(f"visited_{ledger}", first, BLOCK), found["bands"][ledger])
        for world in range(worlds):
            count_bits(kept.block(f"touched_{world}", first, BLOCK), found["classes"][world])
    return found
