"""One synthetic life as a page: who, what happened, a ledger beside the twin, what would have changed it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from vitropolis.pages.life_score import score_figure
from vitropolis.pages.markup import Html, dated, joined, prose, tag
from vitropolis.pages.view import View
from vitropolis.results.life import Life
from vitropolis.results.life_changes import Different
from vitropolis.results.life_entries import Entry
from vitropolis.results.life_show import OTHERS, picked_said, points_said, sentence, unshown_said, who_said
from vitropolis.results.reader import OpenRun

KINDS = {
    "enrolled": "enrolled", "record": "record", "counted": "points", "moved": "moved away", "score": "score",
    "listed": "list", "waits": "grace", "unlisted": "list", "through": "family", "doors": "doors", "request": "request",
    "told": "told", "appeal": "appeal", "answer": "answer", "work": "work",
}  # fmt: skip
SAME = "the same"


def life_view(run: OpenRun, life: Life) -> View:
    """One life of an opened run."""
    return View(f"{life.id}: {who_said(life.who)}", life_html(run, life))


def life_html(run: OpenRun, life: Life, prefix: str = "") -> Html:
    """The page below its title. prefix: put before every id."""
    plan = run.setup.plan
    mark = f" {run.city.name.capitalize()} with {run.city.n:,} residents, seed {plan.seed}. Shown: {picked_said(life)}."
    parts = [
        tag("p", tag("strong", "Synthetic city, no real people."), mark, class_="vp-mark-line"),
        tag("p", dated(sentence(run, life)), class_="vp-lead"),
        *_ends(run, life),
    ]
    figure = score_figure(run, life)
    parts += [figure.html(prefix)] if figure else []
    parts += [_ledger(run, life), _changes(run, life), tag("p", unshown_said(life), class_="vp-note")]
    return tag("div", *parts, class_="vp-page vp-life")


def _ends(run: OpenRun, life: Life) -> Iterator[Html]:
    """What it came to, in both worlds."""
    names = [_name(run, number) for number in life.worlds]
    pairs = [
        tag("div", tag("dt", name), tag("dd", dated(life.ends[number].words())))
        for name, number in zip(names, life.worlds, strict=True)
    ]
    yield tag("dl", *pairs, class_="vp-ends")


def _name(run: OpenRun, number: int) -> str:
    world = run.setup.plan.worlds[number]
    if world.name == "none":
        return "Without the policy"
    filling = {name: filling for filling, name in _fillings(run)}.get(world.name)
    return f"With the policy, {filling} filling" if filling else f"With {world.name}"


def _fillings(run: OpenRun) -> list[tuple[str, str]]:
    return [(filling, name) for name, filling in run.setup.fillings.items()]


def _ledger(run: OpenRun, life: Life) -> Html:
    """Both worlds side by side, aligned by date."""
    heads = ["date", *(_name(run, number) for number in life.worlds)]
    files = list(dict.fromkeys(entry.file for entry in life.entries if entry.file))
    rows = [
        _day(run, life, day, list(entries), len(files) > 1)
        for day, entries in groupby(life.entries, key=lambda entry: entry.day)
    ]
    head = tag("thead", tag("tr", *(tag("th", each, scope="col") for each in heads)))
    table = tag("table", head, tag("tbody", *rows), class_="vp-ledger")
    said = f"Lines are those of {files[0]}." if len(files) == 1 else ""
    note = tag("p", said, class_="vp-note") if said else ""
    if not rows:
        return tag("section", tag("h2", "The ledger"), tag("p", "Nothing was recorded, and nothing followed."))
    box = tag("div", table, class_="vp-scroll", tabindex=0, role="region", aria_label=f"The ledger of {life.id}")
    return tag("section", tag("h2", "The ledger, day by day"), box, note)


def _day(run: OpenRun, life: Life, day: int, entries: Sequence[Entry], several: bool) -> Html:
    shown, *others = life.worlds
    keys = {each.facts.get("key") for each in entries if each.world == shown} - {None}
    cells = [tag("td", _list([_entry(each, several) for each in entries if each.world == shown]))]
    for number in others:
        said = [
            SAME if each.facts.get("key") in keys else _entry(each, several) for each in entries if each.world == number
        ]
        cells.append(tag("td", _list(said)))
    date = run.setup.plan.date(day).isoformat()
    return tag("tr", tag("th", tag("time", date, datetime=date), scope="row"), *cells)


def _list(parts: Sequence[str]) -> Html:
    return (
        tag("ul", *(tag("li", part, class_="vp-same" if part == SAME else None) for part in parts))
        if parts
        else Html("")
    )


def _entry(entry: Entry, several: bool) -> Html:
    """What happened, by what kind, through which element on which line; errors and shut doors carry a mark in words."""
    kind = KINDS.get(entry.what, entry.what)
    shut = entry.what == "doors" and entry.text.startswith("DOORS SHUT")
    black = entry.what == "listed" and entry.facts.get("polarity") == "black"
    heavy = (
        " vp-hard"
        if shut or black or entry.facts.get("error") or (entry.what == "through" and "members" in entry.facts)
        else ""
    )
    parts = [tag("span", kind, class_=f"vp-kind{heavy}"), " ", dated(entry.text.removeprefix("record: "))]
    if entry.element:
        place = f"{entry.file}:{entry.line}" if several else f"line {entry.line}"
        more = entry.facts.get("more", "")
        parts.append(tag("span", " ", tag("code", entry.element), f", {place}{more}", class_="vp-place"))
    return joined(parts)


def _changes(run: OpenRun, life: Life) -> Html:
    said = [tag("li", *_different(each, life)) for each in life.different]
    if not said:
        return Html("")
    points = points_said(run, life)
    note = tag("p", prose(f"Played again; {OTHERS}. {points}"), class_="vp-note")
    return tag("section", tag("h2", "What would have changed it"), note, tag("ul", *said, class_="vp-changes"))


def _different(each: Different, life: Life) -> tuple[Html, str]:
    whole = each.words(life.decisive)
    return tag("strong", each.title), whole.removeprefix(each.title)
