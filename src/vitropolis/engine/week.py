"""The week of the whole city.

1. Add up what the chunks counted last week (`between.add_up`, when it ends); the appeals' queues of that week, and
   those of rival services (`engine.rivals`).
2. Ranks and bands by rank; what trust leaves of deeds and appeals.
3. Moods of districts; every fourth week, levels of workplaces.
4. Answers to appeals that arrive in the week.
5. Invented reports; what machines find without an act.
6. What quotas lack.
7. Records that landed on somebody else last week.
8. Messages sorted by resident, handed to the chunks; how many speak, and whose accounts are removed.
9. Every chunk plays its seven days alone, on any thread (`vitropolis.engine.day`). First (`vitropolis.engine.desk`)
   removed accounts come back, who is without work looks for some, news of work lost and of firms' listings is heard,
   some of those who are hit leave the city, and namesakes are taken for people on published lists.

Everything between chunks acts from the next week on, so the order in which they play changes nothing.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from vitropolis.city import City
from vitropolis.city.names import NameTables
from vitropolis.engine.between import (
    Broadcast,
    CityState,
    Post,
    hold_speech,
    ranks_for,
    reports_for,
    set_norms,
    sort_messages,
    sort_news,
    take_answers,
)
from vitropolis.engine.chunks import Chunk, fixed_view
from vitropolis.engine.columns import Days, Desk, Script, Where
from vitropolis.engine.day import play_days
from vitropolis.engine.desk import begin_week
from vitropolis.engine.epochs import Epoch, stretches
from vitropolis.model.accounts import Drives
from vitropolis.model.conduct import Conduct
from vitropolis.model.counts import Counts
from vitropolis.model.reports import Quota
from vitropolis.model.requests import Demand
from vitropolis.model.rules import FAMILIES
from vitropolis.model.speech import returning
from vitropolis.model.trust import write_trust
from vitropolis.model.worlds import Plan


def open_week(
    plan: Plan,
    city: City,
    epochs: list[Epoch],
    quotas: list[Quota],
    state: CityState,
    staff: NDArray[Any],
    drives: Drives,
    week: int,
    news: NDArray[np.int64],
) -> Broadcast:
    """Steps 2 to 8: decide what is city-wide and put it into one broadcast."""
    days = stretches(epochs, 7 * week, min(7 * week + 7, plan.days))
    last = stretches(epochs, 7 * max(week - 1, 0), 7 * week + 1)[0][0]
    ranks = ranks_for([epoch for epoch, _, _ in days], last, state, week)
    write_trust(plan, state.trust, ranks)
    mood = set_norms(plan, city, state, staff, week)
    answers = take_answers(state, week)
    reports = reports_for(plan, city, days[0][0], quotas, state, week)
    messages = sort_messages(reports, state.sent)
    speak, removed = hold_speech(plan, city, drives, state, week)
    return Broadcast(week, ranks, mood, state.work, messages, answers, sort_news(news, removed), speak)


def todays_shares(plan: Plan, tables: Conduct, mood: NDArray[np.int64], week: int) -> NDArray[np.int64]:
    """What calendar and mood leave of the chance to act: int64[district, weekday, world, family], 16-bit."""
    first, worlds = 7 * week, len(plan.worlds)
    last = min(first + 7, plan.days)
    calendar = tables.calendar[:, :, first:last].astype(np.int64)
    shares = np.zeros((mood.shape[1], 7, worlds, FAMILIES), np.int64)
    for world in range(worlds):
        felt = tables.mood[world][:, mood[world]].astype(np.int64)  # [family, district]
        shares[:, : last - first, world] = (calendar[world].T[None] * felt.T[:, None, :]) >> 16
    return shares


def words_each(epochs: list[Epoch]) -> int:
    """Words that one look can add to a file, in all worlds."""
    rules = [epoch.book.table[0] for epoch in epochs]
    lasting = [sum(int(mask).bit_count() for mask in each["lasting"]) for each in rules]
    lists = [int(each["lists"].sum()) for each in rules]
    return max(3 * few + 2 * int(each["worlds"]) + more for each, few, more in zip(rules, lists, lasting, strict=True))


class Stretch(NamedTuple):
    """Days of a week under one set of rules, and what chunks play them by."""

    epoch: Epoch
    before: Epoch  # in force at the last look
    ranks: NDArray[Any]
    days: Days


class Stage:
    """Everything a chunk needs to play one week: the city's tables, the broadcast, the horizon."""

    def __init__(
        self,
        plan: Plan,
        city: City,
        epochs: list[Epoch],
        tables: Conduct,
        demand: Demand,
        drives: Drives,
        broadcast: Broadcast,
    ) -> None:
        self.plan, self.tables, self.broadcast, self.epochs, self.demand = plan, tables, broadcast, epochs, demand
        self.starts = 7 * broadcast.week
        days = stretches(epochs, self.starts, min(self.starts + 7, plan.days))
        self.stretches = [self._stretch(*part, ranks) for part, ranks in zip(days, broadcast.ranks, strict=True)]
        self.shares = todays_shares(plan, tables, broadcast.mood, broadcast.week)
        self.aimed, self.returns = drives.aimed(broadcast.week), returning(plan)
        self.names = NameTables(*(fixed_view(part) for part in city.names))
        self.cells = fixed_view(city.cell)
        self.ends = fixed_view(np.asarray(city.district_ends, np.int64))
        self.keys = (np.uint32(plan.chance & 0xFFFFFFFF), np.uint32(plan.chance >> 32))
        self.mail = Post(np.ascontiguousarray(broadcast.messages[:, [0, 2]]))
        self.answers, self.news = Post(broadcast.answers), Post(broadcast.news)
        self.scripts: dict[int, list[Script]] = {}  # by district

    def play(self, chunk: Chunk, counts: Counts, desk: Desk, mail: NDArray[np.int64] | None = None) -> Desk:
        """Step 9 for one chunk: prepare its week, play its days, collect what it sends. Returns the (grown) desk.

        `mail` int64[n, 2] (resident, record, sorted) stands in the place of the chunk's part of the broadcast.
        """
        mail = self.mail.of(chunk) if mail is None else mail
        answers, scripts = self.answers.of(chunk), self._scripts(chunk.district)
        where = Where(chunk.first, chunk.district, *self.keys, self.starts)
        chunk.borrow(desk)
        desk = self._make_room(chunk, desk, len(mail))
        begin_week(scripts[0], where, self.plan.days - 1, mail, self.news.of(chunk), chunk.state, counts, desk)
        for stretch, script in zip(self.stretches, scripts, strict=True):
            mine = script._replace(answers=answers) if len(answers) else script
            desk = self._play_stretch(chunk, counts, desk, mine, where, stretch.days)
        chunk.collect()
        return chunk.give_back(desk)

    def _make_room(self, chunk: Chunk, desk: Desk, mail: int) -> Desk:
        waiting = int(chunk.state.marks[2]) + mail
        chunk.grow(pending=waiting)
        if desk.due.shape[1] < waiting:
            desk = desk._replace(due=np.zeros((7, waiting * 5 // 4), np.int64))
        return desk

    def _stretch(self, epoch: Epoch, first: int, end: int, ranks: NDArray[Any]) -> Stretch:
        """Everybody is looked at when rules change, and weekly where people are ranked."""
        changed = first if first == epoch.first and first > 0 else -1
        swept = first if changed >= 0 or (first == self.starts and epoch.book.ranks_people) else -1
        before = self.epochs[self.epochs.index(epoch) - 1] if changed >= 0 else epoch
        return Stretch(epoch, before, ranks, Days(first, end, self.plan.days - 1, swept, changed))

    def _scripts(self, district: int) -> list[Script]:
        """What the week's stretches are played by in a district, as long as nobody is answered."""
        if district not in self.scripts:
            self.scripts[district] = [
                Script(
                    rulebook=stretch.epoch.book.table,
                    before=stretch.before.book.table,
                    ranks=stretch.ranks,
                    conduct=self.tables,
                    register=stretch.epoch.register,
                    names=self.names,
                    cells=self.cells,
                    ends=self.ends,
                    speak=self.broadcast.speak,
                    returns=self.returns,
                    work=self.broadcast.work,
                    today=self.shares[district],
                    demand=self.demand,
                    aimed=self.aimed,
                    answers=self.answers.nothing,
                )
                for stretch in self.stretches
            ]
        return self.scripts[district]

    def _play_stretch(self, chunk: Chunk, counts: Counts, desk: Desk, script: Script, where: Where, days: Days) -> Desk:
        while True:
            day, looks, found = play_days(script, where, days, chunk.state, counts, desk)
            if day == days.end:
                return desk
            desk = self._enlarge(chunk, desk, looks, found, int(desk.arriving.max()))
            days = days._replace(first=day)

    def _enlarge(self, chunk: Chunk, desk: Desk, looks: int, found: int, due: int) -> Desk:
        """Make room for one day: every bound is known before the day changes anything."""
        worlds, marks = len(self.plan.worlds), chunk.state.marks
        lists, drafts = sum(len(world.lists) for world in self.plan.worlds), 2 * worlds * found
        chunk.grow(
            pool=int(marks[0]) + due + looks * words_each(self.epochs) + drafts,
            appeals=int(marks[5]) + looks * worlds,
            pending=int(marks[2]) + drafts,
            outbox=int(marks[3]) + drafts,
            log=int(marks[4]) + 2 * looks * lists,
            asked=int(marks[6]) + int(desk.asking[0]),
            spoken=int(marks[7]) + found,
        )
        if desk.due.shape[1] < due + drafts:
            wider = np.zeros((7, (due + drafts) * 5 // 4), np.int64)
            wider[:, : desk.due.shape[1]] = desk.due
            desk = desk._replace(due=wider)
        return desk
