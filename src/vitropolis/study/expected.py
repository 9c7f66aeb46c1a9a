"""What a run or a comparison would take on this machine, asked before anything is played or written."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vitropolis.base.errors import InputError, ResourceError, UsageError
from vitropolis.base.figures import size_of, time_of
from vitropolis.engine.played import Estimate, estimate, fits, free_memory
from vitropolis.engine.scenario import SIZES, Scenario, Setup, parse_size, resolve, scenario_for
from vitropolis.engine.together import MOST, passes_of

TWIN = "none"
STUDIED = 200_000  # residents from which on a run is studied unasked


@dataclass(frozen=True)
class Expected:
    """What would be played, and at which cost. `lacks`: what this machine lacks for it, in words; empty if nothing."""

    names: tuple[str, ...]
    title: str
    residents: int
    cost: Estimate
    lacks: str
    words: str


def cores() -> int:
    """Return the number of cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def of_run(policy: str, filling: str | None, size: str, seed: int, out: Path) -> Expected:
    """Expect a run of a policy (a library name or a path). InputError, UsageError, RefusedError as of `resolve`."""
    scenario = scenario_for(policy, filling=filling, size=_size(size), seed=seed)
    return _expected([_resolved(scenario)], out)


def of_comparison(policies: Sequence[str], size: str, seed: int, out: Path) -> Expected:
    """Expect a comparison of policies, one of which may be `none`. UsageError where fewer than two are left."""
    if len(set(policies)) < len(policies):
        raise UsageError("a policy is named twice; compare takes each once")
    chosen = [ref for ref in policies if ref != TWIN]
    if not chosen or len(policies) < 2:
        raise UsageError("compare takes two policies or more, one of which may be `none`")
    scenario = scenario_for([chosen[0]], size=_size(size), seed=seed)
    passes = passes_of(scenario.model_copy(update={"beside": tuple(chosen[1:])}), _fits, MOST)
    return _expected(passes, out)


def residents_of(folder: Path) -> int:
    """The residents of a run or comparison that was begun. UsageError, RefusedError as of `read_setup`."""
    from vitropolis.results.reader import read_setup
    from vitropolis.study.compare import PASSES, is_comparison, read_comparison

    if not is_comparison(folder):
        return read_setup(folder)[1].size
    rooms = [folder / PASSES / str(number) for number in range(1, read_comparison(folder)["passes"] + 1)]
    return max((read_setup(room)[1].size for room in rooms), default=0)


def offers(out: Path, worlds: int = 2, days: int = 804) -> list[tuple[str, int, Estimate, bool]]:
    """The usual sizes, smallest first: name, residents, what a run would take, whether it fits."""
    from vitropolis.city.tables import find_city, load_tables

    people = load_tables(find_city("beijing")).population
    found = [(name, number or people) for name, number in SIZES.items()]
    costs = [(name, number, estimate(number, days, worlds, cores())) for name, number in reversed(found)]
    return [(name, number, cost, not _lacks(cost, out, number)) for name, number, cost in costs]


def _size(said: str) -> str:
    try:
        parse_size(said)
    except ValueError as error:
        raise UsageError(str(error)) from None
    return said


def _resolved(scenario: Scenario) -> Setup:
    try:
        return resolve(scenario)
    except InputError as error:
        if any(message.file for message in error.messages):
            raise
        raise UsageError("\n".join(each.text for each in error.messages)) from None


def _fits(setup: Setup) -> bool:
    return estimate(setup.size, setup.plan.days, len(setup.plan.worlds), cores()).memory_bytes <= free_memory()


def _expected(passes: Sequence[Setup], out: Path) -> Expected:
    costs = [estimate(each.size, each.plan.days, len(each.plan.worlds), cores()) for each in passes]
    cost = Estimate(
        sum(each.seconds for each in costs),
        max(each.memory_bytes for each in costs),
        sum(each.disk_bytes for each in costs),
    )
    policies = {policy.id: policy for setup in passes for policy in setup.policies}
    lacks = _lacks(cost, out, passes[0].size)
    words = f"{cost_words(cost, cores())}{f'; {lacks}' if lacks else ''}"
    first = next(iter(policies.values()))
    title = first.policy.title if len(passes) == 1 and len(policies) == 1 else ", ".join(policies)
    return Expected(tuple(policies), title, passes[0].size, cost, lacks, words)


def _lacks(cost: Estimate, out: Path, residents: int) -> str:
    try:
        fits(cost, out, residents)
    except ResourceError as error:
        return str(error)
    return ""


def cost_words(cost: Estimate, threads: int) -> str:
    """`12 s on 2 threads, 1.0 GB of memory, 40 MB on disk`."""
    on = f"{threads} thread{'s' if threads > 1 else ''}"
    return (
        f"{time_of(cost.seconds)} on {on}, {size_of(cost.memory_bytes)} of memory, {size_of(cost.disk_bytes)} on disk"
    )
