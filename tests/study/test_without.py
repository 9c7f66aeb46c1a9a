"""Each mechanism off alone: what shows, what is taken out, and that nothing is left of it."""

from __future__ import annotations

from pathlib import Path

from tests.study.small import setup_of

from vitropolis.policy import lacking, load_policy
from vitropolis.study.ground import ground_of
from vitropolis.study.mechanisms import MECHANISMS, elements
from vitropolis.study.told import without_lines
from vitropolis.study.without import elements_of, without_run, zeros

PRESS = load_policy("beijing-2018-press")


def test_every_mechanism_goes_off_by_something_that_exists() -> None:
    ground = ground_of(setup_of(size=1000))
    for mechanism in MECHANISMS:
        assert elements_of(PRESS, mechanism) or zeros(ground, mechanism), mechanism.name


def test_elements_taken_out_are_gone_and_nothing_else() -> None:
    gone = ["spillover.child_private_school"] if "child_private_school" in PRESS.spillover else elements(PRESS)[-1:]
    assert set(elements(PRESS)) - set(elements(lacking(PRESS, gone))) == set(gone)


def test_what_a_run_shows_without(copied: Path) -> None:
    told = without_run(copied)
    names = {mechanism.name for mechanism in MECHANISMS}
    assert {row["mechanism"] for row in told["rows"]} <= names
    by_name = {row["mechanism"]: row for row in told["rows"]}
    assert by_name["errors of recording"]["without"] == 0 < by_name["errors of recording"]["value"]
    assert by_name["measures"]["differing"] > 5
    assert without_run(copied) == told
    assert max(map(len, without_lines(told))) <= 100
