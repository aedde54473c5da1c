"""Issues or themes by group, first step: the frame of marks to draw."""

from __future__ import annotations

import pandas as pd

from analysis.charts.words import COLUMNS_UP_TO, list_reports, name_items, select_rates
from analysis.codebook import Codebook
from analysis.compare import NOT_MENTIONED, UNKNOWN, cell_states
from analysis.says import PERCENT_FROM, share

STANCES = ("asserted", "addressed")
# Marked where an item is named only outside the passages of the denominator.
OUTSIDE = "*"
# Printed for one report where problems and countermeasures of a theme do not meet.
NO_ANSWER, NO_PROBLEM = "未见对策", "未见问题"


def choose_form(reports: int) -> str:
    """Return the form of a group: ``column`` (1–2 reports), ``dots`` (3–4) or ``bar`` (5 on)."""
    if reports <= COLUMNS_UP_TO:
        return "column"
    return "bar" if reports >= PERCENT_FROM else "dots"


def count_matrix(
    rates: pd.DataFrame,
    reports: pd.DataFrame,
    book: Codebook,
    *,
    kind: str = "issue",
    by: str = "level",
) -> pd.DataFrame:
    """Make the frame of marks: one row per issue or theme, stance and column of the chart.

    Parameters
    ----------
    rates : pandas.DataFrame
        Table ``rates`` with the groupings ``all``, ``report`` and ``by``.
    reports : pandas.DataFrame
        Table ``reports``.
    kind : {"issue", "theme"}
        What the rows are.
    by : str
        The grouping of the columns.

    Returns
    -------
    pandas.DataFrame
        Columns of ``rates`` and ``name``, ``short``, ``row`` (from 0: by reports that assert it,
        then problem passages, then place in the codebook), ``form`` (``total``: all reports;
        ``column``: a report standing alone; ``dot``: a report among 3–4; ``dots`` and ``bar``: a
        group), ``group``, ``group_name``, ``report``, ``title``, ``state``, ``label`` (reports, or
        passages of a report), ``label2`` (passages of a group).
    """
    listed = list_reports(reports, by)
    sizes = listed.groupby("group", sort=False).size()
    forms = {group: choose_form(n) for group, n in sizes.items()}
    single = listed.assign(form=listed["group"].map(forms))
    single = single[single["form"] != "bar"].replace({"form": {"dots": "dot"}})
    groups = listed.drop_duplicates("group")[["group", "group_name"]]
    groups = groups.assign(form=groups["group"].map(forms))
    groups = groups[groups["form"] != "column"]

    total = _of_kind(rates, "all", kind).assign(form="total", group_name="全部报告")
    by_report = _of_kind(rates, "report", kind).rename(columns={"group": "report"})
    by_report = by_report.merge(single.drop(columns="genre"), on="report")
    by_group = _of_kind(rates, by, kind).merge(groups, on="group")
    marks = pd.concat([total, by_report, by_group], ignore_index=True)
    marks = marks.merge(_rank(total, name_items(book, kind)), on="key")
    marks["state"] = cell_states(marks)
    labels = [_label(mark) for mark in marks.itertuples()]
    marks["label"], marks["label2"] = zip(*labels, strict=True)
    return _sorted(marks)


def count_answers(
    rates: pd.DataFrame, reports: pd.DataFrame, book: Codebook, *, by: str = "level"
) -> pd.DataFrame:
    """Make the frame of problems against countermeasures by theme.

    Returns
    -------
    pandas.DataFrame
        As :func:`count_matrix` for themes, but for groups of 3 reports and more ``form`` is
        ``count``; ``gaps`` and ``reverse`` are the reports of the cell that speak of problems of
        the theme and of no countermeasure, and the other way round; ``raised`` those that speak of
        problems. Themes with most gaps come first.
    """
    marks = count_matrix(rates, reports, book, kind="theme", by=by)
    marks = marks[marks["form"] != "dot"].replace({"form": {"dots": "count", "bar": "count"}})
    gaps = find_gaps(rates).merge(list_reports(reports, by)[["report", "group"]], on="report")
    sums = []
    for form, keys in {"total": [], "count": ["group"], "column": ["group", "report"]}.items():
        part = gaps.groupby([*keys, "key"])[["gaps", "reverse"]].sum().reset_index()
        sums.append(part.assign(form=form, **({} if keys else {"group": "all"})))
    on = ["form", "group", "report", "key"]
    marks = marks.merge(pd.concat(sums).astype({"report": "str"}), on=on)
    raised = marks[marks["stance"] == "asserted"].set_index(on)["reports_with"]
    marks["raised"] = raised.reindex(pd.MultiIndex.from_frame(marks[on])).to_numpy(int)
    labels = [_answer_label(mark) for mark in marks.itertuples()]
    marks["label"], marks["label2"] = zip(*labels, strict=True)
    order = marks[marks["form"] == "total"].drop_duplicates("key")
    order = order.sort_values(["gaps", "row"], ascending=[False, True])["key"]
    marks["row"] = marks["key"].map({key: row for row, key in enumerate(order)})
    return _sorted(marks)


def find_gaps(rates: pd.DataFrame) -> pd.DataFrame:
    """Tell for every report and theme whether problems and countermeasures meet.

    Returns
    -------
    pandas.DataFrame
        Columns ``report``, ``key``, ``gaps`` (problems or their causes and no countermeasure),
        ``reverse`` (countermeasures, and judged to have no problem); booleans.
    """
    found = _of_kind(rates, "report", "theme")
    found = found.assign(state=cell_states(found)).set_index(["group", "key"])
    problem = found[found["stance"] == "asserted"]
    answer = found[found["stance"] == "addressed"].reindex(problem.index)
    answered = answer["reports_with"] > 0
    gaps = pd.DataFrame({"gaps": (problem["reports_with"] > 0) & ~answered})
    gaps["reverse"] = (problem["state"] == NOT_MENTIONED) & answered
    return gaps.reset_index().rename(columns={"group": "report"})


def _of_kind(rates: pd.DataFrame, by: str, kind: str) -> pd.DataFrame:
    found = select_rates(rates, by, kind)
    return found[found["stance"].isin(STANCES)]


def _rank(total: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    asserted = total[total["stance"] == "asserted"].set_index("key")
    counts = {c: items["key"].map(asserted[c]) for c in ("reports_with", "passages_with")}
    frame = items.assign(place=range(len(items)), **counts)
    frame = frame.sort_values([*counts, "place"], ascending=[False, False, True])
    return frame.assign(row=range(len(frame)))[["key", "name", "short", "row"]]


def _sorted(marks: pd.DataFrame) -> pd.DataFrame:
    return marks.sort_values(["row", "form", "group", "report", "stance"]).reset_index(drop=True)


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


def _answer_label(mark) -> tuple[str, str]:
    """Return the label of a cell of :func:`count_answers`: what is missing is said in words."""
    if mark.stance == "asserted":
        if mark.form == "column" and mark.reverse:
            return NO_PROBLEM, ""
        return mark.label.split(" ")[0], mark.label2.split(" ")[0]  # without percentages
    if mark.form == "column":
        return (NO_ANSWER if mark.gaps else mark.label), mark.label2
    return (f"{mark.gaps}/{mark.raised}" if mark.raised else ""), ""
