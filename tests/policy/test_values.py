"""Values in their three shapes; absent, null and unknown; what a run takes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy.texts import small

from vitropolis.policy import NoValueYet, Step, Taken, Value
from vitropolis.policy.defaults import plain
from vitropolis.policy.values import calendar_days

DAY = date(2021, 6, 1)


def test_plain_annotated_and_dated() -> None:
    assert small().scores["credit"].start == plain(1000)
    noted = small(("start: 1000", "start: {value: 1000, unit: points, status: assumed, reference: memo, note: why}"))
    assert noted.scores["credit"].start.steps == (Step(1000, None, "points", "assumed", "memo", "why"),)
    dated = small(("term_days: 365", "term_days: {2013-10-01: null, 2021-05-01: {value: 730, reference: memo}}"))
    term = dated.lists["black"].term_days
    assert term.on(date(2021, 4, 30)) is None
    assert term.on(date(2021, 5, 1)) == 730
    assert term.changes == (date(2013, 10, 1), date(2021, 5, 1))
    with pytest.raises(NoValueYet, match="no value on 2013-09-30; the first holds from 2013-10-01") as error:
        term.on(date(2013, 9, 30))
    assert error.value.first == date(2013, 10, 1)


def test_working_days_become_calendar_days() -> None:
    policy = small(("term_days: 365", "term_days: {value: 3, unit: working_days}"))
    assert policy.lists["black"].term_days.on(DAY) == 5
    assert [calendar_days(number) for number in (0, 1, 3, 5, 10)] == [0, 2, 5, 7, 14]


def test_absent_null_and_unknown_are_three_things() -> None:
    absent = small().behaviours["fare_dodging"]
    assert small(("max_counted: 80", "max_counted: null")).behaviours["fare_dodging"].max_counted == plain(None)
    assert small((", max_counted: 80", "")).behaviours["fare_dodging"].max_counted is None
    assert absent.definition_precise is None
    unknown = small(("max_counted: 80", "definition_precise: unknown")).behaviours["fare_dodging"]
    assert unknown.definition_precise == "unknown"


@given(
    st.dictionaries(st.dates(date(2000, 1, 1), date(2040, 1, 1)), st.integers(), min_size=1, max_size=6),
    st.dates(date(1999, 1, 1), date(2041, 1, 1)),
)
def test_a_dated_value_holds_from_its_day_on(written: dict[date, int], day: date) -> None:
    value = Value(tuple(Step(written[since], since) for since in sorted(written)))
    before = [since for since in written if since <= day]
    assert value.changes == tuple(sorted(written))
    if before:
        assert value.on(day) == written[max(before)]
    else:
        with pytest.raises(NoValueYet):
            value.on(day)
    for since in written:
        assert value.on(since) == written[since]
        if since - timedelta(days=1) >= min(written):
            assert value.on(since - timedelta(days=1)) == value.steps[sorted(written).index(since) - 1].value


def test_what_a_run_takes_is_noted() -> None:
    policy = small()
    taken = Taken()
    listing = policy.lists["black"]
    assert taken.auto_expiry("lists.black.exit", listing.exit, listing.term_days.on(DAY)) is True
    assert taken.auto_expiry("lists.firm_black.exit", None, None) is False
    assert taken.flag("lists.black.ability_test", "unknown") is False
    assert taken.flag("lists.black.excludes_minors", True) is True
    assert taken.word("measures.no_flights.decided_by", None) == "automated"
    assert taken.word("feeds.gates.linkage_key", policy.feeds["gates"].linkage_key) == "unknown"
    assert taken.word("feeds.firms.linkage_key", policy.feeds["firms"].linkage_key) == "firm_id"
    assert taken.days("lists.black.grace_days", listing.grace_days, DAY) == 0
    assert taken.days("lists.black.term_days", listing.term_days, DAY) == 365
    assert taken.neutral_band("scores.credit", policy.scores["credit"], DAY) == "a"
    assert taken.life("behaviours.charity", policy, None).kind == "forever"
    assert taken.lines() == [
        "behaviours.charity.life: forever (absent)",
        "feeds.gates.linkage_key: unknown (absent)",
        "lists.black.ability_test: false (unknown)",
        "lists.black.exit.auto_expiry: true (absent)",
        "lists.black.grace_days: 0 (absent)",
        "lists.firm_black.exit.auto_expiry: false (absent)",
        "measures.no_flights.decided_by: automated (absent)",
        "scores.credit.neutral_band: a (absent: the band of `start`)",
    ]


def test_the_ramp_is_straight_between_its_dates() -> None:
    enrolment = small().population.enrolment
    assert enrolment.share_on(date(2020, 12, 31)) == 0
    assert enrolment.share_on(date(2021, 12, 31)) == 1
    assert enrolment.share_on(date(2030, 1, 1)) == 1
    assert enrolment.share_on(date(2021, 7, 2)) == pytest.approx(0.5)
