"""A look at one resident on one day in one world: score, band, lists, bins. Section 6 of docs/mechanisms.md."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.oracle.clerks import drops
from tests.oracle.dated import NEVER, on
from tests.oracle.records import Record, is_live, points_of
from tests.oracle.today import ScoreToday

from vitropolis.policy.triggers import leaves
from vitropolis.policy.words import CONDUCT, GRAVITY_ZERO_KINDS

if TYPE_CHECKING:
    from tests.oracle.world import World

Bins = dict[str, str]  # definition of deserving: wrong_fact, lawful or breach


@dataclass(slots=True)
class Listing:
    """Somebody on a list, from day to day."""

    world: int
    resident: int
    name: str
    day_in: int
    planned_end: int
    repair_day: int
    bins: Bins
    deletion_day: int = NEVER
    day_out: int | None = None
    how: str | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something that goes on until a day (not included); `wrong`: it began by wrong fact."""

    until: int
    wrong: bool


@dataclass(slots=True)
class Case:
    """`state`: silent, told, pending or answered. `told_on`: of a silent one, the day notice comes; else None."""

    state: str
    told_on: int | None = None
    files_on: int | None = None


@dataclass(slots=True)
class Standing:
    """What one world holds of one resident between looks."""

    enrolled_on: int
    scores: dict[str, int] = field(default_factory=dict)
    bands: dict[str, str] = field(default_factory=dict)
    verdicts: dict[str, Bins] = field(default_factory=dict)
    held: dict[int, bool] = field(default_factory=dict)  # by leaf: whether it held after the last look
    listed: dict[str, Listing] = field(default_factory=dict)
    keeping: dict[str, int] = field(default_factory=dict)  # list: the day up to which its records are kept
    waiting: dict[str, int] = field(default_factory=dict)  # list: the day the grace ends
    live: list[Record] = field(default_factory=list)
    notes: set[str] = field(default_factory=set)
    objected: set[str] = field(default_factory=set)  # lists they wait for, against which an objection was upheld
    lingering: dict[str, Note] = field(default_factory=dict)  # by list
    class_notes: dict[int, Note] = field(default_factory=dict)
    acting: frozenset[int] = frozenset()  # classes of measures held after the last look
    truly: frozenset[int] = frozenset()
    own_hit: bool = False
    wrongly: bool = False
    at_fault: bool = False
    case: Case | None = None


