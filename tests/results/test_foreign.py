"""Line 1: a run folder that this model did not make is refused by whatever opens one."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import polars as pl
import pytest
from tests.results.small import (
    Rows,
    contents,
    forge_state,
    forge_tape,
    full_setup,
    last_bit,
    rehash,
    setup_of,
    unsorted,
)

from vitropolis.base.errors import RefusedError, UsageError
from vitropolis.base.npyfile import content_of
from vitropolis.engine.checkpoint import Checkpoint, checkpoints_in
from vitropolis.engine.chunks import cut
from vitropolis.engine.run import Tables
from vitropolis.model.listing_log import BINS_AT
from vitropolis.model.redress import FILED_AT, WRONG_AT
from vitropolis.model.rules import DISTRICTS
from vitropolis.results import open_run, play_to_folder, resume
from vitropolis.results.lists import content_of_frame, stays_in
from vitropolis.results.reader import Stays
from vitropolis.results.tape import LEVEL_AT, Tape
from vitropolis.results.verify import Evidence, Replayed, compare, picked, replayed
from vitropolis.results.weekly import layout_of


def test_an_honest_folder_is_opened(whole: Path) -> None:
    run = open_run(whole)
    assert run.complete
    assert run.city.n == 3000
    assert run.checkpoint is not None
    assert run.checkpoint.week == run.setup.plan.weeks


def one_point_each(values: Rows) -> Rows:
    return values + 1


def without_first(values: Rows) -> Rows:
    return values[1:]


def with_an_invented_report(values: Rows) -> Rows:
    made = values[:1].copy()
    made["week"], made["source"], made["record"] = values["week"][-1], -1, values["record"][-1]
    made["resident"] = 2999
    return np.concatenate([values, made])


def moved(values: Rows) -> Rows:
    changed = values.copy()
    changed["resident"] = (changed["resident"] + 1) % 3000
    return changed


def moodier(values: Rows) -> Rows:
    changed = values.copy()
    changed["level"] = 15
    return changed


def busier(values: Rows) -> Rows:
    changed = values.copy()
    changed["entry"] |= 15 << LEVEL_AT
    return changed


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("score_0", one_point_each),
        ("fear_0", one_point_each),
        ("lists_0", one_point_each),
        ("wake", one_point_each),
        ("files", one_point_each),
        ("pending_record", without_first),
    ],
)
def test_state_that_was_changed_everywhere_is_refused(copied: Path, name: str, change: Callable[[Rows], Rows]) -> None:
    forge_state(copied, name, change)
    with pytest.raises(RefusedError, match=r"is refused: .*(not what this model makes|does not fit together)"):
        open_run(copied)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("messages", without_first),
        ("messages", with_an_invented_report),
        ("messages", moved),
        ("messages", unsorted),
        ("moods", moodier),
        ("workplaces", busier),
        ("ranks", without_first),
    ],
)
def test_a_tape_that_was_changed_is_refused(copied: Path, name: str, change: Callable[[Rows], Rows]) -> None:
    forge_tape(copied, name, change)
    with pytest.raises(RefusedError, match="is refused: "):
        open_run(copied)


def granted(values: Rows) -> Rows:
    changed = values.copy()
    changed["what"] ^= 4
    return changed


def a_day_later(values: Rows) -> Rows:
    changed = values.copy()
    changed["what"][5] += 1 << FILED_AT
    return changed


def of_another_record(values: Rows) -> Rows:
    changed = values.copy()
    changed["record"][3] ^= 1 << WRONG_AT  # whether it was wrong
    return changed


def by_somebody_else(values: Rows) -> Rows:
    changed = values.copy()
    changed["resident"][-1] = 1 + changed["resident"][-1] % 1990
    return changed


def first_bit(values: Rows) -> Rows:
    return values ^ 1


@pytest.mark.parametrize("change", [granted, without_first, of_another_record, by_somebody_else, unsorted])
@pytest.mark.parametrize("name", ["answers", "appeals"])
def test_an_appeal_or_answer_that_was_changed_is_refused(
    copied_full: Path, name: str, change: Callable[[Rows], Rows]
) -> None:
    forge_tape(copied_full, name, a_day_later if (name, change) == ("appeals", granted) else change)
    with pytest.raises(RefusedError, match=r"is refused: .*(appeals|answers|waits|wait)"):
        open_run(copied_full)


@pytest.mark.parametrize("change", [first_bit, last_bit])
@pytest.mark.parametrize(
    "name", ["held_0", "touched_0", "carried_0", "ever_0", "wronged_0", "now_0", "visited_0", "closed", "held_1"]
)
def test_what_measures_left_and_was_changed_is_refused(
    copied_full: Path, name: str, change: Callable[[Rows], Rows]
) -> None:
    """Whom a measure meets, who was ever hit, what is carried: one bit of everybody in a column."""
    forge_state(copied_full, name, change)
    with pytest.raises(RefusedError, match=rf"is refused: .*(\({name}\) is not what this model makes|\(fired\))"):
        open_run(copied_full)


def sooner(values: Rows) -> Rows:
    changed = values.reshape(-1).copy()
    changed[2] -= 1  # the day of filing of the first who waits
    return changed


def one_more(values: Rows) -> Rows:
    return np.append(values.reshape(-1), [5, 79, 4, 0])


@pytest.mark.parametrize(("name", "change"), [("city_queue", sooner), ("city_answers", one_more)])
def test_who_waits_for_an_answer_and_was_changed_is_refused(
    copied_full: Path, name: str, change: Callable[[Rows], Rows]
) -> None:
    forge_state(copied_full, name, change)
    with pytest.raises(RefusedError, match=r"is refused: (the appeals that wait are not|.* an answer that cannot be)"):
        open_run(copied_full)


def test_an_honest_run_in_which_everything_fires_is_opened(full: Path) -> None:
    assert open_run(full).complete


def test_listings_that_were_changed_are_refused(copied: Path) -> None:
    frame = pl.read_parquet(copied / "lists.parquet")
    other = (
        pl.when(pl.col("bin_breach") == "wrong fact").then(pl.lit("breach as recorded")).otherwise(pl.lit("wrong fact"))
    )
    for forged in (frame[1:], frame.with_columns(other.alias("bin_breach"))):
        forged.write_parquet(copied / "lists.parquet")
        rehash(copied, "lists.parquet", content_of_frame(forged))
        with pytest.raises(
            RefusedError, match=r"the listings of residents|the listings are not those that were counted"
        ):
            open_run(copied)


@pytest.fixture(scope="module")
def many() -> tuple[Tables, list[tuple[int, int, int]]]:
    """A city cut into many chunks, so that sixteen of them are few."""
    setup = setup_of()
    city = setup.city()
    return Tables(setup.plan, city), cut(city, 40)


def evidence(folder: Path, tables: Tables) -> Evidence:
    kept = Checkpoint(checkpoints_in(folder / "checkpoints")[0])
    rows = {name: count for name, (count, _) in kept.said["facts"]["rows"].items()}
    tape = Tape(folder / "tape", rows, len(tables.plan.worlds), DISTRICTS, len(tables.city.firm_size))
    manifest = json.loads((folder / "run.json").read_text())
    with h5py.File(folder / "indicators.nc") as file:
        enrolled = file["enrolled"][..., 0].swapaxes(0, 1)
    return Evidence(kept.week, kept, tape, Stays(folder, manifest, tables), enrolled, stays_in(np.zeros(0, np.int64)))


def is_refused(result: Replayed, found: Evidence) -> bool:
    try:
        compare(result, found)
    except RefusedError:
        return True
    return False


def forge_scores(folder: Path, residents: list[int]) -> None:
    def change(values: Rows) -> Rows:
        values[residents] += 1
        return values

    forge_state(folder, "score_0", change)


def forge_messages(folder: Path, residents: list[int]) -> None:
    """Give somebody of each chunk a message that nobody sent, in the middle of the run."""

    def change(values: Rows) -> Rows:
        made = np.repeat(values[-1:], len(residents))
        made["week"], made["source"], made["resident"] = 6, np.roll(residents, 1), residents
        made["record"] = values["record"][-1]
        rows = np.concatenate([values, made])
        return rows[np.lexsort((rows["source"], rows["record"], rows["resident"], rows["week"]))]

    forge_tape(folder, "messages", change)


@pytest.mark.parametrize("forge", [forge_scores, forge_messages])
def test_a_quarter_of_foreign_chunks_is_noticed(
    copied: Path, many: tuple[Tables, list[tuple[int, int, int]]], forge: Callable[[Path, list[int]], None]
) -> None:
    tables, cuts = many
    assert len(cuts) >= 64
    bad = sorted(np.random.default_rng(5).permutation(len(cuts))[: len(cuts) // 4].tolist())
    forge(copied, [cuts[place][0] for place in bad])
    found = evidence(copied, tables)
    results = list(replayed(tables, found.tape, found.weeks, cuts, 1))
    noticed = {place for place, result in enumerate(results) if is_refused(result, found)}
    assert noticed == set(bad) if forge is forge_scores else noticed >= set(bad)
    refused = sum(any(place in bad for place in picked(len(cuts), entropy)) for entropy in range(100))
    assert refused >= 95


def test_picks_are_sixteen_and_differ() -> None:
    assert picked(5, 9) == [0, 1, 2, 3, 4]
    found = [tuple(picked(2700, entropy)) for entropy in range(50)]
    assert all(len(set(each)) == 16 for each in found)
    assert len(set(found)) == 50
    assert len({place for each in found for place in each}) > 650


def test_an_interrupted_folder_is_checked_too(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    def killing(*_: Any) -> None:
        raise Killed

    monkeypatch.setattr("vitropolis.results.writer.Run.finish", killing)
    with pytest.raises(Killed):
        play_to_folder(setup_of(), tmp_path / "run")
    monkeypatch.undo()
    assert not open_run(tmp_path / "run").complete
    forged = Path(shutil.copytree(tmp_path / "run", tmp_path / "forged"))
    forge_state(forged, "score_0", one_point_each)
    with pytest.raises(RefusedError, match=r"\(score_0\) is not what this model makes"):
        resume(forged)
    log = np.load(tmp_path / "run" / "unfinished" / "log.npy")
    forge_growing(tmp_path / "run", "log", log ^ (1 << BINS_AT))
    with pytest.raises(RefusedError, match="the listings of residents"):
        resume(tmp_path / "run")
    assert sorted(contents(whole))


@pytest.mark.parametrize("damage", ["changed", "short", "missing"])
@pytest.mark.parametrize(
    "file",
    [
        "unfinished/weeks", "unfinished/log", "tape/messages", "tape/moods", "tape/workplaces", "tape/ranks",
        "tape/answers", "tape/appeals",
    ],
)  # fmt: skip
def test_a_growing_file_that_was_changed_is_refused(stopped: Path, tmp_path: Path, file: str, damage: str) -> None:
    forged = Path(shutil.copytree(stopped, tmp_path / "run"))
    path = forged / f"{file}.npy"
    if damage == "missing":
        path.unlink()
    elif damage == "short":
        np.save(path, np.load(path)[:-1])
    else:
        raw = bytearray(path.read_bytes())
        raw[-1] ^= 1
        path.write_bytes(raw)
    before = {each: each.read_bytes() for each in forged.rglob("*") if each.is_file()}
    with pytest.raises(
        RefusedError, match=rf"{file}\.npy is (not what its checkpoint says|missing or damaged)"
    ) as refused:
        resume(forged)
    assert refused.value.exit_code == 4
    assert {each: each.read_bytes() for each in forged.rglob("*") if each.is_file()} == before


def test_weeks_that_a_forger_hashed_too_must_still_add_up(stopped: Path, tmp_path: Path) -> None:
    forged = Path(shutil.copytree(stopped, tmp_path / "run"))
    weeks = np.load(forged / "unfinished" / "weeks.npy")
    layout = layout_of(full_setup().plan)
    counts = layout.split(weeks)["groups"]  # a view
    counts[-1, 0, 0, layout.items.index("enrolled"), 0] += 5
    forge_growing(forged, "weeks", weeks)
    with pytest.raises(RefusedError, match=r"the headline in .* is not what its weeks add up to"):
        resume(forged)


def forge_growing(folder: Path, name: str, values: Rows) -> None:
    """Change a growing file with the hash that the checkpoint has of it."""
    np.save(folder / "unfinished" / f"{name}.npy", values)
    home = checkpoints_in(folder / "checkpoints")[0]
    said = json.loads((home / "checkpoint.json").read_text())
    said["facts"]["rows"][name] = [len(values), content_of(values)]
    (home / "checkpoint.json").write_text(json.dumps(said))


def fewer_enrolled(said: dict[str, Any]) -> None:
    said["headline"]["beijing-2018-press-harsh"]["enrolled"] -= 1


def no_channels(said: dict[str, Any]) -> None:
    said["open_channels"] = []


def all_played(said: dict[str, Any]) -> None:
    said["parts_not_played"] = {name: ["lists.none: waits for nothing"] for name in said["parts_not_played"]}


def all_sourced(said: dict[str, Any]) -> None:
    said["values_sourced"] = "126 of 126 values are sourced"


def no_fillings_missing(said: dict[str, Any]) -> None:
    said["fillings_missing"] = []


def another_title(said: dict[str, Any]) -> None:
    said["worlds"][0]["title"] = "The real Beijing"


def another_table(said: dict[str, Any]) -> None:
    said["tables"]["rules.0"] = "0" * 64


def no_defaults(said: dict[str, Any]) -> None:
    said["defaults_taken"] = []


def fewer_weeks(said: dict[str, Any]) -> None:
    said["weeks_played"] -= 1


def never_fired(said: dict[str, Any]) -> None:
    said["fired"]["beijing-2018-press-harsh"]["lists.untrustworthy"] = {"times": 0, "residents": 0}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (fewer_enrolled, "the headline in run.json is not what its weeks add up to"),
        (no_channels, r"\(open_channels\)"),
        (all_played, r"\(parts_not_played\)"),
        (all_sourced, r"\(values_sourced\)"),
        (no_fillings_missing, r"\(fillings_missing\)"),
        (another_title, r"\(worlds\)"),
        (another_table, r"\(tables\)"),
        (no_defaults, r"\(defaults_taken\)"),
        (fewer_weeks, "run.json says that 11 weeks were played"),
        (never_fired, r"\(fired\)|what fired"),
    ],
)
def test_a_manifest_that_was_edited_is_refused(
    copied: Path, change: Callable[[dict[str, Any]], None], named: str
) -> None:
    said = json.loads((copied / "run.json").read_text())
    change(said)
    (copied / "run.json").write_text(json.dumps(said))
    with pytest.raises(RefusedError, match=named):
        open_run(copied)


def test_indicators_that_count_other_listings_are_refused(copied: Path) -> None:
    with h5py.File(copied / "indicators.nc", "r+") as file:
        began = file["in_0"]
        world, week, district, _ = (int(place[0]) for place in np.nonzero(began[...]))
        began[world, week, district, 0] += 1
        began[world, week, (district + 1) % 16, 0] -= 1
    rehash(
        copied, "indicators.nc", json.loads((copied / "run.json").read_text())["outputs"]["indicators.nc"]["content"]
    )
    with pytest.raises(RefusedError, match=r"the listings are not those that were counted \(in_0\)"):
        open_run(copied)


def test_what_is_no_run_folder_is_said_to_be_none(tmp_path: Path, copied: Path) -> None:
    with pytest.raises(UsageError, match="is no run folder: it has no run"):
        open_run(tmp_path)
    (tmp_path / "run.json").write_text("[]")
    with pytest.raises(RefusedError, match="is not one that this program writes"):
        open_run(tmp_path)
    (copied / "inputs" / "run.scenario.yaml").write_text("seed: 4\n")
    with pytest.raises(RefusedError, match="is missing or was changed after the run"):
        open_run(copied)


def test_a_changed_file_is_named(copied: Path) -> None:
    with (copied / "indicators.nc").open("r+b") as stream:
        stream.seek(5000)
        stream.write(b"real")
    with pytest.raises(RefusedError, match=r"indicators\.nc is missing or was changed after it was written"):
        open_run(copied)
