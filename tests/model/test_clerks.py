"""Clerks, publication and adaptation by hand: known answers, books that balance, strengths of 0 that change nothing."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import numpy as np
import pytest

from vitropolis.base.errors import InputError
from vitropolis.engine.queues import serve, serve_with_promises
from vitropolis.engine.run import Simulation, WeekPlayed
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.model.counts import ITEMS
from vitropolis.model.goodhart import rank_correlation
from vitropolis.model.news import LEFT_AT
from vitropolis.model.trust import level_after
from vitropolis.policy import Policy
from vitropolis.verification.quiet import (
    Plain,
    Word,
    assumed,
    behaviour,
    black_list,
    city_of,
    plan_of,
    policy,
    put,
    quiet,
)

SIZE, WEEKS = 2_000, 6
THEFT, DEED, OTHER = "theft", "volunteering", "charity_gift"
SCORE = {"credit": {"start": 100, "range": [0, 200], "bands": {"good": {"lower": 60}, "poor": {"lower": 0}}}}


def data(**moved: float) -> Plain:
    """Everybody steals now and then and does good; `moved` by dotted path with `__`, in ranges that hold 0."""
    words = {THEFT: Word(0.01), DEED: Word(0.02), OTHER: Word(0.02)}
    found = quiet(words)
    for path, value in moved.items():
        place: Any = found
        for step in path.split("__"):
            place = place[step]
        put(place, value, 0.0, max(value, place["range"][1]))
    return found


def still(found: Plain, *paths: str) -> Plain:
    """The same assumptions, ranges too, with values of 0."""
    other = deepcopy(found)
    for path in paths:
        place: Any = other
        for step in path.split("."):
            place = place[step]
        place["value"] = 0.0
    return other


def text(**sections: Any) -> Policy:
    """Thefts cost 10, volunteering earns 5; the second theft lists for good and shuts flights."""
    listed = {**black_list("theft"), "trigger": {"kind": "records", "behaviours": ["theft"], "count": 2}}
    usual: dict[str, Any] = {
        "behaviours": {
            "theft": behaviour("police", THEFT, points={"credit": -10}),
            "deeds": behaviour("clubs", DEED, points={"credit": 5}, kind="virtue"),
        },
        "scores": SCORE,
        "lists": {"black": listed},
        "measures": {
            "no_flights": {
                "trigger": {"kind": "listed", "lists": ["black"]},
                "action": {"kind": "deny"},
                "service": "flights",
            }
        },
    }
    return policy(("police", "clubs"), **{**usual, **sections})


def with_list(**more: Any) -> Mapping[str, Any]:
    listed = {**black_list("theft"), "trigger": {"kind": "records", "behaviours": ["theft"], "count": 2}}
    return {"lists": {"black": {**listed, **more}}}


def played(*worlds: tuple[Policy, Assumptions], weeks: int = WEEKS) -> tuple[Simulation, list[WeekPlayed]]:
    plan = plan_of([(f"w{place}", *world) for place, world in enumerate(worlds)], 7 * weeks, 5)
    simulation = Simulation(plan, city_of(SIZE), threads=1, chunk=512)
    return simulation, list(simulation.play())


def total(weeks: list[WeekPlayed], world: int, item: str) -> int:
    return sum(int(week.totals.days[world, :, ITEMS[item]].sum()) for week in weeks)


def everything(simulation: Simulation, weeks: list[WeekPlayed], world: int) -> list[Any]:
    """What a world came to: counts, and every column of every chunk."""
    state = [chunk.state for chunk in simulation.chunks]
    columns = ("lists", "score", "band", "fear", "ever", "now", "held")
    found = [np.concatenate([getattr(each, name)[world] for each in state]).tolist() for name in columns]
    return [*found, *(week.totals.days[world].tolist() for week in weeks)]


ELEMENTS: dict[str, dict[str, Any]] = {
    "decided by people": dict(with_list(decided_by="human")),
    "published": dict(with_list(publication={"public": True, "fields": ["name"]})),
    "reviewed": {"procedure": {"human_review": {"available": True, "authority_to_change": True}}},
    "discretion": {
        "behaviours": {
            "theft": behaviour("police", THEFT, points={"credit": -10}, discretion_range={"credit": [-40, -1]}),
            "deeds": behaviour("clubs", DEED, points={"credit": 5}, kind="virtue"),
        }
    },
    "measures decided by people": {
        "measures": {
            "no_flights": {
                "trigger": {"kind": "listed", "lists": ["black"]},
                "action": {"kind": "deny"},
                "service": "flights",
                "decided_by": "human",
            }
        }
    },
}


@pytest.mark.parametrize("element", ELEMENTS)
def test_an_element_whose_strength_is_0_changes_nothing(element: str) -> None:
    held = assumed(data())
    simulation, weeks = played((text(), held), (text(**ELEMENTS[element]), held))
    assert everything(simulation, weeks, 0) == everything(simulation, weeks, 1)


def test_clerks_who_see_everything_drop_what_is_wrong_and_nothing_else() -> None:
    found = data(clerks__human_sees_wrong=1.0)
    put(found["recording"]["provenance"]["final_decision"]["invented"], 1.0)
    _, weeks = played((text(), assumed(found)), (text(**with_list(decided_by="human")), assumed(found)))
    assert total(weeks, 0, "black_first_wrong_fact") > 20
    assert total(weeks, 1, "black_first_wrong_fact") == 0
    assert total(weeks, 1, "dropped_wrong") > 20 and total(weeks, 1, "dropped_right") == 0


def test_a_review_without_authority_drops_nobody_and_one_with_it_does() -> None:
    held = assumed(data(clerks__human_drops_right=1.0, clerks__review_looks=1.0))
    review = {"available": True, "authority_to_change": False}
    able = {"available": True, "authority_to_change": True}
    _, weeks = played((text(procedure={"human_review": review}), held), (text(procedure={"human_review": able}), held))
    assert total(weeks, 0, "dropped_right") == 0 < total(weeks, 0, "in_0")
    assert total(weeks, 1, "in_0") == 0 < total(weeks, 1, "dropped_right")


def test_points_that_clerks_choose_are_spread_evenly_over_the_range() -> None:
    held = assumed(data(clerks__discretion_used=1.0))
    once = {"max_counted": 1, "points": {"credit": -10}, "discretion_range": {"credit": [-8, -1]}}
    behaviours = {"theft": behaviour("police", THEFT, **once)}
    simulation, _ = played((text(behaviours=behaviours, lists={}, measures={}), held))
    scores = np.concatenate([chunk.state.score[0] for chunk in simulation.chunks])
    lost = np.bincount(100 - scores[scores < 100], minlength=9)[1:]
    assert len(lost) == 8 and lost.sum() > 500
    assert abs(lost - lost.mean()).max() < 5 * np.sqrt(lost.mean())


@pytest.mark.parametrize(("gaming", "crowding"), [(0.5, 0.0), (0.0, 0.5), (0.5, 0.5)])
def test_gaming_moves_deeds_that_earn_points_up_and_others_down(gaming: float, crowding: float) -> None:
    found = data()
    put(found["adaptation"]["gaming"], gaming, 0.0, 0.5)
    put(found["adaptation"]["crowding"], crowding, 0.0, 0.5)
    usual = data()
    put(usual["adaptation"]["gaming"], 0.0, 0.0, 0.5)
    put(usual["adaptation"]["crowding"], 0.0, 0.0, 0.5)
    _, weeks = played((text(), assumed(usual)), (text(), assumed(found)))
    from vitropolis.policy import PERSON_WORDS

    for word, factor in ((DEED, 1 + gaming), (OTHER, 1 - crowding)):
        place = PERSON_WORDS.index(word)
        before, after = (sum(int(week.totals.acts[world, :, place].sum()) for week in weeks) for world in (0, 1))
        assert before > 1000 and abs(after - factor * before) < 4 * np.sqrt(before)


def test_who_leaves_does_nothing_any_more_and_is_counted_once() -> None:
    held = data(adaptation__leaves_weekly=1.0)
    nobody = assumed(still(held, "adaptation.leaves_weekly"))
    simulation, weeks = played((text(), nobody), (text(), assumed(held)))
    away = np.concatenate([chunk.state.away for chunk in simulation.chunks]) >> LEFT_AT
    assert not (away & 1).any()
    left = total(weeks, 1, "left_city")
    assert left == int((away >> 1 & 1).sum()) > 50
    assert total(weeks, 1, "acts_harmful") < total(weeks, 0, "acts_harmful")
    last = int(weeks[-1].totals.days[1, :, ITEMS["left_city"]].sum())
    hit = total(weeks[:-1], 1, "hit_now")
    assert left == hit and last > 0  # all who were hit before the last week


def test_a_published_list_deters_at_home_and_is_taken_for_others_of_the_name() -> None:
    held = assumed(data(publicity__household_step=40.0, publicity__mistaken_for_listed=1.0))
    named = with_list(publication={"public": True, "fields": ["name"]})
    numbered = with_list(publication={"public": True, "fields": ["name", "id_partial"]})
    simulation, weeks = played((text(**named), held), (text(**numbered), held), (text(), held))
    assert total(weeks, 0, "mistaken_refusals") > 0
    assert total(weeks, 1, "mistaken_refusals") == total(weeks, 2, "mistaken_refusals") == 0
    fear = [np.concatenate([chunk.state.fear[world] for chunk in simulation.chunks]) & 255 for world in range(3)]
    assert (fear[0] > 0).sum() == (fear[1] > 0).sum() > 100 > (fear[2] > 0).sum() == 0


@pytest.mark.parametrize("where", ["household_step", "workplace_step"])
def test_records_of_others_deter_only_where_they_cost_points(where: str) -> None:
    found = data()
    put(found["norms"]["workplace_reference"], 1.0)
    for family in found["families"].values():
        put(family[where], 200.0, 0.0, 200.0)
        put(family["deterrence"], 1.0)
    unmoved = still(found, *(f"families.{name}.{where}" for name in found["families"]))
    costless = {"behaviours": {"theft": behaviour("police", THEFT)}, "lists": {}, "measures": {}}
    held = assumed(found)
    _, weeks = played((text(), held), (text(**costless), held), (text(), assumed(unmoved)), weeks=10)
    acts = [total(weeks, world, "acts_harmful") for world in range(3)]
    assert acts[0] < 0.9 * acts[2]
    assert (acts[1] == acts[2]) == (where == "household_step")


def test_trust_falls_with_wrong_hits_and_refusals_and_comes_back() -> None:
    held = load_assumptions("default").adaptation.trust
    assert level_after(held, 1000, 65536, 0, 0) == 65536
    assert level_after(held, 1000, 65536, 1, 0) == 65536 - 1311  # 0.02 of 65536
    assert level_after(held, 1000, 65536, 0, 10) == 65536 - 10 * 66
    assert level_after(held, 1000, 0, 0, 0) == 65536 * 1311 >> 16
    assert level_after(held, 1000, 100, 1000, 0) == 0


def test_lost_trust_takes_deeds_that_nobody_scores_and_leaves_scored_ones() -> None:
    found = data(adaptation__trust__lost_wrong=100.0, adaptation__trust__deeds=1.0)
    put(found["recording"]["provenance"]["final_decision"]["invented"], 1.0)
    usual = still(found, "adaptation.trust.deeds")
    _, weeks = played((text(), assumed(found)), (text(), assumed(usual)))
    from vitropolis.policy import PERSON_WORDS

    scored, other = PERSON_WORDS.index(DEED), PERSON_WORDS.index(OTHER)
    last = weeks[-1].totals.acts
    assert last[0, :, scored].sum() == last[1, :, scored].sum() > 0
    assert last[0, :, other].sum() == 0 < last[1, :, other].sum()


def test_kept_promises_are_decided_out_of_turn_and_the_books_balance() -> None:
    filed = np.sort(np.random.default_rng(1).integers(0, 14, 400))
    kept = np.random.default_rng(2).random(400) < 0.5
    capacity = [3, 0, 5, 2, 0, 1, 4]
    found = serve_with_promises(filed, 7, capacity, None, 2, kept)
    due = kept & (filed + 2 <= 13)
    assert (found.day[due] >= 0).all() and (found.day[due] <= np.maximum(filed[due] + 2, 7)).all()
    come, decided, lapsed, waiting, waits = found.flows
    assert decided.sum() == (found.day >= 0).sum() and lapsed.sum() == 0
    assert (filed < 7).sum() + come.sum() - decided.sum() == waiting[-1]
    assert waits.sum() == (found.day - filed)[found.day >= 0].sum()
    none = serve_with_promises(filed, 7, capacity, 4, 2, np.zeros(400, bool))
    plain = serve(filed, 7, capacity, 4)
    assert np.array_equal(none.day, plain.day) and np.array_equal(none.lapsed, plain.lapsed)
    assert np.array_equal(none.flows, plain.flows)


def test_the_rank_correlation_of_ties_is_that_of_mean_ranks() -> None:
    assert rank_correlation(np.eye(5, dtype=np.int64)) == 1.0
    assert rank_correlation(np.eye(5, dtype=np.int64)[::-1].copy()) == -1.0
    assert rank_correlation(np.ones((3, 4), np.int64)) == 0.0
    assert rank_correlation(np.ones((1, 4), np.int64)) is None
    table = np.array([[3, 1, 0], [0, 2, 2], [1, 0, 4]])
    people = [(row, column) for row, column in np.argwhere(table).tolist() for _ in range(table[row, column])]
    pairs = np.array(people).T

    def ranks(values: Any) -> Any:
        return np.array([(values < each).sum() + ((values == each).sum() + 1) / 2 for each in values])

    expected = np.corrcoef(ranks(pairs[0]), ranks(pairs[1]))[0, 1]
    assert abs((rank_correlation(table) or 0) - expected) < 2e-6


@pytest.mark.parametrize(
    ("path", "bad", "said"),
    [
        ("clerks.human_sees_wrong", (0, 2), "share is at most 1 here"),
        ("publicity.household_step", (0, 300), "steps is at most 255 here"),
        ("adaptation.gaming", (-1, 1), "ratio is at least 0 here"),
        ("adaptation.leaves_weekly", (0, 1.5), "share a week is at most 1 here"),
        ("adaptation.trust.recovers", (-0.5, 1), "share a week is at least 0 here"),
    ],
)
def test_ranges_outside_their_unit_are_refused(path: str, bad: tuple[float, float], said: str) -> None:
    found = load_assumptions("default").model_dump()
    place: Any = found
    for step in path.split("."):
        place = place[step]
    place["range"] = bad
    with pytest.raises((InputError, ValueError), match=said):
        Assumptions.model_validate(found)
