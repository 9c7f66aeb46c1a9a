"""The report as SARIF 2.1.0 (OASIS standard): rules with the law behind them as taxonomies, ways as code flows.

Every rule is listed, so that an alert that is gone closes. A result whose kind is not `fail` has the level `none`, as
section 3.27.10 asks. Passes are left out unless asked for. No fixes are offered: nothing here changes a policy.
"""

from __future__ import annotations

import json
import string
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from vitropolis import __version__
from vitropolis.base.mark import MARK
from vitropolis.lint.check import Report
from vitropolis.lint.finding import Finding, Severity
from vitropolis.lint.grounds import Ground
from vitropolis.lint.render.as_json import head
from vitropolis.lint.render.words import STATIC, law_of
from vitropolis.lint.rule import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Mapping[Severity, str] = {
    "prohibited": "error", "high": "error", "medium": "warning", "advice": "note", "review": "note",
}  # fmt: skip
RANKS: Mapping[Severity, float] = {"prohibited": 95.0, "high": 75.0, "medium": 45.0, "advice": 15.0, "review": 5.0}
FINGERPRINT = "ruleElementWay/v1"
UNRESERVED = frozenset(string.ascii_letters + string.digits + "-._~/")  # RFC 3986, and the slash of a path


def as_sarif(report: Report, passes: bool = False) -> str:
    """The whole report; `passes`: what was looked at and did not trigger, too."""
    return json.dumps(as_data(report, passes), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def as_data(report: Report, passes: bool = False) -> dict[str, Any]:
    """The SARIF log as plain data."""
    bodies = _bodies(report)
    found = [*report.shown, *(report.passes if passes else ())]
    files = list(dict.fromkeys([*report.policy.chain, *(each.file for each in found)]))
    places = {rule.id: number for number, rule in enumerate(report.rules)}
    maker = _Maker(report, bodies, files, places)
    run = {
        "properties": {**head(report), "never": STATIC, "mark": MARK},
        "tool": {"driver": _driver(report, bodies)},
        "automationDetails": {"id": f"vitropolis-lint/{report.policy.id}"},
        "invocations": [{"executionSuccessful": True, "exitCode": report.exit_code}],
        "artifacts": [_artifact(report, name) for name in files],
        "taxonomies": [_taxonomy(name, grounds) for name, grounds in bodies.items()],
        "columnKind": "unicodeCodePoints",
        "results": [maker.result(each) for each in found],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _artifact(report: Report, name: str) -> dict[str, Any]:
    text = report.policy.text(name)
    hashes = {"hashes": {"sha-256": sha256(text).hexdigest()}, "length": len(text)} if text else {}
    return {"location": {"uri": uri_of(name)}, "roles": ["analysisTarget"], **hashes}


def uri_of(name: str) -> str:
    """A file's name as a URI: absolute paths as file URIs, others relative."""
    path = Path(name)
    if path.is_absolute():
        return path.as_uri()
    plain = (chr(byte) if chr(byte) in UNRESERVED else f"%{byte:02X}" for byte in path.as_posix().encode())
    return "".join(plain)


def _bodies(report: Report) -> dict[str, list[Ground]]:
    """Every ground that a rule names, by body of law."""
    found: dict[str, dict[str, Ground]] = {}
    for rule in report.rules:
        for ground in law_of(rule):
            found.setdefault(ground.body, {})[ground.id] = ground
    return {body: list(grounds.values()) for body, grounds in sorted(found.items())}


def _driver(report: Report, bodies: Mapping[str, Sequence[Ground]]) -> dict[str, Any]:
    return {
        "name": "vitropolis lint",
        "version": __version__,
        "rules": [_descriptor(rule, bodies) for rule in report.rules],
        "supportedTaxonomies": [{"name": name, "index": number} for number, name in enumerate(bodies)],
    }


def _descriptor(rule: Rule, bodies: Mapping[str, Sequence[Ground]]) -> dict[str, Any]:
    named = {**dict(rule.texts), "Fix": rule.fix}
    text = "\n".join(f"{name}: {said}" for name, said in named.items())
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.text("What")},
        "help": {"text": text},
        "defaultConfiguration": {"level": LEVELS[rule.severity], "rank": RANKS[rule.severity]},
        "relationships": [{"target": _taxon(ground, bodies), "kinds": ["relevant"]} for ground in law_of(rule)],
        "properties": {"tags": list(rule.profiles), "severity": rule.severity},
    }


