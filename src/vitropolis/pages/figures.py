"""Every picture of a run: which there are, and each by its name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vitropolis.pages import curve, grounds, groups, learning, moved, overtime, queues, scores, services, stays, tiles
from vitropolis.pages.view import Figure
from vitropolis.report.result import Result

FIGURES: Mapping[str, tuple[str, Callable[[Result], Figure | None]]] = {
    "grounds": ("of 100 people hit on their own account, how many on which ground", grounds.figure),
    "course": ("people hit over time, beside the twin", overtime.figure),
    "scores": ("where people stand by score, and where the bands begin", scores.figure),
    "districts": ("the 16 districts as tiles, with people hit per 1,000", tiles.figure),
    "errors": ("people wrongly hit at other shares of wrong records", curve.figure),
    "stays": ("how long people stay on a black list", stays.figure),
    "learning": ("how people learn that they are hit", learning.figure),
    "services": ("days of lost access, service by service, without and with the policy", services.figure),
    "queues": ("places in queues lost to others, without and with the policy", queues.figure),
    "groups": ("people hit and wrongly hit by group, with what chance alone would do", groups.figure),
    "moved": ("which assumptions move the number of people hit most", moved.figure),
}


def figure_names() -> tuple[str, ...]:
    """The names of all pictures that a run can have."""
    return tuple(FIGURES)


def figure_of(result: Result, name: str) -> Figure | None:
    """One picture by its name; None where the run has not what it shows. KeyError if there is no such name."""
    return FIGURES[name][1](result)


def figures_of(result: Result) -> list[Figure]:
    """Every picture that this run has, in one order."""
    found = (figure_of(result, name) for name in FIGURES)
    return [each for each in found if each is not None]
