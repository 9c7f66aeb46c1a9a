"""Where things that can be made again are kept between runs: compiled kernels, built cities."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def cache_dir(room: str) -> Path:
    """Return a writable folder for `room` ("kernels", "cities"), made if missing.

    `VITROPOLIS_CACHE` wins, then `XDG_CACHE_HOME`, then `~/.cache`; a home that cannot be
    written to falls back to the system's temporary folder.
    """
    named = os.environ.get("VITROPOLIS_CACHE")
    home = Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vitropolis"
    for root in (home, Path(tempfile.gettempdir()) / "vitropolis-cache"):
        try:
            (root / room).mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(root / room, os.W_OK):
            return root / room
    return Path(tempfile.mkdtemp(prefix="vitropolis-"))
