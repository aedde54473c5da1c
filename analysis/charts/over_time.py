"""One issue or theme from one point in time to the next: years of the reports, or runs kept.

Points are never joined by a line: each is made of other reports, and mostly of few.
"""

from __future__ import annotations

import pandas as pd

from analysis.charts import style
from analysis.charts.sheet import MARGIN, WIDTH, Chart, ChartError, Sheet, line_height, page
from analysis.compare import NOT_MENTIONED, UNKNOWN
from analysis.counting import NOT_FILLED
from analysis.says import PASSAGE_NAMES, PERCENT_FROM, share

# Sizes in points, lengths in inches.
HEAD, LABEL, SMALL = 11.0, 10.0, 9.0
NAMES, COLUMN, BAND, BAR = 1.3, 1.75, 2.15, 0.3
STANCES = {"asserted": "提到（认定）", "addressed": "拟解决"}
THEME_STANCES = {"asserted": "问题", "addressed": "对策"}
UNSTATED_NAME = "未注明"  # how the name of the group without a value ends
TITLED = 3  # points whose figures the title can carry
LIMITS = (
    "未提到不等于无此问题。各点的报告不同，差别也可能出自作者、层级、年份或篇幅，不能当作变化趋势，"
    f"所以点与点之间不连线；不足 {PERCENT_FROM} 份报告的点，一个圆点是一份报告，不算百分比。"
)
# Told under the title: marks of single reports, and bars.
MARKS = (
    "实心圆、空心菱形：提到、拟解决的一份；小灰点：未提到的一份；灰方块：无从判断的一份。"
    "柱：深色为份数、浅色为段数，外框为全部"
)
ABSENT = 20.0  # area of the mark of a report, larger than that of an empty cell elsewhere
CSV_COLUMNS = {
    "point": "时间",
    "stance_name": "态度",
    "state": "状态",
    "reports_with": "提到的报告数",
    "reports": "可判断的报告数",
    "reports_unknown": "无从判断的报告数",
    "passages_with": "提到的段数",
    "passages": "段数",
}


