"""What goes wrong, in words a user can act on: no traceback ever, the exit codes of `base.errors`."""

from __future__ import annotations

import errno
import platform
import sys
import tempfile
import traceback
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from vitropolis import __version__
from vitropolis.base.errors import VitropolisError
from vitropolis.cli.output import note_record

RESOURCE, INTERNAL, INTERRUPTED = 5, 70, 130
MOST_LINES = 20
_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_RIGHTS = (errno.EACCES, errno.EPERM, errno.EROFS)
_PLACE = (errno.ENAMETOOLONG, errno.ENOTDIR, errno.ELOOP, errno.EMFILE, errno.ENFILE, errno.EIO)
_NO_SPACE_WORDS = ("No space left on device", "os error 28", "errno = 28", "Disk quota exceeded")


def explain(error: BaseException, call: Sequence[str]) -> tuple[int, list[str]]:
    """Return the exit code for an error and the lines that tell of it; an unexpected one is written to a log file."""
    if isinstance(error, VitropolisError):
        return error.exit_code, _shortened(str(error).splitlines() or [type(error).__name__])
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED, ["interrupted; nothing was kept"]
    if isinstance(error, MemoryError):
        return RESOURCE, ["out of memory: take a smaller --size, or fewer --threads"]
    known = _resource(error) if isinstance(error, Exception) else ""
    return (RESOURCE, [known]) if known else (INTERNAL, _internal(error, call))


def _shortened(lines: list[str]) -> list[str]:
    left = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], f"... and {left} more"] if left > 0 else lines


def _resource(error: Exception) -> str:
    """The one line for what the machine lacks; empty where it is not that."""
    number = getattr(error, "errno", None)
    place = getattr(error, "filename", None) or ""
    where = f": {place}" if place else ""
    if number in _SPACE or any(word in str(error) for word in _NO_SPACE_WORDS):
        return f"no space left on the disk{where}; make room, or choose another place with --out"
    if not isinstance(error, OSError):
        return ""
    if number in _RIGHTS:
        return f"no permission{where}; choose another place with --out, or change the rights"
    if number == errno.ENOMEM:
        return "out of memory: take a smaller --size, or fewer --threads"
    return f"{error.strerror}{where}" if number in _PLACE else ""


def _internal(error: BaseException, call: Sequence[str]) -> list[str]:
    said = " ".join(str(error).split())[:200]
    name = type(error).__name__ + (f": {said}" if said else "")
    log = _log(error, call)
    kept = f"the traceback is in {log}" if log else "its traceback could not be kept"
    return [f"internal error ({name}); this is our mistake: {kept}; please send it to the project with what you typed"]


def _log(error: BaseException, call: Sequence[str]) -> Path | None:
    head = [
        f"vitropolis {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"call: {list(call)}",
    ]
    text = "\n".join([*head, "", *traceback.format_exception(error)])
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="vitropolis-error-", suffix=".log", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as file:
            file.write(text)
    except OSError:
        return None
    return Path(file.name)


def say(lines: Sequence[str], code: int, call: Sequence[str]) -> None:
    """Print what went wrong on standard error, in the form the call asks for."""
    words = list(call)
    records = "--progress=json" in words or ("--progress", "json") in pairwise(words)
    for line in map(_visible, lines):
        text = note_record(line, "failed", exit_code=code) if records else f"vitropolis: {line}"
        print(text, file=sys.stderr, flush=True)


def _visible(line: str) -> str:
    """A file's name or content may hold characters that steer a terminal: they are shown, not sent."""
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in line)
