"""What `vitropolis show` says of a run folder, in 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any

from vitropolis.base.mark import mark_line
from vitropolis.results.reader import OpenRun

WIDTH = 80


def show_lines(run: OpenRun) -> list[str]:
    """A summary of a run that was opened (and so checked): lines of at most 80 columns."""
    return [line for each in _lines(run.manifest) for line in (wrap(each, WIDTH, subsequent_indent="    ") or [""])]


def _lines(said: Mapping[str, Any]) -> Iterator[str]:
    yield f"{said['scenario']}: {said['status']}. {mark_line(said['seed']).capitalize()}"
    yield f"{said['residents']:,} synthetic residents, {said['from']} to {said['to']} ({said['days']} days)"
    for world in said["worlds"]:
        filling = f", filling {world['filling']}" if world["filling"] else ""
        yield f"  {world['name']}{filling}: {world['title']}"
    if said["fillings_missing"]:
        yield f"fillings not played: {', '.join(said['fillings_missing'])}"
    yield said["values_sourced"]
    yield f"under these assumptions ({said['assumptions']['id']}), up to the end of week {said['weeks_played']}:"
    yield from _heads(said.get("headline", {}))
    yield f"open channels: {', '.join(said['open_channels'])}"
    for policy, parts in said["parts_not_played"].items():
        waits = sorted({part.rpartition(" waits for ")[2] for part in parts})
        yield f"{len(parts)} parts of {policy} are not played yet (they wait for {', '.join(waits)})"
    if said["status"] == "interrupted":
        yield "interrupted: `vitropolis resume` goes on with it"
    else:
        seconds = sum(said["seconds"].values())
        yield f"played in {seconds:.0f} s, {said['ns_per_resident_day']} ns a resident-day; contents:"
        yield from (f"  {name}: {entry['content'][:16]}" for name, entry in said["outputs"].items())


def _heads(heads: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    for name in next(iter(heads.values()), {}):
        counts = ", ".join(f"{world} {found[name]:,}" for world, found in heads.items())
        yield f"  {name.replace('_', ' ')}: {counts}"
