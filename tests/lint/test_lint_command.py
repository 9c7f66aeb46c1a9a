# ruff: noqa: E501 (messages stand here as they are)
"""`vitropolis lint` and its sisters, as they are called: exit codes, selections, dates, suppressions, messages."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.cli.calls import Done, call, nothing_left
from tests.lint.cases import HOME
from tests.lint.tiny import behaviour, measure, text

from vitropolis.lint.catalogue import rules
from vitropolis.lint.check import rule_set
from vitropolis.lint.render import FORMATS
from vitropolis.lint.rule import PROFILES
from vitropolis.policy import load_policy

CLEAN = HOME / "clean.policy.yaml"
DAY = ("--as-of", "2026-11-26")
HELD = {"rule": "HR-19-1", "element": "behaviours.posts", "reason": "under review", "by": "the council"}
POSTS = {
    "behaviours": {
        "posts": behaviour(conduct=["online_criticism"], context="online_speech", kind="opinion", gravity=0)
    },
    "measures": {"ban": measure({"kind": "records", "behaviours": ["posts"]})},
}


@pytest.fixture
def posts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A policy that bans critics from flights, in a file beside which a call is made."""
    return write(tmp_path, monkeypatch)


def write(folder: Path, monkeypatch: pytest.MonkeyPatch, **sections: Any) -> str:
    monkeypatch.chdir(folder)
    (folder / "x.policy.yaml").write_text(text(head={"id": "x"}, **POSTS, **sections))
    return "x.policy.yaml"


def told(*words: str | Path) -> dict[str, Any]:
    """The JSON of a call that judged."""
    done = call("lint", *words, *DAY, "--json")
    assert done.err == ""
    found: dict[str, Any] = json.loads(done.out)
    assert found["head"]["exit_code"] == done.code
    return found


def of(found: Mapping[str, Any], rule: str, element: str | None = None) -> list[dict[str, Any]]:
    return [each for each in found["findings"] if each["rule"] == rule and element in (None, each["element"])]


def test_nothing_found_is_0_and_something_that_counts_is_1(posts: str) -> None:
    assert (call("lint", CLEAN, *DAY).code, call("lint", CLEAN, *DAY).err) == (0, "")
    assert (call("lint", posts, *DAY).code, call("lint", posts, *DAY).err) == (1, "")


def test_the_exit_code_is_of_all_rules_unless_asked_otherwise(posts: str) -> None:
    few = ("--select", "AIA-0")
    assert call("lint", posts, *DAY, *few).code == 1
    assert call("lint", posts, *DAY, *few, "--exit-scope", "selected").code == 0
    assert (
        call("lint", posts, *DAY, "--ignore", "HR,AIA,GDP,COE,CN,DP,US,UNE,INT", "--exit-scope", "selected").code == 0
    )
    assert call("lint", posts, *DAY, "--select", "HR-18-1", "--exit-scope", "selected").code == 1
    told_so = call("lint", posts, *DAY, *few).out
    plain = " ".join(told_so.split())
    assert re.search(r"exit code 1: \d+ fails and \d+ reviews of prohibited rules count, of all rules of all", plain)
    assert re.search(r"rules only AIA-0; 81 of 82 rules left out, with \d+ findings that decide the exit code", plain)


