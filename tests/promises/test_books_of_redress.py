"""Books of what people meet: doors, hits, learning, appeals. They balance every day and week, and none is empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from tests.promises.books import Book, column, full, full_plan, reference
from tests.twins.busy import city_of

from vitropolis.engine.run import Simulation
from vitropolis.model import files, notes
from vitropolis.model.counts import BAND_FIRED, ITEMS, MEASURE_FIRED, SPILL_FIRED
from vitropolis.model.measures import classes_of, measures_of, spills_of
from vitropolis.model.redress import PENDING
from vitropolis.model.rules import ONE_WORLD, PERSON_SERVICES
from vitropolis.policy.triggers import CarriesListing, CarriesMeasure, ListedTrigger

Played = Callable[[], Book]
BOTH = pytest.mark.parametrize("played", [reference, full])
EVERY_SIDE = (
    "hit_now", "wrong_now", "through_now", "doors_1", "doors_2_4", "doors_10", "ever_first_wrong_fact",
    "ever_first_protected", "ever_first_breach", "ever_second_wrong_fact", "ever_second_protected",
    "ever_second_breach", "ever_hit", "ever_wrongly", "ever_through", "ever_through_wrong", "ever_refused",
    "learnt_notice", "learnt_refused", "needs_avoided", "requests", "refusals", "dearer", "delayed", "delay_days",
    "appeals_filed", "appeals_not_made", "upheld_wrong", "upheld_right", "refused_wrong", "refused_right", "objections",
    "objections_upheld", "out_correction", "out_term", "out_compliance", "out_repair", "out_repealed",
)  # fmt: skip
IN_PRESS = (
    "hit_now", "wrong_now", "through_now", "ever_first_breach", "ever_second_breach", "ever_second_protected",
    "ever_hit", "ever_wrongly", "ever_through", "ever_refused", "requests", "refusals", "doors_2_4",
)  # fmt: skip
FILED, DECIDED, LAPSED, WAITING, WAIT_DAYS = range(5)  # of a queue, as in `engine.queues`
CHANGE, _, REQUESTS, REFUSALS, AVOIDED = range(5)  # of a service, as in `model.counts`


@pytest.mark.parametrize(("played", "names"), [(full, EVERY_SIDE), (reference, IN_PRESS)])
def test_no_book_is_empty(played: Played, names: tuple[str, ...]) -> None:
    """Stocks were above 0 on some day; the twin without the policy has nothing in any of these books."""
    book = played()
    for name in names:
        assert book.stock(name)[0].sum(axis=0).max() > 0, name
    for name in EVERY_SIDE:
        assert not book.item(name)[-1].any(), name
    assert not book.queue[-1].any() and not book.doors[:, -1].any()


def test_every_element_of_the_full_policy_fires() -> None:
    book = full()
    world, fired = book.plan.worlds[0], book.simulation.state.fired[0]
    for place, name in enumerate(measures_of(world)):
        assert fired[MEASURE_FIRED + place] > 0, name
    for place, name in enumerate(spills_of(world)):
        assert fired[SPILL_FIRED + place] > 0, name
    assert (fired[BAND_FIRED : BAND_FIRED + 4] > 0).all()
    assert book.queue[0].sum(axis=(0, 2)).min() > 0


@BOTH
def test_refusals_are_among_requests(played: Played) -> None:
    """Per service and week, and in all per day; what was counted by service is what was counted by day."""
    book = played()
    doors = book.doors
    assert (doors >= 0)[:, :, :, REQUESTS:].all()
    assert (doors[:, :, :, REFUSALS] <= doors[:, :, :, REQUESTS]).all()
    assert (book.item("refusals") <= book.item("requests")).all()
    served = book.item("requests") - book.item("refusals")
    assert (book.item("dearer") <= served).all() and (book.item("delayed") <= served).all()
    assert (book.item("delay_days") >= book.item("delayed")).all()
    weekly = np.add.reduceat(book.days, np.arange(0, book.plan.days, 7), axis=-1)
    for name, place in (("requests", REQUESTS), ("refusals", REFUSALS), ("needs_avoided", AVOIDED)):
        by_service = doors[:, :, :, place].sum(axis=2)  # week, world, district
        assert np.array_equal(by_service.transpose(1, 2, 0), weekly[:, : by_service.shape[2], ITEMS[name]]), name


@BOTH
def test_persons_by_number_of_doors_fit_the_doors(played: Played) -> None:
    """Everybody is in the class of the number of doors, so that all doors together lie between two sums of persons."""
    book = played()
    ends = np.minimum(np.arange(len(book.weeks)) * 7 + 6, book.plan.days - 1)
    one, few, some, many = (book.stock(f"doors_{name}")[..., ends] for name in ("1", "2_4", "5_9", "10"))
    stock = book.doors[:, :, :, CHANGE].cumsum(axis=0).transpose(1, 3, 2, 0)  # world, district, service, week
    assert stock.min() >= 0
    districts = stock.shape[1]
    shut, behind = stock.sum(axis=2), (one + few + some + many)[:, :districts]
    low, high = one + 2 * few + 5 * some + 10 * many, one + 4 * few + 9 * some + len(PERSON_SERVICES) * many
    assert (low[:, :districts] <= shut).all() and (shut <= high[:, :districts]).all()
    assert (stock <= behind[:, :, None]).all()


@BOTH
def test_stocks_are_what_the_columns_say_at_the_end(played: Played) -> None:
    book = played()
    now, ever = book.column("now"), book.column("ever")
    own, through = ever & 1 != 0, ever & 17 == 16
    marked = {
        "hit_now": now & 1 != 0, "wrong_now": now & 2 != 0, "through_now": now & 5 == 4,
        "doors_1": now >> 3 & 7 == 1, "doors_2_4": now >> 3 & 7 == 2, "doors_5_9": now >> 3 & 7 == 3,
        "doors_10": now >> 3 & 7 == 4, "ever_hit": ever & 17 != 0, "ever_wrongly": ever & 34 != 0,
        "ever_through": through, "ever_through_wrong": through & (ever & 32 != 0), "ever_refused": ever & 64 != 0,
        "ever_first_wrong_fact": own & (ever & 2 != 0), "ever_first_protected": ever & 7 == 5,
        "ever_second_protected": ever & 11 == 9, "ever_first_breach": ever & 7 == 1,
        "ever_second_breach": ever & 11 == 1,
    }  # fmt: skip
    for name, who in marked.items():
        assert np.array_equal(book.stock(name)[:, : who_districts(book), -1], book.by_district(who)), name
    learnt = book.stock("learnt_notice") + book.stock("learnt_refused")
    assert np.array_equal(learnt[:, : who_districts(book), -1], book.by_district(ever & 128 != 0))


def who_districts(book: Book) -> int:
    return len(book.simulation.city.district_names)


@BOTH
def test_somebody_is_hit_while_on_a_black_list_or_punished(played: Played) -> None:
    book = played()
    now, ever, lists, held = (book.column(name) for name in ("now", "ever", "lists", "held"))
    rules = book.simulation.tables.epochs[-1].book.table[0]
    for number, world in enumerate(book.plan.worlds):
        black = sum(1 << place for place, item in enumerate(world.lists.values()) if item.polarity == "black")
        hit = (lists[number] & black != 0) | (held[number] & int(rules["punishing"][number]) != 0)
        assert np.array_equal(hit, now[number] & 1 != 0)
    assert not (now & 3 == 2).any()  # wrongly hit are among the hit
    for part, whole in ((now & 1, ever & 1), (now & 2, ever & 2), (now & 4, ever & 16), (ever & 2, ever & 1)):
        assert not (whole[part != 0] == 0).any()
    assert not (book.column("held") & ~book.column("touched")).any()


def test_who_was_ever_hit_is_in_one_bin_or_hit_through_others_alone() -> None:
    for name in ("ever_hit", "ever_wrongly", "ever_refused", "ever_first_wrong_fact", "ever_second_wrong_fact"):
        assert full().item(name).min() >= 0, name
    for defined in ("first", "second"):
        parts = ("wrong_fact", "protected", "breach")
        own = sum(full().stock(f"ever_{defined}_{part}") for part in parts)
        assert np.array_equal(own + full().stock("ever_through"), full().stock("ever_hit"))


def test_doors_at_the_end_are_those_of_the_measures_that_meet_people() -> None:
    """Worked out anew from the policy and two columns; in this policy a carried list meets by plain triggers alone."""
    book = full()
    world, last = book.plan.worlds[0], book.plan.date(book.plan.days - 1)
    measures, found = measures_of(world), np.zeros(len(PERSON_SERVICES), np.int64)
    of_class = [set(each.names) for each in classes_of(world)]
    of_spill = []
    for spill in spills_of(world).values():
        carries = spill.carries
        if isinstance(carries, CarriesMeasure):
            of_spill.append({carries.measure})
        else:
            assert isinstance(carries, CarriesListing)
            triggers = ((name, item.trigger) for name, item in measures.items())
            of_spill.append({n for n, t in triggers if isinstance(t, ListedTrigger) and carries.list in t.lists})
    shuts = {name: item.action.kind in ("deny", "withdraw", "restrict") for name, item in measures.items()}
    classes = [0, 0, 0, 0, 0]
    for held, carried in zip(book.column("held")[0].tolist(), book.column("carried")[0].tolist(), strict=True):
        meets = set().union(*(names for place, names in enumerate(of_class) if held >> place & 1))
        meets |= set().union(*(names for place, names in enumerate(of_spill) if carried >> place & 1))
        doors = {measures[name].service for name in meets if shuts[name] and measures[name].in_force(last)}
        classes[sum(len(doors) >= least for least in (1, 2, 5, 10))] += 1
        for service in doors:
            found[PERSON_SERVICES.index(service)] += 1
    assert np.array_equal(book.doors[:, 0, :, CHANGE].sum(axis=(0, 2)), found)
    assert classes[1:] == [book.stock(f"doors_{name}")[0, :, -1].sum() for name in ("1", "2_4", "5_9", "10")]
    assert classes[1] > 0


@BOTH
def test_the_queues_balance_every_day(played: Played) -> None:
    """What joins (appeals that go on too) is decided, has lapsed, or waits: by district, on every day."""
    queue = played().queue
    before = np.concatenate([np.zeros_like(queue[..., WAITING, :1]), queue[..., WAITING, :-1]], axis=-1)
    came, went = queue[..., FILED, :], queue[..., DECIDED, :] + queue[..., LAPSED, :]
    assert np.array_equal(before + came, went + queue[..., WAITING, :])
    assert queue.min() >= 0
    assert (queue[..., WAIT_DAYS, :][queue[..., DECIDED, :] == 0] == 0).all()


@BOTH
def test_appeals_filed_are_those_that_join(played: Played) -> None:
    """Week by week, from the week's counts, its appeals, and the queues: new ones and those that go on."""
    book = played()
    starts = np.arange(0, book.plan.days, 7)
    joined = np.add.reduceat(book.queue[..., FILED, :].sum(axis=1), starts, axis=-1)  # world, week
    counted = np.add.reduceat(book.item("appeals_filed").sum(axis=1), starts, axis=-1)
    for number, week in enumerate(book.weeks):
        before = book.weeks[number - 1].again if number else [0] * len(week.filed)
        assert week.filed == counted[:, number].tolist()
        assert [one + more for one, more in zip(week.filed, before, strict=True)] == joined[:, number].tolist()
        last = min(7 * number + 6, book.plan.days - 1)
        assert week.waiting == book.queue[..., WAITING, last].sum(axis=1).tolist()


