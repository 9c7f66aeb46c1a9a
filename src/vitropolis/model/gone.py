"""Whether somebody has left the city or their firm (docs/mechanisms.md, sections 17 and 21): bits of `away`."""

from __future__ import annotations

from typing import Any

from vitropolis.base.kernels import inner, int64
from vitropolis.model.news import LEFT_AT, LOST_AT


@inner
def gone_from(world: Any, at: Any, state: Any) -> Any:
    """Whether the resident has left the city in this world."""
    return (int64(state.away[at.place]) >> (LEFT_AT + world)) & 1 == 1


@inner
def works_in(world: Any, place: Any, state: Any) -> Any:
    """Whether somebody still has the employer that the city gave them."""
    return state.employer[place] >= 0 and (int64(state.away[place]) >> (LOST_AT + world)) & 1 == 0
