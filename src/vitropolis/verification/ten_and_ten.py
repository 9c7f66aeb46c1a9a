"""Ten assumptions and ten values of a filling, each changed alone *in its file*: the headline before and after.

Shows that every number is read from its file: a value is picked by seed, the file is copied, the one scalar is written
over at its line, the copy is loaded by its path and played beside the original (worlds of one pass share residents and
chance, so that a difference is the value's alone).

Assumptions move to the end of their declared range that lies farther off. A policy's points are doubled, a cap becomes
1 (2 if it was 1), limits and starts of scores move by a hundredth, a number of days is halved (less than none: becomes
as many), a share is halved, yes becomes no, and where nothing is set (null) 180 days, or 18 years, are. Left out of the
draw are values of elements whose mechanism does not exist yet, and assumptions that nothing in the filling asks for
(`unasked`); how many these are is said.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from vitropolis.base.yamlfile import Node, read_yaml
from vitropolis.city import build_city, load_tables
from vitropolis.engine.played import parts_not_played
from vitropolis.engine.run import Simulation
from vitropolis.engine.scenario import resolve, scenario_for
from vitropolis.model.assumption_parts import Table
from vitropolis.model.assumptions import LIBRARY, SUFFIX, Assumption, Assumptions, load_assumptions
from vitropolis.model.counts import ITEMS
from vitropolis.model.measures import measures_of, spills_of
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import SERVICES, Policy, library_text, load_policy
from vitropolis.policy.triggers import Delay, Deny, Price, Restrict, Withdraw
from vitropolis.verification.table import Case, say, within

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
    "hit": ("hit_now",),
    "through others": ("through_now",),
    "requests": ("requests",),
    "refusals": ("refusals",),
    "appeals": ("appeals_filed",),
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


def asked_values(world: World) -> dict[str, Assumption]:
    """The assumptions that have a range and that the world's policy asks for."""
    left_out = unasked(world)
    values = world.assumptions.values().items()
    return {path: item for path, item in values if item.high > item.low and not path.startswith(left_out)}


def unasked(world: World) -> tuple[str, ...]:
    """Beginnings of the paths of assumptions that nothing in a policy asks for: they cannot change anything there."""
    policy, held = world.policy, world.assumptions
    words = {word for item in world.behaviours.values() for word in item.conduct}
    feeds = {item.feed for item in world.behaviours.values()}
    used = [policy.feeds[name] for name in feeds]
    found = [f"conduct.{word}.visibility" for word in set(held.conduct) - words]
    found += [f"services.demand.{name}." for name in set(held.services.demand) - bearing(world)]
    found += _others("spillover.reach", held.spillover.reach, {spill.to for spill in spills_of(world).values()})
    found += _others("recording.provenance", held.recording.provenance, {feed.provenance for feed in used})
    found += _others("recording.linkage", held.recording.linkage, {feed.linkage_key or "unknown" for feed in used})
    found += [f"recording.feeds.{name}." for name in set(held.recording.feeds) - feeds]
    mode = policy.population.enrolment.mode
    found += [] if mode == "opt_in" else ["enrolment.consent"]
    found += [] if mode == "opt_out" else ["enrolment.objection"]
    found += [] if "benefit_recipient" in policy.population.only_status else ["enrolment.benefit_share"]
    return (*found, *_unasked_of_lists(world), *_unasked_of_redress(world))


def bearing(world: World) -> set[str]:
    """Services at which some measure of persons shuts a door, raises a price or causes a delay."""
    acts = Deny | Withdraw | Restrict | Price | Delay
    return {item.service for item in measures_of(world).values() if isinstance(item.action, acts)}


def _others(path: str, table: Table, kept: set[Any]) -> list[str]:
    return [f"{path}.{name}" for name, _ in table.items() if name not in kept]


def _unasked_of_lists(world: World) -> Iterator[str]:
    items, measures = world.lists.values(), measures_of(world).values()
    if not any(item.ability_test is True for item in items):
        yield "lists.ability_"
    repairs = [item.exit for item in items if item.exit and item.exit.repair_after_days is not None]
    if not repairs:
        yield from ("lists.asks_repair", "lists.repair_granted")
    if all(way.response_days is not None for way in repairs):
        yield "lists.repair_answer_days"
    if not any(item.exit and item.exit.needs_services for item in items):
        yield "payers.pace_shut"
    if not any(item.hardship_exception is True for item in measures):
        yield "services.hardship_lifted"
    if not any(item.minimum_guarantee is True for item in measures):
        yield "services.minimum_kept"
    if not any(isinstance(item.action, Price) and item.action.of == "deposit" for item in measures):
        yield "services.deposit_short"


