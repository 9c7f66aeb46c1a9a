"""The same numbers anywhere: threads, chunks, killed and resumed, interrupted, played again."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from tests.results import small
from tests.results.small import contents, setup_of

from vitropolis.base.errors import InterruptedRun, UsageError
from vitropolis.engine.scenario import Setup
from vitropolis.results import Progress, play_to_folder, rerun, resume, writer
from vitropolis.results.folder import INPUTS
from vitropolis.results.manifest import first_manifest
from vitropolis.results.writer import Stop

OUTPUTS = [
    "displaced.parquet", "indicators.nc", "lists.parquet", "state", "tape/answers.npy", "tape/appeals.npy",
    "tape/firm_news.npy", "tape/firm_ranks.npy", "tape/losers.npy", "tape/messages.npy",
    "tape/moods.npy", "tape/news.npy", "tape/ranks.npy", "tape/speech.npy", "tape/spoken.npy", "tape/workplaces.npy",
]  # fmt: skip

QUIET = {f"tape/{name}.npy" for name in ("ranks", "news", "firm_news", "firm_ranks", "losers", "speech", "spoken")}
QUIET |= {"displaced.parquet"}  # where nothing of the kind happens


@dataclass(frozen=True)
class Played:
    """A setup by the name of its function in `small`, and its complete run."""

    name: str
    run: Path

    def setup(self, **other: int) -> Setup:
        made: Setup = getattr(small, self.name)(**other)
        return made


@pytest.fixture(params=["setup_of", "full_setup"])
def played(request: pytest.FixtureRequest, whole: Path, full: Path) -> Played:
    """The press policy, and one that has everything on: appeals that suspend and dispute, objections, spill-over."""
    return Played(request.param, whole if request.param == "setup_of" else full)


def test_in_one_of_them_everything_fires(full: Path) -> None:
    said = json.loads((full / "run.json").read_text())["fired"]["busy"]
    assert {name: each["times"] for name, each in said.items() if not each["times"]} == {"behaviours.bravery": 0}
    for name in ("procedure.notice", "procedure.objection", "procedure.appeal", "procedure.correction"):
        assert said[name]["times"] > 20
    for name in ("answers", "appeals"):
        assert len(np.load(full / "tape" / f"{name}.npy")) > 20


@pytest.mark.parametrize(("threads", "chunk"), [(2, 8192), (2, 300), (1, 97)])
def test_threads_and_chunks_change_nothing(played: Played, tmp_path: Path, threads: int, chunk: int) -> None:
    play_to_folder(played.setup(), tmp_path / "run", threads=threads, chunk=chunk)
    assert contents(tmp_path / "run") == contents(played.run)
    assert sorted({*contents(played.run)} - {"firm_lists.parquet"}) == OUTPUTS


def test_another_seed_changes_everything(played: Played, tmp_path: Path) -> None:
    play_to_folder(played.setup(seed=4), tmp_path / "run")
    found, other = contents(played.run), contents(tmp_path / "run")
    same = {name for name in OUTPUTS if found[name] == other[name]}
    few = {"tape/answers.npy", "tape/appeals.npy"} if played.name == "setup_of" else set()  # nobody need appeal there
    assert same <= QUIET | few


def test_rerun_needs_the_inputs_alone(played: Played, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(played.run, tmp_path / "copied"))
    for path in [*copied.iterdir()]:
        if path.name not in (INPUTS, "run.json"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    again = rerun(copied, tmp_path / "again", chunk=500)
    assert again.same
    assert sorted({*again.equal} - {"firm_lists.parquet"}) == OUTPUTS


# Plays in a child that kills itself when the run is so far; run in a process of its own, without other threads.
KILLED = """
import os, signal, sys
from pathlib import Path
from tests.results import small
from vitropolis.engine import run as engine_run
from vitropolis.results import play_to_folder
setup = getattr(small, sys.argv[2])()
tables = engine_run.Tables(setup.plan, setup.city())
engine_run.Tables = lambda plan, city: tables
for point in sys.argv[3:]:
    if os.fork() == 0:
        def tell(progress):
            if progress.fraction >= float(point):
                os.kill(os.getpid(), signal.SIGKILL)
        play_to_folder(setup, Path(sys.argv[1]) / point, threads=1, progress=tell)
        os._exit(3)
    assert os.wait()[1] == signal.SIGKILL
