"""Discretion: points that a clerk chooses inside a written range (docs/mechanisms.md, section 19).

Where a behaviour has a `discretion_range`, the share `clerks.discretion_used` of its records has points drawn evenly
from the range, the same for a record at every look and in every world; the rest has the points as written.

points = low + floor(u (high - low + 1)), u uniform on [0, 1) by resident, act day and word. Units: points. Source: the
policy gives the range; that it is used evenly, and by how many, is this project's own assumption.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.draws import Stream
from vitropolis.base.kernels import inner, int64, philox
from vitropolis.model.files import act_of, kind_of

DRAW = int(Stream.DISCRETION)
AS_WRITTEN = -1


@inner
def choice(rules: Any, world: Any, behaviour: Any, record: Any, who: Any, key0: Any, key1: Any) -> Any:
    """The 32-bit word that places a record's points in their range; AS_WRITTEN where no clerk chooses."""
    if not rules.chosen[world, behaviour]:
        return AS_WRITTEN
    used, where, _, _ = philox(who, act_of(record), DRAW, rules.word[kind_of(record)], key0, key1)
    return int64(where) if int64(used) < rules.discretion[world] else AS_WRITTEN


@inner
def points_by(rules: Any, ledger: Any, behaviour: Any, chosen: Any) -> Any:
    """The points of a record in one score, before any halving."""
    span = int64(rules.chosen_span[ledger, behaviour])
    if chosen < 0 or span == 0:
        return int64(rules.points[ledger, behaviour])
    return int64(rules.chosen_from[ledger, behaviour]) + ((chosen * span) >> 32)
