"""The page that walks through each headline: what it is, what it rests on, and what moves it most.

Texts, sections of the assumptions and elements of the policy are read from the code and the library as they are today;
values, ranges and what moves them come from one run that was played and kept (`measured.json` beside this file), or
from any run folder with ranges. Both say when and how they were played.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from vitropolis.engine.scenario import resolve, scenario_for
from vitropolis.model.assumptions import Assumptions
from vitropolis.model.worlds import World
from vitropolis.policy import Policy
from vitropolis.report.headlines import METHODS, QUESTIONS
from vitropolis.report.question import Question
from vitropolis.results.folder import MANIFEST

if TYPE_CHECKING:
    from vitropolis.results import OpenRun

COLUMNS = 118
KEPT = Path(__file__).with_name("measured.json")
STATUSES = ("sourced", "calibrated", "assumed")
# what people do and what is written down of it: every headline rests on it
RECORDS = ("conduct", "families", "profiles", "trait", "deterrence", "norms", "payers", "debts", "recording")
LISTED = ("enrolment", "lists")  # whom the policy covers, how listings end
ASKING = ("refused", "avoided", "learnt")  # methods that count what people ask for
REDRESSED = ("survival", "corrected", "learnt", "waiting", "mobility", "spread")  # methods that see redress at work
Said = Mapping[str, Any]

OPENING = """\
What each headline of a run is, which elements of the policy and which values of the assumptions it rests on, how many
of these have a source, and what moves it most. `vitropolis odd --headlines` writes this page; with `--of FOLDER` it
takes the numbers of another run that has ranges.

A value is **sourced** (a source says it), **calibrated** (fitted to what a source says) or **assumed** (a judgement).
Named are the sections of the assumptions that a headline rests on at first hand; through what people do next, nearly
every value reaches every headline a little, and the ranges let all of them vary at once. What *moves it most* are
values played alone between the ends of their ranges, all else as written, on the same people and chance. Parameters
about speech, petition, belief, association or loyalty vary in the ranges and are never named. An element that *made
it* fired in the run; the most frequent come first. None of this says what would happen anywhere: most values are
assumed, and a headline whose strongest driver is assumed is as good as that assumption."""


@cache
def kept() -> Said:
    """The run that is kept beside this file."""
    found: Said = json.loads(KEPT.read_text(encoding="utf-8"))
    return found


def measured(result: Said, manifest: Said, played_on: date) -> dict[str, Any]:
    """What the page needs of a run, of its `result.json` and `run.json` as plain data: its first world."""
    world = result["worlds"][0]["name"]
    mine = [each for each in result["headlines"] if each["world"] == world]
    keep = ("value", "low", "high", "status", "rule_ids")
    return {
        "command": " ".join(_without_out(manifest["call"])),
        "played_on": played_on.isoformat(),
        "policy": result["scenario"],
        "filling": result["worlds"][0]["filling"],
        "residents": result["residents"],
        "days": result["days"],
        "sets": (result["studies"]["ranges"] or {}).get("sets"),
        "assumptions": manifest["assumptions"],
        "headlines": {each["id"]: {name: each[name] for name in keep} | _drivers(each) for each in mine},
    }


def measured_in(run: OpenRun) -> dict[str, Any]:
    """The same of a folder that was opened; its day is that of `run.json`. UsageError if the run is not complete."""
    from vitropolis.report.result import as_data, result_of

    result = as_data(result_of(run.folder, run.manifest, run.setup.plan))
    return measured(result, run.manifest, date.fromtimestamp((Path(run.folder) / MANIFEST).stat().st_mtime))


def _without_out(call: Sequence[str]) -> list[str]:
    """A call without the options that change no number: folder and threads."""
    drop = {place + shift for place, word in enumerate(call) if word in ("--out", "--threads") for shift in (0, 1)}
    return [word for place, word in enumerate(call) if place not in drop]


def _drivers(headline: Said) -> dict[str, Any]:
    names = ("path", "range", "at_low", "at_high", "effect")
    return {"drivers": [{name: each[name] for name in names} for each in headline["drivers"]]}


def rests_on(question: Question) -> tuple[str, ...]:
    """The sections of the assumptions that a headline rests on at first hand."""
    by = {element.partition(".")[0] for element in question.made_by}
    found = [*RECORDS]
    found += LISTED if by & {"lists", "measures", "spillover", "procedure"} else ()
    found += ["spillover"] if "spillover" in by else []
    found += ["services"] if question.method in ASKING else []
    found += ["redress"] if "procedure" in by or question.method in REDRESSED else []
    return tuple(found)


def by_status(statuses: Sequence[str]) -> str:
    """`3 sourced, 1 calibrated, 12 assumed`; what there is none of is left out."""
    counts = Counter(statuses)
    return ", ".join(f"{counts[name]} {name}" for name in STATUSES if counts[name]) or "no values"


def headline_rows(said: Said, policy: Policy, held: Assumptions) -> list[dict[str, Any]]:
    """The page's tables as plain data: one row for each headline."""
    return [_row(question, said["headlines"].get(question.id, {}), policy, held) for question in QUESTIONS]


