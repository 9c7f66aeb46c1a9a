"""One household played again is the household of the run: to the bit, at any size, whoever lives beside it."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.results.lived import lived
from tests.results.small import setup_of

from vitropolis.engine.between import Broadcast
from vitropolis.engine.run import Tables
from vitropolis.model.counts import ITEMS
from vitropolis.model.rules import DISTRICTS
from vitropolis.results.folder import TAPE
from vitropolis.results.life_doors import Doors
from vitropolis.results.life_entries import WorldDays
from vitropolis.results.lists import frame_of, residents_of, stays_in
from vitropolis.results.picks import pick
from vitropolis.results.reader import OpenRun, open_run, read_lists
from vitropolis.results.replay_one import Change, core_of, replay_household, truth_of_word
from vitropolis.results.tape import Tape


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> OpenRun:
    return lived(tmp_path_factory)


@pytest.fixture
def said(run: OpenRun) -> list[Broadcast]:
    return heard(run)


def heard(run: OpenRun) -> list[Broadcast]:
    """Every week's broadcast of a run."""
    assert run.checkpoint is not None
    rows = {name: count for name, (count, _) in run.checkpoint.said["facts"]["rows"].items()}
    tape = Tape(run.folder / TAPE, rows, len(run.setup.plan.worlds), DISTRICTS, len(run.city.firm_size))
    return list(tape.broadcasts(run.checkpoint.week))


