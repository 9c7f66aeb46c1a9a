"""A life says when somebody was told, what was contested and what came of it, as the tape has it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.results.lived import heard

from vitropolis.base.draws import Stream, philox
from vitropolis.model.files import ACT_AT, LISTING, NOTE, WORLDS_AT
from vitropolis.model.procedure import court_on
from vitropolis.model.redress import FILED_AT
from vitropolis.model.rules import ALL_WORLDS, ONE_WORLD
from vitropolis.policy import Taken
from vitropolis.results.folder import TAPE
from vitropolis.results.life import Life, entries_of, ledger_of, replayed, tape_of
from vitropolis.results.life_cases import Cases
from vitropolis.results.life_courts import Courts, enrolled_in
from vitropolis.results.life_entries import Entry, WorldDays
from vitropolis.results.life_files import held_in
from vitropolis.results.life_show import life_data, life_lines
from vitropolis.results.picks import Picked
from vitropolis.results.reader import OpenRun
from vitropolis.results.replay_one import NO_CHANGE, Change, Replay, core_of, replay_household


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> OpenRun:
    return heard(tmp_path_factory)


def on_tape(run: OpenRun, name: str) -> np.ndarray:
    return np.asarray(np.load(run.folder / TAPE / f"{name}.npy"))


def some(residents: np.ndarray, most: int = 25) -> list[int]:
    found = np.unique(residents)
    return [int(each) for each in found[:: max(1, len(found) // most)]]


def told(run: OpenRun, resident: int) -> tuple[Replay, list[Entry]]:
    """A resident's replay and entries in the world with the policy."""
    replay = replayed(run, resident)
    return replay, list(entries_of(WorldDays(run.setup.plan, replay, 0)))


def test_every_appeal_of_the_tape_is_in_a_life(run: OpenRun) -> None:
    tape = on_tape(run, "appeals")
    assert len(tape) > 20
    for resident in some(tape["resident"]):
        _, entries = told(run, resident)
        mine = tape[tape["resident"] == resident]
        filed = sorted(int(row["what"]) >> FILED_AT for row in mine if int(row["what"]) & ONE_WORLD == 0)
        assert sorted(entry.day for entry in entries if entry.what == "appeal") == filed


def test_every_answer_of_the_tape_is_in_a_life_and_does_what_it_says(run: OpenRun) -> None:
    tape = on_tape(run, "answers")
    upheld = 0
    assert len(tape) > 10
    for resident in some(tape["resident"]):
        replay, entries = told(run, resident)
        answers = [entry for entry in entries if entry.what == "answer" and "contested" in entry.facts]
        mine = tape[tape["resident"] == resident]
        assert sorted(entry.day for entry in answers) == sorted(mine["day"].tolist())
        for entry in answers:
            file = {core_of(record) for record in held_in(0, replay.days[entry.day].file)}
            assert (entry.facts["contested"] in file) is not entry.facts["upheld"]
            upheld += entry.facts["upheld"]
    assert upheld > 2


def test_a_household_with_appeals_ends_as_the_checkpoint_says(run: OpenRun) -> None:
    assert run.checkpoint is not None
    for resident in some(on_tape(run, "answers")["resident"]):
        found, home = replayed(run, resident), run.city.household(resident)
        columns = [name for name in found.state if name not in ("held", "files", "pending_resident", "pending_record")]
        kept = run.checkpoint.part(home.start, home.stop, columns)
        assert [name for name, values in found.state.items() if not np.array_equal(values, kept[name])] == []


def test_notice_comes_before_an_appeal_and_an_answer_after(run: OpenRun) -> None:
    notices = 0
    for resident in some(on_tape(run, "answers")["resident"]):
        _, entries = told(run, resident)
        days = {what: [entry.day for entry in entries if entry.what == what] for what in ("told", "appeal")}
        answers = [entry.day for entry in entries if entry.what == "answer" and "contested" in entry.facts]
        assert days["told"][0] < days["appeal"][0] < answers[0]
        notices += sum(entry.element == "procedure.notice" for entry in entries)
    assert notices > 5


def test_upheld_objections_are_said(run: OpenRun) -> None:
    """A record that only the twin still holds was taken out, or its act happened there alone."""
    assert run.checkpoint is not None
    files, starts = np.asarray(run.checkpoint.array("files")), run.checkpoint.starts
    twins = np.flatnonzero((files & LISTING == 0) & (files & NOTE != NOTE) & (files >> WORLDS_AT & ALL_WORLDS == 2))
    residents = np.setdiff1d(np.searchsorted(starts, twins, side="right") - 1, on_tape(run, "answers")["resident"])
    said = []
    for resident in residents.tolist():
        _, entries = told(run, resident)
        mine = [entry for entry in entries if entry.what == "answer"]
        waits = [entry.day for entry in entries if entry.what == "waits"]
        assert all(entry.day - waits[0] >= 10 for entry in mine)
        said += mine
    assert len(said) >= 1
    assert all(entry.element == "procedure.objection" and "objection UPHELD" in entry.text for entry in said)


