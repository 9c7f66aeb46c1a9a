"""What an exit needs: the day on which a debt is paid, from the table of rules and by the text of a policy."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from vitropolis.base.errors import InputError
from vitropolis.model.assumptions import load_assumptions
from vitropolis.model.exits import shut_by
from vitropolis.model.files import pack_record
from vitropolis.model.rulebook import rulebook_for
from vitropolis.model.rules import NO_WAIT, RULES
from vitropolis.model.settling import FAR, settled_later
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import load_policy, load_text
from vitropolis.results.life_files import settled_day

ONE16 = 65536
START = date(2015, 1, 1)
Rows = list[tuple[int, int, int]]

paces = st.one_of(st.just(0), st.just(ONE16), st.integers(300, ONE16))
rest = st.lists(st.tuples(st.integers(1, 60), paces, st.integers(0, 40)), max_size=5)
stretches = st.tuples(paces, st.integers(0, 40), rest).map(
    lambda found: [(0, found[0], found[1]), *((day, pace, grace) for day, pace, grace in found[2])]
)


def rising(rows: Rows) -> Rows:
    """The stretches with first days that rise."""
    day, found = 0, []
    for step, pace, grace in rows:
        day += step
        found.append((day, pace, grace))
    return found


def rules_of(rows: Rows) -> Any:
    table = np.zeros(1, RULES)
    table["trap"] = 0
    table["stretches"][0, 0, 0] = len(rows)
    table["stretch"][0, 0, 0, : len(rows)] = rows
    return table[0]


def settled(rows: Rows, act: int, delay: int, wait: int) -> int:
    return int(settled_later(rules_of(rows), 0, 0, pack_record(0, 0, 1, act, delay, wait)))


def counted_out(rows: Rows, act: int, delay: int, wait: int) -> int:
    """The same, day by day, from the equation."""
    arrival = act + delay
    listed = arrival + [grace for first, _, grace in rows if first <= arrival][-1]
    day, worth = arrival, ONE16 * delay
    while worth < ONE16 * wait:
        pace = [pace for first, pace, _ in rows if first <= day][-1]
        if pace == 0 and day >= max(listed, rows[-1][0]):
            return FAR
        worth += pace if day >= listed else ONE16
        day += 1
    return day


@settings(max_examples=200, deadline=None)
@given(stretches, st.integers(0, 150), st.integers(1, 60), st.integers(1, 200))
def test_a_debt_is_settled_when_the_days_come_to_its_wait(found: Rows, act: int, delay: int, more: int) -> None:
    rows = rising(found)
    assert settled(rows, act, delay, delay + more) == counted_out(rows, act, delay, delay + more)


@settings(max_examples=100, deadline=None)
@given(stretches, st.integers(0, 150), st.integers(1, 60), st.integers(1, 200), st.floats(0, 1))
def test_a_slower_pace_never_settles_a_debt_sooner(found: Rows, act: int, delay: int, more: int, share: float) -> None:
    rows = rising(found)
    slower = [(first, int(pace * share), grace) for first, pace, grace in rows]
    assert settled(slower, act, delay, delay + more) >= settled(rows, act, delay, delay + more)
    usual = [(first, ONE16, grace) for first, _, grace in rows]
    assert settled(usual, act, delay, delay + more) == act + delay + more


TEXT = """
schema_version: 1
policy: {id: x, title: debts, as_of: 2015-01-01}
population: {natural_persons: true, legal_entities: false, enrolment: {mode: mandatory, ramp: {2015-01-01: 1}}}
departments: {office: {title: an office}}
feeds: {courts: {department: office, context: justice, provenance: final_decision, linkage_key: national_id}}
behaviours:
  owes: {feed: courts, conduct: [judgment_unpaid_able], kind: contract_breach, gravity: 2, life: {kind: until_settled}}
  fined: {feed: courts, conduct: [fine_unpaid], kind: contract_breach, gravity: 1, life: {kind: until_settled}}
lists:
  first: {polarity: black, context: justice, trigger: {kind: records, behaviours: [fined]}, term_days: null,
          exit: {on_compliance: true}}
  debtors: {polarity: black, context: justice, trigger: {kind: records, behaviours: [owes]}, term_days: null,
            grace_days: {2015-01-01: 0, 2016-06-01: 30},
            exit: {on_compliance: true, needs_services: [job_market, company_post]}}
