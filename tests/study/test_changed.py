"""Sets made from others: values, ranges, and each channel levelled without changing what the city does in all."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from tests.study.small import SIZE, setup_of

from vitropolis.base.errors import InputError
from vitropolis.city.city import City
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.model.envelope import over_cells
from vitropolis.study.changed import reaching, widened, with_values
from vitropolis.study.channels import CHANNELS, ids_of, levelled, people_by_cell, split
from vitropolis.study.curve import ERRORS, TARGETS, error_paths, factors, scaled


@cache
def held() -> Assumptions:
    return load_assumptions("default")


@cache
def city() -> City:
    return setup_of(size=SIZE).city()


@cache
def sets() -> dict[str, Assumptions]:
    return levelled(held(), city())


def test_values_are_put_in_and_nothing_else_changes() -> None:
    values = {"trait.sigma": 0.65, "recording.provenance.sensor.lost": 0.02, "payers.fast.lowest": 0.07}
    made = with_values(held(), values)
    assert made.digest == held().with_values(values).digest
    assert {path for path, item in made.values().items() if item != held().values()[path]} == set(values)
    assert with_values(held(), {}).digest == held().digest
    assert held().trait.sigma.value == 0.7


@pytest.mark.parametrize("wrong", [{"trait.sigma": 2.0}, {"trait.omega": 0.5}])
def test_a_value_that_is_none_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        with_values(held(), wrong)


def test_ranges_are_widened_and_never_narrowed() -> None:
    made = widened(held(), reaching({"trait.sigma": 0.0, "norms.household": 0.05}))
    assert made.trait.sigma.range == (0.0, held().trait.sigma.high)
    assert made.norms.household.range == held().norms.household.range
    assert made.trait.sigma.value == held().trait.sigma.value


def test_levelled_sets_share_their_ranges_so_that_they_share_candidates() -> None:
    shapes = [{path: item.range for path, item in made.values().items()} for made in sets().values()]
    assert list(sets()) == ["base", *CHANNELS, "all"]
    assert all(shape == shapes[0] for shape in shapes)


def test_level_exposure_keeps_every_total_and_takes_every_difference() -> None:
    people, level, base = people_by_cell(city()), sets()["exposure"], sets()["base"]
    for word, item in held().conduct.items():
        factors_of = [
            np.array([float(f) for f in over_cells(each.profiles[item.profile], upper=False)]) for each in (base, level)
        ]
        rates = [each.conduct[word].rate.value for each in (base, level)]
        before, after = (float((f * people).sum()) * rate for f, rate in zip(factors_of, rates, strict=True))
        assert after == pytest.approx(before, rel=1e-3), word
        assert set(np.unique(factors_of[1])) <= {0.0, 1.0}
        assert np.array_equal(factors_of[1] > 0, factors_of[0] > 0)


def test_needs_and_redress_keep_their_own_differences() -> None:
    level = sets()["exposure"]
    for service, need in held().services.demand.items():
        profile = level.profiles[level.services.demand[service].profile]
        assert over_cells(profile, upper=False) == over_cells(held().profiles[need.profile], upper=False)
    assert (
        level.profiles[level.redress.profile].strength.value == held().profiles[held().redress.profile].strength.value
    )


def test_level_detection_keeps_the_mean_and_names_every_district() -> None:
    level = sets()["detection"].recording.intensity
    sizes = np.diff(city().district_ends)
    known = held().recording.intensity
    mean = sum(known[name].value * size for name, size in zip(ids_of(city()), sizes, strict=True)) / sizes.sum()
    assert len({item.value for item in level.values()}) == 1
    assert level["haidian"].value == pytest.approx(mean, rel=1e-3)
    assert set(ids_of(city())) <= set(level)


def test_the_other_channels_are_shut() -> None:
    wrong = sets()["error"].values()
    assert {wrong[path].value for path in error_paths(held())} == {0}
    assert {path.split(".")[-1] for path in error_paths(held())} == set(ERRORS)
    assert {item.value for _, item in sets()["spillover"].spillover.reach.items()} == {0}
    redress = sets()["redress"]
    assert redress.profiles[redress.redress.profile].strength.value == 0
    assert redress.profiles[held().redress.profile].strength.value == 1


def test_parts_of_a_ratio_add_up_with_the_rest() -> None:
    told: dict[str, float | None] = {"base": 3.0, "exposure": 2.0, "detection": 2.5, "error": 3.0, "redress": 3.1}
    told |= {"spillover": 2.9, "all": 1.2}
    found = split(told)
    assert sum(found["difference"].values()) + found["rest"] == pytest.approx(3.0 - 1)
    assert found["all"] == 1.2
    unknown = split({**told, "error": None})
    assert (unknown["rest"], unknown["difference"]["error"]) == (None, None)


def test_error_rates_are_scaled_together_to_the_share_aimed_at() -> None:
    changed = scaled(held(), 0.5)
    assert changed == {path: pytest.approx(number / 2, rel=1e-3) for path, number in error_paths(held()).items()}
    assert max(scaled(held(), 1e6).values()) == 1
    written = {"w": {"records": 10_000, "wrong_records": 200, "quota_records": 0}}
    for target, factor in zip(TARGETS, factors(written), strict=True):
        assert 200 * factor / (9_800 + 200 * factor) == pytest.approx(target, rel=1e-3)
