"""The same history, then another future: equal to a policy that was dated to change on that day."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from tests.cli.calls import Done, call

from vitropolis.base.errors import InputError, UsageError
from vitropolis.engine.scenario import resolve, scenario_for
from vitropolis.policy import load_policy
from vitropolis.results import play_to_folder
from vitropolis.study.fork import fork, history_of, world_of

DAY, LAST = date(2019, 9, 4), date(2019, 12, 31)
OUT = {"policy": {"id": "press-freer"}, "delete": ["spillover.child_school", "spillover.spouse_vetting"]}
PRESS = "beijing-2018-press"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fork") / "run"
    play_to_folder(resolve(scenario_for(PRESS, filling="middle", size=1500, seed=5, last_day=LAST)), folder, threads=1)
    return folder


def overlay(room: Path, **parts: object) -> Path:
    path = room / "press-freer.policy.yaml"
    path.write_text(json.dumps({"schema_version": 1, "extends": PRESS, **parts}))
    return path


def dated(room: Path) -> Path:
    """The same change written by hand: both spill-overs end on the day."""
    path = room / f"{PRESS}-then-press-freer.policy.yaml"
    ends = {"ends_before": DAY.isoformat()}
    spills = {"child_school": ends, "spouse_vetting": ends}
    head = {"id": f"{PRESS}-then-press-freer", "title": "by hand"}
    tree = {"schema_version": 1, "extends": PRESS, "policy": head, "spillover": spills}
    path.write_text(json.dumps(tree).replace(f'"{DAY.isoformat()}"', DAY.isoformat()))
    return path


@pytest.fixture(scope="module")
def forked(run: Path) -> Done:
    path = overlay(run.parent, **OUT)
    return call("fork", run, "--on", str(DAY), "--policy", path, "--out", run.parent / "forked", "--quiet", "--json")


def test_a_fork_is_the_policy_dated_by_hand(run: Path, forked: Done, tmp_path: Path) -> None:
    assert forked.code == 0, forked.err
    by_hand = resolve(scenario_for([str(dated(tmp_path))], size=1500, seed=5, last_day=LAST))
    report = play_to_folder(by_hand, tmp_path / "hand", threads=1)
    outputs = json.loads((run.parent / "forked" / "run.json").read_text())["outputs"]
    for name in ("indicators.nc", "lists.parquet", "state"):
        assert outputs[name]["content"] == report.contents[name]


def test_who_is_freed_is_freed_of_what_went_over(forked: Done) -> None:
    said = json.loads(forked.out)
    (pair,) = said["comparison"]["pairs"]
    assert pair["only_first"]["hit"] == pair["only_first"]["bins"]["through others"] > 0
    assert pair["only_second"]["hit"] == 0
    history = said["history"]
    assert (history["same"], history["weeks"], history["differing"]) == (True, 45, [])


def test_the_page_says_that_the_history_is_the_runs(run: Path, tmp_path: Path) -> None:
    done = call("fork", run, "--on", str(DAY), "--policy", PRESS, "--out", tmp_path / "same", "--quiet")
    assert done.code == 0, done.err
    assert f"Until {DAY} the same as {run}" in " ".join(done.out.split())
    assert max(len(line) for line in done.out.splitlines() if str(tmp_path.parent) not in line) <= 80
    counts = next(line for line in done.out.splitlines() if "A and B" in line).split()
    assert counts[-3:-1] == ["0", "0"]


def test_another_history_is_seen(run: Path, tmp_path: Path) -> None:
    other = resolve(scenario_for(PRESS, filling="middle", size=1500, seed=6, last_day=LAST))
    play_to_folder(other, tmp_path / "other", threads=1)
    history = history_of((run, PRESS), (tmp_path / "other", PRESS), other, DAY)
    assert not history.same
    assert {"acts", "records_by_word", "daily_enrolled"} & set(history.differing)
    assert history_of((run, PRESS), (run, PRESS), other, DAY).same


def test_a_fork_goes_on_where_it_was(run: Path, forked: Done) -> None:
    words = ("fork", run, "--on", str(DAY), "--policy", run.parent / "press-freer.policy.yaml", "--quiet", "--json")
    again = call(*words, "--out", run.parent / "forked")
    assert (again.code, again.out) == (0, forked.out)
    taken = call(*words, "--out", run)
    assert taken.code == 2 and "holds another run; name a new folder with --out" in " ".join(taken.err.split())


def test_another_scheme_is_refused_field_by_field(run: Path, tmp_path: Path) -> None:
    done = call("fork", run, "--on", str(DAY), "--policy", "court-list-2017", "--out", tmp_path / "court", "--quiet")
    assert (done.code, done.out) == (3, "")
    assert "court-list-2017.policy.yaml:143: retention.counted_from" in done.err
    assert "the format cannot date this field; write it as it is there" in done.err


@pytest.mark.parametrize(("on", "why"), [("2018-10-20", "no day after the first"), ("2024-01-01", "up to its last")])
def test_a_day_outside_the_run_is_refused(run: Path, tmp_path: Path, on: str, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        fork(run, load_policy(PRESS), date.fromisoformat(on), tmp_path / "none", threads=1)
    assert not (tmp_path / "none").exists()


def test_what_cannot_be_dated_is_refused_with_its_place(run: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="date"):
        fork(run, load_policy("beijing-2018-press-harsh"), DAY, tmp_path / "none", threads=1)
    assert not (tmp_path / "none").exists()


def test_a_run_of_several_policies_asks_which() -> None:
    setup = resolve(scenario_for(PRESS, size=1000))
    with pytest.raises(UsageError, match="the run has several policies; say --world"):
        world_of(setup, None)
    with pytest.raises(UsageError, match="`nobody` is none of the run's policies"):
        world_of(setup, "nobody")
    assert world_of(setup, PRESS).name == PRESS
