# ruff: noqa: E501 (policy lines and messages stand here as they are)
"""A small policy that is right in every part, for tests to break one thing at a time."""

from vitropolis.base.errors import InputError
from vitropolis.policy import Policy, load_text

SMALL = """\
schema_version: 1
policy: {id: x, title: a small policy, as_of: 2021-01-01}
references:
  memo: {title: a memorandum}
population: {natural_persons: true, legal_entities: true, enrolment: {mode: mandatory, ramp: {2021-01-01: 0, 2021-12-31: 1}}}
departments:
  office: {title: Office}
feeds:
  good_deeds: {department: office, context: volunteering, provenance: verified_record, linkage_key: name}
  gates: {department: office, context: transport, provenance: verified_record}
  firms: {department: office, context: market_regulation, about: firm, provenance: final_decision, linkage_key: firm_id}
behaviours:
  charity: {feed: good_deeds, conduct: [charity_gift], kind: virtue, gravity: 0, points: {credit: 20}}
  fare_dodging: {feed: gates, conduct: [fare_dodging], kind: contract_breach, gravity: 1, points: {credit: -10}, max_counted: 80}
  pollution: {feed: firms, conduct: [firm_pollution], kind: unlawful_act, gravity: 3, points: {corporate: -50}}
scores:
  credit:
    start: 1000
    range: [0, 1200]
    bands:
      aa: {lower: 1030}
      a: {lower: 960}
      b: {lower: 0}
  corporate: {subject: firm, start: 100, range: [0, 100], bands: {good: {lower: 60}, poor: {lower: 0}}}
lists:
  black: {polarity: black, context: transport, trigger: {kind: band, score: credit, bands: [b]}, term_days: 365}
  firm_black: {polarity: black, subject: firm, context: environment, trigger: {kind: records, behaviours: [pollution]}, term_days: null}
measures:
  heating_discount: {trigger: {kind: band, score: credit, bands: [aa]}, action: {kind: price, factor: 0.9}, service: heating_bill}
  no_flights: {trigger: {kind: listed, lists: [black]}, action: {kind: deny}, service: flights}
  no_bids: {trigger: {kind: listed, lists: [firm_black]}, action: {kind: deny}, service: public_procurement}
spillover:
  child: {carries: {kind: measure, measure: no_flights}, to: child}
"""


def changed(*pairs: tuple[str, str], text: str = SMALL) -> str:
    """The small policy with texts replaced; each must occur."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def line_of(text: str, part: str) -> int:
    """The line on which a part of a text first stands."""
    return 1 + text[: text.index(part)].count("\n")


def messages(text: str | bytes) -> list[str]:
    """What loading a text says; empty if it is right."""
    try:
        load_text(text, "x.policy.yaml")
    except InputError as error:
        return [str(message) for message in error.messages]
    return []


def small(*pairs: tuple[str, str]) -> Policy:
    """The small policy, changed and loaded."""
    return load_text(changed(*pairs), "x.policy.yaml")
