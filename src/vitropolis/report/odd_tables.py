"""The tables of the ODD document, each read from what the code declares; `odd_data` is all of them together."""

from __future__ import annotations

from typing import Any

from vitropolis import __version__
from vitropolis.model.assumption_checks import named
from vitropolis.model.assumption_parts import Assumption, Profile
from vitropolis.model.assumptions import Assumptions, load_assumptions
from vitropolis.report import odd_source as source
from vitropolis.report.odd_words import PARTS, Submodel

Row = dict[str, Any]
Rows = list[Row]
STATE, CITY, BETWEEN = "engine/columns.py", "city/city.py", "engine/between.py"
RULES, DRAWS = "model/rules.py", "base/draws.py"
ROOM_OF_MECHANISMS = "model"
SYNTHESIS_LEAVES_OUT = ("city/__init__.py", "city/show.py", "city/store.py")


def odd_data() -> dict[str, Any]:
    """Every table of the document as plain data, in the order of the protocol."""
    held = load_assumptions("default")
    return {
        "version": __version__,
        "state": state_columns(),
        "traits_of_the_city": city_columns(),
        "stores": stores(),
        "between_weeks": between_weeks(),
        "limits": limits(),
        "week": source.docstring("engine/week.py"),
        "day": source.docstring("engine/day.py"),
        "look": source.docstring("model/look.py"),
        "streams": streams(),
        "observed": observed(),
        "headlines": headlines(),
        "cities": cities(),
        "policies": policies(),
        "submodels": submodels(),
        "values_by_section": by_section(held),
        "parameters": parameters(held),
        "profiles": profiles(held),
        "conduct": conduct_words(held),
        "services": services(held),
        "debts": [{"debt": name, "payer": debt.payer} for name, debt in held.debts.items()],
        "definitions": [{"definition": name, **item.model_dump()} for name, item in held.deserving.items()],
        "sources": sources(held),
    }


def state_columns() -> Rows:
    """State of a resident: the columns as declared. A column with an axis stands once for each world or ledger."""
    from vitropolis.engine.columns import COLUMNS

    return [
        {"name": each.name, "dtype": each.dtype, "per": each.axis or "resident", "kept": not each.trait,
         "meaning": each.meaning, "writer": each.writer}
        for each in COLUMNS
    ]  # fmt: skip


def city_columns() -> Rows:
    """Traits that the city gives, from what the class of a built city says of them."""
    from vitropolis.city.city import COLUMNS

    kinds = source.types(CITY, "City")
    said = source.columns_said(source.class_docstring(CITY, "City"), kinds)
    return [{"name": name, "dtype": kinds[name], "meaning": _after_type(said.get(name, ""))} for name in COLUMNS]


def _after_type(text: str) -> str:
    """A meaning without the type that stands before it: `uint8, years` gives `years`."""
    head, _, rest = text.partition(", ")
    return rest if head.split("[")[0] in ("uint8", "uint16", "int32", "int64") else text


def stores() -> Rows:
    """What a chunk holds beside columns of residents: the fields of its state that are no column."""
    from vitropolis.engine.columns import COLUMNS

    known = {column.name for column in COLUMNS} | {"marks"}
    kinds, said = source.types(STATE, "State"), source.comments(STATE, "State")
    return [
        {"name": name, "dtype": kinds[name], "meaning": said[name]}
        for name in kinds
        if name not in known and "the city's" not in said[name]
    ]


def between_weeks() -> Rows:
    """What the city as a whole carries from week to week."""
    kinds, said = source.types(BETWEEN, "CityState"), source.comments(BETWEEN, "CityState")
    return [{"name": name, "dtype": kinds[name], "meaning": said[name]} for name in kinds]


def limits() -> Rows:
    """The largest numbers of things that one run can hold."""
    from vitropolis.model import rules

    said = source.comments(RULES)
    names = [name for name in said if isinstance(getattr(rules, name, None), int) and said[name]]
    return [{"name": name, "number": getattr(rules, name), "meaning": said[name]} for name in names]


def streams() -> Rows:
    """Every registered stream of chance with what it is keyed by and what is drawn."""
    from vitropolis.base.draws import Stream

    said = source.comments(DRAWS, "Stream")
    return [{"stream": each.name, "number": int(each), "what": said[each.name]} for each in Stream]


def observed() -> Rows:
    """What is counted while a city is played, with units."""
    from vitropolis.results.meanings import MEANINGS, QUEUE_MEANINGS, SERVICE_MEANINGS

    groups = (("by group", MEANINGS), ("by service", SERVICE_MEANINGS), ("by queue", QUEUE_MEANINGS))
    return [
        {"item": name, "counted": how, "unit": unit, "meaning": meaning}
        for how, table in groups
        for name, (unit, _, meaning) in table.items()
    ]


