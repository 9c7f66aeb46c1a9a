"""All state of a run, declared once: what it is, its type, its unit, who writes it.

`State` is what kernels see of one chunk: its columns, and its stores, which grow.
Traits (everything that the seed and the city give back) are marked so and never enter a checkpoint.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitropolis.city.names import NameTables
from vitropolis.model.conduct import Conduct
from vitropolis.model.recording import Recording
from vitropolis.model.requests import Demand


@dataclass(frozen=True)
class Column:
    """One declared column; `axis` stands before residents ("" | world | ledger), `trait`: never stored."""

    name: str
    dtype: str
    axis: str
    trait: bool
    writer: str
    meaning: str


COLUMNS = (
    Column("threshold", "u2", "", True, "model.enrolment", "16-bit bound of the daily chance to be a candidate"),
    Column("trait", "u1", "", True, "model.enrolment, model.firms", "quantile class of the conduct trait, 0-63"),
    Column("payer", "u2", "", True, "model.enrolment", "payer type per world, two bits each: 0 fast, 1 slow, 2 cannot"),
    Column("enrolled", "u2", "world", True, "model.enrolment, model.firms", "day of enrolment; 65535: never"),
    Column(
        "wake",
        "u2",
        "",
        False,
        "model.enrolment, model.firms, model.look, model.news, model.requests",
        "next day to be looked at unasked; 8191: never",
    ),
    Column(
        "head", "i4", "", False, "model.files", "place of the first word of the resident's file in the chunk's pool"
    ),
    Column(
        "fear",
        "i8",
        "world",
        False,
        "model.arrivals, model.look, model.publicity",
        "perceived deterrence, household level, week",
    ),
    Column("lists", "u2", "world", False, "model.lists", "lists somebody is on (bits 0-7), waits for (8-15)"),
    Column("score", "i2", "ledger", False, "model.look", "score after the last look"),
    Column("held", "u2", "world", False, "model.spillover", "classes of measures that act, one bit each"),
    Column("touched", "u2", "world", False, "model.spillover", "classes that ever acted"),
    Column(
        "carried",
        "u1",
        "world",
        False,
        "model.spillover, model.look",
        "spill-overs that reach (bits 0-6), at fault (7)",
    ),
    Column("ever", "u1", "world", False, "model.hits", "what somebody has ever been"),
    Column("wronged", "u1", "world", False, "model.look", "lists that began by wrong fact, while they last"),
    Column(
        "now",
        "u1",
        "world",
        False,
        "model.spillover, model.look, model.redress",
        "hit, wrongly, through others (0-2), doors (3-5), answer (7)",
    ),
    Column(
        "away",
        "u4",
        "",
        False,
        "model.news, model.leaving, model.accounts, model.jobs",
        "a bit for each world: without work, no account, left, seen by a drive, laid off; see `model.news`",
    ),
    Column(
        "office",
        "u2",
        "world",
        False,
        "model.news, model.look",
        "spill-overs that a firm carries to its legal representative (bits 0-6), those that do so wrongly (8-14)",
    ),
    Column("closed", "u1", "", False, "engine.day", "worlds in which a measure bears on requests, one bit each"),
    Column("visited", "u2", "ledger", False, "model.look", "bands ever entered, one bit each"),
    Column(
        "band", "u1", "ledger", False, "model.look", "band after the last look (bits 0-3), bins of the verdict (4-7)"
    ),
)
MARKS = (
    "pool_used",
    "pool_freed",
    "pending",
    "outbox",
    "log",
    "appeals",
    "asked",
    "spoken",
)  # how far each store is filled: `State.marks`


class State(NamedTuple):
    """One chunk as kernels see it; m residents, k worlds, L ledgers."""

    threshold: NDArray[np.uint16]  # [m]
    trait: NDArray[np.uint8]  # [m]
    payer: NDArray[np.uint16]  # [m]
    enrolled: NDArray[np.uint16]  # [k, m]
    wake: NDArray[np.uint16]  # [m]
    head: NDArray[np.int32]  # [m]
    fear: NDArray[np.int64]  # [k, m]
    lists: NDArray[np.uint16]  # [k, m]
    score: NDArray[np.int16]  # [L, m]
    band: NDArray[np.uint8]  # [L, m]
    held: NDArray[np.uint16]  # [k, m]
    touched: NDArray[np.uint16]  # [k, m]
    carried: NDArray[np.uint8]  # [k, m]
    ever: NDArray[np.uint8]  # [k, m]
    wronged: NDArray[np.uint8]  # [k, m]
    now: NDArray[np.uint8]  # [k, m]
    away: NDArray[np.uint32]  # [m]
    office: NDArray[np.uint16]  # [k, m]
    closed: NDArray[np.uint8]  # [m]
    visited: NDArray[np.uint16]  # [L, m]
    cell: NDArray[np.uint16]  # [m], the city's
    household: NDArray[np.uint8]  # [m], the city's: position << 4 | size
    employer: NDArray[np.int32]  # [m], the city's
    age: NDArray[np.uint8]  # [m], the city's
    role: NDArray[np.uint8]  # [m], the city's
    pool: NDArray[np.int64]  # files
    pending: NDArray[np.int64]  # records on their way: place << PLACE_AT | record; see `model.files`
    outbox: NDArray[np.int64]  # [., 3]: resident, source, record; the desk's, as the next two are
    log: NDArray[np.int64]  # listing log of the week
    appeals: NDArray[np.int64]  # [., 3]: resident, filing day << FILED_AT | world, contested record
    asked: NDArray[np.int64]  # [., 2]: of rival services, see `model.rivals`
    spoken: NDArray[np.int64]  # [.]: resident << WORLDS | worlds, whom a drive against accounts saw; the desk's
    climate: NDArray[np.int64]  # [k]: classes that speak this week
    marks: NDArray[np.int64]  # [8], see MARKS


class Desk(NamedTuple):
    """One thread's scratch, allocated once; m is the largest chunk."""

    numbers: NDArray[np.uint16]  # [8, m]: the week's draws
    mask: NDArray[np.uint8]  # [m]
    chosen: NDArray[np.int32]  # [m]: candidates of the day
    words: NDArray[np.uint32]  # [3, m]: their details
    due: NDArray[np.int64]  # [7, grows]: records that arrive this week, by day
    arriving: NDArray[np.int64]  # [7]: how many of them
    todo: NDArray[np.int32]  # [m]: whom to look at today
    seen: NDArray[np.int32]  # [m]: day on which somebody was last put there, +1
    waking: NDArray[np.int32]  # [m]: who wakes this week
    drafts: NDArray[np.int64]  # [2 k]
    holders: NDArray[np.int64]  # [2 k]
    outbox: NDArray[np.int64]  # lent to each chunk for its week, like the next two: see `State`
    log: NDArray[np.int64]
    appeals: NDArray[np.int64]
    asked: NDArray[np.int64]
    spoken: NDArray[np.int64]
    needing: NDArray[np.int32]  # [m]: who needs something today behind a closed door
    rivals: NDArray[np.int32]  # [m]: who may need a rival service this week
    asking: NDArray[np.int64]  # [2]: how many of them there are, and how many behind a closed door
    stirred: NDArray[np.int32]  # [m]: whose standing changed today
    stamp: NDArray[np.int32]  # [m]: day on which it did, +1
    settled: NDArray[np.int32]  # [m]: by first of the household: day on which its doors were worked out, +1
    anew: NDArray[np.uint8]  # [1]: whether rules changed today, so that all who are looked at are stirred
    standing: NDArray[np.int64]  # [k, m]: acts from today: held | truly held << 16 | at fault << 32 | changed << 33
    page: Any  # one PAGE record
    spare: Any  # another


