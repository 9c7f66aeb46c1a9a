"""What goes wrong while a run is written: one message, and nothing half-written stays."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import Any

import pytest
from tests.results.small import contents, setup_of

from vitropolis.base.errors import ResourceError, UsageError
from vitropolis.base.npyfile import NpyFile
from vitropolis.results import Progress, play_to_folder, resume
from vitropolis.results.weekly import layout_of

KEYS = [
    "assumptions", "bytes_per_resident", "call", "city", "days", "days_played_here", "defaults_taken", "envelope",
    "fillings_missing", "fired", "format", "from", "gaps", "headline", "inputs", "mark", "ns_per_resident_day",
    "open_channels",
    "outputs", "parts_not_played", "peak_memory_bytes", "platform", "residents", "scenario", "seconds", "seed",
    "status", "tables", "to", "values_sourced", "versions", "weeks_played", "what", "worlds",
]  # fmt: skip


def test_run_json_says_everything(whole: Path) -> None:
    said = json.loads((whole / "run.json").read_text())
    assert sorted(said) == KEYS
    assert said["status"] == "complete"
    assert said["weeks_played"] == 12
    assert said["open_channels"] == [
        "own record", "household", "employer", "district mood", "false match", "campaign cut", "speech climate",
        "appeals queue", "legal representative", "lay-offs", "trust", "places in queues",
    ]  # fmt: skip
    assert [(each["name"], each["filling"]) for each in said["worlds"]] == [
        ("beijing-2018-press-harsh", "harsh"), ("none", None),
    ]  # fmt: skip
    files = ["beijing-2018-press.policy.yaml", "beijing-2018-press-harsh.policy.yaml"]
    assert [each["made_of"] for each in said["worlds"]] == [files, [*files, "none"]]
    assert said["values_sourced"] == "1 of 129 values of beijing-2018-press-harsh, 1 of 515 assumptions are sourced"
    assert {"conduct.threshold", "rules.0", "entry.ramp"} <= set(said["tables"])
    assert said["envelope"]["capped_share"] == 0
    assert 0 < said["envelope"]["half_squared_rate"] < 0.001
    assert set(said["inputs"]) >= {"run.scenario.yaml", "policies/beijing-2018-press.policy.yaml"}
    assert not (whole / "unfinished").exists()


def test_progress_grows_from_nothing_to_done(tmp_path: Path) -> None:
    told: list[Progress] = []
    play_to_folder(setup_of(size=1000, days=30), tmp_path / "run", progress=told.append)
    fractions = [each.fraction for each in told]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0, 1)
    assert [each.phase for each in told if each.phase != "playing"][-2:] == ["writing", "done"]
    assert sum(each.phase == "playing" for each in told) == 5
    assert list(told[-1].headline) == ["enrolled", "acts", "records", "wrong_records", "listings", "on_black_list"]


def test_a_folder_that_is_taken_is_left_alone(tmp_path: Path, whole: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"exists and is not empty; choose another folder$"):
        play_to_folder(setup_of(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(UsageError, match="`vitropolis resume` continues an interrupted run"):
        play_to_folder(setup_of(), whole)
    with pytest.raises(UsageError, match="exists and is not empty"):
        play_to_folder(setup_of(), tmp_path / "mine.txt")


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    play_to_folder(setup_of(size=1000, days=7), tmp_path / "run")
    assert (tmp_path / "run" / "lists.parquet").is_file()


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ResourceError, match=r"a file stands in the way .*; choose another --out") as refused:
        play_to_folder(setup_of(), tmp_path / "file" / "run")
    assert refused.value.exit_code == 5
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


class Disk:
    """A disk that is full after so many appended rows; appends are what a run mostly writes."""

    def __init__(self, rows: int) -> None:
        self.left, self.append = rows, NpyFile.append

    def __call__(self, file: NpyFile, rows: Any) -> None:
        self.left -= rows.size
        if self.left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.append(file, rows)


def test_a_disk_that_is_full_before_the_first_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk(100_000)
    monkeypatch.setattr(NpyFile, "append", lambda file, rows: disk(file, rows))
    with pytest.raises(ResourceError) as refused:
        play_to_folder(setup_of(), tmp_path / "run")
    assert str(refused.value) == (
        f"{tmp_path / 'run'}: cannot be written: the disk is full; nothing is kept, since no checkpoint was written yet"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_is_full_later_leaves_what_can_be_resumed(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(7 * layout_of(setup_of().plan).size)
    out = tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr(NpyFile, "append", lambda file, rows: disk(file, rows))
        with pytest.raises(ResourceError, match="the disk is full; continue with: vitropolis resume"):
            play_to_folder(setup_of(), out)
    assert not [path for path in out.rglob(".*")]
    resume(out)
    assert contents(out) == contents(whole)
