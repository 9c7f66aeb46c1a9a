"""The switch-off matrix: every mechanism off alone; what may change is worked out first, what did is counted after.

**May.** A switch (`switch_rules.SWITCHES`) names the families of indicators that it acts on at once, or hidden things:
the live *file*, the *measures* that act, what is *carried* to relatives, who is *punished*, who has been *told*. From
there CHANNELS lead on, each open or shut by the policy's flow graph, its procedure and the assumptions. What can be
reached so may change, and nothing else. All of this is known before anything is played.

**Did.** The world with the mechanism off is played beside the world with everything on, in one pass: the same
residents, the same chance. Every count (by week, district and group; by day; by word, truth, service and queue) that
differs is counted by family. Outside what may change nothing may differ, not by one; and something must that may.

Three grounds keep the sets small. In all of them nobody is deterred, so that acts answer to nothing but norms. *norms*:
norms are strong. *plain*: no norms, and no procedure, so that nothing leads back into the file. *redress*: no norms;
notice, objection, appeals and correction.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.city import City
from vitropolis.engine.between import WeekTotals
from vitropolis.engine.run import Simulation
from vitropolis.model.assumptions import Assumptions
from vitropolis.model.counts import DOOR_AVOIDED, DOOR_CHANGE, DOOR_DAYS, DOOR_REFUSALS, DOOR_REQUESTS, ITEMS
from vitropolis.model.procedure import appeal_open, notice_on, objection_open, redress_open
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import PERSON_WORDS, flow_graph
from vitropolis.verification.quiet import city_of
from vitropolis.verification.switch_rules import START, SWITCHES, Switch, assumptions_of, policy_of
from vitropolis.verification.table import Case, exactly, say

N, DAYS, SEED, TOGETHER = 20_000, 400, 1, 3
SMALL = (2_500, 140)  # residents and days of a quick look
# counted items of each family, by how their names begin; the first that fits
BEGINNINGS = (
    ("corrections", ("out_correction",)),
    ("acts", ("acts_",)),
    ("records", ("detected", "right_person", "wrong_person", "lost", "records_")),
    ("scores", ("score_",)),
    ("lists", ("listed_", "in_", "out_", "black_", "on_black_list", "waiting_", "excluded_")),
    ("through", ("through_", "ever_through")),
    ("refusals", ("ever_refused", "refusals")),
    ("hit at all", ("ever_hit", "ever_wrongly")),
    ("hit", ("hit_", "wrong_now", "ever_")),
    ("doors", ("doors_", "fields_", "limited_", "none_open_", "all_shut")),
    ("learnt", ("learnt_",)),
    ("requests", ("requests", "needs_avoided", "dearer", "delayed", "delay_days")),
    ("appeals", ("appeals_",)),
    ("answers", ("upheld_", "refused_")),
    ("objections", ("objections",)),
    ("enrolled", ("enrolled",)),
    ("lists", ("dropped_",)),
    ("doors", ("fields_", "limited_", "none_open_", "all_shut")),
    ("refusals", ("mistaken_refusals",)),
    ("hit at all", ("left_city",)),
    ("other acts", ("laid_off", "found_work", "search_blocked", "weeks_without_work", "without_work", "children_of")),
)
FAMILIES = (
    "enrolled", "other acts", "acts", "records", "scores", "lists", "hit", "hit at all", "through", "doors", "requests",
    "refusals", "learnt", "objections", "appeals", "queue", "answers", "corrections",
)  # fmt: skip
DOORS = {
    DOOR_CHANGE: "doors", DOOR_DAYS: "doors", DOOR_REQUESTS: "requests", DOOR_REFUSALS: "refusals",
    DOOR_AVOIDED: "requests",
}  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What a world's policy and assumptions say of its channels."""

    world: World

    @cached_property
    def edges(self) -> frozenset[tuple[str, str, str]]:
        """Edges of the flow graph between sections: (section, section, kind); a band of a score is a score."""
        found = flow_graph(self.world.policy).edges
        return frozenset((edge.start.split(".")[0], edge.end.split(".")[0], edge.kind) for edge in found)

    def leads(self, start: str, end: str, kind: str = "triggers") -> bool:
        """Whether something of one section leads to something of another."""
        return (start, end, kind) in self.edges

    @property
    def punishes(self) -> bool:
        """Whether a measure is a sanction."""
        return "sanction" in flow_graph(self.world.policy).polarities.values()

    @property
    def shuts(self) -> bool:
        """Whether a measure refuses requests."""
        return any(item.action.kind in ("deny", "withdraw", "restrict") for item in self.world.policy.measures.values())

    @property
    def black(self) -> bool:
        """Whether there is a black list."""
        return any(item.polarity == "black" for item in self.world.lists.values())

    @property
    def norms(self) -> bool:
        """Whether others' records change what people do."""
        norms = self.world.assumptions.norms
        return max(norms.household.value, norms.workplace.value, norms.district.value) > 0

    @property
    def deterrence(self) -> bool:
        """Whether records and listings change what people do."""
        return any(family.deterrence.value > 0 for family in self.world.assumptions.families.values())

    @property
    def fault(self) -> bool:
        """Whether a spill-over asks for fault of one's own."""
        return any(item.individual_fault_test is True for item in self.world.policy.spillover.values())

    @property
    def notice(self) -> bool:
        """Whether anybody is told."""
        return notice_on(self.world, START) != "none"

    @property
    def objection(self) -> bool:
        """Whether there is an answer before the effect."""
        return objection_open(self.world, START)

    @property
    def redress(self) -> bool:
        """Whether a record can be contested."""
        return redress_open(self.world, START)

    @property
    def suspends(self) -> bool:
        """Whether an appeal suspends the effect."""
        procedure = self.world.policy.procedure
        said = procedure.appeal.suspends_effect if procedure and procedure.appeal else None
        return appeal_open(self.world, START) and said is not None and said.on(START) is True

    @property
    def disputes(self) -> bool:
        """Whether a contested record stays out until answered."""
        procedure = self.world.policy.procedure
        return bool(procedure and procedure.correction and procedure.correction.flag_dispute)


