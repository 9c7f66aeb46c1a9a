"""Three benefit systems whose machines found fraud or debt without an act, beside what was published of them.

Played: `midas-2013`, `robodebt-2016`, `childcare-benefits-nl` of the library, on the synthetic city, each from its
first to its last day, under the default assumptions and at both ends of three groups of values: how often machines
compare and find a difference (`recording.findings`), how clerks and courts judge, and who is told and appeals. Nothing
is fitted to the published numbers; which of them a comparison can test, and which not, is said row by row.

Run: `python -m vitropolis.validation.benefits [--size 200k] > docs/benefits.md`.
Sources: those listed under `SOURCES`, as the page shows them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan, nan

from vitropolis.engine.scenario import parse_size
from vitropolis.validation.measured import AS_WRITTEN, Found, Sets, System, played
from vitropolis.validation.words import HEAD, SOURCES, TAIL

SIZE = 200_000
MIDAS = System("midas-2013", "fraud", date(2013, 10, 1), date(2015, 8, 15), seeds=8)
ROBODEBT = System("robodebt-2016", "debt", date(2016, 7, 1), date(2019, 11, 19))
CHILDCARE = System("childcare-benefits-nl", "full_recovery", date(2013, 1, 1), date(2019, 12, 31))
SYSTEMS = (MIDAS, ROBODEBT, CHILDCARE)
SETS = (
    Sets("comparing", ("recording.findings.*",)),
    Sets("judging", ("redress.found_wrong.*", "redress.voids_right.*", "clerks.human_sees_wrong", "clerks.review_looks",
                     "redress.objection_found")),
    Sets("appealing", ("redress.notice_reaches", "redress.appeals_wrong", "redress.appeals_right",
                       "redress.objects_wrong")),
)  # fmt: skip
Results = Mapping[str, Mapping[str, Found]]  # by policy, by set


@dataclass(frozen=True)
class Row:
    """One published number beside the model's.

    test: what the row shows, and what it cannot. observed: the published number, if there is one of the same quantity;
    of: of how many the model's share is one.
    """

    system: System
    what: str
    published: str
    got: Callable[[Found], float]
    shown: str
    test: str
    observed: float | None = None
    of: Callable[[Found], int] | None = None


PERCENT, NUMBER = "{:.1f} %", "{:,.1f}"
ROWS = (
    Row(MIDAS, "findings that were wrong, of those looked at again", "93 % [levin]", lambda found: found.wrong_share,
        PERCENT, "follows from assumed rates of comparing beside the rate of true fraud: a weak test", 0.93,
        lambda found: found.findings),
    Row(MIDAS, "findings that stood, of those appealed", "8 % [levin]", lambda found: found.stood_share, PERCENT,
        "**a test**: how appeals are judged is fitted to disputed credit reports, not to this", 0.08,
        lambda found: found.answered),
    Row(MIDAS, "no fraud, of findings without an appeal", "70 %: more than 44,000 of 62,784 [govt]",
        lambda found: found.unappealed_wrong, PERCENT, "as the first row", 0.70,
        lambda found: found.findings - found.appeals),
    Row(MIDAS, "findings for each one with an act behind it", "about 5: 26,882 a year, five times the usual [mgz]",
        lambda found: found.times_right, NUMBER, "fair only if the usual were right; the rate is assumed", 5.0),
    Row(MIDAS, "findings appealed", "none found", lambda found: found.appealed_share, PERCENT, "nothing to meet"),
    Row(MIDAS, "wrong findings of 1,000 covered in a year", "26,882 findings in a year [mgz]; of how many was not "
        "found", lambda found: found.a_year, NUMBER, "none: assumed; Beijing's poor are not Michigan's jobless"),
    Row(ROBODEBT, "wrong debts of 1,000 covered in a year", "470,000 debts in 2016-19 [robo]; of how many covered was "
        "not found", lambda found: found.a_year, NUMBER, "none: assumed; former recipients are not played"),
    Row(ROBODEBT, "debts that were wrong", "470,000 to be repaid [robo]; of how many was not found",
        lambda found: found.wrong_share, PERCENT, "none"),
    Row(ROBODEBT, "debts that ended by payment, owed or not", "A$721 million repaid at first estimate [robo]",
        lambda found: found.paid_share, PERCENT, "none: how fast is paid rests on that very sum"),
    Row(ROBODEBT, "debts appealed", "none found", lambda found: found.appealed_share, PERCENT, "nothing to meet"),
    Row(CHILDCARE, "wrong claims of 1,000 covered in a year", "about 26,000 parents in 2005-19 [toes]; of how many was "
        "not found", lambda found: found.a_year, NUMBER, "none: the marks' rate is assumed, parents not covered"),
    Row(CHILDCARE, "claims that were wrong", "none found", lambda found: found.wrong_share, PERCENT, "nothing to meet"),
    Row(CHILDCARE, "claims appealed", "none found", lambda found: found.appealed_share, PERCENT, "nothing to meet"),
)  # fmt: skip


STOOD, TIMES = ROWS[1], ROWS[3]


def measured(residents: int = SIZE) -> Results:
    """Play the three systems."""
    return {system.policy: played(system, SETS, residents) for system in SYSTEMS}


def ends(row: Row, results: Results) -> tuple[float, float, float]:
    """A row's number as written, and the least and the most over the sets in which there is one."""
    found = results[row.system.policy]
    numbers = [number for each in found.values() if not isnan(number := row.got(each))]
    return row.got(found[AS_WRITTEN]), min(numbers, default=nan), max(numbers, default=nan)


def margin(row: Row, results: Results) -> float:
    """Two standard errors of a row's share as written: sqrt(p (1 - p) / n); 0 for what is no share."""
    found = results[row.system.policy][AS_WRITTEN]
    number, many = row.got(found), row.of(found) if row.of else 0
    return 2 * (number * (1 - number) / many) ** 0.5 if many else 0.0


