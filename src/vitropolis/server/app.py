"""The application: every endpoint of the contract, each a few lines over board, jobs, shelf and clerks."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from vitropolis import __version__
from vitropolis.base.errors import VitropolisError
from vitropolis.base.mark import MARK
from vitropolis.server import contract as c
from vitropolis.server import verdicts
from vitropolis.server.asking import body, fillings, fits, gone, http, one_of, ours, refused, take, told, whole
from vitropolis.server.board import Board
from vitropolis.server.guard import Buckets, Guard
from vitropolis.server.job import Job, asked_again
from vitropolis.server.jobs import Jobs
from vitropolis.server.openapi import ENDPOINTS, document
from vitropolis.server.problems import ProblemError
from vitropolis.server.reading import AS_IT_IS, FIGURE
from vitropolis.server.settings import Settings
from vitropolis.server.shelf import Place, Shelf
from vitropolis.server.staff import Staff
from vitropolis.server.static import Pages

Handler = Callable[[Request], Awaitable[Response]]
NOTHING = 204


class Passing(FileResponse):
    """A file that was made for one answer, and is gone with its folder when that is sent, or nobody listens."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, then take it away."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            shutil.rmtree(Path(self.path).parent, ignore_errors=True)


class Server:
    """What all endpoints share."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.shelf = Shelf(settings.runs, settings.opened)
        self.jobs = Jobs(self.shelf, settings.readonly, settings.limits.queue, settings.limits.largest)
        self.staff = Staff()
        self.board = Board(self.shelf, self.jobs, self.staff)
        self.pages = Pages()
        self.begins, self.checks = Buckets(*settings.limits.begins), Buckets(*settings.limits.checks)
        self.known: dict[str, Any] = {}
        self.making = asyncio.Semaphore(2)

    def routes(self) -> list[Route]:
        """One route for each endpoint of the contract, and the built pages under everything else."""
        found = [Route(each.path, self._handler(each.name), methods=[each.method.upper()]) for each in ENDPOINTS]
        return [*found, Route("/{path:path}", self.page, methods=["GET"])]

    def _handler(self, name: str) -> Handler:
        method: Handler = getattr(
            self, "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
        )
        return method

    async def page(self, request: Request) -> Response:
        """A built file, or the one page that the front end makes all pages of."""
        reads = "text/html" in request.headers.get("accept", "")
        return self.pages.answer(str(request.scope["path"]), self.settings.token, reads)

    async def openapi(self, _: Request) -> Response:
        """The document."""
        return JSONResponse(document())

    async def meta(self, _: Request) -> Response:
        """What this server is and offers."""
        out, limits = str(self.settings.runs.absolute()), self.settings.limits
        opened = self.shelf.opened
        return told(c.Meta(
            version=__version__, mark=MARK, readonly=self.settings.readonly, opened=opened.id if opened else None,
            sizes=await self._known("offers", out=out),
            policies=await self._known("entries"),
            limits=c.Limits(
                text_bytes=c.MOST_TEXT, queue=limits.queue, largest=limits.largest, compared=c.MOST_COMPARED
            ),
        ))  # fmt: skip

    async def policy_schema(self, _: Request) -> Response:
        """The JSON Schema of a policy file."""
        return JSONResponse(await self._known("schema"))

    async def policy(self, request: Request) -> Response:
        """One policy of the library."""
        name = request.path_params["policy"]
        if name not in await self._names():
            raise ProblemError(404, "policy", f"there is no policy `{name[:80]}` in the library")
        return told(c.PolicyText(**await self._policies("entry", policy=name)))

    async def _names(self) -> list[str]:
        entries = await self._known("entries")
        return [name for each in entries for name in (each["id"], *fillings(each))]

    async def check_policy(self, request: Request) -> Response:
        """Judge a policy's text."""
        take(self.checks, request)
        asked = await body(request, c.CheckAsked)
        return told(c.CheckTold(**await self._policies("check", text=asked.text)))

    async def estimate(self, request: Request) -> Response:
        """What a run would take."""
        take(self.checks, request)
        asked = await body(request, c.EstimateAsked)
        one_of(asked.policy, asked.text)
        out = str(self.settings.runs.absolute())
        return told(c.EstimateTold(**await self._policies("estimate", **asked.model_dump(), out=out)))

    async def runs(self, _: Request) -> Response:
        """Everything on the shelf, newest first."""

        def listed() -> list[dict[str, Any]]:
            found = [self.board.entry(place).model_dump() for place in self.shelf.places().values()]
            return sorted(found, key=lambda each: each["made"] or "", reverse=True)

        return JSONResponse(await asyncio.to_thread(listed))

    async def begin_run(self, request: Request) -> Response:
        """Put a run into the queue, after everything that the command line would refuse was refused."""
        self._may_change()
        asked = await body(request, c.RunAsked)
        one_of(asked.policy, asked.text)
        take(self.begins, request)
        ready = await self._policies("prepare", **asked.model_dump(exclude={"ranges"}), out=self._out())
        ranges = ready["ranges"] if asked.ranges is None else asked.ranges
        want = {**asked.model_dump(exclude={"text"}), "ranges": ranges}  # so that it is known later what was meant
        words = [ready["names"][0] if asked.text else asked.policy, asked.filling, asked.size, str(asked.seed)]
        named = ready["names"][0] if asked.text is not None else ""
        return self._begun("run", [word for word in words if word], ready, want, named, asked.text)

    async def begin_comparison(self, request: Request) -> Response:
        """The same for a comparison."""
        self._may_change()
        asked = await body(request, c.ComparisonAsked)
        take(self.begins, request)
        ready = await self._policies("prepare_comparison", **asked.model_dump(), out=self._out())
        words = ["compare", *asked.policies, asked.size, str(asked.seed)]
        ready["title"] = " / ".join(asked.policies)
        return self._begun("comparison", words, ready, asked.model_dump(), "", None)

    def _begun(
        self, kind: c.Kind, words: list[str], ready: dict[str, Any], want: dict[str, Any], named: str, text: str | None
    ) -> Response:
        if ready["lacks"]:
            raise ProblemError(422, "resources", ready["lacks"].replace("--size", "size").replace("--out", "folder"))
        id = self.shelf.free_id("-".join(words))
        want = want if named == "" else {**want, "policy": None}
        self.jobs.add(Job(id, kind, ready["title"], want, named), text, ready["residents"])
        return told(c.Begun(id=id), 202)

    def _out(self) -> str:
        return str(self.settings.runs.absolute() / "any")

    def _may_change(self) -> None:
        if self.settings.readonly:
            raise ProblemError(403, "readonly", "this server only shows what is there: it was started with --readonly")

    async def run(self, request: Request) -> Response:
        """Where a run stands."""
        return told(await self.board.record(await self._place(request)))

    async def _place(self, request: Request) -> Place:
        return await asyncio.to_thread(self.shelf.place, request.path_params["run"])

    async def _ours(self, request: Request, command: str) -> Place:
        """A run that may be changed. ProblemError: 403 for one that lies elsewhere."""
        self._may_change()
        place = await self._place(request)
        if not place.ours:
            raise ProblemError(403, "outside", f"this run does not lie in the folder of runs; {command}")
        return place

    async def run_events(self, request: Request) -> Response:
        """Where a run stands, whenever that changes."""
        place, last = await self._place(request), request.headers.get("last-event-id", "")[:60]
        feed = await self.board.tell(place)
        if last and feed.heard_all(last):
            return Response(status_code=NOTHING)
        if sum(self.board.watched.values()) >= self.settings.limits.viewers:
            raise ProblemError(503, "busy", "too many are watching; try again", {"Retry-After": "10"})
        return StreamingResponse(self._followed(place.id, last), media_type="text/event-stream")

    async def _followed(self, name: str, last: str) -> AsyncIterator[str]:
        watched = self.board.watched
        watched[name] = watched.get(name, 0) + 1
        try:
            async for text in self.board.feed(name).follow(last):
                yield text
        finally:
            watched[name] -= 1
            if not watched[name]:
                del watched[name]

    async def cancel_run(self, request: Request) -> Response:
        """Stop a run as Ctrl-C does."""
        place = await self._ours(request, "whoever began it stops it with Ctrl-C")
        self.jobs.cancel(place)
        return told(await self.board.record(place))

    async def resume_run(self, request: Request) -> Response:
        """Go on with a run, after the same refusals as where one is begun."""
        place = await self._ours(request, "`vitropolis resume` goes on with it")
        take(self.begins, request)
        job = self.jobs.may_resume(place)
        residents = await self._residents(place, job)
        self.jobs.resume(place, (await self.board.record(place)).title, residents)
        return told(await self.board.record(place))

    async def _residents(self, place: Place, job: Job | None) -> int:
        """How many residents would be played: of a folder by its own inputs, else by what was asked for."""
        if (await asyncio.to_thread(self.board.look, place)).said or job is None:
            return int(await self._policies("left", folder=str(place.folder)))
        try:
            asked, text = await asyncio.to_thread(asked_again, job, place)
        except (VitropolisError, ValueError, OSError) as error:
            raise ProblemError(422, "input", f"what was asked for cannot be played: {error}"[:1000]) from None
        if isinstance(asked, c.ComparisonAsked):
            ready = await self._policies("prepare_comparison", **asked.model_dump(), out=self._out())
        else:
            told_again = {**asked.model_dump(exclude={"ranges"}), "text": text}
            ready = await self._policies("prepare", **told_again, out=self._out())
        return int(ready["residents"])

    async def delete_run(self, request: Request) -> Response:
        """Delete a run that is over."""
        place = await self._ours(request, "delete it yourself")
        job = self.jobs.of(place)
        if job is not None and job.waits_or_runs:
            raise ProblemError(409, "going", "this run is not over; cancel it first")
        self.staff.forget(place.folder)
        await asyncio.to_thread(self.shelf.delete, place)
        self.jobs.forget(place)
        return Response(status_code=NOTHING)

    async def run_view(self, request: Request) -> Response:
        """A piece of the page of a checked run."""
        part = fits(request.path_params["part"], c.Part)
        return told(c.View(**await self._page(await self._run(request), part, "view", part=part)))

    async def _run(self, request: Request) -> Place:
        place = await self._place(request)
        if place.kind != "run":
            raise ProblemError(404, "run", "this is a comparison; it has a view of its own")
        return place

    async def _page(self, place: Place, name: str, question: str, **arguments: Any) -> Any:
        return await self.board.page(place, name, question, self.settings.limits.view_seconds, **arguments)

    async def comparison_view(self, request: Request) -> Response:
        """What a checked comparison found."""
        place = await self._place(request)
        if place.kind != "comparison":
            raise ProblemError(404, "comparison", "this is a run; it has views of its own")
        return told(c.View(**await self._page(place, "compared", "compared")))

    async def lives(self, request: Request) -> Response:
        """Whose life can be shown."""
        return JSONResponse(await self._page(await self._run(request), "lives", "lives"))

    async def life(self, request: Request) -> Response:
        """One synthetic resident's life."""
        pick = fits(request.path_params["pick"], c.Pick)
        number = fits(whole(request.path_params["number"]), int)
        if not 1 <= number <= c.MOST_LIVES:
            raise ProblemError(404, "life", f"lives of a pick are numbered 1 to {c.MOST_LIVES:,}")
        place, name = await self._run(request), f"life-{pick}-{number}"
        return told(c.LifeView(**await self._page(place, name, "life", pick=pick, number=number)))

    async def files_of_run(self, request: Request) -> list[dict[str, Any]]:
        """The files of a checked run."""
        found: list[dict[str, Any]] = await self._page(await self._place(request), "files", "files")
        return found

    async def files(self, request: Request) -> Response:
        """What can be had of a run."""
        return JSONResponse(await self.files_of_run(request))

    async def file(self, request: Request) -> Response:
        """One of these files, as it lies there or made by the run's clerk; its name is one of those the clerk gave."""
        place, wanted = await self._place(request), request.path_params["file"]
        found = next((each for each in await self.files_of_run(request) if each["name"] == wanted), None)
        if found is None:
            raise ProblemError(404, "file", "there is no such file of this run; see its list of files")
        shown = "inline" if found["name"].startswith(FIGURE) else "attachment"
        name = found["name"] if place.id in found["name"] else f"{place.id}-{found['name']}"
        headers = {"Content-Disposition": f'{shown}; filename="{name}"'}
        if found["name"] in AS_IT_IS:
            return FileResponse(place.folder / found["name"], headers=headers, media_type=found["media"])
        async with self.making:
            room = await self._made(place, found["name"])
        return Passing(room / "file", headers=headers, media_type=found["media"])

    async def _made(self, place: Place, name: str) -> Path:
        """A folder of its own with the file that the run's clerk made."""
        check, room = await self.board.needed(place), Path(tempfile.mkdtemp(prefix="vitropolis-"))
        try:
            seconds = self.settings.limits.view_seconds
            await self.staff.reader(place.folder).ask("file", seconds, name=name, out=str(room / "file"))
            await self.board.unchanged(place, check)
        except BaseException:
            shutil.rmtree(room, ignore_errors=True)
            raise
        return room

    async def _policies(self, question: str, **arguments: Any) -> Any:
        """Ask the clerk for policies; what takes too long was a text that nobody could judge."""
        try:
            return await self.staff.policies.ask(question, self.settings.limits.check_seconds, **arguments)
        except ProblemError as wrong:
            if wrong.code == "slow" and arguments.get("text"):
                raise ProblemError(422, "slow", f"{wrong.words}: make the text shorter") from None
            raise

    async def _known(self, question: str, **arguments: Any) -> Any:
        """What changes with the program alone: asked once and kept, also for the next server."""
        if question not in self.known:
            key = await asyncio.to_thread(verdicts.program)
            held = await asyncio.to_thread(verdicts.kept, key, question)
            self.known[question] = held if held is not None else await self._anew(question, key, **arguments)
        return self.known[question]

    async def _anew(self, question: str, key: str, **arguments: Any) -> Any:
        found = await self._policies(question, **arguments)
        await asyncio.to_thread(verdicts.keep, key, question, found)
        return found

    @asynccontextmanager
    async def life_span(self, _: Starlette) -> AsyncIterator[None]:
        """Watch and play while the server runs; stop everything when it ends."""
        tasks = [asyncio.ensure_future(self.jobs.work()), asyncio.ensure_future(self.board.work())]
        tasks.append(asyncio.ensure_future(self._warm()))
        yield
        every = [*tasks, *self.board.tasks]
        for task in every:
            task.cancel()
        await asyncio.gather(*every, return_exceptions=True)
        await self.staff.close()

    async def _warm(self) -> None:
        """Load what the first question would wait for, and begin the check of the run that was opened."""
        with suppress(ProblemError):
            await asyncio.to_thread(verdicts.prune)
            if self.shelf.opened is not None:
                await self.board.record(self.shelf.opened)
            key, out = await asyncio.to_thread(verdicts.program), str(self.settings.runs.absolute())
            await self._known("entries")
            self.known["offers"] = await self._anew("offers", key, out=out)  # what is free changes
            await self._known("schema")
            await self._policies("warm")


def make_app(settings: Settings) -> Guard:
    """The application, guarded. ProblemError where another server plays in the same folder."""
    server = Server(settings)
    server.jobs.claim()
    app = Starlette(
        routes=server.routes(),
        exception_handlers={ProblemError: refused, HTTPException: http, ClientDisconnect: gone, Exception: ours},
        lifespan=server.life_span,
    )
    return Guard(app, settings, server)
