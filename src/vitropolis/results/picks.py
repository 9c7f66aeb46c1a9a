"""Whose life is shown: an id of this run, or a fixed pick. Nobody can ask for anybody by traits of their choice.

A pick is a question about the run, answered from its listings and its last state. What it finds stands in an order
keyed by the run's seed, so that the same run always shows the same resident as number 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.draws import Stream, philox
from vitropolis.base.errors import UsageError
from vitropolis.city.cells import SHAPE
from vitropolis.engine.checkpoint import Checkpoint
from vitropolis.model.files import KIND_AT, LISTING, NOTE, WORLDS_AT
from vitropolis.model.hits import HIT, THROUGH, WRONGLY
from vitropolis.model.lists import CANNOT_PAY
from vitropolis.policy import PERSON_WORDS
from vitropolis.results.lists import BINS, definitions, frame_of, residents_of
from vitropolis.results.reader import Log, OpenRun, read_lists

if TYPE_CHECKING:
    import polars as pl

SLOT = 1  # of the stream of picks; 0 says which chunks are played again when a folder is opened
_ID = re.compile(r"S-([0-9a-f]{8})-([0-9]{1,9})\Z")
Residents = NDArray[np.int64]


@dataclass(frozen=True)
class Picked:
    """A resident (number in the run), and how it came to be this one: number `number` of `among`, from 1."""

    resident: int
    how: str
    number: int
    among: int


def played(run: OpenRun) -> Checkpoint:
    """The newest checkpoint of a run. UsageError if nothing was played yet."""
    if run.checkpoint is None:
        raise UsageError(f"{run.folder}: nothing was played yet; `vitropolis resume {run.folder}` goes on with it")
    return run.checkpoint


def by_id(run: OpenRun, name: str) -> Picked:
    """The resident with a synthetic id. UsageError if this run has none."""
    found = _ID.match(name)
    example = f"ids of this run read {run.city.id_of(0)} to {run.city.id_of(run.city.n - 1)}"
    if found is None:
        raise UsageError(f"`{name}` is not the id of a resident: {example}")
    if found[1] != run.city.digest[:8] or int(found[2]) >= run.city.n:
        raise UsageError(f"`{name}` is an id of another run: {example}")
    return Picked(int(found[2]), "asked for by id", 1, 1)


def pick(run: OpenRun, how: str, world: int, number: int = 1) -> Picked:
    """The `number`-th resident (from 1) that a pick of `PICKS` finds in a world. UsageError if it finds fewer."""
    if how not in PICKS:
        raise UsageError(f"`{how}` is not a pick (legal: {', '.join(PICKS)})")
    says, finds = PICKS[how]
    if number < 1:
        raise UsageError(f"`{number}` is not legal for --pick: it must be 1 or more")
    found = finds(run, world, number)
    if len(found.residents) < found.place:
        few = f"finds {found.among:,}" if found.among else "finds nobody"
        others = ", ".join(f"--{each}" for each in PICKS if each != how)
        name = run.setup.plan.worlds[world].name
        raise UsageError(f"--{how} {few} in the world {name} ({says}); take {others}, or a larger run")
    return Picked(int(found.residents[found.place - 1]), says, number, found.among)


@dataclass(frozen=True)
class _Found:
    """Residents in the order of a pick, which place is asked for (from 1), and how many there are in all."""

    residents: Residents
    place: int
    among: int


def _random(run: OpenRun, world: int, number: int) -> _Found:
    draws = philox(number, 0, Stream.CHECK, SLOT, run.setup.plan.seed)
    return _Found(np.array([int(draws[0]) * run.city.n >> 32]), 1, run.city.n)


def _wrong_fact(run: OpenRun, world: int, number: int) -> _Found:
    hit = _in_order(run, _ever(run, world, WRONGLY), number)
    milder = ~np.isin(hit.residents, _black_listed(run, world, BINS[0]))
    return _Found(hit.residents[np.argsort(milder, kind="stable")], number, hit.among)


def _through_others(run: OpenRun, world: int, number: int) -> _Found:
    return _in_order(run, _ever(run, world, THROUGH), number)


def _child(run: OpenRun, world: int, number: int) -> _Found:
    """The youngest age class of those ever hit through others, whether or not on their own account too."""
    hit = _ever(run, world, THROUGH)
    ages = np.unravel_index(np.asarray(run.city.cell)[hit].astype(np.int64), SHAPE)[1]
    return _in_order(run, hit[ages == 0], number)


def _ever(run: OpenRun, world: int, bit: int) -> Residents:
    """Who ever was something, by a bit of the column `ever`."""
    return np.flatnonzero(np.asarray(played(run).array(f"ever_{world}")) & bit)


def _cannot_pay(run: OpenRun, world: int, number: int) -> _Found:
    """Black-listed as lawful, protected or unable, with a debt on file that they cannot pay; listed for it first."""
    import polars as pl

    found = _black_listed(run, world, BINS[1])
    ends = run.tables.entry.payers[world][run.city.income[found]]
    draws = philox(found, 0, Stream.PAYER, 0, run.setup.plan.seed)[0].astype(np.int64)
    payer = (draws >= ends[:, 0]).astype(int) + (draws >= ends[:, 1])
    poor = found[payer == CANNOT_PAY]
    owing = _in_order(run, poor[[_owes(run, world, int(resident)) for resident in poor]], number)
    for_it = _listings(run, world).filter(pl.col("cause").is_in(_debts(run, world)))
    others = ~np.isin(owing.residents, residents_of(for_it))
    return _Found(owing.residents[np.argsort(others, kind="stable")], number, owing.among)


def _debts(run: OpenRun, world: int) -> list[str]:
    """Behaviours of a world that count debts which nobody else pays, as causes of listings say them."""
    held = run.setup.plan.worlds[world].assumptions
    mine = {word for word, item in held.conduct.items() if item.debt and held.debts[item.debt].payer == "own"}
    behaviours = run.setup.plan.worlds[world].behaviours.items()
    return [f"behaviours.{name}" for name, item in behaviours if mine & set(item.conduct)]


def _owes(run: OpenRun, world: int, resident: int) -> bool:
    """Whether a debt that nobody else pays is on a resident's file in a world."""
    kept, plan = played(run), run.setup.plan
    held, names = plan.worlds[world].assumptions, list(PERSON_WORDS)
    for word in np.array(kept.array("files")[kept.starts[resident] : kept.starts[resident + 1]]).tolist():
        if not word & LISTING and word & NOTE != NOTE and (word >> (WORLDS_AT + world)) & 1:
            debt = held.conduct[names[plan.kinds[(word >> KIND_AT) & 127].word]].debt
            if debt and held.debts[debt].payer == "own":
                return True
    return False


