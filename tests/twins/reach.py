"""Whom one false record can reach: worked out before anything is played, from declared channels and the flow graph."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np

from vitropolis.city import City
from vitropolis.model.worlds import World
from vitropolis.policy import CONDUCT, flow_graph


def is_felt(world: World, behaviour: str, word: str) -> bool:
    """Whether a record changes more than its own file: what its resident does, or what measures and lists do to others.

    By itself, through a black list that it can lead to, or through measures, spill-overs and appeals against them.
    """
    leads_to = flow_graph(world.policy).reach(f"behaviours.{behaviour}")
    black = {f"lists.{name}" for name, item in world.lists.items() if item.polarity == "black"}
    acts_on_others = any(node.startswith(("measures.", "spillover.")) for node in leads_to)
    return CONDUCT[word].gravity >= 1 or bool(leads_to & black) or acts_on_others


def counts_for_rank(world: World, behaviour: str) -> bool:
    """Whether a record leads to a score: others' ranks may hang on it."""
    leads_to = flow_graph(world.policy).reach(f"behaviours.{behaviour}")
    return bool(leads_to & {f"scores.{name}" for name in world.scores})


def reach(world: World, city: City, channels: Collection[str], resident: int, behaviour: str, word: str) -> set[int]:
    """Every resident whom a record of `behaviour` at `resident` can reach over any number of steps."""
    if "rank" in channels and (counts_for_rank(world, behaviour) or is_felt(world, behaviour, word)):
        return set(range(city.n))
    if not is_felt(world, behaviour, word):
        return {resident}
    found, waiting = {resident}, [resident]
    while waiting:
        for other in _beside(city, channels, waiting.pop()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _beside(city: City, channels: Collection[str], resident: int) -> Iterator[int]:
    if "household" in channels:
        yield from city.household(resident)
    if "employer" in channels and city.employer[resident] >= 0:
        yield from np.flatnonzero(city.employer == city.employer[resident]).tolist()
    if "false match" in channels:
        yield from city.name_group(resident).tolist()
    if "district mood" in channels or "appeals queue" in channels:
        district = city.district_of(resident)
        yield from range(int(city.district_ends[district]), int(city.district_ends[district + 1]))