def test_strict_counts_what_cannot_be_decided(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = CLEAN.read_text().splitlines(keepends=True)
    Path("clean.policy.yaml").write_text("".join(line for line in lines if not line.startswith("  appeal:")))
    loose, strict = told("clean.policy.yaml"), told("clean.policy.yaml", "--strict")
    assert (loose["head"]["exit_code"], strict["head"]["exit_code"]) == (0, 1)
    opened = {(each["rule"], each["element"]) for each in loose["findings"] if each["kind"] == "open"}
    assert opened
    assert loose["head"]["open"] == len([each for each in loose["findings"] if each["kind"] == "open"])
    assert {(each["rule"], each["element"]) for each in strict["findings"] if each["kind"] == "fail"} == opened
    assert strict["head"]["open"] == 0
    assert (
        "strict         what cannot be decided counts as a fail\n"
        in call("lint", "clean.policy.yaml", *DAY, "--strict").out
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--profile", "usa"], "`usa` is not a profile; did you mean `us`? (legal: eu, coe, hr, cn, us, due, intl, all)"),
        (["--profile", "moral"], "`moral` is not a profile (legal: eu, coe, hr, cn, us, due, intl, all)"),
        (["--profile", ","], "--profile names no profile (legal: eu, coe, hr, cn, us, due, intl, all)"),
        (["--select", "HR-181"], "no rule's id begins with `HR-181`; did you mean `HR-18-1`?; see `vitropolis lint rules`"),
        (["--ignore", "XYZ"], "no rule's id begins with `XYZ`; see `vitropolis lint rules`"),
        (["--format", "sarfi"], "`sarfi` is not legal for --format; did you mean `sarif`? (legal: text, json, sarif, github, markdown, html)"),
        (["--export", "dosier"], "`dosier` is not legal for --export; did you mean `dossier`? (legal: fria, dossier)"),
        (["--exit-scope", "select"], "`select` is not legal for --exit-scope; did you mean `selected`? (legal: all, selected)"),
        (["--as-of", "2026-02-30"], "`2026-02-30` is not legal for --as-of: there is no such day; write YYYY-MM-DD"),
        (["--filling", "harsh"], "`x.policy.yaml` has no fillings; leave out --filling"),
        (["--strickt"], "`--strickt` is not an option of `vitropolis lint`; did you mean `--strict`? (see `vitropolis lint --help`)"),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else "",
)  # fmt: skip
def test_a_bad_call_is_2_and_says_what_would_do(words: list[str], said: str, posts: str) -> None:
    done = call("lint", posts, *words)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"vitropolis: {said}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rule", "AIA-5c-99"], "`AIA-5c-99` is not a rule of the linter; did you mean `AIA-5c-9`?; see `vitropolis lint rules`"),
        (["rule", "own-x"], "`own-x` is not a rule of the linter; see `vitropolis lint rules`"),
        (["rules", "--profile", "cnn"], "`cnn` is not a profile; did you mean `cn`? (legal: eu, coe, hr, cn, us, due, intl, all)"),
        (["diff", "rongcheng-2021", "none"], "`none` is no policy of its own; run a policy: its twin `none` is played by itself"),
    ],
)  # fmt: skip
def test_a_bad_call_of_its_sisters_too(words: list[str], said: str) -> None:
    assert call("lint", *words) == Done(2, "", f"vitropolis: {said}\n")


def test_a_bad_file_is_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("x.policy.yaml").write_text("schema_version: 1\npolicyy: {}\n")
    with nothing_left(tmp_path):
        done = call("lint", "x.policy.yaml", "--out", "report.txt")
        assert (done.code, done.out) == (3, "")
        assert done.err.splitlines()[0] == "vitropolis: x.policy.yaml:1: `policy` is missing"
        assert call("lint", "y.policy.yaml") == Done(3, "", "vitropolis: y.policy.yaml: there is no such file\n")
        assert call("lint", "diff", "rongcheng-2021", "x.policy.yaml").code == 3


def test_selections_say_which_rules_speak(posts: str) -> None:
    every = {each["rule"] for each in told(posts)["findings"]}
    few = {each["rule"] for each in told(posts, "--select", "hr-1,US", "--ignore", "HR-18")["findings"]}
    assert few == {rule for rule in every if rule.startswith(("HR-1", "US")) and rule != "HR-18-1"}
    lens = {each["rule"] for each in told(posts, "--profile", "us,coe")["findings"]}
    by_id = {rule.id: set(rule.profiles) for rule in rules()}
    assert lens == {rule for rule in every if by_id[rule] & {"us", "coe"}}
    head = told(posts, "--profile", "us,coe")["head"]
    assert head["profiles"] == ["coe", "us"]  # in the order of the profiles, whatever was typed
    assert head["not_selected"]["hr"] >= 1


HEADS = {
    "text": "",
    "markdown": "# Findings on x\n\n| | |\n|---|---|\n",
    "github": "::notice title=vitropolis lint x::",
}


@pytest.mark.parametrize("format", FORMATS)
def test_the_head_stands_first_in_every_format(format: str, posts: str) -> None:
    done = call("lint", posts, *DAY, "--profile", "cn,due", "--format", format)
    policy, found = load_policy(posts), told(posts, "--profile", "cn,due")["head"]
    others = found["not_selected"]
    assert set(others) == set(PROFILES) - {"cn", "due"} and others["hr"] > 0
    if format in ("json", "sarif"):
        data = json.loads(done.out)
        first = data["head"] if format == "json" else data["runs"][0]["properties"]
        assert list(data)[1] == "head" if format == "json" else next(iter(data["runs"][0])) == "properties"
        assert {key: first[key] for key in found} == found
        assert (first["policy"]["digest"], first["rule_set"], first["as_of"]) == (
            policy.digest,
            rule_set(),
            "2026-11-26",
        )
        return
    start = done.out.index("fail)")
    top = " ".join(re.sub(r"%0A|<[^>]*>|\s|\|", " ", done.out[: start + 200]).split())
    for part in (policy.digest, rule_set(), "2026-11-26", "cn, due", f"hr ({others['hr']} that decide the exit code)",
                 f"{found['open']} cannot be decided (open)"):  # fmt: skip
        assert part in top, part
    assert done.out.startswith(HEADS.get(format, "<!doctype html>"))


