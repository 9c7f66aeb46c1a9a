"""What a run says, as pages and pictures: HTML fragments, SVG figures, one file to send.

Numbers come from `report`, and are only worded and drawn here. Everything reads without scripts; nothing asks for
anything from elsewhere.
"""

from vitropolis.pages.compared import compared_view
from vitropolis.pages.compared_figures import figures_of_comparison
from vitropolis.pages.document import comparison_document, lives_told, run_document
from vitropolis.pages.export import KINDS, written
from vitropolis.pages.figures import FIGURES, figure_names, figure_of, figures_of
from vitropolis.pages.life import life_view
from vitropolis.pages.method import method_view
from vitropolis.pages.results import results_view
from vitropolis.pages.view import Figure, Table, View

__all__ = [
    "FIGURES", "KINDS", "Figure", "Table", "View", "compared_view", "comparison_document", "figure_names", "figure_of",
    "figures_of", "figures_of_comparison", "life_view", "lives_told", "method_view", "results_view", "run_document",
    "written",
]  # fmt: skip
