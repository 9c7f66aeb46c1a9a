"""From a replayed household to what one resident's ledger says, day by day and world by world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from vitropolis.model.listing_log import logged_bins, logged_cause, logged_event, logged_list, logged_who, logged_world
from vitropolis.model.lists import STARTED
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import PERSON_WORDS, leaves
from vitropolis.policy.triggers import RecordsTrigger
from vitropolis.policy.words import is_private
from vitropolis.results.life_files import (
    Counted,
    act_day,
    arrival_day,
    behaviour_of,
    counted_in,
    given_by,
    held_in,
    most_counted,
    said,
    settled_day,
    word_of,
)
from vitropolis.results.lists import BINS, WAYS_OUT, causes_of, definitions
from vitropolis.results.replay_one import Replay, Seen, core_of, truth_of_word

TRUTHS = ("right", "misattributed", "wrong_content", "duplicate", "stale", "invented", "quota")
ERRORS: Mapping[str, str] = {
    "right": "",
    "misattributed": "WRONG: somebody of the same name did it",
    "wrong_content": "WRONG: something else was done",
    "duplicate": "WRONG: one act, written a second time",
    "stale": "ERROR: stays after it is settled",
    "invented": "WRONG: nobody did it",
    "quota": "WRONG: found to make up a number",
}


@dataclass(frozen=True)
class Entry:
    """One line of a life: what happened to the resident on a day in one world of the run.

    what: enrolled | record | counted | moved | score | listed | waits | unlisted | through | doors | request | told |
    appeal | answer.
    element: the entry of the policy behind it (`section.id`), "" if none; file and line: where it is written.
    facts: the same as numbers and words, for JSON; `key` in it is equal where two worlds saw the same thing.
    """

    day: int
    world: int
    what: str
    text: str
    element: str = ""
    file: str = ""
    line: int = 0
    facts: Mapping[str, Any] = field(default_factory=dict)


class WorldDays:
    """One world's side of a life."""

    def __init__(self, plan: Plan, replay: Replay, number: int) -> None:
        self.plan, self.replay, self.number = plan, replay, number
        self.world: World = plan.worlds[number]
        self.causes = causes_of(plan)[number]
        self.listing_behaviours = {
            name
            for item in self.world.lists.values()
            for leaf in leaves(item.trigger)
            if isinstance(leaf, RecordsTrigger)
            for name in leaf.behaviours
        }
        self.first_ledger = sum(len(world.scores) for world in plan.worlds[:number])

    def entries(self, before: Seen | None, seen: Seen) -> Iterator[Entry]:
        """What a day brings of enrolment, records, scores and lists; `before` is the day before it."""
        was, now = self.counted(before), self.counted(seen)
        if seen.day == self.replay.enrolled[self.number] and (self.world.scores or self.world.lists):
            yield self.entry(seen, "enrolled", self._enrolled(before, now), "population.enrolment")
        yield from self._records(before, seen, was, now)
        yield from self._otherwise(before, seen, was, now)
        yield from self._moved(seen)
        yield from self._scores(before, seen)
        yield from self._lists(before, seen)

    def counted(self, seen: Seen | None) -> Counted:
        """Which records count after a day, enrolled or not."""
        return counted_in(self.number, seen) if seen else Counted()

    def entry(self, seen: Seen, what: str, text: str, element: str = "", **facts: Any) -> Entry:
        """One entry of this world."""
        file, line = self.world.policy.source.place_of(element) if element else ("", 0)
        return Entry(seen.day, self.number, what, text, element, file.rpartition("/")[2], line, facts)

    def date(self, day: int) -> date:
        """The date of a day of the run."""
        return self.plan.date(day)

    def _enrolled(self, before: Seen | None, now: Counted) -> str:
        """Enrolment, and how many of the records that came before it count from now on."""
        earlier = [core_of(record) for record in held_in(self.number, before.file if before else ())]
        mine = [record for record in earlier if self._has_points(record)]
        count = sum(record in now.counting for record in mine)
        told = f"; of {len(mine)} earlier record{'s' if len(mine) > 1 else ''} with points, {count or 'none'} now count"
        return "comes under the policy" + (f"{told}{'s' if count == 1 else ''}" if mine else "")

    def _has_points(self, record: int) -> bool:
        """Whether a record's behaviour ever gives points."""
        points = self.world.behaviours[behaviour_of(self.plan, self.number, record)].points.values()
        return any(any(value.all) for value in points)

    def _arrived(self, before: Seen | None, seen: Seen) -> list[int]:
        """Today's records, in the order of the file from its end."""
        known = {core_of(record) for record in held_in(self.number, before.file if before else ())}
        mine = reversed(held_in(self.number, seen.file))
        return [record for record in mine if core_of(record) not in known and arrival_day(record) == seen.day]

    def _records(self, before: Seen | None, seen: Seen, was: Counted, now: Counted) -> Iterator[Entry]:
        arrived = self._arrived(before, seen)
        newest = {self._behaviour(record): record for record in arrived}
        for record in arrived:
            gone = [each for each in self._pushed_out(was, now) if self._behaviour(each) == self._behaviour(record)]
            yield self._record(seen, record, now, gone if newest[self._behaviour(record)] == record else [])

    def _behaviour(self, record: int) -> str:
        return behaviour_of(self.plan, self.number, record)

    def _pushed_out(self, was: Counted, now: Counted) -> list[int]:
        """Records that counted the day before, and live but do not count any more."""
        return [record for record in now.over if record in was.counting and self._has_points(record)]

    def _otherwise(self, before: Seen | None, seen: Seen, was: Counted, now: Counted) -> Iterator[Entry]:
        """Records that begin or cease to count without a new one of their behaviour: by a cap, or since they lapse."""
        if before is None or before.day < self.replay.enrolled[self.number]:
            return
        arrived = {self._behaviour(record) for record in self._arrived(before, seen)}
        held = {core_of(record) for record in held_in(self.number, seen.file)}
        for record in was.counting:
            if record in held and record not in now.counting and record not in now.over:
                yield from self._turn(seen, record, "no longer counts: lapsed or settled", counts=False)
        for record in self._pushed_out(was, now):
            if self._behaviour(record) not in arrived:
                yield from self._turn(seen, record, f"no longer counts: {self._only(seen, record)}", counts=False)
        for record in now.counting:
            if record in was.over:
                how = f"counts again, among the newest {self._most(seen, record):,}"
                yield from self._turn(seen, record, how, counts=True)

    def _turn(self, seen: Seen, record: int, how: str, counts: bool) -> Iterator[Entry]:
        """A record on file that begins or ceases to count, if it gives points."""
        if self._has_points(record):
            word, acted = word_of(self.plan, record), self.date(act_day(record))
            text, element = f"the record of {said(word)} on {acted} {how}", f"behaviours.{self._behaviour(record)}"
            yield self.entry(seen, "counted", text, element, word=word, act_date=acted, counts=counts)

    def _most(self, seen: Seen, record: int) -> int:
        return most_counted(self.number, seen, record)

    def _only(self, seen: Seen, record: int) -> str:
        """The cap on a behaviour, in words."""
        most = self._most(seen, record)
        return "only the newest counts" if most == 1 else f"only the newest {most:,} count"

    def _record(self, seen: Seen, record: int, now: Counted, gone: Sequence[int]) -> Entry:
        name, word, truth = (
            behaviour_of(self.plan, self.number, record),
            word_of(self.plan, record),
            TRUTHS[truth_of_word(record)],
        )
        behaviour = self.world.behaviours[name]
        feed = self.world.policy.feeds[behaviour.feed]
        today, acted = self.date(seen.day), self.date(act_day(record))
        resident = self.replay.first + self.replay.place
        points = given_by(self.plan, self.number, resident, record, today)
        given = "".join(f", {score} {value:+d}" for score, value in points.items() if value)
        why = self._uncounted(seen, record, now) if given else ""
        text = f"record: {said(word)} on {acted}, from {said(feed.department)} ({behaviour.feed}){given}"
        text += f" (not counted{why})" if why else self._instead(seen, gone) if given else ""
        error = self._error(seen, record, truth)
        return self.entry(
            seen, "record", f"{text}. {error}" if error else text, f"behaviours.{name}",
            key=f"record {core_of(record)}", word=word, act_date=acted, feed=behaviour.feed,
            department=feed.department, truth=truth, points=points, counts=not why, error=error,
        )  # fmt: skip

    def _uncounted(self, seen: Seen, record: int, now: Counted) -> str:
        """Why the points of a record that arrived today do not count; "" if they do."""
        if seen.day < self.replay.enrolled[self.number]:
            return " yet: not enrolled"
        if core_of(record) in now.over:
            return f": {self._only(seen, record)}"
        return "" if core_of(record) in now.counting else ": no longer valid when it arrives"

    def _instead(self, seen: Seen, gone: Sequence[int]) -> str:
        """Which older records a new one keeps from counting."""
        if not gone or seen.day < self.replay.enrolled[self.number]:
            return ""
        dates = " and ".join(str(self.date(act_day(record))) for record in reversed(gone))
        one, verb = ("that", "counts") if len(gone) == 1 else ("those", "count")
        return f"; {one} of {dates} no longer {verb}: {self._only(seen, gone[0])}"

    def _error(self, seen: Seen, record: int, truth: str) -> str:
        """What is wrong with a record, in words."""
        if truth == "wrong_content":
            act = next((seen.act for seen in self.replay.days if seen.day == act_day(record)), None)
            word = PERSON_WORDS[act.word] if act else ""
            return f"WRONG: what was done is {said(word)}" if word and not is_private(word) else ERRORS[truth]
        paid = settled_day(self.number, seen, record) if truth == "stale" else None
        return ERRORS[truth] if paid is None else f"{ERRORS[truth]}: WRONG from {self.date(paid)} on"

    def _moved(self, seen: Seen) -> Iterator[Entry]:
        """Acts whose record lands on somebody else; private ones are on no file of theirs: not shown."""
        for record in held_in(self.number, seen.sent):
            word = word_of(self.plan, record)
            if is_private(word):
                continue
            text = f"{said(word)}: the record of it goes to somebody of the same name"
            yield self.entry(seen, "moved", text, key=f"moved {core_of(record)}", word=word)

    def standing(self, seen: Seen) -> tuple[tuple[str, int, str], ...]:
        """Every score of the world after a day: name, points, band; nothing before enrolment."""
        return () if seen.day < self.replay.enrolled[self.number] else self.standing_at(seen, self.replay.place)

    def standing_at(self, seen: Seen, place: int) -> tuple[tuple[str, int, str], ...]:
        """The same of a member of the household, who must be enrolled."""
        found = []
        for at, (name, score) in enumerate(self.world.scores.items()):
            ledger, bands = self.first_ledger + at, [band for band, _ in score.bands_on(self.date(seen.day))][::-1]
            band = bands[int(seen.columns["band"][ledger, place]) & 15]
            found.append((name, int(seen.columns["score"][ledger, place]), band))
        return tuple(found)

    def _scores(self, before: Seen | None, seen: Seen) -> Iterator[Entry]:
        old = {name: (points, band) for name, points, band in (self.standing(before) if before else ())}
        for name, points, band in self.standing(seen):
            was = old.get(name)
            if was == (points, band):
                continue
            came = f"{name} {was[0]} to {points}" if was and was[0] != points else f"{name} {points}"
            moved = f"band {was[1]} to {band}" if was and was[1] != band else f"band {band}"
            facts = {"score": name, "points": points, "band": band, "before": was[0] if was else None}
            yield self.entry(seen, "score", f"{came}, {moved}", f"scores.{name}", **facts)

    def waiting(self, seen: Seen | None) -> int:
        """The lists that the resident waits for (grace), one bit each."""
        return int(seen.columns["lists"][self.number, self.replay.place]) >> 8 if seen else 0

    def _lists(self, before: Seen | None, seen: Seen) -> Iterator[Entry]:
        names, started = list(self.world.lists), 0
        resident = self.replay.first + self.replay.place
        for line in sorted(seen.log, key=lambda line: logged_event(line) == STARTED):
            if logged_who(line) == resident and logged_world(line) == self.number:
                started |= (1 << logged_list(line)) if logged_event(line) == STARTED else 0
                yield self._listing(seen, names[logged_list(line)], line)
        was, now = self.waiting(before), self.waiting(seen)
        for place, name in enumerate(names):
            polarity, bit = self.world.lists[name].polarity, 1 << place
            if now & bit and not was & bit:
                yield self.entry(seen, "waits", f"days of grace begin for {polarity} list {name}", f"lists.{name}")
            if was & bit and not now & bit and not started & bit:
                text = f"does not come on {polarity} list {name}: the ground went away in time"
                yield self.entry(seen, "waits", text, f"lists.{name}")

    def _listing(self, seen: Seen, name: str, line: int) -> Entry:
        polarity, event = self.world.lists[name].polarity, logged_event(line)
        if event != STARTED:
            how = WAYS_OUT[event - 1]
            return self.entry(seen, "unlisted", f"OFF {polarity} list {name}: {how}", f"lists.{name}", how=how)
        cause = self.causes[logged_cause(line)]
        bins = [BINS[code - 1] if code else "" for code in (logged_bins(line) & 3, logged_bins(line) >> 2)]
        text = f"ON {polarity.upper()} LIST {name}, because: {cause}"
        if bins[0]:
            both = [f"{bins[0]}"] if bins[0] == bins[1] else [
                f"{each} (by {defined})" for each, defined in zip(bins, definitions(self.plan), strict=True)
            ]  # fmt: skip
            text += f". Truth: {'; '.join(both)}"
        return self.entry(seen, "listed", text, f"lists.{name}", list=name, polarity=polarity, cause=cause, bins=bins)

    def unrecorded(self) -> int:
        """Acts of which no department of this world made a record, without what people think, say or believe."""
        every = {record for seen in self.replay.days for record in held_in(self.number, seen.file)}
        noted = {
            act_day(record)
            for record in every
            if TRUTHS[truth_of_word(record)] not in ("misattributed", "invented", "quota")
        }
        noted |= {seen.day for seen in self.replay.days if held_in(self.number, seen.sent)}
        acts = [seen for seen in self.replay.days if seen.act and (seen.act.worlds >> self.number) & 1]
        return sum(seen.day not in noted and not is_private(PERSON_WORDS[seen.act.word]) for seen in acts if seen.act)