def _row(question: Question, number: Said, policy: Policy, held: Assumptions) -> dict[str, Any]:
    values, names = held.values(), {"first": "breach", "second": "harm"}
    sections = rests_on(question)
    of = [item.status for path, item in values.items() if path.partition(".")[0] in sections]
    return {
        "headline": question.id,
        "title": question.title.format(**names),
        "unit": question.unit,
        "method": METHODS[question.method],
        "value": number.get("value"),
        "low": number.get("low"),
        "high": number.get("high"),
        "status": number.get("status", "not in this run"),
        "sections": list(sections),
        "values": by_status(of),
        "elements": [_element(policy, name) for name in number.get("rule_ids", ())],
        "drivers": [
            {**each, "status": values[each["path"]].status if each["path"] in values else "no longer there"}
            for each in number.get("drivers", ())
        ],
    }  # fmt: skip


def _element(policy: Policy, name: str) -> dict[str, Any]:
    """An element of the policy, with its own status and that of the values written in it."""
    usual = policy.policy.default_status
    steps = [step for path, value in policy.values() if path.startswith(f"{name}.") for step in value.steps]
    part: Any = policy
    for step in name.split("."):
        part = part.get(step) if isinstance(part, Mapping) else getattr(part, step, None)
    status = getattr(part, "status", None) or usual
    return {"element": name, "status": status, "values": by_status([step.status or usual for step in steps])}


def headline_data(said: Said, world: World | None = None) -> dict[str, Any]:
    """Everything on the page as plain data; world: whose policy and assumptions are told (default: the library's)."""
    world = world or resolve(scenario_for(said["policy"], filling=said["filling"], twin=False)).plan.worlds[0]
    policy, held = world.policy, world.assumptions
    played = {name: said[name] for name in said if name != "headlines"}
    changed = said["assumptions"]["digest"] != held.digest
    return {"run": {**played, "assumptions_changed_since": changed}, "headlines": headline_rows(said, policy, held)}


def headline_text(data: Said) -> str:
    """The page as Markdown."""
    return "\n".join(_page(data)).rstrip() + "\n"


def _page(data: Said) -> Iterator[str]:
    run, rows = data["run"], data["headlines"]
    yield from ("# Headlines: what each rests on", "", OPENING, "", *_played(run), "")
    yield from ("| headline | value | range | moves it most | which is |", "|---|---|---|---|---|")
    for row in rows:
        first = row["drivers"][0] if row["drivers"] else None
        told = (f"`{first['path']}`", first["status"]) if first else ("", "")
        link = f"[{row['title']}](#{row['headline'].replace('_', '-')})"
        yield f"| {link} | {_value(row)} | {_range(row)} | {' | '.join(told)} |"
    for row in rows:
        yield from ("", f'<a id="{row["headline"].replace("_", "-")}"></a>', *_section(row))


def _played(run: Said) -> Iterator[str]:
    said = f"**The run**: `{run['command']}`, played on {run['played_on']}: {run['residents']:,} synthetic residents, "
    said += f"{run['days']} days, ranges over {run['sets']} sets of assumptions. Synthetic city, no real people."
    if run["assumptions_changed_since"]:
        said += " Some assumptions have changed since it was played: values, ranges and what moves them are of then, "
        said += "statuses of today."
    yield from _wrapped(said)


def _wrapped(text: str, later: str = "") -> list[str]:
    return wrap(text, COLUMNS, subsequent_indent=later, break_long_words=False, break_on_hyphens=False)


def _section(row: Said) -> Iterator[str]:
    yield from (f"## {row['title']}", "", *_wrapped(f"`{row['headline']}`, {row['unit']}. {row['method']}"), "")
    said = f"* **In this run:** {_value(row)}"
    yield said + (f"; over the sets {_range(row)}" if _range(row) else "")
    sections = ", ".join(f"`{name}`" for name in row["sections"])
    yield from _wrapped(f"* **Rests on assumptions:** {sections}: {row['values']}.", "  ")
    if row["elements"]:
        told = "; ".join(f"`{each['element']}` ({_statuses(each)})" for each in row["elements"])
        yield from _wrapped(f"* **Made by elements of the policy:** {told}.", "  ")
    for number, each in enumerate(row["drivers"]):
        low, high = each["range"]
        ends = f"{_number(each['at_low'])} at {low:g}, {_number(each['at_high'])} at {high:g}"
        yield f"{'* **Moved most by:**' if not number else '  and'} `{each['path']}` ({each['status']}): {ends}" + (
            ";" if number + 1 < len(row["drivers"]) else "."
        )
    if not row["drivers"] and row["low"] is not None:
        yield "* **Moved most by:** no single value by a twentieth of its width."


def _statuses(element: Said) -> str:
    """Status of an element; of its values, where it has any."""
    values = element["values"]
    return f"{element['status']}{'' if values == 'no values' else f'; values: {values}'}"


def _value(row: Said) -> str:
    return _number(row["value"]) if row["value"] is not None else row["status"].partition(":")[0]


def _range(row: Said) -> str:
    return f"{_number(row['low'])} to {_number(row['high'])}" if row["low"] is not None else ""


def _number(value: float | None) -> str:
    """At most four significant digits, thousands apart."""
    if value is None:
        return "none"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
