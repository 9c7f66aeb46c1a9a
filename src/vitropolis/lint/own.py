"""Rules of a user's own: a file of selections (JSONPath, RFC 9535) and conditions on what they select.

    schema_version: 1
    rules:
      no_street_cameras:
        title: street cameras feed the score
        severity: medium
        given: $.feeds[?@.provenance == 'sensor']
        when: {field: linkage_key, is: [plate]}
        fix: {remove: the feed}

Every element that `given` selects is looked at; the rule fires on those for which `when` holds (left out: on all). Own
rules only add findings: they cannot be prohibited, silence nothing, and belong to the profile `own`, which is always
selected.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from vitropolis.base.errors import InputError, Message
from vitropolis.base.located import Source, parse
from vitropolis.base.yamlfile import read_yaml
from vitropolis.lint.case import Case
from vitropolis.lint.finding import Outcome, Outcomes
from vitropolis.lint.rule import OWN, Judge, Rule
from vitropolis.lint.said import Said
from vitropolis.lint.truth import Truth, all_of, any_of
from vitropolis.policy.values import Id, Model, Opt, Text

PREFIX = "OWN-"
GROUND = "own-rule"
MOST = 200
Scalar = Text | bool | int | float | None
Verb = Literal["remove", "cut", "separate by law", "add", "shorten", "publish", "notify", "hear", "compensate"]


class Condition(Model):
    """What must hold of a selected element for the rule to fire: exactly one of the ways to say it.

    With `field` (dotted path below the element; absent: the element itself) one of: `is` (one of these values), `has`
    (holds all of these words), `at_least`, `at_most` (numbers; null is above every number), `declared` (true: written
    and not unknown). Or `any_of`, `all_of`, `not` of conditions.
    """

    field: Opt[Text] = None
    is_: Opt[Annotated[tuple[Scalar, ...], Field(min_length=1)]] = Field(default=None, alias="is")
    has: Opt[Annotated[tuple[Text, ...], Field(min_length=1)]] = None
    at_least: Opt[float] = None
    at_most: Opt[float] = None
    declared: Opt[bool] = None
    any_of: Opt[Annotated[tuple[Condition, ...], Field(min_length=1)]] = None
    all_of: Opt[Annotated[tuple[Condition, ...], Field(min_length=1)]] = None
    not_: Opt[Condition] = Field(default=None, alias="not")

    @model_validator(mode="after")
    def _one(self) -> Condition:
        ways = ("is_", "has", "at_least", "at_most", "declared", "any_of", "all_of", "not_")
        if sum(getattr(self, way) is not None for way in ways) != 1:
            legal = ", ".join(way.rstrip("_") for way in ways)
            raise PydanticCustomError("one_way", f"write exactly one of {legal}")
        return self


class OwnRule(Model):
    """One rule of a user's own."""

    title: Text
    severity: Literal["high", "medium", "advice"]
    given: Text
    when: Opt[Condition] = None
    why: Opt[Text] = None
    ground: Opt[Text] = None
    fix: Annotated[dict[Verb, Text], Field(min_length=1)]


class RuleFile(Model):
    """A file of rules."""

    schema_version: Literal[1]
    rules: Annotated[dict[Id, OwnRule], Field(min_length=1, max_length=MOST)]


def load_rules(path: str | Path) -> tuple[Rule, ...]:
    """Read a file of rules. InputError with every message, also for a JSONPath that cannot be read."""
    tree = read_yaml(path)
    file = parse(RuleFile, tree)
    source = Source(tree)
    wrong: list[Message] = []
    made = []
    for name, item in file.rules.items():
        wrong += [
            source.message(f"rules.{name}.fix.{verb}", "a fix is one phrase: leave out `;`, and use a verb of its own")
            for verb, what in item.fix.items()
            if ";" in what
        ]
        try:
            made.append(_rule(name, item))
        except ValueError as error:
            reason = " ".join(str(error).split())
            wrong.append(source.message(f"rules.{name}.given", f"is no JSONPath (RFC 9535): {reason}"))
    if wrong:
        raise InputError(wrong)
    return tuple(made)


def _rule(name: str, item: OwnRule) -> Rule:
    texts = {
        "What": f"elements that `{item.given}` selects.",
        "Why": item.why or "the rule's author says nothing about it.",
        "Fires": "on what it selects, where its condition holds.",
        "Silent": "on what it selects, where its condition does not hold.",
        "Fix": "; ".join(f"{verb}: {what}" for verb, what in item.fix.items()),
        "Computed": "nothing: it reads declarations alone.",
        "Declared": "the fields that its selection and condition name.",
        "Cannot decide": "whatever its author did not write into it.",
    }
    return Rule(
        PREFIX + name.replace("_", "-"), name.replace("_", "-"), item.title, item.severity, (OWN,), (GROUND,),
        _judge(item), tuple(texts.items()), cited=item.ground or "none given; a rule of the user's own",
    )  # fmt: skip


def _judge(item: OwnRule) -> Judge:
    """Compile a selection once. ValueError if it cannot be read."""
    import jsonpath

    try:
        query = jsonpath.JSONPathEnvironment(strict=True).compile(item.given)
    except jsonpath.JSONPathError as error:  # its own text cannot be had where the mistake is at the very end
        raise ValueError(str(error.args[0]) if error.args else "it cannot be read") from None
    except RecursionError:
        raise ValueError("it is nested too deep") from None

    def judge(case: Case) -> Outcomes:
        found = list(query.finditer(_plain(case)))
        if not found:
            yield Outcome("informational", "policy", f"`{item.given}` selects nothing in this policy")
        for match in found:
            element = ".".join(str(part) for part in match.parts)
            says = f"{element or 'the policy'}: {item.title}"
            if item.when is None:
                yield Outcome("fail", element or "policy", says)
            else:
                yield case.judge(holds(case, element, item.when), element or "policy", says)

    return judge


def _plain(case: Case) -> Mapping[str, Any]:
    """The policy as JSON sees it: dates as text, no annotations."""
    plain: Mapping[str, Any] = case.once("plain", lambda: _as_json(case.policy.tree.plain()))
    return plain


def _as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _as_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    return value if value is None or isinstance(value, str | bool | int | float) else str(value)


def holds(case: Case, element: str, condition: Condition) -> Truth:
    """Whether a condition holds of an element; undecided where what it asks for is not declared."""
    if condition.any_of is not None:
        return any_of(holds(case, element, each) for each in condition.any_of)
    if condition.all_of is not None:
        return all_of(holds(case, element, each) for each in condition.all_of)
    if condition.not_ is not None:
        return ~holds(case, element, condition.not_)
    said = case.said(".".join(part for part in (element, condition.field or "") if part))
    return _simple(said, condition)


def _simple(said: Said, condition: Condition) -> Truth:
    if condition.declared is not None:
        return Truth(said.open is not condition.declared)
    if condition.is_ is not None:
        wanted = [item for item in condition.is_ if item is not None]
        return said.test(lambda value: any(_same(value, each) for each in wanted), null=None in condition.is_)
    if condition.has is not None:
        return said.has(*condition.has)
    if condition.at_least is not None:
        least = condition.at_least
        return said.test(lambda value: _number(value) is not None and value >= least, null=True)
    most = condition.at_most if condition.at_most is not None else 0.0
    return said.test(lambda value: _number(value) is not None and value <= most, null=False)


def _same(value: object, wanted: object) -> bool:
    """Whether a value is the wanted one: a flag is no number, a date is what it is written as."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return value is wanted
    return value == wanted or (isinstance(value, date) and str(value) == wanted)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
