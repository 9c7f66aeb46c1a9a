"""Records: what a department says somebody did, and whether it still counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from tests.oracle.chances import ONE32
from tests.oracle.today import BehaviourToday, behaviour_in_force

from vitropolis.policy.schema import Policy
from vitropolis.policy.words import PERSON_WORDS

UNSETTLED = 2047  # a wait that never ends
RIGHT, MISATTRIBUTED, WRONG_CONTENT, DUPLICATE, STALE, INVENTED, QUOTA = range(7)
ITEM_OF_TRUTH = ("right", "misattributed", "wrong", "duplicate", "stale", "invented", "quota")
TRUTHS = ("right", "misattributed", "wrong_content", "duplicate", "stale", "invented", "quota")


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """`kind` is its place among the kinds, `worlds` a mask; days count from the first of the horizon."""

    kind: int
    word: int
    truth: int
    worlds: int
    act: int
    delay: int
    wait: int

    @property
    def arrival(self) -> int:
        return self.act + self.delay

    @property
    def number(self) -> int:
        """Orders the records of one day."""
        number = self.truth
        for part, bits in ((self.act, 13), (self.delay, 6), (self.wait, 11), (self.kind, 7)):
            number = number << bits | part
        return number

    def in_world(self, place: int) -> bool:
        return bool(self.worlds >> place & 1)


Paid = Callable[["Record", int], bool]  # whether the debt it tells of is settled on a day
Choose = Callable[["Record"], "int | None"]  # the word that places a record's points in their range; None: as written


def points_of(record: Record, rule: BehaviourToday, score: str, day: int, from_arrival: bool, choose: Choose) -> int:
    points = rule.points.get(score, 0)
    if score in rule.discretion and (word := choose(record)) is not None:
        low, high = rule.discretion[score]
        points = low + (word * (high - low + 1) >> 32)
    if rule.life != "half_life":
        return points
    halvings = (day - (record.arrival if from_arrival else record.act)) // rule.days
    left = abs(points) >> halvings
    return left if points > 0 else -left


def is_live(record: Record, rule: BehaviourToday, day: int, from_arrival: bool, choose: Choose, paid: Paid) -> bool:
    if not rule.in_force:
        return False
    if rule.life == "until_settled":
        return record.truth == STALE or not paid(record, day - rule.days)
    if rule.life == "half_life":
        return any(
            points_of(record, rule, score, day, from_arrival, choose) for score in {*rule.points, *rule.discretion}
        )
    return rule.life == "forever" or day - (record.arrival if from_arrival else record.act) < rule.days


@dataclass(frozen=True, slots=True)
class Kind:
    """A word and a stretch of its routes [low, high); in each world the behaviour that it falls to, or none."""

    place: int
    word: int
    low: int
    high: int
    behaviours: tuple[str | None, ...]


class Kinds:
    """Every kind of record of a run: for each word and way of routing, the union of all worlds' cuts.

    An act goes to one of the behaviours in force on its day; where none is, to one of all that name the word.
    """

    def __init__(self, policies: Sequence[Policy], start: date, days: int, words: Sequence[str] = PERSON_WORDS) -> None:
        self.start, self.all = start, list[Kind]()
        self.naming: list[list[list[list[str]]]] = []  # [word][day][world]
        self.of_word: list[list[list[Kind]]] = []  # [word][day]
        for number, word in enumerate(words):
            known: dict[str, list[Kind]] = {}
            self.naming.append([])
            self.of_word.append([])
            for day in range(days):
                today = start + timedelta(days=day)
                naming = [_behaviours_naming(policy, word, today) for policy in policies]
                if str(naming) not in known:
                    known[str(naming)] = self._kinds_of(number, naming)
                self.naming[-1].append(naming)
                self.of_word[-1].append(known[str(naming)])

    def _kinds_of(self, word: int, naming: list[list[str]]) -> list[Kind]:
        cuts = sorted({ONE32 * j // len(names) for names in naming if names for j in range(len(names) + 1)})
        found = []
        for low, high in pairwise(cuts):
            behaviours = tuple(next((n for j, n in _ends(names) if low < j), None) for names in naming)
            found.append(Kind(len(self.all), word, low, high, behaviours))
            self.all.append(found[-1])
        return found

    def routed(self, word: int, draw: int, day: int) -> Kind | None:
        """The kind where a route draw of a day falls; None where no world counts the word."""
        return next((kind for kind in self.of_word[word][day] if draw < kind.high), None)

    def lowest(self, word: int, world: int, behaviour: str) -> Kind:
        return next(kind for kind in self.all if kind.word == word and kind.behaviours[world] == behaviour)


def _behaviours_naming(policy: Policy, word: str, today: date) -> list[str]:
    named = [name for name, item in policy.behaviours.items() if word in item.conduct]
    return [name for name in named if behaviour_in_force(policy, name, today)] or named


def _ends(names: list[str]) -> list[tuple[int, str]]:
    """Ends of the equal routes of one world; none for a world that does not count the word."""
    return [(ONE32 * (j + 1) // len(names), name) for j, name in enumerate(names)]
