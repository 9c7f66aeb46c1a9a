"""One false record, put into the messages of one of two identical worlds: whom it changes, whom it could reach."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from itertools import islice

import numpy as np
import pytest
from tests.twins.busy import CHANNELS, START, busy_data, city_of, held, made, plan_of
from tests.twins.ledger import Change, Ledger, differing, play
from tests.twins.reach import reach

from vitropolis.engine.played import open_channels
from vitropolis.engine.run import Simulation
from vitropolis.model.files import ACT_AT, DELAY_AT, KIND_AT, TRUTH_AT, WORLDS_AT
from vitropolis.model.rules import INVENTED, NO_WAIT
from vitropolis.model.worlds import Plan
from vitropolis.policy import PERSON_WORDS

SIZE, WEEK, DAYS = 2000, 1, 84
VICTIMS = (17, 640, 1203)


def injected(plan: Plan, resident: int, behaviour: str, word: str, world: int = 1) -> Change:
    """Before week WEEK: a report in one world alone that `resident` did `word`; it arrives on the first day."""
    number = list(plan.worlds[world].behaviours).index(behaviour)
    place = PERSON_WORDS.index(word)
    kinds = enumerate(plan.kinds)
    kind = next(n for n, each in kinds if each.word == place and each.behaviours[world] == number)
    day = 7 * WEEK
    what = kind << KIND_AT | INVENTED << TRUTH_AT | 1 << WORLDS_AT + world
    record = what | (day - 1) << ACT_AT | 1 << DELAY_AT | NO_WAIT

    def change(simulation: Simulation) -> None:
        if simulation.week == WEEK:
            news = np.array([[resident, -1, record]], np.int64)
            simulation.state.sent = np.concatenate([simulation.state.sent, news])

    return change


@cache
def twin_plan(channels: tuple[str, ...], rank: bool = False) -> Plan:
    policy, assumptions = made(busy_data(rank)), held(channels, 12.0)
    return plan_of([(policy, assumptions), (policy, assumptions)], DAYS)


def touched(
    channels: tuple[str, ...], resident: int, behaviour: str, word: str, rank: bool = False
) -> tuple[set[int], set[int]]:
    """(the residents who differ, those who could), for one injected record."""
    plan = twin_plan(channels, rank)
    city = city_of(SIZE)
    could = reach(plan.worlds[1], city, open_channels(plan), resident, behaviour, word)
    one, two = play(plan, city, injected(plan, resident, behaviour, word))
    return differing(one, two), could


def test_without_the_record_nobody_differs() -> None:
    one, two = play(twin_plan(CHANNELS, True), city_of(SIZE))
    assert differing(one, two) == set()


@pytest.mark.parametrize("resident", VICTIMS)
@pytest.mark.parametrize(
    ("behaviour", "word"), [("crime", "theft"), ("debts", "loan_overdue"), ("passage", "traffic_minor")]
)
def test_own_record_alone_exactly_the_resident(resident: int, behaviour: str, word: str) -> None:
    assert open_channels(twin_plan(())) == ["own record"]
    found, could = touched((), resident, behaviour, word)
    assert found == {resident}
    assert found <= could


@pytest.mark.parametrize("resident", VICTIMS)
def test_a_record_that_leads_nowhere_stays_in_its_file(resident: int) -> None:
    """A complaint counts for nothing and deters nobody: the flow graph says so, whatever channels are open."""
    found, could = touched(CHANNELS, resident, "noted", "complaint_filed", rank=True)
    assert could == {resident}
    assert found == {resident}


def adults_beside_somebody(channel: str, number: int) -> list[int]:
    """Residents from 25 years on who share a household, an employer, a name or a (small) district with few others."""
    city = city_of(SIZE)
    sizes = {
        "household": lambda who: len(city.household(who)),
        "employer": lambda who: int((city.employer == city.employer[who]).sum()) if city.employer[who] >= 0 else 0,
        "false match": lambda who: len(city.name_group(who)),
        "district mood": lambda who: int(np.diff(city.district_ends)[city.district_of(who)]) // 20,
    }
    fits = (who for who in range(0, SIZE, 7) if city.age[who] >= 25 and 2 <= sizes[channel](who) <= 16)
    return list(islice(fits, number))


@pytest.mark.parametrize("channel", CHANNELS)
def test_one_channel_open_stays_inside_its_reach(channel: str) -> None:
    assert open_channels(twin_plan((channel,))) == ["own record", channel]
    for resident in adults_beside_somebody(channel, 80):
        found, could = touched((channel,), resident, "passage", "traffic_minor")
        assert resident in found
        assert found <= could
        assert len(could) < SIZE
        if len(found) > 1:
            return
    raise AssertionError(f"{channel} never carried anything: this proves nothing")


def test_household_and_employer_together() -> None:
    found, could = touched(("household", "employer"), VICTIMS[0], "crime", "theft")
    assert found <= could
    assert len(could) < SIZE


def test_rank_reaches_people_elsewhere() -> None:
    """With rank alone somebody else loses (or gains) a place; everybody is in reach."""
    assert open_channels(twin_plan((), True)) == ["own record", "rank"]
    found: set[int] = set()
    for resident in (*VICTIMS, 5, 99, 333, 512, 777, 901, 1500, 1888):
        now, could = touched((), resident, "crime", "theft", rank=True)
        assert now <= could == set(range(SIZE))
        found |= now - {resident}
    assert found


def test_shutting_city_wide_channels_keeps_the_change_inside_the_rest() -> None:
    everywhere = 0
    for resident in adults_beside_somebody("employer", 3):
        everything, _ = touched(CHANNELS, resident, "crime", "theft", rank=True)
        found, could = touched(("household", "employer"), resident, "crime", "theft")
        assert found <= could
        everywhere += len(everything - could)
    assert everywhere > 0


def counts(ledgers: list[Ledger]) -> list[int]:
    return [sum(len(rows) for rows in ledger.files.values()) for ledger in ledgers]


def test_the_false_record_is_the_only_one_more() -> None:
    plan = twin_plan(())
    ledgers = play(plan, city_of(SIZE), injected(plan, VICTIMS[0], "noted", "complaint_filed"))
    assert counts(ledgers)[1] - counts(ledgers)[0] == 1


def test_a_campaign_for_records_is_a_declared_channel() -> None:
    """One record more of the campaign's feed: the department finds one less at somebody else."""
    data = busy_data()
    data["campaigns"] = {
        "drive": {
            "kind": "records",
            "feed": "neighbours",
            "count": 6000,
            "starts_on": START,
            "ends_before": START + timedelta(days=DAYS),
        }
    }
    policy = made(data)
    plan = plan_of([(policy, held(())), (policy, held(()))], DAYS)
    one, two = play(plan, city_of(SIZE), injected(plan, VICTIMS[0], "noted", "complaint_filed"))
    found = differing(one, two)
    assert VICTIMS[0] in found
    assert found == {VICTIMS[0]} or open_channels(plan) != ["own record"]
