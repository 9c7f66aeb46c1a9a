"""Where every run stands, put together from its job, its folder and its check, and told to whoever watches."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vitropolis.base.errors import RefusedError
from vitropolis.server import verdicts
from vitropolis.server.contract import RunEntry, RunRecord, Status
from vitropolis.server.feed import Feed
from vitropolis.server.job import NO_RANGES, Job, lacks_ranges, last_records
from vitropolis.server.jobs import Jobs
from vitropolis.server.problems import ProblemError
from vitropolis.server.shelf import Place, Shelf, entry_of, read_said, title_of
from vitropolis.server.staff import Staff

TICK = 0.25  # seconds between two records of a run: at most four a second
CHECK_SECONDS = 6 * 3600.0  # a full-size folder on a small machine takes minutes
AGAIN_SECONDS = 5.0  # after which a check that could not be made is tried again
OVER = ("complete", "cancelled", "failed")
FEEDS = 200
CHECKING = (
    "some residents of this run are being played again, to see that this model made it; no number is shown before "
    "that is done"
)


@dataclass
class Check:
    """The check of one folder. stamp: as it was when the check began; wrong: why it was refused or could not be made.

    ended: when it was over (monotonic seconds): what is no refusal is tried again after a while.
    """

    stamp: str
    key: str = ""
    done: bool = False
    wrong: ProblemError | None = None
    ended: float = 0.0

    @property
    def refused(self) -> bool:
        """Whether this model did not make the folder, however often it is looked at."""
        return self.wrong is not None and self.wrong.code == "refused"

    @property
    def stale(self) -> bool:
        """Whether it came to nothing, long enough ago to be tried again."""
        late = time.monotonic() - self.ended >= AGAIN_SECONDS
        return self.done and self.wrong is not None and not self.refused and late


@dataclass(frozen=True)
class Look:
    """A run's files, read once. said: its manifest; stamp: of what is complete; linked: why it has none."""

    place: Place
    job: Job | None
    said: Mapping[str, Any]
    stamp: str = ""
    linked: str = ""
    lacks: bool = False

    @property
    def waits_or_runs(self) -> bool:
        """Whether it is not over."""
        return self.job is not None and self.job.waits_or_runs

    @property
    def whole(self) -> bool:
        """Whether the folder says that all was played, and nothing plays in it."""
        return not self.waits_or_runs and self.said.get("status") == "complete"

    @property
    def stage(self) -> str:
        """The stage of its job, if there is one."""
        return "" if self.job is None else self.job.stage


