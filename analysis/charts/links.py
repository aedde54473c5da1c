"""Problem points against the countermeasures that answer them, by theme, with orphans."""

from __future__ import annotations

import pandas as pd

from analysis.charts import style
from analysis.charts.answered import Answers, match_answers
from analysis.charts.sheet import MARGIN, Chart, Sheet, line_height, page
from analysis.charts.words import list_reports, missing_sign_note, name_items, write_caption
from analysis.codebook import Codebook

# Sizes in points, lengths in inches.
NAME, COUNT, HEAD = 10.0, 10.0, 9.0
ROW, TALLEST, NAMES, HEADS = 0.34, 0.52, 2.8, 0.62
DOT = 0.28  # width of the largest dot
NO_ANSWER, NO_PROBLEM = "未见对策", "未对应本报告问题"
CSV_COLUMNS = {
    "name": "问题的主题",
    "name2": "对策的主题",
    "points": "个数",
    "reports": "涉及的报告数",
}
NOTES = (
    "连续几句讲同一个问题，算一个问题点；只看同一份报告里把握最大的一条对策；"
    f"由程序对应，“{NO_ANSWER}”也可能是没有识别出来。"
)


def count_links(answers: Answers, sentences: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    """Make the frame to draw: one row per pair of themes that occurs.

    Returns
    -------
    pandas.DataFrame
        ``key`` (theme of the problem point's first sentence), ``key2`` (theme of its best answer;
        missing: none), ``points``, ``reports``, ``name``, ``name2``. In rows without ``key`` the
        ``points`` are the countermeasure sentences of a theme that answer no problem.
    """
    themes = sentences.set_index("sentence")["theme"]
    pairs = answers.pairs.assign(key2=answers.pairs["countermeasure"].map(themes))
    told = pd.concat([pairs, answers.orphans.assign(key2=None)])
    told = told.assign(key=told["problem"].map(themes), owner=told["report_problem"])
    idle = sentences[sentences["sentence"].isin(answers.unused)]
    idle = idle.assign(key=None, key2=idle["theme"], owner=idle["report"])
    both = pd.concat([told[["key", "key2", "owner"]], idle[["key", "key2", "owner"]]])
    both = both[both["key"].notna() | both["key2"].notna()]
    frame = both.groupby(["key", "key2"], dropna=False)["owner"].agg(["size", "nunique"])
    frame = frame.reset_index().rename(columns={"size": "points", "nunique": "reports"})
    names = name_items(book, "theme").set_index("key")["short"]
    frame["name"] = frame["key"].map(names).fillna(NO_PROBLEM)
    frame["name2"] = frame["key2"].map(names).fillna(NO_ANSWER)
    return frame


def plot_links(
    tables: dict[str, pd.DataFrame], book: Codebook, *, note: str | None = None
) -> Chart | None:
    """Draw which problems are answered by which countermeasures; what has no partner is marked.

    Parameters
    ----------
    tables : dict of str to pandas.DataFrame
        ``reports``, ``passages``, ``sentences`` and ``links``.
    book : Codebook
        Gives the themes, their names and their order.
    note : str, optional
        A sentence for the caption.

    Returns
    -------
    Chart or None
        None where there is no problem to link.

    Raises
    ------
    ChartError
        No report was read.
    """
    answers, listed = match_answers(tables), list_reports(tables["reports"], "all")
    if answers is None:
        return None
    frame = count_links(answers, tables["sentences"], book)
    order = [key for key in name_items(book, "theme")["key"] if key in set(frame["key"].dropna())]
    points = frame.groupby("key")["points"].sum()
    order.sort(key=lambda key: -points[key])
    columns = [k for k in name_items(book, "theme")["key"] if k in set(frame["key2"].dropna())]
    extra = (NOTES, answers.say_idle(), *missing_sign_note(*listed["title"]))
    caption = write_caption(listed, tables["passages"], "all", judged=False, extra=extra, note=note)
    title = answers.say()
    subtitle = "行：问题点的主题；列：回应它的对策的主题；点和数字为问题点数，“2份”为涉及的报告"
    body = HEADS + (len(order) + 1) * ROW
    with page(title, subtitle, caption, body) as (sheet, top, bottom):
        step = min((bottom - top - HEADS) / (len(order) + 1), TALLEST)
        _draw(sheet, frame, order, columns, top + HEADS, step)
    chart = sheet.chart
    said = "；".join(
        f"{row['name']}：{row['points']} 个{NO_ANSWER}"
        for _, row in frame[frame["key"].notna() & frame["key2"].isna()].iterrows()
    )
    chart.alt = f"{title}。方阵点图，行为问题的主题，列为对策的主题。{said}。"
    chart.data = frame[list(CSV_COLUMNS)].rename(columns=CSV_COLUMNS)
    return chart


def _draw(sheet: Sheet, frame: pd.DataFrame, order: list, columns: list, top: float, step: float):
    left, right = MARGIN + NAMES, sheet.width - MARGIN
    cell = (right - left) / (len(columns) + 1)
    places = {key: left + at * cell for at, key in enumerate([*columns, None])}
    names = dict(zip(frame["key2"], frame["name2"], strict=True)) | {None: NO_ANSWER}
    for key, x in places.items():
        lines = style.wrap(names[key], cell - 0.06, HEAD, bold=True)
        color = sheet.colours["warning" if key is None else "addressed"]
        sheet.lines(x, top - 0.08 - len(lines) * line_height(HEAD), lines, size=HEAD, bold=True,
                    color=color, name=f"column/{key}")  # fmt: skip
    owns = frame[frame["key"].notna()].groupby("key")["points"].sum()
    labels = dict(zip(frame["key"], frame["name"], strict=True))
    largest = frame.loc[frame["key"].notna(), "points"].max()
    for at, key in enumerate([*order, None]):
        y = top + (at + 0.5) * step
        if at % 2 == 0:
            sheet.box(MARGIN, y - step / 2, right - MARGIN, step, facecolor=style.BAND)
        color = style.INK if key else sheet.colours["warning"]
        words = labels[key] if key else f"{NO_PROBLEM}的对策句"
        sheet.text(MARGIN + 0.1, y, words, size=NAME, color=color, name=f"row/{key}")
        if key:
            options = {"size": COUNT, "color": style.GREY, "ha": "right"}
            sheet.text(left - 0.2, y, f"{owns[key]} 个", name=f"own/{key}", **options)
        mine = frame[frame["key"].isna() if key is None else frame["key"] == key]
        for row in mine.itertuples():
            x = places[None if pd.isna(row.key2) else row.key2]
            _cell(sheet, row, x, y, cell, step, largest)


def _cell(sheet: Sheet, row, x: float, y: float, cell: float, step: float, largest: int) -> None:
    orphan, idle = pd.isna(row.key2), pd.isna(row.key)
    name = f"count/{row.key}/{row.key2}"
    if idle:
        sheet.text(x, y, str(row.points), size=COUNT, color=style.GREY, name=name)
        return
    if orphan:
        sheet.box(x - 0.04, y - step * 0.42, cell - 0.04, step * 0.84, facecolor=style.GAP_TINT)
    size = (DOT * style.POINTS_PER_INCH) ** 2 * row.points / largest
    sheet.mark("gap" if orphan else "asserted", x + DOT / 2, y, size=None if orphan else size)
    words, at = str(row.points), x + DOT + 0.06
    sheet.text(at, y, words, size=COUNT, bold=True, name=name)
    at += style.text_width(words + " ", COUNT, bold=True)
    options = {"size": COUNT - 2, "color": style.GREY, "name": f"reports/{row.key}/{row.key2}"}
    sheet.text(at, y, f"{row.reports}份", **options)
