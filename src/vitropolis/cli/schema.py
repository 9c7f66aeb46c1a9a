"""`vitropolis schema`: the JSON Schema of each kind of file that people write, and of what a run says."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from cyclopts import Parameter

from vitropolis.base.mark import MARK
from vitropolis.cli.options import PLAIN, Common
from vitropolis.cli.output import Voice, to_json

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(
    kind: Annotated[
        Literal["policy", "city", "assumptions", "scenario", "result"],
        Parameter(help="Which kind of file the schema describes."),
    ],
    /,
    *,
    common: Common = PLAIN,
) -> None:
    """Print the JSON Schema (draft 2020-12) of a kind of file, for editors and other programs."""
    makers = {"policy": _policy, "city": _city, "assumptions": _assumptions, "scenario": _scenario, "result": _result}
    made = makers[kind]()
    Voice.of(common).lines([to_json({"$schema": made["$schema"], "$comment": MARK} | made)])


def _policy() -> dict[str, Any]:
    from vitropolis.policy import policy_schema

    return policy_schema()


def _city() -> dict[str, Any]:
    """The schema of `city.yaml`; the columns of each table's CSV stand in its description."""
    from vitropolis.city.tables import SCHEMA, CityFile

    made = CityFile.model_json_schema()
    tables = made["properties"]["tables"]
    entry = tables.pop("additionalProperties")
    tables["properties"] = {
        name: {**entry, "description": f"a CSV table with the columns {', '.join(columns)}"}
        for name, columns in SCHEMA.items()
    }
    tables |= {"additionalProperties": False, "required": list(SCHEMA)}
    return {"$schema": DIALECT, **made, "title": "vitropolis city"}


def _assumptions() -> dict[str, Any]:
    from vitropolis.model.assumptions import Assumptions

    made = Assumptions.model_json_schema(by_alias=True)
    made["properties"]["extends"] = {
        "type": "string",
        "description": "library name or relative path of the set this one overlays",
    }
    required = made.pop("required", [])
    rest = {"if": {"not": {"required": ["extends"]}}, "then": {"required": required}}
    return {"$schema": DIALECT, **made, "title": "vitropolis assumptions", **rest}


def _scenario() -> dict[str, Any]:
    from vitropolis.engine.scenario import scenario_schema

    return scenario_schema()


def _result() -> dict[str, Any]:
    from vitropolis.report import result_schema

    return result_schema()
