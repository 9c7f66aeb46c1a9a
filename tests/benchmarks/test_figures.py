"""Kept figures: written, read back, compared; slow-downs marked; the page says how the yardstick differs. No times."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from benchmarks.measure import NotRunError, apart, machine, peak_bytes
from benchmarks.whole import PHASES
from benchmarks.y1e.compare import Row, goals, lines_of
from benchmarks.y1e.versions import VERSIONS
from tests.house.test_no_way_in import locked
from tests.house.tree import ROOT

from benchmarks import figures

PAGE = ROOT / "docs" / "benchmarks.md"
TURNS = [{"kernel": 0.1, "phases": {"weeks": 1.0, "everything": 2.0, "city": 0.01}}] * 3


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "figures.json"
    monkeypatch.setattr(figures, "KEPT", path)
    return path


def test_ratios_are_times_over_the_kernel() -> None:
    ratios = figures.ratios_of(TURNS)
    assert ratios["weeks"] == pytest.approx([10.0] * 3)
    assert set(ratios) == {*PHASES, "everything"}


def test_a_slow_down_is_marked_and_only_a_slow_down(file: Path) -> None:
    figures.keep(figures.ratios_of(TURNS), [])
    slower = [{"kernel": 0.1, "phases": {"weeks": 1.2, "everything": 2.1, "city": 0.02}}] * 3
    lines = {line.split()[0]: line for line in figures.lines_of(figures.ratios_of(slower))}
    assert lines["weeks"].endswith("+20%  SLOWER")
    assert lines["everything"].endswith("+5%")
    assert lines["city"].endswith("+100%")  # too short to count
    assert not any("SLOWER" in line for line in figures.lines_of(figures.ratios_of(TURNS)))


def test_what_a_run_left_out_stays_as_it_was(file: Path) -> None:
    figures.keep({"yardstick": [1.0]}, [{"name": "NumPy"}])
    figures.keep({"weeks": [2.0]}, [])
    held = json.loads(file.read_text(encoding="utf-8"))
    assert set(held["ratios"]) == {"yardstick", "weeks"}
    assert held["versions"] == [{"name": "NumPy"}]


def test_before_anything_is_kept_nothing_is_compared(file: Path) -> None:
    assert figures.lines_of({"weeks": [1.0]})[-1].split()[-1] == "-"


def test_the_repository_keeps_figures_with_date_machine_and_every_phase() -> None:
    held = figures.kept()
    assert held["taken"][:2] == "20"
    assert set(held["machine"]) == set(machine())
    assert set(held["ratios"]) == {*PHASES, "everything", "yardstick"}
    assert {row["name"] for row in held["versions"]} == {each.name for each in VERSIONS}


def test_a_version_that_did_not_run_says_why_and_takes_no_part() -> None:
    rows = [Row(VERSIONS[0], 20_000, [100.0], [0.1], peaks=[10**7], empty=10**6)]
    rows.append(Row(VERSIONS[5], 20_000, wrong="NOT RUN: no such library"))
    lines = lines_of(rows)
    assert "NOT RUN: no such library" in lines[2]
    assert "1.00x" in lines[1]
    assert all("NOT MET" in line for line in goals(rows))


def test_a_process_that_fails_says_so() -> None:
    with pytest.raises(NotRunError, match="No module named"):
        apart(sys.executable, "benchmarks.no_such_module")


def test_the_lock_pins_by_hash_names_no_address_and_agrees_with_what_runs() -> None:
    text = (ROOT / "requirements" / "bench.lock").read_text(encoding="utf8")
    blocks = re.findall(r"^(\S+==\S+.*\n(?:    .*\n)*)", text, re.MULTILINE)
    assert {"mesa", "starsim"} <= set(locked("bench"))
    assert [block.splitlines()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert not re.search(r"https?:|file:|^-|@ ", text, re.MULTILINE)
    shared = locked("run").keys() & locked("bench").keys()
    assert {"numpy", "polars"} <= shared
    assert [name for name in shared if locked("run")[name] != locked("bench")[name]] == []
    assert not {"mesa", "starsim"} & (set(locked("run")) | set(locked("dev")))


def test_memory_is_measured_in_bytes() -> None:
    assert peak_bytes() > 10_000_000


@pytest.mark.parametrize(
    "words",
    ["chance of an offence", "household", "appeals", "travel", "the day after", "invented", "again", "districts"],
)
def test_the_page_says_how_it_differs(words: str) -> None:
    _, _, differs = PAGE.read_text(encoding="utf-8").partition("## What differs")
    assert words in differs.partition("\n## ")[0]