@dataclass(frozen=True, slots=True)
class Ledger:
    """What some records make of a resident. `live` is newest first."""

    live: list[Record]
    scores: dict[str, int]
    bands: dict[str, str]


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of one resident and one list today: wait, give_up, start, stay, or out."""

    what: str
    how: str = ""
    bins: Bins = field(default_factory=dict)
    holds: bool = False  # the list's trigger does
    longer: bool = False  # the extension's trigger fires, or, at the start, holds
    renewed: bool = False  # a new record restarts the term
    again: Decision | None = None  # out, and on it anew by a trigger that fires today
    on_right: bool = True  # to wait: the trigger would hold without the wrong records


class Look:
    """Made for one look and thrown away."""

    def __init__(self, world: World, resident: int, standing: Standing, day: int) -> None:
        self.world, self.resident, self.standing, self.day = world, resident, standing, day
        self.today, self.policy = world.today, world.policy
        self.just_enrolled = day == standing.enrolled_on
        self.listed_before = set(standing.listed)
        self.on: set[str] = set(self.listed_before)
        self.began: set[str] = set()
        rules, kinds, behaviours = self.today.behaviours, world.behaviour_of, world.from_arrival
        file = world.files[resident]
        if world.voided[resident] or world.disputed[resident]:
            file = [record for record in file if not world.is_out(resident, record)]
        self.choose = world.choice_of(resident)
        self.live = [r for r in file if is_live(r, rules[kinds[r.kind]], day, behaviours, self.choose, world.paid)]
        self.right = [record for record in self.live if not world.is_wrong(record, day)]
        self.corrected = resident in world.corrected_today
        self.notes: set[str] = set()
        self.held: dict[int, bool] = {}  # by leaf: whether it holds today
        self._right_ledger: Ledger | None = None
        self.still = [] if self.just_enrolled else [name for name in self.today.scores if not self.recomputed(name)]
        self.ledger = self.as_it_stands(self.ledger_anew(self.live))

    # 1 and 2: score and band

    def rule(self, record: Record) -> Any:
        return self.today.behaviours[self.world.behaviour_of[record.kind]]

    def points(self, record: Record, score: str) -> int:
        return points_of(record, self.rule(record), score, self.day, self.world.from_arrival, self.choose)

    def recomputed(self, score: str) -> bool:
        """Whether a score is worked out again today."""
        often, today = self.policy.scores[score].recomputed, self.today.date
        if often == "yearly":
            return (today.month, today.day) == (1, 1)
        return often == "daily" or today.day == 1

    def as_it_stands(self, found: Ledger) -> Ledger:
        """The same, with what the last look left of scores that stand still today."""
        scores = {name: self.standing.scores[name] for name in self.still}
        bands = {name: self.standing.bands[name] for name in self.still}
        for name in self.still:
            moves = (found.scores[name], found.bands[name]) != (scores[name], bands[name])
            self.world.events["score.stands_still"] += moves
        return Ledger(found.live, found.scores | scores, found.bands | bands)

    def ledger_of(self, live: list[Record]) -> Ledger:
        """What some of today's records make of the resident: all of them, what they do."""
        return self.ledger if len(live) == len(self.live) else self.ledger_anew(live)

    def ledger_anew(self, live: list[Record]) -> Ledger:
        scores = {name: self.score(rules, live) for name, rules in self.today.scores.items()}
        bands = {name: self.band(rules, scores[name], live) for name, rules in self.today.scores.items()}
        return Ledger(live, scores, bands)

    def score(self, rules: ScoreToday, live: list[Record]) -> int:
        """Start + points of live records, newest first, of each behaviour at most `max_counted`; clamped."""
        total, counted = rules.start, Counter[str]()
        for record in live:
            rule = self.rule(record)
            counted[rule.name] += 1
            if rule.max_counted is None or counted[rule.name] <= rule.max_counted:
                total += self.points(record, rules.name)
            else:
                self.notes.add("score.cap_bound")
        total += self.clean_bonus(rules, live)
        if not rules.lowest <= total <= rules.highest:
            self.notes.add("score.clamped")
        return min(max(total, rules.lowest), rules.highest)

    def clean_bonus(self, rules: ScoreToday, live: list[Record]) -> int:
        """Points for every whole stretch of days since enrolment, and since the newest live record that costs any."""
        if rules.clean_bonus is None:
            return 0
        every, points, most = rules.clean_bonus
        bad = [record.arrival for record in live if self.adverse(record)]
        times = (self.day - max([self.standing.enrolled_on, *bad])) // every
        if times > most:
            self.notes.add("score.clean_enough")
        elif times:
            self.notes.add("score.clean")
        return points * min(times, most)

    def band(self, rules: ScoreToday, score: int, live: list[Record]) -> str:
        earned = self.band_earned(rules, score, live)
        of_records = [self.rule(record).ceilings.get(rules.name) for record in live]
        of_lists = [self.today.lists[name].ceilings.get(rules.name) for name in self.listed_before]
        place = rules.places[earned]
        for origin, ceilings in (("record", of_records), ("list", of_lists)):
            lowest = max((rules.places[band] for band in ceilings if band is not None), default=0)
            if lowest > place:
                self.notes.add(f"ceiling.bound.{origin}")
            place = max(place, lowest)
        return rules.bands[place][0]

    def band_earned(self, rules: ScoreToday, score: int, live: list[Record]) -> str:
        if any(self.points(record, rules.name) for record in live) or self.clean_bonus(rules, live):
            return self.band_at(rules, score)
        if rules.neutral_band is not None:
            self.notes.add("band.neutral")
            return rules.neutral_band
        if rules.without_records == "penalise":
            self.notes.add("band.penalise")
            return rules.bands[-1][0]
        if rules.without_records == "impute":
            self.notes.add("band.impute")
            mean = self.world.mean_scores.get(rules.name)
            return self.band_at(rules, rules.start if mean is None else mean)
        return self.band_at(rules, score)

    def band_at(self, rules: ScoreToday, score: int) -> str:
        cuts = self.world.band_cuts.get(rules.name) if rules.relative else None
        if cuts is not None:
            self.notes.add("band.relative")
        for name, lower in rules.bands:
            if (lower if cuts is None else cuts[name]) <= score:
                return name
        return rules.bands[-1][0]

    # 3: lists

    def holds(self, trigger: Any, ledger: Ledger, on: Set[str] | None = None) -> bool:
        """`on`: the lists for which `listed` leaves hold; as they stand, if not given."""
        on = self.on if on is None else on
        if trigger.kind == "any_of":
            return any(self.holds(part, ledger, on) for part in trigger.of)
        if trigger.kind == "all_of":
            return all(self.holds(part, ledger, on) for part in trigger.of)
        if trigger.kind == "listed":
            return any(name in on for name in trigger.lists)
        if ledger is not self.ledger:
            return self.leaf_holds(trigger, ledger)
        if id(trigger) not in self.held:
            self.held[id(trigger)] = self.leaf_holds(trigger, ledger)
        return self.held[id(trigger)]

    def leaf_holds(self, trigger: Any, ledger: Ledger) -> bool:
        if trigger.kind == "records":
            return len(self.counting(trigger, ledger)) >= (trigger.count or 1)
        if trigger.kind == "band":
            return ledger.bands[trigger.score] in trigger.bands
        if trigger.kind == "score":
            return self.score_holds(trigger, ledger.scores[trigger.score])
        return self.world.in_rank(trigger, ledger.scores[trigger.score], self.resident)

    def counting(self, leaf: Any, ledger: Ledger) -> list[Record]:
        """The live records that a `records` leaf counts."""
        within = NEVER if leaf.within_days is None else leaf.within_days
        named = [record for record in ledger.live if self.rule(record).name in leaf.behaviours]
        return [record for record in named if self.day - record.arrival < within]

    def score_holds(self, leaf: Any, score: int) -> bool:
        if leaf.at_least is not None:
            return bool(score >= on(leaf.at_least, self.today.date))
        return bool(score < on(leaf.below, self.today.date))

    def fresh(self, leaf: Any) -> bool:
        if self.just_enrolled:
            return True
        if leaf.kind == "records":
            return any(record.arrival == self.day for record in self.counting(leaf, self.ledger))
        if leaf.kind == "listed":
            return any(name in self.began for name in leaf.lists)
        return self.holds(leaf, self.ledger) and not self.standing.held[id(leaf)]

    def fresh_leaves(self, trigger: Any) -> list[Any]:
        """The leaves that hold and are fresh."""
        return [leaf for leaf in leaves(trigger) if self.holds(leaf, self.ledger) and self.fresh(leaf)]

    def fires(self, trigger: Any) -> bool:
        return self.holds(trigger, self.ledger) and bool(self.fresh_leaves(trigger))

    def decide(self, absorbed: Sequence[str] = ()) -> dict[str, Decision]:
        """What happens with every list, a list after those that its trigger names."""
        self.on, self.began = set(self.listed_before), set()
        decisions = {}
        for name in self.world.lists_in_order:
            decision = self.decide_one(name)
            if name in absorbed and decision.what in ("start", "wait", "dropped"):
                decision = Decision("absorbed")
            decisions[name] = decision
            if decision.what == "out":
                self.on.discard(name)
                decision = decision.again or decision
            if decision.what == "start":
                self.on.add(name)
                self.began.add(name)
        return decisions

    def decide_one(self, name: str) -> Decision:
        rules, trigger = self.today.lists[name], self.policy.lists[name].trigger
        holds = self.holds(trigger, self.ledger)
        if name in self.standing.waiting:
            if self.day < self.standing.waiting[name]:
                return Decision("")
            return self.started(name) if holds and rules.in_force else Decision("give_up")
        if name in self.standing.listed:
            how = self.way_out(self.standing.listed[name], holds)
            return Decision("out", how, again=self.seen_by_clerk(name)) if how else self.stayed(name, holds)
        return self.seen_by_clerk(name)

    def seen_by_clerk(self, name: str) -> Decision:
        """What a trigger that fires does, after a clerk has looked at the case."""
        decision = self.joined(name)
        if not decision.what:
            return decision
        right = self.holds(self.policy.lists[name].trigger, self.right_ledger)
        return Decision("dropped", on_right=right) if drops(self, name, right) else decision

    def joined(self, name: str) -> Decision:
        """What a trigger that fires does to somebody who is neither on the list nor waits for it."""
        rules = self.today.lists[name]
        if not rules.in_force or not self.fires(self.policy.lists[name].trigger) or self.excluded(name):
            return Decision("")
        if self.grace(name) == 0:
            return self.started(name)
        return Decision("wait", on_right=self.holds(self.policy.lists[name].trigger, self.right_ledger))

    def grace(self, name: str) -> int:
        """Days before a listing takes effect: the list's own, or what an objection is given."""
        rules, procedure = self.today.lists[name], self.today.procedure
        return max(rules.grace, procedure.objection_days) if rules.black else rules.grace

    def started(self, name: str) -> Decision:
        item = self.policy.lists[name]
        bins = self.bins(lambda live: self.holds(item.trigger, self.ledger_of(live)))
        longer = item.extension is not None and self.holds(item.extension.trigger, self.ledger)
        return Decision("start", bins=bins if item.polarity == "black" else {}, longer=longer)

    def stayed(self, name: str, holds: bool) -> Decision:
        item = self.policy.lists[name]
        longer = item.extension is not None and self.fires(item.extension.trigger)
        return Decision("stay", "", {}, holds, longer, self.world.new_record_restarts and self.fires(item.trigger))

    def way_out(self, listing: Listing, holds: bool) -> str:
        rules = self.today.lists[listing.name]
        if not rules.in_force:
            return "repealed"
        if rules.expires_itself and self.day >= listing.planned_end:
            return "term"
        if self.day >= listing.repair_day:
            return "repair"
        if rules.on_compliance and not holds and self.day >= listing.deletion_day:
            return "compliance"
        return "correction" if self.corrected and not holds else ""

    def excluded(self, name: str) -> bool:
        """Minors, and who is found unable to pay, rightly or not."""
        item = self.policy.lists[name]
        if item.excludes_minors is True and self.world.city.age[self.resident] < 18:
            self.world.events["lists.minor_excluded"] += 1
            return True
        if item.ability_test is not True:
            return False
        draw = self.world.draw_listing(self.resident, self.day, name)[0]
        unable = self.world.payer_type(self.resident) == "cannot"
        found = draw < (self.world.ability_found if unable else self.world.ability_false)
        self.world.events[f"lists.ability.{'unable' if unable else 'able'}.{'excluded' if found else 'kept'}"] += 1
        return found

    def absorbed(self) -> list[str]:
        """The lists that one record would trigger but for the heaviest of them, as the look finds them."""
        self.on, self.began = set(self.listed_before), set()
        off = [name for name in self.policy.lists if name not in self.on and name not in self.standing.waiting]
        starting = [name for name in off if self.joined(name).what]
        fresh = [leaf for name in starting for leaf in self.fresh_leaves(self.policy.lists[name].trigger)]
        if len(starting) < 2 or self.just_enrolled or not all(self.only_heaviest(leaf) for leaf in fresh):
            return []
        places = {name: place for place, name in enumerate(self.policy.lists)}
        starting.sort(key=lambda name: (-self.world.measures_led_to[name], places[name]))
        self.world.events["absorption.heaviest"] += 1
        return starting[1:]

    def only_heaviest(self, leaf: Any) -> bool:
        """Fresh only through records of behaviours whose `absorption` is `heaviest`."""
        if leaf.kind != "records":
            return False
        arrived = [record for record in self.counting(leaf, self.ledger) if record.arrival == self.day]
        return all(self.rule(record).heaviest for record in arrived)

    # 4: bins

    def bins(self, stands: Callable[[list[Record]], bool]) -> Bins:
        """Whether what stands today also does without the wrong records, and without adverse, undeserving ones."""
        if len(self.right) < len(self.live) and not stands(self.right):
            return {name: "wrong_fact" for name in self.world.definitions}
        return {name: self.bin_of_right(name, stands) for name in self.world.definitions}

    def bin_of_right(self, definition: str, stands: Callable[[list[Record]], bool]) -> str:
        kept = self.deserved(definition)
        return "breach" if len(kept) == len(self.right) or stands(kept) else "lawful"

    def deserved(self, definition: str) -> list[Record]:
        """The live records without wrong ones, and without adverse ones that are not deserving."""
        return [record for record in self.right if not self.adverse(record) or self.deserving(record, definition)]

    @property
    def right_ledger(self) -> Ledger:
        """What the live records make of the resident without the wrong ones."""
        if len(self.right) == len(self.live):
            return self.ledger
        if self._right_ledger is None:
            self._right_ledger = self.ledger_of(self.right)
        return self._right_ledger

    def contested(self) -> Record | None:
        """The record that an appeal is about: the newest wrong one of the live adverse ones, else the newest."""
        adverse = [record for record in self.live if self.adverse(record)]
        wrong = [record for record in adverse if self.world.is_wrong(record, self.day)]
        return next(iter([*wrong, *adverse]), None)

    def adverse(self, record: Record) -> bool:
        rule = self.rule(record)
        return rule.costs_points or rule.has_ceiling or rule.name in self.world.adverse_by_lists

    def deserving(self, record: Record, definition: str) -> bool:
        gravity_from, able_to_pay = self.world.definitions[definition]
        word = CONDUCT[self.world.words[record.word]]
        unable = self.world.is_debt(record.word) and self.world.payer_type(self.resident, record.word) == "cannot"
        return word.gravity >= gravity_from and word.kind not in GRAVITY_ZERO_KINDS and not (able_to_pay and unable)

    def verdicts(self) -> dict[str, Bins]:
        """By score: the bins of a band worse than the worst one called trustworthy."""
        kept = {name: bins for name, bins in self.standing.verdicts.items() if name in self.still}
        return kept | {
            name: self.bins(lambda live, rules=rules: self.untrusted(rules, live))  # type: ignore[misc]
            for name, rules in self.today.scores.items()
            if name not in self.still and self.below(rules, self.ledger.bands[name])
        }

    def below(self, rules: ScoreToday, band: str) -> bool:
        return rules.trustworthy_from is not None and rules.places[band] > rules.places[rules.trustworthy_from]

    def untrusted(self, rules: ScoreToday, live: list[Record]) -> bool:
        return self.below(rules, self.band(rules, self.score(rules, live), live))
