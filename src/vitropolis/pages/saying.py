"""Words that several parts of a page need: what worlds are called, what numbers rest on, ranges and conditions."""

from __future__ import annotations

from collections.abc import Sequence

from vitropolis import __version__
from vitropolis.pages.assumed import silence_of
from vitropolis.pages.markup import bare
from vitropolis.report.figures import FEW_MARK, NOT_YET, NOTHING, SURVIVAL, said, shown_of, spoken, value_of
from vitropolis.report.question import FEW, FEWEST, Headline
from vitropolis.report.result import Result, WorldSaid

MIDDLE = "middle"
FEW_NOTE = f"{FEW_MARK} Fewer than {FEWEST} people, acts, records, listings or appeals: chance decides."
WITHOUT = "without it"
CITY = "synthetic city"
INKS, MARKS = ("first", "main", "third"), ("square", "dot", "diamond")


def name_of(result: Result, world: WorldSaid) -> str:
    """What a world is called beside others: its filling, else its name; `with it` where it is the only one."""
    if world.filling:
        return world.filling
    return world.name if len(result.played) > 1 else "with it"


def under(result: Result, world: WorldSaid) -> str:
    """`under the middle filling`, `under beijing-2018-text`."""
    return f"under the {world.filling} filling" if world.filling else f"under {world.name}"


def main_world(result: Result) -> WorldSaid | None:
    """The world that is told first: the middle filling, else the first with a policy."""
    middle = [world for world in result.played if world.filling == MIDDLE]
    return next(iter([*middle, *result.played]), None)


def look_of(result: Result, world: WorldSaid) -> tuple[str, str]:
    """Ink and mark of a world; the main one has the deep blue and the dot, wherever it stands."""
    if world == main_world(result):
        return INKS[1], MARKS[1]
    others = [each for each in result.played if each != main_world(result)]
    place = (0, 2)[others.index(world) % 2]
    return INKS[place], MARKS[place]


def city_of(result: Result) -> str:
    """The city as a sentence has it."""
    return result.city[:1].upper() + result.city[1:]


def where(result: Result) -> str:
    """City, size, seed, dates."""
    days = f"{result.first_day} to {result.last_day}"
    return f"{city_of(result)} with {result.residents:,} residents, seed {result.seed}, {days}"


def basis_line(residents: int, seed: int, more: str = "") -> str:
    """What stands below every picture: how many, which seed, that it is simulated."""
    return (
        f"Simulated: {CITY}, no real people. n = {residents:,} residents, seed {seed}{more}. vitropolis {__version__}."
    )


def basis_of(result: Result) -> str:
    """The same of a run."""
    return basis_line(result.residents, result.seed, f", assumptions {result.basis.assumptions}")


def spoken_value(headline: Headline) -> str:
    """The range where there is one, else the value; where few are behind it a mark, and of a rate a digit or two."""
    if not is_few(headline):
        return shown_of(headline)
    if headline.value is None or headline.low is not None or headline.denominator is None:
        return shown_of(headline).removesuffix(FEW_MARK) + FEW_MARK
    if headline.method_id == SURVIVAL:
        return value_of(headline).removesuffix(FEW_MARK) + FEW_MARK
    return said(headline.value, headline.unit, 1 if abs(headline.value) < 1 else 2) + FEW_MARK


def twin_value(headline: Headline) -> str:
    """The same number in the twin; empty where it says nothing there."""
    return "" if headline.twin_value is None else said(headline.twin_value, headline.unit)


def with_unit(shown: str, unit: str) -> str:
    """A shown number with its unit; a share carries its per cent already."""
    return shown if unit == "share" or shown in (NOTHING, NOT_YET) else f"{shown} {unit}"


def is_few(headline: Headline) -> bool:
    """Whether a value rests on a handful, be it a rate or a mere count."""
    mere = headline.denominator is None and headline.numerator is not None and headline.numerator == headline.value
    return headline.status == FEW or (mere and 0 < (headline.numerator or 0) < FEWEST)


def starred(value: float | None, count: int) -> str:
    """A rate of so many people; a mark where few are behind it, and then two digits."""
    if value is None:
        return NOTHING
    few = 0 < count < FEWEST
    return spoken(value, 2) + FEW_MARK if few else spoken(value)


def condition(result: Result, headline: Headline) -> str:
    """Under what a number holds, in words."""
    if headline.low is not None and headline.sets:
        held = f"Lowest to highest over {headline.sets} sets of assumptions"
        if headline.undefined:
            held += f" ({headline.undefined} of them give no value)"
        size = (result.studies.ranges or {}).get("size")
        held += f", each played with {size:,} residents" if size else ""
    elif headline.sets:
        held = f"In none of {headline.sets} sets of assumptions is there a value"
    else:
        why = "this number has no range" if result.studies.ranges else "no range was computed"
        held = f"Under assumptions `{result.basis.assumptions}` as written; {why}"
    return f"{held}."


def listed(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def after(words: str) -> str:
    """Words that go on after others; nothing where there are none."""
    return f" {words}" if words else ""


def as_written(headline: Headline) -> str:
    """The value under the assumptions as written, where a range stands before it; else empty."""
    return value_of(headline) if headline.low is not None and value_of(headline) != shown_of(headline) else ""


def sentence(result: Result, headline: Headline) -> str:
    """A headline as one sentence that can stand alone: number, range, condition, seed, version, and what it is of."""
    world = next(each for each in result.worlds if each.name == headline.world)
    value = spoken_value(headline) if headline.low is None else value_of(headline)
    shown = "no value" if value == NOTHING else "not reached within the run" if value == NOT_YET else value
    told = f"{headline.title}, {under(result, world)}: {with_unit(shown.removesuffix(FEW_MARK), headline.unit)}"
    if headline.sets:
        told += f" under assumptions {result.basis.assumptions} as written"
    if headline.low is not None:
        told += f", range {shown_of(headline).removesuffix(FEW_MARK)}"
    if headline.twin_value is not None:
        told += f"; without the policy {said(headline.twin_value, headline.unit)}"
    few = f" Fewer than {FEWEST} cases are behind it." if is_few(headline) else ""
    what = f"{where(result)}; policy {world.name}; vitropolis {__version__}"
    silent = silence_of(result, [headline])
    return bare(f"{told}. {condition(result, headline)}{few}{after(silent)} Synthetic city, no real people: {what}.")
