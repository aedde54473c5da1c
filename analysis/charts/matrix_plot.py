"""Issues or themes by group, second step: draw the frame of marks."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.charts import style
from analysis.charts.matrix import NO_ANSWER, OUTSIDE, STANCES
from analysis.charts.matrix_cells import draw_cell
from analysis.charts.matrix_layout import (
    BAR_ROW,
    COUNT,
    HALVES,
    HEAD,
    LABEL,
    LEGEND,
    MARK,
    NAME,
    ROW,
    Column,
    Layout,
    header_height,
    label_height,
    lay_out,
)
from analysis.charts.matrix_words import WORDS, Words, describe_marks, name_columns
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
    UNSTABLE,
    UNSTABLE_NOTE,
    list_reports,
    list_unstable,
    missing_sign_note,
    write_caption,
)
from analysis.codebook import Codebook
from analysis.says import PERCENT_FROM

TALLEST = 0.42  # of a row, in inches


def plot_matrix(
    tables: Mapping[str, pd.DataFrame],
    book: Codebook,
    *,
    kind: str = "issue",
    by: str = "level",
    note: str | None = None,
) -> Chart:
    """Draw which reports speak of each issue or theme among problems and among countermeasures.

    The number of reports in a group decides its form: up to 2 stand as columns with passages
    counted, 3–4 as dots with k/n, from :data:`analysis.says.PERCENT_FROM` as bars. Answers are
    only counted from 3 reports on.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        ``reports``, ``passages``, ``rates`` with the groupings ``all``, ``report`` and ``by``;
        where there is ``themes``, unstable ones are marked.
    book : Codebook
        Gives the issues and themes, their short names and their order.
    kind : {"issue", "theme", "answer"}
        Issues; themes; themes with the gaps between problems and countermeasures marked.
    by : str
        The grouping of the columns.
    note : str, optional
        A sentence for the caption, such as precision and recall of the tagging.

    Raises
    ------
    ChartError
        No report was read, or ``rates`` lacks a grouping.
    """
    words = WORDS[kind]
    options = {} if kind == "answer" else {"kind": kind}
    marks = words.count(tables["rates"], tables["reports"], book, by=by, **options)
    listed = list_reports(tables["reports"], by)
    title = words.say(marks)
    unstable = marks["key"].isin(list_unstable(tables)) & (kind != "issue")
    marks["short"] = marks["short"] + unstable.map({True: UNSTABLE, False: ""})
    layout = lay_out(marks, listed, by, WIDTH)
    extra = words.notes + _notes(marks, layout.columns) + missing_sign_note(*listed["title"])
    extra += (UNSTABLE_NOTE,) if unstable.any() else ()

    def write(layout):
        options = {"full": layout.full, "extra": extra, "note": note}
        return write_caption(listed, tables["passages"], by, **options)

    row = BAR_ROW if any(c.form == "bar" for c in layout.columns) else ROW
    rows = marks["row"].max() + 1
    top = heading_height(title, layout.width) + LEGEND + header_height(layout)
    foot = 0.12 + footer_height(write(layout), layout.width)
    with draw(layout.width, top + rows * row + foot) as sheet:
        layout = lay_out(marks, listed, by, sheet.width)
        columns, caption = layout.columns, write(layout)
        y = sheet.heading(title, f"{rows} {words.unit}：{words.subtitle}")
        y = _legend(sheet, y, columns, words)
        y = _header(sheet, y, layout, words)
        bottom = sheet.height - footer_height(caption, sheet.width) - 0.12
        tallest = TALLEST * sheet.width / WIDTH
        _rows(sheet, marks, columns, y, min((bottom - y) / rows, tallest))
        sheet.footer(caption)
    chart = sheet.chart
    chart.title, chart.caption = title, caption
    chart.alt = f"{title}。{describe_marks(marks, words, listed['group'].nunique())}"
    chart.data, chart.rates = name_columns(marks), list(dict.fromkeys(marks["rate"]))
    return chart


def _notes(marks: pd.DataFrame, columns: list[Column]) -> tuple[str, ...]:
    notes = ()
    if marks[["label", "label2"]].apply(lambda c: c.str.endswith(OUTSIDE)).any(axis=None):
        notes += (f"{OUTSIDE} 表示只在问题段（对策段）以外提到。",)
    if any(column.form == "bar" for column in columns):
        notes += (f"不足 {PERCENT_FROM} 份的组不用百分比。",)
    return notes


def _legend(sheet: Sheet, y: float, columns: list[Column], words: Words) -> float:
    forms = {column.form for column in columns}
    x, middle = MARGIN, y + LEGEND / 2 - 0.03
    counted = "count" in forms and "column" not in forms
    for kind, says in words.legend.items():
        if counted and kind != "unknown":
            continue  # groups of 3 reports and more are told in numbers
        sheet.mark(kind, x + 0.07, middle)
        sheet.text(x + MARK, middle, says, size=LABEL, color=style.GREY, name="legend")
        x += MARK + style.text_width(says, LABEL) + 0.3
    says = "数字：提到的段数/总段数" if forms <= {"total", "column"} else "数字：报告数、段数"
    says += "；条形：上报告、下段落" if "bar" in forms else ""
    says += f"；着色：谈到问题的报告中有的{NO_ANSWER}" if "count" in forms else ""
    sheet.text(x, middle, says, size=LABEL, color=style.GREY, name="legend")
    return y + LEGEND


def _header(sheet: Sheet, y: float, layout: Layout, words: Words) -> float:
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
        _halves(sheet, column, middle, words)
    return middle + HALVES / 2 + 0.04


def _halves(sheet: Sheet, column: Column, y: float, words: Words) -> None:
    names = words.total if column.form in ("total", "count") else words.halves
    for stance, x in zip(STANCES, (column.left, column.middle()), strict=True):
        says = names[stance]
        if column.form in ("total", "dots") and words.total is words.halves:
            says += "（份、段）" if column.width / 2 > 1.2 else ""
        color = sheet.colours[stance]
        sheet.text(x, y, says, size=COUNT, bold=True, color=color, name="half")


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
                draw_cell(sheet, column, cells[key], dots, x, y, step)


def _filled(marks: pd.DataFrame):
    return marks.assign(report=marks["report"].fillna("")).itertuples()
