"""Mutations of the clean policy: each turns one safeguard off or adds one harm. They live in tests alone."""

from __future__ import annotations

from dataclasses import dataclass

HEAD = "schema_version: 1\nextends: clean.policy.yaml\npolicy: {id: mutant, title: Mutant}\n"
RECORD = "established_by: final_admin, definition_precise: true, max_counted: 2, life: {kind: expires, after_days: 90}"
FEED = "department: transport, provenance: final_decision, linkage_key: national_id, legal_basis: [act]"
MEASURE = "fixed_days: 90, decided_by: human, legal_basis: [act]"
LISTED = "trigger: {kind: listed, lists: [banned]}"


@dataclass(frozen=True)
class Mutation:
    """What is changed, which rule has to see it, and what it has to say."""

    name: str
    rule: str
    kind: str
    overlay: str

    @property
    def text(self) -> str:
        """The mutant as an overlay of the clean policy."""
        return HEAD + self.overlay


def _act(
    word: str, context: str, rest: str = "points: {rides: -10}", kind: str = "unlawful_act", gravity: int = 1
) -> str:
    """An overlay with one more feed and one behaviour of it."""
    return (
        f"feeds: {{more: {{{FEED}, context: {context}}}}}\n"
        f"behaviours: {{more: {{feed: more, conduct: [{word}], kind: {kind}, gravity: {gravity}, {RECORD}, {rest}}}}}\n"
    )


def _measure(action: str, service: str, rest: str = MEASURE, trigger: str = LISTED) -> str:
    return f"measures: {{more: {{{trigger}, action: {{{action}}}, service: {service}, {rest}}}}}\n"


HIGH_RISK = _measure("kind: price, factor: 2", "social_assistance")


def _m(rule: str, name: str, overlay: str, kind: str = "fail") -> Mutation:
    return Mutation(name, rule, kind, overlay)


