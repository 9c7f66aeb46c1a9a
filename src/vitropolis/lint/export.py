"""Working papers for a reviewer: the points of AI Act article 27(1), or what Guidelines paragraph 171 asks to see.

Each begins with all findings of all profiles, then says what the policy's file itself says on a point, and leaves
blank, with the question printed, what only the authority can know. It asserts nothing and assesses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from vitropolis.lint.case import Case
from vitropolis.lint.check import Options, Report
from vitropolis.lint.finding import Finding
from vitropolis.lint.render.markdown import cell, plain
from vitropolis.lint.render.words import (
    STATIC,
    UNDECIDED,
    WORKING,
    evidence,
    folds,
    head_rows,
    standing_of,
    undecided,
)

PAPER = "working paper for the reviewer, not an assessment"
BLANK = "_to be answered by the authority:_"
ABSENT = "the file does not say"
OTHERWISE = {"null": "null, which means: no limit, or never", "unknown": "declared as unknown"}


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a paper: its heading, what the file says on it, and what only the authority can know."""

    heading: str
    says: Callable[[Case], Iterator[str]]
    asks: tuple[str, ...]


def paper(report: Report, kind: str) -> str:
    """A working paper (`fria` or `dossier`) as Markdown. The selection of the report plays no part in it."""
    points = FRIA if kind == "fria" else DOSSIER
    whole = replace(
        report,
        options=Options(strict=report.options.strict),
        selected=frozenset(each.id for each in report.rules),
    )
    return "\n".join(_lines(whole, TITLES[kind], points)) + "\n"


TITLES = {
    "fria": "Fundamental rights impact assessment (AI Act, article 27): material",
    "dossier": "Dossier on data and treatment (Guidelines C(2025) 5052, paragraph 171): material",
}


def _lines(report: Report, title: str, points: tuple[Point, ...]) -> Iterator[str]:
    yield from (f"# {title}", "", f"**{PAPER}**", "", "| | |", "|---|---|")
    for name, text in head_rows(report):
        yield f"| {name} | {cell(text)} |"
    yield from ("", "## All findings of all profiles", "")
    yield from _findings(report)
    case = Case(report.policy, report.as_of)
    for point in points:
        yield from ("", f"## {point.heading}", "", "What the file says:", "")
        told = list(point.says(case))
        yield from (f"* {line}" for line in told or [ABSENT])
        yield ""
        for question in point.asks:
            yield from (f"{BLANK} {question}", "", "> ", "")
    yield from (STATIC, "", WORKING)


def _findings(report: Report) -> Iterator[str]:
    shown = report.shown
    if not shown:
        yield "No finding; which says nothing about what a static check cannot decide."
        return
    yield from ("| rule | place | standing | finding |", "|---|---|---|---|")
    for each in (each for each in shown if not folds(each)):
        said = each.outcome.says + "".join(f"; {name}: {text}" for name, text in evidence(each))
        yield f"| {each.rule} | {cell(_place(each))} | {cell(standing_of(each))} | {cell(said)} |"
    yield from ("", f"{UNDECIDED[0].upper()}{UNDECIDED[1:]}:", "")
    for rule, severity, what, elements in undecided(report):
        yield f"* {rule.id} ({severity}) {what} {', '.join(f'`{name}`' for name in elements)}"


def _place(finding: Finding) -> str:
    return f"{finding.file}:{finding.line} {finding.outcome.element}"


def _field(case: Case, element: str, name: str) -> str:
    """`name: value (line)` of one field, or that it is not declared."""
    said = case.said(element)
    if said.state == "absent":
        return f"{name}: {ABSENT} (`{element}`)"
    value = {"null": "null, which means: no limit, or never", "unknown": "declared as unknown"}.get(
        said.state
    ) or _shown(said.value)
    line = case.policy.source.line_of(element)
    assumed = ", assumed" if said.assumed else ""
    return f"{name}: {plain(value)} (`{element}`, line {line}{assumed})"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(str(item) for item in value) or "none"
    return str(value)


def _process(case: Case) -> Iterator[str]:
    yield _field(case, "purpose.statement", "purpose")
    yield _field(case, "purpose.specific", "one specific purpose")
    yield _field(case, "purpose.contexts", "walks of life that the purpose covers")
    yield _field(case, "method.kind", "how the score is made")
    yield _field(case, "method.ai_role", "weight of an AI output")
    for name, score in case.policy.scores.items():
        yield f"score `{name}`: {plain(score.title or 'no title')}, bands {', '.join(score.bands)}"
    for measure in case.measures:
        ways = f"reached from {len(measure.contributions)} behaviours"
        yield f"`{measure.element}`: {measure.does} ({measure.polarity}), {ways}"


def _period(case: Case) -> Iterator[str]:
    yield _field(case, "governance.rules_effective_from", "rules in force from")
    ramp = case.policy.population.enrolment.ramp or {}
    for day, covered in sorted(ramp.items()):
        yield f"enrolled by {day.isoformat()}: {100 * covered:g} %"
    yield _field(case, "retention.adverse_days", "days that records count")
    yield _field(case, "monitoring.reassess_days", "days between reassessments")


