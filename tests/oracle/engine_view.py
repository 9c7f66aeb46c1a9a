"""The engine's result brought into the plain shape in which the oracle speaks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
from tests.oracle.cities import built
from tests.oracle.records import TRUTHS
from tests.oracle.result import Counts, EngineView, FiledRecord, ListingRow, OracleResult, ResidentState, WorldView
from tests.oracle.scenarios import Scenario

from vitropolis.engine import rivals
from vitropolis.engine.firmview import FirmView, empty_view
from vitropolis.engine.losers import lost_in
from vitropolis.engine.queues import FLOWS
from vitropolis.engine.run import Simulation, WeekPlayed
from vitropolis.model import deterrence, files, notes
from vitropolis.model.counts import DOOR_AVOIDED, DOOR_CHANGE, DOOR_DAYS, DOOR_REFUSALS, DOOR_REQUESTS, ITEMS, STOCKS
from vitropolis.model.listing_log import logged_bins, logged_day, logged_event, logged_list, logged_who, logged_world
from vitropolis.model.measures import classes_of, measures_of, spills_of
from vitropolis.model.news import ACCOUNT_AT, LEFT_AT, SEEN_AT, WORK_AT
from vitropolis.model.rules import BANDS, FIRM_SERVICES, NEVER, PERSON_SERVICES
from vitropolis.model.speech import NUMBERS
from vitropolis.model.worlds import Plan, World

# of the items by day and district, those that the oracle counts too
SHARED = [
    name
    for name in ITEMS
    if name.startswith(("records_", "out_", "hit_", "wrong_now", "through_now", "doors_", "ever_", "learnt_", "need"))
    or name.startswith(("request", "refus", "dear", "delay", "appeals_", "upheld_", "objections"))
    or name.startswith(("dropped_", "fields_", "limited_", "none_open_"))
    or name in ("waiting_cancelled", "on_black_list", "mistaken_refusals", "left_city", "all_shut")
    or name in ("laid_off", "found_work", "search_blocked", "weeks_without_work", "children_of_laid_off")
]
EVER = (
    "hit", "wrongly", "protected first", "protected second", "through", "wrongly through", "refused", "learnt",
)  # fmt: skip
CASES = ("silent", "told", "pending", "answered")  # of an appeal that was not made, too
TOTALS = {"detected": "detected", "right": "right_person", "wrong_person": "wrong_person", "lost": "lost"}
BY_TOTAL = frozenset(TOTALS)


class _Plain:
    """The kernels' small functions as Python runs them."""

    def __getattr__(self, name: str) -> Any:
        found = next(getattr(module, name) for module in (files, deterrence, notes) if hasattr(module, name))
        return found.py_func


PLAIN = _Plain()
HOW = ("", "term", "compliance", "repair", "repealed", "correction")
BINS = ("", "wrong_fact", "lawful", "breach")


def played(found: Scenario, chunk: int = 256, threads: int = 1) -> tuple[Simulation, list[WeekPlayed]]:
    """Play a scenario with the engine, in small chunks."""
    worlds = tuple(World(f"world {place}", *pair) for place, pair in enumerate(found.played))
    plan = Plan(worlds, found.start, found.days, found.seed)
    simulation = Simulation(plan, built(found.residents, found.city_seed), threads=threads, chunk=chunk)
    simulation.view = lambda: made_up(simulation, found)
    return simulation, list(simulation.play())


def made_up(simulation: Simulation, found: Scenario) -> FirmView:
    """How made-up firms stand at the end of last week."""
    firms = len(simulation.city.firm_size)
    view = empty_view(len(found.played), firms)
    for world in range(len(found.played)):
        for firm in range(firms):
            seen = found.firms.seen(world, firm, simulation.week - 1)
            view.shut[world, firm] = sum(1 << FIRM_SERVICES.index(name) for name in seen.shut)
            view.lists[world, firm], view.wronged[world, firm] = seen.listed, seen.wrongly
    return view


