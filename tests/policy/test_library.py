"""The library, its fillings, the policy `none`, vocabularies, flow graph, schema and plain words."""

import json
import subprocess
import sys
from datetime import date

import pytest
from tests.policy.texts import SMALL, small

from vitropolis.policy import (
    CONDUCT,
    FIRM_WORDS,
    PERSON_WORDS,
    SERVICES,
    change_dates,
    check_playable,
    fillings,
    flow_graph,
    library,
    list_lines,
    load_policy,
    load_text,
    none_beside,
    polarity,
    policy_schema,
    show_lines,
    sourced_values,
)
from vitropolis.policy.words import CONTEXTS, GRAVITY_ZERO_KINDS, KINDS

PRESS = "beijing-2018-press"


@pytest.mark.parametrize("name", library())
def test_every_library_policy_loads_and_can_be_played(name: str) -> None:
    policy = load_policy(name)
    assert policy.id == name
    check_playable(policy, policy.starts_on)
    n, m = sourced_values(policy)
    assert 0 <= n <= m > 0
    none = none_beside(policy)
    check_playable(none, none.starts_on)
    assert len(policy.digest) == 64


def test_the_library_is_complete() -> None:
    assert library() == (
        "accounts-2023", PRESS, f"{PRESS}-harsh", f"{PRESS}-lenient", "beijing-2018-text", "bologna-wallet-2022",
        "childcare-benefits-nl", "corporate-classes-2022", "court-list-2013", "court-list-2017", "court-list-2020",
        "fuzhou-jasmine-2018", "midas-2013", "robodebt-2016", "rongcheng-2014", "rongcheng-2021", "suining-2010",
    )  # fmt: skip


def test_fillings_share_their_elements_and_differ_in_numbers() -> None:
    names = fillings(PRESS)
    assert dict(names) == {"lenient": f"{PRESS}-lenient", "middle": PRESS, "harsh": f"{PRESS}-harsh"}
    assert fillings(f"{PRESS}-harsh") == names
    assert fillings("court-list-2017") == {}
    lenient, middle, harsh = (load_policy(name) for name in names.values())
    for section in ("departments", "feeds", "behaviours", "scores", "lists", "measures", "spillover", "campaigns"):
        assert list(getattr(lenient, section)) == list(getattr(middle, section)) == list(getattr(harsh, section))
    for name, behaviour in middle.behaviours.items():
        for score, points in behaviour.points.items():
            softer, harder = (policy.behaviours[name].points[score].all[0] for policy in (lenient, harsh))
            assert softer >= points.all[0] >= harder or points.all[0] > 0
    assert len({policy.digest for policy in (lenient, middle, harsh)}) == 3


def test_the_press_policy_says_what_is_sourced() -> None:
    policy = load_policy(PRESS)
    assert sourced_values(policy)[0] == 1
    assert policy.campaigns["accounts_october_2018"].count.all == (10000,)  # type: ignore[union-attr]
    ramp = policy.population.enrolment.ramp
    assert ramp is not None and ramp[date(2020, 12, 31)] == 1


def test_none_records_and_does_nothing() -> None:
    policy = load_policy(PRESS)
    none = none_beside(policy)
    assert none.id == "none"
    assert list(none.feeds) == list(policy.feeds) and list(none.behaviours) == list(policy.behaviours)
    assert not (none.scores or none.lists or none.measures or none.spillover or none.campaigns)
    assert all(not item.points and not item.band_ceiling for item in none.behaviours.values())
    assert none.behaviours["court_debt"].life == policy.behaviours["court_debt"].life
    assert none.starts_on == policy.starts_on
    assert none.source.line_of("behaviours.theft.conduct") == policy.source.line_of("behaviours.theft.conduct")


