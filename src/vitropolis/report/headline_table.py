"""Headlines as one flat table for other programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vitropolis.report.result import Result

if TYPE_CHECKING:
    import polars as pl

TEXTS, NUMBERS = ("id", "title", "unit", "world"), ("value", "twin_value", "low", "high")
COUNTS = ("numerator", "denominator")
JOINED, LAST = ("rule_ids", "lines"), ("method_id", "status")
BETWEEN = "; "


def headline_table(result: Result) -> pl.DataFrame:
    """One row for each headline of each world with a policy, in the result's order and with its fields.

    Without drivers. rule_ids and lines: joined by `BETWEEN`, null if there are none. A number that is not there is
    null; `status` says why there is no value.
    """
    import polars as pl

    kinds: dict[str, type[pl.DataType]] = dict.fromkeys(TEXTS, pl.String) | dict.fromkeys(NUMBERS, pl.Float64)
    kinds |= dict.fromkeys(COUNTS, pl.Int64) | dict.fromkeys((*JOINED, *LAST), pl.String)
    columns = {name: [getattr(each, name) for each in result.headlines] for name in kinds}
    for name in JOINED:
        columns[name] = [BETWEEN.join(parts) or None for parts in columns[name]]
    return pl.DataFrame(columns, kinds)
