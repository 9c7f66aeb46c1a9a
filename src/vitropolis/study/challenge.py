"""Under which assumptions, inside their stated ranges, would a headline tell the opposite?

First the sets of the design are looked through. Then the parameters that were seen to move the number are put to those
ends of their ranges that work against the story, all at once (a corner): if even there it holds, it holds as far as
this study can see. Where it reverses, the fewest of them that suffice, strongest first, are found and named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from vitropolis.model.assumptions import Assumptions
from vitropolis.results.progress import Tell, silent
from vitropolis.study.changed import with_values
from vitropolis.study.design import SETS
from vitropolis.study.drivers import ALONE
from vitropolis.study.ground import Ground
from vitropolis.study.passes import Teller, passes_for, played
from vitropolis.study.ranges import ranges, sweep_passes
from vitropolis.study.store import Store
from vitropolis.study.stories import STORIES, Number, Numbers, Story, numbers_of

NAME = "challenge"
HOLDS, REVERSES, UNKNOWN = "holds", "reverses", "not told"
METHOD = (
    "A story is what a number tells at its threshold under the assumptions as written. It reverses where the number "
    "lies on the other side: in a set of the design, or with the parameters seen to move it at the ends of their "
    "ranges that work against it. `holds` means that neither was found; it is no proof."
)


@dataclass(frozen=True)
class Verdict:
    """What became of one story in one world.

    written: the number as written; threshold; low, high: over the sets. reversed_sets: in how many of `sets` it tells
    the opposite. corner: the number with every mover against it (None: there was none to play, or no value there).
    lever: the fewest values found that reverse it, {path: value}; at: the number there.
    """

    story: str
    world: str
    says: str
    verdict: str
    written: Number
    threshold: float
    low: Number
    high: Number
    sets: int
    reversed_sets: int
    corner: Number = None
    lever: Mapping[str, float] | None = None
    at: Number = None


def against(story: Story, written: float, effects: Mapping[str, float], held: Assumptions) -> dict[str, float]:
    """The corner: each mover at the end of its range that takes the number towards the other side, strongest first."""
    down, known = written > story.threshold, held.values()
    strongest = sorted(effects, key=lambda path: (-abs(effects[path]), path))
    return {path: known[path].low if (effects[path] > 0) == down else known[path].high for path in strongest}


def first_of(corner: Mapping[str, float], count: int) -> dict[str, float]:
    """The strongest so many of a corner's values."""
    return dict(list(corner.items())[:count])


class Corners:
    """Plays corners of stories and keeps what they gave."""

    def __init__(self, ground: Ground, store: Store, teller: Teller) -> None:
        self.ground, self.store, self.teller = ground, store, teller
        self.known: dict[str, Numbers] = {}

    def play(self, part: str, corners: list[dict[str, float]]) -> list[Numbers]:
        """The numbers under each corner; one that was played before is not played again."""
        sets = [with_values(self.ground.assumptions, corner) for corner in corners]
        new = {held.digest: held for held in sets if held.digest not in self.known}
        told = played(self.ground, self.store, part, list(new.values()), numbers_of, self.teller)
        self.known |= dict(zip(new, told, strict=True))
        return [self.known[held.digest] for held in sets]


@dataclass
class Case:
    """One story in one world on its way to a verdict: its row in the ranges, its corner, how much of that suffices."""

    story: Story
    world: str
    row: Mapping[str, Any]
    corner: dict[str, float]
    number: Number = None  # in the whole corner
    enough: int = 0  # so many of the corner's values reverse it, `short` do not
    short: int = 0
    at: Number = None

    def told(self, numbers: Numbers) -> Number:
        """This story's number among all."""
        return numbers["stories"][self.world][self.story.id]

    def reversed_at(self, number: Number) -> bool:
        """Whether a number tells the opposite."""
        return self.story.reversed_by(self.row["value"], number)

    @property
    def open(self) -> bool:
        """Whether fewer values might do."""
        return self.enough - self.short > 1

    def verdict(self) -> Verdict:
        """What became of it."""
        row, story = self.row, self.story
        flipped = sum(self.reversed_at(number) for number in row["values"])
        lever = first_of(self.corner, self.enough) if self.enough else None
        return Verdict(
            story.id, self.world, story.told(row["value"]), REVERSES if flipped or lever else HOLDS, row["value"],
            story.threshold, row["low"], row["high"], len(row["values"]), flipped, self.number, lever, self.at,
        )  # fmt: skip


