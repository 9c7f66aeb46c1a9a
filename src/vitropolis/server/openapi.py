"""The OpenAPI document of the server, made from the contract's models. `python -m vitropolis.server.openapi FILE`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from vitropolis import __version__
from vitropolis.base.mark import MARK
from vitropolis.server import contract as c

REF = "#/components/schemas/{model}"
WRONG = {
    400: "What was asked is not well formed.",
    403: "Refused: another host or origin, a read-only server, a folder this model did not make.",
    404: "There is no such thing.",
    409: "Not now: it goes on, it is being checked, or it is over.",
    413: "More than this server takes.",
    415: "A body must be JSON.",
    422: "What was asked for cannot be played; the words say why.",
    429: "Too many requests or runs; try again later.",
    503: "The server is busy or stopping; try again.",
}
REFUSALS = (400, 403, 404, 413, 429, 503)


@dataclass(frozen=True)
class Endpoint:
    """One operation: what it takes and gives. `given`: a model, a list of one, or a media type."""

    method: str
    path: str
    name: str
    says: str
    given: Any
    asked: type[BaseModel] | None = None
    status: int = 200
    wrong: tuple[int, ...] = ()


ENDPOINTS = (
    Endpoint("get", "/api/meta", "meta", "What this server is and offers.", c.Meta),
    Endpoint("get", "/api/openapi.json", "openapi", "This document.", "application/json"),
    Endpoint("get", "/api/schema/policy", "policySchema", "The JSON Schema of a policy file.", "application/json"),
    Endpoint("get", "/api/policies/{policy}", "policy", "One policy of the library.", c.PolicyText),
    Endpoint(
        "post", "/api/policy/check", "checkPolicy", "Judge a policy's text.", c.CheckTold, c.CheckAsked, 200, (422,)
    ),
    Endpoint(
        "post", "/api/estimate", "estimate", "What a run would take.", c.EstimateTold, c.EstimateAsked, 200, (422,)
    ),
    Endpoint("get", "/api/runs", "runs", "What lies in the folder of runs, newest first.", list[c.RunEntry]),
    Endpoint("post", "/api/runs", "beginRun", "Play a policy.", c.Begun, c.RunAsked, 202, (422,)),
    Endpoint(
        "post",
        "/api/comparisons",
        "beginComparison",
        "Play policies side by side.",
        c.Begun,
        c.ComparisonAsked,
        202,
        (422,),
    ),
    Endpoint("get", "/api/runs/{run}", "run", "Where a run stands.", c.RunRecord),
    Endpoint(
        "get",
        "/api/runs/{run}/events",
        "runEvents",
        "The same record whenever it changes, until it is over; Last-Event-ID goes on from there.",
        "text/event-stream",
    ),
    Endpoint(
        "post",
        "/api/runs/{run}/cancel",
        "cancelRun",
        "Stop a run; what was played is kept.",
        c.RunRecord,
        None,
        200,
        (409,),
    ),
    Endpoint("post", "/api/runs/{run}/resume", "resumeRun", "Go on with a run.", c.RunRecord, None, 200, (409, 422)),
    Endpoint("delete", "/api/runs/{run}", "deleteRun", "Delete a run's folder.", None, None, 204, (409,)),
    Endpoint(
        "get",
        "/api/runs/{run}/view/{part}",
        "runView",
        "A piece of the page of a checked run.",
        c.View,
        None,
        200,
        (409, 422),
    ),
    Endpoint(
        "get", "/api/runs/{run}/lives", "lives", "Whose life can be shown.", list[c.PickEntry], None, 200, (409, 422)
    ),
    Endpoint(
        "get",
        "/api/runs/{run}/lives/{pick}/{number}",
        "life",
        "One synthetic resident's life.",
        c.LifeView,
        None,
        200,
        (409, 422),
    ),
    Endpoint(
        "get",
        "/api/comparisons/{run}/view",
        "comparisonView",
        "What a checked comparison found.",
        c.View,
        None,
        200,
        (409, 422),
    ),
    Endpoint(
        "get",
        "/api/runs/{run}/files",
        "files",
        "What can be had of a checked run.",
        list[c.FileEntry],
        None,
        200,
        (409,),
    ),
    Endpoint(
        "get",
        "/api/runs/{run}/files/{file}",
        "file",
        "One of these files.",
        "application/octet-stream",
        None,
        200,
        (409, 422),
    ),
)

PARAMETERS: dict[str, Any] = {
    "policy": c.PolicyId,
    "run": c.RunId,
    "part": c.Part,
    "pick": c.Pick,
}
NUMBER = {"type": "integer", "minimum": 1, "maximum": c.MOST_LIVES}
FILE = {"type": "string", "pattern": r"^[a-z0-9][a-z0-9._-]{0,79}$"}


def document() -> dict[str, Any]:
    """The whole document, OpenAPI 3.1."""
    models = [each for each in vars(c).values() if isinstance(each, type) and issubclass(each, BaseModel)]
    kept = [each for each in models if each not in (BaseModel, c.Asked, c.Told)]
    _, made = models_json_schema([(each, _mode(each)) for each in kept], ref_template=REF)
    paths: dict[str, Any] = {}
    for each in ENDPOINTS:
        paths.setdefault(each.path, {})[each.method] = _operation(each)
    return {
        "openapi": "3.1.0",
        "info": {"title": "vitropolis", "version": __version__, "description": f"{MARK}. No endpoint takes a person."},
        "paths": paths,
        "components": {"schemas": dict(sorted(made["$defs"].items()))},
    }


def _mode(model: type[BaseModel]) -> Any:
    return "validation" if issubclass(model, c.Asked) else "serialization"


def _operation(each: Endpoint) -> dict[str, Any]:
    names = [part[1:-1] for part in each.path.split("/") if part.startswith("{")]
    made: dict[str, Any] = {"operationId": each.name, "summary": each.says}
    if names:
        made["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": _parameter(name)} for name in names
        ]
    if each.asked is not None:
        content = {"application/json": {"schema": {"$ref": REF.format(model=each.asked.__name__)}}}
        made["requestBody"] = {"required": True, "content": content}
    wrong = sorted({*REFUSALS, *each.wrong, *((415,) if each.asked else ())})
    made["responses"] = {str(each.status): _given(each), **{str(code): _wrong(code) for code in wrong}}
    if each.name == "runEvents":
        made["responses"]["204"] = {"description": "It is over, and the last event was heard."}
    return made


def _parameter(name: str) -> dict[str, Any]:
    if name in ("number", "file"):
        return NUMBER if name == "number" else FILE
    return TypeAdapter(PARAMETERS[name]).json_schema()


def _given(each: Endpoint) -> dict[str, Any]:
    made: dict[str, Any] = {"description": each.says}
    if isinstance(each.given, str):
        kind = {"type": "string"} if each.given == "text/event-stream" else {}
        media = "*/*" if each.name == "file" else each.given
        return made | {"content": {media: {"schema": kind}}}
    if each.given is None:
        return made
    if isinstance(each.given, type) and issubclass(each.given, BaseModel):
        schema: dict[str, Any] = {"$ref": REF.format(model=each.given.__name__)}
    else:
        schema = {"type": "array", "items": {"$ref": REF.format(model=each.given.__args__[0].__name__)}}
    return made | {"content": {"application/json": {"schema": schema}}}


def _wrong(code: int) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": REF.format(model="Problem")}}}
    return {"description": WRONG[code], "content": content}


def text() -> str:
    """The document as it is committed: two spaces, one end of line."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: Sequence[str]) -> int:
    """Write the document to the file that is named, else to standard output."""
    if arguments:
        Path(arguments[0]).write_text(text(), encoding="utf-8")
    else:
        sys.stdout.write(text())
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
