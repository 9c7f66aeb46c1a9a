"""Where every run stands, put together from its job, its folder and its check, and told to whoever watches."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vitropolis.base.errors import RefusedError
from vitropolis.server import verdicts
from vitropolis.server.contract import RunRecord, Status
from vitropolis.server.feed import Feed
from vitropolis.server.jobs import Job, Jobs, last_records, read_job
from vitropolis.server.problems import ProblemError
from vitropolis.server.shelf import RUN, Place, Shelf, played_to_the_end, read_said, title_of
from vitropolis.server.staff import Staff

TICK = 0.25  # seconds between two records of a run: at most four a second
CHECK_SECONDS = 6 * 3600.0  # a full-size folder on a small machine takes minutes
OVER = ("complete", "cancelled", "failed")
FEEDS = 200


@dataclass
class Check:
    """The check of one folder. stamp: as it was when the check began; error: why it was refused, empty if not."""

    stamp: str
    key: str = ""
    done: bool = False
    error: str = ""
    refused: bool = False


class Board:
    """Checks and records of all runs of a shelf."""

    def __init__(self, shelf: Shelf, jobs: Jobs, staff: Staff) -> None:
        self.shelf, self.jobs, self.staff = shelf, jobs, staff
        self.checks: dict[Path, Check] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.turn = asyncio.Lock()
        self.feeds: OrderedDict[str, Feed] = OrderedDict()
        self.watched: dict[str, int] = {}

    def check(self, place: Place) -> Check:
        """The check of a folder as it is now; begun where there is none yet, or the folder has changed."""
        try:
            stamp = verdicts.stamp_of(place.folder)
        except (RefusedError, OSError) as error:
            refused = self.checks[place.folder] = Check("", done=True, error=str(error), refused=True)
            return refused
        held = self.checks.get(place.folder)
        if held is None or held.stamp != stamp:
            held = self.checks[place.folder] = Check(stamp)
            self.staff.forget(place.folder)
            task = asyncio.ensure_future(self._checked(place, held))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)
        return held

    async def _checked(self, place: Place, check: Check) -> None:
        """Find the verdict of a folder's content, or let its clerk make one."""
        try:
            check.key = await asyncio.to_thread(verdicts.key_of, place.folder)
            held = await asyncio.to_thread(verdicts.kept, check.key, "verdict")
            if not isinstance(held, str):
                held = await self._verdict(place, check)
            check.error, check.refused = held, bool(held)
        except ProblemError as wrong:
            check.error = wrong.words
        except (RefusedError, OSError) as error:
            check.error, check.refused = str(error), isinstance(error, RefusedError)
        check.done = True
        if not check.error and place.kind == "run":
            await self._made_ready(place)

    async def _made_ready(self, place: Place) -> None:
        """Make the first page that will be asked for, however large the run is."""
        with suppress(ProblemError, OSError):
            await self.page(place, "results", "view", CHECK_SECONDS, part="results")

    async def _verdict(self, place: Place, check: Check) -> str:
        """Empty where this model made the folder, else the words of the refusal; both are kept."""
        async with self.turn:
            words = ""
            try:
                await self.staff.reader(place.folder).ask("check", CHECK_SECONDS)
            except ProblemError as wrong:
                if wrong.code != "refused":
                    raise
                words = wrong.words
        if await asyncio.to_thread(verdicts.key_of, place.folder) == check.key:
            await asyncio.to_thread(verdicts.keep, check.key, "verdict", words)
        return words

    def need(self, place: Place) -> Check:
        """The check of a run that is to be read. ProblemError: 409 until it is done, 403 where it was refused."""
        job = read_job(place)
        if job is not None and job.waits_or_runs:
            raise ProblemError(409, "going", "this run is not over yet; its numbers come when it is")
        if not played_to_the_end(place):
            raise ProblemError(409, "interrupted", "this run was not played to its end; go on with it first")
        check = self.check(place)
        if not check.done:
            raise ProblemError(
                409,
                "checking",
                "some residents of this run are being played again, to see that this model "
                "made it; no number is shown before that is done",
            )
        if check.error:
            raise ProblemError(403 if check.refused else 422, "refused" if check.refused else "unreadable", check.error)
        return check

    async def page(self, place: Place, name: str, question: str, seconds: float, **arguments: Any) -> Any:
        """A page of a checked run: kept by content, else made by the run's clerk."""
        check = self.need(place)
        held = await asyncio.to_thread(verdicts.kept, check.key, name)
        if not isinstance(held, dict | list):
            held = await self.staff.reader(place.folder).ask(question, seconds, **arguments)
            await asyncio.to_thread(verdicts.keep, check.key, name, held)
        return held

    def status(self, place: Place, job: Job | None) -> Status:
        """Where a run stands, without beginning its check."""
        if job is not None and job.stage in ("queued", "running"):
            return "queued" if job.stage == "queued" else "running"
        if played_to_the_end(place):
            held = self.checks.get(place.folder)
            return (
                "complete" if held is None else "checking" if not held.done else "failed" if held.error else "complete"
            )
        return "failed" if job is not None and job.stage == "failed" else "cancelled"

    def record(self, place: Place) -> RunRecord:
        """Where a run stands; a complete one is checked from now on, if it was not."""
        job = read_job(place)
        if played_to_the_end(place) and not (job is not None and job.waits_or_runs):
            self.check(place)
        status = self.status(place, job)
        last = self._progress(place) if status == "running" else {}
        title = job.title if job is not None and job.title else title_of(read_said(place), place.id)
        return RunRecord(
            id=place.id,
            kind=job.kind if job else place.kind,
            title=title,
            status=status,
            fraction=_fraction(last.get("fraction"), status),
            words=self._words(status, job, last),
            seconds_left=_seconds(last.get("seconds_left")),
            headline=_headline(last.get("headline")),
            queue=self._before(job),
            can=self._can(status, place),
            error=self._error(place, status, job),
        )

    def _progress(self, place: Place) -> dict[str, Any]:
        records = [each for each in last_records(place) if each.get("phase") not in ("note", "failed")]
        return records[-1] if records else {}

    def _words(self, status: Status, job: Job | None, last: dict[str, Any]) -> str:
        if status == "running":
            said = str(last.get("phase", "starting")).partition(": ages")[0][:200]
            day = f" {last['date']}" if isinstance(last.get("date"), str) else ""
            return f"stopping: {said}{day}" if job is not None and job.stopping else f"{said}{day}"
        return {
            "queued": "waiting for the run before it",
            "checking": "playing some residents again, to see that this model made the folder",
            "complete": "complete",
            "cancelled": "stopped; what was played is kept",
            "failed": "failed",
        }[status]

    def _before(self, job: Job | None) -> int:
        if job is None or job.stage != "queued":
            return 0
        return next((place for place, each in enumerate(self.jobs.waiting()) if each.id == job.id), 0)

    def _can(self, status: Status, place: Place) -> list[Any]:
        if status == "complete":
            return ["view", *(["delete"] if place.ours and not self.jobs.readonly else [])]
        if self.jobs.readonly:
            return []
        over = ["delete"] if place.ours else []
        return {
            "queued": ["cancel"],
            "running": ["cancel"],
            "cancelled": ["resume", *over],
            "failed": [*([] if played_to_the_end(place) else ["resume"]), *over],
        }.get(status, [])

    def _error(self, place: Place, status: Status, job: Job | None) -> str | None:
        if status != "failed":
            return None
        held = self.checks.get(place.folder)
        if held is not None and held.error and played_to_the_end(place):
            return held.error
        return job.error if job is not None else None

    def feed(self, name: str) -> Feed:
        """The feed of a run; those of runs that nobody watched for long are forgotten."""
        feed = self.feeds.pop(name, None) or Feed()
        self.feeds[name] = feed
        for other in [each for each in self.feeds if each not in self.watched][: max(0, len(self.feeds) - FEEDS)]:
            if other != name:
                del self.feeds[other]
        return feed

    def tell(self, name: str) -> Feed:
        """Publish where a run stands now."""
        place, feed = self.shelf.place(name), self.feed(name)
        record = self.record(place)
        feed.publish(record.model_dump_json(), record.status in OVER)
        return feed

    async def work(self) -> None:
        """Tell of every run that somebody watches, at most four times a second, until the server ends."""
        while True:
            for name in list(self.watched):
                try:
                    self.tell(name)
                except ProblemError:  # deleted while somebody watched
                    self.feed(name).publish(self.feed(name).last or "{}", True)
            await asyncio.sleep(TICK)

    def is_run(self, place: Place) -> bool:
        """Whether a place holds a run, and not a comparison."""
        return (place.folder / RUN).is_file() and place.kind == "run"


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
