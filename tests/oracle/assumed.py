"""One set of assumption values as exact fractions, in the shape in which docs/mechanisms.md speaks of them."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cached_property
from math import prod

from tests.oracle.chances import exact, nearest

from vitropolis.model.assumption_parts import Assumption, Conduct, Family, Profile, Season
from vitropolis.model.assumptions import Assumptions
from vitropolis.policy.words import CONDUCT, PERSON_WORDS

WENT_WRONG = ("lost", "by_name_alone", "wrong_content", "duplicate", "stale")
ONE = Fraction(1)
Classes = tuple[int, int, int, int, int]  # places of age, sex, registration, education, income


def value(item: Assumption) -> Fraction:
    return exact(item.value)


def low(item: Assumption) -> Fraction:
    return exact(item.low)


def high(item: Assumption) -> Fraction:
    return exact(item.high)


def eff(factor: Fraction, strength: Fraction) -> Fraction:
    return Fraction(0) if factor == 0 else max(Fraction(0), 1 + strength * (factor - 1))


def _effect(profile: Profile, factor: Fraction, bound: bool) -> Fraction:
    strength = profile.strength
    if not bound:
        return eff(factor, value(strength))
    return eff(factor, high(strength) if factor > 1 else low(strength))


class Assumed:
    """Words, families and districts by their place."""

    def __init__(self, content: Assumptions) -> None:
        self.content = content
        self.words: list[Conduct] = [content.conduct[word] for word in PERSON_WORDS]
        self.families: list[Family] = list(content.families.values())
        names = list(content.families)
        self.family_of = [names.index(word.family) for word in self.words]
        self._stretched: dict[tuple[str, bool], list[list[Fraction]]] = {}
        self._products: dict[tuple[str, Classes, bool], Fraction] = {}
        self.adverse = [CONDUCT[word].gravity >= 1 for word in PERSON_WORDS]

    # conduct

    def profile_product(self, word: int, classes: Classes, bound: bool = False) -> Fraction:
        """How much more often a group does it than others; with `bound`, the most that the strength's range allows."""
        return self.product_of(self.words[word].profile, classes, bound)

    def product_of(self, profile: str, classes: Classes, bound: bool = False) -> Fraction:
        key = (profile, classes, bound)
        if key not in self._products:
            effects = self._effects(profile, bound)
            self._products[key] = prod((axis[place] for axis, place in zip(effects, classes, strict=True)), start=ONE)
        return self._products[key]

    def _effects(self, name: str, bound: bool) -> list[list[Fraction]]:
        if (name, bound) not in self._stretched:
            profile = self.content.profiles[name]
            axes = (profile.age, profile.sex, profile.registration, profile.education, profile.income)
            self._stretched[name, bound] = [[_effect(profile, exact(f), bound) for f in factors] for factors in axes]
        return self._stretched[name, bound]

    def daily_rate(self, word: int, classes: Classes) -> Fraction:
        return value(self.words[word].rate) / 365 * self.profile_product(word, classes)

    def daily_rate_bound(self, word: int, classes: Classes) -> Fraction:
        """The largest `daily_rate` that the declared ranges allow."""
        return high(self.words[word].rate) / 365 * self.profile_product(word, classes, bound=True)

    def norms_bound(self, word: int) -> Fraction:
        norms = self.content.norms
        if not self.families[self.family_of[word]].norms:
            return Fraction(1)
        return (1 + high(norms.household)) * (1 + high(norms.workplace)) * (1 + high(norms.district))

    def calendar_bound(self, family: int) -> Fraction:
        return max([Fraction(1), *(high(season.factor) for season in self._seasons(family))])

    def calendar(self, family: int, today: date) -> Fraction:
        product = Fraction(1)
        for season in self._seasons(family):
            if season.starts_on <= today < season.ends_before:
                product *= value(season.factor)
        return product

    def _seasons(self, family: int) -> list[Season]:
        name = list(self.content.families)[family]
        return [season for season in self.content.calendar.values() if name in season.families]

    # needs

    def need(self, service: str, classes: Classes) -> Fraction:
        """Needs a day."""
        item = self.content.services.demand[service]
        return value(item.rate) / 365 * self.product_of(item.profile, classes)

    def need_bound(self, service: str, classes: Classes) -> Fraction:
        """The largest `need` that the declared ranges allow."""
        item = self.content.services.demand[service]
        return high(item.rate) / 365 * self.product_of(item.profile, classes, bound=True)

    def needs_season_bound(self, service: str) -> Fraction:
        seasons = self.content.services.seasons.values()
        return max([ONE, *(high(season.factor) for season in seasons if service in season.services)])

    def needs_season(self, service: str, today: date) -> Fraction:
        found = [each for each in self.content.services.seasons.values() if service in each.services]
        return prod((value(each.factor) for each in found if each.starts_on <= today < each.ends_before), start=ONE)

    def reach(self, relation: str) -> Fraction:
        """The share of relations that the registers know."""
        return value(self.content.spillover.reach[relation])

    # recording

    def errors(self, feed: str, provenance: str, linkage_key: str | None) -> dict[str, Fraction]:
        """By name of the error (and completeness, delay_mean_days): the feed's own, else its kind's and its key's."""
        recording = self.content.recording
        usual = recording.provenance[provenance]
        own = recording.feeds.get(feed)
        found = {}
        for name in (*WENT_WRONG, "completeness", "delay_mean_days", "invented"):
            known = getattr(own, name) if own else None
            if known is None and name == "by_name_alone":
                known = recording.linkage[linkage_key or "unknown"].by_name_alone
            found[name] = value(getattr(usual, name) if known is None else known)
        return found

    def intensity(self, feed: str, district: str) -> Fraction:
        own = self.content.recording.feeds.get(feed)
        if own and own.intensity is not None:
            return value(own.intensity)
        usual = self.content.recording.intensity.get(district)
        return Fraction(1) if usual is None else value(usual)

    # debts

    @cached_property
    def payer_shares(self) -> list[tuple[Fraction, Fraction]]:
        """Fast and slow payers by income fifth."""
        payers = self.content.payers
        fifths = ("lowest", "second", "middle", "fourth", "highest")
        return [(value(getattr(payers.fast, fifth)), value(getattr(payers.slow, fifth))) for fifth in fifths]

    def settling_hazard(self, debt: str | None, payer: str) -> Fraction:
        if debt is None or payer == "cannot":
            return Fraction(0)
        daily = getattr(self.content.payers.daily, payer)
        return min(Fraction(1), value(daily) * value(self.content.debts[debt].speed))

    # steps

    def law_step(self, family: int) -> int:
        return nearest(value(self.families[family].law_step))

    def policy_step(self, family: int) -> int:
        return nearest(value(self.families[family].policy_step))

    def household_step(self, family: int) -> int:
        return nearest(value(self.families[family].household_step))

    def workplace_step(self, family: int) -> int:
        return nearest(value(self.families[family].workplace_step))

    def gaming_bound(self, word: int) -> Fraction:
        """K_game: how much more often a good deed can be done."""
        return 1 + high(self.content.adaptation.gaming) if CONDUCT[PERSON_WORDS[word]].kind == "virtue" else ONE

    def is_money(self, word: int) -> bool:
        """Whether somebody without work does it more often."""
        return list(self.content.families)[self.family_of[word]] == "money"

    def jobless_bound(self, word: int) -> Fraction:
        """K_job: how much more often somebody without work can do it."""
        return max(ONE, high(self.content.work.jobless)) if self.is_money(word) else ONE

    @cached_property
    def listing_step(self) -> int:
        return nearest(value(self.content.deterrence.listing_step))

    @cached_property
    def district_reference(self) -> int:
        return max(1, nearest(value(self.content.norms.district_reference)))

    @cached_property
    def workplace_reference(self) -> int:
        return max(1, nearest(value(self.content.norms.workplace_reference)))
