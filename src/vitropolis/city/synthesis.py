"""Who lives there: every resident's attributes, dealt from urns that hold exactly what the margins say.

Each step puts residents into strata (by district and what is already known of them), fits a table of whole
numbers strata x values to the margin (`vitropolis.city.rounding`) and deals the values from each stratum's urn
by keyed draws. Districts are dealt side by side on threads; nothing depends on their order.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from vitropolis.base.fixed import largest_remainder, share32
from vitropolis.city import kernels
from vitropolis.city.cells import age_class_table, band
from vitropolis.city.city import CHILD, COLLECTIVE, HEAD, OTHER, PARENT, SPOUSE
from vitropolis.city.fifths import even_out
from vitropolis.city.firms import Firms, make_firms
from vitropolis.city.households import SLOTS, Plan
from vitropolis.city.parts import NOBODY, Part, Parts, Strata
from vitropolis.city.permute import round_keys, side_of
from vitropolis.city.rounding import Table
from vitropolis.city.tables import CityTables

ROLE_OF_SLOT = np.array([HEAD, SPOUSE, HEAD, SPOUSE, PARENT, CHILD, CHILD, OTHER, COLLECTIVE], dtype=np.uint8)
TOGETHER = SLOTS.index("C")  # the slot of people in collective households
# slots of the synthesis, never renumbered: each step draws with its own
(STEP_LAYOUT, STEP_BAND, STEP_CHILD_AGE, STEP_AGE, STEP_COUPLE, STEP_SEX, STEP_HEAD_ORIGIN, STEP_MEMBER_ORIGIN,
 STEP_EDUCATION, STEP_INCOME, STEP_WORK, STEP_SECTOR, STEP_FIRMS, STEP_NAMES) = range(14)  # fmt: skip
STEP_LAYOUTS = 1000  # + district: round keys of the shuffle of its households
STEP_EVEN = 900  # round keys of the shuffle in which households change their fifth
STEP_POST_KEYS = 2000  # + sector: round keys of the shuffle of its posts


class Synthesis:
    """The steps of one build, in the order of the list in `run`; `parts` and `firms` hold what was built."""

    def __init__(self, tables: CityTables, plan: Plan, seed: int, threads: int) -> None:
        self.tables, self.plan, self.seed = tables, plan, seed
        self.parts = Parts(plan.targets["districts"], seed, threads)
        self.size = int(self.parts.ends[-1])
        self.firms: Firms

    def run(self) -> Iterator[str]:
        """Play all steps, naming each before it starts:

        1. households; 2. age bands, then ages; 3. sex; 4. registration; 5. education; 6. income;
        7. employment, legal units, posts; 8. cells.
        """
        with self.parts.pool:
            for name, step in (
                ("households", self._households), ("ages", self._ages), ("sex", self._sex),
                ("registration", self._registration), ("education", self._education), ("income", self._income),
                ("employment", self._employment), ("cells", self._cells),
            ):  # fmt: skip
                yield name
                step()

    def _households(self) -> None:
        sizes = np.array([len(pattern) for pattern in self.plan.patterns], dtype=np.uint8)
        slots = np.zeros((sizes.size, 15), dtype=np.uint8)
        for row, pattern in enumerate(self.plan.patterns):
            slots[row, : len(pattern)] = [SLOTS.index(letter) for letter in pattern]

        def lay(part: Part) -> None:
            ends = np.cumsum(np.array(self.plan.households[part.district], dtype=np.int64))
            keys = round_keys(self.seed, STEP_LAYOUTS + part.district)
            kernels.expand(ends, sizes, slots, keys, side_of(int(ends[-1])), part.place, part.slot)
            part.role[:] = ROLE_OF_SLOT[part.slot]

        self.parts.each(lay)

    def _ages(self) -> None:
        """Bands of everybody past 59 or in collective households, then children's ages, then all others'."""
        self._bands()
        weights = self._year_weights()
        only = _lookup({6: 0})
        child = weights[0][:15]
        margin = largest_remainder(self.plan.targets["age"][0], child)
        self.parts.deal("age", STEP_CHILD_AGE, lambda part: only[part.slot], margin, [child])
        ends = np.zeros((2, 102), dtype=np.int64)
        ends[:, 1:] = np.cumsum(np.array(weights, dtype=np.int64), axis=1)

        def draw(part: Part) -> None:
            kernels.ages(part.place, part.slot, part.band, ends, part.age, part.base, STEP_AGE, *self.parts.words)

        self.parts.each(draw)

    def _bands(self) -> None:
        """Deal 60-64 and 65+ over old couples and single people, parents of heads, and collective households."""
        _, _, early, late = self.plan.targets["age"]
        old = self.plan.old_collective
        young = self.plan.targets["household_persons"][1] - old
        group = _lookup({2: 0, 3: 0, 4: 1, TOGETHER: 2})
        seed = [[0, 60, 90], [0, 20, 120], [young, max(old // 3, 1), max(old, 1)]]
        self.parts.deal("band", STEP_BAND, lambda part: group[part.slot], [young, early, late], seed)

    def _year_weights(self) -> Table:
        """Return weights of each year of age 0-100, in family and in collective households."""
        weights = [[0] * 101, [0] * 101]
        for label, family, collective in self.tables["age_detail"].rows:
            low, high = band(str(label))
            for line, weight in zip(weights, (family, collective), strict=True):
                for age in range(low, high + 1):
                    line[age] = int(weight) * 1000 // (high - low + 1)
        return weights

    def _sex(self) -> None:
        """Couples first, a woman and a man each; what then is left of the margin goes to everybody else."""
        weights = {str(role): [int(female), int(male)] for role, female, male in self.tables["sex_by_role"].rows}
        female, male = weights["couple"]
        heads = np.uint64(share32(Fraction(male, female + male)))

        def pair(part: Part) -> int:
            kernels.couples(part.slot, part.sex, heads, part.base, STEP_COUPLE, *self.parts.words)
            return int(np.count_nonzero(_spouses(part)))

        couples = sum(self.parts.each(pair))
        group = _lookup({6: 0, 0: 1, 2: 2, 4: 3, 5: 4, 7: 4, TOGETHER: 5})

        def strata(part: Part) -> Strata:
            found = group[part.slot]
            found[:-1][_spouses(part)[1:]] = NOBODY
            return found

        seed = [weights[role] for role in ("child", "head", "elder", "parent", "other", "collective")]
        self.parts.deal("sex", STEP_SEX, strata, [total - couples for total in self.plan.targets["sex"]], seed)

    def _registration(self) -> None:
        """First heads and people in collective households, by age; then members, by their head's registration."""
        first = self.plan.targets["households"][0] + self.plan.targets["household_persons"][1]
        migrants = self.plan.targets["registration"][1]
        early = migrants * first // self.size
        self._heads_registration([first - early, early])
        late = migrants - early
        self._members_registration([self.size - first - late, late])

    def _heads_registration(self, margin: list[int]) -> None:
        data, profile = self.tables["registration_by_age"], self.tables["district_profile"]
        row_of, classes = _age_rows(data.labels("age")), np.uint16(len(data.rows))
        shares = [*data.column("family"), *data.column("collective")]
        rates = dict(zip(profile.labels("district"), profile.column("migrants"), strict=True))

        def strata(part: Part) -> Strata:
            together = part.slot == TOGETHER
            found: Strata = row_of[part.age] + together.astype(np.uint16) * classes
            found[(part.place >> 4 > 0) & ~together] = NOBODY
            return found

        def odds(district: int) -> Table:
            rate = rates[self.tables.areas[district]]
            return [[max(100_000 - share * rate, 1_000), share * rate] for share in shares]

        self.parts.deal("registration", STEP_HEAD_ORIGIN, strata, margin, odds)

    def _members_registration(self, margin: list[int]) -> None:
        shares = self.tables["registration_in_household"].column("share")  # head local, migrant x child, adult, elder
        stage = np.repeat(np.array([0, 1, 2], dtype=np.uint16), [15, 45, 196])

        def strata(part: Part) -> Strata:
            found: Strata = part.registration[part.head].astype(np.uint16) * np.uint16(3) + stage[part.age]
            found[(part.place >> 4 == 0) | (part.slot == TOGETHER)] = NOBODY
            return found

        seed = [[1000 - share, share] for share in shares]
        self.parts.deal("registration", STEP_MEMBER_ORIGIN, strata, margin, seed)

    def _education(self) -> None:
        data = self.tables["education_by_age"]
        row_of, table = _age_rows(data.labels("age")), [[int(cell) for cell in row[2:]] for row in data.rows]

        def strata(part: Part) -> Strata:
            return np.asarray(row_of[part.age] * np.uint16(2) + part.registration)

        self.parts.deal("education", STEP_EDUCATION, strata, self.plan.targets["education"], table)

    def _income(self) -> None:
        """One fifth per household, by education and registration of its first member."""
        table = [[int(cell) for cell in row[2:]] for row in self.tables["income"].rows]

        def strata(part: Part) -> Strata:
            own = part.education.astype(np.uint16) * np.uint16(2) + part.registration
            return np.asarray(own[part.head])

        fifths = largest_remainder(self.size, [1] * 5)
        self.parts.deal("income", STEP_INCOME, strata, fifths, table, households=True)
        income, place = self.parts.columns["income"], self.parts.columns["place"]
        even_out(income, place, fifths, round_keys(self.seed, STEP_EVEN))

    def _employment(self) -> None:
        """Who works; how many of them in legal units; which sector; which unit."""
        employed = sum(self._who_works())
        data = self.tables["firm_law"]
        exponent, posts_share, largest_share = data.column("value")
        units = self.plan.targets["legal_units"]
        posts = max(employed * posts_share // 1000, min(sum(units), employed))
        staff = largest_remainder(posts, self.tables["sectors"].column("staff"))
        largest = max(self.size * largest_share // 1000, 50)
        self.firms = make_firms(units, staff, exponent, largest, self.seed, STEP_FIRMS)
        staff[-1] = employed - posts  # the last sector of the table: the self-employed
        self._sectors(staff)
        self._posts(len(staff) + 1)

    def _who_works(self) -> list[int]:
        """Mark the employed in `sector`; return how many by district."""
        data = self.tables["employment"]
        row_of = _age_rows(data.labels("age"))
        cells = [Fraction(int(cell), 1000) for row in data.rows for cell in row[2:]]
        shares = np.array([*map(share32, cells), 0], dtype=np.uint64)

        def work(part: Part) -> int:
            row = row_of[part.age]
            group = (row * np.uint16(2) + part.sex) * np.uint16(5) + part.education
            group[(row == NOBODY) | (part.age < 16)] = len(cells)
            kernels.bernoulli(group, shares, part.sector, part.base, STEP_WORK, *self.parts.words)
            return int(np.count_nonzero(part.sector))

        return self.parts.each(work)

    def _sectors(self, margin: list[int]) -> None:
        """Deal sectors (codes from 1 on) to the employed, by education."""
        rows = self.tables["sectors"].rows
        seed = [
            [0, *(max(total, 1) * int(row[3 + level]) for total, row in zip(margin, rows, strict=True))]
            for level in range(5)
        ]

        def strata(part: Part) -> Strata:
            found = part.education.astype(np.uint16)
            found[part.sector == 0] = NOBODY
            return found

        self.parts.deal("sector", STEP_SECTOR, strata, [0, *margin], seed)

    def _posts(self, codes: int) -> None:
        """Give every employee a shuffled post of their sector, anywhere in the city: commuting is not modelled."""
        seen = np.array(self.parts.each(lambda part: np.bincount(part.sector, minlength=codes)))
        before = np.cumsum(seen, axis=0) - seen
        keys = np.stack([round_keys(self.seed, STEP_POST_KEYS + sector) for sector in range(codes)])
        starts, ends, posts = self.firms.starts, self.firms.ends, self.firms.posts
        sides = np.array([side_of(int(total)) for total in ends - starts], dtype=np.int64)

        def take(part: Part) -> None:
            first = before[part.district]
            kernels.take_posts(part.sector, first, starts, ends, posts, keys, sides, part.employer)

        self.parts.each(take)

    def _cells(self) -> None:
        classes = age_class_table()

        def encode(part: Part) -> None:
            cell = part.cell
            cell[:] = part.registration
            for codes, count in ((classes[part.age], 7), (part.sex, 2), (part.education, 5), (part.income, 5)):
                cell *= np.uint16(count)
                cell += codes

        self.parts.each(encode)


def _spouses(part: Part) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.asarray((part.slot == 1) | (part.slot == 3))


def _lookup(values: dict[int, int]) -> Strata:
    """Return uint16[256]: the stratum of each code, NOBODY for codes that are not named."""
    table = np.full(256, NOBODY, dtype=np.uint16)
    for code, stratum in values.items():
        table[code] = stratum
    return table


def _age_rows(labels: list[str]) -> Strata:
    """Return uint16[256]: which of the different age bands in `labels` each age lies in, from 0 up."""
    bands = [band(label) for label in dict.fromkeys(labels)]
    return _lookup({age: row for row, (low, high) in enumerate(bands) for age in range(low, high + 1)})
