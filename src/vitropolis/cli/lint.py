"""`vitropolis lint`: what is wrong with a policy, before anybody is scored; `lint rule`, `lint rules`, `lint diff`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from vitropolis.base.errors import UsageError
from vitropolis.cli.options import PLAIN, Common, PolicyName
from vitropolis.cli.output import Voice

HELP = "Judge a policy's text by law and due process, before anybody is scored."
lint = App(name="lint", help=HELP, help_format="plaintext")

Words = tuple[str, ...]
Profile = Annotated[Words, Parameter(help="eu, coe, hr, cn, us, due, intl or all; several with commas (default all).")]
Select = Annotated[Words, Parameter(help="Only rules whose id begins so, such as AIA-5c; several with commas.")]
Ignore = Annotated[Words, Parameter(help="Not the rules whose id begins so; they still count for the exit code.")]
AsOf = Annotated[str | None, Parameter(help="Law as of this day, YYYY-MM-DD (default today).")]
Filling = Annotated[str | None, Parameter(help="Which filling of a template: lenient, middle or harsh.")]
Format = Annotated[
    Literal["text", "json", "sarif", "github", "markdown", "html"] | None,
    Parameter(help="How to write the report (default text)."),
]
Export = Annotated[
    Literal["fria", "dossier"] | None,
    Parameter(help="A working paper for a reviewer: fria (AI Act art. 27) or dossier (Guidelines para 171)."),
]
Scope = Annotated[
    Literal["all", "selected"], Parameter(help="Whose findings decide the exit code: all rules' or the selected ones'.")
]
Own = Annotated[Path | None, Parameter(name="--rules", help="A file of rules of your own.")]
WithRun = Annotated[str | None, Parameter(help="The folder of a run of this policy: adds what it says of a finding.")]


def _flag(text: str) -> Parameter:
    return Parameter(help=text, negative="", show_default=False)


@lint.default
def check(
    policy: PolicyName,
    /,
    *,
    profile: Profile = ("all",),
    select: Select = (),
    ignore: Ignore = (),
    as_of: AsOf = None,
    filling: Filling = None,
    format: Format = None,
    export: Export = None,
    own: Own = None,
    with_run: WithRun = None,
    strict: Annotated[bool, _flag("What cannot be decided counts as a fail.")] = False,
    exit_scope: Scope = "all",
    full: Annotated[bool, _flag("Every finding with its line and way, not only the first of a rule.")] = False,
    passes: Annotated[bool, _flag("In SARIF too what was looked at and did not trigger.")] = False,
    out: Annotated[
        Path | None, Parameter(help="Write there instead of to standard output; must not exist yet.")
    ] = None,
    common: Common = PLAIN,
) -> int:
    """Judge a policy. The exit code is 0 only if no profile has a fail or a review of a prohibited rule, else 1."""
    from vitropolis.cli.lint_report import Asked, report_of
    from vitropolis.cli.output import deliver
    from vitropolis.lint.render import render

    voice = Voice.of(common)
    asked = Asked(policy, filling, profile, select, ignore, as_of, strict, exit_scope, own, with_run)
    report = report_of(asked, voice)
    if export is not None:
        if format is not None or voice.json:
            raise UsageError("a working paper is Markdown: leave out --format and --json, or --export")
        from vitropolis.lint.export import paper

        deliver(paper(report, export), out)
    else:
        deliver(render(report, format or ("json" if voice.json else "text"), full=full, passes=passes), out)
    return report.exit_code


@lint.command
def rule(id: Annotated[str, Parameter(help="A rule's id, such as AIA-5c-1.")], /, *, common: Common = PLAIN) -> None:
    """Say what a rule looks for, why, when it fires, how to mend it, and what it cannot decide."""
    from vitropolis.lint.explain import rule_data, rule_lines, rule_of

    found = rule_of(id)
    Voice.of(common).answer("lint-rule", rule_data(found), rule_lines(found))


@lint.command
def rules(
    *,
    profile: Profile = ("all",),
    pages: Annotated[Path | None, Parameter(help="Write a page for each rule into this folder instead.")] = None,
    common: Common = PLAIN,
) -> None:
    """List the rules."""
    from vitropolis.cli.lint_report import profiles_of, write_pages
    from vitropolis.lint.catalogue import rules as every
    from vitropolis.lint.explain import list_lines, rule_data

    wanted = set(profiles_of(profile))
    found = [each for each in every() if wanted & set(each.profiles)]
    if pages is not None:
        write_pages(found, pages)
        return
    Voice.of(common).answer("lint-rules", {"rules": [rule_data(each) for each in found]}, list_lines(found))


@lint.command
def diff(
    old: PolicyName,
    new: Annotated[str, Parameter(help="The policy to compare with it.")],
    /,
    *,
    profile: Profile = ("all",),
    select: Select = (),
    ignore: Ignore = (),
    as_of: AsOf = None,
    own: Own = None,
    common: Common = PLAIN,
) -> int:
    """Compare the findings on two policies; warns where one vanished because something was only called otherwise.

    The exit code is 1 if a finding that counts is new, may have vanished by relabelling, or cannot be decided any more.
    """
    from vitropolis.cli.lint_report import Asked, report_of
    from vitropolis.lint.diff import compare, diff_data, diff_lines

    voice = Voice.of(common)
    reports = [report_of(Asked(name, None, profile, select, ignore, as_of, own=own), voice) for name in (old, new)]
    found = compare(*reports)
    voice.answer("lint-diff", diff_data(found), diff_lines(found))
    return found.exit_code
