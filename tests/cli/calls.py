"""Calls of the command line: in this process for speed, in one of its own where the process itself matters."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vitropolis.cli import main


@dataclass(frozen=True)
class Done:
    """What a call came to."""

    code: int
    out: str
    err: str


def call(*words: str | Path) -> Done:
    """Call `main` in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([str(word) for word in words])
    return Done(code, out.getvalue(), err.getvalue())


def process(*words: str | Path, module: bool = True, cwd: Path | None = None, **settings: str) -> Done:
    """Call in a process of its own: `python -m vitropolis`, or the script `vitropolis`."""
    start = [sys.executable, "-m", "vitropolis"] if module else [str(Path(sys.executable).parent / "vitropolis")]
    done = subprocess.run(
        [*start, *map(str, words)], capture_output=True, text=True, check=False, cwd=cwd, env={**os.environ, **settings}
    )
    return Done(done.returncode, done.stdout, done.stderr)


def listing(folder: Path) -> dict[str, int]:
    """Every file and folder below a folder, with the size of files."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_size if path.is_file() else -1 for path in folder.rglob("*")
    }


@contextlib.contextmanager
def nothing_left(folder: Path) -> Iterator[None]:
    """See that a folder holds afterwards what it held before."""
    before = listing(folder)
    yield
    assert listing(folder) == before