class Where(NamedTuple):
    """A chunk and a week: first resident, district, the seed's two halves, first day of the week."""

    first: int
    district: int
    key0: np.uint32
    key1: np.uint32
    starts: int


class Days(NamedTuple):
    """Days first..end-1, the horizon's last; everybody is looked at on `swept`, rules change on `changed` (or -1)."""

    first: int
    end: int
    last: int
    swept: int
    changed: int


class Script(NamedTuple):
    """What the chunks of one district play a stretch of a week by."""

    rulebook: NDArray[Any]  # one RULES record
    before: NDArray[Any]  # the one in force before it
    ranks: NDArray[Any]  # one WEEK record
    conduct: Conduct
    register: Recording
    names: NameTables
    cells: NDArray[np.uint16]  # [resident], the whole city's
    ends: NDArray[np.int64]  # [district + 1]: where districts begin and end
    speak: NDArray[np.int64]  # [world]: classes that speak this week
    returns: NDArray[np.int64]  # [world]: weekly chance that a removed account comes back, 32-bit
    work: NDArray[np.uint8]  # [world, firm]
    today: NDArray[np.int64]  # [weekday, world, family]: what calendar and mood leave of the chance to act
    demand: Demand
    aimed: NDArray[np.uint8]  # [weekday, world, word]: whether a running drive against accounts is aimed at it
    answers: NDArray[np.int64]  # [., 4] of the week: resident, day, world | upheld << UPHELD_AT, contested record
