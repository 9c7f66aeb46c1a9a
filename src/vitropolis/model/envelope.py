"""The envelope and what lies under it: integer tables of conduct, computed exactly (docs/mechanisms.md, section 2).

The envelope is built from the upper end of every declared range, so that no value inside its range, and no policy,
changes who is a candidate or for what. Every acceptance is proved to be at most 1 while the tables are made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import lcm

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.errors import InputError
from vitropolis.base.fixed import ONE32, exact, exponential, normal_quantile, share16
from vitropolis.model.assumption_parts import Assumption, Profile
from vitropolis.model.assumptions import Assumptions
from vitropolis.model.conduct import Conduct
from vitropolis.model.deterrence import decay_table
from vitropolis.model.rules import CELLS, FAMILIES, WORDS
from vitropolis.model.speech import NATURE, whispers
from vitropolis.model.worlds import Plan
from vitropolis.policy import CONDUCT, PERSON_WORDS

CLASSES = 64
MONEY = "money"  # the family of what somebody without work does more often
HIGHEST = 65535 * 65536
AXES = (("registration", 2), ("age", 7), ("sex", 2), ("education", 5), ("income", 5))


@dataclass(frozen=True)
class Envelope:
    """Tables for kernels, and how good the bound is: share of (cell, trait) pairs that were capped."""

    tables: Conduct
    capped: Fraction


def effect(factor: Fraction, strength: Fraction) -> Fraction:
    """How a profile's factor acts under its strength; a factor of 0 stays 0."""
    return Fraction(0) if factor == 0 else max(Fraction(0), 1 + strength * (factor - 1))


def highest(factor: Fraction, strength: Assumption) -> Fraction:
    """The largest effect a factor has over the strength's range."""
    return effect(factor, exact(strength.high if factor > 1 else strength.low))


@lru_cache(maxsize=512)
def over_cells(profile: Profile, upper: bool) -> tuple[Fraction, ...]:
    """Return the product of a profile's effects in every cell (700), at its value or at the upper end."""
    products = [Fraction(1)]
    for axis, _ in AXES:
        factors = [exact(factor) for factor in getattr(profile, axis)]
        strength = exact(profile.strength.value)
        effects = [highest(f, profile.strength) if upper else effect(f, strength) for f in factors]
        products = [product * part for product in products for part in effects]
    return tuple(products)


def possible_words(assumptions: Assumptions) -> NDArray[np.uint8]:
    """Return uint8[cell, word]: 0 where a word's profile is 0, so that it cannot happen there."""
    table = np.zeros((CELLS, WORDS), np.uint8)
    for place, name in enumerate(PERSON_WORDS):
        profile = assumptions.profiles[assumptions.conduct[name].profile]
        table[:, place] = [product > 0 for product in over_cells(profile, upper=True)]
    return table


def trait_value(z: Fraction, sigma: Fraction) -> Fraction:
    """Lognormal with mean 1: exp(sigma z - sigma^2 / 2)."""
    return exponential(sigma * z - sigma * sigma / 2)


def envelope_of(plan: Plan) -> Envelope:
    """Build all tables of section 2. InputError where an acceptance would exceed 1 or worlds do not share ranges."""
    first = plan.worlds[0].assumptions
    _same_ranges(plan)
    uppers = _upper_rates(first)
    scaled, scale = integers_of(uppers)
    quantiles = [normal_quantile(Fraction(2 * q + 1, 2 * CLASSES)) for q in range(CLASSES)]
    sigma = first.trait.sigma
    trait_upper = [trait_value(z, min(max(z, exact(sigma.low)), exact(sigma.high))) for z in quantiles]
    threshold, capped = _thresholds(scaled, scale, trait_upper)
    ends = ends_of(scaled)
    worlds = [world.assumptions for world in plan.worlds]
    sets = [next(place for place, held in enumerate(worlds) if held is own) for own in worlds]
    different = sorted(set(sets))
    try:
        tables = Conduct(
            threshold=threshold,
            ends=ends,
            guide=_guide(ends),
            ratio=_ratios([worlds[place] for place in different]),
            set_of=np.array([different.index(place) for place in sets], np.int64),
            trait=_trait(worlds, quantiles, trait_upper),
            calendar=_calendar(plan),
            mood=_norm(worlds, "district"),
            fear=_fear(worlds),
            household=_norm(worlds, "household"),
            work=_norm(worlds, "workplace"),
            near=_near(worlds),
            deeds=_deeds(worlds),
            jobless=_jobless(worlds),
            fading=np.stack([decay_table(held.deterrence.weekly_decay.value, 256) for held in worlds]),
            settling=np.stack([decay_table(held.norms.household_weekly_decay.value, 16) for held in worlds]),
            nature=np.array(NATURE, np.uint8),
            whisper=whispers(plan),
        )
    except ValueError as error:
        raise InputError(f"assumptions {first.id}: an acceptance would be above 1 ({error})") from None
    return Envelope(tables, Fraction(capped, CELLS * CLASSES))


