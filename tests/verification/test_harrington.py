"""State-dependent supervision: thresholds exactly, shares as firms play them; and what another constant would do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vitropolis.verification.firm_sizes import AXTELL, WITHIN, exponent
from vitropolis.verification.harrington import ROWS, exact_cases, main, played, played_cases
from vitropolis.verification.inspection import cases
from vitropolis.verification.quiet import city_of

ROOT = Path(__file__).parents[2]
EXACT = "from vitropolis.verification.harrington import exact_cases; print(all(case.holds for case in exact_cases()))"


def test_thresholds_and_shares_are_the_published_ones() -> None:
    assert [case.name for case in exact_cases() if not case.holds] == []


def test_firms_play_the_published_shares() -> None:
    assert [f"{case.name} {case.got}" for case in played_cases(20_000) if not case.holds] == []


def test_two_fifths_are_in_the_target_group() -> None:
    shares = played(ROWS[:1], 200_000, weeks=60)[0]
    assert abs(shares[-20:].mean() - 0.4) < 0.003


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("target = d2 * f2 / (1 - discount)", "target = d2 * f2 / (2 - discount)"),
        ("discount * release * (target - good)", "release * (target - good)"),
        ("discount * (1 - d1))", "discount * (1 - d2))"),
    ],
)
def test_another_constant_misses(tmp_path: Path, old: str, new: str) -> None:
    copied = tmp_path / "src"
    shutil.copytree(ROOT / "src" / "vitropolis", copied / "vitropolis", ignore=shutil.ignore_patterns("__pycache__"))
    path = copied / "vitropolis" / "model" / "compliance.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert _holds(ROOT / "src") == "True"
    assert _holds(copied) == "False"


def _holds(source: Path) -> str:
    paths = os.pathsep.join([str(source), str(ROOT)])
    ran = subprocess.run(
        [sys.executable, "-c", EXACT],
        env={**os.environ, "PYTHONPATH": paths},
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.strip()


def test_inspections_at_random_find_what_they_should() -> None:
    assert [f"{case.name} {case.got}" for case in cases(20) if not case.holds] == []


def test_the_tail_of_firm_sizes() -> None:
    assert abs(exponent(city_of(200_000).firm_size) - AXTELL) < WITHIN


@pytest.mark.long
def test_a_million_firms() -> None:
    assert main()
