"""Draw the briefing: native charts and tables that open for editing by a double click."""

from __future__ import annotations

import io
import re

import pandas as pd
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_MARKER_STYLE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml import parse_xml
from pptx.util import Emu, Inches, Pt

from analysis.charts import style
from analysis.export.openxml import DATE, DRAWING, fix_dates, plot_workbook, set_fonts
from analysis.export.panels import MARKS, Panel, Plot
from analysis.vocabulary import ROLES

# Inches on a slide of 16:9.
WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.5
TITLE_TOP, TITLE_SIZE, SMALLEST_TITLE = 0.35, 24, 18
GAP, FOOT = 0.15, 9
PLOT_SHARE = 0.52  # of the width, beside words or a table
TEXT, SMALLEST_TEXT = 16, 11
CELL, SMALLEST_CELL = 14, 9  # points
LEADING = 1.45  # from line to line, in sizes: 微软雅黑 has 1.32, what is lent for it up to 1.45
COUNTED_TO = 20  # reports on an axis that ends with the last one
NARROWER = 0.93  # of a line: what is lent for a font may be wider
PAD = 0.06  # inside a cell, left and right
MORE = "……另有 {} 行，见 workbook.xlsx"
KINDS = {"bars": XL_CHART_TYPE.BAR_CLUSTERED, "stacked": XL_CHART_TYPE.BAR_STACKED}
SIGNS = re.compile("([{}]+)".format("".join(MARKS.values())))


def make_deck(panels: list[Panel]) -> bytes:
    """Return the briefing as a file's bytes, a slide for each panel."""
    deck = Presentation()
    _widen(deck)
    for panel in panels:
        draw_panel(deck, panel)
    return save_deck(deck)


def save_deck(deck) -> bytes:
    """Return a deck's bytes, the same in every run."""
    deck.core_properties.created = deck.core_properties.modified = DATE
    data = io.BytesIO()
    deck.save(data)
    return fix_dates(data.getvalue())


def _widen(deck) -> None:
    """Make the template's slides 16:9, and its fonts Chinese for what a person adds."""
    factor = Inches(WIDTH) / deck.slide_width
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    for page in (deck.slide_master, *deck.slide_layouts):
        for shape in page.placeholders:
            if shape.element.spPr.xfrm is not None:
                places = (Emu(int(length * factor)) for length in (shape.left, shape.width))
                shape.left, shape.width = places
    (theme,) = (r.target_part for r in deck.slide_master.part.rels.values() if "theme" in r.reltype)
    theme._blob = re.sub(
        rb'<a:ea typeface=""/>', '<a:ea typeface="微软雅黑"/>'.encode(), theme.blob
    )


def draw_panel(deck, panel: Panel) -> None:
    """Add a slide: title, words, chart and table beside each other, footer, notes."""
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    inside = WIDTH - 2 * MARGIN
    size = _fit(panel.title, inside, TITLE_SIZE, SMALLEST_TITLE, 2)
    height = _lines(panel.title, inside, size, bold=True) * _line(size)
    _write(slide.shapes.title, [panel.title], size, bold=True)
    _place(slide.shapes.title, MARGIN, TITLE_TOP, inside, height)
    foot_lines = _lines(panel.caption, inside, FOOT)
    bottom = HEIGHT - 0.25 - foot_lines * _line(FOOT)
    _text(slide, [panel.caption], MARGIN, bottom, inside, FOOT, color=style.GREY, name="页脚")
    top, bottom = TITLE_TOP + height + GAP, bottom - GAP
    left, width = MARGIN, inside
    if panel.plot is not None and (panel.table is not None or panel.points):
        drawn = inside * PLOT_SHARE
        _plot(slide, panel, MARGIN, top, drawn, bottom - top)
        left, width = MARGIN + drawn + GAP, inside - drawn - GAP
    elif panel.plot is not None:
        _plot(slide, panel, MARGIN, top, inside, bottom - top)
    if panel.points:
        room = (bottom - top) * (0.45 if panel.table is not None else 1)
        top = _points(slide, panel.points, left, top, width, room) + GAP
    if panel.table is not None:
        _table(slide, panel.table, left, top, width, bottom - top)
    if panel.notes:
        frame = slide.notes_slide.notes_text_frame
        _fill(frame, panel.notes, 12)


def _line(size: float) -> float:
    return size * LEADING / style.POINTS_PER_INCH


def _lines(text: str, width: float, size: float, *, bold: bool = False) -> int:
    """Count lines, a little pessimistic: other programs' fonts are a little wider."""
    parts = str(text).split("\n")
    return sum(len(style.wrap(part, width * NARROWER, size, bold=bold)) for part in parts)


def _fit(text: str, width: float, largest: int, smallest: int, lines: int) -> int:
    sizes = range(largest, smallest, -1)
    return next((s for s in sizes if _lines(text, width, s, bold=True) <= lines), smallest)