def _same_ranges(plan: Plan) -> None:
    first = plan.worlds[0].assumptions
    shape = {path: item.range for path, item in first.values().items()}
    for world in plan.worlds[1:]:
        if {path: item.range for path, item in world.assumptions.values().items()} != shape:
            raise InputError("worlds of one pass need assumptions with the same ranges: candidates are drawn from them")


def _growth(held: Assumptions, family: str) -> Fraction:
    """N * K of a family: how far norms and calendar can raise its rates."""
    norms = held.norms
    parts = (norms.household, norms.workplace, norms.district) if held.families[family].norms else ()
    growth = _season_top(held, family)
    for part in parts:
        growth *= 1 + exact(part.high)
    return growth


def _season_top(held: Assumptions, family: str) -> Fraction:
    tops = [exact(season.factor.high) for season in held.calendar.values() if family in season.families]
    return max([Fraction(1), *tops])


def _upper_rates(held: Assumptions) -> list[list[Fraction]]:
    """U(b, c) per word and cell."""
    products = {name: over_cells(profile, upper=True) for name, profile in held.profiles.items()}
    rows = []
    for name in PERSON_WORDS:
        conduct = held.conduct[name]
        rate = exact(conduct.rate.high) / 365 * _growth(held, conduct.family)
        rate *= _jobless_top(held) if conduct.family == MONEY else 1
        rate *= 1 + exact(held.adaptation.gaming.high) if CONDUCT[name].kind == "virtue" else 1
        rows.append([rate * product for product in products[conduct.profile]])
    return rows


