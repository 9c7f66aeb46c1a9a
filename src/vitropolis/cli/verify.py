"""`vitropolis verify`: every known answer, beside what the code says to it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from vitropolis.base.errors import UsageError
from vitropolis.base.figures import WIDTH, time_of
from vitropolis.cli.options import PLAIN, Common
from vitropolis.cli.output import Voice
from vitropolis.cli.usage import nearest

if TYPE_CHECKING:
    from vitropolis.verification.known import Script
    from vitropolis.verification.table import Case

NAME = 36  # columns of a case's name; a longer one has a line of its own


def verify(
    *names: Annotated[str, Parameter(help="Scripts to play (see --list); all if none is named.")],
    list_: Annotated[
        bool, Parameter(name="--list", negative="", show_default=False, help="Say which there are; play none.")
    ] = False,
    long: Annotated[
        bool, Parameter(negative="", show_default=False, help="Play at the published size; takes minutes.")
    ] = False,
    common: Common = PLAIN,
) -> int:
    """Hold the code to known answers: theory and published numbers, to their digits.

    Each case is printed with what is expected, what was obtained, the tolerance and the source. The exit code is 0 if
    all held, 1 if one was missed. Without --long each script is played in a size that takes seconds.
    """
    scripts, voice = _chosen(names), Voice.of(common)
    if list_:
        listed = [{"name": each.name, "title": each.title, "source": each.source} for each in scripts]
        voice.answer("verify-list", {"scripts": listed}, _list_lines(scripts))
        return 0
    if any(script.plays for script in scripts):
        from vitropolis.cli.play import warm

        warm(voice)
    told = list(_played(scripts, long, voice))
    cases = [case for script in told for case in script["cases"]]
    missed = sum(not case["held"] for case in cases)
    said = f"{len(cases)} cases, {f'{missed} MISSED' if missed else 'all held'}"
    voice.answer("verify", {"long": long, "scripts": told, "cases": len(cases), "missed": missed}, [said])
    return 1 if missed else 0


def _chosen(names: Sequence[str]) -> list[Script]:
    """The scripts of these names, in their own order; UsageError if there is none of a name."""
    from vitropolis.verification.known import NAMES, SCRIPTS

    for name in names:
        if name not in NAMES:
            raise UsageError(
                f"`{name}` is no script of known answers{nearest(name, NAMES)} (legal: {', '.join(NAMES)})"
            )
    return [script for script in SCRIPTS if not names or script.name in names]


def _played(scripts: Sequence[Script], long: bool, voice: Voice) -> Iterator[dict[str, Any]]:
    """Play scripts one after the other; where the answer is text, each is printed when it is done."""
    for number, script in enumerate(scripts, 1):
        voice.note(f"{number} of {len(scripts)}: {script.name} ...")
        start = time.perf_counter()
        cases = []
        for case in script.cases(long):
            cases.append(case)
            if time.perf_counter() - start > 20:  # who waits sees that something moves
                voice.note(f"  {case.name}: {'held' if case.holds else 'MISSED'}")
        seconds = time.perf_counter() - start
        if not voice.json:
            voice.lines(_lines(script, cases, seconds))
        said = {"name": script.name, "title": script.title, "source": script.source, "seconds": round(seconds, 1)}
        yield {**said, "cases": [_said(case) for case in cases]}


def _said(case: Case) -> dict[str, Any]:
    return {
        "name": case.name,
        "published": case.published,
        "expected": float(case.expected),
        "obtained": float(case.got),
        "tolerance": float(case.tolerance),
        "held": bool(case.holds),
    }


def _list_lines(scripts: Sequence[Script]) -> Iterator[str]:
    for script in scripts:
        yield f"{script.name:<14}{script.title}"
        yield from wrap(f"source: {script.source}", WIDTH, initial_indent=" " * 14, subsequent_indent=" " * 16)


def _lines(script: Script, cases: Sequence[Case], seconds: float) -> Iterator[str]:
    """A script's table, at most 80 columns wide."""
    yield f"{script.name}: {script.title} ({time_of(seconds)})"
    yield from wrap(f"source: {script.source}", WIDTH, initial_indent="  ", subsequent_indent="    ")
    yield f"  {'case':<{NAME}}{'expected':>12}{'obtained':>12}{'within':>10}"
    for case in cases:
        numbers = f"{_text(case.expected):>12}{_text(case.got):>12}{_within(case.tolerance):>10}"
        name = case.name
        if len(name) >= NAME:
            *front, name = wrap(name, NAME - 2, subsequent_indent="  ")
            yield from (f"  {line}" for line in front)
        yield f"  {name:<{NAME}}{numbers}  {'held' if case.holds else 'MISSED'}"
    yield ""


def _within(tolerance: float) -> str:
    return "exact" if tolerance < 1e-7 else f"{tolerance:.2g}" if tolerance < 1000 else f"{tolerance:,.0f}"


def _text(number: float) -> str:
    if abs(number) < 1e-6:
        return "0"
    if abs(number) >= 1000 or float(number).is_integer():
        return f"{number:,.0f}"
    return f"{number:.6f}" if abs(number) >= 0.001 else f"{number:.1e}"
