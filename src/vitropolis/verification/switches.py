"""The switch-off matrix: every mechanism off alone; what may change is worked out first, what did is counted after.

**May.** What a switch (`switch_rules.SWITCHES`) acts on at once, and what the channels lead to from there
(`switch_channels`). All of this is known before anything is played.

**Did.** The world with the mechanism off is played beside the world with everything on, in one pass: the same
residents, the same chance. Every count (by week, district and group; by day; by word, truth, service and queue) that
differs is counted by family. Outside what may change nothing may differ, not by one; and something must that may.

Grounds keep the sets small. *norms*: norms are strong, and nobody is deterred. *plain*: neither, and no procedure, so
that nothing leads back into the file. *redress*: the same with notice, objection, appeals and correction. *trust*:
that, and trust. The others are *plain* with one more thing: queues, firms, a list published by name, clerks who look,
people who are deterred, speak, leave or earn points. Where acts answer (*fear*, *leaving*, *points*, *trust*, *speech*,
*firms*) nearly all that happens on the ground may change, so that only the second question is sharp there.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.city import City
from vitropolis.engine.between import WeekTotals
from vitropolis.engine.rivals import COMPARED
from vitropolis.engine.run import Simulation, WeekPlayed
from vitropolis.model.assumptions import Assumptions
from vitropolis.model.counts import DOOR_AVOIDED, DOOR_CHANGE, DOOR_DAYS, DOOR_REFUSALS, DOOR_REQUESTS, ITEMS
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import PERSON_WORDS
from vitropolis.verification.quiet import city_of
from vitropolis.verification.switch_channels import may_change
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
    ("mistaken", ("mistaken_refusals",)),
    ("left", ("left_city",)),
    ("work", ("laid_off", "found_work", "search_blocked", "weeks_without_work", "without_work", "children_of")),
)
FAMILIES = (
    "enrolled", "other acts", "acts", "records", "scores", "lists", "hit", "hit at all", "through", "doors", "requests",
    "refusals", "learnt", "objections", "appeals", "queue", "answers", "corrections", "places", "work", "left",
    "mistaken", "speech", "firms",
)  # fmt: skip
DOORS = {
    DOOR_CHANGE: "doors", DOOR_DAYS: "doors", DOOR_REQUESTS: "requests", DOOR_REFUSALS: "refusals",
    DOOR_AVOIDED: "requests",
}  # fmt: skip


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
    yield "speech", _unlike(totals.speech)
    if totals.rivals is not None:  # but for what is compared with the last world of the pass
        yield "places", _unlike(totals.rivals.flows[:, :, :COMPARED]) + _unlike(totals.rivals.cells[:, :, :2])


def of_firms(week: WeekPlayed) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """The same of what firms do and what is held of them, which no switch may move."""
    if week.firms is not None:
        yield "firms", _unlike(week.firms.totals.groups) + _unlike(week.firms.tally)


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
        return not self.outside and self.acts

    @property
    def acts(self) -> bool:
        """Whether it did something: in what it acts on at once, or where all of that is hidden, anywhere."""
        seen = [family for family in self.switch.at_once if family in FAMILIES]
        return any(self.did[family] for family in seen or FAMILIES)


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
        for family, number in chain(differences(week.totals, carried_on), of_firms(week)):
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
        yield exactly(f"{row.switch.name} off: something differs (1: yes)", 1, int(row.acts))


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
