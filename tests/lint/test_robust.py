# ruff: noqa: E501 (messages stand here as they are)
"""Whatever a file holds, the linter ends in findings or in a message; and no label alone makes what it found vanish."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from functools import cache
from random import Random
from typing import Any, get_args

import pytest
import yaml
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from tests.lint.cases import AS_OF, HOME
from tests.lint.tiny import FEED, STEADY, behaviour, listing, measure, score, text, tiny

from vitropolis.base.errors import InputError, UsageError
from vitropolis.base.yamlfile import parse_yaml
from vitropolis.lint.check import Options, Report, check
from vitropolis.lint.diff import compare
from vitropolis.lint.render import render
from vitropolis.policy import load_policy, load_text
from vitropolis.policy.words import CONDUCT, SERVICES, Context, Kind, Trait

Path = tuple[str | int | date, ...]
NAME = "text.policy.yaml"


class _Plain(yaml.CSafeDumper):  # the fast one; writes everything out
    def ignore_aliases(self, data: Any) -> bool:
        return True


def written(tree: Any) -> str:
    return str(yaml.dump(tree, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=10_000))


def judged(raw: str | bytes, render_too: bool = False) -> Report | None:
    """The report on a text, or None where it was refused with a message. Anything else is a failure."""
    try:
        report = check(load_text(raw, NAME), AS_OF, Options())
        if render_too:
            render(report, "sarif")
            render(report, "text", full=True)
    except (InputError, UsageError) as error:
        assert str(error).strip()
        return None
    assert report.findings
    return report


@cache
def clean() -> Any:
    return parse_yaml((HOME / "clean.policy.yaml").read_bytes(), NAME).plain()


def paths(tree: Any, here: Path = ()) -> Iterator[Path]:
    """Every place in a tree but its top."""
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in inner:
        yield (*here, key)
        yield from paths(value, (*here, key))


def at(tree: Any, path: Path) -> Any:
    for step in path:
        tree = tree[step]
    return tree


def changed(tree: Any, path: Path, change: Callable[[Any, Any], None]) -> Any:
    """A copy in which the holder of a place was changed."""
    copy = deepcopy(tree)
    change(at(copy, path[:-1]), path[-1])
    return copy


def deleted(tree: Any, path: Path) -> Any:
    return changed(tree, path, lambda holder, key: holder.__delitem__(key))


def replaced(tree: Any, path: Path, value: Any) -> Any:
    return changed(tree, path, lambda holder, key: holder.__setitem__(key, value))


SECTIONS = sorted(clean())


@pytest.mark.parametrize("section", SECTIONS)
def test_any_field_may_be_missing(section: str) -> None:
    for path in [each for each in paths(clean()) if each[0] == section]:
        judged(written(deleted(clean(), path)))


@pytest.mark.parametrize("section", SECTIONS)
def test_any_word_may_be_wrong_or_unknown(section: str) -> None:
    for path in [each for each in paths(clean()) if each[0] == section and isinstance(at(clean(), each), str)]:
        for word in ("unknown", "\x1b[2J'\"\n"):
            judged(written(replaced(clean(), path, word)))


@pytest.mark.parametrize("section", SECTIONS)
def test_any_value_may_be_null_or_of_another_size_or_kind(section: str) -> None:
    for path in [each for each in paths(clean()) if each[0] == section]:
        numbers = isinstance(at(clean(), path), int | float)
        values: list[Any] = [None, -1, 10**18, 0.5, []] if numbers else [None, 7, []]
        for value in values:
            judged(written(replaced(clean(), path, value)))


def test_any_section_may_be_empty_or_gone() -> None:
    empty: list[Any] = [None, {}, [], ""]
    for section in clean():
        for value in empty:
            judged(written(replaced(clean(), (section,), value)))
    least = {key: clean()[key] for key in ("schema_version", "policy", "references", "population")}
    report = judged(written(least))
    assert report is not None
    assert report.open > 0


def test_other_words_of_every_field_are_judged() -> None:
    """The first legal words of each field in turn, as the messages about a wrong one name them."""
    tried = 0
    for path in [each for each in paths(clean()) if isinstance(at(clean(), each), str)]:
        try:
            load_text(written(replaced(clean(), path, "moral_credit")), NAME)
        except InputError as error:
            said = str(error)
        else:
            continue
        if "(legal: " in said:
            for word in said.split("(legal: ")[1].split(")")[0].split(", ")[:5]:
                tried += judged(written(replaced(clean(), path, word))) is not None
    assert tried > 30


FOUND = list(paths(clean()))
WORDS: list[Any] = [
    None, True, False, 0, 1, -1, 2, 30, 400, 10**9, 0.5, "unknown", "none", "fare_dodging", "online_criticism", "late_return",
    "banned", "rides", "poor", "good", "deposit", "returns", "transport", "health", "flights", "emergency_care", "firm", "self",
    "deny", "publish", "records", "band", "listed", "rank", "score", "red", "watch", [], {}, ["unknown"], ["poor"], ["late_return"],
    {"kind": "records", "behaviours": ["late_return"]}, {"kind": "listed", "lists": ["banned"]}, {"kind": "forever"},
    {"kind": "band", "score": "rides", "bands": ["poor"]}, {"kind": "rank", "score": "rides", "end": "worst", "share": 0.1},
    {"kind": "all_of", "of": [{"kind": "score", "score": "rides", "below": 50}, {"kind": "records", "behaviours": ["late_return"]}]},
    {"kind": "deny"}, {"kind": "withdraw"}, {"kind": "priority", "place": "last"}, {"kind": "half_life", "days": 30},
    {"kind": "until_settled"}, {"rides": "poor"}, {"rides": -50}, {"rides": [-90, 20]}, {"value": 5, "unit": "working_days"},
    {date(2027, 1, 1): 5}, {date(2020, 1, 1): None, date(2026, 1, 1): {"value": 9, "status": "assumed"}},
]  # fmt: skip


def mutated(seed: int) -> str:
    """One to four changes of the policy with nothing to find: something deleted, replaced, or moved elsewhere."""
    chance, tree = Random(seed), deepcopy(clean())
    for _ in range(chance.randint(1, 4)):
        path = chance.choice(FOUND)
        try:
            holder = at(tree, path[:-1])
            holder[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
        what = chance.randrange(4)
        if what == 0:
            del holder[path[-1]]
        else:
            holder[path[-1]] = deepcopy(at(clean(), chance.choice(FOUND)) if what == 1 else chance.choice(WORDS))
    return written(tree)


@settings(STEADY, max_examples=2000, phases=[Phase.generate], database=None)
@given(st.integers(0, 1 << 62))
def test_two_thousand_mutations_end_in_findings_or_a_message(seed: int) -> None:
    judged(mutated(seed))


@settings(STEADY, max_examples=200)
@given(st.binary(max_size=400))
def test_random_bytes_are_refused_with_a_message(raw: bytes) -> None:
    assert judged(raw) is None


def test_a_file_with_random_bytes_changed_ends_in_findings_or_a_message() -> None:
    chance, whole = Random(4), (HOME / "clean.policy.yaml").read_bytes()
    for _ in range(300):
        raw = bytearray(whole)
        for _ in range(chance.randint(1, 5)):
            raw[chance.randrange(len(raw))] = chance.randrange(256)
        judged(bytes(raw))


def test_lists_that_trigger_one_another_are_refused() -> None:
    lists = {"a": listing({"kind": "listed", "lists": ["b"]}), "b": listing({"kind": "listed", "lists": ["c"]}),
             "c": listing({"kind": "listed", "lists": ["a"]})}  # fmt: skip
    with pytest.raises(InputError) as caught:
        tiny(lists=lists)
    assert [message.text for message in caught.value.messages] == [
        "lists trigger one another in a circle: a > b > c > a"
    ]


def test_spill_over_may_go_round() -> None:
    poor = {"kind": "band", "score": "s", "bands": ["poor"]}
    report = judged(text(
        behaviours={"b": behaviour(points={"s": -60})}, scores={"s": score({"good": 60, "poor": 0})},
        lists={"l": listing(poor, publication={"public": True})}, measures={"m": measure({"kind": "listed", "lists": ["l"]})},
        spillover={
            "one": {"carries": {"kind": "points", "score": "s"}, "to": "spouse"},
            "two": {"carries": {"kind": "listing", "list": "l"}, "to": "spouse"},
            "three": {"carries": {"kind": "measure", "measure": "m"}, "to": "child"},
            "four": {"carries": {"kind": "measure", "measure": "m"}, "to": "parent", "weight": 0},
        },
    ))  # fmt: skip
    assert report is not None
    assert any(each.rule == "HR-24-1" and each.kind in ("fail", "review") for each in report.findings)


def test_ceilings_and_lists_may_go_round_and_behind_one_another() -> None:
    """Every list listens to the band that every other list's ceiling leads to; and layers of two lists each."""
    poor = {"kind": "band", "score": "s", "bands": ["poor"]}
    lists = {f"l{n}": listing(poor, band_ceiling={"s": "poor"}) for n in range(3)}
    layers = {
        f"a{n}": listing({"kind": "listed", "lists": [f"a{n - 1}", f"b{n - 1}"]} if n else poor) for n in range(30)
    }
    layers |= {
        f"b{n}": listing({"kind": "listed", "lists": [f"a{n - 1}", f"b{n - 1}"]} if n else poor) for n in range(30)
    }
    report = judged(text(
        behaviours={"b": behaviour(points={"s": 5})}, scores={"s": score({"good": 60, "poor": 0})}, lists={**lists, **layers},
        measures={"m": measure({"kind": "listed", "lists": ["l2", "a29"]})},
    ))  # fmt: skip
    assert report is not None


