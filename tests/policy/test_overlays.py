"""Overlays: what merges, what replaces, `delete`, chains, lists of files; and the algebra of merging."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.texts import SMALL, line_of

from vitropolis.base.errors import InputError, UsageError
from vitropolis.base.yamlfile import Node, parse_yaml
from vitropolis.policy import load_policy, show_lines
from vitropolis.policy.overlay import digest, merge

OVER = """\
schema_version: 1
extends: x.policy.yaml
delete: [spillover.child]
policy: {id: y, title: another}
behaviours:
  charity: {points: {credit: 30}}
measures:
  heating_discount: {trigger: {kind: score, score: credit, at_least: 1100}}
"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / f"{name}.policy.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_mappings_merge_and_triggers_replace(tmp_path: Path) -> None:
    write(tmp_path, "x", SMALL)
    policy = load_policy(write(tmp_path, "y", OVER))
    assert policy.id == "y"
    assert policy.policy.as_of.isoformat() == "2021-01-01"
    assert policy.behaviours["charity"].points["credit"].all == (30,)
    assert policy.behaviours["charity"].conduct == ("charity_gift",)
    assert policy.measures["heating_discount"].trigger.kind == "score"
    assert policy.spillover == {}
    assert [Path(name).name for name in policy.chain] == ["x.policy.yaml", "y.policy.yaml"]


def test_lines_and_files_are_those_where_an_element_was_last_written(tmp_path: Path) -> None:
    write(tmp_path, "x", SMALL)
    source = load_policy(write(tmp_path, "y", OVER)).source
    file, line = source.place_of("behaviours.charity.points.credit")
    assert (Path(file).name, line) == ("y.policy.yaml", 6)
    assert Path(source.file_of("behaviours.charity.conduct")).name == "x.policy.yaml"
    assert source.line_of("behaviours.charity.conduct") == 1 + SMALL[: SMALL.index("  charity:")].count("\n")
    assert source.line_of("measures.heating_discount.trigger.score") == 8


def test_errors_after_the_merge_name_the_file_at_fault(tmp_path: Path) -> None:
    write(tmp_path, "x", SMALL)
    path = write(
        tmp_path, "y", OVER.replace("credit: 30", "credit: many").replace("spillover.child", "measures.no_flights")
    )
    with pytest.raises(InputError) as error:
        load_policy(path)
    line = line_of(SMALL, "  child:")
    said = [str(message).replace(f"{tmp_path}/", "") for message in error.value.messages]
    assert said == [
        f"x.policy.yaml:{line}: spillover.child.carries: `no_flights` is not a measure "
        "(legal: heating_discount, no_bids)",
        "y.policy.yaml:6: behaviours.charity.points.credit: must be a whole number, not `many`",
    ]


def test_deleting_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    text = "schema_version: 1\nextends: court-list-2017\ndelete: [measures.no_private_scool]\n"
    with pytest.raises(InputError) as error:
        load_policy(write(tmp_path, "x", text))
    said = "delete: `measures.no_private_scool` is not in court-list-2017; did you mean `no_private_school`?"
    assert str(error.value) == f"{tmp_path}/x.policy.yaml: {said}"


def test_the_example_of_the_format(tmp_path: Path) -> None:
    text = """\
schema_version: 1
extends: court-list-2017
delete: [spillover.child_private_school]
policy: {id: court-list-2020, title: with the rules of January 2020, as_of: 2020-01-01}
procedure: {notice: {when: {2013-10-01: at, 2020-01-01: before}, before_days: 30}}
lists: {refusal: {grace_days: 30}}
"""
    policy = load_policy(write(tmp_path, "court-list-2020", text))
    assert policy.procedure is not None and policy.procedure.notice is not None
    assert policy.procedure.notice.when.all == ("at", "before")
    assert policy.procedure.notice.written is True
    assert list(policy.spillover) == ["firm_to_legal_rep"]


