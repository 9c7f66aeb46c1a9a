# ruff: noqa: E501 (policy lines and messages stand here as they are)
"""Messages of the policy format, tested as text: file, line, element, what, legal values, nearest."""

import pytest
from tests.policy.texts import SMALL, changed, line_of, messages, small

from vitropolis.base.errors import InputError
from vitropolis.policy import check_playable


def test_the_small_policy_is_right() -> None:
    assert messages(SMALL) == []
    check_playable(small())


AT = {
    "charity": line_of(SMALL, "  charity:"), "gates": line_of(SMALL, "  gates:"), "dodging": line_of(SMALL, "  fare_dodging:"),
    "aa": line_of(SMALL, "      aa:"), "a": line_of(SMALL, "      a:"), "b": line_of(SMALL, "      b:"),
    "heating": line_of(SMALL, "  heating_discount:"), "memo": line_of(SMALL, "  memo:"), "start": line_of(SMALL, "    start:"),
    "population": line_of(SMALL, "population:"), "pollution": line_of(SMALL, "  pollution:"),
    "black": line_of(SMALL, "  black:"), "flights": line_of(SMALL, "  no_flights:"), "bids": line_of(SMALL, "  no_bids:"),
    "child": line_of(SMALL, "  child:"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # the examples of the format's own page
        ("aa: {lower: 1030}", "aa: {lowr: 1030, lower: 1030}",
         "{aa}: scores.credit.bands.aa.lowr: unknown key `lowr`; did you mean `lower`? "
         "(legal: title, reference, status, note, lower, upper)"),
        ("feed: good_deeds,", "feed: good_deed,",
         "{charity}: behaviours.charity.feed: `good_deed` is not a feed; did you mean `good_deeds`?"),
        ("kind: price, factor: 0.9", "kind: priority, place: first",
         "{heating}: measures.heating_discount.action: priority needs a rival service; `heating_bill` has no queue (use delay)"),
        ("[charity_gift]", "[firm_pollution]",
         "{charity}: behaviours.charity.conduct: `firm_pollution` is conduct of a firm, feed `good_deeds` is not about one"),
        ("title: a memorandum", "title: a memorandum (court, 44 bodies)",
         "{memo}: references.memo: unknown key `44 bodies)`: a text with a comma or colon inside {{...}} needs quotes"),
        # shapes
        ("department: office, context: transport, ", "context: transport, ", "{gates}: feeds.gates: `department` is missing"),
        ("context: volunteering,", "context: volunteeringg,",
         "9: feeds.good_deeds.context: `volunteeringg` is not allowed; did you mean `volunteering`? (legal: tax, ..."),
        ("gravity: 0", "gravity: 7", "{charity}: behaviours.charity.gravity: must be at most 4, not `7`"),
        ("gravity: 0", "gravity: '0'", "{charity}: behaviours.charity.gravity: must be a whole number, not `0`"),
        ("credit: 20", "credit: 2.5", "{charity}: behaviours.charity.points.credit: must be a whole number, not `2.5`"),
        ("credit: 20", "credit: {valu: 20}",
         "{charity}: behaviours.charity.points.credit: must be a plain value, `{{value: ..., status: ...}}` or `{{date: value}}`"),
        ("credit: 20", "credit: {value: 20, statu: assumed}",
         "{charity}: behaviours.charity.points.credit.statu: unknown key `statu`; did you mean `status`? "
         "(legal: value, unit, status, reference, note)"),
        ("credit: 20", "credit: {2021-06-01: 20, 2021-01-01: 10}", "{charity}: behaviours.charity.points.credit: dates must rise"),
        ("max_counted: 80", "max_counted: -1", "{dodging}: behaviours.fare_dodging.max_counted: must be at least 1, not `-1`"),
        ("kind: deny}, service: flights", "kind: denyy}, service: flights",
         "{flights}: measures.no_flights.action: kind `denyy` is not known; did you mean `deny`? (legal: inspect, price, ..."),
        ("action: {kind: deny}, service: flights", "action: {}, service: flights",
         "{flights}: measures.no_flights.action: `kind` is missing (legal: inspect, price, delay, priority, restrict, deny, ..."),
        ("kind: price, factor: 0.9", "kind: price, factr: 0.9, factor: 1",
         "{heating}: measures.heating_discount.action.factr: unknown key `factr`; did you mean `factor`? (legal: kind, factor, of)"),
        ("kind: price, factor: 0.9", "kind: price, factor: -1",
         "{heating}: measures.heating_discount.action.factor: must be at least 0, not `-1`"),
        ("natural_persons: true", "natural_persons: yes",
         "{population}: population.natural_persons: must be true or false, not `yes`"),
        ("mode: mandatory", "mode: unknown",
         "{population}: population.enrolment.mode: `unknown` is not allowed (legal: mandatory, opt_in, opt_out)"),
        ("linkage_key: name", "linkage_key: null", "9: feeds.good_deeds.linkage_key: `null` is not allowed (legal: national_id, ..."),
        ("  charity:", "  Charity:", "{charity}: behaviours.Charity: `Charity` cannot be a key here: ..."),
        # between elements
        ("points: {credit: -10}", "points: {corporate: -10}",
         "{dodging}: behaviours.fare_dodging.points: `corporate` is a score of firms, feed `gates` is about persons; "
         "what passes between them is written in `spillover`"),
        ("[firm_pollution]", "[theft]",
         "{pollution}: behaviours.pollution.conduct: `theft` is conduct of a person, feed `firms` is about firms"),
        ("[fare_dodging]", "[fare_doging]",
         "{dodging}: behaviours.fare_dodging.conduct: `fare_doging` is not a known conduct; did you mean `fare_dodging`?"),
        ("start: 1000", "start: 1500", "{start}: scores.credit.start: `1500` lies outside the range 0 to 1200"),
        ("b: {lower: 0}", "b: {lower: 10}",
         "{b}: scores.credit.bands.b.lower: the lowest band `b` must start where the range does: 0, not 10"),
        ("bands: [b]", "bands: [bb]", "{black}: lists.black.trigger: `bb` is not a band of `credit`; did you mean `b`?"),
        ("lists: [black]", "lists: [blak]",
         "{flights}: measures.no_flights.trigger: `blak` is not a list; did you mean `black`?"),
        ("service: flights", "service: flihts",
         "{flights}: measures.no_flights.service: `flihts` is not a service; did you mean `flights`?"),
        ("measure: no_flights", "measure: no_flight",
         "{child}: spillover.child.carries: `no_flight` is not a measure; did you mean `no_flights`?"),
        ("2021-12-31: 1}", "2021-12-31: 1, 2022-06-01: 0.5}",
         "{population}: population.enrolment.ramp: ramps rise: 0.5 on 2022-06-01 follows 1"),
        ("trigger: {kind: band, score: credit, bands: [b]}", "trigger: {kind: band, score: corporate, bands: [poor]}",
         "{black}: lists.black.trigger: list `black` is of persons, the trigger speaks of firms"),
        ("trigger: {kind: band, score: credit, bands: [b]}", "trigger: {kind: listed, lists: [black]}",
         "{black}: lists.black.trigger: lists trigger one another in a circle: black > black"),
        ("lists: [firm_black]", "lists: [black]",
         "{bids}: measures.no_bids.service: `public_procurement` is a service to firms, the trigger is about persons"),
        ("term_days: 365", "term_days: {value: 365, status: sourced}",
         "{black}: lists.black.term_days: status `sourced` needs a reference"),
        ("term_days: 365", "term_days: {value: 365, reference: mem}",
         "{black}: lists.black.term_days: `mem` is not a reference; did you mean `memo`?"),
        ("term_days: 365", "term_days: 365, starts_on: 2021-02-01, ends_before: 2021-02-01",
         "{black}: lists.black.ends_before: `2021-02-01` is not after `starts_on` 2021-02-01"),
        ("kind: band, score: credit, bands: [aa]", "kind: score, score: credit",
         "{heating}: measures.heating_discount.trigger: write exactly one of `at_least` and `below`"),
        ("id: x,", "id: X y,", "2: policy.id: `X y` must be in kebab-case (a-z, 0-9, single `-`) and not `none`"),
        ("id: x,", "id: y,", "2: policy.id: `y` is not the file's name; write `x`"),
        ("schema_version: 1", "schema_version: 2", "1: schema_version: `2` is not allowed (legal: 1)"),
    ],
)  # fmt: skip
def test_one_mistake_one_message(old: str, new: str, said: str) -> None:
    (found,) = messages(changed((old, new)))
    wanted = "x.policy.yaml:" + said.format(**AT)
    if wanted.endswith(" ..."):  # a long list of legal words follows
        assert found.startswith(wanted[:-4])
    else:
        assert found == wanted


