"""From policies and assumptions to the table of rules that kernels read, for one stretch of unchanged rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from vitropolis.base.fixed import exact, geometric_quantiles, s32
from vitropolis.model.clerks import write_clerks
from vitropolis.model.exits import write_exits
from vitropolis.model.jobs import write_work
from vitropolis.model.keeping import write_keeping
from vitropolis.model.measures import write_measures, write_spills
from vitropolis.model.procedure import grace_of, write_procedure
from vitropolis.model.programs import Leaves, RankLeaf, program_of
from vitropolis.model.publicity import write_publicity
from vitropolis.model.recomputing import write_recomputing
from vitropolis.model.rules import (
    BANDS,
    EXPIRES,
    FOREVER,
    HALF_LIFE,
    NEVER,
    NO_WAIT,
    RULES,
    SCORED,
    UNKNOWN_DEED,
    UNSCORED,
    UNTIL_SETTLED,
)
from vitropolis.model.worlds import Plan, World
from vitropolis.policy import CONDUCT, PERSON_WORDS, Taken
from vitropolis.policy.schema import Behaviour, CleanBonus, Listing, Score
from vitropolis.policy.triggers import Expires, Forever, HalfLife, ListedTrigger, leaves

NO_LIMIT = 1 << 30
PAYER_CODES = {"own": 0, "fast": 1, "slow": 2, "cannot": 3}


@dataclass
class Rulebook:
    """Rules of one epoch: the record, what ranks need every week, and which defaults were taken."""

    table: np.ndarray[Any, np.dtype[Any]]  # one record of RULES
    ranks: list[RankLeaf] = field(default_factory=list)
    relative: list[int] = field(default_factory=list)  # ledgers whose bands are per mille of the ranking
    taken: Taken = field(default_factory=Taken)

    @property
    def ranks_people(self) -> bool:
        """Whether anything depends on how people rank, or on the city's mean score."""
        return bool(self.ranks or self.relative) or bool((self.table["newcomers"] == -2).any())


def rulebook_for(plan: Plan, day: int) -> Rulebook:
    """Compile the rules in force on a day of the run. Raises NoValueYet where a dated value does not exist yet."""
    book = Rulebook(np.zeros(1, RULES))
    table: Any = book.table[0]
    table["worlds"] = len(plan.worlds)
    table["behaviour"] = -1
    table["ceiling"] = -1
    table["list_ceiling"] = -1
    table["trigger"] = -1
    table["extended"] = -1
    table["class_program"] = -1
    table["fixed"] = -1
    table["trap"] = -1
    table["recomputed_on"] = -1
    table["trusted"] = 0
    _words(table, plan)
    ledger = 0
    for number, world in enumerate(plan.worlds):
        table["first_ledger"][number], table["ledgers"][number] = ledger, len(world.scores)
        firms = world.subject == "firm"
        table["looks"][number] = bool(world.scores or world.lists) or (world.policy.id != "none" and not firms)
        desk = _Desk(table, number, world, plan.date(day), book)
        desk.behaviours()
        desk.scores(ledger)
        write_recomputing(table, ledger, world, day, desk.day)
        leaves_found = desk.lists()
        write_measures(table, number, world, desk.day, leaves_found)
        leaves_found.write(table, number)
        book.ranks += leaves_found.ranks(number)
        write_spills(table, number, world, desk.day)
        write_clerks(table, number, world, desk.day, book.taken)
        write_keeping(table, number, world, desk.day)
        write_publicity(table, number, world, desk.day)
        write_exits(table, number, world, plan)
        if firms:
            desk.nothing_felt()
        else:
            write_work(table, number, world)
            write_procedure(table, number, world, desk.day, book.taken)
            desk.feelings()
            desk.deeds()
        desk.practice()
        ledger += len(world.scores)
    return book


def _words(table: Any, plan: Plan) -> None:
    for place, kind in enumerate(plan.kinds):
        table["word"][place] = kind.word
        for world, behaviour in enumerate(kind.behaviours):
            table["behaviour"][world, place] = behaviour
    for place, name in enumerate(plan.words):
        word = CONDUCT[name]
        table["adverse_word"][place] = word.gravity >= 1
        table["worth"][place] = min(word.gravity - 1, 1) if word.gravity else (3 if word.kind == "virtue" else 2)
        table["family"][place] = 0 if word.subject == "firm" else _family(plan.worlds[0], name)


def _family(world: World, word: str) -> int:
    return list(world.assumptions.families).index(world.assumptions.conduct[word].family)


