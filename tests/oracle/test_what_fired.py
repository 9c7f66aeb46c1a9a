"""Every mechanism and kind of event fires often in the quick suite, so that its equality says something."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.oracle.opinions import QUICK, second_opinion, shared_folder

# Every mechanism and kind of event of docs/mechanisms.md, by section; each fires at least 50 times in the quick suite.
TABLE = """
conduct.act conduct.refrained conduct.deterred
calendar
envelope.capped
norm.household norm.workplace norm.district
deterrence.policy_step deterrence.household_step
recording.not_in_force recording.undetected recording.lost recording.misattributed recording.misattributed.held
recording.by_name_alone.right recording.by_name_alone.impossible recording.wrong_content.heavier
recording.wrong_content.unknown_here recording.duplicate recording.stale
record.arrived.right record.arrived.misattributed record.arrived.wrong_content record.arrived.duplicate
record.arrived.stale record.arrived.invented record.arrived.quota record.too_late record.shared_by_worlds
record.of_one_world_of_several
invented invented.impossible invented.not_counted_here
quota.found quota.failed_attempt quota.met
policy.changed
life.ended.expires life.ended.half_life life.ended.until_settled life.ended.repealed life.halved
score.cap_bound score.clamped
band.better band.worse band.neutral band.penalise band.impute band.relative
ceiling.bound.record ceiling.bound.list
trigger.fresh.records trigger.fresh.band trigger.fresh.score trigger.fresh.rank trigger.fresh.listed
lists.start.black lists.start.red lists.start.watch lists.start.longer_term lists.extended lists.restarted
lists.grace.begun lists.grace.cancelled lists.grace.over lists.exit.term lists.exit.repair lists.exit.compliance
lists.exit.repealed lists.deletion.set lists.deletion.cleared lists.minor_excluded lists.ability.able.excluded
lists.ability.able.kept lists.ability.unable.excluded lists.ability.unable.kept lists.bin.breach.breach
lists.bin.breach.lawful lists.bin.breach.wrong_fact lists.bin.harm.breach lists.bin.harm.lawful
lists.bin.harm.wrong_fact
absorption.heaviest absorption.absorbed
verdict.breach.breach.days verdict.breach.lawful.days verdict.breach.wrong_fact.days verdict.harm.breach.days
verdict.harm.lawful.days verdict.harm.wrong_fact.days
enrolment.enrolled enrolment.not_covered.age enrolment.not_covered.area enrolment.not_covered.status
enrolment.opt_in.consented enrolment.opt_in.refused enrolment.opt_out.objected enrolment.opt_out.stayed
"""
EVENTS = TABLE.split()


def test_every_mechanism_and_kind_of_event_fired_often(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = shared_folder(tmp_path_factory)
    fired: Counter[str] = Counter()
    for index in reversed(QUICK):  # another worker goes upwards
        fired += second_opinion(index, folder).events
    rare = {name: fired[name] for name in EVENTS if fired[name] < 50}
    assert not rare, rare
    assert set(fired) <= set(EVENTS), "an event that the table does not name"
