"""Runs as jobs: each the project's own command line in a process of its own, one at a time, the others in a queue.

A job's state lies in a folder beside its run (`NAME.job/state.json`, `progress.jsonl`, the text of its policy), so that
a page that is loaded again, a second viewer, or a server that was started anew finds it, and goes on watching a
process that outlived the server that began it.
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
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO, Any, ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter

from vitropolis.base.errors import VitropolisError
from vitropolis.base.mark import MARK
from vitropolis.server.contract import ComparisonAsked, Kind, PolicyId, RunAsked
from vitropolis.server.problems import ProblemError
from vitropolis.server.shelf import COMPARISON, RUN, Place, Shelf, played_to_the_end

STATE, LOG, LOCK = "state.json", "progress.jsonl", ".vitropolis-server.lock"
TICK = 0.2  # seconds between looks at a job
MOST_ERROR = 4_000  # characters
TAIL = 65_536  # bytes at the end of a log that are looked at
Stage = Literal["queued", "running", "played", "cancelled", "failed"]


@dataclass(frozen=True)
class Job:
    """One job. want: what was asked for, in the contract's words; named: the id of a policy whose text was sent.

    resuming: whether a folder is gone on with; pid and birth: its process; error: why it ended, in words.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    id: str
    kind: Kind
    title: str
    want: Mapping[str, Any]
    named: str = ""
    resuming: bool = False
    stage: Stage = "queued"
    asked: float = 0.0
    pid: int = 0
    birth: str = ""
    stopping: bool = False
    error: str = ""
    mark: str = field(default=MARK)

    @property
    def waits_or_runs(self) -> bool:
        """Whether it is not over."""
        return self.stage in ("queued", "running")


JOB_FILE = TypeAdapter(Job)  # what a state file may hold, and nothing else


class Jobs:
    """All jobs of a folder of runs. A server that is read-only watches them and changes nothing."""

    def __init__(self, shelf: Shelf, readonly: bool, most: int) -> None:
        self.shelf, self.readonly, self.most = shelf, readonly, most
        self.process: subprocess.Popen[bytes] | None = None
        self.lock: IO[str] | None = None
        self.held: dict[str, Job] | None = None  # of a server that plays: nobody else changes them

    def claim(self) -> None:
        """Keep a second server from playing in the same folder. ProblemError where one does already."""
        if self.readonly:
            return
        self.shelf.runs.mkdir(parents=True, exist_ok=True)
        self.lock = (self.shelf.runs / LOCK).open("w", encoding="utf-8")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.lock.close()
            self.lock = None
            said = f"another server plays in {self.shelf.runs} already; use that one, or --readonly, or another --runs"
            raise ProblemError(409, "taken", said) from None
        self.held = self._found()

    def _found(self) -> dict[str, Job]:
        jobs = (read_job(place) for place in self.shelf.places().values() if place.ours)
        return {job.id: job for job in jobs if job is not None}

    def waiting(self) -> list[Job]:
        """Jobs that are not over, in the order in which they are played: the running one first."""
        every = self._found() if self.held is None else self.held
        return sorted(
            (job for job in every.values() if job.waits_or_runs), key=lambda job: (job.stage == "queued", job.asked)
        )

    def add(self, job: Job, text: str | None) -> Job:
        """Put a job into the queue; 429 where it is full. `text`: that of its policy, unless it is in the library."""
        if len(self.waiting()) > self.most:
            raise _full(self.most)
        place = Place(job.id, self.shelf.runs / job.id)
        place.job.mkdir(parents=True)
        if text is not None:
            text_file(place, job.named).write_text(text, encoding="utf-8")
        return self._write(place, replace(job, asked=time.time()))

    def cancel(self, place: Place) -> Job:
        """Take a job out of the queue, or stop it as Ctrl-C does; 409 where there is nothing to stop."""
        job = read_job(place)
        if job is None or not job.waits_or_runs:
            raise ProblemError(409, "over", "this run is not going on; there is nothing to cancel")
        if job.stage == "queued":
            return self._write(place, replace(job, stage="cancelled", error="cancelled before it began"))
        if is_alive(job):
            with suppress(ProcessLookupError):
                os.kill(job.pid, signal.SIGINT)
        return self._write(place, replace(job, stopping=True))

    def resume(self, place: Place, title: str) -> Job:
        """Put a run that was stopped back into the queue; 409 where it is complete or goes on."""
        job, begun = read_job(place), any((place.folder / name).is_file() for name in (RUN, COMPARISON))
        if job is not None and job.waits_or_runs:
            raise ProblemError(409, "going", "this run goes on already")
        if begun and played_to_the_end(place):
            raise ProblemError(409, "complete", "this run is complete; there is nothing to go on with")
        if not begun and job is None:
            raise ProblemError(409, "nothing", "nothing of this run is left to go on with")
        if len(self.waiting()) > self.most:
            raise _full(self.most)
        place.job.mkdir(exist_ok=True)
        again = job or Job(place.id, place.kind, title, {})
        fresh = replace(again, resuming=begun, stage="queued", stopping=False, error="", pid=0, birth="")
        return self._write(place, replace(fresh, asked=time.time()))

    def look(self) -> None:
        """One look at everything: see whether the running job is over, begin the next one."""
        if self.readonly:
            return
        waiting = self.waiting()
        for job in [each for each in waiting if each.stage == "running" and not self._goes_on(each)]:
            place = Place(job.id, self.shelf.runs / job.id)
            self._write(place, ended(job, place))
            waiting.remove(job)
        if waiting and waiting[0].stage == "queued":
            self._begin(waiting[0])

    def _goes_on(self, job: Job) -> bool:
        if self.process is not None and self.process.pid == job.pid:
            return self.process.poll() is None
        return is_alive(job)

    def _begin(self, job: Job) -> None:
        place = Place(job.id, self.shelf.runs / job.id)
        try:
            call = call_of(job, place)
        except (VitropolisError, ValueError, OSError) as error:
            self._write(place, replace(job, stage="failed", error=str(error)[:MOST_ERROR]))
            return
        with (place.job / LOG).open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "vitropolis", *call], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=log, start_new_session=True,
            )  # fmt: skip
        pid = self.process.pid
        self._write(place, replace(job, stage="running", pid=pid, birth=birth_of(pid)))

    async def work(self) -> None:
        """Look again and again, until the server ends."""
        while True:
            self.look()
            await asyncio.sleep(TICK)

    def stop_running(self, seconds: float = 30.0) -> list[Job]:
        """Stop the running job as Ctrl-C does and wait for it; return what was stopped, so that it can be told."""
        if self.readonly:
            return []
        running = [job for job in self.waiting() if job.stage == "running"]
        for job in running:
            self.cancel(Place(job.id, self.shelf.runs / job.id))
        until = time.monotonic() + seconds
        while any(self._goes_on(job) for job in running) and time.monotonic() < until:
            time.sleep(TICK / 4)
        self.look_ended()
        self.release()
        return running

    def release(self) -> None:
        """Let another server play in this folder."""
        if self.lock is not None:
            self.lock.close()
            self.lock = None

    def look_ended(self) -> None:
        """Write down which jobs have ended, and begin none."""
        for job in self.waiting():
            place = Place(job.id, self.shelf.runs / job.id)
            if job.stage == "running" and not self._goes_on(job):
                self._write(place, ended(job, place))

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


