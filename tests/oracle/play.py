"""A whole run, day by day, resident by resident. Sections 5 and 8 of docs/mechanisms.md."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from tests.oracle.appeals import play_queue
from tests.oracle.assumed import Assumed
from tests.oracle.city_view import CityView
from tests.oracle.conduct import NORMS, Envelope, Felt
from tests.oracle.dated import NEVER
from tests.oracle.findings import findings
from tests.oracle.household import count_doors, doors_shut, open_doors
from tests.oracle.look import Note, Standing
from tests.oracle.made_up import MadeUp
from tests.oracle.philox import CONDUCT, TRAIT, Chance
from tests.oracle.recording import Departments, Written
from tests.oracle.records import ITEM_OF_TRUTH, TRUTHS, Kinds, Record, is_live
from tests.oracle.redress import answers_arrive
from tests.oracle.result import FiledRecord, ListingRow, OracleResult, ResidentState, WorldView
from tests.oracle.rivals import compare_with_twin, requests_of_week, serve_week
from tests.oracle.services import Needs, of_day
from tests.oracle.visit import visit
from tests.oracle.week import Key, invented_reports, quota_finds
from tests.oracle.world import Setting, World

from vitropolis.model.assumptions import Assumptions
from vitropolis.policy.schema import Policy


def play_oracle(
    city: CityView,
    worlds: Sequence[tuple[Policy, Assumptions]],
    seed: int,
    start_date: date,
    days: int,
    firms: MadeUp | None = None,
) -> OracleResult:
    run = Run(city, worlds, seed, start_date, days, firms)
    for day in range(days):
        run.play(day)
    return run.result()


class Run:
    """All worlds of a run, and the records that are on their way in it."""

    def __init__(
        self,
        city: CityView,
        worlds: Sequence[tuple[Policy, Assumptions]],
        seed: int,
        start: date,
        days: int,
        firms: MadeUp | None = None,
    ) -> None:
        self.city, self.days = city, days
        self.chance = Chance(seed)
        self.kinds = Kinds([policy for policy, _ in worlds], start, days)
        self.envelope, self.needs = Envelope(Assumed(worlds[0][1])), Needs(Assumed(worlds[0][1]))
        setting = Setting(city, self.chance, self.kinds, self.envelope, start, days, firms)
        self.worlds = [World(place, policy, assumptions, setting) for place, (policy, assumptions) in enumerate(worlds)]
        self.departments = [Departments(world) for world in self.worlds]
        self.due: defaultdict[int, list[tuple[int, Record]]] = defaultdict(list)
        self.candidates: Counter[tuple[int, int, int]] = Counter()
        self.traits = [self.chance.draw(resident, 0, TRAIT)[0] >> 26 for resident in range(city.n)]
        self.events: Counter[str] = Counter()

    def play(self, day: int) -> None:
        for world in self.worlds:
            world.begin_day(day)
        if day % 7 == 0 and day > 0:
            self.before_the_week(day)
        for world in self.worlds:
            if day % 7 == 0:
                world.note_beginning()
                world.speech.begin_week(day)
            answers_arrive(world, day)
        for resident, records in self.arrivals(day):
            for world in self.worlds:
                arrive(world, resident, [record for record in records if record.in_world(world.place)], day)
        for world in self.worlds:
            for resident, enrolled_on in enumerate(world.enrolled_on):
                if enrolled_on is not None and enrolled_on <= day:
                    visit(world, resident, day)
            count_standings(world, day)
            open_doors(world)
        if day % 7 == 0:
            requests_of_week(self.worlds, self.needs, day)
        of_day(self.worlds, self.needs, day)
        for world in self.worlds:
            count_doors(world, day)
        for resident, word in self.looked_at(day):
            self.candidate(resident, word, day)
        if day % 7 == 6 or day == self.days - 1:
            for world in self.worlds:
                play_queue(world, day // 7 * 7, *world.week_began)
                serve_week(world, day // 7)
            compare_with_twin(self.worlds, day // 7)

    def before_the_week(self, day: int) -> None:
        for world in self.worlds:
            world.begin_week(day)
        for make_up in (invented_reports, findings, quota_finds):
            self.send([each for office in self.departments for each in of_world(office, make_up(office, day))])

    def arrivals(self, day: int) -> Iterator[tuple[int, list[Record]]]:
        by_resident: defaultdict[int, list[Record]] = defaultdict(list)
        for resident, record in self.due.pop(day, ()):
            by_resident[resident].append(record)
        yield from by_resident.items()

    def looked_at(self, day: int) -> Iterator[tuple[int, int]]:
        """The candidates of a day, each with their word: the same in every world."""
        for resident in range(self.city.n):
            classes = self.city.classes[resident]
            threshold = self.envelope.threshold(classes, self.traits[resident])
            number = self.chance.week_numbers(resident, day // 7)[day % 7]
            if number << 16 >= threshold:
                continue
            g = self.chance.draw(resident, day, CONDUCT)
            if (number << 16 | g[0] & 0xFFFF) < threshold:
                self.events["envelope.capped"] += threshold == 65535 * 65536
                yield resident, self.envelope.word(classes, g[1])

    def candidate(self, resident: int, word: int, day: int) -> None:
        where = (day, self.city.district[resident], word)
        self.candidates[where] += 1
        mark, route = self.chance.draw(resident, day, CONDUCT)[2], self.chance.draw(resident, day, 2)[1]
        kind = self.kinds.routed(word, route, day)
        written = []
        for world, departments in zip(self.worlds, self.departments, strict=True):
            if not acts(world, resident, word, mark, self.traits[resident]):
                continue
            world.counts.acts[where] += 1
            if kind is not None:
                made = departments.records(resident, word, day, kind)
                written += [((0, 0, 0), world.place, each) for each in made]
        self.send(written)

    def send(self, written: Iterable[tuple[Key, int, Written]]) -> None:
        """Worlds that agree on all but the world share a record."""
        masks: Counter[tuple[Key, Written]] = Counter()
        for key, world, each in written:
            masks[key, each] += 1 << world
        for (_, each), mask in masks.items():
            self.events["record.shared_by_worlds"] += mask.bit_count() > 1
            self.events["record.of_one_world_of_several"] += mask.bit_count() < len(self.worlds)
            says = (each.kind.place, each.kind.word, each.truth)
            record = Record(*says, mask, each.act, each.delay, each.wait)
            if record.arrival < self.days:
                self.due[record.arrival].append((each.resident, record))
            else:
                self.events["record.too_late"] += 1

    def result(self) -> OracleResult:
        events = self.events
        for world in self.worlds:
            events += world.events
        return OracleResult([world_view(world, self.days - 1) for world in self.worlds], self.candidates, events)


def of_world(departments: Departments, made: Iterator[tuple[Key, Written]]) -> Iterator[tuple[Key, int, Written]]:
    return ((key, departments.world.place, each) for key, each in made)


def acts(world: World, resident: int, word: int, mark: int, trait: int) -> bool:
    """Whether the candidate's act happens here; and what was decided by fear and by others is counted."""
    family, firm = world.assumed.family_of[word], world.city.employer[resident]
    firm = None if resident in world.work.lost else firm
    work = 0 if firm is None else world.workplace.get(firm, 0)
    district = world.city.district[resident]
    if resident in world.left:
        world.events["leaving.would_have"] += 1
        return False
    deed, enrolled_on = world.deed(word), world.enrolled_on[resident]
    enrolled = enrolled_on is not None and enrolled_on <= world.today.day
    felt = Felt(
        world.deterrence[resident][family],
        world.household[resident],
        work,
        world.mood[district],
        world.assumed.workplace_step(family) * work // 15,
        {"scored": "outside", "unscored": "nothing"}.get(deed, deed) if not enrolled else deed,
        world.trusting(world.assumed.content.adaptation.trust.deeds),
        resident in world.work.without,
    )

    def happens(felt: Felt) -> bool:
        return mark < world.acceptance.of(word, world.city.classes[resident], trait, world.today.date, felt)

    willing = happens(felt)
    share = world.acceptance.of(word, world.city.classes[resident], trait, world.today.date, felt)
    done = willing and world.speech.acts(resident, word, mark, share)
    world.events["conduct.act" if done else "conduct.refrained"] += 1
    world.events["conduct.deterred.at_work"] += not willing and happens(felt._replace(near=0))
    world.events[f"deed.{deed}"] += done
    world.events["deed.gamed"] += done and deed == "scored" and not happens(felt._replace(deed="outside"))
    world.events["deed.crowded_out"] += not done and deed == "unscored" and happens(felt._replace(deed="nothing"))
    world.events["conduct.jobless"] += done and felt.jobless and not happens(felt._replace(jobless=False))
    world.events["deed.untrusting"] += not willing and happens(felt._replace(trust=65536))
    world.events["conduct.deterred"] += not willing and happens(felt._replace(deterrence=0))
    if world.assumed.families[family].norms:
        for norm in NORMS:
            world.events[f"norm.{norm}"] += done and not happens(felt._replace(**{norm: 0}))  # type: ignore[arg-type]
    world.events["calendar"] += world.season[family] != 1
    return done


