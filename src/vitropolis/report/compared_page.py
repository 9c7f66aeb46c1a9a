"""A comparison as a page of 80 columns: differences first, then levels; policies are letters, named at the top."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from textwrap import wrap

from vitropolis.base.figures import WIDTH, paragraph
from vitropolis.report.compared import Comparison, Pair, Queue, Side
from vitropolis.report.figures import NOTHING, counted, said, span, spoken
from vitropolis.report.totals import TWIN
from vitropolis.results.standing import BINS

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CELL = 11
MOST_APART = 3  # pairs of which queues are told apart
LEVELS = (
    "hit_per_1000", "hit_now_per_1000", "wrongly_hit_per_1000", "wrongly_hit_per_wrong_record",
    "share_wrong_fact_first", "share_protected_first", "share_breach_first", "share_through_others",
    "days_until_out", "days_until_out_wrong", "never_corrected", "learnt_by_refusal", "others_per_person_hit",
    "children_among_others", "doors_per_1000", "doors_10_per_1000", "lost_access_days", "refusals_per_1000",
    "needs_avoided_per_1000", "places_lost_per_1000", "displaced_weeks_per_1000", "crowded_out_per_1000",
    "harmful_acts_avoided", "firms_listed_per_1000", "jobs_lost_per_1000", "lawful_speech_lost", "accounts_removed",
    "appeals_per_1000_hit",
)  # fmt: skip
RANGED = (
    "hit_per_1000", "wrongly_hit_per_1000", "wrongly_hit_per_wrong_record", "days_until_out", "others_per_person_hit",
    "lost_access_days", "refusals_per_1000", "places_lost_per_1000",
)  # fmt: skip
NOTE = (
    "Totals, rates and differences are results. Who in particular is hit under one policy and not under another is an "
    "illustration under shared chance: another coupling gives other names and the same totals."
)


def comparison_page(found: Comparison, folder: Path) -> Iterator[str]:
    """Yield the lines of a comparison."""
    page = _Page(found)
    yield from page.heading()
    yield from page.pairs()
    yield from page.grounds()
    yield from page.groups()
    yield from page.queues()
    yield from page.levels()
    yield from page.ranges()
    yield from page.end(folder)


class _Page:
    def __init__(self, found: Comparison) -> None:
        self.found = found
        self.names = [world.name for world in found.worlds]
        self.letter = dict(zip(self.names, LETTERS, strict=False)) | ({} if TWIN in self.names else {TWIN: "0"})
        self.played = [name for name in self.names if name != TWIN]

    def heading(self) -> Iterator[str]:
        found = self.found
        where = f"{found.city} with {found.residents:,} residents, seed {found.seed}"
        yield from paragraph(f"Policies compared on one synthetic city, no real people: {where}.")
        chance = "the same residents and the same chance under each policy"
        if found.coupling == "apart":
            chance = "the same residents under each policy, each with chance of its own"
        yield from paragraph(f"{found.first_day} to {found.last_day}; assumptions `{found.assumptions}`; {chance}.")
        yield ""
        for world in found.worlds:
            title = "records go on, and nothing follows from them" if world.name == TWIN else world.title
            yield from paragraph(f"  {self.letter[world.name]}  {world.name}: {title}", later=" " * 7)
            for part in world.parts_not_played:
                yield from paragraph(f"not played: {part}", " " * 7, " " * 9)

    def pairs(self) -> Iterator[str]:
        yield ""
        yield "WHO IS HIT UNDER ONE POLICY AND NOT UNDER THE OTHER (residents, over the run)"
        yield self.cells("", ["only first", "only second", "both"], 14)
        for pair in self.found.pairs:
            cells = [pair.only_first.hit, pair.only_second.hit, pair.both]
            yield self.cells(f"  {self.pair(pair)}  hit", [counted(each) for each in cells], 14)
            wrong = [pair.only_first.wrongly, pair.only_second.wrongly, pair.wrongly_both]
            yield self.cells("          wrongly hit", [counted(each) for each in wrong], 14)

    def pair(self, pair: Pair) -> str:
        return f"{self.letter[pair.first]} and {self.letter[pair.second]}"

    def cells(self, label: str, cells: Sequence[str], width: int = CELL) -> str:
        return f"{label:<{WIDTH - width * len(cells)}}{''.join(f'{each:>{width}}' for each in cells)}".rstrip()

    def grounds(self) -> Iterator[str]:
        yield ""
        yield "ON WHAT GROUND, OF THOSE HIT UNDER ONE ALONE (residents)"
        heads = ["wrong fact", "lawful*", "breach", "others**"]
        yield self.cells("", heads)
        for pair in self.found.pairs:
            for name, other, side in (
                (pair.first, pair.second, pair.only_first),
                (pair.second, pair.first, pair.only_second),
            ):
                if side.hit:
                    label = f"  {self.letter[name]}, not {self.letter[other]}"
                    yield self.cells(label, [counted(each) for each in _bins(side)])
        yield "  * lawful, protected, or unable to pay   ** hit only through others"

    def groups(self) -> Iterator[str]:
        """Hit per 1,000 of each group; the districts and crossings are in the file."""
        yield ""
        yield "PEOPLE HIT, PER 1,000 OF EACH GROUP"
        yield self.cells("", [self.letter[name] for name in self.played], self.width)
        for row in self.found.groups:
            if row.residents:
                cells = [spoken(1000 * row.hit[name] / row.residents) for name in self.played]
                yield self.cells(f"  {row.label.replace('=', ' ')}", cells, self.width)

    @property
    def width(self) -> int:
        return max(7, min(CELL, 50 // max(1, len(self.names))))

    def queues(self) -> Iterator[str]:
        """Services with a queue: requests and places lost under each policy, and by which measure."""
        services = list(dict.fromkeys(row.service for row in self.found.queues))
        if not services:
            return
        yield ""
        yield "QUEUES FOR A LIMITED NUMBER OF PLACES"
        yield self.cells("", [self.letter[name] for name in self.names], self.width)
        for service in services:
            rows = {row.world: row for row in self.found.queues if row.service == service}
            yield f"  {service.replace('_', ' ')}"
            mine = [rows.get(name) for name in self.names]
            yield self.cells("    requests", [NOTHING if each is None else short(each.requested) for each in mine],
                             self.width)  # fmt: skip
            yield self.cells("    weeks waited if served", [waited(each) for each in mine], self.width)
            lost = [NOTHING if each is None else short(each.places_lost) for each in mine]
            yield self.cells("    places lost (and gained)", lost, self.width)
            yield from self.apart(rows)
        yield from self.displaced()

    def apart(self, rows: Mapping[str, Queue]) -> Iterator[str]:
        """What changes in one queue from the first policy of a pair to the second, exactly."""
        for pair in self.found.pairs if len(self.found.pairs) <= MOST_APART else ():
            one, other = rows.get(pair.first), rows.get(pair.second)
            if one is not None and other is not None and one.requested + other.requested:
                names = f"{self.letter[pair.second]} less {self.letter[pair.first]}"
                parts = [f"{other.requested - one.requested:+,} requests", f"{other.served - one.served:+,} served"]
                parts += [f"{other.gave_up - one.gave_up:+,} given up", f"{other.wait_weeks - one.wait_weeks:+,} weeks"]
                yield from paragraph(f"{names}: {', '.join(parts)}", "    ", "      ")

    def displaced(self) -> Iterator[str]:
        share = self.found.named_share
        whole = "all residents" if share >= 1 else f"a drawn {100 * share:.3g} % of residents"
        rows = [pair for pair in self.found.pairs if any(pair.displaced)]
        if rows:
            yield ""
            yield self.cells("  who lost a place at least once", ["only first", "only second", "both"], 14)
            for pair in rows:
                both, first, second = pair.displaced
                yield self.cells(f"  {self.pair(pair)}", [counted(each) for each in (first, second, both)], 14)
            yield f"  (of {whole}, by name in displaced.parquet of each pass)"
            yield from self.worse(rows)
        for name in self.played:
            taken = [row for row in self.found.taken if row.world == name and row.lost]
            if taken:
                parts = ", ".join(f"{row.measure} {counted(row.lost)}" for row in taken[:4])
                yield from paragraph(f"places lost under {self.letter[name]} through {parts}", "  ", "    ")

    def worse(self, rows: Sequence[Pair]) -> Iterator[str]:
        """Through what people lose a place under one policy of a pair alone."""
        for pair in rows if len(rows) <= MOST_APART else ():
            for name, told in zip((pair.first, pair.second), pair.through, strict=True):
                parts = [f"{what.replace('_', ' ', 1)} {counted(count)}" for what, count in list(told.items())[:4]]
                if parts:
                    yield from paragraph(f"under {self.letter[name]} alone: {'; '.join(parts)}", "  ", "    ")

    def levels(self) -> Iterator[str]:
        yield ""
        yield "LEVELS, UNDER EACH POLICY"
        yield self.cells("", [self.letter[name] for name in self.names], self.width)
        by_id = {level.id: level for level in self.found.levels}
        for level in (by_id[name] for name in LEVELS if name in by_id):
            values = [level.values[name] for name in self.names]
            if any(each is not None for each in values):
                cells = [NOTHING if each is None else said(each, level.unit) for each in values]
                unit = "" if level.unit == "share" else f", {level.unit}"
                yield from self.row(f"{level.title}{unit}", cells)

    def row(self, label: str, cells: Sequence[str]) -> list[str]:
        room = WIDTH - self.width * len(cells) - 1
        lines = wrap(label, room, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)
        return [*lines[:-1], self.cells(lines[-1], cells, self.width)]

    def ranges(self) -> Iterator[str]:
        if not self.found.differences:
            return
        yield ""
        yield f"RANGES OVER {self.found.sets} SETS OF ASSUMPTIONS (value as written, lowest to highest)"
        by_id = {level.id: level for level in self.found.levels}
        for name in RANGED:
            level = by_id[name]
            yield from paragraph(f"{level.title}, {level.unit}", "  ", "    ")
            for world in self.played:
                low, high, value = level.low[world], level.high[world], level.values[world]
                if value is not None and low is not None and high is not None:
                    yield self.line(self.letter[world], said(value, level.unit), span(low, high, level.unit))
            for row in (each for each in self.found.differences if each.id == name):
                if row.value is not None and row.low is not None and row.high is not None:
                    apart = f"{self.letter[row.second]} less {self.letter[row.first]}"
                    yield self.line(apart, signed(row.value, level.unit), _signed_span(row.low, row.high, level.unit))

    def line(self, label: str, value: str, ends: str) -> str:
        return f"    {label:<12}{value:>12}   {ends}"

    def end(self, folder: Path) -> Iterator[str]:
        yield ""
        yield from paragraph(NOTE)
        yield from paragraph(f"Every resident hit under any of them, and by what: {folder / self.found.people}")
        last = next(world for world in self.found.worlds if world.name == self.played[-1])
        example = Path(os.path.normpath(folder / last.folder))
        yield from paragraph(f"One of them: vitropolis life {example} --id ID --world {self.played[-1]}")


def waited(queue: Queue | None) -> str:
    """Weeks that those who were served waited, on average."""
    return NOTHING if queue is None or not queue.served else spoken(queue.wait_weeks / queue.served)


def _bins(side: Side) -> list[int]:
    return [side.bins[name] for name in BINS if name]


def short(number: int) -> str:
    """A count in a narrow cell: `12,345`, `0.12 M`, `1.23 M`."""
    return f"{number:,}" if abs(number) < 100_000 else f"{spoken(number / 1e6, 2 if abs(number) < 1e6 else 3)} M"


def signed(value: float, unit: str, digits: int = 3) -> str:
    """A difference with its sign."""
    text = said(abs(value), unit, digits)
    return text if text in ("0", "0 %") else f"{'-' if value < 0 else '+'}{text}"


def _signed_span(low: float, high: float, unit: str) -> str:
    return f"{signed(low, unit, 2)} to {signed(high, unit, 2)}"
