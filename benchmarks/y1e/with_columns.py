"""The yardstick in NumPy as models are mostly written: every day a new score and band for everybody.

The same as `with_numpy` but for the look, which asks nobody whether anything happened to them.
"""

from __future__ import annotations

import numpy as np

from benchmarks.y1e import with_numpy
from benchmarks.y1e.rules import BANDS, DISTRICTS, HIGHEST, LIFE, LIMITS, START, TERM
from benchmarks.y1e.with_numpy import NONE


class Play(with_numpy.Play):
    """A city that is set up; `run` plays it."""

    def __init__(self, residents: int, seed: int) -> None:
        super().__init__(residents, seed)
        self.ends_on = np.zeros(residents, np.int16)  # the first day off the list again

    def look(self, day: int) -> None:
        """What arrives and what expires; score, band and list of everybody."""
        came, gone = self.records.get(day, NONE), self.records.pop(day - LIFE, NONE)
        np.add.at(self.points, came[0], came[1])
        np.subtract.at(self.points, gone[0], gone[1])
        score = np.clip(self.points + START, 0, HIGHEST)
        band = np.searchsorted(LIMITS, score, side="right").astype(np.int8)
        self.made.bands[day] = self._counted(band)
        leaving = self.listed & (self.ends_on == day)
        self.listed &= ~leaving
        joining = (band == 0) & (self.band != 0) & ~self.listed
        self.listed |= joining
        self.ends_on[joining] = day + TERM
        self.band = band
        self.made.left[day] = np.bincount(self.district[leaving], minlength=DISTRICTS)
        self.made.joined[day] = np.bincount(self.district[joining], minlength=DISTRICTS)

    def _counted(
        self, band: np.ndarray[tuple[int, ...], np.dtype[np.int8]]
    ) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        flat = np.bincount(self.district * np.int8(len(BANDS)) + band, minlength=DISTRICTS * len(BANDS))
        return flat.reshape(DISTRICTS, len(BANDS))
