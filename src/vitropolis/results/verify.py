"""Whether this model produced a run folder: some of its residents are played again from day 0 and compared.

Picks are made at the moment of opening, so that nobody can prepare only the chunks that will be looked at. A folder in
which a quarter of the chunks is not what this model makes is refused in 99 of 100 openings; one with none, always.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream, philox
from vitropolis.base.errors import RefusedError
from vitropolis.base.fixed import ONE16
from vitropolis.engine.between import (
    hold_speech,
    make_counts,
    new_city_state,
    play_queues,
    reports_for,
    sort_messages,
    sort_news,
    take_answers,
)
from vitropolis.engine.checkpoint import Checkpoint, state_of
from vitropolis.engine.chunks import Chunk, cut, largest_chunk, make_chunks, make_desk
from vitropolis.engine.epochs import stretches
from vitropolis.engine.firmside import FirmTables
from vitropolis.engine.firmview import FIRST_FIRM
from vitropolis.engine.rivals_told import asked_as, possible_losers, requests_of
from vitropolis.engine.run import Tables
from vitropolis.engine.week import Stage
from vitropolis.model.files import ACT_AT, DELAY_AT, KIND_AT, TRUTH_AT, WORLDS_AT
from vitropolis.model.news import CARRIED, LAID_OFF, REMOVED, VALUES
from vitropolis.model.reports import MACHINE
from vitropolis.model.rivals import RESIDENTS
from vitropolis.model.rules import ALL_WORLDS, BANDS, ONE_WORLD, QUOTA, WORLDS
from vitropolis.results.firms import compare_firms, cuts_of, replay_firms
from vitropolis.results.tape import Tape, in_order

PICKED = 16
CUT = 8192  # residents; how a run was cut changes nothing, so a check cuts the city in its own way
NOTHING = np.zeros(0, np.int64)
Cut = tuple[int, int, int]
Rows = NDArray[Any]


class Listings(Protocol):
    """What a folder says of listings."""

    def differs(self, first: int, end: int, log: NDArray[np.int64]) -> bool:
        """Whether the listings of residents `first`..`end`-1 are others than in this (sorted) log."""


@dataclass(frozen=True)
class Evidence:
    """What a folder holds: state at the end of `weeks` played weeks, the tape up to then, the listings."""

    weeks: int
    checkpoint: Checkpoint
    tape: Tape
    listings: Listings
    enrolled: NDArray[np.int64]  # [week, world, district], at the week's end
    firms: NDArray[Any]  # stays of firms on lists


@dataclass
class Replayed:
    """What playing one chunk again gave."""

    cut: Cut
    state: dict[str, Rows]
    log: NDArray[np.int64]
    sent: dict[int, Rows]  # by week in which it was sent: [n, 3] of resident, source, record
    filed: dict[int, Rows]  # by week: appeals, [n, 3] of resident, day and world, record
    asked: dict[int, Rows]  # by week: requests of rival services, [n, 2] (see `model.rivals`)
    spoken: dict[int, Rows]  # by week: resident << WORLDS | worlds, sorted


def picked(number: int, entropy: int) -> list[int]:
    """Which of `number` chunks are looked at: 16 of them (all, if fewer), by a 64-bit number that nobody foresees."""
    draws = philox(np.arange(number), 0, Stream.CHECK, 0, entropy)
    order = np.lexsort((draws[1], draws[0]))
    return sorted(int(place) for place in order[:PICKED])


def verify(tables: Tables, found: Evidence, entropy: int, threads: int = 2, size: int = CUT) -> None:
    """RefusedError naming what differs, unless everything that is looked at is what this model makes."""
    check_tape(tables, found)
    check_reports(tables, found)
    check_appeals(tables, found)
    check_losers(tables, found)
    check_speech(tables, found)
    cuts = cut(tables.city, min(size, largest_chunk(tables.plan)))
    chosen = [cuts[place] for place in picked(len(cuts), entropy)]
    for result in replayed(tables, found.tape, found.weeks, chosen, threads):
        compare(result, found)
    if tables.firms is not None:
        check_firms(tables.firms, found, entropy, size)


def check_firms(tables: FirmTables, found: Evidence, entropy: int, size: int) -> None:
    """Play some chunks of firms again, picked like those of residents, and compare."""
    for week in range(found.weeks):
        ranks, news = found.tape.of_week("firm_ranks", week), found.tape.news(week, "firm_news")
        days = stretches(tables.epochs, 7 * week, min(7 * week + 7, tables.plan.days))
        impute, firm = ranks["rank"]["impute"], news[:, 0] - FIRST_FIRM
        wrong = (
            (firm < 0) | (firm >= tables.city.n) | (news[:, 1] != CARRIED) | (news[:, 2] < 0) | (news[:, 2] >= VALUES)
        )
        wrong |= (news[:, 2] & ONE_WORLD) >= len(tables.plan.worlds)
        if len(ranks) != len(days) or (impute < 0).any() or (impute >= BANDS).any() or wrong.any():
            raise RefusedError(f"tape/firm_ranks.npy: week {week} is not what firms hear under this policy")
    cuts = cuts_of(tables, size)
    chosen = [cuts[place] for place in picked(len(cuts), entropy)]
    for again in replay_firms(tables, found.tape, found.weeks, chosen):
        compare_firms(again, found.checkpoint.firms, found.firms)


def check_tape(tables: Tables, found: Evidence) -> None:
    """Whether the tape can be played at all: places, days, levels and kinds that exist, in order."""
    for week in range(found.weeks):
        rows = found.tape.messages(week)
        resident, record = rows[:, 0], rows[:, 2]
        due = ((record >> ACT_AT) & 8191) + ((record >> DELAY_AT) & 63)
        wrong = (resident < 0) | (resident >= tables.city.n) | (rows[:, 1] >= tables.city.n) | (rows[:, 1] < MACHINE)
        wrong |= (due < 7 * week) | ((record >> KIND_AT) >= len(tables.plan.kinds)) | (record < 0)
        wrong |= ((record >> TRUTH_AT) & 7 > QUOTA) | (
            (record >> WORLDS_AT) & ALL_WORLDS >= 1 << len(tables.plan.worlds)
        )
        wrong[1:] |= np.diff(resident) < 0
        if wrong.any():
            raise RefusedError(f"tape/messages.npy: week {week} holds a message that no run sends")
        if not possible_news(tables, found.tape.news(week)):
            raise RefusedError(f"tape/news.npy: week {week} holds news that no run sends")
        ranks = found.tape.of_week("ranks", week)
        days = stretches(tables.epochs, 7 * week, min(7 * week + 7, tables.plan.days))
        impute = ranks["rank"]["impute"]
        trust = ranks["rank"]["trust"]
        if (trust < 0).any() or (trust > ONE16).any():
            raise RefusedError(f"tape/ranks.npy: week {week} holds a trust that cannot be")
        if len(ranks) != len(days) or (impute < 0).any() or (impute >= BANDS).any():
            raise RefusedError(f"tape/ranks.npy: week {week} is not what this policy ranks")
    assert sum(1 for _ in found.tape.broadcasts(found.weeks)) == found.weeks  # places and levels that exist


def possible_news(tables: Tables, news: Rows) -> bool:
    """Whether news name residents, worlds and spill-overs that exist, in order."""
    resident, what, value = news.T
    worlds = len(tables.plan.worlds)
    fine = (resident >= 0) & (resident < tables.city.n) & (what >= LAID_OFF) & (what <= CARRIED) & (value >= 0)
    fine &= np.where(what == CARRIED, (value & ONE_WORLD) < worlds, value < 1 << worlds) & (value < VALUES)
    return bool(fine.all()) and bool((np.diff(resident) >= 0).all())


def check_reports(tables: Tables, found: Evidence) -> None:
    """Whether every report that nobody caused (invented, for a quota) is one that the draws give."""
    city, plan = tables.city, tables.plan
    state = new_city_state(plan, city, make_counts(plan, city, tables.spans))
    arrived = np.asarray(found.checkpoint.array("city_arrived"))
    if arrived.size != state.arrived.size:
        raise RefusedError("the checkpoint counts other weeks, worlds or kinds than this run has")
    state.arrived = arrived.reshape(state.arrived.shape)
    for week in range(found.weeks):
        epoch = stretches(tables.epochs, 7 * week, min(7 * week + 7, plan.days))[0][0]
        expected = sort_messages(reports_for(plan, city, epoch, tables.quotas, state, week))
        rows = found.tape.messages(week)
        if not np.array_equal(rows[rows[:, 1] < 0], expected):
            raise RefusedError(f"tape/messages.npy: week {week} holds other reports than this model makes")


def check_appeals(tables: Tables, found: Evidence) -> None:
    """Whether answers are those that the queues give to the appeals on the tape, and who still waits."""
    plan, city = tables.plan, tables.city
    state = new_city_state(plan, city, make_counts(plan, city, tables.spans))
    for week in range(found.weeks):
        if not np.array_equal(take_answers(state, week), found.tape.answers(week)):
            raise RefusedError(f"tape/answers.npy: week {week} holds other answers than the queues give")
        if week:
            state.enrolled[:, : found.enrolled.shape[2]] = found.enrolled[week - 1]
        play_queues(plan, city, state, week, found.tape.appeals(week))
    for name in ("queue", "answers"):
        held = np.asarray(found.checkpoint.array(f"city_{name}")).reshape(getattr(state, name).shape)
        if not np.array_equal(held, getattr(state, name)):
            raise RefusedError("the appeals that wait are not those that the queues leave")


def check_losers(tables: Tables, found: Evidence) -> None:
    """Whether those who are said to have lost a place are residents, measures, places and weeks that exist."""
    for week in range(found.weeks):
        if not possible_losers(tables.plan, tables.lines, tables.city.n, found.tape.losers(week), week):
            raise RefusedError(f"tape/losers.npy: week {week} names whom no run names")


def check_speech(tables: Tables, found: Evidence) -> None:
    """Whether as many speak as records and removals leave, and those accounts are removed that the draws name."""
    plan, city = tables.plan, tables.city
    state = new_city_state(plan, city, make_counts(plan, city, tables.spans))
    state.arrived = np.asarray(found.checkpoint.array("city_arrived")).reshape(state.arrived.shape)
    for week in range(found.weeks):
        speak, removed = hold_speech(plan, city, tables.drives, state, week)
        told = found.tape.news(week)
        if not np.array_equal(told[told[:, 1] == REMOVED], sort_news(removed)):
            raise RefusedError(f"tape/news.npy: week {week} removes other accounts than this model does")
        if not np.array_equal(speak, found.tape.speak(week)):
            raise RefusedError(f"tape/speech.npy: week {week} says that others speak than this model does")
        spoken = found.tape.spoken(week)
        if ((spoken[:, 0] < 0) | (spoken[:, 0] >= city.n) | (spoken[:, 1] >= 1 << len(plan.worlds))).any():
            raise RefusedError(f"tape/spoken.npy: week {week} names what this run does not have")
        state.spoken = np.concatenate([state.spoken, spoken])
    for name in ("speech", "spoken", "removed"):
        held = np.asarray(found.checkpoint.array(f"city_{name}")).reshape(getattr(state, name).shape)
        if not np.array_equal(held, getattr(state, name)):
            raise RefusedError(f"what the checkpoint says of speech ({name}) is not what the tape leaves")


def replayed(tables: Tables, tape: Tape, weeks: int, cuts: Sequence[Cut], threads: int) -> Iterator[Replayed]:
    """Play chunks again from day 0 against the tape."""
    hands = [cuts[number::threads] for number in range(min(threads, len(cuts)))]
    with ThreadPoolExecutor(max(1, len(hands))) as pool:
        for results in pool.map(lambda mine: _play(tables, tape, weeks, mine), hands):
            yield from results


def _play(tables: Tables, tape: Tape, weeks: int, cuts: Sequence[Cut]) -> list[Replayed]:
    chunks: list[Chunk] = list(make_chunks(tables.city, list(cuts), len(tables.plan.worlds), tables.ledgers))
    for chunk in chunks:
        tables.settle(chunk)
    counts = make_counts(tables.plan, tables.city, tables.spans)
    desk = make_desk(max(chunk.residents for chunk in chunks))
    logs: list[list[Rows]] = [[] for _ in chunks]
    sent: list[dict[int, Rows]] = [{} for _ in chunks]
    filed: list[dict[int, Rows]] = [{} for _ in chunks]
    asked: list[dict[int, Rows]] = [{} for _ in chunks]
    spoken: list[dict[int, Rows]] = [{} for _ in chunks]
    for said in tape.broadcasts(weeks):
        stage = Stage(tables.plan, tables.city, tables.epochs, tables.conduct, tables.demand, tables.drives, said)
        for number, chunk in enumerate(chunks):
            desk = stage.play(chunk, counts, desk)
            logs[number].append(chunk.logged)
            sent[number][said.week], filed[number][said.week] = chunk.sent, in_order(chunk.filed)
            asked[number][said.week] = chunk.asked
            spoken[number][said.week] = np.sort(chunk.spoken)
    return [
        Replayed(each, state_of(chunk), np.sort(np.concatenate(log)) if log else np.zeros(0, np.int64), *rest)
        for each, chunk, log, *rest in zip(cuts, chunks, logs, sent, filed, asked, spoken, strict=True)
    ]


def compare(result: Replayed, found: Evidence) -> None:
    """RefusedError naming the first thing in which a chunk differs from what the folder holds."""
    first, end, _ = result.cut
    who = f"residents {first:,} to {end - 1:,}"
    columns = [name for name in result.state if name not in ("held", "files", "pending_resident", "pending_record")]
    held: Mapping[str, Rows] = found.checkpoint.part(first, end, columns)
    for name, values in result.state.items():
        if not np.array_equal(held[name], values):
            raise RefusedError(f"the state of {who} ({name}) is not what this model makes of them")
    _compare_requests(result, found, who)
    if found.listings.differs(first, end, result.log):
        raise RefusedError(f"the listings of {who} are not what this model makes of them")
    for week, rows in result.sent.items():
        if not np.array_equal(_told(found, week, first, end), sort_messages(rows)):
            raise RefusedError(f"the messages of {who} in week {week} are not what this model makes of them")
        told = found.tape.appeals(week)
        mine = told[(told[:, 0] >= first) & (told[:, 0] < end)]
        if not np.array_equal(in_order(mine), result.filed[week]):
            raise RefusedError(f"the appeals of {who} in week {week} are not what this model makes of them")
        rows = found.tape.spoken(week)
        rows = rows[(rows[:, 0] >= first) & (rows[:, 0] < end)]
        if not np.array_equal((rows[:, 0] << WORLDS) | rows[:, 1], result.spoken[week]):
            raise RefusedError(f"what drives saw of {who} in week {week} is not what this model makes of them")


def _compare_requests(result: Replayed, found: Evidence, who: str) -> None:
    """Whether the requests that wait, and those that lost a place, were made as they say.

    How each of them fared in its queue hangs on everybody's, and is not played again.
    """
    first, end, _ = result.cut
    made = np.concatenate([*result.asked.values(), np.zeros((0, 2), np.int64)])
    held = np.asarray(found.checkpoint.array("city_waiting"), np.int64).reshape(-1, 2)
    held = held[(held[:, 0] & RESIDENTS >= first) & (held[:, 0] & RESIDENTS < end)]
    rows = {(int(key), int(what)) for key, what in made}
    if any((int(key), int(what)) not in rows for key, what in held):
        raise RefusedError(f"the requests of {who} that wait are not what this model makes of them")
    lost = np.concatenate([found.tape.losers(week) for week in range(found.weeks)] or [np.zeros(0, np.int64)])
    lost = lost[(lost & RESIDENTS >= first) & (lost & RESIDENTS < end)]
    if not np.isin(requests_of(lost), asked_as(made)).all():
        raise RefusedError(f"places lost by {who} are not of requests that this model makes of them")


def _told(found: Evidence, week: int, first: int, end: int) -> Rows:
    """What the folder says residents sent in a week: it is on the tape of the week after, or still on its way."""
    if week + 1 < found.weeks:
        rows = found.tape.messages(week + 1)
    else:
        rows = np.asarray(found.checkpoint.array("city_sent"), np.int64).reshape(-1, 3)
    return sort_messages(rows[(rows[:, 1] >= first) & (rows[:, 1] < end)])
