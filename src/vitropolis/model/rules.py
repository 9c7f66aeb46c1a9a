"""The tables that kernels read: what every policy and assumption has become, as integers of fixed shape.

`RULES` holds one epoch (the time between two change days) of every world of a run; a week reads `WEEK` beside it.
Both are NumPy records, so that a kernel passes one pointer on and a new policy compiles nothing. Where a field has
a world axis it comes first. -1 means none unless said otherwise.
"""

from __future__ import annotations

import numpy as np

from vitropolis.policy.words import PERSON_WORDS, SERVICES

WORLDS = 5  # worlds in one pass; what is as wide in words of files, columns and logs follows from it
ALL_WORLDS = (1 << WORLDS) - 1  # mask of all worlds of a pass, one bit each
WORLD_BITS = (WORLDS - 1).bit_length()  # bits of the number of one world
ONE_WORLD = (1 << WORLD_BITS) - 1
PAYER_BITS, PAYERS = 2, 3  # of a payer type in the column `payer`, world by world; the mask of one
SCORES = 4  # scores of persons in one world
LEDGERS = WORLDS * SCORES  # scores over all worlds of a pass
BANDS = 10  # bands of one score
LISTS = 8  # lists of persons in one world
LEAVES = 32  # conditions inside the triggers of one world
MEASURES = 63  # measures of persons in one world: a mask of them has a sign
CLASSES = 16  # kinds of trigger (with their time limits) among them
STRETCHES = 16  # of days between changes of what an exit needs, or of a list's grace
SPILLS = 7  # household spill-overs in one world
STEPS = 24  # steps of one trigger's program
BEHAVIOURS = 63  # behaviours of persons in one world: a mask of them has a sign
KINDS = 128  # kinds of record, over all worlds of a pass
WORDS = len(PERSON_WORDS)  # words of conduct of persons
PERSON_SERVICES = tuple(name for name, service in SERVICES.items() if service.subject == "person")
NEEDS = len(PERSON_SERVICES)  # services of persons
FIRM_SERVICES = tuple(name for name, service in SERVICES.items() if service.subject == "firm")
OTHER_SERVICE = len(FIRM_SERVICES)  # where firms have the services of persons that their measures name
FAMILIES = 6  # families of conduct, each with a perceived deterrence of its own
DISTRICTS = 16  # districts of a city
CELLS = 700  # cells of attributes: registration, age class, sex, education, income fifth
NEVER = 8191  # a day that does not come; horizons are at most 8,000 days
NO_WAIT = 2047  # a settlement that does not come

FOREVER, EXPIRES, HALF_LIFE, UNTIL_SETTLED = range(4)
RECORDS, BAND, AT_LEAST, BELOW, RANK_BEST, RANK_WORST, LISTED = range(7)
NO_NOTICE, NOTICE_NOW, NOTICE_LATER = range(3)
NO_DEED, SCORED, UNSCORED, UNKNOWN_DEED = range(4)  # a good deed: earns points, others do, none does in this world
RELATIONS = ("spouse", "child", "parent", "household")
OFFICE = len(RELATIONS)  # where a spill-over goes that comes by the column `office`, not from the household
OR, AND = 64, 128  # program steps: a leaf's place, or OR/AND plus the number of operands
RIGHT, MISATTRIBUTED, WRONG_CONTENT, DUPLICATE, STALE, INVENTED, QUOTA = range(7)

