"""A public score with errors: what share of people stays in good standing, by what the score makes of a refusal.

**A toy, no part of a run**: AGENTS agents whose chance is the engine's own (`base.draws.philox`), as the model has no
donation game. In each round everybody meets somebody and helps exactly if that one is good; help fails with e
(execution error); all see it, and the new label is turned round with e (assessment error). *Image scoring*: who helped
is good; shunning, by which any act towards the bad is bad, is the same process among people who help the good alone.
*Standing*: a refusal to somebody bad is justified and leaves one good; stern judging is the same process likewise.

Source: fixed points of the share g of good people. Image scoring: P(helps) = (1 - e) g, so
g = e + (1 - 2 e)(1 - e) g, g = 1 / (3 - 2 e). Standing: P(bad act) = e g, so g = (1 - e) / (1 + e (1 - 2 e)).
Cooperation is (1 - e) g in both. (Nowak & Sigmund 1998; Ohtsuki & Iwasa 2004.) The first forgets at a rate of 3 e a
round: 5 / e rounds are played before 20 / e are averaged.

What it says here: a score that does not ask why somebody was refused ends with two thirds of people in bad standing,
however small its errors.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream, philox
from vitropolis.verification.table import Case, say, show, within

AGENTS, SEEDS = 4_000, (1, 2, 3)
SETTLE, AVERAGE = 5, 20  # rounds, by 1 / e
TOLERANCE = 0.01
ERRORS, RARE = (0.05, 0.01), 0.001
Bools = NDArray[np.bool_]
Words = NDArray[np.uint32]
IMAGE, STANDING = "image scoring", "standing"
# published: good, cooperating
PUBLISHED = {
    (IMAGE, 0.001): (".333556", ".333222"), (IMAGE, 0.01): (".335570", ".332215"),
    (IMAGE, 0.05): (".344828", ".327586"),
    (STANDING, 0.001): (".998004", ".997006"), (STANDING, 0.01): (".980392", ".970588"),
    (STANDING, 0.05): (".909091", ".863636"),
}  # fmt: skip


def fixed_point(rule: str, error: float) -> float:
    """The share of good people that a round leaves as it is."""
    if rule == IMAGE:
        return 1 / (3 - 2 * error)
    return (1 - error) / (1 + error * (1 - 2 * error))


def after(good: Bools, rule: str, error: float, words: Words) -> tuple[Bools, Bools]:
    """One round for everybody at once: (labels afterwards, who helped). words: uint32[4, agents]."""
    agents = len(good)
    mine = np.arange(agents)
    whom = (mine + 1 + words[0] % np.uint32(agents - 1)) % agents  # anybody but oneself
    cut = int(error * 2**32)
    helped = good[whom] & (words[1] >= cut)
    act_good = helped if rule == IMAGE else helped | ~good[whom]
    return act_good ^ (words[2] < cut), helped


def played(rule: str, error: float, seed: int) -> tuple[float, float]:
    """Mean shares of good people, and of meetings with help, after settling."""
    good, agents = np.ones(AGENTS, bool), np.arange(AGENTS)
    settle, average = round(SETTLE / error), round(AVERAGE / error)
    goods = helps = 0
    for turn in range(settle + average):
        good, helped = after(good, rule, error, philox(agents, turn, Stream.CHECK, 0, seed))
        if turn >= settle:
            goods, helps = goods + int(good.sum()), helps + int(helped.sum())
    return goods / (average * AGENTS), helps / (average * AGENTS)


def cases_of(errors: Sequence[float], seed: int) -> Iterator[Case]:
    """Both rules at some rates of error."""
    for error in errors:
        for rule in (IMAGE, STANDING):
            good = fixed_point(rule, error)
            got, told, name = played(rule, error, seed), PUBLISHED[rule, error], f"seed {seed} {rule}, e = {error}"
            yield within(f"{name}: good", told[0], good, got[0], TOLERANCE)
            yield within(f"{name}: cooperation", told[1], (1 - error) * good, got[1], TOLERANCE)


def known(full: bool) -> Iterator[Case]:
    """All cases: one seed, or three and with them rarer errors."""
    for seed in SEEDS if full else SEEDS[:1]:
        yield from cases_of((*ERRORS, RARE) if full else ERRORS, seed)


def main() -> bool:
    """Print the table."""
    say(f"({AGENTS:,} agents, seeds {', '.join(map(str, SEEDS))}; a toy on the engine's draws)")
    return show("A public score with errors", [*known(True)], f"tolerance {TOLERANCE} as published; it is 4 sd")


if __name__ == "__main__":
    sys.exit(not main())