def _full(most: int) -> ProblemError:
    return ProblemError(429, "queue", f"{most} runs wait already; cancel one, or wait", {"Retry-After": "30"})


def read_job(place: Place) -> Job | None:
    """The job of a run, as its state file says; None where there is none that can be read."""
    try:
        job = JOB_FILE.validate_json((place.job / STATE).read_bytes())
    except (OSError, ValueError):
        return None
    return job if job.id == place.id else None


def ended(job: Job, place: Place) -> Job:
    """What became of a job whose process is gone, by what it left."""
    done = replace(job, pid=0, birth="")
    if played_to_the_end(place):
        return replace(done, stage="played")
    last = last_records(place)
    failed = [str(each.get("text", "")) for each in last if each.get("phase") == "failed"]
    codes = [each.get("exit_code") for each in last if each.get("phase") == "failed"]
    if job.stopping or 130 in codes:
        return replace(done, stage="cancelled", error="stopped; what was played is kept")
    said = "\n".join(failed) or "it ended without a word, as a process does that is killed; it can be resumed"
    return replace(done, stage="failed", error=said[:MOST_ERROR])


def last_records(place: Place) -> list[dict[str, Any]]:
    """The newest records of a job's progress, oldest first; lines that are none are passed over."""
    try:
        with (place.job / LOG).open("rb") as log:
            log.seek(0, os.SEEK_END)
            log.seek(max(0, log.tell() - TAIL))
            lines = log.read().split(b"\n")
    except OSError:
        return []
    found = []
    for line in lines:
        with suppress(ValueError, RecursionError):
            record = json.loads(line)
            if isinstance(record, dict):
                found.append(record)
    return found


def is_alive(job: Job) -> bool:
    """Whether a job's process is still the one that was begun: a number is given to another process some day."""
    return job.pid > 0 and job.birth != "" and birth_of(job.pid) == job.birth and _is_ours(job.pid)


def _is_ours(pid: int) -> bool:
    """Whether a process is one of this program's, where the system says what it was called with."""
    try:
        return b"vitropolis" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return not Path("/proc/self/cmdline").exists()


def birth_of(pid: int) -> str:
    """When a process began, as the system says it; empty where there is no such process, or it is over."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
        return "" if fields[0] == "Z" else fields[19]
    except (OSError, IndexError):
        return "" if Path("/proc/self/stat").exists() else _birth_told(pid)


def _birth_told(pid: int) -> str:
    """The same where there is no /proc."""
    told = subprocess.run(["ps", "-o", "lstart=,stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    words = told.stdout.split()
    return "" if not words or words[-1].startswith("Z") else " ".join(words[:-1])


def text_file(place: Place, policy: str) -> Path:
    """Where the text of a policy lies that a job plays."""
    return place.job / f"{policy}.policy.yaml"


def call_of(job: Job, place: Place) -> list[str]:
    """The words after `vitropolis` that do a job, made anew from what was asked for: a state file is no command.

    ValueError, InputError or OSError where the state file asks for what the contract does not allow.
    """
    told = ["--progress", "json"]
    if job.resuming:
        return ["resume", str(place.folder), *told]
    if job.kind == "comparison":
        compared = ComparisonAsked.model_validate(dict(job.want))
        more = ["--size", compared.size, "--seed", str(compared.seed), "--out", str(place.folder)]
        return ["compare", *compared.policies, *more, *told]
    wanted = RunAsked.model_validate(dict(job.want))
    more = ["--size", wanted.size, "--seed", str(wanted.seed), "--out", str(place.folder)]
    more += ["--filling", wanted.filling] if wanted.filling else []
    more += [] if wanted.ranges is None else ["--ranges" if wanted.ranges else "--no-ranges"]
    return ["run", wanted.policy or _text_checked(job, place), *more, *told]


def _text_checked(job: Job, place: Place) -> str:
    """The path of a text that may be played: it lies over policies of the library alone, and is called what it is."""
    from vitropolis.server.policies import read_text  # loads what a server that plays nothing never needs

    TypeAdapter(PolicyId).validate_python(job.named)
    file = text_file(place, job.named)
    read_text(file.read_text(encoding="utf-8"))
    return str(file)
