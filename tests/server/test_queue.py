"""The queue, and what lies beside a run: nothing begins by itself, nothing is lost in silence, nothing ends it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.server.conftest import Serve

from vitropolis.server.job import LEFT, NO_RANGES, Job, as_it_is, call_of, ended, is_alive, read_job
from vitropolis.server.jobs import Jobs
from vitropolis.server.problems import ProblemError
from vitropolis.server.processes import birth_of
from vitropolis.server.settings import Limits
from vitropolis.server.shelf import Place, Shelf

ASKED = {"policy": "rongcheng-2014", "text": None, "filling": None, "size": "1000", "seed": 7, "ranges": False}
SMALL = {name: value for name, value in ASKED.items() if name != "text"}
MANY = 1_000_000_000


def put(runs: Path, id: str = "sent", **changed: Any) -> Place:
    """A state file, as one that came with somebody's folder."""
    place = Place(id, runs / id)
    place.job.mkdir()
    said = {**vars(Job(id, "run", "sent here", SMALL)), **changed}
    (place.job / "state.json").write_text(json.dumps(said))
    return place


def queue(runs: Path, **changed: Any) -> Jobs:
    made = Jobs(Shelf(runs, None), **{"readonly": False, "most": 8, "largest": MANY, **changed})
    made.claim()
    return made


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The calls that would be played; each is over at once, as a process that was killed."""
    found: list[list[str]] = []

    class Process:
        def __init__(self, call: list[str], **_: Any) -> None:
            found.append(call[3:])
            self.pid = 1

        def poll(self) -> int:
            return 0

    monkeypatch.setattr("vitropolis.server.jobs.subprocess.Popen", Process)
    return found


def test_a_state_file_begins_nothing(runs: Path, begun: list[list[str]]) -> None:
    place, jobs = put(runs), queue(runs)
    later = put(runs, "later")  # laid there while the server runs
    for _ in range(3):
        jobs.look()
    assert begun == []
    for each in (place, later):
        job = jobs.of(each)
        assert job is not None and job.stage == "cancelled" and job.error == LEFT
        assert jobs.may_resume(each) == job
    jobs.resume(place, "", 1000)
    jobs.look()
    assert [call[0] for call in begun] == ["run"]
    jobs.release()


def test_what_waits_when_the_server_ends_waits_for_somebody(runs: Path, begun: list[list[str]]) -> None:
    first = queue(runs)
    first.add(Job("mine", "run", "", SMALL), None, 1000)
    assert first.stop_running() == []
    assert read_job(Place("mine", runs / "mine")).error == LEFT  # type: ignore[union-attr]
    second = queue(runs)
    second.look()
    assert begun == [] and second.waiting() == []
    second.release()


def test_sizes_and_numbers_are_held_where_runs_begin_and_go_on(runs: Path) -> None:
    place, jobs = put(runs), queue(runs, largest=5_000, most=0)
    with pytest.raises(ProblemError, match="at most 5,000"):
        jobs.resume(place, "", 5_001)
    with pytest.raises(ProblemError, match="at most 5,000"):
        jobs.add(Job("mine", "run", "", SMALL), None, 5_001)
    jobs.resume(place, "", 5_000)
    with pytest.raises(ProblemError) as full:
        jobs.add(Job("mine", "run", "", SMALL), None, 1000)
    assert full.value.status == 429
    jobs.release()


def test_a_size_that_a_state_file_asks_for_is_looked_at(serve: Serve, runs: Path) -> None:
    put(runs, want={**SMALL, "size": "20k"})
    answer = serve(limits=Limits(largest=5_000)).post("/api/runs/sent/resume")
    assert answer.status_code == 422 and answer.json()["code"] == "size"


def test_a_folder_of_another_size_is_looked_at_too(serve: Serve, runs: Path, played: Path) -> None:
    shutil.copytree(played, runs / "half")
    said = json.loads((runs / "half" / "run.json").read_text())
    (runs / "half" / "run.json").write_text(json.dumps(said | {"status": "interrupted", "residents": 1}))
    answer = serve(limits=Limits(largest=999)).post("/api/runs/half/resume")
    assert answer.status_code in (403, 422), answer.text
    assert not (runs / "half.job").exists()


def test_one_job_that_cannot_begin_does_not_end_the_queue(
    runs: Path, begun: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = queue(runs)
    for id in ("first", "second"):
        jobs.add(Job(id, "run", "", SMALL), None, 1000)
    shutil.rmtree(runs / "first.job")  # neither log nor state can be written
    for _ in range(3):
        jobs.look()
    assert (
        jobs.held is not None and jobs.held["first"].stage == "failed" and "could not begin" in jobs.held["first"].error
    )
    assert len(begun) == 1
    jobs.release()


def test_a_disk_that_takes_nothing_is_said_to(runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = queue(runs)

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Jobs, "_write", full)
    with pytest.raises(ProblemError, match="No space left"):
        jobs.add(Job("mine", "run", "", SMALL), None, 1000)
    jobs.release()


@pytest.mark.parametrize("readonly", [True, False])
def test_a_run_that_only_says_that_it_runs_shows_no_number(serve: Serve, runs: Path, readonly: bool) -> None:
    place = put(runs, stage="running", pid=os.getpid(), birth=birth_of(os.getpid()))
    line = {"phase": "playing", "fraction": 0.5, "headline": {"listings": 4_711}}
    (place.job / "progress.jsonl").write_text(json.dumps(line) + "\n")
    page = serve(readonly=readonly)
    found = page.get("/api/runs/sent")
    assert found.json()["status"] in ("failed", "cancelled") and "4711" not in found.text
    assert page.get("/api/runs").json()[0]["status"] == found.json()["status"]


def whole(runs: Path, played: Path) -> Place:
    shutil.copytree(played, runs / "mine")
    return Place("mine", runs / "mine")


def test_ranges_that_were_asked_for_are_not_lost(runs: Path, played: Path, begun: list[list[str]]) -> None:
    place = whole(runs, played)
    job = Job("mine", "run", "", {**SMALL, "ranges": True}, stage="running", stopping=True)
    stopped = ended(job, place)
    assert (stopped.stage, stopped.error) == ("cancelled", NO_RANGES)
    put(runs, "mine", stage=stopped.stage, want=dict(stopped.want))
    jobs = queue(runs)
    jobs.resume(place, "", 1000)
    jobs.look()
    assert begun == [["ranges", str(place.folder), "--progress", "json"]]
    jobs.look()
    assert jobs.of(place).stage == "failed"  # type: ignore[union-attr] # it was killed, and is not begun for ever
    (place.folder / "study").mkdir(exist_ok=True)
    (place.folder / "study" / "ranges.json").write_text("{}")
    with pytest.raises(ProblemError, match="nothing to go on with"):
        jobs.resume(place, "", 1000)
    jobs.release()


def test_a_run_that_is_gone_on_with_goes_on_to_its_ranges(runs: Path, played: Path, begun: list[list[str]]) -> None:
    place = whole(runs, played)
    jobs = queue(runs)
    jobs.held = {"mine": Job("mine", "run", "", {**SMALL, "ranges": True}, resuming=True, stage="running", pid=9)}
    place.job.mkdir()
    jobs.look()  # its process is gone, the run is whole
    assert [call[0] for call in begun] == ["ranges"]
    jobs.release()


def test_a_run_without_its_ranges_says_so(serve: Serve, runs: Path, played: Path) -> None:
    whole(runs, played)
    put(runs, "mine", stage="cancelled", want={**SMALL, "ranges": True})
    found = serve().get("/api/runs/mine").json()
    assert (found["status"], found["words"]) == ("cancelled", NO_RANGES)
    assert found["can"] == ["view", "resume", "delete"]


def test_the_list_says_what_was_not_checked_and_what_may_be_done(serve: Serve, runs: Path, played: Path) -> None:
    whole(runs, played)
    put(runs, "waits")
    outside = runs.parent / "elsewhere"
    shutil.copytree(played, outside)
    page = serve(opened=outside)
    listed = {each["id"]: each for each in page.get("/api/runs").json()}
    assert (listed["mine"]["status"], listed["mine"]["can"]) == ("unchecked", ["view", "delete"])
    assert listed["waits"]["seed"] == 7 and listed["waits"]["can"] == ["resume", "delete"]
    assert "delete" not in listed["elsewhere"]["can"]
    for call in ("cancel", "resume"):
        assert page.post(f"/api/runs/elsewhere/{call}").json()["code"] == "outside"
    assert page.delete("/api/runs/elsewhere").json()["code"] == "outside"
    checked(page, "mine")
    (runs / "mine" / "run.json").write_text((runs / "mine" / "run.json").read_text() + "\n")
    assert {each["id"]: each["status"] for each in page.get("/api/runs").json()}["mine"] == "unchecked"


def checked(page: TestClient, id: str) -> dict[str, Any]:
    end = time.monotonic() + 240
    while time.monotonic() < end:
        found: dict[str, Any] = page.get(f"/api/runs/{id}").json()
        if found["status"] not in ("checking", "queued", "running"):
            return found
        time.sleep(0.05)
    raise AssertionError(found)


def test_a_process_of_another_folder_is_none_of_ours(tmp_path: Path) -> None:
    """One of this program's own, but begun for something else, is neither watched nor signalled."""
    call = [sys.executable, "-c", "import sys, time; time.sleep(60)", "vitropolis", str(tmp_path / "other")]
    process = subprocess.Popen(call)
    try:
        job = Job("mine", "run", "", SMALL, stage="running", pid=process.pid, birth=birth_of(process.pid))
        assert not is_alive(job) and as_it_is(job, Place("mine", tmp_path / "mine")).stage == "failed"
        assert is_alive(Job("other", "run", "", SMALL, pid=process.pid, birth=birth_of(process.pid)))
    finally:
        process.kill()
        process.wait()


def test_a_run_that_is_gone_on_with_is_called_by_its_folder(tmp_path: Path) -> None:
    place = Place("a", tmp_path / "a")
    assert call_of(Job("a", "run", "", {}, resuming=True), place)[0] == "resume"
    assert call_of(Job("a", "run", "", {}, resuming=True, ranging=True), place)[0] == "ranges"