RULES = np.dtype(
    [
        ("worlds", "i8"),
        # records
        ("behaviour", "i2", (WORLDS, KINDS)),  # what a kind of record counts as in a world
        ("word", "i2", (KINDS,)),
        ("worth", "i2", (WORDS,)),  # of an act: 0 minor, 1 harmful (gravity 2 and more), 2 protected, 3 good
        ("in_force", "i2", (WORLDS, BEHAVIOURS)),
        ("life", "i2", (WORLDS, BEHAVIOURS)),
        ("life_days", "i4", (WORLDS, BEHAVIOURS)),
        ("from_arrival", "i2", (WORLDS,)),
        ("adverse", "i8", (WORLDS,)),  # behaviours that punish, one bit each
        ("trap", "i1", (WORLDS, BEHAVIOURS)),  # the list behind whose exit its debts are paid more slowly
        ("alone", "i8", (WORLDS,)),  # behaviours of which only the heaviest consequence counts
        # scores
        ("first_ledger", "i8", (WORLDS,)),
        ("ledgers", "i8", (WORLDS,)),
        ("looks", "i2", (WORLDS,)),  # whether anything comes of looking at people there
        ("start", "i4", (LEDGERS,)),
        ("lowest", "i4", (LEDGERS,)),
        ("highest", "i4", (LEDGERS,)),
        ("floor", "i4", (LEDGERS,)),  # lowest score of any epoch: where the histogram begins
        ("points", "i4", (LEDGERS, BEHAVIOURS)),
        ("counted", "i4", (WORLDS, BEHAVIOURS)),  # live records that count at once
        ("discretion", "i8", (WORLDS,)),  # share of records whose points a clerk chooses, where one may; 32-bit
        ("chosen", "i2", (WORLDS, BEHAVIOURS)),  # whether a clerk may choose
        ("chosen_from", "i4", (LEDGERS, BEHAVIOURS)),  # the lowest points there
        ("chosen_span", "i4", (LEDGERS, BEHAVIOURS)),  # how many there are to choose from; 0: none
        ("clean_every", "i4", (LEDGERS,)),  # days without a record that costs points for a bonus; 0: there is none
        ("clean_points", "i4", (LEDGERS,)),
        ("clean_most", "i4", (LEDGERS,)),  # times that it is given at most
        ("ceiling", "i1", (LEDGERS, BEHAVIOURS)),
        ("list_ceiling", "i1", (LEDGERS, LISTS)),
        ("bands", "i8", (LEDGERS,)),
        ("lower", "i4", (LEDGERS, BANDS)),
        (
            "newcomers",
            "i1",
            (LEDGERS,),
        ),  # band of somebody without records; -1 as the score says, -2 as the city's mean
        ("recomputed_on", "i4", (LEDGERS,)),  # -1 every day; else the day of this epoch on which it is, or NEVER
        ("trusted", "i1", (LEDGERS,)),  # worst band called trustworthy
        # triggers
        ("behaviours", "i8", (WORLDS,)),
        ("leaves", "i8", (WORLDS,)),
        ("leaves_of", "i8", (WORLDS, BEHAVIOURS)),  # `records` leaves that a behaviour belongs to, one bit each
        ("leaf", "i2", (WORLDS, LEAVES)),
        ("needed", "i4", (WORLDS, LEAVES)),  # records needed, or the score looked at
        ("within", "i4", (WORLDS, LEAVES)),
        ("ledger", "i2", (WORLDS, LEAVES)),
        ("members", "i8", (WORLDS, LEAVES)),  # bands or lists, one bit each
        # lists
        ("lists", "i8", (WORLDS,)),
        ("order", "i1", (WORLDS, LISTS)),
        ("trigger", "i2", (WORLDS, LISTS, STEPS)),
        ("extended", "i2", (WORLDS, LISTS, STEPS)),
        ("list_in_force", "i2", (WORLDS, LISTS)),
        ("black", "i2", (WORLDS, LISTS)),
        ("grace", "i4", (WORLDS, LISTS)),
        ("term", "i4", (WORLDS, LISTS)),
        ("extension", "i4", (WORLDS, LISTS)),
        ("auto_expiry", "i2", (WORLDS, LISTS)),
        ("on_compliance", "i2", (WORLDS, LISTS)),
        ("repair", "i4", (WORLDS, LISTS)),  # days from listing to the answer of a request for repair
        ("adults_only", "i2", (WORLDS, LISTS)),
        ("ability_test", "i2", (WORLDS, LISTS)),
        ("stretches", "i2", (WORLDS, LISTS)),  # of days with one pace of paying and one time of grace
        ("stretch", "i4", (WORLDS, LISTS, STRETCHES, 3)),  # first day, pace in 16 bits, days of grace
        ("weight", "i4", (WORLDS, LISTS)),  # measures that the list leads to
        ("has_ceiling", "i2", (WORLDS, LISTS)),
        ("restarts", "i2", (WORLDS,)),
        ("ability_found", "i8", (WORLDS,)),
        ("ability_false", "i8", (WORLDS,)),
        ("asks_repair", "i8", (WORLDS, LISTS, 2)),  # the two lowest income fifths, others
        ("drops", "i8", (WORLDS, LISTS, 2)),  # chance that a clerk drops a case: wrong, others; 32-bit
        ("promised", "i4", (WORLDS, LISTS)),  # days promised for deletion; -1: none
        ("keeps", "i8", (WORLDS,)),  # share of promises that are kept, 32-bit
        ("seen_at_home", "i2", (WORLDS, LISTS)),  # what a published listing adds to the household's deterrence
        ("seen_at_work", "i2", (WORLDS, LISTS)),  # records that it is worth at the workplace
        ("named", "i8", (WORLDS,)),  # black lists published by the name alone, one bit each
        ("mistaken", "i8", (WORLDS,)),  # share a week of those on them for whom somebody else is taken; 32-bit
        ("repair_granted", "i8", (WORLDS,)),
        ("deletion", "i2", (WORLDS, 256)),
        # measures: in classes that share a trigger and time limits
        ("classes", "i8", (WORLDS,)),
        ("class_program", "i2", (WORLDS, CLASSES, STEPS)),
        ("class_in_force", "i2", (WORLDS, CLASSES)),
        ("class_leaves", "i8", (WORLDS,)),  # leaves that some class's trigger names, one bit each
        ("fixed", "i4", (WORLDS, CLASSES)),  # days from the trigger; -1: while it holds
        ("after", "i4", (WORLDS, CLASSES)),  # days after the trigger
        ("lasting", "i8", (WORLDS,)),  # classes for which the policy writes either, one bit each
        ("class_measures", "i8", (WORLDS, CLASSES)),  # measures in force, one bit each
        ("punishing", "i8", (WORLDS,)),  # classes that punish, one bit each
        ("measures", "i8", (WORLDS,)),  # how many measures there are
        ("punish", "i8", (WORLDS,)),  # measures that punish, one bit each
        ("shut", "i8", (WORLDS,)),  # that shut a door
        ("bear", "i8", (WORLDS,)),  # that bear on requests
        ("dearer", "i8", (WORLDS,)),  # prices above 1
        ("service_of", "i2", (WORLDS, 64)),
        ("service_measures", "i8", (WORLDS, NEEDS)),
        ("refuses", "i4", (WORLDS, 64, 2)),  # 16-bit share of requests that fail: two lowest income fifths, others
        ("delay", "i4", (WORLDS, 64)),  # days that it adds
        ("keeps_records", "i2", (WORLDS,)),  # whether the policy says how long after an exit
        ("kept_days", "i4", (WORLDS, LISTS)),  # -1: as long as they live
        ("grounds", "i8", (WORLDS, LISTS)),  # behaviours that the trigger names, one bit each
        ("puts", "i8", (WORLDS,)),  # measures that put somebody elsewhere in a queue, one bit each
        ("place_in_queue", "i2", (WORLDS, 64)),  # 0 first, 1 ahead, 2 as others, 3 behind, 4 last
        ("lingers", "i2", (WORLDS, LISTS)),  # whether others still hold a listing that is over
        ("holder", "i2", (WORLDS, LISTS, 2, 256)),  # for how long: after other exits, after correction
        # spill-over
        ("spills", "i8", (WORLDS,)),
        ("spill_in_force", "i2", (WORLDS, SPILLS)),
        ("spill_to", "i2", (WORLDS, SPILLS)),
        ("spill_list", "i2", (WORLDS, SPILLS)),  # -1: it carries a measure
        ("spill_class", "i2", (WORLDS, SPILLS)),
        ("spill_measures", "i8", (WORLDS, SPILLS)),  # that meet the relative, one bit each
        ("spill_black", "i2", (WORLDS, SPILLS)),
        ("spill_fault", "i2", (WORLDS, SPILLS)),
        ("spill_known", "i8", (WORLDS, SPILLS)),  # share of relations that registers know, 32-bit
        # redress
        ("notice", "i2", (WORLDS,)),  # NO_NOTICE, NOTICE_NOW, NOTICE_LATER
        ("notice_reaches", "i8", (WORLDS,)),
        ("notice_after", "i4", (WORLDS,)),
        ("redress", "i2", (WORLDS,)),  # whether it is open
        ("window", "i4", (WORLDS,)),
        ("appeals", "i8", (WORLDS, 2, CELLS)),  # share that appeals: wrongly hit, others; 32-bit
        ("filing", "i8", (WORLDS, 60)),
        ("suspends", "i2", (WORLDS,)),
        ("disputes", "i2", (WORLDS,)),
        ("objects", "i8", (WORLDS, 2)),  # share that objects: wrongly, others; 0 where it is not possible
        ("objection_upheld", "i8", (WORLDS, 2)),
        ("appeals_whisper", "i8", (WORLDS,)),  # share of the silent that appeals all the same, 32-bit
        # what people feel
        ("family", "i2", (WORDS,)),
        ("law_step", "i2", (WORLDS, WORDS)),  # 0 for words that are not adverse
        ("policy_step", "i2", (WORLDS, WORDS)),  # added where the behaviour costs points
        ("household_step", "i2", (WORLDS, WORDS)),  # the same for other members of the household
        ("deed", "i2", (WORLDS, WORDS)),  # NO_DEED, SCORED, UNSCORED, UNKNOWN_DEED
        ("found_work", "i8", (WORLDS,)),  # weekly chance of work for somebody without, 32-bit
        ("found_screened", "i8", (WORLDS,)),  # the same on a black list
        ("leaving", "i8", (WORLDS,)),  # weekly chance to leave of somebody hit, 32-bit
        ("costs", "i2", (WORLDS, BEHAVIOURS)),
        ("listing_step", "i2", (WORLDS,)),
        ("adverse_word", "i2", (WORDS,)),
        # truth
        ("deserving", "i2", (WORLDS, 2, WORDS)),  # by gravity and kind
        ("must_be_able", "i2", (WORLDS, 2)),
        ("debt_payer", "i1", (WORLDS, WORDS)),  # -1 no debt, 0 the resident's own payer type, else 1 + the type
    ],
    align=True,
)

