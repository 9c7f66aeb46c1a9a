"""From a policy to findings: every rule is asked, gates and dates are put before what it says, suppressions after."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from hashlib import sha256

from vitropolis.base.errors import UsageError
from vitropolis.base.located import nearest
from vitropolis.lint.case import Case
from vitropolis.lint.catalogue import rules
from vitropolis.lint.finding import SEVERITIES, SHOWN, Finding, Kind, Outcome, Severity, count, rank
from vitropolis.lint.grounds import grounds, law_digest
from vitropolis.lint.rule import OWN, PROFILES, Rule, with_prefix
from vitropolis.policy.parts import Suppression
from vitropolis.policy.schema import Policy

VERSION = "1"
GATE = "prohibited if this is an AI system (AIA-0)"
GATED = "binds if this is an AI system (AIA-0)"
NEVER = (
    "whether contexts are related in law, an aim is legitimate, a law is good enough, a reviewer is independent in "
    "fact, a declared error rate is true, or a proxy discriminates"
)
"""What a static check can never say; printed in every report."""
LAST = "INT-2"  # asks what the other rules missed


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is asked for. `profiles`: lenses whose findings are shown; `select`/`ignore`: prefixes of rule ids;
    `strict`: open counts as fail; `scope`: whose findings decide the exit code, all rules' or the selected ones'."""

    profiles: tuple[str, ...] = PROFILES
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False
    scope: str = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything a check found. `findings` are of all rules, ranked; `selected` are the ids of those asked for;
    `run`: under what the numbers of a run hold that findings carry."""

    policy: Policy
    as_of: date
    options: Options
    rules: tuple[Rule, ...]
    selected: frozenset[str]
    findings: tuple[Finding, ...]
    not_applicable: tuple[str, ...]
    run: str = ""

    @property
    def shown(self) -> tuple[Finding, ...]:
        """The findings of the selected rules that are neither passes nor not applicable."""
        return tuple(each for each in self.asked_for if each.kind in SHOWN)

    @property
    def passes(self) -> tuple[Finding, ...]:
        """What was looked at and did not trigger, of the selected rules."""
        return tuple(each for each in self.asked_for if each.kind == "pass")

    @property
    def asked_for(self) -> Iterator[Finding]:
        """What the selected rules say under the selected profiles."""
        return (each for each in self.findings if each.rule in self.selected and each.within(self.options.profiles))

    def fails(self, profile: str) -> int:
        """How many findings of a profile count: fails and reviews of prohibited rules."""
        members = {each.id for each in self.rules if profile in each.profiles}
        return sum(each.counts for each in self.findings if each.rule in members and each.within([profile]))

    @property
    def unselected(self) -> Mapping[str, int]:
        """The profiles that were not selected, with what counts in each."""
        return {name: self.fails(name) for name in PROFILES if name not in self.options.profiles}

    @property
    def open(self) -> int:
        """How many findings of the selected rules cannot be decided."""
        return count(self.shown, "open")

    @property
    def undecided(self) -> int:
        """How many findings of prohibited rules, of all profiles, cannot be decided and are not suppressed."""
        banned = {each.id for each in self.rules if each.severity == "prohibited"}
        return count((each for each in self.findings if each.rule in banned), "open")

    @property
    def exit_code(self) -> int:
        """1 if anything counts in the scope asked for, else 0."""
        scope = self.shown if self.options.scope == "selected" else self.findings
        return int(any(each.counts for each in scope))

    def rule(self, id: str) -> Rule:
        """The rule of this id."""
        return next(each for each in self.rules if each.id == id)


@cache
def rule_set() -> str:
    """Name of the rules and of the law they were read with: version and the first 12 digits of a digest of both."""
    found = sha256(law_digest().encode())
    for each in rules():
        found.update(repr((each.id, each.severity, each.profiles, each.grounds, each.texts)).encode())
    return f"{VERSION}-{found.hexdigest()[:12]}"


def check(policy: Policy, as_of: date, options: Options | None = None, own: Sequence[Rule] = ()) -> Report:
    """Judge a policy by every rule and a user's `own`, with law as of a day. UsageError for a prefix of no rule."""
    with uncollected():
        return _check(policy, as_of, options or Options(), own)


