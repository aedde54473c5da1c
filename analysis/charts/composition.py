"""What each report consists of: the share of its characters in each role."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.charts import style
from analysis.charts.sheet import MARGIN, WIDTH, Chart, Sheet, line_height, page
from analysis.charts.words import (
    UNKNOWN_WHY,
    genre_name,
    list_reports,
    missing_sign_note,
    write_caption,
)
from analysis.codebook import Codebook
from analysis.vocabulary import ROLES

# Sizes in points, lengths in inches.
NAME, SMALL, SHARE, HEAD = 10.5, 8.5, 9.5, 10.5
ROW, CLOSE_ROW, TALLEST, NAMES, HEADER = 0.5, 0.36, 1.1, 3.7, 0.42
# From so many reports on the rows close up; more than that many are not read.
MANY, MOST = 12, 40
BAR, GAP = 0.3, 0.22  # BAR: share of the row
CSV_COLUMNS = {
    "report": "报告",
    "title": "报告标题",
    "group_name": "组",
    "genre_name": "文种",
    "role_name": "角色",
    "characters": "字数",
    "total": "全文字数",
    "percent": "占全文百分比",
    "problem_state": "问题部分",
    "rate": "数字编号",
}


def count_composition(
    reports: pd.DataFrame, sentences: pd.DataFrame, book: Codebook, *, by: str = "level"
) -> pd.DataFrame:
    """Make the frame to draw: one row per report and role, zeros included.

    Returns
    -------
    pandas.DataFrame
        Columns of :func:`analysis.charts.words.list_reports`; ``role``, ``role_name``,
        ``characters`` (non-blank characters of the cleaned text), ``total`` (of the report),
        ``share`` (0 to 1), ``percent`` (text), ``genre_name``, ``problem_state``, ``rate``.
    """
    listed = list_reports(reports, by)
    sizes = sentences["text"].str.replace(r"\s+", "", regex=True).str.len()
    counts = sizes.groupby([sentences["report"], sentences["role"]]).sum()
    frame = listed.merge(pd.DataFrame({"role": ROLES}), how="cross")
    keys = pd.MultiIndex.from_frame(frame[["report", "role"]])
    frame["characters"] = counts.reindex(keys, fill_value=0).to_numpy(int)
    totals = sizes.groupby(sentences["report"]).sum()
    frame["total"] = frame["report"].map(totals).fillna(0).astype(int)
    frame["share"] = (frame["characters"] / frame["total"].where(frame["total"] > 0)).fillna(0.0)
    frame["percent"] = [_percent(r.characters, r.share) for r in frame.itertuples()]
    frame["role_name"] = frame["role"].map(book.names)
    frame["genre_name"] = frame["genre"].map(genre_name)
    frame["problem_state"] = frame["problem_section"].map(UNKNOWN_WHY).fillna("有")
    frame["rate"] = [f"report/{r.report}/role/{r.role}/any" for r in frame.itertuples()]
    return frame


def plot_composition(
    tables: Mapping[str, pd.DataFrame],
    book: Codebook,
    *,
    by: str = "level",
    note: str | None = None,
) -> Chart:
    """Draw what each report consists of: a row per report, a bar and its numbers per role.

    Parameters
    ----------
    tables : mapping of str to pandas.DataFrame
        ``reports``, ``passages`` and ``sentences`` with roles.
    book : Codebook
        Gives the names of the roles.
    by : str
        The grouping of the rows.
    note : str, optional
        A sentence for the caption.

    Raises
    ------
    ChartError
        No report was read.
    """
    frame = count_composition(tables["reports"], tables["sentences"], book, by=by)
    listed = frame.drop_duplicates("report")
    title = say_composition(frame)
    extra = ("字数不计空白；灰底长条为全文（100%）。", *missing_sign_note(*listed["title"]))
    if len(listed) > MOST:
        extra += (f"只画出前 {MOST} 份，其余 {len(listed) - MOST} 份见同名 CSV 文件。",)
    shown = frame[frame["report"].isin(listed["report"].head(MOST))]
    count = min(len(listed), MOST)
    row = ROW if count < MANY else CLOSE_ROW
    options = {"judged": False, "extra": extra, "note": note}
    caption = write_caption(listed, tables["passages"], by, **options)
    names = "、".join(dict.fromkeys(frame["role_name"]))
    subtitle = f"各报告的构成：{names}各占全文字数的百分比"
    with page(title, subtitle, caption, HEADER + count * row) as (sheet, y, bottom):
        _rows(sheet, shown, y, min((bottom - y - HEADER) / count, TALLEST))
    chart = sheet.chart
    chart.alt = f"{title}。" + "".join(
        f"《{rows['title'].iloc[0]}》："
        + "、".join(f"{r.role_name}{r.percent}" for r in rows.itertuples() if r.characters)
        + "。"
        for _, rows in frame.groupby("report", sort=False)
    )
    chart.data = frame[list(CSV_COLUMNS)].rename(columns=CSV_COLUMNS)
    chart.rates = list(frame["rate"])
    return chart


def _rows(sheet: Sheet, shown: pd.DataFrame, y: float, step: float) -> None:
    """The names of the roles, then a row per report, each ``step`` inches high."""
    names_width = NAMES * sheet.width / WIDTH
    width = (sheet.width - 2 * MARGIN - names_width) / len(ROLES)
    lefts = {role: MARGIN + names_width + n * width for n, role in enumerate(ROLES)}
    for role, name in shown.drop_duplicates("role")[["role", "role_name"]].to_numpy():
        sheet.text(lefts[role], y + HEADER / 2, name, size=HEAD, bold=True, name="role")
    y += HEADER
    for _, rows in shown.groupby("report", sort=False):
        sheet.rule(MARGIN, y, sheet.width - MARGIN, y)
        middle = y + (1 - BAR / 2) * step / 2
        _name(sheet, rows.iloc[0], middle, names_width - GAP)
        for row in rows.itertuples():
            _cell(sheet, row, lefts[row.role], middle, width - GAP, BAR * step)
        y += step


def say_composition(frame: pd.DataFrame) -> str:
    """Return the title: how many reports give more room to countermeasures than to problems."""
    wide = frame.pivot(index="report", columns="role", values="characters")
    state = frame.drop_duplicates("report").set_index("report")["problem_section"]
    lost = (state.reindex(wide.index) == "lost").fillna(False).astype(bool)
    judged = wide[~lost]
    if judged.empty:
        return f"{len(wide)} 份报告的来源都缺问题部分，无从比较问题与对策的篇幅"
    k = int((judged["countermeasure"] > judged["problem"]).sum())
    n = len(judged)
    which = f"除来源缺问题部分的 {lost.sum()} 份外，" if lost.any() else ""
    if not k:
        return f"{which}{n} 份报告中没有一份写对策的篇幅多于写问题"
    return f"{which}{n} 份报告中 {k} 份写对策的篇幅{'都' if k == n > 1 else ''}多于写问题"


def _percent(characters: int, share: float) -> str:
    """Round half up, but never say nothing or all of what is neither."""
    whole = int(100 * share + 0.5)
    if characters and not whole:
        return "不足1%"
    return "99%以上" if whole == 100 and share < 1 else f"{whole}%"


def _name(sheet: Sheet, row: pd.Series, y: float, width: float) -> None:
    title = style.wrap(row["title"], width, NAME, bold=True, lines=1)[0]
    about = " · ".join([row["group_name"], row["genre_name"], f"{row['total']:,} 字"])
    above, below = y - line_height(NAME) / 2, y + line_height(SMALL) / 2
    sheet.text(MARGIN, above, title, size=NAME, bold=True, name=f"report/{row['report']}")
    sheet.text(MARGIN, below, about, size=SMALL, color=style.GREY, name=f"about/{row['report']}")
    if row["problem_section"] in UNKNOWN_WHY:
        x = MARGIN + style.text_width(about, SMALL) + 0.12
        words = {"lost": "问题部分来源缺失", "none": "没有单列问题部分"}[row["problem_section"]]
        color = sheet.colours["warning"] if row["problem_section"] == "lost" else style.GREY
        options = {"size": SMALL, "bold": True, "color": color, "name": f"state/{row['report']}"}
        sheet.text(x, below, words, **options)


def _cell(sheet: Sheet, row, x: float, y: float, width: float, thick: float) -> None:
    above, top = y - line_height(SHARE) / 2, y + 0.02
    strong = style.INK if row.characters else style.FAINT
    sheet.text(x, above, row.percent, size=SHARE, bold=True, color=strong, name=f"share/{row.rate}")
    if row.characters:
        words = f"{row.characters:,} 字"
        options = {"size": SMALL - 0.5, "color": style.GREY, "ha": "right"}
        sheet.text(x + width, above, words, name=f"characters/{row.rate}", **options)
    sheet.box(x, top, width, thick, facecolor="#ececec")
    color = sheet.colours[row.role]
    sheet.box(x, top, width * row.share, thick, facecolor=color, name=f"bar/{row.rate}")