measures:
  post: {trigger: {kind: listed, lists: [debtors]}, action: {kind: deny}, service: company_post, starts_on: 2016-01-20}
  work: {trigger: {kind: listed, lists: [first]}, action: {kind: deny}, service: job_market}
  both: {trigger: {kind: all_of, of: [{kind: listed, lists: [debtors]}, {kind: listed, lists: [first]}]},
         action: {kind: deny}, service: job_market}
  dear: {trigger: {kind: listed, lists: [debtors]}, action: {kind: price, factor: 2}, service: job_market}
"""


def world(text: str = TEXT, pace: float = 0.9) -> World:
    return World(
        "x", load_text(text, "x.policy.yaml"), load_assumptions("default").with_values({"payers.pace_shut": pace})
    )


def test_the_table_says_from_when_the_list_shuts_what_its_exit_needs() -> None:
    plan = Plan((world(),), START, 900, 1)
    for day in plan.epochs:  # the same in every epoch
        rules = rulebook_for(plan, day).table[0]
        assert rules["trap"][0, :2].tolist() == [1, -1]
        rows = rules["stretch"][0, 1, : rules["stretches"][0, 1]].tolist()
        assert rows == [[0, 65536, 0], [384, 58982, 0], [517, 58982, 30]]


def test_only_what_being_on_the_list_alone_shuts_counts() -> None:
    mine = world()
    listing = mine.lists["debtors"]
    assert shut_by(mine, "debtors", listing, date(2015, 6, 1)) == set()
    assert shut_by(mine, "debtors", listing, date(2016, 6, 1)) == {"company_post"}
    gone = world(TEXT.replace("grace_days", "ends_before: 2016-03-01, grace_days"))
    assert shut_by(gone, "debtors", gone.lists["debtors"], date(2016, 6, 1)) == set()


def test_the_usual_pace_is_as_if_nothing_were_needed() -> None:
    without = world(TEXT.replace(", needs_services: [job_market, company_post]", ""))
    usual, none = (rulebook_for(Plan((each,), START, 900, 1), 0).table for each in (world(pace=1), without))
    assert usual.tobytes() == none.tobytes()


def test_more_changes_than_a_run_plays_are_refused() -> None:
    dates = ", ".join(f"20{year}-0{month}-01: {year + month}" for year in (15, 16) for month in range(1, 10))
    text = TEXT.replace("{2015-01-01: 0, 2016-06-01: 30}", "{" + dates + "}")
    said = r"x: lists\.debtors\.exit\.needs_services: what it needs, or its grace, changes 18 times, a run plays 15"
    with pytest.raises(InputError, match=said):
        rulebook_for(Plan((world(text),), START, 900, 1), 0)


@pytest.mark.parametrize("name", ["court-list-2013", "court-list-2017", "court-list-2020"])
def test_the_court_lists_shut_company_posts_to_debtors_and_nothing_else(name: str) -> None:
    mine = World(name, load_policy(name), load_assumptions("default"))
    asking = {each: item for each, item in mine.lists.items() if item.exit and item.exit.needs_services}
    (found,) = asking.items()
    assert shut_by(mine, *found, date(2018, 6, 1)) == {"company_post"}
    assert yaml.safe_dump(sorted(asking)) in ("- defaulters\n", "- refusal\n")


@pytest.mark.parametrize(("wait", "paid"), [(3, 13), (40, 86), (NO_WAIT, None)])
def test_a_life_tells_the_day_on_which_the_rules_say_it_is_paid(wait: int, paid: int | None) -> None:
    rules = rules_of([(0, ONE16 // 2, 0)])  # half the pace from the arrival on, four days after the act
    seen = SimpleNamespace(rules=rules)
    assert settled_day(0, cast(Any, seen), pack_record(0, 0, 1, 10, 4, wait)) == paid
    rules["trap"] = -1
    usual = settled_day(0, cast(Any, seen), pack_record(0, 0, 1, 10, 4, wait))
    assert usual == (None if paid is None else 10 + wait)
