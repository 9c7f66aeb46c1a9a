"""Firms, one by one and week by week: the oracle's own looks at them, and what they do. Section 16."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import accumulate
from typing import Any

from tests.oracle.assumed import Assumed, Classes, value
from tests.oracle.chances import (
    ONE32,
    delay_days,
    exact,
    exp,
    geometric_quantiles,
    normal_quantile,
    s32,
)
from tests.oracle.conduct import Envelope
from tests.oracle.dated import on
from tests.oracle.household import count_doors, open_doors
from tests.oracle.philox import FIRM_TRAIT, FIRM_WEEK, INSPECTION, Chance, Words
from tests.oracle.play import Run, arrive, count_standings, world_view
from tests.oracle.records import INVENTED, RIGHT, UNSETTLED, WRONG_CONTENT, Kinds, Record
from tests.oracle.result import OracleResult
from tests.oracle.visit import visit
from tests.oracle.world import Setting, World

from vitropolis.model.assumptions import Assumptions
from vitropolis.policy.schema import Policy
from vitropolis.policy.triggers import leaves
from vitropolis.policy.words import CONDUCT, FIRM_WORDS, SERVICES

FIRST = 1 << 27
CLEAN = FIRM_WORDS.index("firm_clean_year")
FIRM_SERVICES = [name for name, service in SERVICES.items() if service.subject == "firm"]
PERSONS = [name for name, service in SERVICES.items() if service.subject == "person"]
TOLD = ("violating", "acts", "targeted", "inspected", "found", "wrongly", "noticed", "released")


class FirmCity:
    """Firms where the oracle expects residents: each alone, grown up, nobody's employee."""

    def __init__(self, districts: Sequence[int], names: Sequence[str]) -> None:
        self.n, self.district, self.district_names = len(districts), list(districts), list(names)
        self.district_sizes = [self.district.count(place) for place in range(len(names))]
        self.district_first = [sum(self.district_sizes[:place]) for place in range(len(names))]
        self.age, self.migrant = [40] * self.n, [False] * self.n
        self.employer: list[int | None] = [None] * self.n
        self.employees: dict[int, int] = {}
        self.publicly_employed = [False] * self.n
        self.role = ["in a collective household"] * self.n
        self.classes: list[Classes] = [(3, 0, 0, 0, 0)] * self.n

    def household_of(self, firm: int) -> range:
        return range(firm, firm + 1)

    def income_fifth(self, firm: int) -> int:
        return 0


class FirmChance:
    """The run's chance, where a firm's number is its place behind FIRST."""

    def __init__(self, chance: Chance) -> None:
        self.chance = chance

    def draw(self, firm: int, when: int, stream: int, slot: int = 0) -> Words:
        return self.chance.draw(FIRST + firm, when, stream, slot)


class FirmAssumed(Assumed):
    """Firms neither fear nor owe."""

    def __init__(self, content: Assumptions) -> None:
        super().__init__(content)
        self.adverse = [CONDUCT[word].gravity >= 1 for word in FIRM_WORDS]
        self.family_of = [0] * len(FIRM_WORDS)

    def law_step(self, family: int) -> int:
        return 0

    def policy_step(self, family: int) -> int:
        return 0

    listing_step = 0


def as_persons(policy: Policy) -> Policy:
    """What is about firms in a policy, written as if it were about persons, and nothing else of it."""
    firm = {name for name, feed in policy.feeds.items() if feed.about == "firm"}
    own: dict[str, Any] = {
        "feeds": {name: feed.model_copy(update={"about": None}) for name, feed in policy.feeds.items() if name in firm},
        "behaviours": {name: item for name, item in policy.behaviours.items() if item.feed in firm},
        "scores": {name: _person(item) for name, item in policy.scores.items() if item.subject == "firm"},
        "lists": {name: _person(item) for name, item in policy.lists.items() if item.subject == "firm"},
    }
    named = {"behaviours", "scores", "lists"}
    mine = {name for part in named for name in own[part]}
    measures = {name: item for name, item in policy.measures.items() if _named(item) & mine}
    own["measures"] = {
        name: item.model_copy(update={"service": _stand_in(item.service)}) for name, item in measures.items()
    }
    nothing: dict[str, Any] = {"spillover": {}, "campaigns": {}, "procedure": None}
    return policy.model_copy(update=own | nothing)


def _person(item: Any) -> Any:
    own: dict[str, Any] = {"subject": "person"}
    if getattr(item, "exit", None) is not None:
        needed = tuple(map(_stand_in, item.exit.needs_services))
        own["exit"] = item.exit.model_copy(update={"needs_services": needed})
    return item.model_copy(update=own)


def _stand_in(service: str) -> str:
    """A service of persons in the place of each of firms; one behind them for all that are of persons."""
    firms = service in FIRM_SERVICES
    return PERSONS[FIRM_SERVICES.index(service) if firms else len(FIRM_SERVICES)]