def _worst(run: OpenRun, world: int, number: int) -> _Found:
    """Of those who were ever hit: most doors in the end first, then most days on black lists, then by lot."""
    hit = _ever(run, world, HIT | THROUGH)
    among = len(hit)
    doors = (np.asarray(played(run).array(f"now_{world}")[hit], np.int64) >> 3) & 7
    held = _listings(run, world)
    last = run.setup.plan.date(min(run.setup.plan.days, 7 * played(run).week))
    days = (held["day_out"].fill_null(last) - held["day_in"]).dt.total_days().to_numpy()
    listed = np.bincount(residents_of(held), weights=days, minlength=run.city.n)[hit].astype(np.int64)
    hurt = doors << 32 | listed
    if number < len(hit):  # the others need no lot
        near = hurt >= np.partition(hurt, len(hit) - number)[len(hit) - number]
        hit, hurt = hit[near], hurt[near]
    lots = philox(hit, 0, Stream.CHECK, SLOT, run.setup.plan.seed)[0]
    return _Found(hit[np.lexsort((hit, lots, -hurt))], number, among)


def _in_order(run: OpenRun, found: Residents, number: int) -> _Found:
    """Residents in the order of their draws."""
    draws = philox(found, 0, Stream.CHECK, SLOT, run.setup.plan.seed)
    return _Found(found[np.lexsort((found, draws[1], draws[0]))], number, len(found))


def _listings(run: OpenRun, world: int) -> pl.DataFrame:
    """The rows of `lists.parquet` about the black lists of a world; of an interrupted run, what it has so far."""
    import polars as pl

    plan = run.setup.plan
    if run.complete:
        frame = read_lists(run.folder)
    else:
        frame = frame_of(Log(run.folder, played(run).said["facts"]["rows"]["log"][0]).stays(), plan, run.city)
    black = [name for name, item in plan.worlds[world].lists.items() if item.polarity == "black"]
    return frame.filter((pl.col("world") == plan.worlds[world].name) & pl.col("list").is_in(black))


def _black_listed(run: OpenRun, world: int, which: str) -> Residents:
    """Who was ever put on a black list in one of the three bins, by the first definition of deserving."""
    held = _listings(run, world)
    column = f"bin_{definitions(run.setup.plan)[0]}"
    return np.unique(residents_of(held.filter(held[column] == which)))


PICKS: Mapping[str, tuple[str, Callable[[OpenRun, int, int], _Found]]] = {
    "random": ("by lot among all residents", _random),
    "wrong-fact": ("by lot among those hit by a wrong fact, black-listed first", _wrong_fact),
    "worst": ("most doors shut in the end, then longest on black lists", _worst),
    "through-others": ("by lot among those hit through others in the household", _through_others),
    "child": ("by lot among the children under 15 hit through others in the household", _child),
    "cannot-pay": ("by lot among those black-listed with a debt they cannot pay", _cannot_pay),
}
