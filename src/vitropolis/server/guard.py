"""What stands before every endpoint: who may ask, how much, how often; and what every answer says to a browser.

A page of another origin can make a browser send requests here. It can read nothing, since no answer allows it to; and
whatever names another host (DNS rebinding) or comes from another site is refused before anything looks at it.
"""

from __future__ import annotations

import ipaddress
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vitropolis.server.contract import MOST_BODY
from vitropolis.server.problems import ProblemError
from vitropolis.server.settings import LOOPBACK, Settings

CHANGES = ("POST", "PUT", "PATCH", "DELETE")
METHODS = ("GET", "HEAD", *CHANGES)
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; object-src 'none'; base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)
SAID = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Bucket:
    """Lets through `most` at once and `rate` more each second."""

    def __init__(self, most: int, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.rate, self.clock = most, rate, clock
        self.left, self.at = float(most), clock()

    def take(self) -> float:
        """Take one; the seconds to wait where there is none left, else 0."""
        now = self.clock()
        self.left = min(self.most, self.left + (now - self.at) * self.rate)
        self.at = now
        if self.left < 1:
            return (1 - self.left) / self.rate
        self.left -= 1
        return 0.0


class Buckets:
    """A bucket for each address that asks, so that nobody takes from another; `known` of them are remembered."""

    def __init__(self, most: int, rate: float, known: int = 2_000) -> None:
        self.most, self.rate, self.known = most, rate, known
        self.held: OrderedDict[str, Bucket] = OrderedDict()

    def take(self, who: str) -> float:
        """Take one of an address's own; the seconds to wait where there is none left, else 0."""
        bucket = self.held.pop(who, None) or Bucket(self.most, self.rate)
        self.held[who] = bucket
        if len(self.held) > self.known:
            self.held.popitem(last=False)
        return bucket.take()


class Guard:
    """The outermost application: it refuses, takes the token off the path, bounds the body, marks the answer."""

    def __init__(self, app: ASGIApp, settings: Settings, server: Any = None) -> None:
        self.app, self.settings, self.server = app, settings, server
        self.asks, self.strange = Buckets(*settings.limits.asks), Buckets(*settings.limits.asks)
        self.names = frozenset() if settings.local else settings.names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        marked = _marked(send)
        try:
            inner = self._let_in(scope)
        except ProblemError as wrong:
            await answer_of(wrong)(scope, receive, marked)
            return
        await self.app(inner, _bounded(receive), marked)

    def _let_in(self, scope: Scope) -> Scope:
        """The request without its token. What another site made a browser send takes nothing from the own page."""
        who, headers = str((scope.get("client") or ("",))[0]), Headers(scope=scope)
        try:
            inner = self._checked(scope, headers)
        except ProblemError:
            _take(self.strange, who)
            raise
        secret = bool(self.settings.token) and inner is scope
        _take(self.strange if secret or _from_elsewhere(headers) else self.asks, who)
        return inner

    def _checked(self, scope: Scope, headers: Headers) -> Scope:
        self._check_host(headers)
        inner = self._without_token(scope)
        self._check_origin(scope["method"], inner["path"], headers)
        length = headers.get("content-length", "0")
        if not length.isascii() or not length.isdigit():
            raise ProblemError(400, "length", "the header Content-Length is no number")
        if int(length[:12]) > MOST_BODY:
            raise too_large()
        return inner

    def _check_host(self, headers: Headers) -> None:
        name, port = _parted(headers.get("host", ""))
        fine = name in LOOPBACK or name in self.names or self._is_address(name)
        mine = self.settings.port
        if not fine or (mine and (80 if port is None else port) != mine):
            raise ProblemError(403, "host", "this server answers under its own address alone, as it was printed")

    def _is_address(self, name: str) -> bool:
        """Whether a name can be this machine's address where it listens on all it has: the token keeps others out."""
        if not self.settings.everywhere:
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _without_token(self, scope: Scope) -> Scope:
        """The request as if there were no token; 403 where it has another one. Built files are no secret."""
        token, path = self.settings.token, str(scope["path"])
        if not token:
            return scope
        given, _, rest = path.removeprefix("/").partition("/")
        if not secrets.compare_digest(given.encode(), token.encode()):
            if path.startswith("/assets/"):
                return scope
            raise ProblemError(
                403, "token", "the address lacks its token: take the whole address that the server printed"
            )
        return {**scope, "path": f"/{rest}", "raw_path": f"/{rest}".encode()}

    def _check_origin(self, method: str, path: str, headers: Headers) -> None:
        origin, site = headers.get("origin"), headers.get("sec-fetch-site")
        private = method not in ("GET", "HEAD") or path.startswith("/api")
        if not private:
            return
        if origin is not None and origin != f"http://{headers.get('host', '')}":
            raise ProblemError(403, "origin", "a page of another address asked for this")
        if site not in (None, "same-origin", "none"):
            raise ProblemError(403, "origin", "a page of another site asked for this")
        if method in CHANGES and origin is None and site == "none":
            raise ProblemError(403, "origin", "nothing is changed by following a link")


def _parted(host: str) -> tuple[str, int | None]:
    """Name and port of a Host header; an empty name where it is none."""
    name, colon, port = host.rpartition(":") if not host.endswith("]") else (host, "", "")
    if not colon:
        name, port = host, ""
    if port and not (port.isascii() and port.isdigit() and len(port) <= 5):
        return "", None
    return name.removeprefix("[").removesuffix("]").lower(), int(port) if port else None


def _from_elsewhere(headers: Headers) -> bool:
    """Whether another site's page made a browser ask: for a page or a file, as a link or a picture does."""
    origin = headers.get("origin")
    strange = origin is not None and origin != f"http://{headers.get('host', '')}"
    return strange or headers.get("sec-fetch-site") not in (None, "same-origin", "none")


def _take(buckets: Buckets, who: str) -> None:
    wait = buckets.take(who)
    if wait:
        raise too_often(wait)


def _marked(send: Send) -> Send:
    """Every answer carries the headers of `SAID`; what the API says is never kept by a browser."""

    async def marking(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SAID.items():
                headers[name] = value
            if "cache-control" not in headers:
                headers["Cache-Control"] = "no-store"
        await send(message)

    return marking


def _bounded(receive: Receive) -> Receive:
    """A body that grows beyond the limit ends the request, whatever its length was said to be."""
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BODY:
            raise too_large()
        return message

    return counting


def too_large() -> ProblemError:
    """The refusal of a body over the limit."""
    return ProblemError(413, "large", f"a request has at most {MOST_BODY:,} bytes")


def too_often(wait: float) -> ProblemError:
    """The refusal of one request too many, with when to come again."""
    seconds = max(1, round(wait + 0.5))
    return ProblemError(429, "often", f"too many requests; try again in {seconds} s", {"Retry-After": str(seconds)})


def answer_of(wrong: ProblemError) -> JSONResponse:
    """A refusal as an answer."""
    return JSONResponse({"code": wrong.code, "words": wrong.words}, wrong.status, wrong.headers)
