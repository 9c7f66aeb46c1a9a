"""A loop between two folds: what a detector of lock-in must find, and where it must find nothing.

Source: x' = x - x^3 + h has two stable states between its folds at h = +-2 / (3 sqrt 3) = +-.3849002, where x =
-+1 / sqrt 3. Swept slowly up and down, x jumps at one fold on the way up and at the other on the way down, and the two
ways enclose a loop. The line x' = h - x has none. The detector is a toy of this script: no part of a run is read by it,
and nothing is drawn. It stands here as the measure that a study of lock-in by a run's own numbers has to pass first.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vitropolis.verification.table import Case, show, within

FOLD = 2 / (3 * 3**0.5)
END, STEPS = 1.0, 2_001  # h from -END to END and back, in so many levels
SETTLED, STEP, MOST = 1e-9, 0.1, 100_000  # Euler steps until x stands still at a level, at most so many
JUMP = 0.5  # a change of x from one level to the next that counts as a jump
WITHIN = 0.02
Floats = NDArray[np.float64]
Drift = Callable[[float, float], float]


@dataclass(frozen=True)
class Loop:
    """What a sweep found: levels at which x jumps on the way up and down (None: nowhere), x before, area enclosed."""

    up: float | None
    down: float | None
    before_up: float | None
    before_down: float | None
    area: float


def cubic(x: float, h: float) -> float:
    """The system with two folds."""
    return x - x**3 + h


def line(x: float, h: float) -> float:
    """A system without any."""
    return h - x


def settled(drift: Drift, x: float, h: float) -> float:
    """Where x comes to rest at a level."""
    for _ in range(MOST):
        change = drift(x, h)
        x += STEP * change
        if abs(change) < SETTLED:
            break
    return x


def swept(drift: Drift) -> Loop:
    """Sweep slowly up and down and look for the loop."""
    levels = np.linspace(-END, END, STEPS)
    up, x = np.zeros(STEPS), -1.5
    for place, level in enumerate(levels):
        up[place] = x = settled(drift, x, float(level))
    down = np.zeros(STEPS)
    for place in range(STEPS - 1, -1, -1):
        down[place] = x = settled(drift, x, float(levels[place]))
    first, then = _jump(levels, up), _jump(levels[::-1], down[::-1])
    return Loop(first[0], then[0], first[1], then[1], float((down - up).sum() * (levels[1] - levels[0])))


def _jump(levels: Floats, states: Floats) -> tuple[float | None, float | None]:
    """The level at which the states jump first, and the state before."""
    jumps = np.flatnonzero(np.abs(np.diff(states)) > JUMP)
    return (float(levels[jumps[0] + 1]), float(states[jumps[0]])) if len(jumps) else (None, None)


def known(full: bool) -> Iterator[Case]:
    """All cases; there is but one size."""
    loop, none = swept(cubic), swept(line)
    far = 99.0  # stands for nowhere
    yield within("two folds: jumps up at", ".3849002", FOLD, far if loop.up is None else loop.up, WITHIN * FOLD)
    yield within("two folds: jumps down at", "-.3849002", -FOLD, far if loop.down is None else loop.down, WITHIN * FOLD)
    # x is steep at a fold: a step of h below it changes x by the root of the step
    near = (2 * END / (STEPS - 1)) ** 0.5
    for name, at, want in (("up", loop.before_up, -(3**-0.5)), ("down", loop.before_down, 3**-0.5)):
        yield within(f"two folds: x before the jump {name}", "-+.5773503", want, far if at is None else at, near)
    yield within("two folds: a loop is enclosed (1: yes)", "yes", 1, int(loop.area > 0.5), 1e-9)
    yield within("no fold: jumps", "0", 0, int(none.up is not None) + int(none.down is not None), 1e-9)
    yield within("no fold: area of the loop", "0", 0, none.area, 1e-6)


def main() -> bool:
    """Print the table."""
    return show("A loop between two folds", [*known(True)])


if __name__ == "__main__":
    sys.exit(not main())
