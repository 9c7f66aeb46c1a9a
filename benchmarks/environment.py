"""The environment of the libraries that only benchmarks need: `.venv-bench`, from `requirements/bench.lock`."""

from __future__ import annotations

import subprocess
import sys

from benchmarks.measure import ROOT, say

FOLDER = ROOT / ".venv-bench"
PYTHON = FOLDER / "bin" / "python"
LOCK = ROOT / "requirements" / "bench.lock"
STAMP = FOLDER / "bench.lock"


def make() -> None:
    """Make or renew the environment; where that cannot be done, say why and leave the rest to go on without it."""
    if STAMP.exists() and STAMP.read_bytes() == LOCK.read_bytes() and PYTHON.exists():
        return
    say("making .venv-bench with starsim and Mesa, once ...")
    steps = (
        [sys.executable, "-m", "venv", "--clear", str(FOLDER)],
        [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-input",
            "--require-hashes",
            "--only-binary",
            ":all:",
            "-r",
            str(LOCK),
        ],
    )
    for step in steps:
        done = subprocess.run(step, cwd=ROOT, capture_output=True, text=True, check=False)
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line.strip()] or ["no output"]
            say(f".venv-bench could not be made: {said[-1][:200]}")
            return
    (FOLDER / ".gitignore").write_text("*\n", encoding="ascii")
    STAMP.write_bytes(LOCK.read_bytes())
