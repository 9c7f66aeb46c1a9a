"""Whole studies of a small run: what they say, that they go on where they were stopped, that they are its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from tests.study.small import ALONE, SETS, read, study, told

from vitropolis.base.errors import InterruptedRun, RefusedError, UsageError
from vitropolis.base.mark import MARK
from vitropolis.results.progress import Progress
from vitropolis.study.study import PARTS, challenge_run, missing
from vitropolis.study.told import challenge_lines, range_lines


def test_every_part_is_marked_and_belongs_to_the_run(studied: Path) -> None:
    assert missing(studied) == ()
    run = json.loads((studied / "run.json").read_text())
    for part in PARTS:
        found = read(studied, part)
        assert (found["mark"], found["seed"], found["schema"]) == (MARK, run["seed"], f"vitropolis.study.{part}/1")


def test_nothing_is_played_twice(copied: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in copied.rglob("*.json")}
    assert study(copied) == {}
    assert {path: path.stat().st_mtime_ns for path in copied.rglob("*.json")} == before


def test_only_what_is_missing_is_played_and_comes_out_the_same(copied: Path) -> None:
    before = {part: told(copied, part) for part in PARTS}
    kept = {path: path.stat().st_mtime_ns for path in (copied / "study").glob("*/*.json")}
    for name in ("ranges.json", "ranges/002.json", "nodeterrence.json", "nodeterrence/000.json"):
        (copied / "study" / name).unlink()
    assert missing(copied) == ("nodeterrence", "ranges")
    assert set(study(copied, threads=1, chunk=512)) == {"nodeterrence", "ranges"}
    assert {part: told(copied, part) for part in PARTS} == before
    anew = {path for path, when in kept.items() if path.stat().st_mtime_ns != when}
    assert sorted(path.relative_to(copied / "study").as_posix() for path in anew) == [
        "nodeterrence/000.json",
        "ranges/002.json",
    ]


def test_stopping_loses_one_pass_and_says_how_to_go_on(copied: Path) -> None:
    shutil.rmtree(copied / "study" / "channels")
    (copied / "study" / "channels.json").unlink()
    before = read(copied, "ranges")
    room = copied / "study" / "channels"

    def stop(progress: Progress) -> None:
        if progress.phase == "channels" and room.exists():
            raise KeyboardInterrupt  # while the second pass is played

    with pytest.raises(InterruptedRun, match="goes on"):
        study(copied, threads=1, progress=stop)
    assert [path.name for path in room.iterdir()] == ["000.json"]
    assert missing(copied) == ("channels",)
    study(copied)
    assert missing(copied) == ()
    assert read(copied, "ranges") == before


def test_every_headline_has_a_range_that_holds_all_its_values(studied: Path) -> None:
    found, moved = read(studied, "ranges"), 0
    assert found["sets"] == SETS
    assert 1 <= len(found["played_alone"]) <= ALONE
    for row in (row for rows in found["headlines"].values() for row in rows.values()):
        known = [number for number in row["values"] if number is not None]
        assert len(row["values"]) == SETS
        assert row["undefined"] == SETS - len(known)
        if known:
            everything = [number for number in (*known, row["value"]) if number is not None]
            assert (row["low"], row["high"]) == (min(everything), max(everything))
            assert row["low"] <= row["p10"] <= row["p90"] <= row["high"]
            moved += row["low"] < row["high"]
        assert all(each["path"] in found["played_alone"] for each in row["drivers"])
    assert moved >= 20


def test_the_curve_rises_with_the_error_rates(studied: Path) -> None:
    for rows in read(studied, "curve")["worlds"].values():
        assert [row["target"] for row in rows] == [0.0001, 0.0003, 0.001, 0.003, 0.01]
        for counted in ("wrong_records", "wrongly_hit"):
            numbers = [row[counted] for row in rows]
            assert numbers == sorted(numbers)
        assert 0.005 < rows[-1]["share"] < 0.02  # a small run: some dozen wrong records


def test_channels_are_told_of_every_disparity(studied: Path) -> None:
    for parts in read(studied, "channels")["worlds"].values():
        assert len(parts) == 12
        for part in parts.values():
            undefined = {name for name, ratio in {**part["levelled"], **part}.items() if ratio is None}
            assert set(part["undefined"]) <= undefined | {"base", "all"}
        assert parts["ratio_wrongly_sex"]["levelled"]["error"] is None  # without errors nobody is wrongly hit


def test_without_deterrence_almost_no_harm_is_avoided(studied: Path) -> None:
    for row in read(studied, "nodeterrence")["worlds"].values():
        assert abs(row["twin_harmful_acts"] - row["harmful_acts"]) <= max(2, row["twin_harmful_acts"] // 100)
        assert row["as_written"]["harmful_acts"] <= row["harmful_acts"]


def test_pages_fit_a_terminal(studied: Path, copied: Path) -> None:
    lines = [*range_lines(read(studied, "ranges")), *challenge_lines(challenge_run(copied))]
    assert max(map(len, lines)) <= 80
    assert sum(line.startswith(MARK) for line in lines) == 2


@pytest.mark.parametrize("name", ["run", "seed", "mark"])
def test_a_study_of_another_run_is_refused(copied: Path, name: str) -> None:
    path = copied / "study" / "ranges.json"
    path.write_text(json.dumps({**read(copied, "ranges"), name: "other"}))
    with pytest.raises(RefusedError, match=r"a study of another run; remove .* and study again"):
        missing(copied)


def test_a_study_by_another_version_is_refused(copied: Path) -> None:
    path = copied / "study" / "curve.json"
    path.write_text(json.dumps({**read(copied, "curve"), "version": "0.0.1"}))
    with pytest.raises(RefusedError, match=r"version 0\.0\.1"):
        missing(copied)


def test_a_run_that_was_interrupted_is_not_studied(copied: Path) -> None:
    said = json.loads((copied / "run.json").read_text())
    (copied / "run.json").write_text(json.dumps({**said, "status": "interrupted"}))
    with pytest.raises((UsageError, RefusedError)):
        missing(copied)
