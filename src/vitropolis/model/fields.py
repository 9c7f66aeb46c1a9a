"""The five fields of the integrity project (M9): in how many of them somebody meets a shut door at once.

docs/mechanisms.md, section 15. Every service belongs to one field (`policy.words.SERVICES`). A field is limited for
somebody to whom a door of it is shut, and none is open in it if every one is; counted are persons, when doors change.
`all_shut` are those to whom everything is shut that the policy can shut at all. Source: the plan names the fields, the
table of services is data.
"""

from __future__ import annotations

from typing import Any, get_args

from vitropolis.base.kernels import inner, kernel
from vitropolis.model import counts as tally
from vitropolis.model.counts import add
from vitropolis.model.rules import PERSON_SERVICES
from vitropolis.policy.words import SERVICES, Field5

FIELDS: tuple[str, ...] = get_args(Field5)
MASKS = tuple(
    sum(1 << place for place, name in enumerate(PERSON_SERVICES) if SERVICES[name].field == field) for field in FIELDS
)


@inner
def number_limited(doors: Any) -> Any:
    """In how many fields one of these doors (one bit each) lies."""
    found = 0
    for field in range(5):
        found += doors & MASKS[field] != 0
    return found


@kernel
def count_fields(world: Any, at: Any, old: Any, new: Any, most: Any, counts: Any) -> None:
    """Count what a change of somebody's shut doors from `old` to `new` means by field; `most` can be shut at all."""
    was, now = number_limited(old), number_limited(new)
    if was != now and was:
        add(counts, world, tally.FIELDS_SHUT + was - 1, at, -1)
    if was != now and now:
        add(counts, world, tally.FIELDS_SHUT + now - 1, at, 1)
    for field in range(5):
        mask = MASKS[field]
        step = (1 if new & mask else 0) - (1 if old & mask else 0)
        if step:
            add(counts, world, tally.LIMITED + field, at, step)
        step = (1 if new & mask == mask else 0) - (1 if old & mask == mask else 0)
        if step:
            add(counts, world, tally.NONE_OPEN + field, at, step)
    step = (1 if most and new == most else 0) - (1 if most and old == most else 0)
    if step:
        add(counts, world, tally.ALL_SHUT, at, step)
