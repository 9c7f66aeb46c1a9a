"""The two ways out: data to standard output, everything else to standard error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vitropolis.base.errors import UsageError
from vitropolis.base.mark import MARK
from vitropolis.cli.options import Common


@dataclass(frozen=True)
class Voice:
    """How a command speaks: as text or JSON, with notes or quietly, with colours or without."""

    json: bool = False
    quiet: bool = False
    color: bool = True
    records: bool = False

    @classmethod
    def of(cls, common: Common, progress: str = "") -> Voice:
        """Return the voice that the common options ask for; with the progress `json` notes are records too."""
        return cls(common.json, common.quiet, not (common.no_color or os.environ.get("NO_COLOR")), progress == "json")

    def note(self, text: str = "") -> None:
        """Say one line on standard error, unless asked to be quiet."""
        if self.records:
            print(note_record(text), file=sys.stderr, flush=True)
        elif not self.quiet:
            print(text, file=sys.stderr, flush=True)

    def lines(self, lines: Iterable[str]) -> None:
        """Print lines on standard output."""
        for line in lines:
            print(line)

    def answer(self, kind: str, data: Mapping[str, Any], lines: Iterable[str]) -> None:
        """Print the answer: `data` as one marked JSON object of `vitropolis.<kind>/1` if asked for, else `lines`."""
        if self.json:
            print(answer_text(kind, data), end="")
        else:
            self.lines(lines)


def answer_text(kind: str, data: Mapping[str, Any]) -> str:
    """Return an answer as text: one marked JSON object of `vitropolis.<kind>/1`."""
    return to_json({"schema": f"vitropolis.{kind}/1", **data, "mark": MARK}) + "\n"


def note_record(text: str, phase: str = "note", **more: Any) -> str:
    """Return a note in the form of `--progress json`: one object on one line."""
    return json.dumps({"phase": phase, "date": None, "fraction": 0.0, "text": text, **more}, ensure_ascii=False)


def to_json(data: Mapping[str, Any]) -> str:
    """Return data as readable JSON; what JSON has no word for (dates, paths) as text."""
    return json.dumps(_plain(data), indent=2, ensure_ascii=False, allow_nan=False)


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value)


def deliver(text: str, out: Path | None) -> None:
    """Print a report, or write it to a file that does not exist yet. UsageError if it does."""
    if out is None:
        sys.stdout.write(text)
        return
    try:
        with out.open("x", encoding="utf-8") as stream:
            stream.write(text)
    except FileExistsError:
        raise UsageError(f"{out} exists already; choose another name with --out") from None
    except FileNotFoundError:
        why = "nothing can be written there" if out.parent.is_dir() else f"{out.parent} does not exist"
        raise UsageError(f"{out}: {why}; choose another place with --out") from None
