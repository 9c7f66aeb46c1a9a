"""One job: its state file, the call that does it, and what became of it.

A job's state lies in a folder beside its run (`NAME.job/state.json`, `progress.jsonl`, the text of its policy). Such a
folder may come from anywhere: what it says is compared with what is there, and nothing begins because it says so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, TypeAdapter

from vitropolis.base.mark import MARK
from vitropolis.server.contract import ComparisonAsked, Kind, PolicyId, RunAsked
from vitropolis.server.processes import is_going
from vitropolis.server.shelf import Place, played_to_the_end

STATE, LOG = "state.json", "progress.jsonl"
RANGES = Path("study") / "ranges.json"  # the last file that `vitropolis ranges` writes
MOST_ERROR = 4_000  # characters
TAIL = 65_536  # bytes at the end of a log that are looked at
LEFT = "the server ended before it began; go on with it"
STOPPED = "stopped; what was played is kept"
NO_RANGES = "the run was played to its end, its ranges were not; go on with it to play what is left of them"
Stage = Literal["queued", "running", "played", "cancelled", "failed"]


@dataclass(frozen=True)
class Job:
    """One job. want: what was asked for, in the contract's words; named: the id of a policy whose text was sent.

    resuming: whether a folder is gone on with; ranging: whether only the ranges are played; pid and birth: its process;
    error: why it ended, in words.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid", strict=True)

    id: str
    kind: Kind
    title: str
    want: Mapping[str, Any]
    named: str = ""
    resuming: bool = False
    ranging: bool = False
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


def read_job(place: Place) -> Job | None:
    """The job of a run, as its state file says; None where there is none that can be read."""
    try:
        job = JOB_FILE.validate_json((place.job / STATE).read_bytes())
    except (OSError, ValueError):
        return None
    return job if job.id == place.id else None


def is_alive(job: Job) -> bool:
    """Whether a job's process is still the one that was begun."""
    return is_going(job.pid, job.birth, job.id)


def as_it_is(job: Job, place: Place) -> Job:
    """A job of a state file that no server here holds: what says that it runs, and does not, has ended."""
    return ended(job, place) if job.stage == "running" and not is_alive(job) else job


def ended(job: Job, place: Place) -> Job:
    """What became of a job whose process is gone, by what it left."""
    done, whole = replace(job, pid=0, birth=""), played_to_the_end(place)
    lacks = whole and lacks_ranges(job, place)
    if whole and not lacks:
        return replace(done, stage="played", error="")
    failed = [each for each in last_records(place) if each.get("phase") == "failed"]
    if job.stopping or any(each.get("exit_code") == 130 for each in failed):
        return replace(done, stage="cancelled", error=NO_RANGES if lacks else STOPPED)
    if lacks and not failed and job.resuming and not job.ranging:  # `resume` plays the run alone
        return replace(done, stage="cancelled", error=NO_RANGES)
    said = "\n".join(str(each.get("text", "")) for each in failed)
    said = said or "it ended without a word, as a process does that is killed; it can be resumed"
    return replace(done, stage="failed", error=said[:MOST_ERROR])


def lacks_ranges(job: Job | None, place: Place) -> bool:
    """Whether ranges were asked for that a run, itself played to its end, does not have."""
    asked = job is not None and job.kind == "run" and job.want.get("ranges") is True
    return asked and not (place.folder / RANGES).is_file()


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


def text_file(place: Place, policy: str) -> Path:
    """Where the text of a policy lies that a job plays."""
    return place.job / f"{policy}.policy.yaml"


def asked_again(job: Job, place: Place) -> tuple[RunAsked | ComparisonAsked, str | None]:
    """What a state file asks for, made anew by the contract, and the text that lies beside it.

    ValueError or OSError where it asks for what the contract does not allow.
    """
    if job.kind == "comparison":
        return ComparisonAsked.model_validate(dict(job.want)), None
    wanted = RunAsked.model_validate(dict(job.want))
    if wanted.policy is not None:
        return wanted, None
    TypeAdapter(PolicyId).validate_python(job.named)
    return wanted, text_file(place, job.named).read_text(encoding="utf-8")


def call_of(job: Job, place: Place) -> list[str]:
    """The words after `vitropolis` that do a job, made anew from what was asked for: a state file is no command.

    ValueError, InputError or OSError where the state file asks for what the contract does not allow.
    """
    told = ["--progress", "json"]
    if job.resuming:
        return ["ranges" if job.ranging else "resume", str(place.folder), *told]
    wanted, text = asked_again(job, place)
    more = ["--size", wanted.size, "--seed", str(wanted.seed), "--out", str(place.folder)]
    if isinstance(wanted, ComparisonAsked):
        return ["compare", *wanted.policies, *more, *told]
    more += ["--filling", wanted.filling] if wanted.filling else []
    more += [] if wanted.ranges is None else ["--ranges" if wanted.ranges else "--no-ranges"]
    return ["run", wanted.policy or _text_checked(text or "", job, place), *more, *told]


def _text_checked(text: str, job: Job, place: Place) -> str:
    """The path of a text that may be played: it lies over policies of the library alone, and is called what it is."""
    from vitropolis.server.policies import read_text  # loads what a server that plays nothing never needs

    read_text(text)
    return str(text_file(place, job.named))
