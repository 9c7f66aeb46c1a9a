"""The oracle alone: days worked by hand, and books that balance."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import pytest
from tests.oracle.by_hand import MISATTRIBUTED, NEIGHBOURS, RIGHT, STALE, policy, ready, send
from tests.oracle.cities import seen
from tests.oracle.look import Standing
from tests.oracle.play import Run, play_oracle
from tests.oracle.result import OracleResult, differences
from tests.oracle.scenarios import scenario


def played(run: Run, days: int, who: int = 500) -> list[Standing]:
    """What holds of one resident after each day."""
    found = []
    for day in range(days):
        run.play(day)
        now = run.worlds[0].standings[who]
        listed, waiting, verdicts = dict(now.listed), dict(now.waiting), dict(now.verdicts)
        scored, banded = dict(now.scores), dict(now.bands)
        found.append(Standing(0, scored, banded, verdicts, listed=listed, waiting=waiting))
    return found


def scores(days: list[Standing]) -> list[int]:
    return [day.scores["main"] for day in days]


def test_points_halve_towards_zero_from_the_day_of_the_act() -> None:
    run = ready(policy({"points": {"main": -5}, "life": {"kind": "half_life", "days": 2}}), 10)
    send(run, act=1, delay=2)
    assert scores(played(run, 10)) == [100, 100, 100, 98, 98, 99, 99, 100, 100, 100]


def test_halving_can_count_from_the_arrival() -> None:
    retention = {"adverse_days": None, "counted_from": "decision"}
    data = policy({"points": {"main": -5}, "life": {"kind": "half_life", "days": 2}}, retention=retention)
    run = ready(data, 8)
    send(run, act=1, delay=2)
    assert scores(played(run, 8)) == [100, 100, 100, 95, 95, 98, 98, 99]


def test_only_the_newest_count_and_the_range_holds() -> None:
    life = {"kind": "half_life", "days": 3}
    run = ready(policy({"points": {"main": -60}, "max_counted": 1, "life": life}), 6)
    for act in (0, 2):
        send(run, act)
    assert scores(played(run, 6)) == [100, 40, 40, 40, 40, 70]
    run = ready(policy({"points": {"main": -60}}), 5)
    for act in (0, 1, 1):
        send(run, act)
    assert scores(played(run, 5)) == [100, 40, 0, 0, 0]


def test_a_debt_counts_until_it_is_paid_and_some_days_more_but_not_if_stale() -> None:
    behaviour = {"points": {"main": -10}, "life": {"kind": "until_settled", "then_days": 2}}
    run = ready(policy(behaviour), 8)
    send(run, act=0, name="debt", wait=3)
    assert scores(played(run, 8)) == [100, 90, 90, 90, 90, 100, 100, 100]
    run = ready(policy(behaviour), 8)
    send(run, act=0, name="debt", truth=STALE, wait=3)
    assert scores(played(run, 8)) == [100, *[90] * 7]


def test_a_dated_value_holds_from_its_day() -> None:
    points = {date(2019, 1, 1): -10, date(2020, 1, 4): -30}
    run = ready(policy({"points": {"main": points}, "ends_before": date(2020, 1, 6)}), 7)
    send(run, act=0)
    assert scores(played(run, 7)) == [100, 90, 90, 70, 70, 100, 100]


def test_a_list_ends_with_its_term_and_is_not_entered_again_by_an_old_record() -> None:
    run = ready(policy({}, {"bad": {"trigger": {"kind": "records", "behaviours": ["act"]}}}), 12)
    send(run, act=1)
    assert ["bad" in day.listed for day in played(run, 12)] == [2 <= day < 7 for day in range(12)]
    (row,) = run.result().worlds[0].listings or []
    assert (row.day_in, row.day_out, row.how) == (2, 7, "term")


def test_grace_passes_by_whoever_no_longer_meets_the_trigger() -> None:
    trigger = {"kind": "score", "score": "main", "below": 90}
    data = policy(
        {"points": {"main": -20}, "life": {"kind": "expires", "after_days": 5}},
        {"soon": {"trigger": trigger, "grace_days": 2}, "late": {"trigger": trigger, "grace_days": 4}},
    )
    run = ready(data, 10)
    send(run, act=0)
    days = played(run, 10)
    assert [sorted(day.waiting) for day in days[:7]] == [[], *[["late", "soon"]] * 2, ["late"], ["late"], [], []]
    assert [sorted(day.listed) for day in days[:9]] == [[]] * 3 + [["soon"]] * 5 + [[]]


def test_compliance_repair_and_extension_move_the_end() -> None:
    records = {"kind": "records", "behaviours": ["act"]}
    lists = {
        "paid": {"trigger": records, "term_days": None, "exit": {"on_compliance": True}},
        "mended": {"trigger": records, "exit": {"repair_after_days": 1, "response_days": 2}},
        "longer": {"trigger": records, "extension": {"days": 8, "trigger": {**records, "count": 2}}},
    }
    run = ready(policy({"life": {"kind": "expires", "after_days": 6}}, lists), 14)
    send(run, act=0)
    send(run, act=3)
    played(run, 14)
    rows = {row.name: (row.day_in, row.day_out, row.how) for row in run.result().worlds[0].listings or []}
    # Compliance: the last record expires on day 9, the lag of mean 1 is one day.
    assert rows["paid"] == (1, 10, "compliance")
    assert rows["longer"] == (1, 12, "term")  # the second record came on day 4
    # Repaired on day 4, and listed anew that day by the second record.
    mended = [row for row in run.result().worlds[0].listings or [] if row.name == "mended"]
    assert [(row.day_in, row.day_out, row.how) for row in mended] == [(1, 4, "repair"), (4, 7, "repair")]


def test_a_lists_ceiling_acts_from_the_next_day() -> None:
    trigger = {"kind": "records", "behaviours": ["act"]}
    run = ready(policy({}, {"bad": {"trigger": trigger, "band_ceiling": {"main": "c"}, "term_days": 3}}), 7)
    send(run, act=0)
    assert [day.bands["main"] for day in played(run, 7)] == ["a", "a", "c", "c", "c", "a", "a"]


@pytest.mark.parametrize(
    ("name", "truth", "breach", "harm"),
    [
        ("act", RIGHT, "breach", "lawful"),  # gravity 1
        ("act", MISATTRIBUTED, "wrong_fact", "wrong_fact"),
        ("plea", RIGHT, "lawful", "lawful"),
    ],
)
def test_bins_say_whether_a_listing_and_a_band_rest_on_something_wrong_or_lawful(
    name: str, truth: int, breach: str, harm: str
) -> None:
    lists = {"bad": {"trigger": {"kind": "records", "behaviours": ["act", "plea"]}}}
    run = ready(policy({"points": {"main": -60}}, lists), 3)
    send(run, act=0, name=name, truth=truth)
    last = played(run, 3)[-1]
    assert last.listed["bad"].bins == {"breach": breach, "harm": harm}
    assert last.verdicts == {"main": {"breach": breach, "harm": harm}}


def test_the_heaviest_list_absorbs_the_others() -> None:
    records = {"kind": "records", "behaviours": ["act"]}
    deny = {"trigger": {"kind": "listed", "lists": ["heavy"]}, "action": {"kind": "deny"}, "service": "flights"}
    lists = {"light": {"trigger": records}, "heavy": {"trigger": records}}
    run = ready(policy({"absorption": "heaviest"}, lists, measures={"no_flights": deny}), 4)
    send(run, act=1)
    assert [sorted(day.listed) for day in played(run, 4)] == [[], [], ["heavy"], ["heavy"]]


def test_an_adverse_record_is_felt_by_its_person_and_at_home_and_fades() -> None:
    run = ready(policy({"points": {"main": -1}}), 15)
    world, city = run.worlds[0], seen(1000, 0)
    who = next(each for each in NEIGHBOURS if len(city.household_of(each)) > 1)
    send(run, act=0, who=who)
    played(run, 7, who)
    other = next(each for each in city.household_of(who) if each != who)
    assert (world.deterrence[who], world.household[who]) == ([36, 0, 0, 0, 0, 0], 0)  # law 24, policy 12
    assert (world.deterrence[other], world.household[other]) == ([3, 0, 0, 0, 0, 0], 1)  # seen at home: 3
    run.play(7)
    assert (world.deterrence[who][0], world.household[other]) == (34, 0)


@pytest.fixture(scope="module", params=[2, 14])
def result(request: pytest.FixtureRequest) -> OracleResult:
    return whole(request.param)


def whole(index: int) -> OracleResult:
    chosen = scenario(index)
    city = seen(chosen.residents, chosen.city_seed)
    return play_oracle(city, chosen.worlds, chosen.seed, chosen.start, chosen.days)


def test_the_books_balance(result: OracleResult) -> None:
    assert result.candidates is not None
    for world in result.worlds:
        counts = world.counts
        assert counts.acts.total() > 1000
        assert counts.acts <= result.candidates
        assert counts.detected <= counts.acts
        assert counts.detected == counts.right + counts.wrong_person + counts.lost
        assert counts.delivered.total() == len(world.arrived or []) + world.out_of_files
        assert set(world.live or []) <= set(world.arrived or [])


def test_the_enrolled_are_those_in_bands_and_nobody_else_is_scored(result: OracleResult) -> None:
    for world in result.worlds:
        by_score: Counter[tuple[int, str]] = Counter()
        for (day, score, _), people in world.counts.bands.items():
            by_score[day, score] += people
        assert all(people == world.counts.enrolled[day] for (day, _), people in by_score.items())
        out = [each for each in world.residents if each.enrolled_on is None]
        assert all(each.scores is None and each.listed is None for each in out)


def test_listed_is_in_less_out(result: OracleResult) -> None:
    for world in result.worlds:
        still = Counter((row.resident, row.name) for row in world.listings or [] if row.day_out is None)
        on = {(who, name): 1 for who, each in enumerate(world.residents) for name in each.listed or ()}
        assert dict(still) == on
        assert all(row.day_out is None or row.day_in < row.day_out for row in world.listings or [])


def test_the_same_again_and_no_difference_is_seen() -> None:
    one, other = whole(2), whole(2)
    assert differences(one, other) == []
    assert one.events == other.events


def test_differences_name_world_day_resident_and_thing() -> None:
    one, other = whole(2), whole(2)
    other.worlds[0].counts.acts[3, 1, 7] += 2
    state = next(each for each in other.worlds[0].residents if each.scores)
    assert state.scores is not None
    state.scores["main"] += 1
    found = differences(one, other)
    assert len(found) == 2
    assert found[0].startswith("world 0 acts: day 3, district 1, word 7: oracle ")
    who = other.worlds[0].residents.index(state)
    assert found[1].startswith(f"world 0 resident {who}, after the last day: scores: oracle ")


def test_the_days_before_do_not_know_when_the_run_ends() -> None:
    chosen = scenario(2)
    city = seen(chosen.residents, chosen.city_seed)
    short = play_oracle(city, chosen.worlds, chosen.seed, chosen.start, 15)
    for ours, theirs in zip(whole(2).worlds, short.worlds, strict=True):
        for name in ("acts", "detected", "delivered", "bands", "verdicts", "enrolled"):
            early = {key: n for key, n in getattr(ours.counts, name).items() if _day(key) < 15 and n}
            assert early == {key: n for key, n in getattr(theirs.counts, name).items() if n}


def _day(key: Any) -> int:
    return int(key[0] if isinstance(key, tuple) else key)
