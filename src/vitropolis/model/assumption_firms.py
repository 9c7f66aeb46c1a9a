"""What an assumptions file says of firms: what complying costs them, what they fear, how they are supervised."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from vitropolis.model.assumption_parts import (
    Assumption,
    DailyShare,
    Days,
    Measured,
    Part,
    Share,
    Spread,
    WeeklyShare,
    Word,
)

Fines = Annotated[Assumption, Measured("usual fines", 0, 1000)]
FinesAWeek = Annotated[Assumption, Measured("usual fines a week", 0, 1000)]
Discount = Annotated[Assumption, Measured("share left after a week", 0, 0.99999)]
Weight = Annotated[Assumption, Measured("parts", 0, 1000)]


class Compliance(Part):
    """What complying costs (median, spread over firms), and what being found costs; what a later week is worth."""

    cost_median: FinesAWeek
    cost_sigma: Spread
    fine: Fines
    fine_again: Fines
    ban: Fines
    discount: Discount


class Inspections(Part):
    """How often firms are inspected usually, and how well: who breaks a rule and passes, who keeps it and does not."""

    weekly: WeeklyShare
    passes: Share
    found_wrongly: Share
    noticed_otherwise: Share
    release: Share
    delay_mean_days: Days


class Firms(Part):
    """Firms: how often they break rules when they comply and when they do not, and which; settling; clean years."""

    compliance: Compliance
    inspections: Inspections
    acts_violating: WeeklyShare
    acts_complying: WeeklyShare
    acts: Annotated[dict[Word, Weight], Field(min_length=1)]
    settled_daily: DailyShare
    clean_year: Share
