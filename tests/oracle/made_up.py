"""Firms as both sides see them where firms themselves are not played: how each stands is made up by chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import NamedTuple

from vitropolis.policy.schema import Spill

FIRST_FIRM = 1 << 27
LIST, BEHAVIOUR, FEED = "firm_refusal", "firm_refuses", "firm_enforcement_cases"
SHUTTING = ("public_procurement", "firm_loan", "firm_subsidy", "customs_clearance", "firm_licence")


class Seen(NamedTuple):
    """How a firm stands at the end of a week: services shut to it, whether it is listed, and that wrongly."""

    shut: frozenset[str]
    listed: bool
    wrongly: bool


@dataclass(frozen=True, slots=True)
class MadeUp:
    """`spills`: what goes over to representatives, by world; of firms nothing else is known."""

    seed: int
    spills: Sequence[dict[str, Spill]]
    lists: Sequence[bool]  # whether the world has a list of firms
    calm: bool = False  # whether no firm is ever hit

    def seen(self, world: int, firm: int, week: int) -> Seen:
        """How a firm stands at the end of a week in a world."""
        return (
            Seen(frozenset(), False, False)
            if self.calm
            else _seen(self.seed, world, firm, week // 2, self.lists[world])
        )


@cache
def _seen(seed: int, world: int, firm: int, fortnight: int, lists: bool) -> Seen:
    rng = Random(f"{seed} {world} {firm} {fortnight}")
    if rng.random() < 0.5:
        return Seen(frozenset(), False, False)
    shut = frozenset(name for name in SHUTTING if rng.random() < 0.4)
    listed = lists and rng.random() < 0.6
    return Seen(shut, listed, listed and rng.random() < 0.4)
