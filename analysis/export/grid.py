"""Native tables on slides that fit the room they have."""

from __future__ import annotations

import pandas as pd
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.util import Inches

from analysis.charts import style
from analysis.export.openxml import DRAWING
from analysis.export.words import NARROWER, count_lines, fill_text, line_height, text_width

CELL, SMALLEST_CELL = 14, 9  # points
MOST = 40  # rows that could fit at all
PAD = 0.06  # inside a cell, left and right, in inches
MORE = "……另有 {} 行，见 {}"
PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's style without lines


def add_table(slide, table: pd.DataFrame, left, top, width: float, room: float) -> None:
    """Add a native table that fits: smaller type first, then fewer rows, and it is said so."""
    heads, every, whole = _heads(table), len(table), table.attrs.get("whole", "workbook.xlsx")
    table = table.head(MOST)
    body = [[str(cell) for cell in row] for row in table.astype(object).to_numpy()]
    for size in range(CELL, SMALLEST_CELL - 1, -1):
        widths = _widths(heads, body, width, size)
        heights = _heights(heads + body, widths, size)
        if len(body) == every and sum(heights) <= room:
            break
    rows, last = heads + body, line_height(size) + PAD
    left_out = 0
    if len(body) < every or sum(heights) > room:
        while len(rows) > len(heads) + 1 and sum(heights) + last > room:
            rows, heights = rows[:-1], heights[:-1]
        left_out = every - len(rows) + len(heads)
        rows = [*rows, [MORE.format(left_out, whole)] + [""] * (len(widths) - 1)]
        heights = [*heights, last]
    place = (Inches(left), Inches(top), Inches(width), Inches(sum(heights)))
    shape = slide.shapes.add_table(len(rows), len(widths), *place)
    shape.name, drawn = "表", shape.table
    drawn.horz_banding = False
    shape._element.find(".//{*}tableStyleId").text = PLAIN_TABLE
    for column, wide in zip(drawn.columns, widths, strict=True):
        column.width = Inches(wide)
    for at, (row, high) in enumerate(zip(rows, heights, strict=True)):
        drawn.rows[at].height = Inches(high)
        for column, words in enumerate(row):
            _cell(drawn.cell(at, column), words, size, at, len(heads))
    _merge(drawn, heads, len(widths))
    if left_out:
        drawn.cell(len(rows) - 1, 0).merge(drawn.cell(len(rows) - 1, len(widths) - 1))


def _heads(table: pd.DataFrame) -> list[list[str]]:
    if isinstance(table.columns, pd.MultiIndex):
        return [list(level) for level in zip(*table.columns, strict=True)]
    return [list(table.columns)]


def _widths(heads, body, width: float, size: int) -> list[float]:
    """Give every column what its words need; those that need most share what is left."""
    needs = []
    for column in zip(heads[-1], *body, strict=True):
        longest = max(text_width(part, size) for words in column for part in words.split("\n"))
        needs.append(longest / NARROWER + 2 * PAD + 0.05)
    if sum(needs) <= width:
        return [need * width / sum(needs) for need in needs]
    limit, left, places = 0.0, width, sorted(needs)
    for at, need in enumerate(places):
        limit = left / (len(places) - at)
        if need > limit:
            break
        left -= need
    return [min(need, limit) for need in needs]


def _heights(rows, widths, size: int) -> list[float]:
    def lines(row) -> int:
        pairs = zip(row, widths, strict=True)
        return max(
            count_lines(words, wide - 2 * PAD, size) if words else 1 for words, wide in pairs
        )

    return [lines(row) * line_height(size) + PAD for row in rows]


def _cell(cell, words: str, size: int, row: int, heads: int) -> None:
    cell.margin_left = cell.margin_right = Inches(PAD)
    cell.margin_top = cell.margin_bottom = Inches(PAD / 2)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    fill_text(cell.text_frame, words.split("\n"), size, bold=row < heads)
    properties = cell._tc.get_or_add_tcPr()
    color = style.INK[1:] if row == heads - 1 else "D9D9D9"
    line = (
        f'<a:lnB xmlns:a="{DRAWING}" w="9525"><a:solidFill><a:srgbClr val="{color}"/>'
        "</a:solidFill></a:lnB>"
    )
    properties.append(parse_xml(line))
    if row >= heads and (row - heads) % 2 == 0:
        fill = f'<a:solidFill xmlns:a="{DRAWING}"><a:srgbClr val="{style.BAND[1:]}"/></a:solidFill>'
        properties.append(parse_xml(fill))


def _merge(drawn, heads: list[list[str]], columns: int) -> None:
    """Merge equal headings of neighbouring columns in the upper of two rows."""
    if len(heads) < 2:
        return
    start = 0
    for column in range(1, columns + 1):
        if column < columns and heads[0][column] == heads[0][start]:
            drawn.cell(0, column).text_frame.clear()
            continue
        if column - start > 1:
            drawn.cell(0, start).merge(drawn.cell(0, column - 1))
        start = column
