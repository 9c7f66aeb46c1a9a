"""The five fields of the integrity project: where doors are shut to people, and what is refused to children."""

from __future__ import annotations

from dataclasses import dataclass

from vitropolis.model.fields import FIELDS
from vitropolis.policy import SERVICES
from vitropolis.report.others import CHILDREN, SHUT_BY
from vitropolis.report.question import Found, Question, of_enrolled, ratio
from vitropolis.report.totals import Totals

NEEDS = ("all_shut", "service_person_days")
METHODS = {
    "all_fields": "People with a door shut in each of the five fields of the plan (market access, public services, "
    "travel and tourism, starting a business, job search), at the end of the last day.",
    "all_shut": "People to whom every service is shut that any measure of the policy shuts, when the run ends.",
    "children_refused": "Of the requests refused, those of people aged 0 to 14.",
}


@dataclass(frozen=True)
class FieldRow:
    """One field: people with a door of it shut and with every door of it shut on the last day, person-days of shut
    doors and requests refused over the run, those of children (0 to 14) among them."""

    world: str
    field: str
    limited: int
    none_open: int
    person_days: int
    refusals: int
    children_refused: int


def field_rows(totals: Totals) -> list[FieldRow]:
    """Every field, for each world with a policy."""
    if not totals.has(*NEEDS):
        return []
    return [_row(totals, world, field) for world in totals.played for field in FIELDS]


def _row(totals: Totals, world: int, field: str) -> FieldRow:
    def of_field(name: str, group: str = "all") -> int:
        found = totals.by_service(name, world, group)
        return sum(count for service, count in found.items() if SERVICES[service].field == field)

    return FieldRow(
        totals.name(world),
        field,
        totals.stock(f"limited_{field}", world),
        totals.stock(f"none_open_{field}", world),
        of_field("service_person_days"),
        of_field("service_refusals"),
        of_field("service_refusals", CHILDREN),
    )


def all_fields(totals: Totals, world: int) -> Found:
    """People limited in all five fields on the last day, per 1,000 enrolled."""
    return of_enrolled(totals.stock("fields_5", world), totals.stock("enrolled", world))


def all_shut(totals: Totals, world: int) -> Found:
    """People to whom all is shut on the last day that can be, per 1,000 enrolled."""
    return of_enrolled(totals.stock("all_shut", world), totals.stock("enrolled", world))


def children_refused(totals: Totals, world: int) -> Found:
    """The share of children in requests refused."""
    return ratio(totals.flow("refusals", world, CHILDREN), totals.flow("refusals", world))


FIELD_QUESTIONS = (
    Question("five_fields_per_1000", "People limited in all five fields at once on the last day", "per 1,000 enrolled",
             "all_fields", all_fields, ("fields_5",), SHUT_BY),
    Question("all_shut_per_1000", "People to whom all is shut that the policy can shut", "per 1,000 enrolled",
             "all_shut", all_shut, ("all_shut",), SHUT_BY),
    Question("children_refused", "Children under 15 among requests refused", "share", "children_refused",
             children_refused, ("refusals",), SHUT_BY),
)  # fmt: skip
