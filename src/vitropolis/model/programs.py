"""From a trigger as written to leaves and a program (see `vitropolis.model.triggers`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from vitropolis.base.errors import InputError
from vitropolis.base.fixed import exact
from vitropolis.model.rules import (
    AND,
    AT_LEAST,
    BAND,
    BELOW,
    LEAVES,
    LISTED,
    NEVER,
    OR,
    RANK_BEST,
    RANK_WORST,
    RECORDS,
    STEPS,
)
from vitropolis.model.worlds import World
from vitropolis.policy.triggers import (
    AllTrigger,
    AnyTrigger,
    BandTrigger,
    Leaf,
    RankTrigger,
    RecordsTrigger,
    ScoreTrigger,
    Trigger,
    leaves,
)


@dataclass(frozen=True)
class RankLeaf:
    """A leaf about ranks: where its weekly cut goes, and what share (0-1) of the enrolled it means."""

    world: int
    leaf: int
    ledger: int
    best: bool
    share: Fraction


class Leaves:
    """The leaves of one world's triggers on a day, each kept once."""

    def __init__(self, world: World, first_ledger: int, day: date) -> None:
        self.world, self.first_ledger, self.day = world, int(first_ledger), day
        self.found: list[Leaf] = []

    def place_of(self, leaf: Leaf) -> int:
        """Place of a leaf, added if it is new. InputError over 32."""
        if leaf not in self.found:
            self.found.append(leaf)
        if len(self.found) > LEAVES:
            raise InputError(f"{self.world.policy.id}: the lists' triggers have over {LEAVES} different conditions")
        return self.found.index(leaf)

    def behaviours_in(self, trigger: Trigger) -> int:
        """Behaviours that a trigger's `records` leaves name, one bit each."""
        names = {name for leaf in leaves(trigger) if isinstance(leaf, RecordsTrigger) for name in leaf.behaviours}
        return sum(1 << place for place, name in enumerate(self.world.behaviours) if name in names)

    def ranks(self, world: int) -> Iterator[RankLeaf]:
        """What ranks need every week."""
        for place, leaf in enumerate(self.found):
            if isinstance(leaf, RankTrigger):
                share = exact(leaf.share.on(self.day))
                yield RankLeaf(world, place, self.first_ledger + self._score(leaf.score), leaf.end == "best", share)

    def _score(self, name: str) -> int:
        return list(self.world.scores).index(name)

    def write(self, table: Any, world: int) -> None:
        """Write all leaves into the table of rules."""
        table["leaves"][world] = len(self.found)
        for place, leaf in enumerate(self.found):
            table["within"][world, place] = NEVER
            for key, value in self._row(leaf).items():
                table[key][world, place] = value
            if isinstance(leaf, RecordsTrigger):
                for number, name in enumerate(self.world.behaviours):
                    table["leaves_of"][world, number] |= (1 << place) if name in leaf.behaviours else 0

    def _row(self, leaf: Leaf) -> dict[str, int]:
        if isinstance(leaf, RecordsTrigger):
            within = NEVER if leaf.within_days is None else min(leaf.within_days, NEVER)
            return {"leaf": RECORDS, "needed": leaf.count or 1, "within": within}
        if isinstance(leaf, BandTrigger):
            bands = [name for name, _ in reversed(self.world.scores[leaf.score].bands_on(self.day))]
            members = sum(1 << bands.index(name) for name in set(leaf.bands))
            return {"leaf": BAND, "ledger": self._score(leaf.score), "members": members}
        if isinstance(leaf, ScoreTrigger):
            if leaf.at_least is not None:
                return {"leaf": AT_LEAST, "ledger": self._score(leaf.score), "needed": leaf.at_least.on(self.day)}
            assert leaf.below is not None
            return {"leaf": BELOW, "ledger": self._score(leaf.score), "needed": leaf.below.on(self.day)}
        if isinstance(leaf, RankTrigger):
            return {"leaf": RANK_BEST if leaf.end == "best" else RANK_WORST, "ledger": self._score(leaf.score)}
        members = sum(1 << place for place, name in enumerate(self.world.lists) if name in leaf.lists)
        return {"leaf": LISTED, "members": members}


def program_of(trigger: Trigger, found: Leaves, row: Any) -> None:
    """Write a trigger's program into `row`. InputError if it has more steps than fit."""
    steps = list(_steps(trigger, found))
    if len(steps) > STEPS:
        raise InputError(f"{found.world.policy.id}: a trigger has {len(steps)} parts, a run plays {STEPS}")
    row[: len(steps)] = steps


def _steps(trigger: Trigger, found: Leaves) -> Iterator[int]:
    if isinstance(trigger, AnyTrigger | AllTrigger):
        for part in trigger.of:
            yield from _steps(part, found)
        yield (OR if isinstance(trigger, AnyTrigger) else AND) + len(trigger.of)
    else:
        yield found.place_of(trigger)
