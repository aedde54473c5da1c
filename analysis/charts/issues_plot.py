"""The issues of the codebook by level, second step: draw the frame of marks."""

from __future__ import annotations

import pandas as pd

from analysis.charts import style
from analysis.charts.issues import (
    OUTSIDE,
    STANCES,
    count_issues,
    describe_marks,
    name_columns,
    say_most,
)
from analysis.charts.issues_layout import (
    BAR,
    BAR_ROW,
    COUNT,
    DOT,
    HALVES,
    HEAD,
    LABEL,
    LEGEND,
    MARK,
    NAME,
    ROW,
    THICK,
    THIN,
    Column,
    Layout,
    header_height,
    label_height,
    lay_out,
)
from analysis.charts.sheet import (
    MARGIN,
    WIDTH,
    Chart,
    Sheet,
    draw,
    footer_height,
    heading_height,
    line_height,
)
from analysis.charts.words import (
    list_reports,
    missing_sign_note,
    write_caption,
)
from analysis.codebook import Codebook
from analysis.compare import UNKNOWN
from analysis.says import PERCENT_FROM

WORDS = {"asserted": "提到", "addressed": "拟解决"}


def plot_issues(
    rates: pd.DataFrame,
    reports: pd.DataFrame,
    passages: pd.DataFrame,
    book: Codebook,
    *,
    by: str = "level",
    note: str | None = None,
) -> Chart:
    """Draw which reports assert each issue and which set out to solve it, by level.

    The number of reports in a group decides its form: up to 2 stand as columns with problem
    passages counted, 3–4 as dots with k/n, from :data:`analysis.says.PERCENT_FROM` as bars.

    Parameters
    ----------
    rates, reports, passages : pandas.DataFrame
        Tables of the schema; ``rates`` with the groupings ``all``, ``report`` and ``by``.
    book : Codebook
        Gives the issues, their short names and their order.
    by : str
        The grouping of the columns.
    note : str, optional
        A sentence for the caption, such as precision and recall of the tagging.

    Raises
    ------
    ChartError
        No report was read, or ``rates`` lacks a grouping.
    """
    marks = count_issues(rates, reports, book, by=by)
    listed = list_reports(reports, by)
    title = say_most(marks)
    layout = lay_out(marks, listed, by, WIDTH)
    extra = _notes(marks, layout.columns) + missing_sign_note(*listed["title"])

    def write(layout):
        return write_caption(listed, passages, by, full=layout.full, extra=extra, note=note)

    row = BAR_ROW if any(c.form == "bar" for c in layout.columns) else ROW
    rows = marks["row"].max() + 1
    top = heading_height(title, layout.width) + LEGEND + header_height(layout)
    foot = 0.12 + footer_height(write(layout), layout.width)
    with draw(layout.width, top + rows * row + foot) as sheet:
        layout = lay_out(marks, listed, by, sheet.width)
        columns, caption = layout.columns, write(layout)
        subtitle = f"{rows} 种问题表现：哪些报告提到、哪些报告拟解决；按提到的报告数、问题段数排列"
        y = sheet.heading(title, subtitle)
        y = _legend(sheet, y, columns)
        y = _header(sheet, y, layout)
        bottom = sheet.height - footer_height(caption, sheet.width) - 0.12
        _rows(sheet, marks, columns, y, (bottom - y) / rows)
        sheet.footer(caption)
    chart = sheet.chart
    chart.title, chart.caption = title, caption
    chart.alt = f"{title}。{describe_marks(marks, listed['group'].nunique())}"
    chart.data, chart.rates = name_columns(marks), list(dict.fromkeys(marks["rate"]))
    return chart


def _notes(marks: pd.DataFrame, columns: list[Column]) -> tuple[str, ...]:
    notes = ()
    if marks[["label", "label2"]].apply(lambda c: c.str.endswith(OUTSIDE)).any(axis=None):
        notes += (f"{OUTSIDE} 表示只在问题段（对策段）以外提到。",)
    if any(column.form == "bar" for column in columns):
        notes += (f"不足 {PERCENT_FROM} 份的组不用百分比。",)
    return notes


def _legend(sheet: Sheet, y: float, columns: list[Column]) -> float:
    forms = {column.form for column in columns}
    x, middle = MARGIN, y + LEGEND / 2 - 0.03
    entries = [
        ("asserted", "提到：认定存在这一问题（问题段）"),
        ("addressed", "拟解决：要解决或防止（对策段）"),
        ("absent", "未提到"),
        ("unknown", "无从判断"),
    ]
    for kind, words in entries:
        sheet.mark(kind, x + 0.07, middle)
        sheet.text(x + MARK, middle, words, size=LABEL, color=style.GREY, name="legend")
        x += MARK + style.text_width(words, LABEL) + 0.3
    words = "数字：提到的段数/总段数" if forms == {"total", "column"} else "数字：报告数、段数"
    words += "；条形：上报告、下段落" if "bar" in forms else ""
    sheet.text(x, middle, words, size=LABEL, color=style.GREY, name="legend")
    return y + LEGEND


