"""Ten assumptions and ten values of a filling, each changed alone *in its file*: the headline before and after.

Shows that every number is read from its file: a value is picked by seed, the file is copied, the one scalar is written
over at its line, the copy is loaded by its path and played beside the original (worlds of one pass share residents and
chance, so that a difference is the value's alone).

Assumptions move to the end of their declared range that lies farther off. A policy's points are doubled, a cap becomes
1 (2 if it was 1), limits and starts of scores move by a hundredth, a number of days is halved, and where nothing is set
(null) 180 days, or 18 years, are. Values of elements whose mechanism does not exist yet are left out of the draw; how
many these are is said.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from verification.table import say
from vitropolis.base.yamlfile import Node, read_yaml
from vitropolis.city import build_city, load_tables
from vitropolis.engine.played import parts_not_played
from vitropolis.engine.run import Simulation
from vitropolis.engine.scenario import resolve, scenario_for
from vitropolis.model.assumptions import LIBRARY, SUFFIX, Assumptions, load_assumptions
from vitropolis.model.counts import ITEMS
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import Policy, library_text, load_policy

FILLING, SET = "beijing-2018-press", "default"
HEADLINE = {
    "acts": ("acts_minor", "acts_harmful", "acts_protected", "acts_good"),
    "detected": ("detected",),
    "wrong records": (
        "records_misattributed",
        "records_wrong",
        "records_duplicate",
        "records_stale",
        "records_invented",
    ),
    "trusted": tuple(f"score_0_band_{band}" for band in (3, 4, 5)),
    "black listings": ("in_0",),
    "by wrong fact": ("black_first_wrong_fact",),
    "on a black list": ("on_black_list",),
    "red listings": ("in_1",),
}
TOGETHER = 3  # changed worlds in one pass, beside the original
Numbers = dict[str, int]


@dataclass(frozen=True)
class Pick:
    """One value: where it stands, what it is and what it becomes; then the headline, and how many counts differ."""

    file: str
    line: int
    path: str
    old: str
    new: str
    after: Numbers | None = None
    differs: int = 0


def pick_assumptions(held: Assumptions, count: int, seed: int) -> Iterator[Pick]:
    """Draw values of the assumptions that have a range."""
    values = {path: item for path, item in held.values().items() if item.high > item.low}
    for path in Random(seed).sample(sorted(values), count):
        item = values[path]
        new = item.high if item.high - item.value >= item.value - item.low else item.low
        file, line = held.lines[path]
        yield Pick(file, line, path, f"{item.value:g}", f"{new:g}")


def played_values(policy: Policy) -> list[str]:
    """Paths of the values that a run of today plays."""
    waiting = {line.split(":")[0] for line in parts_not_played(policy)}
    paths = [path for path, value in policy.values() if len(value.steps) == 1 and not isinstance(value.all[0], tuple)]
    steps = ((path, {path.rsplit(".", up)[0] for up in range(path.count(".") + 1)} | {path}) for path in paths)
    return sorted(path for path, above in steps if not above & waiting)


def pick_values(policy: Policy, count: int, seed: int) -> Iterator[Pick]:
    """Draw values of a filling that are played."""
    values = dict(policy.values())
    for path in Random(seed).sample(played_values(policy), count):
        old = values[path].all[0]
        file, line = policy.source.place_of(path)
        yield Pick(file, line, path, "null" if old is None else str(old), str(_other(path, old)))


def _other(path: str, old: int | None) -> int:
    last = path.split(".")[-1]
    if old is None:
        return 18 if last == "min_age_years" else 180
    if last == "max_counted":
        return 2 if old == 1 else 1
    if last in ("lower", "start"):
        return old + max(1, old // 100)
    return old // 2 if last.endswith("days") else 2 * old


def edited(text: str, node: Node, old: str, new: str) -> str:
    """The text with one scalar written over, at its line and column. ValueError if something else stands there."""
    lines = text.splitlines(keepends=True)
    line, place = lines[node.line - 1], node.column - 1
    end = place + len(_scalar(line[place:]))
    written = line[place:end]
    if written != old and (old == "null" or written == "null" or float(written) != float(old)):
        raise ValueError(f"line {node.line}: `{written}` stands there, not `{old}`")
    lines[node.line - 1] = line[:place] + new + line[end:]
    return "".join(lines)


def _scalar(rest: str) -> str:
    return rest.split(",")[0].split("}")[0].split("#")[0].split("\n")[0].strip()


def changed_assumptions(pick: Pick, folder: Path) -> Assumptions:
    """Load a copy of the set in which one value is another."""
    name = f"{SET}{SUFFIX}"
    node = _at(read_yaml(LIBRARY / name), f"{pick.path}.value")
    text = (LIBRARY / name).read_text(encoding="utf8")
    copy = _copy(folder, name, edited(text, node, pick.old, pick.new))
    made = load_assumptions(copy)
    assert f"{made.values()[pick.path].value:g}" == pick.new
    return made


def changed_policy(policy: Policy, pick: Pick, folder: Path) -> Policy:
    """Load a copy of the filling in which one value is another."""
    node = policy.source.node(pick.path)
    text = library_text(FILLING).decode("utf8")
    node = node.child("value") or node
    made = load_policy(_copy(folder, f"{FILLING}.policy.yaml", edited(text, node, pick.old, pick.new)))
    assert str(dict(made.values())[pick.path].all[0]) == pick.new
    return made


def _at(tree: Node, path: str) -> Node:
    for step in path.split("."):
        found = tree.child(step)
        if found is None:
            raise ValueError(f"{path} is not written in the file")
        tree = found
    return tree


def _copy(folder: Path, name: str, text: str) -> Path:
    home = Path(tempfile.mkdtemp(dir=folder))
    (home / name).write_text(text, encoding="utf8")
    return home / name


def headline(days: Any) -> Numbers:
    """The headline of one world from its counts [item]."""
    return {name: int(sum(days[ITEMS[item]] for item in items)) for name, items in HEADLINE.items()}


def compared(plan: Plan, worlds: Sequence[World], size: int) -> Iterator[tuple[Numbers, int]]:
    """Play worlds beside the first; give each one's headline and how many counts differ from the first's."""
    city = build_city(load_tables("beijing"), size, plan.seed)
    weeks = list(Simulation(replace(plan, worlds=tuple(worlds)), city).play())
    counts = np.concatenate([np.concatenate([week.totals.days, week.totals.acts], axis=2) for week in weeks], axis=-1)
    for number in range(len(worlds)):
        different = int((counts[number] != counts[0]).sum())
        yield headline(counts[number].sum(axis=(0, 2))), different


def changed_worlds(first: World, picks: Sequence[Pick], folder: Path) -> Iterator[World]:
    """One world for each pick."""
    for pick in picks:
        if pick.file.endswith(SUFFIX):
            yield World(pick.path, first.policy, changed_assumptions(pick, folder))
        else:
            yield World(pick.path, changed_policy(first.policy, pick, folder), first.assumptions)


def results(
    count: int = 10, seed: int = 20, size: int = 200_000, days: int | None = None
) -> tuple[Numbers, list[Pick]]:
    """Headline as it is, and each pick with its headline."""
    setup = resolve(scenario_for(FILLING, filling="middle", size=size, twin=False))
    plan = setup.plan if days is None else replace(setup.plan, days=days)
    first = plan.worlds[0]
    picks = [*pick_assumptions(first.assumptions, count, seed), *pick_values(first.policy, count, seed)]
    before: Numbers = {}
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, len(picks), TOGETHER):
            some = picks[start : start + TOGETHER]
            worlds = [first, *changed_worlds(first, some, Path(folder))]
            played = list(compared(plan, worlds, size))
            assert before in ({}, played[0][0])
            before = played[0][0]
            found += [
                replace(pick, after=after, differs=differs)
                for pick, (after, differs) in zip(some, played[1:], strict=True)
            ]
    return before, found


def main(size: int = 200_000, seed: int = 20) -> bool:
    """Print the table."""
    before, found = results(seed=seed, size=size)
    policy = load_policy(FILLING)
    left, whole = len(played_values(policy)), len(list(policy.values()))
    say(f"Ten and ten ({size:,} residents, whole horizon, seed of the draw {seed}); {left} of {whole} values of the")
    say("filling are single numbers that a run plays; `counts` is how many daily counts by district differ")
    names = list(HEADLINE)
    say(f"{'file:line value':<64}{'before -> after':>22}" + "".join(f"{name:>16}" for name in names) + f"{'counts':>9}")
    say(f"{'as it is':<86}" + "".join(f"{before[name]:>16,}" for name in names))
    for pick in found:
        assert pick.after is not None
        where = f"{pick.file.split('.')[0]}:{pick.line} {pick.path}"
        shown = "".join(_cell(pick.after[name], before[name]) for name in names)
        say(f"{where[:63]:<64}{pick.old + ' -> ' + pick.new:>22}{shown}{pick.differs:>9,}")
    say("(`=`: as before)", "")
    return True


def _cell(after: int, before: int) -> str:
    return f"{'=' if after == before else f'{after:,}':>16}"


if __name__ == "__main__":
    sys.exit(not main(*(int(text.replace(",", "")) for text in sys.argv[1:])))
