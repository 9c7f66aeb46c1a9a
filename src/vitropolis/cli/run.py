"""`vitropolis run`: play a policy and its twin on a synthetic city."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from vitropolis.cli.options import (
    PLAIN,
    AssumptionsOption,
    Chunk,
    CityOption,
    Common,
    FirstDay,
    Force,
    LastDay,
    Out,
    ProgressOption,
    Seed,
    Size,
    Threads,
)
from vitropolis.cli.output import Voice

What = Annotated[
    str, Parameter(name="POLICY", help="A policy (a library name or a path), or the path of a NAME.scenario.yaml.")
]
Filling = Annotated[
    Literal["lenient", "middle", "harsh", "all"] | None,
    Parameter(help="Which filling of a template; left out, all of them are played beside one another."),
]


def run(
    what: What,
    /,
    *,
    size: Size = None,
    filling: Filling = None,
    first: FirstDay = None,
    last: LastDay = None,
    seed: Seed = None,
    city: CityOption = None,
    assumptions: AssumptionsOption = None,
    no_twin: Annotated[
        bool, Parameter(negative="", show_default=False, help="Leave out the world without it.")
    ] = False,
    ranges: Annotated[
        bool | None,
        Parameter(show_default=False, help="Play what the assumptions leave open, too (default: from 200k up)."),
    ] = None,
    out: Out = None,
    threads: Threads = None,
    chunk: Chunk = None,
    progress: ProgressOption = "auto",
    force: Force = False,
    common: Common = PLAIN,
) -> None:
    """Play a policy on every resident of a synthetic city, beside its twin: the same people without the policy.

    The default size is auto: the largest of full, 2M, 200k and 20k that fits memory and about five minutes. From
    200,000 residents up the run is followed by its ranges: the same policies under 64 sets of assumptions.
    """
    from vitropolis.cli.play import Asked, prepare, start

    voice = Voice.of(common, progress)
    asked = Asked(what, size, filling, first, last, seed, city, assumptions, not no_twin)
    prepared = prepare(asked, out=out, threads=threads, chunk=chunk)
    start(prepared, voice, progress, force, ranges)
