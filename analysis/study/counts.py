"""Counts with their denominators, in every group: as they are, for reading, and told."""

from __future__ import annotations

import pandas as pd

from analysis.compare import NOT_MENTIONED, UNKNOWN, cell_states, compare_rates, pick_stance
from analysis.display import label_table
from analysis.says import value_name
from analysis.study.pipeline import GROUPINGS
from analysis.vocabulary import KINDS


class Counts:
    """What a :class:`~analysis.study.study.Study` counts."""

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

    def counts(
        self, kind: str = "issue", *, by: str = "level", stance: str = "asserted"
    ) -> pd.DataFrame:
        """Count every issue, theme or role (rows) in every group (columns), the commonest first.

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
            A row per key: ``问题表现`` (``主题``, ``角色`` or ``问题与对策``, as the kind is), then
            a column per group. A cell gives reports and passages with their denominators, as “3/4
            份， 5/20 段”, or 未提到, or 无从判断; where a group is a report, passages only.

        Raises
        ------
        ChoiceError
            No such kind, column or stance.
        """
        kind, by, stance = self.key("kind", kind), self.key("by", by), self.key("stance", stance)
        totals = pick_stance(self.rates(by="all"), kind, stance)
        common = ["reports_with", "passages_with"]
        order = totals.sort_values(common, ascending=False, kind="stable")["key"]
        rates = pick_stance(self.rates(by=by), kind, stance)
        rates = rates.assign(cell=_cells(rates))
        groups = list(dict.fromkeys(rates["group"]))
        table = rates.pivot(index="key", columns="group", values="cell")
        known = table.index.intersection(self.book.names)  # the codebook may be newer than the run
        table = table.loc[order[order.isin(known)], groups]
        table.columns = [value_name(by, group) for group in groups]
        table.insert(0, KINDS[kind], [self.book.names[key] for key in table.index])
        return table.reset_index(drop=True)

    def says(self, *, by: str = "level", stance: str = "asserted", **key: str) -> pd.DataFrame:
        """One issue or theme told in one sentence for each group: ``says(issue="两张皮")``.

        Parameters
        ----------
        by : str
            The grouping, see :meth:`~analysis.study.study.Study.rates`.
        stance : {"asserted", "addressed", "any"}
            Which mentions count.
        **key : str
            ``issue`` or ``theme``: exactly one of the two.

        Returns
        -------
        pandas.DataFrame
            A row per group: ``组``, ``一句话说明``, ``是否脆弱`` (是: with one report
            fewer it would say otherwise).

        Raises
        ------
        ChoiceError
            Neither or both of issue and theme, or a name that does not exist.
        """
        kind, key = self._which(**key)
        by, stance = self.key("by", by), self.key("stance", stance)
        rows = self.rates(kind, by=by)
        rows = rows[(rows["key"] == key) & (rows["stance"] == stance)]
        groups = [value_name(by, group) for group in rows["group"]]
        return label_table(rows[["says", "fragile"]]).assign(组=groups)[
            ["组", "一句话说明", "是否脆弱"]
        ]

    def _grouped(self, columns: list[str]) -> dict[str, pd.DataFrame]:
        """The tables, with the rates of groupings that a run does not make by itself."""
        t = self.tables
        parts = [t[name] for name in ("reports", "passages", "sentences", "mentions")]
        more = [compare_rates(*parts, self.book, by=c) for c in columns if c not in GROUPINGS]
        return t | {"rates": pd.concat([t["rates"], *more], ignore_index=True)} if more else t


def _cells(rates: pd.DataFrame) -> list[str]:
    """“3/4 份，5/20 段（另 1 份无从判断）”; reports are not counted where a group is a report."""
    texts = []
    for row, state in zip(rates.itertuples(), cell_states(rates), strict=True):
        if state == UNKNOWN:
            texts.append(state)
            continue
        reports = "" if row.by == "report" else f"{row.reports_with}/{row.reports} 份，"
        counted = f"{reports}{row.passages_with}/{row.passages} 段"
        unknown = f"（另 {row.reports_unknown} 份{UNKNOWN}）" if row.reports_unknown else ""
        absent = "没有" if row.kind in ("role", "link") else NOT_MENTIONED
        texts.append((absent if state == NOT_MENTIONED else counted) + unknown)
    return texts
