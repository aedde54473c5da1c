"""Figures from one point in time to the next: years, groups of the catalogue, runs kept."""

from __future__ import annotations

import itertools

import pandas as pd

from analysis.compare import compare_rates
from analysis.counting import group_reports
from analysis.history import find_run, list_kept, read_run
from analysis.says import column_name, value_name
from analysis.study.names import KIND_OF_TABLE

RUNS = ("runs", "留存")
NOW = "本次"


class Times:
    """Questions of time that a :class:`~analysis.study.Study` answers."""

    def rates_over_time(
        self,
        *,
        issue: str | None = None,
        theme: str | None = None,
        by: str = "date",
        runs: list[str] | None = None,
    ) -> tuple[str, str, pd.DataFrame, dict[str, str]]:
        """Count one issue or theme at each point in time.

        Parameters
        ----------
        issue, theme : str, optional
            What is counted: exactly one of the two.
        by : str
            ``date``: the year of each report; any other column; or ``runs``: the runs kept.
        runs : list of str, optional
            Names of kept runs, in this order; where ``by`` is ``runs``, all of them where missing.

        Returns
        -------
        kind, name : str
            ``issue`` or ``theme``, and what it is called.
        rates : pandas.DataFrame
            Rows of ``rates`` with ``point``, what the point is called; with ids only where the last
            run has such groups.
        words : dict of str to str
            ``what`` the points are, and ``extra``: what is to be said of them.

        Raises
        ------
        ChoiceError
            Neither or both of issue and theme, or a name that does not exist.
        ResultsError
            No run was kept under such a name, or its files are not whole.
        """
        kind, key = self._which(issue=issue, theme=theme)
        row = self.book[KIND_OF_TABLE[kind]].set_index(kind).loc[key]
        if runs is not None or by in RUNS:
            rates, extra = _of_runs(self, runs)
            what = "每一列是一次分析的全部报告"
        else:
            by = self.key("by", by)
            rates, extra = _of_times(self, by)
            what = (
                "每一列是同一年的报告" if by == "date" else f"每一列是{column_name(by)}相同的报告"
            )
        rates = rates[(rates["kind"] == kind) & (rates["key"] == key)]
        return kind, row.get("short", row["name"]), rates, {"what": what, "extra": extra}


def _of_times(study, by: str) -> tuple[pd.DataFrame, str]:
    """Rates by a column, dates by their year; no ids for years, since a run has no such groups."""
    t = study.tables
    reports = t["reports"]
    if by == "date":
        reports = reports.assign(date=reports["date"].str[:4])
    parts = (t[name] for name in ("passages", "sentences", "mentions"))
    rates = compare_rates(reports, *parts, study.book, by=by)
    sizes = group_reports(reports, by).value_counts(sort=False)
    year = "年" if by == "date" else ""
    names = {g: value_name(by, g) + year * g.isdigit() for g in sizes.index}
    rates = rates.assign(point=rates["group"].map(names))
    sizes = "、".join(f"{names[group]} {n} 份" for group, n in sizes.items())
    return rates.drop(columns="rate") if by == "date" else rates, f"{sizes}。"


def _of_runs(study, runs: list[str] | None) -> tuple[pd.DataFrame, str]:
    """Rates of all reports in the runs kept; who is in several of them, and what else differed."""
    results = study.workspace.results
    names = list_kept(results) if runs is None else list(runs)
    found = {name: read_run(find_run(results, name)) for name in names}
    if runs is None:
        last = read_run(results)
        if not found or [*found.values()][-1].inputs != last.inputs:
            found[NOW] = last
    frames = [
        run.frames["rates"].query("by == 'all'").assign(point=name) for name, run in found.items()
    ]
    said = []
    for (old, before), (new, now) in itertools.pairwise(found.items()):
        files = [set(run.inputs.get("reports", {}).items()) for run in (before, now)]
        same = {sha for _, sha in files[0]} & {sha for _, sha in files[1]}
        said.append(f"“{new}”的 {len(files[1])} 份报告中有 {len(same)} 份“{old}”也有")
        if any(before.inputs.get(n) != now.inputs.get(n) for n in ("codebook", "code")):
            said.append(f"两次之间编码手册或程序有改动，“{old}”与“{new}”的差别也可能出自这里")
    extra = f"{'；'.join(said)}。" if said else ""
    return pd.concat(frames, ignore_index=True), extra
