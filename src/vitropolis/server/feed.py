"""What viewers of one run hear: every record once, in order, from where they left off, and always the last one."""

from __future__ import annotations

import asyncio
import secrets
from collections import deque
from collections.abc import AsyncIterator

KEPT = 512  # events of a run that somebody can still go back to
HEARTBEAT = 15.0  # seconds of silence after which a line without meaning is sent, so that nothing on the way hangs up
BOOT = secrets.token_hex(4)  # ids of another server process mean nothing to this one


class Feed:
    """The events of one run. A viewer is a place in them; publishing wakes all viewers and waits for none."""

    def __init__(self) -> None:
        self.events: deque[tuple[int, str]] = deque(maxlen=KEPT)
        self.count = 0
        self.over = False
        self.changed = asyncio.Event()

    @property
    def last(self) -> str | None:
        """The newest event's text."""
        return self.events[-1][1] if self.events else None

    def publish(self, text: str, over: bool) -> None:
        """Tell all viewers, unless nothing is new. `over`: nothing comes after this, unless the run goes on again."""
        if text == self.last and over == self.over:
            return
        self.count += 1
        self.events.append((self.count, text))
        self.over = over
        self.changed.set()
        self.changed = asyncio.Event()

    def heard_all(self, last_id: str) -> bool:
        """Whether a viewer who comes back has heard everything, and nothing more will come."""
        return self.over and self._after(last_id) >= self.count

    def _after(self, last_id: str) -> int:
        boot, _, number = last_id.partition("-")
        return int(number) if boot == BOOT and number.isascii() and number.isdigit() and len(number) < 12 else 0

    async def follow(self, last_id: str, heartbeat: float = HEARTBEAT) -> AsyncIterator[str]:
        """Yield events as lines of an event stream, those after `last_id` first, until the run is over.

        Somebody new begins with the newest event; who was gone so long that events were forgotten, with the oldest.
        """
        after = self._after(last_id) or max(0, self.count - 1)
        while True:
            changed = self.changed
            for number, text in [each for each in self.events if each[0] > after]:
                yield f"id: {BOOT}-{number}\ndata: {text}\n\n"
                after = number
            if self.over and after >= self.count:
                return
            if changed.is_set():
                continue
            try:
                await asyncio.wait_for(changed.wait(), heartbeat)
            except TimeoutError:
                yield ": still here\n\n"
