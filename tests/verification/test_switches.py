"""Every mechanism off alone: nothing changes that may not, something does that may."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from vitropolis.model.counts import ITEMS
from vitropolis.model.worlds import World
from vitropolis.policy import check_playable, defects
from vitropolis.verification import switch_channels, switches
from vitropolis.verification.quiet import city_of
from vitropolis.verification.switch_channels import CHANNELS, may_change
from vitropolis.verification.switch_rules import GROUNDS, START, SWITCHES, Switch, assumptions_of, policy_of
from vitropolis.verification.switches import DOORS, FAMILIES, TOGETHER, family_of, rows_of

SMALL, DAYS = 2_500, 140
HIDDEN = {"file", "measures", "carried", "punished", "told"}


def passes() -> Iterator[tuple[Switch, ...]]:
    for ground in GROUNDS:
        mine = [switch for switch in SWITCHES if switch.ground == ground]
        yield from (tuple(mine[start : start + TOGETHER]) for start in range(0, len(mine), TOGETHER))


def world_of(ground: str) -> World:
    return World("everything on", policy_of(ground, {}), assumptions_of(ground, {}))


@pytest.mark.parametrize("some", list(passes()), ids=lambda some: ", ".join(switch.name for switch in some))
def test_only_what_may_change_does(some: tuple[Switch, ...]) -> None:
    for row in rows_of(some, city_of(SMALL), DAYS):
        assert row.outside == [], f"{row.switch.name}: {row.outside} changed, and may not"
        assert row.acts, f"{row.switch.name}: nothing changed in {row.switch.at_once}"


def test_the_names_fit_together() -> None:
    apart = {"queue", "other acts", "places", "speech", "firms"}  # counted by themselves
    assert set(map(family_of, ITEMS)) | set(DOORS.values()) | apart == set(FAMILIES)
    names = {name for start, end, _ in CHANNELS for name in (start, end)}
    assert names | {"enrolled", "firms"} == set(FAMILIES) | HIDDEN
    assert {name for switch in SWITCHES for name in switch.at_once} <= names
    assert {switch.ground for switch in SWITCHES} == set(GROUNDS)
    assert {switch.section for switch in SWITCHES} >= {3, 4, 6, 9, 10, 11, 12, 13, 14, 17, 18, 19, 20, 21}


def test_what_may_change_is_told_apart() -> None:
    """What may change is small where nothing that people do answers; nowhere who is enrolled, or what firms do."""
    found = {switch.name: may_change(switch, world_of(switch.ground)) for switch in SWITCHES}
    quiet = [
        switch.name
        for switch in SWITCHES
        if switch.ground in ("plain", "redress", "queues", "named", "clerks", "exits")
    ]
    assert all(not {"enrolled", "firms"} & may for may in found.values())
    assert all(not {"acts", "other acts", "work", "left"} & found[name] for name in quiet)
    assert found["taken for a namesake"] == {"mistaken"}
    assert found["first in the queue"] == {"places"}
    assert found["hardship exception"] & set(FAMILIES) == {"requests", "refusals", "learnt"}
    assert not found["spill-over"] & {"hit", "lists", "scores", "appeals"}
    assert not found["price"] & {"doors", "lists"}
    assert {"file", "lists", "corrections", "doors", "told"} <= found["second level"]


def test_a_shut_channel_is_shut_by_policy_or_assumptions() -> None:
    alone = Switch("quota", 4, "plain", ("records",))
    policy = policy_of("plain", {"behaviours.crime.points": {}, "lists.bad.band_ceiling": {}})
    assert "scores" in may_change(alone, World("fewer points", policy, assumptions_of("plain", {})))
    points: dict[str, Any] = {f"behaviours.{name}.points": {} for name in ("road", "debts", "crime", "rumour", "deeds")}
    policy = policy_of("plain", {**points, "lists.bad.band_ceiling": {}})
    assert "scores" not in may_change(alone, World("no points", policy, assumptions_of("plain", {})))


def test_a_channel_left_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = tuple(channel for channel in CHANNELS if channel[:2] != ("refusals", "told"))
    monkeypatch.setattr(switch_channels, "CHANNELS", fewer)
    guarantee = [switch for switch in SWITCHES if switch.name == "minimum guarantee"]
    assert [row.outside for row in rows_of(guarantee, city_of(SMALL), DAYS)] == [["learnt"]]


def test_the_policy_can_be_played() -> None:
    for switch in SWITCHES:
        policy = policy_of(switch.ground, switch.policy)
        check_playable(policy, START)
        assert list(defects(policy)) == [] and policy.starts_on is not None


@pytest.mark.long
def test_at_full_size() -> None:
    assert switches.main()