MUTATIONS = (
    # AI Act
    _m("AIA-5c-1", "other walk of life", _act("tax_late", "tax")),
    _m("AIA-5c-1", "other walk of life under another name", _act("tax_late", "transport"), "review"),
    _m("AIA-5c-2", "minor acts close trains", _measure("kind: deny", "high_speed_rail")),
    _m("AIA-5c-3", "no purpose", "purpose: {specific: false, contexts: []}"),
    _m(
        "AIA-5c-4",
        "places for the good",
        _measure(
            "kind: priority, place: first",
            "higher_education",
            trigger="trigger: {kind: band, score: rides, bands: [good]}",
        ),
    ),
    _m(
        "AIA-5c-5",
        "list goes to banks",
        "sharing: {banks: {recipient: banks, recipient_context: credit_finance, items: [list], "
        "recipient_weight: strong, onward: false, legal_basis: [act]}}",
    ),
    _m(
        "AIA-5c-6",
        "never said how often it is overruled",
        "procedure: {human_review: {override_rate_published: false}}",
        "review",
    ),
    _m("AIA-5c-8", "personality", "feeds: {returns: {category: personality, provenance: inferred}}"),
    _m(
        "AIA-5c-9",
        "where everybody is",
        "feeds: {returns: {category: location, provenance: sensor}}\n"
        "population: {enrolment: {mode: opt_out, opt_out_effect: sanction}}",
    ),
    _m(
        "AIA-5d-1",
        "foretells crime",
        "lists: {banned: {predicts: criminal_offence}}\n"
        "feeds: {returns: {category: personality, provenance: predicted}}",
    ),
    _m(
        "AIA-5fg-1",
        "race from faces",
        "feeds: {returns: {category: biometric_inference}}\nbehaviours: {late_return: {uses_traits: [race]}}",
    ),
    _m("AIA-III5-1", "no file", "governance: {high_risk_file: false}\n" + HIGH_RISK),
    _m("AIA-26-1", "nobody competent", "procedure: {human_review: {competence: false, training: false}}\n" + HIGH_RISK),
    _m("AIA-26-2", "not told of the system", "procedure: {notice: {content: [facts, reasons]}}"),
    _m("AIA-26-3", "short logs", "governance: {audit_log: {retention_days: 30}}"),
    _m("AIA-27-1", "half an assessment", "assessments: {fria: {covers: [a]}}\n" + HIGH_RISK),
    _m("AIA-86-1", "nothing explained", "procedure: {remedy: {explains: []}}\n" + HIGH_RISK, "review"),
    # GDPR
    _m("GDP-5b-1", "other purpose", _act("tax_late", "tax") + "legal_basis: {act: {kind: policy_document}}"),
    _m("GDP-5c-1", "dead data", _act("fare_dodging", "transport", "points: {rides: 0}", "contract_breach")),
    _m("GDP-5d-1", "no promise on errors", "feeds: {returns: {promised_error_rate: null}}"),
    _m(
        "GDP-5e-1",
        "kept for ever",
        "retention: {adverse_days: null}\nbehaviours: {late_return: {life: {kind: forever}}}",
    ),
    _m("GDP-6-1", "no basis", "feeds: {returns: {legal_basis: []}}"),
    _m("GDP-9-1", "health data", "feeds: {returns: {category: special}}\nlegal_basis: {act: {safeguards: false}}"),
    _m(
        "GDP-10-1",
        "criminal data in private hands",
        "feeds: {returns: {category: criminal}}\noperator: {official_authority: false}\n"
        "legal_basis: {act: {kind: contract, safeguards: false}}",
    ),
    _m(
        "GDP-13-1",
        "logic not announced",
        "procedure: {notice: {content: [facts]}}\ngovernance: {published_rules: false}",
    ),
    _m("GDP-15-1", "no access", "procedure: {access: {gives: []}}"),
    _m("GDP-16-1", "correction costs", "procedure: {correction: {free: false}}"),
    _m("GDP-17-1", "data survive", "retention: {after_exit_days: null}"),
    _m(
        "GDP-22-1",
        "nobody decides",
        _measure("kind: deny", "ordinary_rail", "fixed_days: 90, decided_by: automated, legal_basis: []"),
    ),
    _m(
        "GDP-22-2",
        "by machine and unheard",
        "procedure: {human_review: {available: false}, objection: {available: false}}\n"
        + _measure("kind: deny", "ordinary_rail", "fixed_days: 90, decided_by: automated, legal_basis: [act]"),
    ),
    _m(
        "GDP-22-3",
        "health by machine",
        "feeds: {returns: {category: special}}\nlegal_basis: {act: {safeguards: false}}\n"
        + _measure("kind: deny", "ordinary_rail", "fixed_days: 90, decided_by: automated, legal_basis: [act]"),
    ),
    _m(
        "GDP-25-1", "published", "lists: {banned: {publication: {public: true, fields: [name, photo], until_days: 60}}}"
    ),
    _m("GDP-35-1", "no assessment", "assessments: {dpia: {covers: []}}"),
    # human rights
    _m("HR-2-1", "secret law", "legal_basis: {act: {published: false}}\n" + _measure("kind: deny", "ordinary_rail")),
    _m(
        "HR-12-1",
        "no trains, by machine",
        _measure("kind: deny", "ordinary_rail", "fixed_days: 90, decided_by: automated, legal_basis: [act]"),
    ),
    _m(
        "HR-17-1",
        "shamed",
        "lists: {banned: {publication: {public: true, fields: [name, photo, address], until_days: 60}}}",
    ),
    _m("HR-18-1", "loyalty", _act("political_study_absent", "political")),
    _m("HR-19-1", "criticism", _act("online_criticism", "online_speech")),
    _m("HR-21-1", "petition", _act("petition_filed", "civic_participation")),
    _m("HR-25-1", "no vote", _measure("kind: deny", "voting")),
    _m("HR-26-1", "ethnicity", "behaviours: {late_return: {uses_traits: [ethnicity]}}"),
    _m("HR-13-1", "no assistance", _measure("kind: deny", "social_assistance", MEASURE + ", minimum_guarantee: false")),
    _m(
        "HR-24-1",
        "children pay",
        "spillover: {child: {carries: {kind: measure, measure: deposit}, to: child, individual_fault_test: false}}",
    ),
    _m(
        "HR-14-1",
        "no tribunal",
        "procedure: {appeal: {available: false, independent_tribunal: false}}\n"
        + _measure("kind: deny", "ordinary_rail"),
    ),
    _m(
        "HR-15-1",
        "backwards in time",
        "behaviours: {late_return: {counts_acts_since: 2020-01-01}}\n"
        "lists: {banned: {trigger: {kind: any_of, of: [{kind: band, score: rides, bands: [poor]}, "
        "{kind: records, behaviours: [late_return]}]}}}",
    ),
    _m(
        "HR-11-1",
        "cannot pay",
        _act("judgment_unpaid_unable", "transport", "points: {rides: -50}", "contract_breach", 2)
        + "lists: {banned: {ability_test: false, "
        + "trigger: {kind: any_of, of: [{kind: band, score: rides, bands: [poor]}, "
        + "{kind: records, behaviours: [more]}]}}}",
    ),
    # Europe, UNESCO
    _m("COE-14-1", "nobody to turn to", "procedure: {remedy: {contact: false}}"),
    _m("COE-16-1", "never stopped", "monitoring: {stop_conditions: []}"),
    _m("UNE-26-1", "general score", "purpose: {specific: false}\n" + _act("tax_late", "tax")),
    # PRC
    _m("CN-49-1", "no catalogue", "feeds: {returns: {catalogue_refs: []}}"),
    _m("CN-49-2", "measure without law", "measures: {deposit: {legal_basis: []}}"),
    _m("CN-49-3", "list in no field", "lists: {banned: {domain: other}}"),
    _m("CN-49-3", "no public comment", "lists: {banned: {consultation_days: 29}}"),
    _m("CN-49-4", "told afterwards", "procedure: {notice: {when: after}}"),
    _m("CN-49-4", "no answer", "procedure: {objection: {available: false}}"),
    _m("CN-49-5", "others must", "measures: {deposit: {mandatory_for_third_parties: true, legal_basis: []}}"),
    _m("CN-REP-1", "repair costs", "lists: {banned: {exit: {fee_yuan: 1}}}"),
    _m("CN-REP-1", "no end by itself", "lists: {banned: {exit: {auto_expiry: false}}}"),
    _m(
        "CN-SPC-1",
        "court list of three years",
        _act("settlement_broken", "civil_judgment")
        + "lists: {banned: {context: civil_judgment, term_days: 1095, publication: {public: true}}}",
    ),
    _m(
        "CN-SPC-2",
        "court list, slow check",
        "procedure: {correction: {response_days: 16}}\nlists: {banned: {context: civil_judgment}}",
    ),
    _m("CN-PIPL-1", "cameras", "feeds: {returns: {provenance: sensor, context: public_space}}"),
    _m("CN-PIPL-2", "children", "population: {min_age_years: 10}"),
    _m("CN-EVAL-1", "blood", _act("blood_donation", "transport", "points: {rides: 10}", "lawful_conduct", 0)),
    # US
    _m("US-605-1", "eight years", "behaviours: {late_return: {life: {kind: expires, after_days: 2922}}}"),
    _m("US-615-1", "no adverse-action notice", "procedure: {notice: {when: none}}"),
    # due process
    _m("DP-SYRI-1", "secret indicators", "governance: {indicators_published: false}"),
    _m("DP-SYRI-2", "some groups alone", "population: {only_status: [migrant]}"),
    _m(
        "DP-ROBO-1",
        "averaged income",
        "feeds: {returns: {provenance: averaged}}\nprocedure: {appeal: {burden_of_proof: person}}",
    ),
    _m("DP-ROBO-2", "no plain language", "procedure: {notice: {plain_language: false}}"),
    _m("DP-ROBO-3", "nobody left out", "monitoring: {exclusions: []}"),
    _m(
        "DP-CIT-1",
        "vague and automatic",
        "behaviours: {late_return: {definition_precise: false}}\n"
        "measures: {deposit: {decided_by: automated}}\nlists: {banned: {decided_by: automated}}",
    ),
    _m("DP-CIT-2", "no trail", "governance: {audit_log: {enabled: false}}"),
    _m("DP-CIT-3", "one minute", "procedure: {human_review: {minutes_per_case: 1}}"),
    _m(
        "DP-ENG-1",
        "vague rewards",
        "behaviours: {thanked: {feed: returns, conduct: [volunteering], kind: virtue, gravity: 0, "
        "established_by: report, definition_precise: false, points: {rides: 5}}}",
    ),
    _m(
        "DP-LOCK-1",
        "exit needs what is shut",
        "lists: {banned: {exit: {needs_services: [ordinary_rail]}}}\n" + _measure("kind: deny", "ordinary_rail"),
    ),
    _m(
        "DP-STACK-1",
        "many at once",
        "measures: {"
        + ", ".join(
            f"more_{one}: {{{LISTED}, action: {{kind: price, factor: 2}}, service: {one}, {MEASURE}}}"
            for one in ("parking", "transit_fare", "library", "scenic_areas", "heating_bill")
        )
        + "}",
    ),
    _m(
        "DP-CLIFF-1",
        "one act closes trains",
        "behaviours: {late_return: {points: {rides: -50}}}\n" + _measure("kind: deny", "ordinary_rail"),
    ),
    _m(
        "DP-SPILL-1",
        "spouses pay",
        "spillover: {spouse: {carries: {kind: listing, list: banned}, to: spouse, "
        "individual_fault_test: false, contest_right: false}}",
    ),
    _m("DP-APP-1", "late appeal", "procedure: {appeal: {decision_days: 400, suspends_effect: false}}"),
    _m(
        "DP-APP-2",
        "no stay",
        "procedure: {appeal: {suspends_effect: false}}\n" + _measure("kind: deny", "ordinary_rail"),
    ),
    _m("DP-MISS-1", "newcomers pay", "scores: {rides: {missing_data: penalise}}"),
    _m(
        "DP-RANK-1",
        "worst tenth",
        _measure(
            "kind: price, factor: 2", "parking", trigger="trigger: {kind: rank, score: rides, end: worst, share: 0.1}"
        ),
    ),
)
