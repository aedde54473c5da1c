"""Charts: tables in, a matplotlib figure out that carries its title, caption and numbers.

Each chart first makes a frame of what is drawn (``count_…``), then draws it (``plot_…``).
"""

from __future__ import annotations

from collections.abc import Mapping

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
) -> dict[str, Chart]:
    """Draw the standard set.

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

    Returns
    -------
    dict of str to Chart
        By name of file, in the order of the index; empty where no report was read.
    """
    reports, passages, sentences, mentions, rates, themes = (
        tables[n] for n in ("reports", "passages", "sentences", "mentions", "rates", "themes")
    )
    notes = notes or {}
    read = reports.loc[reports["status"] == "ok", "report"]
    if read.empty:
        return {}

    def matrix(kind: str, note: str) -> Chart:
        options = {"kind": kind, "themes": themes, "note": notes.get(note)}
        return plot_matrix(rates, reports, passages, book, **options)

    many = NO_PROFILES if len(read) > PROFILES_UP_TO else ""
    charts = {
        "composition": plot_composition(
            reports, passages, sentences, book, note=many + notes.get("role", "")
        ),
        "themes_by_level": matrix("theme", "theme"),
        "issues_by_level": matrix("issue", "issue"),
        "cooccurrence": plot_cooccurrence(
            mentions, passages, reports, book, note=notes.get("issue")
        ),
    }
    for issue in FOCUSED:
        if issue in set(book["issues"]["issue"]):
            charts[f"focus_{issue}"] = plot_focus(
                rates, reports, passages, sentences, mentions, book, issue=issue,
                sources=sources, edits=tables["edits"], note=notes.get("issue"),
            )  # fmt: skip
    charts["countermeasures_by_theme"] = matrix("answer", "theme")
    linked = plot_links(tables, book, note=notes.get("link"))
    charts |= {"links_by_theme": linked} if linked else {}
    if "copies" in tables:
        charts["copies"] = plot_copies(tables, note=notes.get("copies"))
    charts["stability"] = plot_stability(themes, reports, passages, book, note=notes.get("theme"))
    for report in [] if many else sorted(read):
        page = plot_profile(tables, sources, book, report=report, note=notes.get("issue"))
        charts[f"profile_{report}"] = page
    return charts