@BOTH
def test_every_decision_is_an_answer_or_goes_on(played: Played) -> None:
    """Decided and lapsed are: gone on, answered (arrived), or on the way, as long as every answer comes in time."""
    book = played()
    went = (book.queue[..., DECIDED, :] + book.queue[..., LAPSED, :]).sum(axis=1)
    arrived = sum(book.item(f"{how}_{what}") for how in ("upheld", "refused") for what in ("wrong", "right"))
    longest, checked = 40, 0  # days for the removal of a record, at most
    for number, week in enumerate(book.weeks):
        end = 7 * number + 7
        if end + longest > book.plan.days:
            break
        again = np.sum([each.again for each in book.weeks[: number + 1]], axis=0)
        answered = arrived[..., :end].sum(axis=(1, 2)) + np.array(week.coming)
        assert np.array_equal(went[:, :end].sum(axis=-1), again + answered)
        checked += int(went[0, :end].sum() > 0)
    assert checked > 3 or played is reference


def test_objections_upheld_are_among_objections() -> None:
    book = full()
    assert (book.item("objections_upheld") <= book.item("objections")).all()
    assert book.stock("objections_upheld")[0, :, -1].sum() < book.stock("objections")[0, :, -1].sum()


@cache
def halfway() -> Simulation:
    """The full policy while people are still coming in."""
    simulation = Simulation(full_plan(), city_of(4000))
    for _ in simulation.play(until=4):
        pass
    return simulation


