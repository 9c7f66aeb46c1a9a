"""Line 1, before anything is played: values that cannot be are refused, since kernels check no bounds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from tests.results.small import Rows, forge_state, forge_tape, last_bit, setup_of, unsorted

from vitropolis.base.errors import RefusedError
from vitropolis.engine.checkpoint import checkpoints_in, restore, save
from vitropolis.engine.losers import MEASURE_AT
from vitropolis.engine.run import Simulation
from vitropolis.model.files import ACT_AT, HOLDERS, KIND_AT, LINK, NOTE
from vitropolis.results import open_run, resume


def all_bits(values: Rows) -> Rows:
    return values | values.dtype.type(np.iinfo(values.dtype).max)  # type: ignore[no-any-return]


def far_below(values: Rows) -> Rows:
    return values - 30_000


def due_long_ago(values: Rows) -> Rows:
    return values & ~(8191 << ACT_AT)


def of_the_last_day(values: Rows) -> Rows:
    return values | 8191 << ACT_AT


def of_no_kind(values: Rows) -> Rows:
    return values | 127 << KIND_AT


def a_note(values: Rows) -> Rows:
    return values | NOTE


def beyond_the_city(values: Rows) -> Rows:
    return values + values.dtype.type(3000)  # type: ignore[no-any-return]


def of_next_year(values: Rows) -> Rows:
    return values | 60 << 52


def linked(values: Rows) -> Rows:
    return values | 1 << LINK


def none(values: Rows) -> Rows:
    return np.zeros_like(values)


def halved(values: Rows) -> Rows:
    return values[::2].copy()


IMPOSSIBLE: list[tuple[str, Callable[[Rows], Rows], str]] = [
    ("band_0", all_bits, r"a band that cannot be: \(band_0\)"),
    ("visited_0", all_bits, r"bands of somebody that cannot be: \(visited_0\)"),
    ("score_0", far_below, r"a score that cannot be: \(score_0\)"),
    ("pending_record", due_long_ago, r"a record that cannot be: \(pending_record\)"),
    ("pending_record", of_no_kind, r"a record that cannot be: \(pending_record\)"),
    ("pending_record", a_note, r"a record that cannot be: \(pending_record\)"),
    ("pending_resident", unsorted, r"a resident that cannot be: \(pending_resident\)"),
    ("pending_resident", beyond_the_city, r"a resident that cannot be: \(pending_resident\)"),
    ("fear_0", of_next_year, r"a week that cannot be: \(fear_0\)"),
    ("fear_1", last_bit, r"a week that cannot be: \(fear_1\)"),
    ("files", linked, r"a word of a file that cannot be: \(files\)"),
    ("files", of_the_last_day, r"a word of a file that cannot be: \(files\)"),
    ("lists_0", all_bits, r"lists that cannot be: \(lists_0\)"),
    ("lists_0", none, r"lists that cannot be: \(lists_0\)"),
    ("held_0", last_bit, r"a class of measures that cannot be: \(held_0\)"),
    ("now_0", all_bits, r"a number of doors that cannot be: \(now_0\)"),
    ("closed", last_bit, r"a closed world that cannot be: \(closed\)"),
    ("wake", none, r"a day to wake that cannot be: \(wake\)"),
    ("city_work", all_bits, r"a level that cannot be: \(city_work\)"),
    ("city_waiting", last_bit, r"a request that cannot be: \(city_waiting\)"),
    ("city_waiting", all_bits, r"a request that cannot be: \(city_waiting\)"),
    ("city_ended", none, r"a request that cannot be: \(city_waiting\)"),
    ("city_ended", all_bits, r"a request that cannot be: \(city_waiting\)"),
    ("city_adverse", far_below, r"a number that cannot be: \(city_adverse\)"),
    ("score_0", halved, r"score_0\.npy is no array of a run of its inputs"),
]


@pytest.mark.parametrize(("name", "change", "said"), IMPOSSIBLE)
def test_state_that_cannot_be_is_refused_before_anything_is_played(
    stopped: Path, tmp_path: Path, name: str, change: Callable[[Rows], Rows], said: str
) -> None:
    """Kernels check no bounds: what they use as an index is looked at in every resident, not in some."""
    forged = Path(shutil.copytree(stopped, tmp_path / "run"))
    forge_state(forged, name, change)
    with pytest.raises(RefusedError, match=said):
        resume(forged)


@pytest.mark.parametrize(
    ("names", "value", "said"),
    [
        (("score_0", "band_0", "visited_0"), 0, r"bands of somebody that cannot be: \(visited_0\)"),
        (("wake",), 8191, r"a day to wake that cannot be: \(wake\)"),
    ],
)
def test_who_is_enrolled_was_looked_at_or_wakes_in_time(
    tmp_path: Path, names: tuple[str, ...], value: int, said: str
) -> None:
    """A checkpoint alone cannot tell who is enrolled: what is forged to fit is refused where a run goes on."""
    setup = setup_of()
    simulation = Simulation(setup.plan, setup.city())
    simulation.play_week()
    home = save(simulation, tmp_path / "checkpoints", {})
    (tmp_path / "run.json").write_text('{"outputs": {}}')
    restore(Simulation(setup.plan, setup.city()), home)
    for name in names:
        forge_state(tmp_path, name, lambda values: np.full_like(values, value))
    with pytest.raises(RefusedError, match=said):
        restore(Simulation(setup.plan, setup.city()), home)


def test_an_array_that_nobody_hashed_is_refused(stopped: Path, tmp_path: Path) -> None:
    forged = Path(shutil.copytree(stopped, tmp_path / "run"))
    home = checkpoints_in(forged / "checkpoints")[0]
    said = json.loads((home / "checkpoint.json").read_text())
    del said["content"]["band_0"]
    (home / "checkpoint.json").write_text(json.dumps(said))
    with pytest.raises(RefusedError, match=r"has other arrays than a run of its inputs \(band_0\)"):
        resume(forged)


@pytest.mark.parametrize("bits", [NOTE, HOLDERS], ids=["truth", "worlds"])
def test_a_message_of_no_truth_or_world_is_refused_before_it_is_played(copied: Path, bits: int) -> None:
    def change(values: Rows) -> Rows:
        changed = values.copy()
        changed["record"][0] |= bits
        return changed

    forge_tape(copied, "messages", change)
    with pytest.raises(RefusedError, match="holds a message that no run sends"):
        open_run(copied)


def test_places_lost_by_whom_no_run_names_are_refused(copied: Path) -> None:
    def change(values: Rows) -> Rows:
        changed = values.copy()
        changed["row"][0] |= 63 << MEASURE_AT
        return changed

    forge_tape(copied, "losers", change)
    with pytest.raises(RefusedError, match="names whom no run names"):
        open_run(copied)


def test_places_lost_by_others_are_refused(copied: Path) -> None:
    def change(values: Rows) -> Rows:
        changed = values.copy()
        changed["row"][0] ^= 1
        return changed

    forge_tape(copied, "losers", change)
    with pytest.raises(RefusedError, match="lost"):
        open_run(copied)
