"""High is not good everywhere: a policy upside down (points, ranges, starts and limits) is judged the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from tests.lint.cases import AS_OF, HOME, fixtures
from tests.lint.tiny import behaviour, case, measure, score

from vitropolis.base.yamlfile import Node
from vitropolis.lint.check import check
from vitropolis.policy import Policy, load_policy, load_text

VALUES = {"value", "low", "high"}


def turned(points: Any) -> Any:
    """A number, or a value with its dates and sources, with the other sign."""
    if isinstance(points, dict):
        return {key: turned(item) if key in VALUES or not isinstance(key, str) else item
                for key, item in points.items()}  # fmt: skip
    return points if isinstance(points, bool) or not isinstance(points, int) else -points


def limit_of(points: Any) -> Any:
    """A lowest score that counts as the highest that counts, turned: at least 60 is below -59."""
    if isinstance(points, dict):
        return {key: limit_of(item) if key in VALUES or not isinstance(key, str) else item
                for key, item in points.items()}  # fmt: skip
    return 1 - points if isinstance(points, int) else points


def trigger_of(trigger: Any) -> Any:
    """A trigger upside down; bands keep their names."""
    if trigger["kind"] in ("any_of", "all_of"):
        return {**trigger, "of": [trigger_of(part) for part in trigger["of"]]}
    if trigger["kind"] == "rank":
        return {**trigger, "end": {"best": "worst", "worst": "best"}[trigger["end"]]}
    if trigger["kind"] != "score":
        return trigger
    way, points = next((way, trigger[way]) for way in ("at_least", "below") if way in trigger)
    other = {"at_least": "below", "below": "at_least"}[way]
    return {**{key: item for key, item in trigger.items() if key != way}, other: limit_of(points)}


def score_of(item: dict[str, Any]) -> dict[str, Any]:
    """A score upside down: each band reaches as far above as it did below."""
    low, high = item["range"]
    lowers = sorted((band["lower"], name) for name, band in item["bands"].items())
    uppers = [lower - 1 for lower, _ in lowers[1:]] + [high]
    bands = {name: {**item["bands"][name], "lower": -upper} for (_, name), upper in zip(lowers, uppers, strict=True)}
    return {**item, "start": turned(item["start"]), "range": [-high, -low], "bands": bands}


def mirrored(whole: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a policy upside down."""
    found = {key: item for key, item in whole.items() if key not in ("extends", "delete")}
    found["scores"] = {name: score_of(item) for name, item in whole["scores"].items()}
    for name, item in whole.get("behaviours", {}).items():
        points = {key: turned(given) for key, given in item.get("points", {}).items()}
        ranges = {key: [-high, -low] for key, (low, high) in item.get("discretion_range", {}).items()}
        more = {**({"points": points} if points else {}), **({"discretion_range": ranges} if ranges else {})}
        found["behaviours"] = {**found["behaviours"], name: {**item, **more}}
    for section in ("lists", "measures"):
        for name, item in whole.get(section, {}).items():
            found[section] = {**found[section], name: {**item, "trigger": trigger_of(item["trigger"])}}
            if item.get("extension"):
                longer = {**item["extension"], "trigger": trigger_of(item["extension"]["trigger"])}
                found[section][name]["extension"] = longer
    return found


def plain(policy: Policy) -> Any:
    tree: Node = policy.tree
    return tree.plain()


def said(policy: Policy) -> set[tuple[str, str, str]]:
    """Rule, kind and element of everything that is no pass."""
    return {(each.rule, each.kind, each.outcome.element) for each in check(policy, AS_OF).shown}


def simple(whole: Mapping[str, Any]) -> bool:
    """Whether a policy has scores, plain numbers in them and no ceiling, which has no counterpart upside down."""
    items = [*whole.get("behaviours", {}).values(), *whole.get("lists", {}).values()]
    plain_scores = all(
        isinstance(item["range"], list) and all(isinstance(band["lower"], int) for band in item["bands"].values())
        for item in whole.get("scores", {}).values()
    )
    return bool(whole.get("scores")) and plain_scores and not any(item.get("band_ceiling") for item in items)


TURNED = [each.name for each in fixtures() if simple(plain(load_policy(HOME / f"{each.name}.policy.yaml")))]


class _Plain(yaml.SafeDumper):
    """Without anchors: the format has none."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def dumped(whole: Mapping[str, Any]) -> str:
    """A policy as text."""
    return str(yaml.dump(dict(whole), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=10_000))


@pytest.mark.parametrize("name", TURNED)
def test_a_policy_upside_down_is_judged_the_same(name: str) -> None:
    policy = load_policy(HOME / f"{name}.policy.yaml")
    other = load_text(dumped(mirrored(plain(policy))), f"{name}.policy.yaml")
    assert said(other) == said(policy)


def judged(rule: str, found: Any) -> dict[str, str]:
    """The kinds of a rule's outcomes, by element."""
    return {each.outcome.element: each.kind for each in check(found.policy, AS_OF).findings if each.rule == rule}