class Board:
    """Checks and records of all runs of a shelf."""

    def __init__(self, shelf: Shelf, jobs: Jobs, staff: Staff) -> None:
        self.shelf, self.jobs, self.staff = shelf, jobs, staff
        self.checks: dict[Path, Check] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.turn = asyncio.Lock()
        self.feeds: OrderedDict[str, Feed] = OrderedDict()
        self.watched: dict[str, int] = {}

    def look(self, place: Place) -> Look:
        """Read a run's files: slow where the disk is, so never in the loop that answers everybody."""
        job, said = self.jobs.of(place), read_said(place)
        seen = Look(place, job, said)
        if not seen.whole:
            return seen
        lacks = lacks_ranges(job, place)
        try:
            return Look(place, job, said, verdicts.stamp_of(place.folder), "", lacks)
        except (RefusedError, OSError) as error:
            return Look(place, job, said, "", str(error), lacks)

    def check(self, look: Look) -> Check:
        """The check of a folder as it is now; begun where there is none yet, or the folder has changed."""
        folder = look.place.folder
        if look.linked:
            refused = Check("", done=True, wrong=ProblemError(403, "refused", look.linked))
            self.checks[folder] = refused
            return refused
        held = self.checks.get(folder)
        if held is None or held.stamp != look.stamp or held.stale:
            held = self.checks[folder] = Check(look.stamp)
            self.staff.forget(folder)
            task = asyncio.ensure_future(self._checked(look.place, held))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        return held

    async def _checked(self, place: Place, check: Check) -> None:
        """Find the verdict of a folder's content, or let its clerk make one; whatever happens, it ends."""
        check.wrong = ProblemError(503, "busy", "the check of this run was given up; try again")
        try:
            check.key = await asyncio.to_thread(verdicts.key_of, place.folder)
            check.wrong = await self._verdict(place, check)
        except ProblemError as wrong:
            check.wrong = wrong if wrong.status == 503 else ProblemError(422, "unreadable", wrong.words)
        except RefusedError as error:
            check.wrong = ProblemError(403, "refused", str(error))
        except OSError as error:
            check.wrong = ProblemError(422, "unreadable", str(error))
        finally:
            check.done, check.ended = True, time.monotonic()
        if check.wrong is None and place.kind == "run":
            await self._made_ready(place)

    async def _made_ready(self, place: Place) -> None:
        """Make the first page that will be asked for, however large the run is."""
        with suppress(ProblemError, OSError):
            await self.page(place, "results", "view", CHECK_SECONDS, part="results")

    async def _verdict(self, place: Place, check: Check) -> ProblemError | None:
        """None where this model made the folder, else the refusal; both are kept, and nothing else is."""
        refusal = verdicts.named("refusal", str(place.folder))  # its words name the folder
        if await asyncio.to_thread(verdicts.kept, check.key, "verdict") == "":
            return None
        words = await asyncio.to_thread(verdicts.kept, check.key, refusal)
        if not isinstance(words, str):
            words = await self._asked(place)
            if await asyncio.to_thread(verdicts.key_of, place.folder) == check.key:
                await asyncio.to_thread(verdicts.keep, check.key, refusal if words else "verdict", words)
        return ProblemError(403, "refused", words) if words else None

    async def _asked(self, place: Place) -> str:
        async with self.turn:
            try:
                await self.staff.reader(place.folder).ask("check", CHECK_SECONDS)
            except ProblemError as wrong:
                if wrong.code != "refused":
                    raise
                return wrong.words
        return ""

    def need(self, look: Look) -> Check:
        """The check of a run that is to be read. ProblemError: 409 until it is done, 403 where it was refused."""
        if look.waits_or_runs:
            raise ProblemError(409, "going", "this run is not over yet; its numbers come when it is")
        if not look.whole:
            raise ProblemError(409, "interrupted", "this run was not played to its end; go on with it first")
        check = self.check(look)
        if not check.done:
            raise ProblemError(409, "checking", CHECKING)
        if check.wrong is not None:
            raise ProblemError(check.wrong.status, check.wrong.code, check.wrong.words, check.wrong.headers)
        return check

    async def needed(self, place: Place) -> Check:
        """The same of a place, as it is now."""
        return self.need(await asyncio.to_thread(self.look, place))

    async def page(self, place: Place, name: str, question: str, seconds: float, **arguments: Any) -> Any:
        """A page of a checked run: kept by content, else made by the run's clerk."""
        check = await self.needed(place)
        mine = verdicts.named(name, place.folder.name)  # a page names its folder: that of a copy is another
        held = await asyncio.to_thread(verdicts.kept, check.key, mine)
        if not isinstance(held, dict | list):
            held = await self.staff.reader(place.folder).ask(question, seconds, **arguments)
            await self.unchanged(place, check)
            await asyncio.to_thread(verdicts.keep, check.key, mine, held)
        return held

    async def unchanged(self, place: Place, check: Check) -> None:
        """409 where a folder is another one now than the one that was checked: what was read of it is worth nothing."""
        look = await asyncio.to_thread(self.look, place)
        if look.stamp != check.stamp:
            raise ProblemError(409, "checking", "this run was changed while it was read; it is looked at again")

    def status(self, look: Look) -> Status:
        """Where a run stands, without beginning its check."""
        if look.waits_or_runs:
            return "queued" if look.stage == "queued" else "running"
        if not look.whole:
            return "failed" if look.stage == "failed" else "cancelled"
        held = self.checks.get(look.place.folder)
        if held is not None and held.done and held.wrong is not None and held.stamp == look.stamp:
            return "failed"
        if look.lacks:
            return "failed" if look.stage == "failed" else "cancelled"
        if held is None or held.stamp != look.stamp or look.linked:
            return "unchecked"
        return "complete" if held.done else "checking"

    def entry(self, place: Place) -> RunEntry:
        """A run as it stands in the list."""
        look = self.look(place)
        status = self.status(look)
        title, asked = (look.job.title, look.job.want) if look.job is not None else ("", {})
        return entry_of(place, look.said, title, asked, status, self._can(status, look))

    async def record(self, place: Place) -> RunRecord:
        """Where a run stands; a complete one is checked from now on, if it was not."""
        look, last = await asyncio.to_thread(self._looked, place)
        if look.whole:
            self.check(look)
        job, status = look.job, self.status(look)
        return RunRecord(
            id=place.id,
            kind=job.kind if job else place.kind,
            title=job.title if job is not None and job.title else title_of(look.said, place.id),
            status=status,
            fraction=_fraction(last.get("fraction"), status),
            words=self._words(status, look, last),
            seconds_left=_seconds(last.get("seconds_left")),
            headline=_headline(last.get("headline")),
            queue=self._before(job),
            can=self._can(status, look),
            error=self._error(look, status),
        )

    def _looked(self, place: Place) -> tuple[Look, dict[str, Any]]:
        """A run's files, and the newest progress of one that runs."""
        look = self.look(place)
        if look.stage != "running":
            return look, {}
        records = [each for each in last_records(place) if each.get("phase") not in ("note", "failed")]
        return look, records[-1] if records else {}

    def _words(self, status: Status, look: Look, last: dict[str, Any]) -> str:
        if status == "running":
            said = str(last.get("phase", "starting")).partition(": ages")[0][:200]
            day = f" {last['date']}" if isinstance(last.get("date"), str) else ""
            return f"stopping: {said}{day}" if look.job is not None and look.job.stopping else f"{said}{day}"
        return {
            "queued": "waiting for the run before it",
            "unchecked": "played to its end, and not checked yet",
            "checking": "playing some residents again, to see that this model made the folder",
            "complete": "complete",
            "cancelled": NO_RANGES if look.lacks else "stopped; what was played is kept",
            "failed": "failed",
        }[status]

    def _before(self, job: Job | None) -> int:
        if job is None or job.stage != "queued":
            return 0
        return next((place for place, each in enumerate(self.jobs.waiting()) if each.id == job.id), 0)

    def _can(self, status: Status, look: Look) -> list[Any]:
        """What may be asked of a run: nothing is changed by a server that only shows, or of runs that lie elsewhere."""
        held = self.checks.get(look.place.folder)
        lacking = look.lacks and (held is None or not held.done or held.wrong is None)
        shown = ["view"] if status in ("complete", "unchecked") or lacking else []
        if self.jobs.readonly or not look.place.ours:
            return shown
        if status in ("queued", "running"):
            return [] if look.job is not None and look.job.stopping else ["cancel"]
        if status == "checking":
            return []
        left = lacking or (status in ("cancelled", "failed") and not look.whole)
        return [*shown, *(["resume"] if left else []), "delete"]

    def _error(self, look: Look, status: Status) -> str | None:
        if status != "failed":
            return None
        held = self.checks.get(look.place.folder)
        if look.whole and held is not None and held.wrong is not None:
            return held.wrong.words
        return look.job.error if look.job is not None else None

    def feed(self, name: str) -> Feed:
        """The feed of a run; those of runs that nobody watched for long are forgotten."""
        feed = self.feeds.pop(name, None) or Feed()
        self.feeds[name] = feed
        for other in [each for each in self.feeds if each not in self.watched][: max(0, len(self.feeds) - FEEDS)]:
            if other != name:
                del self.feeds[other]
        return feed

    async def tell(self, place: Place) -> Feed:
        """Publish where a run stands now."""
        record, feed = await self.record(place), self.feed(place.id)
        feed.publish(record.model_dump_json(), record.status in OVER)
        return feed

    async def work(self) -> None:
        """Tell of every run that somebody watches, at most four times a second, until the server ends."""
        while True:
            if self.watched:
                places = await asyncio.to_thread(self.shelf.places)
                for name in list(self.watched):
                    await self._told(name, places.get(name))
            await asyncio.sleep(TICK)

    async def _told(self, name: str, place: Place | None) -> None:
        if place is None:  # deleted while somebody watched
            self.feed(name).publish(self.feed(name).last or "{}", True)
            return
        with suppress(OSError):  # what cannot be read now is told with the next tick
            await self.tell(place)


def _fraction(value: Any, status: Status) -> float:
    if status == "complete":
        return 1.0
    return min(1.0, max(0.0, float(value))) if isinstance(value, int | float) and value == value else 0.0


def _seconds(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and 0 <= value < 1e9 else None


def _headline(value: Any) -> dict[str, int]:
    if not isinstance(value, dict):
        return {}
    return {str(name)[:60]: number for name, number in list(value.items())[:20] if isinstance(number, int)}