def test_a_law_that_does_not_apply_yet_weighs_a_step_less_and_says_from_when(posts: str) -> None:
    words = ("--select", "AIA-III5-1,HR-18-1", "--json")
    Path(posts).write_text(text(head={"id": "x"}, method={"kind": "learned"}, **{
        **POSTS, "measures": {"ban": measure({"kind": "records", "behaviours": ["posts"]}, service="social_assistance")}}))  # fmt: skip
    before, after = (
        json.loads(call("lint", posts, "--as-of", day, *words).out) for day in ("2027-12-01", "2027-12-02")
    )
    first, then = of(before, "AIA-III5-1")[0], of(after, "AIA-III5-1")[0]
    assert (first["severity"], then["severity"], then["led"]) == ("medium", "high", "")
    assert re.fullmatch(r"not yet in application: AI Act .* applies from 2027-12-02", first["led"])
    assert (first["kind"], first["fingerprint"]) == (then["kind"], then["fingerprint"])
    assert of(before, "HR-18-1") == of(after, "HR-18-1")
    shown = call("lint", posts, "--as-of", "2027-12-01", "--select", "AIA-III5-1", "--full").out
    assert f"medium, {first['kind']}: not yet in application: AI Act art. 6(2)" in " ".join(shown.split())


def test_a_ban_that_binds_ai_systems_alone_is_a_review_where_none_is_declared(posts: str) -> None:
    found = of(told(posts), "AIA-5c-1")[0]
    assert (found["kind"], found["severity"], found["counts"]) == ("review", "prohibited", True)
    assert found["led"] == "prohibited if this is an AI system (AIA-0)"
    Path(posts).write_text(text(head={"id": "x"}, method={"kind": "learned"}, **POSTS))
    found = of(told(posts), "AIA-5c-1")[0]
    assert (found["kind"], found["led"]) == ("fail", "")


def test_a_suppression_holds_until_its_day_and_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path, monkeypatch, suppressions=[{**HELD, "expires": date(2026, 11, 26)}])
    found = of(told(file), "HR-19-1")[0]
    assert found["suppressed"] == "under review (by the council, until 2026-11-26)"
    assert (found["kind"], found["counts"], found["noted"]) == ("fail", False, "")
    only = ("--select", "HR-19-1", "--exit-scope", "selected")
    assert call("lint", file, *DAY, *only).code == 0
    shown = call("lint", file, *DAY, *only).out
    assert "suppressed     1, each shown with its reason\n" in shown
    assert "suppressed     under review (by the council, until 2026-11-26)" in shown
    late = call("lint", file, "--as-of", "2026-11-27", *only)
    assert late.code == 1
    assert "note           the suppression by the council expired on 2026-11-26" in late.out


def test_of_two_suppressions_the_one_that_holds_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = {**HELD, "expires": date(2025, 1, 1)}, {**HELD, "by": "the court", "expires": date(2027, 1, 1)}
    file = write(tmp_path, monkeypatch, suppressions=[old, new])
    assert of(told(file), "HR-19-1")[0]["suppressed"] == "under review (by the court, until 2027-01-01)"


def test_what_is_prohibited_cannot_be_suppressed_and_the_try_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = {**HELD, "rule": "HR-18-1", "expires": date(2030, 1, 1)}
    file = write(tmp_path, monkeypatch, suppressions=[tried])
    found = of(told(file), "HR-18-1", "behaviours.posts")[0]
    assert found["noted"] == "contested by the council (under review); a prohibited rule cannot be suppressed"
    assert (found["suppressed"], found["counts"]) == ("", True)
    says = [each["says"] for each in of(told(file), "INT-1")]
    assert "`HR-18-1` is prohibited and cannot be suppressed" in says


def test_a_suppression_of_an_element_holds_for_its_parts_and_not_for_its_namesakes() -> None:
    from vitropolis.lint.check import _meant
    from vitropolis.lint.finding import Finding, Outcome
    from vitropolis.policy.parts import Suppression

    item = Suppression(**HELD, expires=date(2030, 1, 1))

    def at(element: str) -> Finding:
        return Finding(rule="HR-19-1", severity="high", outcome=Outcome("fail", element, "x"), file="f", line=1, column=1,
                       )  # fmt: skip

    assert [_meant(item, at(name)) for name in ("behaviours.posts", "behaviours.posts.points", "behaviours.posts2")] == [
        True, True, False]  # fmt: skip


def test_passes_are_in_sarif_only_if_asked_for() -> None:
    plain = json.loads(call("lint", CLEAN, *DAY, "--format", "sarif").out)["runs"][0]["results"]
    whole = json.loads(call("lint", CLEAN, *DAY, "--format", "sarif", "--passes").out)["runs"][0]["results"]
    assert {each["kind"] for each in plain} <= {"fail", "review", "open", "informational"}
    assert "pass" in {each["kind"] for each in whole}


