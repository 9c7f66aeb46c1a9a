"""`indicators.nc`: every count as a NetCDF variable, by week, district and group; the main ones by day too.

Integers stay integers. Items of stock are the number at the end of the week or day, all others what happened in it.
Dimensions: world, week (its first day), day, district, group, word, truth. xarray reads it, without anything of ours.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.mark import MARK, mark_line
from vitropolis.city.cells import CELLS, groups
from vitropolis.city.city import City
from vitropolis.engine.rivals import BY_GROUP, FLOWS
from vitropolis.model.counts import STOCKS
from vitropolis.model.measures import measures_of
from vitropolis.model.rivals import queued
from vitropolis.model.rules import PERSON_SERVICES
from vitropolis.model.speech import NUMBERS
from vitropolis.model.worlds import Plan
from vitropolis.policy import PERSON_WORDS
from vitropolis.results.firms import MEANINGS as OF_FIRMS
from vitropolis.results.firms import series
from vitropolis.results.folder import drafted
from vitropolis.results.lists import BINS, definitions
from vitropolis.results.meanings import MEANINGS, PLACE_MEANINGS, QUEUE_MEANINGS, SERVICE_MEANINGS, SPEECH_MEANINGS
from vitropolis.results.weekly import DAILY, Layout, used_services

SQUEEZE: Mapping[str, Any] = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
TRUTH_WORDS = ("right", "misattributed", "wrong_content", "duplicate", "stale", "invented", "quota")


@dataclass
class Variable:
    """One variable: dimensions, values, attributes."""

    name: str
    dims: tuple[str, ...]
    values: NDArray[Any]
    attrs: dict[str, str] = field(default_factory=dict)


def variables(plan: Plan, city: City, layout: Layout, weeks: NDArray[Any], daily: bool) -> Iterator[Variable]:
    """Every variable, coordinates first; `weeks` is the flat file of weekly rows. Counts come one at a time."""
    parts, districts = layout.split(weeks), len(city.district_names)
    yield from coordinates(plan, city)
    yield from _services(plan, parts, districts)
    yield from _queues(plan, parts, districts)
    yield from _places(plan, parts, districts)
    yield from _speech(parts)
    for place, name in enumerate(layout.items):
        counted = parts["groups"][:, :, :districts, place].swapaxes(0, 1)
        values = np.cumsum(counted, axis=1, dtype=np.int32) if name in STOCKS else np.ascontiguousarray(counted)
        yield Variable(name, ("world", "week", "district", "group"), values, said_of(name, plan, "week"))
    for place, name in enumerate(DAILY if daily else ()):
        counted = parts["days"][:, :, :districts, place]  # week, world, district, weekday
        by_day = counted.transpose(1, 0, 3, 2).reshape(len(plan.worlds), -1, districts)[:, : plan.days]
        values = np.cumsum(by_day, axis=1, dtype=np.int32) if name in STOCKS else np.ascontiguousarray(by_day)
        yield Variable(f"daily_{name}", ("world", "day", "district"), values, said_of(name, plan, "day"))
    yield from _firms(plan, city, parts, districts)
    for name, dims, meaning in (
        ("acts", ("word",), "acts of conduct that happened, recorded or not"),
        ("records", ("word", "truth"), "records that arrived, by what they say and whether they are right"),
    ):
        said = {"units": name, "long_name": f"{name} by word of conduct", "description": f"{meaning}, in the week"}
        values = np.ascontiguousarray(parts[name][:, :, :districts].swapaxes(0, 1))
        yield Variable(f"{name}_by_word", ("world", "week", "district", *dims), values, said)


def _firms(plan: Plan, city: City, parts: Mapping[str, NDArray[Any]], districts: int) -> Iterator[Variable]:
    """What firms did and what became of them, by week and district."""
    about = plan.of_firms()
    if about is None:
        return
    number = np.bincount(np.asarray(city.firm_district), minlength=len(city.district_names)).astype(np.int32)
    told = {"units": "firms", "long_name": "firms", "description": "firms (legal units), by district"}
    yield Variable("firms", ("district",), number, told)
    for name, values in series(about, parts["firms"], districts):
        if name in OF_FIRMS:
            units, title, meaning = OF_FIRMS[name]
            said = {"units": units, "long_name": title, "description": f"{meaning}, in the week"}
        else:
            said = {key: text.replace("persons", "firms") for key, text in said_of(name, about, "week").items()}
        yield Variable(f"firms_{name}", ("world", "week", "district"), values, said)


def _services(plan: Plan, parts: Mapping[str, NDArray[Any]], districts: int) -> Iterator[Variable]:
    """What happened at every service: by group, and by district."""
    if not used_services(plan):
        return
    for ending, axis, by in (("", "group", parts["doors"]), ("_by_district", "district", parts["door_districts"])):
        counted = by.swapaxes(0, 1)[..., : by.shape[-1] if axis == "group" else districts].astype(np.int64)
        told = dict(
            zip(("requests", "refusals", "avoided"), (counted[:, :, :, place] for place in (2, 3, 4)), strict=True)
        )
        told = {"person_days": person_days(counted[:, :, :, 0], counted[:, :, :, 1], plan.days)} | told
        for name, values in told.items():
            units, title, meaning = SERVICE_MEANINGS[name]
            said = {"units": units, "long_name": title, "description": f"{meaning}, in the week"}
            yield Variable(f"service_{name}{ending}", ("world", "week", "service", axis), values.astype(np.int32), said)


def person_days(change: NDArray[np.int64], weighted: NDArray[np.int64], days: int) -> NDArray[np.int64]:
    """Person-days of a stock in every week, from its changes and these times the days left of a full week.

    Both [world, week, ...]; the last week may be short.
    """
    before = change.cumsum(axis=1) - change
    found = weighted + 7 * before
    short = -days % 7
    found[:, -1] -= short * (before[:, -1] + change[:, -1])
    return found


def _queues(plan: Plan, parts: Mapping[str, NDArray[Any]], districts: int) -> Iterator[Variable]:
    """The queues of appeals, day by day."""
    counted = parts["queue"][:, :, :districts]  # week, world, district, flow, weekday
    for place, (name, (units, title, meaning)) in enumerate(QUEUE_MEANINGS.items()):
        by_day = counted[:, :, :, place].transpose(1, 0, 3, 2).reshape(len(plan.worlds), -1, districts)
        said = {"units": units, "long_name": title, "description": meaning}
        yield Variable(
            f"queue_{name}", ("world", "day", "district"), np.ascontiguousarray(by_day[:, : plan.days]), said
        )


def _places(plan: Plan, parts: Mapping[str, NDArray[Any]], districts: int) -> Iterator[Variable]:
    """The queues of rival services, by week and district, and by group; places moved by measure."""
    if not queued(plan):
        return
    for names, axis, by in ((FLOWS, "district", parts["rivals"]), (BY_GROUP, "group", parts["rival_groups"])):
        counted = by.swapaxes(0, 1)[..., : districts if axis == "district" else None]
        for place, name in enumerate(names):
            units, title, meaning = PLACE_MEANINGS[name]
            said = {"units": units, "long_name": title, "description": f"{meaning}, in the week"}
            named = f"rival_{name}" if axis == "district" else f"rival_{name}_by_group"
            yield Variable(named, ("world", "week", "rival", axis), np.ascontiguousarray(counted[:, :, :, place]), said)
    for side, name in enumerate(("gained", "lost")):
        units, title, meaning = PLACE_MEANINGS[f"places_{name}"]
        said = {"units": units, "long_name": title, "description": f"{meaning}, by measure, in the week"}
        said |= {f"in_world_{world.name}": ", ".join(measures_of(world)) for world in plan.worlds}
        values = np.ascontiguousarray(parts["rival_measures"].swapaxes(0, 1)[..., side])
        yield Variable(f"rival_{name}_by_measure", ("world", "week", "measure"), values, said)


def _speech(parts: Mapping[str, NDArray[Any]]) -> Iterator[Variable]:
    """Speech and loyalty, of the whole city alone."""
    for place, name in enumerate(NUMBERS):
        units, title, meaning = SPEECH_MEANINGS[name]
        said = {"units": units, "long_name": title, "description": meaning}
        yield Variable(f"speech_{name}", ("world", "week"), np.ascontiguousarray(parts["speech"][:, :, place].T), said)


def coordinates(plan: Plan, city: City) -> Iterator[Variable]:
    """Labels of every dimension; weeks and days as days since the first of the run."""
    since = {"units": f"days since {plan.start.isoformat()}", "calendar": "proleptic_gregorian"}
    yield _labels("world", [world.name for world in plan.worlds], "world: the city under one policy")
    weeks = np.arange(0, plan.days, 7, dtype=np.int32)
    yield Variable("week", ("week",), weeks, since | {"long_name": "first day of the week"})
    services = used_services(plan)
    if services:
        yield _labels("service", list(services), "service on which some measure of these policies bears")
    if queued(plan):
        names = [PERSON_SERVICES[service] for service in queued(plan)]
        yield _labels("rival", names, "service with a queue for a limited number of places")
    yield Variable("day", ("day",), np.arange(plan.days, dtype=np.int32), since | {"long_name": "day"})
    yield _labels("district", list(city.district_names), "district")
    yield _labels("group", list(groups()[0]), "group of residents; they overlap, `all` is everybody")
    yield _labels("word", list(PERSON_WORDS), "word of conduct")
    yield _residents(city)
    yield _labels("truth", list(TRUTH_WORDS), "whether and how a record is wrong")


def _residents(city: City) -> Variable:
    """Residents by district and group, whether covered or not."""
    places = np.searchsorted(np.asarray(city.district_ends), np.arange(city.n), side="right") - 1
    cells = np.bincount(places * CELLS + city.cell, minlength=len(city.district_names) * CELLS)
    counted = cells.reshape(-1, CELLS) @ groups()[1].T.astype(np.int64)
    said = {"units": "persons", "long_name": "residents", "description": "residents, by district and group"}
    return Variable("residents", ("district", "group"), counted.astype(np.int32), said)


def _labels(name: str, words: list[str], meaning: str) -> Variable:
    return Variable(name, (name,), np.array(words, dtype=object), {"long_name": meaning})


def said_of(name: str, plan: Plan, span: str) -> dict[str, str]:
    """Unit, long name and description of an item; where its name holds numbers, what they stand for in each world."""
    units, title, meaning = MEANINGS.get(name) or _numbered(name, plan)
    when = f"at the end of the {span}" if name in STOCKS else f"in the {span}"
    found = {"units": units, "long_name": title, "description": f"{meaning}, {when}"}
    for world in plan.worlds:
        stands_for = _stands_for(name, world)
        if stands_for:
            found[f"in_world_{world.name}"] = stands_for
    return found


def _numbered(name: str, plan: Plan) -> tuple[str, str, str]:
    part = name.split("_")
    if part[0] == "listed":
        return "persons", f"on list {part[1]}", f"persons on the policy's list number {part[1]}"
    if part[0] == "in":
        return "listings", f"put on list {part[1]}", f"listings on list number {part[1]} that began"
    if part[0] == "score" and part[2] == "band":
        where = f"band {part[3]} (0: the worst) of score number {part[1]}"
        return "persons", f"in {where}", f"enrolled persons in {where}"
    defined = definitions(plan)[0 if "first" in part else 1]
    truth = BINS[["fact", "protected", "breach"].index(part[-1])]
    if part[0] == "ever":
        meaning = f"persons ever hit on own account so far: {truth}, by the definition {defined}"
        return "persons", f"ever hit: {truth}", meaning
    if part[0] == "score":
        meaning = f"persons below `trustworthy_from`: {truth}, by the definition {defined}"
        return "persons", f"untrustworthy: {truth}", meaning
    return "listings", f"black-listed: {truth}", f"black listings that began: {truth}, by the definition {defined}"


def _stands_for(name: str, world: Any) -> str:
    part = name.split("_")
    if part[0] in ("listed", "in") and part[1].isdigit():
        names = list(world.lists)
        return f"lists.{names[int(part[1])]}" if int(part[1]) < len(names) else ""
    if part[0] != "score" or int(part[1]) >= len(world.scores):
        return ""
    score = list(world.scores)[int(part[1])]
    if part[2] != "band":
        return f"scores.{score}"
    held = world.scores[score].bands
    lowest = sorted(held, key=lambda band: held[band].lower.all[-1])
    return f"scores.{score}.bands.{lowest[int(part[3])]}" if int(part[3]) < len(lowest) else ""


class Content:
    """SHA-256 over names, dimensions, types and little-endian values of variables, in their order."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, item: Variable) -> None:
        """Take one variable in."""
        values = item.values
        kind = "text" if values.dtype == object else values.dtype.newbyteorder("<").str
        self._digest.update(f"{item.name} {item.dims} {values.shape} {kind}\0".encode())
        if values.dtype == object:
            self._digest.update("\0".join(values.tolist()).encode())
        else:
            self._digest.update(np.ascontiguousarray(values, values.dtype.newbyteorder("<")).tobytes())

    @property
    def hex(self) -> str:
        """The hash so far."""
        return self._digest.hexdigest()


def write_indicators(path: Path, items: Iterator[Variable], plan: Plan) -> str:
    """Write the file, marked as synthetic; return its content hash."""
    import h5netcdf
    import h5py

    content = Content()
    with drafted(path) as draft, h5netcdf.File(draft, "w") as out:
        out.attrs["mark"], out.attrs["seed"] = MARK, str(plan.seed)
        out.attrs["title"] = f"vitropolis: {mark_line(plan.seed)}"
        for item in items:
            content.add(item)
            text = item.values.dtype == object
            for name, size in zip(item.dims, item.values.shape, strict=True):
                if name not in out.dimensions:
                    out.dimensions[name] = size
            squeeze = SQUEEZE if item.values.ndim > 1 else {}
            dtype = h5py.string_dtype() if text else item.values.dtype
            made = out.create_variable(item.name, item.dims, dtype=dtype, data=item.values, **squeeze)
            for key, value in item.attrs.items():
                made.attrs[key] = value
    return content.hex


def label_of(word: Any) -> str:
    """One label of a dimension, as it was read."""
    return word.decode("utf-8", "replace") if isinstance(word, bytes) else str(word)
