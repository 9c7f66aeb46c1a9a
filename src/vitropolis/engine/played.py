"""What a run plays of a policy and what not yet, which channels it leaves open, and what it will cost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from vitropolis.base.errors import ResourceError
from vitropolis.model.jobs import plays_work
from vitropolis.model.measures import spills_of
from vitropolis.model.publicity import by_name_alone, is_published
from vitropolis.model.rivals import queued
from vitropolis.model.speech import SPEECH_WORDS
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import PERSON_WORDS, Policy, leaves
from vitropolis.policy.schema import Measure, Spill
from vitropolis.policy.triggers import (
    AccountsCampaign,
    BandTrigger,
    CarriesListing,
    CarriesMeasure,
    CarriesPoints,
    Inspect,
    Leaf,
    ListedTrigger,
    RankTrigger,
    RecordsCampaign,
    RecordsTrigger,
    ScoreTrigger,
)
from vitropolis.policy.words import SERVICES, Relation

FIRMS, QUOTAS = "firms", "quotas of records about firms"
INSPECTIONS, POINTS, OUTSIDE = "inspections", "points that go over", "ties outside the home"
OPTING_OUT = "the price of opting out"
AT_HOME: frozenset[Relation] = frozenset({"spouse", "child", "parent", "household"})
OF_FIRMS: frozenset[Relation] = frozenset({"legal_rep", "shareholder", "employee", "firm"})


def parts_not_played(policy: Policy) -> list[str]:
    """Every element whose mechanism does not exist yet: `section.id: waits for ...`, in the order of the file.

    A measure that waits for inspections meets its people and is counted, but does nothing to them.
    """
    return [f"{element}: waits for {mechanism}" for element, mechanism in _unplayed(policy)]


def _unplayed(policy: Policy) -> Iterator[tuple[str, str]]:
    people = policy.population
    if people.enrolment.opt_out_effect == "sanction":  # without rewards is who is not enrolled
        yield "population.enrolment.opt_out_effect", OPTING_OUT
    for name, measure in policy.measures.items():
        yield from _unplayed_measure(f"measures.{name}", policy, measure)
    waiting = ((f"spillover.{name}", _spill_waits_for(policy, spill)) for name, spill in policy.spillover.items())
    yield from ((element, mechanism) for element, mechanism in waiting if mechanism)
    yield from _unplayed_campaigns(policy)


def _unplayed_measure(element: str, policy: Policy, measure: Measure) -> Iterator[tuple[str, str]]:
    if isinstance(measure.action, Inspect) and _of_persons(policy, measure):
        yield element, INSPECTIONS


def _of_persons(policy: Policy, measure: Measure) -> bool:
    """Whether a measure is about a service of persons, and met by persons."""
    if SERVICES[measure.service].subject == "firm":
        return False
    return not any(_about_firms(policy, leaf) for leaf in leaves(measure.trigger))


def _about_firms(policy: Policy, leaf: Leaf) -> bool:
    if isinstance(leaf, RecordsTrigger):
        return any(policy.is_firm_feed(policy.behaviours[name].feed) for name in leaf.behaviours)
    if isinstance(leaf, ListedTrigger):
        return any(policy.lists[name].subject == "firm" for name in leaf.lists)
    assert isinstance(leaf, BandTrigger | ScoreTrigger | RankTrigger)
    return policy.scores[leaf.score].subject == "firm"


def _spill_waits_for(policy: Policy, spill: Spill) -> str | None:
    """The mechanism that a spill-over waits for; None: it is played."""
    if isinstance(spill.carries, CarriesPoints):
        of_firms, other = policy.scores[spill.carries.score].subject == "firm", POINTS
    elif isinstance(spill.carries, CarriesListing):
        of_firms, other = policy.lists[spill.carries.list].subject == "firm", None
    else:
        assert isinstance(spill.carries, CarriesMeasure)
        of_firms, other = not _of_persons(policy, policy.measures[spill.carries.measure]), None
    if spill.to == "legal_rep":
        return None if of_firms and not isinstance(spill.carries, CarriesPoints) else OUTSIDE
    if of_firms or spill.to in OF_FIRMS:
        return FIRMS
    return other if spill.to in AT_HOME else OUTSIDE


def _unplayed_campaigns(policy: Policy) -> Iterator[tuple[str, str]]:
    for name, campaign in policy.campaigns.items():
        if isinstance(campaign, AccountsCampaign):
            continue
        if isinstance(campaign, RecordsCampaign) and policy.is_firm_feed(campaign.feed):
            yield f"campaigns.{name}", QUOTAS


def open_channels(plan: Plan) -> list[str]:
    """The ways on which one resident's fate can reach another's in this run; the own record is always one."""
    norms = [world.assumptions.norms for world in plan.worlds]
    at_home = any(part.household.value > 0 for part in norms) or any(_reaches_relatives(w) for w in plan.worlds)
    at_home |= any(_deters_others(world, "household_step", "household_step") for world in plan.worlds)
    firms = any(world.policy.population.legal_entities for world in plan.worlds)
    at_work = any(part.workplace.value > 0 for part in norms)
    at_work |= any(_deters_others(world, "workplace_step", "workplace_records") for world in plan.worlds)
    return [
        "own record",
        *(["household"] if at_home else []),
        *(["employer"] if at_work else []),
        *(["district mood"] if any(part.district.value > 0 for part in norms) else []),
        *(["false match"] if any(_mistakes_people(world) for world in plan.worlds) else []),
        *(["rank"] if any(_ranks(world) for world in plan.worlds) else []),
        *(["campaign cut"] if any(_has_quota(world) for world in plan.worlds) else []),
        *(["speech climate"] if any(_frightens(world) for world in plan.worlds) else []),
        *(["appeals queue"] if any(_decides_appeals(world) for world in plan.worlds) else []),
        *(["published name"] if any(_names_people(world) for world in plan.worlds) else []),
        *(["legal representative"] if firms and any(map(_reaches_representatives, plan.worlds)) else []),
        *(["lay-offs"] if firms and plays_work(plan) else []),
        *(["trust"] if any(_costs_trust(world) for world in plan.worlds) else []),
        *(["places in queues"] if queued(plan) else []),
    ]


def _deters_others(world: World, step: str, of_listing: str) -> bool:
    """Whether a record that costs points, or a published listing, can deter others at home or at work."""
    points = (value for item in world.behaviours.values() for value in item.points.values())
    costs = any(each < 0 for value in points for each in value.all)
    felt = any(getattr(family, step).value > 0 for family in world.assumptions.families.values())
    seen = getattr(world.assumptions.publicity, of_listing).value > 0
    return (costs and felt) or (seen and any(is_published(item) for item in world.lists.values()))


def _names_people(world: World) -> bool:
    """Whether somebody of the same name can be taken for a person on a published list."""
    mistaken = world.assumptions.publicity.mistaken_for_listed.value > 0
    return mistaken and any(by_name_alone(item) for item in world.lists.values())


def _costs_trust(world: World) -> bool:
    """Whether what happens to some can cost the trust of all, and that changes what these do."""
    held = world.assumptions.adaptation.trust
    lost = held.lost_wrong.value > 0 or held.lost_refused.value > 0
    return lost and (held.deeds.value > 0 or held.appeals.value > 0) and world.policy.id != "none"


def _reaches_relatives(world: World) -> bool:
    """Whether what meets one member of a household can meet another by a spill-over that is played."""
    reach = world.assumptions.spillover.reach
    played = (item for item in world.policy.spillover.values() if _spill_waits_for(world.policy, item) is None)
    played = (spill for spill in played if spill.to in AT_HOME)
    return any(reach[spill.to].value > 0 for spill in played)


def _reaches_representatives(world: World) -> bool:
    """Whether what meets a firm can meet its legal representative, or the other way round."""
    to = any(item.to == "legal_rep" for item in spills_of(world).values())
    back = world.assumptions.work.rep_listed.value > 0 and any(x.subject == "firm" for x in world.policy.lists.values())
    return to or back


def _decides_appeals(world: World) -> bool:
    """Whether there is a queue of appeals in this world at any time: those of one district wait for each other."""
    procedure, redress = world.policy.procedure, world.assumptions.redress
    if procedure is None or not (redress.appeals_wrong.value or redress.appeals_right.value):
        return False
    available = procedure.appeal is not None and True in procedure.appeal.available.all
    return available or procedure.correction is not None


def _mistakes_people(world: World) -> bool:
    """Whether a feed that the world reads can put a record on somebody of the same name."""
    feeds = {item.feed for item in world.behaviours.values()}
    found = ((name, world.policy.feeds[name]) for name in feeds)
    errors = (world.assumptions.recording.of(name, feed.provenance, feed.linkage_key) for name, feed in found)
    return any(each["by_name_alone"].value > 0 for each in errors)


def _has_quota(world: World) -> bool:
    """Whether a number of records or accounts must be found: what is found at one resident is not found elsewhere."""
    return any(isinstance(item, RecordsCampaign | AccountsCampaign) for item in world.policy.campaigns.values())


def _frightens(world: World) -> bool:
    """Whether what is done to others can keep somebody from speaking."""
    speech = world.assumptions.speech
    removes = speech.per_removal.value > 0 and any(
        isinstance(item, AccountsCampaign) for item in world.policy.campaigns.values()
    )
    words = {word for item in world.behaviours.values() for word in item.conduct}
    records = speech.per_record.value > 0 and any(PERSON_WORDS[place] in words for place in SPEECH_WORDS)
    silenced = speech.whisper.value < 1 or speech.appeals_whisper.value < 1
    return speech.weight.value > 0 and silenced and (removes or records)


def _ranks(world: World) -> bool:
    scores = world.scores.values()
    relative = any(item.normalisation == "relative_rank" or item.missing_data == "impute" for item in scores)
    triggers = [leaf for item in world.lists.values() for leaf in leaves(item.trigger)]
    triggers += [leaf for item in world.lists.values() if item.extension for leaf in leaves(item.extension.trigger)]
    measures = (item for item in world.policy.measures.values() if _of_persons(world.policy, item))
    triggers += [leaf for item in measures for leaf in leaves(item.trigger)]
    return relative or any(isinstance(leaf, RankTrigger) for leaf in triggers)


@dataclass(frozen=True)
class Costs:
    """What was measured once, on which everything that is expected rests (`measured`: where and when).

    Wall nanoseconds for a resident and day with two worlds on two threads, and how much of that each further world
    adds; bytes of memory for a resident; bytes on disk.
    """

    measured: str = "2 cores at 2.9 GHz, November 2026"
    day_ns: int = 10
    threads: int = 2
    more_worlds_percent: int = 35
    resident_bytes: int = 143
    world_bytes: int = 120
    fixed_bytes: int = 365_000_000
    start_seconds: int = 2
    city_ns: int = 2_000  # to build the city, for each resident
    checkpoint_bytes: int = 80  # of one resident; two may lie side by side
    disk_world_bytes: int = 35
    fixed_disk_bytes: int = 20_000_000


MEASURED = Costs()


@dataclass(frozen=True)
class Estimate:
    """What a run will probably take: wall seconds, bytes of memory, bytes on disk."""

    seconds: int
    memory_bytes: int
    disk_bytes: int


def estimate(size: int, days: int, worlds: int, threads: int, costs: Costs = MEASURED) -> Estimate:
    """Expect what a run of `size` residents over `days` days in `worlds` worlds on `threads` threads takes."""
    further = max(0, worlds - 2)
    daily = costs.day_ns * costs.threads * (100 + costs.more_worlds_percent * further) // 100
    nanoseconds = size * days * daily // max(1, threads) + size * costs.city_ns
    memory = costs.fixed_bytes + size * (costs.resident_bytes + costs.world_bytes * further)
    disk = costs.fixed_disk_bytes * days // 774 + 2 * size * (costs.checkpoint_bytes + costs.disk_world_bytes * further)
    return Estimate(costs.start_seconds + nanoseconds // 1_000_000_000, memory, disk)


def free_memory() -> int:
    """Bytes of memory that a new process can have: what the machine has left, and what its control group allows."""
    limits = [_meminfo("MemAvailable")]
    for limit, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        allowed = _number(limit)
        if allowed is not None and allowed < 1 << 60:
            limits.append(max(0, allowed - (_number(used) or 0) + _reclaimable()))
    known = [each for each in limits if each is not None]
    return min(known) if known else 1 << 62


def _meminfo(name: str) -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:")), None)


def _number(path: str) -> int | None:
    try:
        text = Path(path).read_text(encoding="ascii").strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def _reclaimable() -> int:
    """Bytes of the control group's file cache that the kernel gives back when asked."""
    try:
        lines = Path("/sys/fs/cgroup/memory.stat").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.split()[0] == "inactive_file")


def free_disk(out: Path) -> int:
    """Bytes that are free where `out` is or will be."""
    place = out.absolute()
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def fits(expected: Estimate, out: Path, size: int = 0) -> None:
    """ResourceError with one line that says what is missing and what to do, if a run cannot fit."""
    who = f"{size:,} residents need" if size else "this run needs"
    memory, disk = free_memory(), free_disk(out)
    if expected.memory_bytes > memory:
        said = f"{who} about {_giga(expected.memory_bytes)} of memory, {_giga(memory)} are free"
        raise ResourceError(f"{said}; choose a smaller --size")
    if expected.disk_bytes > disk:
        said = f"{who} about {_giga(expected.disk_bytes)} on disk, {_giga(disk)} are free in {out.absolute().parent}"
        raise ResourceError(f"{said}; choose a smaller --size or another --out")


def _giga(count: int) -> str:
    tenths = -(-count // 100_000_000)
    return f"{tenths // 10:,}.{tenths % 10} GB"
