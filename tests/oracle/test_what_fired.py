"""Every mechanism and kind of event fires in the quick suite, and often in two of it: so equality says something."""

from __future__ import annotations

from collections import Counter

import pytest
from tests.oracle.opinions import QUICK, second_opinion, shared_folder

# Every mechanism and kind of event of docs/mechanisms.md, by section; each fires at least 50 times in forty scenarios.
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
invented invented.impossible
finding.paid finding.never_paid finding.nobody_compares finding.no_difference finding.impossible finding.not_covered
quota.found quota.failed_attempt quota.met
policy.changed
life.ended.expires life.ended.half_life life.ended.until_settled life.ended.repealed life.halved
score.cap_bound score.clamped score.clean score.clean_enough score.stands_still settling.slower
band.better band.worse band.neutral band.penalise band.impute band.relative
ceiling.bound.record ceiling.bound.list
trigger.fresh.records trigger.fresh.band trigger.fresh.score trigger.fresh.rank trigger.fresh.listed
lists.start.black lists.start.red lists.start.watch lists.start.longer_term lists.extended lists.restarted
lists.grace.begun lists.grace.cancelled lists.grace.over lists.exit.term lists.exit.repair lists.exit.compliance
lists.exit.repealed lists.exit.correction lists.deletion.set lists.deletion.cleared lists.minor_excluded
lists.ability.able.excluded
lists.ability.able.kept lists.ability.unable.excluded lists.ability.unable.kept lists.bin.breach.breach
lists.bin.breach.lawful lists.bin.breach.wrong_fact lists.bin.harm.breach lists.bin.harm.lawful
lists.bin.harm.wrong_fact
absorption.heaviest absorption.absorbed
verdict.breach.breach.days verdict.breach.lawful.days verdict.breach.wrong_fact.days verdict.harm.breach.days
verdict.harm.lawful.days verdict.harm.wrong_fact.days
enrolment.enrolled enrolment.not_covered.age enrolment.not_covered.area enrolment.not_covered.status
enrolment.opt_in.consented enrolment.opt_in.refused enrolment.opt_out.objected enrolment.opt_out.stayed
linger.right linger.wrong linger.cut_short
class.begins class.begins.wrong class.ends class.fixed class.after class.note_over_but_holding class.by_lingering
class.suspended
ever.hit ever.wrongly ever.wrongly_through ever.protected.by_list ever.protected.by_class
spill.begins spill.ends spill.no_fault spill.spouse.days spill.child.days spill.parent.days spill.household.days
spill.list.days spill.measure.days spill.wrong.days
case.opened case.closed.silent case.closed.told case.closed.answered
notice.none notice.does_not_reach notice.before notice.at notice.after told.notice told.refused told.no_redress
objection.longer_grace objection.wrong objection.right objection.upheld objection.took_out objection.nothing_left
appeal.not_wanted appeal.too_late appeal.intended.wrongly_hit appeal.intended.other appeal.not_made.no_hit
appeal.not_made.no_record appeal.filed.wrong appeal.filed.right appeal.disputed record.taken_out
answer.upheld_wrong answer.upheld_right answer.refused_wrong answer.refused_right answer.comes_back
answer.later_than_next_week answer.past_the_horizon
queue.day_with_waiting queue.decided.level1 queue.decided.level2 queue.decided.level3 queue.goes_on
queue.lapsed.granted queue.lapsed.refused queue.upheld.person queue.upheld.authority queue.refused.person
queue.refused.authority
need.at_open_door need.not_here need.learnt_but_never_refused need.avoided need.refused.first need.refused.later
need.refused.without_case need.served.in_spite need.dearer need.delayed need.exception need.deposit
points.chosen clerk.dropped.wrong clerk.dropped.right need.clerk lists.promise.shorter lists.repair.costs
queue.promise_kept record.not_kept
publicity.home publicity.work publicity.mistaken
conduct.deterred.at_work deterrence.seen_at_home
deed.none deed.scored deed.unscored deed.nothing deed.gamed deed.crowded_out deed.untrusting
leaving.would_have trust.lost
work.laid_off work.found work.search_blocked work.rep_listed conduct.jobless
spill.legal_rep.days spill.legal_rep.wrong.days
account.accused account.comes_back account.removed_rightly account.removed_wrongly
speech.cut speech.hushed speech.fewer speech.more appeal.feared
rival.filed rival.not_made rival.made_in_spite rival.first rival.ahead rival.ordinary rival.behind rival.last
rival.both_ways rival.waiting rival.wait_weeks rival.served rival.gave_up
rival.moved rival.moved.up.first rival.moved.up.ahead rival.moved.up.ordinary rival.moved.down.ordinary
rival.moved.down.behind rival.moved.down.last rival.earlier_weeks rival.later_weeks rival.only_here rival.only_twin
"""
EVENTS = TABLE.split()
SELDOM = {"rival.moved.down.ahead"}  # somebody ahead loses a place only to somebody first, in the same queue and week


@pytest.mark.parametrize(("scenarios", "least"), [(QUICK, 1), pytest.param(range(40), 50, marks=pytest.mark.long)])
def test_every_mechanism_and_kind_of_event_fired(
    scenarios: range, least: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = shared_folder(tmp_path_factory)
    fired: Counter[str] = Counter()
    for index in reversed(scenarios):  # another worker goes upwards
        fired += second_opinion(index, folder).events
    rare = {name: fired[name] for name in EVENTS if fired[name] < least}
    assert not rare, rare
    assert set(fired) <= {*EVENTS, *SELDOM}, "an event that the table does not name"