def test_a_safeguard_without_extends_fits_any_base(tmp_path: Path) -> None:
    guard = write(tmp_path, "guard", "schema_version: 1\nprocedure: {notice: {when: before, before_days: 30}}\n")
    for base in ("court-list-2017", "rongcheng-2021"):
        policy = load_policy([base, guard])
        assert policy.procedure is not None and policy.procedure.notice is not None
        assert policy.procedure.notice.when.all == ("before",)
        assert policy.id == f"{base}-guard"
        assert policy.digest != load_policy(base).digest


def test_an_overlay_of_three_lines_takes_its_files_name_as_id(tmp_path: Path) -> None:
    text = "schema_version: 1\nextends: beijing-2018-press\ndelete: [spillover.child_school, campaigns.{}]\n"
    path = write(tmp_path, "no-child", text.format("accounts_october_2018"))
    policy, base = load_policy(path), load_policy("beijing-2018-press")
    assert (policy.id, policy.policy.title) == ("no-child", base.policy.title)
    assert policy.source.place_of("policy.id") == (str(path), 1)
    assert list(policy.spillover) == ["spouse_vetting", "firm_to_legal_rep"] and not policy.campaigns
    assert policy.measures == base.measures
    (tmp_path / "named").mkdir()
    named = text.format("accounts_october_2018") + "policy: {id: no-child}\n"
    assert policy.digest == load_policy(write(tmp_path / "named", "no-child", named)).digest


def test_an_overlay_on_an_overlay_on_the_library_says_what_it_is_made_of(tmp_path: Path) -> None:
    write(
        tmp_path, "no-child", "schema_version: 1\nextends: court-list-2020\ndelete: [spillover.child_private_school]\n"
    )
    (tmp_path / "in").mkdir()
    path = write(
        tmp_path / "in",
        "kinder",
        "schema_version: 1\nextends: ../no-child.policy.yaml\nlists: {refusal: {term_days: 30}}\n",
    )
    policy = load_policy(path)
    assert [Path(name).name for name in policy.chain] == [
        "court-list-2017.policy.yaml", "court-list-2020.policy.yaml", "no-child.policy.yaml", "kinder.policy.yaml",
    ]  # fmt: skip
    made_of = "".join(" ".join(show_lines(policy)).split())
    assert "madeof" + "".join(",".join(policy.chain).split()) in made_of


def test_a_name_that_cannot_be_an_id_leaves_the_bases(tmp_path: Path) -> None:
    text = "schema_version: 1\nextends: court-list-2017\nlists: {refusal: {term_days: 30}}\n"
    for name in ("No_Child", "none"):
        assert load_policy(write(tmp_path, name, text)).id == "court-list-2017"
    (tmp_path / "short.yaml").write_text(text, encoding="utf-8")
    assert load_policy(tmp_path / "short.yaml").id == "court-list-2017"


def test_files_laid_over_one_another_are_told_apart_by_their_ids(tmp_path: Path) -> None:
    over = write(tmp_path, "term", "schema_version: 1\nextends: court-list-2017\nlists: {refusal: {term_days: 30}}\n")
    assert load_policy(over).id == load_policy(["court-list-2017", over]).id == "term"
    assert load_policy(["court-list-2020", over]).id == "court-list-2020-term"
    long = write(tmp_path, "a" * 70, "schema_version: 1\nlists: {refusal: {term_days: 30}}\n")
    assert load_policy(["court-list-2017", long]).id == "court-list-2017-" + "a" * 64


