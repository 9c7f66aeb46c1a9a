"""Several policies of one city: which of them one pass plays, so that each has the numbers it has in any company.

A pass holds a few worlds, the twin among them. Where there are more policies, or memory is short, they are played in
several passes, each with the same twin: that beside the first policy. Residents and chance are the same in all of them,
and a queue that one policy's measures speak of is played in every pass.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vitropolis.base.errors import InputError
from vitropolis.engine.scenario import RIVAL_SERVICES, Ref, Scenario, Setup, horizon_of, load_ref, resolve
from vitropolis.model.rules import WORLDS
from vitropolis.policy import Policy

MOST = WORLDS - 1  # policies in one pass, beside the twin
SHARED, APART = "shared", "apart"
COUPLINGS = (SHARED, APART)
STEP = 0x9E3779B97F4A7C15  # between the seeds of worlds that share no chance: odd, so that none comes twice
Fits = Callable[[Setup], bool]


def passes_of(scenario: Scenario, fits: Fits, most: int = MOST, coupling: str = SHARED) -> tuple[Setup, ...]:
    """The passes that play `scenario.policy` and all that stands `beside` it, in their order.

    fits: whether a pass of more than one policy can be played here; most: policies in one pass, 1 to MOST. coupling:
    `shared` chance, or `apart`: every policy in a pass of its own, with its own chance. Errors as of `resolve`.
    """
    refs = [scenario.policy, *scenario.beside]
    policies = [load_ref(scenario, ref) for ref in refs]
    start, days = horizon_of(scenario, policies)
    common = scenario.changed(first_day=start, last_day=start.fromordinal(start.toordinal() + days - 1))
    common = common.model_copy(update={"base": refs[0], "queues": _queues(policies, scenario.queues)})
    if coupling == APART:
        seeds = [(scenario.seed + STEP * number) % (1 << 64) for number in range(1, len(refs) + 1)]
        return tuple(_alone(common, ref, seed) for ref, seed in zip(refs, seeds, strict=True))
    return tuple(_filled(common, refs, fits, most))


def _queues(policies: Sequence[Policy], also: Sequence[str]) -> tuple[str, ...]:
    named = {item.service for policy in policies for item in policy.measures.values()} | {*also}
    return tuple(name for name in RIVAL_SERVICES if name in named)


def _alone(common: Scenario, ref: Ref, chance: int) -> Setup:
    return resolve(_scenario(common, [ref]).model_copy(update={"chance": chance}))


def _filled(common: Scenario, refs: Sequence[Ref], fits: Fits, most: int) -> list[Setup]:
    """Passes as full as they can be: a policy joins the last one unless it is full, too large or over a limit."""
    found: list[tuple[list[Ref], Setup]] = []
    for ref in refs:
        joined = _joined(common, [*found[-1][0], ref], fits, most) if found else None
        if joined is None:
            found.append(([ref], resolve(_scenario(common, [ref]))))
        else:
            found[-1] = ([*found[-1][0], ref], joined)
    return [setup for _, setup in found]


def _joined(common: Scenario, refs: Sequence[Ref], fits: Fits, most: int) -> Setup | None:
    """The pass of these policies; None if it cannot be one."""
    if len(refs) > most:
        return None
    try:
        setup = resolve(_scenario(common, refs))
        _ = setup.plan.kinds  # more than one pass holds are refused here
    except InputError:
        resolve(_scenario(common, refs[-1:]))  # what is wrong with the policy itself is said
        return None
    return setup if fits(setup) else None


def _row(ref: Ref) -> Ref:
    """A reference that never stands for all fillings of a template."""
    return (ref,) if isinstance(ref, str) else ref


def _scenario(common: Scenario, refs: Sequence[Ref]) -> Scenario:
    return common.model_copy(update={"policy": _row(refs[0]), "beside": tuple(refs[1:])})
