"""Everything that was counted in a run, as readers of numbers need it: summed up, by world, group, district, service.

A `Totals` is read-only and light: of each variable it keeps the sums over time and the last value, never the series
(but for the weekly numbers of the whole city). It comes from variables in memory (`totals_of`, for studies) or from a
run folder (`totals_in`), where a variable is read when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.errors import RefusedError
from vitropolis.city.cells import groups
from vitropolis.model.worlds import Plan
from vitropolis.results.folder import INDICATORS
from vitropolis.results.indicators import Variable

Ints = NDArray[np.int64]
Fired = Mapping[str, Mapping[str, Mapping[str, int | None]]]
Gaps = Mapping[str, Mapping[str, float | None]]  # by world and score: see `results.gaps`
NO_GAPS: Gaps = MappingProxyType({})
TWIN = "none"
GROUPED = ("world", "week", "district", "group")


@dataclass(frozen=True)
class Held:
    """One variable without its time axis, int64 [world, ...]: the sum over time, and the value of the last step.

    `dims` are those of `sums`; `series` int64 [world, time] is the whole city's, of counts by group and the queue.
    """

    dims: tuple[str, ...]
    sums: Ints
    last: Ints
    series: Ints | None


Read = Callable[[str], Held]


class Totals:
    """What a run counted. Worlds are places in `plan.worlds` (0-3); persons, acts, records and days are whole numbers.

    Stocks are read at the end of the last week, flows are summed over the run. KeyError if a count does not exist in
    the run: ask `has` first.
    """

    def __init__(
        self,
        plan: Plan,
        residents: int,
        names: Iterable[str],
        read: Read,
        districts: tuple[str, ...],
        stays: NDArray[Any],
        fired: Fired,
        gaps: Gaps = NO_GAPS,
    ) -> None:
        self.plan, self.residents, self.districts, self.fired, self.gaps = plan, residents, districts, fired, gaps
        self.names = frozenset(names)
        self._read, self._kept, self._stays = read, dict[str, Held](), stays

    @property
    def worlds(self) -> range:
        """The places of all worlds."""
        return range(len(self.plan.worlds))

    @property
    def twin(self) -> int | None:
        """The place of the world without the policy; None if it was not played."""
        return next((place for place in self.worlds if self.is_twin(place)), None)

    def is_twin(self, world: int) -> bool:
        """Whether a world is the one without the policy."""
        return self.plan.worlds[world].policy.id == TWIN

    @property
    def played(self) -> tuple[int, ...]:
        """The places of the worlds that have a policy."""
        return tuple(place for place in self.worlds if not self.is_twin(place))

    def name(self, world: int) -> str:
        """What output calls a world."""
        return self.plan.worlds[world].name

    def has(self, *names: str) -> bool:
        """Whether all these counts exist in the run."""
        return self.names.issuperset(names)

    def held(self, name: str) -> Held:
        """A variable without its time axis. KeyError if the run does not count it."""
        if name not in self._kept:
            if name not in self.names:
                raise KeyError(f"this run does not count {name}")
            self._kept[name] = self._read(name)
        return self._kept[name]

    def stock(self, name: str, world: int, group: str = "all", district: int | None = None) -> int:
        """A count at the end of the last week, of one group (a label of `city.cells.groups`) and district (or all)."""
        return _at(self.held(name).last[world], group, district)

    def flow(self, name: str, world: int, group: str = "all", district: int | None = None) -> int:
        """A count summed over the run."""
        return _at(self.held(name).sums[world], group, district)

    def flows(self, names: Iterable[str], world: int, group: str = "all") -> int:
        """Several counts summed over the run and added up; those that the run does not have count as 0."""
        return sum(self.flow(name, world, group) for name in names if name in self.names)

    def base(self, world: int) -> Ints:
        """Residents int64 [district, group]; where they are not counted, the enrolled of the world at the end."""
        if "residents" in self.names:
            return np.asarray(self.held("residents").last, np.int64)
        return np.asarray(self.held("enrolled").last[world])

    def by_service(self, name: str, world: int, group: str = "all") -> dict[str, int]:
        """`service_person_days`, `_requests`, `_refusals` or `_avoided` (with prefix) over the run, by service."""
        held = self.held(name)
        place = GROUPS[group]
        return {service: int(held.sums[world, number, place]) for number, service in enumerate(self.services)}

    def queue(self, name: str, world: int) -> int:
        """`queue_filed`, `_decided`, `_lapsed`, `_wait_days` over the run; `queue_waiting` when it ends."""
        held = self.held(name)
        return int((held.last if name == "queue_waiting" else held.sums)[world].sum())

    def series(self, name: str, world: int) -> Ints:
        """A count of the whole city by week (a queue's by day), int64 [time]."""
        found = self.held(name).series
        if found is None:
            raise KeyError(f"{name} is kept without its course over time")
        return np.asarray(found[world])

    def by_word(self, name: str, world: int) -> Ints:
        """`acts_by_word` int64 [word] or `records_by_word` int64 [word, truth] over the run, in the whole city."""
        return np.asarray(self.held(name).sums[world].sum(axis=0))

    @cached_property
    def services(self) -> tuple[str, ...]:
        """The labels of the dimension `service`; empty if the run counts no services."""
        return self._labels("service")

    @cached_property
    def black_lists(self) -> tuple[frozenset[int], ...]:
        """In each world, the places of its black lists."""
        lists = (world.lists.values() for world in self.plan.worlds)
        return tuple(frozenset(at for at, item in enumerate(each) if item.polarity == "black") for each in lists)

    def stays(self, world: int) -> NDArray[Any]:
        """The black listings of a world: rows with list, day_in, day_out (-1: still on), how, first, second (bins)."""
        mine = (self._stays["world"] == world) & np.isin(self._stays["list"], list(self.black_lists[world]))
        return np.asarray(self._stays[mine])

    def times(self, world: int) -> Mapping[str, Mapping[str, int | None]]:
        """How often each element of a world fired, and how many residents it met (None: not told)."""
        return self.fired.get(self.name(world), {})

    def _labels(self, name: str) -> tuple[str, ...]:
        if name not in self.names:
            return ()
        return tuple(str(word) for word in self.held(name).last)


def _at(values: Ints, group: str, district: int | None) -> int:
    """One group's number in int64 [district, group]."""
    column = values[:, GROUPS[group]]
    return int(column.sum() if district is None else column[district])


GROUP_LABELS: tuple[str, ...] = groups()[0]
GROUPS: Mapping[str, int] = {label: place for place, label in enumerate(GROUP_LABELS)}


def reduced(item: Variable) -> Held:
    """A variable without its time axis; labels keep their words in `last`."""
    values = np.asarray(item.values)
    if len(item.dims) < 2 or item.dims[1] not in ("week", "day"):
        return Held(item.dims, np.zeros(0, np.int64), values, None)
    dims = (item.dims[0], *item.dims[2:])
    series = None
    if item.dims == GROUPED:
        series = values[..., 0].sum(axis=2, dtype=np.int64)
    elif item.dims == ("world", "day", "district"):
        series = values.sum(axis=2, dtype=np.int64)
    return Held(dims, values.sum(axis=1, dtype=np.int64), values[:, -1].astype(np.int64), series)


def totals_of(variables: Iterable[Variable], plan: Plan, residents: int, stays: NDArray[Any], fired: Fired) -> Totals:
    """Totals of a run in memory, from its variables (`results.indicators.variables`), one after the other.

    residents: size of the city. stays: rows of `results.lists.STAY` (`stays_in(log)`), all lists, any order.
    fired: {world name: {element: {"times": int, "residents": int or None}}}.
    """
    kept = {item.name: reduced(item) for item in variables}
    districts = tuple(str(word) for word in kept["district"].last)
    return Totals(plan, residents, kept, kept.__getitem__, districts, stays, fired)


def totals_in(folder: Path, plan: Plan, manifest: Mapping[str, Any]) -> Totals:
    """Totals of a complete run folder (that was checked before). RefusedError if its files cannot be read."""
    from vitropolis.report.stays import stays_in_folder

    path = folder / INDICATORS
    read = _Indicators(path)
    districts = tuple(str(word) for word in read("district").last)
    stays = stays_in_folder(folder, plan)
    return Totals(plan, manifest["residents"], read.names, read, districts, stays, manifest.get("fired", {}),
                  manifest.get("gaps", {}))  # fmt: skip


class _Indicators:
    """`indicators.nc`, opened for each variable that is asked for."""

    def __init__(self, path: Path) -> None:
        import h5py

        self.path = path
        try:
            with h5py.File(path, "r") as held:
                self.names = frozenset(held)
        except OSError:
            raise RefusedError(f"{path} cannot be read") from None

    def __call__(self, name: str) -> Held:
        import h5py

        try:
            with h5py.File(self.path, "r") as held:
                found = held[name]
                dims = tuple(_dimension(found, axis) for axis in range(found.ndim))
                text = h5py.check_string_dtype(found.dtype) is not None
                values = found.asstr()[:] if text else found[:]
        except (OSError, KeyError, RuntimeError):
            raise RefusedError(f"{self.path}: {name} cannot be read") from None
        return reduced(Variable(name, dims, values))


def _dimension(found: Any, axis: int) -> str:
    """The name of an axis; labels are an axis of their own."""
    name = found.dims[axis][0].name if len(found.dims[axis]) else found.name
    return str(name).rpartition("/")[2]