def view_of(simulation: Simulation, weeks: list[WeekPlayed]) -> EngineView:
    """What happened in a played scenario."""
    worlds = enumerate(simulation.plan.worlds)
    return EngineView([_world_view(simulation, weeks, number, world) for number, world in worlds])


def daily_totals(simulation_days: Any, found: OracleResult) -> list[str]:
    """Differences in what is counted a day and district only: detected, right, wrong person, lost."""
    wrong = []
    for number, world in enumerate(found.worlds):
        for name, item in TOTALS.items():
            ours: Counter[tuple[int, int]] = Counter()
            for (day, district, _), count in getattr(world.counts, name).items():
                ours[day, district] += count
            theirs = simulation_days[number, :, ITEMS[item], :]
            for (day, district), count in ours.items():
                if theirs[district, day] != count:
                    where = f"world {number} {name} day {day} district {district}"
                    wrong.append(f"{where}: oracle {count}, engine {theirs[district, day]}")
            if theirs.sum() != sum(ours.values()):
                wrong.append(f"world {number} {name}: oracle {sum(ours.values())}, engine {theirs.sum()}")
    return wrong


def all_days(plan: Plan, weeks: list[WeekPlayed]) -> Any:
    """int64[world, district, item, day] of a run."""
    return np.concatenate([week.totals.days for week in weeks], axis=-1)[..., : plan.days]


def _world_view(simulation: Simulation, weeks: list[WeekPlayed], number: int, world: World) -> WorldView:
    looks = bool(world.scores or world.lists)
    arrived = sorted(_records(simulation, number))
    residents = [state for chunk in simulation.chunks for state in _residents(simulation, chunk, number, world)]
    listings = sorted(_listings(simulation, weeks, number, world), key=repr) if looks else None
    view = WorldView(_counts(simulation, weeks, number, world, arrived), residents, listings, arrived, None)
    if not hasattr(simulation, "state"):  # firms stand in no queue and do not speak
        view.counts.speech.clear()
        return view
    view.in_queues = sorted(_in_queues(simulation, number))
    view.losers = sorted(_losers(simulation, weeks, number, list(measures_of(world))))
    return view


def _in_queues(simulation: Simulation, number: int) -> Iterator[tuple[str, int, int, str]]:
    """Requests that still wait in some world, and how they ended in this one."""
    state, services = simulation.state, simulation.tables.lines.services
    for (key, what), ended in zip(state.waiting.tolist(), state.ended[:, number].tolist(), strict=True):
        if ended != rivals.NOT_HERE:
            how = {rivals.STILL: "waiting", rivals.WENT_AWAY: "went away", rivals.TOLD: "told"}.get(
                ended, str(ended - rivals.AFTER)
            )
            yield PERSON_SERVICES[services[key >> 60]], what & 2047, key & (1 << 28) - 1, how


def _losers(
    simulation: Simulation, weeks: list[WeekPlayed], number: int, measures: list[str]
) -> Iterator[tuple[int, str, int, int, str, int]]:
    services = simulation.tables.lines.services
    for lost in (lost_in(each) for week in weeks for each in week.losers.tolist()):
        if lost.world == number:
            service, measure = PERSON_SERVICES[services[lost.queue]], measures[lost.measure]
            yield lost.week, service, lost.resident, lost.place, measure, lost.age


def _rivals(counts: Counts, simulation: Simulation, weeks: list[WeekPlayed], number: int, measures: list[str]) -> None:
    names = [PERSON_SERVICES[service] for service in simulation.tables.lines.services]
    children = np.unravel_index(np.arange(700), (2, 7, 2, 5, 5))[1] == 0
    for week in weeks:
        found = week.totals.rivals
        if found is None:  # firms stand in no queue
            continue
        for queue, flow, district in np.argwhere(found.flows[number]):
            key = (week.totals.week, int(district), names[queue], rivals.FLOWS[flow])
            counts.rivals[key] = int(found.flows[number, queue, flow, district])
        for measure, side in np.argwhere(found.measures[number]):
            key2 = (week.totals.week, measures[measure], ("gained", "lost")[side])
            counts.moved[key2] = int(found.measures[number, measure, side])
        of_children = found.cells[number][..., children].sum(axis=-1)
        for queue, what in np.argwhere(of_children):
            counts.moved_group[week.totals.week, names[queue], rivals.BY_GROUP[what]] = int(of_children[queue, what])


