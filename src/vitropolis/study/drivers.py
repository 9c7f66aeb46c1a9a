"""Which assumptions move a headline: screened in groups and over the design's sets, then played one at a time.

With hundreds of parameters and 64 sets a rank correlation alone is mostly chance. So like parameters are first moved
together, each group to the upper ends of its ranges. Members of the groups that move headlines most are then played
alone, at the end of their range that is farther away, and the strongest of these at the other end too, with everything
else as written. The same people and draws stand under all of them, so that what differs is the parameter's own doing.

What people say, petition, believe, join, strike for or are loyal to is never named, lawful or not: such parameters vary
with all others in the sets, and are in no group.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.model.assumption_parts import Assumption
from vitropolis.model.assumptions import Assumptions
from vitropolis.policy import Policy
from vitropolis.policy.words import is_private
from vitropolis.study.changed import with_values
from vitropolis.study.design import moving

SPEECH = "speech"  # the family whose parameters are never named, whatever conduct a set of assumptions puts into it
ALONE, BOTH_ENDS = 44, 24  # parameters played alone at one end, and of these at both
OF_A_GROUP = 12  # members of a group that are played alone
GROUPS_EACH = 2  # groups of which a headline asks for members
EACH = 3  # drivers shown
FEWEST = 16  # sets in which a headline must have a value
SHARE = 0.05  # of the width over all sets: what a change must make to count as moving a headline
LEVEL = 0.05  # chance that the screen takes any parameter at all for a mover of any headline, if none is
Series = Mapping[str, Sequence[float | None]]
Effects = Mapping[str, Mapping[str, float]]  # headline -> group or path -> by how much it moves it
METHOD = (
    "Like parameters are first moved together, each group to its upper ends. Members of the groups that move a "
    "headline most (of large groups those with the highest rank correlation over the sets) are played alone, all else "
    "as written, on the same people and chance, the strongest at both ends of their range. A driver moves the "
    "headline by at least a twentieth of its width over the sets, and by two standard errors of its counts. "
    "Parameters about speech, petition, belief, association or loyalty vary in the sets and are never named."
)
NOTHING = (
    "Parameters that were not seen to move any headline: not played alone with an effect, and without a rank "
    "correlation beyond what chance gives to some pair of parameter and headline in one design of twenty. Small "
    "effects are not ruled out."
)


def unnamed(held: Assumptions, policies: Sequence[Policy] = ()) -> frozenset[str]:
    """The parameters never named as drivers: of conduct that is private (`is_private`), and what belongs to it alone.

    These are its families (and always `SPEECH`), its profiles, calendar entries of these families and, in `policies`,
    the feeds that report nothing else.
    """
    words = [word for word, item in held.conduct.items() if is_private(word) or item.family == SPEECH]
    families = _only(held, words, "family") | {SPEECH}
    profiles = _only(held, words, "profile")
    starts = ["speech.", *(f"conduct.{word}." for word in words)]
    starts += [f"families.{name}." for name in families] + [f"profiles.{name}." for name in profiles]
    starts += [f"calendar.{name}." for name, item in held.calendar.items() if set(item.families) <= families]
    starts += [f"recording.feeds.{feed}." for policy in policies for feed in _feeds(policy, words)]
    return frozenset(path for path in held.values() if path.startswith(tuple(starts)))


def _feeds(policy: Policy, words: Sequence[str]) -> set[str]:
    """The feeds of a policy that report no conduct but these words."""
    others = {item.feed for item in policy.behaviours.values() if not set(item.conduct) <= set(words)}
    return set(policy.feeds) - others


def _only(held: Assumptions, words: Sequence[str], part: str) -> set[str]:
    """The families or profiles that no other conduct uses."""
    others = {getattr(item, part) for word, item in held.conduct.items() if word not in words}
    return {getattr(held.conduct[word], part) for word in words} - others


def ranks(numbers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 0, equal numbers sharing their mean rank."""
    _, places, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts + 1) / 2)[places.reshape(-1)])


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float:
    """Spearman's coefficient, -1 to 1; 0 if either does not vary."""
    first, second = ranks(np.asarray(one, float)), ranks(np.asarray(other, float))
    first, second = first - first.mean(), second - second.mean()
    scale = float((first @ first) * (second @ second))
    return float(first @ second) / sqrt(scale) if scale > 0 else 0.0


