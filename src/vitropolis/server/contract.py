"""What goes over the wire, as typed models: `openapi.py` makes the document from them, the page its types from that.

Nothing that comes in names or describes a person: a policy, a size, a seed, the name of a run, one of a few picks.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MOST_TEXT = 300_000  # bytes of a policy's text
MOST_BODY = 400_000  # bytes of any body
MOST_COMPARED = 4
MOST_LIVES = 1_000  # the n-th of a pick

RUN_ID = r"^[a-z0-9][a-z0-9._-]{0,119}$"
RunId = Annotated[str, StringConstraints(pattern=RUN_ID)]
PolicyId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
Size = Annotated[str, StringConstraints(pattern=r"^(full|[0-9]{1,9}([.][0-9]{1,3})?[kM]?)$", max_length=14)]
Seed = Annotated[int, Field(ge=0, le=(1 << 53) - 1)]  # what every JSON reader keeps exactly
Text = Annotated[str, StringConstraints(max_length=MOST_TEXT)]
Filling = Literal["lenient", "middle", "harsh", "all"]
Kind = Literal["run", "comparison"]
Status = Literal["queued", "running", "unchecked", "checking", "complete", "cancelled", "failed"]
Can = Literal["cancel", "resume", "delete", "view"]
Part = Literal["results", "method"]
Pick = Literal["wrong-fact", "random", "worst", "through-others", "child", "cannot-pay"]


class Asked(BaseModel):
    """Base of what comes in: no key but those named, no value of another kind."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Told(BaseModel):
    """Base of what goes out."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Problem(Told):
    """What is wrong, in words that say what to do; `code` never changes, `words` may."""

    code: str
    words: str


class SizeOffer(Told):
    """A size that can be played, with what a run of the press plan would take here."""

    name: str
    residents: int
    seconds: int
    bytes: int
    fits: bool


class PolicyEntry(Told):
    """A policy of the library; `summary` is its first sentence in plain words."""

    id: str
    title: str
    jurisdiction: str
    fillings: list[str]
    summary: str


class Limits(Told):
    """What this server takes at most."""

    text_bytes: int
    queue: int
    largest: int
    compared: int


class Meta(Told):
    """What this server is and offers; `mark` belongs on every page; `opened`: the run it was opened with."""

    version: str
    mark: str
    readonly: bool
    opened: str | None
    sizes: list[SizeOffer]
    policies: list[PolicyEntry]
    limits: Limits


class PolicyText(Told):
    """A policy of the library as it is written, and in plain words."""

    id: str
    title: str
    text: str
    summary: list[str]


class CheckAsked(Asked):
    """A policy's text to be judged; it may extend policies of the library, never a file."""

    text: Text


class Error(Told):
    """Why a text is no policy: `line` from 1 (0: the whole file), `column` from 1 (0: the whole line), dotted path."""

    line: int
    column: int
    field: str
    message: str


class Step(Told):
    """One element on the way from a record to whom it meets."""

    element: str
    says: str
    line: int


class Fix(Told):
    """One way to mend a finding."""

    verb: str
    what: str


class Finding(Told):
    """What one rule of the linter says; `title` names the rule, `message` says what is wrong here."""

    id: str
    severity: str
    kind: str
    title: str
    message: str
    element: str
    line: int
    column: int
    path: list[Step]
    ground: list[str]
    fix: list[Fix]
    suppressed: str


class CheckTold(Told):
    """Whether a text is a policy that can be played, what the linter says, what it means in plain words."""

    valid: bool
    errors: list[Error]
    findings: list[Finding]
    more: int
    summary: list[str]
    milliseconds: int


class EstimateAsked(Asked):
    """Which policy (of the library, or a text), which filling, which size."""

    policy: PolicyId | None = None
    text: Text | None = None
    filling: Filling | None = None
    size: Size


class EstimateTold(Told):
    """What a run will probably take: seconds, bytes of memory, whether it fits, all of it in words."""

    seconds: int
    bytes: int
    fits: bool
    words: str


class RunAsked(Asked):
    """A run: a policy of the library or a text, its filling (null: all), size, seed, whether its ranges are played."""

    policy: PolicyId | None = None
    text: Text | None = None
    filling: Filling | None = None
    size: Size
    seed: Seed = 1
    ranges: bool | None = None


class ComparisonAsked(Asked):
    """A comparison of policies of the library on the same residents with the same chance; `none`: the twin."""

    policies: Annotated[list[PolicyId], Field(min_length=2, max_length=MOST_COMPARED)]
    size: Size
    seed: Seed = 1


class Begun(Told):
    """The id under which what was asked for is found."""

    id: str


class RunEntry(Told):
    """A run or comparison in the folder of runs; `residents`, `seed`, `made` (ISO time) null where not yet known.

    `unchecked`: its folder says it is complete, and nobody looked whether this model made it; opening it does that.
    `can`: what may be asked of it now.
    """

    id: str
    kind: Kind
    title: str
    status: Status
    residents: int | None
    seed: int | None
    made: str | None
    bytes: int
    can: list[Can]


class RunRecord(Told):
    """Where a run stands; `fraction` 0 to 1 of the present step, `words` what it is doing, `headline` head counts.

    `queue`: how many are before it; `can`: what may be asked of it now.
    """

    id: str
    kind: Kind
    title: str
    status: Status
    fraction: float
    words: str
    seconds_left: float | None
    headline: dict[str, int]
    queue: int
    can: list[Can]
    error: str | None


class View(Told):
    """A piece of a page, made by `vitropolis.pages`: HTML without scripts or styles of its own."""

    title: str
    html: str


class PickEntry(Told):
    """A question that finds synthetic residents of a run, and how many it finds."""

    pick: Pick
    words: str
    count: int


class LifeView(Told):
    """One synthetic resident's life beside the twin; `resident` is an id of this run and of nothing else."""

    title: str
    html: str
    resident: str
    pick: Pick
    number: int
    among: int


class FileEntry(Told):
    """A file that can be had of a run; `bytes` null where it is made when it is asked for."""

    name: str
    words: str
    bytes: int | None
    media: str
