"""The report of a run that was really played: its numbers agree with one another and with the folder's other files."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from pydantic import TypeAdapter
from tests.cli.calls import call

from vitropolis.base.mark import MARK
from vitropolis.report import Result, Totals, as_data, result_of, totals_in
from vitropolis.results import open_run
from vitropolis.results.reader import OpenRun
from vitropolis.results.weekly import WRONG

WORLD = "beijing-2018-press-harsh"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> OpenRun:
    """Ten weeks of the harsh filling on 2,000 residents."""
    folder = tmp_path_factory.mktemp("report") / "run"
    call("doctor", "--quiet")
    words = ("--filling", "harsh", "--size", "2k", "--from", "2020-06-01", "--to", "2020-08-09")
    assert call("run", "beijing-2018-press", *words, "--out", folder, "--quiet").code == 0
    return open_run(folder)


@pytest.fixture(scope="module")
def held(run: OpenRun) -> Totals:
    return totals_in(run.folder, run.setup.plan, run.manifest)


@pytest.fixture(scope="module")
def result(run: OpenRun) -> Result:
    return result_of(run.folder, run.manifest, run.setup.plan)


def test_people_hit_stand_in_one_bin_or_are_hit_through_others(held: Totals, result: Result) -> None:
    assert held.stock("ever_hit", 0) > 50
    for row in result.tables.bins:
        assert row.wrong_fact + row.protected + row.breach + row.through_others == held.stock("ever_hit", 0)
    assert held.stock("ever_wrongly", 0) <= held.stock("ever_hit", 0)


def test_whoever_is_wrongly_hit_is_so_themselves_or_only_through_others(run: OpenRun, result: Result) -> None:
    """Against the column of what everybody ever was: bit 2 wrongly hit themselves, bit 32 wrongly through others."""
    assert run.checkpoint is not None
    ever = np.asarray(run.checkpoint.array("ever_0"))
    own, through = ((ever & 2) != 0).sum(), ((ever & 34) == 32).sum()
    names = ("wrongly_hit_own_per_1000", "wrongly_hit_through_others_per_1000", "wrongly_hit_per_1000")
    found = [result.headline(name, WORLD) for name in names]
    assert [each.numerator for each in found if each is not None] == [own, through, own + through]
    assert own > 0
    told = " ".join(call("show", run.folder, "--quiet").out.split())
    split = f"{own + through:,} of them wrongly ({own:,} on their own account, "
    assert f"{split}{through or 'none'} only through others in the household)." in told


def test_listings_are_those_of_the_indicators_and_of_fired(held: Totals, result: Result) -> None:
    black = [place for place, item in enumerate(held.plan.worlds[0].lists.values()) if item.polarity == "black"]
    began = sum(held.flow(f"in_{place}", 0) for place in black)
    whole = next(row for row in result.tables.survival if row.listings == "all")
    told = {row.element: row.times for row in result.tables.fired}
    names = list(held.plan.worlds[0].lists)
    assert whole.began == began == sum(told[f"lists.{names[place]}"] for place in black) > 0
    still = sum(held.stock(f"listed_{place}", 0) for place in black)
    assert whole.began - whole.ended == still


def test_groups_and_doors_add_up(held: Totals, result: Result) -> None:
    for axis in ("district", "registration", "age", "sex", "education", "income"):
        mine = [row for row in result.tables.groups if row.axis == axis]
        assert sum(row.hit for row in mine) == held.stock("ever_hit", 0)
        assert sum(row.base for row in mine) == int(held.base(0)[:, 0].sum())
    assert sum(row.refusals for row in result.tables.services) == held.flow("refusals", 0)
    assert sum(row.requested for row in result.tables.services) == held.flow("requests", 0)


def test_the_queue_loses_nobody(result: Result) -> None:
    for row in result.tables.queue:
        assert row.filed + row.went_on == row.decided + row.lapsed + row.waiting
        assert row.went_on >= 0


def test_headlines_are_those_of_the_counts(held: Totals, result: Result) -> None:
    amplified = result.headline("wrongly_hit_per_wrong_record", WORLD)
    assert amplified is not None and amplified.value is not None
    assert amplified.value * held.flows(WRONG, 0) == pytest.approx(held.stock("ever_wrongly", 0))
    assert not [each.id for each in result.headlines if each.status == "not counted in this run"]


def test_every_played_element_is_told_and_fired_ones_name_their_line(result: Result, run: OpenRun) -> None:
    policy = run.setup.policies[0]
    told = {row.element for row in result.tables.fired}
    assert {
        f"behaviours.{name}" for name, item in policy.behaviours.items() if not policy.is_firm_feed(item.feed)
    } <= told
    assert {f"lists.{name}" for name, item in policy.lists.items() if item.subject == "person"} <= told
    assert all(row.line.endswith(tuple("0123456789")) and ".policy.yaml:" in row.line for row in result.tables.fired)


def test_show_prints_the_report_and_then_the_run(run: OpenRun) -> None:
    done = call("show", run.folder, "--quiet")
    lines = done.out.splitlines()
    assert done.code == 0
    assert [line for line in lines if len(line) > 80 and str(run.folder) not in line] == []
    assert lines[0] == "Synthetic city, no real people: beijing with 2,000 residents, seed 1."
    assert lines.index("This run") > next(place for place, line in enumerate(lines) if line.startswith("People hit"))
    assert f"folder: {run.folder}" in lines


def test_show_as_json_is_the_result_whole(run: OpenRun, result: Result) -> None:
    done = call("show", run.folder, "--quiet", "--json")
    found = json.loads(done.out)
    assert found == as_data(result)
    assert found["mark"] == MARK
    TypeAdapter(Result).validate_json(done.out)


def test_the_schema_of_a_result_is_printed() -> None:
    found = json.loads(call("schema", "result").out)
    assert found["properties"]["schema"]["const"] == "vitropolis.result/1"
    assert found["$comment"] == MARK


def test_a_run_without_its_twin_is_reported_too(tmp_path: Path) -> None:
    words = ("--size", "1k", "--from", "2021-06-01", "--to", "2021-06-14", "--no-twin", "--quiet")
    assert call("run", "rongcheng-2021", *words, "--out", tmp_path / "run").code == 0
    told = call("show", tmp_path / "run", "--quiet").out
    assert "The policy has no black list of people." in told or "days on a list until half are out" in told
    assert "The run has no twin: what it buys is not computed." in told
