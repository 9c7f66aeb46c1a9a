"""A person who looks at a case before it becomes a listing. Section 19 of docs/mechanisms.md."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tests.oracle.assumed import value
from tests.oracle.chances import s32
from tests.oracle.philox import HUMAN

if TYPE_CHECKING:
    from tests.oracle.look import Look
    from tests.oracle.world import World


def looks_at(world: World, item: Any) -> Fraction:
    """The share of cases of a list that somebody looks at before they become listings."""
    known, said = world.assumed.content.clerks, world.policy.procedure
    if item.decided_by in ("human", "hybrid"):
        return Fraction(1) if item.decided_by == "human" else value(known.hybrid_looks)
    review = said.human_review if said else None
    reviewed = review is not None and review.available is True and review.authority_to_change is True
    return value(known.review_looks) if reviewed and item.polarity != "red" else Fraction(0)


def drops(look: Look, name: str, right: bool) -> bool:
    """Whether a person drops a case; `right`: the trigger would hold without the wrong records."""
    world = look.world
    looks, known = looks_at(world, world.policy.lists[name]), world.assumed.content.clerks
    share = value(known.human_drops_right if right else known.human_sees_wrong)
    draw = world.chance.draw(look.resident, look.day, HUMAN, world.today.lists[name].place)
    return looks > 0 and draw[0] < s32(looks * share)