def test_out_writes_what_would_have_been_printed_and_never_over_anything(posts: str) -> None:
    done = call("lint", posts, *DAY, "--format", "html", "--out", "report.html")
    assert done == Done(1, "", "")
    assert Path("report.html").read_text() == call("lint", posts, *DAY, "--format", "html").out
    again = call("lint", posts, *DAY, "--out", "report.html")
    assert again == Done(2, "", "vitropolis: report.html exists already; choose another name with --out\n")
    away = call("lint", posts, *DAY, "--out", "no/report.html")
    assert away == Done(2, "", "vitropolis: no/report.html: no does not exist; choose another place with --out\n")


def test_json_is_the_format_json(posts: str) -> None:
    assert call("lint", posts, *DAY, "--json") == call("lint", posts, *DAY, "--format", "json")
    assert told(posts)["schema"] == "vitropolis.lint/1"


def test_what_steers_a_terminal_is_shown_and_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    hostile = 'title: "a\\e[2Jb\\u202Ec\\u200Bd"'
    Path("x.policy.yaml").write_text(text(head={"id": "x"}, **POSTS).replace("title: a tiny policy", hostile))
    done = call("lint", "x.policy.yaml", *DAY)
    assert done.code == 1
    assert "a\\x1b[2Jb\\u202ec\\u200bd" in done.out
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u202e\u200b]", done.out)


def test_a_rule_is_explained_whatever_its_case() -> None:
    done = call("lint", "rule", "hr-18-1")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0] == "HR-18-1 thought-scored"
    assert lines[2] == "severity prohibited; profiles hr, coe, eu"
    for heading in ("What it looks for:", "Why:", "It fires, for example:", "It stays silent, for example:", "What is computed:",
                    "What is taken from the policy's own words:", "What this check cannot decide:", "To mend it:", "Grounds:"):  # fmt: skip
        assert heading in lines
    data = json.loads(call("lint", "rule", "HR-18-1", "--json").out)
    assert (data["schema"], data["id"], data["severity"]) == ("vitropolis.lint-rule/1", "HR-18-1", "prohibited")
    assert data["grounds"][0].keys() >= {"cite", "says", "verified_on", "checked", "language", "applies_from"}


@pytest.mark.parametrize("rule", [each.id for each in rules()])
def test_every_rule_can_be_explained(rule: str) -> None:
    done = call("lint", "rule", rule)
    assert (done.code, done.err) == (0, "")
    assert max(map(len, done.out.splitlines())) <= 80


def test_the_rules_are_listed_a_line_each() -> None:
    lines = call("lint", "rules").out.splitlines()
    assert [line.split()[0] for line in lines] == [each.id for each in rules()]
    few = call("lint", "rules", "--profile", "us").out.splitlines()
    assert [line.split()[0] for line in few] == [each.id for each in rules() if "us" in each.profiles]
    assert len(json.loads(call("lint", "rules", "--json").out)["rules"]) == len(rules())


def test_a_change_is_compared(posts: str) -> None:
    Path("y.policy.yaml").write_text(text(head={"id": "y"}, feeds={}))
    done = call("lint", "diff", posts, "y.policy.yaml", *DAY)
    assert (done.code, done.err) == (0, "")
    assert "GONE  x.policy.yaml:" in done.out
    back = call("lint", "diff", "y.policy.yaml", posts, *DAY, "--json")
    assert back.code == 1
    found = json.loads(back.out)
    assert found["schema"] == "vitropolis.lint-diff/1"
    assert "HR-18-1" in {each["rule"] for each in found["fresh"]}
    assert call("lint", "diff", posts, posts, *DAY).code == 0


@pytest.mark.parametrize("kind", ["fria", "dossier"])
def test_a_working_paper_is_written_instead_of_a_report(kind: str, posts: str) -> None:
    done = call("lint", posts, *DAY, "--export", kind)
    assert (done.code, done.err) == (1, "")
    assert done.out.splitlines()[2] == "**working paper for the reviewer, not an assessment**"


def test_a_filling_of_a_template_is_judged() -> None:
    done = call("lint", "beijing-2018-press", "--filling", "harsh", "--select", "AIA-0", *DAY, "--json")
    assert json.loads(done.out)["head"]["policy"]["id"] == "beijing-2018-press-harsh"


@pytest.mark.parametrize("words", [[], ["--json"], ["--format", "sarif"], ["--format", "html"]])
def test_a_call_pays_for_no_heavy_library(words: list[str], posts: str) -> None:
    script = (
        "import sys\nfrom vitropolis.cli import main\n"
        f"code = main({['lint', posts, *words]!r})\n"
        "heavy = ('numba', 'polars', 'xarray', 'numpy', 'scipy', 'jsonpath', 'h5netcdf')\n"
        "print([each for each in heavy if each in sys.modules], code, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.stderr == "[] 1\n"
