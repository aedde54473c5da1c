"""Who repeats whom: how many passages of each report stand in each other one as well."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.charts import style
from analysis.charts.sheet import MARGIN, WIDTH, Chart, Sheet, line_height, page
from analysis.charts.words import label_reports, list_reports, missing_sign_note, write_caption
from analysis.duplicates import count_passages
from analysis.shingles import MIN_CHARACTERS

MOST = 12  # reports drawn: more columns than these are not read; the CSV has all of them
# Sizes in points, lengths in inches.
NAME, COUNT, HEAD = 9.5, 10.0, 8.5
ROW, TALLEST, NAMES, WIDEST = 0.44, 0.9, 3.9, 2.4  # heads are narrower than names
DOT = 0.26  # width of the largest dot
CSV_COLUMNS = {
    "report": "报告",
    "title": "题目",
    "other": "相同的报告",
    "other_title": "相同报告的题目",
    "passages": "重复段数",
    "of": "可比段数",
}
MATRIX = "行：报告；列：这些段落也见于哪份报告；点和数字为段数，斜线后是这份报告可比的段数"
COMPARED = "不同报告的段落，一段一段地相比"
NONE = "未发现重复段落"
NOTES = (
    f"重复段落：与别的报告中的一段大体相同（约七成以上的字依次相同）；标题和不足 {MIN_CHARACTERS} "
    "字的段落不比。谁照谁写的，只看文字说不清。"
)


def count_copies(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Make the frame to draw: one row per report and other report that it shares passages with.

    Returns
    -------
    pandas.DataFrame
        Columns ``report``, ``other``, ``passages`` (of the report that repeat one of the other),
        ``of`` (passages long enough to be compared), ``title``, ``other_title`` (with the report's
        name where two titles are the same); ``total``: passages of the report that repeat any.
        Rows without ``other`` are reports that share nothing. Most repeated first.
    """
    listed, copies = list_reports(tables["reports"], "all"), tables["copies"]
    titles = listed.set_index("report")["title"]
    same = titles.duplicated(keep=False)
    titles = titles.where(~same, titles + "（" + titles.index + "）")
    sizes = count_passages(tables["sentences"])
    found = copies.rename(columns={"other_report": "other"})
    passages = found.groupby(["report", "other"])["passage"].nunique()
    total = found.groupby("report")["passage"].nunique()
    frame = listed[["report"]].merge(passages.rename("passages").reset_index(), how="left")
    frame["passages"] = frame["passages"].fillna(0).astype(int)
    for column, values in (("of", sizes), ("total", total)):
        frame[column] = frame["report"].map(values).fillna(0).astype(int)
    frame["title"], frame["other_title"] = (frame[c].map(titles) for c in ("report", "other"))
    order = ["total", "report", "passages", "other"]
    return frame.sort_values(order, ascending=[False, True, False, True]).reset_index(drop=True)


def plot_copies(tables: Mapping[str, pd.DataFrame], *, note: str | None = None) -> Chart:
    """Draw which reports have passages in common.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        ``reports``, ``passages``, ``sentences`` and ``copies``.
    note : str, optional
        A sentence for the caption.

    Raises
    ------
    ChartError
        No report was read.
    """
    frame, listed = count_copies(tables), list_reports(tables["reports"], "all")
    some = frame[frame["passages"] > 0]
    order = list(dict.fromkeys([*some["report"], *some["other"]]))
    drawn = order[:MOST]
    cell = min((WIDTH - 2 * MARGIN - NAMES) / max(len(drawn), 1), WIDEST)
    names = frame.drop_duplicates("report").set_index("report")["title"]
    labels, full = label_reports(names[drawn].rename("title").reset_index(), cell - 0.1, HEAD)
    numbers = {title: number for number, title in full.items()}
    rows = [style.wrap(numbers.get(t, "") + t, NAMES - 1.2, NAME, lines=2) for t in names[drawn]]
    extra = (
        NOTES,
        *([f"只画出最多的 {MOST} 份，其余见同名 CSV 文件。"] if len(order) > MOST else []),
        *missing_sign_note(*names[drawn]),
    )
    options = {"judged": False, "full": full, "extra": extra, "note": note}
    caption = write_caption(listed, tables["passages"], "all", **options)
    title = say_most(frame)
    subtitle = MATRIX if drawn else COMPARED
    heads = max((len(lines) for lines in labels), default=0) * line_height(HEAD) + 0.16
    with page(title, subtitle, caption, heads + max(len(drawn), 2) * ROW) as (sheet, top, bottom):
        if drawn:
            step = min((bottom - top - heads) / len(drawn), TALLEST)
            _heads(sheet, drawn, labels, top, heads, cell)
            _rows(sheet, frame, drawn, rows, (top + heads, step, cell))
        else:
            middle, options = (top + bottom) / 2, {"size": 16, "color": style.GREY, "ha": "center"}
            sheet.text(sheet.width / 2, middle, NONE, name="none", **options)
    chart = sheet.chart
    said = [
        f"{row.title} {row.of} 段中 {row.passages} 段也见于 {row.other_title}"
        for row in some.head(5).itertuples()
    ]
    chart.alt = f"{title}。方阵点图，行和列都是报告。{'；'.join(said) or NONE}。"
    chart.data = frame[list(CSV_COLUMNS)].rename(columns=CSV_COLUMNS)
    return chart


