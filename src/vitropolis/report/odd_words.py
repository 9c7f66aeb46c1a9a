"""The prose of the ODD document, and the order of its submodels; everything else in it is read from the code."""

from __future__ import annotations

from typing import NamedTuple


class Submodel(NamedTuple):
    """One module that the document describes, and the sections of the assumptions whose values it reads."""

    module: str
    values: tuple[str, ...] = ()


class Part(NamedTuple):
    """Submodels that belong together."""

    title: str
    submodels: tuple[Submodel, ...]


PARTS = (
    Part("Conduct: what people do", (
        Submodel("model/conduct.py", ("conduct", "families", "profiles", "trait", "calendar")),
        Submodel("model/envelope.py", ("conduct", "profiles", "trait", "calendar")),
        Submodel("model/deterrence.py", ("families", "deterrence")),
        Submodel("model/norms.py", ("norms",)),
    )),
    Part("Records: what departments write", (
        Submodel("model/recording.py", ("recording", "conduct", "payers", "debts")),
        Submodel("model/registers.py", ("recording", "conduct", "payers", "debts")),
        Submodel("model/reports.py", ("recording", "conduct")),
        Submodel("model/arrivals.py", ("families",)),
        Submodel("model/files.py"),
    )),
    Part("Enrolment, score, rank, lists, verdict", (
        Submodel("model/enrolment.py", ("enrolment", "payers", "trait")),
        Submodel("model/look.py"),
        Submodel("model/scores.py", ("deserving",)),
        Submodel("model/recomputing.py"),
        Submodel("model/ranks.py"),
        Submodel("model/triggers.py"),
        Submodel("model/programs.py"),
        Submodel("model/lists.py", ("lists",)),
        Submodel("model/settling.py", ("payers",)),
        Submodel("model/exits.py", ("payers",)),
        Submodel("model/verdict.py", ("deserving",)),
    )),
    Part("What meets people: measures, doors, requests, households", (
        Submodel("model/measures.py", ("lists", "spillover")),
        Submodel("model/doors.py", ("lists",)),
        Submodel("model/hits.py"),
        Submodel("model/spillover.py", ("spillover",)),
        Submodel("model/notes.py", ("lists",)),
        Submodel("model/requests.py", ("services",)),
        Submodel("model/demand.py", ("services", "profiles")),
        Submodel("model/rivals.py", ("services", "profiles")),
        Submodel("engine/rivals.py", ("services", "profiles")),
        Submodel("engine/rivals_told.py"),
        Submodel("model/fields.py"),
    )),
    Part("Clerks, publication, adaptation", (
        Submodel("model/clerks.py", ("clerks",)),
        Submodel("model/discretion.py", ("clerks",)),
        Submodel("model/keeping.py"),
        Submodel("model/publicity.py", ("publicity",)),
        Submodel("model/leaving.py", ("adaptation",)),
        Submodel("model/gone.py"),
        Submodel("model/trust.py", ("adaptation",)),
        Submodel("model/goodhart.py"),
    )),
    Part("Firms, work, representatives", (
        Submodel("model/firms.py", ("firms",)),
        Submodel("model/compliance.py", ("firms",)),
        Submodel("model/supervision.py", ("firms",)),
        Submodel("model/inspection.py"),
        Submodel("engine/firmside.py"),
        Submodel("model/jobs.py", ("work",)),
        Submodel("model/representatives.py"),
        Submodel("engine/workside.py", ("work",)),
    )),
    Part("Speech and campaigns against accounts", (
        Submodel("model/speech.py", ("speech",)),
        Submodel("model/accounts.py", ("speech",)),
    )),
    Part("Redress: notice, objection, appeal, correction", (
        Submodel("model/redress.py", ("redress", "profiles")),
        Submodel("model/procedure.py", ("redress",)),
        Submodel("engine/queues.py", ("redress",)),
    )),
    Part("The city: how residents are made", (
        Submodel("city/build.py"),
        Submodel("city/synthesis.py"),
        Submodel("city/rounding.py"),
        Submodel("city/households.py"),
        Submodel("city/fifths.py"),
        Submodel("city/firms.py"),
        Submodel("city/names.py"),
        Submodel("city/permute.py"),
        Submodel("city/cells.py"),
        Submodel("city/kernels.py"),
    )),
    Part("Tables, counts, assumptions", (
        Submodel("model/worlds.py"),
        Submodel("model/rules.py"),
        Submodel("model/rulebook.py"),
        Submodel("model/counts.py"),
        Submodel("model/assumptions.py"),
        Submodel("model/assumption_parts.py"),
        Submodel("model/assumption_sections.py"),
        Submodel("model/assumption_services.py"),
        Submodel("model/assumption_speech.py"),
        Submodel("model/assumption_checks.py"),
    )),
)  # fmt: skip

