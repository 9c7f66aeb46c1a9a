"""Firms as the engine plays them against the slow second opinion: equal in everything."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.oracle.cities import built
from tests.oracle.engine_view import all_days, daily_totals, view_of
from tests.oracle.firms import FIRST, TOLD, FirmCity, FirmRun
from tests.oracle.result import differences
from tests.oracle.scenario_firms import firm_scenario
from tests.oracle.scenarios import Scenario

from vitropolis.engine.firmside import FirmSide
from vitropolis.engine.run import Tables
from vitropolis.model.worlds import Plan, World


def opinion(found: Scenario) -> FirmRun:
    city = built(found.residents, found.city_seed)
    names = [name.lower() for name in city.district_names]
    run = FirmRun(FirmCity(city.firm_district.tolist(), names), found.worlds, found.seed, found.start, found.days)
    for day in range(found.days):
        run.play(day)
    return run


def engine(found: Scenario, chunk: int = 5, threads: int = 1) -> tuple[FirmSide, list[Any]]:
    worlds = tuple(World(f"world {place}", *pair) for place, pair in enumerate(found.worlds))
    plan = Plan(worlds, found.start, found.days, found.seed)
    tables = Tables(plan, built(found.residents, found.city_seed)).firms
    assert tables is not None
    side = FirmSide(tables, threads, chunk)
    return side, [side.play_week() for _ in range(plan.weeks)]


def compare(index: int) -> Counter[str]:
    found = firm_scenario(index)
    if not any(policy.population.legal_entities for policy, _ in found.worlds):
        return Counter()
    run, (side, weeks) = opinion(found), engine(found)
    result = run.result()
    wrong = differences(result, _view(side, weeks)) + daily_totals(all_days(side.plan, weeks), result)
    told = np.array([week.tally for week in weeks])  # week, world, district, item
    for world in run.firm_worlds:
        for week, district, item in np.ndindex(told.shape[0], told.shape[2], told.shape[3]):
            if told[week, world.place, district, item] != world.told[week, district, TOLD[item]]:
                wrong.append(f"week {week} district {district} {TOLD[item]}: {told[week, world.place, district, item]}")
        for name, ours in (("clean", world.clean), ("quiet", world.quiet)):
            if getattr(side.memory, name)[world.place].tolist() != ours:
                wrong.append(f"weeks remembered: {name}")
    assert not wrong, "\n".join([f"scenario {index}:", *wrong[:20]])
    for world in run.firm_worlds:
        for (_, _, what), count in world.told.items():
            result.events[f"firms.{what}"] += count
    return result.events


def _view(side: FirmSide, weeks: list[Any]) -> Any:
    chunks = [replace(chunk, first=chunk.low, end=chunk.high) for chunk in side.chunks]
    shown: Any = SimpleNamespace(plan=side.plan, chunks=chunks, tables=side.tables)
    logs: Any = [SimpleNamespace(totals=week.totals, log=week.log & ~FIRST) for week in weeks]
    return view_of(shown, logs)


@pytest.mark.parametrize("index", range(16))
def test_firms_equal_the_oracle(index: int) -> None:
    compare(index)


def test_everything_that_firms_can_meet_happens_often() -> None:
    events: Counter[str] = sum((compare(index) for index in (0, 1, 3)), Counter())
    wanted = [f"firms.{what}" for what in TOLD] + ["record.arrived.right", "record.arrived.invented"]
    wanted += ["firm.released_record", "lists.start.black", "band.worse"]
    assert [name for name in wanted if events[name] < 5] == []


@pytest.mark.long
@pytest.mark.parametrize("index", range(16, 120))
def test_firms_equal_the_oracle_at_length(index: int) -> None:
    compare(index)


def test_neither_chunks_nor_threads_change_firms() -> None:
    found = firm_scenario(2)
    (one, weeks), (other, others) = engine(found, 5, 1), engine(found, 64, 2)
    for mine, theirs in zip(weeks, others, strict=True):
        assert np.array_equal(mine.tally, theirs.tally)
        assert np.array_equal(np.sort(mine.log), np.sort(theirs.log))
        assert np.array_equal(mine.totals.groups, theirs.totals.groups)
    for a, b in zip(one.view(), other.view(), strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))
