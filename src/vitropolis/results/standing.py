"""What every resident ever was in each world of a complete run, as columns over the whole city."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.engine.checkpoint import Checkpoint, checkpoints_in
from vitropolis.model.hits import HIT, THROUGH, THROUGH_WRONG, WRONGLY, ground
from vitropolis.model.measures import classes_of, spills_of
from vitropolis.model.worlds import Plan, World
from vitropolis.policy.triggers import polarity
from vitropolis.results.folder import CHECKPOINTS, LISTS
from vitropolis.results.lists import residents_of
from vitropolis.results.reader import read_lists

if TYPE_CHECKING:
    import polars as pl

CLASS_BITS, CARRIED_AT, SPILLS = 16, 24, 127
THROUGH_OTHERS = 4  # the bin of somebody hit only through others
BINS = ("", "wrong fact", "lawful, protected, or unable to pay", "breach as recorded", "through others")


@dataclass(frozen=True, eq=False)
class Standing:
    """One world's residents, all arrays [n]: `ever` uint8 bits of `model.hits`; `touched` uint16, measures' classes
    that ever acted; `listed` uint8, lists somebody was ever on; `carried` uint8, spill-overs that reach in the end.
    """

    world: World
    ever: NDArray[np.uint8]
    touched: NDArray[np.uint16]
    listed: NDArray[np.uint8]
    carried: NDArray[np.uint8]

    @property
    def hit(self) -> NDArray[np.bool_]:
        """Who was ever hit, on own account or through others."""
        return np.asarray((self.ever & (HIT | THROUGH)) != 0)

    @property
    def wrongly(self) -> NDArray[np.bool_]:
        """Who was ever wrongly hit."""
        return np.asarray((self.ever & (WRONGLY | THROUGH_WRONG)) != 0)

    @property
    def through(self) -> NDArray[np.bool_]:
        """Who was only ever hit through others."""
        return np.asarray((self.ever & (HIT | THROUGH)) == THROUGH)

    def bins(self, definition: int = 0) -> NDArray[np.uint8]:
        """Where each stands: places of `BINS`, by the first or second definition of deserving."""
        table = np.array([ground(bits, definition) for bits in range(256)], np.uint8)
        found: NDArray[np.uint8] = np.where(self.through, THROUGH_OTHERS, table[self.ever]).astype(np.uint8)
        return found

    def elements(self, who: NDArray[np.int64]) -> pl.Series:
        """What ever met each of these residents: black lists and punishing measures, and the spill-overs that reach on
        the last day, joined by `, `; null if none.
        """
        import polars as pl

        keys = self.touched[who].astype(np.int64) | (self.listed[who].astype(np.int64) << CLASS_BITS)
        keys |= self.carried[who].astype(np.int64) << CARRIED_AT
        found, places = np.unique(keys, return_inverse=True)
        words = [", ".join(self._names(int(key))) or None for key in found]
        return pl.Series(words, dtype=pl.String).gather(pl.Series(places.reshape(-1).astype(np.uint32)))

    def _names(self, key: int) -> list[str]:
        policy = self.world.policy
        lists = [
            f"lists.{name}"
            for place, (name, item) in enumerate(self.world.lists.items())
            if (key >> (CLASS_BITS + place)) & 1 and item.polarity == "black"
        ]
        measures = [
            f"measures.{name}"
            for place, one in enumerate(classes_of(self.world))
            for name in one.names
            if (key >> place) & 1 and polarity(policy.measures[name].action, date.max) == "sanction"
        ]
        reach = enumerate(spills_of(self.world))
        spills = [f"spillover.{name}" for at, name in reach if (key >> (CARRIED_AT + at)) & 1]
        return [*lists, *measures, *spills]


def standings_in(folder: Path, plan: Plan) -> dict[str, Standing]:
    """Every world of a complete run folder by name. RefusedError if a file cannot be read."""
    kept = Checkpoint(checkpoints_in(folder / CHECKPOINTS)[0])
    frame = read_lists(folder, LISTS)
    found = {}
    for number, world in enumerate(plan.worlds):
        ever = np.array(kept.array(f"ever_{number}"))
        touched = np.array(kept.array(f"touched_{number}"))
        carried = np.asarray((kept.array(f"carried_{number}") | _office(kept, number)) & SPILLS, np.uint8)
        found[world.name] = Standing(world, ever, touched, _listed(frame, world, len(ever)), carried)
    return found


def _office(kept: Checkpoint, number: int) -> NDArray[np.uint8]:
    """Spill-overs that a firm carries to its legal representative."""
    return np.asarray((kept.array(f"office_{number}") & SPILLS).astype(np.uint8))


def _listed(frame: pl.DataFrame, world: World, residents: int) -> NDArray[np.uint8]:
    found: Any = np.zeros(residents, np.uint8)
    for place, name in enumerate(world.lists):
        mine = frame.filter((frame["world"] == world.name) & (frame["list"] == name))
        found[np.unique(residents_of(mine))] |= 1 << place
    return np.asarray(found)