def challenge(
    ground: Ground, store: Store, tell: Tell = silent, sets: int = SETS, alone: int = ALONE
) -> dict[str, Any]:
    """Challenge every story of a run, playing the ranges first if they are not there; keep and return what came out."""
    kept = store.read(NAME)
    if kept is not None:
        return kept
    known = store.read("ranges") is not None
    teller = Teller(tell, (0 if known else sweep_passes(ground, sets, alone)) + passes_for(ground, 3 * len(STORIES)))
    told = ranges(ground, store, teller=teller, sets=sets, alone=alone)
    cases = _cases(ground, told)
    play_corners(cases, Corners(ground, store, teller))
    verdicts = [case.verdict() for case in cases] + _silent(ground, told)
    verdicts.sort(key=lambda each: [story.id for story in STORIES].index(each.story))
    content = {"sets": told["sets"], "residents": store.size, "method": METHOD}
    content |= {"verdicts": [asdict(each) for each in verdicts], "order": order_of_fillings(ground, told)}
    return store.write(NAME, content)


def _cases(ground: Ground, told: Mapping[str, Any]) -> list[Case]:
    found = []
    for story in STORIES:
        for world in ground.judged:
            row = told["stories"][story.id][world]
            if row["value"] is not None:
                corner = against(story, row["value"], row["effects"], ground.assumptions)
                found.append(Case(story, world, row, corner))
    return found


def _silent(ground: Ground, told: Mapping[str, Any]) -> list[Verdict]:
    """Stories that the run does not tell: nobody was hit, or no listing began."""
    found = []
    for story in STORIES:
        for world in ground.judged:
            row = told["stories"][story.id][world]
            if row["value"] is None:
                ends = (row["low"], row["high"], len(row["values"]))
                found.append(Verdict(story.id, world, story.above, UNKNOWN, None, story.threshold, *ends, 0))
    return found


def play_corners(cases: list[Case], corners: Corners) -> None:
    """Play the whole corner of every story; where it reverses, ever fewer values, halving what is open."""
    mine = [case for case in cases if case.corner]
    for case, numbers in zip(mine, corners.play("corners-0", [case.corner for case in mine]), strict=True):
        case.number = case.told(numbers)
        if case.reversed_at(case.number):
            case.enough, case.at = len(case.corner), case.number
    turn = 0
    while waiting := [case for case in mine if case.open]:
        turn += 1
        tried = [(case.enough + case.short) // 2 for case in waiting]
        fewer = [first_of(case.corner, count) for case, count in zip(waiting, tried, strict=True)]
        for case, count, numbers in zip(waiting, tried, corners.play(f"corners-{turn}", fewer), strict=True):
            number = case.told(numbers)
            if case.reversed_at(number):
                case.enough, case.at = count, number
            else:
                case.short = count


def order_of_fillings(ground: Ground, told: Mapping[str, Any]) -> dict[str, Any] | None:
    """Whether the fillings stay in the same order by people hit in every set; None where there are not two."""
    rows = {world: told["headlines"]["hit_per_1000"][world] for world in ground.judged}
    if len(rows) < 2 or any(row["value"] is None for row in rows.values()):
        return None
    written = sorted(rows, key=lambda world: rows[world]["value"])
    sets = range(len(rows[written[0]]["values"]))
    columns = ({world: row["values"][place] or 0.0 for world, row in rows.items()} for place in sets)
    orders = [sorted(column, key=column.__getitem__) for column in columns]
    return {"written": written, "sets": len(orders), "others": sum(each != written for each in orders)}
