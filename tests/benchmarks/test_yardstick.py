"""The yardstick's law is met by the engine and by NumPy at a small size, and missed by another model. No times."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.y1e import law, rules
from benchmarks.y1e.engine import HOME, Play
from benchmarks.y1e.versions import OURS, VERSIONS, set_up

from vitropolis.city import load_tables
from vitropolis.engine.played import parts_not_played
from vitropolis.model.assumptions import load_assumptions
from vitropolis.policy import load_policy

RESIDENTS = 30_000
HERE = ("engine", "with_numpy", "with_columns")


def outside(module: str, residents: int, seed: int) -> list[str]:
    found = law.checks(set_up(module, residents, seed).run().summary())
    assert len(found) == 14
    return [
        f"{each.name}: expected {each.expected:.1f}, found {each.found}, z {each.z:.2f}"
        for each in found
        if not each.holds
    ]


@pytest.mark.parametrize("module", HERE)
def test_the_law_is_met(module: str) -> None:
    assert outside(module, RESIDENTS, 1) == []


@pytest.mark.long
def test_polars_meets_it_too() -> None:
    assert outside("with_polars", 10_000, 1) == []


@pytest.mark.parametrize(
    ("name", "value"), [("OFFENCE", 0.0052), ("INVENTED", 0.2), ("LIFE", 300), ("START", 990), ("DEED", 0.0103)]
)
def test_another_model_would_be_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: float) -> None:
    summary = set_up("with_numpy", RESIDENTS, 1).run().summary()
    law.band_shares.cache_clear()
    law.joined_by.cache_clear()
    monkeypatch.setattr(law, name, value)
    if name in ("OFFENCE", "DEED"):
        shares = [value * part for part in (rules.OFFENCE_SHARES if name == "OFFENCE" else rules.DEED_SHARES)]
        first = 0 if name == "OFFENCE" else rules.OFFENCES
        chances = rules.CHANCES.copy()
        chances[first : first + len(shares)] = shares
        monkeypatch.setattr(law, "CHANCES", chances)
    if name == "INVENTED":
        weekly = rules.invented_weekly
        monkeypatch.setattr(law, "invented_weekly", lambda sizes: weekly(sizes) * value / rules.INVENTED)
    bad = [each for each in law.checks(summary) if not each.holds]
    law.band_shares.cache_clear()
    law.joined_by.cache_clear()
    assert bad


def test_the_law_is_a_law() -> None:
    assert law.band_shares().sum(axis=1) == pytest.approx(np.ones(rules.DISTRICTS), abs=1e-9)
    assert (np.diff(law.joined_by(), axis=0) > -1e-12).all()
    noticed = rules.noticed()
    first = 1 - law.joined_by()[1]  # one day can only take somebody below 600 by the heaviest kind
    assert first == pytest.approx(1 - rules.OFFENCE * 0.02 * noticed, abs=1e-12)


def test_the_files_say_what_the_rules_say() -> None:
    policy, held = load_policy(HOME / "y1e.policy.yaml"), load_assumptions(HOME / "y1e.assumptions.yaml")
    words = [item.conduct[0] for item in policy.behaviours.values()]
    daily = [held.conduct[word].rate.value / 365 for word in words]
    assert daily == pytest.approx(rules.CHANCES.tolist(), rel=1e-9)
    day = policy.policy.as_of
    assert [item.points["credit"].on(day) for item in policy.behaviours.values()] == rules.POINTS.tolist()
    assert {item.life.after_days.on(day) for item in policy.behaviours.values()} == {rules.LIFE}  # type: ignore[union-attr]
    assert sorted(low for _, low in policy.scores["credit"].bands_on(day)) == [0, *rules.LIMITS]
    assert policy.lists["black"].term_days.on(day) == rules.TERM
    silent = [word for word, item in held.conduct.items() if word not in words]
    assert {held.conduct[word].rate.high for word in silent} == {0.0}
    assert [item.value for item in held.recording.intensity.values()] == pytest.approx(rules.noticed().tolist())


def test_nothing_of_it_waits_for_a_mechanism_that_is_not_there() -> None:
    assert parts_not_played(load_policy(HOME / "y1e.policy.yaml")) == []


@pytest.mark.parametrize("residents", [1_000, 30_000, 1_234_567])
def test_districts_are_as_large_as_the_citys(residents: int) -> None:
    assert sum(rules.district_sizes(residents)) == residents
    table = load_tables("beijing")["districts"]
    assert tuple(table.column("count")) == rules.PEOPLE


def test_the_built_city_has_these_districts() -> None:
    play = Play(1_000, 1)
    assert np.diff(play.city.district_ends).tolist() == rules.district_sizes(1_000)


def test_ours_is_among_the_versions() -> None:
    assert VERSIONS[0].name == OURS
    assert {each.module for each in VERSIONS if each.apart} == {"with_starsim", "with_mesa"}
    assert all((Path(HOME) / f"{each.module}.py").is_file() for each in VERSIONS)
