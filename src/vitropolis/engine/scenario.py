"""The scenario file (`NAME.scenario.yaml`): policy, city and assumptions by name, horizon, size, seed.

It is what people share. `load_scenario` reads a file, `scenario_for` makes one from a policy's name; `resolve` finds
everything that is named and gives a `Setup`, which is all a run needs. `Setup.inputs` holds the exact bytes of every
file that came in, and a scenario that names these copies, so that a run folder's `inputs/` can be played again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, WithJsonSchema
from pydantic_core import PydanticCustomError

from vitropolis.base.errors import InputError, Message, UsageError
from vitropolis.base.intake import check_tree
from vitropolis.base.located import Source, nearest, parse
from vitropolis.base.yamlfile import read_yaml
from vitropolis.city.build import build_city
from vitropolis.city.city import City
from vitropolis.city.tables import CityTables, find_city, load_tables
from vitropolis.engine.inputs import BASE, BESIDE, copies_of, layered_assumptions
from vitropolis.model.assumptions import Assumptions
from vitropolis.model.rules import DISTRICTS
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import Policy, check_playable, load_policy, none_beside
from vitropolis.policy import fillings as library_fillings
from vitropolis.policy.words import SERVICES

SUFFIX = ".scenario.yaml"
FIRST_DAY, LAST_DAY = date(2018, 10, 20), date(2020, 12, 31)
FILLINGS = ("lenient", "middle", "harsh")
SIZES = {"full": 0, "2M": 2_000_000, "200k": 200_000, "20k": 20_000}  # full: whoever lives in the city
UNITS = {"": 1, "k": 1_000, "m": 1_000_000, "g": 1_000_000_000}
LEAST, MOST = 1_000, 100_000_000
LONGEST_TITLE = 200
RIVAL_SERVICES = tuple(name for name, service in SERVICES.items() if service.rival and service.subject == "person")
_SIZE = re.compile(r"([0-9]{1,12})(?:\.([0-9]{1,9}))?([kmg]?)\Z")
Filling = Literal["lenient", "middle", "harsh", "all"]
Ref = str | tuple[str, ...]


def parse_size(said: int | str, also: Sequence[str] = ()) -> int | Literal["full"]:
    """Return a size in residents: `full`, a whole number, or one with k, M or G in either case (`2M`, `21.5m`).

    ValueError says what is legal, with what the caller takes `also`.
    """
    text = str(said).replace(",", "").replace("_", "").strip()
    if text == "full":
        return "full"
    words = [*SIZES, *also]
    legal = f"(legal: {', '.join(words)}, or a number such as 50000, 50k, 1.5M)"
    found = None if isinstance(said, bool) else _SIZE.match(text.lower())
    if found is None:
        raise ValueError(f"`{said}` is no size{nearest(text, words)} {legal}")
    whole, part, unit = found[1], found[2] or "", found[3]
    scale: int = 10 ** len(part)
    residents, rest = divmod(int(whole + part) * UNITS[unit], scale)
    if rest:
        raise ValueError(f"`{said}` is no size: half a resident cannot be played {legal}")
    if not LEAST <= residents <= MOST:
        raise ValueError(f"`{said}` is no size: a city has {LEAST:,} to {MOST:,} residents, not {residents:,}")
    return residents


def _size(said: Any) -> Any:
    if not isinstance(said, int | str):
        raise PydanticCustomError("size", "must be full, 2M, 200k, 20k or a number of residents")
    try:
        return parse_size(said)
    except ValueError as error:
        raise PydanticCustomError("size", "{why}", {"why": str(error)}) from None


def _ref(said: Any) -> Any:
    one_or_more = (isinstance(said, str) and said) or (
        isinstance(said, list | tuple) and said and all(isinstance(each, str) and each for each in said)
    )
    if not one_or_more:
        raise PydanticCustomError("ref", "must be a name, a path, or a list of these (base first)")
    return said if isinstance(said, str) else tuple(said)


def _row(said: Any) -> Any:
    return tuple(said) if isinstance(said, list) else said


def _rival(said: Any) -> Any:
    if said not in RIVAL_SERVICES:
        near = nearest(str(said), list(RIVAL_SERVICES))
        legal = ", ".join(RIVAL_SERVICES)
        raise PydanticCustomError("rival", "{why}", {"why": f"`{said}` has no queue{near} (legal: {legal})"})
    return said


_REF_SCHEMA = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}
_NUMBER_SCHEMA = {"type": "integer", "minimum": LEAST, "maximum": MOST}
_SIZE_SCHEMA = {"anyOf": [{"enum": list(SIZES)}, _NUMBER_SCHEMA, {"type": "string"}]}
Service = Annotated[str, BeforeValidator(_rival), WithJsonSchema({"enum": list(RIVAL_SERVICES)})]
RefField = Annotated[Any, BeforeValidator(_ref), WithJsonSchema(_REF_SCHEMA)]
SizeField = Annotated[Any, BeforeValidator(_size), WithJsonSchema(_SIZE_SCHEMA)]


class Part(BaseModel):
    """Base of what a scenario file is made of."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Head(Part):
    """Name and purpose of the scenario."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
    title: Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE)]
    note: Annotated[str, Field(max_length=2000)] = ""


class Outputs(Part):
    """What a run leaves on disk. daily: whether `indicators.nc` has the main counts by day too."""

    daily: bool = True


class Scenario(Part):
    """One scenario. Paths are relative to the file they stand in (to the working folder without a file).

    policy: a library name, a path, or a list of these, base first. filling: which filling of a template is played;
    left out, all three. fillings: the files of a template's fillings, if it is not in the library. size: residents.
    first_day, last_day: `from` and `to` in the file, both played. seed: 0 to 2^64 - 1. twin: whether `none` is played.

    beside: other policies of the same city, each in a world of its own. base: the policy whose departments go on
    recording in `none`; left out, the first. queues: rival services with a queue although no measure speaks of them.
    chance: seed of what happens, 0 to 2^64 - 1; left out, `seed`, which residents and their traits always come from.
    """

    schema_version: Literal[1] = 1
    scenario: Head
    policy: RefField
    filling: Filling | None = None
    fillings: dict[Literal["lenient", "middle", "harsh"], RefField] | None = None
    city: Annotated[str, Field(min_length=1)] = "beijing"
    size: SizeField = None
    assumptions: RefField = "default"
    first_day: date | None = Field(default=None, alias="from")
    last_day: date | None = Field(default=None, alias="to")
    seed: Annotated[int, Field(ge=0, lt=1 << 64)] = 1
    twin: bool = True
    beside: Annotated[tuple[RefField, ...], BeforeValidator(_row)] = ()
    base: RefField = None
    queues: Annotated[tuple[Service, ...], BeforeValidator(_row)] = ()
    chance: Annotated[int, Field(ge=0, lt=1 << 64)] | None = None
    outputs: Outputs = Outputs()

    located_extra: ClassVar[tuple[str, ...]] = ("from", "to")  # keys of the file, for messages

    _folder: Path = PrivateAttr(default=Path())
    _source: Source | None = PrivateAttr(default=None)
    _file: Path | None = PrivateAttr(default=None)

    def changed(self, **options: Any) -> Scenario:
        """The same scenario with other options (names of fields); None leaves one as it is. UsageError if illegal."""
        wanted = {name: value for name, value in options.items() if value is not None}
        unknown = set(wanted) - set(type(self).model_fields)
        if unknown:
            raise TypeError(f"a scenario has no {', '.join(sorted(unknown))}")
        if "size" in wanted:
            wanted["size"] = _checked_size(wanted["size"])
        if not 0 <= wanted.get("seed", 0) < 1 << 64:
            raise UsageError(f"a seed is 0 to 2^64 - 1, got {wanted['seed']}")
        return self.model_copy(update=wanted)

    def wrong(self, element: str, text: str) -> InputError:
        """An error about one key, at its line if there is a file."""
        said = self._source.message(element, text) if self._source else Message("", 0, element, text)
        return InputError(said)


def _checked_size(said: int | str) -> int | Literal["full"]:
    try:
        return parse_size(said)
    except ValueError as error:
        raise UsageError(str(error)) from None


def scenario_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of `NAME.scenario.yaml`."""
    schema = Scenario.model_json_schema(by_alias=True)
    schema["required"] = ["schema_version", "scenario", "policy"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "vitropolis scenario"}


