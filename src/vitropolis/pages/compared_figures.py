"""Pictures of a comparison: who is hit under one policy alone or both; groups under each policy."""

from __future__ import annotations

from collections.abc import Sequence

from vitropolis.pages.canvas import Canvas, width_of
from vitropolis.pages.plot import across
from vitropolis.pages.saying import basis_line
from vitropolis.pages.view import Figure, Table
from vitropolis.report.compared import Comparison, Group, Pair
from vitropolis.report.figures import spoken
from vitropolis.report.totals import TWIN

INKS = ("main", "wrong", "third", "first", "breach")
MARKS = ("dot", "diamond", "square", "ring", "cross")
MOST_PAIRS = 6
PAIRS, GROUPS = "pairs", "groups"
NO_POLICY = "no policy"  # the twin, where sentences say "under ..."


def name_at(name: str) -> str:
    """What a policy is called on the page."""
    return NO_POLICY if name == TWIN else name


def figures_of_comparison(found: Comparison) -> list[Figure]:
    """Every picture of a comparison."""
    return [each for each in (pairs_figure(found), groups_figure(found)) if each is not None]


def comparison_basis(found: Comparison) -> str:
    """n, seed, simulated."""
    return basis_line(found.residents, found.seed, f", assumptions {found.assumptions}")


def pairs_figure(found: Comparison) -> Figure | None:
    """Three parts of a bar for each pair: under the first alone, under both, under the second alone."""
    pairs = [pair for pair in found.pairs if pair.both + pair.only_first.hit + pair.only_second.hit][:MOST_PAIRS]
    if not pairs:
        return None
    most = max(pairs, key=lambda pair: max(pair.only_first.hit, pair.only_second.hit))
    one = most.only_second.hit >= most.only_first.hit
    name, other = (most.second, most.first) if one else (most.first, most.second)
    count = most.only_second.hit if one else most.only_first.hit
    return Figure(
        id=PAIRS,
        title=f"{count:,} people are hit under {name_at(name)} who are not hit under {name_at(other)}",
        alt="Bars of three parts. " + "; ".join(_alt(pair) for pair in pairs) + ".",
        caption="Residents hit at least once over the run: under the first policy alone, under both, under the second "
        "alone. "
        "Totals are results; who they are in particular is an illustration under shared chance.",
        basis=comparison_basis(found),
        table=_pairs_table(found),
        draw=lambda canvas: _draw_pairs(canvas, pairs),
    )


def _alt(pair: Pair) -> str:
    return (
        f"{pair.only_first.hit:,} under {name_at(pair.first)} alone, {pair.both:,} under both, "
        f"{pair.only_second.hit:,} under {name_at(pair.second)} alone"
    )


def _pairs_table(found: Comparison) -> Table:
    rows = []
    for pair in found.pairs:
        names = f"{name_at(pair.first)} and {name_at(pair.second)}"
        rows.append([f"{names}: hit", f"{pair.only_first.hit:,}", f"{pair.both:,}", f"{pair.only_second.hit:,}"])
        wrong = (pair.only_first.wrongly, pair.wrongly_both, pair.only_second.wrongly)
        rows.append([f"{names}: wrongly hit", *(f"{count:,}" for count in wrong)])
    return Table(["residents", "first alone", "both", "second alone"], rows)


def _draw_pairs(canvas: Canvas, pairs: Sequence[Pair]) -> None:
    y = 0.0
    for pair in pairs:
        parts = ((pair.only_first.hit, "main"), (pair.both, "grid"), (pair.only_second.hit, "wrong"))
        total = sum(count for count, _ in parts)
        words = (f"{name_at(pair.first)} alone", "both", f"{name_at(pair.second)} alone")
        x = 0.0
        for count, ink in parts:
            room = canvas.width * count / total
            canvas.rect(x, y, room, 30, ink, "blank")
            x += room
        low = y + 50
        for (count, ink), said in zip(parts, words, strict=True):
            canvas.rect(0, low - 10, 11, 11, ink, "axis")
            canvas.text(18, low, f"{count:,} under {said}")
            low += 20
        y = low + 8
    canvas.reach(y - 20)


def groups_figure(found: Comparison) -> Figure | None:
    """Dots per 1,000 of each group, a mark for each policy."""
    names = [world.name for world in found.worlds if world.name != TWIN][: len(INKS)]
    rows = [row for row in found.groups if row.residents >= 100 and not row.label.startswith("district=")]
    if not names or not any(row.hit[name] for row in rows for name in names):
        return None
    widest = max(rows, key=lambda row: max(_rates(row, names)) - min(_rates(row, names)))
    rates = _rates(widest, names)
    told = ", ".join(f"{spoken(rate)} under {name}" for rate, name in zip(rates, names, strict=True))
    return Figure(
        id=GROUPS,
        title=f"Of 1,000 in {plain(widest)}, hit are {told}",
        alt="Dots, one row for each group. Hit per 1,000: "
        + "; ".join(f"{plain(row)} {', '.join(spoken(rate) for rate in _rates(row, names))}" for row in rows)
        + f" (in the order {', '.join(names)}).",
        caption="People hit at least once per 1,000 of each group of 100 residents and more, under each policy.",
        basis=comparison_basis(found),
        table=_groups_table(found, names),
        draw=lambda canvas: _draw_groups(canvas, rows, names),
    )


def plain(row: Group) -> str:
    """A group as a reader would say it."""
    return "everybody" if row.label == "all" else row.label.replace("=", " ")


def _rates(row: Group, names: Sequence[str]) -> list[float]:
    return [1000 * row.hit[name] / row.residents for name in names]


def _groups_table(found: Comparison, names: Sequence[str]) -> Table:
    heads, rows = ["group", "residents"], []
    for name in names:
        heads += [f"{name}: hit", "per 1,000", "wrongly hit"]
    for row in found.groups:
        if row.residents:
            cells = [f"{row.residents:,}"]
            for name, rate in zip(names, _rates(row, names), strict=True):
                cells += [f"{row.hit[name]:,}", spoken(rate), f"{row.wrongly[name]:,}"]
            rows.append([plain(row), *cells])
    return Table(heads, rows)


def _draw_groups(canvas: Canvas, rows: Sequence[Group], names: Sequence[str]) -> None:
    y = 10.0
    x = 6.0
    for place, name in enumerate(names):
        if x + 20 + width_of(name) > canvas.width:
            x, y = 6.0, y + 20
        canvas.mark(MARKS[place], x, y - 4, INKS[place])
        canvas.text(x + 11, y, name)
        x += 32 + width_of(name)
    top = y + 46
    left = max(width_of(plain(row)) for row in rows) + 12
    bottom = top + 20 * len(rows) + 6
    most = max(rate for row in rows for rate in _rates(row, names))
    scale = across(canvas, most, left, canvas.width - 24, top, bottom, "hit, per 1,000")
    for number, row in enumerate(rows):
        line = top + 20 * number + 16
        canvas.text(left - 8, line, plain(row), anchor="end")
        for place, rate in enumerate(_rates(row, names)):
            canvas.mark(
                MARKS[place],
                scale(rate),
                line - 4,
                INKS[place],
                4.5,
                f"{plain(row)}, {names[place]}: {spoken(rate)} of 1,000",
            )