def test_circles_and_long_chains_stop(tmp_path: Path) -> None:
    write(tmp_path, "a", "schema_version: 1\nextends: b.policy.yaml\n")
    path = write(tmp_path, "b", "schema_version: 1\nextends: a.policy.yaml\n")
    with pytest.raises(InputError, match="extends: goes round in a circle"):
        load_policy(path)
    write(tmp_path, "c0", SMALL.replace("id: x,", "id: c0,"))
    for number in range(1, 9):
        path = write(tmp_path, f"c{number}", f"schema_version: 1\nextends: c{number - 1}.policy.yaml\n")
        if number < 8:
            policy = load_policy(path)
            assert policy.id == f"c{number}"
            assert [Path(name).name for name in policy.chain] == [f"c{each}.policy.yaml" for each in range(number + 1)]
    with pytest.raises(InputError, match="more than 8 files lie over one another"):
        load_policy(path)


def test_names_that_do_not_exist(tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match="`rongcheng-2022` is not a policy of the library; did you mean `rongcheng-2021`"
    ):
        load_policy("rongcheng-2022")
    with pytest.raises(
        InputError, match=r"x\.policy\.yaml:2: extends: `rongcheng-2022` is not a policy of the library"
    ):
        load_policy(write(tmp_path, "x", "schema_version: 1\nextends: rongcheng-2022\n"))
    with pytest.raises(UsageError, match="`none` stands beside a policy"):
        load_policy("none")


def test_digest_is_of_content_not_of_layout(tmp_path: Path) -> None:
    left = digest(parse_yaml("feeds: {a: {x: 1, y: 2018-01-01}}\nz: 'q'\n", "a"))
    right = digest(parse_yaml("# c\nz: q\nfeeds:\n  a:\n    y: 2018-01-01\n    x: 1\n", "b"))
    assert left == right
    assert digest(parse_yaml("lists: {a: 1, b: 1}", "a")) != digest(parse_yaml("lists: {b: 1, a: 1}", "a"))


scalars = st.integers(0, 3) | st.none() | st.sampled_from(["a", "b"])
names = st.sampled_from(["p", "q", "r"])
elements = st.dictionaries(
    names, st.fixed_dictionaries({}, optional={"m": scalars, "n": st.dictionaries(names, scalars)})
)
trees = st.fixed_dictionaries({}, optional={"feeds": elements, "measures": elements})


def tree(data: object) -> Node:
    import json

    return parse_yaml(json.dumps({"top": 1, **data}), "t")  # type: ignore[dict-item]


@settings(max_examples=200, deadline=None)
@given(trees)
def test_merging_with_itself_changes_nothing(data: dict[str, object]) -> None:
    assert merge(tree(data), tree(data)).plain() == tree(data).plain()


@settings(max_examples=200, deadline=None)
@given(trees, trees)
def test_merging_twice_is_merging_once(left: dict[str, object], right: dict[str, object]) -> None:
    once = merge(tree(left), tree(right))
    assert merge(once, tree(right)).plain() == once.plain()


@settings(max_examples=200, deadline=None)
@given(trees, trees, trees)
def test_merging_is_associative(one: dict[str, object], two: dict[str, object], three: dict[str, object]) -> None:
    a, b, c = tree(one), tree(two), tree(three)
    assert merge(merge(a, b), c).plain() == merge(a, merge(b, c)).plain()


def test_values_lives_and_ramps_replace_as_a_whole() -> None:
    base = parse_yaml(
        "behaviours: {t: {life: {kind: expires, after_days: 3}, points: {c: {value: 1, note: x}}}}\n"
        "population: {enrolment: {mode: opt_in, ramp: {2018-01-01: 0, 2019-01-01: 1}}}\n", "t")  # fmt: skip
    over = parse_yaml(
        "behaviours: {t: {life: {kind: forever}, points: {c: {value: 2}}}}\n"
        "population: {enrolment: {ramp: {2020-01-01: 1}}}\n", "t")  # fmt: skip
    merged = merge(base, over)
    assert merged.child("behaviours").plain() == {"t": {"life": {"kind": "forever"}, "points": {"c": {"value": 2}}}}  # type: ignore[union-attr]
    enrolment = merged.child("population").child("enrolment").plain()  # type: ignore[union-attr]
    assert enrolment["mode"] == "opt_in" and len(enrolment["ramp"]) == 1
