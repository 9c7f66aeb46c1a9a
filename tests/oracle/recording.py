"""What departments write down of an act, and how they err. Section 4 of docs/mechanisms.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tests.oracle.assumed import WENT_WRONG, value
from tests.oracle.chances import delay_days, geometric_quantiles, running_ends, s32
from tests.oracle.philox import CLERK, NAMESAKE, RECORDING
from tests.oracle.records import DUPLICATE, MISATTRIBUTED, RIGHT, STALE, UNSETTLED, WRONG_CONTENT, Kind
from tests.oracle.world import World

from vitropolis.policy.words import PERSON_WORDS

LONGEST_DELAY = 60


@dataclass(frozen=True, slots=True)
class Written:
    """A record before worlds that agree are put together: on whom, and what it says."""

    resident: int
    kind: Kind
    truth: int
    act: int
    delay: int
    wait: int


class Departments:
    """All who write records in one world."""

    def __init__(self, world: World) -> None:
        self.world = world
        policy = world.policy
        feeds = {name: item.feed for name, item in policy.behaviours.items()}
        self.errors = {
            name: world.assumed.errors(feed, policy.feeds[feed].provenance, policy.feeds[feed].linkage_key)
            for name, feed in feeds.items()
        }
        self.seen = {
            (name, word, district): self._seen(name, feeds[name], word, district)
            for name, item in policy.behaviours.items()
            for word in map(PERSON_WORDS.index, item.conduct)
            for district in range(len(world.city.district_names))
        }
        self.ends = {name: self._ends(name, WENT_WRONG) for name in feeds}
        self.ends_but_stale = {name: self._ends(name, WENT_WRONG[:-1]) for name in feeds}
        self.seen32 = {key: s32(share) for key, share in self.seen.items()}

    def _seen(self, behaviour: str, feed: str, word: int, district: int) -> Fraction:
        """min(1, visibility * completeness * intensity of the district)."""
        known, completeness = self.world.assumed, self.errors[behaviour]["completeness"]
        intensity = known.intensity(feed, self.world.city.district_names[district])
        return min(Fraction(1), value(known.words[word].visibility) * completeness * intensity)

    def _ends(self, behaviour: str, names: tuple[str, ...]) -> list[int]:
        return running_ends([self.errors[behaviour][name] for name in names])

    def in_force(self, behaviour: str | None) -> bool:
        return behaviour is not None and self.world.today.behaviours[behaviour].in_force

    def records(self, resident: int, word: int, day: int, kind: Kind) -> Iterator[Written]:
        """The records made of an act that happened in this world; what becomes of the act is counted."""
        world, counts = self.world, self.world.counts
        behaviour, where = kind.behaviours[world.place], (day, world.city.district[resident], word)
        if behaviour is None or not self.in_force(behaviour):
            world.events["recording.not_in_force"] += 1
            return
        r = world.chance.draw(resident, day, RECORDING)
        if r[0] >= self.seen32[behaviour, word, where[1]]:
            world.events["recording.undetected"] += 1
            return
        counts.detected[where] += 1
        went_wrong = self.what_goes_wrong(behaviour, r[2])
        on = self.namesake(resident, word, day) if went_wrong == "by_name_alone" else resident
        if went_wrong == "lost" or on is None:
            world.events["recording.lost"] += 1
            counts.lost[where] += 1
        elif on != resident:
            counts.wrong_person[where] += 1
            yield self.misattributed(resident, on, day, kind, behaviour)
        else:
            counts.right[where] += 1
            yield from self.on_the_right_person(resident, day, kind, behaviour, went_wrong, r[1])

    def what_goes_wrong(self, behaviour: str, draw: int) -> str:
        until_settled = self.world.today.behaviours[behaviour].life == "until_settled"
        ends = (self.ends if until_settled else self.ends_but_stale)[behaviour]
        return next((name for name, end in zip(WENT_WRONG, ends, strict=False) if draw < end), "")

    def namesake(self, resident: int, word: int, day: int) -> int | None:
        """Who is taken for the resident: perhaps the right one after all; None if nobody could believe it."""
        found = self.world.city.namesake(resident, self.world.chance.draw(resident, day, NAMESAKE)[0])
        if found == resident:
            self.world.events["recording.by_name_alone.right"] += 1
        elif not self.world.can_happen(word, found):
            self.world.events["recording.by_name_alone.impossible"] += 1
            return None
        return found

    def misattributed(self, resident: int, victim: int, day: int, kind: Kind, behaviour: str) -> Written:
        """Arrives on the first day of the next week at the earliest, and is never settled."""
        delay = self.delay(behaviour, self.world.chance.draw(resident, day, CLERK)[0])
        held = min(max(delay, 7 * (day // 7 + 1) - day), LONGEST_DELAY)
        self.world.events["recording.misattributed"] += 1
        self.world.events["recording.misattributed.held"] += held != delay
        return Written(victim, kind, MISATTRIBUTED, day, held, UNSETTLED)

    def on_the_right_person(
        self, resident: int, day: int, kind: Kind, behaviour: str, went_wrong: str, route: int
    ) -> Iterator[Written]:
        s = self.world.chance.draw(resident, day, CLERK)
        truth, delay = RIGHT, self.delay(behaviour, s[0])
        if went_wrong == "wrong_content":
            heavier = self.heavier_kind(kind.word, route, day)
            kind, truth = (kind, RIGHT) if heavier is None else (heavier, WRONG_CONTENT)
            self.world.events[f"recording.wrong_content.{'unknown_here' if heavier is None else 'heavier'}"] += 1
        elif went_wrong == "stale":
            truth = STALE
            self.world.events["recording.stale"] += 1
        wait = self.settlement_wait(resident, kind.word, s[1])
        yield Written(resident, kind, truth, day, delay, wait)
        if went_wrong == "duplicate":
            self.world.events["recording.duplicate"] += 1
            yield Written(resident, kind, DUPLICATE, day, self.delay(behaviour, s[2]), wait)

    def heavier_kind(self, word: int, route: int, day: int) -> Kind | None:
        """What the word is mistaken for, where this world has such a behaviour in force."""
        heavier = self.world.assumed.words[word].mistaken_for
        kind = None if heavier is None else self.world.kinds.routed(PERSON_WORDS.index(heavier), route, day)
        return kind if kind is not None and self.in_force(kind.behaviours[self.world.place]) else None

    def delay(self, behaviour: str, draw: int) -> int:
        return delay_days(draw, self.errors[behaviour]["delay_mean_days"])

    def settlement_wait(self, resident: int, word: int, draw: int) -> int:
        """Days from the act until the debt is paid; UNSETTLED for never and for what is no debt."""
        if not self.world.is_debt(word):
            return UNSETTLED
        payer = self.world.payer_type(resident, word)
        return geometric_quantiles(self.world.settling_hazard(word, payer))[draw >> 24]
