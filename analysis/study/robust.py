"""What rests on one report: spread over the reports, and the same counts with one left out."""

from __future__ import annotations

import pandas as pd

from analysis.compare import compare_rates, pick_stance
from analysis.dispersion import find_dispersion, leave_one_out
from analysis.display import label_table
from analysis.vocabulary import KINDS

TOO_FEW = "可判断的报告都少于 2 份，去掉一份就没有可数的了。"


class Robust:
    """Questions about how far the counts of a :class:`~analysis.study.Study` carry."""

    def dispersion(self, kind: str = "issue", *, stance: str = "asserted") -> pd.DataFrame:
        """How each issue, theme or role is spread over the reports, the commonest first.

        See :func:`analysis.dispersion.find_dispersion`.

        Parameters
        ----------
        kind : {"issue", "theme", "role", "link"}
            What is counted.
        stance : {"asserted", "addressed", "any"}
            Which mentions count; roles and links have no stance to choose.

        Returns
        -------
        pandas.DataFrame
            A row per key that occurs: ``问题表现`` (``主题``, ``角色`` or ``问题与对策``, as the
            kind is), ``提到的报告数``, ``可判断的报告数``, ``提到的段数``, ``段数``,
            ``段数最多的报告``, ``该报告的段数``, ``偏离度`` (0 evenly spread, towards 1 all in one
            report), ``一句话说明``.

        Raises
        ------
        ChoiceError
            No such kind or stance.
        """
        rows = find_dispersion(self._rows(self.tables["rates"], kind, stance))
        common = ["reports_with", "passages_with"]
        rows = rows.sort_values(common, ascending=False, kind="stable")
        return self._named(rows.drop(columns=["kind", "stance"]), kind)

    def leave_one_out(
        self, kind: str = "issue", *, by: str = "level", stance: str = "asserted"
    ) -> pd.DataFrame:
        """Each count with one report left out in turn: its range, and which report would flip it.

        See :func:`analysis.dispersion.leave_one_out`.

        Parameters
        ----------
        kind : {"issue", "theme", "role", "link"}
            What is counted.
        by : str
            The grouping, see :meth:`~analysis.study.study.Study.rates`.
        stance : {"asserted", "addressed", "any"}
            Which mentions count; roles and links have no stance to choose.

        Returns
        -------
        pandas.DataFrame
            A row per group of at least two reports and key that occurs there: ``组``, ``问题表现``
            (``主题``, ``角色`` or ``问题与对策``, as the kind is), ``提到的报告数``,
            ``可判断的报告数``, ``去掉一份后最低`` and ``去掉一份后最高`` (reports, as “1/3”),
            ``去掉哪份说法就变`` (empty: none). ``attrs["note"]`` says where no group is large
            enough.

        Raises
        ------
        ChoiceError
            No such kind, column or stance.
        """
        by, t = self.key("by", by), self.tables
        parts = [t[name] for name in ("reports", "passages", "sentences", "mentions")]
        without = {}
        for report in t["reports"].loc[t["reports"]["status"] == "ok", "report"]:
            fewer = [part[part["report"] != report] for part in parts]
            without[report] = self._rows(compare_rates(*fewer, self.book, by=by), kind, stance)
        rows = leave_one_out(self._rows(self.rates(by=by), kind, stance), without)
        rows = rows[rows["reports_with"] > 0].drop(columns=["rate", "by", "kind", "stance"])
        table = self._named(rows, kind)
        table.attrs["note"] = "" if len(rows) else TOO_FEW
        return table

    def _named(self, rows: pd.DataFrame, kind: str) -> pd.DataFrame:
        table = label_table(rows, self.book.names)
        return table.rename(columns={"键": KINDS[self.key("kind", kind)]})

    def _rows(self, rates: pd.DataFrame, kind: str, stance: str) -> pd.DataFrame:
        return pick_stance(rates, self.key("kind", kind), self.key("stance", stance))
