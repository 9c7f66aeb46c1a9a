"""What every format says in the same words: the head of a report, the standing of a finding, its grounds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from vitropolis.lint.check import NEVER, Report, kinds, rule_set
from vitropolis.lint.finding import Finding, Kind, Severity
from vitropolis.lint.grounds import Ground, grounds
from vitropolis.lint.rule import Rule
from vitropolis.lint.wording import folded

KIND_WORDS: Mapping[Kind, str] = {
    "fail": "would trigger",
    "review": "to be reviewed",
    "open": "cannot be decided",
    "informational": "for information",
    "pass": "not triggered",
    "notApplicable": "nothing to look at",
}
STATIC = f"What this check can never say: {NEVER}. So no finding is never a clearance."
LATER = "in application: "
WORKING = "It judges a text. No record about anybody comes in, and nothing is decided about anybody."


def head_rows(report: Report) -> Iterator[tuple[str, str]]:
    """What stands first in every format, as (name, text): policy, rules, law, profiles, counts of each kind apart."""
    policy, asked = report.policy, report.options
    yield "policy", f"{policy.id}, version {policy.policy.version}: {policy.policy.title}"
    yield "hash", f"{policy.digest} ({' + '.join(policy.chain)})"
    yield "rule set", rule_set()
    yield "law as of", report.as_of.isoformat()
    places = ", ".join(policy.policy.jurisdictions) or "not declared"
    yield "jurisdiction", f"{places}; law of other places is a yardstick here, and binds nobody there"
    yield "profiles", ", ".join(asked.profiles)
    others = [f"{name} ({number} that decide the exit code)" for name, number in report.unselected.items()]
    yield "not selected", ", ".join(others) or "none"
    if asked.select or asked.ignore:
        yield "rules", "; ".join(_chosen(report))
    counted = kinds(report.shown)
    told = (f"{counted[kind]} {KIND_WORDS[kind]} ({kind})" for kind in ("fail", "review", "open"))
    yield "findings", ", ".join(told)
    if report.undecided:
        yield "undecided", f"{report.undecided} of prohibited rules, in all profiles; they clear nothing"
    if report.run:
        yield "run", f"{report.run}; what it says of a finding changes no verdict"
    hidden = sum(bool(each.suppressed) for each in report.shown)
    if hidden:
        yield "suppressed", f"{hidden}, each shown with its reason"
    if asked.strict:
        yield "strict", "what cannot be decided counts as a fail"
    yield "exit code", _exit(report)


def _exit(report: Report) -> str:
    """The exit code, and the findings that make it so."""
    selected = report.options.scope == "selected"
    counted = [each for each in (report.shown if selected else report.findings) if each.counts]
    fails = sum(each.kind == "fail" for each in counted)
    scope = "the findings shown" if selected else "all rules of all profiles"
    later = sum(LATER in each.led for each in counted)
    some = f"; {later} of these rest on law not in application that day" if later else ""
    return (
        f"{report.exit_code}: {fails} fails and {len(counted) - fails} reviews of prohibited rules count, "
        f"of {scope}{some}"
    )


def _chosen(report: Report) -> Iterator[str]:
    asked = report.options
    if asked.select:
        yield f"only {', '.join(asked.select)}"
    if asked.ignore:
        yield f"without {', '.join(asked.ignore)}"
    left_out = {each.id for each in report.rules} - report.selected
    stops = sum(each.counts for each in report.findings if each.rule in left_out)
    yield f"{len(left_out)} of {len(report.rules)} rules left out, with {stops} findings that decide the exit code"


def standing_of(finding: Finding) -> str:
    """Severity and kind, with what stands before the sentence."""
    led = f": {finding.led}" if finding.led else ""
    return f"{finding.severity}, {finding.kind}{led}"


def evidence(finding: Finding) -> Iterator[tuple[str, str]]:
    """What the verdict rests on, as (name, text)."""
    outcome = finding.outcome
    if outcome.profiles:
        yield "by the law of", ", ".join(outcome.profiles)
    if outcome.missing:
        yield "not declared", ", ".join(outcome.missing)
    if outcome.assumed:
        yield "rests on assumed", ", ".join(outcome.assumed)
    if outcome.labels:
        yield "rests on your label", ", ".join(outcome.labels)
    if finding.suppressed:
        yield "suppressed", finding.suppressed
    if finding.noted:
        yield "note", finding.noted
    for said in finding.ran:
        yield "in the run", said


def law_of(rule: Rule) -> tuple[Ground, ...]:
    """The grounds of a rule, the first being the one that its date of application goes by."""
    return tuple(grounds()[name] for name in rule.grounds)


def cites(rule: Rule) -> str:
    """The grounds of a rule as one line."""
    return rule.cited or "; ".join(f"{each.cite}{_quality(each)}" for each in law_of(rule))


def _quality(ground: Ground) -> str:
    """What to know of a ground beside its citation: that it binds nobody, that it was not read."""
    parts = [] if ground.binding else ["not binding"]
    parts += ["from memory"] if ground.checked == "memory" else []
    return f" [{', '.join(parts)}]" if parts else ""


def by_rule(report: Report) -> Iterator[tuple[Rule, list[Finding]]]:
    """The findings shown, rule by rule, in their rank."""
    for id, found in groupby(report.shown, key=lambda each: each.rule):
        yield report.rule(id), list(found)


def counted_kinds(findings: list[Finding]) -> str:
    """`3 fail, 2 open`: how many of each kind."""
    counted = kinds(findings)
    hidden = sum(bool(each.suppressed) for each in findings)
    parts = [f"{number} {kind}" for kind, number in counted.items() if number]
    return ", ".join(parts + ([f"{hidden} suppressed"] if hidden else []))


UNDECIDED = "cannot be decided: fields not declared or `unknown`, and passes that would rest on assumed values"


def folds(finding: Finding) -> bool:
    """Whether a finding is told among what cannot be decided, and not by itself."""
    return finding.kind == "open" and not finding.noted and not finding.suppressed


def undecided(report: Report) -> Iterator[tuple[Rule, Severity, str, list[str]]]:
    """What a rule cannot decide, folded: which fields it wants, and on which assumed values a pass would rest."""
    for rule, found in by_rule(report):
        left = [each for each in found if folds(each)]
        for name, what in (("missing", "for want of"), ("assumed", "would rest on assumed")):
            wanted = [element for each in left for element in getattr(each.outcome, name)]
            if wanted:
                yield rule, left[0].severity, what, folded(wanted)
