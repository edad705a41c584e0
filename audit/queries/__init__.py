"""Asking the log: lines newest first, page by page; how many there are; what there is to ask for."""

from audit.queries.counts import MOST, Bar, Choices, Totals, bars, choices, totals
from audit.queries.lines import PAGE, Page, Row, lines, page
from audit.queries.question import Place, Question

__all__ = [
    "MOST",
    "PAGE",
    "Bar",
    "Choices",
    "Page",
    "Place",
    "Question",
    "Row",
    "Totals",
    "bars",
    "choices",
    "lines",
    "page",
    "totals",
]
