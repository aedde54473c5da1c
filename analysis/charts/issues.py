"""The issues of the codebook by level, first step: the frame of marks to draw."""

from __future__ import annotations

import pandas as pd

from analysis.charts.words import COLUMNS_UP_TO, list_reports, select_rates
from analysis.codebook import Codebook
from analysis.compare import UNKNOWN, cell_states
from analysis.says import PERCENT_FROM, share
from analysis.tables import RATE_STANCES

STANCES = ("asserted", "addressed")
# Marked where an issue is named only outside the passages of the denominator.
OUTSIDE = "*"
CSV_COLUMNS = {
    "rate": "数字编号",
    "row": "行",
    "name": "问题表现",
    "stance_name": "态度",
    "form_name": "图形",
    "group_name": "组",
    "report": "报告",
    "title": "报告标题",
    "state": "状态",
    "reports_with": "提到的报告数",
    "reports": "能判断的报告数",
    "reports_unknown": "无从判断的报告数",
    "passages_with": "提到的段数",
    "passages": "段数",
    "sentences_with": "提到的句数",
    "sentences": "句数",
    "says": "说明",
}
FORM_NAMES = {"total": "合计", "column": "报告", "dot": "报告", "dots": "组", "bar": "组"}


def choose_form(reports: int) -> str:
    """Return the form of a group: ``column`` (1–2 reports), ``dots`` (3–4) or ``bar`` (5 on)."""
    if reports <= COLUMNS_UP_TO:
        return "column"
    return "bar" if reports >= PERCENT_FROM else "dots"


def count_issues(
    rates: pd.DataFrame, reports: pd.DataFrame, book: Codebook, *, by: str = "level"
) -> pd.DataFrame:
    """Make the frame of marks: one row per issue, stance and column of the chart.

    Parameters
    ----------
    rates : pandas.DataFrame
        Table ``rates`` with the groupings ``all``, ``report`` and ``by``.
    reports : pandas.DataFrame
        Table ``reports``.
    by : str
        The grouping of the columns.

    Returns
    -------
    pandas.DataFrame
        Columns of ``rates`` and ``issue``, ``name``, ``short``, ``row`` (from 0: by reports that
        assert it, then problem passages, then place in the codebook), ``form`` (``total``: all
        reports; ``column``: a report standing alone; ``dot``: a report among 3–4; ``dots`` and
        ``bar``: a group), ``group``, ``group_name``, ``report``, ``title``, ``state``, ``label``
        (reports, or passages of a report), ``label2`` (passages of a group).
    """
    listed = list_reports(reports, by)
    sizes = listed.groupby("group", sort=False).size()
    forms = {group: choose_form(n) for group, n in sizes.items()}
    single = listed.assign(form=listed["group"].map(forms))
    single = single[single["form"] != "bar"].replace({"form": {"dots": "dot"}})
    groups = listed.drop_duplicates("group")[["group", "group_name"]]
    groups = groups.assign(form=groups["group"].map(forms))
    groups = groups[groups["form"] != "column"]

    total = _issue_rates(rates, "all").assign(form="total", group_name="全部报告")
    by_report = _issue_rates(rates, "report").rename(columns={"group": "report"})
    by_report = by_report.merge(single.drop(columns="genre"), on="report")
    by_group = _issue_rates(rates, by).merge(groups, on="group")
    marks = pd.concat([total, by_report, by_group], ignore_index=True)
    marks = marks.rename(columns={"key": "issue"}).merge(_rank(total, book), on="issue")
    marks["state"] = cell_states(marks)
    labels = [_label(mark) for mark in marks.itertuples()]
    marks["label"], marks["label2"] = zip(*labels, strict=True)
    return marks.sort_values(["row", "form", "group", "report", "stance"]).reset_index(drop=True)


def _issue_rates(rates: pd.DataFrame, by: str) -> pd.DataFrame:
    found = select_rates(rates, by, "issue")
    return found[found["stance"].isin(STANCES)]


