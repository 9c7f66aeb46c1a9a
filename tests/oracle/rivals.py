"""Queues for services of which there are few places. Section 14 of docs/mechanisms.md."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.oracle.assumed import value
from tests.oracle.chances import nearest
from tests.oracle.measures import MeasureToday, of_persons
from tests.oracle.philox import RIVAL, RIVAL_OUT
from tests.oracle.services import RIVALS, Needs, ask, is_real

if TYPE_CHECKING:
    from tests.oracle.world import World

ORDER = ("first", "ahead", "ordinary", "behind", "last")
WAITING, WENT_AWAY, TOLD = "waiting", "went away", "told"
CHILDREN = 0  # place of the youngest age class


@dataclass
class Request:
    """One request in one world; `ended` is WAITING, WENT_AWAY, or the weeks after which it was served; then TOLD."""

    service: str
    week: int
    resident: int
    tie: int
    place: str
    measure: str | None
    ended: str = WAITING

    @property
    def come(self) -> tuple[int, int, int]:
        return self.week, self.tie, self.resident

    @property
    def stand(self) -> tuple[int, int, int, int]:
        return ORDER.index(self.place), *self.come


class Lines:
    """Who waits in one world, and who lost a place."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.held: list[Request] = []
        self.losers: list[tuple[int, str, int, int, str, int]] = []
        self._daily: dict[tuple[str, int], Fraction] = {}

    def patience(self, service: str) -> int:
        return nearest(value(self.world.assumed.content.services.rivals[service].patience_weeks))

    def daily(self, service: str, district: int) -> Fraction:
        """Places a day."""
        if (service, district) not in self._daily:
            world, known = self.world, self.world.assumed
            residents = [who for who in range(world.city.n) if world.city.district[who] == district]
            needs = sum((known.need(service, world.city.classes[who]) for who in residents), Fraction(0))
            self._daily[service, district] = needs * value(known.content.services.rivals[service].capacity)
        return self._daily[service, district]


def queued(worlds: list[World]) -> list[str]:
    """The rival services of which any measure of persons speaks."""
    named = {
        item.service for world in worlds for item in world.policy.measures.values() if of_persons(world.policy, item)
    }
    return [service for service in RIVALS if service in named]


def requests_of_week(worlds: list[World], needs: Needs, day: int) -> None:
    """The needs of rival services of a week, of everybody, on its first day."""
    city, chance, week, open_queues = worlds[0].city, worlds[0].chance, day // 7, queued(worlds)
    for resident in range(city.n):
        classes = city.classes[resident]
        if not needs.is_rival(classes, chance.week_numbers(resident, week)[7]):
            continue
        r = chance.draw(resident, week, RIVAL)
        service = needs.service(classes, r[0], rival=True)
        if service not in open_queues:
            continue
        for world in worlds:
            if is_real(world, service, classes, r[1]) and resident not in world.left:
                request(world, resident, day, service, r[2])


