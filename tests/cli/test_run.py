"""`run`, `resume`, `rerun`, `show`: what they print where, what they leave, how they end."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.calls import Done, call, listing, nothing_left, process

from vitropolis.base.mark import MARK
from vitropolis.cli.app import COMMANDS
from vitropolis.cli.doctor import fitted

FIRMS = "corporate-classes-2022"  # nothing in it counts: only firms are scored
RUN = ("run", "beijing-2018-press", "--filling", "middle", "--size", "1k", "--from", "2020-06-01", "--to", "2020-07-05")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """A small run and what was said of it."""
    folder = tmp_path_factory.mktemp("cli") / "run"
    call("doctor", "--quiet")  # compiles, so that no test meets that step
    return folder, call(*RUN, "--out", folder, "--seed", "7")


def records(err: str) -> list[dict[str, Any]]:
    """The objects on standard error, one a line."""
    return [json.loads(line) for line in err.splitlines()]


def test_a_run_says_what_it_is_before_while_and_after(played: tuple[Path, Done]) -> None:
    folder, done = played
    assert done.code == 0
    before = done.err.splitlines()[:4]
    assert before[0] == "playing beijing-2018-press (filling middle) beside its twin without it,"
    assert before[1] == "  2020-06-01 to 2020-07-05 (35 days)"
    assert before[2:4] == [
        "1,000 synthetic residents, seed 7 (as asked)",
        "fillings not played: lenient, harsh (--filling all plays all)",
    ]
    assert re.search(r"^expected: .* threads, .*B of memory, .*B on disk$", done.err, re.MULTILINE)
    assert re.search(r"^playing \d+ % 2020-06-07, .* M resident-days/s, .*enrolled \d+", done.err, re.MULTILINE)
    assert re.search(
        r"^done 100 % 2020-07-05, enrolled \d+, records \d+ \(\d+ wrong\), listings \d+$", done.err, re.MULTILINE
    )
    lines = done.out.splitlines()
    assert all(len(line) <= 80 for line in lines if str(folder) not in line)  # a path is as long as it is
    assert lines[0] == "Synthetic city, no real people: beijing with 1,000 residents, seed 7."
    assert lines[1] == "2020-06-01 to 2020-07-05, 35 days, complete."
    for part in (
        "world beijing-2018-press, filling middle: ",
        "defaults were taken.",
        "The lists are in run.json: parts_not_played, defaults_taken.",
        "Fillings not played: lenient, harsh (--filling all plays all of them).",
        "1 of 126 values of beijing-2018-press, ",
        "Channels open: own record, ",
        "So few residents show no rare outcomes: play 20,000 or more to see them.",
        f"folder: {folder}",
    ):
        assert part in " ".join(done.out.split()), part  # long lines are folded


def test_a_small_run_claims_no_speed_and_one_thread_is_one(played: tuple[Path, Done], tmp_path: Path) -> None:
    _, done = played
    assert "ns for a resident and day" not in done.out
    assert " 0.0 s left" not in done.err
    alone = call(*RUN, "--out", tmp_path / "run", "--threads", "1")
    assert " on 1 thread, " in alone.err


def test_the_doctor_folds_long_lines() -> None:
    assert max(map(len, fitted([f"  kernels 3 MB in /{'x' * 200}/{'y y' * 50}"]))) <= 80
    assert list(fitted(["", "  a"])) == ["", "  a"]


def test_the_folder_keeps_what_was_asked(played: tuple[Path, Done]) -> None:
    folder, _ = played
    found = json.loads((folder / "run.json").read_text(encoding="utf8"))
    assert found["status"] == "complete"
    assert found["call"] == ["vitropolis", *RUN, "--out", str(folder), "--seed", "7"]
    assert found["fillings_missing"] == ["lenient", "harsh"]
    assert found["parts_not_played"]["beijing-2018-press"] == []
    assert listing(folder.parent).keys() == {"run", *(f"run/{name}" for name in listing(folder))}


def test_progress_as_json_is_one_object_a_line_and_data_stays_apart(tmp_path: Path) -> None:
    done = call(*RUN, "--out", tmp_path / "run", "--progress", "json", "--json")
    assert done.code == 0
    found = json.loads(done.out)
    assert (found["schema"], found["mark"], found["seed"]) == ("vitropolis.result/1", MARK, 1)
    assert found["worlds"] and found["headlines"]
    said = records(done.err)
    assert all({"phase", "date", "fraction"} <= set(each) for each in said)
    fractions = [each["fraction"] for each in said if each["phase"] != "note"]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    playing = [each for each in said if each["phase"] == "playing"]
    assert [each["date"] for each in playing] == ["2020-06-07", "2020-06-14", "2020-06-21", "2020-06-28", "2020-07-05"]
    assert {"resident_days_per_s", "seconds_left", "headline"} <= set(playing[0])


def test_default_folders_are_numbered_and_quiet_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "runs" / "rongcheng-2021-1000-1").mkdir(parents=True)
    done = call(
        "run", "rongcheng-2021", "--size", "1k", "--to", "2021-01-14", "--from", "2021-01-01", "--quiet", "--no-twin"
    )
    assert (done.code, done.err) == (0, "")
    alone = json.loads((tmp_path / "runs" / "rongcheng-2021-1000-1-2" / "run.json").read_text(encoding="utf8"))
    assert [world["name"] for world in alone["worlds"]] == ["rongcheng-2021"]


def test_all_fillings_are_played_unless_one_is_named(tmp_path: Path) -> None:
    words = [word for word in RUN if word not in ("--filling", "middle")]
    done = call(*words, "--out", tmp_path / "run", "--quiet")
    assert done.code == 0
    assert re.search(r"^ +lenient +middle +harsh +none$", done.out, re.MULTILINE)
    assert "Fillings not played" not in done.out


def test_a_scenario_file_is_played_and_options_go_before_it(tmp_path: Path) -> None:
    file = tmp_path / "short.scenario.yaml"
    file.write_text(
        "schema_version: 1\nscenario: {id: short, title: a short one}\npolicy: rongcheng-2021\nsize: 1000\nseed: 3\n"
        "from: 2021-01-01\nto: 2021-01-14\n",
        encoding="utf8",
    )
    done = call("run", file, "--out", tmp_path / "run", "--seed", "4", "--progress", "none")
    assert done.code == 0
    assert "1,000 synthetic residents, seed 4 (as the scenario says)" in done.err
    assert "%" not in done.err
    assert json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf8"))["scenario"] == "short"


def test_show_checks_and_says_the_same(played: tuple[Path, Done]) -> None:
    folder, done = played
    shown = call("show", folder)
    assert shown.code == 0
    report = done.out.splitlines()
    assert shown.out.splitlines()[: report.index("Go on with")] == report[: report.index("Go on with")]
    assert re.search(r"^[0-9a-f]{16}  lists\.parquet$", shown.out, re.MULTILINE)
    found = json.loads(call("show", folder, "--json").out)
    assert found == json.loads((folder / "result.json").read_text(encoding="utf8"))


def test_rerun_compares_and_leaves_nothing(played: tuple[Path, Done]) -> None:
    folder, _ = played
    with nothing_left(folder.parent):
        done = call("rerun", folder, "--threads", "1", "--chunk", "256", "--quiet", "--json")
    found = json.loads(done.out)
    assert (done.code, done.err, found["schema"]) == (0, "", "vitropolis.rerun/1")
    assert (found["same"], found["kept_in"]) == (True, None)
    assert found["outputs"]["lists.parquet"] == {"same": True}


def test_rerun_ends_with_1_where_a_hash_differs(played: tuple[Path, Done], tmp_path: Path) -> None:
    folder, _ = played
    copy = tmp_path / "copy"
    subprocess.run(["cp", "-r", folder, copy], check=True)
    said = json.loads((copy / "run.json").read_text(encoding="utf8"))
    said["outputs"]["lists.parquet"]["content"] = "0" * 64
    (copy / "run.json").write_text(json.dumps(said), encoding="utf8")
    done = call("rerun", copy, "--quiet")
    assert done.code == 1
    assert re.search(r"^DIFFERS  [0-9a-f]{16}  lists\.parquet$", done.out, re.MULTILINE)
    assert f"1 of {len(said['outputs'])} outputs differ from {copy}\nkept in: {copy}-rerun\n" in done.out
    assert call("show", copy).code == 4


@pytest.mark.parametrize("command", ["show", "resume", "rerun"])
def test_what_is_no_run_folder_is_a_wrong_call(command: str, tmp_path: Path) -> None:
    with nothing_left(tmp_path):
        assert call(command, tmp_path, "--quiet") == Done(
            2, "", f"vitropolis: {tmp_path} is no run folder: it has no run.json\n"
        )
    assert call(command, tmp_path / "none", "--quiet").code == 2


def test_a_run_folder_is_no_policy_and_a_complete_run_is_not_resumed(played: tuple[Path, Done]) -> None:
    folder, _ = played
    said = f"vitropolis: {folder} is the folder of a run; `vitropolis show`, `resume` and `rerun` take one\n"
    assert call("run", folder) == Done(2, "", said)
    done = call("resume", folder, "--quiet")
    assert (done.code, done.out) == (2, "")
    assert (
        done.err
        == f"vitropolis: {folder} is complete: there is nothing to resume; `vitropolis show {folder}` reads it\n"
    )
    taken = call(*RUN, "--out", folder)
    assert taken == Done(
        2, "", f"vitropolis: --out {folder} exists already; name a new folder; `vitropolis resume` goes on with a run\n"
    )


def until(process_: subprocess.Popen[str], phase: str) -> Iterator[dict[str, Any]]:
    """Yield what a process says until a phase has begun."""
    assert process_.stderr
    for line in process_.stderr:
        said = json.loads(line)
        yield said
        if said["phase"] == phase:
            return


def test_an_interrupted_run_can_be_resumed_and_comes_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ["run", "beijing-2018-press", "--filling", "middle", "--size", "30k", "--progress", "json", "--out", "run"]
    started = subprocess.Popen(
        [sys.executable, "-m", "vitropolis", *words],
        cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    list(until(started, "playing"))
    started.send_signal(signal.SIGINT)
    out, err = started.communicate(timeout=120)
    assert (started.returncode, out) == (130, "")
    last = records(err)[-1]
    assert (last["phase"], last["exit_code"]) == ("failed", 130)
    assert re.fullmatch(
        r"interrupted after 20\d\d-\d\d-\d\d \(week \d+ of 115\); continue with: vitropolis resume run", last["text"]
    )
    monkeypatch.chdir(tmp_path)
    shown = call("show", "run")
    assert (shown.code, shown.out.splitlines()[1][-12:]) == (0, "interrupted.")
    assert shown.out.splitlines()[-1] == "next:   vitropolis resume run"
    resumed = call("resume", "run", "--threads", "1", "--progress", "plain")
    assert resumed.code == 0
    assert resumed.err.splitlines()[-1].startswith("done 100 % 2020-12-31")
    whole = call(*words[:6], "--out", "whole", "--json", "--quiet")
    found = [
        json.loads((tmp_path / name / "run.json").read_text(encoding="utf8"))["outputs"] for name in ("run", "whole")
    ]
    assert whole.code == 0
    assert {name: entry["content"] for name, entry in found[0].items()} == {
        name: entry["content"] for name, entry in found[1].items()
    }


def test_a_bar_on_a_terminal_goes_to_standard_error(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with (tmp_path / "out").open("w") as out:
        started = subprocess.Popen(
            [sys.executable, "-m", "vitropolis", *RUN, "--out", str(tmp_path / "run")],
            stdout=out, stderr=theirs, env={**os.environ, "TERM": "xterm", "COLUMNS": "80"},
        )  # fmt: skip
        os.close(theirs)
        said = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            said += part
    os.close(ours)
    assert started.wait(timeout=60) == 0
    assert b"\x1b[" in said
    assert b"playing" in said
    assert "\x1b" not in (tmp_path / "out").read_text(encoding="utf8")


def test_a_folder_that_cannot_be_written_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("x")
    with nothing_left(tmp_path):
        done = call(*RUN, "--out", tmp_path / "file" / "run")
        assert done.code == 5
        assert done.err.endswith(f"{tmp_path}/file is not a folder; choose another --out\n")
        monkeypatch.setattr("os.access", lambda path, mode: False)
        done = call(*RUN, "--out", tmp_path / "new" / "run")
        assert done.code == 5
        assert done.err == (
            f"vitropolis: {tmp_path}/new/run cannot be written: no permission in {tmp_path}; choose another --out\n"
        )


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 3 MB; a test is skipped where this user cannot make one."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", place], capture_output=True, check=False
    ).returncode:
        pytest.skip("this user cannot mount a small disk")
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_full_disk_is_foreseen_and_if_forced_met_with_one_line(small_disk: Path) -> None:
    with nothing_left(small_disk):
        large = ("run", "rongcheng-2021", "--size", "20k")
        foreseen = call(*large, "--out", small_disk / "new" / "run", "--progress", "none")
        assert (foreseen.code, foreseen.out) == (5, "")
        assert foreseen.err.splitlines()[-1].startswith("vitropolis: 20,000 residents need about ")
        met = process(*large, "--force", "--quiet", "--out", small_disk / "new" / "run")
        assert (met.code, met.out, len(met.err.splitlines())) == (5, "", 1)
        assert re.search("no space left on the disk|the disk is full", met.err)


def test_auto_says_which_size_and_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("vitropolis.cli.machine.free_memory", lambda: 450_000_000)
    done = call(
        "run",
        "rongcheng-2021",
        "--from",
        "2021-01-01",
        "--to",
        "2021-01-07",
        "--out",
        tmp_path / "r",
        "--progress",
        "none",
        "--no-ranges",
    )
    assert done.code == 0
    said = " ".join(done.err.split())
    assert "200,000 synthetic residents, seed 1 (auto takes 200k, 2M would need " in said
    assert "405 MB can be used; --size forces another)" in said


def test_the_doctor_says_what_this_machine_can_play() -> None:
    done = call("doctor")
    assert done.code == 0
    assert max(map(len, done.out.splitlines())) <= 80
    for part in (
        "Machine: ",
        "Caches (may be deleted at any time)",
        "`run --size auto` takes ",
        "Self check (compiling the kernels, where that was not done yet, is part of it)",
        "ok    Philox4x32-10 gives",
    ):
        assert part in done.out
    assert done.out.endswith("\nall is well\n")


def test_the_doctor_ends_with_1_where_a_check_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vitropolis.cli.check._played", lambda threads, chunk: [])
    monkeypatch.setattr("vitropolis.cli.check.KNOWN", (((0, 0, 0, 0), (0, 0), (1, 2, 3, 4)),))
    done = call("doctor", "--json")
    found = json.loads(done.out)
    assert (done.code, found["schema"], found["ok"]) == (1, "vitropolis.doctor/1", False)
    assert [check["ok"] for check in found["checks"]] == [False, True, True]


def test_every_answer_in_json_carries_the_mark(played: tuple[Path, Done], tmp_path: Path) -> None:
    folder, _ = played
    stopped = tmp_path / "stopped"
    shutil.copytree(folder, stopped)
    said = json.loads((stopped / "run.json").read_text(encoding="utf8"))
    first = {key: value for key, value in said.items() if key not in ("outputs", "headline", "seconds", "tables")}
    first |= {"status": "interrupted", "weeks_played": 0, "headline": {}, "outputs": {}}
    (stopped / "run.json").write_text(json.dumps(first), encoding="utf8")
    shutil.rmtree(stopped / "checkpoints")
    (stopped / "checkpoints").mkdir()
    shutil.rmtree(stopped / "tape")
    (stopped / "tape").mkdir()
    (stopped / "unfinished").mkdir()
    answers: dict[str, list[list[str | Path]]] = {
        "run": [[*RUN, "--out", tmp_path / "run"]],
        "resume": [["resume", stopped]],
        "rerun": [["rerun", folder]],
        "show": [["show", folder]],
        "life": [["life", folder, "--random"]],
        "export": [["export", folder, "--to", "csv", "--out", tmp_path / "tables"]],
        "policy": [["policy", "list"], ["policy", "show", "rongcheng-2021"]],
        "city": [["city", "list"], ["city", "show", "beijing", "--size", "1k"]],
        "schema": [["schema", kind] for kind in ("policy", "city", "assumptions", "scenario", "result")],
        "doctor": [["doctor"]],
        "odd": [["odd"], ["odd", "--headlines"]],
        "verify": [["verify", "--list"], ["verify", "hysteresis"]],
        "lint": [["lint", FIRMS], ["lint", "rules"], ["lint", "rule", "AIA-0"], ["lint", "diff", FIRMS, FIRMS]],
    }
    studied = {
        "ranges",
        "challenge",
        "without",
        "compare",
        "fork",
    }  # a study plays a run many times over: see the tests of studies
    pages = {"open", "report", "figure"}  # what these write is no JSON: see the tests of pages and server
    assert set(answers) == {name for name, _, _ in COMMANDS} - studied - pages
    for name, calls in answers.items():
        for words in calls:
            done = call(*words, "--json", "--quiet")
            assert done.code == 0, (words, done.err)
            found = json.loads(done.out)
            assert found["$comment" if name == "schema" else "mark"] == MARK, words
