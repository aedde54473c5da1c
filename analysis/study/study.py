"""The tables of one run, and the questions an analyst asks of them."""

from __future__ import annotations

import pandas as pd

from analysis.codebook import Codebook
from analysis.compare import compare_rates
from analysis.display import show
from analysis.errors import MissingName
from analysis.evidence import find_evidence, quotes, trace
from analysis.says import column_name
from analysis.study.correcting import Correcting
from analysis.study.describe import as_html, as_text
from analysis.study.names import ChoiceError, find_key
from analysis.study.pipeline import GROUPINGS
from analysis.study.robust import Robust
from analysis.study.times import Times
from analysis.study.trust import Trust
from analysis.study.updates import Markdown, read_note
from analysis.study.views import Views
from analysis.workspace import Workspace

WHICH = '请写明一个问题表现或一个主题，例如 issue="两张皮" 或 theme="党建业务融合"。'


class Study(Views, Times, Robust, Trust, Correcting):
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

    def rates(self, kind: str | None = None, *, by: str = "level") -> pd.DataFrame:
        """Counts with denominators: rows of ``rates`` of one kind, grouped by a column.

        Parameters
        ----------
        kind : {"issue", "theme", "role", "link"}, optional
            All kinds where missing.
        by : str
            ``level``, ``report``, ``all``, ``genre``, ``region``, ``issuer``, ``date`` or a
            column that a person added to ``data/reports.csv``.

        Returns
        -------
        pandas.DataFrame
            Rows of ``rates``, zeros included: numbers of reports, passages, sentences and
            characters.

        Raises
        ------
        ChoiceError
            No such kind or column.
        """
        by = self.key("by", by)
        rates = self._grouped([by])["rates"]
        rates = rates[rates["by"] == by]
        if kind is not None:
            rates = rates[rates["kind"] == self.key("kind", kind)]
        return rates.reset_index(drop=True)

    def quotes(self, rate: str | None = None, **question) -> pd.DataFrame:
        """The sentences behind a count, named by its id or by a question.

        Parameters
        ----------
        rate : str, optional
            Id of a row of ``rates``.
        **question : str or int
            In place of the id, see :meth:`rate_id`.

        Returns
        -------
        pandas.DataFrame
            A row per sentence, in the order of the reports: ``rate``, ``report``, ``title``,
            ``level``, ``heading_path``, ``start`` and ``end`` (characters of the source), ``quote``
            (as printed), ``marked`` (the mentions in 【】), ``role``, ``stance``, ``pattern``,
            ``doubt`` (labels with little behind them), ``sentence``.

        Raises
        ------
        ChoiceError
            The question names something that does not exist.
        RateError
            There is no count with this id; the message offers the nearest ones.
        """
        rate = rate or self.rate_id(**question)
        return quotes(rate, self._behind(rate), self.sources, names=self.book.names)

    def trace(self, rate: str | None = None, **question) -> str:
        """A count in words, then every sentence behind it with report and heading path.

        Parameters
        ----------
        rate : str, optional
            Id of a row of ``rates``.
        **question : str or int
            In place of the id, see :meth:`rate_id`.

        Returns
        -------
        str
            Lines in Chinese; places are characters of the source.

        Raises
        ------
        ChoiceError
            The question names something that does not exist.
        RateError
            There is no count with this id; the message offers the nearest ones.
        """
        rate = rate or self.rate_id(**question)
        return trace(rate, self._behind(rate), self.sources, names=self.book.names)

    def _grouped(self, columns: list[str]) -> dict[str, pd.DataFrame]:
        """The tables, with the rates of groupings that a run does not make by itself."""
        t = self.tables
        parts = [t[name] for name in ("reports", "passages", "sentences", "mentions")]
        more = [compare_rates(*parts, self.book, by=c) for c in columns if c not in GROUPINGS]
        return t | {"rates": pd.concat([t["rates"], *more], ignore_index=True)} if more else t

    def _behind(self, rate: str | list[str]) -> dict[str, pd.DataFrame]:
        """The tables with rates and evidence of the groupings that these ids begin with."""
        ids = [rate] if isinstance(rate, str) else list(rate)
        reports = self.tables["reports"]
        known = [c for c in reports.columns if any(one.startswith(f"{c}/") for one in ids)]
        tables = self._grouped(known)
        if tables is self.tables:
            return tables
        more = tables["rates"][len(self.tables["rates"]) :]
        parts = [tables[name] for name in ("reports", "passages", "sentences", "mentions")]
        evidence = [tables["evidence"], find_evidence(more, *parts)]
        return tables | {"evidence": pd.concat(evidence, ignore_index=True)}

    def rate_id(
        self,
        *,
        issue: str | None = None,
        theme: str | None = None,
        level: str | None = None,
        report: str | int | None = None,
        by: str | None = None,
        group: str | None = None,
        stance: str = "any",
    ) -> str:
        """The id of a count: of an issue or a theme, in all reports, a level or one report.

        Parameters
        ----------
        issue, theme : str, optional
            What is counted: exactly one of the two.
        level : str, optional
            Only the reports of this level; county and district are one.
        report : str or int, optional
            Only this report, whatever its level.
        by, group : str, optional
            Any other group, by its column and value: ``by="片区", group="东片"``; only together.
        stance : {"any", "asserted", "addressed"}
            Which mentions count.

        Returns
        -------
        str
            As ``level/county/issue/two_skins/asserted``.

        Raises
        ------
        ChoiceError
            Neither or both of issue and theme, only one of by and group, or a name that does not
            exist.
        """
        kind, key = self._which(issue=issue, theme=theme)
        place = "all/all"
        if report is not None:
            place = f"report/{self.key('report', report)}"
        elif level is not None and self.key("level", level) != "all":
            place = f"level/{self.key('level', level)}"
        elif by is not None or group is not None:
            place = self._place(by, group)
        return f"{place}/{kind}/{key}/{self.key('stance', stance)}"

    def _place(self, by: str | None, group: str | None) -> str:
        """A group as ids begin with it; a column without a group means nothing, nor the reverse."""
        if by is None:
            raise ChoiceError(f"“{group}”是哪一列的？请同时写明 by，例如 by=…, group=“{group}”。")
        by = self.key("by", by)
        if group is None:
            groups = "、".join(dict.fromkeys(self.rates(by=by)["group"]))
            raise ChoiceError(
                f"请写明是“{column_name(by)}”的哪一组，例如 group=…；可用：{groups}。"
            )
        return f"{by}/{group}"

    def _which(self, *, issue: str | None = None, theme: str | None = None) -> tuple[str, str]:
        """Kind and key of the one thing asked about."""
        if (issue is None) == (theme is None):
            raise ChoiceError(WHICH)
        kind, value = ("issue", issue) if theme is None else ("theme", theme)
        return kind, self.key(kind, value)

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
