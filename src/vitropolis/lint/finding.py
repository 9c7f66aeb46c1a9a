"""What a rule says: outcomes, as rules give them, and findings, as readers get them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, Literal

Kind = Literal["fail", "review", "open", "pass", "notApplicable", "informational"]
Severity = Literal["prohibited", "high", "medium", "advice", "review"]
KINDS: tuple[Kind, ...] = ("fail", "review", "open", "pass", "notApplicable", "informational")
SEVERITIES: tuple[Severity, ...] = ("prohibited", "high", "medium", "advice", "review")
SHOWN: tuple[Kind, ...] = ("fail", "review", "open", "informational")


@dataclass(frozen=True, slots=True)
class Hop:
    """One element on the way from a record to whom it meets, and what it adds (such as `social context tax`)."""

    element: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule says of one element, before profiles, gates and suppressions.

    `element`: dotted path; `says`: one sentence in plain words; `path`: from feed to measure, if there is one;
    `missing`, `assumed`, `labels`: elements that the verdict wants or rests on; `data`: numbers behind it (JSON);
    `profiles`: those of its rule's profiles whose law it holds by, where laws differ; empty: all of them.
    """

    kind: Kind
    element: str
    says: str
    path: tuple[Hop, ...] = ()
    missing: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    profiles: tuple[str, ...] = ()


Outcomes = Iterator[Outcome]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One outcome with its rule, place and standing, as every format shows it.

    `fingerprint` (hex) is the same as long as rule, element and the elements on the path are; `led` is what stands
    before the sentence (that a ban binds AI systems alone, that a law is not yet in application); `suppressed` is the
    reason given in the policy, `noted` what to say of a suppression that does not hold, `ran` what a run shows.
    """

    rule: str
    severity: Severity
    outcome: Outcome
    file: str
    line: int
    column: int
    led: str = ""
    suppressed: str = ""
    noted: str = ""
    ran: tuple[str, ...] = ()

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same rule, element, way and profiles, whatever lines, wording and numbers are: 32 digits."""
        outcome = self.outcome
        parts = [self.rule, outcome.element, *(hop.element for hop in outcome.path), *outcome.profiles]
        return sha256("\0".join(parts).encode()).hexdigest()[:32]

    @property
    def kind(self) -> Kind:
        """The kind of its outcome."""
        return self.outcome.kind

    def within(self, profiles: Iterable[str]) -> bool:
        """Whether it is said under one of these profiles, as far as it is not its whole rule that is."""
        return not self.outcome.profiles or any(each in profiles for each in self.outcome.profiles)

    @property
    def counts(self) -> bool:
        """Whether it stops a check: a fail, or a review of a prohibited rule, and not suppressed."""
        stops = self.kind == "fail" or (self.kind == "review" and self.severity == "prohibited")
        return stops and not self.suppressed


def rank(finding: Finding) -> tuple[int, int, str, int, str]:
    """Sort key: by severity, fails before reviews before the open, then rule, line and element."""
    severity, kind = SEVERITIES.index(finding.severity), KINDS.index(finding.kind)
    return severity, kind, finding.rule, finding.line, finding.outcome.element


def count(findings: Iterable[Finding], kind: Kind) -> int:
    """How many are of a kind and not suppressed."""
    return sum(finding.kind == kind and not finding.suppressed for finding in findings)
