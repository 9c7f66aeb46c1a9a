"""Work: jobs lost through firms that are hit, weeks without work, and representatives hit through their firm."""

from __future__ import annotations

from vitropolis.report.question import Found, Question, of_enrolled, ratio
from vitropolis.report.totals import Totals

METHODS = {
    "jobs_lost": "Residents whom a firm laid off because it lost orders: a service was shut to it, it was on a black "
    "list, or its legal representative was. Each is laid off at most once; the firm hires nobody back.",
    "weeks_without_work": "Weeks that began without work for somebody laid off so, who had not left the city.",
    "found_work": "Residents laid off so who found other work by the last day.",
    "search_blocked": "Of the weeks without work, those in which a measure shut the labour market to the resident.",
    "children_of_laid_off": "Children under 15 in the households of residents laid off, at the moment of the lay-off.",
}


def laid_off(totals: Totals, world: int) -> Found:
    """Residents laid off, per 1,000 enrolled."""
    return of_enrolled(totals.flow("laid_off", world), totals.stock("enrolled", world))


def weeks(totals: Totals, world: int) -> Found:
    """Weeks without work, per 1,000 enrolled."""
    return of_enrolled(totals.flow("weeks_without_work", world), totals.stock("enrolled", world))


def found(totals: Totals, world: int) -> Found:
    """Of those laid off, who found work again."""
    return ratio(totals.flow("found_work", world), totals.flow("laid_off", world))


def blocked(totals: Totals, world: int) -> Found:
    """Of the weeks without work, those in which the labour market was shut."""
    return ratio(totals.flow("search_blocked", world), totals.flow("weeks_without_work", world))


def children(totals: Totals, world: int) -> Found:
    """Children in households of residents laid off, for each of these."""
    return ratio(totals.flow("children_of_laid_off", world), totals.flow("laid_off", world))


FROM = ("lists", "measures")
WORK = (
    Question("jobs_lost_per_1000", "Residents whom a firm that was hit laid off", "per 1,000 enrolled", "jobs_lost",
             laid_off, ("laid_off", "enrolled"), FROM, beside_twin=False),
    Question("weeks_without_work_per_1000", "Weeks without work of those laid off", "per 1,000 enrolled",
             "weeks_without_work", weeks, ("weeks_without_work", "enrolled"), FROM, beside_twin=False),
    Question("found_work", "Of those laid off: found other work", "share", "found_work", found,
             ("found_work", "laid_off"), FROM, beside_twin=False),
    Question("search_blocked", "Of the weeks without work: the labour market was shut", "share", "search_blocked",
             blocked, ("search_blocked", "weeks_without_work"), FROM, beside_twin=False),
    Question("children_of_laid_off", "Children in households of those laid off, for each of them", "children",
             "children_of_laid_off", children, ("children_of_laid_off", "laid_off"), FROM, beside_twin=False),
)  # fmt: skip
