"""Processor seconds, peak memory, and what machine this is; what one measured process prints for the one that asked."""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
ALONE = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
QUIET = {"MPLBACKEND": "Agg", "STARSIM_INSTALL_FONTS": "0"}


class NotRunError(Exception):
    """A measured process did not come to its end; the text says why in one line."""


def peak_bytes() -> int:
    """Most memory this process ever held, in bytes: its own, where the system tells it apart from its parent's."""
    try:
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
    except (OSError, StopIteration):
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return held if sys.platform == "darwin" else held * 1024


def forget_peak() -> None:
    """Let the peak begin anew at what is held now, where the system can."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def machine() -> dict[str, Any]:
    """What the figures were taken on."""
    from importlib.metadata import version

    packages = {name: version(name) for name in ("numba", "numpy", "polars")}
    return {"processor": _processor(), "cores": os.cpu_count(), "python": platform.python_version(), **packages}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def apart(python: str, module: str, *words: object) -> dict[str, Any]:
    """Run `python -m module words` on one thread; return the object in its last line. NotRunError if it fails."""
    call = [python, "-m", module, *(str(word) for word in words)]
    alone = dict.fromkeys(ALONE, "1")
    done = subprocess.run(
        call, cwd=ROOT, env={**os.environ, **alone, **QUIET}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise NotRunError(said[-1][:200])
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def say(*lines: str) -> None:
    """Print lines."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()
