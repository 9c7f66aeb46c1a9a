"""What a run rests on, in a box below its headline, and the words of the page explained at its end."""

from __future__ import annotations

from collections.abc import Iterator

from vitropolis.pages.assumed import every_silence, silent_count
from vitropolis.pages.markup import Html, prose, tag
from vitropolis.report.figures import FEW_MARK, NOTHING
from vitropolis.report.question import FEWEST
from vitropolis.report.result import Result

NO_RANGES = (
    "No ranges were computed for this run: the numbers hold under the assumptions as written, and other assumptions "
    "move them. `vitropolis ranges {folder}` says how far."
)
FILLINGS = (
    "Filling: one of three readings of what a source left open, lenient, middle or harsh; what differs between the "
    "columns is how such gaps were filled."
)
WITHOUT_IT = (
    "Enrolled: the residents whom the policy covers. Without it (the twin): the same people and the same chance, "
    "played without the policy."
)
WORDS = {
    "Band": "a class of a score, from a number of points or a rank on, to which a policy ties rewards or penalties",
    "Enrolled": "residents whom the policy covers; most rates are per 1,000 of them",
    "Filling": "one of three readings (lenient, middle, harsh) of what a source left open",
    "Twin, or without it": "the same people and the same chance, played without the policy",
    "Gini": "how unequally something is spread, from 0 (alike) to 1 (one has all)",
    "Kaplan-Meier": "a curve of how many are still on a list after so many days; listings that still run when the run "
    "ends count for as long as they were seen",
    "Shorrocks": "an index of how freely people change places, here on and off black lists; 0 is never",
    "Wilson": "an interval that says how far chance alone could move a rate of so few people",
    "Seed": "the number from which all chance of a run is drawn; the same seed plays the same run",
    "Gravity": "how grave an act is, from 0 to 4, as the assumptions have it",
    FEW_MARK: f"fewer than {FEWEST} people, acts, records, listings or appeals are behind it: chance decides",
    NOTHING: "no value: there was nothing to count, or to divide by",
}


def ranges_note(result: Result, folder: str) -> Iterator[Html]:
    """That there are no ranges, where there are none."""
    if result.studies.ranges is None:
        yield tag("p", prose(NO_RANGES.format(folder=folder)), class_="vp-note")


def box(result: Result, folder: str, prefix: str, method: str = "") -> Html:
    """How sure it is: sources, ranges, what the policy leaves open, and what the columns are."""
    name = f"{prefix}rests"
    titles = list(dict.fromkeys(world.title for world in result.played))
    parts = [
        tag("h2", "What this rests on", id=name),
        tag("p", prose(f"Policy: {'; '.join(titles)}.")),
        tag("p", prose(f"{result.basis.sourced}; the others are calibrated or assumed.")),
        *ranges_note(result, folder),
    ]
    ranges = result.studies.ranges
    if ranges is not None:
        parts.append(tag("p", f"Ranges go over {ranges.get('sets', 'many')} sets of assumptions."))
    parts += [tag("p", FILLINGS)] if any(world.filling for world in result.played) else []
    parts += [tag("p", WITHOUT_IT)] if result.has_twin else []
    parts += _open(result)
    more = tag("a", "Method and data", href=method) if method else "Method and data"
    parts.append(tag("p", "More of this stands under ", more, ".", class_="vp-note"))
    return tag("section", *parts, class_="vp-box", aria_labelledby=name)


def _open(result: Result) -> Iterator[Html]:
    said = every_silence(result)
    if said:
        summary = tag("summary", f"{silent_count(result)} values that the policy leaves open, and what was taken")
        yield tag("details", summary, tag("ul", *(tag("li", prose(each)) for each in said)))


def glossary(result: Result, prefix: str) -> Html:
    """The words of the page, folded in."""
    told = [*WORDS.items(), *((name.capitalize(), text) for name, text in result.basis.definitions.items())]
    pairs = [part for name, text in told for part in (tag("dt", tag("dfn", name)), tag("dd", f"{_begun(text)}."))]
    fold = tag("details", tag("summary", "Words of this page, explained"), tag("dl", *pairs, class_="vp-words"))
    return tag("section", tag("h2", "Words", id=f"{prefix}part-words"), fold, class_="vp-part")


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]