def headlines() -> Rows:
    """The questions that the report of a run answers."""
    from vitropolis.report.headlines import METHODS, QUESTIONS

    definitions = {"first": "`breach`", "second": "`harm`"}
    return [
        {"headline": each.id, "title": each.title.format(**definitions), "unit": each.unit,
         "method": METHODS.get(each.method, each.method)}
        for each in QUESTIONS
    ]  # fmt: skip


def cities() -> Rows:
    """Every city of the library with its tables."""
    from vitropolis.city import library, load_tables

    return [
        {"city": made.name, "title": made.title, "population": made.population, "areas": len(made.areas),
         "tables": [
             {"table": table.name, "rows": len(table.data.rows), **table.entry.model_dump()}
             for table in made.tables.values()
         ]}
        for made in map(load_tables, library())
    ]  # fmt: skip


def policies() -> Rows:
    """Every policy of the library, with how many of its values have a source."""
    from vitropolis.policy import library, load_policy, sourced_values

    found = []
    for name in library():
        policy = load_policy(name)
        sourced, values = sourced_values(policy)
        found.append({"policy": name, "title": policy.policy.title, "state": policy.policy.state,
                      "sourced": sourced, "values": values})  # fmt: skip
    return found


def submodels() -> Rows:
    """Every module of the model, in the order of `PARTS`; one that stands nowhere there comes last, never out."""
    listed = [(part.title, each) for part in PARTS for each in part.submodels]
    known = {each.module for _, each in listed}
    rest = [("Others", Submodel(each)) for each in source.modules(ROOM_OF_MECHANISMS) if each not in known]
    return [_submodel(part, each) for part, each in [*listed, *rest]]


def _submodel(part: str, each: Submodel) -> Row:
    title, text = source.split_title(source.docstring(each.module))
    return {"part": part, "module": each.module, "title": title, "text": text, "values": list(each.values),
            "kernels": source.kernels(each.module)}  # fmt: skip


def by_section(held: Assumptions) -> Rows:
    """How many numbers each section has, by status."""
    found: dict[str, dict[str, int]] = {}
    for path, item in held.values().items():
        counts = found.setdefault(path.partition(".")[0], {"sourced": 0, "calibrated": 0, "assumed": 0})
        counts[item.status] += 1
    return [{"section": name, "values": sum(counts.values()), **counts} for name, counts in found.items()]


def parameters(held: Assumptions) -> Rows:
    """Every number of the default assumptions."""
    return [_parameter(path, item) for path, item in held.values().items()]


def _parameter(path: str, item: Assumption) -> Row:
    return {"name": path, "value": item.value, "low": item.low, "high": item.high, "unit": item.unit,
            "source": item.source, "status": item.status, "evidence": item.evidence,
            "note": item.note or ""}  # fmt: skip


def profiles(held: Assumptions) -> Rows:
    """Who does or needs something more, who less: factors by group."""
    axes = ("age", "sex", "registration", "education", "income")
    found = [(path.removeprefix("profiles."), item) for path, item in named(held) if isinstance(item, Profile)]
    return [
        {"profile": name, "title": item.title, **{axis: list(getattr(item, axis)) for axis in axes},
         "source": item.source, "status": item.status, "evidence": item.evidence}
        for name, item in found
    ]  # fmt: skip


def conduct_words(held: Assumptions) -> Rows:
    """What people do: each word's nature, from the catalogue, and what the assumptions tie it to."""
    from vitropolis.policy import CONDUCT

    return [
        {"word": word, "context": CONDUCT[word].context, "kind": CONDUCT[word].kind, "gravity": CONDUCT[word].gravity,
         "family": item.family, "profile": item.profile, "mistaken_for": item.mistaken_for, "debt": item.debt}
        for word, item in held.conduct.items()
    ]  # fmt: skip


def services(held: Assumptions) -> Rows:
    """The services of persons: how essential, whether people queue for them, who needs them."""
    from vitropolis.policy import SERVICES

    return [
        {"service": name, "level": SERVICES[name].level, "rival": SERVICES[name].rival, "field": SERVICES[name].field,
         "profile": need.profile}
        for name, need in held.services.demand.items()
    ]  # fmt: skip


def sources(held: Assumptions) -> Rows:
    """What the numbers rest on, and how many of them each."""
    every = [item.source for _, item in named(held)]
    return [
        {"source": name, "title": item.title, "url": item.url, "checked": item.checked, "used": every.count(name)}
        for name, item in held.references.items()
    ]
