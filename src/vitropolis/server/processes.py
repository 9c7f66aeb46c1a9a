"""Which process is the one that was begun: a number alone goes to another process some day."""

from __future__ import annotations

import subprocess
from pathlib import Path


def is_going(pid: int, birth: str, name: str) -> bool:
    """Whether a process is still the one that was begun then, by this program, for the folder of this name."""
    return pid > 0 and birth != "" and birth_of(pid) == birth and _plays(pid, name)


def _plays(pid: int, name: str) -> bool:
    """Whether a process is this program's and was given that folder, where the system says what it was called with."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode("utf-8", "surrogateescape").split("\0")
    except OSError:
        return not Path("/proc/self/cmdline").exists()
    return "vitropolis" in words and any(Path(word).name == name for word in words if word)


def birth_of(pid: int) -> str:
    """When a process began, as the system says it; empty where there is no such process, or it is over."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    except (OSError, IndexError):
        return "" if Path("/proc/self/stat").exists() else _birth_told(pid)


def _birth_told(pid: int) -> str:
    """The same where there is no /proc."""
    told = subprocess.run(["ps", "-o", "lstart=,stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    words = told.stdout.split()
    return "" if not words or words[-1].startswith("Z") else " ".join(words[:-1])
