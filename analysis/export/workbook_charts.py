"""The sheet of charts: the numbers of every native chart, and beside them the chart."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.export.openxml import FONT, set_page, write_cell
from analysis.export.panel import Panel, Plot

CHART_HEIGHT, CHART_ROWS = 340, 18  # pixels, and the rows they cover


def write_plots(book, panels: list[Panel], looks: Mapping) -> None:
    """Write the numbers of every native chart, and beside them the chart."""
    sheet = book.add_worksheet("图表")
    set_page(sheet)
    sheet.set_column(0, 0, 40, looks["wrap"])
    sheet.set_column(1, 4, 20)
    sheet.set_column(5, 6, 46)  # ids of rates
    row = 0
    if not panels:
        write_cell(sheet, 0, 0, "没有可画的图：报告太少，或者没有提到问题。")
    for panel in panels:
        frame = panel.plot.frame
        write_cell(sheet, row, 0, panel.title, looks["bold"])
        for column, name in enumerate(frame):
            write_cell(sheet, row + 1, column, name, looks["head"])
            for at, value in enumerate(frame[name], start=row + 2):
                value = str(value).replace("\n", " ") if column == 0 else value
                write_cell(sheet, at, column, value)
        sheet.insert_chart(row, len(frame.columns) + 1, _chart(book, panel.plot, row + 1))
        row += max(len(frame) + 3, CHART_ROWS + 1)


def _chart(book, plot: Plot, head: int):
    bars = plot.form == "bars"
    chart = book.add_chart({"type": "bar" if bars else "line"})
    last, font = head + len(plot.frame), {"name": FONT, "size": 9, "rotation": 0}
    shapes = [("circle", 12, "#0173B2", "left"), ("diamond", 7, "#D55E00", "right")]
    for column, (kind, size, color, side) in enumerate(shapes[: len(plot.series)], start=1):
        options = {
            "name": ["图表", head, column],
            "categories": ["图表", head + 1, 0, last, 0],
            "values": ["图表", head + 1, column, last, column],
            "data_labels": {"value": True, "font": font} | ({} if bars else {"position": side}),
        }
        fill = {"fill": {"color": color}}
        marker = {"type": kind, "size": size, "border": {"none": True}, **fill}
        chart.add_series(options | (fill if bars else {"line": {"none": True}, "marker": marker}))
    chart.set_legend({"position": "top", "font": font})
    axis = {"name": plot.axis, "name_font": font, "num_font": font, "min": 0, "max": plot.top}
    axis |= {"major_unit": max(1, round(plot.top / 5)), "num_format": "0"}
    axis |= {"major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    names = {"num_font": font} | ({"reverse": True} if bars else {})
    (chart.set_x_axis if bars else chart.set_y_axis)(axis)
    (chart.set_y_axis if bars else chart.set_x_axis)(names)
    chart.set_size({"width": 720, "height": CHART_HEIGHT})
    return chart
