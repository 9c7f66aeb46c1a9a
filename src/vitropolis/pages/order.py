"""Which headlines stand under which question, in the order in which the model asks them; which stand in the band."""

from __future__ import annotations

from dataclasses import dataclass

BAND = (
    "hit_per_1000", "wrongly_hit_per_1000", "wrongly_hit_per_wrong_record", "share_wrong_fact_first", "days_until_out",
    "learnt_by_refusal", "others_per_person_hit", "lost_access_days", "harmful_acts_avoided",
    "harmful_acts_avoided_per_wrongly_hit", "wrong_fact_chance",
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A question of the page: its heading, its headlines, the pictures that answer it."""

    id: str
    title: str
    headlines: tuple[str, ...]
    figures: tuple[str, ...] = ()


PARTS = (
    Part("hit", "Who is hit, and how many wrongly", (
        "hit_per_1000", "hit_now_per_1000", "wrongly_hit_per_1000", "wrongly_hit_own_per_1000",
        "wrongly_hit_through_others_per_1000",
    ), ("course", "scores", "districts")),
    Part("errors", "What the system adds to what its data get wrong", (
        "wrongly_hit_per_wrong_record", "wrong_records_per_10000",
    ), ("errors",)),
    Part("grounds", "On what ground", (
        "share_wrong_fact_first", "share_protected_first", "share_breach_first", "share_wrong_fact_second",
        "share_protected_second", "share_breach_second", "share_through_others",
    ), ("grounds",)),
    Part("out", "Getting out, and learning of it", (
        "days_until_out", "days_until_out_wrong", "never_corrected", "learnt_by_notice", "learnt_by_refusal",
        "not_learnt", "appeal_wait_days", "appeals_waiting", "listed_days_gini", "black_list_mobility",
    ), ("stays", "learning")),
    Part("others", "Others hit with them", ("others_per_person_hit", "children_among_others")),
    Part("doors", "Doors closed, and places lost", (
        "doors_per_1000", "doors_10_per_1000", "lost_access_days", "refusals_per_1000", "needs_avoided_per_1000",
        "five_fields_per_1000", "all_shut_per_1000", "children_refused", "places_lost_per_1000",
        "displaced_weeks_per_1000", "crowded_out_per_1000", "mistaken_refusals_per_1000",
    ), ("services", "queues")),
    Part("groups", "Which groups", (
        "ratio_hit_district", "ratio_wrongly_district", "ratio_hit_registration", "ratio_wrongly_registration",
        "ratio_hit_age", "ratio_wrongly_age", "ratio_hit_sex", "ratio_wrongly_sex", "ratio_hit_education",
        "ratio_wrongly_education", "ratio_hit_income", "ratio_wrongly_income",
    ), ("groups",)),
    Part("buys", "What it buys, if deterrence works as assumed", (
        "harmful_acts_avoided", "harmful_records_fewer", "harmful_acts_avoided_per_wrongly_hit", "scored_deeds_change",
        "unscored_deeds_change", "score_and_trait", "left_city_per_1000", "trust_left",
    )),
    Part("firms", "Firms, and the jobs that hang on them", (
        "firms_listed_per_1000", "firms_wrongly_hit_share", "firms_breaches_known", "firms_found_wrongly_share",
        "firms_inspections_per_1000", "firms_breaches_avoided", "jobs_lost_per_1000", "weeks_without_work_per_1000",
        "found_work", "search_blocked", "children_of_laid_off",
    )),
    Part("speech", "Speech, as totals of the city", (
        "lawful_speech_lost", "speech_lost_by_others", "accounts_removed", "accounts_wrongly_removed",
        "petitions_not_made", "appeals_not_dared", "silent_people", "preference_falsified",
    )),
    Part("costs", "What error and redress cost", (
        "appeals_per_1000_hit", "wrong_upheld", "right_upheld", "staff_days", "objections_upheld", "dropped_per_1000",
        "dropped_wrong",
    )),
    Part("chance", "The chance of somebody who did nothing of the kind", ("wrong_fact_chance",)),
)  # fmt: skip