def test_lists_may_stand_in_a_row() -> None:
    lists = {f"l{n}": listing({"kind": "listed", "lists": [f"l{n + 1}"]}) for n in range(31)}
    lists["l31"] = listing({"kind": "records", "behaviours": ["b"]})
    measures = {"m": measure({"kind": "listed", "lists": ["l0"]})}
    assert judged(text(behaviours={"b": behaviour()}, lists=lists, measures=measures)) is not None


def test_too_many_lists_in_a_row_are_refused() -> None:
    lists = {f"l{n}": listing({"kind": "listed", "lists": [f"l{n + 1}"]}) for n in range(600)}
    lists["l600"] = listing({"kind": "records", "behaviours": ["b"]})
    with pytest.raises(InputError, match=r"lists\.l0\.trigger: 601 lists lie behind one another; at most 32 may"):
        load_text(text(behaviours={"b": behaviour()}, lists=lists))


@pytest.mark.parametrize("range_", [(0, 100), (-30_000, 30_000)])
def test_rankings_are_judged(range_: tuple[int, int]) -> None:
    low, high = range_
    ranked = score(
        {"top": 900, "mid": 100, "end": 0}, low, low, high, normalisation="relative_rank", missing_data="penalise"
    )
    report = judged(text(
        behaviours={"b": behaviour(points={"s": -5}), "c": behaviour(points={"s": 3}, band_ceiling={"s": "mid"})},
        scores={"s": ranked}, lists={"l": listing({"kind": "rank", "score": "s", "end": "worst", "share": 0.05})},
        measures={"m": measure({"kind": "band", "score": "s", "bands": ["end"]}), "n": measure({"kind": "listed", "lists": ["l"]}),
                  "o": measure({"kind": "rank", "score": "s", "end": "best", "share": 0.1}, {"kind": "priority", "place": "first"}, "public_housing")},
    ))  # fmt: skip
    assert report is not None
    assert any(each.rule == "DP-RANK-1" and each.kind == "fail" for each in report.findings)


