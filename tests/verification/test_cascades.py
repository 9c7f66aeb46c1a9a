"""Cascades of speaking: published numbers through the city's kernel, and that another constant is noticed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from vitropolis.verification.cascades import CRITICAL, STEP, exact_cases, normal, normal_cases

ROOT = Path(__file__).parents[2]
CHANGES = (
    ("if thresholds[place] + risk <= before:", "if thresholds[place] + risk < before:"),
    ("found += weights[place]", "found += 1"),
    ("before: int = 0, risk: int = 0", "before: int = 1, risk: int = 0"),
)


def test_what_is_exact_is_exact() -> None:
    assert [case.name for case in exact_cases() if case.got != case.expected] == []


def test_normal_thresholds_jump_where_they_should() -> None:
    assert [case.name for case in normal_cases(1 << 20) if not case.holds] == []
    assert normal(CRITICAL - STEP, 1 << 20) < 6.2 < 99 < normal(CRITICAL + STEP, 1 << 20)


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_one_constant_changed_in_a_copied_tree_misses_its_number(change: tuple[str, str], tmp_path: Path) -> None:
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    speech = tmp_path / "src" / "vitropolis" / "model" / "speech.py"
    text = speech.read_text(encoding="utf-8")
    assert text.count(change[0]) == 1
    assert played(tmp_path) == 0
    speech.write_text(text.replace(*change), encoding="utf-8")
    assert played(tmp_path) == 1


def played(folder: Path) -> int:
    """The exit code of the exact cascades in a copied tree, without compiling."""
    env = {**os.environ, "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{folder}", "NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-m", "vitropolis.verification.cascades", "100"]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, timeout=300, check=False).returncode
