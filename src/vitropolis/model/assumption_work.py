"""The section about work (docs/mechanisms.md, section 17)."""

from __future__ import annotations

from vitropolis.model.assumption_parts import Part, Ratio, Share, WeeklyShare


class OrdersLost(Part):
    """Share of its orders that a firm loses while a service is shut to it."""

    public_procurement: Share
    firm_loan: Share
    firm_subsidy: Share
    customs_clearance: Share
    firm_licence: Share


class Work(Part):
    """From lost orders to lay-offs, and from there to other work.

    `orders_lost_listed`, `rep_listed`: of a firm on a black list, of one whose legal representative is on one;
    `pass_through`: share of jobs lost for a share of orders lost; `closes_weekly`: of the gap to the staff aimed at;
    `jobless`: how much more often somebody without work does what is about money; `found_weekly`: who finds work in a
    week, times `screening` for somebody on a black list.
    """

    orders_lost: OrdersLost
    orders_lost_listed: Share
    rep_listed: Share
    pass_through: Share
    closes_weekly: WeeklyShare
    jobless: Ratio
    found_weekly: WeeklyShare
    screening: Share
