"""The tables of one run, and the questions an analyst asks of them."""

from __future__ import annotations

import pandas as pd

from analysis.codebook import Codebook
from analysis.compare import compare_rates
from analysis.display import show
from analysis.evidence import quotes, trace
from analysis.study.pipeline import GROUPINGS
from analysis.workspace import Workspace


class Study:
    """The tables of one run, with the questions an analyst asks of them.

    Attributes
    ----------
    workspace : Workspace
    book : Codebook
    tables : dict of str to pandas.DataFrame
        Also as attributes: ``study.reports``, ``study.passages`` …
    sources : dict of str to str
        The text of each report, as read.
    """

    def __init__(self, workspace: Workspace, book: Codebook, tables, sources, remarks=()):
        self.workspace, self.book = workspace, book
        self.tables, self.sources, self.remarks = tables, sources, list(remarks)

    def __getattr__(self, name: str):
        tables = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise AttributeError(f"Study 没有 “{name}”；表有：{'、'.join(tables)}")

    def __repr__(self) -> str:
        ok = int((self.tables["reports"]["status"] == "ok").sum())
        return f"Study（{ok} 份报告，{len(self.tables['passages'])} 段）"

    def rates(self, kind: str | None = None, *, by: str = "level") -> pd.DataFrame:
        """Counts with denominators: rows of ``rates`` of one kind, grouped by a column.

        Parameters
        ----------
        kind : {"issue", "theme", "role"}, optional
            All kinds where missing.
        by : str
            ``level``, ``report``, ``all`` or any other column of ``reports``.
        """
        rates = self.tables["rates"]
        if by not in GROUPINGS:
            t = self.tables
            rates = compare_rates(
                t["reports"], t["passages"], t["sentences"], t["mentions"], self.book, by=by
            )
        rates = rates[rates["by"] == by]
        if kind is not None:
            rates = rates[rates["kind"] == kind]
        return rates.reset_index(drop=True)

    def quotes(
        self,
        rate: str | None = None,
        *,
        issue: str | None = None,
        theme: str | None = None,
        level: str | None = None,
        report: str | None = None,
        stance: str = "any",
    ) -> pd.DataFrame:
        """The sentences behind a count, named by its id or by issue or theme and group."""
        if rate is None:
            group = f"report/{report}" if report else f"level/{level}" if level else "all/all"
            key = f"issue/{issue}" if issue else f"theme/{theme}"
            rate = f"{group}/{key}/{stance}"
        return quotes(rate, self.tables, self.sources, names=self.book.names)

    def show(self, frame: pd.DataFrame | str):
        """A table, by name or as a selection of one, for reading in a notebook: in Chinese."""
        frame = self.tables[frame] if isinstance(frame, str) else frame
        return show(frame, self.book.names)

    def trace(self, rate: str) -> str:
        """A count in words, then every sentence behind it with report and heading path."""
        return trace(rate, self.tables, self.sources, names=self.book.names)
