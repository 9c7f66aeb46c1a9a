"""What the default numbers on services and redress add up to, and the published numbers they are tied to.

The mix of people is that of `test_assumptions_totals`. `python -m tests.model.test_needs_and_redress` prints the table.
"""

from __future__ import annotations

from datetime import date
from statistics import mean

import pytest
from tests.model.test_assumptions_totals import AGE, Cell, cells, effect, mean_effect

from vitropolis.base.fixed import geometric_quantiles
from vitropolis.model.assumptions import load_assumptions

DEFAULT = load_assumptions("default")
DEMAND = DEFAULT.services.demand
MIDDLE: Cell = (3, 1, 0, 3, 2)  # 35 to 44, male, local, senior secondary school, middle income fifth
DEBTORS = ("judgment_unpaid_able", "judgment_unpaid_unable")


def needs(cell: Cell) -> float:
    """Needs a year of somebody in a group."""
    return sum(need.rate.value * effect(DEFAULT.profiles[need.profile], cell, upper=False) for need in DEMAND.values())


def needs_of_all(service: str) -> float:
    """Needs a resident and year."""
    need = DEMAND[service]
    return need.rate.value * mean_effect(DEFAULT.profiles[need.profile], upper=False)


def needs_of_debtors(service: str) -> float:
    """Needs a year of somebody with an entry of the court's: groups weighted by how often they get one."""
    need = DEMAND[service]
    weights = [(share * _entries(cell), cell) for cell, share in cells()]
    found = sum(weight * effect(DEFAULT.profiles[need.profile], cell, upper=False) for weight, cell in weights)
    return need.rate.value * found / sum(weight for weight, _ in weights)


def _entries(cell: Cell) -> float:
    rules = (DEFAULT.conduct[word] for word in DEBTORS)
    return sum(
        rule.rate.value * rule.visibility.value * effect(DEFAULT.profiles[rule.profile], cell, upper=False)
        for rule in rules
    )


def tries(value: float) -> float:
    """Mean requests for one need, as a run draws them: a geometric law in 256 classes, at most 60."""
    return mean(min(count, 60) for count in geometric_quantiles(1 / value, 256, 60))


def still_goes(level: int) -> float:
    """The share of needs taken to a door that was shut on so many days before."""
    learning = DEFAULT.services.learning
    return learning.floor.value + (1 - learning.floor.value) * (1 - learning.avoids.value) ** level


def test_an_adult_of_the_middle_has_a_need_every_two_or_three_weeks() -> None:
    assert 15 <= needs(MIDDLE) <= 22
    assert 15 <= needs((3, 0, 0, 3, 2)) <= 22
    adults = [(needs(cell), share) for cell, share in cells() if cell[0] > 0]
    assert 15 <= sum(found * share for found, share in adults) / (1 - AGE[0]) <= 22
    assert all(10 <= found <= 30 for found, _ in adults)


def test_children_need_little_and_never_what_only_adults_can_ask_for() -> None:
    assert max(needs(cell) for cell, _ in cells() if cell[0] == 0) < 10
    asked = {name for name, need in DEMAND.items() if DEFAULT.profiles[need.profile].age[0] > 0}
    assert {"private_school", "compulsory_school", "flights", "emergency_care"} <= asked
    assert not asked & {"consumer_loan", "credit_card", "voting", "company_post", "job_market", "property_purchase"}


def test_the_richest_fly_more_than_the_poorest_and_claim_less() -> None:
    low, high = [
        {name: effect(DEFAULT.profiles[DEMAND[name].profile], (3, 1, 0, 3, fifth), upper=False) for name in DEMAND}
        for fifth in (0, 4)
    ]
    assert high["flights"] > 3 * low["flights"]
    assert low["social_assistance"] > 3 * high["social_assistance"]


def test_tries_at_a_door_that_was_never_met_shut_are_those_of_the_first_weeks() -> None:
    """108,000 flights refused to 12,389 persons."""
    assert tries(DEFAULT.services.learning.first_tries.value) == pytest.approx(108_000 / 12_389, rel=0.02)


