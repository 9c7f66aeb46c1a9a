"""What the default numbers add up to for a simple mix of people like the city's: how much is done, seen and looked at.

The mix is this file's own and rough (age, and education by whether one is a child; sex, registration and income fifths
crossed as if unrelated), so that the bounds do not move with the city. `python -m tests.model.test_assumptions_totals`
prints the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from math import exp
from statistics import NormalDist

import pytest

from vitropolis.model.assumption_parts import Assumption, Profile
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.policy.conduct import CONDUCT, PERSON_WORDS

DEFAULT = load_assumptions("default")

AGE = (0.118, 0.095, 0.205, 0.180, 0.206, 0.063, 0.133)  # from 0, 15, 25, 35, 45, 60, 65; census of 2020, refined
EDUCATION = ((0.50, 0.42, 0.08, 0.0, 0.0), (0.012, 0.060, 0.250, 0.195, 0.483))  # children; everybody else
SEX = (0.489, 0.511)
REGISTRATION = (0.615, 0.385)
FIFTH = 0.2

# Where a policy like the press's would take each word from; not named: a verified record.
SOURCES = {
    "final_decision": "judgment_unpaid_able judgment_unpaid_unable enforcement_obstructed assets_concealed "
    "asset_report_breach spending_order_breach settlement_broken traffic_minor drunk_driving tax_late tax_evasion "
    "illegal_building fine_unpaid public_order_offence theft assault false_goods_sold unlicensed_trading littering",
    "informant": "parents_neglected neighbour_dispute waste_dumping tourist_misconduct online_criticism online_rumour "
    "assembly_unapproved political_study_absent political_study_done party_warning unregistered_worship",
}
PROVENANCE = {word: kind for kind, words in SOURCES.items() for word in words.split()}

Cell = tuple[int, int, int, int, int]


def cells() -> Iterator[tuple[Cell, float]]:
    """Every cell with its share of the residents."""
    for cell in product(range(7), range(2), range(2), range(5), range(5)):
        age, sex, registration, education, _ = cell
        yield cell, AGE[age] * SEX[sex] * REGISTRATION[registration] * EDUCATION[age > 0][education] * FIFTH


def factors(profile: Profile, cell: Cell) -> tuple[float, ...]:
    axes = (profile.age, profile.sex, profile.registration, profile.education, profile.income)
    return tuple(axis[place] for axis, place in zip(axes, cell, strict=True))


def effect(profile: Profile, cell: Cell, *, upper: bool) -> float:
    """Product of the factors at the strength's value, or of their upper ends."""
    total = 1.0
    for factor in factors(profile, cell):
        strength = profile.strength
        stretch = (strength.high if factor > 1 else strength.low) if upper else strength.value
        total *= max(0.0, 1 + stretch * (factor - 1)) if factor else 0.0
    return total


def mean_effect(profile: Profile, *, upper: bool) -> float:
    return sum(share * effect(profile, cell, upper=upper) for cell, share in cells())


def trait_margin(sigma: Assumption) -> float:
    """Mean of the largest trait factor over the 64 classes."""
    classes = [NormalDist().inv_cdf((2 * q + 1) / 128) for q in range(64)]
    worst = [min(max(z, sigma.low), sigma.high) for z in classes]
    return sum(exp(s * z - s * s / 2) for s, z in zip(worst, classes, strict=True)) / 64


def norm_margin(given: Assumptions, word: str) -> float:
    norms = given.norms
    if not given.families[given.conduct[word].family].norms:
        return 1.0
    return (1 + norms.household.high) * (1 + norms.workplace.high) * (1 + norms.district.high)


def acts(given: Assumptions) -> dict[str, float]:
    """Acts a resident and year, by word."""
    mean = {name: mean_effect(profile, upper=False) for name, profile in given.profiles.items()}
    return {word: conduct.rate.value * mean[conduct.profile] for word, conduct in given.conduct.items()}


def looks(given: Assumptions) -> dict[str, float]:
    """Candidates a resident and year, by word."""
    mean = {name: mean_effect(profile, upper=True) for name, profile in given.profiles.items()}
    margin = trait_margin(given.trait.sigma)
    return {
        word: conduct.rate.high * mean[conduct.profile] * norm_margin(given, word) * margin
        for word, conduct in given.conduct.items()
    }


def seen(given: Assumptions, word: str) -> float:
    kind = given.recording.provenance[PROVENANCE.get(word, "verified_record")]
    return float(given.conduct[word].visibility.value * kind.completeness.value)


