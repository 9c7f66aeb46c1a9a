"""Values that can be plain, annotated or dated, and the small types a policy file is made of.

`Value[T]` takes three shapes and nothing else: `1000`; `{value: 1000, unit: points, status: assumed, reference: x}`;
and `{2013-10-01: null, 2017-05-01: {value: 730}}`, which holds from each day on and does not exist before the first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Generic, Literal, TypeVar, cast, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler, Strict
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from vitropolis.base.errors import InputError

T = TypeVar("T")

Status = Literal["sourced", "calibrated", "assumed"]
Flag = Literal[True, False, "unknown"]

VALUE_KEYS = ("value", "unit", "status", "reference", "note")
ALWAYS = ""
ID_PATTERN = r"^[a-z][a-z0-9_]{0,47}$"


class NoValueYet(InputError):
    """A dated value was asked for a day before it exists; `first` is the day from which it holds."""

    def __init__(self, day: date, first: date) -> None:
        self.first = first
        super().__init__(f"no value on {day.isoformat()}; the first holds from {first.isoformat()}")


@dataclass(frozen=True, slots=True)
class Step(Generic[T]):
    """One written value: what holds from `since` (None: always) on, with its unit and provenance as written."""

    value: T
    since: date | None = None
    unit: str | None = None
    status: Status | None = None
    reference: str | None = None
    note: str | None = None

    @property
    def taken(self) -> T:
        """The value in the unit that a run uses: working days become calendar days, 7/5, rounded up."""
        if self.unit == "working_days" and isinstance(self.value, int) and not isinstance(self.value, bool):
            return cast(T, calendar_days(self.value))
        return self.value


def calendar_days(working_days: int) -> int:
    """Calendar days that so many working days take: 7/5, rounded up."""
    return -(-working_days * 7 // 5)


class Value(Generic[T]):
    """A value of type T as a policy writes it: `steps` in the order of their dates (one step without date if plain).

    Not a dataclass, since pydantic would then see its fields instead of its three shapes. Never changed after it
    is made.
    """

    located_keys = VALUE_KEYS  # legal keys, for messages (base/located.py)

    def __init__(self, steps: tuple[Step[T], ...]) -> None:
        self.steps = steps

    def __repr__(self) -> str:
        return f"Value({', '.join(map(repr, self.steps))})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Value) and self.steps == other.steps

    def __hash__(self) -> int:
        return hash(self.steps)

    def step_on(self, day: date) -> Step[T]:
        """The step that holds on a day. Raises NoValueYet before the first date."""
        held = [step for step in self.steps if step.since is None or step.since <= day]
        if not held:
            raise NoValueYet(day, cast(date, self.steps[0].since))
        return held[-1]

    def on(self, day: date) -> T:
        """The value on a day, working days turned into calendar days. Raises NoValueYet before the first date."""
        return self.step_on(day).taken

    @property
    def changes(self) -> tuple[date, ...]:
        """The days on which it changes, the first included; empty if it is not dated."""
        return tuple(step.since for step in self.steps if step.since is not None)

    @property
    def first(self) -> date | None:
        """The first day on which it exists; None if always."""
        return self.steps[0].since

    @property
    def all(self) -> tuple[T, ...]:
        """Every value it ever takes, in the unit a run uses."""
        return tuple(step.taken for step in self.steps)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        inner = handler(get_args(source)[0])
        text = core_schema.typed_dict_field(core_schema.str_schema(strict=True), required=False)
        status = core_schema.typed_dict_field(core_schema.literal_schema(list(get_args(Status))), required=False)
        fields = {"value": core_schema.typed_dict_field(inner, required=True), "status": status}
        fields |= {"unit": text, "reference": text, "note": text}
        step = core_schema.typed_dict_schema(fields, extra_behavior="forbid")
        steps = core_schema.dict_schema(core_schema.str_schema(), step)
        shaped = core_schema.no_info_before_validator_function(_shape, steps)
        built = core_schema.no_info_after_validator_function(_build(cls), shaped)
        return built

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        while "values_schema" not in schema:
            schema = schema["schema"]
        noted = handler(schema["values_schema"])
        found = handler.resolve_ref_schema(noted)
        plain = found.get("properties", {}).get("value", {})
        dated = {
            "type": "object",
            "propertyNames": {"format": "date"},
            "additionalProperties": {"anyOf": [plain, found]},
        }
        return {"anyOf": [plain, found, {**dated, "minProperties": 1}]}


def _shape(raw: Any) -> dict[str, Any]:
    """Bring the three shapes into one: from date (text, empty: always) to an annotated value."""
    if not isinstance(raw, dict):
        return {ALWAYS: {"value": raw}}
    if raw and all(isinstance(key, date) for key in raw):
        if list(raw) != sorted(raw):
            raise PydanticCustomError("dates_fall", "dates must rise")
        return {day.isoformat(): _annotated(item) for day, item in raw.items()}
    if "value" not in raw:
        text = "must be a plain value, `{value: ..., status: ...}` or `{date: value}`"
        raise PydanticCustomError("value_shape", text)
    return {ALWAYS: raw}


def _annotated(item: Any) -> dict[str, Any]:
    if isinstance(item, dict):
        if "value" not in item:
            raise PydanticCustomError("value_shape", "a dated value must be plain or `{value: ..., status: ...}`")
        return item
    return {"value": item}


def _build(cls: type[Value[Any]]) -> Callable[[dict[str, dict[str, Any]]], Value[Any]]:
    def build(steps: dict[str, dict[str, Any]]) -> Value[Any]:
        return cls(tuple(Step(since=date.fromisoformat(day) if day else None, **item) for day, item in steps.items()))

    return build


class _NoNull:
    """Takes the `null` out of `T | None`: an absent key gives None, a written `null` must be a value or is an error."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        schema = handler(source)
        return schema["schema"] if schema["type"] == "nullable" else schema


def _id(value: Any) -> Any:
    if value == "value":
        raise PydanticCustomError("id", "`value` cannot be an id: it names the parts of a value")
    return value


Int = Annotated[int, Strict()]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]
Text = Annotated[str, Strict(), Field(min_length=1)]
Bool = Annotated[bool, Strict()]
Day = Annotated[date, Strict()]
Share = Annotated[float, Strict(), Field(ge=0, le=1)]
Count = Annotated[int, Strict(), Field(ge=0)]
Positive = Annotated[int, Strict(), Field(ge=1)]
AtLeastZero = Annotated[float, Strict(), Field(ge=0, allow_inf_nan=False)]
Id = Annotated[str, Strict(), Field(pattern=ID_PATTERN), BeforeValidator(_id)]
Days = Count | None
Gravity = Annotated[int, Strict(), Field(ge=0, le=4)]

Opt = Annotated[T | None, _NoNull()]
"""An optional field: absent is None. A written `null` is an error, or, in an `Opt[Value[...]]`, a `Value` of None."""


class Model(BaseModel):
    """Base of all parts of a policy: frozen, unknown keys refused, built only when first used."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, str_strip_whitespace=False)


class Element(Model):
    """What every entry of a mapping may carry; `status` and `reference` speak of the entry's existence."""

    title: Opt[Text] = None
    reference: Opt[Text] = None
    status: Opt[Status] = None
    note: Opt[Text] = None


class Dated(Element):
    """An element with a time in force: from `starts_on` (included) to `ends_before` (excluded)."""

    starts_on: Opt[Day] = None
    ends_before: Opt[Day] = None

    def in_force(self, day: date) -> bool:
        """Whether the element is in force on a day."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_before is None or day < self.ends_before
        )
