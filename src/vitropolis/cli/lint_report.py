"""From the words of a call to a report: which policy, which rules, which law; and where the report goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from vitropolis.base.errors import UsageError
from vitropolis.cli.output import Voice

if TYPE_CHECKING:
    from vitropolis.lint.check import Report
    from vitropolis.lint.rule import Rule


@dataclass(frozen=True, slots=True)
class Asked:
    """What a call asks for, as it was written."""

    policy: str
    filling: str | None = None
    profiles: tuple[str, ...] = ("all",)
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    as_of: str | None = None
    strict: bool = False
    scope: str = "all"
    own: Path | None = None
    with_run: str | None = None


def report_of(asked: Asked, voice: Voice) -> Report:
    """Load the policy and judge it. UsageError, InputError and RefusedError as the parts below raise them."""
    from vitropolis.cli.refs import date_of, filling_of, policy_ref
    from vitropolis.lint.check import Options, check
    from vitropolis.policy import load_policy

    options = Options(
        profiles=profiles_of(asked.profiles), select=words(asked.select), ignore=words(asked.ignore),
        strict=asked.strict, scope=asked.scope,
    )  # fmt: skip
    day = date_of(asked.as_of, "--as-of") if asked.as_of else date.today()
    own: tuple[Rule, ...] = ()
    if asked.own is not None:
        from vitropolis.lint.own import load_rules

        own = load_rules(asked.own)
    policy = load_policy(filling_of(policy_ref(asked.policy), asked.filling))
    report = check(policy, day, options, own)
    if asked.with_run is None:
        return report
    from vitropolis.cli.lint_run import facts_of
    from vitropolis.lint.dynamic import with_facts

    return with_facts(report, facts_of(asked.with_run, policy, voice))


def words(given: Sequence[str]) -> tuple[str, ...]:
    """Words that were given one by one or with commas."""
    return tuple(word.strip() for text in given for word in text.split(",") if word.strip())


def profiles_of(given: Sequence[str]) -> tuple[str, ...]:
    """The profiles that are meant, `all` being every one, in their own order. UsageError for others."""
    from vitropolis.base.located import nearest
    from vitropolis.lint.rule import PROFILES

    asked, legal = [word.lower() for word in words(given)], ", ".join((*PROFILES, "all"))
    if not asked:
        raise UsageError(f"--profile names no profile (legal: {legal})")
    for name in asked:
        if name not in (*PROFILES, "all"):
            raise UsageError(f"`{name}` is not a profile{nearest(name, PROFILES)} (legal: {legal})")
    return tuple(name for name in PROFILES if name in asked or "all" in asked)


def write_pages(found: Sequence[Rule], folder: Path) -> None:
    """Write the pages of rules into a folder, made if need be; pages of rules that are gone are left alone."""
    from vitropolis.lint.explain import pages

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise UsageError(f"{folder} is no folder; choose another place with --pages") from None
    for name, text in pages(found).items():
        (folder / name).write_text(text, encoding="utf-8")
