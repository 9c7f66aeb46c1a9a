"""Who is looked at, and whether an act happens. Section 2 of docs/mechanisms.md."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from tests.oracle.assumed import Assumed, Classes, high, low, value
from tests.oracle.chances import ONE32, cum, exp, falls_to, lognormal, s16, s32, trait_quantile
from vitropolis.policy.words import PERSON_WORDS

WORDS = range(len(PERSON_WORDS))


class Envelope:
    """The bound that no world and no value inside its range exceeds: it alone decides who is a candidate for what."""

    def __init__(self, assumed: Assumed) -> None:
        self.assumed = assumed
        families = assumed.family_of
        self._others = [assumed.norms_bound(word) * assumed.calendar_bound(families[word]) for word in WORDS]
        self._bounds: dict[Classes, list[Fraction]] = {}
        self._words: dict[Classes, list[int]] = {}
        self._thresholds: dict[tuple[Classes, int], int] = {}

    def bounds(self, classes: Classes) -> list[Fraction]:
        """U(b, c) for every word."""
        if classes not in self._bounds:
            self._bounds[classes] = [
                self.assumed.daily_rate_bound(word, classes) * self._others[word] for word in WORDS
            ]
        return self._bounds[classes]

    def trait_bound(self, trait_class: int) -> Fraction:
        sigma, z = self.assumed.content.trait.sigma, trait_quantile(trait_class)
        return lognormal(min(max(z, low(sigma)), high(sigma)), z)

    def threshold(self, classes: Classes, trait_class: int) -> int:
        key = (classes, trait_class)
        if key not in self._thresholds:
            exactly = ONE32 * sum(self.bounds(classes)) * self.trait_bound(trait_class)
            self._thresholds[key] = min(exactly.__floor__(), 65535 * 65536)
        return self._thresholds[key]

    def word(self, classes: Classes, draw: int) -> int:
        if classes not in self._words:
            self._words[classes] = cum(self.bounds(classes))
        return falls_to(draw, self._words[classes])


class Acceptance:
    """The 16-bit and 32-bit tables of one world."""

    def __init__(self, assumed: Assumed, envelope: Envelope) -> None:
        self.assumed, self.envelope = assumed, envelope
        self._base: dict[tuple[int, Classes], int] = {}
        self._calendar: dict[tuple[int, date], int] = {}
        self._deterrence = {
            (family, step): s16(exp(-value(item.deterrence) * step))
            for family, item in enumerate(assumed.families)
            for step in range(16)
        }
        self._trait = {q: s16(self._trait_ratio(q)) for q in range(64)}
        norms = assumed.content.norms
        self._norms = {
            (name, level): s16((1 + value(item) * Fraction(level, 15)) / (1 + high(item)))
            for name, item in (("household", norms.household), ("workplace", norms.workplace), ("district", norms.district))
            for level in range(16)
        }

    def _trait_ratio(self, q: int) -> Fraction:
        return lognormal(value(self.assumed.content.trait.sigma), trait_quantile(q)) / self.envelope.trait_bound(q)

    def base(self, word: int, classes: Classes) -> int:
        key = (word, classes)
        if key not in self._base:
            bound = self.assumed.daily_rate_bound(word, classes)
            self._base[key] = s32(self.assumed.daily_rate(word, classes) / bound) if bound else 0
        return self._base[key]

    def norm(self, name: str, level: int) -> int:
        return self._norms[name, level]

    def calendar(self, family: int, today: date) -> int:
        key = (family, today)
        if key not in self._calendar:
            self._calendar[key] = s16(self.assumed.calendar(family, today) / self.assumed.calendar_bound(family))
        return self._calendar[key]

    def of(
        self, word: int, classes: Classes, q: int, today: date, deterrence: int, household: int, workplace: int, mood: int
    ) -> int:
        """What the mark must be below; `deterrence` is the byte of the word's family, the others are levels 0-15."""
        family = self.assumed.family_of[word]
        norms = self.assumed.families[family].norms
        at_home = self.norm("household", household) if norms else 65536
        at_work = self.norm("workplace", workplace) if norms else 65536
        around = self.norm("district", mood) if norms else 65536
        a = self.base(word, classes)
        a = a * self._trait[q] >> 16
        a = a * (self.calendar(family, today) * around >> 16) >> 16
        a = a * self._deterrence[family, deterrence >> 4] >> 16
        a = a * at_home >> 16
        return a * at_work >> 16
