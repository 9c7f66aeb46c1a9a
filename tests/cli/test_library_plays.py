"""Every policy of the library plays; what has no mechanism yet is listed, never passed over."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from tests.cli.calls import call

from vitropolis.policy import library, load_policy

NAMES = [name for name in library() if not name.endswith(("-harsh", "-lenient"))]


@pytest.mark.parametrize("name", NAMES)
def test_a_library_policy_plays(name: str, tmp_path: Path) -> None:
    first = load_policy(name).starts_on
    assert first is not None
    out = tmp_path / "run"
    days = ["--from", str(first), "--to", str(first + timedelta(days=27))]
    done = call("run", name, "--size", "1k", *days, "--no-ranges", "--out", out, "--quiet")
    assert (done.code, done.err) == (0, "")
    said = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert said["status"] == "complete"
    assert all(": " in part for parts in said["parts_not_played"].values() for part in parts)