def _groups(case: Case) -> Iterator[str]:
    yield _field(case, "population.residents", "people covered")
    yield _field(case, "population.min_age_years", "youngest age")
    yield _field(case, "population.only_status", "groups covered")
    yield _field(case, "population.only_areas", "areas covered")
    yield _field(case, "population.enrolment.mode", "enrolment")
    yield _field(case, "monitoring.vulnerable_groups", "vulnerable groups looked after")
    for name, spill in case.policy.spillover.items():
        yield f"`spillover.{name}` reaches the {spill.to} of whoever is hit"


def _harms(case: Case) -> Iterator[str]:
    for measure in sorted(case.sanctions, key=lambda each: -each.severity.low):
        yield f"`{measure.element}`: {measure.does}; {plain(measure.severity.told())}"


def _oversight(case: Case) -> Iterator[str]:
    for part in ("available", "authority_to_change", "independent", "competence", "training", "minutes_per_case"):
        yield _field(case, f"procedure.human_review.{part}", f"human review, {part.replace('_', ' ')}")
    yield _field(case, "governance.independent_oversight", "independent oversight")
    yield _field(case, "governance.audit_log.enabled", "audit log")


def _remedies(case: Case) -> Iterator[str]:
    yield _field(case, "procedure.notice.when", "notice")
    yield _field(case, "procedure.objection.available", "objection")
    for part in ("available", "window_days", "decision_days", "suspends_effect", "independent_tribunal"):
        yield _field(case, f"procedure.appeal.{part}", f"appeal, {part.replace('_', ' ')}")
    yield _field(case, "procedure.correction.response_days", "days to answer a request for correction")
    yield _field(case, "procedure.remedy.complaint_body", "outside body for complaints")
    yield _field(case, "monitoring.stop_conditions", "conditions on which it must be halted")


def _data(case: Case) -> Iterator[str]:
    for name, feed in case.policy.feeds.items():
        used = [each.name for each in case.behaviours.values() if each.item.feed == name]
        law = ", ".join(case.policy.legal_basis[basis].cite for basis in feed.legal_basis) or "no legal basis named"
        yield (
            f"`feeds.{name}`: {feed.category} data of {feed.context}, about {feed.about}, {feed.provenance}, "
            f"matched by {feed.linkage_key or 'a key that is not named'}; used for {', '.join(used) or 'nothing'}; "
            f"{plain(law)}"
        )


def _relatedness(case: Case) -> Iterator[str]:
    for measure in case.sanctions:
        foreign = sorted(
            {each.context for each in measure.behaviours if case.crossing(each, measure.context)[0] != "related"}
        )
        if foreign:
            yield f"`{measure.element}` ({measure.context}) is reached from {', '.join(foreign)}"
    for name, link in case.policy.links.items():
        yield f"`links.{name}` claims that {' and '.join(link.contexts)} are related"


def _justification(case: Case) -> Iterator[str]:
    for name, basis in case.policy.legal_basis.items():
        yield f"`legal_basis.{name}`: {basis.kind}, {plain(basis.cite)}"
    for measure in case.sanctions:
        law = getattr(measure.item, "legal_basis", ())
        yield f"`{measure.element}`: {', '.join(law) or 'no legal basis named'}; {plain(measure.severity.told())}"


def _sharing(case: Case) -> Iterator[str]:
    for name, item in case.policy.sharing.items():
        yield f"`sharing.{name}`: {', '.join(item.items)} to {plain(item.recipient)} ({item.recipient_context})"


FRIA = (
    Point("(a) The processes in which the system is used, and its purpose", _process,
          ("In which of your own processes is it used, and by whom?",
           "What did you do before, and why does that no longer do?")),
    Point("(b) The period and frequency of its use", _period,
          ("How often is each person scored or looked at?", "When does it end?")),
    Point("(c) The people and groups likely to be affected", _groups,
          ("Who was asked among them, how, and what did they say?",
           "Who may be affected without being covered?")),
    Point("(d) The harms likely to touch them", _harms,
          ("How likely is each harm, for whom, and on what evidence?",
           "Which harms cannot be made good afterwards?")),
    Point("(e) Human oversight", _oversight,
          ("Who oversees it, with what time and what power, by name of office?",
           "How often was the system overruled, and on what grounds?")),
    Point("(f) What is done if the risks materialise, and how people complain", _remedies,
          ("Who decides to halt it, on what figure?", "Who pays for the harm, and how fast?")),
)  # fmt: skip
DOSSIER = (
    Point("Types and sources of data", _data,
          ("Where does each field come from, and who entered it?", "What is its error, measured how and when?")),
    Point("Only related data", _relatedness,
          ("For each walk of life that is not the measure's own: why is it related?",
           "Which law names these data for this purpose?")),
    Point("Justified and proportionate treatment", _justification,
          ("For each measure: what is its aim, and why does nothing lighter do?",
           "How was its severity weighed against the gravity of what it answers?")),
    Point("Who else uses the result", _sharing,
          ("How strongly does each recipient rely on it?", "What do they do with it afterwards?")),
    Point("Redress", _remedies,
          ("How many people were told, contested, and were right?",
           "What happened to decisions that rested on their records?")),
)  # fmt: skip
