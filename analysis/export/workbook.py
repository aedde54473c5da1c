"""The workbook: every table in Chinese, and from each number a link to the sentences behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from analysis.charts.answered import list_links
from analysis.display import label_table, width
from analysis.export.material import Material
from analysis.export.openxml import FONT, LATIN, fix_dates, new_workbook, set_page, write_cell
from analysis.export.panel import Panel
from analysis.export.workbook_charts import write_plots
from analysis.export.workbook_quotes import find_ranges, list_quotes
from analysis.says import column_name, value_name
from analysis.vocabulary import RATE_STANCES, STANCES

SHEETS = {
    "reports": ("报告", "每份报告一行：层级、文种等及其依据"),
    "passages": ("段落", "每段一行：正文、角色、主题"),
    "mentions": ("提及", "每处提到一种问题表现一行：引文和态度"),
    "rates": ("数字", "每个数字一行：分子、分母、一句话说明；点“引文”一列看背后的句子"),
    "links": ("问题与对策", "每个问题点和与它对应的对策句；空为未见对策"),
    "copies": ("重复段落", "每段与别的报告大体相同的一行：两处的引文和相同的比例"),
    "quotes": ("引文", "每个数字背后的句子，按问题表现、态度、层级、报告排列"),
    "corrections": ("更正", "人工更正的记录"),
}
NO_CORRECTIONS = ["更正编号", "时间", "更正人", "对象", "栏目", "原为", "改为", "理由"]
EMPTY = {
    "corrections": "还没有人工更正。",
    "links": "没有问题与对策的对应。",
    "copies": "没有发现重复段落。",
}
LINK = "引文"  # the column of links
MOST_LINKS = 65_000  # of a sheet, that Excel takes
WIDEST, NARROWEST, LOOKED_AT = 60, 8, 300  # columns in characters; rows that decide
LINE, MOST_LINES, NOTES_WIDE = 15, 12, 110  # points; lines of a row; characters
# Names of columns that are too short or too long without the registry beside them.
PLAINER = {
    "类": "类别",
    "种类": "类别",
    "键": "名称",
    "分组所用的列": "分组",
}
# XlsxWriter sets the Latin font of a chart only.
LATIN_ONLY = re.compile(rb'(<a:latin typeface="[^"]*"[^>]*/>)')


def make_workbook(material: Material, panels: list[Panel]) -> bytes:
    """Return the workbook's bytes.

    Sheets: 说明, 图表 and those of :data:`SHEETS`, each with filters and a frozen heading.
    """
    data, book = new_workbook()
    looks = {
        "head": book.add_format({"bold": True, "bottom": 1, "bg_color": "#F2F2F2"}),
        "wrap": book.add_format({"text_wrap": True}),
        "link": book.add_format({"font_color": "#0563C1", "underline": 1}),
        "bold": book.add_format({"bold": True, "font_size": 12}),
    }
    rates, quotes = material.tables["rates"], list_quotes(material)
    _write_notes(book.add_worksheet("说明"), material, panels, looks)
    write_plots(book, [panel for panel in panels if panel.plot], looks)
    for name, (title, _) in SHEETS.items():
        sheet = book.add_worksheet(title)
        frame = _labelled(name, material, quotes)
        _write_table(sheet, frame, looks, EMPTY.get(name, "没有内容。"))
        if name == "rates":
            _write_links(sheet, rates, find_ranges(rates, quotes), frame, looks)
    book.close()
    return fix_dates(data.getvalue(), charts=_set_chart_fonts)


def _set_chart_fonts(xml: bytes) -> bytes:
    ea = f'<a:latin typeface="{LATIN}"/><a:ea typeface="{FONT}"/>'.encode()
    return LATIN_ONLY.sub(ea, xml)


def _labelled(name: str, material: Material, quotes: pd.DataFrame) -> pd.DataFrame:
    """The table of a sheet with Chinese names and values."""
    names, t = material.book.names, material.tables
    if name == "quotes":
        frame = quotes.rename(columns={"stances": "言及态度", "group": "report"})
        words = {"言及态度": "句中的态度", "level": "层级", "report": "报告"}
        stances = frame["言及态度"].map(_say_stances)
        frame = frame.assign(
            level=[value_name("level", level) for level in frame["level"]],
            stance=frame["stance"].map(RATE_STANCES), 言及态度=stances,
        )  # fmt: skip
        return label_table(frame, names).rename(columns=PLAINER | words)
    if name == "links":
        return list_links(t)
    if name not in t:
        return pd.DataFrame(columns=NO_CORRECTIONS if name == "corrections" else [])
    frame = t[name]
    if name == "rates":
        groups = [value_name(b, g) for b, g in zip(frame["by"], frame["group"], strict=True)]
        bys = {by: {"all": "全部"}.get(by) or column_name(by) for by in frame["by"].unique()}
        frame = frame.assign(group=groups, by=frame["by"].map(bys))
        frame = frame[["rate", "says", *(c for c in frame if c not in ("rate", "says"))]]
        frame = frame.dropna(axis="columns", how="all")
    return label_table(frame, names).rename(columns=PLAINER)


def _say_stances(stances: str) -> str:
    return "、".join(STANCES[s] for s in stances.split("、") if s)


def _write_table(sheet, frame: pd.DataFrame, looks: Mapping, empty: str) -> None:
    heights = [1] * len(frame)
    for column, name in enumerate(frame):
        values = frame[name].tolist()
        wide = max([width(name) + 3, *(width(v) for v in values[:LOOKED_AT])])
        look = looks["wrap"] if wide > WIDEST else None
        sheet.set_column(column, column, min(max(wide, NARROWEST), WIDEST) + 1, look)
        write_cell(sheet, 0, column, name, looks["head"])
        for row, value in enumerate(values, start=1):
            write_cell(sheet, row, column, value, look)
            if look:
                heights[row - 1] = max(heights[row - 1], -(-width(value) // WIDEST))
    for row, lines in enumerate(heights, start=1):
        if lines > 1:  # not every program makes room for wrapped text by itself
            sheet.set_row(row, LINE * min(lines, MOST_LINES))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)  # when it is printed
    set_page(sheet)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
    else:
        write_cell(sheet, 1, 0, empty)


def _write_links(sheet, rates: pd.DataFrame, ranges: Mapping, frame: pd.DataFrame, looks) -> None:
    """Add a column of links to the sheet of numbers."""
    column = len(frame.columns)
    write_cell(sheet, 0, column, LINK, looks["head"])
    sheet.set_column(column, column, 12)
    sheet.autofilter(0, 0, len(frame), column)
    for row, rate in enumerate(rates["rate"], start=1):
        if rate not in ranges or row > MOST_LINKS:
            write_cell(sheet, row, column, "没有" if rate not in ranges else "见“引文”表")
            continue
        first, last = (place + 2 for place in ranges[rate])
        target = f"internal:'{SHEETS['quotes'][0]}'!A{first}:M{last}"
        sheet.write_url(row, column, target, looks["link"], f"看 {last - first + 1} 句")


def _write_notes(sheet, material: Material, panels: list[Panel], looks: Mapping) -> None:
    set_page(sheet)
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, NOTES_WIDE, looks["wrap"])
    rows = [("", panel.title) for panel in panels]
    rows += [("份数和局限", panels[0].caption), ("准确程度", material.accuracy)]
    rows += [(title, meaning) for title, meaning in SHEETS.values()]
    rows += [("图表", "汇报稿中各图的数字和图，可以改")]
    write_cell(sheet, 0, 0, "说明", looks["bold"])
    for row, (name, words) in enumerate(rows, start=1):
        write_cell(sheet, row, 0, name)
        write_cell(sheet, row, 1, words, looks["wrap"])
        sheet.set_row(row, LINE * max(1, -(-width(words) // NOTES_WIDE)))
