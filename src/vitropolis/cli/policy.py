"""`vitropolis policy`: which policies there are, what one says, and what changes from one to another."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import App, Parameter

from vitropolis.cli.options import PLAIN, Common, PolicyName
from vitropolis.cli.output import Voice

Filling = Annotated[str | None, Parameter(help="Which filling of a template: lenient, middle or harsh.")]

policies = App(name="policy", help="List policies, show what one says, or compare two.", help_format="plaintext")


@policies.command(name="list")
def list_(*, common: Common = PLAIN) -> None:
    """List the policies that come with the package."""
    from vitropolis.policy import fillings, library, list_lines, load_policy, sourced_values

    voice = Voice.of(common)
    if not voice.json:
        voice.lines(list_lines())
        return
    found = []
    for name in library():
        policy = load_policy(name)
        sourced, values = sourced_values(policy)
        head = policy.policy
        found.append(
            {"name": name, "title": head.title, "state": head.state, "as_of": head.as_of, "sourced": sourced,
             "values": values, "fillings": list(fillings(name))}
        )  # fmt: skip
    voice.answer("policies", {"policies": found}, ())


@policies.command
def show(
    name: PolicyName,
    /,
    *,
    filling: Filling = None,
    on: Annotated[str | None, Parameter(help="The day to show it as of, YYYY-MM-DD (default: the last).")] = None,
    common: Common = PLAIN,
) -> None:
    """Show what a policy says, element by element."""
    from vitropolis.cli.refs import date_of, filling_of, policy_ref
    from vitropolis.policy import load_policy, show_lines, sourced_values

    voice = Voice.of(common)
    day = date_of(on, "--on") if on else None
    policy = load_policy(filling_of(policy_ref(name), filling))
    if not voice.json:
        voice.lines(show_lines(policy, day))
        return
    sourced, values = sourced_values(policy)
    about: dict[str, Any] = {"name": policy.id, "digest": policy.digest, "chain": list(policy.chain)}
    about |= {"sourced": sourced, "values": values}
    voice.answer("policy", {**about, "policy": policy.tree.plain()}, ())


@policies.command
def diff(
    old: PolicyName,
    new: Annotated[str, Parameter(help="The policy to compare with it.")],
    /,
    *,
    filling: Filling = None,
    on: Annotated[str | None, Parameter(help="Compare both as they stand on this day, YYYY-MM-DD.")] = None,
    common: Common = PLAIN,
) -> None:
    """Say in words what changes from one policy to another, element by element.

    A filling is taken of each of the two that has fillings. The findings on two policies compares `lint diff`.
    """
    from vitropolis.cli.refs import date_of, either_filling, policy_ref
    from vitropolis.policy import compared, comparison_data, comparison_lines, load_policy

    day = date_of(on, "--on") if on else None
    one, other = either_filling([policy_ref(old), policy_ref(new)], filling)
    found = compared(load_policy(one), load_policy(other), day)
    Voice.of(common).answer("policy-diff", comparison_data(found), comparison_lines(found))
