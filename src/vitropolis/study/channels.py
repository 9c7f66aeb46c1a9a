"""Where a difference between groups comes from: one channel at a time set to what it is on average in the city.

The channels are who does what (exposure), how closely a district is looked at (detection), what data get wrong (error),
who contests (redress) and who is reached through relatives (spill-over). What is left when all five are level is made
by the rules and by everything together. The parts need not add up, and the remainder is said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.city.city import City
from vitropolis.model.assumption_parts import Profile
from vitropolis.model.assumptions import Assumptions
from vitropolis.model.envelope import over_cells
from vitropolis.model.rules import CELLS
from vitropolis.report import Found, found
from vitropolis.report.disparity import AXES
from vitropolis.report.totals import Totals
from vitropolis.results.progress import Tell, silent
from vitropolis.study.changed import reaching, widened, with_values
from vitropolis.study.curve import error_paths
from vitropolis.study.design import rounded
from vitropolis.study.ground import Ground
from vitropolis.study.passes import Teller, passes_for, played
from vitropolis.study.store import Store

NAME = "channels"
MEANING = {
    "exposure": "every group does everything equally often (who cannot do it at all still cannot), and each kind of "
    "conduct is as frequent in the whole city as before",
    "detection": "every district is looked at as closely as the city is on average",
    "error": "no record is wrong, but for those found for a quota",
    "redress": "everybody who may contest does so as often as the city would on average",
    "spillover": "the registers know no relatives",
}
CHANNELS = tuple(MEANING)
METHOD = (
    "The ratio of the highest to the lowest rate of a group is played again with one channel level, on the same people "
    "and chance. The difference is what the channel adds to the ratio (below 0: it evens out). Differences need not "
    "add up: the rest is the written ratio less 1 and less all differences. `all` is the ratio with every channel "
    "level at once, left by the rules and by everything together."
)
MEASURES = tuple(f"ratio_{what}_{axis}" for what in ("hit", "wrongly") for axis in AXES)


def separated(held: Assumptions, districts: Sequence[str]) -> Assumptions:
    """The same set with profiles of their own for needs and for redress, so that conduct's can be moved alone.

    Districts that the set does not name get the intensity that they have anyway, 1.
    """
    data = held.model_dump()
    for need in data["services"]["demand"].values():
        need["profile"] = _copy(data["profiles"], need["profile"], "need")
    data["redress"]["profile"] = _copy(data["profiles"], data["redress"]["profile"], "redress")
    named = data["recording"]["intensity"]
    for district in districts if named else ():
        some = next(iter(named.values()))
        named.setdefault(district, {**some, "value": 1.0, "range": (1.0, 1.0)})
    return Assumptions.model_validate(data)


def _copy(profiles: dict[str, Any], name: str, use: str) -> str:
    copied = f"for_{use}_{list(profiles).index(name)}"
    profiles.setdefault(copied, profiles[name])
    return copied


def ids_of(city: City) -> list[str]:
    """The districts' ids, as assumptions name them."""
    return [name.lower().replace(" ", "_").replace("-", "_") for name in city.district_names]


def people_by_cell(city: City) -> NDArray[np.int64]:
    """Residents of each attribute cell, int64[700]."""
    return np.bincount(city.cell, minlength=CELLS)


def mean_factor(profile: Profile, people: NDArray[np.int64]) -> float:
    """The mean of a profile over those residents for whom it is not impossible; 1 if it is so for all."""
    factors = np.array([float(part) for part in over_cells(profile, upper=False)])
    possible = people[factors > 0].sum()
    return float((factors * people).sum() / possible) if possible else 1.0


def _exposure(held: Assumptions, city: City) -> dict[str, float]:
    people, rates = people_by_cell(city), {}
    means = {item.profile: mean_factor(held.profiles[item.profile], people) for item in held.conduct.values()}
    for word, item in held.conduct.items():
        rates[f"conduct.{word}.rate"] = rounded(item.rate.value * means[item.profile])
    return rates | {f"profiles.{profile}.strength": 0.0 for profile in means}