def test_nobody_unenrolled_is_hit_on_own_account() -> None:
    simulation = halfway()
    absent = column(simulation, "enrolled")[0] >= 7 * simulation.week
    assert 500 < absent.sum() < simulation.city.n - 500
    now, ever, carried = (column(simulation, name)[0] for name in ("now", "ever", "carried"))
    for name in ("held", "touched", "lists", "wronged"):
        assert not column(simulation, name)[0, absent].any(), name
    assert not (now[absent] & 3).any() and not (ever[absent] & 15).any() and not (carried[absent] & 128).any()
    assert (ever[~absent] & 1).any()
    assert (ever[absent] & 16).any()  # but through a relative they are
    assert not [note for note in cases(simulation) if absent[note[1]]]


def cases(simulation: Simulation) -> Iterator[tuple[int, int, int]]:
    """(world, resident, state) of every case."""
    for chunk in simulation.chunks:
        pool = chunk.state.pool
        for place, here in enumerate(chunk.state.head.tolist()):
            while here:
                word = int(pool[here])
                here = files.next_of(word)
                if files.in_front(word) and not word & files.LISTING and notes.note_type(word) == notes.CASE:
                    yield notes.note_world(word), chunk.first + place, notes.note_number(word)


def test_an_appeal_is_pending_while_it_waits_or_its_answer_is_on_the_way() -> None:
    simulation = Simulation(full_plan(), city_of(4000))
    for _ in simulation.play(until=8):
        pass
    state = simulation.state
    held: Any = [(int(row[0]), int(row[3])) for row in state.queue]
    held += [(int(row[2]) & ONE_WORLD, int(row[0])) for row in state.answers]
    pending = sorted((world, who) for world, who, how in cases(simulation) if how == PENDING)
    assert pending == sorted(held)
    assert len(pending) > 50
    assert len(state.answers) > 0


def test_nobody_has_two_cases() -> None:
    for simulation in (halfway(), full().simulation):
        found = [(world, who) for world, who, _ in cases(simulation)]
        assert len(found) == len(set(found)) > 0
        open_now = {who for world, who in found if world == 0}
        assert set(np.flatnonzero(column(simulation, "now")[0] & 1).tolist()) <= open_now
