"""How a chunk's week begins: what happens to people once a week; their week laid out on a thread's desk."""

from __future__ import annotations

from typing import Any

from vitropolis.base.kernels import int64, kernel
from vitropolis.model.accounts import come_back
from vitropolis.model.conduct import weekly_numbers
from vitropolis.model.files import PLACE_AT, arrival_of
from vitropolis.model.jobs import be_laid_off, search_for_work
from vitropolis.model.leaving import leave_city
from vitropolis.model.news import ACCOUNT_AT, WORK_AT, hear
from vitropolis.model.publicity import mistake_people
from vitropolis.model.rules import ALL_WORLDS


@kernel
def begin_week(
    script: Any, where: Any, last_day: Any, mail: Any, news: Any, state: Any, counts: Any, desk: Any
) -> None:
    """Begin a chunk's week; `mail` int64[n, 2] (resident, record) and `news` int64[m, 3] are its residents'.

    1. Removed accounts come back. 2. Who is without work looks for some; who is laid off is counted. 3. News is heard,
    also how many speak. 4. The week is laid out. 5. Some of those who are hit leave; namesakes are taken for people on
    published lists.
    """
    rules, away = script.rulebook[0], 0
    for place in range(state.away.size):
        away |= int64(state.away[place])
    if (away >> ACCOUNT_AT) & ALL_WORLDS:
        come_back(where, script.returns, state)
    if (away >> WORK_AT) & ALL_WORLDS:
        search_for_work(where, rules, state, counts, desk)
    be_laid_off(where, news, state, counts)
    hear(where.first, where.starts, news, state)
    for world in range(rules.worlds):
        state.climate[world] = script.speak[world]
    prepare_week(where, last_day, mail, state, desk)
    leave_city(where, rules, state, counts, desk)
    mistake_people(where, rules, script.names, script.cells, script.ends, state, counts, desk)


@kernel
def prepare_week(where: Any, last_day: Any, mail: Any, state: Any, desk: Any) -> None:
    """Lay out a chunk's week.

    1. Bring its state near. 2. Its numbers. 3. Records on their way that are due this week go to their day.
    4. Messages from elsewhere (`mail` int64[n, 2]: resident, record) go to their day, or wait.
    """
    bring_near(state, desk)
    weekly_numbers(where.first, state.wake.size, where.starts // 7, where.key0, where.key1, desk.numbers)
    desk.arriving[:] = 0
    desk.seen[: state.wake.size] = 0
    desk.stamp[: state.wake.size] = 0
    desk.settled[: state.wake.size] = 0
    waiting = state.marks[2]
    state.marks[2] = 0
    for number in range(waiting):
        lay_out(where.starts, last_day, state.pending[number], state, desk)
    for number in range(mail.shape[0]):
        lay_out(where.starts, last_day, ((mail[number, 0] - where.first) << PLACE_AT) | mail[number, 1], state, desk)


@kernel
def lay_out(starts: Any, last_day: Any, entry: Any, state: Any, desk: Any) -> None:
    """Put an entry on the desk of its day, or back among what waits; past the horizon it never arrives."""
    due = arrival_of(entry)
    if due >= starts + 7:
        state.pending[state.marks[2]] = entry
        state.marks[2] += 1
    elif due <= last_day:
        desk.due[due - starts, desk.arriving[due - starts]] = entry
        desk.arriving[due - starts] += 1


@kernel
def bring_near(state: Any, desk: Any) -> None:
    """Read what the week will look up here and there once in order, so that it comes from memory in one stream."""
    total = 0
    for world in range(state.fear.shape[0]):
        for place in range(0, state.wake.size, 8):
            total += state.fear[world, place]
        for place in range(0, state.wake.size, 32):
            total += int64(state.held[world, place]) + int64(state.now[world, place]) + int64(state.ever[world, place])
            total += int64(state.carried[world, place])
            total += int64(state.enrolled[world, place]) + int64(state.lists[world, place]) + int64(state.cell[place])
    for ledger in range(state.score.shape[0]):
        for place in range(0, state.wake.size, 32):
            total += int64(state.score[ledger, place]) + int64(state.band[ledger, place])
    for place in range(0, state.wake.size, 16):
        total += int64(state.head[place]) + int64(state.employer[place])
    for place in range(0, state.wake.size, 64):
        total += int64(state.trait[place]) + int64(state.household[place]) + int64(state.payer[place])
    for place in range(0, state.marks[0], 8):
        total += state.pool[place]
    desk.drafts[0] = total  # never read: without a use the reading would be optimised away
