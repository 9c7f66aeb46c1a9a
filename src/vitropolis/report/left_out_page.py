"""What each rule of a policy does, on 80 columns: the elements that free most first, then pairs, then sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

from vitropolis.base.figures import WIDTH, paragraph
from vitropolis.report.compared_page import short

CELL = 8
HEADS = ("freed", "newly", "wrongly", "others", "refused", "places")
COLUMNS = ("freed", "newly", "wrongly", "through", "refused", "places_lost")
UNSHOWN = ("lost_days", "jobs_lost")  # in the file alone
EXPLAINED = (
    "freed: hit in the run and not without it; newly: the other way round; then fewer wrongly hit, fewer hit only "
    "through others, fewer requests refused, fewer places lost in queues; days of access and jobs are in the file. A "
    "minus is more: who fears less does more, an act that no longer counts as one behaviour may count as another, and "
    "queues move. Safeguards stay in."
)
Said = Mapping[str, Any]


def left_out_page(said: Said) -> Iterator[str]:
    """Yield the lines of a study of `study.leave_out`."""
    run = said["whole"]
    yield from paragraph(f"Which rule does it? {said['world']}, without each of its elements in turn.")
    yield from paragraph(
        f"Synthetic city, no real people: {said['residents']:,} residents, {run['hit']:,} of them hit in the run, "
        f"{run['wrongly']:,} wrongly, {run['through']:,} only through others."
    )
    yield from _table("ELEMENTS THAT LEAD TO THE SAME, LEFT OUT TOGETHER", said["groups"])
    yield from _inside(said["groups"])
    if said["members"]:
        yield from _table("ONE BY ONE, OF THE GROUPS THAT FREE MOST", said["members"])
    yield from _sums(said)
    yield from _pairs(said["pairs"])
    yield ""
    yield from paragraph(EXPLAINED)


def _table(title: str, rows: Sequence[Said]) -> Iterator[str]:
    yield ""
    yield title
    yield _line("", HEADS)
    told = [row for row in rows if any(row[name] for name in COLUMNS)]
    for row in sorted(told, key=lambda row: (-row["freed"], -row["refused"], row["name"])):
        yield from _row(row["name"], [short(row[name]) for name in COLUMNS])
    rest = [row for row in rows if row not in told]
    few = [row["name"] for row in rest if any(row[name] for name in UNSHOWN)]
    silent = [row["name"] for row in rest if row["name"] not in few]
    if few:
        yield from paragraph(f"only days of access or jobs: {', '.join(few)}", "  ", "    ")
    if silent:
        yield from paragraph(f"nothing without: {', '.join(silent)}", "  ", "    ")


def _row(label: str, cells: Sequence[str]) -> list[str]:
    room = WIDTH - CELL * len(cells) - 1
    lines = wrap(
        label, room, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False, break_long_words=False
    )
    return [*lines[:-1], _line(lines[-1], cells)] if len(lines[-1]) <= room else [*lines, _line("", cells)]


def _line(label: str, cells: Sequence[str]) -> str:
    return f"{label:<{WIDTH - CELL * len(cells)}}{''.join(f'{each:>{CELL}}' for each in cells)}".rstrip()


def _inside(rows: Sequence[Said]) -> Iterator[str]:
    many = [row for row in rows if len(row["elements"]) > 1]
    if many:
        yield ""
    for row in many:
        yield from paragraph(f"{row['name']}: {', '.join(row['elements'][1:])}", "  ", "    ")


def _sums(said: Said) -> Iterator[str]:
    yield ""
    yield "TOGETHER AND APART"
    yield _line("", HEADS)
    sums = {name: sum(row[name] for row in said["groups"]) for name in COLUMNS}
    yield from _row("sum over each alone", [short(sums[name]) for name in COLUMNS])
    yield from _row("all of them at once", [short(said["joint"][name]) for name in COLUMNS])
    by, all_ = said["freed_by"], said["joint"]["freed"]
    rest = all_ - by["one"] - by["more"]
    yield from paragraph(
        f"Of the {all_:,} whom all at once free, {by['more']:,} are freed by any of several elements (a chain stands "
        f"behind them, and each of its links breaks it), {by['one']:,} by just one, and {max(0, rest):,} by none "
        "alone: more than one thing hits them.",
        "  ",
    )


def _pairs(pairs: Sequence[Said]) -> Iterator[str]:
    told = [pair for pair in pairs if pair["together"] > 0]
    if not pairs:
        return
    yield ""
    yield "PAIRS: RESIDENTS WHOM ONLY BOTH TOGETHER FREE"
    if not told:
        yield f"  none among the {len(pairs)} pairs that were played"
    for pair in told:
        yield from paragraph(
            f"{pair['together']:,} by leaving out {pair['first']} and {pair['second']} "
            f"(both: {pair['freed']:,}; the first alone {pair['freed_first']:,}, the second {pair['freed_second']:,})",
            "  ",
            "    ",
        )
