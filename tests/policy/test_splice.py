# ruff: noqa: E501 (policy lines and messages stand here as they are)
"""One policy until a day, another from it on: on every day it is the one or the other, and a file says it."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.policy.texts import SMALL, changed, line_of, small

from vitropolis.base.errors import InputError
from vitropolis.policy import (
    NoValueYet,
    Policy,
    Step,
    Taken,
    Value,
    check_playable,
    library,
    load_policy,
    load_text,
    splice,
    spliced_text,
)
from vitropolis.policy.dating import node_of
from vitropolis.policy.describe import action_in_words, in_words
from vitropolis.policy.overlay import put
from vitropolis.policy.triggers import Expires

DAY = date(2021, 6, 1)
PRESS = "beijing-2018-press"
LATER = f"{DAY:%Y_%m_%d}"
SECTIONS = ("feeds", "behaviours", "scores", "lists", "measures", "spillover", "campaigns")
LINT = (
    "promised_error_rate",
    "promised_false_match_rate",
    "source_public_days",
    "consultation_days",
    "until_days",
    "upper",
)

LISTED = """\
    trigger:
      kind: any_of
      of:
        - {kind: band, score: city, bands: [d]}
        - {kind: records, behaviours: [court_debt, assets_concealed, tax_evasion, benefit_fraud, assault]}
        - {kind: records, behaviours: [petition_disruptive, online_criticism, online_rumour, assembly_unapproved], count: 3, within_days: 365}
"""
HARSHER = f"""\
schema_version: 1
extends: {PRESS}-harsh
policy: {{id: harsher}}
delete: [lists.untrustworthy.band_ceiling, retention.restarts_on]
behaviours:
  drunk_driving: {{band_ceiling: {{city: c}}}}
  other_uncivilised: {{discretion_range: {{city: [-50, -5]}}}}
lists:
  untrustworthy:
{LISTED}    publication: {{fields: [name, id_partial, reason]}}
  untrustworthy_firms: {{exit: {{auto_expiry: true}}}}
procedure: {{appeal: {{if_late: waits}}}}
"""
MILDER = f"""\
schema_version: 1
extends: {PRESS}-lenient
policy: {{id: milder}}
delete: [procedure.human_review, lists.untrustworthy.excludes_minors]
behaviours: {{other_uncivilised: {{discretion_range: {{city: [-50, -5]}}}}}}
scores: {{city: {{trustworthy_from: a}}}}
lists:
  untrustworthy:
{LISTED}    ability_test: unknown
    decided_by: unknown
    exit: {{auto_expiry: unknown, on_compliance: unknown}}
  trustworthy: {{trigger: {{kind: any_of, of: [{{kind: band, score: city, bands: [aaa]}}, {{kind: records, behaviours: [civic_award]}}]}}, decided_by: unknown}}
