"""Charts: tables in, a matplotlib figure out that carries its title, caption and numbers.

Each chart first makes a frame of what is drawn (``count_…``), then draws it (``plot_…``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from analysis.charts.composition import count_composition, plot_composition
from analysis.charts.cooccurrence import count_cooccurrence, plot_cooccurrence
from analysis.charts.copies import count_copies, plot_copies
from analysis.charts.focus import count_focus
from analysis.charts.focus_plot import plot_focus
from analysis.charts.links import plot_links
from analysis.charts.matrix import count_answers, count_matrix
from analysis.charts.matrix_plot import plot_matrix
from analysis.charts.over_time import count_over_time, plot_over_time
from analysis.charts.profile import count_profile
from analysis.charts.profile_plot import plot_profile
from analysis.charts.sheet import Chart, ChartError
from analysis.charts.stability import count_stability, plot_stability
from analysis.codebook import Codebook

__all__ = [
    "FOCUSED",
    "Chart",
    "ChartError",
    "count_answers",
    "count_composition",
    "count_cooccurrence",
    "count_copies",
    "count_focus",
    "count_matrix",
    "count_over_time",
    "count_profile",
    "count_stability",
    "plot_composition",
    "plot_cooccurrence",
    "plot_copies",
    "plot_focus",
    "plot_links",
    "plot_matrix",
    "plot_over_time",
    "plot_profile",
    "plot_stability",
    "plot_standard",
]

# Issues that get a picture of their own in every run, where the codebook has them.
FOCUSED = ("two_skins", "thin_staffing")
# With more reports a page for each would make a run long; they are drawn on request.
PROFILES_UP_TO = 24
NO_PROFILES = f"报告多于 {PROFILES_UP_TO} 份，各报告的简介页没有逐份画出，需要时另画。"


def plot_standard(
    tables: Mapping[str, pd.DataFrame],
    sources: Mapping[str, str],
    book: Codebook,
    *,
    notes: Mapping[str, str] | None = None,
) -> Iterator[tuple[str, Chart]]:
    """Draw the standard set, one chart after another: nobody holds them all.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        ``reports``, ``edits``, ``passages``, ``sentences``, ``mentions``, ``themes`` and ``rates``
        (grouped by ``all``, ``report`` and ``level``); ``links`` where problems were linked,
        ``copies`` where reports were compared.
    sources : mapping of str to str
        The source of each report.
    notes : mapping of str to str, optional
        Sentences for the captions, such as precision and recall, by what is tagged: ``issue``,
        ``theme``, ``role``.

    Yields
    ------
    (str, Chart)
        Name of file and chart, in the order of the index; none where no report was read.
    """
    reports, notes = tables["reports"], notes or {}
    read = reports.loc[reports["status"] == "ok", "report"]
    if read.empty:
        return
    issue, theme = notes.get("issue"), notes.get("theme")
    many = NO_PROFILES if len(read) > PROFILES_UP_TO else ""
    yield "composition", plot_composition(tables, book, note=many + notes.get("role", ""))
    yield "themes_by_level", plot_matrix(tables, book, kind="theme", note=theme)
    yield "issues_by_level", plot_matrix(tables, book, kind="issue", note=issue)
    yield "cooccurrence", plot_cooccurrence(tables, book, note=issue)
    for key in FOCUSED:
        if key in set(book["issues"]["issue"]):
            yield f"focus_{key}", plot_focus(tables, sources, book, issue=key, note=issue)
    yield "countermeasures_by_theme", plot_matrix(tables, book, kind="answer", note=theme)
    if linked := plot_links(tables, book, note=notes.get("link")):
        yield "links_by_theme", linked
    if "copies" in tables:
        yield "copies", plot_copies(tables, note=notes.get("copies"))
    yield "stability", plot_stability(tables, book, note=theme)
    for report in [] if many else sorted(read):
        page = plot_profile(tables, sources, book, report=report, note=issue)
        yield f"profile_{report}", page
