"""`vitropolis ranges` and `vitropolis challenge`: what they print, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.calls import call
from tests.study.small import SETS

from vitropolis.base.mark import MARK
from vitropolis.study.study import challenge_run


def test_ranges_prints_what_is_kept(studied: Path) -> None:
    done = call("ranges", studied, "--quiet")
    assert (done.code, done.err) == (0, "")
    assert f"{SETS} sets of values" in done.out
    assert "under the values as written" in done.out
    assert done.out.rstrip().splitlines()[-1].startswith(MARK)


def test_ranges_as_json_holds_every_value(studied: Path) -> None:
    done = call("ranges", studied, "--json", "--quiet")
    found = json.loads(done.out)
    assert (found["schema"], found["mark"], found["sets"]) == ("vitropolis.study.ranges/1", MARK, SETS)
    assert all(len(row["values"]) == SETS for rows in found["headlines"].values() for row in rows.values())


def test_challenge_tells_every_story(copied: Path) -> None:
    told = challenge_run(copied)
    done = call("challenge", copied, "--quiet")
    assert (done.code, done.err) == (0, "")
    words = " ".join(done.out.split())
    assert words.count("the run has no number") + words.count("turns at") == len(told["verdicts"])
    found = json.loads(call("challenge", copied, "--json", "--quiet").out)
    assert found["verdicts"] == told["verdicts"]


def test_a_folder_that_is_no_run_is_refused_in_one_line(tmp_path: Path) -> None:
    for command in ("ranges", "challenge"):
        done = call(command, tmp_path, "--quiet")
        assert done.code == 2
        assert done.err.strip() == f"vitropolis: {tmp_path} is no run folder: it has no run.json"


def test_a_study_of_another_run_is_refused_in_one_line(copied: Path) -> None:
    path = copied / "study" / "ranges.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "run": "0" * 64}))
    done = call("ranges", copied, "--quiet")
    assert done.code == 4
    said = f"vitropolis: {path} is a study of another run; remove {copied / 'study'} and study again"
    assert done.err.strip() == said
