"""The studies as text of 80 columns: ranges first, what moves a number, what would reverse it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any

from vitropolis.base.figures import WIDTH
from vitropolis.base.mark import mark_line
from vitropolis.report.headlines import QUESTIONS
from vitropolis.study.challenge import HOLDS, REVERSES
from vitropolis.study.design import rounded

MOST_NAMED = 6
Row = Mapping[str, Any]
TITLES = {question.id: f"{question.title} ({question.unit})" for question in QUESTIONS}


def two(number: float | None, figures: int = 2) -> str:
    """A number to two (or other) significant figures, without an exponent: 0.0031, 4.2, 170, 12,000."""
    if number is None:
        return "no value"
    short = rounded(number, figures)
    if abs(short) >= 10 ** (figures - 1):
        return f"{short:,.0f}"
    return f"{short:.8f}".rstrip("0").rstrip(".") if abs(short) >= 1e-8 else "0"


def apart(one: float, other: float) -> tuple[str, str]:
    """Two numbers with as many figures, from two to eight, as it takes to tell them apart; equal ones with four."""
    for figures in range(2, 9):
        if two(one, figures) != two(other, figures):
            return two(one, figures), two(other, figures)
    return two(one, 4), two(other, 4)


def _lines(text: str, indent: str = "", more: str = "  ") -> Iterator[str]:
    yield from wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent + more, break_on_hyphens=False)


def between(row: Row) -> str:
    """`between 4 and 9; 6.1 under the values as written`."""
    if row["low"] is None:
        return "no value in any set"
    none = f"; no value in {row['undefined']} of {len(row['values'])} sets" if row["undefined"] else ""
    if row["low"] == row["high"]:
        return f"{two(row['low'])} in every set{none}"
    low, high = apart(row["low"], row["high"])
    return f"between {low} and {high}; {two(row['value'])} under the values as written{none}"


def range_lines(told: Row) -> Iterator[str]:
    """What `ranges.json` says: each headline's range, and what moves it most."""
    yield from _lines(
        f"What the assumptions leave open: {told['sets']} sets of values, {told['moved']} assumptions moved at once "
        f"inside their stated ranges, {told['residents']:,} synthetic residents."
    )
    first, second = told["definitions"]
    worlds = list(next(iter(told["headlines"].values())))
    for name, rows in told["headlines"].items():
        if all(row["low"] is None for row in rows.values()):
            continue
        yield ""
        yield from _lines(TITLES[name].format(first=first, second=second))
        for world in worlds:
            lead = f"{world}: " if len(worlds) > 1 else ""
            yield from _lines(lead + between(rows[world]), "  ")
            yield from (line for driver in rows[world]["drivers"] for line in _lines(_driver(driver), "    "))
    yield ""
    yield from _lines(_nothing(told))
    yield mark_line(told["seed"])


def _driver(driver: Row) -> str:
    low, high = driver["range"]
    below, above = apart(driver["at_low"], driver["at_high"])
    moved = "raised" if driver["rises"] else "lowered"
    return f"{moved} by {driver['path']}: {below} at {low:g}, {above} at {high:g}"


def _nothing(told: Row) -> str:
    nothing = told["nothing"]
    return (
        f"{nothing['count']} of {told['moved']} assumptions were not seen to move any headline beyond chance (listed "
        f"in study/ranges.json); {len(told['played_alone'])} were played one at a time. Assumptions about speech and "
        "loyalty vary too and are never named."
    )


def challenge_lines(told: Row) -> Iterator[str]:
    """What `challenge.json` says: story by story whether it holds, and if not, under which values."""
    yield from _lines(
        f"Under which assumptions, inside their stated ranges, would a headline tell the opposite? {told['sets']} sets "
        f"of values, then the values that work most against it; {told['residents']:,} synthetic residents."
    )
    verdicts = told["verdicts"]
    for world in dict.fromkeys(each["world"] for each in verdicts):
        yield ""
        yield world
        for each in (each for each in verdicts if each["world"] == world):
            yield from _verdict(each)
    yield from _order(told["order"])
    yield ""
    yield from _lines("`holds` means that no values against it were found, which is no proof that there are none.")
    yield mark_line(told["seed"])


def _verdict(each: Row) -> Iterator[str]:
    lead = {HOLDS: "holds     ", REVERSES: "REVERSES  "}.get(each["verdict"], "not told  ")
    space = " " * len(lead)
    if each["written"] is None:
        yield from wrap(f"{lead}whether {each['says']}: the run has no number for it", WIDTH, subsequent_indent=space)
        return
    yield from wrap(lead + each["says"], WIDTH, subsequent_indent=space)
    low, high = apart(each["low"], each["high"])
    spread = f"{low} to {high} over the sets" if each["low"] != each["high"] else "the same in every set"
    yield from _lines(f"{two(each['written'])} as written, {spread}; turns at {each['threshold']:g}", space, "")
    yield from _lines(_why(each), space, "")


def _why(each: Row) -> str:
    said = []
    if each["reversed_sets"]:
        said.append(f"reversed in {each['reversed_sets']} of {each['sets']} sets")
    if each["lever"]:
        said.append(f"it is {_beside(each['at'], each['threshold'])} with {_values(each['lever'])}")
    elif each["corner"] is not None:
        there = _beside(each["corner"], each["threshold"])
        said.append(f"{there} with every known mover at the end that works against it")
    else:
        said.append("no assumption that was played alone moves it")
    return "; ".join(said)


def _beside(number: float, threshold: float) -> str:
    """A number with figures enough to tell it from the threshold."""
    return apart(number, threshold)[0]


def _values(lever: Mapping[str, float]) -> str:
    """The first values of a lever, and how many more there are."""
    named = [f"{path} {number:g}" for path, number in lever.items()]
    more = [f"{len(named) - MOST_NAMED} more (--json names them)"] if len(named) > MOST_NAMED else []
    return ", ".join([*named[:MOST_NAMED], *more])


def _order(order: Row | None) -> Iterator[str]:
    if order is not None:
        yield ""
        held = "in every set" if not order["others"] else f"in all but {order['others']} of {order['sets']} sets"
        yield from _lines(f"People hit, fewest first: {', '.join(order['written'])}; the same order {held}.")


def without_lines(told: Row) -> Iterator[str]:
    """What `without.json` says: each mechanism, a headline with it and without it."""
    yield from _lines(
        f"Each mechanism put out of force alone, on {told['residents']:,} synthetic residents: one headline with "
        "it and without it, and how many of all headlines differ."
    )
    yield ""
    yield f"{'mechanism':<34}{'with':>10}{'without':>10}{'differ':>8}  headline"
    for row in told["rows"]:
        with_it, without_it = _with_and_without(row["value"], row["without"])
        name = f"{row['claim']:<4}{row['mechanism']}"
        yield f"{name:<34}{with_it:>10}{without_it:>10}{row['differing']:>8}  {row['headline']}"
    yield mark_line(told["seed"])


def _with_and_without(one: float | None, other: float | None) -> tuple[str, str]:
    if one is None or other is None or one == other:
        return two(one, 3), two(other, 3)
    return apart(one, other)