@dataclass
class _Desk:
    """Writes one world's part of the table."""

    table: Any
    number: int
    world: World
    day: date
    book: Rulebook

    def put(self, name: str, place: int, value: Any) -> None:
        self.table[name][self.number, place] = value

    def behaviours(self) -> None:
        self.table["behaviours"][self.number] = len(self.world.behaviours)
        retention = self.world.policy.retention
        said = retention.counted_from if retention else None
        since = self.book.taken.word("retention.counted_from", said)
        self.table["from_arrival"][self.number] = since in ("decision", "listing", "exit")
        for place, (name, item) in enumerate(self.world.behaviours.items()):
            self.put("in_force", place, self.world.counts(item, self.day))
            life, days = self._life(name, item)
            self.put("life", place, life)
            self.put("life_days", place, days)
            limit = item.max_counted.on(self.day) if item.max_counted else None
            self.put("counted", place, NO_LIMIT if limit is None else limit)
            if self.book.taken.word(f"behaviours.{name}.absorption", item.absorption) == "heaviest":
                self.table["alone"][self.number] |= 1 << place
            costs = any(points.on(self.day) < 0 for points in item.points.values())
            self.put("costs", place, costs)
            if costs or item.band_ceiling:
                self.table["adverse"][self.number] |= 1 << place

    def _life(self, name: str, item: Behaviour) -> tuple[int, int]:
        life = self.book.taken.life(f"behaviours.{name}", self.world.policy, item.life)
        if isinstance(life, Forever):
            return FOREVER, NEVER
        if isinstance(life, Expires):
            days = life.after_days.on(self.day)
            return (FOREVER, NEVER) if days is None else (EXPIRES, min(days, NEVER))
        if isinstance(life, HalfLife):
            return HALF_LIFE, life.days.on(self.day)
        then = self.book.taken.then_days(f"behaviours.{name}", life, self.day)
        return (FOREVER, NEVER) if then is None else (UNTIL_SETTLED, min(then, NEVER))

    def scores(self, first: int) -> None:
        for place, (name, score) in enumerate(self.world.scores.items()):
            ledger, bands = first + place, [band for band, _ in reversed(score.bands_on(self.day))]
            low, high = score.range.on(self.day)
            row: dict[str, Any] = {
                "start": score.start.on(self.day),
                "lowest": low,
                "highest": high,
                "bands": len(bands),
            }
            row["trusted"] = bands.index(score.trustworthy_from) if score.trustworthy_from else 0
            row["newcomers"] = self._newcomers(name, score, bands)
            for key, value in row.items():
                self.table[key][ledger] = value
            self.table["lower"][ledger, : len(bands)] = [lower for _, lower in reversed(score.bands_on(self.day))]
            if score.normalisation == "relative_rank":
                self.book.relative.append(ledger)
            if score.in_force(self.day):
                self._weights(name, ledger, bands)
                if score.clean_bonus:
                    self._clean_bonus(ledger, score.clean_bonus)

    def _clean_bonus(self, ledger: int, bonus: CleanBonus) -> None:
        most = bonus.at_most.on(self.day) if bonus.at_most else None
        self.table["clean_every"][ledger] = bonus.every_days.on(self.day)
        self.table["clean_points"][ledger] = bonus.points.on(self.day)
        self.table["clean_most"][ledger] = NO_LIMIT if most is None else most

    def _weights(self, score: str, ledger: int, bands: list[str]) -> None:
        for place, item in enumerate(self.world.behaviours.values()):
            if score in item.points:
                self.table["points"][ledger, place] = item.points[score].on(self.day)
            if score in item.discretion_range:
                low, high = item.discretion_range[score]
                self.put("chosen", place, 1)
                self.table["chosen_from"][ledger, place] = low
                self.table["chosen_span"][ledger, place] = high - low + 1
            if score in item.band_ceiling:
                self.table["ceiling"][ledger, place] = bands.index(item.band_ceiling[score])
        for place, listing in enumerate(self.world.lists.values()):
            if score in listing.band_ceiling:
                self.table["list_ceiling"][ledger, place] = bands.index(listing.band_ceiling[score])
                self.put("has_ceiling", place, 1)

    def _newcomers(self, name: str, score: Score, bands: list[str]) -> int:
        if score.neutral_band is not None:
            return bands.index(score.neutral_band)
        said = self.book.taken.word(f"scores.{name}.missing_data", score.missing_data)
        return {"neutral": -1, "penalise": 0, "impute": -2}[said]

    def lists(self) -> Leaves:
        self.table["lists"][self.number] = len(self.world.lists)
        found = Leaves(self.world, self.table["first_ledger"][self.number], self.day)
        for place, (name, listing) in enumerate(self.world.lists.items()):
            program_of(listing.trigger, found, self.table["trigger"][self.number, place])
            if listing.extension:
                program_of(listing.extension.trigger, found, self.table["extended"][self.number, place])
            self._listing(place, name, listing)
            if listing.polarity == "black":
                self.table["adverse"][self.number] |= found.behaviours_in(listing.trigger)
        for turn, place in enumerate(self._order()):
            self.put("order", turn, place)
        return found

    def _listing(self, place: int, name: str, listing: Listing) -> None:
        taken, way_out, path = self.book.taken, listing.exit, f"lists.{name}"
        term = listing.term_days.on(self.day)
        longer = listing.extension.days.on(self.day) if listing.extension else -1
        flags = {
            "list_in_force": listing.in_force(self.day),
            "black": listing.polarity == "black",
            "grace": grace_of(self.world, name, listing, self.day, taken),
            "term": -1 if term is None else term,
            "extension": NEVER if longer is None else longer,
            "auto_expiry": taken.auto_expiry(f"{path}.exit", way_out, term),
            "on_compliance": taken.flag(f"{path}.exit.on_compliance", way_out.on_compliance if way_out else None),
            "repair": self._repair(listing),
            "adults_only": taken.excludes_minors(path, listing),
            "ability_test": taken.flag(f"{path}.ability_test", listing.ability_test),
            "weight": sum(_names_list(measure.trigger, name) for measure in self.world.policy.measures.values()),
        }
        for key, value in flags.items():
            self.put(key, place, value)

    def _repair(self, listing: Listing) -> int:
        said = listing.exit.repair_after_days if listing.exit else None
        after = said.on(self.day) if said is not None else None
        if listing.exit is None or after is None:
            return -1
        answer = listing.exit.response_days.on(self.day) if listing.exit.response_days is not None else None
        usual = self.world.assumptions.lists.repair_answer_days.value
        return int(after) + (round(exact(usual)) if answer is None else int(answer))

    def _order(self) -> Iterator[int]:
        names = list(self.world.lists)
        done: list[str] = []
        while len(done) < len(names):
            for name in names:
                if name not in done and _lists_named(self.world.lists[name]) & set(names) <= set(done):
                    done.append(name)
                    yield names.index(name)
                    break

    def feelings(self) -> None:
        held, number = self.world.assumptions, self.number
        for place, name in enumerate(self.world.words):
            conduct = held.conduct[name]
            step = round(exact(held.families[conduct.family].law_step.value))
            self.put("law_step", place, step if CONDUCT[name].gravity else 0)
            debt = self.world.debt_of(name)
            self.put("debt_payer", place, -1 if debt is None else PAYER_CODES[held.debts[debt].payer])
            self.put("policy_step", place, round(exact(held.families[conduct.family].policy_step.value)))
            self.put("household_step", place, round(exact(held.families[conduct.family].household_step.value)))
        self.table["leaving"][number] = s32(exact(held.adaptation.leaves_weekly.value))
        self.table["listing_step"][number] = round(exact(held.deterrence.listing_step.value))

    def nothing_felt(self) -> None:
        """Firms weigh costs (`vitropolis.model.compliance`); they neither fear nor owe as people do."""
        self.table["debt_payer"][self.number] = -1
        self.table["bear"][self.number] = 0
        self.table["named"][self.number] = 0

    def practice(self) -> None:
        """How lists are kept, and what is deserved."""
        held, number = self.world.assumptions, self.number
        for key in ("ability_found", "ability_false", "repair_granted"):
            self.table[key][number] = s32(exact(getattr(held.lists, key).value))
        mean = exact(held.lists.deletion_mean_days.value)
        self.table["deletion"][number] = geometric_quantiles(1 / mean, 256, NO_WAIT)
        restarts = self.world.policy.retention.restarts_on if self.world.policy.retention else None
        self.table["restarts"][number] = "new_record" in (restarts or ())
        for place, definition in enumerate(list(held.deserving.values())[:2]):
            self.table["must_be_able"][number, place] = definition.able_to_pay
            for word, name in enumerate(self.world.words):
                gravity = CONDUCT[name].gravity
                self.table["deserving"][number, place, word] = gravity >= definition.gravity_from

    def deeds(self) -> None:
        """Which good deeds earn points in this world today."""
        first = int(self.table["first_ledger"][self.number])
        points = self.table["points"][first : first + len(self.world.scores)]
        earning = {
            word
            for place, item in enumerate(self.world.behaviours.values())
            if self.table["in_force"][self.number, place] and (points[:, place] > 0).any()
            for word in item.conduct
        }
        good = [name for name in PERSON_WORDS if CONDUCT[name].kind == "virtue"]
        others = UNSCORED if earning & set(good) else UNKNOWN_DEED
        for name in good:
            self.put("deed", PERSON_WORDS.index(name), SCORED if name in earning else others)


def _names_list(trigger: Any, name: str) -> bool:
    return any(isinstance(leaf, ListedTrigger) and name in leaf.lists for leaf in leaves(trigger))


def _lists_named(listing: Listing) -> set[str]:
    return {name for leaf in leaves(listing.trigger) if isinstance(leaf, ListedTrigger) for name in leaf.lists}


assert BANDS >= 10
