"""The queue of appeals, played after each week. Section 13 of docs/mechanisms.md."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tests.oracle.assumed import value
from tests.oracle.chances import nearest, s32
from tests.oracle.measures import ProcedureToday
from tests.oracle.philox import DECISION, PROMISE
from tests.oracle.redress import Answer, Appeal

if TYPE_CHECKING:
    from tests.oracle.world import World


def play_queue(world: World, first: int, procedure: ProcedureToday, enrolled: list[int]) -> None:
    """All districts' queues over the week that began on day `first`; `procedure` and `enrolled` are as it began."""
    batch, world.fresh_appeals = world.fresh_appeals, []
    batch.sort(key=lambda each: (each.filed_on, each.resident, each.level))
    for appeal in batch:
        district = world.city.district[appeal.resident]
        world.waiting_appeals[district].append(appeal)
        world.counts.queue[appeal.filed_on, district, "filed"] += 1
    for district, waiting in enumerate(world.waiting_appeals):
        desk = Desk(world, procedure, district, first + 7, daily_cases(world, procedure, enrolled[district]))
        for day in range(first, min(first + 7, world.days)):
            desk.play(waiting, day)


def daily_cases(world: World, procedure: ProcedureToday, enrolled: int) -> Fraction:
    known = world.assumed.content.redress
    staff = value(known.staff_per_100k) if procedure.staff is None else procedure.staff
    return staff / 100_000 * enrolled * value(known.cases_a_staff_day)


class Desk:
    """Who decides in one district."""

    def __init__(self, world: World, procedure: ProcedureToday, district: int, coming: int, daily: Fraction) -> None:
        self.world, self.procedure, self.district, self.coming, self.daily = world, procedure, district, coming, daily
        known = world.assumed.content.redress
        proof = "authority" if procedure.authority_proves else "person"
        self.found_wrong, self.voids_right = s32(value(known.found_wrong[proof])), s32(value(known.voids_right[proof]))
        self.keeps = s32(value(world.assumed.content.clerks.promise_kept))
        self.goes_on = s32(value(known.goes_on))
        usual = nearest(value(known.removal_days))
        self.removal = usual if procedure.removal_days is None else procedure.removal_days

    def play(self, waiting: list[Appeal], day: int) -> None:
        """Decide one day's cases, oldest first; then those that are late are answered without a decision."""
        filed = [appeal for appeal in waiting if appeal.filed_on <= day]
        for appeal in filed[: (self.daily * (day + 1)).__floor__() - (self.daily * day).__floor__()]:
            waiting.remove(appeal)
            self.decide(appeal, day)
        promise = self.procedure.response_days
        for appeal in filed:
            if promise is None:
                break
            draw = self.world.chance.draw(appeal.resident, appeal.filed_on, PROMISE, 8 + appeal.level)
            if appeal in waiting and day >= appeal.filed_on + promise and draw[0] < self.keeps:
                waiting.remove(appeal)
                self.decide(appeal, day)
                self.world.events["queue.promise_kept"] += 1
        late, limit = self.procedure.if_late, self.procedure.decision_days
        for appeal in filed:
            in_time = late not in ("granted", "refused") or limit is None or day < appeal.filed_on + limit
            if appeal in waiting and not in_time:
                waiting.remove(appeal)
                self.count(day, "lapsed")
                self.world.events[f"queue.lapsed.{late}"] += 1
                self.answer(appeal, day, late == "granted")
        self.count(day, "waiting", sum(appeal.filed_on <= day for appeal in waiting))
        self.world.events["queue.day_with_waiting"] += any(appeal.filed_on <= day for appeal in waiting)

    def decide(self, appeal: Appeal, day: int) -> None:
        world, level = self.world, appeal.level
        self.count(day, "decided")
        self.count(day, "wait_days", day - appeal.filed_on)
        draw = world.chance.draw(appeal.resident, appeal.filed_on, DECISION, level)
        wrong = world.is_wrong(appeal.record, appeal.contested_on)
        upheld = draw[0] < (self.found_wrong if wrong else self.voids_right)
        world.events[f"queue.decided.level{level}"] += 1
        proof = "authority" if self.procedure.authority_proves else "person"
        world.events[f"queue.{'upheld' if upheld else 'refused'}.{proof}"] += 1
        if not upheld and level < self.procedure.levels and draw[1] < self.goes_on:
            world.fresh_appeals.append(
                Appeal(appeal.resident, self.coming, level + 1, appeal.record, appeal.contested_on)
            )
            world.events["queue.goes_on"] += 1
            return
        self.answer(appeal, day, upheld)

    def answer(self, appeal: Appeal, day: int, upheld: bool) -> None:
        arrival = max(self.coming, day + self.removal)
        self.world.events["answer.later_than_next_week"] += arrival > self.coming
        if arrival < self.world.days:
            wrong = self.world.is_wrong(appeal.record, appeal.contested_on)
            self.world.answers[arrival].append(Answer(appeal.resident, appeal.record, upheld, wrong))
        else:
            self.world.events["answer.past_the_horizon"] += 1

    def count(self, day: int, what: str, number: int = 1) -> None:
        self.world.counts.queue[day, self.district, what] += number
