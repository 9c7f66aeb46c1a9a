"""Dead data: exact sums against counting by hand, and the rule on policies that sit on the edge."""

from __future__ import annotations

from itertools import combinations_with_replacement, pairwise, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.lint.tiny import behaviour, case, listing, measure, score

from vitropolis.lint import sums
from vitropolis.lint.effects import Effects
from vitropolis.lint.sums import Choice, Sums, crossed, reached

MANY = 60  # records that stand for any number, where points are small and ranges narrow
STEPS = st.lists(st.integers(-7, 7), min_size=1, max_size=3, unique=True).map(tuple)
CHOICES = st.lists(st.builds(Choice, STEPS, st.sampled_from((1, 2, 3, None))), max_size=3)


def own_sums(choice: Choice) -> set[int]:
    """Every sum of records of one behaviour, by counting; those far away are left out."""
    found = layer = {0}
    for _ in range(MANY if choice.most is None else choice.most):
        layer = {total + step for total in layer for step in choice.steps if abs(total + step) <= 150}
        found = found | layer
    return found


def all_sums(choices: list[Choice]) -> set[int]:
    found = {0}
    for choice in choices:
        found = {left + right for left, right in product(found, own_sums(choice))}
    return found


@settings(max_examples=150, deadline=None)
@given(CHOICES, st.integers(-25, 25), st.integers(0, 20))
def test_sums_are_those_that_counting_finds(choices: list[Choice], low: int, width: int) -> None:
    found, by_hand = Sums.of(choices, low, low + width), all_sums(choices)
    for total in range(low, low + width + 1):
        assert found.any(total, total) == (total in by_hand)


@settings(max_examples=150, deadline=None)
@given(CHOICES, st.builds(Choice, STEPS, st.sampled_from((1, 2, None))), st.integers(-10, 10), st.integers(-20, 20))
def test_a_limit_is_crossed_if_two_sums_lie_on_either_side(
    others: list[Choice], own: Choice, start: int, limit: int
) -> None:
    pairs = product(all_sums(others), own_sums(own))
    by_hand = any((start + left < limit) != (start + left + right < limit) for left, right in pairs)
    assert (crossed(start, others, own, [(limit, limit)]) is not None) == by_hand


def test_no_cap_and_huge_numbers_need_no_memory() -> None:
    wide = [Choice((10**9,), 10**9), Choice((-(10**9) + 1,), 10**9), Choice((1,), None)]
    assert reached(0, wide, [(5, 5)]) == 0
    assert reached(0, [Choice((6,), None), Choice((-4,), None)], [(3, 3)]) is None
    assert Sums.of([Choice((6,), None), Choice((-4,), None)], 2, 2).any(2, 2)


def test_what_is_too_large_to_add_up_counts_as_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    choices = [Choice((7,), 3), Choice((-5,), 3)]
    assert not Sums.of(choices, 1, 1).any(1, 1)
    monkeypatch.setattr(sums, "MOST_BITS", 10)
    assert Sums.of(choices, 1, 1).any(1, 1)


FEW = 26  # the same for a range of 20 points, which the score leaves at once
POINTS = st.integers(-6, 6).filter(bool)


@st.composite
def small_policies(draw: st.DrawFn) -> dict[str, Any]:
    """Up to three behaviours on one score of 0 to 20, with caps, ceilings and a trigger on points."""
    bands = dict(
        zip("abc", sorted(draw(st.sets(st.integers(1, 20), min_size=2, max_size=2)), reverse=True), strict=False)
    )
    given_ = {}
    for name in ("one", "two", "three")[: draw(st.integers(1, 3))]:
        fields: dict[str, Any] = {"points": {"rides": draw(POINTS)}}
        most = draw(st.sampled_from((1, 2, None)))
        fields |= {"max_counted": most} if most else {}
        ceiling = draw(st.sampled_from(("", "", "b", "c")))
        fields |= {"band_ceiling": {"rides": ceiling}} if ceiling else {}
        given_[name] = behaviour(**fields)
    ladder = {**bands, "c": 0}
    trigger = {"kind": "score", "score": "rides", "below": draw(st.integers(0, 22))}
    return {
        "behaviours": given_, "scores": {"rides": score(ladder, start=draw(st.integers(0, 20)), high=20)},
        "measures": {"stop": measure(trigger)},
    }  # fmt: skip


def outcome(parts: dict[str, Any], counts: dict[str, int]) -> tuple[int, bool]:
    """Band (0 is best) and trigger of somebody with so many records, straight from the format's words."""
    item = parts["scores"]["rides"]
    given_ = parts["behaviours"]
    raw = item["start"] + sum(given_[name]["points"]["rides"] * times for name, times in counts.items())
    points = min(20, max(0, raw))
    names = sorted(item["bands"], key=lambda name: -item["bands"][name]["lower"])
    band = next(place for place, name in enumerate(names) if item["bands"][name]["lower"] <= points)
    for name, times in counts.items():
        if times and "band_ceiling" in given_[name]:
            band = max(band, names.index(given_[name]["band_ceiling"]["rides"]))
    return band, points < parts["measures"]["stop"]["trigger"]["below"]