def load_scenario(path: str | Path) -> Scenario:
    """Read a scenario file. InputError holds every message with its line; RefusedError for what tells of people."""
    file = Path(path)
    tree = read_yaml(file, str(path))
    check_tree(tree)
    try:
        made = parse(Scenario, tree, str(path))
    except InputError as error:
        raise InputError([_in_file_words(message) for message in error.messages]) from None
    if tree.child("schema_version") is None:
        raise InputError(Message(str(path), 1, "", "`schema_version` is missing; write `schema_version: 1`"))
    made._folder, made._source, made._file = file.parent, Source(tree), file
    return made


def _in_file_words(message: Message) -> Message:
    """`from` cannot be the name of a field in Python; messages say what the file says."""
    text = message.text.replace("first_day, last_day, ", "").replace("first_day", "from").replace("last_day", "to")
    return Message(message.file, message.line, message.element, text)


def scenario_for(policy: str | Path | Sequence[str | Path], **options: Any) -> Scenario:
    """A scenario from a policy's name or path and any fields of `Scenario` (None: its default).

    InputError if the name is too long for a scenario's title.
    """
    ref: Ref = str(policy) if isinstance(policy, str | Path) else tuple(str(each) for each in policy)
    name = re.sub(r"[^a-z0-9]+", "-", Path(ref if isinstance(ref, str) else ref[-1]).name.split(".")[0].lower())
    title = f"{name}, played as it is"
    if len(title) > LONGEST_TITLE:
        most = LONGEST_TITLE - len(title) + len(name)
        raise InputError(
            f"the policy's name has {len(name):,} characters; at most {most} are taken: give its file another"
        )
    head = Head(id=name[:80].strip("-") or "policy", title=title)
    return Scenario(scenario=head, policy=ref).changed(**options)