LEARNED = {"kind": "learned"}
ENDLESS = {"kind": "forever"}


def risk(points: int, trigger: dict[str, Any], start: int = 0, **fields: Any) -> Any:
    """A score from 0 to 100 that petitions move, and a refusal of flights; petitions are of another walk of life."""
    item = behaviour(conduct=["petition_filed"], context="civic_participation", kind="petition", gravity=0,
                     life=ENDLESS, points={"risk": points}, **fields)  # fmt: skip
    return case(behaviours={"asked": item}, scores={"risk": score({"high": 60, "low": 0}, start)},
                measures={"ban": measure({"score": "risk", **trigger})}, method=LEARNED)  # fmt: skip


HIGH = {"kind": "score", "at_least": 60}
REFUSED = {"kind": "band", "bands": ["low"]}


@pytest.mark.parametrize(
    ("rule", "element"),
    [("AIA-5c-1", "measures.ban"), ("AIA-5c-2", "measures.ban"), ("GDP-5e-1", "behaviours.asked"),
     ("HR-21-1", "behaviours.asked"), ("UNE-26-1", "measures.ban"),
     ("DP-LOCK-1", "scores.risk"), ("US-605-1", "behaviours.asked")],
)  # fmt: skip
def test_points_that_lead_up_into_a_sanction_are_held_against_people(rule: str, element: str) -> None:
    assert judged(rule, risk(20, HIGH))[element] == "fail"
    assert judged(rule, risk(20, {"kind": "band", "bands": ["high"]}))[element] == "fail"


def test_a_record_that_carries_a_score_up_into_a_sanction_is_a_cliff() -> None:
    assert judged("DP-CLIFF-1", risk(20, HIGH)) == {"scores.risk": "fail"}
    assert judged("DP-CLIFF-1", risk(-20, HIGH, start=50)) == {}


def test_points_that_lead_away_from_a_sanction_are_held_against_nobody() -> None:
    away = risk(-20, HIGH, start=50)
    assert away.measures[0].contributions == ()
    assert judged("HR-21-1", away)["behaviours.asked"] == "pass"
    assert away.weight(away.measures[0], ["asked"]) is None


def test_who_is_refused_until_they_earn_it_is_judged_by_what_they_cannot_show() -> None:
    found = risk(20, REFUSED)
    led = found.measures[0].contributions
    assert [(each.behaviour.name, each.lacking) for each in led] == [("asked", True)]
    assert found.measures[0].held_against == ()
    for rule in ("AIA-5c-1", "AIA-5c-2", "UNE-26-1"):
        assert judged(rule, found)["measures.ban"] == "fail"
    says = [each.outcome.says for each in check(found.policy, AS_OF).findings if each.rule in ("AIA-5c-1", "AIA-5c-2")]
    assert all("holds for everybody without records" in each and "no record at all" not in each for each in says)
    assert "behaviours.asked" not in judged("US-605-1", found)


def test_with_a_deduction_beside_the_credit_it_holds_for_everybody_still() -> None:
    more = behaviour(conduct=["tax_late"], context="tax", points={"risk": -5})
    item = behaviour(conduct=["volunteering"], context="volunteering", kind="virtue", gravity=0, points={"risk": 20})
    found = case(behaviours={"late": more, "helped": item}, scores={"risk": score({"high": 60, "low": 0}, 0)},
                 measures={"ban": measure({"score": "risk", **REFUSED})}, method=LEARNED)  # fmt: skip
    assert [(each.behaviour.name, each.lacking) for each in found.measures[0].contributions] == [
        ("late", False), ("helped", True)]  # fmt: skip
    assert all("no record at all" not in each.outcome.says for each in check(found.policy, AS_OF).findings)


def test_a_score_that_leads_to_nothing_harms_the_way_that_breaches_move_it() -> None:
    for points, way in ((10, 1), (-10, -1)):
        found = case(behaviours={"late": behaviour(points={"s": points})}, scores={"s": score({"a": 50, "b": 0}, 50)})
        assert found.harm == {"s": {way}}


def test_a_limit_that_everybody_has_passed_says_nothing_of_which_way_harms() -> None:
    all_bands = {"kind": "band", "score": "s", "bands": ["a", "b"]}
    low = {"kind": "band", "score": "s", "bands": ["b"]}
    found = case(behaviours={"late": behaviour(points={"s": -10})}, scores={"s": score({"a": 50, "b": 0}, 50)},
                 measures={"all": measure(all_bands), "some": measure(low)})  # fmt: skip
    assert found.harm == {"s": {-1}}
