"""Findings without an act by hand: as many as the rates say, on people covered alone, coupled, exact in size, paid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.cli.calls import call

from vitropolis.base.errors import InputError
from vitropolis.engine.epochs import Epoch, area_ids, epochs_of
from vitropolis.engine.run import Simulation
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.model.counts import ITEMS
from vitropolis.model.enrolment import enrolled_on, entry_tables
from vitropolis.model.files import ACT_AT, KIND_AT, TRUTH_AT, WORLDS_AT
from vitropolis.model.findings import machine_findings, yearly
from vitropolis.model.rules import INVENTED, NO_WAIT
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import Policy, load_policy, load_text, none_beside
from vitropolis.verification.quiet import Plain, assumed, city_of, put, quiet

SIZE, WEEKS = 20_000, 40
ROWS = {"averaged": (1.0, 0.4), "inferred": (4.0, 0.1)}
START = load_policy("robodebt-2016").starts_on
assert START is not None


MANDATORY = f"enrolment: {{mode: mandatory, ramp: {{{START}: 1.0}}}}"
ON_BENEFITS = "only_status: [benefit_recipient]"


def text(population: str = MANDATORY, life: str = "{kind: until_settled}") -> str:
    """`population`: what it says beside covering natural persons alone."""
    return f"""
schema_version: 1
policy: {{id: compared, title: two machines, as_of: {START}}}
population: {{natural_persons: true, legal_entities: false, {population}}}
departments: {{office: {{title: an office}}}}
feeds:
  year: {{department: office, context: tax, provenance: averaged, linkage_key: national_id}}
  quarter: {{department: office, context: tax, provenance: inferred, linkage_key: national_id}}
  seen: {{department: office, context: tax, provenance: sensor, linkage_key: national_id}}
behaviours:
  gap: {{feed: year, conduct: [benefit_fraud], kind: unlawful_act, gravity: 1, established_by: algorithm, life: {life}}}
  weeks: {{feed: quarter, conduct: [benefit_fraud, tax_late], kind: unlawful_act, gravity: 1,
          established_by: algorithm}}
  camera: {{feed: seen, conduct: [benefit_fraud], kind: unlawful_act, gravity: 1, established_by: algorithm}}
  clerk: {{feed: year, conduct: [theft], kind: unlawful_act, gravity: 1, established_by: report}}
lists:
  debt: {{polarity: black, context: tax, trigger: {{kind: records, behaviours: [gap]}}, term_days: null,
         exit: {{auto_expiry: false, on_compliance: true}}}}
