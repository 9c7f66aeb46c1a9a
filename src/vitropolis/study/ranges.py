"""Ranges over assumptions: every headline under 64 sets from a space-filling design, and what moves it most."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from vitropolis.model.assumption_parts import Assumption
from vitropolis.model.assumptions import Assumptions
from vitropolis.results.lists import definitions
from vitropolis.results.progress import Tell, silent
from vitropolis.study import drivers as moved
from vitropolis.study.changed import with_values
from vitropolis.study.design import DESIGN_SEED, SETS, design, digest_of_design, moving
from vitropolis.study.drivers import ALONE, BOTH_ENDS, EACH, SHARE
from vitropolis.study.ground import Ground
from vitropolis.study.passes import Teller, passes_for, played
from vitropolis.study.store import Store
from vitropolis.study.stories import Numbers, numbers_of
from vitropolis.study.swept import Key, Swept, at

NAME = "ranges"
DESIGN = (
    "Latin hypercube (scipy.stats.qmc, fixed seed) over every value with a range, one value in each part of it; all "
    "values move at once. The range of a headline is what it takes over these sets and the values as written, not a "
    "statement about probability."
)


def sweep_passes(ground: Ground, sets: int, alone: int) -> int:
    """How many passes the whole of `ranges` takes at most."""
    groups = len(moved.groups_of(ground.assumptions, hidden_in(ground))) if alone else 0
    return sum(passes_for(ground, count) for count in (sets + 1, groups, alone, min(alone, BOTH_ENDS)))


def hidden_in(ground: Ground) -> frozenset[str]:
    """The parameters that are never named."""
    return moved.unnamed(ground.assumptions, [world.policy for world in ground.plan.worlds])


def ranges(
    ground: Ground,
    store: Store,
    tell: Tell = silent,
    teller: Teller | None = None,
    sets: int = SETS,
    alone: int = ALONE,
) -> dict[str, Any]:
    """Play the ranges into `ranges.json`, or read it if it is there; return what it says.

    `sets`: size of the design; `alone`: how many parameters at most are played one at a time (0: no drivers).
    """
    kept = store.read(NAME)
    if kept is not None:
        return kept
    mine = teller or Teller(tell, sweep_passes(ground, sets, alone))
    began, held, points = mine.now(), ground.assumptions, design(ground.assumptions, sets)
    every = [held, *(with_values(held, point) for point in points)]
    written, *found = played(ground, store, NAME, every, numbers_of, mine)
    swept = Swept(written, found)
    screened = moved.correlations(points, {"\0".join(key): swept.series(key) for key in swept.named})
    if alone:
        _play_movers(ground, store, mine, swept, screened, alone)
    told = {key: _row(held, swept, key) for key in swept.keys}
    content = {
        "sets": sets,
        "residents": store.size,
        "definitions": list(definitions(ground.plan)),
        "design": {"text": DESIGN, "seed": DESIGN_SEED, "digest": digest_of_design(points)},
        "moved": len(moving(held)),
        "method": moved.METHOD,
        "played_alone": list(swept.far),
        "nothing": _nothing(ground, screened, told, sets),
        "headlines": _by_name(told, "values"),
        "stories": _by_name(told, "stories"),
    }
    return store.write(NAME, content | {"seconds": mine.since(began)})


def _play_movers(
    ground: Ground, store: Store, teller: Teller, swept: Swept, screened: moved.Effects, alone: int
) -> None:
    """Groups together, members alone at one end, the strongest of them at the other."""
    held, items = ground.assumptions, moving(ground.assumptions)

    def play(part: str, sets: Mapping[str, Assumptions]) -> dict[str, Numbers]:
        told = played(ground, store, part, list(sets.values()), numbers_of, teller)
        return dict(zip(sets, told, strict=True))

    groups = moved.groups_of(held, hidden_in(ground))
    swept.groups = play("groups", dict(zip(groups, moved.together(held, groups), strict=True)))
    effects = {"\0".join(key): swept.shares(key, swept.groups) for key in swept.named}
    paths = moved.members(groups, effects, screened, alone)
    swept.far = play("alone", {path: with_values(held, {path: moved.far_end(items[path])}) for path in paths})
    best = _best(swept)[: min(alone, BOTH_ENDS)]
    swept.near = play("other-end", {path: with_values(held, {path: moved.near_end(items[path])}) for path in best})


def _best(swept: Swept) -> list[str]:
    """The parameters that are among the three strongest of some headline, by how many, then by how much."""
    votes: dict[str, float] = {}
    for key in swept.named:
        shares = swept.shares(key, swept.far)
        for path in sorted(shares, key=lambda each: (-abs(shares[each]), each))[:EACH]:
            if abs(shares[path]) >= SHARE / 2:
                votes[path] = votes.get(path, 0.0) + min(1.0, abs(shares[path]))
    return sorted(votes, key=lambda path: (-votes[path], path))


def _row(held: Assumptions, swept: Swept, key: Key) -> dict[str, Any]:
    """One headline of one world: as written, its range, every value, its drivers."""
    numbers, ends = swept.series(key), swept.ends(key)
    known = np.array([number for number in numbers if number is not None], float)
    p10, p90 = (float(each) for each in np.quantile(known, (0.1, 0.9))) if len(known) else (None, None)
    row: dict[str, Any] = {"value": at(swept.written, key), "low": ends[0] if ends else None}
    row |= {"p10": p10, "p90": p90, "high": ends[1] if ends else None}
    row |= {"undefined": numbers.count(None), "values": numbers}
    every = _drivers(held, swept, key) if key in swept.named else []
    told = moved.strongest([each for each in every if each["path"] in swept.near], swept.least(key))
    shares = swept.shares(key, swept.groups) if key in swept.named else {}
    return row | {
        "drivers": told[:EACH],
        "moved_by": [each["path"] for each in told],
        "effects": {each["path"]: each["effect"] for each in every if each["effect"]},
        "groups": {name: share * swept.width(key) for name, share in shares.items() if abs(share) >= SHARE},
    }


def _drivers(held: Assumptions, swept: Swept, key: Key) -> list[dict[str, Any]]:
    """What each parameter that was played alone does to a number; its value as written stands for an end not played."""
    items, written, found = moving(held), at(swept.written, key), []
    for path, told in swept.far.items():
        far, near = at(told, key), at(swept.near[path], key) if path in swept.near else written
        if far is not None and near is not None:
            found.append(moved.driver(items[path], path, *_low_high(items[path], far, near)))
    return found


def _low_high(item: Assumption, far: float, near: float) -> tuple[float, float]:
    return (near, far) if moved.far_end(item) == item.high else (far, near)


def _nothing(ground: Ground, screened: moved.Effects, told: dict[Key, dict[str, Any]], sets: int) -> dict[str, Any]:
    """The parameters that nothing was seen of."""
    every, hidden = moving(ground.assumptions), hidden_in(ground)
    limit = moved.beyond_chance(len(every), len(screened), sets)
    seen = {path for row in screened.values() for path, rho in row.items() if abs(rho) > limit}
    seen |= {path for row in told.values() for path in row["moved_by"]}
    rest = [path for path in every if path not in seen and path not in hidden]
    counts = {"count": len(rest), "not_told_of": len(hidden), "limit": round(limit, 3)}
    return counts | {"method": moved.NOTHING, "paths": rest}


def _by_name(told: dict[Key, dict[str, Any]], kind: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for (mine, world, name), row in told.items():
        if mine == kind:
            found.setdefault(name, {})[world] = row
    return found
