"""Charts: tables in, a matplotlib figure out that carries its title, caption and numbers.

Each chart first makes a frame of what is drawn (``count_…``), then draws it (``plot_…``).
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.charts.composition import count_composition, plot_composition
from analysis.charts.focus import count_focus
from analysis.charts.focus_plot import plot_focus
from analysis.charts.issues import count_issues
from analysis.charts.issues_plot import plot_issues
from analysis.charts.sheet import Chart, ChartError
from analysis.codebook import Codebook

__all__ = [
    "FOCUSED",
    "Chart",
    "ChartError",
    "count_composition",
    "count_focus",
    "count_issues",
    "plot_composition",
    "plot_focus",
    "plot_issues",
    "plot_standard",
]

# Issues that get a picture of their own in every run, where the codebook has them.
FOCUSED = ("two_skins", "thin_staffing")


def plot_standard(
    tables: Mapping[str, pd.DataFrame],
    sources: Mapping[str, str],
    book: Codebook,
    *,
    note: str | None = None,
    role_note: str | None = None,
) -> dict[str, Chart]:
    """Draw the standard set.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        ``reports``, ``edits``, ``passages``, ``sentences``, ``mentions`` and ``rates`` (grouped by
        ``all``, ``report`` and ``level``).
    sources : mapping of str to str
        The source of each report.
    note, role_note : str, optional
        A sentence for the captions of issues and of roles, such as precision and recall.

    Returns
    -------
    dict of str to Chart
        By name of file, in the order of the index; empty where no report was read.
    """
    reports, passages, sentences, mentions, rates, edits = (
        tables[name] for name in ("reports", "passages", "sentences", "mentions", "rates", "edits")
    )
    if not (reports["status"] == "ok").any():
        return {}
    charts = {"issues_by_level": plot_issues(rates, reports, passages, book, note=note)}
    for issue in FOCUSED:
        if issue in set(book["issues"]["issue"]):
            charts[f"focus_{issue}"] = plot_focus(
                rates, reports, passages, sentences, mentions, book,
                issue=issue, sources=sources, edits=edits, note=note,
            )  # fmt: skip
    charts["composition"] = plot_composition(reports, passages, sentences, book, note=role_note)
    return charts