@contextmanager
def uncollected() -> Iterator[None]:
    """Nothing that is made while judging goes round in a circle, so nothing need be looked for among it meanwhile."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _check(policy: Policy, as_of: date, asked: Options, own: Sequence[Rule]) -> Report:
    every = (*rules(), *own)
    chosen = frozenset(each.id for each in _chosen(every, asked))
    case = Case(policy, as_of, {each.id: each.severity for each in own})
    found: list[Finding] = []
    idle: list[str] = []
    for each in sorted(every, key=lambda rule: rule.id == LAST):
        outcomes = case.outcomes(each.id, each.judge)
        case.note(each.id, outcomes)
        if not outcomes:
            idle.append(each.id)
        found += [_finding(case, each, outcome, asked) for outcome in outcomes]
    banned = frozenset(each.id for each in every if each.severity == "prohibited")
    ranked = tuple(sorted((_suppressed(each, policy, as_of, banned) for each in found), key=rank))
    return Report(
        policy=policy, as_of=as_of, options=asked, rules=every, selected=chosen, findings=ranked,
        not_applicable=tuple(idle),
    )  # fmt: skip


def _chosen(every: Sequence[Rule], asked: Options) -> Iterator[Rule]:
    for prefix in (*asked.select, *asked.ignore):
        if not any(with_prefix([prefix], every)):
            near = nearest(prefix, [each.id for each in every])
            raise UsageError(f"no rule's id begins with `{prefix}`{near}; see `vitropolis lint rules`")
    picked = {each.id for each in with_prefix(asked.select, every)} if asked.select else {each.id for each in every}
    dropped = {each.id for each in with_prefix(asked.ignore, every)}
    wanted = set(asked.profiles)
    return (
        each for each in every if each.id in picked - dropped and (wanted & set(each.profiles) or OWN in each.profiles)
    )


def _finding(case: Case, rule: Rule, outcome: Outcome, asked: Options) -> Finding:
    kind, severity, led = outcome.kind, rule.severity, ""
    if kind == "open" and asked.strict and rule.id != LAST:  # before the gate, which makes no more of it than a review
        kind = "fail"
    if kind in ("fail", "review", "open"):
        severity, led = standing(rule, case.as_of)
        if rule.gated and not case.is_ai:
            kind = "review" if kind == "fail" else kind
            led = "; ".join(part for part in (GATE if rule.severity == "prohibited" else GATED, led) if part)
    if kind != outcome.kind:
        outcome = replace(outcome, kind=kind)
    node = case.once(("place", outcome.element), lambda: case.source.node(outcome.element))
    return Finding(
        rule=rule.id, severity=severity, outcome=outcome, file=node.file, line=node.place,
        column=node.key_column or node.column, led=led,
    )  # fmt: skip


def standing(rule: Rule, day: date) -> tuple[Severity, str]:
    """A rule's severity on a day, one step lower while its first ground does not apply, and what to say of it."""
    behind = [grounds()[name] for name in rule.grounds]
    first = behind[0]
    if first.live(day):
        return rule.severity, ""
    if first.applies_from is not None and day < first.applies_from:
        said = f"not yet in application: {first.cite} applies from {first.applies_from.isoformat()}"
    else:
        said = f"no longer in application: {first.cite} until {first.applies_until}"
    lower = SEVERITIES[min(SEVERITIES.index(rule.severity) + 1, SEVERITIES.index("advice"))]
    return (rule.severity if rule.severity == "review" else lower), said


def _suppressed(finding: Finding, policy: Policy, day: date, banned: Collection[str]) -> Finding:
    """A finding with what the policy's suppressions say of it; of several that one which holds longest."""
    meant = [item for item in policy.suppressions if _meant(item, finding)]
    if not meant or finding.kind == "pass":
        return finding
    item = max(meant, key=lambda each: each.expires)
    if finding.rule in banned:
        return replace(finding, noted=f"contested by {item.by} ({item.reason}); a prohibited rule cannot be suppressed")
    if item.expires < day:
        return replace(finding, noted=f"the suppression by {item.by} expired on {item.expires.isoformat()}")
    return replace(finding, suppressed=f"{item.reason} (by {item.by}, until {item.expires.isoformat()})")


def _meant(item: Suppression, finding: Finding) -> bool:
    element = finding.outcome.element
    return item.rule == finding.rule and (element == item.element or element.startswith(f"{item.element}."))


def kinds(findings: Iterable[Finding]) -> dict[Kind, int]:
    """How many findings there are of each shown kind; never added up."""
    found = list(findings)
    return {kind: count(found, kind) for kind in SHOWN}
