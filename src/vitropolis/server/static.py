"""The built pages: files of the package, named by looking, never by what a request says."""

from __future__ import annotations

import mimetypes
import re
from html import escape
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.responses import HTMLResponse, Response

from vitropolis.base.mark import MARK
from vitropolis.server.problems import ProblemError

INDEX, ASSETS = "index.html", "/assets/"
PAGE = re.compile(r"/(|(policy|run|results|lives|compare|method|downloads)(/[a-z0-9._-]{0,120})*/?)")
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".json": "application/json"}
NOT_BUILT = (
    "The pages of this installation were not built. In a clone of the project `make setup` builds them; a wheel has "
    "them inside. The server itself answers: /api/openapi.json says what can be asked."
)


class Pages:
    """What lies in `server/static/`, by the address it is asked for under."""

    def __init__(self) -> None:
        self.held = _found()

    def _file(self, path: str) -> Traversable | None:
        """A built file by its address; looked for again where it is not there, since pages may be built meanwhile."""
        file = self.held.get(path)
        if file is None or not file.is_file():
            self.held = _found()
            file = self.held.get(path)
        return file

    def answer(self, path: str, token: str, reads: bool = False) -> Response:
        """The file of an address, or the one page for the address of a page; 404 for any other.

        `reads`: somebody looks at it, so that even an address of nothing gets the page, which says so.
        """
        file = self._file(path) if path != f"/{INDEX}" else None
        if file is not None:
            kept = "public, max-age=31536000, immutable" if path.startswith(ASSETS) else "no-cache"
            return Response(file.read_bytes(), media_type=_media(path), headers={"Cache-Control": kept})
        known = PAGE.fullmatch(path) is not None
        if not known and (not reads or path.startswith((ASSETS, "/api/"))):
            raise ProblemError(404, "page", "there is nothing under this address")
        index = self._file(f"/{INDEX}")
        status = 200 if known else 404
        if index is None:
            return HTMLResponse(_not_built(), status)
        made = based(index.read_text(encoding="utf-8"), token)
        return HTMLResponse(made, status, headers={"Cache-Control": "no-cache"})


def _found() -> dict[str, Traversable]:
    """Every built file by its address."""
    top = files("vitropolis.server").joinpath("static")
    return dict(_under(top, "")) if top.is_dir() else {}


def based(page: str, token: str) -> str:
    """The page with the address that its relative ones begin from, so that they hold on every page, token and all."""
    base = f"/{token}/" if token else "/"
    page = page.replace("<head>", f'<head>\n    <base href="{escape(base)}" />', 1)
    return page.replace('="/assets/', f'="{base}assets/').replace('="./assets/', f'="{base}assets/')


def _under(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for each in folder.iterdir():
        name = f"{prefix}/{each.name}"
        found += _under(each, name) if each.is_dir() else [(name, each)]
    return found


def _media(path: str) -> str:
    ending = path[path.rfind(".") :]
    return KINDS.get(ending) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def _not_built() -> str:
    words = escape(NOT_BUILT)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>vitropolis: pages not built</title></head>'
        f"<body><h1>vitropolis</h1><p>{words}</p><p>{escape(MARK)}</p></body></html>"
    )