def request(world: World, resident: int, day: int, service: str, tie: int) -> None:
    measures = [each for each in world.meets[resident] if each.service == service]
    bearing = [each for each in measures if each.bears_on_requests]
    if bearing and resident in world.closed_before:
        o = world.chance.draw(resident, day // 7, RIVAL_OUT)
        if not ask(world, resident, day, service, bearing, (0, 0, o[0], o[1])):
            world.events["rival.not_made"] += 1
            return
        world.events["rival.made_in_spite"] += 1
    place, measure = place_of(world, measures)
    world.events[f"rival.{place}"] += 1
    world.lines.held.append(Request(service, day // 7, resident, tie, place, measure))


def place_of(world: World, measures: list[MeasureToday]) -> tuple[str, str | None]:
    """The worst place if any is behind the others', else the best; and the first measure in the file that gives it."""
    names = list(world.today.measures)
    moving = sorted((each for each in measures if each.place is not None), key=lambda each: names.index(each.name))
    for place in ("last", "behind", "first", "ahead"):
        for each in moving:
            if each.place == place:
                world.events["rival.both_ways"] += len({one.place in ("first", "ahead") for one in moving}) > 1
                return place, each.name
    return "ordinary", None


def serve_week(world: World, week: int) -> None:
    """Serve every queue for the week, first by place, and see what first come, first served would have done."""
    lines = world.lines
    queues: defaultdict[tuple[str, int], list[Request]] = defaultdict(list)
    for each in lines.held:
        if each.ended == WAITING:
            queues[each.service, world.city.district[each.resident]].append(each)
    first, end = 7 * week, min(7 * week + 7, world.days)
    for (service, district), waiting in queues.items():
        daily = lines.daily(service, district)
        places = (daily * end).__floor__() - (daily * first).__floor__()
        count = Books(world, week, district, service)
        served = sorted(waiting, key=lambda each: each.stand)[:places]
        before = sorted(waiting, key=lambda each: each.come)[:places]
        count.moved(served, before)
        chosen = {id(each) for each in served}
        for each in waiting:
            waited = week - each.week
            count.add("filed", waited == 0)
            if id(each) in chosen:
                each.ended = str(waited)
                count.add("served")
                count.add("wait_weeks", waited)
            elif waited >= lines.patience(service):
                each.ended = WENT_AWAY
                count.add("gave_up")
            else:
                count.add("waiting")


@dataclass
class Books:
    """What is counted of one queue in one week."""

    world: World
    week: int
    district: int
    service: str

    def add(self, what: str, number: int = 1) -> None:
        if number:
            self.world.counts.rivals[self.week, self.district, self.service, what] += number
            self.world.events[f"rival.{what}"] += 1

    def child(self, resident: int, what: str, number: int = 1) -> None:
        if self.world.city.classes[resident][0] == CHILDREN and number:
            self.world.counts.moved_group[self.week, self.service, what] += number

    def moved(self, served: list[Request], before: list[Request]) -> None:
        """Pair who gains a place with who loses one, and see to which measure each pair is due."""

        def by_tie(each: Request) -> tuple[int, int]:
            return each.tie, each.resident

        gain = sorted((each for each in served if all(each is not other for other in before)), key=by_tie)
        lose = sorted((each for each in before if all(each is not other for other in served)), key=by_tie)
        self.add("moved", len(lose))
        world = self.world
        for up, down in zip(gain, lose, strict=True):
            due = down.measure if down.place in ("behind", "last") else up.measure
            for_ = up.measure if up.place in ("first", "ahead") else down.measure
            assert due is not None and for_ is not None
            world.events[f"rival.moved.up.{up.place}"] += 1
            world.events[f"rival.moved.down.{down.place}"] += 1
            world.counts.moved[self.week, for_, "gained"] += 1
            world.counts.moved[self.week, due, "lost"] += 1
            self.child(up.resident, "places_gained")
            self.child(down.resident, "places_lost")
            row = (self.week, self.service, down.resident, ORDER.index(down.place), due, self.week - down.week)
            world.lines.losers.append(row)


def compare_with_twin(worlds: list[World], week: int) -> None:
    """Requests that have ended here and in the last world are compared, once; ended in every world, they go."""
    by_request: defaultdict[Any, dict[int, Request]] = defaultdict(dict)
    for world in worlds:
        for each in world.lines.held:
            by_request[each.service, each.week, each.resident][world.place] = each
    for found in by_request.values():
        twin = found.get(len(worlds) - 1)
        for place, here in found.items():
            if twin is None or here is twin or twin.ended == WAITING or here.ended in (WAITING, TOLD):
                continue
            if here.ended != twin.ended:
                compare(
                    Books(worlds[place], week, worlds[place].city.district[here.resident], here.service), here, twin
                )
            here.ended = TOLD
    over = {key for key, found in by_request.items() if all(each.ended != WAITING for each in found.values())}
    for world in worlds:
        world.lines.held = [each for each in world.lines.held if (each.service, each.week, each.resident) not in over]


def compare(books: Books, here: Request, twin: Request) -> None:
    what, much = "only_here", 1
    if here.ended == WENT_AWAY:
        what = "only_twin"
    elif twin.ended != WENT_AWAY:
        much = int(here.ended) - int(twin.ended)
        what, much = "later_weeks" if much > 0 else "earlier_weeks", abs(much)
    books.add(what, much)
    books.child(here.resident, what, much)
