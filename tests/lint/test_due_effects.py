"""Lock-in, cliffs and stacking: the arithmetic against counting it out, and the cases that are easy to get wrong."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product
from math import inf
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.lint.cases import HOME
from tests.lint.overlaid import case_of, said_by

from vitropolis.lint.case import Case
from vitropolis.lint.recovery import AT_ONCE, NEVER, Fall, Gain, Span, earliest, first_day, latest
from vitropolis.lint.rules.due_cliff import Ledge
from vitropolis.lint.rules.due_effects import Stack
from vitropolis.lint.rules.due_lockin import WaysBack
from vitropolis.policy import load_policy

FEW = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
HORIZON = 300

falls = st.builds(
    Fall,
    points=st.integers(1, 20),
    times=st.integers(1, 4),
    ends=st.one_of(st.just(inf), st.integers(0, 40)),
    half=st.one_of(st.none(), st.integers(1, 10)),
)
gains = st.builds(
    Gain,
    points=st.integers(1, 12),
    most=st.one_of(st.none(), st.integers(1, 6)),
    lives=st.one_of(st.just(inf), st.integers(1, 30)),
    half=st.one_of(st.none(), st.integers(1, 9)),
).filter(lambda gain: gain.half is None or gain.lives == inf)


def counted_out(wanted: int, start: int, lost: Sequence[Fall], won: Sequence[Gain]) -> float:
    """The same, record by record and day by day."""
    for day in range(HORIZON):
        score = start
        for fall in lost:
            for _ in range(fall.times):
                if day < fall.ends:
                    score -= fall.points if fall.half is None else int(fall.points / 2 ** (day // fall.half))
        for gain in won:
            made = list(range(1, day + 1))[-gain.most if gain.most else 0 :]
            for born in made:
                age = day - born
                if age < gain.lives:
                    score += gain.points if gain.half is None else int(gain.points / 2 ** (age // gain.half))
        if score >= wanted:
            return day
    return inf


@settings(deadline=None, derandomize=True)
@given(st.integers(0, 60), st.lists(falls, max_size=4), st.lists(gains, max_size=3))
def test_the_first_good_day_is_the_one_counted_out(below: int, lost: list[Fall], won: list[Gain]) -> None:
    assert first_day(100, 100 - below, lost, won) == counted_out(100, 100 - below, lost, won)


def test_credits_that_fade_never_make_up_for_what_does_not() -> None:
    assert first_day(100, 100, [Fall(50, 1)], [Gain(8, None, half=2)]) == inf
    assert first_day(100, 100, [Fall(14, 1)], [Gain(8, None, half=2)]) == 2
    assert first_day(100, 100, [Fall(50, 1)], [Gain(8, None)]) == 7


def test_spans_keep_what_their_answer_rests_on() -> None:
    open_, term = Span(0, inf, frozenset({"a"})), Span(90, 90, assumed=frozenset({"b"}))
    assert earliest([]) == NEVER
    assert latest([]) == AT_ONCE
    assert earliest([open_, term]).over(1095).value is False
    assert earliest([open_, Span(2000, 2000)]).over(1095).missing == {"a"}
    assert latest([open_, NEVER]) == NEVER
    assert latest([open_, term]).over(30).value is True
    assert (term + Span(5, 5)).told() == "after 95 days"


def behaviour(points: int, cap: int | None, gravity: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "feed": "returns", "conduct": ["bills_paid_on_time" if gravity == 0 else "theft"],
        "kind": "lawful_conduct" if gravity == 0 else "unlawful_act", "gravity": gravity, "points": {"rides": points},
        **({"max_counted": cap} if cap else {}), **more,
    }  # fmt: skip


table = st.lists(
    st.tuples(st.integers(-9, 9).filter(bool), st.integers(1, 3), st.sampled_from([1, 2])), min_size=1, max_size=4
)


def falls_off(start: int, size: int, edge: int, rows: list[tuple[int, int, int]]) -> bool:
    """Whether any ledger of such records stands at the edge or above, and one minor record more takes it below."""
    for counts in product(*(range(cap + 1) for _, cap, _ in rows)):
        total = start + sum(points * number for (points, _, _), number in zip(rows, counts, strict=True))
        for (points, cap, gravity), number in zip(rows, counts, strict=True):
            one_more = max(0, min(size, total + points))
            minor = gravity <= 1 and number < cap
            if minor and max(0, min(size, total)) >= edge > one_more:
                return True
    return False


@FEW
@given(rows=table, edge=st.integers(1, 30), start=st.integers(0, 30))
def test_cliffs_are_those_that_counting_out_finds(
    tmp_path: Path, rows: list[tuple[int, int, int]], edge: int, start: int
) -> None:
    named = {f"b{place}": behaviour(points, cap, gravity) for place, (points, cap, gravity) in enumerate(rows)}
    bands = {"good": {"lower": 20}, "poor": {"lower": 0}}
    barred = {"trigger": {"kind": "score", "score": "rides", "below": edge}, "action": {"kind": "deny"},
              "service": "ordinary_rail", "fixed_days": 30}  # fmt: skip
    case = case_of(
        tmp_path, delete=["behaviours.late_return", "measures.deposit"], behaviours=named, measures={"barred": barred},
        scores={"rides": {"start": start, "range": [0, 30], "bands": bands, "neutral_band": "poor"}},
    )  # fmt: skip
    ledge = Ledge(case, "rides")
    found = [ledge.fall(each, sure=True) for each in ledge.minor]
    assert any(found) == falls_off(start, 30, edge, rows)
    for fall in found:
        assert fall is None or (fall.landing is not None and fall.score >= edge > fall.landing)


@FEW
@given(
    losses=st.lists(st.tuples(st.integers(1, 20), st.integers(1, 3), st.integers(1, 60)), min_size=1, max_size=3),
    credit=st.integers(1, 9),
    cap=st.integers(1, 4),
)
def test_the_way_up_through_a_policy_is_the_one_counted_out(
    tmp_path: Path, losses: list[tuple[int, int, int]], credit: int, cap: int
) -> None:
    named = {
        f"b{place}": behaviour(-points, times, life={"kind": "expires", "after_days": days})
        for place, (points, times, days) in enumerate(losses)
    }
    named["good"] = behaviour(credit, cap, 0, life={"kind": "expires", "after_days": 30})
    case = case_of(tmp_path, delete=["behaviours.late_return"], behaviours=named, scores={"rides": {"start": 70}})
    lost = [Fall(points, times, days) for points, times, days in losses]
    wanted = counted_out(60, 70, lost, [Gain(credit, cap, 30)])
    assert WaysBack(case).of_score("rides", 60, 1, frozenset()).told() == Span(wanted, wanted).told()


def listed(**exit_: Any) -> dict[str, Any]:
    return {"banned": {"exit": exit_}}


def test_the_shortest_of_term_repair_and_compliance_counts(tmp_path: Path) -> None:
    case = case_of(tmp_path)
    # repair: asked after 30 days, answered in 7, deleted elsewhere in 3; compliance: leaving the band takes 180
    assert earliest(WaysBack(case).of_list("banned", frozenset())).told() == "after 40 days"
    case = case_of(tmp_path, lists=listed(repair_after_days=None))
    assert earliest(WaysBack(case).of_list("banned", frozenset())).told() == "after 93 days"
    case = case_of(tmp_path, lists={"banned": {"term_days": 900, "exit": {"repair_after_days": None}}})
    assert earliest(WaysBack(case).of_list("banned", frozenset())).told() == "after 186 days"


def test_a_list_that_holds_down_its_own_band_is_not_left_by_leaving_the_band(tmp_path: Path) -> None:
    ban = {
        "term_days": None,
        "band_ceiling": {"rides": "poor"},
        "exit": {"auto_expiry": False, "repair_after_days": None},
    }
    case = case_of(tmp_path, lists={"banned": ban})
    assert earliest(WaysBack(case).of_list("banned", frozenset())) == NEVER
    assert said_by("DP-LOCK-1", case)["scores.rides"].kind == "fail"


def test_what_outlasts_a_list_counts_with_it(tmp_path: Path) -> None:
    case = case_of(tmp_path, measures={"deposit": {"after_exit_days": 1100}})
    assert said_by("DP-LOCK-1", case)["lists.banned"].data["days_at_best"] == 1137
    assert said_by("DP-LOCK-1", case)["lists.banned"].kind == "fail"


def test_an_assumed_term_clears_nothing_unless_another_way_is_sourced(tmp_path: Path) -> None:
    assumed = {"value": 90, "status": "assumed"}
    case = case_of(tmp_path, lists={"banned": {"term_days": assumed}})
    assert said_by("DP-LOCK-1", case)["lists.banned"].kind == "pass"
    case = case_of(
        tmp_path, lists={"banned": {"term_days": assumed, "exit": {"repair_after_days": None, "on_compliance": False}}}
    )
    assert said_by("DP-LOCK-1", case)["lists.banned"].kind == "open"


def test_recipients_that_need_not_delete_are_said(tmp_path: Path) -> None:
    shared = {"bank": {"recipient": "bank", "recipient_context": "credit_finance", "items": ["list"]}}
    case = case_of(tmp_path, sharing=shared, lists=listed(propagates_within_days=None))
    assert said_by("DP-LOCK-1", case)["lists.banned"].kind == "review"


def test_compliance_with_what_cannot_be_undone_is_a_label(tmp_path: Path) -> None:
    ban = {"trigger": {"kind": "records", "behaviours": ["late_return"]}, "term_days": None,
           "exit": {"auto_expiry": False, "repair_after_days": None}}  # fmt: skip
    done = {"late_return": {"conduct": ["theft"], "kind": "unlawful_act"}}
    assert (
        said_by("DP-LOCK-1", case_of(tmp_path, lists={"banned": ban}, behaviours=done))["lists.banned"].kind == "review"
    )


DENY: dict[str, Any] = {"kind": "deny"}


def test_absorption_leaves_what_hangs_on_points(tmp_path: Path) -> None:
    direct = {"kind": "records", "behaviours": ["late_return"]}
    added = {
        "direct": {"trigger": direct, "action": DENY, "service": "library"},
        "second": {"trigger": direct, "action": {"kind": "delay", "days": 3}, "service": "service_counter"},
    }
    case = case_of(tmp_path, behaviours={"late_return": {"absorption": "heaviest"}}, measures=added)
    left = Stack(case).absorbed(case.behaviours["late_return"])
    assert [each.name for each in left] == ["deposit", "direct"]


def test_a_ranking_has_its_edge_everywhere(tmp_path: Path) -> None:
    ban = {"trigger": {"kind": "rank", "score": "rides", "end": "worst", "share": 0.1}}
    rail = {"trigger": {"kind": "listed", "lists": ["banned"]}, "action": DENY, "service": "ordinary_rail"}
    case = case_of(tmp_path, lists={"banned": ban}, measures={"no_rail": rail})
    assert said_by("DP-CLIFF-1", case)["scores.rides"].kind == "review"
    assert said_by("DP-RANK-1", case)["lists.banned"].kind == "fail"


def test_undeclared_lives_leave_the_way_back_open(tmp_path: Path) -> None:
    case = Case(load_policy(HOME / "nothing-is-said.policy.yaml"), date(2026, 11, 26))
    assert said_by("DP-LOCK-1", case)["scores.rides"].missing == ("retention.adverse_days",)
