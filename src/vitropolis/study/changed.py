"""Assumption sets made from another one: other values, wider ranges.

Worlds can share a pass only if their sets have the same ranges, because who is looked at is drawn from these. So a
study that needs a value outside its range widens the range in every set that it plays, the unchanged one included.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vitropolis.base.errors import InputError
from vitropolis.model.assumption_parts import Assumption, Part
from vitropolis.model.assumptions import Assumptions

Ends = tuple[float, float]


def with_values(held: Assumptions, values: Mapping[str, float]) -> Assumptions:
    """The same set with other values. InputError if a path does not exist or a value lies outside its range.

    What else a file is checked for (sums, payers, needs) is checked at the ends of ranges, which do not change here.
    """
    known, tree = held.values(), dict[str, Any]()
    for path, number in values.items():
        if path not in known or not known[path].low <= number <= known[path].high:
            raise InputError(f"{path}: {number:g} is no value inside a range of {held.id}")
        *steps, last = path.split(".")
        place = tree
        for step in steps:
            place = place.setdefault(step, {})
        place[last] = number
    made: Assumptions = _changed(held, tree)
    return made


def _changed(part: Any, tree: Mapping[str, Any]) -> Any:
    """A part with the numbers of a tree put in their places; what the tree does not name is shared."""
    if isinstance(part, Part):
        return part.model_copy(update={name: _new(getattr(part, name), to) for name, to in tree.items()})
    return {**part, **{name: _new(part[name], to) for name, to in tree.items()}}


def _new(item: Any, to: Any) -> Any:
    return item.model_copy(update={"value": float(to)}) if isinstance(item, Assumption) else _changed(item, to)


def widened(held: Assumptions, ends: Mapping[str, Ends]) -> Assumptions:
    """The same set with ranges that reach at least to these ends, checked anew. Values stay as they are."""
    known, data = held.values(), held.model_dump()
    for path, (low, high) in ends.items():
        item = known[path]
        _place_of(data, path)["range"] = (min(low, item.low), max(high, item.high))
    return Assumptions.model_validate(data)


def _place_of(data: Any, path: str) -> Any:
    for step in path.split("."):
        data = data[step]
    return data


def reaching(values: Mapping[str, float]) -> dict[str, Ends]:
    """The ends that ranges must have so that these values fit."""
    return {path: (number, number) for path, number in values.items()}
