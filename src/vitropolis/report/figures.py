"""Numbers as the report says them: two significant figures in ranges, three elsewhere, exact counts as they are."""

from __future__ import annotations

from vitropolis.report.question import FEW, Headline

NOTHING = "–"
FEW_MARK = "*"
NOT_YET = "not yet"
MOST_EXACT = 99_999_999  # the largest count that a narrow column shows in full
SURVIVAL = "survival"  # method of the headlines that can be not reached


def spoken(value: float, digits: int = 3) -> str:
    """A number rounded to so many significant figures, whole numbers from 100 on with separators; 0 is 0."""
    rounded = float(f"{value:.{digits - 1}e}")
    if rounded == 0 or abs(rounded) >= 100:
        return f"{abs(rounded) if rounded == 0 else rounded:,.0f}"
    exponent = int(f"{rounded:e}".partition("e")[2])
    text = f"{rounded:.{max(0, digits - 1 - exponent)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float, digits: int = 3) -> str:
    """A share as per cent."""
    return f"{spoken(100 * share, digits)} %"


def said(value: float, unit: str, digits: int = 3) -> str:
    """A value in the form of its unit: shares as per cent, everything else as a number."""
    return percent(value, digits) if unit == "share" else spoken(value, digits)


def counted(number: int) -> str:
    """A count, exact up to eight digits, in millions beyond: `99,999,999`, `123 M`."""
    return f"{number:,}" if abs(number) <= MOST_EXACT else f"{number / 1_000_000:,.0f} M"


def value_of(headline: Headline | None) -> str:
    """The value for a cell; what stands for it where there is none; a mark where few people are behind it."""
    if headline is None:
        return ""
    if headline.value is None:
        return NOT_YET if headline.status.startswith("not reached") else NOTHING
    return said(headline.value, headline.unit) + (FEW_MARK if headline.status == FEW else "")


def range_of(headline: Headline | None, width: int = 80) -> str:
    """The range for a cell, `4 to 9`, shortened where it would not fit; empty if there is none."""
    if headline is None or headline.low is None or headline.high is None:
        return ""
    return span(headline.low, headline.high, headline.unit, width)


def shown_of(headline: Headline | None, width: int = 80) -> str:
    """What stands first in a cell: the range where there is one, else the value; marked where few are behind it.

    A range that has no upper end, since a number of days is not reached in some sets, is `70 or more`.
    """
    mark = FEW_MARK if headline is not None and headline.status == FEW else ""
    if headline is not None and headline.low is not None and headline.undefined and headline.method_id == SURVIVAL:
        return f"{spoken(headline.low, 2)} or more{mark}"
    found = range_of(headline, width - len(mark))
    return found + mark if found else value_of(headline)


def span(low: float, high: float, unit: str, width: int = 80) -> str:
    """A range in two significant figures, as `4 to 9`, or `4–9` where that would not fit the width."""
    tail = " %" if unit == "share" else ""
    ends = [said(end, unit, 2).removesuffix(" %") for end in (low, high)]
    if ends[0] == ends[1]:
        return ends[0] + tail
    whole = f"{ends[0]} to {ends[1]}{tail}"
    return whole if len(whole) <= width else f"{ends[0]}–{ends[1]}{tail}"


def one_in(share: float | None) -> str:
    """A chance as `1 in 160`."""
    return NOTHING if share is None else "none" if share <= 0 else f"1 in {spoken(1 / share, 2)}"
