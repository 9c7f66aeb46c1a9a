"""The public names of the package: exactly these, with exactly these signatures, and none that judges anybody."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass, make_dataclass
from typing import Any, get_args

import pytest
from tests.house.test_decides_about_nobody import offences, words
from tests.house.tree import PACKAGE, parsed

import vitropolis
from vitropolis import api
from vitropolis.results.picks import PICKS

SNAPSHOT = """
class Assumptions(*, name: str | Path = 'default', moved: Mapping[str, float] = ...)
Assumptions.values -> Mapping[str, Assumption]
class City(*, name: str = 'beijing', size: int | str = '20k')
class Headline(*, id: str, title: str, unit: str, world: str, value: float | None, twin_value: float | None, low: float
    | None, high: float | None, numerator: int | None, denominator: int | None, rule_ids: tuple[str, ...], lines:
    tuple[str, ...], method_id: str, status: str, sets: int | None = None, undefined: int | None = None, drivers:
    tuple[Driver, ...] = ())
class InputError(VitropolisError)
class Policy(ref: str | Path | Sequence[str | Path], *, filling: Filling | None = None)
Policy.digests -> tuple[str, ...]
Policy.elements -> tuple[str, ...]
Policy.titles -> tuple[str, ...]
class Progress(*, phase: str, date: Date | None = None, fraction: float = 0.0, resident_days_per_s: float | None = None,
    seconds_left: float | None = None, headline: Mapping[str, int] = ...)
class RefusedError(VitropolisError)
class ResourceError(VitropolisError)
class Result(*, schema: str, mark: str, what: str, seed: int, scenario: str, city: str, residents: int, first_day: str,
    last_day: str, days: int, worlds: list[WorldSaid], basis: Basis, headlines: list[Headline], tables: Tables,
    methods: dict[str, str], studies: StudiesSaid)
Result.has_twin -> bool
Result.headline(name: str, world: str) -> Headline | None
Result.played -> list[WorldSaid]
class Run(*, folder: Path)
Run.indicators -> xr.Dataset
Run.life(*, id: str | None = None, pick: Pick = 'random', number: int = 0, world: str | None = None) -> Life
Run.lists -> pl.DataFrame
Run.manifest -> Mapping[str, Any]
Run.result -> Result
Run.worlds -> tuple[str, ...]
class UsageError(VitropolisError)
class VitropolisError(Exception)
library() -> dict[str, tuple[str, ...]]
open_run(folder: str | Path, *, threads: int = 2, progress: Listener | None = None) -> Run
simulate(policy: Policy | str, *, city: City | None = None, assumptions: Assumptions | None = None, start: date | None
    = None, end: date | None = None, seed: int = 1, twin: bool = True, out: str | Path | None = None, threads: int =
    2, progress: Listener | None = None) -> Run
"""
PEOPLE = {"act", "acts", "behaviour", "behaviours", "citizen", "conduct", "conducts", "history", "individual", "person",
          "persons", "people", "record", "records", "resident", "residents", "trait", "traits"}  # fmt: skip
JUDGED = {"band", "bands", "blacklist", "listed", "listing", "listings", "point", "points", "rank", "ranks", "rating",
          "score", "scores", "stay", "stays"}  # fmt: skip


def described(name: str, thing: Any) -> Iterator[str]:
    """One line for a public name, and one for each public member of a class of ours, in alphabetical order."""
    if inspect.isfunction(thing):
        yield f"{name}{signature(thing)}"
    elif issubclass(thing, BaseException):
        yield f"class {name}({thing.__bases__[0].__name__})"
    else:
        yield f"class {name}{signature(thing)}"
        fields = inspect.signature(thing).parameters
        for member in sorted(vars(thing)):
            if not member.startswith("_") and member not in fields:
                yield f"{name}.{member}{_kind(inspect.getattr_static(thing, member))}"


def signature(thing: Any) -> str:
    """A signature as it is written, without `self`; what is private is not shown."""
    found = inspect.signature(thing)
    kept = [each for each in found.parameters.values() if each.name != "self" and not each.name.startswith("_")]
    shown = found.replace(parameters=[each.replace(annotation=_plain(each.annotation)) for each in kept])
    return _unquoted(str(shown.replace(return_annotation=_plain(found.return_annotation))))


def _plain(annotation: Any) -> Any:
    return annotation if isinstance(annotation, str) or annotation is inspect.Signature.empty else str(annotation)


def _unquoted(text: str) -> str:
    annotations = re.sub(r"(: |-> )'([^']*)'", r"\1\2", text)
    return annotations.replace(" -> None", "").replace("<factory>", "...")


def _kind(member: Any) -> str:
    if inspect.isfunction(member):
        return signature(member)
    if isinstance(member, classmethod | staticmethod):
        return signature(member.__func__)
    getter = getattr(member, "fget", None) or getattr(member, "func", None)
    if getter is not None:
        return f" -> {getter.__annotations__['return']}"
    return ""


def described_all() -> str:
    """The whole public surface as text."""
    return "\n".join(line for name in vitropolis.__all__ for line in described(name, getattr(vitropolis, name)))


def test_the_public_names_and_signatures_are_these() -> None:
    """A change here is a change of what others' code rests on: the changelog names it."""
    assert described_all().splitlines() == SNAPSHOT.strip().replace("\n    ", " ").splitlines()