WEEK = np.dtype(
    [
        ("lower", "i4", (LEDGERS, BANDS)),  # lowest score of a band this week
        ("impute", "i1", (LEDGERS,)),  # band of the city's mean score
        ("cut", "i4", (WORLDS, LEAVES)),  # rank: the score that divides, last week's and this week's
        ("tie", "i8", (WORLDS, LEAVES)),
        ("old_cut", "i4", (WORLDS, LEAVES)),
        ("old_tie", "i8", (WORLDS, LEAVES)),
        ("trust", "i8", (WORLDS, 2)),  # what trust leaves of good deeds that nobody scores, and of appeals; 16-bit
    ],
    align=True,
)

PAGE = np.dtype(
    [
        ("sums", "i8", (LEDGERS,)),  # points of live records, per score of the world
        ("carried", "i8", (LEDGERS,)),  # live records that carry points
        ("ceiling", "i8", (LEDGERS,)),
        ("count", "i4", (BEHAVIOURS,)),
        ("held", "i4", (LEAVES,)),  # live records in a leaf
        ("cause", "i8", (LEAVES,)),  # kind of today's record that made a leaf fresh
        ("score", "i8", (LEDGERS,)),
        ("band", "i8", (LEDGERS,)),
        ("old_score", "i8", (LEDGERS,)),
        ("old_band", "i8", (LEDGERS,)),
        ("who", "i8"),  # whose file is read, and the seed's two halves
        ("enrolled", "i8"),  # since which day
        ("key0", "u4"),
        ("key1", "u4"),
        ("still", "i8"),  # scores of the world that are not worked out today, one bit each: `old_score` holds
        ("left_out", "i8"),  # whether a reading left a record out
        ("fault", "i8"),  # whether an adverse record lives
        ("wronged", "i8"),  # lists that begin today by wrong fact, one bit each
        ("shielded", "i8", (2,)),  # definitions under which a black list begins today on protected ground
    ],
    align=True,
)
