"""`result.json`: everything a run found, with what it rests on; and its published JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vitropolis.base.errors import UsageError
from vitropolis.base.mark import MARK
from vitropolis.model.assumption_parts import Deserving
from vitropolis.model.worlds import Plan
from vitropolis.report.course import CourseRow, ScoreRow, course_rows, score_rows
from vitropolis.report.fields import FieldRow, field_rows
from vitropolis.report.fired import FiredRow, fired_rows
from vitropolis.report.firms import FirmRow, firm_rows
from vitropolis.report.headlines import METHODS, headlines_of
from vitropolis.report.question import Headline
from vitropolis.report.rivals import MovedRow, RivalRow, moved_rows, rival_rows
from vitropolis.report.studies import NONE, Studies, read_studies
from vitropolis.report.tables import (
    BinRow,
    DoorRow,
    GroupRow,
    HarmRow,
    QueueRow,
    ServiceRow,
    SurvivalRow,
    bin_rows,
    door_rows,
    group_rows,
    harm_rows,
    queue_rows,
    service_rows,
    survival_rows,
)
from vitropolis.report.totals import TWIN, Totals, totals_in
from vitropolis.results.folder import disk_trouble, write_json

SCHEMA = "vitropolis.result/1"
RESULT = "result.json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class WorldSaid:
    """One world: what output calls it, its filling (None: it has none), its policy's title and digest."""

    name: str
    filling: str | None
    title: str
    policy: str
    twin: bool


@dataclass(frozen=True)
class Basis:
    """What the numbers rest on: assumptions, what of it is sourced, what is not played, how far off the model can be.

    bounds: expected shares of residents, from the manifest's `envelope`. definitions: what a breach must be to count as
    deserved, by the name of each definition.
    """

    assumptions: str
    assumptions_digest: str
    sourced: str
    parts_not_played: dict[str, list[str]]
    fillings_missing: list[str]
    defaults_taken: list[str]
    open_channels: list[str]
    bounds: dict[str, float]
    definitions: dict[str, str]


@dataclass(frozen=True)
class Tables:
    """What does not fit one number; a table is empty where the run does not count it."""

    bins: list[BinRow]
    survival: list[SurvivalRow]
    doors: list[DoorRow]
    services: list[ServiceRow]
    groups: list[GroupRow]
    harm: list[HarmRow]
    queue: list[QueueRow]
    fields: list[FieldRow]
    rivals: list[RivalRow]
    moved: list[MovedRow]
    fired: list[FiredRow]
    firms: list[FirmRow]
    course: list[CourseRow]
    scores: list[ScoreRow]


@dataclass(frozen=True)
class StudiesSaid:
    """The files of `study/` as they are; null where a study was not made."""

    ranges: dict[str, Any] | None
    curve: dict[str, Any] | None
    channels: dict[str, Any] | None
    nodeterrence: dict[str, Any] | None


@dataclass(frozen=True, kw_only=True)
class Result:
    """Everything a run found. `headlines` come world after world in one order; `methods` says how each is counted."""

    schema: str
    mark: str
    what: str
    seed: int
    scenario: str
    city: str
    residents: int
    first_day: str
    last_day: str
    days: int
    worlds: list[WorldSaid]
    basis: Basis
    headlines: list[Headline]
    tables: Tables
    methods: dict[str, str]
    studies: StudiesSaid

    def headline(self, name: str, world: str) -> Headline | None:
        """One headline of one world; None if the world has none (the twin)."""
        return next((each for each in self.headlines if each.id == name and each.world == world), None)

    @property
    def played(self) -> list[WorldSaid]:
        """The worlds with a policy."""
        return [world for world in self.worlds if not world.twin]

    @property
    def has_twin(self) -> bool:
        """Whether the world without the policy was played."""
        return any(world.twin for world in self.worlds)