def test_the_mix_adds_up_to_everybody() -> None:
    assert sum(share for _, share in cells()) == pytest.approx(1, abs=0.002)
    assert set(PROVENANCE) <= set(PERSON_WORDS)


def test_acts_records_and_candidates_stay_within_what_a_run_is_built_for() -> None:
    done, looked = acts(DEFAULT), looks(DEFAULT)
    records = {word: count * seen(DEFAULT, word) for word, count in done.items()}
    assert 3.5 <= sum(done.values()) <= 4.5
    assert 1.8 <= sum(records.values()) <= 2.5
    assert sum(looked.values()) / 365 <= 0.026
    adverse = sum(count for word, count in records.items() if CONDUCT[word].gravity >= 1)
    assert 0.4 <= adverse <= 1.2


def test_the_envelope_is_at_most_about_twice_what_happens() -> None:
    done, looked = acts(DEFAULT), looks(DEFAULT)
    assert {word: looked[word] / done[word] for word in done if looked[word] > 2.3 * done[word]} == {}
    assert sum(looked.values()) < 2 * sum(done.values())


def test_grave_acts_are_rare() -> None:
    done = acts(DEFAULT)
    assert sum(count for word, count in done.items() if CONDUCT[word].gravity >= 3) < 0.03
    assert sum(done[word] for word in ("judgment_unpaid_able", "judgment_unpaid_unable")) == pytest.approx(
        0.0049, rel=0.1
    )


def test_court_entries_an_adult_and_year_are_of_the_published_order() -> None:
    words = ("judgment_unpaid_able", "judgment_unpaid_unable")
    entries = sum(acts(DEFAULT)[word] * seen(DEFAULT, word) for word in words) / (1 - AGE[0])
    assert 0.002 <= entries <= 0.0035


def test_court_debts_settle_first_fast_and_then_slowly() -> None:
    """About 20 % within four months, then about 0.2 a year of what is outstanding."""
    outstanding = {day: unsettled(DEFAULT, day) for day in (0, 122, 122 + 365)}
    assert 0.16 <= 1 - outstanding[122] / outstanding[0] <= 0.24
    assert 0.15 <= 1 - outstanding[487] / outstanding[122] <= 0.25


def unsettled(given: Assumptions, day: int) -> float:
    """Court debts a resident and year that are open so many days later."""
    total = 0.0
    for word in ("judgment_unpaid_able", "judgment_unpaid_unable"):
        conduct = given.conduct[word]
        profile, debt = given.profiles[conduct.profile], given.debts[str(conduct.debt)]
        for cell, share in cells():
            weight = conduct.rate.value * share * effect(profile, cell, upper=False)
            total += weight * (1.0 if debt.payer == "cannot" else open_share(given, cell[4], debt.speed.value, day))
    return total


def open_share(given: Assumptions, fifth: int, speed: float, day: int) -> float:
    payers = given.payers
    fast, slow = payers.fast.fifths()[fifth].value, payers.slow.fifths()[fifth].value
    left = [(1 - min(1.0, chance.value * speed)) ** day for chance in (payers.daily.fast, payers.daily.slow)]
    return 1 - fast - slow + fast * left[0] + slow * left[1]


def test_children_do_next_to_nothing_that_counts_against_anybody() -> None:
    open_to_children = {
        word for word, conduct in DEFAULT.conduct.items() if DEFAULT.profiles[conduct.profile].age[0] > 0
    }
    assert all(CONDUCT[word].gravity == 0 for word in open_to_children)


def test_the_districts_mean_is_about_one() -> None:
    looked_at = [item.value for item in DEFAULT.recording.intensity.values()]
    assert len(looked_at) == 16
    assert sum(looked_at) / len(looked_at) == pytest.approx(1, abs=0.05)


def main() -> None:
    """Print what each word adds."""
    done, looked = acts(DEFAULT), looks(DEFAULT)
    lines = [f"{'':<32}{'acts':>9}{'seen':>7}{'records':>9}{'envelope':>10}"]
    for word, count in done.items():
        share = seen(DEFAULT, word)
        lines.append(f"{word:<32}{count:>9.4f}{share:>7.2f}{count * share:>9.4f}{looked[word] / count:>10.2f}")
    records = sum(count * seen(DEFAULT, word) for word, count in done.items())
    candidates = sum(looked.values())
    total = sum(done.values())
    lines.append(f"{'a resident and year':<32}{total:>9.3f}{'':>7}{records:>9.3f}{candidates / total:>10.2f}")
    lines.append(f"candidates: {candidates / 365:.3%} of resident-days")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
