"""The issues of the codebook by level, second step: draw the frame of marks."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    group_heading,
    label_reports,
    list_reports,
    missing_sign_note,
    short_title,
    write_caption,
)
from analysis.codebook import Codebook
from analysis.compare import UNKNOWN
from analysis.says import PERCENT_FROM

# Sizes in points, lengths in inches.
NAME, COUNT, LABEL, HEAD = 10.0, 8.5, 8.5, 10.0
ROW, BAR_ROW = 0.232, 0.28
MARK, DOT, GAP = 0.2, 0.15, 0.2
BAR, THICK, THIN = 0.55, 0.085, 0.05
LEGEND, HALVES = 0.3, 0.24
NARROWEST = {"column": 1.2, "dots": 1.5, "bar": 1.5, "total": 1.0}
WORDS = {"asserted": "提到", "addressed": "提出解决"}


@dataclass(frozen=True)
class Column:
    """A column of the chart: all reports, one report, or a group of reports."""

    form: str
    group: str | None
    report: str | None
    members: tuple[str, ...]
    first: float = 0.0  # width of the count of reports, in inches
    left: float = 0.0
    width: float = 0.0

    def middle(self) -> float:
        """Return where the second half begins."""
        return self.left + self.width / 2


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
    width, _ = _place(marks, listed, WIDTH)
    _, columns = _place(marks, listed, width)
    labels, full = _labels(listed, columns)
    extra = _notes(marks, columns) + missing_sign_note(*listed["title"])
    caption = write_caption(listed, passages, by, full=full, extra=extra, note=note)
    row = BAR_ROW if any(c.form == "bar" for c in columns) else ROW
    rows = marks["row"].max() + 1
    headings = _headings(listed, columns, by)
    top = heading_height(title, width) + LEGEND + _header_height(labels, headings)
    height = top + rows * row + 0.12 + footer_height(caption, width)
    with draw(width, height) as sheet:
        if sheet.width > width:
            _, columns = _place(marks, listed, sheet.width)
            labels, full = _labels(listed, columns)
            headings = _headings(listed, columns, by)
            caption = write_caption(listed, passages, by, full=full, extra=extra, note=note)
        subtitle = f"{rows} 种问题表现：哪些报告提到、哪些报告提出解决；按提到的报告数、问题段数排列"
        y = sheet.heading(title, subtitle)
        y = _legend(sheet, y, columns)
        y = _header(sheet, y, columns, headings, labels)
        bottom = sheet.height - footer_height(caption, sheet.width) - 0.12
        _rows(sheet, marks, columns, y, (bottom - y) / rows)
        sheet.footer(caption)
    chart = sheet.chart
    chart.title, chart.caption = title, caption
    chart.alt = f"{title}。{describe_marks(marks, listed['group'].nunique())}"
    chart.data, chart.rates = name_columns(marks), list(dict.fromkeys(marks["rate"]))
    return chart


def _place(marks: pd.DataFrame, listed: pd.DataFrame, width: float) -> tuple[float, list[Column]]:
    """Return the width needed (at least ``width``) and the columns spread over it."""
    columns = [Column("total", "all", None, ())]
    for group, members in listed.groupby("group", sort=False):
        form = marks.loc[(marks["group"] == group) & (marks["form"] != "total"), "form"]
        names = tuple(members["report"])
        if "column" in set(form):
            columns += [Column("column", group, report, (report,)) for report in names]
        else:
            columns.append(Column("bar" if "bar" in set(form) else "dots", group, None, names))
    columns, needs = zip(*(_measure(column, marks) for column in columns), strict=True)
    start = MARGIN + 0.1 + max(style.text_width(n, NAME) for n in marks["short"]) + GAP
    gaps = [GAP if a.group != b.group else 0.0 for a, b in zip(columns, columns[1:], strict=False)]
    used = start + sum(needs) + sum(gaps) + MARGIN
    width = max(width, used)
    # The column of all reports holds words only: it needs no more room than they do.
    spare = (width - used) / (len(columns) - 1)
    left, placed = start, []
    for place, (column, need) in enumerate(zip(columns, needs, strict=True)):
        wide = need + (spare if place else 0)
        placed.append(replace(column, left=left, width=wide))
        left += wide + ([*gaps, 0.0])[place]
    return width, placed


def _measure(column: Column, marks: pd.DataFrame) -> tuple[Column, float]:
    """Return the column with the width of its first count, and the width it needs in all."""
    mine = marks[marks["form"] == column.form]
    mine = mine[mine["report"] == column.report] if column.report else mine
    mine = mine if column.form == "total" else mine[mine["group"] == column.group]
    unit, unit2 = (" 份", " 段") if column.form == "total" else ("", "")
    one = max(style.text_width(text + unit, COUNT) for text in mine["label"])
    two = max(style.text_width(text + unit2, COUNT) for text in mine["label2"])
    half = {
        "total": one + 0.1 + two,
        "column": MARK + one,
        "dots": len(column.members) * DOT + 0.06 + one + 0.1 + two,
        "bar": BAR + 0.06 + max(one, two),
    }[column.form]
    # A cell of a bar group with too few reports to judge shows a mark and both counts.
    half = max(half, MARK + one + 0.1 + two) if column.form == "bar" else half
    return replace(column, first=one + 0.1), max(2 * (half + 0.14), NARROWEST[column.form])


def _labels(listed: pd.DataFrame, columns: list[Column]):
    alone = [column for column in columns if column.form == "column"]
    shown = listed[listed["report"].isin([column.report for column in alone])]
    width = min((column.width for column in alone), default=2.0) - 0.12
    lines, full = label_reports(shown, width, LABEL)
    labels = {f"report/{name}": two for name, two in zip(shown["report"], lines, strict=True)}
    titles = dict(zip(listed["report"], listed["title"], strict=True))
    for column in columns:
        if column.form == "dots":
            words = "、".join(short_title(titles[name], 12) for name in column.members)
            lines = style.wrap(f"自左至右：{words}", column.width - 0.12, LABEL, lines=2)
            labels[f"members/{column.group}"] = lines
    return labels, full


def _headings(listed: pd.DataFrame, columns: list[Column], by: str) -> dict[str, list[str]]:
    headings = {}
    for group, members in listed.groupby("group", sort=False):
        wide = sum(column.width for column in columns if column.group == group) - 0.08
        headings[group] = style.wrap(group_heading(members, by), wide, HEAD, bold=True)
    return headings


def _header_height(labels: dict, headings: dict) -> float:
    most = max(len(lines) for lines in headings.values())
    return most * line_height(HEAD) + 0.08 + 2 * line_height(LABEL) + 0.04 + HALVES


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
        ("addressed", "提出解决：要解决或防止（对策段）"),
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


def _header(sheet, y, columns: list[Column], headings: dict, labels: dict) -> float:
    head = max(len(lines) for lines in headings.values()) * line_height(HEAD)
    base = y + head + 0.04
    total = columns[0]
    spans = {}
    for column in columns[1:]:
        left, _ = spans.get(column.group, (column.left, 0))
        spans[column.group] = (left, column.left + column.width)
    sheet.lines(total.left, base - 0.04 - line_height(HEAD), ["全部报告"], size=HEAD, bold=True)
    sheet.rule(total.left, base, total.left + total.width - 0.06, base, color=style.INK)
    for group, (left, right) in spans.items():
        lines = headings[group]
        top = base - 0.04 - len(lines) * line_height(HEAD)
        sheet.lines(left, top, lines, size=HEAD, bold=True, name=f"group/{group}")
        sheet.rule(left, base, right - 0.06, base, color=style.INK)
    below = base + 0.04
    for column in columns[1:]:
        name = f"report/{column.report}" if column.report else f"members/{column.group}"
        lines = labels.get(name, [])
        sheet.lines(column.left, below, lines, size=LABEL, color=style.GREY, name=name)
    middle = below + 2 * line_height(LABEL) + HALVES / 2
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
                dots = [cells[row, stance, "dot", r] for r in column.members if column.form == "dots"]
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
    of_passages = mark.passages_with / mark.passages if mark.passages else 0
    sheet.box(x, y - off - THICK / 2, BAR * of_reports, THICK, name=f"bar/{mark.rate}", **look)
    sheet.box(x, y + off - THIN / 2, BAR * of_passages, THIN, name=f"thin/{mark.rate}", **look)
    text_x, size = x + BAR + 0.06, COUNT - 1
    sheet.text(text_x, y - off, mark.label, size=size, name=f"count/{mark.rate}")
    color = style.GREY
    sheet.text(text_x, y + off, mark.label2, size=size, color=color, name=f"passages/{mark.rate}")
