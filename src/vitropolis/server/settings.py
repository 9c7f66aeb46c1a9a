"""What a server is started with, and what it takes at most."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Limits:
    """How much of everything: each is there so that no page, script or guest can use this machine up.

    queue: runs that wait; largest: residents of a run; begins, checks, asks: allowed at once, and again per second.
    """

    queue: int = 8
    largest: int = 100_000_000
    begins: tuple[int, float] = (12, 0.2)
    checks: tuple[int, float] = (40, 10.0)
    asks: tuple[int, float] = (1_000, 400.0)
    viewers: int = 400
    check_seconds: float = 20.0
    view_seconds: float = 300.0


@dataclass(frozen=True)
class Settings:
    """runs: the folder of runs; opened: a run folder that lies anywhere; token: what the address must begin with."""

    runs: Path
    host: str = "127.0.0.1"
    port: int = 0
    readonly: bool = False
    token: str = ""
    opened: Path | None = None
    limits: Limits = field(default_factory=Limits)

    @property
    def local(self) -> bool:
        """Whether nobody but this machine can reach the server."""
        return self.host in LOOPBACK

    @property
    def address(self) -> str:
        """The address of the first page."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{shown}:{self.port}/{f'{self.token}/' if self.token else ''}"
