"""`vitropolis life`: one synthetic resident's ledger, beside the same life without the policy."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from vitropolis.base.errors import UsageError
from vitropolis.cli.options import PLAIN, Common, Folder, ProgressOption
from vitropolis.cli.output import Voice


def _pick(text: str) -> Parameter:
    return Parameter(negative="", show_default=False, help=text)


def life(
    folder: Folder,
    /,
    *,
    wrong_fact: Annotated[bool, _pick("Somebody who was hit by a wrong fact.")] = False,
    random: Annotated[bool, _pick("Anybody, by lot (what is taken if nothing is asked for).")] = False,
    worst: Annotated[bool, _pick("Who has most doors shut, then was longest on black lists.")] = False,
    through_others: Annotated[bool, _pick("Somebody hit through others in the household.")] = False,
    child: Annotated[bool, _pick("A child under 15 hit through others in the household.")] = False,
    cannot_pay: Annotated[bool, _pick("Somebody who is on a black list and cannot pay.")] = False,
    pick: Annotated[int, Parameter(help="Which of those: 1 is the first, 2 the next.")] = 1,
    id: Annotated[str | None, Parameter(help="A resident of this run by its synthetic id, S-...")] = None,
    world: Annotated[str | None, Parameter(help="The world to show, or its filling (default: middle).")] = None,
    progress: ProgressOption = "auto",
    common: Common = PLAIN,
) -> None:
    """Show what happened to one synthetic resident, day by day, beside the same resident without the policy.

    A resident is an id of the run or a fixed pick; nobody can be looked for by traits.
    """
    from vitropolis.cli.machine import cores
    from vitropolis.cli.play import warm
    from vitropolis.cli.progress import listener
    from vitropolis.results import open_run
    from vitropolis.results.life import life_of
    from vitropolis.results.life_show import life_data, life_lines

    picks = {
        "wrong-fact": wrong_fact,
        "random": random,
        "worst": worst,
        "through-others": through_others,
        "child": child,
        "cannot-pay": cannot_pay,
    }
    how = _one_of([name for name, asked in picks.items() if asked], id)
    if pick < 1:
        raise UsageError(f"`{pick}` is not legal for --pick: it must be 1 or more")
    voice = Voice.of(common, progress)
    warm(voice)
    with listener(progress, voice) as tell:
        run = open_run(folder, threads=cores(), progress=tell)
    shown = life_of(run, id=id, pick=how, number=pick - 1, world=world)
    voice.answer("life", life_data(run, shown), life_lines(run, shown))


def _one_of(asked: list[str], id: str | None) -> str:
    """The one pick that is asked for, `random` if none is."""
    words = [f"--{name}" for name in asked] + ([] if id is None else ["--id"])
    if len(words) > 1:
        raise UsageError(f"{' and '.join(words)} exclude one another; take one of them")
    return asked[0] if asked else "random"
