"""What was counted behind a number, in words."""

from __future__ import annotations

from vitropolis.report.figures import counted
from vitropolis.report.question import Headline

NOUNS = {
    "wrongly_hit_per_wrong_record": ("people wrongly hit", "wrong records"),
    "harmful_acts_avoided": ("acts", "residents"), "harmful_records_fewer": ("records", "residents"),
    "harmful_acts_avoided_per_wrongly_hit": ("acts", "people wrongly hit"),
    "others_per_person_hit": ("people hit through others", "people hit on their own account"),
    "lost_access_days": ("person-days", "people enrolled"),
    "refusals_per_1000": ("requests refused", "people enrolled"),
    "needs_avoided_per_1000": ("needs", "people enrolled"),
    "places_lost_per_1000": ("places", "people enrolled"),
    "displaced_weeks_per_1000": ("weeks", "people enrolled"),
    "crowded_out_per_1000": ("requests", "people enrolled"),
    "mistaken_refusals_per_1000": ("requests refused", "people enrolled"),
    "appeals_per_1000_hit": ("appeals", "people hit on their own account"),
    "appeal_wait_days": ("days waited", "decided appeals"), "dropped_per_1000": ("cases", "people enrolled"),
    "firms_inspections_per_1000": ("inspections", "firms"), "firms_breaches_avoided": ("breaches", "firms"),
    "weeks_without_work_per_1000": ("weeks", "people enrolled"),
    "children_of_laid_off": ("children", "residents laid off"),
    "scored_deeds_change": ("deeds more", "deeds without the policy"),
    "unscored_deeds_change": ("deeds more", "deeds without the policy"),
}  # fmt: skip
"""Of what a numerator and a denominator are counts, where the first is no part of the second."""
UNSAID = ("listed_days_gini", "black_list_mobility", "days_until_out", "days_until_out_wrong", "staff_days")


def counts_said(headline: Headline) -> str:
    """`Counted: 59 of 20,000.`, `Counted: 7 acts, 20,000 residents.`; empty where counts would say nothing."""
    above, below = headline.numerator, headline.denominator
    if above is None or headline.id in UNSAID:
        return ""
    if headline.unit == "times":
        who = "people wrongly hit" if "wrongly" in headline.id else "people hit"
        low = "" if below is None else f", {counted(below)} in the group with the lowest"
        return f"Counted: {counted(above)} {who} in the group with the highest rate{low}."
    if below is None:
        return f"Counted: {counted(above)} {headline.unit}."
    if headline.id in NOUNS:
        one, other = NOUNS[headline.id]
        return f"Counted: {counted(above)} {one}, {counted(below)} {other}."
    return f"Counted: {counted(above)} of {counted(below)}." if 0 <= above <= below and below else ""