def arrive(world: World, resident: int, records: Sequence[Record], day: int) -> None:
    """Records join the newest end of a file; those of adverse words are felt, at home too, right or not."""
    if not records:
        return
    world.files[resident][:0] = sorted(records, key=lambda record: record.number)
    district, firm = world.city.district[resident], world.city.employer[resident]
    firm = None if resident in world.work.lost else firm
    for record in records:
        behaviour = world.behaviour_of[record.kind]
        world.counts.delivered[day, district, record.word, record.truth] += 1
        world.count(resident, f"records_{ITEM_OF_TRUTH[record.truth]}")
        world.events[f"record.arrived.{TRUTHS[record.truth]}"] += 1
        world.by_feed[world.policy.behaviours[behaviour].feed, day] += 1
        if not world.assumed.adverse[record.word]:
            continue
        world.adverse_by_district[district, day // 7] += 1
        if firm is not None:
            world.adverse_by_firm[firm, day // 7] += 1
        family = world.assumed.family_of[record.word]
        world.raise_deterrence(resident, family, world.assumed.law_step(family))
        if world.today.behaviours[behaviour].costs_points:
            world.events["deterrence.policy_step"] += 1
            world.raise_deterrence(resident, family, world.assumed.policy_step(family))
        for other in world.city.household_of(resident):
            if other != resident:
                world.household[other] = min(15, world.household[other] + 1)
                world.events["deterrence.household_step"] += 1
                if world.today.behaviours[behaviour].costs_points:
                    world.events["deterrence.seen_at_home"] += world.assumed.household_step(family) > 0
                    world.raise_deterrence(other, family, world.assumed.household_step(family))


def count_standings(world: World, day: int) -> None:
    counts = world.counts
    counts.enrolled[day] = len(world.standings)
    for standing in world.standings.values():
        for score, band in standing.bands.items():
            counts.bands[day, score, band] += 1
        for score, bins in standing.verdicts.items():
            for definition, found in bins.items():
                counts.verdicts[day, score, definition, found] += 1


def world_view(world: World, last_day: int) -> WorldView:
    rows = [
        ListingRow(each.day_in, each.resident, each.name, each.day_out, each.how, tuple(sorted(each.bins.items())))
        for each in world.listings
    ]
    files = [(resident, record) for resident, file in enumerate(world.files) for record in file]
    files = [(resident, record) for resident, record in files if not world.is_out(resident, record)]
    out = sum(map(len, [*world.voided, *world.disputed]))
    rules = world.today.behaviours
    live = [
        (resident, record)
        for resident, record in files
        if is_live(
            record,
            rules[world.behaviour_of[record.kind]],
            last_day,
            world.from_arrival,
            world.choice_of(resident),
            world.paid,
        )
    ]
    residents = [resident_state(world, resident, last_day) for resident in range(world.city.n)]
    view = WorldView(world.counts, residents, sorted(rows, key=repr), filed(files), filed(live), out)
    view.in_queues = sorted((each.service, each.week, each.resident, each.ended) for each in world.lines.held)
    view.losers = sorted(world.lines.losers)
    return view


def filed(files: Sequence[tuple[int, Record]]) -> list[FiledRecord]:
    return sorted(FiledRecord(who, each.arrival, each.word, each.truth, each.act, each.wait) for who, each in files)


def resident_state(world: World, resident: int, last_day: int) -> ResidentState:
    found = ResidentState(
        deterrence=tuple(world.deterrence[resident]),
        household=world.household[resident],
        carried=tuple(sorted(world.carried[resident])),
        ever=ever_words(world, resident),
        refused_days={service: days for service, days in world.refused_days[resident].items() if days},
        door_class=sum(doors_shut(world, resident) >= least for least in (1, 2, 5, 10)),
        closed=resident in world.closed,
        touched=tuple(sorted(world.touched[resident])),
        account_removed=resident in world.speech.no_account,
        seen_by_drives=resident in world.speech.seen,
        through=world.through[resident],
        left=resident in world.left,
        without_work=resident in world.work.without,
    )
    standing = world.standings.get(resident)
    if standing is not None:
        of_standing(found, standing, last_day)
    return found


def ever_words(world: World, resident: int) -> tuple[str, ...]:
    """`protected` by the definition's place: first or second."""
    ever = set(world.ever[resident])
    for place, definition in zip(("first", "second"), world.definitions, strict=True):
        if f"protected {definition}" in ever:
            ever = ever - {f"protected {definition}"} | {f"protected {place}"}
    return tuple(sorted(ever))


def of_standing(found: ResidentState, standing: Standing, last_day: int) -> None:
    found.enrolled_on = standing.enrolled_on
    found.scores, found.bands, found.verdicts = standing.scores, standing.bands, standing.verdicts
    ends = {name: None if each.planned_end == NEVER else each.planned_end for name, each in standing.listed.items()}
    found.listed, found.planned_ends, found.waiting = tuple(sorted(standing.listed)), ends, dict(standing.waiting)
    found.objected = tuple(sorted(standing.objected))
    found.acting, found.truly = tuple(sorted(standing.acting)), tuple(sorted(standing.truly))
    found.own_hit, found.wrongly, found.at_fault = standing.own_hit, standing.wrongly, standing.at_fault
    found.class_notes = {place: noted(note) for place, note in standing.class_notes.items()}
    found.lingering = {name: noted(note) for name, note in standing.lingering.items() if note.until > last_day}
    if standing.case is None:
        found.case = ("none", None)
    elif standing.case.state == "silent":
        found.case = ("silent", standing.case.told_on)
    else:
        found.case = ("pending" if standing.case.state == "pending" else "told", standing.case.files_on)


def noted(note: Note) -> tuple[int | None, bool]:
    return None if note.until == NEVER else note.until, note.wrong
