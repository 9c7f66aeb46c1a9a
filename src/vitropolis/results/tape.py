"""The tape: what the city told its residents, week by week, so that any of them can be played again alone.

Twelve growing `.npy` tables. messages: week, resident, source (who was meant; -1 invented, -2 for a quota), record (see
`model.files`). moods: week, world, district, level 0-15. workplaces: week (every fourth), entry: firm << FIRM_AT |
level 1-15 << LEVEL_AT | worlds (one bit each); other firms have level 0 for these four weeks. ranks: one row for each
stretch of a week with unchanged rules. answers to appeals that arrive in the week: resident, day, what: world |
upheld << UPHELD_AT, record (see `model.redress`). news: resident, what, value (see `model.news`). appeals filed in the
week: resident, what: day << FILED_AT | world, record. losers of places in queues: one number each (`engine.losers`), a
sample of residents. firm_ranks, firm_news: as ranks and news, of firms as draws number them. speech: week, world,
classes of threshold that speak. spoken: resident, worlds in which a drive against accounts saw them in the week for the
first time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vitropolis.base.errors import RefusedError
from vitropolis.base.npyfile import NpyFile, read_npy
from vitropolis.engine.between import Broadcast
from vitropolis.engine.run import WeekPlayed
from vitropolis.model.norms import HIGHEST, WORK_WEEKS
from vitropolis.model.rules import WEEK, WORLDS
from vitropolis.model.speech import VOICES

LEVEL_AT, FIRM_AT = WORLDS, WORLDS + 4  # of workplaces: room for eight million firms
PACKED_WEEK = np.dtype([(name, WEEK.fields[name][0]) for name in WEEK.names or ()])  # type: ignore[index]
TABLES: Mapping[str, np.dtype[Any]] = {
    "messages": np.dtype([("week", "<u2"), ("resident", "<i4"), ("source", "<i4"), ("record", "<i8")]),
    "moods": np.dtype([("week", "<u2"), ("world", "u1"), ("district", "u1"), ("level", "u1")]),
    "workplaces": np.dtype([("week", "<u2"), ("entry", "<u4")]),
    "ranks": np.dtype([("week", "<u2"), ("rank", PACKED_WEEK)]),
    "answers": np.dtype([("week", "<u2"), ("resident", "<i4"), ("day", "<u2"), ("what", "u1"), ("record", "<i8")]),
    "news": np.dtype([("week", "<u2"), ("resident", "<i4"), ("what", "u1"), ("value", "<i4")]),
    "appeals": np.dtype([("week", "<u2"), ("resident", "<i4"), ("what", "<u4"), ("record", "<i8")]),
    "losers": np.dtype([("week", "<u2"), ("row", "<i8")]),
    "firm_ranks": np.dtype([("week", "<u2"), ("rank", PACKED_WEEK)]),
    "firm_news": np.dtype([("week", "<u2"), ("resident", "<i4"), ("what", "u1"), ("value", "<i4")]),
    "speech": np.dtype([("week", "<u2"), ("world", "u1"), ("classes", "<u2")]),
    "spoken": np.dtype([("week", "<u2"), ("resident", "<i4"), ("worlds", "u1")]),
}


def rows_of(played: WeekPlayed) -> dict[str, NDArray[Any]]:
    """One week's broadcast, and the appeals filed in it, as rows of the tables."""
    said = played.broadcast
    found = {name: np.zeros(0, dtype) for name, dtype in TABLES.items()}
    found["messages"] = _table("messages", said.week, said.messages.T)
    levels = np.indices(said.mood.shape).reshape(2, -1)
    found["moods"] = _table("moods", said.week, [*levels, said.mood.reshape(-1)])
    if said.week % WORK_WEEKS == 0:
        found["workplaces"] = _table("workplaces", said.week, [packed_levels(said.work)])
    found["answers"] = _table("answers", said.week, said.answers.T)
    found["news"] = _table("news", said.week, said.news.T)
    found["appeals"] = _table("appeals", said.week, in_order(played.filed).T)
    found["speech"] = _table("speech", said.week, [range(len(said.speak)), said.speak])
    found["spoken"] = _table("spoken", said.week, played.spoken.T)
    found["losers"] = _table("losers", said.week, [played.losers])
    if played.firms is not None:
        found["firm_ranks"] = _ranked(said.week, played.firms.broadcast.ranks)
        found["firm_news"] = _table("firm_news", said.week, played.firms.broadcast.news.T)
    return found | {"ranks": _ranked(said.week, said.ranks)}


