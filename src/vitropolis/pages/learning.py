"""How people hit on their own account learn of it: by a notice, by being refused, or not before the run ends."""

from __future__ import annotations

from vitropolis.pages.assumed import NOTICE, ending, silence_said
from vitropolis.pages.canvas import Canvas, width_of
from vitropolis.pages.plot import SMALL, row_label
from vitropolis.pages.saying import after, basis_of, listed, main_world, name_of, under
from vitropolis.pages.view import Figure, Table
from vitropolis.report.figures import percent
from vitropolis.report.result import Result, WorldSaid

WAYS = (
    ("learnt_by_notice", "by a notice", "lawful"),
    ("learnt_by_refusal", "by being refused", "wrong"),
    ("not_learnt", "not yet", "grid"),
)
Shares = list[tuple[WorldSaid, list[float]]]


def figure(result: Result) -> Figure | None:
    """One bar for each world, of shares; None where nobody is hit so."""
    main = main_world(result)
    found: Shares = []
    for world in result.played:
        shares = [headline.value for name, _, _ in WAYS if (headline := result.headline(name, world.name)) is not None]
        if len(shares) == len(WAYS) and all(share is not None for share in shares):
            found.append((world, [share or 0.0 for share in shares]))
    if main is None or not found:
        return None
    world, mine = next(((each, shares) for each, shares in found if each == main), found[0])
    return Figure(
        id="learning",
        title=f"{percent(mine[1], 2)} of those hit themselves learn of it by being refused {under(result, world)}",
        alt="Bars of shares. " + "; ".join(_alt(result, *each) for each in found) + ".",
        caption="Of people hit on their own account: how they first learnt of it."
        + after(silence_said(result, ending(result, NOTICE))),
        basis=basis_of(result),
        table=Table(["world", *(words for _, words, _ in WAYS)],
                    [[name_of(result, each), *(percent(share) for share in shares)] for each, shares in found]),
        draw=lambda canvas: _draw(canvas, result, found),
    )  # fmt: skip


def _alt(result: Result, world: WorldSaid, shares: list[float]) -> str:
    parts = [f"{percent(share, 2)} {words}" for share, (_, words, _) in zip(shares, WAYS, strict=True)]
    return f"{under(result, world).capitalize()}: {listed(parts)}"


def _draw(canvas: Canvas, result: Result, found: Shares) -> None:
    wide = canvas.width > 500
    left = max(width_of(name_of(result, world)) for world, _ in found) + 14 if wide else 0.0
    line, x = (56.0 if wide else 72.0), 0.0
    for _, words, ink in WAYS:
        canvas.rect(x, 2, 12, 12, ink, "axis")
        canvas.text(x + 18, 12.5, words)
        x += 40 + width_of(words)
    for place, (world, shares) in enumerate(found):
        y = 30 + line * place
        row_label(canvas, name_of(result, world), left, y + 19, y + 8 if not wide else None)
        x, top = left, y if wide else y + 14
        for share, (_, _, ink) in zip(shares, WAYS, strict=True):
            room = share * (canvas.width - left)
            canvas.rect(x, top, room, 28, ink, "blank")
            said = percent(share, 2)
            if room > width_of(said) + 8:
                canvas.text(x + 6, top + 18.5, said, "text" if ink == "grid" else "blank", bold=True)
            x += room
        canvas.reach(top + 30)
        hidden = [f"{percent(share, 2)} {words}" for share, (_, words, _) in zip(shares, WAYS, strict=True)
                  if share * (canvas.width - left) <= width_of(percent(share, 2)) + 8]  # fmt: skip
        if hidden:
            canvas.text(left, top + 42, f"Also: {listed(hidden)}", "soft", SMALL)
