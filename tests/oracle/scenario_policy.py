"""Random policies, as plain data in the policy's schema, that between them use every mechanism."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from random import Random
from typing import Any

from tests.oracle.scenario_measures import dated, day, in_force, measures, procedure, spills

Plain = dict[str, Any]

DEBTS = ("judgment_unpaid_able", "loan_overdue", "tax_late", "utility_unpaid", "fine_unpaid", "child_support_unpaid")
BREACHES = ("traffic_minor", "fare_dodging", "littering", "online_rumour", "theft", "drunk_driving", "train_misconduct")
LAWFUL = ("petition_filed", "online_criticism", "judgment_unpaid_unable", "political_study_absent", "complaint_filed")
GOOD = ("volunteering", "charity_gift", "bills_paid_on_time", "blood_donation", "brave_act")
HEAVIER = ("public_order_offence", "tax_evasion", "petition_disruptive", "assets_concealed")
SOURCES = ("final_decision", "verified_record", "informant", "sensor", "self_reported", "inferred")
KEYS = ("national_id", "name", "name", "phone", "plate", None)
DISTRICTS = ("dongcheng", "xicheng", "chaoyang", "fengtai", "haidian", "fangshan", "tongzhou", "daxing")
CEILING = "c"  # every score has bands a, b, c, d


def policy_dict(rng: Random, start: date, days: int) -> Plain:
    scores = _scores(rng, start, days)
    feeds = {f"feed{n}": _feed(rng) for n in range(rng.randrange(3, 6))}
    behaviours = _behaviours(rng, list(feeds), list(scores), start, days)
    leaves = _leaves(rng, list(behaviours), list(scores), start, days)
    lists = _lists(rng, leaves, list(scores), start, days)
    measured = measures(rng, list(lists), leaves, start, days)
    policy: Plain = {
        "schema_version": 1,
        "policy": {"id": "random", "title": "a random policy", "as_of": start},
        "population": _population(rng, start, days),
        "departments": {"office": {"title": "an office"}},
        "feeds": feeds,
        "behaviours": behaviours,
        "scores": scores,
        "lists": lists,
        "measures": measured,
        "spillover": spills(rng, list(lists), list(measured), start, days),
        "campaigns": {f"drive{n}": _campaign(rng, list(feeds), start, days) for n in range(rng.randrange(4))},
        "retention": {"adverse_days": dated(rng, start, days, lambda: rng.choice((15, 25, 40)))},
    }
    policy["retention"]["counted_from"] = rng.choice(("event", "decision", "exit", "unknown"))
    policy["retention"]["restarts_on"] = rng.choice(([], ["new_record"], ["new_record", "listing"]))
    if rng.random() < 0.9:
        policy["procedure"] = procedure(rng, start, days)
    if rng.random() < 0.3:
        policy["governance"] = {"rules_effective_from": day(rng, start, days, 0, 0.15)}
    return policy


def variant_of(rng: Random, policy: Plain, start: date, days: int) -> Plain:
    """Another policy on the same feeds: some behaviours gone or new, other lists and measures, the rest alike."""
    changed = deepcopy(policy)
    other = policy_dict(rng, start, days)
    for name, item in other["behaviours"].items():
        item["feed"] = rng.choice(list(policy["feeds"]))
        for part in ("points", "band_ceiling"):
            item[part] = {score: value for score, value in item.get(part, {}).items() if score in policy["scores"]}
        if name in changed["behaviours"] and name[0] != "x":
            continue
        changed["behaviours"][name] = item
    leaves = _leaves(rng, list(changed["behaviours"]), list(changed["scores"]), start, days)
    changed["lists"] = _lists(rng, leaves, list(changed["scores"]), start, days)
    changed["measures"] = measures(rng, list(changed["lists"]), leaves, start, days)
    changed["spillover"] = spills(rng, list(changed["lists"]), list(changed["measures"]), start, days)
    if rng.random() < 0.5:
        changed["procedure"] = procedure(rng, start, days)
    if rng.random() < 0.5:
        changed["population"] = other["population"]
    return changed


def _population(rng: Random, start: date, days: int) -> Plain:
    def ramp() -> dict[date, float]:
        first = rng.choice((0.0, 0.4, 1.0))
        end = start + timedelta(days=rng.randrange(3, max(4, days // 2)))
        return {start - timedelta(days=rng.randrange(20)): first, end: max(first, rng.choice((0.8, 1.0)))}

    mode = rng.choice(("mandatory", "mandatory", "opt_in", "opt_out"))
    enrolment: Plain = {"mode": mode, "ramp": ramp()}
    if rng.random() < 0.4:
        enrolment["ramp_by_district"] = {name: ramp() for name in rng.sample(DISTRICTS, 2)}
    found: Plain = {"natural_persons": True, "legal_entities": False, "enrolment": enrolment}
    if rng.random() < 0.4:
        found["min_age_years"] = rng.choice((6, 14, 18))
    if rng.random() < 0.15:
        found["only_areas"] = list(DISTRICTS)  # two thirds of the city
    if rng.random() < 0.3:
        words = ("benefit_recipient", "migrant", "local", "public_employee", "student")
        found["only_status"] = rng.sample(words, rng.randrange(2, 5))
    if rng.random() < 0.3:
        found["residents"] = rng.choice((500, 2000, 2500))
    return found


def _feed(rng: Random) -> Plain:
    key = rng.choice(KEYS)
    found = {"department": "office", "context": "justice", "provenance": rng.choice(SOURCES)}
    return found if key is None else {**found, "linkage_key": key}


def _behaviours(rng: Random, feeds: list[str], scores: list[str], start: date, days: int) -> Plain:
    """Four that lower, two that raise; one of each without cap on every score, so that every band can be reached."""
    heavier = rng.sample(HEAVIER, 2)
    rows: list[tuple[str, list[str], int]] = [
        ("debts", rng.sample(DEBTS, 2), -1),
        ("court", ["judgment_unpaid_able", *rng.sample(LAWFUL, 1)], -1),
        ("breaches", rng.sample(BREACHES, 3), -1),
        ("speech", rng.sample(LAWFUL, 2), -1),
        ("heavy", heavier, -1),
        ("deeds", rng.sample(GOOD, 2), 1),
        ("virtue", rng.sample(GOOD, 2), 1),
        *((f"x{n}", rng.sample((*DEBTS, *BREACHES, *LAWFUL), 2), -1) for n in range(rng.randrange(1, 4))),
    ]
    found = {}
    for name, words, sign in rows:
        item = _behaviour(rng, rng.choice(feeds), list(dict.fromkeys(words)), sign, scores, start, days)
        if name in ("debts", "deeds"):
            item["points"] = {score: sign * rng.randrange(5, 40) for score in scores}
            item.pop("max_counted", None)
        found[name] = in_force(rng, start, days, item, 0.12)
    return found


def _behaviour(rng: Random, feed: str, words: list[str], sign: int, scores: list[str], start: date, days: int) -> Plain:
    item: Plain = {"feed": feed, "conduct": words, "kind": "unlawful_act" if sign < 0 else "virtue", "gravity": 0}
    points = {score: dated(rng, start, days, lambda: sign * rng.randrange(1, 60)) for score in scores}
    item["points"] = {score: value for score, value in points.items() if rng.random() < 0.8}
    if rng.random() < 0.5:
        item["max_counted"] = rng.choice((1, 2, 2, 3, 4))
    life = _life(rng, start, days)
    if life:
        item["life"] = life
    if sign < 0 and rng.random() < 0.3:
        item["band_ceiling"] = {rng.choice(scores): CEILING}
    if sign < 0 and rng.random() < 0.6:
        item["absorption"] = "heaviest"
    if rng.random() < 0.15:
        item["counts_acts_since"] = day(rng, start, days, 0, 0.3)
    return item


def _life(rng: Random, start: date, days: int) -> Plain | None:
    kind = rng.choice(("forever", "expires", "half_life", "half_life", "until_settled", "until_settled", "absent"))
    if kind == "absent":
        return None
    if kind == "expires":
        return {"kind": kind, "after_days": dated(rng, start, days, lambda: rng.choice((7, 14, 30, None)))}
    if kind == "half_life":
        return {"kind": kind, "days": dated(rng, start, days, lambda: rng.choice((5, 9, 16)))}
    if kind == "until_settled" and rng.random() < 0.6:
        return {"kind": kind, "then_days": rng.choice((0, 3, 10))}
    return {"kind": kind}


def _scores(rng: Random, start: date, days: int) -> Plain:
    lowers = {"a": 130, "b": 90, "c": 40, "d": 0}
    main: Plain = {"start": 100, "range": [0, 200], "bands": {name: {"lower": low} for name, low in lowers.items()}}
    main["bands"]["b"]["lower"] = dated(rng, start, days, lambda: rng.choice((85, 95, 105)))
    per_mille = {"a": 900, "b": 600, "c": 150, "d": 0}
    ranked: Plain = {"start": 500, "range": [0, 1000], "normalisation": "relative_rank"}
    ranked["bands"] = {name: {"lower": low} for name, low in per_mille.items()}
    credit = deepcopy(main)
    credit["start"] = dated(rng, start, days, lambda: rng.choice((60, 80, 100)))
    found = {"main": main}
    for name, item in (("ranked", ranked), ("credit", credit)):
        if rng.random() < 0.6:
            found[name] = item
    for item in found.values():
        item["trustworthy_from"] = rng.choice(("b", "c"))
        if rng.random() < 0.7:
            item["missing_data"] = rng.choice(("neutral", "penalise", "impute", "impute"))
        if rng.random() < 0.25:
            item["neutral_band"] = rng.choice(("b", "c"))
        in_force(rng, start, days, item, 0.1)
    return found


def _leaves(rng: Random, behaviours: list[str], scores: list[str], start: date, days: int) -> dict[str, Plain]:
    """A trigger of each kind; two on the same records, so that one list can absorb the other."""
    same = rng.sample([name for name in behaviours if name not in ("deeds", "virtue")], 2)
    leaves: dict[str, Plain] = {
        "heavy": {"kind": "records", "behaviours": same},
        "also": {"kind": "records", "behaviours": same[:1]},
        "often": {"kind": "records", "behaviours": same, "count": 2, "within_days": rng.choice((10, 20))},
        "low": {"kind": "score", "score": "main", "below": dated(rng, start, days, lambda: rng.choice((50, 70, 90)))},
        "high": {"kind": "score", "score": rng.choice(scores), "at_least": rng.choice((100, 120, 140))},
        "worst": _rank(rng, scores, start, days, "worst"),
        "best": _rank(rng, scores, start, days, "best"),
        "banded": {"kind": "band", "score": rng.choice(scores), "bands": rng.choice((["d"], ["c", "d"]))},
    }
    leaves["both"] = {"kind": "all_of", "of": [leaves["low"], {**leaves["often"], "count": 1}]}
    leaves["either"] = {"kind": "any_of", "of": [leaves["banded"], leaves["also"]]}
    return leaves


def _lists(rng: Random, leaves: dict[str, Plain], scores: list[str], start: date, days: int) -> Plain:
    """Lists in random order."""
    names = [name for name in leaves if rng.random() < 0.6 or name in ("heavy", "also")]
    while len(names) > 7:  # a run plays at most 8
        names.remove(rng.choice([name for name in names if name not in ("heavy", "also")]))
    rng.shuffle(names)
    found = {name: _list(rng, name, leaves[name], leaves, start, days) for name in names}
    if rng.random() < 0.7:
        joint = {"kind": "listed", "lists": rng.sample(names, 2)}
        trigger = {"kind": "all_of", "of": [joint, leaves["banded"]]} if rng.random() < 0.3 else joint
        made = {"joint": _list(rng, "joint", trigger, leaves, start, days)}
        found = {**made, **found} if rng.random() < 0.5 else {**found, **made}
    for item in found.values():
        if rng.random() < 0.3:
            item["band_ceiling"] = {rng.choice(scores): rng.choice(("b", "c"))}
    return found


def _rank(rng: Random, scores: list[str], start: date, days: int, end: str) -> Plain:
    share = dated(rng, start, days, lambda: rng.choice((0.05, 0.1, 0.33)))
    return {"kind": "rank", "score": rng.choice(scores), "end": end, "share": share}


def _list(rng: Random, name: str, trigger: Plain, leaves: Plain, start: date, days: int) -> Plain:
    polarity = "red" if name in ("best", "high") else rng.choice(("black", "black", "black", "watch"))
    term = rng.choice((4, 10, 20, 40, None))
    item: Plain = {"polarity": polarity, "context": "justice", "trigger": trigger}
    item["term_days"] = dated(rng, start, days, lambda: rng.choice((5, 12, 30))) if term else None
    if rng.random() < 0.4:
        item["grace_days"] = rng.choice((2, 5, 9))
    if rng.random() < 0.4:
        longer = leaves[rng.choice(("often", "low", "worst", "heavy"))]
        item["extension"] = {"days": rng.choice((15, 25, None)), "trigger": longer}
    if rng.random() < 0.25:
        item["ability_test"] = True
    if rng.random() < 0.3:
        item["excludes_minors"] = rng.choice((True, True, "unknown"))
    if rng.random() < 0.85:
        item["exit"] = _exit(rng, start, days, term is not None)
    return in_force(rng, start, days, item, 0.15)


def _exit(rng: Random, start: date, days: int, has_term: bool) -> Plain:
    found: Plain = {"on_compliance": rng.random() < 0.6}
    if rng.random() < 0.4 and has_term:
        found["auto_expiry"] = rng.choice((True, True, False))
    if rng.random() < 0.5:
        found["repair_after_days"] = rng.choice((2, 5, 10))
    if rng.random() < 0.5:
        found["propagates_within_days"] = dated(rng, start, days, lambda: rng.choice((0, 1, 4, None)))
    if rng.random() < 0.4:
        found["response_days"] = rng.choice((3, {"value": 3, "unit": "working_days"}))
    return found


def _campaign(rng: Random, feeds: list[str], start: date, days: int) -> Plain:
    begin = start + timedelta(days=rng.randrange(-2, max(1, days // 3)))
    count = dated(rng, start, days, lambda: rng.choice((20, 100, 300, 600)))
    end = begin + timedelta(days=rng.randrange(9, days))
    if rng.random() < 0.5:
        count = dated(rng, start, days, lambda: rng.choice((0, 50, 200, 500)))
        aims = rng.choice(([], ["online_criticism", "online_rumour"], ["petition_filed", "theft", "littering"]))
        soon = begin + timedelta(days=9)  # so that people speak up again within the run
        return {"kind": "accounts", "count": count, "aimed_at": aims, "starts_on": begin, "ends_before": min(end, soon)}
    return {"kind": "records", "feed": rng.choice(feeds), "count": count, "starts_on": begin, "ends_before": end}
