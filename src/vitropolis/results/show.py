"""What is printed of a finished run: what it was, what it found, how far to trust it, where everything is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import wrap
from typing import Any

from vitropolis.base.figures import WIDTH, size_of, time_of
from vitropolis.base.program import program

NAME = 16  # columns for the name of a count
SMALL = 20_000  # residents below which a summary says that they are few
TIMED = 10_000_000  # resident-days from which on the time for one means something


def run_lines(manifest: Mapping[str, Any], folder: Path, outputs: bool = False, below: bool = False) -> Iterator[str]:
    """Yield the facts of a run, in lines of at most 80 columns: what was played and counted, at which cost, and where.

    outputs: with the content hash of every output. below: a report stands above, so what it says is left out.
    """
    if below:
        yield "This run"
        yield from _worlds(manifest)
    else:
        yield from _head(manifest)
    yield ""
    yield from _counts(manifest)
    yield ""
    yield from (_channels(manifest) if below else _caveats(manifest))
    yield from _costs(manifest)
    if outputs:
        yield from (f"{entry['content'][:16]}  {name}" for name, entry in manifest["outputs"].items())
    yield f"folder: {folder}"
    command = "open" if manifest["status"] == "complete" else "resume"
    yield f"next:   {program()} {command} {folder}"


def _head(manifest: Mapping[str, Any]) -> Iterator[str]:
    city, seed = manifest["city"], manifest["seed"]
    mark = str(manifest["mark"])
    yield f"{mark[:1].upper()}{mark[1:]}: {city['name']} with {manifest['residents']:,} residents, seed {seed}."
    yield f"{manifest['from']} to {manifest['to']}, {manifest['days']} days, {manifest['status']}."
    yield from _worlds(manifest)


def _worlds(manifest: Mapping[str, Any]) -> Iterator[str]:
    for world in manifest["worlds"]:
        filling = f", filling {world['filling']}" if world["filling"] else ""
        yield from _line(f"world {world['name']}{filling}: {world['title']}")


def _counts(manifest: Mapping[str, Any]) -> Iterator[str]:
    """The head counts, one column for each world; a filling stands for the world that plays it."""
    heads: Mapping[str, Mapping[str, int]] = manifest["headline"]
    titles = {world["name"]: world["filling"] or world["name"] for world in manifest["worlds"]}
    if not heads:
        yield "Nothing was played yet."
        return
    width = (WIDTH - NAME) // len(heads)
    yield f"{'':<{NAME}}" + "".join(f"{titles[name][: width - 2]:>{width}}" for name in heads)
    for count in next(iter(heads.values())):
        yield f"{count.replace('_', ' '):<{NAME}}" + "".join(f"{head[count]:>{width},}" for head in heads.values())


def _caveats(manifest: Mapping[str, Any]) -> Iterator[str]:
    """How far to trust it. Parts not played are grouped by what they wait for."""
    if manifest["residents"] < SMALL:
        yield f"So few residents show no rare outcomes: play {SMALL:,} or more to see them."
    for name, parts in manifest["parts_not_played"].items():
        if parts:
            yield from _line(unplayed_said(name, parts))
    taken = manifest.get("defaults_taken", [])
    if taken:
        yield from _line(defaults_said(len(taken)))
    yield from _line("The lists are in run.json: parts_not_played, defaults_taken.")
    if manifest["fillings_missing"]:
        missing = ", ".join(manifest["fillings_missing"])
        yield from _line(f"Fillings not played: {missing} (--filling all plays all of them).")
    yield from _line(f"{manifest['values_sourced']}.")
    yield from _channels(manifest)


def _channels(manifest: Mapping[str, Any]) -> Iterator[str]:
    yield from _line(f"Channels open: {', '.join(manifest['open_channels'])}.")
    yield ""


def defaults_said(count: int) -> str:
    """How many defaults stand in for what the policy does not say."""
    return f"Where the policy says nothing, {count} default{'s were' if count != 1 else ' was'} taken."


def unplayed_said(name: str, parts: Sequence[str]) -> str:
    """How many parts of a policy are not played, and for want of what."""
    count = "1 part" if len(parts) == 1 else f"{len(parts)} parts"
    are = "is" if len(parts) == 1 else "are"
    return f"{count} of {name} {are} not played, since the model lacks: {grouped(parts)}."


def grouped(parts: Sequence[str]) -> str:
    """What parts that are not played wait for, with how many of them: `firms (21), speech (1)`."""
    waiting = Counter(part.partition(": waits for ")[2] for part in parts)
    return ", ".join(f"{name} ({count})" for name, count in waiting.most_common())


def _costs(manifest: Mapping[str, Any]) -> Iterator[str]:
    seconds = manifest.get("seconds", {})
    if seconds:
        phases = ", ".join(f"{phase} {time_of(spent)}" for phase, spent in seconds.items() if spent >= 0.05)
        yield from _line(f"time: {phases}")
        said = [f"{size_of(manifest['peak_memory_bytes'])} of memory at most"]
        if manifest["residents"] * manifest["days_played_here"] >= TIMED:
            said.insert(0, f"{manifest['ns_per_resident_day']:.3g} ns for a resident and day")
        yield from _line(f"      {', '.join(said)}")


def _line(text: str) -> list[str]:
    return wrap(text, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
