"""Rules about the text itself: contradictions in it, and what it does not say."""

from __future__ import annotations

from vitropolis.lint.case import Case
from vitropolis.lint.finding import Outcome, Outcomes
from vitropolis.lint.rule import PROFILES, registered, rule
from vitropolis.lint.wording import folded
from vitropolis.policy.playable import defects


@rule("INT-1", "contradiction", "medium", PROFILES, ("procedural-regularity",))
def contradiction(case: Case) -> Outcomes:
    """Bands, exits, terms or suppressions that contradict one another.

    What: bands that overlap, leave a gap or cannot be reached, exits that cannot be met, suppressions of what does not
        exist.
    Why: a rule that contradicts itself can be applied either way, so nobody can foresee what it will do to them.
    Fires: bands 600-700 and 700-800 that both include 700.
    Silent: half-open bands that meet at 700.
    Fix: publish: one rule for each score, each exit and each suppression, without contradiction
    Computed: bands over the whole range, scores that can be reached, exits against terms.
    Declared: the numbers themselves.
    Cannot decide: which of two contradicting rules an office would follow.
    """
    found = False
    for message in defects(case.policy):
        found = True
        yield Outcome("fail", message.element, message.text)
    severities = {each.id: each.severity for each in registered()} | dict(case.own)
    for number, item in enumerate(case.policy.suppressions):
        element = f"suppressions.{number}"
        if item.rule not in severities:
            found = True
            yield Outcome("fail", f"{element}.rule", f"`{item.rule}` is no rule of the linter")
        elif severities[item.rule] == "prohibited":
            found = True
            yield Outcome("fail", f"{element}.rule", f"`{item.rule}` is prohibited and cannot be suppressed")
        elif case.policy.source.node(item.element) is case.policy.tree or case.said(item.element).state == "absent":
            found = True
            yield Outcome("fail", f"{element}.element", f"`{item.element}` does not stand in the policy")
    if not found:
        yield Outcome("pass", "policy", "no contradiction found in bands, exits, terms and suppressions")


@rule("INT-2", "undeclared", "review", PROFILES, ("burden-on-provider",))
def undeclared(case: Case) -> Outcomes:
    """What rules need to know and the policy does not say.

    What: fields that a rule needs and that are absent or `unknown`, told section by section; each such rule says for
        itself what it cannot decide.
    Why: who runs a system has to show how it works (Guidelines C(2025) 5052, paragraph 171); what is not declared
        counts for nothing.
    Fires: a policy without `procedure`.
    Silent: fields that are declared, be it as false or none.
    Fix: publish: what the text provides, or that it provides nothing
    Computed: which fields the rules asked for in vain.
    Declared: nothing.
    Cannot decide: whether silence means that there is nothing, or that nobody wrote it down.
    """
    sections: dict[str, list[str]] = {}
    for element in sorted(case.wanted):
        sections.setdefault(element.partition(".")[0], []).append(element)
    for section, elements in sections.items():
        rules = {rule for element in elements for rule in case.wanted[element]}
        unknown = sum(case.said(element).state == "unknown" for element in elements)
        how = f"{len(elements)} not declared" + (f" ({unknown} of them `unknown`)" if unknown else "")
        says = f"{section}: fields that {len(rules)} rules want, {how}: {', '.join(folded(elements))}"
        data = {element: list(case.wanted[element]) for element in elements}
        yield Outcome("review", section, says, missing=tuple(elements), data=data)
    if not case.wanted:
        yield Outcome("pass", "policy", "every field that a rule needs is declared")
