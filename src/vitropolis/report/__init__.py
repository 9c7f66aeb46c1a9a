"""What a run found, for readers: headlines with counts, rules and lines; `result.json`; the printed page."""

from vitropolis.report.headlines import HEADLINES, METHODS, found, headlines, headlines_of, values
from vitropolis.report.lines import page_of, report_lines
from vitropolis.report.question import Driver, Found, Headline
from vitropolis.report.result import Result, as_data, make_result, result_of, result_schema, write_result
from vitropolis.report.totals import Totals, totals_in, totals_of

__all__ = [
    "HEADLINES", "METHODS", "Driver", "Found", "Headline", "Result", "Totals", "as_data", "found", "headlines",
    "headlines_of", "make_result", "page_of", "report_lines", "result_of", "result_schema", "totals_in", "totals_of",
    "values", "write_result",
]  # fmt: skip