def _counts(
    simulation: Simulation, weeks: list[WeekPlayed], number: int, world: World, arrived: list[FiledRecord]
) -> Counts:
    unseen = frozenset() if world.scores or world.lists else frozenset({"enrolled"})
    plan, counts = simulation.plan, Counts(unknown=BY_TOTAL | unseen | {"delivered", "doors"})
    acts = np.concatenate([week.totals.acts[number] for week in weeks], axis=-1)
    for district, word, day in np.argwhere(acts):
        counts.acts[int(day), int(district), int(word)] = int(acts[district, word, day])
    _items(counts, all_days(plan, weeks)[number])
    _services(counts, plan, [week.totals.door_districts[number] for week in weeks])
    _rivals(counts, simulation, weeks, number, list(measures_of(world)))
    _queue(counts, np.concatenate([week.totals.queue[number] for week in weeks], axis=-1)[..., : plan.days])
    for week in weeks:
        for name, count in zip(NUMBERS, week.totals.speech[number].tolist(), strict=True):
            counts.speech[week.totals.week, name] = count
    stocks = all_days(plan, weeks)[number].sum(axis=0).cumsum(axis=-1)
    for day in range(plan.days):
        counts.enrolled[day] = int(stocks[ITEMS["enrolled"], day])
        _standings(counts, world, stocks, day)
    return counts


def _items(counts: Counts, days: Any) -> None:
    """`days`: int64[district, item, day]."""
    for name in SHARED:
        found = days[:, ITEMS[name]]
        found = found.cumsum(axis=-1) if name in STOCKS else found
        for district, day in np.argwhere(found):
            counts.items[int(day), int(district), name] = int(found[district, day])


def _services(counts: Counts, plan: Plan, weeks: list[Any]) -> None:
    """`weeks`: int64[service, 5, district] each; of doors the changes, and these times the days left of the week."""
    shut = np.zeros_like(weeks[0][:, DOOR_CHANGE])
    for week, found in enumerate(weeks):
        before, shut = shut, shut + found[:, DOOR_CHANGE]
        beyond = max(0, 7 * week + 7 - plan.days)
        flows = {
            "person_days": 7 * before + found[:, DOOR_DAYS] - beyond * shut,
            "shut_at_its_end": shut,
            "requests": found[:, DOOR_REQUESTS],
            "refusals": found[:, DOOR_REFUSALS],
            "avoided": found[:, DOOR_AVOIDED],
        }
        for what, numbers in flows.items():
            for service, district in np.argwhere(numbers):
                key = (week, int(district), PERSON_SERVICES[service], what)
                counts.services[key] = int(numbers[service, district])


def _queue(counts: Counts, flows: Any) -> None:
    """`flows`: int64[district, flow, day]."""
    for district, flow, day in np.argwhere(flows):
        counts.queue[int(day), int(district), FLOWS[flow]] = int(flows[district, flow, day])


def _standings(counts: Counts, world: World, stocks: Any, day: int) -> None:
    definitions = list(world.assumptions.deserving)[:2]
    for place, (name, score) in enumerate(world.scores.items()):
        for band in range(len(score.bands)):
            people = int(stocks[ITEMS["score_0_band_0"] + place * BANDS + band, day])
            if people:
                counts.bands[day, name, _band_name(world, name, band)] = people
        for number, definition in enumerate(definitions):
            for found in (1, 2, 3):
                people = int(stocks[ITEMS["score_0_first_wrong_fact"] + 6 * place + 3 * number + found - 1, day])
                if people:
                    counts.verdicts[day, name, definition, BINS[found]] = people


def _band_name(world: World, score: str, place: int) -> str:
    first = (
        min(step for band in world.scores[score].bands.values() for step in (band.lower.first,) if step)
        if any(band.lower.first for band in world.scores[score].bands.values())
        else world.policy.policy.as_of
    )
    return list(reversed(world.scores[score].bands_on(first)))[place][0]