def _ranked(week: int, records: list[NDArray[Any]]) -> NDArray[Any]:
    """Ranks of one week as rows."""
    ranks = np.zeros(len(records), TABLES["ranks"])
    ranks["week"] = week
    for place, record in enumerate(records):
        for name in WEEK.names or ():
            ranks["rank"][name][place] = record[name][0]
    return ranks


def in_order(filed: NDArray[np.int64]) -> NDArray[np.int64]:
    """Appeals (resident, day and world, record) in an order that no chunk decides."""
    return filed[np.lexsort((filed[:, 2], filed[:, 1], filed[:, 0]))]


def packed_levels(work: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Levels of firms above 0 as sorted entries; worlds in which a firm has the same level share one."""
    world, firm = np.nonzero(work)
    key, worlds = (firm << FIRM_AT) | (work[world, firm].astype(np.int64) << LEVEL_AT), 1 << world
    order = np.argsort(key, kind="stable")
    key, worlds = key[order], worlds[order]
    starts = np.flatnonzero(np.diff(key, prepend=-1))
    return key[starts] | np.add.reduceat(worlds, starts) if len(key) else key


def _table(name: str, week: int, columns: Any) -> NDArray[Any]:
    dtype = TABLES[name]
    rows = np.zeros(len(columns[0]), dtype)
    rows["week"] = week
    for field, column in zip((dtype.names or ())[1:], columns, strict=True):
        rows[field] = column
    return rows


class TapeWriter:
    """The tables of a run that goes on; `rows` cuts what is there back to a checkpoint's numbers."""

    def __init__(self, folder: Path, rows: Mapping[str, int] | None = None) -> None:
        self.files = {
            name: NpyFile(folder / f"{name}.npy", dtype, None if rows is None else rows[name])
            for name, dtype in TABLES.items()
        }

    def write(self, played: WeekPlayed) -> None:
        """Append one week."""
        for name, rows in rows_of(played).items():
            self.files[name].append(rows)


class Tape:
    """A tape read back: broadcasts of weeks 0 up to `weeks`, from the first `rows` of each table."""

    def __init__(self, folder: Path, rows: Mapping[str, int], worlds: int, districts: int, firms: int) -> None:
        self.tables = {name: _read(folder / f"{name}.npy", dtype, rows[name]) for name, dtype in TABLES.items()}
        self.shapes = {"mood": (worlds, districts), "work": (worlds, firms)}

    def of_week(self, name: str, week: int) -> NDArray[Any]:
        """A table's rows of one week."""
        table = self.tables[name]
        low, high = np.searchsorted(table["week"], (week, week + 1))
        return table[low:high]

    def messages(self, week: int) -> NDArray[np.int64]:
        """The messages of a week: [n, 3] of resident, source, record."""
        rows = self.of_week("messages", week)
        return np.stack([rows[name].astype(np.int64) for name in ("resident", "source", "record")], axis=1)

    def answers(self, week: int) -> NDArray[np.int64]:
        """The answers of a week: [n, 4] of resident, day, world | upheld << UPHELD_AT, record."""
        rows = self.of_week("answers", week)
        return np.stack([rows[name].astype(np.int64) for name in ("resident", "day", "what", "record")], axis=1)

    def appeals(self, week: int) -> NDArray[np.int64]:
        """The appeals filed in a week: [n, 3] of resident, day << FILED_AT | world, record."""
        rows = self.of_week("appeals", week)
        return np.stack([rows[name].astype(np.int64) for name in ("resident", "what", "record")], axis=1)

    def news(self, week: int, table: str = "news") -> NDArray[np.int64]:
        """The news of a week: [n, 3] of resident (`firm_news`: firm), what, value."""
        rows = self.of_week(table, week)
        return np.stack([rows[name].astype(np.int64) for name in ("resident", "what", "value")], axis=1)

    def losers(self, week: int) -> NDArray[np.int64]:
        """Who lost a place in a queue in a week, sorted."""
        return self.of_week("losers", week)["row"].astype(np.int64)

    def spoken(self, week: int) -> NDArray[np.int64]:
        """Whom drives against accounts saw in a week: [n, 2] of resident, worlds."""
        rows = self.of_week("spoken", week)
        return np.stack([rows[name].astype(np.int64) for name in ("resident", "worlds")], axis=1)

    def speak(self, week: int) -> NDArray[np.int64]:
        """How many classes speak in a week, int64[world]. RefusedError if these are not the run's worlds."""
        rows = self.of_week("speech", week)
        if rows["world"].tolist() != list(range(self.shapes["mood"][0])) or (rows["classes"] > VOICES).any():
            raise RefusedError(f"tape/speech.npy: week {week} names what this run does not have")
        return rows["classes"].astype(np.int64)

    def broadcasts(self, weeks: int) -> Iterator[Broadcast]:
        """What was said before each week. RefusedError if it is no broadcast of this city."""
        work = np.zeros(self.shapes["work"], np.uint8)
        for week in range(weeks):
            if week % WORK_WEEKS == 0:
                work = self._work(week)
            mood = self._mood(week)
            told = self.messages(week), self.answers(week), self.news(week), self.speak(week)
            yield Broadcast(week, self.ranks(week), mood, work, *told)

    def ranks(self, week: int, table: str = "ranks") -> list[NDArray[Any]]:
        """A WEEK record for each stretch of a week."""
        return [record["rank"].reshape(1).astype(WEEK) for record in self.of_week(table, week)]

    def _mood(self, week: int) -> NDArray[np.int64]:
        rows, (worlds, districts) = self.of_week("moods", week), self.shapes["mood"]
        if (rows["world"] >= worlds).any() or (rows["district"] >= districts).any() or (rows["level"] > HIGHEST).any():
            raise RefusedError(f"tape/moods.npy: week {week} names what this run does not have")
        found = np.zeros((worlds, districts), np.int64)
        found[rows["world"], rows["district"]] = rows["level"]
        return found

    def _work(self, week: int) -> NDArray[np.uint8]:
        entries, (worlds, firms) = self.of_week("workplaces", week)["entry"].astype(np.int64), self.shapes["work"]
        firm, level = entries >> FIRM_AT, (entries >> LEVEL_AT) & 15
        if (firm >= firms).any():
            raise RefusedError(f"tape/workplaces.npy: week {week} names a firm that this city does not have")
        found = np.zeros((worlds, firms), np.uint8)
        for world in range(worlds):
            mine = (entries >> world) & 1 == 1
            found[world, firm[mine]] = level[mine]
        return found


def _read(path: Path, dtype: np.dtype[Any], rows: int) -> NDArray[Any]:
    try:
        found = read_npy(path)
    except (OSError, ValueError, EOFError):
        raise RefusedError(f"tape/{path.name} is missing or damaged") from None
    if found.dtype != dtype or found.ndim != 1 or len(found) < rows:
        raise RefusedError(f"tape/{path.name} is not a table that this program writes")
    found = np.array(found[:rows])
    if rows and (np.diff(found["week"].astype(np.int64)) < 0).any():
        raise RefusedError(f"tape/{path.name} is out of order")
    return found
