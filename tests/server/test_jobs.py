"""Runs through the page: played, watched, stopped, gone on with, found again; checked before a number is shown."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.server.conftest import Serve

from vitropolis.server.contract import RunAsked
from vitropolis.server.job import Job, call_of, is_alive, read_job
from vitropolis.server.processes import birth_of
from vitropolis.server.settings import Limits
from vitropolis.server.shelf import Place

SMALL = {"policy": "rongcheng-2014", "size": "1000", "ranges": False}
OVER = ("complete", "cancelled", "failed")


def until(client: TestClient, id: str, fits: Callable[[dict[str, Any]], bool], seconds: float = 240) -> dict[str, Any]:
    """The first record that fits."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        record: dict[str, Any] = client.get(f"/api/runs/{id}").json()
        if fits(record):
            return record
        time.sleep(0.05)
    raise AssertionError(record)


def over(record: dict[str, Any]) -> bool:
    return record["status"] in OVER


def begin(client: TestClient, **changed: Any) -> str:
    answer = client.post("/api/runs", json=SMALL | changed)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def events(client: TestClient, id: str, last: str = "") -> list[dict[str, Any]]:
    headers = {"Last-Event-ID": last} if last else {}
    text = client.get(f"/api/runs/{id}/events", headers=headers).text
    return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]


def test_a_run_from_the_page_to_its_numbers(serve: Serve, runs: Path) -> None:
    page = serve()
    first, second = begin(page, seed=1), begin(page, seed=2)
    assert page.get(f"/api/runs/{second}").json()["status"] == "queued"
    early = page.get(f"/api/runs/{first}/view/results")
    assert early.status_code == 409 and early.json()["words"]
    heard = events(page, first)
    statuses = list(dict.fromkeys(each["status"] for each in heard))
    assert statuses[-1] == "complete" and set(statuses) <= {"queued", "running", "checking", "complete"}
    assert [each["fraction"] for each in heard if each["status"] == "running"][-1] > 0
    assert events(page, second)[-1]["status"] == "complete"
    one, other = (page.get(f"/api/runs/{id}/view/results").json() for id in (first, second))
    assert one["html"] != other["html"] and "style=" not in one["html"] and "<script" not in one["html"]
    listed = page.get("/api/runs").json()
    assert {(each["id"], each["seed"], each["residents"]) for each in listed} == {(first, 1, 1000), (second, 2, 1000)}
    lives = page.get(f"/api/runs/{first}/lives").json()
    life = page.get(f"/api/runs/{first}/lives/{lives[0]['pick']}/1").json()
    assert life["resident"].startswith("S-") and life["html"]
    for each in page.get(f"/api/runs/{first}/files").json():
        found = page.get(f"/api/runs/{first}/files/{each['name']}")
        assert found.status_code == 200 and found.content, each
    assert page.delete(f"/api/runs/{first}").status_code == 204
    assert not (runs / first).exists() and not (runs / f"{first}.job").exists()


def test_stopped_as_by_ctrl_c_and_gone_on_with(serve: Serve, runs: Path) -> None:
    page = serve()
    id = begin(page, size="20k")
    until(page, id, lambda record: record["fraction"] > 0.1 or over(record))
    assert page.delete(f"/api/runs/{id}").status_code == 409
    for _ in range(3):  # a second signal would end it at once, and what was played with it
        told = page.post(f"/api/runs/{id}/cancel")
        if told.status_code == 200:  # else it was over before
            assert over(told.json()) or (told.json()["words"].startswith("stopping") and told.json()["can"] == [])
    stopped = until(page, id, over)
    assert stopped["status"] == "cancelled" and stopped["can"] == ["resume", "delete"]
    assert json.loads((runs / id / "run.json").read_text())["status"] == "interrupted"
    assert page.get(f"/api/runs/{id}/view/results").json()["code"] == "interrupted"
    assert page.post(f"/api/runs/{id}/resume").json()["status"] in ("queued", "running")
    assert page.post(f"/api/runs/{id}/resume").status_code == 409
    assert until(page, id, over)["status"] == "complete"
    assert json.loads((runs / id / "run.json").read_text())["resumed_from_weeks"]
    assert page.post(f"/api/runs/{id}/resume").status_code == 409


def test_a_comparison_through_the_page(serve: Serve) -> None:
    page = serve()
    answer = page.post("/api/comparisons", json={"policies": ["rongcheng-2014", "none"], "size": "1000"})
    id = answer.json()["id"]
    assert until(page, id, over)["status"] == "complete"
    assert page.get(f"/api/comparisons/{id}/view").json()["html"]
    assert page.get(f"/api/runs/{id}/view/results").status_code == 404
    names = {each["name"] for each in page.get(f"/api/runs/{id}/files").json()}
    assert {"report.html", "comparison.json", "people.parquet"} <= names
    for policies in (["rongcheng-2014"], ["rongcheng-2014"] * 2, ["none", "none"], ["rongcheng-2014", "no-such"]):
        assert page.post("/api/comparisons", json={"policies": policies, "size": "1000"}).status_code in (400, 422)


