"""What every version of the yardstick hands over: daily tables by district, and what the law judges of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.y1e.rules import BANDS, DAYS, DISTRICTS, LIFE, TERM, WEEK

Counts = NDArray[np.int64]


@dataclass
class Outcome:
    """Daily tables, int64[day, district]; `bands` int64[day, district, band], worst first; `sizes` of districts."""

    sizes: Counts
    offences: Counts
    deeds: Counts
    detected: Counts
    invented: Counts  # reports with no act behind them that arrive
    joined: Counts
    left: Counts
    bands: Counts

    def summary(self) -> dict[str, list[int]]:
        """What the law has an expectation of, by district, as plain lists."""
        last = self.bands[DAYS - 1]
        found = {
            "offences": self.offences.sum(axis=0),
            "deeds": self.deeds.sum(axis=0),
            "detected": self.detected.sum(axis=0),
            "invented": self.invented[: DAYS // WEEK * WEEK].sum(axis=0),
            "joined in a year": self.joined[:LIFE].sum(axis=0),
            "left": self.left.sum(axis=0),
            **{f"band {name}": last[:, place] for place, name in enumerate(BANDS)},
        }
        return {"sizes": self.sizes.tolist(), **{name: part.tolist() for name, part in found.items()}}


def empty(sizes: Counts) -> Outcome:
    """Tables in which nothing has happened."""
    daily = ("offences", "deeds", "detected", "invented", "joined", "left")
    tables = {name: np.zeros((DAYS, DISTRICTS), np.int64) for name in daily}
    bands = np.zeros((DAYS, DISTRICTS, len(BANDS)), np.int64)
    return Outcome(sizes=np.asarray(sizes, np.int64), bands=bands, **tables)


assert TERM <= DAYS
