"""How this program is called from where the reader stands."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

NAME = "vitropolis"


def program() -> str:
    """Return `vitropolis` if a shell finds it by that name, else the way by which it was called, from here."""
    called = Path(sys.argv[0])
    if called.name != NAME or shutil.which(NAME) is not None or not called.is_file():
        return NAME
    way = os.path.relpath(called)
    return way if len(way) <= len(str(called)) else str(called)
