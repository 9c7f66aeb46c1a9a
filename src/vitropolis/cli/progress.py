"""Progress on standard error: a bar for people at a terminal, lines for logs, one JSON object a line for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from vitropolis.base.figures import time_of
from vitropolis.cli.options import ProgressKind
from vitropolis.cli.output import Voice

if TYPE_CHECKING:
    from vitropolis.results import Progress

Listener = Callable[["Progress"], None]


def kind_of(asked: ProgressKind, voice: Voice) -> ProgressKind:
    """Return what `auto` means here: nothing where quiet, a bar on a terminal, else lines."""
    if asked != "auto":
        return asked
    if voice.quiet:
        return "none"
    return "bar" if sys.stderr.isatty() else "plain"


@contextmanager
def listener(asked: ProgressKind, voice: Voice) -> Iterator[Listener]:
    """Yield what a run tells its progress to; it is taken away again when the run is over, however it ends."""
    kind = kind_of(asked, voice)
    if kind == "bar":
        with _bar(voice) as tell:
            yield tell
    else:
        listeners: dict[str, Listener] = {"json": _as_json, "plain": _Lines(), "none": _silent}
        yield listeners[kind]


def _silent(progress: Progress) -> None:
    """Say nothing."""


def as_record(progress: Progress) -> dict[str, Any]:
    """Return the object that `--progress json` prints: phase, date or null, fraction 0 to 1, what else is known."""
    return {
        "phase": progress.phase,
        "date": progress.date.isoformat() if progress.date else None,
        "fraction": round(progress.fraction, 6),
        "resident_days_per_s": _known(progress.resident_days_per_s),
        "seconds_left": _known(progress.seconds_left),
        "headline": progress.headline,
    }


def _known(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


def _as_json(progress: Progress) -> None:
    print(json.dumps(as_record(progress), ensure_ascii=False, default=str), file=sys.stderr, flush=True)


class _Lines:
    """One line at the start of each phase and whenever a tenth more is done."""

    def __init__(self) -> None:
        self.phase, self.tenth = "", -1

    def __call__(self, progress: Progress) -> None:
        phase, tenth = stage(progress.phase), int(progress.fraction * 10 + 1e-9)
        if phase == self.phase and tenth <= self.tenth:
            return
        self.phase, self.tenth = phase, tenth
        print(line_of(progress), file=sys.stderr, flush=True)


def stage(phase: str) -> str:
    """Return a phase without its step: `building the city: ages` is `building the city`."""
    return phase.partition(":")[0]


def line_of(progress: Progress) -> str:
    """Return one line: `playing 40 % 2019-09-22, 12.3 M resident-days/s, 31 s left, enrolled 1,234, ...`."""
    day = f" {progress.date}" if progress.date else ""
    return ", ".join(
        [
            f"{stage(progress.phase)} {progress.fraction * 100:.0f} %{day}",
            *_speed(progress),
            *headline_of(progress.headline),
        ]
    )


def _speed(progress: Progress) -> list[str]:
    found = []
    if progress.resident_days_per_s:
        found.append(f"{progress.resident_days_per_s / 1e6:.3g} M resident-days/s")
    if progress.seconds_left and progress.fraction < 1 and (left := time_of(progress.seconds_left)) != "0.0 s":
        found.append(f"{left} left")
    return found


def headline_of(headline: Mapping[str, int]) -> list[str]:
    """Return the head counts that people watch: `enrolled 1,234`, `records 99 (7 wrong)`, `listings 3`."""
    found = [f"{name} {headline[name]:,}" for name in ("enrolled", "records", "listings") if name in headline]
    return [f"{part} ({headline['wrong_records']:,} wrong)" if part.startswith("records") else part for part in found]


@contextmanager
def _bar(voice: Voice) -> Iterator[Listener]:
    """A line with the bar, speed and time left, and one with the head counts below it."""
    from rich.console import Console, Group
    from rich.live import Live
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    console = Console(stderr=True, no_color=not voice.color, highlight=False)
    text, share, rest = "{task.description}", "{task.percentage:3.0f} %", "{task.fields[said]}"
    bar = Bar(TextColumn(text), BarColumn(12), TextColumn(share), TextColumn(rest), console=console)
    task = bar.add_task("", total=1.0, said="")
    with Live(bar, console=console, transient=True) as live:

        def tell(progress: Progress) -> None:
            day = f" {progress.date}" if progress.date else ""
            said = ", ".join(_speed(progress))
            bar.update(task, description=stage(progress.phase) + day, completed=progress.fraction, said=said)
            counts = Text(", ".join(headline_of(progress.headline)), no_wrap=True, overflow="ellipsis")
            live.update(Group(bar, counts))

        yield tell
