"""Base rates: how many who did it and who did not are flagged when a rare thing is looked for in a whole city.

Source: Bayes' rule and the binomial law at N = 21,500,000. Every row is a world of one run through the engine.

**The four rows.** On day 0 a resident is `prevalent` if they do `theft`; the office that records it catches a share
*sens*. Everybody else may do `neighbour_dispute`, which costs nothing, and of which a share SLIP is written down as
`theft` (wrong content). With at most one act a resident and day, and a horizon of two days (acts of day 0 arrive on
day 1, acts of day 1 never), the law is exact, without any correction for the horizon:

    P(listed, did it) = p * sens          P(listed, did not) = x * SLIP = (1 - p) * (1 - spec)

where x = (1 - p) * (1 - spec) / SLIP is the chance of the innocent act. Both counts are binomial in N. Rightly and
wrongly listed are read from the engine's own bins of the verdict (`wrong fact` or not).

**Joint sanctions.** 44 departments, each of which flags everybody wrongly with f = 0.001 on one day of its own: the
behaviour of department k is in force on days k and k + 1, so that its flags of day k arrive while they count, and those
of day k + 1 too late. The days are independent: P(any flag) = 1 - (1 - f)^44, exactly.

**Daily check.** A slip of 1e-4 on each of 365 days: P(hit within 365 days) = 1 - (1 - 1e-4)^365, exactly, on a
horizon of 366 days (the last act arrives on day 365).

Integer tables round every chance at 2^-32: below 1e-7 of the numbers shown.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from vitropolis.engine.run import Simulation
from vitropolis.model.counts import ITEMS
from vitropolis.model.worlds import Plan
from vitropolis.policy import PERSON_WORDS
from vitropolis.verification.quiet import (
    START,
    Plain,
    Word,
    assumed,
    behaviour,
    black_list,
    city_of,
    feed_error,
    plan_of,
    policy,
    quiet,
)
from vitropolis.verification.table import Case, counted, say, show

N, SMALL = 21_500_000, 60_000
THEFT, INNOCENT = "theft", "neighbour_dispute"
SLIP = 0.5
# prevalence, sensitivity, specificity; listed who did it, listed who did not, and PPV as published for N
ROWS = (
    (0.01, 0.90, 0.99, "193,500", "212,850", ".476190"),
    (0.001, 0.90, 0.99, "19,350", "214,785", ".082642"),
    (0.001, 0.99, 0.999, "21,285", "21,478.5", ".497738"),
    (0.02, 0.80, 0.95, "344,000", "1,053,500", ".246153"),
)
DEPARTMENTS, FLAG = 44, 0.001
DAILY, DAYS = 1e-4, 365


def rows_plan(seed: int) -> Plan:
    """The four rows as four worlds of one pass: the same ranges, other values."""
    text = policy(
        ("police", "street"),
        behaviours={"theft": behaviour("police", THEFT), "dispute": behaviour("street", INNOCENT)},
        lists={"flagged": black_list("theft")},
    )
    worlds = [(f"row {place}", text, assumed(_row(*row[:3]))) for place, row in enumerate(ROWS)]
    return plan_of(worlds, 2, seed)


def innocent_chance(prevalence: float, specificity: float) -> float:
    """x of the module's text."""
    return round((1 - prevalence) * (1 - specificity) / SLIP, 12)


def _row(prevalence: float, sensitivity: float, specificity: float) -> Plain:
    top = max(innocent_chance(row[0], row[2]) for row in ROWS)
    innocent = Word(innocent_chance(prevalence, specificity), top, mistaken_for=THEFT)
    data = quiet({THEFT: Word(prevalence, max(row[0] for row in ROWS)), INNOCENT: innocent})
    feed_error(data, "police", "completeness", sensitivity, 0, 1)
    feed_error(data, "street", "wrong_content", SLIP)
    return data