def integers_of(rates: list[list[Fraction]]) -> tuple[list[list[int]], int]:
    """Bring all rates to one denominator: numerators and the denominator."""
    scale = lcm(*{rate.denominator for row in rates for rate in row})
    return [[rate.numerator * (scale // rate.denominator) for rate in row] for row in rates], scale


def _thresholds(scaled: list[list[int]], scale: int, trait: list[Fraction]) -> tuple[NDArray[np.uint32], int]:
    table, capped = np.zeros(CELLS * CLASSES, np.uint32), 0
    for cell in range(CELLS):
        total = sum(row[cell] for row in scaled)
        for q, upper in enumerate(trait):
            bound = ONE32 * total * upper.numerator // (scale * upper.denominator)
            capped += bound > HIGHEST
            table[cell * CLASSES + q] = min(bound, HIGHEST)
    return table, capped


def ends_of(scaled: list[list[int]]) -> NDArray[np.uint32]:
    """Cumulative envelope by word (or service), [cell, word]; 2^32 is written 2^32 - 1."""
    table = np.full((CELLS, len(scaled)), ONE32 - 1, np.uint32)
    for cell in range(CELLS):
        weights = [row[cell] for row in scaled]
        total, running = sum(weights), 0
        for word, weight in enumerate(weights):
            running += weight
            table[cell, word] = min(ONE32 * running // total, ONE32 - 1) if total else ONE32 - 1
    return table


def _guide(ends: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """First word to try for each top byte of a draw, [cell, 256]."""
    starts = (np.arange(256, dtype=np.uint64) << np.uint64(24)).astype(np.uint32)
    rows = [np.minimum(np.searchsorted(row, starts, side="right"), np.searchsorted(row, ONE32 - 1)) for row in ends]
    return np.array(rows, np.uint8)


def _ratios(worlds: list[Assumptions]) -> NDArray[np.uint32]:
    """Values over upper ends, [cell, word, set of assumptions], 32-bit; where nothing can happen, 0."""
    table = np.zeros((CELLS, WORDS, len(worlds)), np.uint32)
    for number, held in enumerate(worlds):
        parts = {name: list(_profile_ratios(profile)) for name, profile in held.profiles.items()}
        for word, name in enumerate(PERSON_WORDS):
            conduct = held.conduct[name]
            share = exact(conduct.rate.value) / exact(conduct.rate.high) if conduct.rate.high else Fraction(0)
            for cell, part in enumerate(parts[conduct.profile]):
                table[cell, word, number] = _s32(share, part)
    return table


def _s32(share: Fraction, part: Fraction) -> int:
    above, below = share.numerator * part.numerator, share.denominator * part.denominator
    if above > below:
        raise ValueError("a value lies above the upper end of its range")
    return min(round_even(above * ONE32, below), ONE32 - 1)


def round_even(above: int, below: int) -> int:
    """Round above / below half to even, without building a fraction."""
    whole, rest = divmod(above, below)
    return whole + (2 * rest > below or (2 * rest == below and whole & 1))


def _profile_ratios(profile: Profile) -> Iterator[Fraction]:
    for value, upper in zip(over_cells(profile, upper=False), over_cells(profile, upper=True), strict=True):
        yield value / upper if upper else Fraction(0)


def _trait(worlds: list[Assumptions], quantiles: list[Fraction], upper: list[Fraction]) -> NDArray[np.uint32]:
    rows = [[trait_value(z, exact(held.trait.sigma.value)) for z in quantiles] for held in worlds]
    shares = [[share16(min(value / top, Fraction(1))) for value, top in zip(row, upper, strict=True)] for row in rows]
    return np.array(shares, np.uint32)


def _calendar(plan: Plan) -> NDArray[np.uint32]:
    """What seasons leave of each family, [world, family, day]."""
    table = np.full((len(plan.worlds), FAMILIES, plan.days), 65536, np.uint32)
    for number, world in enumerate(plan.worlds):
        held = world.assumptions
        for family, name in enumerate(held.families):
            top = _season_top(held, name)
            for day in range(plan.days) if held.calendar else ():
                table[number, family, day] = share16(_season(held, name, plan, day) / top)
            if not held.calendar:
                table[number, family] = share16(1 / top)
    return table


def _season(held: Assumptions, family: str, plan: Plan, day: int) -> Fraction:
    factor, today = Fraction(1), plan.date(day)
    for season in held.calendar.values():
        if family in season.families and season.starts_on <= today < season.ends_before:
            factor *= exact(season.factor.value)
    return factor


def _norm(worlds: list[Assumptions], name: str) -> NDArray[np.uint32]:
    """(1 + strength * level / 15) over its upper end, [world, family, level]; 1 for families without norms."""
    table = np.full((len(worlds), FAMILIES, 16), 65536, np.uint32)
    for number, held in enumerate(worlds):
        strength = getattr(held.norms, name)
        for family, part in enumerate(held.families.values()):
            if part.norms:
                shares = [(1 + exact(strength.value) * level / 15) / (1 + exact(strength.high)) for level in range(16)]
                table[number, family] = [share16(share) for share in shares]
    return table


def _near(worlds: list[Assumptions]) -> NDArray[np.int64]:
    """Steps of deterrence that a workplace of the highest level adds, [world, family]."""
    table = np.zeros((len(worlds), FAMILIES), np.int64)
    for number, held in enumerate(worlds):
        steps = [round(exact(part.workplace_step.value)) for part in held.families.values()]
        table[number, : len(steps)] = steps
    return table


def _deeds(worlds: list[Assumptions]) -> NDArray[np.int64]:
    """1 + gaming of good deeds that earn points, 1 - crowding of others, over the upper end, [world, 3]."""
    rows = []
    for held in worlds:
        part, top = held.adaptation, 1 + exact(held.adaptation.gaming.high)
        factors = (Fraction(1), 1 + exact(part.gaming.value), 1 - exact(part.crowding.value))
        rows.append([share16(factor / top) for factor in factors])
    return np.array(rows, np.int64)


def _jobless_top(held: Assumptions) -> Fraction:
    return max(Fraction(1), exact(held.work.jobless.high))


def _jobless(worlds: list[Assumptions]) -> NDArray[np.int64]:
    """What having work, or having lost it, leaves of what is about money, over the upper end, [world, family, 2]."""
    table = np.full((len(worlds), FAMILIES, 2), 65536, np.int64)
    for number, held in enumerate(worlds):
        for family, name in enumerate(held.families):
            if name == MONEY:
                factors = (Fraction(1), exact(held.work.jobless.value))
                table[number, family] = [share16(factor / _jobless_top(held)) for factor in factors]
    return table


def _fear(worlds: list[Assumptions]) -> NDArray[np.uint32]:
    """exp(-deterrence * step), [world, family, D >> 4]."""
    table = np.full((len(worlds), FAMILIES, 16), 65536, np.uint32)
    for number, held in enumerate(worlds):
        for family, part in enumerate(held.families.values()):
            strength = exact(part.deterrence.value)
            table[number, family] = [share16(exponential(-strength * step)) for step in range(16)]
    return table