procedure: {{appeal: {{if_late: waits, burden_of_proof: person}}, correction: {{flag_dispute: false}}}}
retention: {{counted_from: unknown}}
"""
"""The fillings as far as the format can date them: what it cannot is as in the middle one."""


@cache
def policy_of(name: str) -> Policy:
    texts = {"harsher": HARSHER, "milder": MILDER}
    return load_text(texts[name], f"{name}.policy.yaml") if name in texts else load_policy(name)


PAIRS = [(PRESS, "harsher"), ("harsher", PRESS), (PRESS, "milder"), ("milder", PRESS),
         ("court-list-2017", "court-list-2020"), ("court-list-2020", "court-list-2017")]  # fmt: skip
CUTS = st.sampled_from(
    [date(2013, 10, 1), date(2018, 11, 5), date(2018, 11, 19), date(2019, 6, 30), date(2020, 1, 1), DAY]
)


def on(value: Value[Any], day: date) -> Any:
    try:
        return value.on(day)
    except NoValueYet:
        return "no value yet"


def plain_id(name: str, day: date) -> str:
    return name.removesuffix(f"_from_{day:%Y_%m_%d}")


def in_force(policy: Policy, day: date, cut: date) -> dict[str, str]:
    """Elements in force by the ids that both policies know them under."""
    found = {}
    for section in SECTIONS:
        for name, item in getattr(policy, section).items():
            if item.in_force(day):
                found[f"{section}.{plain_id(name, cut)}"] = f"{section}.{name}"
    return found


def values(policy: Policy, day: date) -> Iterator[tuple[str, Any]]:
    for path, value in policy.values():
        if path.rpartition(".")[2] not in LINT:
            yield path, on(value, day)


def lives(policy: Policy, names: list[str], day: date) -> list[Any]:
    found = [Taken().life(name, policy, policy.behaviours[name].life) for name in names]
    return [(life.kind, on(life.after_days, day)) if isinstance(life, Expires) else life.kind for life in found]


def assert_like(made: Policy, wanted: Policy, day: date, cut: date) -> None:
    """What is in force on a day, every value, life and clause, and who is enrolled, are those of `wanted`."""
    mine, theirs = in_force(made, day, cut), in_force(wanted, day, cut)
    assert mine.keys() == theirs.keys()
    held = dict(values(made, day))
    for path, value in values(wanted, day):
        element = ".".join(path.split(".")[:2])
        if element in theirs:
            assert held[path.replace(element, mine[element], 1)] == value, path
        elif element.split(".")[0] not in SECTIONS:
            assert held[path] == value, path
    for name in theirs:
        if name.startswith("measures."):
            one, other = made.measures[mine[name][9:]], wanted.measures[name[9:]]
            assert in_words(one.trigger, day) == in_words(other.trigger, day)
            assert action_in_words(one.action, day) == action_in_words(other.action, day)
    names = [name[11:] for name in theirs if name.startswith("behaviours.")]
    assert [life if life != "forever" else ("expires", None) for life in lives(made, names, day)] == [
        life if life != "forever" else ("expires", None) for life in lives(wanted, names, day)
    ]
    share = wanted.population.enrolment.share_on(day)
    assert made.population.enrolment.share_on(day) == pytest.approx(share, abs=1e-12)


@cache
def spliced(one: str, other: str, cut: date) -> Policy:
    return splice(policy_of(one), policy_of(other), cut)


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(PAIRS), CUTS, st.integers(-900, 900))
def test_on_every_day_it_is_the_one_or_the_other(pair: tuple[str, str], cut: date, away: int) -> None:
    made, day = spliced(*pair, cut), cut + timedelta(days=away)
    assert_like(made, policy_of(pair[0] if away < 0 else pair[1]), day, cut)


def test_a_day_on_which_a_listing_ends_by_itself_in_one_alone_is_told_from_its_term() -> None:
    with pytest.raises(InputError, match=r"exit\.auto_expiry: `no` in harsher, `unknown` here; the format cannot date"):
        spliced("harsher", "milder", DAY)


@pytest.mark.parametrize("pair", PAIRS)
def test_the_day_itself_is_the_seconds_and_the_eve_the_firsts(pair: tuple[str, str]) -> None:
    cut = date(2020, 1, 1)
    made = spliced(*pair, cut)
    assert_like(made, policy_of(pair[0]), cut - timedelta(days=1), cut)
    assert_like(made, policy_of(pair[1]), cut, cut)
    check_playable(made, made.starts_on)
    assert made.starts_on == policy_of(pair[0]).starts_on


@pytest.mark.parametrize("name", library())
def test_a_policy_spliced_with_itself_says_what_it_said(name: str) -> None:
    policy = load_policy(name)
    made = splice(policy, policy, date(2019, 6, 3)).tree.plain()
    assert made.pop("policy")["id"] == f"{name}-then-{name}"
    wanted = policy.tree.plain()
    del wanted["policy"]
    assert made == wanted
    assert [list(made.get(part, ())) for part in SECTIONS] == [list(wanted.get(part, ())) for part in SECTIONS]


@pytest.mark.parametrize("pair", PAIRS)
def test_the_text_reads_back_to_the_same_content(pair: tuple[str, str]) -> None:
    made = spliced(*pair, date(2020, 1, 1))
    text = spliced_text(made)
    assert text.startswith(
        f"# Made of {', '.join(made.chain)}.\n# 0001-01-01 stands for: from ever on.\nschema_version: 1\n"
    )
    again = load_text(text, f"{made.id}.policy.yaml")
    assert (again.id, again.digest) == (made.id, made.digest)


WORDS = st.sampled_from(["1e5", "2021-01-01", "null", "on", "~", "- a", "a: b", "a, b", "#", " x", "'", '"', "é\u2028\x85", "yes", "0x1f", ".5"])  # fmt: skip


@settings(deadline=None)
@given(WORDS | st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30), WORDS)
def test_any_title_is_written_so_that_it_reads_back(title: str, note: str) -> None:
    policy = small()
    place = policy.tree
    parts = {"title": node_of(title, place), "note": node_of(note, place)}
    for name, node in parts.items():
        place = put(place, ("policy", name), node)
    policy._tree = place
    again = load_text(spliced_text(policy))
    assert (again.policy.title, again.policy.note) == (title, note)


def test_the_head_says_both_and_the_day() -> None:
    made = splice(small(), small(("id: x, title: a small", "id: x, title: another")), DAY)
    assert made.id == "x-then-x"
    assert made.policy.title == "a small policy, until 2021-06-01; another policy, from 2021-06-01 on"
    assert made.chain == ("x.policy.yaml", "x.policy.yaml", "x until 2021-06-01, x from that day on")
    assert made.line("x.policy.yaml", 1) == "schema_version: 1"
    one, other = (load_text(SMALL.replace("id: x,", f"id: {letter * 60},"), "text.policy.yaml") for letter in "ab")
    assert splice(one, other, DAY).id == "a" * 60 + "-then-" + "b" * 14


def test_values_get_dates_and_keep_what_was_noted() -> None:
    after = small(
        ("term_days: 365", "term_days: {2021-01-01: 100, 2021-09-01: {value: 30, reference: memo}}"),
        ("credit: 20", "credit: {value: 30, status: assumed, note: more}"),
        ("max_counted: 80", "max_counted: 80, discretion_range: {}"),
        ("gravity: 0", "gravity: 0, max_counted: 5"),
    )
    made = splice(small(("term_days: 365", "term_days: {2021-02-01: 365, 2022-01-01: 1}")), after, DAY).tree.plain()
    black, charity = made["lists"]["black"], made["behaviours"]["charity"]
    assert black["term_days"] == {date(2021, 2, 1): 365, DAY: 100, date(2021, 9, 1): {"value": 30, "reference": "memo"}}
    assert charity["points"]["credit"] == {date.min: 20, DAY: {"value": 30, "status": "assumed", "note": "more"}}
    taken = {"value": None, "status": "assumed", "note": "nothing was said; what a run takes then"}
    assert charity["max_counted"] == {date.min: taken, DAY: 5}


def test_elements_come_and_go() -> None:
    gone = "  heating_discount: {trigger: {kind: band, score: credit, bands: [aa]}, action: {kind: price, factor: 0.9}, service: heating_bill"
    made = splice(small(), small((gone + "}\n", "")), DAY)
    assert (made.measures["heating_discount"].starts_on, made.measures["heating_discount"].ends_before) == (None, DAY)
    made = splice(small((gone + "}\n", "")), small(), DAY)
    assert (made.measures["heating_discount"].starts_on, made.measures["heating_discount"].ends_before) == (DAY, None)
    late = small((gone, gone + ", starts_on: 2021-07-01"))
    assert "heating_discount" not in splice(late, small((gone + "}\n", "")), DAY).measures
    assert splice(small((gone + "}\n", "")), late, DAY).measures["heating_discount"].starts_on == date(2021, 7, 1)
    assert splice(small(), late, DAY).measures.keys() == {*small().measures, f"heating_discount_from_{LATER}"}


def test_a_measure_that_cannot_be_dated_ends_and_begins_again_with_what_carries_it() -> None:
    made = splice(small(), small(("kind: deny}, service: flights", "kind: price, factor: 2}, service: flights")), DAY)
    first, then = made.measures["no_flights"], made.measures[f"no_flights_from_{LATER}"]
    assert (first.action.kind, first.ends_before, first.starts_on) == ("deny", DAY, None)
    assert (then.action.kind, then.ends_before, then.starts_on) == ("price", None, DAY)
    assert list(made.measures) == ["heating_discount", "no_flights", f"no_flights_from_{LATER}", "no_bids"]
    carried = {name: (item.carries.measure, item.starts_on, item.ends_before) for name, item in made.spillover.items()}  # type: ignore[union-attr]
    assert carried == {
        "child": ("no_flights", None, DAY),
        f"child_from_{LATER}": (f"no_flights_from_{LATER}", DAY, None),
    }


def test_new_ids_are_legal_and_free() -> None:
    name, taken = "n" * 48, f"{'n' * 32}_from_{LATER}"
    row = "  {}: {{trigger: {{kind: listed, lists: [black]}}, action: {{kind: {}}}, service: exit_country}}\n"
    old, new = (small(("spillover:", row.format(name, kind) + row.format(taken, "deny") + "spillover:"))
                for kind in ("deny", "withdraw"))  # fmt: skip
    assert list(splice(old, new, DAY).measures)[3:] == [name, f"{'n' * 30}_from_{LATER}_2", taken]


def test_a_source_of_the_same_name_is_renamed_and_defaults_are_said_in_full() -> None:
    old = small(
        ("as_of: 2021-01-01}", "as_of: 2021-01-01, default_status: sourced, default_reference: memo}"),
        ("charity: {feed", "charity: {reference: memo, feed"),
    )
    new = small(
        ("memo: {title: a memorandum}", "memo: {title: another memorandum}"),
        ("term_days: 365", "term_days: {value: 100, status: sourced, reference: memo}"),
        ("credit: 20", "credit: 25"),
    )
    made = splice(old, new, DAY)
    assert {name: item.title for name, item in made.references.items()} == {
        "memo": "a memorandum", "memo_2": "another memorandum",
    }  # fmt: skip
    terms: tuple[Step[Any], ...] = made.lists["black"].term_days.steps
    points: tuple[Step[Any], ...] = made.behaviours["charity"].points["credit"].steps
    assert [(step.value, step.status, step.reference) for step in [*terms, *points]] == [
        (365, "sourced", "memo"), (100, "sourced", "memo_2"), (20, "sourced", "memo"), (25, None, None),
    ]  # fmt: skip
    start = made.scores["credit"].start.steps[0]
    assert (start.status, made.policy.default_status) == (None, "assumed")


def test_what_cannot_be_dated_is_refused_field_by_field() -> None:
    new = small(
        ("[charity_gift]", "[brave_act]"), ("gravity: 0", "gravity: 1"),
        ("aa: {lower: 1030}", "aa: {lower: 1030}\n      ab: {lower: 1000}"),
        ("bands: [b]}, term_days", "bands: [b, a]}, ability_test: true, term_days"),
        ("mode: mandatory", "mode: opt_in"),
    )  # fmt: skip
    text = new.text("x.policy.yaml").decode()
    with pytest.raises(InputError) as error:
        splice(small(), new, DAY)
    delete = "the format cannot date this field; `delete` {} and write the change under another id"
    assert str(error.value).splitlines() == [
        f"x.policy.yaml:{line_of(text, 'population:')}: population.enrolment.mode: `mandatory` in x, `opt in` here; "
        "the format cannot date this field; write it as it is there",
        f"x.policy.yaml:{line_of(text, '  charity:')}: behaviours.charity.conduct: `charity gift` in x, `brave act` here; "
        + delete.format("behaviours.charity"),
        f"x.policy.yaml:{line_of(text, '      ab:')}: scores.credit.bands.ab: `nothing said` in x, `lower 1000` here; "
        + delete.format("scores.credit"),
        f"x.policy.yaml:{line_of(text, '  black:')}: lists.black.ability_test: `nothing said` in x, `yes` here; "
        + delete.format("lists.black"),
        f"x.policy.yaml:{line_of(text, '  black:')}: lists.black.trigger.bands: `b` in x, `b, a` here; "
        + delete.format("lists.black"),
    ]  # fmt: skip


def test_what_names_an_element_that_is_never_in_force_is_told_why() -> None:
    old = small(("term_days: 365", "term_days: 365, starts_on: 2021-07-01"))
    gone = "  black: {polarity: black, context: transport, trigger: {kind: band, score: credit, bands: [b]}, term_days: 365}\n"
    flights = "  no_flights: {trigger: {kind: listed, lists: [black]}, action: {kind: deny}, service: flights}\n"
    child = "spillover:\n  child: {carries: {kind: measure, measure: no_flights}, to: child}\n"
    new = small((gone, ""), (flights, ""), (child, ""))
    with pytest.raises(InputError) as error:
        splice(old, new, DAY)
    assert str(error.value) == (
        f"x.policy.yaml:{line_of(SMALL, '  no_flights:')}: measures.no_flights.trigger: `black` is in force only on the "
        "other side of 2021-06-01: it is left out, and nothing can name it"
    )


def test_a_value_that_ends_cannot_be_dated() -> None:
    with pytest.raises(InputError, match=r"lists\.black\.term_days: `365` in x, `30 from 2022-01-01` here"):
        splice(small(), small(("term_days: 365", "term_days: {2022-01-01: 30}")), DAY)


def test_what_only_the_linter_reads_and_what_a_run_takes_for_the_same_never_stand_in_the_way() -> None:
    new = small(
        ("kind: virtue, gravity: 0", "kind: lawful_conduct, gravity: 3, definition_precise: true"),
        ("context: transport, trigger", "context: tax, ability_test: false, excludes_minors: unknown, decided_by: automated, trigger"),
        ("provenance: verified_record}", "provenance: verified_record, linkage_key: unknown, category: criminal}"),
    )  # fmt: skip
    made = splice(small(), new, DAY)
    assert made.behaviours["charity"] == new.behaviours["charity"]
    assert (made.lists["black"], made.feeds["gates"]) == (new.lists["black"], new.feeds["gates"])


def ramp_of(*pairs: tuple[str, str]) -> dict[date, float]:
    old, new = (f"ramp: {{{text}}}" for text in pairs[0])
    held = "ramp: {2021-01-01: 0, 2021-12-31: 1}"
    return dict(splice(small((held, old)), small((held, new)), DAY).population.enrolment.ramp or {})


def test_ramps_are_joined_and_never_fall() -> None:
    assert ramp_of(("2021-01-01: 0, 2021-01-11: 0.5", "2021-06-01: 0.6, 2022-01-01: 1")) == {
        date(2021, 1, 1): 0, date(2021, 1, 11): 0.5, date(2021, 5, 31): 0.5, DAY: 0.6, date(2022, 1, 1): 1,
    }  # fmt: skip
    assert ramp_of(("2022-01-01: 1", "2021-07-01: 0.5")) == {date(2021, 7, 1): 0.5}
    with pytest.raises(InputError) as error:
        ramp_of(("2021-01-01: 0.75", "2021-01-01: 0.2"))
    assert str(error.value) == (
        "x.policy.yaml:5: population.enrolment.ramp: enrolment would fall on 2021-06-01 from 75% to 20%, which no ramp "
        "can; choose another day, or write a ramp that goes on from there"
    )


def test_lives_that_end_or_never_end_are_one_kind() -> None:
    kept = (
        changed(("points: {credit: 20}", "points: {credit: 20}, life: {kind: forever}"))
        + "retention: {adverse_days: 900}\n"
    )
    ended = changed(("points: {credit: 20}", "points: {credit: 20}, life: {kind: expires, after_days: 30}"))
    old, new = (load_text(text, "x.policy.yaml") for text in (kept, ended))
    life = splice(old, new, DAY).behaviours["charity"].life
    assert isinstance(life, Expires) and (life.after_days.on(DAY - timedelta(days=1)), life.after_days.on(DAY)) == (
        None,
        30,
    )
    dodging = splice(old, new, DAY).retention
    assert dodging is not None and (dodging.adverse_days.on(date(2021, 5, 31)), dodging.adverse_days.on(DAY)) == (
        900,
        None,
    )


def test_redress_that_was_not_there_begins_on_the_day() -> None:
    new = load_text(
        SMALL + "procedure: {notice: {when: at}, appeal: {available: true, window_days: 60}}\n", "x.policy.yaml"
    )
    made = splice(small(), new, DAY).procedure
    assert made is not None and made.notice is not None and made.appeal is not None
    assert [made.notice.when.on(day) for day in (date(2021, 5, 31), DAY)] == ["none", "at"]
    assert [made.appeal.available.on(day) for day in (date(2021, 5, 31), DAY)] == [False, True]
    back = splice(new, small(), DAY).procedure
    assert back is not None and back.appeal is not None and back.appeal.available.all == (True, False)