def test_words() -> None:
    assert (len(PERSON_WORDS), len(FIRM_WORDS), len(CONDUCT), len(SERVICES)) == (56, 10, 66, 53)
    assert PERSON_WORDS[0] == "judgment_unpaid_able" and PERSON_WORDS[-1] == "bills_paid_on_time"
    for name, word in CONDUCT.items():
        assert (PERSON_WORDS if word.subject == "person" else FIRM_WORDS)[word.index] == name
        assert word.context in CONTEXTS and word.kind in KINDS and 0 <= word.gravity <= 4
        assert (word.gravity == 0) == (word.kind in GRAVITY_ZERO_KINDS)
    assert CONDUCT["judgment_unpaid_unable"].kind == "inability_to_pay"
    assert CONDUCT["petition_disruptive"].kind == "petition"
    assert {name for name, service in SERVICES.items() if service.rival} == {
        "hospital_appointment", "higher_education", "public_housing", "public_employment", "residence_registration",
        "vehicle_plate", "public_procurement",
    }  # fmt: skip


def test_change_dates() -> None:
    assert change_dates(load_policy(PRESS)) == (date(2018, 10, 20), date(2018, 11, 19))
    dated = small(
        ("term_days: 365", "term_days: {2021-01-01: 365, 2021-05-01: 730}"),
        ("service: flights", "service: flights, starts_on: 2021-03-01, ends_before: 2021-09-01"),
    )
    assert change_dates(dated) == (date(2021, 1, 1), date(2021, 3, 1), date(2021, 5, 1), date(2021, 9, 1))


def test_the_flow_graph_reaches_what_a_record_can_do() -> None:
    graph = flow_graph(small())
    assert graph.reach("behaviours.pollution") == {
        "scores.corporate", "scores.corporate.bands.good", "scores.corporate.bands.poor", "lists.firm_black",
        "measures.no_bids", "firm",
    }  # fmt: skip
    assert "relation.child" in graph.reach("feeds.gates") and "firm" not in graph.reach("feeds.gates")
    first = next(graph.paths("behaviours.fare_dodging", "measures.no_flights"))
    assert [edge.kind for edge in first] == ["adds", "falls_in", "triggers", "triggers"]
    assert first[0].sign == -1
    assert graph.polarities == {"measures.heating_discount": "reward", "measures.no_flights": "sanction",
                                "measures.no_bids": "sanction"}  # fmt: skip


def test_polarity_is_derived() -> None:
    def of(action: str) -> str:
        policy = load_text(SMALL.replace("{kind: price, factor: 0.9}", action), "x.policy.yaml")
        return polarity(policy.measures["heating_discount"].action, date(2021, 1, 1))

    assert of("{kind: price, factor: 1.5}") == "sanction"
    assert of("{kind: price, factor: 1}") == "none"
    assert of("{kind: delay, days: -3}") == "reward"
    assert of("{kind: delay, days: 3}") == "sanction"
    assert of("{kind: restrict, kept_share: 0.5}") == "sanction"
    assert of("{kind: honour}") == "reward"


def test_plain_words_fit_eighty_columns() -> None:
    lines = list_lines() + [line for name in library() for line in show_lines(load_policy(name))]
    assert all(len(line) <= 80 for line in lines)
    text = "\n".join(show_lines(small()))
    assert "  - no_flights: flights refused if on list black" in text
    assert "  + heating_discount: heating bill at 0.9 times the price if in band aa of" in text
    assert "  bands from aa 1030, a 960, b 0" in text


def test_the_schema_is_json_and_names_every_section() -> None:
    schema = json.loads(json.dumps(policy_schema()))
    assert {"extends", "delete", "measures", "suppressions"} <= set(schema["properties"])
    assert schema["required"] == ["schema_version"]
    assert schema["then"]["required"] == ["schema_version", "policy", "population"]
    assert "title" in schema["$defs"]["Measure"]["properties"]


def test_importing_the_room_is_quick_and_light() -> None:
    code = (
        "import sys, time; import pydantic, yaml; u = time.perf_counter(); import vitropolis.policy;"
        "v = time.perf_counter(); assert not {'numpy', 'numba', 'polars'} & set(sys.modules); print(v - u)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_path())
    assert float(done.stdout) < 1.0


def _path() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