def _rank(total: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    frame = book["issues"][["issue", "name", "short"]].copy()
    asserted = total[total["stance"] == "asserted"].set_index("key")
    for column in ("reports_with", "passages_with"):
        frame[column] = frame["issue"].map(asserted[column])
    frame["place"] = range(len(frame))
    frame = frame.sort_values(
        ["reports_with", "passages_with", "place"], ascending=[False, False, True]
    )
    return frame.assign(row=range(len(frame)))[["issue", "name", "short", "row"]]


def _label(mark) -> tuple[str, str]:
    """Return what is printed beside a mark: nothing but the mark itself where there is nothing."""
    if mark.state == UNKNOWN or mark.form == "dot":
        return "", ""
    star = OUTSIDE if mark.reports_with and not mark.passages_with else ""
    of_reports = f"{mark.reports_with}/{mark.reports}"
    if not mark.reports_with:
        return ("" if mark.form == "column" else of_reports), ""
    of_passages = f"{mark.passages_with}/{mark.passages}{star}"
    if mark.form == "column":
        return of_passages, ""
    if mark.form == "bar":
        percent = [
            share(mark.reports_with, mark.reports, mark.reports >= PERCENT_FROM),
            share(mark.passages_with, mark.passages, mark.reports >= PERCENT_FROM),
        ]
        reports, passages = (text.strip("（）") for text in percent)
        return f"{of_reports} {reports}".strip(), f"{of_passages} {passages}".strip()
    return of_reports, of_passages


def say_most(marks: pd.DataFrame) -> str:
    """Return the title: the issue that most reports assert, with both denominators."""
    total = marks[(marks["form"] == "total") & (marks["stance"] == "asserted")].sort_values("row")
    top = total.iloc[0]
    if not top["reports_with"]:
        return f"这 {len(total)} 种问题表现均未提到；未提到不等于无此问题"
    same = total[
        (total["reports_with"] == top["reports_with"])
        & (total["passages_with"] == top["passages_with"])
        & (total["reports"] == top["reports"])
        & (total["passages"] == top["passages"])
    ]
    names = "".join(f"“{name}”" for name in same["short"][:3])
    names += f"等 {len(same)} 种问题" if len(same) > 3 else ""
    judged = "能够判断的 " if top["reports_unknown"] else ""
    k, n = top["reports_with"], top["reports"]
    passages = f"{top['passages_with']}/{top['passages']} 个问题段"
    if len(same) > 1:
        return f"{judged}{n} 份报告中，提到{names}的各有 {k} 份，各涉及 {passages}"
    return f"{judged}{n} 份报告中 {k} 份{'都' if k == n > 1 else ''}提到{names}，涉及 {passages}"


def describe_marks(marks: pd.DataFrame, groups: int) -> str:
    """Return the alternative text: the form, then the five issues named most."""
    total = marks[(marks["form"] == "total") & (marks["stance"] == "asserted")].sort_values("row")
    most = "；".join(
        f"{t.short}（{t.reports_with}/{t.reports} 份、{t.passages_with}/{t.passages} 个问题段）"
        for t in total.head(5).itertuples()
        if t.reports_with
    )
    absent = list(total.loc[total["reports_with"] == 0, "short"])
    text = f"表格式点图：行为 {len(total)} 种问题表现，列为报告，分 {groups} 组。"
    text += f"提到最多的依次是{most}。" if most else ""
    return text + (f"未提到的 {len(absent)} 种：{'、'.join(absent)}。" if absent else "")


def name_columns(marks: pd.DataFrame) -> pd.DataFrame:
    """Return the marks as the CSV beside the picture: Chinese names, one row per mark."""
    frame = marks.assign(
        row=marks["row"] + 1,
        stance_name=marks["stance"].map(RATE_STANCES),
        form_name=marks["form"].map(FORM_NAMES),
    )
    return frame[list(CSV_COLUMNS)].rename(columns=CSV_COLUMNS)