def _taxon(ground: Ground, bodies: Mapping[str, Sequence[Ground]]) -> dict[str, Any]:
    place = next(number for number, each in enumerate(bodies[ground.body]) if each.id == ground.id)
    component = {"name": ground.body, "index": list(bodies).index(ground.body)}
    return {"id": ground.id, "index": place, "toolComponent": component}


def _taxonomy(name: str, grounds: Sequence[Ground]) -> dict[str, Any]:
    taxa = []
    for each in grounds:
        since = each.applies_from.isoformat() if each.applies_from else None
        facts = {"applies_from": since, "verified_on": each.verified_on.isoformat(), "checked": each.checked,
                 "language": each.language, "binding": each.binding}  # fmt: skip
        taxa.append({"id": each.id, "shortDescription": {"text": each.cite}, "fullDescription": {"text": each.says},
                     "properties": facts, **({"helpUri": each.url} if each.url else {})})  # fmt: skip
    return {"name": name, "shortDescription": {"text": f"{name}: texts that rules rest on"}, "taxa": taxa}


class _Maker:
    """Makes results; knows the places of rules, files and taxa."""

    def __init__(
        self,
        report: Report,
        bodies: Mapping[str, Sequence[Ground]],
        files: Sequence[str],
        places: Mapping[str, int],
    ) -> None:
        self.report, self.bodies, self.files, self.places = report, bodies, files, places

    def result(self, finding: Finding) -> dict[str, Any]:
        """One result."""
        rule, outcome = self.report.rule(finding.rule), finding.outcome
        led = f"{finding.led}. " if finding.led else ""
        made: dict[str, Any] = {
            "ruleId": finding.rule,
            "ruleIndex": self.places[finding.rule],
            "kind": finding.kind,
            "level": LEVELS[finding.severity] if finding.kind == "fail" else "none",
            "rank": RANKS[finding.severity],
            "message": {"text": f"{led}{outcome.says}"},
            "locations": [self._location(outcome.element, finding.file, finding.line, finding.column)],
            "partialFingerprints": {FINGERPRINT: finding.fingerprint},
            "taxa": [_taxon(ground, self.bodies) for ground in law_of(rule)],
            "properties": {
                "tags": list(outcome.profiles or rule.profiles), "severity": finding.severity, "counts": finding.counts,
                "missing": list(outcome.missing), "assumed": list(outcome.assumed), "labels": list(outcome.labels),
                "noted": finding.noted, "run": list(finding.ran), "data": dict(outcome.data),
            },
        }  # fmt: skip
        if outcome.path:
            made["codeFlows"] = [
                {"threadFlows": [{"locations": [self._hop(hop.element, hop.says) for hop in outcome.path]}]}
            ]
        if finding.suppressed:
            said = {"kind": "inSource", "status": "accepted", "justification": finding.suppressed}
            made["suppressions"] = [said]
        return made

    def _hop(self, element: str, says: str) -> dict[str, Any]:
        node = self.report.policy.source.node(element)
        location = self._location(element, node.file, node.place, node.key_column or node.column)
        return {"location": {**location, "message": {"text": f"{element}{f': {says}' if says else ''}"}}}

    def _location(self, element: str, file: str, line: int, column: int) -> dict[str, Any]:
        artifact = (
            {"uri": uri_of(file), "index": self.files.index(file)} if file in self.files else {"uri": uri_of(file)}
        )
        pointer = "/" + element.replace("~", "~0").replace(".", "/")
        return {
            "physicalLocation": {
                "artifactLocation": artifact,
                "region": {"startLine": max(1, line), "startColumn": max(1, column)},
            },
            "logicalLocations": [{"fullyQualifiedName": pointer, "name": element, "kind": "member"}],
        }