def _unasked_of_redress(world: World) -> Iterator[str]:
    """Parts of redress that the policy leaves out, or decides itself."""
    said, day = world.policy.procedure, date.max
    if said is None or said.notice is None or said.notice.when.on(day) in ("none", "unknown"):
        yield "redress.notice_"
    elif said.notice.when.on(day) != "after":
        yield "redress.notice_after_days"
    if said is None or said.objection is None or said.objection.available.on(day) is not True:
        yield from ("redress.objects_", "redress.objection_")
    appeal = said.appeal if said and said.appeal and said.appeal.available.on(day) is True else None
    if appeal is None and (said is None or said.correction is None):
        yield "redress."
        return
    other = "person" if appeal and appeal.burden_of_proof == "authority" else "authority"
    yield from (f"redress.found_wrong.{other}", f"redress.voids_right.{other}")
    if appeal is None or appeal.levels == 1:
        yield "redress.goes_on"
    if appeal and appeal.staff_per_100k is not None and appeal.staff_per_100k.on(day) is not None:
        yield "redress.staff_per_100k"
    removal = said.correction.removal_days if said and said.correction else None
    if removal is not None and removal.on(day) is not None:
        yield "redress.removal_days"


def pick_assumptions(world: World, count: int, seed: int) -> Iterator[Pick]:
    """Draw values of the assumptions that have a range and can change something."""
    held, values = world.assumptions, asked_values(world)
    for path in Random(seed).sample(sorted(values), count):
        item = values[path]
        new = item.high if item.high - item.value >= item.value - item.low else item.low
        file, line = held.lines[path]
        yield Pick(file, line, path, f"{item.value:g}", f"{new:g}")


def _not_of_persons(policy: Policy) -> set[str]:
    """Elements about firms, and campaigns: what these change is counted apart from the headlines compared here."""
    found = {f"campaigns.{name}" for name in policy.campaigns}
    found |= {f"behaviours.{name}" for name, item in policy.behaviours.items() if policy.is_firm_feed(item.feed)}
    found |= {f"scores.{name}" for name, item in policy.scores.items() if item.subject == "firm"}
    found |= {f"lists.{name}" for name, item in policy.lists.items() if item.subject == "firm"}
    firms = {f"measures.{name}" for name, item in policy.measures.items() if SERVICES[item.service].subject == "firm"}
    return found | firms


def played_values(policy: Policy) -> list[str]:
    """Paths of the single values (words and pairs apart) that a run of today plays."""
    waiting = {line.split(":")[0] for line in parts_not_played(policy)} | _not_of_persons(policy)
    single = ((path, value.all[0]) for path, value in policy.values() if len(value.steps) == 1)
    paths = [path for path, value in single if not isinstance(value, tuple | str)]
    steps = ((path, {path.rsplit(".", up)[0] for up in range(path.count(".") + 1)} | {path}) for path in paths)
    return sorted(path for path, above in steps if not above & waiting)


def pick_values(policy: Policy, count: int, seed: int) -> Iterator[Pick]:
    """Draw values of a filling that are played."""
    values = dict(policy.values())
    for path in Random(seed).sample(played_values(policy), count):
        old = values[path].all[0]
        file, line = policy.source.place_of(path)
        yield Pick(file, line, path, _plain(old), _plain(_other(path, old)))


def _plain(value: Any) -> str:
    """A value as a file has it."""
    return "null" if value is None else str(value).lower()


def _other(path: str, old: Any) -> Any:
    last = path.split(".")[-1]
    if old is None:
        return 18 if last == "min_age_years" else 180
    if isinstance(old, bool):
        return not old
    if last in ("kept_share", "weight"):
        return old / 2
    if last == "days" and old < 0:
        return -old
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
    words = {"null", "true", "false"}
    if written != old and (words & {old, written} or float(written) != float(old)):
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
    assert _plain(dict(made.values())[pick.path].all[0]) == pick.new
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
    picks = [*pick_assumptions(first, count, seed), *pick_values(first.policy, count, seed)]
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


def known(full: bool) -> Iterator[Case]:
    """How many of the changed values move a count: all but one in six, as a value may lie idle by chance."""
    _, picks = results() if full else results(count=3, size=20_000)
    moved = sum(pick.differs > 0 for pick in picks)
    yield within(f"of {len(picks)} values changed alone: move a count", "5 of 6", len(picks), moved, len(picks) / 5)


def main(size: int = 200_000, seed: int = 20) -> bool:
    """Print the table."""
    before, found = results(seed=seed, size=size)
    world = resolve(scenario_for(FILLING, filling="middle", twin=False)).plan.worlds[0]
    left, whole = len(played_values(world.policy)), len(list(world.policy.values()))
    asked, every = len(asked_values(world)), len(world.assumptions.values())
    say(f"Ten and ten ({size:,} residents, whole horizon, seed of the draw {seed}); {left} of {whole} values of the")
    say(f"filling are single ones that a run plays, which asks for {asked} of {every} assumptions; `counts` is how")
    say("many daily counts by district differ")
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