def some(run: OpenRun) -> list[int]:
    """Residents to whom something happened, and some others."""
    listed = np.unique(residents_of(read_lists(run.folder)))
    return [0, run.city.n - 1, *range(500, 2500, 200), *listed[:: max(1, len(listed) // 12)].tolist()]


def test_a_household_ends_as_the_checkpoint_says(run: OpenRun, said: list[Broadcast]) -> None:
    assert run.checkpoint is not None
    for resident in some(run):
        found = replay_household(run.tables, said, resident)
        home = run.city.household(resident)
        columns = [name for name in found.state if name not in ("held", "files", "pending_resident", "pending_record")]
        kept = run.checkpoint.part(home.start, home.stop, columns)
        assert found.state.keys() == kept.keys()
        for name, values in found.state.items():
            assert np.array_equal(values, kept[name]), (resident, name)


def test_a_household_is_listed_as_the_folder_says(run: OpenRun, said: list[Broadcast]) -> None:
    assert run.checkpoint is not None
    frame, rows = read_lists(run.folder), 0
    numbers = residents_of(frame)
    for resident in some(run):
        found = replay_household(run.tables, said, resident)
        home = run.city.household(resident)
        mine = frame.filter((numbers >= home.start) & (numbers < home.stop))
        assert frame_of(stays_in(found.log), run.setup.plan, run.city).equals(mine)
        rows += len(mine)
    assert rows >= 10


def test_the_acts_of_all_members_are_those_that_were_counted(run: OpenRun, said: list[Broadcast]) -> None:
    assert run.checkpoint is not None
    total = 0
    for resident in range(100, 160, 6):
        home = run.city.household(resident)
        replays = [replay_household(run.tables, said, each) for each in home]
        counts = replays[0].counts
        for world in range(2):
            acts = [seen.act for each in replays for seen in each.days if seen.act]
            mine = sum((act.worlds >> world) & 1 for act in acts)
            items = [ITEMS[f"acts_{worth}"] for worth in ("minor", "harmful", "protected", "good")]
            assert mine == int(counts.cells[world][:, :, items].sum())
            total += mine
    assert total >= 20


def test_a_larger_city_is_replayed_as_exactly(tmp_path: Path) -> None:
    from vitropolis.results import play_to_folder

    play_to_folder(setup_of(9000, 42), tmp_path / "run", chunk=2048)
    run = open_run(tmp_path / "run")
    assert run.checkpoint is not None
    said = heard(run)
    for resident in (0, 4500, 8999):
        found = replay_household(run.tables, said, resident)
        home = run.city.household(resident)
        kept = run.checkpoint.part(home.start, home.stop, ["lists_0", "score_0", "fear_0", "wake", "now_0"])
        assert all(np.array_equal(values, found.state[name]) for name, values in kept.items())


def test_wrong_records_left_out_never_arrive_and_right_ones_do(run: OpenRun, said: list[Broadcast]) -> None:
    assert run.checkpoint is not None
    resident = pick(run, "wrong-fact", 0).resident
    plain = replay_household(run.tables, said, resident)
    right = replay_household(run.tables, said, resident, Change(right=frozenset({resident})))
    held, left = ({core_of(record) for seen in each.days for record in seen.file} for each in (plain, right))
    assert any(truth_of_word(record) for record in held)
    assert not any(truth_of_word(record) for record in left)
    assert any((record in left) for record in held)


def test_a_resident_without_any_record_keeps_the_first_score(run: OpenRun, said: list[Broadcast]) -> None:
    assert run.checkpoint is not None
    resident = pick(run, "worst", 0).resident
    clean = replay_household(run.tables, said, resident, Change(clean=frozenset({resident})))
    assert all(seen.file == () for seen in clean.days)
    assert int(clean.days[-1].columns["score"][0, clean.place]) == 1000


def test_requests_and_refusals_of_all_members_are_those_that_were_counted(run: OpenRun, said: list[Broadcast]) -> None:
    names = ("requests", "refusals", "needs_avoided")
    total = 0
    for number in range(1, 16):
        resident = pick(run, "worst", 0, number).resident
        replays = [replay_household(run.tables, said, each) for each in run.city.household(resident)]
        asked = [each for replay in replays for seen in replay.days for each in seen.asked]
        mine = [sum(each.tries for each in asked), sum(each.refusals for each in asked)]
        mine.append(sum(each.stayed for each in asked))
        counts = replays[0].counts
        assert mine == [int(counts.cells[:, :, :, ITEMS[name]].sum()) for name in names]
        total += sum(mine)
    assert total >= 10


def test_needs_of_one_cell_on_one_day_are_told_apart(full: Path) -> None:
    """Households whose members are all of one cell, so that counters cannot tell who of them asked."""
    run = open_run(full, entropy=1)
    said, names, together = heard(run), ("requests", "refusals", "needs_avoided"), 0
    for number in range(1, 51):
        home = run.city.household(pick(run, "worst", 0, number).resident)
        cell, tables = np.array(run.city.cell), copy(run.tables)
        cell[home.start : home.stop] = cell[home.start]
        tables.city = replace(run.city, cell=cell)
        tables.demand = tables.demand._replace(bound=np.full_like(tables.demand.bound, 65535))  # a need every week
        replays = [replay_household(tables, said, each) for each in home]
        days = [[seen.day for seen in each.days if seen.asked] for each in replays]
        asked = [each for replay in replays for seen in replay.days for each in seen.asked]
        mine = [sum(each.tries for each in asked), sum(each.refusals for each in asked)]
        mine.append(sum(each.stayed for each in asked))
        counts = replays[0].counts
        assert mine == [int(counts.cells[:, :, :, ITEMS[name]].sum()) for name in names]
        assert all(np.array_equal(each.counts.doors, counts.doors) for each in replays)
        together += sum(map(len, days)) - len({day for each in days for day in each})
    assert together > 2


def test_measures_that_meet_somebody_are_as_many_doors_as_the_state_says(run: OpenRun, said: list[Broadcast]) -> None:
    least = (0, 1, 2, 5, 10)
    shut = 0
    for number in range(1, 9):
        for how in ("worst", "through-others"):
            replay = replay_household(run.tables, said, pick(run, how, 0, number).resident)
            doors = Doors(WorldDays(run.setup.plan, replay, 0))
            for seen in replay.days:
                code = (int(seen.columns["now"][0, replay.place]) >> 3) & 7
                count = len(doors.shut(seen))
                assert code == sum(count >= each for each in least) - 1
                shut += count
    assert shut > 100


def test_a_replay_leaves_the_tables_of_the_run_alone(run: OpenRun, said: list[Broadcast]) -> None:
    tables: Tables = run.tables
    before = tables.epochs[0].book.table.copy()

    def write(table: Any) -> None:
        table["ability_test"][:] = 1

    assert run.checkpoint is not None
    replay_household(tables, said, 3, Change(rules=write))
    assert (tables.epochs[0].book.table == before).all()  # its bytes also hold what lies between fields