def text_of(row: Row, number: float) -> str:
    """A row's number as the page writes it."""
    return "none" if isnan(number) else row.shown.format(100 * number if row.shown == PERCENT else number)


def page(results: Results, residents: int) -> str:
    """The page, with what the model gets wrong first."""
    parts = [HEAD, "## What the model gets wrong", *wrong(results), "## Beside what was published", _said(residents)]
    return "\n\n".join([*parts, _table(results), "## What became of findings", _fates(results), TAIL, SOURCES]) + "\n"


def _said(residents: int) -> str:
    names = ", ".join(f"`{each.policy}` from {each.first} to {each.last} (seeds: {each.seeds})" for each in SYSTEMS)
    groups = "; ".join(f"*{each.name}*: {', '.join(f'`{path}`' for path in each.patterns)}" for each in SETS)
    return (
        f"{residents:,} synthetic residents: {names}. The range is over the values as written and both ends of "
        f"three groups of assumptions, each moved as a whole: {groups}. It is no statement about probability."
    )


def _table(results: Results) -> str:
    lines = ["| system | what | published | model | range | what it tests |", "|---|---|---|---|---|---|"]
    for row in ROWS:
        got, low, high = (text_of(row, number) for number in ends(row, results))
        lines.append(f"| `{row.system.policy}` | {row.what} | {row.published} | {got} | {low} to {high} | {row.test} |")
    return "\n".join(lines)


def _fates(results: Results) -> str:
    """As written: from the people covered to those who got out."""
    heads: Mapping[str, Callable[[Found], int]] = {
        "covered": lambda found: found.covered,
        "findings": lambda found: found.findings,
        "wrong": lambda found: found.wrong,
        "dropped or objected away before": lambda found: found.dropped + found.objections_upheld,
        "appeals": lambda found: found.appeals,
        "taken back": lambda found: found.taken_back,
        "stood": lambda found: found.stood,
        "ended by payment": lambda found: found.left_by_paying,
        "refused at a counter": lambda found: found.doors,
    }
    lines = [f"| system | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
    for name, found in results.items():
        numbers = " | ".join(f"{count(found[AS_WRITTEN]):,}" for count in heads.values())
        lines.append(f"| `{name}` | {numbers} |")
    return "\n".join(lines)


def wrong(results: Results) -> Sequence[str]:
    """What the model gets wrong, written from its numbers."""
    rows = [row for row in ROWS if row.observed is not None]
    told = "\n".join(f"* {_verdict(row, results)}" for row in rows)
    return ["Of what was observed in Michigan:", told, f"{_true_fraud(results)} {_judges(results)} {_courts(results)}"]


def _verdict(row: Row, results: Results) -> str:
    """Whether the observed number lies in the range, in words."""
    got, low, high = ends(row, results)
    if row.observed is None or isnan(low):
        return f"**{row.what}**: nothing to say at this size."
    chance = margin(row, results)
    inside = low - chance <= row.observed <= high + chance
    where = "inside the range" if inside else f"outside it, the model is too {'low' if row.observed > high else 'high'}"
    where += f", chance of some {100 * chance:.0f} points allowed for" if chance >= 0.005 else ""
    numbers = [text_of(row, number) for number in (got, low, high, row.observed)]
    return f"**{row.what}**: {numbers[0]} in the model ({numbers[1]} to {numbers[2]}), {numbers[3]} observed: {where}."


def _true_fraud(results: Results) -> str:
    right, low, _ = ends(TIMES, results)
    if isnan(right) or low <= (TIMES.observed or 0.0):
        return "How many findings there are for each one with an act behind it lies in the range."
    return (
        f"There are {right:,.0f} findings for each one with an act behind it, where five times the usual number were "
        "made: the model records too little true fraud among people on benefits, or compares too much, or both. Its "
        "rate of fraud is one for a whole city. So that nearly all findings are wrong comes too easily, and meeting "
        "93 % would show nothing."
    )


def _judges(results: Results) -> str:
    found = results[MIDAS.policy][AS_WRITTEN]
    if not found.answered:
        return "No appeal was answered."
    stood, low, high = (100 * number for number in ends(STOOD, results))
    chance = 100 * margin(STOOD, results)
    said = "the range reaches that by chance alone" if low - chance <= 8 < low else "the range holds that"
    said = "at no end of the range so few stand" if low - chance > 8 else said
    middle = "as written the courts believe the machine too often" if stood - chance > 8 else "as written it is as few"
    return (
        f"Of {found.answered:,} answered appeals the finding stood in {stood:.0f} % ({low:.0f} to {high:.0f}, give or "
        f"take {chance:.0f}), in Michigan in 8 %: {middle}, {said}. They are fitted to disputed credit reports, and a "
        "claim of fraud with no fact in the file falls more easily."
    )


def _courts(results: Results) -> str:
    found = results[MIDAS.policy][AS_WRITTEN]
    return (
        f"Of {found.findings:,} findings {found.appeals:,} were appealed, since nobody is told, and {found.answered:,} "
        "of these answered in the time played: courts are staffed by the number of people covered."
    )


def main(arguments: Sequence[str] = ()) -> int:
    """Print the page; `--size 200k`: residents."""
    size = SIZE
    if arguments:
        try:
            if len(arguments) != 2 or arguments[0] != "--size" or arguments[1] == "full":
                raise ValueError("usage: python -m vitropolis.validation.benefits [--size 200k]")
            size = int(parse_size(arguments[1]))
        except ValueError as error:
            sys.stderr.write(f"{error}\n")
            return 2
    sys.stdout.write(page(measured(size), size))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
