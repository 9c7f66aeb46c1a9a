"""The scenario file: what it may say, what is said of what it may not, and copies that play the same again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from vitropolis.base.errors import InputError, RefusedError, ResourceError, UsageError
from vitropolis.engine.played import Estimate, estimate, fits, open_channels, parts_not_played
from vitropolis.engine.scenario import Setup, load_scenario, parse_size, resolve, scenario_for, scenario_schema

HEAD = "schema_version: 1\nscenario: {id: trial, title: A trial}\n"
PRESS = "policy: beijing-2018-press\n"


def write(folder: Path, text: str, name: str = "trial.scenario.yaml") -> Path:
    (folder / name).write_text(text)
    return folder / name


def message(folder: Path, text: str) -> str:
    path = write(folder, text)
    with pytest.raises(InputError) as wrong:
        resolve(load_scenario(path))
    return str(wrong.value).replace(f"{path}:", "")


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("full", "full"), ("20k", 20_000), ("2M", 2_000_000), ("21.5M", 21_500_000), (1000, 1000), ("0.1G", 10**8),
        ("50,000", 50_000), ("1.25k", 1250), ("2m", 2_000_000), ("50K", 50_000), ("100_000_000", 10**8),
    ],
)  # fmt: skip
def test_sizes(said: int | str, found: int | str) -> None:
    assert parse_size(said) == found


@pytest.mark.parametrize("said", ["", "many", "-5", "999", "0.5k", "1.0001k", "20 k m", True, "10G", 10**8 + 1, "٢٠٠٠"])
def test_sizes_that_are_none(said: int | str) -> None:
    with pytest.raises(ValueError, match="is no size"):
        parse_size(said)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "filling: mild",
            "4: filling: `mild` is not allowed; did you mean `middle`? (legal: lenient, middle, harsh, all)",
        ),
        ("size: 10", "4: size: `10` is no size: a city has 1,000 to 100,000,000 residents, not 10"),
        ("size: 3.5", "4: size: must be full, 2M, 200k, 20k or a number of residents"),
        ("from: 2018-13-01", "4: `2018-13-01` is not a date (month must be in 1..12); write YYYY-MM-DD"),
        ("to: 2018-01-01", "4: to: the last day 2018-01-01 comes before the first, 2018-10-20"),
        ("seed: -1", "4: seed: must be at least 0, not `-1`"),
        ("twin: 1", "4: twin: must be true or false, not `1`"),
        ("city: beijin", "4: city: there is no city 'beijin': name one of beijing or a folder that holds a city.yaml"),
        (
            "form: 2018-11-19",
            "4: form: unknown key `form`; did you mean `from`? (legal: from, to, schema_version, scenario, policy,"
            " filling, fillings, city, size, assumptions, seed, twin, beside, base,"
            " queues, chance, outputs)",
        ),
    ],
)
def test_messages_name_line_key_and_what_is_legal(tmp_path: Path, line: str, expected: str) -> None:
    assert message(tmp_path, HEAD + PRESS + line + "\n") == expected


def test_an_unknown_policy_is_an_error_of_the_file(tmp_path: Path) -> None:
    said = message(tmp_path, HEAD + "policy: beijing-2018\n")
    assert said.startswith(
        "3: policy: `beijing-2018` is not a policy of the library; did you mean `beijing-2018-text`?"
    )
    with pytest.raises(UsageError, match="`beijing-2018` is not a policy of the library"):
        resolve(scenario_for("beijing-2018"))


def test_what_tells_of_a_person_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, HEAD.replace("A trial", "of wang@example.org") + PRESS)
    with pytest.raises(RefusedError, match="e-mail"):
        load_scenario(path)


@pytest.mark.parametrize("place", ["base", "beside"])
def test_every_policy_that_a_scenario_names_is_looked_at(tmp_path: Path, place: str) -> None:
    text = "schema_version: 1\nextends: midas-2013\npolicy: {id: other, note: call 13812345678}\n"
    ref = str(write(tmp_path, text, "other.policy.yaml"))
    scenario = scenario_for(["court-list-2017"]).model_copy(update={place: ref if place == "base" else (ref,)})
    with pytest.raises(RefusedError):
        resolve(scenario)


def names(setup: Setup) -> list[str]:
    return [world.name for world in setup.plan.worlds]


def test_all_fillings_are_played_unless_one_is_named() -> None:
    setup = resolve(scenario_for("beijing-2018-press"))
    assert names(setup) == ["beijing-2018-press-lenient", "beijing-2018-press", "beijing-2018-press-harsh", "none"]
    assert (setup.missing, setup.plan.days, setup.size) == ((), 804, 20_000)
    one = resolve(scenario_for("beijing-2018-press", filling="harsh", twin=False))
    assert (names(one), one.missing) == (["beijing-2018-press-harsh"], ("lenient", "middle"))
    assert one.fillings == {"beijing-2018-press-harsh": "harsh"}
    named = resolve(scenario_for("beijing-2018-press-harsh", size="full"))
    assert (names(named), named.missing) == (["beijing-2018-press-harsh", "none"], ("lenient", "middle"))
    assert named.size == named.tables.population


def test_fillings_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="`court-list-2017` has no fillings; leave `filling` out"):
        resolve(scenario_for("court-list-2017", filling="harsh"))
    with pytest.raises(InputError, match="is the filling `harsh`, not `lenient`"):
        resolve(scenario_for("beijing-2018-press-harsh", filling="lenient"))


def test_a_policy_of_later_years_is_played_from_its_first_day() -> None:
    setup = resolve(scenario_for("rongcheng-2021"))
    assert (setup.plan.start, setup.plan.days) == (date(2021, 1, 1), 804)
    asked = resolve(scenario_for("rongcheng-2021", first_day=date(2021, 3, 1), last_day=date(2021, 3, 10)))
    assert (asked.plan.start, asked.plan.days) == (date(2021, 3, 1), 10)


def test_options_of_the_command_line_win(tmp_path: Path) -> None:
    scenario = load_scenario(write(tmp_path, HEAD + PRESS + "filling: middle\nsize: 2M\nseed: 5\n"))
    setup = resolve(scenario.changed(size="20k", seed=None, last_day=date(2018, 12, 31)))
    assert (setup.size, setup.plan.seed, setup.plan.days) == (20_000, 5, 73)
    with pytest.raises(UsageError, match="is no size"):
        scenario.changed(size="huge")
    with pytest.raises(UsageError, match="a seed is 0 to"):
        scenario.changed(seed=-1)


OVERLAY = "schema_version: 1\nextends: {base}\npolicy: {{id: {id}, title: Mine, as_of: 2020-01-01}}\n"
ASSUMED = (
    "schema_version: 1\nextends: covid\nassumptions: {id: mine, title: Mine}\n"
    "norms: {household: {value: 0.02, range: [0, 0.1]}}\n"
)


def test_paths_are_relative_to_the_file_and_copies_play_the_same(tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    for folder in (home, other):
        folder.mkdir()
    write(home, OVERLAY.format(base="beijing-2018-press", id="mine"), "mine.policy.yaml")
    write(other, OVERLAY.format(base="../home/mine.policy.yaml", id="ours"), "ours.policy.yaml")
    write(other, ASSUMED, "mine.assumptions.yaml")
    text = (
        HEAD + "policy: ../other/ours.policy.yaml\nassumptions: ../other/mine.assumptions.yaml\nseed: 9\nsize: 5000\n"
    )
    setup = resolve(load_scenario(write(home, text)))
    assert sorted(name for name in setup.inputs if "beijing.city" not in name) == [
        "assumptions/covid.assumptions.yaml", "assumptions/default.assumptions.yaml",
        "assumptions/mine.assumptions.yaml", "given/trial.scenario.yaml", "policies/beijing-2018-press.policy.yaml",
        "policies/mine.policy.yaml", "policies/ours.policy.yaml", "run.scenario.yaml",
    ]  # fmt: skip
    assert setup.inputs["given/trial.scenario.yaml"] == (home / "trial.scenario.yaml").read_bytes()
    again = resolve(load_scenario(unpacked(setup, tmp_path / "copies") / "run.scenario.yaml"))
    assert_same(setup, again)
    assert again.assumptions.norms.household.value == 0.02


def unpacked(setup: Setup, folder: Path) -> Path:
    for name, content in setup.inputs.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def assert_same(one: Setup, other: Setup) -> None:
    for mine, theirs in zip(one.plan.worlds, other.plan.worlds, strict=True):
        assert (mine.name, mine.policy.digest) == (theirs.name, theirs.policy.digest)
        assert mine.assumptions.digest == theirs.assumptions.digest
    assert (one.plan.start, one.plan.days, one.plan.seed) == (other.plan.start, other.plan.days, other.plan.seed)
    assert (one.size, one.tables.digest, one.missing) == (other.size, other.tables.digest, other.missing)
    assert one.fillings == other.fillings
    kept = {name for name in other.inputs if not name.startswith("given/")}
    assert kept == {name for name in one.inputs if not name.startswith("given/")}


@pytest.mark.parametrize("filling", ["harsh", "middle", "all"])
def test_copies_of_a_template_play_the_same(tmp_path: Path, filling: str) -> None:
    setup = resolve(scenario_for("beijing-2018-press", filling=filling))
    assert_same(setup, resolve(load_scenario(unpacked(setup, tmp_path) / "run.scenario.yaml")))


def test_two_files_of_one_name_are_both_kept(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    write(tmp_path / "one", OVERLAY.format(base="beijing-2018-press", id="mine"), "mine.policy.yaml")
    write(tmp_path / "two", OVERLAY.format(base="../one/mine.policy.yaml", id="mine") + "\n", "mine.policy.yaml")
    setup = resolve(scenario_for(tmp_path / "two" / "mine.policy.yaml"))
    assert {"policies/mine.policy.yaml", "policies/2/mine.policy.yaml"} <= set(setup.inputs)
    assert_same(setup, resolve(load_scenario(unpacked(setup, tmp_path / "copies") / "run.scenario.yaml")))


def test_the_schema_knows_every_key() -> None:
    schema = scenario_schema()
    assert set(schema["properties"]) == {
        "schema_version", "scenario", "policy", "filling", "fillings", "city", "size", "assumptions", "from", "to",
        "seed", "twin", "beside", "base", "queues", "chance", "outputs",
    }  # fmt: skip
    assert schema["required"] == ["schema_version", "scenario", "policy"]


def test_parts_not_played_name_their_mechanism() -> None:
    policy = resolve(scenario_for("beijing-2018-press", filling="middle")).policies[0]
    found = parts_not_played(policy)
    assert not found
    played = ("behaviours.theft", "lists.untrustworthy:", "scores.city", "measures.no_flights",
              "spillover.child_school", "feeds.firm_register", "lists.untrustworthy_firms:", "measures.no_bids",
              "procedure.appeal", "procedure.notice", "measures.hospital_behind")  # fmt: skip
    assert not [line for line in found if line.startswith(played)]


def test_everything_that_waits_is_an_element_of_the_policy() -> None:
    policy = resolve(scenario_for("beijing-2018-press", filling="harsh")).policies[0]
    for line in parts_not_played(policy):
        element, _, mechanism = line.partition(": waits for ")
        section, *rest = element.split(".")
        part = getattr(policy, section)
        for step in rest:
            part = part[step] if isinstance(part, dict) else getattr(part, step)
        assert part is not None and mechanism


def test_open_channels() -> None:
    plan = resolve(scenario_for("beijing-2018-press", filling="middle")).plan
    assert open_channels(plan) == [
        "own record", "household", "employer", "district mood", "false match", "campaign cut", "speech climate",
        "appeals queue", "legal representative", "lay-offs", "trust", "places in queues",
    ]  # fmt: skip


def test_estimates_grow_and_what_cannot_fit_is_refused(tmp_path: Path) -> None:
    small, large = estimate(20_000, 804, 2, 2), estimate(21_893_095, 804, 2, 2)
    assert small.seconds < 10 < large.seconds < 600
    assert 2_000_000_000 < large.memory_bytes < 3_500_000_000
    assert estimate(21_893_095, 804, 4, 2).memory_bytes > large.memory_bytes
    assert estimate(21_893_095, 804, 2, 1).seconds > large.seconds
    fits(Estimate(1, 1, 1), tmp_path / "not" / "there" / "yet")
    with pytest.raises(ResourceError, match=r"10,000,000,000 residents need about .* of memory, .* free") as refused:
        fits(estimate(10**10, 804, 2, 2), tmp_path, 10**10)
    assert refused.value.exit_code == 5
    with pytest.raises(ResourceError, match=r"needs about 1,000,000\.0 GB on disk, .* choose a smaller --size"):
        fits(Estimate(1, 1, 10**15), tmp_path)


def test_a_policy_with_too_long_a_name_is_an_error_of_the_call() -> None:
    with pytest.raises(InputError) as wrong:
        scenario_for("./" + "x" * 250 + ".policy.yaml")
    assert str(wrong.value) == "the policy's name has 250 characters; at most 183 are taken: give its file another"
    assert scenario_for("./" + "x" * 183 + ".policy.yaml").scenario.id == "x" * 80