def test_the_queue_has_an_end_and_what_waits_can_be_taken_out(serve: Serve) -> None:
    page = serve(limits=Limits(queue=2))
    ids = [begin(page, seed=seed, size="20k") for seed in (1, 2, 3)]
    refused = page.post("/api/runs", json=SMALL)
    assert refused.status_code == 429 and refused.json()["code"] == "queue"
    assert page.get(f"/api/runs/{ids[2]}").json()["queue"] == 2
    assert page.post(f"/api/runs/{ids[2]}/cancel").json()["status"] == "cancelled"
    assert page.post(f"/api/runs/{ids[2]}/cancel").status_code == 409


def test_beginning_has_a_rate(serve: Serve) -> None:
    page = serve(limits=Limits(begins=(1, 0.001)))
    begin(page)
    assert page.post("/api/runs", json=SMALL).json()["code"] == "often"


def test_a_text_is_played_under_its_own_name(serve: Serve) -> None:
    text = "schema_version: 1\nextends: rongcheng-2014\npolicy: {id: my-own, title: mine, as_of: 2020-01-01}\n"
    page = serve()
    answer = page.post("/api/runs", json={"text": text, "size": "1000", "ranges": False})
    assert answer.json()["id"] == "my-own-1000-1"
    assert until(page, "my-own-1000-1", over)["status"] == "complete"


def test_a_server_that_died_is_followed_by_one_that_finds_its_run(serve: Serve, runs: Path) -> None:
    """The process outlives its server, as it does where that is killed; the next server watches it to its end."""
    place = Place("found", runs / "found")
    place.job.mkdir()
    job = Job("found", "run", "found again", {**SMALL, "filling": None, "seed": 1})
    with (place.job / "progress.jsonl").open("wb") as log:
        call = [sys.executable, "-m", "vitropolis", *call_of(job, place)]
        process = subprocess.Popen(call, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True)
    said = {**vars(job), "stage": "running", "pid": process.pid, "birth": birth_of(process.pid)}
    (place.job / "state.json").write_text(json.dumps(said))
    try:
        page = serve()
        assert page.get("/api/runs/found").json()["status"] == "running"
        process.wait()
        assert until(page, "found", over)["status"] == "complete"
        assert read_job(place).stage == "played"  # type: ignore[union-attr]
    finally:
        process.kill()
        process.wait()


def test_a_process_that_was_killed_is_said_to_be(serve: Serve, runs: Path) -> None:
    page = serve()
    id = begin(page, size="20k")
    until(page, id, lambda record: record["fraction"] > 0.05 or over(record))
    os.kill(read_job(Place(id, runs / id)).pid, signal.SIGKILL)  # type: ignore[union-attr]
    found = until(page, id, over)
    assert found["status"] == "failed" and "killed" in found["error"] and "resume" in found["can"]


def test_one_server_plays_in_a_folder(serve: Serve) -> None:
    from vitropolis.server.problems import ProblemError

    serve()
    with pytest.raises(ProblemError, match="another server plays in"):
        serve()
    serve(readonly=True)


@pytest.mark.parametrize(
    "changed",
    [
        {"want": {"policy": "--out", "size": "1000"}},
        {"want": {"policy": "rongcheng-2014", "size": "1000; rm -rf"}},
        {"want": {"policy": "rongcheng-2014", "size": "1000", "out": "/tmp/x"}},
        {"want": []},
        {"named": "../../x"},
        {"stage": "done"},
        {"pid": "1"},
        {"id": "other"},
        {"call": ["export"]},
        {"kind": "resume"},
        {"resuming": 1, "want": 3},
    ],
)
def test_a_state_file_is_no_command(serve: Serve, runs: Path, changed: dict[str, Any]) -> None:
    place = Place("sent", runs / "sent")
    place.job.mkdir()
    want = {} if "named" in changed else SMALL
    said = {**vars(Job("sent", "run", "sent", want)), **changed}
    if "named" in changed:
        said["want"] = {"size": "1000"}
    (place.job / "state.json").write_text(json.dumps(said))
    page = serve()
    time.sleep(0.6)
    assert page.get("/api/runs/sent").json()["status"] in ("failed", "cancelled")
    if changed not in ({"pid": "1"}, {"stage": "done"}, {"id": "other"}, {"call": ["export"]}):  # those are no jobs
        assert page.post("/api/runs/sent/resume").status_code in (409, 422)
    assert not (runs / "sent").exists()


