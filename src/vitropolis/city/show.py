"""What `vitropolis city show` and `city list` say: margins with their deviation, model tables apart."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from vitropolis.city.check import Margin, margins
from vitropolis.city.city import City
from vitropolis.city.tables import CityTables, library, load_tables

WIDTH = 80
MARK = "Synthetic city, no real people"


def show_data(tables: CityTables, city: City) -> dict[str, Any]:
    """Return what is known of a built city as plain dicts and lists (for JSON)."""
    return {
        "mark": MARK,
        "city": tables.name,
        "title": tables.title,
        "population": tables.population,
        "size": city.n,
        "seed": city.seed,
        "digest": city.digest,
        "legal_units": int(city.firm_size.size),
        "employed": int((city.sector > 0).sum()),
        "controlled": [_margin(margin) for margin in margins(tables, city)],
        "model": [
            {"table": table.name, "unit": table.entry.unit, "year": table.entry.year, "status": table.entry.status,
             "rule": table.entry.rule, "rows": len(table.data.rows)}
            for table in tables.tables.values() if table.entry.kind == "model"
        ],
    }  # fmt: skip


def _margin(margin: Margin) -> dict[str, Any]:
    rows = zip(margin.labels, margin.published, margin.target, margin.built, strict=True)
    return {
        "table": margin.name, "unit": margin.unit, "year": margin.year, "source": margin.source,
        "status": margin.status, "note": margin.note, "deviation": margin.deviation,
        "rows": [
            {"label": label, "published": published, "target": target, "built": built, "deviation": built - target}
            for label, published, target, built in rows
        ],
    }  # fmt: skip


def show_lines(tables: CityTables, city: City) -> list[str]:
    """Return the same as lines of at most 80 columns."""
    data = show_data(tables, city)
    off = sum(margin["deviation"] for margin in data["controlled"])
    lines = [
        f"{data['title']}: {city.n:,} synthetic residents, seed {city.seed}",
        f"{MARK}. City {city.digest[:8]}, {data['legal_units']:,} legal units, {data['employed']:,} employed.",
        "",
        f"CONTROLLED MARGINS (published; {'all met exactly' if off == 0 else f'off by {off}'})",
    ]
    for margin in data["controlled"]:
        lines += _margin_lines(margin)
    lines += ["", "MODEL TABLES (our assumptions: nobody published these relations)"]
    for table in data["model"]:
        lines.append(f"  {table['table']} ({table['status']}, {table['rows']} rows)")
        lines += _wrapped(table["rule"], 4)
    return lines


def _margin_lines(margin: dict[str, Any]) -> list[str]:
    title = f"{margin['table'].replace('_', ' ')} ({margin['unit']}, {margin['year']})"
    lines = ["", f"{title:<34}{'published':>12}{'target':>12}{'built':>12}{'off':>8}"]
    for row in margin["rows"]:
        off = f"{row['deviation']:+,}" if row["deviation"] else "exact"
        numbers = f"{row['published']:>12,}{row['target']:>12,}{row['built']:>12,}{off:>8}"
        lines.append(f"  {row['label'][:31]:<32}{numbers}")
    lines += _wrapped(f"source: {margin['source']}", 2)
    return lines + (_wrapped(f"note: {margin['note']}", 2) if margin["note"] else [])


def _wrapped(text: str, indent: int) -> list[str]:
    space = " " * indent
    return wrap(text, WIDTH, initial_indent=space, subsequent_indent=space, break_on_hyphens=False)


def list_data() -> list[dict[str, Any]]:
    """Return name, title, population and number of areas of every city in the library."""
    found = [load_tables(name) for name in library()]
    return [
        {"name": city.name, "title": city.title, "population": city.population, "areas": len(city.areas)}
        for city in found
    ]


def list_lines() -> list[str]:
    """Return one line of at most 80 columns for every city in the library."""
    return [
        f"{city['name'][:16]:<16}  {city['title'][:34]:<34}  {city['population']:>12,}  {city['areas']:>3} areas"
        for city in list_data()
    ]
