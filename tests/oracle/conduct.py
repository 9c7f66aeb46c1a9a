"""Who is looked at, and whether an act happens. Section 2 of docs/mechanisms.md."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import NamedTuple

from tests.oracle.assumed import Assumed, Classes, high, low, value
from tests.oracle.chances import ONE32, cum, exp, falls_to, lognormal, s16, s32, trait_quantile

from vitropolis.policy.words import PERSON_WORDS

NORMS = ("household", "workplace", "district")
WORDS = range(len(PERSON_WORDS))


class Envelope:
    """The bound that no world and no value inside its range exceeds: it alone decides who is a candidate for what."""

    def __init__(self, assumed: Assumed) -> None:
        self.assumed = assumed
        families = assumed.family_of
        self._others = [
            assumed.norms_bound(word)
            * assumed.calendar_bound(families[word])
            * assumed.gaming_bound(word)
            * assumed.jobless_bound(word)
            for word in WORDS
        ]
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


class Felt(NamedTuple):
    """What others and the own past do to somebody: the deterrence byte of a family, and three levels 0-15."""

    deterrence: int
    household: int = 0
    workplace: int = 0
    district: int = 0
    near: int = 0  # steps of deterrence that the workplace adds
    deed: str = "none"  # scored, unscored, or nothing
    trust: int = 65536
    jobless: bool = False


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
            for name, item in zip(NORMS, (norms.household, norms.workplace, norms.district), strict=True)
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

    def calendar(self, family: int, today: date) -> int:
        key = (family, today)
        if key not in self._calendar:
            self._calendar[key] = s16(self.assumed.calendar(family, today) / self.assumed.calendar_bound(family))
        return self._calendar[key]

    def of(self, word: int, classes: Classes, q: int, today: date, felt: Felt) -> int:
        """What the mark must be below."""
        family = self.assumed.family_of[word]
        norms = self.assumed.families[family].norms
        at_home, at_work, around = (
            self._norms[name, level] if norms else 65536
            for name, level in zip(NORMS, (felt.household, felt.workplace, felt.district), strict=True)
        )
        a = self.base(word, classes)
        a = a * self._trait[q] >> 16
        a = a * (self.calendar(family, today) * around >> 16) >> 16
        a = a * self.jobless(word, felt.jobless) >> 16
        a = a * self._deterrence[family, min(255, felt.deterrence + felt.near) >> 4] >> 16
        a = a * at_home >> 16
        a = a * at_work >> 16
        if felt.deed == "none":
            return a
        a = a * self.game(felt.deed) >> 16
        return a if felt.deed in ("scored", "outside") else a * felt.trust >> 16

    def jobless(self, word: int, without: bool) -> int:
        """What having work, or having lost it, leaves of what is about money, in 16 bits."""
        changed = without and self.assumed.is_money(word)
        factor = value(self.assumed.content.work.jobless) if changed else Fraction(1)
        return s16(factor / self.assumed.jobless_bound(word))

    def game(self, deed: str) -> int:
        """What gaming and crowding make of a good deed, in 16 bits."""
        known = self.assumed.content.adaptation
        factor = {"scored": 1 + value(known.gaming), "unscored": 1 - value(known.crowding)}.get(deed, Fraction(1))
        return s16(factor / (1 + high(known.gaming)))