Open = Callable[[Facts], bool]


def _always(facts: Facts) -> bool:
    return True


# what leads on to what, and when
CHANNELS: tuple[tuple[str, str, Open], ...] = (
    ("other acts", "acts", _always),  # items of acts count all words
    ("acts", "records", _always),
    ("other acts", "records", _always),
    ("records", "file", _always),
    ("records", "records", lambda facts: facts.leads("campaigns", "feeds", "reports")),
    ("records", "acts", lambda facts: facts.norms or facts.deterrence),
    ("records", "other acts", lambda facts: facts.deterrence),
    ("lists", "other acts", lambda facts: facts.deterrence),
    ("file", "scores", lambda facts: facts.leads("behaviours", "scores", "adds")),
    ("file", "lists", lambda facts: facts.leads("behaviours", "lists")),
    ("file", "measures", lambda facts: facts.leads("behaviours", "measures")),
    ("file", "hit", lambda facts: facts.black or facts.punishes),  # the bins
    ("file", "carried", lambda facts: facts.leads("measures", "spillover", "spills") or facts.fault),
    ("scores", "lists", lambda facts: facts.leads("scores", "lists")),
    ("scores", "measures", lambda facts: facts.leads("scores", "measures")),
    ("lists", "scores", lambda facts: facts.leads("lists", "scores", "ceiling")),
    ("lists", "measures", lambda facts: facts.leads("lists", "measures")),
    ("lists", "punished", lambda facts: facts.black),
    ("lists", "carried", lambda facts: facts.leads("lists", "spillover", "spills")),
    ("measures", "punished", lambda facts: facts.punishes),
    ("measures", "carried", lambda facts: facts.leads("measures", "spillover", "spills")),
    ("measures", "doors", lambda facts: facts.shuts),
    ("measures", "requests", _always),
    ("measures", "refusals", lambda facts: facts.shuts),
    ("punished", "hit", _always),
    ("punished", "through", lambda facts: facts.leads("spillover", "relation", "acts_on")),  # ... of others *only*
    ("punished", "told", lambda facts: facts.notice or facts.shuts),
    ("punished", "appeals", lambda facts: facts.redress),
    ("hit", "hit at all", _always),
    ("hit", "appeals", lambda facts: facts.redress),  # appeals of the wrongly hit have a chance of their own
    ("carried", "through", _always),
    ("carried", "doors", lambda facts: facts.shuts),
    ("carried", "requests", _always),
    ("carried", "refusals", lambda facts: facts.shuts),
    ("through", "hit at all", _always),
    ("refusals", "requests", _always),  # tries
    ("refusals", "told", _always),
    ("told", "learnt", _always),
    ("told", "requests", _always),
    ("told", "refusals", lambda facts: facts.shuts),
    ("told", "appeals", lambda facts: facts.redress),
    ("file", "appeals", lambda facts: facts.redress),
    ("lists", "objections", lambda facts: facts.objection),
    ("file", "objections", lambda facts: facts.objection),
    ("objections", "file", _always),
    ("appeals", "queue", _always),
    ("appeals", "file", lambda facts: facts.disputes),
    ("appeals", "measures", lambda facts: facts.suspends),
    ("queue", "answers", _always),
    ("answers", "file", _always),
    ("answers", "told", _always),
    ("answers", "measures", lambda facts: facts.suspends),
    ("answers", "corrections", _always),
    ("lists", "corrections", lambda facts: facts.redress),
    ("corrections", "lists", _always),
)


def may_change(switch: Switch, world: World) -> frozenset[str]:
    """Everything that a mechanism can move in the world with it on, hidden things too."""
    facts = Facts(world)
    led = {(start, end) for start, end, is_open in CHANNELS if is_open(facts)}
    found, waiting = set(switch.at_once), list(switch.at_once)
    while waiting:
        here = waiting.pop()
        more = {end for start, end in led if start == here} - found
        found |= more
        waiting += more
    return frozenset(found)