def make_result(
    totals: Totals, manifest: Mapping[str, Any], studies: Studies = NONE, scores: Iterable[ScoreRow] = ()
) -> Result:
    """The result of a run from its totals, what `run.json` says of it, and where people stand by score."""
    return Result(
        schema=SCHEMA,
        mark=MARK,
        what=manifest["what"],
        seed=manifest["seed"],
        scenario=manifest["scenario"],
        city=manifest["city"]["name"],
        residents=totals.residents,
        first_day=manifest["from"],
        last_day=manifest["to"],
        days=manifest["days"],
        worlds=[_world(said) for said in manifest["worlds"]],
        basis=_basis(manifest, totals.plan),
        headlines=[studies.with_range(headline, totals.residents) for headline in headlines_of(totals)],
        tables=_tables(totals, scores),
        methods=dict(METHODS),
        studies=StudiesSaid(*(dict(each) or None for each in _each(studies))),
    )


def _each(studies: Studies) -> Iterable[Mapping[str, Any]]:
    return studies.ranges, studies.curve, studies.channels, studies.nodeterrence


def _world(said: Mapping[str, Any]) -> WorldSaid:
    return WorldSaid(said["name"], said["filling"], said["title"], said["policy"], said["name"] == TWIN)


def _basis(manifest: Mapping[str, Any], plan: Plan) -> Basis:
    return Basis(
        assumptions=manifest["assumptions"]["id"],
        assumptions_digest=manifest["assumptions"]["digest"],
        sourced=manifest["values_sourced"],
        parts_not_played={name: list(parts) for name, parts in manifest["parts_not_played"].items()},
        fillings_missing=list(manifest["fillings_missing"]),
        defaults_taken=list(manifest.get("defaults_taken", [])),
        open_channels=list(manifest["open_channels"]),
        bounds=dict(manifest.get("envelope", {})),
        definitions={name: _in_words(item) for name, item in plan.worlds[0].assumptions.deserving.items()},
    )


def _in_words(definition: Deserving) -> str:
    able = ", by somebody able to pay," if definition.able_to_pay else ""
    lighter = "; lighter breaches are counted with the lawful" if definition.gravity_from > 1 else ""
    return f"an act of gravity {definition.gravity_from} or more (of 4){able} counts as deserving{lighter}"


def _tables(totals: Totals, scores: Iterable[ScoreRow]) -> Tables:
    return Tables(
        bins=bin_rows(totals),
        survival=survival_rows(totals),
        doors=door_rows(totals),
        services=service_rows(totals),
        groups=group_rows(totals),
        harm=harm_rows(totals),
        queue=queue_rows(totals),
        fields=field_rows(totals),
        rivals=rival_rows(totals),
        moved=moved_rows(totals),
        fired=fired_rows(totals),
        firms=firm_rows(totals),
        course=course_rows(totals),
        scores=list(scores),
    )


def result_of(folder: str | Path, manifest: Mapping[str, Any], plan: Plan) -> Result:
    """The result of a complete run folder that was opened (and so checked) before, with the studies in it.

    UsageError if the run is not complete; RefusedError if a file cannot be read.
    """
    home = Path(folder)
    if manifest["status"] != "complete":
        raise UsageError(f"{home} was interrupted; `vitropolis resume {home}` first")
    totals, studies = totals_in(home, plan, manifest), read_studies(home, manifest)
    return make_result(totals, manifest, studies, score_rows(home, plan))


def as_data(result: Result) -> dict[str, Any]:
    """A result as plain data: dicts, lists, texts and numbers, ready for JSON."""
    return dict(json.loads(json.dumps(asdict(result))))


def write_result(folder: str | Path, result: Result) -> Path:
    """Write `result.json` into a run folder, whole or not at all; return its path. ResourceError if it cannot be."""
    path = Path(folder) / RESULT
    with disk_trouble(path, "free some space or make the folder writable"):
        write_json(path, as_data(result))
    return path


def result_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of `result.json`."""
    from pydantic import TypeAdapter

    made = TypeAdapter(Result).json_schema()
    made["properties"]["schema"] = {"const": SCHEMA, "type": "string"}
    made["properties"]["mark"] = {"const": MARK, "type": "string"}
    for part in (made, *made["$defs"].values()):
        part["additionalProperties"] = False
    return {"$schema": DIALECT, **made, "title": "vitropolis result"}
