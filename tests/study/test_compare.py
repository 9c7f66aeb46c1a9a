"""Policies side by side: whatever the passes, the same; who is hit under which adds up; what is stopped goes on."""

from __future__ import annotations

import json
from datetime import date
from math import sqrt
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.cli.calls import call

from vitropolis.base.errors import RefusedError, UsageError
from vitropolis.engine.scenario import Scenario, scenario_for
from vitropolis.engine.together import MOST, passes_of
from vitropolis.report.compared import Comparison, comparison_data, pairs_of
from vitropolis.report.compared_page import comparison_page
from vitropolis.results.reader import read_setup
from vitropolis.results.standing import standings_in
from vitropolis.study.compare import PASSES, PEOPLE, begin, checked, go_on, read_comparison

NAMES = ("beijing-2018-press-harsh", "rongcheng-2014", "beijing-2018-text")
SIZE, LAST = 2000, date(2019, 9, 30)


def scenario(names: tuple[str, ...] = NAMES, size: int = SIZE, seed: int = 3) -> Scenario:
    made = scenario_for([names[0]], size=size, seed=seed, last_day=LAST)
    return made.model_copy(update={"beside": tuple(names[1:])})


def played(
    folder: Path, most: int = 2, coupling: str = "shared", names: tuple[str, ...] = NAMES, **options: Any
) -> Comparison:
    setups = passes_of(scenario(names, **options), lambda _: True, most, coupling)
    begin(setups, ("none", *names), coupling, 0, folder, ())
    return go_on(folder, threads=1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compare") / "both"
    played(folder)
    return folder


@pytest.fixture(scope="module")
def found(home: Path) -> Comparison:
    return checked(home)


def test_in_any_passes_the_same(found: Comparison, home: Path, tmp_path: Path) -> None:
    alone = played(tmp_path / "alone", most=1)
    assert (len(found.passes), len(alone.passes)) == (2, 3)
    apart = ("passes", "worlds")
    mine, other = comparison_data(found), comparison_data(alone)
    assert {key: value for key, value in mine.items() if key not in apart} == {
        key: value for key, value in other.items() if key not in apart
    }
    assert pl.read_parquet(home / PEOPLE).equals(pl.read_parquet(tmp_path / "alone" / PEOPLE))


def test_pairs_groups_and_people_add_up(found: Comparison, home: Path) -> None:
    people = pl.read_parquet(home / PEOPLE)
    everybody = found.groups[0]
    for place, pair in enumerate(found.pairs):
        hit = {name: people[f"{name}.hit"].is_not_null() for name in (pair.first, pair.second)}
        one, other = hit[pair.first], hit[pair.second]
        assert pair.both == (one & other).sum()
        assert (pair.only_first.hit, pair.only_second.hit) == ((one & ~other).sum(), (other & ~one).sum())
        assert everybody.alone[place] == (pair.only_first.hit, pair.only_second.hit)
        assert sum(pair.only_first.bins.values()) == pair.only_first.hit
        assert pair.only_first.wrongly <= pair.only_first.hit
        for alone, told in zip(pair.displaced[1:], pair.through, strict=True):
            assert alone <= sum(told.values()) and (alone > 0) == bool(told)
    assert everybody.residents == SIZE
    for label in ("sex", "age", "income", "district"):
        mine = [row for row in found.groups if row.label.startswith(f"{label}=")]
        assert sum(row.residents for row in mine) == SIZE
        for name in NAMES:
            assert sum(row.hit[name] for row in mine) == everybody.hit[name] > 0


def test_what_hit_somebody_is_named(home: Path) -> None:
    people = pl.read_parquet(home / PEOPLE)
    for name in NAMES:
        own = people.filter(pl.col(f"{name}.hit") == "own")
        assert len(own) and own[f"{name}.by"].null_count() == 0
        assert own[f"{name}.by"].str.contains("measures.|lists.").all()
        others = people.filter(pl.col(f"{name}.hit") == "through others")[f"{name}.by"].drop_nulls()
        assert others.str.contains("spillover.").all()
        assert not people.filter(pl.col(f"{name}.hit").is_null())[f"{name}.wrongly"].any()


def test_levels_are_those_of_each_run(found: Comparison, home: Path) -> None:
    hit = next(level for level in found.levels if level.id == "hit_per_1000")
    room = home / PASSES / "1"
    result = json.loads((room / "result.json").read_text())
    told = {each["world"]: each["value"] for each in result["headlines"] if each["id"] == "hit_per_1000"}
    assert {name: hit.values[name] for name in told} == told
    standing = standings_in(room, read_setup(room)[1].plan)[NAMES[0]]
    assert standing.hit.sum() == found.groups[0].hit[NAMES[0]]


@pytest.mark.long
def test_ranges_do_not_know_the_passes(tmp_path: Path) -> None:
    names, told = NAMES[1:], []
    for most in (1, 2):
        setups = passes_of(scenario(names, size=1000), lambda _: True, most)
        folder = begin(setups, names, "shared", 2, tmp_path / str(most), ())
        told.append(go_on(folder, threads=1))
    one, other = (comparison_data(each) for each in told)
    assert one["sets"] == 2 and one["differences"] == other["differences"]
    assert [level["low"] for level in one["levels"]] == [level["low"] for level in other["levels"]]
    hit = next(each for each in one["differences"] if each["id"] == "hit_per_1000")
    assert hit["low"] <= hit["value"] <= hit["high"]


@pytest.mark.long
def test_another_coupling_gives_like_totals_and_other_names(home: Path, tmp_path: Path) -> None:
    apart = played(tmp_path / "apart", coupling="apart")
    one, other = pl.read_parquet(home / PEOPLE), pl.read_parquet(tmp_path / "apart" / PEOPLE)
    for name in NAMES:
        first, second = (set(each.filter(pl.col(f"{name}.hit") == "own")["resident"]) for each in (one, other))
        assert first != second
        assert abs(len(first) - len(second)) <= 5 * sqrt(len(first) + len(second))
    assert apart.coupling == "apart" and len(apart.passes) == len(NAMES)


def test_what_is_stopped_goes_on(found: Comparison, tmp_path: Path) -> None:
    folder = tmp_path / "stopped"
    setups = passes_of(scenario(), lambda _: True, 2)
    begin(setups, ("none", *NAMES), "shared", 0, folder, ())
    assert read_comparison(folder)["status"] == "interrupted"
    with pytest.raises(UsageError, match="was interrupted; `vitropolis resume"):
        checked(folder)
    done = call("resume", folder, "--quiet", "--json", "--threads", "1")
    assert done.code == 0
    said = json.loads(done.out)
    assert {key: said[key] for key in ("pairs", "levels")} == {
        key: comparison_data(found)[key] for key in ("pairs", "levels")
    }
    again = call("resume", folder, "--quiet")
    assert (again.code, "there is nothing to resume" in again.err) == (2, True)


def test_a_changed_comparison_is_refused(home: Path, tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(home, tmp_path / "changed"))
    path = folder / "comparison.json"
    path.write_text(path.read_text().replace('"both": ', '"both": 1'))
    with pytest.raises(RefusedError, match="says something else than its passes"):
        checked(folder)
    people = pl.read_parquet(home / PEOPLE)
    folder = Path(shutil.copytree(home, tmp_path / "people"))
    people.head(3).write_parquet(folder / PEOPLE)
    with pytest.raises(RefusedError, match=r"people\.parquet is missing or was changed"):
        checked(folder)


def test_the_page_fits_eighty_columns_and_says_what_it_is(found: Comparison, home: Path) -> None:
    lines = list(comparison_page(found, home))
    assert max(len(line) for line in lines if str(home) not in line) <= 80
    text = " ".join(" ".join(lines).split())
    assert "one synthetic city, no real people" in text
    assert "another coupling gives other names and the same totals" in text
    order = [text.index(head) for head in ("WHO IS HIT UNDER ONE", "ON WHAT GROUND", "PEOPLE HIT, PER", "LEVELS")]
    assert order == sorted(order)
    done = call("show", home, "--quiet")
    assert (done.code, done.out.splitlines()) == (0, lines)


def test_pairs_leave_the_twin_out_unless_there_is_nothing_else() -> None:
    assert pairs_of(("none", "a", "b", "c")) == [("a", "b"), ("a", "c"), ("b", "c")]
    assert pairs_of(("none", "a")) == [("none", "a")]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("beijing-2018-text",), "compare takes two policies or more, one of which may be `none`"),
        (("none", "none"), "compare takes two policies or more"),
        (("midas-2013", "midas-2013"), "`midas-2013` is compared twice; a changed text needs an id of its own"),
        (("none", "midas-2031"), "midas-2013"),
        (("none", "midas-2013", "--together", str(MOST + 1)), "--together"),
        (("none", "midas-2013", "--rules"), "--rules takes one policy, or the folder of a run"),
        (("none", "midas-2013", "--coupling", "apart"), "--coupling apart needs two policies"),
        (("none", "midas-2013", "--world", "none"), "--world goes with --rules"),
        (("midas-2013", "--rules", "--ranges", "4"), "--ranges: do nothing with --rules; leave them out"),
    ],
)
def test_a_wrong_call_says_what_would_be_right(words: tuple[str, ...], said: str) -> None:
    done = call("compare", *words)
    assert (done.code, done.out) == (2, "")
    assert said in " ".join(done.err.split())
