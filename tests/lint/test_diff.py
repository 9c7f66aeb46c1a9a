"""What a change does to findings: real removals, new findings, and findings that vanish because of a word alone."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from tests.lint.cases import AS_OF
from tests.lint.tiny import FEED, behaviour, listing, measure, tiny

from vitropolis.lint.check import Options, check
from vitropolis.lint.diff import Difference, changes, compare, diff_data, diff_lines, is_label

RECORDS = {"kind": "records", "behaviours": ["posts"]}
POSTS = behaviour(conduct=["online_criticism"], context="online_speech", kind="opinion", gravity=0)


def policy(posts: dict[str, Any] | None = None, **sections: Any) -> Any:
    """A policy that bans those who post from flights; `posts` changes the behaviour, sections replace others."""
    item = {**POSTS, **(posts or {})}
    whole = {"behaviours": {"posts": item}, "measures": {"ban": measure(RECORDS)}, "method": {"kind": "learned"}}
    return tiny(**{**whole, **sections})


def difference(old: Any, new: Any, **options: Any) -> Difference:
    asked = Options(**options)
    return compare(check(old, AS_OF, asked), check(new, AS_OF, asked))


def gone(found: Difference) -> dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """By rule and element: what is left, labels that did it alone, labels beside."""
    return {f"{each.finding.rule} {each.finding.outcome.element}": (each.now, each.relabelled, each.also)
            for each in found.gone}  # fmt: skip


def told(found: Difference) -> str:
    return " ".join(" ".join(diff_lines(found)).split())


def test_the_same_policy_differs_in_nothing() -> None:
    found = difference(policy(), policy())
    assert (found.fresh, found.gone, found.changed, found.exit_code) == ((), (), (), 0)
    assert told(found).endswith("0 fields differ, 0 findings are new, 0 are gone or weaker")


def test_a_finding_that_gets_worse_is_told_and_decides_the_exit_code() -> None:
    """Under the same fingerprint: a review while the method is no AI system, a fail once it is one."""
    found = difference(policy(method={"kind": "human_rules"}), policy())
    worse = {each.rule for each in found.fresh if each.kind == "fail"}
    assert {"AIA-5c-1"} <= worse
    assert found.exit_code == 1


def test_a_finding_that_shows_another_way_is_the_same() -> None:
    more = {"behaviours": {"posts": POSTS, "late": behaviour(conduct=["tax_late"], context="tax")},
            "measures": {"ban": measure({"kind": "records", "behaviours": ["posts", "late"]})}}  # fmt: skip
    other = {**more, "measures": {"ban": measure({"kind": "records", "behaviours": ["late", "posts"]})}}
    found = difference(policy(**more), policy(**other))
    assert [each for each in found.gone if each.finding.rule == "AIA-5c-1"] == []
    assert [each for each in found.fresh if each.rule == "AIA-5c-1"] == []


def test_a_finding_that_vanishes_by_a_label_alone_is_warned_of() -> None:
    found = difference(policy(), policy({"context": "transport"}))
    ban = gone(found)["AIA-5c-1 measures.ban"]
    assert ban == ("now review", ("behaviours.posts.context",), ())
    assert found.exit_code == 1
    warned = "WARNING: it became weaker by relabelling alone: only behaviours.posts.context changed on its way"
    assert warned in told(found)


def test_one_that_is_gone_altogether_is_said_to_have_vanished() -> None:
    """Conduct that has no nature of its own: what it is called is all the linter has."""
    rest = {"conduct": ["family_planning_breach"], "kind": "belief"}
    found = difference(policy(rest), policy({**rest, "kind": "lawful_conduct"}))
    assert gone(found)["HR-18-1 behaviours.posts"] == ("gone", ("behaviours.posts.kind",), ())
    assert "WARNING: it vanished by relabelling alone: only behaviours.posts.kind changed on its way" in told(found)
    assert re.search(r"GONE tiny\.policy\.yaml:\d+: HR-18-1 prohibited, fail: posts \(belief\) counts", told(found))


@pytest.mark.parametrize(
    ("sections", "beside"),
    [
        ({"measures": {"ban": measure(RECORDS, "withdraw")}}, "measures.ban.action.kind"),
        ({"feeds": {"gates": {**FEED, "promised_error_rate": 0.01}}}, "feeds.gates.promised_error_rate"),
    ],
)
def test_a_harmless_change_more_hides_no_relabelling(sections: dict[str, Any], beside: str) -> None:
    """Neither a promise nor a harder action can have cleared it, and its way is still there."""
    found = difference(policy(), policy({"context": "transport"}, **sections))
    now, alone, also = gone(found)["AIA-5c-1 measures.ban"]
    assert (now, alone, also) == ("now review", ("behaviours.posts.context",), ())
    assert next(each.beside for each in found.gone if each.finding.rule == "AIA-5c-1") == (beside,)
    assert "its way is still there: labels changed on it (behaviours.posts.context), beside" in told(found)
    assert found.exit_code == 1


def test_relabelling_where_the_way_is_cut_is_noted() -> None:
    late = behaviour()
    old = policy(behaviours={"posts": POSTS, "late": late})
    other = {"ban": measure({"kind": "records", "behaviours": ["late"]})}
    posts = {**POSTS, "context": "transport"}
    found = difference(old, policy(behaviours={"posts": posts, "late": late}, measures=other))
    now, alone, also = gone(found)["AIA-5c-1 measures.ban"]
    assert (now, alone, also) == ("gone", (), ("behaviours.posts.context",))
    assert "note: labels changed on its way too: behaviours.posts.context" in told(found)
    assert not any(each.relabelled for each in found.gone if each.finding.rule == "AIA-5c-1")


def test_a_change_that_is_no_label_is_never_warned_of() -> None:
    """A mild price for the ban: the way is there, and nothing was called otherwise."""
    old, new = measure(RECORDS, "deny", "consumer_loan"), {"kind": "price", "factor": 1.1}
    toll = measure(RECORDS, new, "consumer_loan", title="a toll")
    life = {"life": {"kind": "expires", "after_days": 30}}
    found = difference(policy(life, measures={"ban": old}), policy(life, measures={"ban": toll}))
    assert "AIA-5c-2" in {each.finding.rule for each in found.gone} and not any(each.relabelled for each in found.gone)
    assert "WARNING" not in told(found)


def test_what_is_no_longer_declared_does_not_make_a_fail_go_away() -> None:
    def listed(**fields: Any) -> Any:
        return policy({"conduct": ["fare_dodging"], "kind": "contract_breach", "gravity": 1},
                      lists={"black": listing(RECORDS, **fields)}, measures={})  # fmt: skip

    found = difference(listed(excludes_minors=False), listed())
    assert [(each.finding.rule, each.now) for each in found.gone] == [("HR-24-1", "now open")]
    assert found.exit_code == 1
    assert "WARNING: it cannot be decided any more, which clears nothing" in told(found)
    assert diff_data(found)["gone"][0]["undeclared"] is True
    assert difference(listed(excludes_minors=False), listed(excludes_minors=True)).exit_code == 0


def test_a_real_removal_is_neither_warned_of_nor_noted() -> None:
    found = difference(policy(), policy(measures={}))
    now, alone, also = gone(found)["AIA-5c-1 measures.ban"]
    assert (now, alone, also) == ("gone", (), ())
    assert "WARNING" not in told(found) and "note:" not in told(found)
    assert found.exit_code == int(any(each.counts for each in found.fresh))


def test_the_conduct_that_is_counted_is_no_label() -> None:
    found = difference(policy(), policy({"conduct": ["fare_dodging"], "kind": "contract_breach", "gravity": 1}))
    now, alone, also = gone(found)["HR-18-1 behaviours.posts"]
    assert now == "gone"
    assert (alone, also) == ((), ("behaviours.posts.kind", "behaviours.posts.gravity"))


def test_a_method_called_otherwise_makes_bans_weaker_and_is_warned_of() -> None:
    found = difference(policy(), policy(method={"kind": "human_rules"}))
    assert gone(found)["AIA-5c-1 measures.ban"] == ("now review", ("method.kind",), ())
    assert found.exit_code == 1


def test_a_link_that_is_claimed_is_a_label_too() -> None:
    law = {"act": {"kind": "statute", "cite": "an act", "data_specified": True, "published": True, "safeguards": True,
                   "starts_on": date(2020, 1, 1)}}  # fmt: skip
    link = {"l": {"contexts": ["online_speech", "transport"], "legal_basis": ["act"]}}
    found = difference(policy(legal_basis=law), policy(legal_basis=law, links=link))
    now, alone, _ = gone(found)["AIA-5c-1 measures.ban"]
    assert now == "now review"
    assert alone and all(each.startswith("links.l") for each in alone)


def test_what_was_decided_and_is_open_now_is_not_gone() -> None:
    rest = {"conduct": ["fare_dodging"], "kind": "contract_breach"}
    found = difference(policy(rest), policy({**rest, "context": "unknown"}))
    assert gone(found)["AIA-5c-1 measures.ban"] == ("now open", ("behaviours.posts.context",), ())


def test_what_is_suppressed_now_is_not_gone() -> None:
    item = {"rule": "HR-19-1", "element": "behaviours.posts", "reason": "x", "by": "y", "expires": date(2030, 1, 1)}
    found = difference(policy(), policy(suppressions=[item]))
    assert gone(found)["HR-19-1 behaviours.posts"] == ("now suppressed", (), ())


def test_a_new_finding_that_counts_is_1() -> None:
    found = difference(policy(measures={}), policy())
    assert "AIA-5c-1" in {each.rule for each in found.fresh}
    assert found.exit_code == 1
    assert "NEW tiny.policy.yaml:" in told(found)


def test_moved_lines_and_new_titles_change_nothing() -> None:
    toll = measure(RECORDS, {"kind": "price", "factor": 2}, "parking")
    old = policy(measures={"ban": measure(RECORDS), "toll": toll})
    new = policy(head={"title": "another title"}, measures={"ban": measure(RECORDS, title="a ban"), "toll": toll})
    found = difference(old, new)
    assert (found.fresh, found.gone, found.exit_code) == ((), (), 0)
    assert set(found.changed) == {"policy.title", "measures.ban.title"}


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("behaviours.x.kind", True),
        ("behaviours.x.gravity", True),
        ("feeds.x.context", True),
        ("feeds.x.about", True),
        ("lists.x.publication.seriousness", True),
        ("lists.x.domain", True),
        ("purpose.contexts", True),
        ("method.infers", True),
        ("scores.s.bands.b.lower.status", True),
        ("behaviours.x.points.s", False),
        ("behaviours.x.conduct", False),
        ("measures.x.action.kind", False),
        ("lists.x.trigger.kind", False),
        ("spillover.x.carries.kind", False),
        ("lists.x.term_days", False),
        ("procedure.appeal.available", False),
        ("behaviours.note.points.s", False),  # ids may be any word
        ("behaviours.x.points.kind", False),
        ("measures.title.service", False),
        ("scores.status.bands.title.lower", False),
        ("lists.x.band_ceiling.context", False),
        ("feeds.kind", False),
    ],
)
def test_labels_are_told_from_what_happens(path: str, label: bool) -> None:
    assert is_label(path) is label


def test_changes_name_every_field_of_what_is_new() -> None:
    old, new = tiny(), tiny(lists={"l": listing({"kind": "score", "score": "s", "below": 1})},
                            scores={"s": {"start": 1, "range": [0, 2], "bands": {"b": {"lower": 0}}}})  # fmt: skip
    assert list(changes(old.tree, new.tree)) == [
        "lists.l.polarity", "lists.l.context", "lists.l.trigger.kind", "lists.l.trigger.score", "lists.l.trigger.below",
        "lists.l.term_days", "scores.s.start", "scores.s.range", "scores.s.bands.b.lower",
    ]  # fmt: skip
    assert list(changes(new.tree, new.tree)) == []


def test_as_data_it_names_both_policies_and_what_changed() -> None:
    found = diff_data(difference(policy(), policy({"context": "transport"})))
    assert (found["old"]["policy"]["id"], found["new"]["policy"]["id"]) == ("tiny", "tiny")
    assert found["changed"] == ["behaviours.posts.context"]
    ban = next(each for each in found["gone"] if each["finding"]["element"] == "measures.ban")
    assert (ban["now"], ban["relabelled"]) == ("now review", ["behaviours.posts.context"])
    assert found["exit_code"] == 1


def test_feeds_are_on_the_way() -> None:
    spoken = {"gates": {**FEED, "context": "online_speech"}}
    posts = {key: value for key, value in POSTS.items() if key != "context"}
    rest: dict[str, Any] = {"behaviours": {"posts": posts}, "measures": {"ban": measure(RECORDS)}}
    old, new = tiny(**rest, method={"kind": "learned"}, feeds=spoken), tiny(**rest, method={"kind": "learned"})
    assert gone(difference(old, new))["AIA-5c-1 measures.ban"] == ("now review", ("feeds.gates.context",), ())
