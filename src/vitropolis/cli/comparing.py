"""How `compare` goes about it: what is asked, in how many passes, what it will cost, then the comparison itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from vitropolis.base.errors import UsageError
from vitropolis.base.figures import WIDTH
from vitropolis.cli import refs
from vitropolis.cli.machine import choose, cost_line
from vitropolis.cli.options import CALL, ProgressKind
from vitropolis.cli.output import Voice
from vitropolis.cli.play import AUTO, How, check_folder, how_to_play, no_empty_folders, resolved, warm
from vitropolis.cli.progress import listener
from vitropolis.engine.played import Estimate, estimate, fits, free_memory
from vitropolis.engine.scenario import Scenario, Setup, load_ref, scenario_for
from vitropolis.engine.together import APART, MOST, passes_of
from vitropolis.results.naming import free_named

NONE = "none"
MOST_POLICIES = 6  # columns of a page, with the twin
MOST_SETS = 1024


@dataclass(frozen=True)
class Wanted:
    """What stands on the command line; None where nothing does."""

    policies: tuple[str, ...]
    size: str | None
    first: str | None
    last: str | None
    seed: int | None
    city: str | None
    assumptions: str | None
    coupling: str
    sets: int
    together: int | None


@dataclass(frozen=True)
class Prepared:
    """A comparison that could start: its passes, the names asked for, its folder, how it is played, its cost."""

    setups: tuple[Setup, ...]
    names: tuple[str, ...]
    coupling: str
    sets: int
    out: Path
    how: How
    expected: Estimate
    why: str


def prepare(wanted: Wanted, out: str | None, threads: int | None, chunk: int | None) -> Prepared:
    """Find and check everything that is asked for. Nothing is written."""
    how = how_to_play(threads, chunk)
    refs.check_range(wanted.together, "--together", 1, MOST)
    refs.check_range(wanted.sets, "--ranges", 0, MOST_SETS)
    scenario, names = _scenario(wanted)
    size, why = _size(scenario, wanted, how.threads, Path(out or "runs/any"))
    setups = _passes(scenario.changed(size=size), wanted, how)
    folder = Path(out) if out else free_named(f"compare-{'-'.join(names)}"[:80], setups[0])
    check_folder(folder, out)
    costs = [estimate(each.size, each.plan.days, len(each.plan.worlds), how.threads) for each in setups]
    expected = Estimate(
        sum(each.seconds for each in costs),
        max(each.memory_bytes for each in costs),
        sum(each.disk_bytes for each in costs),
    )
    return Prepared(setups, names, wanted.coupling, wanted.sets, folder, how, expected, why)


def _scenario(wanted: Wanted) -> tuple[Scenario, tuple[str, ...]]:
    """One scenario that names every policy, and what their worlds are called in the order asked for."""
    asked = [(each, each if each == NONE else refs.policy_ref(each)) for each in wanted.policies]
    chosen = [ref for _, ref in asked if ref != NONE]
    if not chosen or len(asked) < 2:
        raise UsageError("compare takes two policies or more, one of which may be `none`; try `compare none NAME`")
    if wanted.coupling == APART and len(chosen) < 2:
        raise UsageError(
            "--coupling apart needs two policies or more: the twin shares the chance of the policy beside it"
        )
    if len(chosen) > MOST_POLICIES:
        raise UsageError(f"compare takes at most {MOST_POLICIES} policies, not {len(chosen)}")
    options: dict[str, Any] = {
        "first_day": refs.date_of(wanted.first, "--from") if wanted.first else None,
        "last_day": refs.date_of(wanted.last, "--to") if wanted.last else None,
        "seed": None if wanted.seed is None else refs.seed_of(wanted.seed),
        "city": refs.city_ref(wanted.city) if wanted.city else None,
        "assumptions": refs.assumptions_ref(wanted.assumptions) if wanted.assumptions else None,
    }
    scenario = scenario_for([chosen[0]], **options).model_copy(update={"beside": tuple(chosen[1:])})
    ids = [NONE if ref == NONE else load_ref(scenario, ref).id for _, ref in asked]
    for name in ids:
        if ids.count(name) > 1:
            said = "twice" if ids.count(name) == 2 else f"{ids.count(name)} times"
            raise UsageError(
                f"`{name}` is compared {said}; a changed text needs an id of its own (policy: {{id: ...}})"
            )
    return scenario, tuple(ids)


def _size(scenario: Scenario, wanted: Wanted, threads: int, out: Path) -> tuple[int | str, str]:
    if wanted.size is not None and wanted.size != AUTO:
        return ("full" if wanted.size == "full" else refs.size_of(wanted.size, 0, (AUTO,))), "as asked"
    tried = resolved(scenario.changed(size="20k").model_copy(update={"beside": ()}))
    worlds = min(len(scenario.beside) + 2, MOST + 1)
    chosen = choose(tried.tables.population, tried.plan.days, worlds, threads, out)
    return chosen.residents, f"auto takes {chosen.name}, {chosen.why}; --size forces another"


def _passes(scenario: Scenario, wanted: Wanted, how: How) -> tuple[Setup, ...]:
    free = free_memory()

    def fit(setup: Setup) -> bool:
        needed = estimate(setup.size, setup.plan.days, len(setup.plan.worlds), how.threads)
        return needed.memory_bytes <= free

    return passes_of(scenario, fit, wanted.together or MOST, wanted.coupling)


def announced(prepared: Prepared) -> Iterator[str]:
    """Yield what is said before a comparison starts."""
    plan, many = prepared.setups[0].plan, len(prepared.setups)
    played = f"comparing {', '.join(prepared.names)}, {plan.start} to {plan.date(plan.days - 1)} ({plan.days} days)"
    yield from wrap(played, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    size = f"{prepared.setups[0].size:,} synthetic residents, seed {plan.seed} ({prepared.why})"
    yield from wrap(size, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    if many > 1:
        parts = "; ".join(" + ".join(policy.id for policy in each.policies) for each in prepared.setups)
        said = f"in {many} passes, each beside the same twin: {parts}"
        yield from wrap(said, WIDTH, subsequent_indent="  ", break_on_hyphens=False)
    yield cost_line(prepared.expected, prepared.how.threads)


def play(prepared: Prepared, voice: Voice, progress: ProgressKind, force: bool) -> None:
    """Say what is to be expected, refuse what cannot fit, play, print what differs."""
    from vitropolis.study.compare import begin, go_on

    for line in announced(prepared):
        voice.note(line)
    if not force:
        fits(prepared.expected, prepared.out, prepared.setups[0].size)
    warm(voice)
    with listener(progress, voice) as tell, no_empty_folders(prepared.out.parent):
        call = ("vitropolis", *CALL.get())
        folder = begin(prepared.setups, prepared.names, prepared.coupling, prepared.sets, prepared.out, call)
        found = go_on(folder, threads=prepared.how.threads, chunk=prepared.how.chunk, progress=tell)
    answer(found, folder, voice)


def answer(found: Any, folder: Path, voice: Voice) -> None:
    """Print what a comparison found."""
    from vitropolis.report.compared import comparison_data
    from vitropolis.report.compared_page import comparison_page

    voice.answer("comparison", comparison_data(found), comparison_page(found, folder))
