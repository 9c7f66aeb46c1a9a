"""All probabilities as integers, computed exactly: Python integers, fractions and decimals, nothing of libm.

Shares become 32-bit (`share32`, 2^32 stands for 1) or 16-bit (`share16`, 65536 stands for 1) fixed point,
rounded half to even once. A draw `w` of as many bits happens iff `w < share`.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction
from functools import cache

ONE32 = 1 << 32
ONE16 = 1 << 16
CONTEXT = Context(prec=60)
Number = int | float | Fraction | Decimal


def exact(value: Number) -> Fraction:
    """Return `value` as the fraction its shortest decimal text says: 0.1 is 1/10, not the nearest float."""
    return Fraction(str(value)) if isinstance(value, float | Decimal) else Fraction(value)


def share32(value: Number) -> int:
    """Return a share 0-1 as a 32-bit fixed-point integer 0..2^32. ValueError outside 0-1."""
    return _scaled(value, ONE32)


def share16(value: Number) -> int:
    """Return a share 0-1 as a 16-bit fixed-point integer 0..65536. ValueError outside 0-1."""
    return _scaled(value, ONE16)


def _scaled(value: Number, one: int) -> int:
    share = exact(value)
    if not 0 <= share <= 1:
        raise ValueError(f"a share must lie in 0-1, got {float(share)}")
    return round(share * one)


def exponential(value: Number) -> Fraction:
    """Return exp(value) to 60 significant digits."""
    return Fraction(CONTEXT.exp(_decimal(value)))


def _decimal(value: Number) -> Decimal:
    part = exact(value)
    return CONTEXT.divide(Decimal(part.numerator), Decimal(part.denominator))


def geometric_quantiles(daily_share: Number, classes: int, never: int) -> list[int]:
    """Return waiting times in whole days (1 up) at the mid-quantiles (c + 1/2)/classes of a geometric law.

    `daily_share` 0-1 is the chance of each day; a wait of `never` days or more, and every wait at a
    daily share of 0, becomes `never`.
    """
    share = exact(daily_share)
    if share <= 0:
        return [never] * classes
    if share >= 1:
        return [1] * classes
    log_miss = CONTEXT.ln(_decimal(1 - share))
    waits = [CONTEXT.divide(left, log_miss).to_integral_value(ROUND_CEILING) for left in _logs_left(classes)]
    return [min(max(int(days), 1), never) for days in waits]


@cache
def _logs_left(classes: int) -> tuple[Decimal, ...]:
    """Logarithms of what is left above each mid-quantile: ln(1 - (c + 1/2)/classes)."""
    return tuple(CONTEXT.ln(_decimal(1 - Fraction(2 * index + 1, 2 * classes))) for index in range(classes))


@cache
def normal_quantile(probability: Fraction) -> Fraction:
    """Return the standard normal quantile of `probability` (0-1, open) to about 40 digits.

    Newton's method from 0: above 1/2 the distribution function is concave, so every step falls short and none passes.
    """
    if probability == Fraction(1, 2):
        return Fraction(0)
    if probability < Fraction(1, 2):
        return -normal_quantile(1 - probability)
    target, x = _decimal(probability), Decimal(0)
    while True:
        share, density = _normal(x)
        step = CONTEXT.divide(CONTEXT.subtract(target, share), density)
        x = CONTEXT.add(x, step)
        if step < Decimal("1e-45"):
            return Fraction(x)


def _normal(x: Decimal) -> tuple[Decimal, Decimal]:
    """Return the standard normal distribution and density at x >= 0: Phi = 1/2 + phi(x) sum x^(2n+1)/(2n+1)!!."""
    term = total = x
    square = CONTEXT.multiply(x, x)
    odd = 1
    while term > Decimal("1e-50"):
        odd += 2
        term = CONTEXT.divide(CONTEXT.multiply(term, square), Decimal(odd))
        total = CONTEXT.add(total, term)
    density = CONTEXT.exp(CONTEXT.divide(square, Decimal(-2)))
    pi = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899")
    root = CONTEXT.sqrt(CONTEXT.multiply(Decimal(2), pi))
    density = CONTEXT.divide(density, root)
    return CONTEXT.add(Decimal("0.5"), CONTEXT.multiply(density, total)), density


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Split `total` into whole numbers in proportion to `weights`.

    What is left over goes to the largest remainders, ties by place.
    """
    whole = sum(weights)
    if whole <= 0:
        raise ValueError("weights must sum to a positive number")
    shares = [total * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in order[: total - sum(shares)]:
        shares[place] += 1
    return shares


def s32(share: Fraction) -> int:
    """Return a share, cut at 1, as 32-bit fixed point of at most 2^32 - 1 (docs/mechanisms.md)."""
    return min(round(min(share, Fraction(1)) * ONE32), ONE32 - 1)


LONGEST_DELAY = 60


def delay_ends(mean: Fraction) -> list[int]:
    """Upper ends (32-bit) of delays of 1..60 days: geometric with this mean (>= 1), the rest on day 60."""
    miss = 1 - 1 / mean
    return [round(ONE32 * (1 - miss ** (days + 1))) for days in range(LONGEST_DELAY)]
