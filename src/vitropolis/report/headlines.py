"""Every headline in its order, and how they are asked of a run."""

from __future__ import annotations

from collections.abc import Mapping

from vitropolis.report import (
    adapts,
    bins,
    buys,
    costs,
    disparity,
    exits,
    fields,
    fired,
    firms,
    hit,
    others,
    rivals,
    speech,
    unequal,
    work,
)
from vitropolis.report.question import Found, Headline, Question
from vitropolis.report.rules import Rules
from vitropolis.report.totals import Totals
from vitropolis.results.lists import definitions

QUESTIONS: tuple[Question, ...] = (
    *hit.HIT, *hit.AMPLIFICATION, *bins.BIN_SHARES, *exits.EXITS, *unequal.UNEQUAL, *others.THROUGH, *others.CLOSED,
    *fields.FIELD_QUESTIONS, *rivals.RIVALS,
    *disparity.DISPARITIES, *buys.BUYS, *firms.FIRMS, *speech.SPEECH, *costs.COSTS, *adapts.ADAPTS, *adapts.CLERKS,
    *work.WORK, *hit.CHANCE,
)  # fmt: skip
HEADLINES: tuple[str, ...] = tuple(question.id for question in QUESTIONS)
METHODS: Mapping[str, str] = (
    hit.METHODS
    | bins.METHODS
    | exits.METHODS
    | unequal.METHODS
    | others.METHODS
    | fields.METHODS
    | rivals.METHODS
    | disparity.METHODS
    | buys.METHODS
    | firms.METHODS
    | speech.METHODS
    | costs.METHODS
    | adapts.METHODS
    | work.METHODS
    | fired.METHODS
)
_BY_ID = {question.id: question for question in QUESTIONS}


def found(totals: Totals, world: int, name: str) -> Found:
    """One headline (an id of `HEADLINES`) of one world: value, counts, status."""
    return _BY_ID[name].answer(totals, world)


def values(totals: Totals, world: int) -> dict[str, float | None]:
    """The bare value of every headline of one world, in order; None where there is none."""
    return {question.id: question.answer(totals, world).value for question in QUESTIONS}


def headlines(totals: Totals, world: int) -> tuple[Headline, ...]:
    """Every headline of one world as a record, without ranges."""
    rules = Rules(totals, world)
    named = dict(zip(("first", "second"), definitions(totals.plan), strict=True))
    return tuple(_headline(totals, world, question, rules, named) for question in QUESTIONS)


def headlines_of(totals: Totals) -> list[Headline]:
    """Every headline of every world that has a policy, world after world."""
    return [headline for world in totals.played for headline in headlines(totals, world)]


def _headline(totals: Totals, world: int, question: Question, rules: Rules, named: Mapping[str, str]) -> Headline:
    answer, twin = question.answer(totals, world), totals.twin
    beside = question.beside_twin and twin is not None and twin != world
    made_by = rules.of(question.made_by)
    return Headline(
        id=question.id,
        title=question.title.format(**named),
        unit=question.unit,
        world=totals.name(world),
        value=answer.value,
        twin_value=question.answer(totals, twin).value if beside and twin is not None else None,
        low=None,
        high=None,
        numerator=answer.numerator,
        denominator=answer.denominator,
        rule_ids=made_by,
        lines=tuple(rules.line(element) for element in made_by),
        method_id=question.method,
        status=answer.status,
    )