def count_over_time(rates: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Make the frame to draw from the rates of one issue or theme.

    Parameters
    ----------
    rates : pandas.DataFrame
        Columns of ``rates`` and ``point``, the label of the time; in the order of the points.
    kind : {"issue", "theme"}

    Returns
    -------
    pandas.DataFrame
        One row per point and stance: :data:`CSV_COLUMNS` and ``stance``.

    Raises
    ------
    ChartError
        There is no point.
    """
    frame = rates[rates["stance"].isin(STANCES)].reset_index(drop=True)
    if frame.empty:
        raise ChartError("没有可以画的时间点：请先运行分析，或用 --keep 留存几次结果。")
    names = STANCES if kind == "issue" else THEME_STANCES
    with_, judged = frame["reports_with"] > 0, frame["reports"] > 0
    state = pd.Series(NOT_MENTIONED, index=frame.index).where(judged, UNKNOWN).mask(with_, "提到")
    frame = frame.assign(stance_name=frame["stance"].map(names), state=state)
    return frame[["stance", *CSV_COLUMNS]]


def plot_over_time(
    rates: pd.DataFrame, kind: str, name: str, *, what: str, extra: str = "", note: str = ""
) -> Chart:
    """Draw one issue or theme, every point in time a column.

    Parameters
    ----------
    rates, kind
        See :func:`count_over_time`.
    name : str
        Of the issue or theme, in Chinese.
    what : str
        What the points are, for the line under the title.
    extra, note : str
        Sentences for the caption: of the points; precision and recall of the tagging.
    """
    frame = count_over_time(rates, kind)
    points = list(dict.fromkeys(frame["point"]))
    title, caption = _say(frame, points, name), f"{extra}{LIMITS}{note}"
    width = max(WIDTH, 2 * MARGIN + NAMES + len(points) * COLUMN)
    with page(title, f"{what}。{MARKS}", caption, 0.45 + 2 * BAND, width) as (sheet, top, bottom):
        column = (sheet.width - 2 * MARGIN - NAMES) / max(len(points), 4)
        places = {p: MARGIN + NAMES + (n + 0.5) * column for n, p in enumerate(points)}
        for point, x in places.items():
            (label,) = style.wrap(point, column - 0.15, HEAD, bold=True, lines=1)
            sheet.text(
                x, top + 0.2, label, size=HEAD, bold=True, ha="center", name=f"point/{point}"
            )
        sheet.rule(MARGIN, top + 0.42, sheet.width - MARGIN, top + 0.42, color=style.INK)
        band = (bottom - top - 0.45) / 2
        for number, (stance, rows) in enumerate(frame.groupby("stance", sort=False)):
            y = top + 0.45 + number * band
            color = sheet.colours[stance]
            words = rows["stance_name"].iloc[0]
            sheet.text(MARGIN, y + 0.3, words, size=HEAD, bold=True, color=color, name="row")
            for row in rows.itertuples():
                _cell(sheet, row, places[row.point], y + 0.15, band - 0.15)
    chart = sheet.chart
    chart.alt = f"{title}。" + "".join(
        f"{r.point}，{r.stance_name}：{'，'.join(_words(r))}。" for r in frame.itertuples()
    )
    chart.data = frame[list(CSV_COLUMNS)].rename(columns=CSV_COLUMNS)
    if "rate" in rates:
        chart.rates = list(dict.fromkeys(rates["rate"]))
    return chart


def _say(frame: pd.DataFrame, points: list[str], name: str) -> str:
    asserted = frame[frame["stance"] == "asserted"].set_index("point")
    dated = [point for point in points if not point.endswith((UNSTATED_NAME, NOT_FILLED))]
    told = dated or points
    told = told if len(told) <= TITLED else [told[0], told[-1]]
    parts = [f"{point} {_reports(asserted.loc[point])}" for point in told]
    return f"“{name}”：{'，'.join(parts)}"


def _reports(row) -> str:
    if row.state == UNKNOWN:
        return f"{row.reports_unknown} 份{UNKNOWN}"
    judged = "能够判断的 " if row.reports_unknown else ""
    return f"{judged}{row.reports} 份中 {row.reports_with} 份提到"


def _words(row) -> list[str]:
    """What is printed at a point: both denominators, and who cannot be judged."""
    if row.state == UNKNOWN:
        return [f"{row.reports_unknown} 份{UNKNOWN}" if row.reports_unknown else "没有报告"]
    enough = row.reports >= PERCENT_FROM
    k, n, m, of = row.reports_with, row.reports, row.passages_with, row.passages
    unit = PASSAGE_NAMES[row.stance]
    lines = [f"{k}/{n} 份{share(k, n, enough)}", f"{m}/{of} 个{unit}{share(m, of, enough)}"]
    return lines + [f"另 {row.reports_unknown} 份{UNKNOWN}"] * bool(row.reports_unknown)


def _cell(sheet: Sheet, row, x: float, top: float, height: float) -> None:
    lines = _words(row)
    room = height - 3 * line_height(LABEL) - 0.1
    base = top + room
    if row.reports >= PERCENT_FROM:
        _bars(sheet, row, x, base, room)
    else:
        _dots(sheet, row, x, base, room)
    for number, line in enumerate(lines):
        size = LABEL if number == 0 else SMALL
        y = base + 0.12 + (number + 0.5) * line_height(LABEL)
        color = style.INK if number == 0 else style.GREY
        name = f"count/{row.stance}/{row.point}/{number}"
        sheet.text(x, y, line, size=size, color=color, ha="center", name=name)


def _dots(sheet: Sheet, row, x: float, base: float, room: float) -> None:
    """A mark for each report, those that mention it lowest."""
    kinds = [row.stance] * row.reports_with + ["absent"] * (row.reports - row.reports_with)
    kinds += ["unknown"] * row.reports_unknown
    step = min(0.24, room / max(len(kinds), 1))
    for number, kind in enumerate(kinds):
        size = ABSENT if kind == "absent" else None
        sheet.mark(kind, x, base - (number + 0.5) * step, size=size)


def _bars(sheet: Sheet, row, x: float, base: float, room: float) -> None:
    """Shares of reports and, lighter, of passages, each in a frame that is the whole."""
    color = sheet.colours[row.stance]
    pairs = ((row.reports_with, row.reports, 1.0), (row.passages_with, row.passages, 0.45))
    for number, (k, n, alpha) in enumerate(pairs):
        left, high = x + (number - 1) * (BAR + 0.06) + 0.03, room * k / n if n else 0
        sheet.box(
            left, base - room, BAR, room, facecolor="none", edgecolor=style.RULE, linewidth=0.8
        )
        name = f"bar/{row.stance}/{row.point}/{number}"
        sheet.box(left, base - high, BAR, high, facecolor=color, alpha=alpha, name=name)
