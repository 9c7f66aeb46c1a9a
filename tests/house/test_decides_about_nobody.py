"""Line 2: no public function takes conduct, records or a person and gives back points, a band or a listing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
from tests.house.tree import PACKAGE, Function, modules, name, parsed

TAKEN = {"act", "acts", "behaviour", "behaviours", "citizen", "conduct", "history", "individual", "person", "persons",
         "people", "record", "records", "resident", "residents", "trait", "traits"}  # fmt: skip
GIVEN = {"band", "bands", "listed", "listing", "listings", "point", "points", "rank", "ranks", "rating", "score",
         "scores", "stay", "stays"}  # fmt: skip
OURS = {
    # what a run logged of its own synthetic residents, read back from its folder: `residents` are places in that run
    "src/vitropolis/results/sums.py stays_of",
}


def words(text: str) -> set[str]:
    """The words of a name or annotation, in lower case: `RecordsOf`, `records_of`, `list[Records]` hold `records`."""
    return {word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text)}


def offences(tree: ast.Module) -> Iterator[str]:
    """Public functions and methods that take what people are or did and give back what a policy makes of them."""
    for node in ast.walk(tree):
        if isinstance(node, Function) and not node.name.startswith("_"):
            every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs, node.args.vararg, node.args.kwarg]
            taken = [f"{each.arg} {ast.unparse(each.annotation) if each.annotation else ''}" for each in every if each]
            given = f"{node.name} {ast.unparse(node.returns) if node.returns else ''}"
            if words(" ".join(taken)) & TAKEN and words(given) & GIVEN:
                yield node.name


def test_nothing_public_judges_anybody() -> None:
    rooms = modules("cli", "server", "pages", "results", "report", "study")
    rooms += [PACKAGE / "api.py", PACKAGE / "engine" / "scenario.py"]
    found = {f"{name(path)} {offence}" for path in rooms for offence in offences(parsed(path))}
    assert found == OURS


@pytest.mark.parametrize(
    "code",
    [
        "def score(person): ...",
        "def judge(conduct: list[str]) -> Band: ...",
        "def points_of(records): ...",
        "def listing(*, of: Person): ...",
        "class A:\n    def rank(self, *people): ...",
        "async def look(them: dict[str, Record]) -> list[Listing]: ...",
    ],
)
def test_each_is_noticed(code: str) -> None:
    assert len(list(offences(ast.parse(code)))) == 1


@pytest.mark.parametrize("code", ["def size(people): ...", "def points(policy): ...", "def _score(person): ..."])
def test_what_judges_nobody_is_not(code: str) -> None:
    assert list(offences(ast.parse(code))) == []
