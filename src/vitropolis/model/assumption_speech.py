"""The section about speech and loyalty, and about drives against accounts. Exactly: `docs/mechanisms.md`, section 18.

Private opinion is one distribution of the whole city; nothing here can be said of a group, a district or a firm.
"""

from __future__ import annotations

from typing import Annotated, Literal

from vitropolis.model.assumption_parts import Assumption, Measured, Part, Share, Strength, WeeklyShare

OfCity = Annotated[Assumption, Measured("per cent of the city", 0, 100)]
Spread = Annotated[Assumption, Measured("per cent of the city", 0.1, 100)]
PerPiece = Annotated[Assumption, Measured("per cent of the city for one in 100,000 residents", 0, 100)]


class Speech(Part):
    """Who dares to speak, what frightens people, and how drives against accounts find whom they remove.

    `mean`, `sd`: the private threshold, the share that has to speak before one does. `weight`: how far risk adds to it.
    `whisper`, `appeals_whisper`: shares of acts of speech, and of appeals, that the silent dare all the same. `mode`:
    drives take anybody, or the accused, save the share `error`.
    """

    mean: OfCity
    sd: Spread
    weight: Strength
    fade: WeeklyShare
    per_removal: PerPiece
    per_record: PerPiece
    whisper: Share
    appeals_whisper: Share
    mode: Literal["uniform", "accusation"]
    error: Share
    has_account: Share
    returns_weekly: WeeklyShare
