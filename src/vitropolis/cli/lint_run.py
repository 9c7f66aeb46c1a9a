"""What the linter is told of a run: plain numbers, read from a folder that was checked like any other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from vitropolis.base.errors import UsageError
from vitropolis.cli.output import Voice

if TYPE_CHECKING:
    from vitropolis.lint.dynamic import RunFacts
    from vitropolis.policy import Policy
    from vitropolis.report import Result


def facts_of(folder: str, policy: Policy, voice: Voice) -> RunFacts:
    """What a complete run of this very policy found. UsageError if it is of another or not complete."""
    from vitropolis.cli.machine import cores
    from vitropolis.cli.play import warm
    from vitropolis.cli.progress import listener
    from vitropolis.report import result_of
    from vitropolis.results import open_run

    warm(voice)
    with listener("auto", voice) as tell:
        run = open_run(folder, threads=cores(), progress=tell)
    if not run.complete:
        raise UsageError(f"{folder} was interrupted: `vitropolis resume {folder}` first")
    plan = run.setup.plan
    world = next((each for each in plan.worlds if each.policy.digest == policy.digest), None)
    if world is None:
        played = ", ".join(each.policy.id for each in plan.worlds if each.policy.id != "none")
        raise UsageError(f"{folder} is a run of {played}, not of {policy.id} as it stands ({policy.digest[:12]})")
    result = result_of(run.folder, run.manifest, plan)
    return _facts(folder, world.name, result, run.manifest)


def _facts(folder: str, world: str, result: Result, manifest: Mapping[str, Any]) -> RunFacts:
    from vitropolis.lint.dynamic import RunFacts

    heads = {
        each.id: (each.value, each.numerator, each.denominator) for each in result.headlines if each.world == world
    }
    fired = {name: (item["times"], item["residents"]) for name, item in manifest["fired"].get(world, {}).items()}
    idle = {part.partition(":")[0] for part in manifest["parts_not_played"].get(world, ())}
    return RunFacts(
        folder=folder, residents=result.residents, seed=result.seed, days=result.days,
        assumptions=result.basis.assumptions,
        headlines=heads, fired=fired, not_played=frozenset(idle),
    )  # fmt: skip
