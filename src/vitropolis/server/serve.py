"""Starting the server: a port that is free, one line that says where it is, an end that leaves nothing behind."""

from __future__ import annotations

import errno
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import uvicorn

from vitropolis.base.errors import ResourceError, UsageError
from vitropolis.server.app import make_app
from vitropolis.server.job import Job
from vitropolis.server.problems import ProblemError
from vitropolis.server.settings import Settings

USUAL = 8765  # taken where no port is asked for; the next free one where it is taken
NEXT = 20


def listening(host: str, port: int | None) -> socket.socket:
    """A socket that listens. UsageError where port or host cannot be had; `None`: the usual port or near it."""
    tried = [port] if port is not None else [*range(USUAL, USUAL + NEXT), 0]
    for number in tried:
        try:
            return _bound(host, number)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise _cannot(host, number, error) from None
    raise UsageError(f"port {port} of {host} is taken; leave --port out, or name another one")


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(256)
    except BaseException:
        found.close()
        raise
    return found


def _cannot(host: str, port: int, error: OSError) -> Exception:
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return UsageError(f"`{host}` is no address of this machine; leave --host out to be reached from here alone")
    if error.errno in (errno.EACCES, errno.EPERM):
        return ResourceError(f"port {port} may not be used; take one from 1024 up")
    return ResourceError(f"{host}:{port} cannot be listened on: {error.strerror}")


class Quick(uvicorn.Server):
    """Says when it can be reached, and does not wait for viewers when it is to stop."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets=sockets)
        if self.started:
            self.ready()


def serve(settings: Settings, port: int | None, ready: Callable[[Settings], None]) -> list[Job]:
    """Serve until Ctrl-C; return the jobs that were stopped with it. `ready` hears the settings with port and token.

    UsageError where the port is taken, or another server plays in the same folder.
    """
    held = listening(settings.host, port)
    token = "" if settings.local else secrets.token_urlsafe(24)
    known = replace(settings, port=held.getsockname()[1], token=token)
    try:
        guard = make_app(known)
    except ProblemError as wrong:
        held.close()
        raise UsageError(wrong.words) from None
    config = uvicorn.Config(
        guard, log_level="warning", access_log=False, server_header=False, date_header=True, lifespan="on",
        timeout_keep_alive=20, timeout_graceful_shutdown=1, limit_concurrency=1_000, proxy_headers=False, ws="none",
    )  # fmt: skip
    server = Quick(config, lambda: ready(known))
    with held, suppress(KeyboardInterrupt):  # Ctrl-C is how a server is ended
        server.run(sockets=[held])
    stopped: list[Job] = guard.server.jobs.stop_running()
    return stopped