def _walk(chunk: Any, place: int) -> Iterator[int]:
    here = int(chunk.state.head[place])
    while here:
        word = int(chunk.state.pool[here])
        yield word
        here = PLAIN.next_of(word)


def _records(simulation: Simulation, number: int) -> Iterator[FiledRecord]:
    kinds = simulation.plan.kinds
    for chunk in simulation.chunks:
        for place in range(chunk.residents):
            for word in _walk(chunk, place):
                if not PLAIN.in_front(word) and PLAIN.worlds_of(word) >> number & 1:
                    arrival, act = PLAIN.arrival_of(word), PLAIN.act_of(word)
                    kind, wait = kinds[PLAIN.kind_of(word)].word, PLAIN.wait_of(word)
                    truth = PLAIN.truth_of(word)
                    assert 0 <= truth < len(TRUTHS)
                    yield FiledRecord(chunk.first + place, arrival, kind, truth, act, wait)


def _residents(simulation: Simulation, chunk: Any, number: int, world: World) -> Iterator[ResidentState]:
    week = (simulation.plan.days - 1) // 7
    tables, state = simulation.tables.conduct, chunk.state
    families = len(world.assumptions.families)
    for place in range(chunk.residents):
        felt = int(state.fear[number, place])
        gone = min(week - (felt >> 52), 255)
        fear = tuple(int(tables.fading[number, gone][PLAIN.fear_of(felt, family)]) for family in range(families))
        household = int(tables.settling[number, gone][PLAIN.household_of(felt)])
        found = ResidentState(deterrence=fear, household=household)
        _doors(simulation, chunk, number, place, found)
        enrolled = int(state.enrolled[number, place])
        if enrolled < simulation.plan.days and (world.scores or world.lists):
            _standing(simulation, chunk, number, world, place, found)
        yield found


def _doors(simulation: Simulation, chunk: Any, number: int, place: int, found: ResidentState) -> None:
    """What holds of everybody, enrolled or not."""
    state = chunk.state
    carried, ever, now = (int(column[number, place]) for column in (state.carried, state.ever, state.now))
    spills = len(spills_of(simulation.plan.worlds[number]))
    found.carried = tuple(spill for spill in range(spills) if carried >> spill & 1)
    found.ever = tuple(sorted(name for bit, name in enumerate(EVER) if ever >> bit & 1))
    found.touched = _bits(int(state.touched[number, place]))
    found.through, found.door_class = bool(now & 4), now >> 3 & 7
    away = int(state.away[place])
    found.account_removed, found.seen_by_drives = (
        bool(away >> ACCOUNT_AT + number & 1),
        bool(away >> SEEN_AT + number & 1),
    )
    found.closed = bool(int(state.closed[place]) >> number & 1)
    found.without_work = bool(away >> WORK_AT + number & 1)
    found.left = bool(away >> LEFT_AT + number & 1)
    found.refused_days = {
        PERSON_SERVICES[PLAIN.note_item(note)]: PLAIN.note_number(note)
        for note in _notes(chunk, place, number, notes.REFUSED)
    }


def _bits(mask: int) -> tuple[int, ...]:
    return tuple(place for place in range(mask.bit_length()) if mask >> place & 1)


def _notes(chunk: Any, place: int, number: int, kind: int) -> list[int]:
    """The notes of a type in a resident's file, in one world."""
    front = (word & files.NUMBER for word in _walk(chunk, place) if PLAIN.in_front(word) and not word & files.LISTING)
    return [word for word in front if PLAIN.note_type(word) == kind and PLAIN.note_world(word) == number]


