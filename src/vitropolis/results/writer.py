"""Playing into a folder, so that killing the program at any moment leaves nothing or what `resume` can continue.

1. The folder appears at once with `inputs/` and a `run.json` of status `interrupted`.
2. Every week: the tape, the counts and the log of listings grow.
3. After some weeks: all that is brought to the disk, then a checkpoint, which says how far each table counts.
4. At the end: `lists.parquet`, `indicators.nc` and `displaced.parquet`, each written beside its place and renamed;
   `run.json` is complete.
"""

from __future__ import annotations

import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from vitropolis.base.errors import InterruptedRun, RefusedError, ResourceError
from vitropolis.base.npyfile import NpyFile, read_npy
from vitropolis.city.city import City
from vitropolis.engine import checkpoint
from vitropolis.engine.firmview import FIRST_FIRM
from vitropolis.engine.run import CHUNK, Simulation, WeekPlayed
from vitropolis.engine.scenario import Setup
from vitropolis.results import manifest as said
from vitropolis.results.displaced import displaced_frame, write_displaced
from vitropolis.results.fired import all_fired
from vitropolis.results.firms import frame_of_firms
from vitropolis.results.folder import (
    CHECKPOINTS,
    DISPLACED,
    FIRM_LISTS,
    INDICATORS,
    LISTS,
    MANIFEST,
    TAPE,
    UNFINISHED,
    disk_trouble,
    file_hash,
    make_folder,
    refuse_taken,
    write_json,
)
from vitropolis.results.gaps import gaps_in
from vitropolis.results.indicators import variables, write_indicators
from vitropolis.results.lists import content_of_frame, frame_of, stays_in, write_lists
from vitropolis.results.progress import Progress, RunReport, Tell, silent
from vitropolis.results.tape import TABLES, TapeWriter
from vitropolis.results.weekly import count_heads, flows_in, layout_of, week_row

SETTING_UP, WRITING = 0.03, 0.97  # shares of the whole at which playing begins and ends, for progress alone


def play_to_folder(
    setup: Setup,
    out: str | Path,
    *,
    threads: int = 2,
    chunk: int = CHUNK,
    progress: Tell = silent,
    call: Sequence[str] = (),
) -> RunReport:
    """Play a run into a new folder; return its report.

    `threads` and `chunk` change nothing but speed. UsageError if the folder is taken, ResourceError if disk or memory
    do not suffice, InterruptedRun (Ctrl-C) with how to go on; what cannot be resumed is not left behind.
    """
    folder = Path(out)
    refuse_taken(folder)
    started = time.perf_counter()
    first = said.first_manifest(setup, call or sys.argv)
    make_folder(folder, setup.inputs, first, setup.plan.seed)
    try:
        with asking_to_stop() as stop:
            progress(Progress(phase="building the city"))
            city = setup.city(lambda step: progress(Progress(phase=f"building the city: {step}")))
            spent = {"city": time.perf_counter() - started}
            progress(Progress(phase="tables", fraction=SETTING_UP / 2))
            simulation = Simulation(setup.plan, city, threads, chunk)
            run = Run(setup, city, simulation, folder, first, spent, progress)
            return run.play(stop)
    except KeyboardInterrupt:
        forget_if_useless(folder)
        raise InterruptedRun("stopped before the first week was played; nothing is kept") from None
    except BaseException:
        forget_if_useless(folder)
        raise


def forget_if_useless(folder: Path) -> None:
    """Remove a folder from which nothing could be resumed: no checkpoint was written yet."""
    if not checkpoint.checkpoints_in(folder / CHECKPOINTS):
        shutil.rmtree(folder, ignore_errors=True)


class Stop:
    """Whether somebody asked a run to stop: it stops after the week, and once all is played it writes to the end."""

    def __init__(self) -> None:
        self.asked = self.playing = False


