"""The rules as a set: all of them, each with its texts, its law and both kinds of case; and no word that clears."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from tests.house.tree import PACKAGE, dotted, modules, name, parsed
from tests.lint.cases import AS_OF, HOME
from tests.lint.coverage import FIRES, OPEN, SILENT, counts, lines

from vitropolis.lint.catalogue import rules
from vitropolis.lint.check import LAST, NEVER, check
from vitropolis.lint.explain import rule_lines, rule_page
from vitropolis.lint.export import paper
from vitropolis.lint.finding import SEVERITIES
from vitropolis.lint.grounds import Ground, grounds, limits
from vitropolis.lint.render import FORMATS, render
from vitropolis.lint.rule import FIX_VERBS, PROFILES, SECTIONS, Rule
from vitropolis.policy import load_policy

IDS = [
    "AIA-0", "AIA-5c-1", "AIA-5c-2", "AIA-5c-3", "AIA-5c-4", "AIA-5c-5", "AIA-5c-6", "AIA-5c-7", "AIA-5c-8",
    "AIA-5c-9", "AIA-5d-1", "AIA-5fg-1", "AIA-III5-1", "AIA-26-1", "AIA-26-2", "AIA-26-3", "AIA-27-1", "AIA-86-1",
    "GDP-5b-1", "GDP-5c-1", "GDP-5d-1", "GDP-5e-1", "GDP-6-1", "GDP-9-1", "GDP-10-1", "GDP-13-1", "GDP-15-1",
    "GDP-16-1", "GDP-17-1", "GDP-22-1", "GDP-22-2", "GDP-22-3", "GDP-25-1", "GDP-35-1", "HR-2-1", "HR-12-1",
    "HR-17-1", "HR-18-1", "HR-19-1", "HR-21-1", "HR-25-1", "HR-26-1", "HR-13-1", "HR-24-1", "HR-14-1", "HR-15-1",
    "HR-11-1", "COE-14-1", "COE-16-1", "UNE-26-1", "CN-49-1", "CN-49-2", "CN-49-3", "CN-49-4", "CN-49-5", "CN-SPC-1",
    "CN-SPC-2", "CN-REP-1", "CN-PIPL-1", "CN-PIPL-2", "CN-EVAL-1", "US-605-1", "US-615-1", "DP-SYRI-1", "DP-SYRI-2",
    "DP-ROBO-1", "DP-ROBO-2", "DP-ROBO-3", "DP-CIT-1", "DP-CIT-2", "DP-CIT-3", "DP-ENG-1", "DP-LOCK-1", "DP-STACK-1",
    "DP-CLIFF-1", "DP-SPILL-1", "DP-APP-1", "DP-APP-2", "DP-MISS-1", "DP-RANK-1", "INT-1", "INT-2",
]  # fmt: skip
PROHIBITED = {"AIA-5c-1", "AIA-5c-2", "AIA-5d-1", "AIA-5fg-1", "GDP-22-3", "HR-18-1", "HR-24-1", "CN-PIPL-1"}
CLEARING = re.compile(
    r"\b(compliant|compliance with (the )?(law|act|gdpr)|certif(y|ies|ied|icate)"
    r"|(?<!would have been )passed(?![ -](on|to|over)\b)"
    r"|(policy|system|scheme|text) (is|are|was) (il)?legal\b|(il)?legal (policy|policies|system|scheme))\b",
    re.IGNORECASE,
)
"""Words that would tell a reader that somebody has judged the policy and let it through, or condemned it in law."""
EVERY = rules()
LAW = tuple(grounds().values())


def test_they_are_the_eighty_two() -> None:
    found = [rule.id for rule in EVERY]
    assert sorted(found) == sorted(IDS)
    assert len(set(found)) == len(IDS) == 82


def test_so_many_are_of_each_severity() -> None:
    counted = Counter(rule.severity for rule in EVERY)
    assert counted == {"prohibited": 8, "high": 44, "medium": 27, "advice": 1, "review": 2}
    assert {rule.id for rule in EVERY if rule.severity == "prohibited"} == PROHIBITED


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_a_rule_has_its_texts_its_law_and_its_way_to_mend(rule: Rule) -> None:
    assert [section for section in SECTIONS if not rule.text(section).strip()] == []
    assert rule.title and not rule.title.endswith(".")
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.severity in SEVERITIES
    assert set(rule.profiles) <= set(PROFILES) and rule.profiles
    assert set(rule.grounds) <= set(grounds()) and rule.grounds
    assert rule.fixes
    for verb, what in rule.fixes:
        assert verb in FIX_VERBS
        assert what and not what.endswith(".")


def test_names_are_there_once() -> None:
    assert [each for each, number in Counter(rule.name for rule in EVERY).items() if number > 1] == []


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_no_way_to_mend_only_calls_something_otherwise(rule: Rule) -> None:
    told = " ".join(what for _, what in rule.fixes).lower()
    assert not re.search(r"\b(relabel|rename|call (it|them)|declare (it|them) (as|to be)|change the kind)\b", told)


def declared_limits() -> Iterator[tuple[str, str]]:
    """Every call of `limit()` with its place and argument."""
    for path in modules("lint"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and dotted(node.func) in ("limit", "grounds.limit"):
                value = node.args[0]
                yield f"{name(path)}:{node.lineno}", str(value.value) if isinstance(value, ast.Constant) else ""


def names_in_code() -> Iterator[str]:
    """Every text in the linter's code as a pattern: a name of a limit may be made of parts (`f"cn_shown_{word}"`)."""
    for path in modules("lint"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                yield node.value
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+" for part in node.values]
                if len(parts) > 1 and re.fullmatch(r"[a-z_]{3,}", parts[0]):
                    yield "".join(parts)


def test_every_limit_that_is_asked_for_is_there_and_has_a_ground() -> None:
    asked = [(place, word) for place, word in declared_limits() if word]
    assert asked
    assert [(place, word) for place, word in asked if word not in limits()] == []
    assert [each.name for each in limits().values() if each.ground not in grounds()] == []


def test_every_limit_is_asked_for() -> None:
    found = set(names_in_code())
    patterns = [re.compile(each) for each in found if ".+" in each]
    left = [each for each in limits() if each not in found]
    assert [each for each in left if not any(pattern.fullmatch(each) for pattern in patterns)] == []


def test_every_ground_is_somebody_s() -> None:
    used = {each for rule in EVERY for each in rule.grounds} | {each.ground for each in limits().values()}
    used.add("own-rule")
    assert sorted(set(grounds()) - used) == []


@pytest.mark.parametrize("ground", LAW, ids=lambda ground: ground.id)
def test_a_ground_says_what_when_and_in_which_language_it_was_read(ground: Ground) -> None:
    assert ground.cite and ground.says and ground.body and ground.language
    assert ground.checked in ("read", "secondary", "memory")
    assert date(2026, 1, 1) <= ground.verified_on <= AS_OF
    if ground.applies_from and ground.applies_until:
        assert ground.applies_from < ground.applies_until
    assert not ground.says.endswith(".")


def test_no_number_that_a_law_sets_stands_in_a_rule() -> None:
    """It would be law without a ground: such numbers stand in `limits.yaml`."""
    numbers = {each.value for each in limits().values() if each.value > 12}
    found = []
    for path in modules("lint/rules"):
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Constant) and type(node.value) is int and node.value in numbers:
                found.append(f"{name(path)}:{node.lineno}: {node.value}")
    assert found == []


