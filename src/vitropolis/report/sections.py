"""The sections of the printed report, people first, in the order in which the questions are asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vitropolis.report.access import five_fields, queues
from vitropolis.report.bins import DEFINED, PARTS
from vitropolis.report.disparity import AXES, Rate, extremes
from vitropolis.report.figures import NOT_YET, NOTHING, counted, one_in, percent, range_of, spoken, value_of
from vitropolis.report.firm_section import section as firms
from vitropolis.report.page import INDENT, Page
from vitropolis.report.question import Headline
from vitropolis.report.result import Result, WorldSaid
from vitropolis.report.tables import BinRow, HarmRow, SurvivalRow
from vitropolis.results.lists import BINS

SERVICES_SHOWN = 6
CHANNELS = {"spillover": "spill-over"}  # names of channels as a reader meets them
MEDIANS = ("days_until_out", "days_until_out_wrong")
VISIBLE = 0.005  # change of a ratio below which a channel is not named
MEANING = (
    "Hit: at least a day on a black list or under a punishing measure, on one's own account or through the household. "
    "Wrongly: it would not have been so without wrong records."
)
CHANCE = "A share of those enrolled, leaving out those hit on their own account for a breach as recorded."


def lead(page: Page) -> Iterator[str]:
    """What the run says of people, in sentences: one for each world with a policy."""
    result = page.result
    for world in page.played:
        hit = result.headline("hit_per_1000", world.name)
        wrongly = result.headline("wrongly_hit_per_1000", world.name)
        under = f"filling {world.filling}" if world.filling else f"the policy {world.name}"
        if hit is None or wrongly is None or hit.numerator is None or wrongly.numerator is None:
            yield from page.text(f"Under {under}, this run does not say how many people are hit.")
            continue
        said = f"Under {under} and assumptions {result.basis.assumptions}, {_people(hit.numerator)} of the "
        said += f"{result.residents:,} synthetic residents were hit at least once"
        split = _split(result, world) if wrongly.numerator else ""
        said += f", {_people(wrongly.numerator)} of them wrongly{split}" if hit.numerator else ""
        yield from page.text(f"{said}.")
        if hit.low is not None and wrongly.low is not None:
            sets = (result.studies.ranges or {}).get("sets", "many")
            said = f"{_between(hit)} of 1,000 enrolled are hit, {_between(wrongly)} wrongly"
            yield from page.text(f"Over {sets} sets of assumptions: {said}.", "  ")


def _split(result: Result, world: WorldSaid) -> str:
    """How many of those wrongly hit were so on their own account, and how many only through others."""
    own = result.headline("wrongly_hit_own_per_1000", world.name)
    through = result.headline("wrongly_hit_through_others_per_1000", world.name)
    if own is None or through is None or own.numerator is None or through.numerator is None:
        return ""
    counts = f"{_people(own.numerator)} on their own account, {_people(through.numerator)} only through others"
    return f" ({counts} in the household)"


def _between(headline: Headline) -> str:
    ends = range_of(headline)
    return f"between {ends.replace(' to ', ' and ')}" if " to " in ends else ends


def _people(number: int) -> str:
    return f"{number:,}" if number else "none"


def people(page: Page) -> Iterator[str]:
    """Questions 1 and 2: people hit, and what the system adds to what its data get wrong."""
    yield from page.head("People hit", twin=True)
    yield from page.text(MEANING, INDENT)
    yield from page.headline("hit_per_1000", "at least once, of 1,000 enrolled")
    yield from page.headline("wrongly_hit_per_1000", "wrongly, of 1,000 enrolled")
    yield from page.headline("wrongly_hit_own_per_1000", "  on their own account")
    yield from page.headline("wrongly_hit_through_others_per_1000", "  only through others")
    yield from page.headline("hit_now_per_1000", "on the last day, of 1,000")
    yield from page.headline("wrongly_hit_per_wrong_record", "wrongly hit for each wrong record")
    yield from page.headline("wrong_records_per_10000", "wrong records, of 10,000 records")
    yield from _curve(page)
    yield from _moved_by(page, ("hit_per_1000", "wrongly_hit_per_1000"))


def _curve(page: Page) -> Iterator[str]:
    """What it would be at other shares of wrong records, from the study of errors."""
    worlds = (page.result.studies.curve or {}).get("worlds", {})
    mine = [worlds.get(world.name, []) for world in page.played]
    longest = max(mine, key=len)
    if longest:
        yield "  for each wrong record, if of all records"
    for step, row in enumerate(longest):
        ratios = [rows[step]["wrongly_hit_per_wrong_record"] if step < len(rows) else None for rows in mine]
        cells = [NOTHING if each is None else spoken(each) for each in ratios]
        came = [rows[step].get("share") for rows in mine if step < len(rows)]
        yield from page.row(f"  {_came_out(came, row['target'])} were wrong", cells)


def _came_out(shares: Sequence[float | None], target: float) -> str:
    """Which share of the records was wrong in a study of errors: what came out, not what was aimed at."""
    ends = sorted({spoken(1 / share, 2) for share in shares if share}, key=lambda each: float(each.replace(",", "")))
    if not ends:
        return f"none (aimed at {one_in(target)})"
    return f"1 in {ends[0]}" if len(ends) == 1 else f"1 in {ends[0]} to {ends[-1]}"


def _moved_by(page: Page, names: tuple[str, ...]) -> Iterator[str]:
    words = {"hit_per_1000": "hit", "wrongly_hit_per_1000": "wrongly hit"}
    for world in page.played:
        for name in names:
            headline = page.result.headline(name, world.name)
            if headline is not None and headline.drivers:
                moved = ", ".join(f"{driver.path} ({driver.direction} it)" for driver in headline.drivers)
                where = f"{page.name(world)}, " if len(page.played) > 1 else ""
                yield from page.text(f"{where}{words[name]}: moved most by {moved}", "  ")


def bins(page: Page) -> Iterator[str]:
    """Question 3: the three bins under both definitions; those hit through others apart."""
    rows = {(row.world, row.definition): row for row in page.result.tables.bins}
    if not any(_own(row) for row in rows.values()):
        return
    yield from page.head("Of those hit on their own account")
    yield from page.counts("people", lambda world: _own(next(row for row in rows.values() if row.world == world.name)))
    for place, (name, meaning) in enumerate(page.result.basis.definitions.items()):
        yield from page.text(f"`{name}`: {meaning}", "  ")
        for part, words in zip(PARTS, BINS, strict=True):
            yield from page.headline(f"share_{part}_{DEFINED[place]}", f"  {words}")
    first = [next(row for row in page.result.tables.bins if row.world == world.name) for world in page.played]
    yield from page.row(
        "not among them: people hit only through others", [counted(row.through_others) for row in first]
    )


def _own(row: BinRow) -> int:
    return row.wrong_fact + row.protected + row.breach


def out(page: Page) -> Iterator[str]:
    """Question 4: how long until out, never corrected, how people learn, how long appeals wait."""
    yield from page.head("Getting out, and learning of it")
    if page.result.tables.survival:
        yield from page.headline(MEDIANS[0], "days on a list until half are out")
        yield from page.headline(MEDIANS[1], "the same, if listed by wrong fact")
        if any(value_of(each) == NOT_YET for name in MEDIANS for each in page.of(name)):
            yield from page.text(f"{NOT_YET}: fewer than half were off the list when the run ended", INDENT * 2)
        yield from _still_on(page)
        yield from page.headline("never_corrected", "listings by wrong fact, not corrected")
        yield from page.headline("listed_days_gini", "days on a list, spread over people (Gini)")
        yield from page.headline("black_list_mobility", "coming and going within a year (0: none)")
    else:
        yield "  The policy has no black list of people."
    yield from page.headline("learnt_by_notice", "of those hit themselves: told by a notice")
    yield from page.headline("learnt_by_refusal", "learnt of it by being refused")
    yield from page.headline("not_learnt", "did not know when the run ended")


def _still_on(page: Page) -> Iterator[str]:
    rows: dict[str, SurvivalRow] = {row.world: row for row in page.result.tables.survival if row.listings == "all"}
    if any("365" in row.still_on for row in rows.values()):
        held = [rows[world.name].still_on.get("365") if world.name in rows else None for world in page.played]
        shown = [NOTHING if each is None else percent(each) for each in held]
        yield from page.row("listings still on after a year", shown)


def beside(page: Page) -> Iterator[str]:
    """Question 5: people hit through others, children among them."""
    yield from page.head("Others hit with them")
    yield from page.headline("others_per_person_hit", "hit through others, for each person hit themselves")
    yield from page.headline("children_among_others", "children under 15 among those")


def doors(page: Page) -> Iterator[str]:
    """Question 6: services shut at once, lost access, refusals."""
    result = page.result
    rows = {row.world: row for row in result.tables.doors}
    if not any(row.person_days for row in result.tables.services):
        return
    yield from page.head("Services shut to people")
    yield from page.counts("people with 1 shut on the last day", lambda world: rows[world.name].one)
    yield from page.counts("with 2 to 4", lambda world: rows[world.name].two_to_four)
    yield from page.counts("with 5 to 9", lambda world: rows[world.name].five_to_nine)
    yield from page.counts("with 10 or more", lambda world: rows[world.name].ten_and_more)
    yield from page.headline("lost_access_days", "days of shut services, for each person enrolled")
    yield from page.headline("refusals_per_1000", "requests refused, per 1,000")
    yield from page.headline("needs_avoided_per_1000", "needs not asked for, per 1,000")
    yield from _services(page)


def _services(page: Page) -> Iterator[str]:
    rows = {(row.world, row.service): row for row in page.result.tables.services if row.person_days}
    lost: dict[str, int] = {}
    for (_, service), row in rows.items():
        lost[service] = lost.get(service, 0) + row.person_days
    if lost:
        shown = min(SERVICES_SHOWN, len(lost))
        of = f"the {shown} most shut of {len(lost)} services" if shown < len(lost) else f"all {shown} services"
        yield f"  person-days shut, {of}"
    for service in sorted(lost, key=lambda each: (-lost[each], each))[:SERVICES_SHOWN]:
        mine = [rows.get((world.name, service)) for world in page.played]
        cells = ["0" if row is None else counted(row.person_days) for row in mine]
        yield from page.row(f"  {service.replace('_', ' ')}", cells)


def who(page: Page) -> Iterator[str]:
    """Question 7: the highest rate divided by the lowest, and whose rates these are."""
    if not page.result.tables.groups:
        return
    yield from page.head("Who is hit: highest rate / lowest")
    for axis in AXES:
        yield from page.headline(f"ratio_hit_{axis}", f"by {axis}: hit", written=False)
        yield from page.headline(f"ratio_wrongly_{axis}", "  wrongly hit", written=False)
        yield from _whose(page, axis)
        yield from _channels(page, axis)


def _whose(page: Page, axis: str) -> Iterator[str]:
    """Which groups are hit most and least, in one line where all worlds agree."""
    found: dict[str, str] = {}
    for world in page.played:
        ends = extremes(_rates(page.result, world, axis))
        if ends and ends[0].people:
            shown = [f"{rate.label} ({spoken(rate.per_1000 or 0)} of 1,000)" for rate in ends]
            labels = shown if len(page.played) == 1 else [rate.label for rate in ends]
            found[page.name(world)] = f"most: {labels[0]}, least: {labels[1]}"
    same = len(set(found.values())) == 1 and len(found) == len(page.played)
    words = [next(iter(found.values()))] if same else [f"{name}: {said}" for name, said in found.items()]
    if words:
        yield from page.text("; ".join(words), "    ")


def _rates(result: Result, world: WorldSaid, axis: str) -> list[Rate]:
    rows = [row for row in result.tables.groups if row.world == world.name and row.axis == axis]
    return [Rate(row.group, row.hit, row.base) for row in rows]


def _channels(page: Page, axis: str) -> Iterator[str]:
    """By how much each channel changes the ratio of people hit when it alone is level, from the study of channels."""
    worlds = (page.result.studies.channels or {}).get("worlds", {})
    found = []
    for world in page.played:
        said = worlds.get(world.name, {}).get(f"ratio_hit_{axis}")
        if said and said.get("base") is not None:
            sizes = {channel: size for channel, size in said["difference"].items() if size is not None}
            changed = [
                f"{CHANNELS.get(channel, channel)} {-size:+.2f}"
                for channel, size in sizes.items()
                if abs(size) >= VISIBLE
            ]
            where = f"{page.name(world)}: " if len(page.played) > 1 else ""
            found.append(f"{where}{', '.join(changed) or 'none changes it'}")
    if found:
        yield from page.text(f"one channel made level: {'; '.join(found)}", "    ")


def buys(page: Page) -> Iterator[str]:
    """Question 8: harm that did not happen, beside harm no longer recorded."""
    rows: dict[str, HarmRow] = {row.world: row for row in page.result.tables.harm}
    twin = next((rows[world.name] for world in page.result.worlds if world.twin), None)
    yield from page.head("What it buys", twin=True)
    shown = "" if twin is None else counted(twin.acts)
    yield from page.counts("harmful acts that happened", lambda world: rows[world.name].acts, shown)
    shown = "" if twin is None else counted(twin.records)
    yield from page.counts("records of harmful acts", lambda world: rows[world.name].records, shown)
    if twin is None:
        yield "  The run has no twin: what it buys is not computed."
        return
    yield from page.headline("harmful_acts_avoided", "acts avoided per 1,000, if deterrence works as assumed")
    yield from _without_deterrence(page)
    yield from page.headline("harmful_records_fewer", "fewer records of harmful acts, per 1,000")
    yield from page.headline("harmful_acts_avoided_per_wrongly_hit", "acts avoided for each person wrongly hit")


def _without_deterrence(page: Page) -> Iterator[str]:
    study = page.result.studies.nodeterrence
    if not study:
        yield from page.text("if nobody is deterred: not computed (`vitropolis ranges` does)", "    ")
        return
    cells = []
    for world in page.played:
        said = study["worlds"].get(world.name, {}).get("avoided_per_1000")
        cells.append(NOTHING if said is None else spoken(said))
    yield from page.row("  the same, if nobody is deterred", cells)


def speech(page: Page) -> Iterator[str]:
    """Question 10: speech, in the whole city."""
    if all(each is None or each.value is None for each in page.of("silent_people")):
        return
    yield from page.head("Speech, in the whole city", twin=True)
    yield from page.headline("lawful_speech_lost", "acts of lawful speech lost")
    yield from page.headline("speech_lost_by_others", "  by people nobody removed")
    yield from page.headline("accounts_removed", "accounts removed")
    yield from page.headline("accounts_wrongly_removed", "  wrongly")
    yield from page.headline("petitions_not_made", "petitions not made")
    yield from page.headline("appeals_not_dared", "appeals not made for fear")
    yield from page.headline("silent_people", "people who do not speak at the end")
    yield from page.headline("preference_falsified", "loyalty shown by people who do not speak")


def redress(page: Page) -> Iterator[str]:
    """Question 11: what error and redress cost people and offices."""
    rows = {row.world: row for row in page.result.tables.queue}
    yield from page.head("What error and redress cost")
    if any(row.filed for row in rows.values()):
        yield from page.counts("appeals filed", lambda world: rows[world.name].filed)
        if any(row.went_on for row in rows.values()):
            yield from page.counts("went on to the next instance", lambda world: rows[world.name].went_on)
        yield from page.counts("decided in the offices", lambda world: rows[world.name].decided)
        yield from page.counts("time limit over, answered undecided", lambda world: rows[world.name].lapsed)
        yield from page.counts("waiting when the run ends", lambda world: rows[world.name].waiting)
        yield from page.headline("staff_days", "days of work in the offices")
    elif rows:
        yield "  Nobody appealed."
    yield from page.headline("appeal_wait_days", "days waited for a decision, mean")
    yield from page.headline("appeals_per_1000_hit", "appeals per 1,000 hit themselves")
    yield from page.headline("wrong_upheld", "appeals against a wrong record: upheld")
    yield from page.headline("right_upheld", "appeals against a right record: upheld")
    yield from page.headline("objections_upheld", "objections before listing: upheld")


def chance(page: Page) -> Iterator[str]:
    """Question 12: the chance of being hit by wrong fact, of those not hit for a breach as recorded."""
    mine = page.of("wrong_fact_chance")
    if all(each is None or each.value is None for each in mine):
        return
    yield from page.head("Chance of being wrongly hit")
    yield from page.text(CHANCE, INDENT)
    yield from page.headline("wrong_fact_chance", "wrongly hit on their own account")
    yield from page.row("  that is", [one_in(each.value if each else None) for each in mine])


def adapts(page: Page) -> Iterator[str]:
    """How people adapt: deeds that earn points and others, score and conduct, who leaves, trust."""
    yield from page.head("How people adapt")
    yield from page.headline("scored_deeds_change", "good deeds that earn points, against without it")
    yield from page.headline("unscored_deeds_change", "good deeds that earn nothing, against without it")
    yield from page.headline("score_and_trait", "rank correlation of score and conduct")
    yield from page.headline("left_city_per_1000", "hit and left the city, of 1,000 enrolled")
    yield from page.headline("trust_left", "trust left, of 1 at the start")


def work(page: Page) -> Iterator[str]:
    """Work lost through firms that are hit, and found again."""
    yield from page.head("Work")
    yield from page.headline("jobs_lost_per_1000", "laid off by firms that were hit, of 1,000 enrolled")
    yield from page.headline("children_of_laid_off", "  children at home, for each of them")
    yield from page.headline("weeks_without_work_per_1000", "weeks without work, per 1,000 enrolled")
    yield from page.headline("search_blocked", "  of them with the labour market shut")
    yield from page.headline("found_work", "  found other work, of those laid off")


def clerks(page: Page) -> Iterator[str]:
    """What people who look at cases drop, and what a published name does to others of the same name."""
    yield from page.head("What clerks and publication do")
    yield from page.headline("dropped_per_1000", "cases dropped by a person, per 1,000 enrolled")
    yield from page.headline("dropped_wrong", "  of them resting on wrong records")
    yield from page.headline("mistaken_refusals_per_1000", "refusals to namesakes, per 1,000 enrolled")


SECTIONS = (
    people,
    bins,
    out,
    beside,
    doors,
    five_fields,
    queues,
    who,
    buys,
    firms,
    speech,
    redress,
    adapts,
    clerks,
    work,
    chance,
)