def _detection(held: Assumptions, city: City) -> dict[str, float]:
    sizes, known = np.diff(city.district_ends), held.recording.intensity
    mine = np.array([known[name].value if name in known else 1.0 for name in ids_of(city)])
    mean = rounded(float((mine * sizes).sum() / sizes.sum()))
    return {f"recording.intensity.{name}": mean for name in known}


def _error(held: Assumptions, city: City) -> dict[str, float]:
    return dict.fromkeys(error_paths(held), 0.0)


def _redress(held: Assumptions, city: City) -> dict[str, float]:
    name = held.redress.profile
    mean = mean_factor(held.profiles[name], people_by_cell(city))
    shares = {f"redress.{part}": getattr(held.redress, part).value for part in ("appeals_wrong", "appeals_right")}
    level = {path: min(1.0, rounded(share * mean)) for path, share in shares.items()}
    return level | {f"profiles.{name}.strength": 0.0}


def _spillover(held: Assumptions, city: City) -> dict[str, float]:
    return {f"spillover.reach.{relation}": 0.0 for relation, _ in held.spillover.reach.items()}


LEVELS = {"exposure": _exposure, "detection": _detection, "error": _error, "redress": _redress, "spillover": _spillover}


def levelled(held: Assumptions, city: City) -> dict[str, Assumptions]:
    """The sets to play: `base`, one for each channel, `all`; all with the same ranges, to share candidates."""
    own = separated(held, ids_of(city))
    changes = {name: LEVELS[name](own, city) for name in CHANNELS}
    changes["all"] = {path: number for change in changes.values() for path, number in change.items()}
    whole = widened(own, reaching(changes["all"]))
    return {"base": whole} | {name: with_values(whole, change) for name, change in changes.items()}


def ratios(totals: Totals) -> dict[str, dict[str, dict[str, Any]]]:
    """Every disparity of each world with a policy: {world: {ratio: {value, status}}}."""
    return {
        totals.name(world): {name: _told(found(totals, world, name)) for name in MEASURES} for world in totals.played
    }


def _told(answer: Found) -> dict[str, Any]:
    return {"value": None if answer.value is None else float(answer.value), "status": answer.status}


def channels(ground: Ground, store: Store, tell: Tell = silent, teller: Teller | None = None) -> dict[str, Any]:
    """Play the decomposition into `channels.json`, or read it if it is there; return what it says."""
    kept = store.read(NAME)
    if kept is not None:
        return kept
    mine = teller or Teller(tell, passes_for(ground, len(CHANNELS) + 2))
    began, sets = mine.now(), levelled(ground.assumptions, ground.city)
    every = dict(zip(sets, played(ground, store, NAME, list(sets.values()), ratios, mine), strict=True))
    worlds = {
        world: {name: _parts({each: told[world][name] for each, told in every.items()}) for name in MEASURES}
        for world in ground.judged
    }
    content = {"method": METHOD, "meaning": MEANING, "worlds": worlds, "residents": store.size}
    return store.write(NAME, content | {"seconds": mine.since(began)})


def _parts(told: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """One ratio in parts, and why it is undefined where it is."""
    undefined = {name: each["status"] for name, each in told.items() if each["value"] is None}
    return split({name: each["value"] for name, each in told.items()}) | {"undefined": undefined}


def split(told: Mapping[str, float | None]) -> dict[str, Any]:
    """One ratio in parts: `base`, by channel `levelled` and `difference`, `all`, and the rest that none explains."""
    base = told["base"]
    differences = {name: _less(base, told[name]) for name in CHANNELS}
    known = [each for each in differences.values() if each is not None]
    whole = base is not None and len(known) == len(CHANNELS)
    rest = base - 1 - sum(known) if whole and base is not None else None
    level = {name: told[name] for name in CHANNELS}
    return {"base": base, "levelled": level, "difference": differences, "all": told["all"], "rest": rest}


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other