def say_most(frame: pd.DataFrame) -> str:
    """Return the title: how many reports repeat others, and which two most."""
    reports, some = frame["report"].nunique(), frame[frame["passages"] > 0]
    if some.empty:
        of = int(frame.drop_duplicates("report")["of"].sum())
        return f"{reports} 份报告可比的 {of} 段中，没有发现报告之间重复的段落"
    top = some.sort_values(["passages", "of"], ascending=[False, True], kind="stable").iloc[0]
    return (
        f"{reports} 份报告中 {some['report'].nunique()} 份有与别的报告重复的段落，最多的一份"
        f" {top['of']} 段中有 {top['passages']} 段也见于另一份"
    )


def _heads(sheet: Sheet, drawn, labels, top: float, heads: float, cell: float) -> None:
    for at, (report, lines) in enumerate(zip(drawn, labels, strict=True)):
        x, y = MARGIN + NAMES + at * cell, top + heads - 0.08 - len(lines) * line_height(HEAD)
        sheet.lines(x, y, lines, size=HEAD, bold=True, name=f"column/{report}")


def _rows(sheet: Sheet, frame: pd.DataFrame, drawn, labels, places: tuple) -> None:
    top, step, cell = places
    own = frame.drop_duplicates("report").set_index("report")
    counts = frame.set_index(["report", "other"])["passages"]
    largest, right = counts.max(), MARGIN + NAMES + len(drawn) * cell
    for at, (report, lines) in enumerate(zip(drawn, labels, strict=True)):
        y, row = top + (at + 0.5) * step, own.loc[report]
        if at % 2 == 0:
            sheet.box(MARGIN, y - step / 2, right - MARGIN, step, facecolor=style.BAND)
        above = y - len(lines) * line_height(NAME) / 2
        sheet.lines(MARGIN + 0.1, above, lines, size=NAME, name=f"row/{report}")
        words, options = f"共 {row['total']}/{row['of']} 段", {"color": style.GREY, "ha": "right"}
        sheet.text(MARGIN + NAMES - 0.15, y, words, size=HEAD, name=f"own/{report}", **options)
        for column, other in enumerate(drawn):
            x = MARGIN + NAMES + column * cell
            if other == report:
                sheet.text(x + DOT / 2, y, "—", size=HEAD, color=style.RULE, name="diagonal")
            elif count := counts.get((report, other), 0):
                _cell(sheet, x, y, count, row["of"], largest, f"{report}/{other}")


def _cell(sheet: Sheet, x: float, y: float, count: int, of: int, largest: int, name: str) -> None:
    size = (DOT * style.POINTS_PER_INCH) ** 2 * count / largest
    sheet.mark("asserted", x + DOT / 2, y, size=size)
    at = x + DOT + 0.05
    sheet.text(at, y, str(count), size=COUNT, bold=True, name=f"count/{name}")
    at += style.text_width(str(count), COUNT, bold=True)
    sheet.text(at, y, f"/{of}", size=COUNT - 2, color=style.GREY, name=f"of/{name}")
