"""Runs as jobs: each the project's own command line in a process of its own, one at a time, the others in a queue.

The state of each lies beside its run (`server/job.py`), so that a page that is loaded again, a second viewer, or a
server that was started anew finds it, and goes on watching a process that outlived the server that began it. What
waited when a server ended waits for somebody to go on with it: only what was asked of this server is ever begun.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import asdict, replace
from typing import IO

from vitropolis.base.errors import VitropolisError
from vitropolis.server.job import (
    LEFT,
    LOG,
    MOST_ERROR,
    STATE,
    Job,
    as_it_is,
    call_of,
    ended,
    is_alive,
    lacks_ranges,
    read_job,
    text_file,
)
from vitropolis.server.problems import ProblemError
from vitropolis.server.processes import birth_of
from vitropolis.server.shelf import COMPARISON, RUN, Place, Shelf, played_to_the_end

LOCK = ".vitropolis-server.lock"
TICK = 0.2  # seconds between looks at a job


class Jobs:
    """All jobs of a folder of runs. A server that is read-only watches them and changes nothing."""

    def __init__(self, shelf: Shelf, readonly: bool, most: int, largest: int) -> None:
        self.shelf, self.readonly, self.most, self.largest = shelf, readonly, most, largest
        self.process: subprocess.Popen[bytes] | None = None
        self.lock: IO[str] | None = None
        self.held: dict[str, Job] | None = None  # of a server that plays: nobody else changes them

    def claim(self) -> None:
        """Keep a second server from playing in the same folder. ProblemError where one does already, or none can."""
        if self.readonly:
            return
        try:
            self.shelf.runs.mkdir(parents=True, exist_ok=True)
            self.lock = (self.shelf.runs / LOCK).open("w", encoding="utf-8")
        except OSError as error:
            said = f"{self.shelf.runs} cannot be written to ({error.strerror}); take --readonly, or another --runs"
            raise ProblemError(503, "disk", said) from None
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.lock.close()
            self.lock = None
            said = f"another server plays in {self.shelf.runs} already; use that one, or --readonly, or another --runs"
            raise ProblemError(409, "taken", said) from None
        self.held = self._found()

    def _found(self) -> dict[str, Job]:
        jobs = (self.of(place) for place in self.shelf.places().values() if place.ours)
        return {job.id: job for job in jobs if job is not None}

    def of(self, place: Place) -> Job | None:
        """The job of a run as it stands: held here, or what its state file says and is so."""
        held = self.held.get(place.id) if self.held is not None and place.ours else None
        if held is not None:
            return held
        job = read_job(place)
        if job is None:
            return None
        if job.stage == "queued" and place.ours and not self.readonly:  # not asked of this server
            return replace(job, stage="cancelled", error=LEFT)
        return as_it_is(job, place)

    def waiting(self) -> list[Job]:
        """Jobs that are not over, in the order in which they are played: the running one first."""
        every = self._found() if self.held is None else self.held
        return sorted(
            (job for job in every.values() if job.waits_or_runs), key=lambda job: (job.stage == "queued", job.asked)
        )

    def _place(self, job: Job) -> Place:
        return Place(job.id, self.shelf.runs / job.id)

    def add(self, job: Job, text: str | None, residents: int) -> Job:
        """Put a job into the queue. `text`: that of its policy, unless it is in the library.

        ProblemError: 422 for too many residents, 429 where the queue is full, 503 where it cannot be written down.
        """
        self._fits(residents)
        place = self._place(job)
        try:
            place.job.mkdir(parents=True)
            if text is not None:
                text_file(place, job.named).write_text(text, encoding="utf-8")
            return self._write(place, replace(job, asked=time.time()))
        except OSError as error:
            raise _cannot(error) from None

    def _fits(self, residents: int) -> None:
        if residents > self.largest:
            said = f"this server plays at most {self.largest:,} residents; choose a smaller size"
            raise ProblemError(422, "size", said)
        if len(self.waiting()) > self.most:
            said = f"{self.most} runs wait already; cancel one, or wait"
            raise ProblemError(429, "queue", said, {"Retry-After": "30"})

    def cancel(self, place: Place) -> Job:
        """Take a job out of the queue, or stop it as Ctrl-C does; 409 where there is nothing to stop."""
        job = self.of(place)
        if job is None or not job.waits_or_runs:
            raise ProblemError(409, "over", "this run is not going on; there is nothing to cancel")
        if job.stopping:  # a second signal would end it at once, without what was played
            return job
        if job.stage == "queued":
            return self._keep(place, replace(job, stage="cancelled", error="cancelled before it began"))
        if is_alive(job):
            with suppress(ProcessLookupError):
                os.kill(job.pid, signal.SIGINT)
        return self._keep(place, replace(job, stopping=True))

    def may_resume(self, place: Place) -> Job | None:
        """The job that would be gone on with, if there is one; 409 where a run is complete or goes on."""
        job, begun = self.of(place), _begun(place)
        if job is not None and job.waits_or_runs:
            raise ProblemError(409, "going", "this run goes on already")
        if begun and played_to_the_end(place) and not lacks_ranges(job, place):
            raise ProblemError(409, "complete", "this run is complete; there is nothing to go on with")
        if not begun and job is None:
            raise ProblemError(409, "nothing", "nothing of this run is left to go on with")
        return job

    def resume(self, place: Place, title: str, residents: int) -> Job:
        """Put a run that was stopped back into the queue. ProblemError as of `may_resume` and `add`."""
        again = self.may_resume(place) or Job(place.id, place.kind, title, {})
        self._fits(residents)
        fresh = replace(again, stage="queued", stopping=False, error="", pid=0, birth="", asked=time.time())
        try:
            place.job.mkdir(exist_ok=True)
            return self._write(place, _going_on(fresh, place))
        except OSError as error:
            raise _cannot(error) from None

    def look(self) -> None:
        """One look at everything: see whether the running job is over, begin the next one."""
        if self.readonly:
            return
        self._see_ended(True)
        waiting = self.waiting()
        if waiting and waiting[0].stage == "queued":
            self._begin(waiting[0])

    def _see_ended(self, go_on: bool) -> None:
        """Keep what became of jobs whose process is gone; a run that was resumed goes on with its ranges."""
        for job in [each for each in self.waiting() if each.stage == "running" and not self._goes_on(each)]:
            place = self._place(job)
            now = ended(job, place)
            left = job.resuming and not job.ranging and not job.stopping and now.stage == "cancelled"
            if go_on and left and played_to_the_end(place):
                now = _going_on(replace(now, stage="queued", error=""), place)
            self._keep(place, now)

    def _goes_on(self, job: Job) -> bool:
        if self.process is not None and self.process.pid == job.pid:
            return self.process.poll() is None
        return is_alive(job)

    def _begin(self, job: Job) -> None:
        place = self._place(job)
        try:
            call = call_of(job, place)
            with (place.job / LOG).open("wb") as log:
                self.process = subprocess.Popen(
                    [sys.executable, "-m", "vitropolis", *call], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                    stderr=log, start_new_session=True,
                )  # fmt: skip
        except (VitropolisError, ValueError, OSError) as error:
            self._keep(place, replace(job, stage="failed", error=f"it could not begin: {error}"[:MOST_ERROR]))
            return
        pid = self.process.pid
        self._keep(place, replace(job, stage="running", pid=pid, birth=birth_of(pid)))

    async def work(self) -> None:
        """Look again and again, until the server ends."""
        while True:
            with suppress(OSError):  # a disk that is full or gone for a moment must not end the queue
                self.look()
            await asyncio.sleep(TICK)

    def stop_running(self, seconds: float = 30.0) -> list[Job]:
        """Stop the running job as Ctrl-C does and wait for it; return what was stopped, so that it can be told."""
        if self.readonly or self.held is None:
            return []
        for job in self.waiting():
            if job.stage == "queued":
                self._keep(self._place(job), replace(job, stage="cancelled", error=LEFT))
        running = self.waiting()
        for job in running:
            self.cancel(self._place(job))
        until = time.monotonic() + seconds
        while any(self._goes_on(job) for job in running) and time.monotonic() < until:
            time.sleep(TICK / 4)
        self._see_ended(False)
        self.release()
        return running

    def release(self) -> None:
        """Let another server play in this folder."""
        if self.lock is not None:
            self.lock.close()
            self.lock = None

    def _keep(self, place: Place, job: Job) -> Job:
        """Hold a job's new state; where the disk does not take it, the state here counts."""
        if self.held is not None:
            self.held[job.id] = job
        with suppress(OSError):
            self._write(place, job)
        return job

    def _write(self, place: Place, job: Job) -> Job:
        draft = place.job / f".{STATE}.draft"
        draft.write_text(json.dumps(asdict(job), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.replace(place.job / STATE)
        if self.held is not None:
            self.held[job.id] = job
        return job

    def forget(self, place: Place) -> None:
        """A run was deleted."""
        if self.held is not None:
            self.held.pop(place.id, None)


def _begun(place: Place) -> bool:
    return any((place.folder / name).is_file() for name in (RUN, COMPARISON))


def _going_on(job: Job, place: Place) -> Job:
    """A job that goes on where its folder stands: from the start, from its last week, or with its ranges alone."""
    return replace(job, resuming=_begun(place), ranging=_begun(place) and played_to_the_end(place))


def _cannot(error: OSError) -> ProblemError:
    said = f"this cannot be written down ({error.strerror or error}); free some space, then try again"
    return ProblemError(503, "disk", said)