def alive_by_hand(parts: dict[str, Any], name: str) -> bool:
    given_ = parts["behaviours"]
    others = [other for other in given_ if other != name]
    spans = [range(given_[other].get("max_counted", FEW) + 1) for other in others]
    for counts in product(*spans):
        rest = dict(zip(others, counts, strict=True))
        seen = [outcome(parts, {**rest, name: times}) for times in range(given_[name].get("max_counted", FEW) + 1)]
        if any(left != right for left, right in pairwise(seen)):
            return True
    return False


@settings(max_examples=60, deadline=None)
@given(small_policies())
def test_a_behaviour_is_dead_if_and_only_if_no_records_change_anything(parts: dict[str, Any]) -> None:
    effects = Effects(case(**parts))
    for name in parts["behaviours"]:
        found = effects.alive(effects.case.behaviours[name]).value
        assert found is alive_by_hand(parts, name), name


def alive(name: str = "one", **parts: Any) -> bool | None:
    effects = Effects(case(**parts))
    return effects.alive(effects.case.behaviours[name]).value


BANDS = {"good": 60, "poor": 0}
POOR = {"kind": "band", "score": "rides", "bands": ["poor"]}


def test_a_half_life_gives_sums_that_whole_points_do_not() -> None:
    halving = behaviour(points={"rides": -41}, max_counted=1)
    parts: dict[str, Any] = {"scores": {"rides": score(BANDS)}, "measures": {"stop": measure(POOR)}}
    one = behaviour(points={"rides": -20}, max_counted=1)
    assert alive(behaviours={"one": one, "two": behaviour(points={"rides": -10}, max_counted=1)}, **parts) is False
    assert alive(behaviours={"one": behaviour(points={"rides": 1}, max_counted=1), "two": halving}, **parts) is True
    settled = behaviour(points={"rides": -30}, max_counted=1, life={"kind": "half_life", "days": 30})
    third = behaviour(points={"rides": -12}, max_counted=1)
    assert alive(behaviours={"one": one, "two": settled, "three": third}, **parts) is True


def test_a_score_that_nothing_reads_keeps_nobody_alive() -> None:
    one = behaviour(points={"rides": -50})
    assert alive(behaviours={"one": one}, scores={"rides": score(BANDS)}) is False
    shared = {"bank": {"recipient": "a bank", "recipient_context": "credit_finance", "items": ["score"]}}
    assert alive(behaviours={"one": behaviour(points={"rides": -1}, max_counted=1)}, scores={"rides": score(BANDS)},
                 sharing=shared) is True  # fmt: skip


def test_a_trigger_that_counts_records_needs_enough_of_them() -> None:
    three = {"kind": "records", "behaviours": ["one"], "count": 3}
    few, many = behaviour(max_counted=2), behaviour(max_counted=3)
    assert alive(behaviours={"one": few}, lists={"noted": listing(three)}) is False
    assert alive(behaviours={"one": many}, lists={"noted": listing(three)}) is True


def test_a_ranking_is_moved_by_any_point_within_the_range() -> None:
    worst = {"kind": "rank", "score": "rides", "end": "worst", "share": 0.05}
    parts: dict[str, Any] = {"measures": {"stop": measure(worst)}}
    one = behaviour(points={"rides": 1}, max_counted=1)
    assert alive(behaviours={"one": one}, scores={"rides": score(BANDS, start=50)}, **parts) is True
    assert alive(behaviours={"one": one}, scores={"rides": score(BANDS, start=100)}, **parts) is False


def test_the_first_record_ends_the_place_of_newcomers() -> None:
    parts: dict[str, Any] = {"measures": {"stop": measure(POOR)}}
    one = behaviour(points={"rides": 1}, max_counted=1)
    assert alive(behaviours={"one": one}, scores={"rides": score(BANDS, neutral_band="good")}, **parts) is False
    assert alive(behaviours={"one": one}, scores={"rides": score(BANDS, neutral_band="poor")}, **parts) is True


def test_what_decides_only_with_assumed_points_of_others_rests_on_them() -> None:
    """-45 and -5 bring 100 to 50; 10 lifts 50 to 60 and nothing else to any limit."""
    guess = {"value": -45, "status": "assumed"}
    given_ = {
        "one": behaviour(points={"rides": 10}, max_counted=1),
        "two": behaviour(points={"rides": guess}, max_counted=1),
        "three": behaviour(points={"rides": -5}, max_counted=1),
    }
    effects = Effects(case(behaviours=given_, scores={"rides": score(BANDS)}, measures={"stop": measure(POOR)}))
    found = {name: effects.alive(effects.case.behaviours[name]) for name in given_}
    assert found["one"].value is True
    assert found["one"].assumed == {"behaviours.two.points.rides"}
    assert found["two"].assumed == {"behaviours.two.points.rides"}


@pytest.mark.parametrize("most", [1, 2, 3])
def test_discretion_takes_any_value_each_time(most: int) -> None:
    choice = Choice((-3, 0, 2), most)
    by_hand = {sum(part) for times in range(most + 1) for part in combinations_with_replacement((-3, 0, 2), times)}
    found = Sums.of([choice], -20, 20)
    assert {total for total in range(-20, 21) if found.any(total, total)} == by_hand
