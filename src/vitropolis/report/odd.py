"""The ODD document as Markdown: prose from `odd_words`, everything else from the tables of `odd_tables`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from vitropolis.base.mark import MARK
from vitropolis.report import odd_words as words
from vitropolis.report.odd_tables import odd_data

__all__ = ["odd_data", "odd_text"]

Data = dict[str, Any]


def odd_text(data: Data) -> str:
    """The whole document."""
    sections = (_opening, _purpose, _entities, _process, _concepts, _initialization, _input, _submodels, _parameters)
    lines = [line for section in sections for line in section(data)]
    return "\n".join(lines).rstrip() + "\n"


def _opening(data: Data) -> Iterator[str]:
    yield from (f"# {words.TITLE}", "", words.OPENING, "", f"vitropolis {data['version']}; {MARK}.", "")


def _purpose(data: Data) -> Iterator[str]:
    yield from ("## 1 Purpose and patterns", "", words.PURPOSE, "", "**Not played**", "", words.NOT_PLAYED, "")


def _entities(data: Data) -> Iterator[str]:
    yield from ("## 2 Entities, state variables and scales", "", "### Entities", "", words.ENTITIES, "")
    yield from ("### State variables", "", words.STATE_WORDS, "")
    yield from _table(data["state"], name=_code, dtype=_code, per=None, kept=_yes, meaning=None, writer=_code)
    yield from (words.CITY_WORDS, "", *_table(data["traits_of_the_city"], name=_code, dtype=_code, meaning=None))
    yield from (words.STORE_WORDS, "", *_table(data["stores"], name=_code, dtype=_code, meaning=None))
    yield from (words.BETWEEN_WORDS, "", *_table(data["between_weeks"], name=_code, dtype=_code, meaning=None))
    yield from ("### Scales", "", words.SCALES, "", *_table(data["limits"], meaning=None, number=_integer, name=_code))


def _process(data: Data) -> Iterator[str]:
    yield from ("## 3 Process overview and scheduling", "", words.PROCESS, "")
    for title, key in (("The week", "week"), ("The day", "day"), ("A look at one resident", "look")):
        yield from (f"### {title}", "", data[key], "")


def _concepts(data: Data) -> Iterator[str]:
    yield from ("## 4 Design concepts", "")
    for title, text in words.CONCEPTS.items():
        yield from (f"### {title}", "", text, "")
        if title == "Stochasticity":
            yield from _table(data["streams"], number=None, stream=_code, what=None)
        if title == "Observation":
            yield from _table(data["observed"], item=_code, counted=None, unit=None, meaning=None)
            yield from _table(data["headlines"], headline=_code, title=None, unit=None, method=None)


def _initialization(data: Data) -> Iterator[str]:
    yield from ("## 5 Initialization", "", words.INITIALIZATION, "")


def _input(data: Data) -> Iterator[str]:
    yield from ("## 6 Input data", "", words.INPUT, "")
    for city in data["cities"]:
        head = f"### City `{city['city']}`: {city['title']}"
        yield from (head, "", f"{city['population']:,} residents in {city['areas']} districts.", "")
        rows = [{**row, "says": "; ".join(filter(None, (row["source"], row["note"], row["rule"])))}
                for row in city["tables"]]  # fmt: skip
        yield from _table(rows, table=_code, kind=None, rows=None, unit=None, year=None, status=None, evidence=None,
                          says=None)  # fmt: skip
    yield from ("### Policies of the library", "")
    rows = [{**row, "sourced": f"{row['sourced']} of {row['values']}"} for row in data["policies"]]
    yield from _table(rows, policy=_code, title=None, state=None, sourced=None)


def _submodels(data: Data) -> Iterator[str]:
    yield from ("## 7 Submodels", "", words.SUBMODELS, "")
    part = ""
    for number, row in enumerate(data["submodels"]):
        if row["part"] != part:
            part = row["part"]
            yield from (f"### {part}", "")
        yield from (f"#### 7.{number + 1} `{row['module']}`", "", f"**{row['title']}.**", "")
        if row["text"]:
            yield from (row["text"], "")
        yield from _below(row)


def _below(row: Data) -> Iterator[str]:
    """What stands under a submodel's text: the values it reads, and its compiled functions."""
    if row["values"]:
        yield from (f"*Values:* {', '.join(f'[{name}](#values-{name})' for name in row['values'])}", "")
    if row["kernels"]:
        yield from (*(f"* `{name}`: {said}" for name, said in row["kernels"].items()), "")


