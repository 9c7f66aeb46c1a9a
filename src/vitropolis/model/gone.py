"""Whether somebody has left the city in a world (docs/mechanisms.md, section 21): a bit of the column `away`."""

from __future__ import annotations

from typing import Any

from vitropolis.base.kernels import inner, int64
from vitropolis.model.news import LEFT_AT


@inner
def gone_from(world: Any, at: Any, state: Any) -> Any:
    """Whether the resident has left the city in this world."""
    return (int64(state.away[at.place]) >> (LEFT_AT + world)) & 1 == 1
