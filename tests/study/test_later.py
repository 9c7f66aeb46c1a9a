"""What a policy adds later changes nothing before: acts are routed to the behaviours in force on their day."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from vitropolis.engine.scenario import resolve, scenario_for
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import load_policy
from vitropolis.results import play_to_folder
from vitropolis.study.fork import history_of

DAY, LAST = date(2019, 6, 5), date(2019, 9, 30)
PRESS = "beijing-2018-press"
WORDS = ("traffic_minor", "judgment_unpaid_able")


def overlay(room: Path, since: str | None) -> Path:
    """A policy with one more behaviour for conduct that is counted already, from a day on (None: always)."""
    path = room / "later.policy.yaml"
    again = {
        "feed": "street_cameras", "conduct": list(WORDS), "kind": "unlawful_act", "gravity": 1, "points": {"city": -5},
        "established_by": "algorithm",
    }  # fmt: skip
    behaviours = {"again": again if since is None else {**again, "starts_on": since}}
    tree = {"schema_version": 1, "extends": PRESS, "policy": {"id": "later"}, "behaviours": behaviours}
    text = json.dumps(tree)
    path.write_text(text if since is None else text.replace(f'"{since}"', since))
    return path


def played(room: Path, ref: str | Path) -> Path:
    setup = resolve(scenario_for([str(ref)], size=1200, seed=5, last_day=LAST))
    play_to_folder(setup, room, threads=1)
    return room


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return played(tmp_path_factory.mktemp("later") / "before", PRESS)


def test_what_comes_later_changes_nothing_before(before: Path, tmp_path: Path) -> None:
    path = overlay(tmp_path, DAY.isoformat())
    setup = resolve(scenario_for([str(path)], size=1200, seed=5, last_day=LAST))
    after = played(tmp_path / "after", path)
    assert history_of((before, PRESS), (after, "later"), setup, DAY).same
    assert not history_of((before, PRESS), (after, "later"), setup, LAST).same


def test_what_is_there_from_the_first_day_takes_its_share(before: Path, tmp_path: Path) -> None:
    path = overlay(tmp_path, None)
    setup = resolve(scenario_for([str(path)], size=1200, seed=5, last_day=LAST))
    assert not history_of((before, PRESS), (played(tmp_path / "always", path), "later"), setup, DAY).same


def test_each_way_of_routing_is_a_kind_of_its_own(tmp_path: Path) -> None:
    setup = resolve(scenario_for([PRESS], size=1000))
    held, plan = setup.assumptions, setup.plan
    usual = Plan((World(PRESS, load_policy(PRESS), held),), plan.start, plan.days, 1)
    later = Plan((World("later", load_policy(overlay(tmp_path, DAY.isoformat())), held),), plan.start, plan.days, 1)
    assert len(later.kinds) > len(usual.kinds)
    first = later.routing.first
    moved = [word for word, starts in enumerate(zip(*first, strict=True)) if len(set(starts)) > 1]
    assert {later.words[word] for word in moved} == set(WORDS)
    for row in first:
        for word, start in enumerate(row):
            ends = [kind.route_end for kind in later.kinds[start:] if kind.word == word]
            assert ends[: ends.index(1 << 32) + 1] == sorted(ends[: ends.index(1 << 32) + 1])
