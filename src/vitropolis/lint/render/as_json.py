"""The report as one JSON object, `vitropolis.lint/1`."""

from __future__ import annotations

import json
from typing import Any

from vitropolis.base.mark import MARK
from vitropolis.lint.check import NEVER, Report, kinds, rule_set
from vitropolis.lint.finding import Finding
from vitropolis.lint.grounds import Ground
from vitropolis.lint.render.words import law_of

SCHEMA = "vitropolis.lint/1"


def as_json(report: Report) -> str:
    """The whole report, passes included."""
    return json.dumps(as_data(report), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """The whole report as plain data."""
    shown = [*report.shown, *report.passes]
    return {
        "schema": SCHEMA,
        "head": head(report),
        "findings": [finding_data(report, each) for each in shown],
        "rules": {each.rule: rule_data(report, each.rule) for each in shown},
        "not_applicable": [each for each in report.not_applicable if each in report.selected],
        "never": NEVER,
        "mark": MARK,
    }


def head(report: Report) -> dict[str, Any]:
    """What stands first in every format."""
    policy, asked = report.policy, report.options
    return {
        "policy": {
            "id": policy.id, "title": policy.policy.title, "version": policy.policy.version,
            "state": policy.policy.state, "as_of": policy.policy.as_of.isoformat(), "digest": policy.digest,
            "chain": list(policy.chain), "jurisdictions": list(policy.policy.jurisdictions),
        },
        "rule_set": rule_set(),
        "as_of": report.as_of.isoformat(),
        "profiles": list(asked.profiles),
        "not_selected": dict(report.unselected),
        "select": list(asked.select),
        "ignore": list(asked.ignore),
        "strict": asked.strict,
        "exit_scope": asked.scope,
        "exit_code": report.exit_code,
        "findings": dict(kinds(report.shown)),
        "open": report.open,
        "undecided": report.undecided,
        "run": report.run or None,
    }  # fmt: skip


def finding_data(report: Report, finding: Finding) -> dict[str, Any]:
    """One finding."""
    outcome, source = finding.outcome, report.policy.source
    path = []
    for hop in outcome.path:
        file, line = source.place_of(hop.element)
        path.append({"element": hop.element, "says": hop.says, "file": file, "line": line})
    return {
        "rule": finding.rule, "severity": finding.severity, "kind": finding.kind, "element": outcome.element,
        "file": finding.file, "line": finding.line, "column": finding.column, "says": outcome.says, "led": finding.led,
        "path": path, "missing": list(outcome.missing), "assumed": list(outcome.assumed),
        "labels": list(outcome.labels), "data": dict(outcome.data), "profiles": list(outcome.profiles),
        "counts": finding.counts,
        "suppressed": finding.suppressed, "noted": finding.noted, "run": list(finding.ran),
        "fingerprint": finding.fingerprint,
    }  # fmt: skip


def rule_data(report: Report, id: str) -> dict[str, Any]:
    """One rule, with the law behind it."""
    rule = report.rule(id)
    return {
        "name": rule.name, "title": rule.title, "severity": rule.severity, "profiles": list(rule.profiles),
        "grounds": [ground_data(each) for each in law_of(rule)],
        "fix": [{"verb": verb, "what": what} for verb, what in rule.fixes],
        "cannot_decide": rule.text("Cannot decide"),
    }  # fmt: skip


def ground_data(ground: Ground) -> dict[str, Any]:
    """One ground."""
    return {
        "id": ground.id, "cite": ground.cite, "says": ground.says, "body": ground.body, "binding": ground.binding,
        "applies_from": ground.applies_from.isoformat() if ground.applies_from else None,
        "applies_until": ground.applies_until.isoformat() if ground.applies_until else None,
        "checked": ground.checked, "verified_on": ground.verified_on.isoformat(), "language": ground.language,
        "url": ground.url, "note": ground.note,
    }  # fmt: skip
