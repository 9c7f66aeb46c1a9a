"""Headlines as HTML: the range first, the twin beside it, under what it holds, why, and the number as a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vitropolis.pages.assumed import RESTS_ON, silence_of
from vitropolis.pages.counts import counts_said
from vitropolis.pages.markup import Html, bare, joined, prose, tag
from vitropolis.pages.order import BAND
from vitropolis.pages.saying import (
    FEW_NOTE,
    WITHOUT,
    as_written,
    condition,
    is_few,
    main_world,
    name_of,
    sentence,
    spoken_value,
    twin_value,
)
from vitropolis.report.figures import NOT_YET, NOTHING
from vitropolis.report.question import MEASURED, Headline
from vitropolis.report.result import Result

COPIED, REFUSED = "Copied", "Copying is not allowed here"  # what the button says then


def headline_of(result: Result, name: str) -> list[Headline]:
    """One headline in every world with a policy, the worlds in the result's order."""
    found = (result.headline(name, world.name) for world in result.played)
    return [each for each in found if each is not None]


def says_something(mine: Sequence[Headline]) -> bool:
    """Whether a headline has a value, or a reason other than that it was not counted."""
    return any(each.value is not None or each.low is not None or each.status.startswith("not reached") for each in mine)


def band(result: Result) -> Html:
    """The numbers to read first, in the model's order, large."""
    cards = [_card(result, name, "vp-card") for name in BAND]
    return tag("div", *cards, class_="vp-band")


def rows(result: Result, names: Sequence[str]) -> Html:
    """The numbers of one question, one below the other; those that the band shows already stand there alone."""
    cards = [_card(result, name, "vp-row") for name in names if name not in BAND]
    return tag("div", *cards, class_="vp-rows") if any(cards) else Html("")


def _card(result: Result, name: str, klass: str) -> Html:
    mine = headline_of(result, name)
    if not says_something(mine):
        return Html("")
    first = mine[0]
    unit = "" if first.unit == "share" else first.unit
    title = tag("h3", prose(first.title))
    parts = [title, tag("p", unit, class_="vp-unit") if unit else Html("")]
    said = list(_conditions(result, mine, klass == "vp-row"))
    if klass == "vp-card":
        parts += [_values(result, mine), *said, _tools(result, mine)]
    else:
        paper = tag("div", *said, class_="vp-paper") if said else Html("")  # folded in on a screen, open on paper
        parts = [tag("div", *parts, class_="vp-name"), _values(result, mine), paper, _tools(result, mine, said)]
    return tag("section", *parts, class_=klass)


def _values(result: Result, mine: Sequence[Headline]) -> Html:
    """One line for each world, and one for the twin."""
    worlds = {world.name: world for world in result.worlds}
    main = main_world(result)
    lines = []
    for each in mine:
        name = name_of(result, worlds[each.world])
        written = as_written(each)
        small = tag("span", f"{written} as written", class_="vp-small") if written else Html("")
        shown = tag("data", with_percent(each), value=number(each.value), class_="vp-value")
        klass = "vp-main" if main is not None and each.world == main.name else None
        lines.append(tag("div", tag("dt", name), tag("dd", shown, small), class_=klass))
    twins = [twin_value(each) for each in mine if twin_value(each)]
    if twins:
        lines.append(
            tag("div", tag("dt", WITHOUT), tag("dd", tag("span", twins[0], class_="vp-value")), class_="vp-without")
        )
    return tag("dl", *lines, class_="vp-values")


def with_percent(headline: Headline) -> str:
    """What is shown large: range or value, shares with their per cent."""
    return spoken_value(headline) if spoken_value(headline) else NOTHING


def number(value: float | None) -> str:
    """A value as data: all its digits, empty where there is none."""
    return "" if value is None else f"{value!r}"


def _conditions(result: Result, mine: Sequence[Headline], folded: bool) -> Iterator[Html]:
    """Under what the numbers hold, once where all hold under the same; why there is none; whether few are behind it."""
    said = list(dict.fromkeys(condition(result, each) for each in mine))
    silent = silence_of(result, mine)
    said += [silent] if silent and (folded or mine[0].id in RESTS_ON) else []
    for each in mine:
        if each.value is None and each.status != MEASURED:
            said.append(why_none(each))
    said += [FEW_NOTE] if any(is_few(each) for each in mine) else []
    yield from (tag("p", prose(text), class_="vp-condition") for text in dict.fromkeys(said))


def why_none(headline: Headline) -> str:
    """Why there is no value, as a sentence."""
    if headline.status.startswith("not reached"):
        return f"{NOT_YET.capitalize()}: {headline.status}."
    return f"{NOTHING}: no value, {headline.status}."


def _tools(result: Result, mine: Sequence[Headline], said: Sequence[Html] = ()) -> Html:
    """Why (`said` stands in it first), and the number as a sentence to copy."""
    main = main_world(result)
    chosen = next((each for each in mine if main is not None and each.world == main.name), mine[0])
    told = sentence(result, chosen)
    button = tag(
        "button", "Copy as a sentence", type="button", hidden=True, class_="vp-copy", data_copy=told,
        data_done=COPIED, data_refused=REFUSED, aria_label=f"Copy as a sentence: {bare(chosen.title)}",
    )  # fmt: skip
    return tag("div", why(result, mine, said), button, class_="vp-tools")


def why(result: Result, mine: Sequence[Headline], said: Sequence[Html] = ()) -> Html:
    """What answers "why?": under what it holds, method, counts, elements with their lines, what moves it most."""
    method = result.methods.get(mine[0].method_id, "")
    parts = [*said, *([tag("p", prose(method))] if method else [])]
    for each in mine:
        parts += _why_of(result, each, len(mine) > 1)
    summary = tag(
        "summary",
        "Why?" if not said else "Condition and why",
        tag("span", f" {bare(mine[0].title)}", class_="vp-unseen"),
    )
    return tag("details", summary, *parts, class_="vp-why")


def _why_of(result: Result, headline: Headline, several: bool) -> Iterator[Html]:
    world = next(each for each in result.worlds if each.name == headline.world)
    if several:
        yield tag("p", tag("strong", name_of(result, world)), class_="vp-whose")
    counts = counts_said(headline)
    if counts:
        yield tag("p", counts, class_="vp-counts")
    if headline.rule_ids:
        pairs = zip(headline.rule_ids, headline.lines, strict=True)
        made = [tag("li", tag("code", rule), " ", tag("span", line, class_="vp-line")) for rule, line in pairs]
        yield joined((tag("p", "Made by, most often first:"), tag("ul", *made, class_="vp-rules")))
    for driver in headline.drivers:
        low, high = driver.range
        ends = " to ".join(NOTHING if each is None else f"{each:.4g}" for each in (driver.at_low, driver.at_high))
        said = f" {driver.direction} it: {ends} as it goes from {low:g} to {high:g} {driver.unit}".rstrip()
        yield tag("p", "Moved by ", tag("code", driver.path), f",{said}.", class_="vp-driver")
