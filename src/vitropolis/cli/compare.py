"""`vitropolis compare`: policies side by side on the same residents, with the same chance."""

from __future__ import annotations

from typing import Annotated, Literal

from cyclopts import Parameter

from vitropolis.base.errors import UsageError
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


def compare(
    *policies: Annotated[
        str, Parameter(name="POLICY", help="Policies: library names or paths; `none` is the twin without one.")
    ],
    size: Size = None,
    first: FirstDay = None,
    last: LastDay = None,
    seed: Seed = None,
    city: CityOption = None,
    assumptions: AssumptionsOption = None,
    coupling: Annotated[
        Literal["shared", "apart"],
        Parameter(help="Whether all policies meet the same chance, or each its own: other names, like totals."),
    ] = "shared",
    ranges: Annotated[
        int | None, Parameter(show_default=False, help="Play the differences under so many sets of assumptions too.")
    ] = None,
    together: Annotated[
        int | None, Parameter(show_default=False, help="Policies played at once, at most; never changes a number.")
    ] = None,
    rules: Annotated[
        bool,
        Parameter(
            negative="",
            show_default=False,
            help="Leave out each element of one policy (or of the run in a folder) in turn: which rule does it?",
        ),
    ] = False,
    world: Annotated[
        str | None, Parameter(show_default=False, help="With --rules: which policy, where the run has several.")
    ] = None,
    out: Out = None,
    threads: Threads = None,
    chunk: Chunk = None,
    progress: ProgressOption = "auto",
    force: Force = False,
    common: Common = PLAIN,
) -> None:
    """Play policies side by side on one city and say who is hit under which, on what ground, by which element.

    All policies meet the same residents and the same chance, in one pass or, where memory is short, in several. The
    folder holds people.parquet, which lists every synthetic resident hit under any of them, and a run folder of each
    pass.
    """
    from vitropolis.cli.comparing import Wanted, play, prepare
    from vitropolis.cli.leaving_out import which_rule

    voice = Voice.of(common, progress)
    wanted = Wanted(policies, size, first, last, seed, city, assumptions, coupling, ranges or 0, together)
    if rules:
        which_rule(wanted, world, out, threads, chunk, voice, progress, force)
        return
    if world is not None:
        raise UsageError("--world goes with --rules; compare shows every policy")
    play(prepare(wanted, out, threads, chunk), voice, progress, force)