def clearing(text: str) -> list[str]:
    """The words in a text that clear or condemn."""
    return [match.group() for match in CLEARING.finditer(" ".join(text.split()))]


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_no_rule_clears_or_condemns(rule: Rule) -> None:
    assert clearing("\n".join([rule.title, rule.name, *rule_lines(rule), rule_page(rule)])) == []


def test_no_ground_and_no_limit_does() -> None:
    told = [f"{each.id} {each.cite} {each.says} {each.note}" for each in LAW]
    told += [f"{each.name} {each.note}" for each in limits().values()]
    assert [each for each in told if clearing(each)] == []


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("policy", ["clean", "beijing-2018-press"])
def test_no_report_does(policy: str, format: str) -> None:
    whole = load_policy(HOME / "clean.policy.yaml" if policy == "clean" else policy)
    told = render(check(whole, AS_OF), format, full=True, passes=True)
    assert clearing(told) == []
    assert " ".join(NEVER.split())[:40] in " ".join(told.split()) or format == "github"


@pytest.mark.parametrize("kind", ["fria", "dossier"])
def test_no_working_paper_does(kind: str) -> None:
    assert clearing(paper(check(load_policy(HOME / "clean.policy.yaml"), AS_OF), kind)) == []


@pytest.mark.parametrize(
    "text",
    ["the policy is legal", "Compliant.", "an illegal system", "all passed", "certified by", "this scheme is illegal"],
)
def test_each_is_noticed(text: str) -> None:
    assert clearing(text)


@pytest.mark.parametrize(
    "text", ["legal basis", "legal entities", "ends on compliance", "those passed over", "score-passed-on", "pass"]
)
def test_what_says_something_else_is_not(text: str) -> None:
    assert clearing(text) == []


@pytest.mark.parametrize("rule", EVERY, ids=lambda rule: rule.id)
def test_a_rule_is_shown_to_fire_and_to_be_silent(rule: Rule) -> None:
    shown = counts()[rule.id]
    fires = shown[FIRES] + (shown[OPEN] if rule.id == LAST else 0)  # what is not declared is open, nothing worse
    assert fires > 0
    assert shown[SILENT] > 0


def test_the_table_tells_of_every_rule_what_it_works_out_and_what_it_believes() -> None:
    told = "\n".join(lines())
    for rule in EVERY:
        assert f"{rule.id} ({'graph' if rule.graph else 'declared'}): fires " in told
        assert f"    computed: {rule.text('Computed')}\n    declared: {rule.text('Declared')}" in told


def test_rules_stand_where_the_package_says() -> None:
    assert {rule.judge.__module__.rpartition(".")[0] for rule in EVERY} == {"vitropolis.lint.rules"}
    assert (PACKAGE / "lint" / "rules").is_dir()
