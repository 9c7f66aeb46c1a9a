"""What is screened, what is played alone, and what is never named."""

from __future__ import annotations

from functools import cache

import pytest

from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.policy import CONDUCT
from vitropolis.policy.words import PROTECTED_KINDS, is_private
from vitropolis.study.design import design, moving
from vitropolis.study.drivers import (
    beyond_chance,
    correlations,
    driver,
    far_end,
    groups_of,
    members,
    near_end,
    rank_correlation,
    ranks,
    strongest,
    together,
    unnamed,
)
from vitropolis.study.swept import Key, Swept


@cache
def held() -> Assumptions:
    return load_assumptions("default")


def test_rank_correlation_equals_known_answers() -> None:
    assert rank_correlation([1, 2, 3, 4], [10, 20, 30, 1000]) == pytest.approx(1)
    assert rank_correlation([1, 2, 3, 4], [4, 3, 2, 1]) == pytest.approx(-1)
    # two ties, by hand: ranks 1 2.5 2.5 4 and 1 2 3 4 give 4.5 / sqrt(4.5 * 5)
    assert rank_correlation([1, 2, 2, 4], [1, 2, 3, 4]) == pytest.approx(4.5 / (4.5 * 5) ** 0.5)
    assert rank_correlation([1, 1, 1], [1, 2, 3]) == 0
    assert list(ranks([5.0, 1.0, 5.0])) == [1.5, 0, 1.5]  # type: ignore[arg-type]


def test_a_parameter_that_makes_a_number_stands_out() -> None:
    points = design(held(), 64)
    series = {"made": [3 * point["trait.sigma"] + point["conduct.theft.rate"] for point in points], "still": [1.0] * 64}
    found = correlations(points, series)
    assert set(found) == {"made"}
    assert found["made"]["trait.sigma"] > beyond_chance(len(points[0]), 1, 64)


def test_sets_without_a_value_are_left_out() -> None:
    points = design(held(), 64)
    numbers = [point["trait.sigma"] if place % 2 else None for place, point in enumerate(points)]
    assert correlations(points, {"half": numbers})["half"]["trait.sigma"] == pytest.approx(1)
    assert correlations(points, {"few": [*numbers[:8], *[None] * 56]}) == {}


def test_nothing_about_speech_belief_or_loyalty_is_ever_named() -> None:
    hidden = unnamed(held())
    private = [word for word in held().conduct if is_private(word)]
    assert {"online_criticism", "online_rumour", "petition_disruptive", "party_warning"} <= set(private)
    assert all(f"conduct.{word}.{part}" in hidden for word in private for part in ("rate", "visibility"))
    assert {"families.speech.deterrence", "profiles.online.strength", "profiles.petitioners.strength"} <= hidden
    assert "conduct.theft.rate" not in hidden
    groups = groups_of(held(), hidden)
    named = [path for paths in groups.values() for path in paths]
    assert not set(named) & hidden
    speech = {word for word, item in held().conduct.items() if item.family == "speech"}
    assert not {path.split(".")[1] for path in named if path.startswith("conduct.")} & {*private, *speech}
    assert not any("speech" in name for name in (*groups, *named))


def test_what_a_set_puts_into_the_family_speech_is_not_named_either() -> None:
    data = held().model_dump()
    data["conduct"]["littering"]["family"] = "speech"
    dates = {"starts_on": "2020-01-01", "ends_before": "2020-02-01"}
    factor = {"value": 0.5, "range": [0.4, 0.6]}
    data["calendar"]["quiet"] = dates | {"families": ["speech"], "factor": factor}
    data["calendar"]["empty_roads"] = dates | {"families": ["traffic"], "factor": factor}
    hidden = unnamed(Assumptions.model_validate(data))
    assert {"conduct.littering.rate", "calendar.quiet.factor"} <= hidden
    assert "calendar.empty_roads.factor" not in hidden