def test_flights_needed_in_34_days_are_of_the_order_of_those_caught() -> None:
    """12,389 persons of 203,000 entries nationwide; people in this city fly somewhat more."""
    caught = 12_389 / 203_000
    assert caught <= needs_of_debtors("flights") * 34 / 365 <= 2 * caught


def test_refusals_a_listed_year_fall_to_what_was_published_later() -> None:
    """0.5 to 1.0 flights a listed year in 2017-18, whether they have just learnt of it or met the door often."""
    later = needs_of_debtors("flights") * tries(DEFAULT.services.learning.later_tries.value)
    assert 0.5 <= later * still_goes(9) <= later * still_goes(1) <= 1.0
    assert needs_of_debtors("flights") * tries(DEFAULT.services.learning.first_tries.value) > 5.7


def test_fast_trains_are_refused_about_a_third_as_often_as_flights() -> None:
    """5.47 million against 17.46 million by the end of 2018."""
    ratio = needs_of_debtors("high_speed_rail") / needs_of_debtors("flights")
    assert ratio == pytest.approx(5.47 / 17.46, rel=0.15)


def test_doctors_are_needed_as_often_as_two_or_three_visits_a_need_would_have_it() -> None:
    """11.5 outpatient visits a resident and year in 2018."""
    assert 2 <= 11.5 / (needs_of_all("primary_care") + needs_of_all("hospital_appointment")) <= 3.5


def test_doctors_are_needed_less_in_the_pandemic_by_what_was_counted() -> None:
    """192.7 million visits in 2020, 247.5 million in 2018."""
    season = load_assumptions("covid").services.seasons["surgeries"]
    days = (season.ends_before - season.starts_on).days
    whole = (date(2021, 1, 1) - date(2020, 1, 1)).days
    assert (whole - days + days * season.factor.value) / whole == pytest.approx(192.693 / 247.525, rel=0.01)


def test_the_staff_is_that_of_one_district_court() -> None:
    """9,356 enforcement cases closed in a year, 277 a judge, 1,993,591 people by the next census."""
    redress = DEFAULT.redress
    judges = 9356 / 277
    assert redress.cases_a_staff_day.value * 365 == pytest.approx(277, rel=0.02)
    assert redress.staff_per_100k.value == pytest.approx(judges / 1_993_591 * 100_000, rel=0.1)
    assert redress.staff_per_100k.value * 19.93591 * redress.cases_a_staff_day.value * 365 == pytest.approx(
        9356, rel=0.1
    )


def test_errors_contested_by_those_who_must_prove_them_are_found_as_in_the_study_of_credit_reports() -> None:
    """399 of 572 disputed reports were modified; an authority that bears the burden finds more."""
    redress = DEFAULT.redress
    assert redress.found_wrong.person.value == pytest.approx(399 / 572, abs=0.01)
    assert redress.found_wrong.authority.value >= redress.found_wrong.person.value
    assert redress.voids_right.authority.value >= redress.voids_right.person.value


def test_no_answer_is_better_at_right_records_than_at_wrong_ones() -> None:
    redress = DEFAULT.redress
    for proof, found in redress.found_wrong.items():
        assert redress.voids_right[proof].high < found.low
    assert redress.appeals_right.value < redress.appeals_wrong.value
    assert redress.objection_false.high < redress.objection_found.low


def main() -> None:
    """Print needs a year by service: of all residents, of people with court debts, of the middle group."""
    lines = [f"{'':<24}{'all':>8}{'debtors':>9}{'middle':>8}"]
    for name, need in DEMAND.items():
        middle = need.rate.value * effect(DEFAULT.profiles[need.profile], MIDDLE, upper=False)
        lines.append(f"{name:<24}{needs_of_all(name):>8.3f}{needs_of_debtors(name):>9.3f}{middle:>8.3f}")
    lines.append(
        f"{'together':<24}{sum(map(needs_of_all, DEMAND)):>8.2f}{sum(map(needs_of_debtors, DEMAND)):>9.2f}"
        f"{needs(MIDDLE):>8.2f}"
    )
    print("\n".join(lines))


if __name__ == "__main__":
    main()