def _header(sheet: Sheet, y: float, layout: Layout) -> float:
    base = y + layout.head_lines() * line_height(HEAD) + 0.04
    columns, total = layout.columns, layout.columns[0]
    spans = {}
    for column in columns[1:]:
        left, _ = spans.get(column.group, (column.left, 0))
        spans[column.group] = (left, column.left + column.width)
    sheet.lines(total.left, base - 0.04 - line_height(HEAD), ["全部报告"], size=HEAD, bold=True)
    sheet.rule(total.left, base, total.left + total.width - 0.06, base, color=style.INK)
    for group, (left, right) in spans.items():
        lines = layout.headings[group]
        top = base - 0.04 - len(lines) * line_height(HEAD)
        sheet.lines(left, top, lines, size=HEAD, bold=True, name=f"group/{group}")
        sheet.rule(left, base, right - 0.06, base, color=style.INK)
    below = base + 0.04
    for column in columns[1:]:
        name = f"report/{column.report}" if column.report else f"members/{column.group}"
        lines = layout.labels.get(name, [])
        sheet.lines(column.left, below, lines, size=LABEL, color=style.GREY, name=name)
    middle = below + label_height(layout) + HALVES / 2
    for column in columns:
        _halves(sheet, column, middle)
    return middle + HALVES / 2 + 0.04


def _halves(sheet: Sheet, column: Column, y: float) -> None:
    for stance, x in zip(STANCES, (column.left, column.middle()), strict=True):
        words = WORDS[stance]
        if column.form in ("total", "dots"):
            words += "（份、段）" if column.width / 2 > 1.2 else ""
        color = sheet.colours[stance]
        sheet.text(x, y, words, size=COUNT, bold=True, color=color, name="half")


def _rows(sheet: Sheet, marks: pd.DataFrame, columns: list[Column], top: float, step: float):
    right = sheet.width - MARGIN
    for row, names in marks.groupby("row")["short"]:
        y = top + row * step
        if row % 2 == 0:
            sheet.box(MARGIN, y, right - MARGIN, step, facecolor=style.BAND)
        sheet.text(MARGIN + 0.1, y + step / 2, names.iloc[0], size=NAME, name=f"row/{row}")
    cells = {(m.row, m.stance, m.form, m.report or m.group): m for m in _filled(marks)}
    for column in columns:
        for row in range(marks["row"].max() + 1):
            for stance, x in zip(STANCES, (column.left, column.middle()), strict=True):
                y = top + (row + 0.5) * step
                key = (row, stance, column.form, column.report or column.group)
                dots = [
                    cells[row, stance, "dot", r] for r in column.members if column.form == "dots"
                ]
                _cell(sheet, column, cells[key], dots, x, y, step)


def _filled(marks: pd.DataFrame):
    return marks.assign(report=marks["report"].fillna("")).itertuples()


def _kind(mark) -> str:
    if mark.state == UNKNOWN:
        return "unknown"
    return mark.stance if mark.reports_with else "absent"


def _cell(sheet: Sheet, column: Column, mark, dots: list, x, y, step: float) -> None:
    if mark.form == "total":
        _pair(sheet, mark, x, y, column.first, " 份", " 段")
    elif mark.form == "dots":
        for place, dot in enumerate(dots):
            sheet.mark(_kind(dot), x + 0.07 + place * DOT, y)
        if mark.reports_with:
            _pair(sheet, mark, x + len(dots) * DOT + 0.06, y, column.first)
    elif mark.form == "bar" and mark.reports >= PERCENT_FROM and mark.reports_with:
        _bar(sheet, mark, x, y, step)
    else:
        sheet.mark(_kind(mark), x + 0.07, y)
        _pair(sheet, mark, x + MARK, y, column.first)


def _pair(sheet: Sheet, mark, x: float, y: float, first: float, unit="", unit2="") -> None:
    """Write reports and passages beside each other, or what there is of them."""
    if mark.label:
        color = style.INK if mark.reports_with else style.FAINT
        sheet.text(x, y, mark.label + unit, size=COUNT, color=color, name=f"count/{mark.rate}")
    if mark.label2:
        star = OUTSIDE if mark.label2.endswith(OUTSIDE) else ""
        words = mark.label2.removesuffix(OUTSIDE) + unit2 + star
        name = f"passages/{mark.rate}"
        sheet.text(x + first, y, words, size=COUNT, color=style.GREY, name=name)


def _bar(sheet: Sheet, mark, x: float, y: float, step: float) -> None:
    color = sheet.colours[mark.stance]
    hollow = {"facecolor": "white", "edgecolor": color, "linewidth": 1.0}
    look = {"facecolor": color} if mark.stance == "asserted" else hollow
    off = step / 4
    of_reports = mark.reports_with / mark.reports
    sheet.box(x, y - off - THICK / 2, BAR * of_reports, THICK, name=f"bar/{mark.rate}", **look)
    if mark.passages_with:
        length = BAR * mark.passages_with / mark.passages
        sheet.box(x, y + off - THIN / 2, length, THIN, name=f"thin/{mark.rate}", **look)
    text_x, size = x + BAR + 0.06, COUNT - 1
    sheet.text(text_x, y - off, mark.label, size=size, name=f"count/{mark.rate}")
    color = style.GREY
    sheet.text(text_x, y + off, mark.label2, size=size, color=color, name=f"passages/{mark.rate}")
