"""Native charts on slides, with the workbook behind each."""

from __future__ import annotations

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.util import Inches, Pt

from analysis.charts import style
from analysis.export.openxml import DRAWING, plot_workbook, set_fonts
from analysis.export.panel import Panel, Plot
from analysis.export.words import plain
from analysis.vocabulary import ROLES

COUNTED_TO = 20  # reports on an axis that ends with the last one
KINDS = {"bars": XL_CHART_TYPE.BAR_CLUSTERED, "stacked": XL_CHART_TYPE.BAR_STACKED}


def add_plot(slide, panel: Panel, left: float, top: float, width: float, height: float) -> None:
    """Add a native chart: its workbook has denominators and ids of rates beside the numbers."""
    plot = panel.plot
    data = CategoryChartData(number_format="General")
    data.categories = [plain(words).replace("\v", "\n") for words in plot.frame["类别"]]
    for name in plot.series:
        values = plot.frame[name].astype(object)
        data.add_series(name, values.where(values.notna(), None))
    kind = KINDS.get(plot.form, XL_CHART_TYPE.LINE_MARKERS)
    place = (Inches(left), Inches(top), Inches(width), Inches(height))
    shape = slide.shapes.add_chart(kind, *place, data)
    shape.name = "图"
    shape._element.nvGraphicFramePr.cNvPr.set("descr", _describe(panel.title, plot))
    chart = shape.chart
    chart.part.chart_workbook.update_from_xlsx_blob(plot_workbook(plot.frame))
    chart.has_title = False
    chart.has_legend = len(plot.series) > 1
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    chart.font.size, chart.font.color.rgb = Pt(11), RGBColor.from_string(style.INK[1:])
    for properties in chart._chartSpace.iter(f"{{{DRAWING}}}defRPr"):
        set_fonts(properties)
    _axes(chart, plot)
    _series(chart, plot)


def _axes(chart, plot: Plot) -> None:
    values, categories = chart.value_axis, chart.category_axis
    if plot.frame[list(plot.series)].min().min() >= 0:
        values.minimum_scale = 0
    if plot.top <= COUNTED_TO:  # of more the program finds round steps
        values.maximum_scale = float(plot.top)
        shares = plot.top <= 1 and not _whole(plot)
        values.major_unit = 0.2 if shares else max(1, round(plot.top / 5))
    values.has_title = True
    values.axis_title.text_frame.text = plot.axis
    (run,) = values.axis_title.text_frame.paragraphs[0].runs
    run.font.size, run.font.bold = Pt(10), False
    set_fonts(run._r.get_or_add_rPr())
    values.major_gridlines.format.line.color.rgb = RGBColor(0xD9, 0xD9, 0xD9)
    values.format.line.fill.background()
    form = "0" if _whole(plot) else "0.0#"
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = form, False
    categories.format.line.color.rgb = RGBColor(0xBD, 0xBD, 0xBD)
    categories.has_major_gridlines = False
    if plot.form in KINDS:
        categories.reverse_order = True  # the first category on top
        values._element.find("{*}crosses").set("val", "max")  # and the numbers at the foot
    # All categories are labelled, and flat.
    categories.tick_labels.font.size = Pt(10)
    text = categories._element.find("{*}txPr")
    text.find("{*}bodyPr").set("rot", "0")
    set_fonts(next(text.iter(f"{{{DRAWING}}}defRPr")))
    skip = categories._element.makeelement(
        "{http://schemas.openxmlformats.org/drawingml/2006/chart}tickLblSkip", {"val": "1"}
    )
    categories._element.find("{*}noMultiLvlLbl").addprevious(skip)


def _whole(plot: Plot) -> bool:
    return bool((plot.frame[list(plot.series)].fillna(0) % 1 == 0).all(axis=None))


def _series(chart, plot: Plot) -> None:
    pair, roles = ("asserted", "addressed"), ROLES
    names = roles if plot.form == "stacked" else (*pair, *roles[1:2], *roles[3:])
    colours = [style.colours()[name] for name in names]
    markers = [XL_MARKER_STYLE.CIRCLE, XL_MARKER_STYLE.DIAMOND]
    sides = [XL_LABEL_POSITION.LEFT, XL_LABEL_POSITION.RIGHT]
    for number, series in enumerate(chart.plots[0].series):
        color = RGBColor.from_string(colours[number % len(colours)][1:].upper())
        if plot.form != "stacked":
            labels = series.data_labels
            labels.show_value = True
            form = "0" if _whole(plot) else "0.0#"
            labels.number_format, labels.number_format_is_linked = form, False
            labels.font.size, labels.font.bold = Pt(9 if plot.form == "bars" else 11), True
            labels.font.color.rgb = color
            set_fonts(labels.font._element)
            side = XL_LABEL_POSITION.OUTSIDE_END if plot.form == "bars" else sides[number % 2]
            labels.position = side
        if plot.form in KINDS:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = color
            continue
        series.smooth = False
        if plot.form == "lines":
            series.format.line.color.rgb = color
        else:
            series.format.line.fill.background()
        # The later and smaller one stands on the other where both counts are the same.
        series.marker.style, series.marker.size = markers[number % 2], (15, 8)[number % 2]
        series.marker.format.fill.solid()
        series.marker.format.fill.fore_color.rgb = color
        series.marker.format.line.fill.background()


def _describe(title: str, plot: Plot) -> str:
    rows = "；".join(
        f"{plain(row[0])}".replace("\v", "，") for row in plot.frame.itertuples(index=False)
    )
    return f"{title}。{plot.axis}：{rows}。"
