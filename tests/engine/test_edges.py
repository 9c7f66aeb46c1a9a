"""Policies at the edges of what the format allows: each is played, or refused with a line that says why."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pytest

from vitropolis.base.errors import InputError
from vitropolis.city import City, build_city, load_tables
from vitropolis.engine.run import Simulation
from vitropolis.model.assumptions import load_assumptions
from vitropolis.model.counts import ITEMS
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import Policy, load_text

HEAD = """
schema_version: 1
policy: {id: edge, title: An edge, as_of: 2021-01-01}
population: {natural_persons: true, legal_entities: false, enrolment: {mode: mandatory, ramp: {2018-01-01: 1.0}}}
departments: {police: {title: Police}}
feeds: {fines: {department: police, context: transport, provenance: final_decision, linkage_key: name}}
"""
TICKETS = """
behaviours:
  ticket: {feed: fines, conduct: [traffic_minor, littering], kind: unlawful_act, gravity: 1, points: {city: -30}}
"""
START = date(2021, 1, 1)


@cache
def small() -> City:
    return build_city(load_tables("beijing"), 1200, 5, cache=False)


def played(policy: Policy, days: int = 40) -> Simulation:
    held = load_assumptions("default")
    simulation = Simulation(Plan((World("edge", policy, held),), START, days, 11), small(), threads=1, chunk=400)
    simulation.totals = sum(week.totals.days.sum(axis=(1, 3)) for week in simulation.play())  # type: ignore[attr-defined]
    return simulation


def enrolled(simulation: Simulation) -> int:
    return int(simulation.totals[0, ITEMS["enrolled"]])  # type: ignore[attr-defined]


def test_a_range_that_moves_keeps_everybody_in_the_histogram() -> None:
    score = """
scores:
  city:
    start: {2018-01-01: 1000, 2021-01-20: 300}
    range: {2018-01-01: [900, 1130], 2021-01-20: [0, 630]}
    bands: {good: {lower: {2018-01-01: 950, 2021-01-20: 200}}, poor: {lower: {2018-01-01: 900, 2021-01-20: 0}}}
"""
    simulation = played(load_text(HEAD + TICKETS + score))
    people = simulation.state.people[0]
    assert people.min() >= 0
    assert people.sum() == enrolled(simulation) == small().n
    scores = np.concatenate([chunk.state.score[0] for chunk in simulation.chunks])
    assert scores.min() >= 0 and scores.max() <= 630


@pytest.mark.parametrize("text", ["range: [0, 100000], start: 50000", "range: [-40000, 0], start: 0"])
def test_scores_that_no_column_holds_are_refused(text: str) -> None:
    low = text.partition("[")[2].partition(",")[0]
    score = f"\nscores: {{city: {{{text}, bands: {{all: {{lower: {low}}}}}}}}}\n"
    with pytest.raises(InputError, match="a run plays scores from -30,000 to 30,000"):
        load_text(HEAD + TICKETS + score)


def test_points_that_no_column_holds_are_refused() -> None:
    score = "\nscores: {city: {range: [0, 100], start: 50, bands: {all: {lower: 0}}}}\n"
    with pytest.raises(InputError, match="a run plays points from -30,000 to 30,000"):
        load_text(HEAD + TICKETS.replace("-30", "-3000000") + score)


def test_an_extension_may_name_its_own_list() -> None:
    lists = """
lists:
  offenders:
    polarity: black
    context: transport
    trigger: {kind: records, behaviours: [ticket]}
    term_days: 10
    extension: {days: 30, trigger: {kind: listed, lists: [offenders]}}
"""
    simulation = played(load_text(HEAD + TICKETS.replace(", points: {city: -30}", "") + lists))
    assert simulation.totals[0, ITEMS["in_0"]] > 0  # type: ignore[attr-defined]


def test_a_policy_without_scores_and_lists_still_enrols() -> None:
    assert enrolled(played(load_text(HEAD + TICKETS.replace(", points: {city: -30}", "")))) == small().n


def test_an_age_that_changes_changes_who_is_enrolled() -> None:
    score = "\nscores: {city: {range: [0, 100], start: 50, bands: {all: {lower: 0}}}}\n"
    head = HEAD.replace(
        "legal_entities: false,", "legal_entities: false, min_age_years: {2018-01-01: 60, 2021-01-20: 0},"
    )
    simulation = played(load_text(head + TICKETS + score), days=10)
    assert enrolled(simulation) == int((small().age >= 60).sum())
    assert enrolled(played(load_text(head + TICKETS + score))) == small().n


def test_more_behaviours_than_a_mask_has_bits_are_refused() -> None:
    rows = "\n".join(
        f"  ticket{number}: {{feed: fines, conduct: [littering], kind: unlawful_act, gravity: 1}}"
        for number in range(64)
    )
    with pytest.raises(InputError, match="at most 63 behaviours of persons, not 64"):
        played(load_text(HEAD + "\nbehaviours:\n" + rows + "\n"))
