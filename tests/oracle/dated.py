"""Reading dated values of a policy."""

from __future__ import annotations

from datetime import date
from typing import Any

NEVER = 1 << 30  # a day that never comes


def on(value: Any, today: date) -> Any:
    """What holds on a day; before the first date, of an element that is not yet in force, its first value."""
    first = value.first
    return value.on(today if first is None or today >= first else first)


def value_on(value: Any, today: date, absent: int) -> int:
    """A `Value` of days: absent has its default, null is never."""
    held = absent if value is None else on(value, today)
    return NEVER if held is None else int(held)