TITLE = "The model by the ODD protocol"
OPENING = """\
Overview, Design concepts, Details, after Grimm et al. (2020), "The ODD protocol for describing agent-based and other
simulation models: a second update", JASSS 23(2) 7. Tables, lists and the texts of the submodels are read from the
code; `vitropolis odd` writes this page anew and `vitropolis odd --json` gives its tables as data. It describes what
the model plays today. What it does to the bit stands in [mechanisms.md](mechanisms.md), which engine and oracle both
follow."""

PURPOSE = """\
The model shows what a social credit policy would do to the people of a city, under stated assumptions, and always
beside a twin: the same people and the same chance without the policy. It is for those who judge such plans. It is
not a forecast, not a description of what Beijing did, and no scoring system: nothing real can be put in.

It answers how many people are hit and how many of them wrongly, by which elements of the policy, through whom, for
how long, which services are shut to them, whom redress reaches, and what is deterred if deterrence works as assumed.

**Patterns.** The default assumptions are fitted to these observations, and to no others:

* of those on the national court list in its first months, about 20 % complied within four months; later about a
  fifth of the outstanding a year (payers);
* one district court of Beijing in 2016: 10,090 enforcement cases, 277 a judge (court debts, pace of decisions on
  appeals);
* 108,000 flights refused to 12,389 persons in the first 34 days of the block of 2014, 8.7 each; later 0.5 to 1.0 a
  listed year, and a third as many fast trains (needs, tries, avoidance);
* of 572 disputed credit reports elsewhere 399 were modified (answers to appeals).

Everything else is assumed. The model was not tested against patterns that were kept back from fitting. Which
comparisons with reality are fair at all, and what a run says beside them, stands in [reality.md](reality.md). That
the code does this arithmetic rightly (verification) is another question, answered by the tests and by
`vitropolis verify`."""

ENTITIES = """\
* **Resident**: has the traits that the city gives, a state in each world, and a *file* of records, running listings
  and notes. A resident is a number of one run.
* **Household**: at most 15 residents side by side; the head comes first. Collective households are no families:
  nobody in them has relatives.
* **Legal unit**: an employer with staff, district and sector, and in each world a level of what is usual there. It
  does nothing itself: records of firms, classes and inspections are not played.
* **Name group**: the residents who share one name; it matters where a record is matched by the name alone.
* **District**: residents, a mood in each world, an intensity of detection, a queue of appeals in each world.
* **Record, listing, note, appeal**: words of 64 bits in a file, rows of a queue; every record carries whether and
  how it is wrong.
* **World**: the city under one policy and one set of assumption values. Worlds share residents and chance.
* **Departments, feeds, behaviours, scores, lists, measures, procedure** are the policy: data without a state."""

STATE_WORDS = """\
State variables of a resident. `per` says what the column is repeated by: world, or ledger (a score in a world).
Columns that are *kept* go into a checkpoint; the others follow from seed, city, policy and assumptions."""
CITY_WORDS = "Traits that the city gives, unchanged during a run (F is the number of legal units):"
STORE_WORDS = "What a chunk of residents holds beside columns:"
BETWEEN_WORDS = "What the city as a whole carries from week to week:"
SCALES = """\
**Scales.** One step is a day; what is city-wide happens between weeks of seven days. A run has at most 8,000 days;
the default horizon is 2018-10-20 to 2020-12-31 (804 days). The population is closed: no births, deaths or moves, and
ages are those of the first day. Space is the district; there are no distances. A city has any size from 1,000
residents on, one resident standing for one person; Beijing at full size has 21,893,095. The largest numbers of
things in one run:"""

PROCESS = """\
The week of the whole city and the day of a chunk are the numbered lists of `engine/week.py` and `engine/day.py`, in
the order of the code under them. A chunk is some thousands of residents, whole households of one district. What acts
on somebody in another chunk is a message and acts from the next week on. What is applied on one day to one resident
commutes, so that nothing depends on an order inside a step, on threads or on the size of chunks."""