def _named(item: Any) -> set[str]:
    """The behaviours, lists and scores that a measure's trigger names."""
    found: set[str] = set()
    for leaf in leaves(item.trigger):
        found |= set(getattr(leaf, "behaviours", ())) | set(getattr(leaf, "lists", ()))
        found |= {leaf.score} if hasattr(leaf, "score") else set()
    return found


class FirmWorld(World):
    """One world, as it is about firms."""

    words = FIRM_WORDS

    def _adapt(self, day: int) -> None:
        """Firms neither leave the city nor lose trust."""

    def __init__(self, place: int, policy: Policy, assumptions: Assumptions, setting: Setting) -> None:
        super().__init__(place, as_persons(policy), assumptions, setting)
        self.assumed, self.whole = FirmAssumed(assumptions), policy
        begins = policy.starts_on
        day = 0 if begins is None else max(0, (begins - setting.start).days)
        covered = policy.population.legal_entities and day < setting.days
        self.enrolled_on = [day if covered else None] * self.city.n
        self.known, self.told = assumptions.firms, Counter[tuple[int, int, str]]()
        self.clean, self.quiet = [0] * self.city.n, [0] * self.city.n

    def debt_of(self, word: int) -> str | None:
        return None

    def payer_type(self, resident: int, word: int | None = None) -> str:
        return "fast"

    def rate(self, firm: int) -> Fraction:
        """Times the usual rate of inspection."""
        standing = self.standings.get(firm)
        acting = standing.acting if standing else frozenset[int]()
        times = {
            exact(on(item.action.times_usual, self.today.date))
            for name, item in self.policy.measures.items()
            if item.action.kind == "inspect" and item.in_force(self.today.date) and self.class_of[name] in acting
        }
        more, less = [each for each in times if each > 1], [each for each in times if each < 1]
        return max(more) if more else min(less) if less else Fraction(1)

    def listed(self, firm: int) -> bool:
        standing = self.standings.get(firm)
        return standing is not None and any(self.today.lists[name].black for name in standing.listed)

    def found_weekly(self, often: Fraction) -> Fraction:
        held, acts = self.known.inspections, value(self.known.acts_violating)
        return acts * (1 - (1 - often * (1 - value(held.passes))) * (1 - value(held.noticed_otherwise)))

    def highest(self, times: Fraction, target: bool) -> Fraction:
        """The cost up to which a firm complies."""
        held, visits = self.known.compliance, self.known.inspections
        usual, fine = value(visits.weekly), value(held.fine)
        if not target:
            return self.found_weekly(usual * times) * fine
        often = min(Fraction(1), usual * max(Fraction(1), times))
        shut = {name.service for name in self.today.measures.values() if name.shuts and name.in_force}
        bans = len(shut & set(PERSONS[: len(FIRM_SERVICES)]))
        first, second = self.found_weekly(usual), self.found_weekly(often)
        again, beta = value(held.fine_again) + bans * value(held.ban), value(held.discount)
        back = often * value(visits.release) * (1 - value(visits.found_wrongly))
        bad = second * again / (1 - beta)
        good = (first * fine + beta * first * bad) / (1 - beta * (1 - first))
        return second * again + beta * back * (bad - good)

    def cost(self, firm: int) -> Fraction:
        q = self.chance.draw(firm, 0, FIRM_TRAIT)[0] >> 26
        held = self.known.compliance
        return value(held.cost_median) * exp(value(held.cost_sigma) * normal_quantile(Fraction(2 * q + 1, 128)))

    def chance_of_visit(self, times: Fraction) -> int:
        factor = Fraction(1)
        for item in self.whole.campaigns.values():
            if item.kind == "inspections" and item.starts_on <= self.today.date < item.ends_before:
                factor *= exact(on(item.times_usual, self.today.date))
        return s32(min(Fraction(1), value(self.known.inspections.weekly) * factor * times))

    def word(self, draw: int) -> int:
        weights = [value(self.known.acts[name]) if name in self.known.acts else Fraction(0) for name in FIRM_WORDS]
        ends = [ONE32 * running / sum(weights) for running in accumulate(weights)]
        return next((place for place, end in enumerate(ends) if draw < int(end)), len(ends) - 1)


