"""What a server is started with, and what it takes at most."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

FAR = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))  # of nobody, as RFC 5737 and 3849 say
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class Limits:
    """How much of everything: each is there so that no page, script or guest can use this machine up.

    queue: runs that wait; largest: residents of a run; begins, checks, asks: allowed at once from one address,
    and again per second.
    """

    queue: int = 8
    largest: int = 100_000_000
    begins: tuple[int, float] = (12, 0.2)
    checks: tuple[int, float] = (40, 10.0)
    asks: tuple[int, float] = (1_000, 400.0)
    viewers: int = 400
    check_seconds: float = 20.0
    view_seconds: float = 1_800.0  # building a full-size city on a small machine takes minutes


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
    def everywhere(self) -> bool:
        """Whether the server listens on every address that this machine has."""
        try:
            return ipaddress.ip_address(self.host).is_unspecified
        except ValueError:
            return False

    @property
    def names(self) -> frozenset[str]:
        """Names, in small letters, by which others on the network may call this machine."""
        own, whole = machine_names()
        short = own.partition(".")[0]
        return frozenset({self.host.lower(), own, whole, short, f"{short}.local"} - {""})

    @property
    def address(self) -> str:
        """The address of the first page, for others where they can reach it."""
        return self.addresses[0]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address of the first page that can be used; the numbers of this machine before its name."""
        if not self.everywhere:
            return (self._at(self.host),)
        numbers = [each for each in reached_at() if ":" in self.host or ":" not in each]
        return tuple(self._at(each) for each in (*numbers, machine_names()[0], "127.0.0.1") if each)

    @property
    def here(self) -> str:
        """The address for a browser on this machine."""
        return self.addresses[-1]

    def _at(self, host: str) -> str:
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{self.port}/{f'{self.token}/' if self.token else ''}"


@cache
def machine_names() -> tuple[str, str]:
    """What this machine calls itself, and the same with its domain."""
    return socket.gethostname().lower(), socket.getfqdn().lower()


@cache
def reached_at() -> tuple[str, ...]:
    """Addresses of this machine in its networks: those it would send from, though nothing is sent."""
    found = []
    for family, far in FAR:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as asked:
                asked.connect((far, 9))
                found.append(str(asked.getsockname()[0]))
        except OSError:
            continue
    return tuple(each for each in found if not ipaddress.ip_address(each).is_loopback)