def test_a_life_is_picked_by_the_picks_there_are_and_no_others() -> None:
    assert get_args(api.Pick) == ("wrong-fact", "random", "worst", "through-others", "child", "cannot-pay")
    assert set(get_args(api.Pick)) == set(PICKS)


POSITIONAL = {("Policy", "ref")}  # what a policy is called by


def loose(things: Iterable[type]) -> list[str]:
    """Fields of dataclasses that can be set, have no type of their own, or may be given by place."""
    found = []
    for thing in things:
        frozen = thing.__dataclass_params__.frozen  # type: ignore[attr-defined]
        for each in fields(thing):
            if (
                not frozen
                or each.type in ("Any", Any)
                or not (each.kw_only or (thing.__name__, each.name) in POSITIONAL)
            ):
                found.append(f"{thing.__name__}.{each.name}")
    return found


def test_every_public_dataclass_is_frozen_typed_and_made_by_keywords() -> None:
    mine = [thing for name in vitropolis.__all__ if is_dataclass(thing := getattr(vitropolis, name))]
    names = ["Assumptions", "City", "Headline", "Policy", "Progress", "Result", "Run"]
    assert sorted(thing.__name__ for thing in mine if isinstance(thing, type)) == names
    assert loose(thing for thing in mine if isinstance(thing, type)) == []


def test_each_loose_field_is_noticed() -> None:
    by_place, thawed, untyped = (
        make_dataclass("A", [("x", int)], frozen=True),
        make_dataclass("B", [("x", int)], kw_only=True),
        make_dataclass("C", [("x", Any)], frozen=True, kw_only=True),
    )
    assert loose([by_place, thawed, untyped]) == ["A.x", "B.x", "C.x"]


def test_the_package_and_its_api_offer_the_same_and_nothing_else() -> None:
    assert list(vitropolis.__all__) == list(api.__all__) == sorted(api.__all__, key=lambda name: (name.islower(), name))
    assert set(dir(vitropolis)) == {*vitropolis.__all__, "__version__"}
    with pytest.raises(AttributeError, match="module 'vitropolis' has no attribute 'judge'"):
        vitropolis.judge  # noqa: B018
    bound = [node for node in parsed(PACKAGE / "__init__.py").body if not isinstance(node, ast.Expr | ast.ImportFrom)]
    assert [type(node).__name__ for node in bound] == ["Assign", "If", "Assign", "FunctionDef", "FunctionDef"]


def judging(lines: list[str]) -> list[str]:
    """Lines of a description that take what somebody is or did, and give what a policy makes of them."""
    found = []
    for line in lines:
        name, _, rest = line.removeprefix("class ").partition("(")
        taken, _, given = rest.rpartition(" -> ") if " -> " in rest else (rest, "", "")
        if words(taken) & PEOPLE and words(f"{name} {given}") & JUDGED:
            found.append(line)
    return found


def test_no_public_function_judges_anybody() -> None:
    callables = [line for line in described_all().splitlines() if "(" in line]
    assert len(callables) > 10
    assert judging(callables) == []
    taken = {word for line in callables for word in words(line.partition("(")[2].rpartition(" -> ")[0])}
    assert taken & {"conduct", "history", "trait", "traits", "citizen", "behaviour", "records"} == set()
    assert list(offences(parsed(PACKAGE / "api.py"))) == []


@pytest.mark.parametrize(
    "line",
    [
        "score(records: Sequence[Record]) -> int",
        "Policy.band_of(conduct: Mapping[str, int]) -> str",
        "listing(person: Mapping[str, object]) -> Any",
        "Run.rank(residents: Sequence[int]) -> list[int]",
        "judge(traits: Traits) -> Band",
    ],
)
def test_each_is_noticed(line: str) -> None:
    assert judging([line]) == [line]
