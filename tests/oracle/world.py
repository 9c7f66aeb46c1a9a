"""One world of a run: a policy under assumption values, and everything that it holds of everybody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from tests.oracle.assumed import Assumed, value
from tests.oracle.chances import ends32, exact, geometric_quantiles, nearest, s16, s32
from tests.oracle.city_view import CityView
from tests.oracle.conduct import Acceptance, Envelope
from tests.oracle.dated import NEVER, on, value_on
from tests.oracle.enrolment import Cut, Enrolment, band_cut, rank_cut
from tests.oracle.look import Listing, Standing
from tests.oracle.made_up import MadeUp
from tests.oracle.measures import RELATIONS, MeasureToday, ProcedureToday, classes_of, spills_of
from tests.oracle.philox import DISCRETION, LAG, LEAVING, LISTING, NAMED, PAYER, PROMISE, RANK, Chance, Words
from tests.oracle.records import RIGHT, STALE, Kinds, Record
from tests.oracle.redress import Answer, Appeal
from tests.oracle.result import Counts
from tests.oracle.rivals import Lines
from tests.oracle.services import goes_there, tries
from tests.oracle.settling import Settling
from tests.oracle.speech import Speech
from tests.oracle.today import (
    ListToday,
    Today,
    adverse_behaviours_of_lists,
    counts_from_arrival,
    lists_in_order,
    measures_led_to,
    new_record_restarts,
    what_holds,
)
from tests.oracle.work import Work, office_spills

from vitropolis.model.assumption_parts import Assumption, Comparing
from vitropolis.model.assumptions import Assumptions
from vitropolis.policy.schema import Policy
from vitropolis.policy.triggers import RankTrigger, leaves
from vitropolis.policy.words import CONDUCT, PERSON_WORDS


@dataclass(frozen=True, slots=True)
class Setting:
    """What all worlds of a run share."""

    city: CityView
    chance: Chance
    kinds: Kinds
    envelope: Envelope
    start: date
    days: int
    firms: MadeUp | None = None


class World:
    """Everything is by resident, district or firm number; days count from `start`."""

    words: Sequence[str] = PERSON_WORDS

    def __init__(self, place: int, policy: Policy, assumptions: Assumptions, setting: Setting) -> None:
        city, kinds = setting.city, setting.kinds
        self.place, self.policy, self.city, self.kinds = place, policy, city, kinds
        self.chance, self.start, self.days = setting.chance, setting.start, setting.days
        self.events: Counter[str] = Counter()
        self.counts = Counts()
        self.assumed = Assumed(assumptions)
        self.acceptance = Acceptance(self.assumed, setting.envelope)
        self.enrolled_on = Enrolment(self).days(setting.days)
        self.behaviour_of: dict[int, str] = {
            kind.place: name for kind in kinds.all if (name := kind.behaviours[place]) is not None
        }
        self.work = Work(self, setting.firms)
        self.spills_at_home = len(spills_of(policy))
        self.settling = Settling(policy, assumptions.payers.pace_shut, setting.start, setting.days)
        self.debts: dict[int, str | None] = {}
        self._read_policy()
        self._read_assumptions()
        # What changes: newest records first in every file; six deterrence bytes, a household level.
        self.today: Today = what_holds(policy, 0, setting.start)
        self.files: list[list[Record]] = [[] for _ in range(city.n)]
        self.standings: dict[int, Standing] = {}
        self.listings: list[Listing] = []
        self.deterrence = [[0] * 6 for _ in range(city.n)]
        self.household = [0] * city.n
        self.mood = [0] * len(city.district_names)
        self.workplace: dict[int, int] = {}
        self.mean_scores: dict[str, int] = {}
        self.band_cuts: dict[str, dict[str, int]] = {}
        self.rank_cuts: dict[int, Cut | None] = {}
        # What arrived: adverse records by district and week, firm and week; all by feed and day.
        self.adverse_by_district: Counter[tuple[int, int]] = Counter()
        self.adverse_by_firm: Counter[tuple[int, int]] = Counter()
        self.by_feed: Counter[tuple[str, int]] = Counter()
        self._open_books(city)
        self.speech = Speech(self)

    def _open_books(self, city: CityView) -> None:
        """What measures, spill-overs and redress hold of everybody, enrolled or not."""
        self.voided: list[set[Record]] = [set() for _ in range(city.n)]  # out of the file for good
        self.disputed: list[set[Record]] = [set() for _ in range(city.n)]  # out of it until the answer
        self.ever: list[set[str]] = [set() for _ in range(city.n)]
        self.touched: list[set[int]] = [set() for _ in range(city.n)]  # classes that ever acted on their own account
        self.carried: list[dict[int, bool]] = [{} for _ in range(city.n)]  # by spill-over: whether wrongly
        self.meets: list[list[MeasureToday]] = [[] for _ in range(city.n)]
        self.through = [False] * city.n
        self.closed: set[int] = set()  # whom a measure that bears on requests meets
        self.closed_before: set[int] = set()  # the same at the end of the day before
        self.refused_days: list[Counter[str]] = [Counter() for _ in range(city.n)]
        self.corrected_today: set[int] = set()
        self.left: set[int] = set()  # the city
        self.trust = 65536
        self.unease = Counter[str]()  # of this week: newly wrongly hit, refusals
        self.known_wronged = 0  # people ever wrongly hit when the week began
        self.lines = Lines(self)
        self.answers: defaultdict[int, list[Answer]] = defaultdict(list)
        self.fresh_appeals: list[Appeal] = []
        self.waiting_appeals: list[list[Appeal]] = [[] for _ in city.district_names]
        self.week_began: tuple[ProcedureToday, list[int]] = (self.today.procedure, [0] * len(city.district_names))

    def _read_policy(self) -> None:
        policy = self.policy
        self.from_arrival = counts_from_arrival(policy)
        self.new_record_restarts = new_record_restarts(policy)
        self.lists_in_order = lists_in_order(policy)
        self.absorbs = any(item.absorption == "heaviest" for item in policy.behaviours.values())
        self.measures_led_to = {name: measures_led_to(policy, name) for name in policy.lists}
        self.adverse_by_lists = adverse_behaviours_of_lists(policy)
        self.classes = classes_of(policy)
        self.class_of = {name: each.place for each in self.classes for name in each.measures}
        named = [leaf for each in self.classes for leaf in leaves(each.trigger) if leaf.kind == "listed"]
        self.lists_of_classes = {name for leaf in named for name in leaf.lists}
        triggers = [item.trigger for item in policy.lists.values()]
        triggers += [each.trigger for each in self.classes]
        triggers += [item.extension.trigger for item in policy.lists.values() if item.extension]
        self.leaves = [leaf for trigger in triggers for leaf in leaves(trigger)]
        self.remembered = [leaf for leaf in self.leaves if leaf.kind in ("band", "score", "rank")]

    def _read_assumptions(self) -> None:
        lists = self.assumed.content.lists
        self.ability_found, self.ability_false = s32(value(lists.ability_found)), s32(value(lists.ability_false))
        self.repair_granted = s32(value(lists.repair_granted))
        self.repair_answer_days = round(value(lists.repair_answer_days))
        self.deletion_waits = geometric_quantiles(1 / value(lists.deletion_mean_days))
        self.holder_waits = geometric_quantiles(1 / value(lists.holders_mean_days))
        self.reach32 = {relation: s32(self.assumed.reach(relation)) for relation in RELATIONS}
        learning = self.assumed.content.services.learning
        self.goes_there = goes_there(self.assumed)
        self.first_tries, self.later_tries = tries(value(learning.first_tries)), tries(value(learning.later_tries))
        self.definitions = {
            name: (item.gravity_from, item.able_to_pay) for name, item in self.assumed.content.deserving.items()
        }

    # residents

    def compared_by(self, behaviour: str) -> Comparing | None:
        """How a machine compares people for a behaviour; None if no machine establishes it."""
        item, rows = self.policy.behaviours[behaviour], self.assumed.content.recording.findings
        if item.established_by != "algorithm":
            return None
        provenance = self.policy.feeds[item.feed].provenance
        own = {"averaged": rows.averaged, "inferred": rows.inferred, "predicted": rows.predicted}
        return {**own, "self_reported": rows.self_reported}.get(provenance, rows.other)

    def debt_of(self, word: int) -> str | None:
        """Class of debt: the word's own, else that of the first behaviour found by a machine until it is settled."""
        if self.assumed.words[word].debt is not None:
            return self.assumed.words[word].debt
        for name, item in self.policy.behaviours.items():
            row = self.compared_by(name)
            until = item.life is not None and item.life.kind == "until_settled"
            if PERSON_WORDS[word] in item.conduct and until and row is not None and row.debt is not None:
                return row.debt
        return None

    def is_debt(self, word: int) -> bool:
        if word not in self.debts:
            self.debts[word] = self.debt_of(word)
        return self.debts[word] is not None

    def settling_hazard(self, word: int, payer: str) -> Fraction:
        return self.assumed.settling_hazard(self.debt_of(word), payer)

    def payer_type(self, resident: int, word: int | None = None) -> str:
        """fast, slow or cannot: the resident's own type, unless the debt itself says who pays it."""
        debt = None if word is None else self.debt_of(word)
        debtor = None if debt is None else self.assumed.content.debts[debt].payer
        if debtor is not None and debtor != "own":
            return debtor
        fast, slow = self.assumed.payer_shares[self.city.income_fifth(resident)]
        draw = self.chance.draw(resident, 0, PAYER)[0]
        return "fast" if draw < ends32(fast) else "slow" if draw < ends32(fast + slow) else "cannot"

    def can_happen(self, word: int, resident: int) -> bool:
        return self.assumed.profile_product(word, self.city.classes[resident], bound=True) != 0

    def draw_listing(self, resident: int, day: int, name: str) -> Words:
        return self.chance.draw(resident, day, LISTING, self.today.lists[name].place)

    def deletion_wait(self, resident: int, day: int, rules: ListToday) -> int:
        """Days; at most those that are promised, if the promise is kept."""
        wait = self.deletion_waits[self.chance.draw(resident, day, LAG, rules.place)[0] >> 24]
        kept = s32(value(self.assumed.content.clerks.promise_kept))
        if rules.promised is None or self.chance.draw(resident, day, PROMISE, rules.place)[0] >= kept:
            return wait
        self.events["lists.promise.shorter"] += max(rules.promised, 1) < wait
        return min(wait, max(rules.promised, 1))

    @property
    def kept_days(self) -> int | None:
        """Days for which records are kept after an exit; None: as long as they live."""
        said = self.policy.retention
        days = value_on(said.after_exit_days, self.today.date, NEVER) if said else NEVER
        return None if days == NEVER else days

    def choice_of(self, resident: int) -> Callable[[Record], int | None]:
        """How a clerk places the points of each record in their range; None: as written."""
        used = s32(value(self.assumed.content.clerks.discretion_used))

        def choose(record: Record) -> int | None:
            draw = self.chance.draw(resident, record.act, DISCRETION, record.word)
            self.events["points.chosen"] += draw[0] < used
            return draw[1] if draw[0] < used else None

        return choose

    def paid(self, record: Record, day: int) -> bool:
        """Whether the debt that a record tells of is settled here."""
        return self.settling.paid(record, self.behaviour_of[record.kind], day)

    def is_wrong(self, record: Record, day: int) -> bool:
        """Says what did not happen, or no longer is."""
        return self.paid(record, day) if record.truth == STALE else record.truth != RIGHT

    def is_out(self, resident: int, record: Record) -> bool:
        return record in self.voided[resident] or record in self.disputed[resident]

    def count(self, resident: int, item: str, number: int = 1) -> None:
        self.counts.items[self.today.day, self.city.district[resident], item] += number

    # days and weeks

    def begin_day(self, day: int) -> None:
        today = self.start + timedelta(days=day)
        before, self.today = self.today, what_holds(self.policy, day, today)
        self.today.spills.extend(office_spills(self))
        self.events["policy.changed"] += self.today.rules != before.rules
        earning = [
            name
            for name, rule in self.today.behaviours.items()
            if rule.in_force and max([0, *rule.points.values()]) > 0
        ]
        words = {word for name in earning for word in self.policy.behaviours[name].conduct}
        self.earning = {word for word in words if CONDUCT[word].kind == "virtue"}
        self.season = [self.assumed.calendar(family, today) for family in range(len(self.assumed.families))]

    def begin_week(self, day: int) -> None:
        """Decay, moods, workplaces, ranks: what is city-wide, from what was counted until yesterday."""
        week = day // 7
        self.work.begin_week(day)
        self._adapt(day)
        self._fade()
        for district, size in enumerate(self.city.district_sizes):
            adverse = self.adverse_by_district[district, week - 1]
            self.mood[district] = min(15, 15 * adverse * 100000 // (max(1, size) * self.assumed.district_reference))
        if week % 4 == 0:
            self._set_workplaces(week)
        for name, rules in self.today.scores.items():
            scores = [standing.scores[name] for standing in self.standings.values()]
            self.mean_scores.pop(name, None)
            if scores:
                self.mean_scores[name] = sum(scores) // len(scores)  # lower ends are integers: the floor decides alike
            self.band_cuts[name] = {band: band_cut(scores, lower) for band, lower in rules.bands}
        for leaf in self.leaves:
            if isinstance(leaf, RankTrigger):
                scores = [standing.scores[leaf.score] for standing in self.standings.values()]
                self.rank_cuts[id(leaf)] = rank_cut(scores, exact(on(leaf.share, self.today.date)), leaf.end == "best")

    def _adapt(self, day: int) -> None:
        """Trust moves, some of those who are hit leave, namesakes are taken for people on published lists."""
        known = self.assumed.content
        held, week = known.adaptation.trust, day // 7
        wronged = sum(bool({"wrongly", "wrongly through"} & ever) for ever in self.ever)
        self.unease["wrong"], self.known_wronged = wronged - self.known_wronged, wronged
        lost = 0
        for name, item in (("wrong", held.lost_wrong), ("refused", held.lost_refused)):
            lost += nearest(65536 * value(item)) * self.unease[name] * 1000 // self.city.n
        self.trust = max(0, self.trust + ((65536 - self.trust) * s16(value(held.recovers)) >> 16) - lost)
        self.unease.clear()
        self.events["trust.lost"] += lost > 0
        leaves, mistaken = s32(value(known.adaptation.leaves_weekly)), s32(value(known.publicity.mistaken_for_listed))
        for resident, standing in sorted(self.standings.items()):
            hit = standing.own_hit and resident not in self.left
            if hit and self.chance.draw(resident, week, LEAVING)[0] < leaves:
                self.left.add(resident)
            shown = any(self.shown_by_name(name) for name in standing.listed)
            draw = self.chance.draw(resident, week, NAMED)
            if shown and draw[0] < mistaken and (taken := self.city.namesake(resident, draw[1])) != resident:
                self.count(taken, "mistaken_refusals")
                self.events["publicity.mistaken"] += 1

    def shown_by_name(self, name: str) -> bool:
        """Whether a black list in force is published by the name, without a number beside it."""
        item = self.policy.lists[name]
        seen = item.publication
        if item.polarity != "black" or seen is None or seen.public is not True or not self.today.lists[name].in_force:
            return False
        return "name" in (seen.fields or ()) and not {"id_partial", "id_full"} & {*(seen.fields or ())}

    def trusting(self, share: Assumption) -> int:
        """What is left, in 16 bits, of something that lost trust takes this share of."""
        return 65536 - ((65536 - self.trust) * s16(value(share)) >> 16)

    def deed(self, word: int) -> str:
        """Whether a good deed earns points here today: scored, unscored, nothing (none does), or no good deed."""
        if CONDUCT[PERSON_WORDS[word]].kind != "virtue":
            return "none"
        if not self.earning:
            return "nothing"
        return "scored" if PERSON_WORDS[word] in self.earning else "unscored"

    def note_beginning(self) -> None:
        """What the queue of appeals goes by for the week that begins today."""
        enrolled = Counter(self.city.district[resident] for resident in self.standings)
        self.week_began = (self.today.procedure, [enrolled[place] for place in range(len(self.city.district_names))])

    def _fade(self) -> None:
        known = self.assumed.content
        feared = [faded(level, value(known.deterrence.weekly_decay)) for level in range(256)]
        at_home = [faded(level, value(known.norms.household_weekly_decay)) for level in range(16)]
        self.deterrence = [[feared[level] for level in levels] for levels in self.deterrence]
        self.household = [at_home[level] for level in self.household]

    def _set_workplaces(self, week: int) -> None:
        reference = self.assumed.workplace_reference
        for firm, employees in self.city.employees.items():
            adverse = sum(self.adverse_by_firm[firm, week - back] for back in (1, 2, 3, 4))
            self.workplace[firm] = min(15, 15 * adverse * 1000 // max(1, employees * reference))

    def in_rank(self, leaf: Any, score: int, resident: int) -> bool:
        cut = self.rank_cuts.get(id(leaf))
        return cut is not None and cut.has_place(score, self.chance.draw(resident, 0, RANK)[0])

    def raise_deterrence(self, resident: int, family: int, steps: int) -> None:
        levels = self.deterrence[resident]
        levels[family] = min(255, levels[family] + steps)


def faded(level: int, weekly_share: Fraction) -> int:
    return level - (level * s16(weekly_share) + 65535 >> 16)
