"""What was taken where a policy is silent, said in words beside the numbers that rest on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vitropolis.report.question import Headline
from vitropolis.report.result import Result

ABOUT = {
    "exit.auto_expiry": "whether a listing ends by itself",
    "exit.on_compliance": "whether making good ends a listing",
    "ability_test": "whether those unable to pay are spared a listing",
    "decided_by": "who decides on a listing",
    "excludes_minors": "whether minors are spared a listing",
    "grace_days": "how long one has before a listing begins",
    "when": "whether and when people are told",
    "counted_from": "from what day on a record is kept",
}
TAKEN = {
    "exit.auto_expiry": {"false": "it does not", "true": "it does"},
    "exit.on_compliance": {"false": "it does not", "true": "it does"},
    "ability_test": {"false": "they are not", "true": "they are"},
    "excludes_minors": {"false": "they are not", "true": "they are"},
    "decided_by": {"automated": "a machine alone"},
    "when": {"none": "they are not told"},
    "counted_from": {"event": "from the event"},
}
LISTING = ("exit.auto_expiry", "exit.on_compliance")
NOTICE = ("procedure.notice.when",)
RESTS_ON = {
    "days_until_out": LISTING, "days_until_out_wrong": LISTING, "never_corrected": LISTING,
    "listed_days_gini": LISTING, "black_list_mobility": LISTING,
    "learnt_by_notice": NOTICE, "learnt_by_refusal": NOTICE, "not_learnt": NOTICE,
    "dropped_per_1000": ("decided_by",), "dropped_wrong": ("decided_by",),
}  # fmt: skip
"""Of which defaults a number says most, where not of all those of its rule elements: ends of their paths."""
Default = tuple[str, str]  # path, value


def defaults_of(result: Result) -> list[Default]:
    """The defaults taken, as path and value."""
    pairs = (line.partition(": ") for line in result.basis.defaults_taken)
    return [(path, value.rpartition(" (")[0] or value) for path, _, value in pairs]


def black(path: str) -> bool:
    """Whether a default is no matter of a list of the praised."""
    return ".trustworthy." not in path


def of_headline(result: Result, headline: Headline) -> list[Default]:
    """Those that a number rests on: of its own matter where it has one, else of the lists and procedures behind it."""
    found = [each for each in defaults_of(result) if black(each[0])]
    ends = RESTS_ON.get(headline.id)
    if ends is not None:
        return [each for each in found if each[0].endswith(tuple(ends))]
    heads = tuple(f"{rule}." for rule in headline.rule_ids if rule.startswith(("lists.", "procedure.")))
    return [each for each in found if each[0].startswith(heads)] if heads else []


def ending(result: Result, ends: Sequence[str]) -> list[Default]:
    """Those that a picture rests on, by the ends of their paths."""
    return [each for each in defaults_of(result) if black(each[0]) and each[0].endswith(tuple(ends))]


def silence_said(result: Result, defaults: Iterable[Default]) -> str:
    """One sentence; empty where nothing was taken. A run keeps no account of which filling was silent."""
    said = list(dict.fromkeys(_words(*each) for each in defaults))
    return f"{_who(result)} does not say {'; nor '.join(said)}. This was assumed, not found." if said else ""


def silence_of(result: Result, headlines: Iterable[Headline]) -> str:
    """What numbers rest on where the policy is silent: in words where it is their matter, else how many values."""
    mine = list(headlines)
    found = list(dict.fromkeys(pair for each in mine for pair in of_headline(result, each)))
    if not found or any(each.id in RESTS_ON for each in mine):
        return silence_said(result, found)
    many = f"{len(found)} values" if len(found) > 1 else "a value"
    return f"{_who(result)} leaves {many} open on which this rests; what was taken stands under What this rests on."


def every_silence(result: Result) -> list[str]:
    """Every default in words, those in the same words once."""
    found = ((path, value, _words(path, value)) for path, value in defaults_of(result))
    said = (words if f"`{path}`" in words else f"{words}, at `{path}`" for path, _, words in found)
    return list(dict.fromkeys(each[:1].upper() + each[1:] for each in said))


def silent_count(result: Result) -> int:
    """How many values were taken."""
    return len(result.basis.defaults_taken)


def _who(result: Result) -> str:
    return "In at least one filling the policy" if len(result.played) > 1 else "The policy"


def _words(path: str, value: str) -> str:
    key = next((each for each in ABOUT if path.endswith(f".{each}")), None)
    if key is None:
        return f"what `{path}` is (taken: {value})"
    days = f"{value} days" if key.endswith("days") else value
    return f"{ABOUT[key]} (taken: {TAKEN.get(key, {}).get(value, days)})"
