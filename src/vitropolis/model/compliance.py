"""Whether firms comply (M8): two groups with different supervision, and what firms make of it.

Harrington (1988), "Enforcement leverage when penalties are restricted", Journal of Public Economics 37:29-53, in its
standard form. A firm in group 1 (2: the target group) that breaks rules is found with chance d1 (d2) a week, pays F1
(F2) and is, or stays, in group 2; one that complies in group 2 goes back with chance r a week. A week later counts
beta. With c what complying costs a week:

    c1 = d1 F1,  V2 = d2 F2 / (1 - beta),  V1 = (d1 F1 + beta d1 V2) / (1 - beta (1 - d1)),
    c2 = d2 F2 + beta r (V2 - V1).

A firm complies in group 1 if c <= c1, in group 2 if c <= c2; so between the two it breaks rules until it is found, and
complies afterwards although c is more than every fine it expects. Firms know d, F, r and beta and reckon with no
error that others make. c by class q of 64: median * exp(sigma z_q), z_q the normal quantile of (2 q + 1) / 128. Units:
usual fines, weeks. Exact fractions.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from vitropolis.base.fixed import exact, exponential, normal_quantile
from vitropolis.model.assumption_firms import Compliance, Firms

CLASSES = 64


@dataclass(frozen=True)
class Thresholds:
    """Highest cost a week at which a firm complies, in group 1 and in group 2."""

    first: Fraction
    second: Fraction


def thresholds(
    detected: tuple[Fraction, Fraction], fines: tuple[Fraction, Fraction], release: Fraction, discount: Fraction
) -> Thresholds:
    """c1 and c2 from chances of being found, fines (each by group), the chance of release, and beta."""
    (d1, d2), (f1, f2) = detected, fines
    target = d2 * f2 / (1 - discount)
    good = (d1 * f1 + discount * d1 * target) / (1 - discount * (1 - d1))
    return Thresholds(d1 * f1, d2 * f2 + discount * release * (target - good))


def found_weekly(firms: Firms, visited: Fraction) -> Fraction:
    """Chance a week that a firm which breaks rules is found, when it is inspected with chance `visited`."""
    held = firms.inspections
    passes = 1 - visited * (1 - exact(held.passes.value))
    return exact(firms.acts_violating.value) * (1 - passes * (1 - exact(held.noticed_otherwise.value)))


def thresholds_of(firms: Firms, times: Fraction, bans: int) -> Thresholds:
    """c1 and c2 where group 2 is inspected `times` as often as usual and shut out of `bans` services."""
    held, usual = firms.compliance, exact(firms.inspections.weekly.value)
    often = min(Fraction(1), usual * times)
    first, again = exact(held.fine.value), exact(held.fine_again.value) + bans * exact(held.ban.value)
    release = often * exact(firms.inspections.release.value) * (1 - exact(firms.inspections.found_wrongly.value))
    found = found_weekly(firms, usual), found_weekly(firms, often)
    return thresholds(found, (first, again), release, exact(held.discount.value))


@lru_cache(maxsize=1)
def _quantiles() -> tuple[Fraction, ...]:
    return tuple(normal_quantile(Fraction(2 * q + 1, 2 * CLASSES)) for q in range(CLASSES))


def costs(held: Compliance) -> tuple[Fraction, ...]:
    """What complying costs a week, by class."""
    median, sigma = exact(held.cost_median.value), exact(held.cost_sigma.value)
    return tuple(median * exponential(sigma * z) for z in _quantiles())
