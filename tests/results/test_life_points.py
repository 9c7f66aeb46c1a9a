"""A life says which points count, which do not and why, and by how many points a wrong record mattered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from tests.results.lived import lived
from tests.results.small import FIRST, full_setup

from vitropolis.engine.scenario import resolve, scenario_for
from vitropolis.model.files import ACT_AT, DELAY_AT, KIND_AT, LISTING, NOTE, TRUTH_AT, WORLDS_AT
from vitropolis.model.hits import HIT, WRONGLY
from vitropolis.model.rules import HALF_LIFE
from vitropolis.results import play_to_folder
from vitropolis.results.life import Life, entries_of, ledger_of, replayed, tape_of
from vitropolis.results.life_changes import Different
from vitropolis.results.life_entries import Entry, WorldDays
from vitropolis.results.life_files import act_day, arrival_day, behaviour_of, counted_in, given_by, held_in
from vitropolis.results.life_points import Decisive, Moved
from vitropolis.results.life_show import life_data, life_lines
from vitropolis.results.picks import Picked, pick
from vitropolis.results.reader import OpenRun, open_run
from vitropolis.results.replay_one import Change, Replay, Seen, core_of, replay_household

MANY = 12


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> OpenRun:
    return lived(tmp_path_factory)


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> list[OpenRun]:
    """Policies with points that halve and expire, with caps that bind soon, and with every mechanism."""
    last = FIRST + timedelta(days=400)
    asked = scenario_for("rongcheng-2021", size=2000, first_day=FIRST.replace(year=2021),
                         last_day=last.replace(year=2022), seed=3)  # fmt: skip
    found = []
    for place, setup in enumerate((resolve(asked), full_setup())):
        folder = tmp_path_factory.mktemp("points") / f"run-{place}"
        play_to_folder(setup, folder, threads=1)
        found.append(open_run(folder, entropy=1))
    return found


def with_files(run: OpenRun, count: int) -> list[int]:
    """Residents with the longest files."""
    assert run.checkpoint is not None
    starts = run.checkpoint.starts
    lengths = starts[1:] - starts[:-1]
    return [int(each) for each in lengths.argsort()[::-1][:count]]


def with_wrong(run: OpenRun, least: int) -> list[int]:
    """Residents with so many wrong records, at least, on their files in the first world."""
    assert run.checkpoint is not None
    files, starts = np.asarray(run.checkpoint.array("files")), run.checkpoint.starts
    records = (files & LISTING == 0) & (files & NOTE != NOTE) & ((files >> WORLDS_AT) & 1 == 1)
    wrong = np.flatnonzero(records & ((files >> TRUTH_AT) & 7 > 0))
    owners, counts = np.unique(np.searchsorted(starts, wrong, side="right") - 1, return_counts=True)
    return [int(each) for each in owners[counts >= least]]


def summed(side: WorldDays, seen: Seen, place: int) -> int:
    """The score that what counts on a day adds up to."""
    rules, ledger, total = seen.rules, side.first_ledger + place, 0
    for record in counted_in(side.number, seen).counting:
        behaviour = int(rules["behaviour"][side.number, (record >> KIND_AT) & 127])
        given = given_by(side.plan, side.number, side.replay.first + side.replay.place, record, side.date(seen.day))
        points, times = given.get(list(side.world.scores)[place], 0), 0
        if rules["life"][side.number, behaviour] == HALF_LIFE:
            since = arrival_day(record) if rules["from_arrival"][side.number] else act_day(record)
            times = (seen.day - since) // int(rules["life_days"][side.number, behaviour])
        total += (abs(points) >> times) * (1 if points > 0 else -1)
    return min(max(int(rules["start"][ledger]) + total, int(rules["lowest"][ledger])), int(rules["highest"][ledger]))


def test_what_counts_adds_up_to_the_score_on_every_day(run: OpenRun, others: list[OpenRun]) -> None:
    capped = 0
    for each in (run, *others):
        for resident in with_files(each, 8):
            side = WorldDays(each.setup.plan, replayed(each, resident), 0)
            for seen in side.replay.days:
                capped += len(counted_in(0, seen).over)
                if any(world == 0 for world, _ in seen.filed):
                    continue  # a record in dispute counted in the look of this day, and left the file after it
                for place, (_, points, _) in enumerate(side.standing(seen)):
                    assert points == summed(side, seen, place)
    assert capped > 50


def entries(run: OpenRun, residents: Sequence[int]) -> Iterator[tuple[WorldDays, Entry]]:
    for resident in residents:
        side = WorldDays(run.setup.plan, replayed(run, resident), 0)
        yield from ((side, entry) for entry in entries_of(side))


def test_points_that_a_cap_keeps_out_are_said_with_the_cap(run: OpenRun, others: list[OpenRun]) -> None:
    said = 0
    for each in (run, *others):
        for side, entry in entries(each, with_files(each, 12)):
            if entry.what != "record" or entry.day < side.replay.enrolled[0]:
                continue
            before, seen = (side.replay.days[day] for day in (entry.day - 1, entry.day))
            pushed = set(counted_in(0, before).counting) & set(counted_in(0, seen).over)
            dates = {str(side.date(act_day(record))) for record in pushed
                     if f"behaviours.{behaviour_of(side.plan, 0, record)}" == entry.element}  # fmt: skip
            if "no longer count" in entry.text:
                said += 1
                most = side.world.behaviours[entry.element.removeprefix("behaviours.")].max_counted
                assert most is not None
                number = most.on(side.date(entry.day))
                only = "only the newest counts" if number == 1 else f"only the newest {number} count"
                assert entry.text.partition(". WRONG")[0].endswith(f": {only}")
                assert all(date in entry.text for date in dates) and dates
            elif entry.facts["counts"] and any(entry.facts["points"].values()):
                assert entry.text.count("only the newest") == 0
    assert said > 5


def test_records_that_lapse_are_said_to_count_no_longer(others: list[OpenRun]) -> None:
    lapsed = 0
    for each in others:
        for side, entry in entries(each, with_files(each, 12)):
            if entry.what == "counted" and "lapsed or settled" in entry.text:
                before, seen = (side.replay.days[day] for day in (entry.day - 1, entry.day))
                gone = set(counted_in(0, before).counting) - {*counted_in(0, seen).counting, *counted_in(0, seen).over}
                named = {f"{side.date(act_day(record))} no longer counts: lapsed or settled" for record in gone}
                assert any(entry.text.endswith(words) for words in named)
                assert not entry.facts["counts"]
                lapsed += 1
    assert lapsed > 3


def test_the_record_tried_is_one_that_the_listing_names(others: list[OpenRun]) -> None:
    tried, run = 0, others[1]
    world = run.setup.plan.worlds[0]
    for number in range(1, 13):
        life = ledger_of(run, pick(run, "worst", 0, number), 0)
        listed = [entry for entry in life.entries if entry.what == "listed" and entry.facts["polarity"] == "black"]
        titles = [each.title for each in life.different if each.title.startswith("without the record of ")]
        if not listed or not titles:
            continue
        named = [name for name in world.behaviours if re.search(rf"\b{name}\b", listed[0].facts["cause"])]
        words = {word for name in named for word in world.behaviours[name].conduct}
        if words:
            tried += 1
            assert titles[0].removeprefix("without the record of ").rpartition(" on ")[0].replace(" ", "_") in words
    assert tried


def gives_points(side: WorldDays, record: int) -> bool:
    points = side.world.behaviours[behaviour_of(side.plan, 0, record)].points.values()
    return any(any(value.all) for value in points)


def test_points_before_enrolment_are_said_to_wait_for_it(run: OpenRun) -> None:
    waiting = 0
    for side, entry in entries(run, with_files(run, 25)):
        enrolled = side.replay.enrolled[0]
        if entry.what == "record" and any(entry.facts["points"].values()):
            early = entry.day < enrolled
            assert ("(not counted yet: not enrolled)" in entry.text) is early is not entry.facts["counts"]
            waiting += early
        if entry.what == "enrolled" and enrolled:
            file = held_in(0, side.replay.days[enrolled - 1].file)
            mine = [core_of(record) for record in file if gives_points(side, record)]
            count = sum(record in counted_in(0, side.replay.days[enrolled]).counting for record in mine)
            told = f"; of {len(mine)} earlier record{'' if len(mine) == 1 else 's'} with points, {count or 'none'} now "
            assert entry.text == "comes under the policy" + (f"{told}count{'s' * (count == 1)}" if mine else "")
    assert waiting > 5


def staged(run: OpenRun, files: Sequence[Sequence[int]]) -> list[Entry]:
    """What the last days of a resident who is enrolled say, if these were the files."""
    replay = next(found for found in (replayed(run, each) for each in range(50)) if found.enrolled[0] < 100)
    days = [replace(seen, file=tuple(file)) for seen, file in zip(replay.days[-len(files) :], files, strict=True)]
    side = WorldDays(run.setup.plan, replace(replay, days=days), 0)
    return [entry for entry in entries_of(side) if entry.what in ("record", "counted")]


def bills(run: OpenRun, act: int, arrives: int) -> int:
    """A record of bills paid on time, of which the harsh filling counts the newest two."""
    plan = run.setup.plan
    kinds = range(len(plan.kinds))
    kind = next(each for each in kinds if behaviour_of(plan, 0, each << KIND_AT) == "bills_on_time")
    return kind << KIND_AT | 1 << WORLDS_AT | act << ACT_AT | (arrives - act) << DELAY_AT | 2047


def test_a_newer_record_pushes_out_an_older_one_which_may_come_back(run: OpenRun) -> None:
    last = run.setup.plan.days - 1
    old, mid, new = bills(run, 20, 30), bills(run, 40, 50), bills(run, last - 3, last - 1)
    date = run.setup.plan.date
    told = staged(run, [(mid, old), (new, mid, old), (mid, old)])
    assert [entry.day for entry in told] == [last - 1, last]
    cap = "only the newest 2 count"
    assert told[0].text.endswith(f", city +2; that of {date(20)} no longer counts: {cap}")
    assert told[0].facts["counts"]
    assert told[1].text == f"the record of bills paid on time on {date(20)} counts again, among the newest 2"
    assert told[1].element == "behaviours.bills_on_time"


def test_of_several_on_one_day_those_past_the_cap_are_not_counted(run: OpenRun) -> None:
    last = run.setup.plan.days - 1
    three = [bills(run, act, last) for act in (last - 2, last - 3, last - 4)]
    told = staged(run, [(), three])
    cap = "not counted: only the newest 2 count"
    assert [cap in entry.text for entry in told] == [True, False, False]
    assert [entry.facts["counts"] for entry in told] == [False, True, True]
    date = run.setup.plan.date
    told = staged(run, [(bills(run, 40, 50), bills(run, 20, 30)), (*three[:2], bills(run, 40, 50), bills(run, 20, 30))])
    assert told[-1].text.endswith(f"; those of {date(20)} and {date(40)} no longer count: only the newest 2 count")
    assert "no longer" not in told[0].text


def first_days(run: OpenRun, replay: Replay, bit: int) -> int | None:
    return next((seen.day for seen in replay.days if int(seen.columns["ever"][0, replay.place]) & bit), None)


def lives(run: OpenRun, how: str) -> list[Life]:
    return [ledger_of(run, pick(run, how, 0, number), 0) for number in range(1, MANY + 1)]


def test_a_wrong_record_says_by_how_many_points_it_mattered(run: OpenRun) -> None:
    assert run.checkpoint is not None
    mattered = 0
    for life in lives(run, "wrong-fact"):
        plain, tape = replayed(run, life.resident), tape_of(run)
        day = first_days(run, plain, WRONGLY)
        assert day is not None
        assert life.decisive == Decisive(day, "the first day wrongly hit")
        change = Change(right=frozenset({life.resident}))
        other = replay_household(run.tables, tape.broadcasts(run.checkpoint.week), life.resident, change)
        scores = [int(each.days[day].columns["score"][0, each.place]) for each in (plain, other)]
        different = next(each for each in life.different if "wrong record" in each.title)
        assert different.moved == (Moved("city", run.setup.plan.date(day), *scores),)
        points = f"(city {scores[0] - scores[1]:+d}: {scores[0]} instead of {scores[1]})"
        assert (points if scores[0] != scores[1] else "(no points)") in different.words(life.decisive)
        mattered += scores[0] < scores[1]
        text = " ".join(" ".join(life_lines(run, life)).split())
        on = f"{run.setup.plan.date(day)}, the first day wrongly hit"
        assert f"In brackets: what these records did to the score on {on}." in text
    assert mattered > MANY // 2


def test_each_of_several_wrong_records_is_tried_alone(run: OpenRun) -> None:
    several = with_wrong(run, 2)[:2]
    assert several
    for resident in several:
        files = [record for seen in replayed(run, resident).days[-1:] for record in held_in(0, seen.file)]
        wrong = {core_of(record) for record in files if (record >> TRUTH_AT) & 7}
        titles = [each.title for each in ledger_of(run, Picked(resident, "", 1, 1), 0).different]
        alone = [title for title in titles if title.startswith("without the wrong record of ")]
        assert titles[0] == f"without the {len(wrong)} wrong records"
        assert alone == titles[1 : 1 + len(wrong)]
        assert all(title.endswith(" alone") for title in alone)


def test_a_mended_record_is_the_wrong_one_alone() -> None:
    stale, right, double = (1 << KIND_AT | truth << TRUTH_AT | 2047 for truth in (4, 0, 3))
    change = Change(mended=frozenset({stale, double}))
    assert [change.arriving(7, record) for record in (stale, right, double)] == [stale & ~(7 << TRUTH_AT), right, -1]
    assert change.of_records and not Change(clean=frozenset({7})).of_records


def test_without_a_hit_points_are_those_of_the_day_that_differs_most(run: OpenRun) -> None:
    assert run.checkpoint is not None
    said = 0
    hit = np.asarray(run.checkpoint.array("ever_0")) & HIT
    for resident in [each for each in with_wrong(run, 1) if not hit[each]]:
        replay = replayed(run, resident)
        life = ledger_of(run, Picked(resident, "asked for by id", 1, 1), 0)
        assert life.decisive.day is None
        change = Change(right=frozenset({resident}))
        other = replay_household(run.tables, tape_of(run).broadcasts(run.checkpoint.week), resident, change)
        days = zip(replay.days, other.days, strict=True)
        scores = [[int(seen.columns["score"][0, replay.place]) for seen in pair] for pair in days]
        apart = [abs(one - two) for one, two in scores[replay.enrolled[0] :]]
        moved = life.different[0].moved
        if moved and moved[0].points != moved[0].without:
            said += 1
            assert abs(moved[0].points - moved[0].without) == max(apart)
            assert f" on {moved[0].day}: {moved[0].points} instead of " in life.different[0].words(life.decisive)
        if said == 2:
            break
    assert said == 2


def test_data_says_the_points_too(run: OpenRun) -> None:
    data = life_data(run, lives(run, "wrong-fact")[0])
    (moved,) = data["would_have_changed"][0]["moved"]
    assert moved["difference"] == moved["points"] - moved["without"]
    assert moved["day"] == data["decisive_day"]["date"]
    assert data["decisive_day"]["why"] == "the first day wrongly hit"


def test_a_difference_that_takes_no_record_of_ones_own_says_no_points(run: OpenRun) -> None:
    life = lives(run, "wrong-fact")[0]
    outcome = life.ends[0]
    words = Different("if so", outcome).words(life.decisive)
    assert words == f"if so: {outcome.words()}"
