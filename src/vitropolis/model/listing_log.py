"""The log of listings: one number for each way onto a list and out of it, as chunks write it and readers take it apart.

Resident 28 bits, day 13, the world's number, list 3, event 3, cause 8, two bins of 2. `log_row` is compiled into the
engine; the others take one number or an array of them.
"""

from __future__ import annotations

from typing import Any

from vitropolis.base.kernels import inner
from vitropolis.model.rules import ONE_WORLD, WORLD_BITS

WHO = (1 << 28) - 1
DAY_AT, WORLD_AT = 28, 41
LIST_AT = WORLD_AT + WORLD_BITS
EVENT_AT, CAUSE_AT, BINS_AT = LIST_AT + 3, LIST_AT + 6, LIST_AT + 14
assert BINS_AT + 4 <= 63


@inner
def log_row(who: Any, day: Any, world: Any, entry: Any, event: Any, cause: Any, bins: Any) -> Any:
    """Pack one line of the log."""
    when = who | (day << DAY_AT) | (world << WORLD_AT) | (entry << LIST_AT)
    return when | (event << EVENT_AT) | (cause << CAUSE_AT) | (bins << BINS_AT)


def logged_who(row: Any) -> Any:
    """Resident or firm."""
    return row & WHO


def logged_day(row: Any) -> Any:
    """Day of the run."""
    return (row >> DAY_AT) & 8191


def logged_world(row: Any) -> Any:
    """Number of the world."""
    return (row >> WORLD_AT) & ONE_WORLD


def logged_list(row: Any) -> Any:
    """Place of the list among its world's."""
    return (row >> LIST_AT) & 7


def logged_event(row: Any) -> Any:
    """`lists.STARTED`, or how it ended."""
    return (row >> EVENT_AT) & 7


def logged_cause(row: Any) -> Any:
    """Kind of the record that started it, or 128 and the place of a leaf."""
    return (row >> CAUSE_AT) & 255


def logged_bins(row: Any) -> Any:
    """Bins of the verdict under both definitions, two bits each."""
    return (row >> BINS_AT) & 15
