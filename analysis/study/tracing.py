"""From a count to the sentences behind it."""

from __future__ import annotations

import pandas as pd

from analysis.evidence import find_evidence
from analysis.quoting import quotes, trace
from analysis.says import column_name
from analysis.study.names import ChoiceError

WHICH = '请写明一个问题表现或一个主题，例如 issue="两张皮" 或 theme="党建业务融合"。'


class Tracing:
    """What a :class:`~analysis.study.study.Study` shows behind a count, and how one is named."""

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