@dataclass(frozen=True, eq=False)
class Setup:
    """Everything a run needs: the plan of worlds, the city's tables and size, and where it all came from.

    fillings: the filling of each world that has one; missing: fillings of the template that are not played.
    inputs: {path in `inputs/`: exact bytes} of every file that came in, and `run.scenario.yaml`, which names them.
    """

    scenario: Scenario
    plan: Plan
    policies: tuple[Policy, ...]
    assumptions: Assumptions
    tables: CityTables
    size: int
    fillings: Mapping[str, str]
    missing: tuple[str, ...]
    inputs: Mapping[str, bytes]

    def city(self, progress: Callable[[str], None] | None = None, threads: int | None = None) -> City:
        """Build the city, or take it from the cache; `progress` hears the name of each step."""
        return build_city(self.tables, self.size, self.plan.seed, progress, threads)


def resolve(scenario: Scenario, default_size: int | str = "20k") -> Setup:
    """Find and check everything a scenario names. InputError, RefusedError or UsageError say what is wrong where."""
    chosen = chosen_policies(scenario)
    others = [load_ref(scenario, ref) for ref in scenario.beside]
    policies = (*(policy for _, policy in chosen), *others)
    _check_names(scenario, policies)
    start, days = horizon_of(scenario, policies)
    for policy in policies:
        check_tree(policy.tree)
        check_playable(policy, start)
    assumptions, layers = layered_assumptions(scenario.assumptions, scenario._folder)
    folder = _city_folder(scenario)
    tables = load_tables(folder)
    if len(tables.areas) > DISTRICTS:
        said = f"{tables.name} has {len(tables.areas)} districts, a run plays at most {DISTRICTS}; join some"
        raise scenario.wrong("city", said)
    named = scenario.size if scenario.size is not None else _checked_size(default_size)
    size = tables.population if named == "full" else int(named)
    played = [World(policy.id, policy, assumptions) for policy in policies]
    middle = next((policy for filling, policy in chosen if filling == "middle"), policies[0])
    base = middle if scenario.base is None else load_ref(scenario, scenario.base)
    check_tree(base.tree)
    if scenario.twin:
        played.append(World("none", none_beside(base), assumptions))
    chance = scenario.seed if scenario.chance is None else scenario.chance
    plan = Plan(tuple(played), start, days, scenario.seed, chance, scenario.queues)
    fillings = {policy.id: filling for filling, policy in chosen if filling}
    read = [*chosen, *((BESIDE, policy) for policy in others), *([(BASE, base)] if scenario.base is not None else [])]
    inputs = copies_of(scenario, scenario._file, read, layers, folder, (size, start, plan.date(days - 1)))
    missing = tuple(name for name in FILLINGS if fillings and name not in fillings.values())
    return Setup(scenario, plan, policies, assumptions, tables, size, fillings, missing, inputs)


