"""Issues or themes by group: one cell, as marks, dots with numbers, or bars."""

from __future__ import annotations

from analysis.charts import style
from analysis.charts.matrix import OUTSIDE
from analysis.charts.matrix_layout import BAR, COUNT, DOT, MARK, THICK, THIN, Column
from analysis.charts.sheet import Sheet
from analysis.compare import UNKNOWN
from analysis.says import PERCENT_FROM


def _kind(mark) -> str:
    if _is_gap(mark):
        return "gap"
    if mark.state == UNKNOWN:
        return "unknown"
    return mark.stance if mark.reports_with else "absent"


def _is_gap(mark) -> bool:
    return mark.stance == "addressed" and getattr(mark, "gaps", 0) > 0


def draw_cell(sheet: Sheet, column: Column, mark, dots: list, x, y, step: float) -> None:
    """Draw what a column says of a row on one side, in the column's form."""
    if _is_gap(mark):
        # The frame around both halves of a column shows a gap from afar, also in grey.
        left = column.left if mark.form == "column" else x
        high, wide = step * 0.84, column.left + column.width - left - 0.06
        look = {"edgecolor": sheet.colours["warning"], "linewidth": 0.9}
        look = (look if mark.form == "column" else {}) | {"facecolor": style.GAP_TINT}
        sheet.box(left - 0.04, y - high / 2, wide, high, name=f"gap/{mark.rate}", **look)
    if mark.form in ("total", "count"):
        if mark.state == UNKNOWN:
            sheet.mark("unknown", x + 0.07, y)
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
        gap = _is_gap(mark)
        color = style.INK if gap or mark.reports_with else style.FAINT
        options = {"size": COUNT, "bold": gap, "color": color, "name": f"count/{mark.rate}"}
        sheet.text(x, y, mark.label + unit, **options)
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
