"""What measures, spill-over at home and the queue of appeals carry from one resident to another, and what not."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import islice

import numpy as np
import pytest
from tests.twins.busy import START, busy_data, city_of, held, made, plan_of
from tests.twins.full import EVERY, HOME, QUEUE, full_data, full_held
from tests.twins.ledger import Ledger, differing, play, same_totals, total
from tests.twins.reach import reach
from tests.twins.test_one_false_record import injected

from vitropolis.engine.played import open_channels
from vitropolis.model.rules import WORLDS
from vitropolis.model.worlds import Plan
from vitropolis.policy import none_beside

SIZE, DAYS = 2000, 98


@cache
def twins(channels: tuple[str, ...], days: int = DAYS) -> Plan:
    """Two worlds alike, under the policy in which everything fires, with some channels open."""
    policy, assumptions = made(full_data()), full_held(channels)
    return plan_of([(policy, assumptions), (policy, assumptions)], days)


def touched(channels: tuple[str, ...], resident: int) -> tuple[set[int], set[int], list[Ledger]]:
    """(who differs, who could, the ledgers) for one false record of theft in the second world."""
    plan = twins(channels)
    ledgers = play(plan, city_of(SIZE), injected(plan, resident, "crime", "theft"))
    could = reach(plan.worlds[1], city_of(SIZE), open_channels(plan), resident, "crime", "theft")
    return differing(*ledgers), could, ledgers


def enrolled_early(plan: Plan, number: int, at_home: bool = False) -> list[int]:
    """Residents from 25 years on who are enrolled before the false record arrives; `at_home`: who head a family."""
    column = play(plan, city_of(SIZE))[0].columns["enrolled"][0]
    city = city_of(SIZE)
    fits = (who for who in range(0, SIZE, 3) if column[who] < 7 and city.age[who] >= 25)
    families = (who for who in fits if not at_home or (city.role[who] == 0 and len(city.household(who)) > 2))
    return list(islice(families, number))


def test_without_the_record_nobody_differs() -> None:
    one, two = play(twins(EVERY), city_of(SIZE))
    assert differing(one, two) == set()
    assert same_totals(one, two)
    for part in ("filed", "answers", "queue", "notes"):
        assert getattr(one, part), part
    assert {note[0] for notes in one.notes.values() for note in notes} == set(range(5))


def test_threads_and_chunks_change_nothing_in_it() -> None:
    pairs = zip(play(twins(EVERY), city_of(SIZE)), play(twins(EVERY), city_of(SIZE), None, 2, 150), strict=True)
    for one, other in pairs:
        assert differing(one, other) == set()
        assert same_totals(one, other)


def test_with_every_channel_shut_exactly_the_resident_differs() -> None:
    assert open_channels(twins(())) == ["own record", "places in queues"]
    for resident in enrolled_early(twins(()), 4, at_home=True):
        found, could, ledgers = touched((), resident)
        assert found == could == {resident}
        assert any((week & 1).any() for week in ledgers[1].columns["now"])
        assert not any((week & 4).any() for week in ledgers[1].columns["now"])  # nobody is hit through others


def test_spill_over_stays_in_the_household() -> None:
    assert open_channels(twins((HOME,))) == ["own record", "household", "places in queues"]
    carried = 0
    for resident in enrolled_early(twins((HOME,)), 8, at_home=True):
        found, could, _ = touched((HOME,), resident)
        assert resident in found
        assert found <= could == set(city_of(SIZE).household(resident))
        carried += len(found) - 1
    assert carried > 0


def test_the_queue_changes_those_alone_who_appeal_in_its_district() -> None:
    """One appeal more, and others wait longer; whoever does not appeal there is as before."""
    assert open_channels(twins((QUEUE,))) == ["own record", "appeals queue", "places in queues"]
    city, others = city_of(SIZE), 0
    for resident in enrolled_early(twins((QUEUE,)), 8):
        found, could, ledgers = touched((QUEUE,), resident)
        appealed = {who for ledger in ledgers for who in ledger.filed}
        district = city.district_of(resident)
        there = {who for who in appealed if city.district_of(who) == district}
        assert resident in found
        assert found - {resident} <= there
        assert found <= could < set(range(SIZE))
        others += len(found) - 1
    assert others > 0


def test_both_together_stay_in_the_district_and_at_home() -> None:
    plan = twins((HOME, QUEUE))
    for resident in enrolled_early(plan, 3, at_home=True):
        found, could, _ = touched((HOME, QUEUE), resident)
        assert found <= could < set(range(SIZE))


def test_a_measure_touches_those_whom_it_meets_and_nobody_else() -> None:
    """One shut door more for those who owe: they differ in what they hold and meet; what people do is as before."""
    data, more = busy_data(), busy_data()
    shut = {"trigger": {"kind": "listed", "lists": ["owes"]}, "action": {"kind": "deny"}, "service": "high_speed_rail"}
    more["measures"]["no_trains"] = shut
    one, two = play(plan_of([(made(data), held()), (made(more), held())]), city_of(SIZE))
    met = {int(who) for week in two.columns["held"] for who in np.flatnonzero(week & 2)}
    found = differing(one, two)
    owed = {who for who, rows in two.log.items() for row in rows if row[1] == 1}
    assert met <= found <= owed
    assert len(met) > 50
    for mine, theirs in zip(one.acts, two.acts, strict=True):
        assert np.array_equal(mine, theirs)
    for part in ("files", "running", "log", "mail"):
        assert getattr(one, part) == getattr(two, part), part


@pytest.mark.parametrize("beside", ["none", "without redress", "other doors"])
def test_what_another_world_does_beside_it_changes_nothing(beside: str) -> None:
    """Worlds with other classes of measures, other days on which rules change, or none: each is as if alone."""
    data, other = full_data(), full_data()
    if beside == "without redress":
        del other["procedure"], other["behaviours"]["passage"]
    elif beside == "other doors":
        first = {"trigger": {"kind": "listed", "lists": ["good"]}, "action": {"kind": "deny"}, "service": "flights"}
        kept = {name: item for name, item in other["measures"].items() if name not in ("no_school", "card_taken")}
        other["measures"] = {"no_boat": first, **kept}
        other["spillover"] = {"partner": other["spillover"]["partner"]}
        other["lists"]["owes"]["grace_days"] = {START: 4, date(2019, 4, 29): 1}
    worlds = [(made(data), full_held()), (none_beside(made(other)) if beside == "none" else made(other), full_held())]
    together = play(plan_of(worlds, DAYS), city_of(SIZE), threads=2)
    for world, ledger in zip(worlds, together, strict=True):
        alone = play(plan_of([world], DAYS), city_of(SIZE), chunk=1500)[0]
        assert differing(ledger, alone) == set()
        assert same_totals(ledger, alone)
    assert total(together[0], "appeals_filed") > 50


def test_a_full_pass_holds_what_each_of_its_worlds_holds_alone() -> None:
    """As many worlds as a pass has room for, no two alike: with notes, answers and listings in the last, too."""
    first, late, ranked, held = full_data(), full_data(), busy_data(rank=True), full_held()
    late["lists"]["owes"]["grace_days"] = {START: 4, date(2019, 4, 29): 1}
    del ranked["behaviours"]["passage"]
    worlds = [(none_beside(made(first)), held), (made(ranked), held), (made(late), held), (made(first), held)]
    others = (
        held.with_values({"deterrence.listing_step": 40 + step, "norms.household": 0.2}) for step in range(WORLDS)
    )
    worlds += [(made(late), each) for each in others][: WORLDS - len(worlds)]
    together = play(plan_of(worlds, DAYS), city_of(SIZE), threads=2)
    assert len(together) == WORLDS
    for world, ledger in zip(worlds, together, strict=True):
        alone = play(plan_of([world], DAYS), city_of(SIZE), chunk=1500)[0]
        assert differing(ledger, alone) == set()
        assert same_totals(ledger, alone)
    assert total(together[-1], "appeals_filed") > 50 and total(together[-1], "in_0") > 50
