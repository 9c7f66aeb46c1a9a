"""Speech: removals of exactly so many accounts, who is silent, and what makes no difference when it is switched off."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from vitropolis.base.draws import philox
from vitropolis.city import City, build_city, load_tables
from vitropolis.engine.played import open_channels
from vitropolis.engine.run import Simulation, WeekPlayed
from vitropolis.model.accounts import ACCOUNT, LEAST_AGE, residents_in
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.model.counts import ITEMS
from vitropolis.model.news import REMOVED
from vitropolis.model.speech import CUT, FEARED, HUSHED, NUMBERS, climate_of, settled, speak, voices
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import PERSON_WORDS, load_policy, none_beside

PRESS = "beijing-2018-press"
START, DAYS = date(2018, 10, 20), 56
NUMBER = {name: place for place, name in enumerate(NUMBERS)}


def assumed(**changed: float | str) -> Assumptions:
    """The default with other values of speech, ranges widened to hold them."""
    data = deepcopy(load_assumptions("default").model_dump())
    for name, value in changed.items():
        if isinstance(value, str):
            data["speech"][name] = value
        else:
            low, high = data["speech"][name]["range"]
            data["speech"][name] |= {"value": value, "range": (min(low, value), max(high, value))}
    return Assumptions.model_validate(data)


def played(size: int, held: Assumptions, chunk: int = 8192) -> tuple[Simulation, list[WeekPlayed]]:
    """The press policy beside its twin over the drive's weeks and three more."""
    policy = load_policy(PRESS)
    worlds = (World("press", policy, held), World("none", none_beside(policy), held))
    simulation = Simulation(Plan(worlds, START, DAYS, 1), city(size), threads=1, chunk=chunk)
    return simulation, list(simulation.play())


_CITIES: dict[int, City] = {}


def city(size: int) -> City:
    if size not in _CITIES:
        _CITIES[size] = build_city(load_tables("beijing"), size, 1)
    return _CITIES[size]


def numbers(weeks: list[WeekPlayed]) -> NDArray[Any]:
    return np.stack([week.totals.speech for week in weeks])


@pytest.mark.parametrize("mode", ["uniform", "accusation"])
@pytest.mark.parametrize("size", [20_000, 100_000, 300_000])
def test_exactly_so_many_accounts_are_removed(size: int, mode: str) -> None:
    simulation, weeks = played(size, assumed(mode=mode))
    wanted = round(10_000 * size / 21_893_095)
    removed = [row for week in weeks for row in week.broadcast.news.tolist() if row[1] == REMOVED]
    assert len(removed) == wanted == len({row[0] for row in removed})
    assert numbers(weeks)[:, 0, NUMBER["removed"]].sum() == wanted
    assert {row[2] for row in removed} == {1}  # never in the twin
    people = np.array([row[0] for row in removed], np.int64)
    assert (np.asarray(simulation.city.age)[people] >= LEAST_AGE).all()
    share = simulation.tables.drives.all[0].accounts
    assert (philox(people, 0, ACCOUNT, 0, 1)[0].astype(np.int64) < share).all()
    wrong = numbers(weeks)[:, 0, NUMBER["wrongly_removed"]].sum()
    seen = residents_in(simulation.state.spoken, 0)
    assert wrong >= np.count_nonzero(~np.isin(people, seen))


def test_without_errors_all_who_are_removed_were_seen() -> None:
    _, weeks = played(300_000, assumed(mode="accusation", error=0.0))
    assert numbers(weeks)[:, 0, NUMBER["wrongly_removed"]].sum() == 0


def test_a_removed_account_says_nothing_online_and_what_is_kept_back_is_what_is_missing() -> None:
    """Without risk and deterrence apart, the twin's acts are those of the policy's world plus what was cut off."""
    held = assumed(weight=0.0, whisper=1.0, appeals_whisper=1.0, returns_weekly=0.0)
    _, weeks = played(100_000, held)
    found = numbers(weeks)
    assert found[:, :, HUSHED].sum() == found[:, :, FEARED].sum() == 0
    first = [week for week in weeks if week.totals.week < 4]  # before anybody is enrolled or recorded
    acts = sum(week.totals.acts.sum(axis=(1, 3)) for week in first)
    online = [PERSON_WORDS.index("online_criticism")]
    cut = sum(int(week.totals.speech[0, CUT]) for week in first)
    assert int(acts[1, online].sum() - acts[0, online].sum()) == cut


def test_switched_off_nothing_is_different() -> None:
    """No risk: as many speak in every week, in both worlds; nobody fears to appeal."""
    off, weeks = played(20_000, assumed(weight=0.0))
    none, other = played(20_000, assumed(per_removal=0.0, per_record=0.0))
    for found in (numbers(weeks), numbers(other)):
        assert len(np.unique(found[:, :, NUMBER["speaking"]])) == 1
    assert off.state.speech[0, 0] == none.state.speech[0, 0]
    for one, two in zip(weeks, other, strict=True):
        assert np.array_equal(one.totals.acts, two.totals.acts)
        assert np.array_equal(one.totals.days, two.totals.days)
    open_to = [open_channels(simulation.plan) for simulation in (off, none)]
    assert all("speech climate" not in channels and "campaign cut" in channels for channels in open_to)


def test_chunks_change_nothing() -> None:
    held = assumed(per_removal=2.0, returns_weekly=0.05)
    one, first = played(20_000, held)
    two, second = played(20_000, held, chunk=512)
    assert np.array_equal(numbers(first), numbers(second))
    for name in ("speech", "spoken", "removed"):
        assert np.array_equal(getattr(one.state, name), getattr(two.state, name))


def test_risk_silences_and_fear_keeps_appeals_back() -> None:
    simulation, weeks = played(20_000, assumed(per_removal=2.0, weight=2.0, fade=0.05, appeals_whisper=0.0))
    found = numbers(weeks)
    speaking = found[:, 0, NUMBER["speaking"]]
    assert speaking[0] > speaking.min()
    assert (found[:, 1, NUMBER["speaking"]] == found[0, 1, NUMBER["speaking"]]).all()
    assert (voices(simulation.state.speech) <= 256).all()
    assert (np.stack([week.broadcast.speak for week in weeks])[:, 0] * 256 == speaking).all()


def test_speech_is_counted_of_the_whole_city_alone() -> None:
    assert not [name for name in ITEMS if any(word in name for word in ("speech", "loyal", "silent", "hushed", "fear"))]


def test_the_city_speaks_by_the_kernel_that_is_checked() -> None:
    climate = climate_of(Plan((World("a", load_policy(PRESS), load_assumptions("default")),), START, DAYS, 1))
    row, sizes = climate.thresholds[0], climate.sizes
    assert (np.diff(row) > 0).all() and sizes.sum() == 65536
    level = settled(row, sizes)
    assert speak(row, sizes, level, 0) == level
    assert speak(row, sizes, level, 65536) < level


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("whisper", {"value": 1.2, "range": [0, 2]}),
        ("sd", {"value": 0, "range": [0, 10]}),
        ("mode", "by_reach"),
    ],
)
def test_wrong_assumptions_are_refused(name: str, value: Any) -> None:
    data = deepcopy(load_assumptions("default").model_dump())
    data["speech"][name] = value
    with pytest.raises(ValueError, match=rf"speech\.{name}"):
        Assumptions.model_validate(data)