def _parameters(data: Data) -> Iterator[str]:
    yield from ("### Parameters", "", words.PARAMETERS, "")
    yield from _table(
        data["values_by_section"], section=_code, values=None, sourced=None, calibrated=None, assumed=None
    )
    yield from _beside(data)
    for section in _sections(data):
        yield from (f"#### Values: {section}", "", *_section(data, section))
    yield from ("### Sources of the parameters", "")
    yield from _table(data["sources"], source=_code, title=None, url=_link, checked=None, used=None)


def _sections(data: Data) -> list[str]:
    """Sections with values in the order of the file, those that only link words among them."""
    found = [row["section"] for row in data["values_by_section"]]
    return [*found, *(name for name in ("deserving", "calendar") if name not in found)]


def _section(data: Data, section: str) -> Iterator[str]:
    head = f"{section}."
    rows = [{**row, "name": row["name"].removeprefix(head), "range": f"{_number(row['low'])} to {_number(row['high'])}"}
            for row in data["parameters"] if row["name"].startswith(head)]  # fmt: skip
    if section == "deserving":
        yield from _table(data["definitions"], definition=_code, gravity_from=None, able_to_pay=_yes)
    elif section == "calendar" and not rows:
        yield from ("None in the set `default`.", "")
    yield from _table(rows, name=_code, value=_number, unit=None, range=None, source=_code, status=None, evidence=None,
                      note=None)  # fmt: skip


def _beside(data: Data) -> Iterator[str]:
    """What the assumptions say in words and lists beside single numbers."""
    yield from ("#### Words of conduct", "")
    yield from _table(data["conduct"], word=_code, context=None, kind=None, gravity=None, family=None, profile=_code,
                      mistaken_for=_code, debt=_code)  # fmt: skip
    yield from (
        "#### Services of persons",
        "",
        "Rival services have no queue yet: their measures are counted alone.",
        "",
    )
    yield from _table(data["services"], service=_code, level=None, rival=_yes, field=None, profile=_code)
    yield from ("#### Classes of debt", "", *_table(data["debts"], debt=_code, payer=None))
    yield from ("#### Profiles", "", "Factors against a group with 1, in the order of the groups:", "")
    yield from _table(data["profiles"], profile=_code, title=None, age=_factors, sex=_factors, registration=_factors,
                      education=_factors, income=_factors, source=_code, status=None, evidence=None)  # fmt: skip


def _table(rows: Sequence[Data], /, **columns: Any) -> Iterator[str]:
    """A table of the named columns, each with a way to write it (None: as it is); nothing where there are no rows."""
    if not rows:
        return
    used = {name: write for name, write in columns.items() if any(row[name] not in ("", None) for row in rows)}
    yield _row(name.replace("_", " ") for name in used)
    yield "|" + "---|" * len(used)
    for row in rows:
        yield _row(_cell(row[name], write) for name, write in used.items())
    yield ""


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: Any, write: Any) -> str:
    if value is None or value == "":
        return ""
    text = str(write(value) if write else value)
    return " ".join(text.split()).replace("|", "\\|")


def _code(value: Any) -> str:
    return f"`{value}`"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _integer(value: int) -> str:
    return f"{value:,}"


def _number(value: float) -> str:
    return format(Decimal(str(value)).normalize(), "f")


def _factors(values: Sequence[float]) -> str:
    return ", ".join(map(_number, values))


def _link(address: str) -> str:
    return f"<{address}>"
