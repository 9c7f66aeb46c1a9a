"""A life says what the run did to one resident, beside the twin, and keeps silent on what nobody recorded."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.results.lived import lived

from vitropolis.base.errors import UsageError
from vitropolis.city.cells import decode
from vitropolis.city.city import ROLE_LABELS
from vitropolis.model.files import ACT_AT, KIND_AT, TRUTH_AT, WORLDS_AT
from vitropolis.model.hits import THROUGH
from vitropolis.model.measures import spills_of
from vitropolis.policy import PERSON_WORDS
from vitropolis.policy.triggers import CarriesMeasure
from vitropolis.policy.words import is_private
from vitropolis.results import play_to_folder
from vitropolis.results.life import Life, entries_of, ledger_of, life_of, replayed, world_named
from vitropolis.results.life_doors import source_places
from vitropolis.results.life_entries import WorldDays
from vitropolis.results.life_show import life_data, life_lines, sentence
from vitropolis.results.lists import residents_of
from vitropolis.results.picks import PICKS, Picked, by_id, pick
from vitropolis.results.reader import OpenRun, open_run, read_lists

MANY = 12


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> OpenRun:
    return lived(tmp_path_factory)


def lives(run: OpenRun, how: str, count: int) -> list[Life]:
    """The first lives of a pick, as far as there are any."""
    found = []
    for number in range(1, count + 1):
        try:
            found.append(ledger_of(run, pick(run, how, 0, number), 0))
        except UsageError:
            break
    return found


def test_every_listing_of_the_folder_is_in_the_life_with_its_day(run: OpenRun) -> None:
    frame, plan = read_lists(run.folder), run.setup.plan
    numbers = residents_of(frame)
    for life in lives(run, "worst", MANY):
        mine = frame.filter(pl.Series(numbers == life.resident) & (frame["world"] == plan.worlds[0].name))
        began = [(plan.date(e.day), e.facts["list"], e.facts["cause"]) for e in life.entries if e.what == "listed"]
        assert sorted(began) == sorted(mine.select("day_in", "list", "cause").rows())
        ended = [plan.date(e.day) for e in life.entries if e.what == "unlisted" and e.world == 0]
        assert sorted(ended) == sorted(mine["day_out"].drop_nulls())


def test_scores_and_bands_end_as_the_checkpoint_says(run: OpenRun) -> None:
    assert run.checkpoint is not None
    bands = [name for name, _ in run.setup.plan.worlds[0].scores["city"].bands_on(run.setup.plan.date(209))][::-1]
    for life in lives(run, "random", MANY):
        points = int(run.checkpoint.array("score_0")[life.resident])
        band = bands[int(run.checkpoint.array("band_0")[life.resident]) & 15]
        assert life.ends[0].scores in ((("city", points, band),), ())
        changes = [entry for entry in life.entries if entry.what == "score"]
        assert not changes or changes[-1].facts["points"] == points


def test_entries_name_rule_department_and_line(run: OpenRun) -> None:
    policy = run.setup.plan.worlds[0].policy
    records = [e for life in lives(run, "worst", MANY) for e in life.entries if e.what == "record" and e.world == 0]
    assert len(records) > MANY
    for entry in records:
        name = entry.element.removeprefix("behaviours.")
        behaviour = policy.behaviours[name]
        assert entry.facts["word"] in behaviour.conduct
        assert entry.facts["department"] == policy.feeds[behaviour.feed].department
        assert entry.line == policy.source.line_of(entry.element) > 1


def test_a_wrong_fact_is_undone_without_the_wrong_record(run: OpenRun) -> None:
    undone = 0
    for life in lives(run, "wrong-fact", MANY):
        assert any(entry.facts.get("error") for entry in life.entries if entry.world == 0)
        other = next(each.outcome for each in life.different if "wrong record" in each.title)
        assert other.days_on["untrustworthy"] <= life.ends[0].days_on["untrustworthy"]
        undone += other.days_on["untrustworthy"] == 0 < life.ends[0].days_on["untrustworthy"]
    assert undone > 0


def test_somebody_reached_through_a_relative_is_not_without_the_relatives_records(run: OpenRun) -> None:
    for life in lives(run, "through-others", MANY):
        first = next(entry for entry in life.entries if entry.what == "through")
        assert first.element.startswith("spillover.")
        assert life.ends[0].through_days > 0
        other = next(each.outcome for each in life.different if each.title.startswith("without the records of "))
        assert other.through_days < life.ends[0].through_days


def test_children_and_others_are_told_through_whom_and_which_door(run: OpenRun) -> None:
    spills = list(spills_of(run.setup.plan.worlds[0]).values())
    for life in [*lives(run, "child", MANY), *lives(run, "through-others", MANY)]:
        side = WorldDays(run.setup.plan, replayed(run, life.resident), 0)
        home, mine = run.city.household(life.resident), ROLE_LABELS[int(run.city.role[life.resident])]
        for entry in life.entries:
            if entry.what != "through" or "members" not in entry.facts:
                continue
            bit = list(spills_of(run.setup.plan.worlds[0])).index(entry.element.removeprefix("spillover."))
            carried, seen = spills[bit].carries, side.replay.days[entry.day]
            assert isinstance(carried, CarriesMeasure)
            assert entry.facts["services"] == [run.setup.policies[0].measures[carried.measure].service]
            assert entry.facts["members"] == [home.start + place for place in source_places(side, bit, seen)] != []
            roles = {ROLE_LABELS[int(run.city.role[member])] for member in entry.facts["members"]}
            assert roles <= {"head", "spouse"} - {mine}
            who = {"child": "a parent (", "head": "the spouse", "spouse": "the spouse ("}[mine]
            assert all(name.startswith(who) for name in entry.facts["through"])
            assert all(how.startswith(("on black list ", "in band ")) for how in entry.facts["standing"])
        text = " ".join(" ".join(life_lines(run, life)).split())
        first = next(entry for entry in life.entries if "members" in entry.facts)
        door = first.facts["services"][0].replace("_", " ")
        reached = f"{first.facts['through'][0]}, who is {first.facts['standing'][0]}"
        assert f"eached through {reached}" in sentence(run, life)
        assert f": no {door} from {run.setup.plan.date(first.day)} on" in sentence(run, life)
        assert f"Through whom: vitropolis life {run.folder} --id {run.city.id_of(first.facts['members'][0])}" in text


def test_whoever_is_reached_is_reached_through_somebody_on_every_day(run: OpenRun, full: Path) -> None:
    days, every = 0, open_run(full, entropy=1)  # the other carries lists too, and to all relations
    for each, number in itertools.product((run, every), range(1, MANY + 1)):
        side = WorldDays(each.setup.plan, replayed(each, pick(each, "through-others", 0, number).resident), 0)
        for seen in side.replay.days:
            carried = int(seen.columns["carried"][0, side.replay.place])
            for bit in range(7):
                if (carried >> bit) & 1:
                    days += 1
                    assert source_places(side, bit, seen)
    assert days > 100


def test_children_are_those_of_the_run_hit_through_others(run: OpenRun) -> None:
    assert run.checkpoint is not None
    young = [decode(int(cell)).age_class == 0 for cell in run.city.cell]
    hit = np.flatnonzero(np.asarray(run.checkpoint.array("ever_0")) & THROUGH & np.where(young, 255, 0))
    found = lives(run, "child", MANY)
    assert len(found) == min(MANY, len(hit)) > 1
    assert found[0].picked.among == len(hit)
    assert {life.resident for life in found} <= set(hit.tolist())
    assert all(life.who["age"] == "0-14" and life.ends[0].through_days for life in found)
    text = " ".join(" ".join(life_lines(run, found[0])).split())
    assert f"by lot among the children under 15 hit through others in the household, 1 of {len(hit):,}." in text


def test_doors_open_and_shut_as_measures_come_and_go(run: OpenRun) -> None:
    policy = run.setup.plan.worlds[0].policy
    for life in lives(run, "worst", MANY):
        doors = [entry for entry in life.entries if entry.what == "doors"]
        assert doors
        assert life.ends[0].door_days > 0
        assert life.ends[0].most_doors >= 10
        for entry in doors:
            for measure in entry.facts["measures"]:
                name = measure["element"].removeprefix("measures.")
                assert policy.measures[name].service == measure["service"] in entry.facts["services"]
                assert measure["line"] == policy.source.line_of(measure["element"])


def test_refusals_name_the_measure_and_tell_the_resident(run: OpenRun) -> None:
    refused = learnt = 0
    for life in lives(run, "worst", 30):
        asked = [entry for entry in life.entries if entry.what == "request"]
        refusals = [entry for entry in asked if entry.facts["refusals"]]
        assert sum(entry.facts["refusals"] for entry in asked) == life.ends[0].refusals
        assert all(entry.element.startswith("measures.") and "REFUSED" in entry.text for entry in refusals)
        told = [entry for entry in life.entries if entry.what == "told" and entry.facts["told"]]
        assert not told or told[0].day == min(entry.day for entry in refusals)  # nobody gives notice here
        refused, learnt = refused + len(refusals), learnt + len(told)
    assert refused > 10
    assert learnt > 5


def test_the_twin_has_the_records_and_nothing_that_follows(run: OpenRun) -> None:
    for life in lives(run, "worst", 4):
        twin = {entry.what for entry in life.entries if entry.world == 1}
        assert twin <= {"record", "moved"}
        assert life.ends[1].words() == "nothing follows from any record"


def test_acts_that_nobody_recorded_are_counted_but_never_named(run: OpenRun) -> None:
    private = 0
    for life in lives(run, "random", 60):
        days = replayed(run, life.resident).days
        acts = [seen for seen in days if seen.act is not None]
        files = {(record >> ACT_AT) & 8191 for seen in days for record in (*seen.file, *seen.sent)}
        silent = [seen.act for seen in acts if seen.day not in files and seen.act]
        private += sum(is_private(PERSON_WORDS[act.word]) for act in silent)
        open_ = [act for act in silent if not is_private(PERSON_WORDS[act.word]) and act.worlds & 1]
        assert life.unrecorded[0] >= len(open_)
        text = "\n".join(life_lines(run, life))
        recorded = {entry.facts["word"] for entry in life.entries if "word" in entry.facts}
        for act in silent:
            word = PERSON_WORDS[act.word]
            if word not in recorded and all(word.replace("_", " ") not in entry.text for entry in life.entries):
                assert f"{word.replace('_', ' ')} on" not in text
    assert private > 0


def test_a_record_of_wrong_content_tells_no_opinion(run: OpenRun) -> None:
    named = 0
    for life in lives(run, "wrong-fact", 40):
        for entry in life.entries:
            if entry.facts.get("truth") == "wrong_content":
                said = entry.facts["error"].removeprefix("WRONG: what was done is ")
                assert said == "WRONG: something else was done" or not is_private(said.replace(" ", "_"))
                named += said in {word.replace("_", " ") for word in PERSON_WORDS}
    assert named > 0


def sent_elsewhere(run: OpenRun, resident: int, kinds: list[int]) -> Life:
    """A life in which records of acts of some kinds went to somebody of the same name, one on each of the last days."""
    replay = replayed(run, resident)
    days, first = list(replay.days), len(replay.days) - len(kinds)
    for day, kind in enumerate(kinds, first):
        record = kind << KIND_AT | 15 << WORLDS_AT | 1 << TRUTH_AT | day << ACT_AT
        days[day] = replace(days[day], sent=(record,))
    sides = {world: WorldDays(run.setup.plan, replace(replay, days=days), world) for world in (0, 1)}
    plain = ledger_of(run, Picked(resident, "asked for by id", 1, 1), 0)
    entries = sorted((entry for side in sides.values() for entry in entries_of(side)), key=lambda entry: entry.day)
    return replace(plain, entries=tuple(entries))


def test_a_private_act_whose_record_goes_to_somebody_else_is_not_told(run: OpenRun) -> None:
    words = [PERSON_WORDS[kind.word] for kind in run.setup.plan.kinds]
    private, others = ([kind for kind, word in enumerate(words) if is_private(word) is each] for each in (True, False))
    assert len({words[kind] for kind in private}) >= 2
    life = sent_elsewhere(run, 7, private)
    said = " ".join("\n".join(life_lines(run, life)).split()) + repr(life_data(run, life))
    recorded = {entry.facts["word"] for entry in life.entries if entry.what == "record"}
    assert "moved" not in {entry.what for entry in life.entries}
    for word in {words[kind] for kind in private} - recorded:
        assert word not in said
        assert word.replace("_", " ") not in said
    told = sent_elsewhere(run, 7, others)
    mine = {entry.facts["word"] for entry in told.entries if entry.what == "moved" and entry.world == 0}
    assert mine == {words[kind] for kind in others}


def test_what_people_think_say_or_believe_is_private() -> None:
    private = {word for word in PERSON_WORDS if is_private(word)}
    assert {"online_criticism", "petition_filed", "assembly_unapproved", "unregistered_worship"} <= private
    assert {"political_study_absent", "online_rumour", "complaint_filed", "lawsuit_filed"} <= private
    assert not private & {"theft", "fare_dodging", "tax_late", "volunteering"}


def test_lines_fit_a_terminal_and_say_what_is_asked_first(run: OpenRun) -> None:
    for life in [*lives(run, "worst", 5), *lives(run, "random", 5), *lives(run, "cannot-pay", 3)]:
        lines = list(life_lines(run, life))
        assert all(len(line) <= 80 for line in lines if str(run.folder) not in line)
        assert lines[0] == "Synthetic city, no real people: beijing with 6,000 residents, seed 3."
        assert lines[1].startswith(f"{life.id}: a synthetic resident of age ")
        assert any(line.startswith("What happened: ") for line in lines)
        assert "WHAT WOULD HAVE CHANGED IT (played again; everybody else is as in the run)" in lines
        assert f"life {run.folder} --random" in " ".join(" ".join(lines).split())
        assert "ightly listed" not in "\n".join(lines)


def test_data_holds_what_the_lines_say(run: OpenRun) -> None:
    life = lives(run, "worst", 1)[0]
    data = life_data(run, life)
    assert data["resident"] == life.id
    assert data["worlds"] == [world.name for world in run.setup.plan.worlds]
    assert len(data["entries"]) == len(life.entries)
    assert data["what_happened"] == sentence(run, life)
    assert all({"date", "world", "what", "text"} <= set(entry) for entry in data["entries"])


def test_picks_are_the_same_every_time_and_go_on(run: OpenRun) -> None:
    for how in PICKS:
        try:
            first, second = pick(run, how, 0), pick(run, how, 0, 2)
        except UsageError:
            continue
        assert first == pick(run, how, 0)
        assert first.resident != second.resident
        assert first.among == second.among >= 2


def test_the_worst_was_longest_on_black_lists_behind_most_doors(run: OpenRun) -> None:
    days = [life.ends[0].days_on["untrustworthy"] for life in lives(run, "worst", MANY)]
    assert days == sorted(days, reverse=True)
    assert days[0] > days[-1]


def test_an_id_is_one_of_this_run(run: OpenRun) -> None:
    name = run.city.id_of(77)
    assert by_id(run, name) == Picked(77, "asked for by id", 1, 1)
    for wrong, text in (
        ("Zhang", "`Zhang` is not the id of a resident: ids of this run read S-"),
        ("S-00000000-5", "`S-00000000-5` is an id of another run"),
        (run.city.id_of(0)[:-1] + "6000", "is an id of another run"),
    ):
        with pytest.raises(UsageError, match=text):
            by_id(run, wrong)


def test_a_pick_past_the_last_says_how_many_there_are(run: OpenRun) -> None:
    among = pick(run, "worst", 0).among
    with pytest.raises(UsageError, match=f"--worst finds {among:,} in the world beijing-2018-press-harsh"):
        pick(run, "worst", 0, among + 1)
    with pytest.raises(UsageError, match="--wrong-fact finds nobody in the world none"):
        pick(run, "wrong-fact", 1)


def test_a_life_is_asked_for_by_id_or_by_a_pick(run: OpenRun) -> None:
    second = life_of(run, pick="worst", number=1, world="harsh")
    assert second.picked == pick(run, "worst", 0, 2)
    assert life_of(run, id=second.id).entries == second.entries
    assert life_of(run).picked == pick(run, "random", 0)
    with pytest.raises(UsageError, match="`poorest` is not a pick"):
        life_of(run, pick="poorest")


def test_worlds_are_named_by_name_or_filling(run: OpenRun) -> None:
    assert world_named(run, None) == world_named(run, "harsh") == world_named(run, "beijing-2018-press-harsh") == 0
    assert world_named(run, "none") == 1
    with pytest.raises(UsageError, match="`nowhere` is not legal for --world"):
        world_named(run, "nowhere")


def test_an_interrupted_run_is_told_as_far_as_it_was_played(
    run: OpenRun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killing(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr("vitropolis.results.writer.Run.finish", killing)
        play_to_folder(run.setup, tmp_path / "stopped", threads=1)
    stopped = open_run(tmp_path / "stopped", entropy=1)
    assert not stopped.complete
    for how in ("worst", "through-others"):
        one, other = (pick(each, how, 0) for each in (run, stopped))
        assert one == other
        assert ledger_of(stopped, other, 0).entries == ledger_of(run, one, 0).entries


def test_a_run_of_which_nothing_was_played_has_no_lives(run: OpenRun) -> None:
    empty = replace(run, checkpoint=None)
    for ask in (lambda: pick(empty, "worst", 0), lambda: ledger_of(empty, by_id(empty, run.city.id_of(5)), 0)):
        with pytest.raises(UsageError, match=r"nothing was played yet; `vitropolis resume .*` goes on with it"):
            ask()
