"""Every probability the oracle needs, by its own exact arithmetic: fractions, integers, and 60-digit series.

`[x]` is rounding half to even of an exact fraction, which is what Python's `round` does to a Fraction.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from itertools import accumulate

ONE32 = 1 << 32
DIGITS = 10**60  # series are summed in units of 10^-60

Exact = int | float | Fraction


@cache
def exact(number: Exact) -> Fraction:
    """A number as its shortest decimal text says: 0.1 is 1/10."""
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def nearest(number: Exact) -> int:
    return round(exact(number))


def s16(number: Exact) -> int:
    return round(65536 * exact(number))


def s32(number: Exact) -> int:
    return min(round(ONE32 * exact(number)), ONE32 - 1)


def ends32(share: Exact) -> int:
    """[2^32 x], without the ceiling of s32."""
    return round(ONE32 * exact(share))


def cum(weights: Sequence[Fraction]) -> list[int]:
    """Upper ends: floor(2^32 * (x_0 + ... + x_n) / sum)."""
    total = sum(weights)
    return [running * ONE32 // total for running in accumulate(weights)] if total else [0] * len(weights)


def falls_to(draw: int, ends: Sequence[int]) -> int:
    """The first entry whose end is above the draw."""
    return next(n for n, end in enumerate(ends) if end > draw)


@cache
def exp(power: Fraction) -> Fraction:
    """e^x to more than 50 digits: Taylor's series at x / 2^k, squared k times."""
    halvings = 0
    while abs(power) > Fraction(1, 2):
        power, halvings = power / 2, halvings + 1
    term = total = Fraction(1)
    count = 0
    while abs(term) > Fraction(1, DIGITS**2):
        count += 1
        term = Fraction(round(term * power / count * DIGITS**2), DIGITS**2)
        total += term
    for _ in range(halvings):
        total = Fraction(round(total * total * DIGITS**2), DIGITS**2)
    return total


@cache
def pi() -> Fraction:
    """Machin: pi = 16 arctan(1/5) - 4 arctan(1/239)."""

    def arctan(one_over: int) -> Fraction:
        return sum((Fraction((-1) ** n, (2 * n + 1) * one_over ** (2 * n + 1)) for n in range(60)), Fraction(0))

    return 16 * arctan(5) - 4 * arctan(239)


@cache
def root_two_pi() -> Fraction:
    """Heron's iteration."""
    root = Fraction(5, 2)
    for _ in range(8):
        root = Fraction(round((root + 2 * pi() / root) / 2 * DIGITS), DIGITS)
    return root


def normal_share(x: Fraction) -> Fraction:
    """Phi(x) = 1/2 + (x - x^3/(2*3) + x^5/(2^2 2! 5) - ...) / sqrt(2 pi)."""
    power, total, n = x, x, 0
    while abs(power) > Fraction(1, DIGITS):
        n += 1
        power = Fraction(round(-power * x * x / (2 * n) * DIGITS), DIGITS)
        total += power / (2 * n + 1)
    return Fraction(1, 2) + total / root_two_pi()


@cache
def normal_quantile(share: Fraction) -> Fraction:
    """Newton's steps on Phi(x) = share, to more than 50 digits."""
    x = Fraction(0)
    for _ in range(12):
        slope = exp(-x * x / 2) / root_two_pi()
        x = Fraction(round((x - (normal_share(x) - share) / slope) * DIGITS), DIGITS)
    return x


def trait_quantile(trait_class: int) -> Fraction:
    """z_q: the standard normal quantile in the middle of the q-th of 64 equal classes."""
    return normal_quantile(Fraction(2 * trait_class + 1, 128))


@cache
def lognormal(sigma: Fraction, z: Fraction) -> Fraction:
    """A factor of mean 1: exp(sigma z - sigma^2 / 2)."""
    return exp(sigma * z - sigma * sigma / 2)


@cache
def geometric_quantiles(daily: Fraction, classes: int = 256, never: int = 2047) -> list[int]:
    """Waiting days at the mid-quantiles: the first day d by which (1 - daily)^d has come down to what is left."""
    if daily <= 0:
        return [never] * classes
    if daily >= 1:
        return [1] * classes
    miss, of = 1 - daily, 2 * classes
    days, over, under = 1, miss.numerator, miss.denominator
    waits = []
    for index in range(classes):
        left = of - (2 * index + 1)  # left / of
        while days < never and over * of > left * under:
            days, over, under = days + 1, over * miss.numerator, under * miss.denominator
        waits.append(days)
    return waits


@cache
def delay_ends(mean_days: Fraction) -> list[int]:
    """Ends of the delays 1..60: [2^32 (1 - v^(j+1))], v = 1 - 1/m."""
    miss = 1 - 1 / mean_days
    return [ends32(1 - miss ** (j + 1)) for j in range(60)]


def delay_days(draw: int, mean_days: Fraction) -> int:
    return 1 + next((j for j, end in enumerate(delay_ends(mean_days)) if draw < end), 59)


def running_ends(shares: Sequence[Fraction]) -> list[int]:
    """Ends of the errors, in their order: each running sum as [2^32 min(1, sum)]."""
    return [ends32(min(Fraction(1), sum(shares[: n + 1], Fraction(0)))) for n in range(len(shares))]
