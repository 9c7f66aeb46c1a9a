"""The public names, for Python and notebooks: what an authority decides, who lives there, how people behave, a run.

    import vitropolis as vp
    run = vp.simulate(vp.Policy("beijing-2018-press", filling="middle"), city=vp.City(size="20k"))
    run.result.headline("hit_per_1000", run.worlds[0])
    run.indicators["refusals"].sum("district")          # xarray
    run.lists.filter(polars.col("how") == "correction")  # polars
    run.life(pick="wrong-fact")

Nothing here takes what a person did, or who a person is, and says what becomes of them: `life` takes an id of the
run's own synthetic residents, or one of a few fixed picks.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from vitropolis.base.errors import InputError, RefusedError, ResourceError, UsageError, VitropolisError
from vitropolis.base.mark import MARK
from vitropolis.report.question import Headline
from vitropolis.report.result import Result
from vitropolis.results.progress import Progress

if TYPE_CHECKING:
    import polars as pl
    import xarray as xr

    from vitropolis.engine.scenario import Scenario, Setup
    from vitropolis.model.assumptions import Assumption
    from vitropolis.results import OpenRun
    from vitropolis.results.life import Life

__all__ = [
    "Assumptions", "City", "Headline", "InputError", "Policy", "Progress", "RefusedError", "ResourceError", "Result",
    "Run", "UsageError", "VitropolisError", "library", "open_run", "simulate",
]  # fmt: skip

Filling = Literal["lenient", "middle", "harsh", "all"]
Pick = Literal["wrong-fact", "random", "worst", "through-others", "child", "cannot-pay"]
Listener = Callable[[Progress], None]


@dataclass(frozen=True)
class Policy:
    """What an authority decides: a library name, the path of a policy file, or several (base first, then overlays).

    filling: which filling of a template is played; None: all of them, side by side. InputError with every message if a
    file is not a policy, UsageError if there is no such name.
    """

    ref: str | Path | Sequence[str | Path]
    filling: Filling | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        """Read it, so that what is wrong shows at once."""
        len(self._chosen)

    @cached_property
    def _chosen(self) -> tuple[Any, ...]:
        from vitropolis.engine.scenario import chosen_policies, scenario_for

        return tuple(policy for _, policy in chosen_policies(scenario_for(self.ref, filling=self.filling)))

    @property
    def titles(self) -> tuple[str, ...]:
        """One line for each policy that is played: a template has one for each filling."""
        return tuple(policy.policy.title for policy in self._chosen)

    @property
    def digests(self) -> tuple[str, ...]:
        """SHA-256 (hex) of the content of each."""
        return tuple(policy.digest for policy in self._chosen)

    @property
    def elements(self) -> tuple[str, ...]:
        """The names (`section.id`) of behaviours, scores, lists, measures, spill-overs and campaigns of the first."""
        sections = ("behaviours", "scores", "lists", "measures", "spillover", "campaigns")
        return tuple(f"{part}.{name}" for part in sections for name in getattr(self._chosen[0], part))

    def _repr_html_(self) -> str:
        rows = [(f"policy {number}", title) for number, title in enumerate(self.titles, 1)]
        return _table("Policy", [*rows, ("elements", f"{len(self.elements):,}")])


@dataclass(frozen=True, kw_only=True)
class City:
    """Who lives there: a city of the library (or the path of its folder), and how many residents are made.

    size: `full`, `2M`, `200k`, `20k`, or a number from 1,000 up. The residents are wholly synthetic.
    """

    name: str = "beijing"
    size: int | str = "20k"

    def __post_init__(self) -> None:
        """UsageError if the size is none, InputError if there is no such city."""
        from vitropolis.city.tables import find_city
        from vitropolis.engine.scenario import parse_size

        try:
            parse_size(self.size)
        except ValueError as error:
            raise UsageError(str(error)) from None
        if not (Path(self.name) / "city.yaml").is_file():
            find_city(self.name)

    def _repr_html_(self) -> str:
        return _table("City", [("name", self.name), ("synthetic residents", str(self.size))])


@dataclass(frozen=True, kw_only=True)
class Assumptions:
    """How people and institutions behave: a set of the library or a path, with some of its values moved.

    moved: {dotted path: number inside its declared range}; InputError names every path that is wrong.
    """

    name: str | Path = "default"
    moved: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read and check it, so that what is wrong shows at once."""
        len(self.values)

    @cached_property
    def values(self) -> Mapping[str, Assumption]:
        """Every number by dotted path, with value, range, unit, source and status."""
        from vitropolis.model.assumptions import load_assumptions

        return load_assumptions(self.name).with_values(self.moved).values()

    def _repr_html_(self) -> str:
        rows = [(path, f"{self.values[path].value:g}") for path in self.moved]
        return _table("Assumptions", [("set", str(self.name)), ("numbers", f"{len(self.values):,}"), *rows])


