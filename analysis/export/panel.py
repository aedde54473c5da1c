"""A slide before it is drawn, and the numbers of its native chart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.compare import UNKNOWN
from analysis.says import PERCENT_FROM, share

SERIES = {"asserted": "提到（认定存在）", "addressed": "拟解决"}
THEME_SERIES = {"asserted": "谈到问题", "addressed": "提出对策"}
PASSAGE_SERIES = {"asserted": "提到的问题段", "addressed": "拟解决的对策段"}
# How a category names the counts of a series.
SAID = {SERIES["asserted"]: "提到", "谈到问题": "问题", "提出对策": "对策"}
MARKS = {"asserted": "●", "absent": "·", "unknown": "■"}
DOTS, BARS = 6, 10  # categories that fit beside words


@dataclass(frozen=True)
class Plot:
    """Numbers of a native chart.

    Attributes
    ----------
    frame : pandas.DataFrame
        ``类别``, a column of numbers for each of ``series``, then denominators and ids of rates.
    form : {"dots", "bars"}
    axis : str
        What is counted.
    top : int
        Where the axis ends.
    """

    frame: pd.DataFrame
    series: tuple[str, ...]
    form: str
    axis: str
    top: int


@dataclass(frozen=True)
class Panel:
    """A slide before it is drawn; a table with a MultiIndex has a heading of two rows."""

    name: str
    title: str
    caption: str = ""
    plot: Plot | None = None
    table: pd.DataFrame | None = None
    points: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)


def plot_reports(
    rows: pd.DataFrame,
    series: Mapping[str, str],
    *,
    least: int = 3,
    most: int | None = None,
    axis: str = "报告数（份）",
) -> Plot | None:
    """Count reports by issue, theme or level: bars where every n allows them, else dots with k/n.

    The first ``most`` are shown, by default as many as fit. None where there are fewer reports
    than ``least``, or nothing to show.
    """
    size = int((rows["reports"] + rows["reports_unknown"]).max()) if len(rows) else 0
    if size < least:
        return None
    form = "bars" if (rows["reports"] >= PERCENT_FROM).all() else "dots"
    most = most or {"bars": BARS, "dots": DOTS}[form]
    keys = list(dict.fromkeys(rows["key"]))[:most]
    rows = rows[rows["key"].isin(keys)]
    labels = {}
    for key, own in rows.groupby("key"):
        own = own.sort_values("stance", key=lambda s: s.map([*series].index))
        names = [SAID.get(series[stance], series[stance]) for stance in own["stance"]]
        said = [say_count(row, form == "bars") for row in own.itertuples()]
        counts = [f"{name} {count}" for name, count in zip(names, said, strict=True)]
        joint = ("（", "；", "）") if form == "bars" else ("\n", "\n", "")
        labels[key] = own["short"].iloc[0] + joint[0] + joint[1].join(counts) + joint[2]
    return plot_rows(rows.assign(label=rows["key"].map(labels)), series, form, axis, size)


def say_count(row, percent: bool = False) -> str:
    """“3/4”, in a chart of bars with its percentage: “3/5 60%”."""
    if not row.reports:
        return UNKNOWN
    said = share(row.reports_with, row.reports, percent and row.reports >= PERCENT_FROM)
    return f"{row.reports_with}/{row.reports} {said.strip('（）')}".strip()


def plot_rows(
    rows: pd.DataFrame, series, form: str, axis: str, top: int, *, unit: str = "reports"
) -> Plot | None:
    """Put the stances side by side, one row per key; what cannot be judged is left empty."""
    labels = rows.drop_duplicates("key").set_index("key")["label"]
    frame, of, rates = pd.DataFrame({"类别": labels}), {}, {}
    for stance, name in series.items():
        own = rows[rows["stance"] == stance].set_index("key").reindex(labels.index)
        frame[name] = own[f"{unit}_with"].mask(own["state"] == UNKNOWN).astype("Int64")
        of[f"{name}：分母"], rates[f"{name}：数字编号"] = own[unit].astype("Int64"), own["rate"]
    if not (frame[list(series.values())] > 0).any(axis=None):
        return None  # an empty chart tells less than the sentence above it
    frame = frame.assign(**of, **rates).reset_index(drop=True)
    return Plot(frame, tuple(series.values()), form, axis, max(top, 1))
