"""Whether what a checkpoint holds can be at all: kernels use it as an index, and check no bounds.

Hashes do not help against somebody who made them anew, and a folder's replay looks at some residents only. So every
value is looked at that is an index somewhere, or decides how far one goes: bands, scores, weeks of what people feel,
lists and the words of files, days of records on their way, levels of workplaces. What comes out of a rule and is
merely wrong is for the replay (`vitropolis.results.verify`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn, Protocol

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.errors import RefusedError
from vitropolis.base.fixed import LONGEST_DELAY, ONE16
from vitropolis.base.kernels import int64, kernel
from vitropolis.engine.between import make_counts, new_city_state
from vitropolis.engine.chunks import Chunk
from vitropolis.engine.columns import COLUMNS
from vitropolis.engine.firmside import FirmTables
from vitropolis.engine.queues import DISTRICT, LEVEL, RESIDENT, WORLD
from vitropolis.engine.rivals_told import possible_requests
from vitropolis.engine.run import Tables
from vitropolis.model.deterrence import WEEK_AT
from vitropolis.model.files import (
    ACT_AT,
    DELAY_AT,
    KIND_AT,
    LINK,
    LISTING,
    TRUTH_AT,
    WORLDS_AT,
    arrival_of,
    in_front,
    kind_of,
    owner_of,
    worlds_of,
)
from vitropolis.model.firms import YEAR, Memory
from vitropolis.model.news import ACCOUNT_AT, LEFT_AT, LOST_AT, SEEN_AT, WORK_AT
from vitropolis.model.norms import HIGHEST
from vitropolis.model.notes import ACTS, KEPT, LINGER, REFUSED, note_item, note_type, note_world
from vitropolis.model.redress import UPHELD_AT
from vitropolis.model.rules import ALL_WORLDS, CLASSES, DISTRICTS, NEEDS, NEVER, ONE_WORLD, QUOTA, WORLDS
from vitropolis.model.speech import FULL_RISK

BLOCK = 1 << 18  # residents that are looked at together
ROWS = {
    "queue": 6,
    "answers": 4,
    "offices": 3,
    "sent": 3,
    "waiting": 2,
    "ended": WORLDS,
    "spoken": 2,
    "removed": 2,
}  # of what the city carries: tables of so many columns
IN_AWAY = (WORK_AT, ACCOUNT_AT, LEFT_AT, SEEN_AT, LOST_AT)
RIGHT, BAD_WORD, BAD_LISTS = range(3)
DOOR_CLASSES = 4  # see `doors.door_class`
Values = NDArray[Any]
Played = Tables | FirmTables  # of residents, or of firms


class Kept(Protocol):
    """A checkpoint, as this module reads it."""

    folder: Path
    week: int

    def array(self, name: str) -> Values:
        """One array, mapped."""

    def block(self, name: str, first: int, count: int) -> Values:
        """Some values of one array."""


@kernel
def look_through(held: Any, files: Any, lists: Any, most: Any, kinds: Any, day: Any, found: Any) -> Any:
    """Look at laid-out files of some residents; return 0, or BAD_WORD, or BAD_LISTS + the world whose lists differ.

    `held` words of `files` for each resident; `lists` uint16[world, m] as the column; `most` int64[world]: how many
    lists there are; `day` is the first that was not played; `found` int64[world] is scratch.

    1. No links, nothing in front behind a record. 2. Listings and notes of worlds, lists, classes and services that
    exist; each list once. 3. Records of kinds and worlds that exist, arrived before `day`. 4. Lists as the column says.
    """
    first = 0
    for place in range(held.size):
        found[:] = 0
        filed = False
        for at in range(first, first + held[place]):
            word = files[at]
            if word >> LINK or (filed and in_front(word)):
                return BAD_WORD
            if word & LISTING:
                world, entry = owner_of(word) >> 3, owner_of(word) & 7
                if world >= most.size or entry >= most[world] or (found[world] >> entry) & 1:
                    return BAD_WORD
                found[world] |= 1 << entry
            elif in_front(word):
                world, what, item = note_world(word), note_type(word), note_item(word)
                if world >= most.size or what > KEPT or (what >= LINGER and item >= most[world]):
                    return BAD_WORD
                if (what == REFUSED and item >= NEEDS) or (what == ACTS and item >= CLASSES):
                    return BAD_WORD
            else:
                filed = True
                if kind_of(word) >= kinds or worlds_of(word) >> most.size or arrival_of(word) >= day:
                    return BAD_WORD
        for world in range(most.size):
            both = int64(lists[world, place])
            if both & 255 & (both >> 8) or (both & 255) | (both >> 8) != found[world]:
                return BAD_LISTS + world
        first += held[place]
    return RIGHT


def refuse(kept: Kept, what: str, name: str) -> NoReturn:
    """RefusedError: an array holds what cannot be."""
    raise RefusedError(f"{kept.folder.name} holds {what} that cannot be: ({name}) is not what this model makes")


def check_forms(kept: Kept, content: Mapping[str, str], tables: Played) -> None:
    """RefusedError unless `content` names just the arrays of a run of these tables, each of its type and length."""
    forms = dict(_forms(tables))
    if wrong := sorted(set(forms) ^ set(content)):
        raise RefusedError(f"{kept.folder.name} has other arrays than a run of its inputs ({', '.join(wrong)})")
    for name, (dtype, length) in forms.items():
        found, rows = kept.array(name), ROWS.get(name.removeprefix("city_"), 1)
        wrong_size = len(found) % rows != 0 if length is None else len(found) != length
        if found.dtype != dtype or found.ndim != 1 or wrong_size:
            raise RefusedError(f"{kept.folder.name}/{name}.npy is no array of a run of its inputs")


def _forms(tables: Played) -> Iterator[tuple[str, tuple[np.dtype[Any], int | None]]]:
    """Type and length (None: any) of every array of a checkpoint."""
    size, rows = tables.city.n, {"world": len(tables.plan.worlds), "ledger": max(1, tables.ledgers)}
    for column in COLUMNS:
        if not column.trait and column.name != "head":
            for row in range(rows.get(column.axis, 1)):
                yield f"{column.name}_{row}" if column.axis else column.name, (np.dtype(column.dtype), size)
    yield "held", (np.dtype(np.uint16), size)
    for name, dtype in (("files", np.int64), ("pending_resident", np.uint32), ("pending_record", np.int64)):
        yield name, (np.dtype(dtype), None)
    for name in Memory._fields if isinstance(tables, FirmTables) else ():
        for row in range(len(tables.plan.worlds)):
            yield f"{name}_{row}", (np.dtype(np.uint16), size)
    city: Any = tables.city
    state = new_city_state(tables.plan, city, make_counts(tables.plan, city, tables.spans))
    for name, values in vars(state).items():
        yield f"city_{name}", (values.dtype, None if name in ROWS else values.size)


def check_values(kept: Kept, tables: Played) -> None:
    """RefusedError naming the first array that holds what no run of these tables can."""
    if not 0 <= kept.week <= tables.plan.weeks:
        raise RefusedError(f"{kept.folder.name} is of a week that this run does not have")
    for first in range(0, tables.city.n, BLOCK):
        _check_residents(kept, tables, first)
        for ledger in range(max(1, tables.ledgers)):
            _check_ledger(kept, tables, ledger, first)
        for world in range(len(tables.plan.worlds)):
            _check_world(kept, tables, world, first)
    _check_files(kept, tables)
    _check_pending(kept, tables)
    _check_city(kept, tables)
    if isinstance(tables, FirmTables):
        _check_memory(kept, len(tables.plan.worlds))


def _check_memory(kept: Kept, worlds: int) -> None:
    """Weeks that firms are remembered by."""
    for name in (f"{name}_{world}" for name in Memory._fields for world in range(worlds)):
        if (kept.array(name) > YEAR).any():
            refuse(kept, "weeks", name)


def _most(tables: Played, field: str, place: int) -> int:
    """The largest that a number of the rules is in any epoch."""
    return max(int(epoch.book.table[0][field][place]) for epoch in tables.epochs)


def _check_residents(kept: Kept, tables: Played, first: int) -> None:
    wake = kept.block("wake", first, BLOCK)
    if (wake < min(7 * kept.week, tables.plan.days)).any() or (wake > NEVER).any():
        refuse(kept, "a day to wake", "wake")
    away = kept.block("away", first, BLOCK).astype(np.int64)
    if (
        any((((away >> place) & ALL_WORLDS) >> len(tables.plan.worlds)).any() for place in IN_AWAY)
        or ((away >> WORK_AT) & ~(away >> LOST_AT) & ALL_WORLDS).any()
        or (away >> (IN_AWAY[-1] + WORLDS)).any()
    ):
        refuse(kept, "a world", "away")
    if (kept.block("closed", first, BLOCK) >> len(tables.plan.worlds)).any():
        refuse(kept, "a closed world", "closed")


def _check_ledger(kept: Kept, tables: Played, ledger: int, first: int) -> None:
    """Bands below as many as there are; scores inside the histogram, or 0 of somebody who was not looked at yet."""
    visited, band, score = (
        kept.block(f"{name}_{ledger}", first, BLOCK).astype(np.int64) for name in ("visited", "band", "score")
    )
    bands, floor, span = 0, 0, 1
    if ledger < tables.ledgers:
        bands, span = _most(tables, "bands", ledger), tables.spans[ledger]
        floor = int(tables.epochs[0].book.table[0]["floor"][ledger])
    if ((band & 15) >= max(1, bands)).any():
        refuse(kept, "a band", f"band_{ledger}")
    if (visited >> bands).any() or ((visited != 0) & ((visited >> (band & 15)) & 1 == 0)).any():
        refuse(kept, "bands of somebody", f"visited_{ledger}")
    outside = (score < floor) | (score >= floor + span)
    if (outside & (score != 0)).any():
        refuse(kept, "a score", f"score_{ledger}")
    if (outside & (visited != 0)).any():
        refuse(kept, "bands of somebody", f"visited_{ledger}")


def _check_world(kept: Kept, tables: Played, world: int, first: int) -> None:
    """Weeks of what people feel, classes, spill-overs and doors that exist."""
    felt = kept.block(f"fear_{world}", first, BLOCK) >> WEEK_AT
    if (felt < 0).any() or (felt >= max(1, kept.week)).any():
        refuse(kept, "a week", f"fear_{world}")
    classes, spills = _most(tables, "classes", world), _most(tables, "spills", world)
    for name in ("held", "touched"):
        if (kept.block(f"{name}_{world}", first, BLOCK).astype(np.int64) >> classes).any():
            refuse(kept, "a class of measures", f"{name}_{world}")
    if ((kept.block(f"carried_{world}", first, BLOCK) & 127) >> spills).any():
        refuse(kept, "a spill-over", f"carried_{world}")
    office = kept.block(f"office_{world}", first, BLOCK).astype(np.int64)
    if ((office & 127) >> spills).any() or (office & ~(office << 8) & 32512).any() or (office & 32896).any():
        refuse(kept, "a spill-over", f"office_{world}")
    now = kept.block(f"now_{world}", first, BLOCK)
    if (now & 64).any() or (((now >> 3) & 7) > DOOR_CLASSES).any():
        refuse(kept, "a number of doors", f"now_{world}")


def _check_files(kept: Kept, tables: Played) -> None:
    """Words of files that can be read, and lists that stand there."""
    worlds, words = len(tables.plan.worlds), 0
    most = np.array([_most(tables, "lists", world) for world in range(worlds)], np.int64)
    for first in range(0, tables.city.n, BLOCK):
        held = kept.block("held", first, BLOCK)
        files = kept.block("files", words, int(held.sum()))
        lists = np.stack([kept.block(f"lists_{world}", first, BLOCK) for world in range(worlds)])
        wrong = look_through(held, files, lists, most, len(tables.plan.kinds), 7 * kept.week, np.zeros_like(most))
        if wrong == BAD_WORD:
            refuse(kept, "a word of a file", "files")
        if wrong >= BAD_LISTS:
            refuse(kept, "lists", f"lists_{wrong - BAD_LISTS}")
        words += len(files)


def _check_pending(kept: Kept, tables: Played) -> None:
    """Records on their way to residents in order, due from this week on."""
    last = 0
    for first in range(0, len(kept.array("pending_resident")), BLOCK):
        resident = kept.block("pending_resident", first, BLOCK).astype(np.int64)
        if resident[0] < last or (np.diff(resident) < 0).any() or resident[-1] >= tables.city.n:
            refuse(kept, "a resident", "pending_resident")
        if not _on_its_way(kept.block("pending_record", first, BLOCK), kept.week, tables).all():
            refuse(kept, "a record", "pending_record")
        last = int(resident[-1])


def _on_its_way(record: Values, week: int, tables: Played) -> NDArray[np.bool_]:
    """Which records can be on their way before `week`; past the horizon they may be due, and then never arrive."""
    act, delay, worlds = (record >> ACT_AT) & 8191, (record >> DELAY_AT) & 63, (record >> WORLDS_AT) & ALL_WORLDS
    kind, truth, day = record >> KIND_AT, (record >> TRUTH_AT) & 7, 7 * week
    fine = (record >= 0) & (kind < len(tables.plan.kinds)) & (truth <= QUOTA)
    fine &= (worlds != 0) & (worlds >> len(tables.plan.worlds) == 0)
    fine &= (act < day) & (delay <= LONGEST_DELAY) & (act + delay >= day)
    found: NDArray[np.bool_] = fine
    return found


def _check_city(kept: Kept, tables: Played) -> None:
    """What the city carries: no number below 0, levels that exist, rows of residents, worlds and districts."""
    for name in ("people", "before", "adverse", "at_work", "arrived", "enrolled", "fired"):
        if (kept.array(f"city_{name}") < 0).any():
            refuse(kept, "a number", f"city_{name}")
    if not _within(np.asarray(kept.array("city_trust")), 0, ONE16 + 1):
        refuse(kept, "a level", "city_trust")
    if (kept.array("city_work") > HIGHEST).any():
        refuse(kept, "a level", "city_work")
    size, worlds = tables.city.n, len(tables.plan.worlds)
    speech = np.array(kept.array("city_speech")).reshape(-1, 4)
    limits_of_speech = (ONE16 + 1, FULL_RISK + 1, size + 1, size + 1)
    if not all(_within(column, 0, most) for column, most in zip(speech.T, limits_of_speech, strict=True)):
        refuse(kept, "a number", "city_speech")
    queue, answers, offices, sent, waiting, ended, *seen = (
        np.array(kept.array(f"city_{name}")).reshape(-1, rows) for name, rows in ROWS.items()
    )
    if not possible_requests(tables.lines, waiting, ended, tables.city.district_ends, worlds, kept.week):
        refuse(kept, "a request", "city_waiting")
    limits = ((WORLD, 0, worlds), (DISTRICT, 0, DISTRICTS), (RESIDENT, 0, size), (LEVEL, 1, 1 << 20))
    if not all(_within(queue[:, column], low, high) for column, low, high in limits):
        refuse(kept, "an appeal", "city_queue")
    fine = _within(answers[:, 0], 0, size) and _within(answers[:, 1], 7 * kept.week, tables.plan.days)
    fine = fine and _within(answers[:, 2], 0, 2 << UPHELD_AT) and _within(answers[:, 2] & ONE_WORLD, 0, worlds)
    if not fine or (np.diff(answers[:, 0]) < 0).any():
        refuse(kept, "an answer", "city_answers")
    fine = _within(offices[:, 0], 0, size) and _within(offices[:, 1], 0, worlds)
    if not fine or not _within(offices[:, 2], 1, 1 << 15) or (offices[:, 2] & 128).any():
        refuse(kept, "what a firm carries", "city_offices")
    keys = offices[:, 0] * worlds + offices[:, 1]
    if (np.diff(keys) <= 0).any():
        refuse(kept, "what a firm carries", "city_offices")
    if not _jobs_fit(np.asarray(kept.array("city_jobs")), tables):
        refuse(kept, "a number of jobs", "city_jobs")
    fine = _within(sent[:, 0], 0, size) and _within(sent[:, 1], 0, size)
    if not fine or not _on_its_way(sent[:, 2], kept.week, tables).all():
        refuse(kept, "a message", "city_sent")
    for name, rows in zip(("spoken", "removed"), seen, strict=True):
        if not _within(rows[:, 0], 0, size) or not _within(rows[:, 1], 1, 1 << worlds):
            refuse(kept, "a resident or world", f"city_{name}")


def _jobs_fit(jobs: Values, tables: Played) -> bool:
    """Whether no firm has cut more jobs than it had (firms themselves employ no firms)."""
    if not isinstance(tables, Tables):
        return not jobs.any()
    return bool(((jobs >= 0) & (jobs.reshape(-1, len(tables.staff)) <= tables.staff).reshape(-1)).all())


def _within(values: Values, low: int, high: int) -> bool:
    return bool(((values >= low) & (values < high)).all())


def check_first_looks(kept: Kept, tables: Played, chunk: Chunk) -> None:
    """RefusedError unless, in a filled chunk, all who are enrolled were looked at, and the others wake in time.

    A later look takes the last one's score for granted.
    """
    rules, state, day = tables.epochs[0].book.table[0], chunk.state, 7 * kept.week
    for world in range(len(tables.plan.worlds)):
        enrolled = state.enrolled[world]
        for ledger in range(rules["first_ledger"][world], rules["first_ledger"][world] + rules["ledgers"][world]):
            if ((state.visited[ledger] != 0) != (enrolled < day)).any():
                refuse(kept, "bands of somebody", f"visited_{ledger}")
        if rules["looks"][world] and ((enrolled >= day) & (enrolled < NEVER) & (state.wake > enrolled)).any():
            refuse(kept, "a day to wake", "wake")