"""


def data(**rates: tuple[float, float]) -> Plain:
    """Nobody does anything; machines compare. Ranges are the same whatever the values."""
    found = quiet({})
    usual = load_assumptions("default").model_dump()
    for name in ("uneven_earners", "claimants", "taxpayers"):
        found["profiles"][name] = usual["profiles"][name]
    for word in ("benefit_fraud", "tax_late"):
        found["conduct"][word]["profile"] = usual["conduct"][word]["profile"]
    for name, (often, share) in {**ROWS, **rates}.items():
        row = found["recording"]["findings"][name]
        put(row["comparisons_yearly"], often, 0.0, 6.0)
        put(row["false_difference"], share, 0.0, 0.9)
    return found


def held(**rates: tuple[float, float]) -> Assumptions:
    return assumed(data(**rates))


@cache
def usual() -> Policy:
    return load_text(text())


def plan_with(*worlds: tuple[Policy, Assumptions], weeks: int = WEEKS) -> Plan:
    named = tuple(World(f"world {place}", *each) for place, each in enumerate(worlds))
    assert START is not None
    return Plan(named, START, 7 * weeks, 3)


def epoch_of(plan: Plan, size: int = SIZE) -> Epoch:
    [epoch] = epochs_of(plan, city_of(size))
    return epoch


def all_messages(plan: Plan, size: int = SIZE) -> Any:
    epoch = epoch_of(plan, size)
    assert epoch.findings is not None
    weeks = range(1, plan.weeks)
    return np.concatenate([machine_findings(plan, city_of(size), epoch.register, epoch.findings, w) for w in weeks])


def rows(plan: Plan, world: int, size: int = SIZE) -> list[tuple[int, str, int, int, int]]:
    """Resident, behaviour, truth, act day and wait of what is found in a world."""
    names, found = list(plan.worlds[world].behaviours), []
    for resident, _, record in all_messages(plan, size).tolist():
        if record >> WORLDS_AT + world & 1:
            behaviour = plan.kinds[record >> KIND_AT].behaviours[world]
            found.append((resident, names[behaviour], record >> TRUTH_AT & 7, record >> ACT_AT & 8191, record & 2047))
    return sorted(found)


def expected(plan: Plan, name: str) -> Iterator[Fraction]:
    """Findings expected of each resident who is enrolled throughout, by behaviour."""
    city, world = city_of(SIZE), plan.worlds[0]
    item = world.behaviours[name]
    row = world.compares(item)
    assert row is not None
    by_cell, possible = yearly(world.assumptions, row), epoch_of(plan).register.possible
    days = enrolled_on(entry_tables(plan, area_ids(city)), city, np.arange(city.n), plan.seed)[0]
    words = [plan.words.index(word) for word in item.conduct]
    weeks = Fraction(7 * (plan.weeks - 1), 365)
    for cell, day in zip(city.cell.tolist(), days.tolist(), strict=True):
        share = Fraction(sum(bool(possible[cell, word]) for word in words), len(words))
        yield by_cell[cell] * share * weeks if day == 0 else Fraction(0)


@pytest.mark.parametrize("population", [MANDATORY, f"{MANDATORY}, {ON_BENEFITS}"], ids=["all", "on benefits"])
@pytest.mark.parametrize("name", ["gap", "weeks"])
def test_as_many_are_found_as_the_rates_say(population: str, name: str) -> None:
    plan = plan_with((load_text(text(population)), held()))
    mean = float(sum(expected(plan, name)))
    found = sum(row[1] == name for row in rows(plan, 0))
    assert mean > 100
    assert abs(found - mean) < 4 * mean**0.5


def test_what_no_machine_establishes_and_what_a_camera_sees_is_not_found() -> None:
    assert {row[1] for row in rows(plan_with((usual(), held())), 0)} == {"gap", "weeks"}


def test_nobody_is_found_who_is_not_covered() -> None:
    """By status, age, area and before the day of enrolment."""
    later = START + timedelta(days=200) if START else None
    ramp = f"enrolment: {{mode: mandatory, ramp: {{{START}: 0.2, {later}: 0.9}}}}"
    plan = plan_with((load_text(text(f"{ON_BENEFITS}, min_age_years: 40, {ramp}")), held()))
    city = city_of(SIZE)
    days = enrolled_on(entry_tables(plan, area_ids(city)), city, np.arange(city.n), plan.seed)[0]
    found = rows(plan, 0)
    assert found
    assert all(days[resident] <= act + 1 for resident, _, _, act, _ in found)
    assert all(city.age[resident] >= 40 and city.income[resident] == 0 for resident, *_ in found)


def test_who_is_enrolled_when_is_what_chunks_say() -> None:
    plan = plan_with((load_text(text(f"{MANDATORY}, {ON_BENEFITS}")), held()), (usual(), held()), weeks=2)
    simulation = Simulation(plan, city_of(2000), threads=1, chunk=256)
    found = enrolled_on(simulation.tables.entry, simulation.city, np.arange(2000), plan.seed)
    chunks = np.concatenate([chunk.state.enrolled[:2] for chunk in simulation.chunks], axis=1)
    assert np.array_equal(found, chunks)


def test_those_whose_income_comes_and_goes_are_found_more_often() -> None:
    city = city_of(SIZE)
    found = [row[0] for row in rows(plan_with((usual(), held())), 0) if row[1] == "gap"]
    old = sum(city.age[resident] >= 65 for resident in found) / len(found)
    assert old < 0.5 * float((city.age >= 65).mean())
    assert not any(city.age[resident] < 15 for resident in found)


def test_worlds_with_the_same_policy_have_the_same_findings() -> None:
    plan = plan_with((usual(), held()), (none_beside(usual()), held()), (usual(), held()))
    assert rows(plan, 0) == rows(plan, 2)
    assert [row[:4] for row in rows(plan, 0)] == [row[:4] for row in rows(plan, 1)]
    assert len(all_messages(plan)) == len(rows(plan, 0))  # one message for all


def test_another_world_beside_changes_nothing() -> None:
    other = load_text(text().replace("camera: {feed: seen", "camera: {feed: quarter"))
    plan = plan_with((usual(), held()), (other, held()))
    assert rows(plan, 0) == rows(plan_with((usual(), held())), 0)
    assert rows(plan, 1) != rows(plan, 0)


def test_changing_one_rate_never_moves_what_another_machine_finds() -> None:
    less, more = held(averaged=(1.0, 0.1)), held(averaged=(2.0, 0.4))
    plan = plan_with((usual(), less), (usual(), held()), (usual(), more))
    by_world = [rows(plan, world) for world in range(3)]
    quarters = [[row for row in found if row[1] == "weeks"] for found in by_world]
    years = [{row for row in found if row[1] == "gap"} for found in by_world]
    assert quarters[0] == quarters[1] == quarters[2]
    assert years[0] < years[1] < years[2]  # finding by finding


def test_a_finding_is_wrong_and_paid_as_its_class_of_debt_is() -> None:
    found = rows(plan_with((usual(), held())), 0)
    assert {row[2] for row in found} == {INVENTED}
    waits = [row[4] for row in found if row[1] == "gap"]
    quantiles = set(epoch_of(plan_with((usual(), held()))).register.waits[0].ravel().tolist())
    assert set(waits) <= quantiles
    mean = 1 / (0.00088 * 4)
    assert abs(np.mean([min(wait, 2047) for wait in waits]) / mean - 1) < 0.2
    forever = plan_with((load_text(text(life="{kind: forever}")), held()))
    assert {row[4] for row in rows(forever, 0) if row[1] == "gap"} == {NO_WAIT}


def test_trials_grow_with_the_city_exactly() -> None:
    small, large = (epoch_of(plan_with((usual(), held())), size).findings for size in (2000, SIZE))
    assert small is not None and large is not None
    each = [
        float((found.whole + found.rest / 2**32).sum(axis=(1, 2))[0]) / size
        for found, size in ((small, 2000), (large, SIZE))
    ]
    assert abs(each[0] / each[1] - 1) < 1e-6


def test_what_was_found_arrives_and_people_leave_by_paying() -> None:
    plan = plan_with((usual(), held()), weeks=60)
    simulation = Simulation(plan, city_of(2000), threads=1)
    items = sum(week.totals.days.sum(axis=(1, 3))[0] for week in simulation.play())
    got = {name: int(np.asarray(items)[place]) for name, place in ITEMS.items()}
    assert got["records_invented"] == len(rows(plan, 0, 2000))
    assert got["black_first_wrong_fact"] == got["in_0"] > 50
    assert 10 < got["out_compliance"] == got["in_0"] - got["on_black_list"]


def test_a_folder_with_findings_opens_again_and_a_finding_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    days = ("--from", "2013-10-01", "--to", "2014-06-30")
    done = call("run", "midas-2013", "--size", "4k", "--no-ranges", *days, "--progress", "none", "--out", folder)
    assert done.code == 0, done.err
    told = call("life", folder, "--wrong-fact", "--progress", "none")
    assert told.code == 0, told.err
    assert "WRONG: nobody did it" in " ".join(told.out.split())


@pytest.mark.parametrize("name", ["beijing-2018-press", "rongcheng-2021", "court-list-2017"])
def test_where_no_feed_is_of_a_kind_that_is_compared_nothing_is(name: str) -> None:
    plan = plan_with((load_policy(name), load_assumptions("default")), weeks=1)
    assert [epoch.findings for epoch in epochs_of(plan, city_of(2000))] == [None]


@pytest.mark.parametrize("name", ["midas-2013", "robodebt-2016", "childcare-benefits-nl"])
def test_the_three_benefit_systems_are_compared(name: str) -> None:
    plan = plan_with((load_policy(name), load_assumptions("default")), weeks=20)
    assert any(epoch.findings is not None for epoch in epochs_of(plan, city_of(2000)))


@pytest.mark.parametrize(("part", "value"), [("profile", "uneven"), ("debt", "benefits")])
def test_a_row_names_a_profile_and_a_class_of_debt(part: str, value: str, tmp_path: Path) -> None:
    found = data()
    found["recording"]["findings"]["averaged"][part] = value
    with pytest.raises(InputError) as caught:
        assumed(found)
    said = {"profile": "a profile; did you mean `uneven_earners`?", "debt": "a class of debt; did you mean `benefit`?"}
    assert str(caught.value) == f"recording.findings.averaged.{part}: `{value}` is not {said[part]}"
