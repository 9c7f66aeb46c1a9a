"""The sections about clerks who decide, publicity, and how people adapt (docs/mechanisms.md, sections 19 to 21)."""

from __future__ import annotations

from vitropolis.model.assumption_parts import Part, Ratio, Share, Steps, Strength, WeeklyShare


class Clerks(Part):
    """What clerks do with the room a policy leaves them, what they see, and how often promised days are kept.

    `hybrid_looks`, `review_looks`: of the cases of a hybrid decision, and of an automated one with human review, those
    that somebody really looks at. `fee_deters`: of the two lowest income fifths, who does not ask where it costs.
    """

    discretion_used: Share
    human_sees_wrong: Share
    human_drops_right: Share
    hybrid_looks: Share
    review_looks: Share
    clerk_lifts: Share
    promise_kept: Share
    fee_deters: Share


class Publicity(Part):
    """What a published black listing does: steps of deterrence at home, records it is worth at work, mistakes."""

    household_step: Steps
    workplace_records: Steps
    mistaken_for_listed: WeeklyShare


class Trust(Part):
    """What costs trust (a share for each person, or refusal, in 1,000 residents and week), and what it changes."""

    lost_wrong: Ratio
    lost_refused: Ratio
    recovers: WeeklyShare
    deeds: Share
    appeals: Share


class Adaptation(Part):
    """How people answer a policy: more deeds that earn points, fewer that earn none, leaving, losing trust."""

    gaming: Strength
    crowding: Share
    leaves_weekly: WeeklyShare
    trust: Trust
