"""The server's side of its clerks: start one when it is needed, ask it, end it when it takes too long."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import OrderedDict
from contextlib import suppress
from pathlib import Path
from typing import Any

from vitropolis.server.problems import ProblemError, told_by_clerk

LONGEST = 64_000_000  # bytes of one answer
READERS = 2  # run folders that are kept open
JUDGES = 2  # clerks for policies, the second begun when the first is busy: one slow text holds up nobody
MOST_WAITING = 32  # questions that wait for one clerk


class Clerk:
    """One process of `server.clerk`. Questions are put one after the other."""

    def __init__(self, *arguments: str) -> None:
        self.arguments = arguments
        self.process: asyncio.subprocess.Process | None = None
        self.turn = asyncio.Lock()
        self.waiting = 0
        self.asking: set[asyncio.Future[Any]] = set()
        self.ended: list[asyncio.subprocess.Process] = []

    async def ask(self, name: str, seconds: float, /, **arguments: Any) -> Any:
        """Return the answer. ProblemError with the clerk's words; 503 where it takes too long, and it is ended.

        503 too where it is not this question's turn after as long, or too many wait for theirs.
        Who asked may go away meanwhile: the answer is still read, so that the next one is the right one.
        """
        if self.waiting >= MOST_WAITING:
            raise _busy()
        self.waiting += 1  # before anything else runs, so that the next one who asks is counted after this one
        asked = asyncio.ensure_future(self._ask(name, seconds, arguments))
        self.asking.add(asked)
        asked.add_done_callback(self._over)
        return await asyncio.shield(asked)

    def _over(self, asked: asyncio.Future[Any]) -> None:
        self.waiting -= 1
        self.asking.discard(asked)

    async def _ask(self, name: str, seconds: float, arguments: dict[str, Any]) -> Any:
        await self._turn(seconds)
        try:
            line = await self._answered(json.dumps({"ask": name, **arguments}).encode() + b"\n", seconds)
        finally:
            self.turn.release()
        if not line:
            self.end()
            raise ProblemError(503, "busy", "the process that was asked ended; it may lack memory. Try again")
        told = json.loads(line)
        if "wrong" in told:
            raise told_by_clerk(told["wrong"])
        return told["is"]

    async def _turn(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.turn.acquire()
        except TimeoutError:
            raise _busy() from None

    async def _answered(self, question: bytes, seconds: float) -> bytes:
        try:
            process = await self._running()
            assert process.stdin is not None and process.stdout is not None
            process.stdin.write(question)
            async with asyncio.timeout(seconds):
                await process.stdin.drain()
                return await process.stdout.readline()
        except (TimeoutError, ConnectionError):
            self.end()
            raise ProblemError(503, "slow", f"this took longer than {seconds:.0f} s and was given up") from None

    async def _running(self) -> asyncio.subprocess.Process:
        if self.process is None or self.process.returncode is not None:
            pipe, call = asyncio.subprocess.PIPE, [sys.executable, "-m", "vitropolis.server.clerk", *self.arguments]
            self.process = await asyncio.create_subprocess_exec(*call, stdin=pipe, stdout=pipe, limit=LONGEST)
        return self.process

    def end(self) -> None:
        """End the process; the next question starts another."""
        if self.process is not None and self.process.returncode is None:
            with suppress(ProcessLookupError):
                self.process.kill()
        if self.process is not None:
            self.ended.append(self.process)
        self.process = None

    async def close(self) -> None:
        """End the process and everything that waits for it, and see that nothing is left of it."""
        for asked in list(self.asking):
            asked.cancel()
        await asyncio.gather(*self.asking, return_exceptions=True)
        self.end()
        for process in self.ended:
            if process.stdin is not None:
                process.stdin.close()
            await process.wait()
            if process.stdout is not None:
                await process.stdout.read()


def _busy() -> ProblemError:
    return ProblemError(503, "busy", "too much is asked at once; try again", {"Retry-After": "5"})


class Judges:
    """Clerks for policies: who asks is answered by the one for whom fewest wait."""

    def __init__(self, many: int = JUDGES) -> None:
        self.clerks = [Clerk("policies") for _ in range(many)]

    async def ask(self, name: str, seconds: float, /, **arguments: Any) -> Any:
        """As of a clerk."""
        return await min(self.clerks, key=lambda clerk: clerk.waiting).ask(name, seconds, **arguments)


class Staff:
    """The clerks for policies, and one for each run folder that was lately looked at."""

    def __init__(self) -> None:
        self.policies = Judges()
        self.readers: OrderedDict[Path, Clerk] = OrderedDict()
        self.gone: list[Clerk] = []

    def reader(self, folder: Path) -> Clerk:
        """The clerk of a run folder; the one that was not asked for longest is ended where there are too many."""
        clerk = self.readers.pop(folder, None) or Clerk("run", str(folder))
        self.readers[folder] = clerk
        for other in [path for path, held in self.readers.items() if not held.waiting and held is not clerk]:
            if len(self.readers) > READERS:
                self.forget(other)
        return clerk

    def forget(self, folder: Path) -> None:
        """End the clerk of a folder that has changed or is gone."""
        clerk = self.readers.pop(folder, None)
        if clerk is not None:
            clerk.end()
            self.gone.append(clerk)

    async def close(self) -> None:
        """End all of them."""
        await asyncio.gather(*(clerk.close() for clerk in (*self.policies.clerks, *self.readers.values(), *self.gone)))
