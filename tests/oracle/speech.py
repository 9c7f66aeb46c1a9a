"""Speech, loyalty and drives against accounts in one world. Section 18 of docs/mechanisms.md."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from tests.oracle.assumed import value
from tests.oracle.chances import exact, nearest, normal_quantile, s16, s32
from tests.oracle.philox import ACCOUNT, DISSENT, REMOVAL

from vitropolis.policy.triggers import AccountsCampaign
from vitropolis.policy.words import CONDUCT, PERSON_WORDS

if TYPE_CHECKING:
    from tests.oracle.world import World

SPEECH = {
    "online_criticism", "petition_filed", "petition_disruptive", "complaint_filed", "assembly_unapproved",
    "political_study_absent",
}  # fmt: skip
LAWFUL = SPEECH - {"political_study_absent"}
ONLINE = ("online_criticism", "online_rumour")
LOYALTY = ("political_study_absent", "political_study_done")
FULL = 1 << 20


@cache
def thresholds(mean: Fraction, sd: Fraction) -> list[int]:
    middles = [normal_quantile(Fraction(2 * place + 1, 512)) for place in range(256)]
    return [nearest(65536 * (mean + sd * middle) / 100) for middle in middles]


class Speech:
    """What a world holds of speech; `speaking` and `risk` in 1/65536 of the city."""

    def __init__(self, world: World) -> None:
        self.world, self.known = world, world.assumed.content.speech
        self.thresholds = thresholds(value(self.known.mean), value(self.known.sd))
        self.risk = self.speaking = 0
        while (found := self.follow(self.speaking)) != self.speaking:
            self.speaking = found
        self.removed_now = 0
        self.no_account: set[int] = set()  # today
        self.ever_removed: set[int] = set()
        self.seen: set[int] = set()
        self.whisper, self.dares = s16(value(self.known.whisper)), s32(value(self.known.appeals_whisper))
        self.account, self.returns = s32(value(self.known.has_account)), s32(value(self.known.returns_weekly))

    def follow(self, before: int, felt: int = 0) -> int:
        return 256 * sum(each + felt <= before for each in self.thresholds)

    def begin_week(self, day: int) -> None:
        world, week = self.world, day // 7
        if week:
            self._frighten(day)
        for resident in sorted(self.no_account):
            if world.chance.draw(resident, week, ACCOUNT, 1)[0] < self.returns:
                self.no_account.discard(resident)
                world.events["account.comes_back"] += 1
        now: set[int] = set()
        for place, item in enumerate(world.policy.campaigns.values()):
            if isinstance(item, AccountsCampaign):
                now |= self._remove(place, item, day)
        self.no_account |= now
        counts, self.removed_now = world.counts.speech, len(now)
        counts[week, "removed"] = len(now)
        counts[week, "wrongly_removed"] = len(now - self.seen)
        counts[week, "speaking"], counts[week, "risk"] = self.speaking, self.risk
        world.events["account.removed_wrongly"] += len(now - self.seen)
        world.events["account.removed_rightly"] += len(now & self.seen)

    def _frighten(self, day: int) -> None:
        world, known = self.world, self.known
        words = {PERSON_WORDS.index(word) for word in SPEECH}
        arrived = sum(
            count for (on, _, word, _), count in world.counts.delivered.items() if day - 7 <= on < day and word in words
        )
        self.risk -= self.risk * s16(value(known.fade)) + 65535 >> 16
        for number, each in ((self.removed_now, known.per_removal), (arrived, known.per_record)):
            self.risk += nearest(value(each) * 65536 / 100) * number * 100_000 // world.city.n
        self.risk = min(self.risk, FULL)
        before = self.speaking
        self.speaking = self.follow(before, self.risk * nearest(value(known.weight) * 65536) >> 16)
        world.events["speech.fewer"] += max(0, before - self.speaking) // 256  # of 256 sorts of people
        world.events["speech.more"] += max(0, self.speaking - before) // 256

    def _remove(self, place: int, drive: AccountsCampaign, day: int) -> set[int]:
        """Whose accounts a drive removes on the first day of a week."""
        world = self.world
        total, error = self._count(drive), value(self.known.error)
        number = self._due(drive, total, day) - self._due(drive, total, day - 7)
        wrong = Fraction(0)
        for sign, when in ((1, day), (-1, day - 7)):
            wrong += sign * (self._due(drive, total, when) * error).__floor__()

        def draw(resident: int) -> tuple[int, int]:
            return world.chance.draw(resident, place, REMOVAL)[0], resident

        people = [each for each in range(world.city.n) if self._has(each) and each not in self.ever_removed]
        people.sort(key=draw)
        accused: list[int] = []
        if self.known.mode == "accusation":
            accused = [each for each in people if each in self.seen][: max(0, number - int(wrong))]
            world.events["account.accused"] += len(accused)
        rest = [each for each in people if each not in accused]
        taken = set(accused) | set(rest[: max(0, number - len(accused))])
        self.ever_removed |= taken
        return taken

    def _has(self, resident: int) -> bool:
        return self.world.city.age[resident] >= 15 and self.world.chance.draw(resident, 0, ACCOUNT)[0] < self.account

    def _days(self, drive: AccountsCampaign) -> tuple[int, int]:
        begin, end = ((each - self.world.start).days for each in (drive.starts_on, drive.ends_before))
        return max(begin, 0), end

    def _count(self, drive: AccountsCampaign) -> int:
        world = self.world
        (begin, end), before = self._days(drive), (drive.starts_on - world.start).days
        day, residents = max(drive.starts_on, world.start), world.policy.population.residents
        if end <= begin or begin >= world.days:
            return 0
        written = residents.on(day) if residents else world.city.n
        return nearest(exact(drive.count.on(day)) * Fraction(end - begin, end - before) * world.city.n / written)

    def _due(self, drive: AccountsCampaign, total: int, day: int) -> int:
        begin, end = self._days(drive)
        return total * (min(day, end) - begin) // (end - begin) if total and day > begin else 0

    # on a day

    def silent(self, resident: int) -> bool:
        return self.world.chance.draw(resident, 0, DISSENT)[0] >> 24 >= self.speaking // 256

    def acts(self, resident: int, word: int, mark: int, share: int) -> bool:
        """Whether somebody whose mark lies below the share does it; whoever does what a drive is aimed at is seen."""
        name, counts, week = PERSON_WORDS[word], self.world.counts.speech, self.world.today.day // 7
        silent, gone = self.silent(resident), resident in self.no_account
        hushed = name in SPEECH and silent and mark >= share * self.whisper >> 16
        kept = hushed or (name in ONLINE and gone)
        if kept and name in LAWFUL:
            counts[week, "cut" if gone else "hushed"] += 1
        if name in LOYALTY and silent and (hushed or name == LOYALTY[1]):
            counts[week, "loyalty_feigned"] += 1
        if kept:
            self.world.events["speech.cut" if gone else "speech.hushed"] += 1
        elif name in self._aimed():
            self.seen.add(resident)
        return not kept

    def _aimed(self) -> set[str]:
        drives = [each for each in self.world.policy.campaigns.values() if isinstance(each, AccountsCampaign)]
        today = self.world.today.date
        return {
            word
            for each in drives
            if each.starts_on <= today < each.ends_before
            for word in each.aimed_at or (word for word in PERSON_WORDS if CONDUCT[word].context == "online_speech")
        }

    def dares_appeal(self, resident: int, word: int) -> bool:
        if word < self.dares or not self.silent(resident):
            return True
        self.world.counts.speech[self.world.today.day // 7, "appeals_feared"] += 1
        self.world.events["appeal.feared"] += 1
        return False
