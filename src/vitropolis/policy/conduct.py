"""The conduct catalogue: what people and firms really do, and what each act is by its own nature.

`kind` and `gravity` (0 lawful, virtue, opinion; 1 minor; 2 administrative offence; 3 serious; 4 against persons)
are the
catalogue's own, whatever a policy's author calls the conduct: they decide whether a record is about something that
law or rights protect. They are this project's reading of the acts' nature, not any country's statute book.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Subject = Literal["person", "firm"]


@dataclass(frozen=True, slots=True)
class ConductWord:
    """One act: who does it, in which walk of life, and its kind and gravity (0-4) by nature; `index` is its place."""

    name: str
    subject: Subject
    context: str
    kind: str
    gravity: int
    index: int
    note: str = ""

    @property
    def protected(self) -> bool:
        """Lawful, protected by a right, a merit, or unable to pay: no breach by its nature."""
        return self.gravity == 0


# subject, context: word kind gravity. The order is frozen: append only.
_ROWS = """
person civil_judgment: judgment_unpaid_able contract_breach 2, judgment_unpaid_unable inability_to_pay 0
person civil_judgment: enforcement_obstructed unlawful_act 3, assets_concealed unlawful_act 3
person civil_judgment: asset_report_breach unlawful_act 2, spending_order_breach unlawful_act 2
person civil_judgment: settlement_broken contract_breach 2
person transport: traffic_minor unlawful_act 1, drunk_driving unlawful_act 4, fare_dodging contract_breach 1
person transport: train_misconduct unlawful_act 1
person tax: tax_late unlawful_act 1, tax_evasion unlawful_act 3
person credit_finance: loan_overdue contract_breach 1
person utilities: utility_unpaid contract_breach 1
person housing: property_fee_unpaid contract_breach 1, illegal_building unlawful_act 2
person education: exam_cheating unlawful_act 2, academic_fraud unlawful_act 2
person employment: false_credentials unlawful_act 2, professional_breach unlawful_act 2, wage_claim_false unlawful_act 2
person social_benefit: benefit_fraud unlawful_act 3, insurance_contribution_unpaid unlawful_act 1
person health: medical_disturbance unlawful_act 2
person family: parents_neglected unlawful_act 2, child_support_unpaid unlawful_act 2
person family: family_planning_breach lawful_conduct 0
person justice: fine_unpaid unlawful_act 1, public_order_offence unlawful_act 2, theft unlawful_act 3
person justice: assault unlawful_act 4
person market_regulation: false_goods_sold unlawful_act 2, unlicensed_trading unlawful_act 2
person market_regulation: contract_breach contract_breach 1
person environment: waste_dumping unlawful_act 2
person neighbourhood: littering unlawful_act 1, neighbour_dispute lawful_conduct 0
person tourism: tourist_misconduct unlawful_act 1
person online_speech: online_criticism opinion 0, online_rumour unlawful_act 1
person civic_participation: petition_filed petition 0, petition_disruptive petition 0, complaint_filed complaint 0
person civic_participation: lawsuit_filed litigation 0
person political: assembly_unapproved assembly 0, political_study_absent loyalty 0, political_study_done loyalty 0
person political: party_warning loyalty 0
person religion: unregistered_worship belief 0
person volunteering: volunteering virtue 0, blood_donation virtue 0, charity_gift virtue 0, brave_act virtue 0
person volunteering: civic_award virtue 0
person consumption: bills_paid_on_time lawful_conduct 0
firm market_regulation: firm_false_goods unlawful_act 2, firm_report_missing unlawful_act 1
firm market_regulation: firm_bid_rigging unlawful_act 3, firm_clean_year lawful_conduct 0
firm food_drug_safety: firm_food_breach unlawful_act 3
firm environment: firm_pollution unlawful_act 3
firm employment: firm_wage_arrears unlawful_act 3, firm_safety_breach unlawful_act 3
firm tax: firm_tax_evasion unlawful_act 3
firm civil_judgment: firm_judgment_unpaid contract_breach 2
"""

_NOTES = {
    "family_planning_breach": "having a child is private and family life (ICCPR articles 17 and 23), whatever a "
    "quota says; so lawful here, although some scheme tables fined it",
    "neighbour_dispute": "a quarrel between neighbours is no offence; what is unlawful in it would be another word",
    "online_rumour": "spreading what one knows to be false; that authorities also call true or unproved talk so is "
    "error, not nature, and belongs to the feeds' error rates",
    "petition_disruptive": "a petition all the same; `disruptive` is the office's word. Violence would be "
    "`public_order_offence`",
    "party_warning": "a party's discipline of its members' loyalty, not a legal penalty",
    "insurance_contribution_unpaid": "a duty to pay; inability is not told apart in the sources",
    "judgment_unpaid_unable": "the debtor has nothing to pay with (ICCPR article 11)",
}


def _catalogue() -> tuple[tuple[str, ...], tuple[str, ...], Mapping[str, ConductWord]]:
    found: dict[str, ConductWord] = {}
    order: dict[Subject, list[str]] = {"person": [], "firm": []}
    for row in _ROWS.strip().splitlines():
        head, words = row.split(": ")
        who, context = head.split()
        subject: Subject = "firm" if who == "firm" else "person"
        for item in words.split(", "):
            name, kind, gravity = item.split()
            index = len(order[subject])
            found[name] = ConductWord(name, subject, context, kind, int(gravity), index, _NOTES.get(name, ""))
            order[subject].append(name)
    return tuple(order["person"]), tuple(order["firm"]), MappingProxyType(found)


PERSON_WORDS, FIRM_WORDS, CONDUCT = _catalogue()
