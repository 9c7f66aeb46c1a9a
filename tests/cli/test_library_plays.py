"""Every policy of the library plays; what has no mechanism yet is listed, never passed over."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from tests.cli.calls import call

from vitropolis.model.assumptions import load_assumptions
from vitropolis.policy import SERVICES, Policy, change_dates, library, load_policy, polarity

REWARDS_ONLY = ("bologna-wallet-2022", "corporate-classes-2022", "fuzhou-jasmine-2018", "rongcheng-2021")
NAMES = [name for name in library() if not name.endswith(("-harsh", "-lenient"))]


def punishes(policy: Policy) -> bool:
    """Whether anything in a policy can punish a person on any day: a black list, an account removed, a sanction."""
    black = any(item.polarity == "black" and item.subject == "person" for item in policy.lists.values())
    days = [policy.policy.as_of, *change_dates(policy)]
    measures = [item for item in policy.measures.values() if SERVICES[item.service].subject == "person"]
    accounts = any(item.kind == "accounts" for item in policy.campaigns.values())
    return black or accounts or any(polarity(item.action, day) == "sanction" for item in measures for day in days)


@pytest.mark.parametrize("name", NAMES)
def test_a_library_policy_plays(name: str, tmp_path: Path) -> None:
    first = load_policy(name).starts_on
    assert first is not None
    out = tmp_path / "run"
    days = ["--from", str(first), "--to", str(first + timedelta(days=27))]
    done = call("run", name, "--size", "1k", *days, "--no-ranges", "--out", out, "--quiet")
    assert (done.code, done.err) == (0, "")
    said = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert said["status"] == "complete"
    assert said["parts_not_played"] == {name: []}
    assert (name in REWARDS_ONLY) == (not punishes(load_policy(name)))
    if name in REWARDS_ONLY:
        headlines = json.loads((out / "result.json").read_text(encoding="utf-8"))["headlines"]
        hit = {each["id"]: each["value"] for each in headlines if each["world"] == name}
        assert hit["hit_per_1000"] == hit["hit_now_per_1000"] == 0
    if load_policy(name).population.enrolment.mode == "opt_in":
        adults, share = (
            (1000 if name.startswith("bologna") else 870),
            load_assumptions("default").enrolment.consent.value,
        )
        spread = 4 * (adults * share * (1 - share)) ** 0.5
        assert abs(said["headline"][name]["enrolled"] - adults * share) < spread
