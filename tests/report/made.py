"""Runs that nobody played: variables of a few weeks made by hand, so that every number of a report is known."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.city.cells import groups
from vitropolis.engine.scenario import Setup, resolve, scenario_for
from vitropolis.policy import PERSON_WORDS
from vitropolis.report import Totals, totals_of
from vitropolis.results.indicators import Variable
from vitropolis.results.lists import STAY
from vitropolis.results.manifest import first_manifest

DAYS, WEEKS = 21, 3
DISTRICTS = ("east", "west")
SERVICES = ("flights", "social_assistance", "library")
GROUPS = groups()[0]
GROUPED = ("world", "week", "district", "group")
Counts = Mapping[str, Any]

# people at the end of the run in the east; the west has half of each; the groups follow `SHARES`
PEOPLE: Counts = {
    "enrolled": 8000, "ever_hit": 480, "hit_now": 400, "through_now": 40, "ever_wrongly": 96, "wrong_now": 60,
    "ever_first_wrong_fact": 80, "ever_first_protected": 120, "ever_first_breach": 200,
    "ever_second_wrong_fact": 80, "ever_second_protected": 280, "ever_second_breach": 40,
    "ever_through": 80, "ever_through_wrong": 16, "ever_refused": 240,
    "doors_1": 4, "doors_2_4": 8, "doors_5_9": 120, "doors_10": 268,
}  # fmt: skip
# what happened over the run in the east
EVENTS: Counts = {
    "acts_harmful": 900, "learnt_notice": 40, "learnt_refused": 200, "needs_avoided": 300, "requests": 1600,
    "refusals": 1200, "appeals_filed": 96, "upheld_wrong": 6, "refused_wrong": 14, "upheld_right": 5,
    "refused_right": 45, "objections": 0, "objections_upheld": 0, "records_right": 5000, "records_wrong": 20,
    "records_invented": 30,
}  # fmt: skip
SHARES = {"all": 1.0, "age=0-14": 0.1, "age=15-24": 0.3, "age=25-34": 0.6, "sex=female": 0.4, "sex=male": 0.6}
QUEUE = {"filed": 150, "decided": 90, "lapsed": 12, "waiting": 48, "wait_days": 1350}


@cache
def setup_of(policy: str = "beijing-2018-press", filling: str | None = "middle", twin: bool = True) -> Setup:
    """What a run of three weeks from 1 June 2020 would be made of."""
    first, last = date(2020, 6, 1), date(2020, 6, DAYS)
    return resolve(
        scenario_for(policy, filling=filling, size=20_000, first_day=first, last_day=last, seed=3, twin=twin)
    )


def manifest_of(setup: Setup) -> dict[str, Any]:
    """What `run.json` would say."""
    said = first_manifest(setup, ())
    return said | {"status": "complete", "envelope": {"capped_share": 0.0001, "half_squared_rate": 0.00002}}


def totals(setup: Setup, fired: Any = None, without: tuple[str, ...] = ()) -> Totals:
    """The totals of a run in which each further world counts half of the one before, and the twin nobody hit.

    without: names that the run does not count.
    """
    held = [item for item in variables(setup) if item.name not in without]
    return totals_of(held, setup.plan, setup.size, stays(setup), fired or {})


def variables(setup: Setup) -> list[Variable]:
    """Everything that is counted, in the names and shapes of `indicators.nc`."""
    worlds = [world.name for world in setup.plan.worlds]
    found = [
        Variable(name, (name,), np.array(words, dtype=object))
        for name, words in (("world", worlds), ("district", DISTRICTS), ("group", GROUPS), ("service", SERVICES))
    ]
    scale = np.array([0 if name == "none" else 1 / 2**place for place, name in enumerate(worlds)])
    for name, number in PEOPLE.items():
        size = np.sign(scale) if name == "enrolled" else scale  # without a policy nobody is enrolled
        found.append(Variable(name, GROUPED, _spread(number * size, rising=True)))
    for name, number in EVENTS.items():
        acts = np.where(scale > 0, 0.8, 1.0) if name.startswith(("acts", "records")) else scale
        found.append(Variable(name, GROUPED, _spread(number * acts, rising=False)))
    residents = np.outer([13_000, 7_000], [SHARES.get(label, 0.0) for label in GROUPS])
    found.append(Variable("residents", ("district", "group"), np.asarray(np.rint(residents), np.int32)))
    return found + _of_services(scale) + _of_queue(scale) + _of_words(scale)


def _spread(numbers: NDArray[Any], rising: bool) -> NDArray[np.int32]:
    """A number of each world over weeks, districts (1, 1/2) and groups: cumulated if it rises, else three parts."""
    shares = np.array([SHARES.get(label, 0.0) for label in GROUPS])
    weeks = np.array([0.25, 0.5, 1.0]) if rising else np.array([0.25, 0.25, 0.5])
    whole = numbers[:, None, None, None] * weeks[:, None, None] * np.array([1, 0.5])[:, None] * shares
    return np.asarray(np.rint(whole), np.int32)


def _of_services(scale: NDArray[Any]) -> list[Variable]:
    of = np.array([4.0, 1.0, 0.0])  # by service
    found = []
    for name, number in (("person_days", 3000), ("requests", 320), ("refusals", 240), ("avoided", 60)):
        values = np.zeros((len(scale), WEEKS, len(SERVICES), len(GROUPS)), np.int32)
        values[:, 0, :, 0] = np.rint(number * scale[:, None] * of)
        found.append(Variable(f"service_{name}", ("world", "week", "service", "group"), values))
    return found


def _of_queue(scale: NDArray[Any]) -> list[Variable]:
    found = []
    for name, number in QUEUE.items():
        values = np.zeros((len(scale), DAYS, len(DISTRICTS)), np.int32)
        values[:, 10, 0] = np.rint(number * scale * (1.5 if name == "waiting" else 1))
        if name == "waiting":
            values[:, -1, 0] = np.rint(number * scale)
        found.append(Variable(f"queue_{name}", ("world", "day", "district"), values))
    return found


def _of_words(scale: NDArray[Any]) -> list[Variable]:
    acts = np.zeros((len(scale), WEEKS, len(DISTRICTS), len(PERSON_WORDS)), np.int32)
    records = np.zeros((*acts.shape, 7), np.int32)
    theft = PERSON_WORDS.index("theft")
    acts[:, 0, 0, theft] = np.where(scale > 0, 1080, 1350)
    acts[:, 0, 0, PERSON_WORDS.index("blood_donation")] = 70
    records[:, 0, 0, theft, 0] = np.where(scale > 0, 300, 600)
    return [
        Variable("acts_by_word", ("world", "week", "district", "word"), acts),
        Variable("records_by_word", ("world", "week", "district", "word", "truth"), records),
    ]


def stays(setup: Setup) -> NDArray[Any]:
    """Ten black listings in each world with a black list: (in, out, how, first bin); six end, one by correction."""
    rows = [(0, 5, 1, 3), (0, 5, 2, 3), (0, 10, 5, 1), (0, 10, 1, 1), (0, 20, 2, 2), (5, 10, 2, 3),
            (0, -1, 0, 1), (0, -1, 0, 1), (10, -1, 0, 2), (15, -1, 0, 3)]  # fmt: skip
    found = np.zeros(len(rows) * len(setup.plan.worlds), STAY)
    for place, world in enumerate(setup.plan.worlds):
        mine = found[place * len(rows) : (place + 1) * len(rows)]
        black = [at for at, item in enumerate(world.lists.values()) if item.polarity == "black"]
        mine["world"], mine["list"] = place, black[0] if black else 7
        mine["resident"] = 0, 1, 2, 3, 4, 0, 5, 6, 7, 8  # one of them is listed twice
        for name, column in zip(("day_in", "day_out", "how", "first"), zip(*rows, strict=True), strict=True):
            mine[name] = column
    return found