def correlations(points: Sequence[Mapping[str, float]], series: Series) -> dict[str, dict[str, float]]:
    """{headline: {path: coefficient}} over the sets in which the headline has a value; with too few it is left out."""
    found = {}
    for name, numbers in series.items():
        known = [place for place, number in enumerate(numbers) if number is not None]
        told = [number for number in numbers if number is not None]
        if len(known) >= min(FEWEST, len(points)) and len(set(told)) > 1:
            columns = {path: [points[place][path] for place in known] for path in points[0]}
            found[name] = {path: rank_correlation(column, told) for path, column in columns.items()}
    return found


def beyond_chance(parameters: int, headlines: int, sets: int) -> float:
    """The coefficient that chance passes somewhere among all pairs in one design of twenty (Bonferroni, normal)."""
    pairs = max(1, parameters * headlines)
    return min(1.0, NormalDist().inv_cdf(1 - LEVEL / (2 * pairs)) / sqrt(max(1, sets - 1)))


def groups_of(held: Assumptions, hidden: frozenset[str]) -> dict[str, list[str]]:
    """Like parameters by the name of their group; those that are never named are in none."""
    found: dict[str, list[str]] = {}
    for path in moving(held):
        if path not in hidden:
            found.setdefault(_group(held, path), []).append(path)
    return found


def _group(held: Assumptions, path: str) -> str:
    section, *rest = path.split(".")
    if section == "conduct":
        return f"{rest[-1]} of conduct about {held.conduct[rest[0]].family}"
    if section == "recording":
        return "intensity by district" if rest[0] == "intensity" else f"recording: {rest[-1]}"
    if section == "services":
        return "how often services are needed" if rest[0] == "demand" else "learning at closed doors"
    return {"families": "deterrence", "debts": "payers"}.get(section, section)


def together(held: Assumptions, groups: Mapping[str, Sequence[str]]) -> list[Assumptions]:
    """One set for each group, with all its members at the upper ends of their ranges."""
    items = moving(held)
    return [with_values(held, {path: items[path].high for path in paths}) for paths in groups.values()]


def members(groups: Mapping[str, Sequence[str]], effects: Effects, screened: Effects, most: int = ALONE) -> list[str]:
    """The parameters to play alone: of the groups that move headlines most, for all headlines together.

    effects: by headline the effect of each group, as a share of the headline's width. Of a large group come those with
    the highest rank correlation (`screened`) in the headlines that ask for it.
    """
    weight: dict[str, float] = {}
    asked: dict[str, list[str]] = {}
    for headline, told in effects.items():
        for name in sorted(told, key=lambda each: (-abs(told[each]), each))[:GROUPS_EACH]:
            if abs(told[name]) >= SHARE:
                weight[name] = weight.get(name, 0.0) + min(1.0, abs(told[name]))
                asked.setdefault(name, []).append(headline)

    def told_of(path: str, name: str) -> float:
        return max((abs(screened[each][path]) for each in asked[name] if each in screened), default=0.0)

    chosen = []
    for name in sorted(weight, key=lambda each: (-weight[each], each)):
        chosen += sorted(groups[name], key=lambda path: (-told_of(path, name), path))[:OF_A_GROUP]
    return chosen[:most]


def far_end(item: Assumption) -> float:
    """The end of a range that is farther from the value as written."""
    return item.high if item.high - item.value >= item.value - item.low else item.low


def near_end(item: Assumption) -> float:
    """The other end."""
    return item.low if far_end(item) == item.high else item.high


def driver(item: Assumption, path: str, low: float, high: float) -> dict[str, Any]:
    """What one parameter does to one headline between the ends of its range."""
    said = {"path": path, "unit": item.unit, "value": item.value, "range": list(item.range)}
    effect = high - low
    way = "raises" if effect > 0 else "lowers"
    return said | {"at_low": low, "at_high": high, "effect": effect, "rises": effect > 0, "direction": way}


def strongest(every: Sequence[dict[str, Any]], least: float) -> list[dict[str, Any]]:
    """The drivers that move a headline by at least so much, strongest first."""
    told = [each for each in every if abs(each["effect"]) >= least and each["effect"] != 0]
    return sorted(told, key=lambda each: (-abs(each["effect"]), each["path"]))