def departments_plan(seed: int) -> Plan:
    """44 departments, one day each."""
    words = PERSON_WORDS[:DEPARTMENTS]
    days = [START + timedelta(days=day) for day in range(DEPARTMENTS + 2)]
    behaviours = {
        f"says_{word}": behaviour(f"office_{word}", word, starts_on=days[day], ends_before=days[day + 2])
        for day, word in enumerate(words)
    }
    text = policy(
        [f"office_{word}" for word in words],
        behaviours=behaviours,
        lists={"joint": black_list(*behaviours)},
    )
    held = assumed(quiet({word: Word(FLAG) for word in words}))
    return plan_of([("44 departments", text, held)], DEPARTMENTS + 1, seed)


def daily_plan(seed: int) -> Plan:
    """A wrong flag with a chance of 1e-4 on each of 365 days."""
    text = policy(
        ("police", "street"),
        behaviours={"theft": behaviour("police", THEFT), "dispute": behaviour("street", INNOCENT)},
        lists={"flagged": black_list("theft")},
    )
    data = quiet({INNOCENT: Word(DAILY / SLIP, mistaken_for=THEFT)})
    feed_error(data, "street", "wrong_content", SLIP)
    return plan_of([("daily check", text, assumed(data))], DAYS + 1, seed)


def played(plan: Plan, residents: int) -> Any:
    """Play a plan; int64[world, item]: every counted item, added up over days and districts."""
    simulation = Simulation(plan, city_of(residents))
    return sum(week.totals.days.sum(axis=(1, 3)) for week in simulation.play())


def row_cases(residents: int, seed: int) -> list[Case]:
    """The four rows."""
    totals = played(rows_plan(seed), residents)
    cases = []
    for place, (prevalence, sensitivity, specificity, right, wrong, precision) in enumerate(ROWS):
        false = int(totals[place, ITEMS["black_first_wrong_fact"]])
        true = int(totals[place, ITEMS["in_0"]]) - false
        name = f"{prevalence:.1%} {sensitivity} {specificity}"
        chances = prevalence * sensitivity, (1 - prevalence) * (1 - specificity)
        cases.append(counted(f"{name} did it, listed", right, chances[0], residents, true))
        cases.append(counted(f"{name} did not, listed", wrong, chances[1], residents, false))
        cases.append(_precision(f"{name} PPV", precision, chances, true, false))
    return cases


def _precision(name: str, published: str, chances: tuple[float, float], true: int, false: int) -> Case:
    """PPV given how many are listed: a binomial share."""
    share = chances[0] / sum(chances)
    return Case(name, published, share, true / (true + false), (share * (1 - share) / (true + false)) ** 0.5)


def joint_case(residents: int, seed: int) -> Case:
    """44 departments at 0.1%."""
    simulation = Simulation(departments_plan(seed), city_of(residents))
    for _ in simulation.play():
        pass
    hit = sum(int((chunk.state.lists[0] != 0).sum()) for chunk in simulation.chunks)
    return counted("44 departments at 0.1%: flagged by any", "4.3067%", 1 - (1 - FLAG) ** DEPARTMENTS, residents, hit)


def daily_case(residents: int, seed: int) -> Case:
    """1e-4 a day for a year."""
    totals = played(daily_plan(seed), residents)
    chance = 1 - (1 - DAILY) ** DAYS
    return counted("1e-4 a day: hit within 365 days", "3.5844%", chance, residents, int(totals[0, ITEMS["in_0"]]))


def known(full: bool) -> Iterator[Case]:
    """All cases, in a city of the published size or a small one."""
    residents = N if full else SMALL
    yield from row_cases(residents, 1)
    yield joint_case(residents, 1)
    yield daily_case(residents, 1)


def main(residents: int = N, seed: int = 1) -> bool:
    """Print the table."""
    say(f"(a city of {residents:,} residents, seed {seed})")
    cases = [*row_cases(residents, seed), joint_case(residents, seed), daily_case(residents, seed)]
    note = f"published counts are for N = {N:,}; one binomial sd; who did it by the engine's own verdict"
    return show("Base rates (Bayes' rule)", cases, note)


if __name__ == "__main__":
    sys.exit(not main(*(int(text.replace(",", "")) for text in sys.argv[1:])))