def test_a_score_may_have_an_official_s_discretion_without_bounds() -> None:
    behaviours = {"b": behaviour(points={"s": -5}, discretion_range={"s": [-(10**12), 10**12]})}
    report = judged(text(behaviours=behaviours, scores={"s": score({"good": 60, "poor": 0})},
                         measures={"m": measure({"kind": "band", "score": "s", "bands": ["poor"]})}))  # fmt: skip
    assert report is not None


def test_ten_thousand_behaviours_are_judged() -> None:
    words = [word for word, item in CONDUCT.items() if item.subject != "firm"]
    behaviours = {f"b{n}": behaviour(conduct=[words[n % len(words)]], points={"s": -1 - n % 90}, max_counted=1 + n % 9)
                  for n in range(10_000)}  # fmt: skip
    report = judged(text(behaviours=behaviours, scores={"s": score({"good": 60, "poor": 0})},
                         measures={"m": measure({"kind": "band", "score": "s", "bands": ["poor"]})}))  # fmt: skip
    assert report is None or len(report.findings) > 10_000


def test_values_that_do_not_exist_yet_are_taken_as_they_will_be_first() -> None:
    later = {date(2030, 1, 1): 90}
    report = judged(text(
        behaviours={"b": behaviour(points={"s": {date(2030, 1, 1): -60}}, max_counted={date(2031, 1, 1): 3},
                                   life={"kind": "expires", "after_days": later})},
        scores={"s": {"start": {date(2030, 1, 1): 100}, "range": {date(2030, 1, 1): [0, 100]},
                      "bands": {"good": {"lower": {date(2030, 1, 1): 60}}, "poor": {"lower": {date(2030, 1, 1): 0}}}}},
        lists={"l": listing({"kind": "score", "score": "s", "below": {date(2030, 1, 1): 60}}, term_days=later, grace_days=later)},
        measures={
            "m": measure({"kind": "listed", "lists": ["l"]}, fixed_days=later, after_exit_days=later),
            "p": measure({"kind": "listed", "lists": ["l"]}, {"kind": "price", "factor": {date(2030, 1, 1): 2.0}}, "parking"),
            "q": measure({"kind": "listed", "lists": ["l"]}, {"kind": "priority", "place": {date(2030, 1, 1): "last"}}, "public_housing"),
        },
        procedure={"notice": {"when": {date(2030, 1, 1): "after"}}, "appeal": {"available": {date(2030, 1, 1): True}, "decision_days": later}},
        retention={"adverse_days": later}, population={"natural_persons": True, "legal_entities": False,
                                                       "min_age_years": {date(2030, 1, 1): 12}, "enrolment": {"mode": "mandatory"}},
    ))  # fmt: skip
    assert report is not None


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)], ids=str)
def test_any_day_may_be_asked_for(day: date) -> None:
    assert check(load_policy("beijing-2018-press"), day).findings


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_every_service_and_action_is_judged(service: str) -> None:
    actions: list[Any] = ["deny", "withdraw", "honour", {"kind": "inspect", "times_usual": 2}, {"kind": "price", "factor": 0},
                          {"kind": "delay", "days": -3}, {"kind": "delay", "days": 0}, {"kind": "restrict", "kept_share": 0.5},
                          {"kind": "priority", "place": "first"}]  # fmt: skip
    for action in actions:
        judged(
            text(
                behaviours={"b": behaviour()},
                measures={"m": measure({"kind": "records", "behaviours": ["b"]}, action, service)},
            )
        )