CONCEPTS = {
    "Basic principles": """\
A policy acts on a city under assumptions. Conduct is thinned from an envelope that no policy changes, so that worlds
differ only by what the policy did (Lewis and Shedler 1979). Every record carries its truth, so every error is known
exactly. A resident's standing is worked out anew from the file at each look and never summed up beside it. Base
rates, stacking of consequences and lock-in are the theory looked at.""",
    "Emergence": """\
How many are hit, wrongly hit, and hit through others; how long until they are out; how many services are shut at
once; which groups are hit more, and through which channel; waiting times of appeals; how far the harm of one wrong
record goes. Imposed are rates of conduct and error, chances of settling, appealing and deciding, and everything the
policy says.""",
    "Adaptation": """\
People act less where they perceive more risk (deterrence) and more where others' records are frequent (norms); who
was refused goes there less. The enrolled do good deeds that earn points more often and others less; who is hit may
leave the city; wrong hits and refusals cost the trust of all, and with it good deeds that nobody scores, and appeals.
Each is a rule with a fixed share, not a choice, and each can be switched off by its values. Not played: opinion held
back, firms that adapt.
Speech is conduct like any other, deterred like any other.""",
    "Objectives": """\
None. No resident, department or court maximises anything, and no part of the model searches for a better policy.""",
    "Learning": """\
Perceived deterrence by family of conduct rises with own records and listings, less with those of the household and the
workplace and with published lists, and fades by a fixed share a week. The
number of days of refusal at a service lowers the chance to go there again. People learn that they are hit by a
notice or at the first refusal.""",
    "Prediction": """\
None is modelled explicitly. Perceived deterrence stands for an expectation formed from the past alone; nobody knows
the policy's rules or works out a score to come.""",
    "Sensing": """\
A resident senses records that arrive about them (at once, right or wrong: a simplification), adverse records of the
household, levels of workplace and district, notices and refusals. Departments sense acts with the chance visibility
times completeness times intensity of the district, and sometimes name the wrong person. Nobody senses private
opinion: it is one distribution of the whole city, and only totals of the city leave the model.""",
    "Interaction": """\
Ways on which one resident's fate reaches another's, and no others: household (norms, deterrence, spill-over),
employer (norms, deterrence), district mood, false match by name, rank (a limited number of places), campaign cut (a
quota still to be filled), the queue of appeals, queues for a limited number of places, a published name, trust.
`run.json` of every run lists those that were open.""",
    "Stochasticity": """\
Every draw is a pure function of seed, stream, entity, day or week, and slot (Philox4x32-10), in `base/draws.py`; no
draw depends on the order of anything. Probabilities become integers once, before the run. Worlds share all draws.
Streams:""",
    "Collectives": """\
Households, legal units, districts and name groups, all fixed when the city is built. Bands and lists are collections
that the policy makes; they have no behaviour of their own.""",
    "Observation": """\
Everything is counted as it happens, in every world, by day and district or by week, district and group
(registration, age, sex, education, income, and three declared crossings); every listing is logged with its cause and
its truth; any resident can be played again (`vitropolis life`). Nothing is sampled. Beside the items below, stocks
of bands, lists and verdicts are counted by their numbers. The report's questions follow the items.""",
}

INITIALIZATION = """\
1. The city is built from its tables, the size and the seed, in integers; every controlled margin is met exactly
   (section 7, the city). The same tables, size and seed give the same residents.
2. Each resident gets a quantile class of the conduct trait, a payer type and a day of enrolment
   (`model/enrolment.py`).
3. All other state is empty: nobody is listed, deterrence and levels are 0, scores stand at the policy's start.

**A run has no past.** Nothing that anybody did before the first day is on record. A list that really existed for
years therefore starts empty and fills up; to see its stock, begin earlier (`--from`). Seed 1 is the default; initial
states differ between seeds only by chance. What a policy leaves open is taken from named defaults, all listed in
`run.json`."""

INPUT = """\
No time series of the outside world drives a run. What is read: the tables of a city, a policy, a set of assumptions,
and a scenario that names them. Policies may hold dated values (ramps, rules that change, campaigns); assumptions may
hold seasons of conduct and of needs: the default set has none, the set `covid` has those of 2020.

Every table of a city is either *controlled* (published totals, met exactly) or *model* (a relation nobody published,
with the rule that made it)."""

SUBMODELS = """\
Each submodel is a module; its text is what the module says of itself. Below it stand the sections of the assumptions
whose values it reads and the compiled functions that compute it. In formulae `s` of a share is an integer of 16 or
32 bits, and `//` rounds down."""
PARAMETERS = """\
All values of the set `default`, by section. *Source* names a row of the table of sources; *status* is `sourced` (the
source says it), `calibrated` (fitted to what it says) or `assumed`; *evidence* says how the source was read. The
range is where the truth may lie and what `vitropolis ranges` samples."""
NOT_PLAYED = """\
Inspections of people, ties outside the home, points that go over to others, a price of opting out, many cities. No
policy of the library asks for any of them.
What a policy says of these is read, linted and listed in `run.json` under `parts_not_played`. Clerks decide by fixed
shares. Of rewards other than a place in a queue (lower prices, shorter waits): how many hold them is counted, what
they make of somebody's day is not."""