def test_a_text_beside_a_state_file_reaches_no_file_either(serve: Serve, runs: Path) -> None:
    place = Place("sent", runs / "sent")
    place.job.mkdir()
    (place.job / "state.json").write_text(json.dumps(vars(Job("sent", "run", "s", {"size": "1000"}, "mine"))))
    (place.job / "mine.policy.yaml").write_text("schema_version: 1\nextends: ../../secret.policy.yaml\n")
    answer = serve().post("/api/runs/sent/resume")
    assert answer.status_code == 422 and "no file" in answer.json()["words"]


def test_a_number_that_went_to_another_process_is_none_of_ours() -> None:
    job = Job("x", "run", "x", {}, pid=os.getpid(), birth="1")
    assert not is_alive(job) and birth_of(os.getpid()) != "1"
    assert not is_alive(Job("x", "run", "x", {}, pid=1, birth=birth_of(1)))


def test_calls_are_made_of_the_contract(tmp_path: Path) -> None:
    asked = RunAsked(policy="rongcheng-2014", size="20k", seed=7, ranges=True, filling=None)
    call = call_of(Job("a", "run", "a", asked.model_dump(exclude={"text"})), Place("a", tmp_path / "a"))
    assert call == [
        "run",
        "rongcheng-2014",
        "--size",
        "20k",
        "--seed",
        "7",
        "--out",
        str(tmp_path / "a"),
        "--ranges",
        "--progress",
        "json",
    ]


def changed_copy(played: Path, target: Path) -> Path:
    """A copy of a run whose manifest says another number, with nothing else to show for it."""
    shutil.copytree(played, target)
    said = json.loads((target / "run.json").read_text())
    world = next(iter(said["headline"]))
    said["headline"][world]["listings"] += 1
    (target / "run.json").write_text(json.dumps(said))
    return target


def test_a_foreign_folder_is_refused_as_on_the_command_line(serve: Serve, runs: Path, played: Path) -> None:
    folder = changed_copy(played, runs / "foreign")
    page = serve(readonly=True)
    found = until(page, "foreign", over)
    call = [sys.executable, "-m", "vitropolis", "show", str(folder), "--progress", "none"]
    told = subprocess.run(call, capture_output=True, text=True, check=False)
    assert told.returncode == 4 and found["status"] == "failed"
    assert told.stderr.strip() == f"vitropolis: {found['error']}"
    for path in ("view/results", "view/method", "lives", "lives/random/1", "files", "files/result.json"):
        answer = page.get(f"/api/runs/foreign/{path}")
        assert answer.status_code == 403 and answer.json() == {"code": "refused", "words": found["error"]}


def test_a_run_that_is_opened_is_checked_first_and_again_when_it_changes(
    serve: Serve, runs: Path, played: Path
) -> None:
    shutil.copytree(played, runs / "mine")
    page = serve(readonly=True)
    assert page.get("/api/runs/mine/view/results").json()["code"] == "checking"
    assert until(page, "mine", over)["status"] == "complete"
    assert page.get("/api/runs/mine/view/results").status_code == 200
    said = json.loads((runs / "mine" / "run.json").read_text())
    (runs / "mine" / "run.json").write_text(json.dumps(said | {"days": 41}))
    assert page.get("/api/runs/mine/view/results").json()["code"] == "checking"
    assert until(page, "mine", over)["status"] == "failed"


def test_a_link_inside_a_run_is_refused(serve: Serve, runs: Path, played: Path) -> None:
    shutil.copytree(played, runs / "mine")
    (runs / "mine" / "inputs" / "x").symlink_to("/etc/passwd")
    found = until(serve(readonly=True), "mine", over)
    assert found["status"] == "failed" and "a link" in found["error"]


def test_the_second_opening_is_quick(serve: Serve, runs: Path, played: Path) -> None:
    shutil.copytree(played, runs / "again")
    first = serve(readonly=True)
    until(first, "again", over)
    second = serve(readonly=True)
    began = time.monotonic()
    until(second, "again", over)
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"status": "complete"}', "[" * 100_000, "\0", '{"status": 3, "worlds": [1]}']
)
def test_a_damaged_folder_is_listed_and_shows_nothing(serve: Serve, runs: Path, content: str) -> None:
    (runs / "broken").mkdir()
    (runs / "broken" / "run.json").write_text(content)
    page = serve()
    assert page.get("/api/runs").json()[0]["id"] == "broken"
    assert over(until(page, "broken", over))
    assert page.get("/api/runs/broken/view/results").status_code in (403, 409, 422)
