"""Lock-in: how long the way back from the worst place takes at least, and whether it is barred by what it leads out of.

Assumed of the worst: every record that harms is live, as often as it may count (where nothing caps it: as often as
takes the score to its end), all made on day 0. Assumed of the best conduct: every debt that can be paid is paid on day
0, every request is made on the first day and granted, and every lawful act that earns points is done once a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Outcome, Outcomes
from vitropolis.lint.grounds import limit
from vitropolis.lint.recovery import AT_ONCE, NEVER, Fall, Gain, Span, earliest, first_day, latest
from vitropolis.lint.rule import rule
from vitropolis.lint.said import Said
from vitropolis.lint.sides import UP
from vitropolis.lint.truth import NOTHING, TRUE, Names, Truth, all_of, known
from vitropolis.lint.views import BehaviourView, MeasureView
from vitropolis.policy.triggers import (
    AllTrigger,
    AnyTrigger,
    BandTrigger,
    Expires,
    Forever,
    HalfLife,
    ListedTrigger,
    RankTrigger,
    RecordsTrigger,
    ScoreTrigger,
    Trigger,
    UntilSettled,
)
from vitropolis.policy.words import CONDUCT, SERVICES

DEBTS = frozenset({"civil_judgment", "tax"})
"""Walks of life in which a duty that was broken can still be done."""


@rule("DP-LOCK-1", "no-way-back", "high", ("due", "cn"), ("due-49-repair", "due-order-36-repair", "due-gdpr-5e"))
def no_way_back(case: Case) -> Outcomes:
    """No way back, or one that takes too long.

    What: a blacklist, or the bottom of a score, from which even the best lawful conduct does not lead back within
        three years; and an exit that needs a service which the listing takes away.
    Why: a sanction that conduct cannot end no longer answers to conduct. A way back has to exist, to be short enough to
        be worth walking, and not to lead through a door that the sanction has shut.
    Fires: a court list without term, which those who cannot pay never leave; a debtor who must earn the debt and is
        barred from the jobs that would pay it.
    Silent: a listing of at most a year, whose repair needs nothing that is denied.
    Fix: add: a term, an end to every record, and credits that lawful conduct can earn; shorten: terms and lives of
        records; remove: the denial of services that the exit needs; hear: those who cannot pay
    Computed: least days back, from lives, half-lives, terms, exits, credits and delays; the circle of exit and denial.
    Declared: the numbers; that compliance ends a listing; the services that an exit needs.
    Cannot decide: how long people really need; whether an office grants what it may grant.
    """
    ways = WaysBack(case)
    for name, _ in case.adverse_lists():
        yield _listed(case, ways, name)
        yield from _barred(case, name)
    for score, item in case.policy.scores.items():
        if item.subject == "person" and ways.worsened(score):
            sign = -1 if case.harm[score] == UP else 1
            target = _neutral(case, score, sign)
            span = ways.of_score(score, target, sign, frozenset())
            says = f"from the worst of {score} to {target} points: at best {span.told()}"
            if span.least == inf:
                says = f"nobody comes back from the worst of {score} to {target} points{ways.endless(score)}"
            yield case.judge(span.over(limit("lock_in_most")), f"scores.{score}", says, data=_data(span))


def _listed(case: Case, ways: WaysBack, name: str) -> Outcome:
    found, most = ways.of_list(name, frozenset()), limit("lock_in_most")
    shortest, wrong = earliest(found), all_of(each.over(most) for each in found)
    says = f"off the list {name} and free of its effects: at best {shortest.told()}"
    if shortest.least == inf:
        says = f"nobody gets off the list {name}{ways.shut(name)}"
    element = f"lists.{name}"
    if wrong.value is not True and ways.kept_elsewhere(name):
        says += ", but whoever was given it never has to delete it"
        return case.judge(case.if_black(TRUE, name), element, says, data=_data(shortest), review=True)
    return case.judge(case.if_black(wrong, name), element, says, data=_data(shortest))


def _data(span: Span) -> dict[str, object]:
    return {"days_at_best": None if span.least == inf else int(span.least)}


def _neutral(case: Case, score: str, sign: int) -> int:
    """The score to come back to: the nearest of the neutral band, or the start where only a rank counts. `sign`: 1
    where low is bad, -1 where high is."""
    item = case.policy.scores[score]
    start: int = case.take(item.start)
    if item.normalisation == "relative_rank":
        return start
    ladder = case.satisfier.ladder(score)
    band = item.neutral_band or next((name for name, low, high in ladder if low <= start <= high), ladder[0][0])
    return next(low if sign > 0 else high for name, low, high in ladder if name == band)


def _barred(case: Case, name: str) -> Iterator[Outcome]:
    """Whether the exit of a list needs what a measure of that list denies."""
    denied = [each for each in case.sanctions if name in each.lists and _denies(each)]
    if not denied:
        return
    needs = case.said(f"lists.{name}.exit.needs_services")
    services = {each.service.name: each for each in denied if each.service}
    both = [service for service in services if service in (needs.value or ())]
    says = f"the exit of {name} needs nothing that its measures deny"
    if needs.open:
        says = f"what the exit of {name} needs is not said; its measures deny {_few(services)}"
    if both:
        says = f"the exit of {name} needs {', '.join(both)}, which {services[both[0]].element} denies"
    wrong = needs.test(lambda value: bool(set(services) & set(value or ())))
    earning = [service for service in services if SERVICES[service].field == "job_search"]
    if not both and earning and any(isinstance(each.item.life, UntilSettled) for each in case.on_list(name)):
        says = f"the exit of {name} needs an income, and its measures deny {_few(earning)}"
        wrong = wrong.resting_on(labels=[needs.element]) if wrong.value is False else wrong
    yield case.judge(wrong, f"lists.{name}.exit", says, data={"denied": sorted(services)})


def _few(names: Iterable[str]) -> str:
    every = list(names)
    return ", ".join(every[:3]) + (f" and {len(every) - 3} more services" if len(every) > 3 else "")


def _denies(measure: MeasureView) -> bool:
    return measure.kind == "measure" and measure.closes


MOST_DEEP = 40
MOST_STEPS = 20_000
UNSEEN = Span(0, inf)


class WaysBack:
    """Least days back from lists, scores and records of one policy."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.steps = 0

    def _lost(self, seen: frozenset[str]) -> bool:
        """Whether lists lie behind lists deeper, or in more ways, than anybody could walk: then it is left open."""
        self.steps += 1
        return len(seen) > MOST_DEEP or self.steps > MOST_STEPS

    def of_list(self, name: str, seen: frozenset[str]) -> tuple[Span, ...]:
        """Every way off a list, each with what goes on afterwards; none if there is none."""
        if name in seen:
            return ()  # while it holds it cannot wait for its own end
        if self._lost(seen):
            return (UNSEEN,)
        after = self._after(name)
        return tuple(each + after for each in (self._term(name), self._repair(name), self._compliance(name, seen)))

    def _term(self, name: str) -> Span:
        term = self._days(f"lists.{name}.term_days")
        if self.case.policy.lists[name].extension is not None:
            term += self._days(f"lists.{name}.extension.days")
        by_itself = self.case.said(f"lists.{name}.exit.auto_expiry")
        return _if(by_itself.is_true() if by_itself.state != "absent" else known(True), term)

    def _repair(self, name: str) -> Span:
        asked = self.case.said(f"lists.{name}.exit.repair_after_days")
        written = self.case.policy.lists[name].exit is not None  # its ways out are all that there are
        if asked.state == "null" or (asked.state == "absent" and written):
            return NEVER
        return self._days(asked.element) + self._days(f"lists.{name}.exit.response_days")

    def _compliance(self, name: str, seen: frozenset[str]) -> Span:
        element, item = f"lists.{name}.exit.on_compliance", self.case.policy.lists[name]
        able = self.case.said(f"lists.{name}.ability_test").is_true()
        left = self.left(item.trigger, able, element, seen | {name})
        said = self.case.said(element)
        promised = self.case.said(f"lists.{name}.exit.compliance_days")
        delay = AT_ONCE if promised.state == "absent" else self._days(promised.element)
        return _if(said.is_true(), left + delay)

    def _after(self, name: str) -> Span:
        """What goes on once the listing has ended: until recipients have deleted too, and what outlasts it."""
        lag = self.case.said(f"lists.{name}.exit.propagates_within_days")
        found = self._days(lag.element) if lag.state == "value" or (lag.open and self._passed_on()) else AT_ONCE
        trails = [
            self._days(f"{each.element}.after_exit_days")
            for each in self.case.sanctions
            if name in each.lists and self.case.said(f"{each.element}.after_exit_days").state != "absent"
        ]
        return latest([found, *trails])

    def _passed_on(self) -> bool:
        return any("list" in each.items for each in self.case.policy.sharing.values())

    def kept_elsewhere(self, name: str) -> bool:
        """Whether listings are passed on, and it is declared that nothing bounds when recipients delete them."""
        return self._passed_on() and self.case.said(f"lists.{name}.exit.propagates_within_days").state == "null"

    def shut(self, name: str) -> str:
        """Why nobody gets off a list, in words."""
        if self._after(name).least == inf:
            return ": a measure outlasts it without end"
        bad = [each.name for each in self.case.on_list(name) if _unpayable(each)]
        if bad:
            return f": no term ends it, no repair, and who cannot pay ({bad[0]}) never complies"
        return ": no term ends it, no repair, and compliance does not end it"

    def left(self, trigger: Trigger, able: Truth, label: str, seen: frozenset[str]) -> Span:
        """Days until a trigger no longer holds and all that is behind it is made good. `able`: who cannot pay is
        examined and left out; `label`: the element that claims that compliance ends it."""
        if self._lost(seen):
            return UNSEEN
        if isinstance(trigger, AnyTrigger):
            return latest(self.left(part, able, label, seen) for part in trigger.of)
        if isinstance(trigger, AllTrigger):
            return earliest(self.left(part, able, label, seen) for part in trigger.of)
        if isinstance(trigger, RecordsTrigger):
            return latest(self._good(self.case.behaviours[name], able, label) for name in trigger.behaviours)
        if isinstance(trigger, ListedTrigger):
            lists = [name for name in trigger.lists if name not in seen]
            return latest(
                self.left(
                    self.case.policy.lists[name].trigger,
                    able | self.case.said(f"lists.{name}.ability_test").is_true(), label, seen | {name},
                )
                for name in lists
            )  # fmt: skip
        if isinstance(trigger, RankTrigger):
            start = self.case.take(self.case.policy.scores[trigger.score].start)
            return self.of_score(trigger.score, start, -1 if trigger.end == "best" else 1, seen)
        return self._outside(trigger, seen)

    def _outside(self, trigger: BandTrigger | ScoreTrigger, seen: frozenset[str]) -> Span:
        """Days until a score is on the good side of where a trigger holds: above it, or below where that is at the
        top."""
        spans = self.case.satisfier.intervals(trigger)
        low, high = self.case.take(self.case.policy.scores[trigger.score].range)
        above, below = max(last for _, last in spans) + 1, min(first for first, _ in spans) - 1
        if above <= high:
            return self.of_score(trigger.score, above, 1, seen)
        return self.of_score(trigger.score, below, -1, seen) if below >= low else NEVER

    def _good(self, behaviour: BehaviourView, able: Truth, label: str) -> Span:
        """Days until the duty behind a record is done: at once, if it can be done at all."""
        if _unpayable(behaviour):
            return _if(able, AT_ONCE)
        if isinstance(behaviour.item.life, UntilSettled):
            return AT_ONCE
        words = [CONDUCT[word] for word in behaviour.item.conduct]
        if all(word.kind == "contract_breach" or word.context in DEBTS for word in words):
            return AT_ONCE
        return Span(0, 0, labels=frozenset({label}))  # what is done is done: only the policy says that it can be mended

    def of_record(self, behaviour: BehaviourView) -> Span:
        """Days until a record made today counts no more, if whatever can be paid is paid today."""
        life, element = behaviour.item.life, f"{behaviour.element}.life"
        if life is None:
            return self._days("retention.adverse_days")
        if isinstance(life, Expires):
            return self._days(f"{element}.after_days")
        if isinstance(life, Forever):
            return NEVER
        if isinstance(life, HalfLife):
            most = max((abs(each) for given in behaviour.points.values() for each in given), default=0)
            days = self.case.take(life.days) * most.bit_length()
            return Span(days, days, assumed=_assumed(self.case.said(f"{element}.days")))
        if _unpayable(behaviour):
            return NEVER
        return AT_ONCE if life.then_days is None else self._days(f"{element}.then_days")

    def worsened(self, score: str) -> bool:
        """Whether records can move a score the way that harms at all."""
        return any(self.case.harms(each, score) for each in self.case.behaviours.values())

    def of_score(self, score: str, target: int, sign: int, seen: frozenset[str]) -> Span:
        """Days from the worst of a score until it is at `target` or better, and no ceiling holds its band below.
        `sign`: 1 where low is bad, -1 where high is; then a ceiling holds nobody in what is bad."""
        lowers = {band: low for band, low, _ in self.case.satisfier.ladder(score)}
        waits = [self._by_points(score, target, sign)]
        for behaviour in self.case.behaviours.values():
            band = behaviour.item.band_ceiling.get(score)
            if band is not None and sign > 0 and lowers[band] < target:
                waits.append(self.of_record(behaviour))
        for name, listing in self.case.policy.lists.items():
            band = listing.band_ceiling.get(score)
            if band is not None and sign > 0 and lowers[band] < target:
                waits.append(earliest(self.of_list(name, seen)))
        return latest(waits)

    def _by_points(self, score: str, target: int, sign: int) -> Span:
        start: int = sign * self.case.take(self.case.policy.scores[score].start)
        worst_score = min(sign * end for end in self.case.take(self.case.policy.scores[score].range))
        spans = {each.name: self.of_record(each) for each in self.case.behaviours.values() if score in each.points}
        given = {name: [sign * points for points in self.case.behaviours[name].points[score]] for name in spans}
        falls = [self.case.behaviours[name] for name, points in given.items() if min(points) < 0]
        gains = [self.case.behaviours[name] for name, points in given.items() if max(points) > 0]
        gains = [each for each in gains if _lawful(each)]
        depth = start - worst_score
        best = [self._fall(each, -min(given[each.name]), spans[each.name].least, depth) for each in falls]
        worst = [self._fall(each, -min(given[each.name]), spans[each.name].most, depth) for each in falls]
        more = [self._gain(each, max(given[each.name]), spans[each.name].most) for each in gains]
        less = [self._gain(each, max(given[each.name]), spans[each.name].least) for each in gains]
        less = [each for each in less if each.lives > 0]
        least, most = first_day(sign * target, start, best, more), first_day(sign * target, start, worst, less)
        used = [spans[each.name] for each in (*falls, *gains)]
        missing = NOTHING.union(*(each.missing for each in used)) if least != most else NOTHING
        return Span(least, most, missing, self._rests(score, (*falls, *gains), used))

    def _fall(self, behaviour: BehaviourView, points: int, ends: float, depth: int) -> Fall:
        cap = self.case.take(behaviour.item.max_counted) if behaviour.item.max_counted else None
        life = behaviour.item.life
        half = self.case.take(life.days) if isinstance(life, HalfLife) else None
        return Fall(points, cap or max(1, -(-depth // points)), ends, half)

    def _gain(self, behaviour: BehaviourView, points: int, lives: float) -> Gain:
        cap = self.case.take(behaviour.item.max_counted) if behaviour.item.max_counted else None
        life = behaviour.item.life
        if isinstance(life, HalfLife):
            return Gain(points, cap, half=self.case.take(life.days))
        return Gain(points, cap, inf if isinstance(life, UntilSettled) else lives)

    def endless(self, score: str) -> str:
        """Which records hold it where it is bad for ever, in words."""
        names = [
            each.name
            for each in self.case.behaviours.values()
            if self.case.harms(each, score) and self.of_record(each).least == inf
        ]
        if not names:
            return ""
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        return f": records of {names[0]}{more} never end, and others do not make up for them"

    def _rests(self, score: str, counted: tuple[BehaviourView, ...], spans: list[Span]) -> Names:
        bands = self.case.policy.scores[score].bands
        elements = [f"scores.{score}.start", *(f"scores.{score}.bands.{band}.lower" for band in bands)]
        for each in counted:
            elements += [f"{each.element}.points.{score}", f"{each.element}.max_counted"]
        found = [said for said in map(self.case.said, elements) if said.assumed and said.state != "absent"]
        return NOTHING.union({said.element for said in found}, *(each.assumed for each in spans))

    def _days(self, element: str) -> Span:
        said = self.case.said(element)
        if said.open:
            return Span(0, inf, frozenset({element}))
        days = inf if said.state == "null" else said.value
        return Span(days, days, assumed=_assumed(said))


def _assumed(said: Said) -> Names:
    return frozenset({said.element}) if said.assumed else NOTHING


def _if(condition: Truth, span: Span) -> Span:
    """The span where a condition holds; without it, never; where that is not known, the one or the other."""
    if condition.value is None:
        missing = (span.missing | condition.missing) if span.least != inf else NOTHING
        return Span(span.least, inf, missing, span.assumed, span.labels)
    if not condition.value:
        return Span(inf, inf, assumed=condition.assumed)
    return Span(span.least, span.most, span.missing, span.assumed | condition.assumed, span.labels | condition.labels)


def _unpayable(behaviour: BehaviourView) -> bool:
    """Whether some of those recorded cannot pay, whatever the policy calls it."""
    kinds = {CONDUCT[word].kind for word in behaviour.item.conduct} | {behaviour.item.kind}
    return "inability_to_pay" in kinds


def _lawful(behaviour: BehaviourView) -> bool:
    """Whether lawful conduct can earn it, by the catalogue."""
    words = [CONDUCT[word] for word in behaviour.item.conduct]
    return any(word.gravity == 0 and word.kind != "inability_to_pay" for word in words)
