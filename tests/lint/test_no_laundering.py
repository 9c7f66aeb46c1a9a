"""The linter shows what is wrong and never makes it look right: no policy goes in and comes out mended."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.cli.calls import call
from tests.house.test_decides_about_nobody import words
from tests.house.tree import PACKAGE, Function, modules, name, parsed
from tests.lint.cases import AS_OF
from tests.lint.tiny import behaviour, measure, tiny

from vitropolis.lint.catalogue import rules
from vitropolis.lint.check import check

HELD = {"policy", "policies"}
CHANGED = {"node", "policy", "tree"}
FORBIDDEN = {"clean", "cleaned", "cleaner", "autofix", "fixed", "improve", "launder", "mend", "minimise", "minimize",
             "optimise", "optimize", "optimum", "rewrite", "sanitise", "sanitize", "whitewash"}  # fmt: skip
READS = {
    "fix",
    "fixes",  # what to do about a finding, in words
}


def taken(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The parameters of a function, each with its annotation."""
    args = node.args
    for each in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg):
        if each is not None:
            yield f"{each.arg} {ast.unparse(each.annotation) if each.annotation else ''}"


def makers(tree: ast.Module) -> Iterator[str]:
    """Functions that take a policy and give one back, whole or as a tree."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            given = ast.unparse(node.returns) if node.returns else ""
            if words(" ".join(taken(node))) & HELD and words(given) & CHANGED:
                yield node.name


def cleaners(tree: ast.Module) -> Iterator[str]:
    """Functions and classes whose name says that something is made to look better."""
    for node in ast.walk(tree):
        if isinstance(node, Function | ast.ClassDef):
            found = words(node.name)
            if found & FORBIDDEN or (found & READS and isinstance(node, Function) and not _told(node)):
                yield node.name


def _told(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function gives back words."""
    given = ast.unparse(node.returns) if node.returns else ""
    return "str" in words(given) and not words(given) & CHANGED


def writers(tree: ast.Module) -> Iterator[str]:
    """What builds or changes a policy's tree."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("with_value", "model_copy", "model_construct"):
            yield node.attr
        if isinstance(node, ast.ImportFrom) and node.module in ("vitropolis.policy.overlay", "vitropolis.policy.load"):
            yield node.module
        if isinstance(node, ast.Name) and node.id in ("safe_dump", "load_text", "merge"):
            yield node.id


LINT = modules("lint")
COMMANDS = [path for path in modules("cli") if path.name.startswith("lint")]


@pytest.mark.parametrize("path", [*LINT, *COMMANDS], ids=name)
def test_nothing_takes_a_policy_and_gives_one_back(path: Path) -> None:
    assert list(makers(parsed(path))) == []


@pytest.mark.parametrize("path", [*LINT, *COMMANDS], ids=name)
def test_nothing_is_called_after_making_a_policy_look_better(path: Path) -> None:
    assert list(cleaners(parsed(path))) == []


@pytest.mark.parametrize("path", LINT, ids=name)
def test_nothing_writes_into_a_policy(path: Path) -> None:
    assert list(writers(parsed(path))) == []


@pytest.mark.parametrize(
    "code",
    [
        "def f(policy): ...\ndef g(policy: Policy) -> Policy: ...",
        "def without(policies: list[Policy]) -> tuple[Policy, ...]: ...",
        "async def f(*, of: Policy, to: int) -> Node: ...",
        "class A:\n    def tree_of(self, policy) -> Node | None: ...",
        "def f(base: vitropolis.policy.Policy) -> dict[str, Policy]: ...",
    ],
)
def test_a_function_that_gives_back_a_policy_is_noticed(code: str) -> None:
    assert len(list(makers(ast.parse(code)))) == 1


@pytest.mark.parametrize(
    "code",
    [
        "def minimise_findings(report): ...",
        "class Optimiser: ...\ndef optimise(): ...",
        "def fix(finding: Finding) -> None: ...",
        "def cleaned(text: str) -> str: ...",
        "def apply_fix(of: str) -> Policy: ...",
    ],
)
def test_a_name_that_promises_it_is_noticed(code: str) -> None:
    assert len(list(cleaners(ast.parse(code)))) == 1


@pytest.mark.parametrize(
    "code", ["tree.with_value({})", "a.model_copy()", "from vitropolis.policy.overlay import merge", "load_text(x)"]
)
def test_what_writes_is_noticed(code: str) -> None:
    assert list(writers(ast.parse(code))) != []


@pytest.mark.parametrize("code", ["def judge(policy: Policy) -> Report: ...", "def fix(self) -> str: ..."])
def test_what_only_reads_is_not(code: str) -> None:
    assert [*makers(ast.parse(code)), *cleaners(ast.parse(code))] == []


def test_no_command_and_no_option_does_it_either() -> None:
    told = call("lint", "--help").out
    assert not words(told) & (FORBIDDEN - {"mend"})  # `lint rule` says how to mend something, in words
    for option in ("--fix", "--autofix", "--clean", "--write"):
        assert option not in told
        assert call("lint", "beijing-2018-press", option).code == 2


def test_a_rule_of_ones_own_cannot_ban(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(
        "schema_version: 1\nrules:\n  x: {title: t, severity: prohibited, given: $.feeds, fix: {remove: it}}\n"
    )
    done = call("lint", "beijing-2018-press", "--rules", file)
    assert (done.code, done.out) == (3, "")
    assert done.err == (
        f"vitropolis: {file}:3: rules.x.severity: `prohibited` is not allowed (legal: high, medium, advice)\n"
    )


@pytest.mark.parametrize("rule", [each.id for each in rules() if each.severity == "prohibited"])
@pytest.mark.parametrize("day", [date(2020, 1, 1), AS_OF, date(2035, 1, 1)], ids=str)
def test_no_suppression_holds_for_what_is_prohibited(rule: str, day: date) -> None:
    """Not before the law applies either: the rule is the same, only one step lower."""
    elements = ("behaviours.posts", "measures.ban", "feeds.gates")
    given = [{"rule": rule, "element": element, "reason": "we like it", "by": "the mayor", "expires": date(2040, 1, 1)}
             for element in elements]  # fmt: skip
    sections = {
        "behaviours": {"posts": behaviour(conduct=["online_criticism", "unregistered_worship"], kind="unlawful_act")},
        "measures": {"ban": measure({"kind": "records", "behaviours": ["posts"]})},
    }
    plain = check(tiny(**sections), day)
    report = check(tiny(**sections, suppressions=given), day)
    said = [each for each in report.findings if each.rule == rule]
    assert [each.suppressed for each in said if each.suppressed] == []
    assert [each.counts for each in said] == [each.counts for each in plain.findings if each.rule == rule]
    for each in said:
        if each.kind != "pass" and each.outcome.element.startswith(elements):
            assert each.noted == "contested by the mayor (we like it); a prohibited rule cannot be suppressed"
    if rule == "HR-18-1":
        assert any(each.noted for each in said)


def test_the_package_offers_no_way_round() -> None:
    assert (PACKAGE / "lint").is_dir() and LINT and COMMANDS