@dataclass(frozen=True, kw_only=True)
class Run:
    """A complete run on disk, checked when it was opened. Everything is read when it is asked for."""

    folder: Path
    _opened: OpenRun = field(repr=False, compare=False)

    @property
    def worlds(self) -> tuple[str, ...]:
        """Names of the worlds: one for each policy played, and `none`, the twin without it."""
        return tuple(world.name for world in self._opened.setup.plan.worlds)

    @property
    def manifest(self) -> Mapping[str, Any]:
        """What `run.json` says: what was played, from what, at which cost, with the hash of every output."""
        return self._opened.manifest

    @cached_property
    def indicators(self) -> xr.Dataset:
        """Everything counted, with units and descriptions: dimensions world, week, day, district, group, service."""
        import xarray as xr

        return xr.open_dataset(self.folder / "indicators.nc", engine="h5netcdf", decode_timedelta=False)

    @cached_property
    def lists(self) -> pl.DataFrame:
        """One row for each stay of a synthetic resident on a list."""
        import polars as pl

        return pl.read_parquet(self.folder / "lists.parquet")

    @cached_property
    def result(self) -> Result:
        """What the run found: headline records, tables, methods, and the studies that were made of it."""
        from vitropolis.report import result_of

        return result_of(self.folder, self.manifest, self._opened.setup.plan)

    def life(self, *, id: str | None = None, pick: Pick = "random", number: int = 0, world: str | None = None) -> Life:
        """One synthetic resident's ledger beside the twin: an id of this run, or a pick (the `number`-th of its kind).

        UsageError if there is no such resident, pick or world.
        """
        from vitropolis.results.life import life_of

        return life_of(self._opened, id=id, pick=pick, number=number, world=world)

    def _repr_html_(self) -> str:
        from vitropolis.pages.notebook import run_html

        return run_html(self.result, self.folder.name)


def library() -> dict[str, tuple[str, ...]]:
    """Names that come with the package: policies, cities, assumptions."""
    from vitropolis.city.tables import library as cities
    from vitropolis.model.assumptions import library_names as assumptions
    from vitropolis.policy import library as policies

    return {"policies": tuple(policies()), "cities": tuple(cities()), "assumptions": tuple(assumptions())}


def simulate(
    policy: Policy | str,
    *,
    city: City | None = None,
    assumptions: Assumptions | None = None,
    start: date | None = None,
    end: date | None = None,
    seed: int = 1,
    twin: bool = True,
    out: str | Path | None = None,
    threads: int = 2,
    progress: Listener | None = None,
) -> Run:
    """Play a policy on every resident of a synthetic city, beside its twin: the same people and chance without it.

    start, end: first and last day, both played (default 2018-10-20 to 2020-12-31). seed: 0 to 2^64 - 1. out: a new
    folder (default: `runs/...`). threads changes nothing but speed. Ctrl-C leaves what `vitropolis resume` continues.
    InputError, UsageError, ResourceError and RefusedError say what is wrong and what to do.
    """
    from vitropolis.results import play_to_folder
    from vitropolis.results.naming import free_folder

    asked, place = policy if isinstance(policy, Policy) else Policy(policy), city or City()
    options: dict[str, Any] = {"filling": asked.filling, "city": place.name, "size": place.size, "seed": seed}
    options |= {"first_day": start, "last_day": end, "twin": None if twin else False}
    with _as_file(assumptions or Assumptions()) as ref:
        setup = _setup(asked, options | {"assumptions": ref})
        folder = Path(out) if out is not None else free_folder(setup)
        play_to_folder(setup, folder, threads=threads, progress=progress or _silent, call=("vitropolis.simulate",))
    return open_run(folder, threads=threads)


def open_run(folder: str | Path, *, threads: int = 2, progress: Listener | None = None) -> Run:
    """Open a run folder, after playing some of its residents again to see that this model made it.

    UsageError if it is no run folder or was interrupted, RefusedError naming what differs if something was changed.
    """
    from vitropolis.results import open_run as opened

    found = opened(folder, threads=threads, progress=progress or _silent)
    if not found.complete:
        raise UsageError(f"{folder} was interrupted; `vitropolis resume {folder}` first")
    return Run(folder=Path(folder), _opened=found)


def _silent(_: Progress) -> None:
    """Say nothing."""


def _setup(policy: Policy, options: Mapping[str, Any]) -> Setup:
    from vitropolis.engine.scenario import resolve, scenario_for

    scenario: Scenario = scenario_for(policy.ref, **options)
    return resolve(scenario)


@contextmanager
def _as_file(held: Assumptions) -> Iterator[str]:
    """The set as a name or path that a scenario can name; moved values become a file that extends it."""
    import yaml

    from vitropolis.model.assumptions import load_assumptions

    if not held.moved:
        yield str(held.name)
        return
    base = load_assumptions(held.name)
    tree: dict[str, Any] = {"schema_version": 1, "extends": _absolute(held.name)}
    tree["assumptions"] = {"id": f"{base.id}-moved"[:48], "title": f"{base.assumptions.title}, some values moved"}
    for path, number in held.moved.items():
        place = tree
        *steps, last = path.split(".")
        for step in steps:
            place = place.setdefault(step, {})
        found = base.values()[path]
        note = f"moved by the caller from {found.value:g}"
        said = {"source": found.source, "status": "assumed", "evidence": found.evidence, "note": note}
        place[last] = {"value": number, "range": list(found.range), **said}
    with TemporaryDirectory() as room:
        file = Path(room) / "moved.assumptions.yaml"
        file.write_text(yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
        yield str(file)


def _absolute(name: str | Path) -> str:
    path = Path(name)
    return str(path.absolute()) if path.is_file() else str(name)


def _table(title: str, rows: Sequence[tuple[str, str]]) -> str:
    """A small table for notebooks, without scripts; it says what it is."""
    body = "".join(f"<tr><th>{html.escape(a)}</th><td>{html.escape(b)}</td></tr>" for a, b in rows)
    return f"<table><caption>{html.escape(title)} &ndash; {html.escape(MARK)}</caption>{body}</table>"