@contextmanager
def asking_to_stop() -> Iterator[Stop]:
    """The first Ctrl-C (or SIGTERM) asks a run that plays or writes, as `Stop` says; any other ends it at once."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return

    def ask(number: int, _: Any) -> None:
        if stop.asked or not stop.playing:
            raise KeyboardInterrupt
        stop.asked = True

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Run:
    """A run on its way into its folder; `facts` are a checkpoint's, where one is continued."""

    def __init__(
        self,
        setup: Setup,
        city: City,
        simulation: Simulation,
        folder: Path,
        first: Mapping[str, Any],
        spent: dict[str, float],
        progress: Tell,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        self.setup, self.city, self.simulation, self.folder, self.progress = setup, city, simulation, folder, progress
        self.plan, self.layout, self.spent = setup.plan, layout_of(setup.plan), spent
        self.manifest = {**first, **said.played_manifest(setup, city, simulation.tables)}
        self.heads: dict[str, dict[str, int]] = dict(facts["headline"]) if facts else {}
        self.first_week, self.written = simulation.week, False
        rows = {name: count for name, (count, _) in facts["rows"].items()} if facts else None
        with disk_trouble(folder):
            self.tape = TapeWriter(folder / TAPE, rows)
            self.weeks = NpyFile(folder / UNFINISHED / "weeks.npy", np.int32, rows["weeks"] if rows else None)
            self.log = NpyFile(folder / UNFINISHED / "log.npy", np.int64, rows["log"] if rows else None)
            self.firm_log = NpyFile(folder / UNFINISHED / "firm_log.npy", np.int64, rows["firm_log"] if rows else None)
        for name, (_, digest) in facts["rows"].items() if facts else ():
            if self.files[name].content != digest:
                raise RefusedError(f"{name}.npy in {folder} is not what its checkpoint says was written")

    @property
    def files(self) -> dict[str, NpyFile]:
        """Every growing file by name."""
        return self.tape.files | {"weeks": self.weeks, "log": self.log, "firm_log": self.firm_log}

    def play(self, stop: Stop) -> RunReport:
        """Play what is left, with checkpoints; finish the folder."""
        kept = checkpoint.weeks_to_keep(self.city.n, self.plan.weeks, len(self.plan.worlds), self.simulation.threads)
        began = time.perf_counter()
        stop.playing = True
        try:
            for played in self.simulation.play():
                self.take(played)
                week = self.simulation.week
                if week in kept:
                    self.keep()
                self.tell("playing", week, began)
                if stop.asked and week < self.plan.weeks:
                    self.stop_here(week in kept)
            self.tell("writing", self.plan.weeks, began)
            with disk_trouble(self.folder, self.advice):
                return self.finish()
        except KeyboardInterrupt:
            if self.written:
                return RunReport(self.folder, self.manifest)
            raise InterruptedRun(f"stopped at once; {self.advice}") from None
        except MemoryError:
            raise ResourceError(f"out of memory in week {self.simulation.week}; choose a smaller --size") from None
        finally:
            stop.playing = False
            for file in self.files.values():
                file.close()

    @property
    def advice(self) -> str:
        """How to go on."""
        if checkpoint.checkpoints_in(self.folder / CHECKPOINTS):
            return f"continue with: vitropolis resume {self.folder}"
        return "nothing is kept, since no checkpoint was written yet"

    def take(self, played: WeekPlayed) -> None:
        """Append one week to the folder's tables."""
        with disk_trouble(self.folder, self.advice):
            self.tape.write(played)
            self.weeks.append(week_row(self.plan, self.layout, played.totals, played.firms))
            self.log.append(np.sort(played.log))
            if played.firms is not None:
                self.firm_log.append(np.sort(played.firms.log & ~FIRST_FIRM))
        self.heads = count_heads(self.heads, self.plan, played.totals)

    def keep(self) -> None:
        """Write a checkpoint: the tables first, then the state that says how far they count."""
        started = time.perf_counter()
        with disk_trouble(self.folder, self.advice):
            rows = {name: (file.sync(), file.content) for name, file in self.files.items()}
            facts = {"rows": rows, "headline": self.heads}
            checkpoint.save(self.simulation, self.folder / CHECKPOINTS, facts)
            self.manifest |= {"weeks_played": self.simulation.week, "headline": self.heads}
            write_json(self.folder / MANIFEST, self.manifest)
        self.spent["checkpoints"] = self.spent.get("checkpoints", 0.0) + time.perf_counter() - started

    def stop_here(self, kept: bool) -> None:
        """Leave a folder that can be resumed. Always raises InterruptedRun."""
        if not kept:
            self.keep()
        week = self.simulation.week
        day = self.plan.date(7 * week - 1)
        raise InterruptedRun(f"interrupted after {day} (week {week} of {self.plan.weeks}); {self.advice}")

    def tell(self, phase: str, week: int, began: float) -> None:
        """Say where the run is."""
        days = min(7 * week, self.plan.days)
        spent = max(1e-9, time.perf_counter() - began)
        rate = self.city.n * (days - 7 * self.first_week) / spent
        left = self.city.n * (self.plan.days - days) / max(rate, 1e-9)
        share = WRITING if phase == "writing" else SETTING_UP + (WRITING - SETTING_UP) * days / self.plan.days
        self.progress(self._where(phase, days, share, rate, left))

    def _where(self, phase: str, days: int, share: float, rate: float | None, left: float) -> Progress:
        return Progress(
            phase=phase,
            date=self.plan.date(days - 1),
            fraction=share,
            resident_days_per_s=rate,
            seconds_left=left,
            headline=self.heads_shown,
        )

    def finish(self) -> RunReport:
        """Step 4: what readers read, and a `run.json` that says complete."""
        started = time.perf_counter()
        for file in self.files.values():
            file.close()
        outputs: dict[str, dict[str, str | None]] = {f"{TAPE}/{name}.npy": self._table(name) for name in TABLES}
        outputs[LISTS], outputs[INDICATORS], outputs[DISPLACED] = self._lists(), self._indicators(), self._displaced()
        if self.simulation.tables.firms is not None:
            frame = frame_of_firms(self._stays("firm_log"), self.simulation.tables.firms)
            write_lists(self.folder / FIRM_LISTS, frame, self.plan.seed)
            outputs[FIRM_LISTS] = {"content": content_of_frame(frame), "file": file_hash(self.folder / FIRM_LISTS)}
        newest = checkpoint.checkpoints_in(self.folder / CHECKPOINTS)[0]
        kept = checkpoint.described(newest)["content"]
        outputs["state"] = {"content": said.digest_of(kept), "file": None}
        self.spent["writing"] = time.perf_counter() - started
        played = self.plan.days - 7 * self.first_week
        spent = self.spent | self.simulation.clock.seconds
        self.manifest |= {"status": "complete", "weeks_played": self.plan.weeks, "headline": self.heads}
        self.manifest |= {"outputs": dict(sorted(outputs.items()))} | said.costs(spent, self.city, played)
        write_json(self.folder / MANIFEST, self.manifest)
        self.written = True
        shutil.rmtree(self.folder / UNFINISHED, ignore_errors=True)
        for old in checkpoint.checkpoints_in(self.folder / CHECKPOINTS)[1:]:
            shutil.rmtree(old, ignore_errors=True)
        self.progress(self._where("done", self.plan.days, 1.0, None, 0.0))
        return RunReport(self.folder, self.manifest)

    @property
    def heads_shown(self) -> dict[str, int]:
        """Headline counts of the first world."""
        return self.heads.get(self.plan.worlds[0].name, {})

    def _table(self, name: str) -> dict[str, str | None]:
        return {"content": self.tape.files[name].content, "file": file_hash(self.folder / TAPE / f"{name}.npy")}

    def _lists(self) -> dict[str, str | None]:
        stays = self._stays("log")
        flows = flows_in(self.plan, self.layout, read_npy(self.folder / UNFINISHED / "weeks.npy"))
        kept = checkpoint.Checkpoint(checkpoint.checkpoints_in(self.folder / CHECKPOINTS)[0])
        self.manifest["fired"] = all_fired(self.simulation.tables, kept, stays, self._stays("firm_log"), flows)
        self.manifest["gaps"] = gaps_in(self.simulation.tables, kept)
        frame = frame_of(stays, self.plan, self.city)
        write_lists(self.folder / LISTS, frame, self.plan.seed)
        return {"content": content_of_frame(frame), "file": file_hash(self.folder / LISTS)}

    def _stays(self, log: str) -> np.ndarray[Any, np.dtype[Any]]:
        return stays_in(np.array(read_npy(self.folder / UNFINISHED / f"{log}.npy")))

    def _indicators(self) -> dict[str, str | None]:
        weeks = read_npy(self.folder / UNFINISHED / "weeks.npy")
        items = variables(self.plan, self.city, self.layout, weeks, self.setup.scenario.outputs.daily)
        content = write_indicators(self.folder / INDICATORS, items, self.plan)
        return {"content": content, "file": file_hash(self.folder / INDICATORS)}

    def _displaced(self) -> dict[str, str | None]:
        rows = read_npy(self.folder / TAPE / "losers.npy")["row"].astype(np.int64)
        frame = displaced_frame(rows, self.plan, self.city)
        write_displaced(self.folder / DISPLACED, frame, self.plan, self.simulation.tables.lines)
        return {"content": content_of_frame(frame), "file": file_hash(self.folder / DISPLACED)}
