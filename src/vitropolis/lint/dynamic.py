"""Static meets dynamic: what a run of the same policy says of a finding. A check reads, a run shows.

This room knows nothing of runs: the command hands it plain numbers (`RunFacts`). They hold under the run's assumptions
and nowhere else, and change no verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from vitropolis.base.mark import mark_line
from vitropolis.lint.check import Report
from vitropolis.lint.finding import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What a run found, as plain numbers.

    `headlines`: id to (value, numerator, denominator), None where the run has none; `fired`: element to (times,
    residents); `not_played`: elements without a mechanism.
    """

    folder: str
    residents: int
    seed: int
    days: int
    assumptions: str
    headlines: Mapping[str, tuple[float | None, int | None, int | None]]
    fired: Mapping[str, tuple[int, int | None]]
    not_played: frozenset[str]

    @property
    def condition(self) -> str:
        """Under what the numbers hold."""
        city = f"{self.residents:,} residents, {self.days} days, assumptions {self.assumptions}"
        return f"{self.folder}: {city}; {mark_line(self.seed)}"


def share(number: float) -> str:
    """A share in words, two or three figures."""
    return f"{100 * number:.3g} %"


SAID: Mapping[str, tuple[tuple[str, str], ...]] = {
    "AIA-5c-2": (("share_breach_second", "of those hit on their own account, {share} had done something of gravity 2 or"
                  " more and could pay"),),
    "GDP-5d-1": (("wrongly_hit_per_1000", "{value:.3g} of 1,000 enrolled were hit wrongly, {numerator:,} people"),
                 ("wrong_records_per_10000", "{value:.3g} of 10,000 records were wrong")),
    "GDP-16-1": (("never_corrected", "of listings by a wrong fact {share} were never corrected"),
                 ("days_until_out_wrong", "half of those listed by a wrong fact were out after {value:.0f} days")),
    "DP-APP-1": (("appeal_wait_days", "a decision on an appeal took {value:.3g} days on average"),
                 ("appeals_waiting", "{value:,.0f} appeals were waiting when the run ended")),
    "DP-APP-2": (("appeal_wait_days", "effects went on for {value:.3g} days on average while an appeal was pending"),),
    "HR-14-1": (("wrong_upheld", "of appeals against a wrong record {share} were upheld"),),
    "DP-LOCK-1": (("days_until_out", "half of all listings were over after {value:.0f} days"),),
    "GDP-5e-1": (("days_until_out", "half of all listings were over after {value:.0f} days"),),
    "DP-SPILL-1": (("others_per_person_hit", "{value:.3g} people were hit through each person hit themselves"),),
    "HR-24-1": (("children_among_others", "of those hit through others {share} were children under 15"),),
    "HR-26-1": (("ratio_hit_registration", "the registration group hit most was hit {value:.3g} times as often as the"
                 " one hit least"),
                ("ratio_hit_income", "the income fifth hit most was hit {value:.3g} times as often as the least")),
    "CN-49-4": (("learnt_by_notice", "{share} of those hit learnt of it by a notice"),
                ("learnt_by_refusal", "{share} learnt of it by being refused")),
    "AIA-26-2": (("not_learnt", "{share} of those hit did not know of it when the run ended"),),
    "DP-STACK-1": (("doors_10_per_1000", "for {value:.3g} of 1,000 enrolled ten and more services were shut at once"),),
    "HR-13-1": (("lost_access_days", "a person lost access to services for {value:.3g} days on average"),),
}  # fmt: skip
"""What a run says beside findings of a rule: (headline, sentence). `share` is the value as a percentage."""

PENDING: Mapping[str, str] = {
    "AIA-5c-1": "how many sanctions vanish if the unrelated feed is cut: that takes two policies on one city",
    "AIA-5c-4": "who is displaced by a reward: queues with priority are not played yet",
    "HR-19-1": "how much lawful speech is lost: speech is not played yet",
    "HR-21-1": "how many petitions and appeals are not made: that part of adaptation is not played yet",
    "DP-RANK-1": "what would change without the ranking: that takes two policies on one city",
}
"""What a run should say and no mechanism shows yet."""


def with_facts(report: Report, facts: RunFacts) -> Report:
    """The same report in which findings say what a run of the policy shows of them. No verdict changes."""
    findings = tuple(replace(each, ran=tuple(said(each, facts))) for each in report.findings)
    return replace(report, findings=findings, run=facts.condition)


def said(finding: Finding, facts: RunFacts) -> Iterator[str]:
    """What a run shows of a finding, in sentences."""
    if finding.kind not in ("fail", "review", "open"):
        return
    yield from _of_element(finding, facts)
    for headline, sentence in SAID.get(finding.rule, ()):
        value, numerator, denominator = facts.headlines.get(headline, (None, None, None))
        if value is not None:
            yield sentence.format(
                value=value, share=share(value), numerator=numerator or 0, denominator=denominator or 0
            )
    if finding.rule in PENDING:
        yield f"the run does not show {PENDING[finding.rule]}"


def _of_element(finding: Finding, facts: RunFacts) -> Iterator[str]:
    """How often the element itself fired."""
    element = ".".join(finding.outcome.element.split(".")[:2])
    if element in facts.not_played:
        yield f"{element} was not played: its mechanism does not exist yet"
    elif element in facts.fired:
        times, residents = facts.fired[element]
        whom = f", on {residents:,} residents" if residents is not None else ""
        yield f"{element} fired {times:,} times{whom}" if times else f"{element} never fired"