def test_lines_say_it_all_in_order(run: OpenRun) -> None:
    tape = on_tape(run, "answers")
    life: Life = ledger_of(run, Picked(int(tape["resident"][0]), "asked for by id", 1, 1), 0)
    lines = list(life_lines(run, life))
    text = " ".join(" ".join(lines).split())
    assert all(len(line) <= 80 for line in lines if str(run.folder) not in line)
    assert text.index("appeals against the record of") < text.index("answer to the appeal against the record of")


def test_a_case_is_open_only_while_somebody_is_hit_or_waits_for_an_answer(run: OpenRun) -> None:
    for resident in some(on_tape(run, "answers")["resident"], 8):
        replay = replayed(run, resident)
        cases = Cases(WorldDays(run.setup.plan, replay, 0))
        pending = 0
        for seen in replay.days:
            state = cases.case(seen)
            hit = int(seen.columns["now"][0, replay.place]) & 1
            pending += state is not None and state[0] == 2
            assert state is not None or not hit
        assert pending > 0


def changed(run: OpenRun, resident: int, change: Change) -> tuple[Replay, Courts]:
    """The household played under a change, its appeals answered by the queues."""
    assert run.checkpoint is not None
    tape = tape_of(run)
    courts = Courts(run.tables, tape, run.city.household(resident), lambda: enrolled_in(run))
    return replay_household(run.tables, tape.broadcasts(run.checkpoint.week), resident, change, courts), courts


def everybody_appeals(table: Any) -> None:
    """Rules under which whoever is told appeals, and everybody is told."""
    table["appeals"][:] = table["notice_reaches"][:] = (1 << 32) - 1


def test_queues_played_again_give_the_answers_of_the_run(run: OpenRun) -> None:
    """An appeal in the twin, where nobody decides, parts the household's queues from the tape and changes nothing."""
    assert run.checkpoint is not None
    tape, given = tape_of(run), 0
    for resident in some(on_tape(run, "answers")["resident"], 6):
        home = run.city.household(resident)
        courts = Courts(run.tables, tape, home, lambda: enrolled_in(run))
        courts.hear(0, np.array([[resident, 0 << FILED_AT | 1, 1 << ACT_AT]], np.int64))
        assert courts.apart
        for said in list(tape.broadcasts(run.checkpoint.week))[1:]:
            mine = said.answers[(said.answers[:, 0] >= home.start) & (said.answers[:, 0] < home.stop)]
            assert np.array_equal(courts.answered(said).answers, mine)
            filed = tape.appeals(said.week)
            courts.hear(said.week, filed[(filed[:, 0] >= home.start) & (filed[:, 0] < home.stop)])
            given += len(mine)
        assert courts.worked_out.total() == 0
    assert given > 5


def test_no_answer_without_an_appeal_and_each_by_the_draw(run: OpenRun) -> None:
    plan, worked_out = run.setup.plan, 0
    for resident in some(on_tape(run, "answers")["resident"]):
        for change in (Change(right=frozenset({resident})), Change(rules=everybody_appeals)):
            found, courts = changed(run, resident, change)
            rows = [(seen.day, world, record) for seen in found.days for world, record in seen.filed]
            for seen in found.days:
                for world, upheld, record in seen.answers:
                    filed = max(day for day, where, core in rows if (where, core) == (world, record) and day < seen.day)
                    court = court_on(plan.worlds[world], plan.date(filed), Taken())
                    lot = int(philox(resident, filed, Stream.DECISION, 1, plan.seed)[0])
                    assert upheld or lot >= min(court.found, court.voids)
            worked_out += courts.worked_out[0]
    assert worked_out > 3


def test_appeals_as_in_the_run_are_answered_as_in_the_run(run: OpenRun) -> None:
    for resident in some(on_tape(run, "answers")["resident"], 6):
        plain = replayed(run, resident)
        found, courts = changed(run, resident, replace(NO_CHANGE, rules=lambda table: None))
        assert [seen.answers for seen in found.days] == [seen.answers for seen in plain.days]
        assert courts.worked_out.total() == 0


def test_a_life_says_how_many_answers_were_worked_out(run: OpenRun, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = [("told and appealing", Change(rules=everybody_appeals))]
    monkeypatch.setattr("vitropolis.results.life.changes_for", lambda side: tried)
    said = 0
    for resident in some(on_tape(run, "answers")["resident"]):
        count = changed(run, resident, tried[0][1])[1].worked_out[0]
        life = ledger_of(run, Picked(resident, "asked for by id", 1, 1), 0)
        (only,) = life_data(run, life)["would_have_changed"]
        assert (only["difference"], only["answers_worked_out"]) == ("told and appealing", count)
        text = " ".join(" ".join(life_lines(run, life)).split())
        words = f"({count} answer{'' if count == 1 else 's'} to appeals that the run did not have, worked out in its "
        assert (words in text) is (count > 0)
        said += count
    assert said > 2