def test_everything_is_reported_at_once_in_the_order_of_lines() -> None:
    text = changed(
        ("aa: {lower: 1030}", "aa: {lowr: 1}"),
        ("feed: good_deeds,", "feed: good_deed,"),
        ("service: flights", "service: flihts"),
        ("natural_persons: true, ", "natural_persons: true, extra: 1, "),
    )
    lines = [int(message.split(":")[1]) for message in messages(text)]
    assert lines == sorted(lines)
    assert len(lines) >= 3


def test_a_mistake_in_one_element_does_not_hide_those_in_others() -> None:
    found = messages(changed(("linkage_key: name}", "linkage_key: nam}"), ("service: flights", "service: flihts")))
    assert [message.split(": ")[1] for message in found] == [
        "feeds.good_deeds.linkage_key",
        "measures.no_flights.service",
    ]


def test_overlap_and_gap_stop_a_run_but_not_the_linter() -> None:
    overlap = small(("a: {lower: 960}", "a: {lower: 960, upper: 1040}"))
    with pytest.raises(InputError) as error:
        check_playable(overlap)
    assert str(error.value) == (
        f"x.policy.yaml:{AT['a']}: scores.credit.bands.a.upper: bands `a` and `aa` overlap: 1040 against 1030; "
        "bands are half-open, `upper` is the first score above"
    )
    with pytest.raises(InputError, match="bands `a` and `aa` leave a gap: 1029 against 1030; bands are half-open"):
        check_playable(small(("a: {lower: 960}", "a: {lower: 960, upper: 1029}")))
    with pytest.raises(InputError, match="bands `a` and `aa` overlap: both start at 1030"):
        check_playable(small(("a: {lower: 960}", "a: {lower: 1030}")))