class FirmRun(Run):
    """All worlds of firms."""

    def __init__(
        self, city: Any, worlds: Sequence[tuple[Policy, Assumptions]], seed: int, start: date, days: int
    ) -> None:
        chance: Any = FirmChance(Chance(seed))
        self.city, self.days, self.chance = city, days, chance
        self.kinds = Kinds([as_persons(policy) for policy, _ in worlds], start, days, FIRM_WORDS)
        setting = Setting(city, chance, self.kinds, Envelope(Assumed(worlds[0][1])), start, days)
        self.firm_worlds = [FirmWorld(place, *pair, setting) for place, pair in enumerate(worlds)]
        self.worlds = list(self.firm_worlds)
        self.due: defaultdict[int, list[tuple[int, Record]]] = defaultdict(list)
        self.candidates: Counter[tuple[int, int, int]] = Counter()
        self.events: Counter[str] = Counter()

    def play(self, day: int) -> None:
        for world in self.worlds:
            world.begin_day(day)
            if day % 7 == 0 and day > 0:
                world.begin_week(day)
        if day % 7 == 0:
            for firm in range(self.city.n):
                self.firm_week(firm, day)
        for firm, records in self.arrivals(day):
            for world in self.worlds:
                arrive(world, firm, [record for record in records if record.in_world(world.place)], day)
        for world in self.worlds:
            for firm, enrolled_on in enumerate(world.enrolled_on):
                if enrolled_on is not None and enrolled_on <= day:
                    visit(world, firm, day)
            count_standings(world, day)
            open_doors(world)
            world.closed = set()
            count_doors(world, day)

    def firm_week(self, firm: int, day: int) -> None:
        said: dict[int, tuple[int, int]] = {}
        for world in self.firm_worlds:
            found = week_of(world, firm, day)
            if found is not None:
                said[world.place] = found
        route, later, settles, when = self.chance.draw(firm, day // 7, FIRM_WEEK, 1)
        masks: Counter[Record] = Counter()
        for place, (word, truth) in said.items():
            world = self.firm_worlds[place]
            kind = self.kinds.routed(word, route, day)
            behaviour = kind.behaviours[place] if kind else None
            if kind is None or behaviour is None or not world.today.behaviours[behaviour].in_force:
                continue
            world.clean[firm] = 0
            act = day + (when * min(6, self.days - day, 7) >> 32)
            delay = delay_days(later, value(world.known.inspections.delay_mean_days))
            waits = geometric_quantiles(value(world.known.settled_daily))
            wait = waits[settles >> 24] if truth == RIGHT and word != CLEAN else UNSETTLED
            self.keep(firm, (kind.place, word, truth, act, delay, wait), place, masks)
        for record, mask in masks.items():
            whole = Record(record.kind, record.word, record.truth, mask, record.act, record.delay, record.wait)
            if whole.arrival < self.days:
                self.due[whole.arrival].append((firm, whole))

    def keep(self, firm: int, says: tuple[int, ...], place: int, masks: Counter[Record]) -> None:
        """Worlds that agree share a record."""
        kind, word, truth, act, delay, wait = says
        for record in masks:
            if (record.kind, record.truth, record.act, record.delay, record.wait) == (kind, truth, act, delay, wait):
                masks[record] |= 1 << place
                return
        masks[Record(kind, word, truth, 0, act, delay, wait)] = 1 << place

    def result(self) -> OracleResult:
        for world in self.worlds:
            self.events += world.events
        return OracleResult([world_view(world, self.days - 1) for world in self.worlds], self.candidates, self.events)


def week_of(world: FirmWorld, firm: int, day: int) -> tuple[int, int] | None:
    """What a firm does in a week, and what is said of it: (word, truth), if anything is."""
    held, week, place = world.known.inspections, day // 7, world.city.district[firm]
    a, b = world.chance.draw(firm, week, FIRM_WEEK), world.chance.draw(firm, week, INSPECTION)

    def tell(what: str, happened: bool = True) -> None:
        world.told[week, place, what] += happened

    times = world.rate(firm)
    target = times > 1 or world.listed(firm)
    complies = world.cost(firm) <= world.highest(times, target)
    acted = a[0] < s32(value(world.known.acts_complying if complies else world.known.acts_violating))
    tell("violating", not complies)
    tell("acts", acted)
    tell("targeted", target)
    truth = None
    if b[0] < world.chance_of_visit(times):
        tell("inspected")
        if acted and b[1] >= s32(value(held.passes)):
            tell("found")
            truth = RIGHT
        elif not acted and b[1] < s32(value(held.found_wrongly)):
            tell("wrongly")
            truth = INVENTED
        elif target and b[2] < s32(value(held.release)):
            tell("released")
            release(world, firm)
    if acted and truth is None and a[2] < s32(value(held.noticed_otherwise)):
        tell("noticed")
        truth = RIGHT
    word = world.word(a[1])
    world.quiet[firm] = 0 if acted else min(52, world.quiet[firm] + 1)
    enrolled = world.enrolled_on[firm]
    world.clean[firm] = min(52, world.clean[firm] + (enrolled is not None and enrolled <= day))
    if world.clean[firm] == 52 and truth is None:
        world.clean[firm] = 0
        if a[3] < s32(value(world.known.clean_year)):
            word, truth = CLEAN, RIGHT if world.quiet[firm] == 52 else WRONG_CONTENT
    return None if truth is None else (word, truth)


def release(world: FirmWorld, firm: int) -> None:
    rules = world.today.behaviours
    for record in list(world.files[firm]):
        if rules[world.behaviour_of[record.kind]].life == "until_settled":
            world.files[firm].remove(record)
            world.events["firm.released_record"] += 1