def _measured(simulation: Simulation, chunk: Any, number: int, world: World, place: int, found: ResidentState) -> None:
    """Classes that act, notes and the case of somebody enrolled."""
    state, last_day = chunk.state, simulation.plan.days - 1
    held, now = int(state.held[number, place]), int(state.now[number, place])
    truly = next((note & 65535 for note in _notes(chunk, place, number, notes.TRULY)), held)
    found.acting, found.truly = _bits(held), _bits(truly)
    found.own_hit, found.wrongly = bool(now & 1), bool(now & 2)
    found.at_fault = bool(int(state.carried[number, place]) & 128)
    acts, lingers = (_notes(chunk, place, number, kind) for kind in (notes.ACTS, notes.LINGER))
    assert all(PLAIN.note_item(note) < len(classes_of(world)) for note in acts)
    found.class_notes = {PLAIN.note_item(note): _until(note) for note in acts}
    names = list(world.lists)
    found.lingering = {
        names[PLAIN.note_item(note)]: _until(note) for note in lingers if PLAIN.note_day(note) > last_day
    }
    cases = _notes(chunk, place, number, notes.CASE)
    assert len(cases) <= 1
    found.case = _case(cases[0], last_day) if cases else ("none", None)


def _until(note: int) -> tuple[int | None, bool]:
    return None if PLAIN.note_day(note) == NEVER else PLAIN.note_day(note), PLAIN.note_number(note) == 1


def _case(note: int, last_day: int) -> tuple[str, int | None]:
    told, files_on, case = PLAIN.note_day(note), PLAIN.note_item(note), CASES[PLAIN.note_number(note)]
    if case == "silent":
        return case, None if told == NEVER else told
    if case == "pending":
        return case, None
    return "told", files_on if case == "told" and last_day < files_on < NEVER else None


def _standing(simulation: Simulation, chunk: Any, number: int, world: World, place: int, found: ResidentState) -> None:
    state, first = chunk.state, int(simulation.tables.epochs[-1].book.table["first_ledger"][0][number])
    definitions, names = list(world.assumptions.deserving)[:2], list(world.lists)
    found.enrolled_on = int(state.enrolled[number, place])
    found.scores = {name: int(state.score[first + row, place]) for row, name in enumerate(world.scores)}
    bands = {name: int(state.band[first + row, place]) for row, name in enumerate(world.scores)}
    found.bands = {name: _band_name(world, name, packed & 15) for name, packed in bands.items()}
    verdicts = {
        name: {definition: BINS[packed >> 4 + 2 * row & 3] for row, definition in enumerate(definitions)}
        for name, packed in bands.items()
    }
    found.verdicts = {name: bins for name, bins in verdicts.items() if any(bins.values())}
    both = int(state.lists[number, place])
    found.listed = tuple(sorted(name for row, name in enumerate(names) if both >> row & 1))
    found.planned_ends, found.waiting, objected = {}, {}, []
    for word in _walk(chunk, place):
        if word & files.LISTING and PLAIN.owner_of(word) >> 3 == number:
            entry, end = PLAIN.owner_of(word) & 7, word & 8191
            if both >> entry & 1:
                found.planned_ends[names[entry]] = None if end == NEVER else end
            else:
                found.waiting[names[entry]] = end
                objected += [names[entry]] if word >> files.REPAIR_AT & 8191 == 0 else []
    found.objected = tuple(sorted(objected))
    _measured(simulation, chunk, number, world, place, found)


def _listings(simulation: Simulation, weeks: list[WeekPlayed], number: int, world: World) -> Iterator[ListingRow]:
    definitions, names = list(world.assumptions.deserving)[:2], list(world.lists)
    rows: dict[tuple[int, int], list[tuple[int, int, int]]] = defaultdict(list)
    for row in sorted(int(row) for week in weeks for row in week.log):
        if logged_world(row) == number:
            rows[logged_who(row), logged_list(row)].append((logged_day(row), logged_event(row), logged_bins(row)))
    for (resident, entry), events in rows.items():
        events.sort(key=lambda each: (each[0], each[1] == 0))
        for step, (day, event, bins) in enumerate(events):
            if event == 0:
                out = events[step + 1] if step + 1 < len(events) else (None, 0, 0)
                found = tuple(sorted((name, BINS[bins >> 2 * place & 3]) for place, name in enumerate(definitions)))
                black = world.lists[names[entry]].polarity == "black"
                yield ListingRow(day, resident, names[entry], out[0], HOW[out[1]] or None, found if black else ())