def family_of(item: str) -> str:
    """The family of a counted item. StopIteration if it has none."""
    return next(family for family, starts in BEGINNINGS if item.startswith(starts))


def differences(totals: WeekTotals, carried_on: NDArray[np.bool_]) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """How many counts of a week differ from the first world's, by family: int64[world].

    `carried_on`: bool[word], the words of families of conduct that norms carry.
    """
    for item, place in ITEMS.items():
        part = totals.groups[:, :, place], totals.days[:, :, place]
        yield family_of(item), sum(_unlike(each) for each in part)
    yield "acts", _unlike(totals.acts[:, :, carried_on])
    yield "other acts", _unlike(totals.acts[:, :, ~carried_on])
    yield "records", _unlike(totals.records)
    for place, family in DOORS.items():
        yield family, _unlike(totals.doors[:, :, place]) + _unlike(totals.door_districts[:, :, place])
    yield "queue", _unlike(totals.queue)


def _unlike(counts: NDArray[Any]) -> Any:
    return (counts != counts[:1]).reshape(len(counts), -1).sum(axis=1)


def norms_carry(held: Assumptions) -> NDArray[np.bool_]:
    """Which words of conduct norms carry: bool[word]."""
    return np.array([held.families[held.conduct[word].family].norms for word in PERSON_WORDS])


@dataclass(frozen=True)
class Row:
    """What a switch may change, and how many counts of each family did."""

    switch: Switch
    may: frozenset[str]
    did: dict[str, int]

    @property
    def outside(self) -> list[str]:
        """Families that changed and may not."""
        return [family for family in FAMILIES if self.did[family] and family not in self.may]

    @property
    def holds(self) -> bool:
        """Whether nothing changed outside, and something inside."""
        return not self.outside and any(self.did.values())


def rows_of(switches: Sequence[Switch], city: City, days: int = DAYS, seed: int = SEED) -> Iterator[Row]:
    """Play switches of one ground beside the world with everything on."""
    ground = switches[0].ground
    whole = World("everything on", policy_of(ground, {}), assumptions_of(ground, {}))
    off = [
        World(switch.name, policy_of(ground, switch.policy), assumptions_of(ground, switch.assumptions))
        for switch in switches
    ]
    carried_on = norms_carry(whole.assumptions)
    did = [dict.fromkeys(FAMILIES, 0) for _ in (whole, *off)]
    for week in Simulation(Plan((whole, *off), START, days, seed), city).play():
        for family, number in differences(week.totals, carried_on):
            for world, found in enumerate(did):
                found[family] += int(number[world])
    for switch, found in zip(switches, did[1:], strict=True):
        yield Row(switch, may_change(switch, whole), found)


def matrix(city: City, days: int = DAYS, seed: int = SEED, switches: Sequence[Switch] = SWITCHES) -> Iterator[Row]:
    """Every switch, some of one ground in one pass."""
    for ground in dict.fromkeys(switch.ground for switch in switches):
        mine = [switch for switch in switches if switch.ground == ground]
        for start in range(0, len(mine), TOGETHER):
            yield from rows_of(mine[start : start + TOGETHER], city, days, seed)


def known(full: bool) -> Iterator[Case]:
    """Two cases a switch: nothing changes that may not, and something does."""
    for row in matrix(city_of(N if full else SMALL[0]), DAYS if full else SMALL[1]):
        outside = sum(row.did[family] for family in row.outside)
        yield exactly(f"{row.switch.name} off: counts that differ and may not", 0, outside)
        yield exactly(f"{row.switch.name} off: something differs (1: yes)", 1, int(any(row.did.values())))


def _cell(row: Row, family: str) -> str:
    number, inside = row.did[family], family in row.may
    return f"{number:,}" if inside and number else "0" if inside else f"{number:,}!!" if number else "."


def main(residents: int = N, days: int = DAYS, seed: int = SEED) -> bool:
    """Print the matrix."""
    say(f"The switch-off matrix ({residents:,} residents, {days} days, seed {seed}): how many counts differ by family")
    heads = [family.split()[0] if family != "hit at all" else "at all" for family in FAMILIES]
    say(f"{'mechanism off (section, ground)':<44}" + "".join(f"{head[:9]:>10}" for head in heads))
    held = []
    for row in matrix(city_of(residents), days, seed):
        name = f"{row.switch.name} ({row.switch.section}, {row.switch.ground})"
        cells = "".join(f"{_cell(row, family):>10}" for family in FAMILIES)
        say(f"{name:<44}{cells}{'' if row.holds else '  OUTSIDE' if row.outside else '  NOTHING'}")
        held.append(row.holds)
    say("`.` may not and did not; `0` may and did not; a number: may and did; `!!`: may not and did", "")
    return all(held)


if __name__ == "__main__":
    sys.exit(not main(*(int(text.replace(",", "")) for text in sys.argv[1:])))
