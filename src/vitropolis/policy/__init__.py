"""What an authority decides: the policy file, its schema, loading, overlays, checks, flow graph and library.

Everything other rooms need is named here; the parts of a policy are in `schema`, `parts`, `triggers` and `words`.
"""

from vitropolis.policy.defaults import Taken
from vitropolis.policy.describe import list_lines, show_lines
from vitropolis.policy.diff import (
    Comparison,
    ElementChange,
    FieldChange,
    compared,
    comparison_data,
    comparison_lines,
)
from vitropolis.policy.flow import Edge, FlowGraph, flow_graph
from vitropolis.policy.jsonschema import policy_schema
from vitropolis.policy.load import (
    change_dates,
    fillings,
    lacking,
    library,
    library_text,
    load_policy,
    load_text,
    none_beside,
    sourced_values,
)
from vitropolis.policy.playable import attainable, check_playable, defects
from vitropolis.policy.schema import Policy
from vitropolis.policy.splice import splice
from vitropolis.policy.summary import first_sentence, summary
from vitropolis.policy.triggers import leaves, polarity
from vitropolis.policy.values import NoValueYet, Step, Value
from vitropolis.policy.words import CONDUCT, FIRM_WORDS, PERSON_WORDS, SERVICES
from vitropolis.policy.written import spliced_text

__all__ = [
    "CONDUCT",
    "FIRM_WORDS",
    "PERSON_WORDS",
    "SERVICES",
    "Comparison",
    "Edge",
    "ElementChange",
    "FieldChange",
    "FlowGraph",
    "NoValueYet",
    "Policy",
    "Step",
    "Taken",
    "Value",
    "attainable",
    "change_dates",
    "check_playable",
    "compared",
    "comparison_data",
    "comparison_lines",
    "defects",
    "fillings",
    "first_sentence",
    "flow_graph",
    "leaves",
    "library",
    "library_text",
    "list_lines",
    "load_policy",
    "load_text",
    "none_beside",
    "polarity",
    "policy_schema",
    "show_lines",
    "sourced_values",
    "splice",
    "spliced_text",
    "summary",
    "lacking",
]
