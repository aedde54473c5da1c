"""The tables of one run, and the questions an analyst asks of them."""

from __future__ import annotations

import pandas as pd

from analysis.codebook import Codebook
from analysis.display import label_table, show
from analysis.errors import MissingName
from analysis.study.answered import Answered
from analysis.study.correcting import Correcting
from analysis.study.counts import Counts
from analysis.study.describe import as_html, as_text
from analysis.study.doubtful import Doubtful
from analysis.study.names import find_key
from analysis.study.repeats import Repeats
from analysis.study.reports import Reports
from analysis.study.robust import Robust
from analysis.study.times import Times
from analysis.study.tracing import Tracing
from analysis.study.trust import Trust
from analysis.study.updates import Markdown, read_note
from analysis.workspace import Workspace


class Study(
    Reports, Counts, Tracing, Answered, Doubtful, Times, Robust, Repeats, Trust, Correcting
):
    """The tables of one run, with the questions an analyst asks of them.

    Issues, themes, roles, levels, stances, groupings and reports may be named by key or in Chinese.

    Attributes
    ----------
    workspace : Workspace
        Where the run read and wrote.
    book : Codebook
        The codebook it used; ``book.names`` has the Chinese names of all keys.
    tables : dict of str to pandas.DataFrame
        Also as attributes: ``study.reports``, ``study.passages`` …
        ``stale_corrections`` has the analyst's decisions that the run could not apply, with the
        reason; ``study.corrections`` reads all of them from their file.
    sources : dict of str to str
        The text of each report, as read.
    remarks, notes : list of str
        On what a person entered about the reports; on the clusters.
    stale : str
        What changed since the run, as a sentence; empty where nothing did.
    scope : str
        What is not counted, as a sentence for captions; empty where everything is.
    whole : Study
        The study of all passages, whose labels are compared with a person's.

    Raises
    ------
    ChoiceError
        Where a method is given a name that does not exist; the message offers those that do.
    MissingName
        Where there is no such attribute and no such table.
    """

    def __init__(
        self, workspace: Workspace, book: Codebook, tables, sources, remarks=(), notes=(), stale=""
    ):
        self.workspace, self.book = workspace, book
        self.tables, self.sources = tables, sources
        self.remarks, self.notes, self.stale = list(remarks), list(notes), stale
        self.scope, self.whole = "", self

    def __getattr__(self, name: str):
        tables = self.__dict__.get("tables", {})
        if name in tables:
            return tables[name]
        raise MissingName(f"Study 没有“{name}”；表有：{'、'.join(tables)}。")

    def __repr__(self) -> str:
        return as_text(self)

    def _repr_html_(self) -> str:
        return as_html(self)

    def update_note(self) -> Markdown:
        """“本次更新说明”: what changed against the last run with other inputs, and why.

        Returns
        -------
        Markdown
            A string that a notebook shows formatted, as ``changes.md`` has it.
        """
        return read_note(self.workspace)

    def key(self, what: str, value) -> str:
        """The key of what the analyst named, see :func:`~analysis.study.names.find_key`.

        Parameters
        ----------
        what : str
            ``issue``, ``theme``, ``role``, ``kind``, ``stance``, ``by``, ``level`` or ``report``.
        value : str or int
            A key or a Chinese name; of a report also its file, title or number in the overview.

        Returns
        -------
        str
            The key, as the tables have it.

        Raises
        ------
        ChoiceError
            Nothing, or more than one thing, is called so.
        """
        return find_key(what, value, self.tables["reports"], self.book)

    def show(self, frame: pd.DataFrame | str, rows: int | None = None):
        """A table, by name or as a selection of one, for reading in a notebook: in Chinese.

        Parameters
        ----------
        frame : pandas.DataFrame or str
            A table, or the name of one of :attr:`tables`.
        rows : int, optional
            How many rows are shown at most; 40 where missing.

        Returns
        -------
        pandas.io.formats.style.Styler
            Chinese column names and values, two decimals, a note above where there is one.

        Raises
        ------
        MissingName
            There is no table of this name.
        """
        if isinstance(frame, str):
            name, frame = frame, getattr(self, frame)
            if name == "clusters" and self.notes:
                frame = frame.copy()
                frame.attrs["note"] = "；".join(self.notes)
        return show(frame, self.book.names, **({} if rows is None else {"rows": rows}))

    def _of(self, table: str, report: str | int | None) -> pd.DataFrame:
        """The rows of one report, of all where none is named."""
        rows = self.tables[table]
        return rows if report is None else rows[rows["report"] == self.key("report", report)]

    def _label(self, rows: pd.DataFrame) -> pd.DataFrame:
        return label_table(rows, self.book.names)