"""
POINTS = ("0.0", "0.3", "0.6", "0.97")


def test_killed_at_any_moment_and_resumed(played: Played, tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    call = [sys.executable, "-c", KILLED, str(tmp_path), played.name, *POINTS]
    subprocess.run(call, check=True, cwd=root, timeout=600)
    weeks = []
    for point in POINTS:
        said = json.loads((tmp_path / point / "run.json").read_text())
        assert said["status"] == "interrupted"
        report = resume(tmp_path / point, threads=2, chunk=200)
        weeks.append(report.manifest["resumed_from_weeks"][0])
        assert contents(tmp_path / point) == contents(played.run), point
    assert weeks[0] == 0
    assert weeks[-1] == played.setup().plan.weeks
    assert 0 < weeks[2] < weeks[-1]


def test_ctrl_c_leaves_a_folder_that_says_how_to_go_on(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def at_once() -> Iterator[Stop]:
        stop = Stop()
        stop.asked = True
        yield stop

    out = tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr(writer, "asking_to_stop", at_once)
        with pytest.raises(InterruptedRun) as stopped:
            play_to_folder(setup_of(), out)
    assert str(stopped.value) == (
        f"interrupted after 2020-06-07 (week 1 of 12); continue with: vitropolis resume {out}"
    )
    assert stopped.value.exit_code == 130
    with pytest.raises(UsageError, match="interrupted: nothing to compare with"):
        rerun(out, tmp_path / "again")
    resume(out)
    assert contents(out) == contents(whole)
    with pytest.raises(UsageError, match="there is nothing to resume"):
        resume(out)


def test_ctrl_c_in_a_real_run(played: Played, tmp_path: Path) -> None:
    asked: list[date | None] = []

    def tell(progress: Progress) -> None:
        if progress.phase == "playing" and progress.fraction > 0.4 and not asked:
            asked.append(progress.date)
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(InterruptedRun, match=r"interrupted after 20.*continue with: vitropolis resume"):
        play_to_folder(played.setup(), tmp_path / "run", progress=tell)
    assert resume(tmp_path / "run").manifest["resumed_from_weeks"] == [5]
    assert contents(tmp_path / "run") == contents(played.run)


def test_a_first_ctrl_c_while_all_is_written_lets_it_end(whole: Path, tmp_path: Path) -> None:
    def once(progress: Progress) -> None:
        if progress.phase == "writing":
            os.kill(os.getpid(), signal.SIGINT)

    assert play_to_folder(setup_of(), tmp_path / "run", progress=once).manifest["status"] == "complete"
    assert contents(tmp_path / "run") == contents(whole)

    def twice(progress: Progress) -> None:
        once(progress)
        once(progress)

    with pytest.raises(InterruptedRun, match="stopped at once; continue with: vitropolis resume"):
        play_to_folder(setup_of(), tmp_path / "other", progress=twice)
    resume(tmp_path / "other")
    assert contents(tmp_path / "other") == contents(whole)


def test_a_ctrl_c_when_all_is_written_is_too_late(tmp_path: Path) -> None:
    def tell(progress: Progress) -> None:
        if progress.phase == "done":
            raise KeyboardInterrupt

    assert (
        play_to_folder(setup_of(size=1000, days=14), tmp_path / "run", progress=tell).manifest["status"] == "complete"
    )


def test_ctrl_c_before_the_first_week_leaves_nothing(tmp_path: Path) -> None:
    def tell(progress: Progress) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(InterruptedRun, match="stopped before the first week was played; nothing is kept"):
        play_to_folder(setup_of(), tmp_path / "run", progress=tell)
    assert list(tmp_path.iterdir()) == []


def test_what_is_said_before_the_first_week_says_interrupted() -> None:
    assert first_manifest(setup_of(), ["vitropolis", "run"])["status"] == "interrupted"
