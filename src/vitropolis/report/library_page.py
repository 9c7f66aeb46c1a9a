"""The page of the library: how many elements of each policy acted in one run of it, and what the others wait for.

`python -m vitropolis.report.library_page FOLDER ... > docs/library.md` writes it from complete run folders, one for
each policy; each is opened (and so checked) first.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from vitropolis.policy import Policy
from vitropolis.report.fired import FiredRow
from vitropolis.report.totals import TWIN

if TYPE_CHECKING:
    from vitropolis.results import OpenRun

SAFEGUARDS = ("notice", "objection", "appeal", "correction")
HEAD = """\
# What is played of the library

Every policy of the library was run once, as below: {how}.
An *element* is a behaviour, a band, a list, a measure, a spill-over or a safeguard; it *acted* if it did anything to
anybody in that run. No part of any of these policies waits for a mechanism (`run.json`: `parts_not_played`). What
never acted is listed with what it waited for. In a smaller city, or with another seed, a rare element may act or not.
Campaigns (drives, quotas) are in no row: what they find or remove is counted by itself. Policies that begin after 2020
are played from their first day on, for as long. `python -m vitropolis.report.library_page` writes this page.

| policy | first day | last day | elements | acted | never |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """One policy's run: elements that it plays, and those that never acted with the reason."""

    policy: str
    first: str
    last: str
    elements: int
    never: Mapping[str, str]
    how: str


def elements_of(policy: Policy) -> Iterator[str]:
    """The elements of a policy that a run counts."""
    yield from (f"behaviours.{name}" for name in policy.behaviours)
    yield from (f"scores.{name}.bands.{band}" for name, score in policy.scores.items() for band in score.bands)
    for section in ("lists", "measures", "spillover"):
        yield from (f"{section}.{name}" for name in getattr(policy, section))
    said = policy.procedure
    yield from (f"procedure.{part}" for part in SAFEGUARDS if said is not None and getattr(said, part) is not None)


def row_of(manifest: Mapping[str, Any], fired: Sequence[FiredRow]) -> Row:
    """What a run's manifest and its table of elements say. ValueError where it plays more than one policy."""
    names = [each["name"] for each in manifest["worlds"] if each["name"] != TWIN]
    if len(names) != 1:
        raise ValueError(f"a run of one policy is wanted, not of {len(names)}: {', '.join(names)}")
    never = {each.element: each.reason for each in fired if not each.times}
    how = f"{manifest['residents']:,} residents, seed {manifest['seed']}, no ranges, a template in its middle filling"
    return Row(names[0], manifest["from"], manifest["to"], len(fired), never, how)


def text_of(rows: Sequence[Row]) -> str:
    """The page. ValueError where the runs were not all made in the same way."""
    hows = sorted({row.how for row in rows})
    if len(hows) != 1:
        raise ValueError(f"runs of one kind are wanted: {'; '.join(hows)}")
    return HEAD.format(how=hows[0]) + "".join(_lines(sorted(rows, key=lambda row: row.policy)))


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        acted = row.elements - len(row.never)
        yield f"| `{row.policy}` | {row.first} | {row.last} | {row.elements} | {acted} | {len(row.never)} |\n"
    for row in rows:
        if row.never:
            yield f"\n## {row.policy}\n\n| never acted | why |\n|---|---|\n"
            yield from (f"| `{element}` | {reason} |\n" for element, reason in row.never.items())


def _row_in(run: OpenRun) -> Row:
    from vitropolis.report.result import result_of

    return row_of(run.manifest, result_of(run.folder, run.manifest, run.setup.plan).tables.fired)


def main(folders: Sequence[str]) -> None:
    """Print the page of some run folders."""
    from vitropolis.results import open_run

    sys.stdout.write(text_of([_row_in(open_run(folder)) for folder in folders]))


if __name__ == "__main__":
    main(sys.argv[1:])
