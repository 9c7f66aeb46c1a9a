"""Every headline against numbers worked out by hand, and what is said where there is no number."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.report import made
from tests.report.renew import told_of

from vitropolis.policy.triggers import Price
from vitropolis.policy.values import Step, Value
from vitropolis.report import HEADLINES, METHODS, Totals, found, headlines, values
from vitropolis.report.disparity import Rate, extremes, rates
from vitropolis.report.exits import NOT_REACHED, median_days, still_on
from vitropolis.report.question import mean, ratio
from vitropolis.report.rules import Rules
from vitropolis.results.lists import STAY

GOLDEN = Path(__file__).with_name("headlines.txt")


@pytest.fixture(scope="module")
def held() -> Totals:
    return made.totals(made.setup_of())


def test_every_headline_has_its_number() -> None:
    """`headlines.txt` holds what must come out: id, value, numerator, denominator, status, value of the twin."""
    mine = headlines(made.totals(made.setup_of()), 0)
    assert told_of(mine) == GOLDEN.read_text(encoding="utf8").splitlines()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("hit_per_1000", 1000 * 720 / 12_000),
        ("hit_now_per_1000", 1000 * (600 + 60) / 12_000),
        ("wrongly_hit_per_1000", 1000 * 144 / 12_000),
        ("wrongly_hit_own_per_1000", 1000 * 120 / 12_000),
        ("wrongly_hit_through_others_per_1000", 1000 * (144 - 120) / 12_000),
        ("wrongly_hit_per_wrong_record", 144 / (24 + 36)),
        ("share_wrong_fact_first", 120 / 600),
        ("share_protected_second", 420 / 600),
        ("share_through_others", 120 / 720),
        ("learnt_by_refusal", 300 / 600),
        ("not_learnt", 240 / 600),
        ("appeal_wait_days", 15),
        ("others_per_person_hit", 120 / 600),
        ("children_among_others", 0.1),
        ("doors_10_per_1000", 1000 * 402 / 12_000),
        ("refusals_per_1000", 150),
        ("lost_access_days", 15_000 / 12_000),
        ("harmful_acts_avoided", 1000 * (1349 - 1080) / 20_000),
        ("harmful_records_fewer", 1000 * 300 / 20_000),
        ("harmful_acts_avoided_per_wrongly_hit", (1349 - 1080) / 144),
        ("wrong_upheld", 11 / 34),
        ("staff_days", 90 / 0.76),
        ("wrong_fact_chance", 120 / (12_000 - 300)),
        ("days_until_out", 10),
        ("ratio_hit_district", 480 / 13 / (240 / 7)),
    ],
)  # fmt: skip
def test_by_hand(held: Totals, name: str, expected: float) -> None:
    assert found(held, 0, name).value == pytest.approx(expected, rel=1e-12)


def test_values_are_those_of_the_records_in_the_same_order(held: Totals) -> None:
    assert values(held, 0) == {each.id: each.value for each in headlines(held, 0)}
    assert tuple(values(held, 0)) == HEADLINES
    assert len(set(HEADLINES)) == len(HEADLINES)


def test_every_headline_says_how_it_is_counted(held: Totals) -> None:
    mine = headlines(held, 0)
    assert {each.method_id for each in mine} <= set(METHODS)
    assert not [each.title for each in mine if "{" in each.title]


def test_of_speech_nothing_is_asked_by_group_and_nothing_for_each_removal() -> None:
    assert not [name for name in HEADLINES if "opinion" in name or "per_removal" in name or "per_account" in name]
    assert not [name for name in HEADLINES if name.startswith("ratio_") and "speech" in name]


def test_what_a_run_does_not_count_is_absent_not_zero() -> None:
    told = found(made.totals(made.setup_of(), without=("refusals", "ever_wrongly")), 0, "refusals_per_1000")
    assert (told.value, told.status) == (None, "not counted in this run")


def test_without_a_twin_nothing_is_bought_and_nothing_compared() -> None:
    alone = made.totals(made.setup_of(twin=False))
    assert found(alone, 0, "harmful_acts_avoided").status == "not computed: the run has no twin"
    assert {each.twin_value for each in headlines(alone, 0)} == {None}


def test_a_denominator_of_0_is_said(held: Totals) -> None:
    told = found(held, 1, "others_per_person_hit")
    assert (told.value, told.numerator, told.denominator, told.status) == (None, 0, 0, "undefined: denominator 0")


def test_a_handful_is_marked(held: Totals) -> None:
    assert found(held, 0, "wrong_upheld").status.startswith("few: ")
    assert found(held, 0, "hit_per_1000").status == "measured"


@pytest.mark.parametrize(
    ("top", "bottom", "marked"),
    [(0, 19, True), (19, 19, True), (0, 20, False), (1, 2000, True), (19, 2000, True), (20, 20, False), (-3, 99, True)],
)
def test_few_are_few_above_or_below_the_line(top: int, bottom: int, marked: bool) -> None:
    assert ratio(top, bottom).status.startswith("few: ") == marked


def test_a_mean_of_days_rests_on_those_who_waited() -> None:
    assert mean(12, 40).status == "measured"
    assert mean(1350, 19).status.startswith("few: ")
    assert mean(0, 0).value is None


def stays(lasted: list[int], days: int) -> np.ndarray[tuple[int], np.dtype[np.void]]:
    """Listings from day 0 that last so long; those beyond the horizon still run."""
    rows = np.zeros(len(lasted), STAY)
    rows["day_out"] = [each if each < days else -1 for each in lasted]
    return rows


def test_survival_of_exits_with_one_daily_chance_is_geometric() -> None:
    """With a share q leaving each day the curve is (1 - q)^t, whatever is cut off at the horizon."""
    lasted, left = [], 2**14
    for day in range(1, 15):
        lasted += [day] * (left // 2)
        left //= 2
    rows = stays([*lasted, *[99] * left], 8)
    curve = still_on(rows, 8)
    assert curve[:8] == pytest.approx([0.5**day for day in range(8)])
    assert median_days(rows, 8) == 1


def test_censored_listings_leave_the_risk_set_and_do_not_count_as_exits() -> None:
    rows = stays([4, 4, 99, 99], 10)
    rows["day_in"] = [0, 0, 0, 7]  # the last is seen for three days only
    assert still_on(rows, 10)[4] == pytest.approx(1 / 3)
    rows["day_out"][:2] = -1
    assert median_days(rows, 10) is None


@pytest.mark.parametrize("count", [6, 24, 98, 1000, 4097])
def test_a_median_on_the_very_half_is_exact(count: int) -> None:
    """One of `2 count` leaves every day until half are gone; products of rounded shares would miss that day."""
    rows = stays([*range(1, count + 1), *[5000] * count], 6000)
    assert median_days(rows, 6000) == count
    assert still_on(rows, 6000)[[count, 4999, 5000]].tolist() == [0.5, 0.5, 0.0]


def test_twelve_of_twenty_four_in_twelve_days() -> None:
    assert median_days(stays([*range(1, 13), *[700] * 12], 1000), 1000) == 12


def test_a_median_with_listings_cut_off_is_exact() -> None:
    """Of 4, one is out on day 1; one is last seen then; of the 2 others one is out on day 2: 3/4 * 1/2."""
    rows = stays([1, 2, 9, 99], 10)
    rows["day_in"][3], rows["day_out"][3] = 9, -1
    assert still_on(rows, 10)[:3].tolist() == [1.0, 0.75, 0.375]
    assert median_days(rows, 10) == 2


def test_a_median_that_is_not_reached_says_so() -> None:
    setup = made.setup_of()
    rows = made.stays(setup)
    rows["day_out"][2:] = -1
    held = made.totals(setup)
    other = Totals(setup.plan, 20_000, held.names, held.held, held.districts, rows, {})
    assert found(other, 0, "days_until_out").status == NOT_REACHED
    assert found(held, 1, "days_until_out").status == "undefined: no listing began"


def test_a_disparity_compares_groups_large_enough() -> None:
    high, low, tiny = Rate("a", 300, 1000), Rate("b", 50, 1000), Rate("c", 9, 10)
    assert extremes([low, tiny, high]) == (high, low)
    assert extremes([tiny, high]) is None
    assert Rate("d", 0, 0).per_1000 is None


def test_rates_name_every_group_of_an_axis(held: Totals) -> None:
    assert [rate.label for rate in rates(held, 0, "district", "hit")] == ["east", "west"]
    assert [rate.label for rate in rates(held, 0, "sex", "wrongly")] == ["female", "male"]
    assert rates(held, 0, "sex", "hit")[1] == Rate("male", 432, 12_000)


def test_a_disparity_without_people_in_the_lowest_group_is_undefined() -> None:
    setup = made.setup_of()
    held = made.totals(setup)
    kept = held.held("ever_wrongly")
    none_in_the_west = kept.last.copy()
    none_in_the_west[:, 1] = 0
    fake = replace(kept, last=none_in_the_west)
    other = Totals(setup.plan, 20_000, held.names, lambda name: fake if name == "ever_wrongly" else held.held(name),
                   held.districts, made.stays(setup), {})  # fmt: skip
    told = found(other, 0, "ratio_wrongly_district")
    assert (told.value, told.status) == (None, "undefined: nobody is wrongly hit in the group west")


def test_rules_that_made_a_number_stand_beside_it_with_their_lines() -> None:
    fired = {"beijing-2018-press": {
        "measures.no_flights": {"times": 9, "residents": 4}, "lists.untrustworthy": {"times": 12, "residents": 4},
        "lists.trustworthy": {"times": 80, "residents": 70}, "measures.transit_discount": {"times": 7, "residents": 7},
        "behaviours.online_criticism": {"times": 99, "residents": 50}, "behaviours.theft": {"times": 5, "residents": 5},
        "procedure.appeal": {"times": 3, "residents": None},
        "measures.no_star_hotel": {"times": 0, "residents": 0}, "spillover.child_school": {"times": 1, "residents": 1},
    }}  # fmt: skip
    setup = made.setup_of()
    mine = {each.id: each for each in headlines(made.totals(setup, fired), 0)}
    hit = ("lists.untrustworthy", "measures.no_flights", "spillover.child_school")
    assert mine["hit_per_1000"].rule_ids == mine["ratio_wrongly_sex"].rule_ids == hit
    assert mine["share_breach_first"].rule_ids == hit[:2]
    assert mine["harmful_acts_avoided"].rule_ids == ("lists.untrustworthy", "behaviours.theft")
    assert mine["others_per_person_hit"].rule_ids == ("spillover.child_school",)
    assert mine["appeals_waiting"].rule_ids == ("procedure.appeal",)
    assert not [each.id for each in mine.values() if "behaviours.online_criticism" in each.rule_ids]
    line = setup.policies[0].source.line_of("lists.untrustworthy")
    assert mine["hit_per_1000"].lines[0].endswith(f"beijing-2018-press.policy.yaml:{line}")


def test_a_measure_that_punished_for_a_while_made_the_number_too() -> None:
    """A price that is raised in the second week and as usual in the third is a sanction of the run."""
    setup = made.setup_of()
    world, policy = setup.plan.worlds[0], setup.policies[0]
    dates = [setup.plan.date(day) for day in (0, 7, 14)]
    steps = tuple(Step(factor, since) for factor, since in zip((1.0, 2.0, 1.0), dates, strict=True))
    dear = policy.measures["no_flights"].model_copy(
        update={"action": Price.model_construct(kind="price", factor=Value(steps))}
    )
    other = policy.model_copy(update={"measures": {**policy.measures, "no_flights": dear}})
    plan = replace(setup.plan, worlds=(replace(world, policy=other), *setup.plan.worlds[1:]))
    held = made.totals(setup)
    fired = {world.name: {"measures.no_flights": {"times": 9, "residents": 4}}}
    totals = Totals(plan, 20_000, held.names, held.held, held.districts, made.stays(setup), fired)
    assert Rules(totals, 0).of(("measures",)) == ("measures.no_flights",)
