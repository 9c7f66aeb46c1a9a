"""One assumption at a time: what must move moves the right way, what nothing reads moves nothing at all."""

from __future__ import annotations

from functools import cache

import pytest
from tests.study.small import SIZE, setup_of

from vitropolis.report.totals import Totals
from vitropolis.study.changed import widened, with_values
from vitropolis.study.ground import Ground, batches, ground_of, play_pass
from vitropolis.study.stories import Numbers, numbers_of


@cache
def ground() -> Ground:
    return ground_of(setup_of(size=SIZE), threads=1)


def at_ends(path: str) -> tuple[Numbers, Numbers]:
    held = ground().assumptions
    sets = [with_values(held, {path: end}) for end in held.values()[path].range]
    low, high = (numbers_of(totals) for totals in play_pass(ground(), sets))
    return low, high


@pytest.mark.parametrize("path", ["provenance.verified_record.duplicate", "provenance.sensor.wrong_content"])
def test_more_errors_make_more_wrong_records(path: str) -> None:
    low, high = at_ends(f"recording.{path}")
    [world] = ground().judged
    below, above = (told["values"][world]["wrong_records_per_10000"] for told in (low, high))
    assert below is not None
    assert above is not None
    assert below < above


def test_an_assumption_that_the_policy_never_asks_for_moves_nothing() -> None:
    low, high = at_ends("enrolment.consent")  # enrolment is mandatory here
    assert low == high


def test_a_set_gives_the_same_whatever_is_played_beside_it() -> None:
    held = ground().assumptions
    other = with_values(held, {"trait.sigma": held.trait.sigma.high})
    first, second = play_pass(ground(), [held, other])
    [alone] = play_pass(ground(), [other])
    assert own(second) == own(alone) != own(first)


BESIDE = ("displaced_weeks_per_1000", "crowded_out_per_1000")  # against the last world of a pass


def own(totals: Totals) -> dict[str, dict[str, float | None]]:
    """Headlines by world, without those that compare queues with the last world played beside."""
    return {
        world: {name: value for name, value in found.items() if name not in BESIDE}
        for world, found in numbers_of(totals)["values"].items()
    }


def test_wider_ranges_of_what_draws_nobody_change_no_number() -> None:
    wider = widened(ground().assumptions, {"families.money.deterrence": (0.0, 1.0)})
    [one], [other] = (play_pass(ground(), [held]) for held in (ground().assumptions, wider))
    assert numbers_of(one) == numbers_of(other)


def test_passes_hold_whole_sets() -> None:
    assert ground().sets_a_pass == 1  # a filling and its twin, and queues that are compared with the last world
    assert [list(batch) for batch in batches(ground(), 3)] == [[0], [1], [2]]
