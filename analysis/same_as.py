"""What a person says in the catalogue of reports that may be one: which of them is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from analysis.cells import place
from analysis.reading import readable
from analysis.schema import suggest

APART = ("否", "no")  # a report of its own
LISTED = 10  # files that a message names


class SameAs(NamedTuple):
    """What the catalogue says of reports that may be one.

    Attributes
    ----------
    kept : dict of str to str
        Report that is left out → report that is counted.
    apart : set of str
        Reports that are said to be reports of their own.
    remarks : list of str
        One line of Chinese for each entry that names no report.
    """

    kept: dict[str, str]
    apart: set[str]
    remarks: list[str]


def read_same_as(
    catalogue: pd.DataFrame, reports: pd.DataFrame, where: str = "reports.csv"
) -> SameAs:
    """Read who is the same as whom from the column ``same_as`` of the catalogue.

    Parameters
    ----------
    catalogue : pandas.DataFrame
        Table ``catalogue``: a file or report in ``same_as``, or one of :data:`APART`.
    reports : pandas.DataFrame
        Table ``reports``, with byte twins, which stand for the file that was kept.
    """
    there = reports[reports["status"] == "ok"]
    known = {_key(name): row.report for row in there.itertuples() for name in row[1:3]}
    by_hash = dict(zip(there["sha256"], there["report"], strict=True))
    for row in reports[reports["status"] == "twin"].itertuples():
        same = by_hash.get(row.sha256, row.report)
        known |= {_key(row.report): same, _key(row.file): same}
    same: dict[str, str] = {}
    apart, remarks = set(), []
    entries = catalogue.reindex(columns=["file", "same_as"]).dropna()
    for at, file, said in entries.itertuples():
        report, other = known.get(_key(file)), known.get(_key(said))
        if report is None:
            continue
        if _key(said) in APART:
            apart.add(report)
        elif other is None:
            files = there["file"].tolist()
            more = f" 等 {len(files)} 个文件" if len(files) > LISTED else ""
            remarks.append(
                f"{place(where, at)}：same_as “{said}” 不是能够读取的报告，"
                f"可填：{'、'.join(files[:LISTED])}{more}，或者填“否”（不是同一份）"
                f"{suggest(said, files) or '；请改正。'}本次未采用这一格。"
            )
        elif other != report:
            same[report] = other
    return SameAs(_roots(same), apart, remarks)


def _key(name: str) -> str:
    return readable(str(name)).strip().casefold()


def _roots(same: Mapping[str, str]) -> dict[str, str]:
    """Follow each to the report that is counted; of a circle the first by name is."""
    found = {}
    for report in same:
        way, now = [report], report
        while now in same and same[now] not in way:
            now = same[now]
            way.append(now)
        root = min(way[way.index(same[now]) :]) if now in same else now
        if root != report:
            found[report] = root
    return found


def mark_twins(reports: pd.DataFrame, same_as: SameAs) -> pd.DataFrame:
    """Give the reports that a person says are others their ``status`` and a ``message``."""
    if not same_as.kept:
        return reports
    files = reports.set_index("report")["file"]
    out = reports["report"].isin(list(same_as.kept))
    said = [
        f"{files[report]}：按 reports.csv 与 {files[other]} 是同一份，只计后者。"
        for report, other in ((name, same_as.kept[name]) for name in reports.loc[out, "report"])
    ]
    result = reports.copy()
    result.loc[out, "status"] = "twin"
    result.loc[out, "message"] = said
    return result
