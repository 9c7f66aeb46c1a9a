"""What every element of a policy did: how often it fired, and how many residents it touched. Zeros are told too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.kernels import kernel
from vitropolis.engine.run import Simulation
from vitropolis.model.counts import BAND_FIRED, MEASURE_FIRED, SPILL_FIRED
from vitropolis.model.files import LINK, in_front, kind_of, worlds_of
from vitropolis.model.measures import classes_of, measures_of, spills_of
from vitropolis.model.rules import BANDS, BEHAVIOURS, CLASSES, WORLDS
from vitropolis.model.worlds import World

Fired = dict[str, dict[str, int | None]]


def fired_in(simulation: Simulation, stays: NDArray[Any], flows: Mapping[str, Mapping[str, int]]) -> dict[str, Fired]:
    """Return {world: {element: {times, residents}}} of a run that is over.

    `stays`: rows of `results.lists.STAY`; `flows`: sums over the run by world and counted item. residents is None
    where nobody kept count of persons.
    """
    people = touched(simulation)
    return {
        world.name: dict(_of_world(simulation, number, world, stays, flows[world.name], people))
        for number, world in enumerate(simulation.plan.worlds)
        if world.policy.id != "none"
    }


def _of_world(
    simulation: Simulation,
    number: int,
    world: World,
    stays: NDArray[Any],
    flows: Mapping[str, int],
    people: dict[str, NDArray[np.int64]],
) -> Iterator[tuple[str, dict[str, int | None]]]:
    state, kinds = simulation.state, simulation.plan.kinds
    arrived = state.arrived[:, number].sum(axis=0)
    for place, name in enumerate(world.behaviours):
        mine = [kind for kind, each in enumerate(kinds) if each.behaviours[number] == place]
        yield f"behaviours.{name}", _said(arrived[mine].sum(), people["behaviours"][number, place])
    yield from _bands(simulation, number, world, people["bands"])
    for place, name in enumerate(world.lists):
        rows = stays[(stays["world"] == number) & (stays["list"] == place)]
        yield f"lists.{name}", _said(len(rows), len(np.unique(rows["resident"])))
    names, classes = list(measures_of(world)), classes_of(world)
    for place, name in enumerate(names):
        one = next(each for each, found in enumerate(classes) if name in found.names)
        yield f"measures.{name}", _said(state.fired[number, MEASURE_FIRED + place], people["classes"][number, one])
    for place, name in enumerate(spills_of(world)):
        yield f"spillover.{name}", _said(state.fired[number, SPILL_FIRED + place], None)
    yield from _safeguards(world, flows)


def _said(times: Any, residents: Any) -> dict[str, int | None]:
    return {"times": int(times), "residents": None if residents is None else int(residents)}


def _bands(
    simulation: Simulation, number: int, world: World, people: NDArray[np.int64]
) -> Iterator[tuple[str, dict[str, int | None]]]:
    last = simulation.plan.date(simulation.plan.days - 1)
    first = sum(len(other.scores) for other in simulation.plan.worlds[:number])
    for place, (name, score) in enumerate(world.scores.items()):
        for band, (label, _) in enumerate(reversed(score.bands_on(last))):
            times = simulation.state.fired[number, BAND_FIRED + place * BANDS + band]
            yield f"scores.{name}.bands.{label}", _said(times, people[first + place, band])


def _safeguards(world: World, flows: Mapping[str, int]) -> Iterator[tuple[str, dict[str, int | None]]]:
    procedure = world.policy.procedure
    written = {
        "notice": ("learnt_notice",),
        "objection": ("objections",),
        "appeal": ("appeals_filed",),
        "correction": ("upheld_wrong", "upheld_right", "objections_upheld"),
    }
    for part, items in written.items():
        if procedure is not None and getattr(procedure, part) is not None:
            times = sum(flows[item] for item in items)
            yield f"procedure.{part}", _said(times, times if part == "notice" else None)


def touched(simulation: Simulation) -> dict[str, NDArray[np.int64]]:
    """Residents whom behaviours ([world, behaviour]), bands ([ledger, band]) and classes ([world, class]) touched."""
    worlds, ledgers = len(simulation.plan.worlds), max(1, simulation.tables.ledgers)
    found = {
        "behaviours": np.zeros((WORLDS, BEHAVIOURS), np.int64),
        "bands": np.zeros((ledgers, BANDS), np.int64),
        "classes": np.zeros((worlds, CLASSES), np.int64),
    }
    behaviour = simulation.tables.epochs[-1].book.table["behaviour"][0].astype(np.int64)
    for chunk in simulation.chunks:
        state = chunk.state
        count_behaviours(state.head, state.pool, np.ascontiguousarray(behaviour), found["behaviours"])
        count_bits(state.visited, found["bands"])
        count_bits(state.touched, found["classes"])
    return found


@kernel
def count_bits(rows: Any, found: Any) -> None:
    """Count the residents (second axis of `rows`) with each bit set, by the first axis."""
    for row in range(rows.shape[0]):
        for place in range(rows.shape[1]):
            bits, number = rows[row, place], 0
            while bits:
                if bits & 1:
                    found[row, number] += 1
                bits >>= 1
                number += 1


@kernel
def count_behaviours(head: Any, pool: Any, behaviour: Any, found: Any) -> None:
    """Count the residents whose file holds a record of each behaviour; `behaviour` int64[world, kind], -1: none."""
    for place in range(head.size):
        for world in range(behaviour.shape[0]):
            seen, here = 0, head[place]
            while here:
                word = pool[here]
                here = word >> LINK
                if in_front(word) or not (worlds_of(word) >> world) & 1:
                    continue
                number = behaviour[world, kind_of(word)]
                if number >= 0 and not (seen >> number) & 1:
                    seen |= 1 << number
                    found[world, number] += 1
