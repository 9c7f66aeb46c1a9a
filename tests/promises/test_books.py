"""Books balance every day, in every world and district, and none of them is empty."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from tests.promises.books import Book, full, often, reference

from vitropolis.engine.run import Simulation
from vitropolis.model.counts import ITEMS
from vitropolis.model.listing_log import logged_event, logged_list, logged_world
from vitropolis.model.rules import BANDS, MISATTRIBUTED
from vitropolis.policy import PERSON_WORDS


def test_detected_is_right_person_and_wrong_person_and_lost() -> None:
    book = reference()
    found = book.item("right_person") + book.item("wrong_person") + book.item("lost")
    assert np.array_equal(book.item("detected"), found)
    for name in ("right_person", "wrong_person", "lost"):
        assert (book.item(name).sum(axis=(1, 2)) > 0).all(), name


def test_enrolled_is_the_sum_of_the_bands() -> None:
    book = reference()
    for number, world in enumerate(book.plan.worlds):
        for place in range(len(world.scores)):
            bands = sum(book.stock(f"score_{place}_band_{band}")[number] for band in range(BANDS))
            assert np.array_equal(bands, book.stock("enrolled")[number])
    enrolled = book.stock("enrolled")
    assert enrolled.min() >= 0
    assert 0 < enrolled[0, :, 300].sum() < enrolled[0, :, -1].sum() <= 20_000


def test_somebody_stands_in_every_band() -> None:
    bands = range(len(reference().plan.worlds[0].scores["city"].bands))
    standing = [
        [book.stock(f"score_0_band_{band}")[0, :, -1].sum() for band in bands] for book in (reference(), often())
    ]
    assert min(standing[0][1:]) > 0  # in 20,000 perhaps nobody in the worst
    assert min(standing[1]) > 0


@pytest.mark.parametrize("played", [reference, full])
def test_listed_is_in_less_out(played: Callable[[], Book]) -> None:
    book = played()
    lists = range(max(len(world.lists) for world in book.plan.worlds))
    listed = sum(book.stock(f"listed_{entry}") for entry in lists)
    came = sum(book.stock(f"in_{entry}") for entry in lists)
    went = sum(book.stock(f"out_{how}") for how in ("term", "compliance", "repair", "repealed", "correction"))
    assert np.array_equal(listed, came - went)
    assert np.asarray(listed).min() >= 0
    assert came[0, :, -1].sum() > went[0, :, -1].sum() > 0


def test_each_list_is_in_less_out_by_its_log() -> None:
    """The same for each list alone, and the columns at the end say the same."""
    book = reference()
    rows = book.log
    world, entry, event = logged_world(rows), logged_list(rows), logged_event(rows)
    for number, each in enumerate(book.plan.worlds):
        on = np.concatenate([chunk.state.lists[number] for chunk in book.simulation.chunks])
        for place, name in enumerate(each.lists):
            mine = (world == number) & (entry == place)
            now = int((mine & (event == 0)).sum() - (mine & (event > 0)).sum())
            assert now == book.stock(f"listed_{place}")[number, :, -1].sum() == (on >> place & 1).sum(), name
            assert now > 0, name
            assert (mine & (event == 0)).sum() == book.item(f"in_{place}")[number].sum()


def test_on_a_black_list_is_counted_by_persons() -> None:
    book = reference()
    black = [place for place, item in enumerate(book.plan.worlds[0].lists.values()) if item.polarity == "black"]
    on = np.concatenate([chunk.state.lists[0] for chunk in book.simulation.chunks])
    mask = sum(1 << place for place in black)
    assert book.stock("on_black_list")[0, :, -1].sum() == ((on & mask) != 0).sum() > 0
    bins = sum(book.item(f"black_first_{part}")[0].sum() for part in ("wrong_fact", "protected", "breach"))
    assert bins == sum(book.item(f"in_{place}")[0].sum() for place in black)


def test_nobody_unenrolled_is_scored_or_listed() -> None:
    plan = reference().plan
    simulation = Simulation(plan, reference().simulation.city)
    weeks = list(simulation.play(until=60))
    enrolled = sum(week.totals.days[0, :, ITEMS["enrolled"]].sum() for week in weeks)
    absent = np.concatenate([chunk.state.enrolled[0] >= 7 * 60 for chunk in simulation.chunks])
    assert absent.sum() == simulation.city.n - enrolled > 1000
    for name in ("score", "band", "lists", "held", "touched"):
        column = np.concatenate([getattr(chunk.state, name)[0] for chunk in simulation.chunks])
        assert not column[absent].any(), name
        assert column[~absent].any(), name
    people = simulation.state.people
    assert people.min() >= 0
    assert people[0].sum() == enrolled


def test_the_twin_without_the_plan_scores_nobody() -> None:
    book = reference()
    assert [world.name for world in book.plan.worlds][-1] == "none"
    for name in ("enrolled", "listed_0", "on_black_list", "score_0_band_0"):
        assert not book.item(name)[-1].any()
    assert book.item("detected")[-1].sum() > 0


def test_records_that_arrived_are_those_that_were_sent() -> None:
    """By truth: what landed on a wrong person does not exceed what was sent to one, and every error was made."""
    book = reference()
    arrived = book.records.sum(axis=(1, 2))
    wrong = book.item("wrong_person").sum(axis=(1, 2))
    assert (arrived[:, MISATTRIBUTED] <= wrong).all()
    assert (arrived[:, MISATTRIBUTED] >= 0.9 * wrong).all()  # the rest was still on its way on the last day
    assert (arrived[:, :6] > 0).all()
    for place, name in enumerate(("right", "misattributed", "wrong", "duplicate", "stale", "invented")):
        assert np.array_equal(arrived[:, place], book.item(f"records_{name}").sum(axis=(1, 2)))


def silent(book: Book) -> list[str]:
    """Words that the policy names and that were never done, or never recorded, in its world."""
    world = book.plan.worlds[0]
    named = {word for item in world.behaviours.values() for word in item.conduct}
    kinds = [PERSON_WORDS[kind.word] for kind in book.plan.kinds]
    by_kind = book.records[0, :, : len(kinds)].sum(axis=(0, 2))
    recorded = {word for word, count in zip(kinds, by_kind, strict=True) if count}
    done = {PERSON_WORDS[place] for place in np.flatnonzero(book.acts[0].sum(axis=(0, 2)))}
    return sorted(named - (recorded & done))


def test_every_word_of_the_policy_fires_at_raised_rates() -> None:
    assert silent(often()) == []


@pytest.mark.long
def test_every_word_of_the_policy_fires_at_its_own_rate() -> None:
    assert silent(reference(200_000)) == []
