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
    assert not any(said["parts_not_played"].values())
    assert (name in REWARDS_ONLY) == (not punishes(load_policy(name)))
    if name in REWARDS_ONLY:
        headlines = json.loads((out / "result.json").read_text(encoding="utf-8"))["headlines"]
        hit = {each["id"]: each["value"] for each in headlines if each["world"] == name}
        assert hit["hit_per_1000"] == hit["hit_now_per_1000"] == 0


def test_who_does_not_consent_is_not_enrolled_and_loses_rewards_alone(tmp_path: Path) -> None:
    name, out, size = "bologna-wallet-2022", tmp_path / "run", 2000
    days = ["--from", "2022-09-01", "--to", "2022-12-15"]
    assert call("run", name, "--size", "2k", *days, "--no-ranges", "--out", out, "--quiet").code == 0
    said = json.loads((out / "run.json").read_text(encoding="utf-8"))
    share = load_assumptions("default").enrolment.consent.value
    assert abs(said["headline"][name]["enrolled"] - size * share) < 4 * (size * share * (1 - share)) ** 0.5
    assert said["headline"][name]["records"] > said["headline"]["none"]["records"] > 0  # on everybody, in both worlds
    fired = {element: each["residents"] for element, each in said["fired"][name].items()}
    rewarded = [fired[f"measures.{measure}"] for measure in load_policy(name).measures]
    assert 0 < max(rewarded) <= said["headline"][name]["enrolled"]
