"""One issue in focus, second step: every report a column, a quote each."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.charts import style
from analysis.charts.focus import CSV_COLUMNS, count_focus, say_focus
from analysis.charts.focus_layout import (
    GAP,
    GUTTER,
    HEAD,
    LABEL,
    QUOTE_SIZES,
    STATE,
    STEP,
    band_height,
    choose_bands,
    choose_columns,
    column_width,
    list_others,
    picture_height,
    quote_lines,
    report_labels,
)
from analysis.charts.sheet import MARGIN, Chart, Sheet, draw, footer_height, line_height
from analysis.charts.words import group_heading, missing_sign_note, select_rates, write_caption
from analysis.codebook import Codebook
from analysis.compare import MENTIONED, UNKNOWN
from analysis.vocabulary import STANCES


def plot_focus(
    tables: Mapping[str, pd.DataFrame],
    sources: Mapping[str, str],
    book: Codebook,
    *,
    issue: str,
    by: str = "level",
    note: str | None = None,
) -> Chart:
    """Draw one issue: which reports assert it, which set out to solve it, in whose words.

    Parameters
    ----------
    tables, sources : mapping
        As for :func:`analysis.charts.plot_standard`.
    issue : str
        Key of the issue.
    by : str
        The grouping of the columns.
    note : str, optional
        A sentence for the caption.

    Raises
    ------
    ChartError
        The codebook has no such issue, no report was read, or ``rates`` lacks a grouping.
    """
    frame = count_focus(tables, sources, book, issue=issue, by=by)
    row = book["issues"].set_index("issue").loc[issue]
    total = select_rates(tables["rates"], "all", "issue")
    total = total[total["key"] == issue].set_index("stance")
    title = say_focus(total, row["short"])
    shown, left_out = choose_columns(frame)
    others = list_others(frame)
    if others:
        names = "、".join(STANCES[stance] for stance in others)
        left_out += (f"{names}不计入“提到”和“拟解决”；按处计，分母为该报告谈到它的总处数。",)
    extra = left_out + missing_sign_note(*frame["title"], *frame["quote"].dropna())

    def write(full):
        return write_caption(frame, tables["passages"], by, full=full, extra=extra, note=note)

    width, bands = choose_bands(shown, title, write)
    chart = _draw(frame, bands, width, title, f"{row['name']}：{row['definition']}", write, by)
    chart.title = title
    chart.alt = f"{title}。每份报告一列：" + "".join(
        f"《{r.title}》{r.asserted_says.split('：', 1)[-1]}。" for r in shown.itertuples()
    )
    chart.data = frame[list(CSV_COLUMNS)].rename(columns=CSV_COLUMNS)
    chart.rates = [
        *total.loc[["asserted", "addressed"], "rate"],
        *frame["asserted_rate"],
        *frame["addressed_rate"],
    ]
    return chart


def _draw(frame, bands, width: float, title: str, subtitle: str, write, by: str) -> Chart:
    slide = width * 9 / 16
    sizes = [s for s in QUOTE_SIZES if picture_height(bands, width, title, write, s) <= slide]
    size = sizes[0] if sizes else QUOTE_SIZES[-1]
    with draw(width, picture_height(bands, width, title, write, size)) as sheet:
        column = column_width(bands, sheet.width)
        labels, full = report_labels(pd.concat(bands), column)
        y = sheet.heading(title, subtitle)
        caption = write(full)
        bottom = sheet.height - footer_height(caption, sheet.width) - 0.1
        drawn: set[str] = set()
        headings = {g: group_heading(m, by) for g, m in frame.groupby("group", sort=False)}
        heights = [band_height(band, column, size) for band in bands]
        gap = min((bottom - y - sum(heights)) / len(bands), 0.5)
        y += gap / 2
        for band, height in zip(bands, heights, strict=True):
            _band(sheet, band, y, column, size, labels, headings, drawn)
            y += height + gap
        sheet.footer(caption)
    sheet.chart.caption = caption
    return sheet.chart


def _band(
    sheet: Sheet, band, top: float, column: float, size: float, labels, headings, drawn
) -> None:
    left = MARGIN + GUTTER
    base = top + 2 * line_height(HEAD) + 0.04
    places = {report: left + n * column for n, report in enumerate(band["report"])}
    for group, members in band.groupby("group", sort=False):
        x = places[members["report"].iloc[0]]
        wide = len(members) * column - GAP
        words = headings[group] + ("（续）" if group in drawn else "")
        drawn.add(group)
        lines = style.wrap(words, wide, HEAD, bold=True, lines=2)
        at = base - 0.04 - len(lines) * line_height(HEAD)
        sheet.lines(x, at, lines, size=HEAD, bold=True, name=f"group/{group}")
        sheet.rule(x, base, x + wide, base, color=style.INK)
    y = base + 0.06
    states = y + 2 * line_height(LABEL) + 0.04
    others = list_others(band)
    quotes = states + (2 + len(others)) * STEP + 0.12
    rows = [("asserted", "提到（认定）"), ("addressed", "拟解决")]
    rows += [(stance, STANCES[stance]) for stance in others]
    for number, (stance, words) in enumerate(rows):
        color = sheet.colours.get(stance, style.GREY)
        at = states + (number + 0.5) * STEP
        sheet.text(MARGIN, at, words, size=STATE, bold=True, color=color, name="row")
    at = quotes + line_height(size) / 2
    sheet.text(MARGIN, at, "引文", size=STATE, bold=True, name="row")
    for row in band.itertuples():
        x = places[row.report]
        name = f"report/{row.report}"
        sheet.lines(x, y, labels[row.report], size=LABEL, color=style.GREY, name=name)
        _state(sheet, row, "asserted", x, states + STEP / 2, "问题段")
        _state(sheet, row, "addressed", x, states + 1.5 * STEP, "对策段")
        for number, stance in enumerate(others):
            _other(sheet, row, stance, x, states + (number + 2.5) * STEP)
        _quote(sheet, row, x, quotes, column, size)


def _other(sheet: Sheet, row, stance: str, x: float, y: float) -> None:
    count = getattr(row, f"{stance}_mentions")
    sheet.mark("other" if count else "absent", x + 0.07, y)
    if count:
        words, name = f"{count}/{row.mentions} 处", f"{stance}/{row.report}"
        sheet.text(x + 0.22, y, words, size=STATE, color=style.GREY, name=name)


def _state(sheet: Sheet, row, stance: str, x: float, y: float, unit: str) -> None:
    state, with_, of = (
        getattr(row, f"{stance}_{c}") for c in ("state", "passages_with", "passages")
    )
    kinds = {MENTIONED: stance, UNKNOWN: "unknown"}
    sheet.mark(kinds.get(state, "absent"), x + 0.07, y)
    words, color = state, style.GREY
    if state == MENTIONED:
        words, color = f"{with_}/{of} 个{unit}", style.INK
        if not with_:
            words = f"只在{unit}之外（{words}）"
    elif stance == "addressed":
        words = "未见"
    name = f"count/{getattr(row, f'{stance}_rate')}"
    sheet.text(x + 0.22, y, words, size=STATE, color=color, name=name)


def _quote(sheet: Sheet, row, x: float, y: float, column: float, size: float) -> None:
    quoted = not pd.isna(row.quote)
    size = size if quoted else STATE
    lines = quote_lines(row, column, size)
    end = y + len(lines) * line_height(size)
    if quoted:
        color = sheet.colours.get(row.stance, style.RULE)
        sheet.box(x, y, 0.035, end - y, facecolor=color)
    color = style.INK if quoted else style.GREY
    sheet.lines(x + 0.1, y, lines, size=size, color=color, name=f"quote/{row.report}")
    if quoted:
        words = f"{row.quote_stance_name}"
        words += "" if pd.isna(row.section) else f" · {row.section}"
        rows = style.wrap(words, column - GAP - 0.1, LABEL - 0.5, lines=1)
        options = {"size": LABEL - 0.5, "color": style.GREY, "name": f"section/{row.report}"}
        sheet.lines(x + 0.1, end + 0.03, rows, **options)
