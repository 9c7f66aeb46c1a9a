"""The shape of an assumptions file: what it holds, what it refuses and in which words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitropolis.base.errors import InputError
from vitropolis.model.assumption_parts import Errors
from vitropolis.model.assumptions import Assumptions, library_names, load_assumptions
from vitropolis.policy.conduct import CONDUCT, PERSON_WORDS

DEFAULT = load_assumptions("default")
PATHS = list(DEFAULT.values())
OVERLAY = "schema_version: 1\nextends: default\n"


def written(folder: Path, text: str, name: str = "x") -> Path:
    path = folder / f"{name}.assumptions.yaml"
    path.write_text(text, encoding="utf8")
    return path


def refused(folder: Path, text: str) -> list[str]:
    """What is said about an overlay on the default set, without the folder."""
    with pytest.raises(InputError) as caught:
        load_assumptions(written(folder, OVERLAY + text))
    return [str(message).replace(f"{folder}/", "") for message in caught.value.messages]


def raw() -> dict[str, Any]:
    return DEFAULT.model_dump()


def test_the_library_holds_both_sets() -> None:
    assert library_names() == ["covid", "default"]
    assert [load_assumptions(name).id for name in library_names()] == library_names()


def test_every_person_word_is_there_in_the_order_of_the_catalogue() -> None:
    assert tuple(DEFAULT.conduct) == PERSON_WORDS


def test_every_number_lies_in_its_range_has_a_unit_and_a_source_that_is_listed() -> None:
    for path, item in DEFAULT.values().items():
        assert item.low <= item.value <= item.high, path
        assert item.unit, path
        assert item.source in DEFAULT.references, path
    assert len(PATHS) > 250


def test_what_is_sourced_is_counted() -> None:
    sourced, total = DEFAULT.sourced()
    assert total == len(PATHS) + len(DEFAULT.profiles)
    assert sourced == sum(item.status == "sourced" for item in DEFAULT.values().values()) > 0


def test_every_value_knows_its_line() -> None:
    lines = DEFAULT.lines
    assert set(lines) == set(PATHS)
    file, line = lines["conduct.theft.rate"]
    assert file == "default.assumptions.yaml"
    assert line > lines["families.traffic.deterrence"][1] > 1


def test_covid_differs_by_its_calendar_and_seasons_alone() -> None:
    covid = load_assumptions("covid")
    other = covid.model_dump()
    changed = {key for key, part in raw().items() if other[key] != part}
    assert changed == {"assumptions", "references", "services", "calendar"}
    assert {key for key, part in raw()["services"].items() if other["services"][key] != part} == {"seasons"}
    assert not DEFAULT.calendar
    assert not DEFAULT.services.seasons
    assert min(season.starts_on for season in covid.calendar.values()).isoformat() == "2020-01-24"
    assert covid.lines["calendar.reopening.factor"][0] == "covid.assumptions.yaml"
    assert covid.lines["conduct.theft.rate"][0] == "default.assumptions.yaml"
    assert all(season.factor.high <= 1 for season in covid.calendar.values())


def test_the_digest_is_of_the_content_not_of_how_it_is_written() -> None:
    again = Assumptions.model_validate(raw())
    assert again.digest == DEFAULT.digest
    explicit = {key: part for key, part in raw().items() if key != "defaults"}
    assert Assumptions.model_validate(explicit).digest == DEFAULT.digest
    assert Assumptions.model_validate(json.loads(DEFAULT.model_dump_json())).digest == DEFAULT.digest
    assert DEFAULT.with_values({"trait.sigma": 0.65}).digest != DEFAULT.digest
    assert load_assumptions("covid").digest != DEFAULT.digest


def test_it_cannot_be_changed_in_place() -> None:
    with pytest.raises(Exception, match="frozen"):
        DEFAULT.trait.sigma.value = 0.6  # type: ignore[misc]


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_any_value_inside_its_range_can_be_set_and_nothing_else_moves(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(PATHS))
    before = DEFAULT.values()
    old = before[path]
    number = data.draw(st.floats(old.low, old.high, allow_nan=False))
    new = DEFAULT.with_values({path: number})
    moved = {where: item for where, item in new.values().items() if item.value != before[where].value}
    assert set(moved) <= {path}
    assert new.values()[path].value == number
    assert new.lines == DEFAULT.lines


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(PATHS), st.floats(1e-6, 1e6), st.booleans())
def test_no_value_outside_its_range_is_taken(path: str, beyond: float, above: bool) -> None:
    item = DEFAULT.values()[path]
    with pytest.raises(InputError, match=r"outside its range"):
        DEFAULT.with_values({path: item.high + beyond if above else item.low - beyond})


def test_with_values_says_all_that_is_wrong_at_once() -> None:
    with pytest.raises(InputError) as caught:
        DEFAULT.with_values({"conduct.theft.rat": 0.1, "trait.sigma": 0.9, "norms.household": True})
    assert str(caught.value).splitlines() == [
        "conduct.theft.rat: there is no such value; did you mean `conduct.theft.rate`?",
        "norms.household: must be a number, not `True`",
        "trait.sigma: 0.9 is outside its range 0.6 to 0.8 (log units)",
    ]


# What an overlay says, and below it how what is said about it begins.
CASES = """
conduct: {theft: {famly: order}}
> conduct.theft.famly: unknown key `famly`; did you mean `family`? (legal: family, profile, rate, visibility,
conduct: {theft: {family: ordr}}
> conduct.theft.family: `ordr` is not a family; did you mean `order`?
conduct: {theft: {mistaken_for: littering}}
> conduct.theft.mistaken_for: `littering` is no heavier word than `theft`
conduct: {exam_cheating: {mistaken_for: academic_fraud}}
> conduct.exam_cheating.mistaken_for: `academic_fraud` is impossible (factor 0) in groups in which `exam_cheating` is
trait: {sigma: {value: 0.9, range: [0.6, 0.8]}}
> trait.sigma: 0.9 is outside its range 0.6 to 0.8
trait: {sigma: {value: 0.7, range: [0.8, 0.6]}}
> trait.sigma: its range is upside down: 0.8 is above 0.6
trait: {sigma: {value: 0.7}}
> trait.sigma: `range` is missing
trait: {sigma: {value: yes, range: [0, 1]}}
> trait.sigma.value: must be a number, not `yes`
norms: {household: {value: 0.1, range: [0, 2]}}
> norms.household: its range goes up to 2; share is at most 1 here
norms: {household: {value: 0.1, range: [0, 1], unit: percent}}
> norms.household: its unit is `share`, not `percent`
norms: {household: {value: 0.1, range: [0, 1], source: daxing_2071}}
> norms.household: `daxing_2071` is not a reference; did you mean `daxing_2017`?
norms: {household: {value: 0.1, range: [0, 1], status: sourced}}
> norms.household: `sourced` cannot rest on memory: read `judgement`, or say `assumed`
recording: {provenance: {sensr: {}}}
> recording.provenance.sensr: unknown key `sensr`; did you mean `sensor`? (legal: final_decision, verified_record,
recording: {feeds: {cameras: {wrong_content: {value: 0.9, range: [0.1, 0.99]}}}}
> recording.feeds.cameras: what can go wrong adds up to 1.2
payers: {fast: {lowest: {value: 0.3, range: [0.2, 0.4]}}}
> payers.fast.lowest: fast and slow payers add up to 1.16 at the upper ends; at most 1
calendar: {a: {starts_on: 2020-02-01, ends_before: 2020-01-01, families: [work], factor: {value: 1, range: [1, 1]}}}
> calendar.a.ends_before: must be after `starts_on`
deserving: {harm: {gravity_from: 5}}
> deserving.harm.gravity_from: must be at most 4, not `5`
debts: {court: {payer: quick}}
> debts.court.payer: `quick` is not allowed (legal: own, fast, slow, cannot)
zzz: 1
> zzz: unknown key `zzz`; legal: schema_version, assumptions, defaults, references,
"""
LINES = CASES.strip().splitlines()
MESSAGES = {text: message[2:] for text, message in zip(LINES[::2], LINES[1::2], strict=True)}


@pytest.mark.parametrize("text", MESSAGES)
def test_messages(tmp_path: Path, text: str) -> None:
    said = refused(tmp_path, text)
    assert len(said) == 1
    assert said[0].startswith(f"x.assumptions.yaml:3: {MESSAGES[text]}")


def test_words_that_are_missing_or_a_firms_are_named() -> None:
    data = raw()
    del data["conduct"]["theft"]
    data["conduct"]["firm_pollution"] = data["conduct"]["littering"]
    data["conduct"]["thieft"] = data["conduct"]["littering"]
    with pytest.raises(InputError) as caught:
        Assumptions.model_validate(data)
    assert str(caught.value).splitlines() == [
        "conduct: 1 conduct words are missing: theft",
        "conduct.firm_pollution: `firm_pollution` is conduct of a firm, not of a person",
        "conduct.thieft: `thieft` is not a conduct word; did you mean `theft`?",
    ]


def test_a_value_without_any_source_is_refused() -> None:
    data = raw()
    data["defaults"] = {}
    data["trait"]["sigma"]["source"] = ""
    with pytest.raises(InputError, match=r"^trait.sigma: has no source"):
        Assumptions.model_validate(data)


def test_an_overlay_replaces_a_number_as_a_whole(tmp_path: Path) -> None:
    made = load_assumptions(written(tmp_path, OVERLAY + "payers: {daily: {fast: {value: 0.1, range: [0.1, 0.1]}}}"))
    assert made.payers.daily.fast.source == "judgement"
    assert made.payers.daily.slow == DEFAULT.payers.daily.slow


def test_overlays_may_stand_on_each_other_but_not_in_a_circle(tmp_path: Path) -> None:
    written(tmp_path, "schema_version: 1\nextends: b.assumptions.yaml\n", "a")
    written(tmp_path, "schema_version: 1\nextends: default\n", "b")
    assert load_assumptions(tmp_path / "a.assumptions.yaml").digest == DEFAULT.digest
    written(tmp_path, "schema_version: 1\nextends: a.assumptions.yaml\n", "b")
    with pytest.raises(InputError, match="circle"):
        load_assumptions(tmp_path / "a.assumptions.yaml")


def test_unknown_sets_are_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(
        InputError,
        match=r"`defalt` is not in the library; did you mean `default`\? \(legal: covid, default, or a path\)",
    ):
        load_assumptions("defalt")
    with pytest.raises(InputError, match="there is no such file"):
        load_assumptions(tmp_path / "none.assumptions.yaml")
    with pytest.raises(InputError, match=r":2: extends: `defaut` is not in the library"):
        load_assumptions(written(tmp_path, "schema_version: 1\nextends: defaut\n"))


def test_a_feed_takes_its_own_errors_before_those_of_its_kind(tmp_path: Path) -> None:
    made = load_assumptions(
        written(tmp_path, OVERLAY + "recording: {feeds: {cameras: {lost: {value: 0.5, range: [0, 0.5]}}}}")
    )
    errors = made.recording.of("cameras", "sensor", None)
    assert set(errors) == {*Errors.model_fields, "by_name_alone"}
    assert errors["lost"].value == 0.5
    assert errors["duplicate"] == made.recording.provenance.sensor.duplicate
    assert errors["by_name_alone"] == made.recording.linkage.unknown.by_name_alone


def test_seasons_may_overlap_unless_both_raise_a_family(tmp_path: Path) -> None:
    entry = "{starts_on: 2020-02-01, ends_before: 2020-03-01, families: [traffic], factor: {value: 1, range: [%s]}}"
    low = f"calendar: {{a: {entry % '0.5, 1'}, b: {entry % '0.5, 2'}}}"
    assert len(load_assumptions(written(tmp_path, OVERLAY + low)).calendar) == 2
    high = f"calendar: {{a: {entry % '1, 1.5'}, b: {entry % '1, 2'}}}"
    assert "calendar.a: overlaps other seasons of `traffic`" in refused(tmp_path, high)[0]


def test_a_clerk_mistakes_a_word_only_for_one_at_least_as_grave() -> None:
    for word, conduct in DEFAULT.conduct.items():
        if conduct.mistaken_for:
            assert CONDUCT[conduct.mistaken_for].gravity >= CONDUCT[word].gravity


def test_there_is_a_json_schema() -> None:
    schema = Assumptions.model_json_schema()
    assert set(schema["$defs"]["Assumption"]["required"]) == {"value", "range"}
    assert "conduct" in schema["required"]