def test_words_of_rights_are_private_whatever_their_kind_and_walk_of_life() -> None:
    assert all(is_private(word.name) for word in CONDUCT.values() if word.kind in PROTECTED_KINDS)
    assert is_private("online_rumour")
    assert {"association", "strike"} <= PROTECTED_KINDS
    assert not any(map(is_private, ("theft", "volunteering", "family_planning_breach")))


def test_like_parameters_are_in_one_group() -> None:
    hidden = unnamed(held())
    groups = groups_of(held(), hidden)
    every = [path for paths in groups.values() for path in paths]
    assert sorted(every) == sorted(set(moving(held())) - hidden)
    assert 20 <= len(groups) <= 40
    assert "conduct.theft.rate" in groups["rate of conduct about order"]
    assert groups["recording: stale"] == [path for path in every if path.endswith(".stale")]
    [level] = together(held(), {"spillover": groups["spillover"]})
    assert all(item.value == item.high for _, item in level.spillover.reach.items())
    assert level.trait == held().trait


def test_members_come_from_the_groups_that_move_most() -> None:
    groups = {"a": [f"a{n}" for n in range(30)], "b": ["b0", "b1"], "c": ["c0"], "d": ["d0"]}
    effects = {"one": {"a": -0.9, "b": 0.2, "c": 0.01, "d": 0.1}, "two": {"a": 0.1, "b": 0.2, "c": 0.03, "d": 0.0}}
    screened = {"one": {path: 0.0 for paths in groups.values() for path in paths} | {"a7": -0.8, "a9": 0.5}}
    chosen = members(groups, effects, screened)
    assert chosen[:2] == ["a7", "a9"]  # of a large group those that the sets propose
    assert len(chosen) == 12 + 2
    assert {"b0", "b1"} <= set(chosen)
    assert not {"c0", "d0"} & set(chosen)  # moves too little; never among the two strongest
    assert members(groups, effects, screened, most=3) == chosen[:3]


def test_the_farther_end_is_played_first() -> None:
    items = held().values()
    at_top = items["payers.slow.highest"]
    assert at_top.value == at_top.high
    assert (far_end(at_top), near_end(at_top)) == (at_top.low, at_top.high)
    low = items["recording.linkage.national_id.by_name_alone"]
    assert (far_end(low), near_end(low)) == (low.high, low.low)


def test_a_driver_says_which_way_and_how_far() -> None:
    told = driver(held().trait.sigma, "trait.sigma", 2.0, 5.0)
    assert (told["effect"], told["rises"], told["direction"], told["range"]) == (3.0, True, "raises", [0.6, 0.8])
    small, large = {**told, "effect": 0.1, "path": "small"}, {**told, "effect": -4.0, "path": "large"}
    assert [each["path"] for each in strongest([small, told, large], 0.5)] == ["large", "trait.sigma"]


def test_a_change_must_pass_a_part_of_the_width_and_what_the_counts_allow() -> None:
    def numbers(value: float | None) -> dict[str, dict[str, dict[str, float | None]]]:
        return {"values": {"w": {"hit": value}}, "stories": {"w": {}}, "errors": {"w": {"hit": 3.0}}}

    key: Key = ("values", "w", "hit")
    swept = Swept(numbers(10.0), [numbers(8.0), numbers(None), numbers(208.0)])
    assert (swept.ends(key), swept.width(key)) == ((8.0, 208.0), 200.0)
    assert swept.least(key) == 10.0  # a twentieth of the width
    assert Swept(numbers(10.0), [numbers(11.0)]).least(key) == 6.0  # two standard errors
    assert swept.shares(key, {"up": numbers(30.0), "none": numbers(None)}) == {"up": 0.1}
    assert Swept(numbers(None), [numbers(None)]).ends(key) is None


def test_the_limit_of_chance_grows_with_what_is_looked_at() -> None:
    assert 0.3 < beyond_chance(10, 1, 64) < beyond_chance(400, 40, 64) < 1
    assert beyond_chance(400, 40, 64) > beyond_chance(400, 40, 256)