def _place(shape, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top = Inches(left), Inches(top)
    shape.width, shape.height = Inches(width), Inches(height)


def _text(slide, paragraphs, left, top, width, size, *, name: str, **look):
    height = sum(_lines(p, width, size) for p in paragraphs) * _line(size)
    box = slide.shapes.add_textbox(0, 0, 0, 0)
    box.name = name
    _place(box, left, top, width, height)
    _write(box, paragraphs, size, **look)
    return top + height


def _points(slide, points, left: float, top: float, width: float, room: float) -> float:
    words = [f"· {point}" for point in points] if len(points) > 1 else list(points)

    def needed(size: int) -> float:
        return sum(_lines(w, width, size) * _line(size) + 0.08 for w in words)

    largest = TEXT if len(points) > 1 else SMALLEST_TEXT
    sizes = range(largest, SMALLEST_TEXT - 1, -1)
    size = next((s for s in sizes if needed(s) <= room), SMALLEST_TEXT)
    while len(words) > 1 and needed(size) > room:
        words.pop()
    box = slide.shapes.add_textbox(0, 0, 0, 0)
    box.name = "要点"
    _place(box, left, top, width, needed(size))
    _write(box, words, size, after=0.08)
    return top + needed(size)


def _write(shape, paragraphs, size, **look) -> None:
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = MSO_ANCHOR.TOP
    _fill(frame, paragraphs, size, **look)


def _fill(frame, paragraphs, size, *, bold=False, color=style.INK, after=0.0) -> None:
    """Write paragraphs into a text frame; signs of the legend take their colours."""
    colours = style.colours()
    tints = {MARKS["asserted"]: colours["asserted"], MARKS["unknown"]: "#8a8a8a"}
    frame.clear()
    for number, words in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = 1  # left, also where the template centres
        paragraph.space_after = Pt(after * style.POINTS_PER_INCH)
        for piece in filter(None, SIGNS.split(_safe(words))):
            run = paragraph.add_run()
            run.text = piece
            run.font.size, run.font.bold = Pt(size), bold
            run.font.color.rgb = RGBColor.from_string(tints.get(piece[0], color)[1:].upper())
            set_fonts(run._r.get_or_add_rPr())
            run._r.get_or_add_rPr().set("lang", "zh-CN")


def _safe(words: str) -> str:
    return "\v".join(style.clean(part) for part in str(words).split("\n"))


def _plot(slide, panel: Panel, left: float, top: float, width: float, height: float) -> None:
    """Add a native chart: its workbook has denominators and ids of rates beside the numbers."""
    plot = panel.plot
    data = CategoryChartData(number_format="General")
    data.categories = [_safe(words).replace("\v", "\n") for words in plot.frame["类别"]]
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
            labels.font.size, labels.font.bold = Pt(11), True
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
        f"{_safe(row[0])}".replace("\v", "，") for row in plot.frame.itertuples(index=False)
    )
    return f"{title}。{plot.axis}：{rows}。"


def _table(slide, table: pd.DataFrame, left, top, width: float, room: float) -> None:
    """Add a native table that fits: smaller type first, then fewer rows, and it is said so."""
    heads = _heads(table)
    body = [[str(cell) for cell in row] for row in table.astype(object).to_numpy()]
    widths = _widths(heads, body, width)
    sizes = range(CELL, SMALLEST_CELL - 1, -1)
    size = next((s for s in sizes if sum(_heights(heads + body, widths, s)) <= room), SMALLEST_CELL)
    rows, left_out = heads + body, 0
    while len(body) - left_out > 1 and sum(_heights(rows, widths, size)) > room:
        left_out += 1
        more = [MORE.format(left_out)] + [""] * (len(widths) - 1)
        rows = heads + body[: len(body) - left_out] + [more]
    heights = _heights(rows, widths, size)
    place = (Inches(left), Inches(top), Inches(width), Inches(sum(heights)))
    shape = slide.shapes.add_table(len(rows), len(widths), *place)
    shape.name, drawn = "表", shape.table
    drawn.horz_banding = False
    shape._element.find(".//{*}tableStyleId").text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
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


def _widths(heads, body, width: float) -> list[float]:
    """Give every column what its words need, long texts sharing what is left."""
    needs = []
    for column in range(len(heads[-1])):
        cells = [row[column] for row in [heads[-1], *body]]
        longest = max(style.text_width(p, CELL) for c in cells for p in c.split("\n"))
        needs.append(min(longest + 2 * PAD + 0.08, 4.0))
    total = sum(needs)
    return [need * width / total for need in needs]


def _heights(rows, widths, size: int) -> list[float]:
    def lines(row) -> int:
        if row[0].startswith(MORE[:2]):  # merged over all columns
            return 1
        pairs = zip(row, widths, strict=True)
        return max(_lines(words, wide - 2 * PAD, size) if words else 1 for words, wide in pairs)

    return [lines(row) * _line(size) + PAD for row in rows]


def _cell(cell, words: str, size: int, row: int, heads: int) -> None:
    cell.margin_left = cell.margin_right = Inches(PAD)
    cell.margin_top = cell.margin_bottom = Inches(PAD / 2)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    _fill(cell.text_frame, words.split("\n"), size, bold=row < heads)
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