@pytest.mark.parametrize("word", sorted(CONDUCT))
def test_every_conduct_is_judged(word: str) -> None:
    firm = CONDUCT[word].subject == "firm"
    feeds = {"gates": {**FEED, "about": "firm" if firm else "self"}}
    service = "firm_loan" if firm else "flights"
    report = judged(text(feeds=feeds, behaviours={"b": behaviour(conduct=[word])},
                         measures={"m": measure({"kind": "records", "behaviours": ["b"]}, service=service)}))  # fmt: skip
    assert report is not None


@pytest.mark.parametrize("source", ["rongcheng-2021"])
def test_a_library_policy_may_lose_any_element(source: str) -> None:
    tree = load_policy(source).tree.plain()
    whole = check(load_policy(source), AS_OF)
    for path in [each for each in paths(tree) if len(each) == 2]:
        report = judged(written(deleted(tree, path)))
        if report is not None:
            assert compare(whole, report).changed


def words_of(kind: Any) -> list[str]:
    return [str(each) for each in get_args(kind)]


LABELS = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(words_of(Kind)),
        "gravity": st.integers(0, 4),
        "context": st.sampled_from(words_of(Context)),
        "established_by": st.sampled_from(
            ["final_court", "final_admin", "appealable", "report", "algorithm", "unknown"]
        ),
        "definition_precise": st.sampled_from([True, False, "unknown"]),
        "uses_traits": st.lists(st.sampled_from(words_of(Trait)), max_size=2),
        "proxy_for": st.lists(st.sampled_from(words_of(Trait)), max_size=2),
        "title": st.just("keeping the peace online"),
        "note": st.just("an offence under the act"),
    },
)
FEEDS = st.fixed_dictionaries(
    {},
    optional={
        "context": st.sampled_from(words_of(Context)),
        "category": st.sampled_from(
            ["ordinary", "special", "criminal", "biometric", "location", "communications", "personality", "unknown"]
        ),
        "about": st.sampled_from(["self", "household", "associate", "employee", "member", "student", "unknown"]),
        "provenance": st.sampled_from(
            ["final_decision", "verified_record", "self_reported", "sensor", "averaged", "unknown"]
        ),
        "title": st.just("court decisions"),
    },
)
OTHERS = st.fixed_dictionaries(
    {},
    optional={
        "method": st.fixed_dictionaries(
            {"kind": st.sampled_from(["human_rules", "learned", "hybrid", "manual", "unknown"])}
        ),
        "purpose": st.fixed_dictionaries(
            {"contexts": st.lists(st.sampled_from(words_of(Context)), max_size=3), "specific": st.just(True)}
        ),
        "operator": st.fixed_dictionaries({"kind": st.sampled_from(["public_authority", "private", "mixed"])}),
        "links": st.just({"l": {"contexts": ["online_speech", "transport"], "legal_basis": ["act"]}}),
    },
)
RECORDS = {"kind": "records", "behaviours": ["posts"]}
WAYS: dict[str, dict[str, Any]] = {
    "records": {"measures": {"ban": measure(RECORDS)}},
    "list": {"lists": {"l": listing(RECORDS)}, "measures": {"ban": measure({"kind": "listed", "lists": ["l"]})}},
    "score": {"scores": {"s": score({"good": 60, "poor": 0})},
              "measures": {"ban": measure({"kind": "band", "score": "s", "bands": ["poor"]})}},
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@settings(STEADY, max_examples=100)
@given(LABELS, FEEDS, OTHERS, st.sampled_from(["online_criticism", "unregistered_worship", "political_study_absent"]))
def test_no_label_takes_a_ban_on_thought_and_on_crossing_walks_of_life_away(
    way: str, labels: dict[str, Any], feed: dict[str, Any], others: dict[str, Any], word: str
) -> None:
    """The conduct stays what it is; whatever it is called, both findings are reviewed at least."""
    points = {"points": {"s": -60}} if way == "score" else {}
    act = {"act": {"kind": "statute", "cite": "an act", "data_specified": True, "published": True, "safeguards": True}}
    report = check(tiny(
        legal_basis=act, feeds={"gates": {**FEED, **feed}}, **others,
        behaviours={"posts": {**behaviour(conduct=[word], kind="opinion", gravity=0), **points, **labels}}, **WAYS[way],
    ), AS_OF)  # fmt: skip
    said = {(each.rule, each.outcome.element): each for each in report.findings}
    thought, crossed = said["HR-18-1", "behaviours.posts"], said["AIA-5c-1", "measures.ban"]
    assert thought.kind in ("fail", "review") and thought.counts
    assert crossed.kind in ("fail", "review") and crossed.counts