def _check_names(scenario: Scenario, policies: Sequence[Policy]) -> None:
    """Worlds are called by their policies' ids: each has to have its own."""
    names = [policy.id for policy in policies]
    for name in names:
        if names.count(name) > 1 or name == "none":
            many = f"{names.count(name)} of the policies are called `{name}`"
            said = "`none` is the twin" if name == "none" else many
            raise scenario.wrong("beside", f"{said}; give each an id of its own (`policy: {{id: ...}}`)")


def _city_folder(scenario: Scenario) -> Path:
    try:
        beside = scenario._folder / scenario.city
        return beside if (beside / "city.yaml").is_file() else find_city(scenario.city)
    except InputError as error:
        raise scenario.wrong("city", error.messages[0].text) from None


def horizon_of(scenario: Scenario, policies: Sequence[Policy]) -> tuple[date, int]:
    """First day and number of days. A policy that begins after the usual horizon is played from its own first day."""
    starts = [policy.starts_on for policy in policies if policy.starts_on is not None]
    usual, length = FIRST_DAY, LAST_DAY - FIRST_DAY
    if scenario.first_day is None and scenario.last_day is None and starts and min(starts) > LAST_DAY:
        usual = min(starts)
    first = scenario.first_day or usual
    last = scenario.last_day or (usual + length if first <= usual + length else first + length)
    days = (last - first).days + 1
    if days < 1:
        raise scenario.wrong("to", f"the last day {last} comes before the first, {first}")
    return first, days


def chosen_policies(scenario: Scenario) -> list[tuple[str, Policy]]:
    """The policies that a scenario plays, each with its filling ("" if it has none); the twin is not among them."""
    found = _fillings_of(scenario)
    if not found:
        if scenario.filling is not None:
            raise scenario.wrong("filling", f"`{_shown(scenario.policy)}` has no fillings; leave `filling` out")
        return [("", load_ref(scenario, scenario.policy))]
    whole, wanted = dict(found), scenario.filling
    alone = next((name for name, ref in whole.items() if ref == scenario.policy and name != "middle"), None)
    if alone and wanted not in (None, "all", alone):
        raise scenario.wrong("filling", f"`{_shown(scenario.policy)}` is the filling `{alone}`, not `{wanted}`")
    names = [alone or wanted or "all"] if wanted != "all" else ["all"]
    picked = list(whole) if names == ["all"] else [name for name in names if name in whole]
    if not picked:
        raise scenario.wrong("filling", f"`{wanted}` is not among the fillings given ({', '.join(whole)})")
    return [(name, load_ref(scenario, whole[name])) for name in FILLINGS if name in picked]


def _fillings_of(scenario: Scenario) -> Mapping[str, Ref]:
    if scenario.fillings is not None:
        return {str(name): ref for name, ref in scenario.fillings.items()}
    return dict(library_fillings(scenario.policy)) if isinstance(scenario.policy, str) else {}


def load_ref(scenario: Scenario, ref: Ref) -> Policy:
    """The policy that a reference of a scenario means; errors name the scenario's line where there is one."""
    paths = [ref] if isinstance(ref, str) else list(ref)
    try:
        return load_policy([_located(scenario, each) for each in paths])
    except UsageError as error:
        if scenario._source is None:
            raise
        raise scenario.wrong("policy", str(error)) from None


def _located(scenario: Scenario, ref: str) -> str | Path:
    """A library name as it is, a path from the scenario's folder on; never bare: the library has files of that name."""
    if not ("/" in ref or "\\" in ref or ref.endswith((".yaml", ".yml"))):
        return ref
    path = scenario._folder / ref
    return path if path.parent != Path() else path.absolute()


def _shown(ref: Ref) -> str:
    return ref if isinstance(ref, str) else " + ".join(ref)
