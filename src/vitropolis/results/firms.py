"""What a run folder says of firms: weekly counts, `firm_lists.parquet`, and the replay that checks them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.errors import RefusedError
from vitropolis.engine.between import make_counts
from vitropolis.engine.checkpoint import Checkpoint, state_of
from vitropolis.engine.chunks import largest_chunk, make_desk
from vitropolis.engine.firmside import (
    SIZES,
    FirmStage,
    FirmTables,
    FirmWeek,
    cut_firms,
    heard_by_firms,
    make_firm_chunks,
    memory_of,
    part_of,
)
from vitropolis.engine.firmview import FIRST_FIRM
from vitropolis.model.counts import ITEMS, STOCKS
from vitropolis.model.firms import TALLY, Memory
from vitropolis.model.worlds import Plan
from vitropolis.results.lists import frame_of, stays_in
from vitropolis.results.tape import Tape

if TYPE_CHECKING:
    import polars as pl

KEPT = ("enrolled", "records_", "score_", "listed_", "in_", "out_", "on_black_list", "black_", "hit_now", "wrong_now",
        "doors_", "ever_hit", "ever_wrongly")  # fmt: skip
MEANINGS = {
    "firms_violating": ("firms", "firms that break rules", "firms for which complying costs more than it is worth"),
    "firm_acts": ("acts", "breaches by firms", "breaches by firms that happened, recorded or not"),
    "firms_targeted": ("firms", "firms supervised more", "firms on a black list, or inspected more often than usual"),
    "inspections": ("inspections", "inspections", "inspections of firms"),
    "found": ("acts", "breaches found", "breaches by firms that an inspection found"),
    "found_wrongly": ("inspections", "found wrongly", "inspections that found a breach where there was none"),
    "noticed": ("acts", "breaches noticed otherwise", "breaches by firms that became known without an inspection"),
    "released": ("firms", "firms released", "firms supervised more whose records were settled after an inspection"),
}


def items_of(plan: Plan) -> tuple[str, ...]:
    """What is counted of the firms of a plan (which is about firms), in order: what they did, what became of them."""
    scores = [list(world.scores.values()) for world in plan.worlds]
    lists = max(len(world.lists) for world in plan.worlds)

    def possible(name: str) -> bool:
        part = name.split("_")
        if part[0] in ("listed", "in"):
            return int(part[1]) < lists
        if part[0] != "score":
            return name.startswith(KEPT)
        held = [own[int(part[1])] for own in scores if len(own) > int(part[1])]
        return bool(held) and (part[2] != "band" or any(int(part[3]) < len(score.bands) for score in held))

    return (*TALLY, *(name for name in ITEMS if possible(name)))


def row_of(plan: Plan, played: FirmWeek) -> NDArray[np.int64]:
    """One week of firms: int64[world, district, item]."""
    chosen = [ITEMS[name] for name in items_of(plan)[len(TALLY) :]]
    return np.concatenate([played.tally, played.totals.days.sum(axis=-1)[:, :, chosen]], axis=2)


def series(plan: Plan, rows: NDArray[Any], districts: int) -> Iterator[tuple[str, NDArray[np.int32]]]:
    """Every item by its name in the indicators, int32[world, week, district]; `rows` [week, world, district, item]."""
    for place, name in enumerate(items_of(plan)):
        counted = rows[:, :, :districts, place].swapaxes(0, 1)
        yield name, np.cumsum(counted, axis=1, dtype=np.int32) if name in STOCKS else np.ascontiguousarray(counted)


def frame_of_firms(stays: NDArray[Any], tables: FirmTables) -> pl.DataFrame:
    """The stays of firms on lists, like those of residents; ids begin with `F`."""
    return frame_of(stays, tables.plan, _Named(tables))


class _Named:
    """Firms as `frame_of` asks for a city."""

    def __init__(self, tables: FirmTables) -> None:
        self.district_ends, self.district_names = tables.city.district_ends, tables.whole.district_names
        self.digest = tables.whole.digest

    def id_of(self, firm: int) -> str:
        return f"F-{self.digest[:8]}-{firm}"


@dataclass
class Again:
    """One chunk of firms played again."""

    first: int
    end: int
    state: dict[str, NDArray[Any]]
    memory: Memory
    log: NDArray[np.int64]


def replay_firms(tables: FirmTables, tape: Tape, weeks: int, cuts: Sequence[tuple[int, int, int]]) -> Iterator[Again]:
    """Play chunks of firms again from day 0, against what the tape says that firms heard."""
    city: Any = tables.city
    chunks, memory = make_firm_chunks(tables, list(cuts)), memory_of(tables.city.n, len(tables.plan.worlds))
    for chunk in chunks:
        tables.settle(chunk)
    counts = make_counts(tables.plan, city, tables.spans, len(SIZES))
    desk = make_desk(max(chunk.residents for chunk in chunks))
    logs: list[list[NDArray[np.int64]]] = [[] for _ in chunks]
    tally = np.zeros((len(tables.plan.worlds), len(TALLY)), np.int64)
    for week in range(weeks):
        said = heard_by_firms(tables.plan, week, tape.ranks(week, "firm_ranks"), tape.news(week, "firm_news"))
        stage = FirmStage(tables, said)
        for log, chunk in zip(logs, chunks, strict=True):
            desk = stage.play(chunk, part_of(memory, chunk), counts, desk, tally)
            log.append(chunk.logged)
    for log, chunk in zip(logs, chunks, strict=True):
        yield Again(chunk.low, chunk.high, state_of(chunk), part_of(memory, chunk), np.sort(np.concatenate(log)))


def cuts_of(tables: FirmTables, size: int) -> list[tuple[int, int, int]]:
    """How a check cuts the firms."""
    return cut_firms(tables.city, min(size, largest_chunk(tables.plan)))


def compare_firms(again: Again, kept: Checkpoint, stays: NDArray[Any]) -> None:
    """RefusedError unless a checkpoint's part of firms, and their stays on lists, say what was played."""
    who = f"firms {again.first:,} to {again.end - 1:,}"
    columns = [name for name in again.state if name not in ("held", "files", "pending_resident", "pending_record")]
    held = kept.part(again.first, again.end, columns)
    for name, values in again.state.items():
        if not np.array_equal(held[name], values):
            raise RefusedError(f"the state of {who} ({name}) is not what this model makes of them")
    for name, rows in again.memory._asdict().items():
        for world, row in enumerate(rows):
            if not np.array_equal(kept.array(f"{name}_{world}")[again.first : again.end], row):
                raise RefusedError(f"what is remembered of {who} ({name}) is not what this model makes of them")
    mine = stays[(stays["resident"] >= again.first) & (stays["resident"] < again.end)]
    if _told(mine) != _told(stays_in(again.log & ~FIRST_FIRM)):
        raise RefusedError(f"the listings of {who} are not what this model makes of them")


def _told(stays: NDArray[Any]) -> list[tuple[int, ...]]:
    """Stays in an order of their own: world, list, firm, days and how it ended."""
    names = ("world", "list", "resident", "day_in", "day_out", "how")
    return sorted(zip(*(stays[name].astype(np.int64).tolist() for name in names), strict=True))