def test_unreachable_band_and_unsatisfiable_exit_stop_a_run() -> None:
    with pytest.raises(InputError, match=r"band `aa` \(1030 to 1201\) cannot be reached: scores go from 200 to 1020"):
        check_playable(small(("points: {credit: 20}", "points: {credit: 20}, max_counted: 1")))
    with pytest.raises(InputError, match="but `term_days` is null: this exit cannot be met"):
        check_playable(small(("term_days: 365", "term_days: null, exit: {auto_expiry: true}")))


def test_a_value_that_does_not_exist_yet_is_refused_with_its_first_date() -> None:
    policy = small(("start: 1000", "start: {2022-01-01: 1000}"))
    with pytest.raises(
        InputError, match=r"scores\.credit\.start: has no value on 2021-01-01; the first holds from 2022-01-01"
    ):
        check_playable(policy, policy.starts_on)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "x.policy.yaml: the file is empty"),
        (b"- a\n", "x.policy.yaml:1: the top of the file is a list; it must be a mapping `key: value`"),
        (b"\x7fELF\x00\x01", "x.policy.yaml:1: holds a NUL byte: not a text file"),
        (SMALL.replace("Office", "Caf\u00e9").encode("latin-1"),
         "x.policy.yaml:7: is not UTF-8 (byte 0xe9); save the file as UTF-8"),
        (SMALL.replace("  office:", "\toffice:").encode(), "x.policy.yaml:7: a tab stands in the indentation; use spaces"),
        (SMALL.replace("Office", "!!python/name:os.system x").encode(),
         "x.policy.yaml:7: tags are not allowed: `!!python/name:os.system`"),
        (SMALL.replace("{title: Office}", "&o {title: Office}").encode(),
         "x.policy.yaml:7: anchors and aliases are not allowed; use `extends`"),
        (SMALL.replace("  gates:", "  good_deeds:").encode(), "x.policy.yaml:10: key `good_deeds` stands here a second time"),
        (SMALL.replace("2021-12-31", "2018-13-01").encode(),
         "x.policy.yaml:5: `2018-13-01` is not a date (month must be in 1..12); write YYYY-MM-DD"),
        (b"schema_version: 1\n", "x.policy.yaml:1: `policy` is missing"),
    ],
)  # fmt: skip
def test_bad_files(data: bytes, said: str) -> None:
    assert messages(data)[0] == said
