"""Rival services through the whole engine: who stands where, what a green channel moves, and what it leaves alone."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from vitropolis.engine.rivals import FLOWS
from vitropolis.engine.run import Simulation
from vitropolis.model.assumptions import Assumptions
from vitropolis.model.fields import FIELDS, MASKS
from vitropolis.model.rules import NEEDS
from vitropolis.policy import Policy
from vitropolis.verification.quiet import assumed, city_of, plan_of, policy, put, quiet

SERVICE, DAYS, SIZE = "hospital_appointment", 75, 2_000
FILED, SERVED, GAVE_UP, WAITING, MOVED = (
    FLOWS.index(name) for name in ("filed", "served", "gave_up", "waiting", "moved")
)


@cache
def held(places: float, patience: float = 3.0) -> Assumptions:
    data = quiet({})
    for name, item in data["services"]["demand"].items():
        put(item["rate"], 12.0 if name == SERVICE else 0.0)
        item["profile"] = "adults"
    put(data["services"]["rivals"][SERVICE]["capacity"], places)
    put(data["services"]["rivals"][SERVICE]["patience_weeks"], patience)
    return assumed(data)


@cache
def said(action: str | None, *areas: str) -> Policy:
    """A policy of these districts that does one thing to everybody in it."""
    if action is None:
        return policy(())
    score = {"start": 0, "range": [0, 1], "bands": {"all_in": {"lower": 0}}}
    measure: dict[str, Any] = (
        {"kind": action} if action in ("deny", "honour") else {"kind": "priority", "place": action}
    )
    ground = {"kind": "band", "score": "standing", "bands": ["all_in"]}
    item = {"trigger": ground, "action": measure, "service": SERVICE}
    text = policy((), scores={"standing": score}, measures={"m": item})
    return (
        text.model_copy(update={"population": text.population.model_copy(update={"areas": areas})}) if areas else text
    )


def flows(*worlds: Policy, places: float = 0.9, threads: int = 1, chunk: int = 500) -> Any:
    """int64[world, flow, week, district], and the simulation."""
    named = [(f"world {place}", text, held(places)) for place, text in enumerate(worlds)]
    simulation = Simulation(plan_of(named, DAYS, 1), city_of(SIZE), threads=threads, chunk=chunk)
    weeks = [week.totals.rivals for week in simulation.play()]
    return np.stack([week.flows[:, 0] for week in weeks if week is not None], axis=2), simulation


def test_a_service_that_no_measure_names_has_no_queue() -> None:
    simulation = Simulation(plan_of([("w", said(None), held(0.9))], DAYS, 1), city_of(SIZE))
    assert all(week.totals.rivals is not None and week.totals.rivals.flows.size == 0 for week in simulation.play())
    assert len(simulation.state.waiting) == 0


def test_requests_are_as_many_as_the_rate_says_and_the_books_balance() -> None:
    found, _ = flows(said("honour"))
    filed, expected = int(found[0, FILED].sum()), SIZE * 12 * DAYS / 365
    assert abs(filed - expected) < 4 * expected**0.5
    change = np.diff(found[0, WAITING], axis=0, prepend=0)
    assert (found[0, FILED] == found[0, SERVED] + found[0, GAVE_UP] + change).all()
    assert found[0, GAVE_UP].sum() > 0


def test_with_places_enough_nobody_waits_for_long() -> None:
    found, _ = flows(said("honour"), places=4.0)
    assert found[0, GAVE_UP].sum() == 0
    assert found[0, SERVED].sum() + found[0, WAITING, -1].sum() == found[0, FILED].sum()


@pytest.mark.parametrize("place", ["first", "last"])
def test_where_all_stand_alike_nobody_is_moved(place: str) -> None:
    found, _ = flows(said(place), said(None))
    assert found[0].tolist() == found[1].tolist()
    assert found[0, MOVED].sum() == 0


def test_whom_a_door_is_shut_to_is_in_no_queue() -> None:
    found, simulation = flows(said("deny"), said(None))
    assert found[0, FILED, 1:].sum() == 0 < found[1, FILED, 1:].sum()
    assert simulation.plan.worlds[0].policy.measures


@pytest.mark.parametrize(("threads", "chunk"), [(2, 97), (1, 5000)])
def test_threads_chunks_and_other_worlds_change_nothing(threads: int, chunk: int) -> None:
    one, _ = flows(said("first"), said(None))
    other, _ = flows(said("last"), said("first"), said(None), threads=threads, chunk=chunk)
    assert one[0, : MOVED + 1].tolist() == other[1, : MOVED + 1].tolist()


def test_queues_act_on_nobody() -> None:
    """What a resident is does not hang on who is served: a world without the measure has the same people."""
    _, first = flows(said("first"), said("honour"))
    _, last = flows(said("last"), said("honour"), places=0.1)
    for one, other in zip(first.chunks, last.chunks, strict=True):
        assert one.state.score.tolist() == other.state.score.tolist()
        assert one.state.band.tolist() == other.state.band.tolist()


def test_every_service_is_in_one_field() -> None:
    assert sum(MASKS) == (1 << NEEDS) - 1 and len(FIELDS) == 5
