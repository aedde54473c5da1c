"""How far each theme rests on single words and single reports."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.charts import style
from analysis.charts.sheet import MARGIN, Chart, Sheet, page
from analysis.charts.words import list_reports, missing_sign_note, name_items, write_caption
from analysis.codebook import Codebook
from analysis.stability import DRAWS, TERMS_KEPT, UNSTABLE_BELOW

# Sizes in points, lengths in inches.
NAME, NUMBER, SMALL, ROW, TALLEST, HEADER, LEGEND = 10.5, 9.5, 8.5, 0.26, 0.4, 0.4, 0.6
SCALE, NAMES, NUMBERS = 4.8, 3.7, 0.95  # scale from 0 to 1; where it begins; columns beside it
MEASURES = {
    "stability_resample": ("asserted", "换词检验"),
    "stability_leave_one_out": ("addressed", "去一份检验"),
}
EXPLAINED = {
    "asserted": f"换词检验：随机停用 {1 - TERMS_KEPT:.0%} 的主题词和字串，共 {DRAWS} 次，"
    "看原来同一主题的段落有多少仍归在一起",
    "addressed": "去一份检验：每份报告都不用只有它才用到的主题词和字串，看这些段落有多少仍归在一起",
}
CSV_COLUMNS = {
    "name": "主题",
    "passages": "问题、对策段数",
    "reports": "涉及的报告数",
    "stability_resample": "换词检验（0到1）",
    "stability_leave_one_out": "去一份检验（0到1）",
    "verdict": "判断",
    "limit": "界限",
}


def count_stability(themes: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """Make the frame to draw: table ``themes`` with names, the least stable first.

    Returns
    -------
    pandas.DataFrame
        Columns of ``themes`` and ``name``, ``verdict`` (稳定, 不稳定, or why neither), ``limit``.
    """
    names = name_items(book, "theme").set_index("key")["name"]
    frame = themes.assign(name=themes["theme"].map(names), limit=UNSTABLE_BELOW)
    frame["verdict"] = frame["unstable"].map({True: "不稳定", False: "稳定"})
    frame.loc[frame["passages"] == 0, "verdict"] = "没有段落"
    least = frame[list(MEASURES)].min(axis=1)
    order = frame.assign(least=least).sort_values("least", kind="stable", na_position="last")
    return frame.loc[order.index].reset_index(drop=True)


def plot_stability(
    tables: Mapping[str, pd.DataFrame], book: Codebook, *, note: str | None = None
) -> Chart:
    """Draw both measures of stability for every theme, with the limit.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        ``themes``, ``reports`` and ``passages``.
    book : Codebook
        Gives the names of the themes.
    note : str, optional
        A sentence for the caption.

    Raises
    ------
    ChartError
        No report was read.
    """
    frame = count_stability(tables["themes"], book)
    listed = list_reports(tables["reports"], "all")
    title = say_stability(frame)
    extra = (
        "1 表示每次都归在一起，0 表示全部散开；段数为主要谈该主题的问题段、对策段。",
        "不稳定的主题靠少数几个词或一份报告撑着，引用它的数字前请先看原文。",
        *(["只有 1 份报告，不能作去一份检验。"] if len(listed) == 1 else []),
        *missing_sign_note(*listed["title"]),
    )
    caption = write_caption(listed, tables["passages"], "all", judged=False, extra=extra, note=note)
    subtitle = "换一批主题词、少一份报告的用词，同一主题的段落是否还归在一起"
    body = LEGEND + HEADER + len(frame) * ROW
    with page(title, subtitle, caption, body) as (sheet, y, bottom):
        y = _legend(sheet, y)
        step = min((bottom - y - HEADER) / max(len(frame), 1), TALLEST)
        _header(sheet, y, y + HEADER + len(frame) * step)
        for place, row in enumerate(frame.itertuples()):
            _row(sheet, row, y + HEADER + (place + 0.5) * step, step, shaded=place % 2 == 0)
    chart = sheet.chart
    said = [
        f"{row.name}{_number(row.stability_resample)}、{_number(row.stability_leave_one_out)}"
        f"（{row.passages} 段、{row.reports} 份报告，{row.verdict}）"
        for row in frame.itertuples(index=False)
    ]
    chart.alt = f"{title}。每个主题一行，依次为换词检验、去一份检验的结果：{'；'.join(said)}。"
    chart.data = frame[list(CSV_COLUMNS)].rename(columns=CSV_COLUMNS)
    return chart


def say_stability(frame: pd.DataFrame) -> str:
    """Return the title: how many themes hold, and which do not, with their numbers."""
    found = frame[frame["passages"] > 0]
    weak = found[found["unstable"]]
    if found.empty:
        return f"{len(frame)} 个主题都没有段落，无从检验是否稳定"
    counted = (
        f"{len(found)} 个有段落的主题中" if len(found) < len(frame) else f"{len(found)} 个主题中"
    )
    if weak.empty:
        return f"{counted} {len(found)} 个都稳定：换词、去一份检验均不低于 {UNSTABLE_BELOW}"
    some = "、".join(
        f"“{row.name}”（{row.passages} 段、{row.reports} 份报告）"
        for row in weak.head(2).itertuples(index=False)
    )
    some += f"等 {len(weak)} 个" if len(weak) > 2 else ""
    return f"{counted} {len(found) - len(weak)} 个稳定；{some}不稳定，引用前请看原文"


def _number(value: float) -> str:
    return "无从检验" if pd.isna(value) else f"{value:.2f}"


def _legend(sheet: Sheet, y: float) -> float:
    for place, (kind, words) in enumerate(EXPLAINED.items()):
        middle = y + (place + 0.5) * 0.25
        sheet.mark(kind, MARGIN + 0.07, middle)
        sheet.text(MARGIN + 0.2, middle, words, size=SMALL, color=style.GREY, name="legend")
    return y + LEGEND


def _header(sheet: Sheet, top: float, bottom: float) -> None:
    left, y = MARGIN + NAMES, top + HEADER / 2
    for share in (0, 0.2, 0.4, 0.6, 0.8, 1):
        x = left + share * SCALE
        sheet.rule(x, top + HEADER - 0.06, x, bottom, width=0.5)
        if abs(share - UNSTABLE_BELOW) > 0.1:
            sheet.text(x, y, f"{share:g}", size=SMALL, color=style.GREY, ha="center")
    x = left + UNSTABLE_BELOW * SCALE
    sheet.rule(x, top + HEADER - 0.06, x, bottom, color=style.INK, width=1.6)
    words = f"界限 {UNSTABLE_BELOW}"
    sheet.text(x, y, words, size=SMALL, bold=True, ha="center", name="limit")
    sheet.text(MARGIN + NAMES - 0.25, y, "段数、报告数", size=SMALL, color=style.GREY, ha="right")
    for place, (kind, name) in enumerate(MEASURES.values()):
        options = {"size": SMALL, "bold": True, "color": sheet.colours[kind], "ha": "right"}
        sheet.text(left + SCALE + (place + 1) * NUMBERS, y, name, **options)


def _row(sheet: Sheet, row, y: float, step: float, *, shaded: bool) -> None:
    if shaded:
        sheet.box(MARGIN, y - step / 2, sheet.width - 2 * MARGIN, step, facecolor=style.BAND)
    left, grey = MARGIN + NAMES, {"size": NUMBER, "color": style.GREY, "ha": "right"}
    sheet.text(MARGIN + 0.1, y, row.name, size=NAME, bold=row.unstable, name=f"row/{row.theme}")
    counts = f"{row.passages} 段 · {row.reports} 份"
    sheet.text(left - 0.25, y, counts, name=f"counts/{row.theme}", **grey)
    for place, (column, (kind, _)) in enumerate(MEASURES.items()):
        value = getattr(row, column)
        if not pd.isna(value):
            sheet.mark(kind, left + value * SCALE, y)
        low = not pd.isna(value) and value < UNSTABLE_BELOW
        options = grey | {"bold": low, "color": style.INK if low else style.GREY}
        at = left + SCALE + (place + 1) * NUMBERS
        words = _number(value) if row.passages else "–"
        sheet.text(at, y, words, name=f"{column}/{row.theme}", **options)
    x = left + SCALE + 2 * NUMBERS + 0.3
    color = sheet.colours["warning"] if row.unstable else style.GREY
    options = {"size": NUMBER, "bold": row.unstable, "color": color}
    sheet.text(x, y, row.verdict, name=f"verdict/{row.theme}", **options)
