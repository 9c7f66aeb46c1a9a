"""A life as lines of at most 80 columns, and as plain data for JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from itertools import groupby, zip_longest
from textwrap import wrap
from typing import Any

from vitropolis.base.figures import WIDTH
from vitropolis.base.mark import MARK
from vitropolis.results.life import Life
from vitropolis.results.life_changes import Different
from vitropolis.results.life_doors import FEW
from vitropolis.results.life_entries import Entry
from vitropolis.results.life_files import said
from vitropolis.results.picks import PICKS
from vitropolis.results.reader import OpenRun

DATE, LEFT, RIGHT = 10, 44, 22  # columns, with two between them
OTHERS = "everybody else is as in the run"
ANSWERS = "answers to appeals of the household that the run did not have, by the run's own queues and draws"


def life_lines(run: OpenRun, life: Life) -> Iterator[str]:
    """Yield a life: who, what happened, the ledger of both worlds, what would have changed it, how to see another."""
    plan, city = run.setup.plan, run.city
    yield f"{MARK[:1].upper()}{MARK[1:]}: {city.name} with {city.n:,} residents, seed {plan.seed}."
    yield from _line(f"{life.id}: {who_said(life.who)}.")
    yield from _line(f"Shown: {picked_said(life)}.")
    yield ""
    yield from _line(f"What happened: {sentence(run, life)}")
    yield ""
    yield from _ledger(run, life)
    yield ""
    yield f"WHAT WOULD HAVE CHANGED IT (played again; {OTHERS})"
    yield from _line(f"  {points_said(run, life)}", 4)
    yield from (line for each in life.different for line in _line(f"  {each.words(life.decisive)}", 4))
    for number in life.worlds[1:]:
        yield from _line(f"  without the policy: {life.ends[number].words()}", 4)
    yield ""
    yield from _line(unshown_said(life))
    for entry in _through(life)[:1]:
        yield from _line(f"Through whom: vitropolis life {run.folder} --id {' or '.join(_ids(run, entry))}")
    yield from _line(f"Another: vitropolis life {run.folder} {_another(life)}")


def life_data(run: OpenRun, life: Life) -> dict[str, Any]:
    """Return the same as plain dicts and lists (for JSON)."""
    plan = run.setup.plan
    names = {number: plan.worlds[number].name for number in life.worlds}
    return {
        "folder": run.folder,
        "resident": life.id,
        "who": dict(life.who),
        "picked": {"how": life.picked.how, "number": life.picked.number, "among": life.picked.among},
        "worlds": list(names.values()),
        "what_happened": sentence(run, life),
        "entries": [
            {"date": plan.date(each.day), "world": names[each.world], "what": each.what, "text": each.text}
            | ({"element": each.element, "file": each.file, "line": each.line} if each.element else {})
            | {key: value for key, value in each.facts.items() if key not in ("key", "more", "members")}
            | ({"through_ids": _ids(run, each)} if "members" in each.facts else {})
            for each in life.entries
        ],
        "ends": {names[number]: asdict(end) for number, end in life.ends.items()},
        "acts_without_record": {names[number]: count for number, count in life.unrecorded.items()},
        "decisive_day": {"date": _date(run, life.decisive.day), "why": life.decisive.why},
        "would_have_changed": [_changed(each) for each in life.different],
        "note": f"would_have_changed: the household played again; {OTHERS}. answers_worked_out: {ANSWERS}",
    }


def _changed(different: Different) -> dict[str, Any]:
    moved = [asdict(each) | {"difference": each.points - each.without} for each in different.moved]
    found = {"difference": different.title, **asdict(different.outcome), "moved": moved}
    return found | {"answers_worked_out": different.answers_worked_out}


def _date(run: OpenRun, day: int | None) -> date | None:
    return None if day is None else run.setup.plan.date(day)


def points_said(run: OpenRun, life: Life) -> str:
    """What the points in brackets of the differences are; nothing if there are none."""
    if not any(each.moved for each in life.different):
        return ""
    day = _date(run, life.decisive.day)
    on = f"on {day}, {life.decisive.why}" if day else f"on {life.decisive.why}"
    return f"In brackets: what these records did to the score {on}."


def sentence(run: OpenRun, life: Life) -> str:
    """What happened, in a few sentences: the first black listing, and through whom it came; what it came to."""
    mine = [entry for entry in life.entries if entry.world == life.worlds[0]]
    wrong = [entry for entry in mine if entry.facts.get("error")]
    first = next((entry for entry in mine if entry.what == "listed" and entry.facts["polarity"] == "black"), None)
    reached = next(iter(_through(life)), None)
    parts = [] if first is None else [f"put on the black list {first.facts['list']} on {_date(run, first.day)} "
                                      f"({first.facts['bins'][0]})"]  # fmt: skip
    parts += [] if reached is None else [f"{_reached(reached)} from {_date(run, reached.day)} on"]
    told = "; ".join([*parts, life.ends[life.worlds[0]].words()]) + "."
    if wrong:
        told += f" {len(wrong)} wrong record{'s' if len(wrong) > 1 else ''} arrived."
    return told[:1].upper() + told[1:]


def _through(life: Life) -> list[Entry]:
    """Every time that somebody in the household began to carry something to the resident, in the shown world."""
    return [entry for entry in life.entries if entry.world == life.worlds[0] and "members" in entry.facts]


def _ids(run: OpenRun, entry: Entry) -> list[str]:
    """The ids of those through whom somebody is reached."""
    return [run.city.id_of(resident) for resident in entry.facts["members"]]


def _reached(entry: Entry) -> str:
    """Through whom somebody is hit, how these stand, and which doors that shuts."""
    who = zip(entry.facts["through"], entry.facts["standing"], strict=True)
    through = " and ".join(f"{name}, who is {how}" for name, how in who)
    doors = " and ".join(said(service) for service in entry.facts["services"][:FEW])
    more = f" and {len(entry.facts['services']) - FEW} more" if len(entry.facts["services"]) > FEW else ""
    return f"reached through {through}" + (f": no {doors}{more}" if doors else "")


def who_said(who: Mapping[str, Any]) -> str:
    """Who a resident is, in words: age band, district, household."""
    people = who["household"]
    home = "living alone" if people == 1 else f"{who['role']} in a household of {people}"
    home = f"one of {people} in a collective household" if who["role"] == "collective" else home
    return f"a synthetic resident of age {who['age']} in {who['district']}, {home}"


def picked_said(life: Life) -> str:
    """How it came to be this resident."""
    return life.picked.how + (f", {life.picked.number:,} of {life.picked.among:,}" if life.picked.among > 1 else "")


def _ledger(run: OpenRun, life: Life) -> Iterator[str]:
    """Both worlds side by side, aligned by date."""
    plan, shown = run.setup.plan, life.worlds[0]
    files = list(dict.fromkeys(entry.file for entry in life.entries if entry.file))
    letters = {name: chr(ord("a") + place) for place, name in enumerate(files)} if len(files) > 1 else {}
    places: set[str] = set()
    twin = "WITHOUT IT" if len(life.worlds) > 1 else ""
    yield f"{'DATE':<{DATE}}  {f'WITH {plan.worlds[shown].name}'[:LEFT]:<{LEFT}}  {twin}".rstrip()
    for day, entries in groupby(life.entries, key=lambda entry: entry.day):
        every = list(entries)
        keys = [{each.facts.get("key") for each in every if each.world == number} - {None} for number in life.worlds]
        mine = [each for each in every if each.world == shown]
        left = [line for each in mine for line in _cell(_full(each, letters, places), LEFT)]
        right = [line for each in every if each.world != shown for line in _cell(_twin(each, keys[0]), RIGHT)]
        for place, (one, other) in enumerate(zip_longest(left, right, fillvalue="")):
            date = plan.date(day).isoformat() if place == 0 else ""
            yield f"{date:<{DATE}}  {one:<{LEFT}}  {other}".rstrip()
    if letters:
        yield from _line("Lines: " + ", ".join(f"{letter} = {name}" for name, letter in letters.items()))
    elif files:
        yield from _line(f"Lines are those of {files[0]}.")


def _full(entry: Entry, letters: Mapping[str, str], named: set[str]) -> str:
    """An entry with the place of its rule; that of a score is said once."""
    if not entry.element or (entry.what == "score" and entry.element in named):
        return entry.text
    named.add(entry.element)
    place = f"{letters[entry.file]}:{entry.line}" if letters else f"line {entry.line}"
    return f"{entry.text} ({entry.element}, {place}{entry.facts.get('more', '')})"


def _twin(entry: Entry, known: set[Any]) -> str:
    if entry.facts.get("key") in known:
        return "the same"
    return entry.text


def _cell(text: str, width: int) -> Sequence[str]:
    return wrap(text, width, subsequent_indent="  ", break_on_hyphens=False)


def unshown_said(life: Life) -> str:
    """What a ledger does not show."""
    shown, *twin = (life.unrecorded[number] for number in life.worlds)
    beside = f" ({twin[0]:,} without the policy)" if twin else ""
    acts = f"{shown:,} act{'' if shown == 1 else 's'}"
    return (
        f"Not shown: {acts} that no department recorded{beside}, and what the resident thinks, says or "
        "believes, unless a department recorded it."
    )


def _another(life: Life) -> str:
    others = " | ".join(f"--{name}" for name in PICKS)
    return f"{others} [--pick {life.picked.number + 1}] | --id S-..."


def _line(text: str, indent: int = 2) -> list[str]:
    start = text[: len(text) - len(text.lstrip())]
    return wrap(
        text.lstrip(), WIDTH, initial_indent=start, subsequent_indent=" " * indent, break_on_hyphens=False,
        break_long_words=False,
    )  # fmt: skip
