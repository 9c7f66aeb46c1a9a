"""A run or a comparison as one HTML file: opens from disk, asks for nothing, reads without scripts, prints."""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from vitropolis import __version__
from vitropolis.base.errors import UsageError
from vitropolis.base.mark import MARK
from vitropolis.pages.compared import compared_html, compared_title
from vitropolis.pages.life import life_html
from vitropolis.pages.markup import Html, tag
from vitropolis.pages.method import method_html
from vitropolis.pages.results import results_html, title_of
from vitropolis.pages.saying import city_of
from vitropolis.report.compared import Comparison
from vitropolis.report.result import Result
from vitropolis.results.life import Life, life_of
from vitropolis.results.life_show import who_said
from vitropolis.results.reader import OpenRun

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'none'; img-src data:; "
    "form-action 'none'; base-uri 'none'"
)
SHEET, SCRIPT = "report.css", "report.js"
SOURCES = {SHEET: "web/src/fragments/fragments.css"}
FRAME = """
html{color-scheme:light dark;-webkit-text-size-adjust:100%}
body{margin:0;background:light-dark(#fbfaf7,#15171a);color:light-dark(#1c1b19,#e9e6df);
font:1rem/1.55 system-ui,-apple-system,"Segoe UI","Noto Sans","Helvetica Neue",Arial,sans-serif;overflow-wrap:anywhere}
main,.vr-head,.vr-foot{max-width:47rem;margin:0 auto;padding:0 1.1rem}
.vr-head{padding-top:2.2rem}
.vr-kicker{margin:0;font-size:.875rem;color:light-dark(#5b5852,#a9a59c)}
h1{font:700 clamp(1.7rem,1.2rem + 2.4vw,2.6rem)/1.15 Charter,"Bitstream Charter",Cambria,"Noto Serif",Georgia,serif;
margin:.3rem 0 1rem;text-wrap:balance}
.vr-nav{display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:0 0 1rem;padding:0;list-style:none}
.vr-nav a{display:inline-block;min-height:24px;color:light-dark(#1d4f84,#8fbdf0)}
.vr-part{border-top:3px double light-dark(#d8d4ca,#3a3f45);margin-top:3rem}
.vr-part>h2{font:700 1.9rem/1.2 Charter,"Bitstream Charter",Cambria,"Noto Serif",Georgia,serif;margin:1.2rem 0}
.vr-foot{margin:3rem auto 2rem;font-size:.875rem;color:light-dark(#5b5852,#a9a59c)}
:focus-visible{outline:3px solid light-dark(#b3560b,#f0a94e);outline-offset:2px}
@media print{.vr-nav{display:none}main,.vr-head,.vr-foot{max-width:none;padding:0}
html{color-scheme:light}body{font-size:10pt}}
"""
TOLD = ("wrong-fact", "child")  # picks whose first life a report shows
Part = tuple[str, str, Html]  # id, heading, content


def lives_told(run: OpenRun) -> list[Life]:
    """The lives that a report shows: the first of each of those picks that finds somebody."""
    found = []
    for pick in TOLD:
        try:
            found.append(life_of(run, pick=pick))
        except UsageError:
            continue
    return found


def run_document(run: OpenRun, result: Result, lives: Sequence[Life] = ()) -> str:
    """A complete run: what it found, some of its lives, what it rests on."""
    folder = run.folder.name
    parts: list[Part] = [("results", "What the run found", results_html(result, folder, method="#method"))]
    for number, life in enumerate(lives, 1):
        parts.append((f"life-{number}", f"One life: {who_said(life.who)}", life_html(run, life, f"life{number}-")))
    parts.append(("method", "Method and data", method_html(result)))
    return _document(title_of(result), parts, f"{city_of(result)}, {result.residents:,} residents, seed {result.seed}")


def comparison_document(found: Comparison, folder: str) -> str:
    """A complete comparison."""
    where = f"{found.city}, {found.residents:,} residents, seed {found.seed}"
    return _document(compared_title(found), [("compared", "What differs", compared_html(found, folder))], where)


def _document(title: str, parts: Sequence[Part], where: str) -> str:
    links = [tag("li", tag("a", name, href=f"#{place}")) for place, name, _ in parts]
    nav = (
        tag("nav", tag("ul", *links, class_="vr-nav"), aria_label="Parts of this report")
        if len(parts) > 1
        else Html("")
    )
    kicker = tag("p", f"vitropolis {__version__}: {MARK}. {where}.", class_="vr-kicker")
    head = tag("header", kicker, tag("h1", title), nav, class_="vr-head")
    held = [tag("section", tag("h2", name), body, id=place, class_="vr-part") for place, name, body in parts]
    foot = tag(
        "footer", tag("p", f"Made by vitropolis {__version__}: {MARK}. {where}. It asks nothing of any network."),
        class_="vr-foot",
    )  # fmt: skip
    return _page(title, tag("body", head, tag("main", *held), foot))


def _page(title: str, body: Html) -> str:
    sheet, script = static(SHEET), static(SCRIPT)
    meta = [
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content=f"vitropolis {__version__}"),
        tag("title", title),
        tag("style", Html(_inside(FRAME + sheet, "style"))),
    ]
    last = tag("script", Html(_inside(script, "script"))) if script else Html("")
    closed = body.removesuffix("</body>")
    return f'<!doctype html>\n<html lang="en">\n{tag("head", *meta)}\n{closed}{last}</body>\n</html>\n'


def _inside(text: str, element: str) -> str:
    """Text that cannot end the element in which it stands."""
    return re.sub(rf"</(?={element})", r"<\\/", text, flags=re.IGNORECASE)


def static(name: str) -> str:
    """A sheet or script that the build left in the package; in a source tree that was not built, the sheet itself."""
    built = files("vitropolis") / "server" / "static" / name
    if built.is_file():
        return built.read_text(encoding="utf-8")
    source = Path(__file__).resolve().parents[3] / SOURCES.get(name, "")
    return source.read_text(encoding="utf-8") if source.is_file() else ""
