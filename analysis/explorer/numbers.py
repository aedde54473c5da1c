"""Numbers that answer: marks with counts and denominators, and the sentences behind each."""

from __future__ import annotations

import contextlib
import io

import pandas as pd

from analysis import figures
from analysis.compare import MENTIONED, NOT_MENTIONED, UNKNOWN, cell_states
from analysis.explorer.words import text
from analysis.export.pictures import save_chart, save_frame
from analysis.says import column_name, value_name
from analysis.schema import own_columns
from analysis.study.names import ALL, GROUPED_BY
from analysis.vocabulary import KINDS, LINK_STATES, RATE_STANCES

# How a mark looks: three states, told by words as well as by colour.
STATES = {MENTIONED: "some", NOT_MENTIONED: "none", UNKNOWN: "unknown"}
WITH_STANCES = ("issue", "theme")
CHARTS = {
    "issue": figures.plot_issues,
    "theme": figures.plot_themes,
    "role": figures.plot_composition,
    "link": figures.plot_answers,
}


class Numbers:
    """What :class:`~analysis.explorer.answers.Answers` counts."""

    def number_choices(self) -> dict[str, list]:
        """What can be counted, by which column, in which stance."""
        own = own_columns("reports", self.study.reports.columns)
        names = {"report": "报告", ALL: "全部报告"}
        columns = [(c, names.get(c) or column_name(c)) for c in (*GROUPED_BY, *own, ALL)]
        stances = [["any", "不论态度"] if s == "any" else [s, n] for s, n in RATE_STANCES.items()]
        return {
            "kind": [*map(list, KINDS.items())],
            "by": [*map(list, columns)],
            "rate_stance": stances,
        }

    def counts(self, kind: str = "issue", by: str = "level", stance: str = "asserted") -> dict:
        """Every issue, theme, role or link in every group: one cell with state, counts, sentence.

        The commonest stand first. A cell is 提到, 未提到 or 无从判断.
        """
        rates = self._rates(kind, by, stance)
        rates = rates.assign(state=cell_states(rates))
        whole = self._rates(kind, ALL, stance).set_index("key")
        common = whole.sort_values(
            ["reports_with", "passages_with"], ascending=False, kind="stable"
        ).index
        groups, names = list(dict.fromkeys(rates["group"])), self.study.book.names | LINK_STATES
        cells = {key: rows.set_index("group").loc[groups] for key, rows in rates.groupby("key")}
        rows = [
            {
                "key": key,
                "name": names.get(key, key),
                "cells": [_cell(row) for row in cells[key].reset_index().itertuples()],
            }
            for key in common
        ]
        heads = [value_name(by, group) for group in groups]
        return {"groups": heads, "rows": rows, "stances": kind in WITH_STANCES}

    def _rates(self, kind: str, by: str, stance: str) -> pd.DataFrame:
        rates = self.study.rates(kind, by=by)
        if kind == "link":  # each of its keys has one stance
            return rates
        return rates[rates["stance"] == (stance if kind in WITH_STANCES else "any")]

    def quotes(self, rate: str) -> dict:
        """The sentences behind one count."""
        found = self.study.quotes(rate)
        rates = self.study._behind(rate)["rates"]
        says = rates.loc[rates["rate"] == rate, "says"].iloc[0]
        columns = ["report", "heading_path", "sentence", "marked", "role", "stance", "doubt"]
        rows = [
            {column: text(value) for column, value in zip(columns, row, strict=True)}
            for row in found[columns].itertuples(index=False)
        ]
        return {"rate": rate, "says": says, "rows": rows}

    def save_counts(self, kind: str, by: str, stance: str, **picked: str) -> dict:
        """Write the marks as a table to ``figures/``."""
        asked = self.counts(kind, by, stance)
        rows = [[row["name"], *(cell["told"] for cell in row["cells"])] for row in asked["rows"]]
        table = pd.DataFrame(rows, columns=[KINDS[kind], *asked["groups"]])
        return self._save_frame(table, f"数_{self._name(kind, by, stance)}")

    def save_quotes(self, rate: str, **asked: str) -> dict:
        """Write the sentences behind one mark to ``figures/``."""
        table = self.study.quotes(rate)
        return self._save_frame(table, f"引文_{rate.replace('/', '_')}")

    def save_picture(self, kind: str, by: str, stance: str, key: str = "", **picked: str) -> dict:
        """Write a chart of the marks to ``figures/``; of one issue where its mark was clicked."""
        if kind == "issue" and key:
            chart, name = figures.plot_focus(self.study, key, by=by), self.study.book.names[key]
        else:
            chart, name = CHARTS[kind](self.study, by=by), KINDS[kind]
        with contextlib.redirect_stdout(io.StringIO()):  # the panel says it
            paths = save_chart(chart, f"图_{name}_{column_name(by)}", self.study.workspace.figures)
        return {"saved": "、".join(map(str, paths))}

    def _save_frame(self, table: pd.DataFrame, name: str) -> dict:
        return {"saved": str(save_frame(table, name, self.study.workspace.figures))}

    def _name(self, kind: str, by: str, stance: str) -> str:
        parts = [KINDS[kind], "全部" if by == ALL else column_name(by)]
        return "_".join([*parts, RATE_STANCES[stance]] if kind in WITH_STANCES else parts)


def _cell(row) -> dict:
    """“3/4 份 · 5/20 段”; a report as a group is one report, so only its passages are counted."""
    reports = "" if row.by == "report" else f"{row.reports_with}/{row.reports} 份 · "
    counted = f"{reports}{row.passages_with}/{row.passages} 段"
    told = counted if row.state == MENTIONED else row.state
    return {"rate": row.rate, "kind": STATES[row.state], "told": told, "says": row.says}
